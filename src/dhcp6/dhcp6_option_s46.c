/* SPDX-License-Identifier: ISC */
/*
 * The containers of Softwire46 (RFC 7598): MAP-E, MAP-T and Lightweight 4over6, with the options
 * that live only inside them. A client drops a container that breaks table 1 of section 6, so
 * dhcp6_s46_check() sees to it beforehand.
 */
#include "config.h"

#include "dhcp6/dhcp6_option_row.h"

enum s46_code {
	S46_RULE = 89,
	S46_BR = 90,
	S46_DMR = 91,
	S46_V4V6BIND = 92,
	S46_PORTPARAMS = 93,
};

/* Section 4.1: the flag of a rule that is for forwarding too. */
#define RULE_FORWARDING 0x01

static size_t open_option(struct wire_writer *w, enum s46_code code)
{
	wire_put_u16(w, (uint16_t)code);
	return wire_put_open(w, WIRE_LEN_U16);
}

/* A prefix up to the octet of its last bit. */
static void put_prefix(struct wire_writer *w, const struct ip6_prefix *prefix)
{
	wire_put_u8(w, prefix->len);
	wire_put_bytes(w, prefix->addr.s6_addr, (prefix->len + 7u) / 8u);
}

static void put_ports(struct wire_writer *w, const struct dhcp6_s46_ports *ports, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		size_t mark = open_option(w, S46_PORTPARAMS);

		wire_put_u8(w, ports[i].offset);
		wire_put_u8(w, ports[i].psid_len);
		/* Section 4.5: the PSID stands on the left of its field. */
		wire_put_u16(w, (uint16_t)((uint32_t)ports[i].psid << (16 - ports[i].psid_len)));
		wire_put_close(w, mark, WIRE_LEN_U16);
	}
}

static void put_rules(struct wire_writer *w, const struct dhcp6_s46_rule *rules, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		size_t mark = open_option(w, S46_RULE);

		wire_put_u8(w, rules[i].forwarding ? RULE_FORWARDING : 0);
		wire_put_u8(w, rules[i].ea_length);
		wire_put_u8(w, rules[i].ipv4.len);
		wire_put_bytes(w, rules[i].ipv4.addr, sizeof(rules[i].ipv4.addr));
		put_prefix(w, &rules[i].ipv6);
		put_ports(w, rules[i].ports, rules[i].n_ports);
		wire_put_close(w, mark, WIRE_LEN_U16);
	}
}

static void put_relays(struct wire_writer *w, const struct in6_addr *relays, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		size_t mark = open_option(w, S46_BR);

		wire_put_ip6(w, &relays[i]);
		wire_put_close(w, mark, WIRE_LEN_U16);
	}
}

bool dhcp6_map_e_put(const struct dhcp6_options *options, size_t index, struct wire_writer *w,
		     struct dhcp6_option_mark *ret_mark)
{
	(void)ret_mark;
	if (index >= options->n_map_e)
		return false;
	put_rules(w, options->map_e[index].rules, options->map_e[index].n_rules);
	put_relays(w, options->map_e[index].relays, options->map_e[index].n_relays);
	return true;
}

bool dhcp6_map_t_put(const struct dhcp6_options *options, size_t index, struct wire_writer *w,
		     struct dhcp6_option_mark *ret_mark)
{
	size_t mark;

	(void)ret_mark;
	if (index >= options->n_map_t)
		return false;
	put_rules(w, options->map_t[index].rules, options->map_t[index].n_rules);
	mark = open_option(w, S46_DMR);
	put_prefix(w, &options->map_t[index].dmr);
	wire_put_close(w, mark, WIRE_LEN_U16);
	return true;
}

static void put_binding(struct wire_writer *w, const struct dhcp6_s46_binding *binding)
{
	size_t mark = open_option(w, S46_V4V6BIND);

	wire_put_bytes(w, binding->ipv4.addr, sizeof(binding->ipv4.addr));
	put_prefix(w, &binding->ipv6);
	put_ports(w, binding->ports, binding->n_ports);
	wire_put_close(w, mark, WIRE_LEN_U16);
}

bool dhcp6_lw4o6_put(const struct dhcp6_options *options, size_t index, struct wire_writer *w,
		     struct dhcp6_option_mark *ret_mark)
{
	const struct dhcp6_lw4o6 *domain;

	(void)ret_mark;
	if (index >= options->n_lw4o6)
		return false;
	domain = &options->lw4o6[index];
	put_relays(w, domain->relays, domain->n_relays);
	for (size_t i = 0; i < domain->n_bindings; i++)
		put_binding(w, &domain->bindings[i]);
	return true;
}

/* SPDX-License-Identifier: ISC */
/*
 * The rows of Softwire46 domains, and what RFC 7598 section 6 and RFC 7597 section 5 ask of them:
 * a client drops a container that breaks the rules, silently.
 */
#include "config.h"

#include "dhcp6/dhcp6_s46_conf.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

static bool ip4_parse(const char *text, void *dst, struct arena *arena, const char **ret_why)
{
	struct dhcp6_ip4_prefix ret = {.len = 32};
	char addr[INET_ADDRSTRLEN] = "", rest;
	unsigned int len = 32;
	size_t at = strcspn(text, "/");

	(void)arena;
	*ret_why = "is not an IPv4 prefix or address, write it as 192.0.2.0/24 without bits past "
		   "its length";
	if (at >= sizeof(addr))
		return false;
	memcpy(addr, text, at);
	if (inet_pton(AF_INET, addr, ret.addr) != 1 ||
	    (text[at] && (sscanf(text + at, "/%2u%c", &len, &rest) != 1 || len > 32)))
		return false;
	ret.len = (uint8_t)len;
	for (unsigned int bit = len; bit < 32; bit++) {
		if (ret.addr[bit / 8] & 0x80 >> bit % 8)
			return false;
	}
	*(struct dhcp6_ip4_prefix *)dst = ret;
	return true;
}

#define IP4                                                                                  \
	.type = CFG_OTHER, .parse = ip4_parse, .item_size = sizeof(struct dhcp6_ip4_prefix), \
	.what = "IPv4 prefix"
#define PORTS(of)                                                                                  \
	.type = CFG_MAPS, .list = true, .offset = CFG_AT(of, ports), .count = CFG_AT(of, n_ports), \
	.sub = &ports_schema

/* clang-format off */

static const struct cfg_row ports_rows[] = {
	{.key = "offset", .type = CFG_U8, .offset = CFG_AT(struct dhcp6_s46_ports, offset), .max = 15, .dflt = "6", .rfc = "7598 4.5",
	 .doc = "How many of the first bits of a port number keep the system ports out."},
	{.key = "psid-length", .type = CFG_U8, .offset = CFG_AT(struct dhcp6_s46_ports, psid_len), .max = 16, .dflt = "0",
	 .doc = "Bits of the port set's identifier; 0: it is in the prefix, or there is none."},
	{.key = "psid", .type = CFG_U16, .offset = CFG_AT(struct dhcp6_s46_ports, psid), .max = 65535, .dflt = "0",
	 .doc = "The port set's identifier."},
	{.key = NULL},
};

static const struct cfg_schema ports_schema = {
	.name = "port set", .size = sizeof(struct dhcp6_s46_ports), .node = CFG_AT(struct dhcp6_s46_ports, node),
	.rows = ports_rows, .doc = "Which ports of a shared IPv4 address are a client's (option 93).",
};

static const struct cfg_row rule_rows[] = {
	{.key = "ipv4", .offset = CFG_AT(struct dhcp6_s46_rule, ipv4), IP4, .required = true, .rfc = "7598 4.1",
	 .doc = "The rule's IPv4 prefix."},
	{.key = "ipv6", .type = CFG_PREFIX, .offset = CFG_AT(struct dhcp6_s46_rule, ipv6), .required = true,
	 .doc = "The rule's IPv6 prefix, which clients' prefixes begin with."},
	{.key = "ea-length", .type = CFG_U8, .offset = CFG_AT(struct dhcp6_s46_rule, ea_length), .required = true, .max = 48,
	 .doc = "How many bits after it say the IPv4 address and the port set."},
	{.key = "forwarding", .type = CFG_BOOL, .offset = CFG_AT(struct dhcp6_s46_rule, forwarding), .dflt = "false",
	 .doc = "Whether clients reach each other by it (FMR)."},
	{.key = "ports", PORTS(struct dhcp6_s46_rule), .rfc = "7598 4.5", .doc = "The port set, where defaults do not do."},
	{.key = NULL},
};

static const struct cfg_schema rule_schema = {
	.name = "mapping rule", .size = sizeof(struct dhcp6_s46_rule), .node = CFG_AT(struct dhcp6_s46_rule, node),
	.rows = rule_rows, .doc = "How IPv4 addresses and ports are mapped into IPv6 prefixes (option 89).",
};

static const struct cfg_row map_e_rows[] = {
	{.key = "rules", .type = CFG_MAPS, .list = true, .offset = CFG_AT(struct dhcp6_map_e, rules),
	 .count = CFG_AT(struct dhcp6_map_e, n_rules), .sub = &rule_schema, .required = true, .doc = "Mapping rules."},
	{.key = "border-relays", .type = CFG_IP6, .list = true, .offset = CFG_AT(struct dhcp6_map_e, relays),
	 .count = CFG_AT(struct dhcp6_map_e, n_relays), .required = true, .rfc = "7598 4.2", .doc = "Addresses of border relays."},
	{.key = NULL},
};

const struct cfg_schema dhcp6_map_e_schema = {
	.name = "MAP-E domain", .size = sizeof(struct dhcp6_map_e), .node = CFG_AT(struct dhcp6_map_e, node),
	.rows = map_e_rows, .doc = "A domain of MAP-E: IPv4 in IPv6 (RFC 7597).",
};

static const struct cfg_row map_t_rows[] = {
	{.key = "rules", .type = CFG_MAPS, .list = true, .offset = CFG_AT(struct dhcp6_map_t, rules),
	 .count = CFG_AT(struct dhcp6_map_t, n_rules), .sub = &rule_schema, .required = true, .doc = "Mapping rules."},
	{.key = "dmr", .type = CFG_PREFIX, .offset = CFG_AT(struct dhcp6_map_t, dmr), .required = true, .rfc = "7598 4.3",
	 .doc = "The default mapping rule: the prefix that stands for the rest of IPv4."},
	{.key = NULL},
};

const struct cfg_schema dhcp6_map_t_schema = {
	.name = "MAP-T domain", .size = sizeof(struct dhcp6_map_t), .node = CFG_AT(struct dhcp6_map_t, node),
	.rows = map_t_rows, .doc = "A domain of MAP-T: IPv4 translated to IPv6 (RFC 7599).",
};

static const struct cfg_row binding_rows[] = {
	{.key = "ipv4", .offset = CFG_AT(struct dhcp6_s46_binding, ipv4), IP4, .required = true, .rfc = "7598 4.4",
	 .doc = "The client's IPv4 address."},
	{.key = "ipv6", .type = CFG_PREFIX, .offset = CFG_AT(struct dhcp6_s46_binding, ipv6), .required = true,
	 .doc = "The prefix, or the address as /128, that its tunnel begins in."},
	{.key = "ports", PORTS(struct dhcp6_s46_binding), .rfc = "7598 4.5", .doc = "Its ports, where the address is shared."},
	{.key = NULL},
};

static const struct cfg_schema binding_schema = {
	.name = "IPv4 binding", .size = sizeof(struct dhcp6_s46_binding), .node = CFG_AT(struct dhcp6_s46_binding, node),
	.rows = binding_rows, .doc = "A client's IPv4 address (option 92); it belongs to a host's options.",
};

static const struct cfg_row lw4o6_rows[] = {
	{.key = "border-relays", .type = CFG_IP6, .list = true, .offset = CFG_AT(struct dhcp6_lw4o6, relays),
	 .count = CFG_AT(struct dhcp6_lw4o6, n_relays), .required = true, .rfc = "7598 4.2", .doc = "Addresses of lwAFTRs."},
	{.key = "binding", .type = CFG_MAPS, .list = true, .offset = CFG_AT(struct dhcp6_lw4o6, bindings),
	 .count = CFG_AT(struct dhcp6_lw4o6, n_bindings), .sub = &binding_schema, .doc = "The client's IPv4 address."},
	{.key = NULL},
};

const struct cfg_schema dhcp6_lw4o6_schema = {
	.name = "Lightweight 4over6 domain", .size = sizeof(struct dhcp6_lw4o6), .node = CFG_AT(struct dhcp6_lw4o6, node),
	.rows = lw4o6_rows, .doc = "A domain of Lightweight 4over6 (RFC 7596).",
};

/* clang-format on */

static void check_ports(struct cfg *cfg, const struct cfg_node *node,
			const struct dhcp6_s46_ports *ports, size_t n)
{
	if (n > 1)
		cfg_error(cfg, node, "ports", -1, "there are %zu port sets, one can be", n);
	for (size_t i = 0; i < n; i++) {
		if (ports[i].offset + ports[i].psid_len > 16)
			cfg_error(cfg, ports[i].node, "psid-length", -1,
				  "with an offset of %u it can be %u at most: a port has 16 bits",
				  (unsigned int)ports[i].offset,
				  16u - (unsigned int)ports[i].offset);
		if ((uint32_t)ports[i].psid >> ports[i].psid_len)
			cfg_error(cfg, ports[i].node, "psid", -1,
				  "%u does not fit into the %u bits of psid-length",
				  (unsigned int)ports[i].psid, (unsigned int)ports[i].psid_len);
	}
}

static void check_rules(struct cfg *cfg, const struct cfg_node *node,
			const struct dhcp6_s46_rule *rules, size_t n)
{
	if (!n && !cfg_is_bad(node, "rules"))
		cfg_error(cfg, node, "rules", -1, "at least one rule is needed (RFC 7598 6)");
	for (size_t i = 0; i < n; i++) {
		const struct dhcp6_s46_rule *rule = &rules[i];

		check_ports(cfg, rule->node, rule->ports, rule->n_ports);
		if (rule->ipv6.len + rule->ea_length > 128)
			cfg_error(cfg, rule->node, "ea-length", -1,
				  "with an IPv6 prefix of /%u it can be %u at most",
				  (unsigned int)rule->ipv6.len,
				  128u - (unsigned int)rule->ipv6.len);
		/* RFC 7597 section 5.2: what is left after the IPv4 address is the port set. */
		else if (rule->ea_length > 32 - rule->ipv4.len + 16)
			cfg_error(
				cfg, rule->node, "ea-length", -1,
				"with an IPv4 prefix of /%u it can be %u at most: the rest of the "
				"address and a port set of 16 bits",
				(unsigned int)rule->ipv4.len, 48u - (unsigned int)rule->ipv4.len);
	}
}

static void check_relays(struct cfg *cfg, const struct cfg_node *node,
			 const struct in6_addr *relays, size_t n)
{
	if (!n && !cfg_is_bad(node, "border-relays"))
		cfg_error(cfg, node, "border-relays", -1,
			  "at least one address is needed (RFC 7598 6)");
	for (size_t i = 0; i < n; i++) {
		if (ip6_is_multicast(&relays[i]) || ip6_is_link_local(&relays[i]))
			cfg_error(cfg, node, "border-relays", (int)i,
				  "is no address of a router that clients can reach; write a "
				  "global or unique local one");
	}
}

static void check_binding(struct cfg *cfg, const struct dhcp6_s46_binding *binding)
{
	check_ports(cfg, binding->node, binding->ports, binding->n_ports);
	if (binding->ipv4.len != 32 && !cfg_is_bad(binding->node, "ipv4"))
		cfg_error(cfg, binding->node, "ipv4", -1,
			  "is a prefix, write one address such as 192.0.2.1");
}

void dhcp6_s46_check(struct cfg *cfg, const struct dhcp6_options *options)
{
	for (size_t i = 0; i < options->n_map_e; i++) {
		const struct dhcp6_map_e *domain = &options->map_e[i];

		check_rules(cfg, domain->node, domain->rules, domain->n_rules);
		check_relays(cfg, domain->node, domain->relays, domain->n_relays);
	}
	for (size_t i = 0; i < options->n_map_t; i++)
		check_rules(cfg, options->map_t[i].node, options->map_t[i].rules,
			    options->map_t[i].n_rules);
	for (size_t i = 0; i < options->n_lw4o6; i++) {
		const struct dhcp6_lw4o6 *domain = &options->lw4o6[i];

		check_relays(cfg, domain->node, domain->relays, domain->n_relays);
		if (domain->n_bindings > 1)
			cfg_error(cfg, domain->node, "binding", -1,
				  "there are %zu bindings, one can be (RFC 7598 5.3)",
				  domain->n_bindings);
		for (size_t k = 0; k < domain->n_bindings; k++)
			check_binding(cfg, &domain->bindings[k]);
	}
}

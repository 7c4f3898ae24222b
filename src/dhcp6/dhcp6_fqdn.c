/* SPDX-License-Identifier: ISC */
/*
 * Client FQDN (RFC 4704). dhcp6_fqdn_answer() decides on flags and name; a Reply keeps the name as
 * the client's hostname and says which DNS records are to be, an Advertise does neither (section
 * 6.1).
 *
 * A name is made of a peer's octets, and goes to the store, the log and perhaps a DNS server: its
 * labels are letters in lower case, digits and hyphens, everything else becomes a hyphen, and
 * hyphens at their ends go. Nothing here remembers whether records were made: to remove one that is
 * not there does no harm.
 */
#include "config.h"

#include "dhcp6/dhcp6_fqdn.h"

#include <string.h>

#include "base/fx_dns.h"

/* RFC 4704 section 4.1. */
enum {
	FLAG_S = 1, /* the server updates AAAA */
	FLAG_O = 2, /* it does otherwise than the client wanted */
	FLAG_N = 4, /* the server updates nothing */
};

/* RFC 4704 section 7: a third of the lifetime, but not less than ten minutes. */
enum { TTL_PART = 3, TTL_MIN = 600 };

/* --- names --------------------------------------------------------------------------------- */

static uint8_t lower(uint8_t c)
{
	return c >= 'A' && c <= 'Z' ? (uint8_t)(c - 'A' + 'a') : c;
}

static uint8_t clean(uint8_t c)
{
	c = lower(c);
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ? c : '-';
}

/* Nothing is written of a label that has nothing good. */
static void put_label(struct wire_writer *w, const void *octets, size_t len)
{
	struct wire_reader r = wire_reader(octets, len);
	uint8_t label[63];
	uint8_t n = 0;

	while (wire_left(&r) && n < sizeof(label)) {
		uint8_t c = clean(wire_get_u8(&r));

		if (c != '-' || n)
			label[n++] = c;
	}
	while (n && label[n - 1] == '-')
		n--;
	if (!n)
		return;
	wire_put_u8(w, n);
	wire_put_bytes(w, label, n);
}

/* Text with dots between labels. */
static void put_labels(struct wire_writer *w, const char *text)
{
	for (const char *dot; (dot = strchr(text, '.')); text = dot + 1)
		put_label(w, text, (size_t)(dot - text));
	put_label(w, text, strlen(text));
}

/* Whether the labels, without a root, end with the domain's. */
static bool ends_in(const uint8_t *labels, size_t len, const struct dns_name *domain)
{
	size_t tail = domain->len ? domain->len - 1u : 0;
	struct wire_reader r = wire_reader(labels, len);

	if (!tail)
		return false;
	while (wire_left(&r) > tail)
		wire_get_bytes(&r, wire_get_u8(&r));
	if (r.bad || wire_left(&r) != tail)
		return false;
	for (size_t i = 0; i < tail; i++) {
		if (wire_get_u8(&r) != lower(domain->bytes[i]))
			return false;
	}
	return true;
}

static void put_domain(struct wire_writer *w, const struct dns_name *domain)
{
	for (size_t i = 0; i < domain->len; i++)
		wire_put_u8(w, lower(domain->bytes[i]));
}

/* Completes labels without a root. False, and *ret left alone, when that is no name. */
static bool complete(const uint8_t *labels, size_t len, bool partial, const struct dns_name *domain,
		     struct dns_name *ret)
{
	struct dns_name name;
	struct wire_writer w = wire_writer(name.bytes, sizeof(name.bytes));
	bool inside = ends_in(labels, len, domain);

	if (!len || (inside && len == domain->len - 1u))
		return false;
	if (domain->len && !inside && !partial)
		wire_put_bytes(&w, labels, labels[0] + 1u);
	else
		wire_put_bytes(&w, labels, len);
	if (domain->len && !inside)
		put_domain(&w, domain);
	else if (domain->len || !partial)
		wire_put_u8(&w, 0);
	if (w.bad)
		return false;
	name.len = (uint8_t)w.at;
	*ret = name;
	return true;
}

/* "host-2001-db8--10" after the first address of the answer. False when there is none. */
static bool put_address(struct wire_writer *w, const struct dhcp6_answer *answer)
{
	char buf[8 + IP6_TEXT_LEN];
	struct text text;

	for (size_t i = 0; i < answer->n_leases; i++) {
		if (!answer->leases[i].valid || answer->leases[i].plen != 128)
			continue;
		text_init(&text, buf, sizeof(buf));
		text_put_str(&text, "host-");
		text_put_ip6(&text, &answer->leases[i].addr);
		put_label(w, buf, text.len);
		return true;
	}
	return false;
}

/* RFC 4704 section 4.2: for a client without a name, one of the server's. */
static bool pick_name(const struct dhcp6_exchange *x, struct dns_name *ret)
{
	const struct dhcp6_fqdn_conf *conf = &x->link->conf->dhcp6.fqdn;
	const struct dhcp6_host *host = x->client.host;
	uint8_t labels[DNS_NAME_MAX];
	struct wire_writer w = wire_writer(labels, sizeof(labels));

	if (host && host->name)
		put_labels(&w, host->name);
	if (!w.bad && complete(labels, w.at, /* partial= */ true, &conf->domain, ret))
		return true;
	w = wire_writer(labels, sizeof(labels));
	return put_address(&w, x->answer) &&
	       complete(labels, w.at, /* partial= */ true, &conf->domain, ret);
}

static bool choose_name(const struct dhcp6_exchange *x, struct dns_name *ret)
{
	const struct dhcp6_msg *msg = x->msg;
	struct wire_reader r = wire_reader(msg->fqdn.bytes, msg->fqdn.len);
	uint8_t labels[DNS_NAME_MAX];
	struct wire_writer w = wire_writer(labels, sizeof(labels));
	uint8_t n;

	while ((n = wire_get_u8(&r)) != 0) {
		const uint8_t *label = wire_get_bytes(&r, n);

		if (label)
			put_label(&w, label, n);
	}
	return complete(labels, w.at, msg->fqdn_partial, &x->link->conf->dhcp6.fqdn.domain, ret) ||
	       pick_name(x, ret);
}

/* --- flags --------------------------------------------------------------------------------- */

/* RFC 4704 sections 4.1 and 6. */
static uint8_t decide_flags(enum dhcp6_fqdn_update update, uint8_t client)
{
	uint8_t flags = 0;

	switch (update) {
	case DHCP6_UPDATE_NO:
		flags = FLAG_N;
		break;
	case DHCP6_UPDATE_ASKED:
		flags = client & FLAG_N ? FLAG_N : client & FLAG_S;
		break;
	case DHCP6_UPDATE_ALWAYS:
		flags = FLAG_S;
		break;
	}
	if ((flags ^ client) & FLAG_S)
		flags |= FLAG_O;
	return flags;
}

/* --- records ------------------------------------------------------------------------------- */

static uint32_t ttl_of(uint32_t valid)
{
	uint32_t ttl = valid / TTL_PART;

	return ttl < TTL_MIN ? TTL_MIN : ttl;
}

static void add(struct fx *fx, const char *name, const struct in6_addr *addr, uint32_t valid,
		bool aaaa)
{
	const struct fx_dns dns = {.add = true, .aaaa = aaaa, .addr = *addr, .ttl = ttl_of(valid)};

	fx_dns(fx, &dns, name);
}

static void take_away(struct fx *fx, const char *name, const struct in6_addr *addr)
{
	const struct fx_dns dns = {.aaaa = true, .addr = *addr};

	fx_dns(fx, &dns, name);
}

/* The client has another name than before: everything that it holds. NULL: none. */
static void rename_all(const struct dhcp6_exchange *x, const char *old, const char *name, bool aaaa)
{
	const struct lease_client *client = lease_client_get(x->table, x->client.id);

	for (const struct lease *lease = lease_get(x->table, client->first_lease); lease;
	     lease = lease_next_of_client(x->table, lease)) {
		if (lease->kind != LEASE_NA || lease->state != LEASE_ACTIVE)
			continue;
		if (old)
			take_away(x->fx, old, &lease->addr);
		if (name)
			add(x->fx, name, &lease->addr, lease->valid, aaaa);
	}
}

static void add_fresh(const struct dhcp6_exchange *x, const char *name, bool aaaa)
{
	for (size_t i = 0; i < x->answer->n_leases; i++) {
		const struct dhcp6_answer_lease *lease = &x->answer->leases[i];

		if (lease->fresh && lease->plen == 128)
			add(x->fx, name, &lease->addr, lease->valid, aaaa);
	}
}

static void keep(const struct dhcp6_exchange *x, const struct dns_name *name, uint8_t flags)
{
	bool updates = x->link->conf->dhcp6.fqdn.update != DHCP6_UPDATE_NO;
	const char *old = lease_client_hostname(x->table, x->client.id);
	char buf[LEASE_HOSTNAME_ROOM];
	const char *now = flags & FLAG_N ? NULL : buf;
	struct text text;

	text_init(&text, buf, sizeof(buf));
	dns_name_text(name, &text);
	/* What there is by its former name would be forgotten with that. */
	if (updates && (!old || strcmp(old, buf) != 0))
		rename_all(x, old, now, flags & FLAG_S);
	else if (now)
		add_fresh(x, now, flags & FLAG_S);
	lease_client_set_hostname(x->table, x->client.id, buf);
}

/* --- entry points -------------------------------------------------------------------------- */

void dhcp6_fqdn_answer(struct dhcp6_exchange *x, bool commits)
{
	const struct dhcp6_fqdn_conf *conf = &x->link->conf->dhcp6.fqdn;
	struct dns_name name;
	uint8_t flags;

	if (!conf->enabled || !x->msg->has_fqdn || !choose_name(x, &name))
		return;
	flags = decide_flags((enum dhcp6_fqdn_update)conf->update, x->msg->fqdn_flags);
	/* RFC 4704 section 6: only if the client asks for it as well. */
	if (dhcp6_msg_wants(x->msg, DHCP6_OPT_CLIENT_FQDN)) {
		x->answer->fqdn = name;
		x->answer->fqdn_flags = flags;
	}
	/* Section 6.1: an Advertise updates nothing. */
	if (commits)
		keep(x, &name, flags);
}

void dhcp6_fqdn_put(const struct dhcp6_answer *answer, struct wire_writer *w)
{
	size_t mark;

	if (!answer->fqdn.len)
		return;
	wire_put_u16(w, DHCP6_OPT_CLIENT_FQDN);
	mark = wire_put_open(w, WIRE_LEN_U16);
	wire_put_u8(w, answer->fqdn_flags);
	dns_name_put(w, &answer->fqdn);
	wire_put_close(w, mark, WIRE_LEN_U16);
}

void dhcp6_fqdn_ended(const struct dhcp6_network *net, const struct lease_table *table,
		      const struct lease *lease, struct fx *fx)
{
	const char *name = lease_client_hostname(table, lease->client);

	if (name && net->dhcp6.fqdn.enabled && net->dhcp6.fqdn.update != DHCP6_UPDATE_NO &&
	    lease->kind == LEASE_NA && lease->state == LEASE_ACTIVE)
		take_away(fx, name, &lease->addr);
}

/* SPDX-License-Identifier: ISC */
/*
 * The rows of the option table that tell of DNS: servers and search list (RFC 8106) and encrypted
 * resolvers (RFC 9463).
 */
#include "config.h"

#include <string.h>

#include "ra/ra_option_row.h"
#include "wire/dns_name.h"

enum {
	ADDR_LEN = 16,
	RDNSS_CHUNK = 8, /* addresses an option: small enough to find room in any RA */
};

static bool octets_equal(const struct ra_octets *a, const struct ra_octets *b)
{
	return a->len == b->len && (a->len == 0 || memcmp(a->bytes, b->bytes, a->len) == 0);
}

static void show_addresses(const struct ra_octets *octets, struct text *text)
{
	struct wire_reader r = wire_reader(octets->bytes, octets->len);

	while (wire_left(&r) >= ADDR_LEN) {
		struct in6_addr addr = wire_get_ip6(&r);

		text_put_char(text, ' ');
		text_put_ip6(text, &addr);
	}
}

static void show_names(const struct ra_octets *octets, struct text *text)
{
	struct wire_reader r = wire_reader(octets->bytes, octets->len);
	struct dns_name name;

	while (wire_left(&r) > 0 && dns_name_get(&r, &name, NULL)) {
		text_put_char(text, ' ');
		dns_name_text(&name, text);
	}
}

/* --- Recursive DNS servers: RFC 8106 section 5.1 --- */

static struct ra_octets address_octets(const struct in6_addr *addrs, size_t n)
{
	return (struct ra_octets){.bytes = n ? addrs->s6_addr : NULL, .len = n * ADDR_LEN};
}

static uint32_t dns_lifetime(const struct ra_source *source, const struct in6_addr *addr)
{
	return ra_source_cap_at(source, source->plan->conf->dns_lifetime, addr);
}

/* How many of the servers go into one option: they have one lifetime. */
static size_t servers_pack(const struct ra_source *source, const struct in6_addr *servers,
			   size_t n_servers)
{
	size_t n = 0;

	while (n < n_servers && n < RDNSS_CHUNK &&
	       dns_lifetime(source, &servers[n]) == dns_lifetime(source, &servers[0]))
		n++;
	return n;
}

static bool rdnss_make(const struct ra_source *source, size_t index, struct ra_option *ret)
{
	const struct ra_plan *plan = source->plan;
	const struct in6_addr *servers = plan->dns ? plan->dns : plan->conf->dns;
	size_t left = plan->dns ? plan->n_dns : plan->conf->n_dns;

	for (; left && index; index--) {
		size_t n = servers_pack(source, servers, left);

		servers += n;
		left -= n;
	}
	if (left == 0)
		return false;
	ret->list.items = address_octets(servers, servers_pack(source, servers, left));
	ret->list.lifetime = dns_lifetime(source, servers);
	return true;
}

static void list_get(struct wire_reader *r, struct ra_option *ret)
{
	wire_get_u16(r); /* reserved */
	ret->list.lifetime = wire_get_u32(r);
	ret->list.items = octets_get(r, wire_left(r));
}

static void rdnss_get(struct wire_reader *r, struct ra_option *ret)
{
	list_get(r, ret);
	/* RFC 8106 section 5.3.1: at least one address, and nothing but addresses. */
	if (ret->list.items.len == 0 || ret->list.items.len % ADDR_LEN)
		r->bad = true;
}

static void list_put(struct wire_writer *w, const struct ra_option *option)
{
	wire_put_u16(w, 0);
	wire_put_u32(w, option->list.lifetime);
	octets_put(w, &option->list.items);
}

static void rdnss_show(const struct ra_option *option, struct text *text)
{
	show_number("lifetime", option->list.lifetime, text);
	show_addresses(&option->list.items, text);
}

static bool list_same(const struct ra_option *a, const struct ra_option *b)
{
	return octets_equal(&a->list.items, &b->list.items);
}

static bool rdnss_split(const struct ra_option *option, size_t i, struct ra_option *ret)
{
	struct wire_reader r = wire_reader(option->list.items.bytes, option->list.items.len);

	if (i >= wire_left(&r) / ADDR_LEN)
		return false;
	octets_get(&r, i * ADDR_LEN);
	ret->list.items = octets_get(&r, ADDR_LEN);
	return true;
}

/* --- DNS search list: RFC 8106 section 5.2 --- */

/* How many of the names from `first` on go into one option, written to `w`. */
static size_t names_pack(const struct ra_conf *conf, size_t first, struct wire_writer *w)
{
	size_t n = 0;

	while (first + n < conf->n_search) {
		size_t at = w->at;

		dns_name_put(w, &conf->search[first + n]);
		if (w->bad) {
			wire_put_undo(w, at);
			break;
		}
		n++;
	}
	return n;
}

static bool dnssl_make(const struct ra_source *source, size_t index, struct ra_option *ret)
{
	const struct ra_conf *conf = source->plan->conf;
	struct wire_writer w = wire_writer(ret->store, sizeof(ret->store));
	size_t first = 0;

	for (size_t i = 0; i <= index; i++) {
		w = wire_writer(ret->store, sizeof(ret->store));
		size_t n = names_pack(conf, first, &w);

		if (n == 0)
			return false;
		first += n;
	}
	ret->list.items = (struct ra_octets){.bytes = ret->store, .len = w.at};
	ret->list.lifetime = ra_source_cap(source, conf->search_lifetime);
	return true;
}

static void dnssl_get(struct wire_reader *r, struct ra_option *ret)
{
	struct wire_reader names;
	struct dns_name name;
	size_t len = 0;

	list_get(r, ret);
	names = wire_reader(ret->list.items.bytes, ret->list.items.len);
	/* RFC 8106 section 5.2: padding is zeros, which read as a root label by itself. */
	while (wire_left(&names) > 0 && dns_name_get(&names, &name, NULL) && name.len > 1)
		len = names.at;
	if (names.bad || len == 0)
		r->bad = true;
	ret->list.items.len = len;
}

static void dnssl_show(const struct ra_option *option, struct text *text)
{
	show_number("lifetime", option->list.lifetime, text);
	show_names(&option->list.items, text);
}

static bool dnssl_split(const struct ra_option *option, size_t i, struct ra_option *ret)
{
	struct wire_reader r = wire_reader(option->list.items.bytes, option->list.items.len);
	struct wire_reader before = r;
	struct dns_name name;

	for (size_t k = 0; k <= i; k++) {
		before = r;
		if (wire_left(&r) == 0 || !dns_name_get(&r, &name, NULL))
			return false;
	}
	ret->list.items = octets_get(&before, name.len);
	return true;
}

/* clang-format off */
const struct ra_option_row ra_option_rdnss = {
	.type = RA_OPTION_RDNSS, .name = "rdnss", .rfc = "8106 5.1",
	.make = rdnss_make, .get = rdnss_get, .put = list_put, .show = rdnss_show,
	.lifetime = RA_OPTION_AT(list.lifetime), .same = list_same, .split = rdnss_split,
};

const struct ra_option_row ra_option_dnssl = {
	.type = RA_OPTION_DNSSL, .name = "dnssl", .rfc = "8106 5.2",
	.make = dnssl_make, .get = dnssl_get, .put = list_put, .show = dnssl_show,
	.lifetime = RA_OPTION_AT(list.lifetime), .same = list_same, .split = dnssl_split,
};
/* clang-format on */

/* --- Encrypted DNS: RFC 9463 section 6.1 --- */

static bool resolver_make(const struct ra_source *source, size_t index, struct ra_option *ret)
{
	const struct ra_conf *conf = source->plan->conf;

	if (index >= conf->n_resolvers)
		return false;
	const struct ra_resolver *resolver = &conf->resolvers[index];

	ret->resolver.priority = resolver->priority;
	ret->resolver.lifetime = resolver->lifetime;
	for (size_t i = 0; i < resolver->n_addresses; i++)
		ret->resolver.lifetime =
			ra_source_cap_at(source, ret->resolver.lifetime, &resolver->addresses[i]);
	ret->resolver.name =
		(struct ra_octets){.bytes = resolver->name.bytes, .len = resolver->name.len};
	ret->resolver.addresses = address_octets(resolver->addresses, resolver->n_addresses);
	ret->resolver.service = resolver->service;
	return true;
}

static void resolver_get(struct wire_reader *r, struct ra_option *ret)
{
	struct wire_reader name;
	struct dns_name checked;

	ret->resolver.priority = wire_get_u16(r);
	ret->resolver.lifetime = wire_get_u32(r);
	ret->resolver.name = octets_get(r, wire_get_u16(r));
	name = wire_reader(ret->resolver.name.bytes, ret->resolver.name.len);
	if (!dns_name_get(&name, &checked, NULL) || wire_left(&name) > 0)
		r->bad = true;
	/* Without addresses nothing follows (RFC 9463 section 3.1.6) but padding, which may be
	 * short. */
	ret->resolver.addresses = octets_get(r, wire_left(r) < 2 ? 0 : wire_get_u16(r));
	if (ret->resolver.addresses.len % ADDR_LEN)
		r->bad = true;
	ret->resolver.service = octets_get(r, wire_left(r) < 2 ? 0 : wire_get_u16(r));
	if (ret->resolver.addresses.len == 0)
		ret->resolver.service.len = 0;
}

static void resolver_put(struct wire_writer *w, const struct ra_option *option)
{
	wire_put_u16(w, option->resolver.priority);
	wire_put_u32(w, option->resolver.lifetime);
	wire_put_u16(w, (uint16_t)option->resolver.name.len);
	octets_put(w, &option->resolver.name);
	if (option->resolver.addresses.len == 0)
		return;
	wire_put_u16(w, (uint16_t)option->resolver.addresses.len);
	octets_put(w, &option->resolver.addresses);
	wire_put_u16(w, (uint16_t)option->resolver.service.len);
	octets_put(w, &option->resolver.service);
}

static void resolver_show(const struct ra_option *option, struct text *text)
{
	show_number("priority", option->resolver.priority, text);
	show_number("lifetime", option->resolver.lifetime, text);
	show_names(&option->resolver.name, text);
	show_addresses(&option->resolver.addresses, text);
	if (option->resolver.service.len) {
		text_put_str(text, " service=");
		text_put_hex(text, option->resolver.service.bytes, option->resolver.service.len, 0);
	}
}

static bool resolver_same(const struct ra_option *a, const struct ra_option *b)
{
	return octets_equal(&a->resolver.name, &b->resolver.name) &&
	       octets_equal(&a->resolver.addresses, &b->resolver.addresses);
}

/* clang-format off */
const struct ra_option_row ra_option_encrypted_dns = {
	.type = RA_OPTION_ENCRYPTED_DNS, .name = "encrypted-dns", .rfc = "9463 6.1",
	.make = resolver_make, .get = resolver_get, .put = resolver_put, .show = resolver_show,
	.lifetime = RA_OPTION_AT(resolver.lifetime), .same = resolver_same,
};
/* clang-format on */

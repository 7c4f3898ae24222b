/* SPDX-License-Identifier: ISC */
/*
 * The option table: the bytes of every option (N4), back again, and every length it may be cut to.
 */
#include "config.h"

#include <string.h>

#include "ra/ra_option.h"
#include "ra_fixture.h"

/* One of everything. Values are such that swapped octets and fields show. */
static const uint8_t service[] = {0, 1, 0, 4, 3, 'd', 'o', 't'};
static const uint8_t raw_body[] = {0xde, 0xad, 0xbe};

static const uint8_t flag_bits[] = {0x80, 0, 0, 0, 0, 1};

struct everything {
	struct ra_conf conf;
	struct ra_prefix prefixes[2];
	struct in6_addr dns[2];
	struct dns_name search[2];
	struct ra_route routes[4];
	struct ra_pref64 pref64[6];
	struct in6_addr resolver_addr;
	struct ra_resolver resolvers[2];
	struct ra_raw raw;
	struct ra_facts facts;
	struct ra_plan plan;
	struct ra_source source;
};

static struct dns_name name_of(const char *text)
{
	struct dns_name name;
	const char *why;

	assert_true(dns_name_parse(text, &name, &why));
	return name;
}

static void everything_init(struct everything *e)
{
	static const char *const pref64[] = {"64:ff9b::/96",        "2001:db8:1:2::/64",
					     "2001:db8:1:200::/56", "2001:db8:3::/48",
					     "2001:db8:400::/40",   "2001:db8::/32"};

	memset(e, 0, sizeof(*e));
	e->prefixes[0] = (struct ra_prefix){.prefix = prefix_of("2001:db8:1:2::/64"),
					    .on_link = true,
					    .preferred = 604800,
					    .valid = 2592000};
	e->prefixes[1] = (struct ra_prefix){.prefix = prefix_of("2001:db8:8000::/33"),
					    .autonomous = true,
					    .pd_preferred = true,
					    .preferred = 1,
					    .valid = UINT32_MAX};
	e->dns[0] = addr_of("2001:db8::53");
	e->dns[1] = addr_of("fe80::1");
	e->search[0] = name_of("example.org");
	e->search[1] = name_of("a.b");
	e->routes[0] = (struct ra_route){NULL, prefix_of("::/0"), RA_PREFERENCE_LOW, 1};
	e->routes[1] =
		(struct ra_route){NULL, prefix_of("2001:db8:5::/48"), RA_PREFERENCE_HIGH, 1800};
	e->routes[2] = (struct ra_route){NULL, prefix_of("2001:db8::/64"), RA_PREFERENCE_MEDIUM, 0};
	e->routes[3] = (struct ra_route){NULL, prefix_of("2001:db8::8000:0:0:0/65"),
					 RA_PREFERENCE_MEDIUM, UINT32_MAX};
	for (size_t i = 0; i < 6; i++)
		e->pref64[i] = (struct ra_pref64){.prefix = prefix_of(pref64[i]), .lifetime = 1800};
	e->pref64[1].lifetime = 1;      /* rounded up, never to 0 */
	e->pref64[2].lifetime = 65528;  /* the longest */
	e->pref64[3].lifetime = 100000; /* cut to it */
	e->pref64[4].lifetime = 0;
	e->resolver_addr = addr_of("2001:db8::853");
	e->resolvers[0] = (struct ra_resolver){.priority = 0x0102,
					       .lifetime = 1800,
					       .name = name_of("d.example"),
					       .addresses = &e->resolver_addr,
					       .n_addresses = 1,
					       .service = {service, sizeof(service)}};
	e->resolvers[1] = (struct ra_resolver){
		.priority = 1, .lifetime = 600, .name = name_of("dns.example")};
	e->raw = (struct ra_raw){.type = 200, .body = {raw_body, sizeof(raw_body)}};
	e->conf = (struct ra_conf){
		.interval = {.min = 200, .max = 600},
		.mtu = 1450,
		.source_link_layer = true,
		.interval_option = true,
		.dns = e->dns,
		.n_dns = 2,
		.dns_lifetime = 1800,
		.search = e->search,
		.n_search = 2,
		.search_lifetime = 3600,
		.routes = e->routes,
		.n_routes = 4,
		.pref64 = e->pref64,
		.n_pref64 = 6,
		.resolvers = e->resolvers,
		.n_resolvers = 2,
		.captive_portal = "https://x.example",
		.expanded_flags = {flag_bits, sizeof(flag_bits)},
		.options = &e->raw,
		.n_options = 1,
	};
	e->facts = (struct ra_facts){
		.mac = {2, 0, 0x5e, 0x10, 0, 1}, .mac_len = 6, .mtu = 1500, .forwarding = true};
	e->plan = (struct ra_plan){.conf = &e->conf, .prefixes = e->prefixes, .n_prefixes = 2};
	e->source = (struct ra_source){.plan = &e->plan, .facts = &e->facts};
}

/* clang-format off */
static const uint8_t slla[] = {
	1, 1,				/* type, length */
	2, 0, 0x5e, 0x10, 0, 1,		/* link-layer address */
};
static const uint8_t mtu[] = {
	5, 1,
	0, 0,				/* reserved */
	0, 0, 0x05, 0xaa,		/* 1450 */
};
static const uint8_t interval[] = {
	7, 1,
	0, 0,				/* reserved */
	0, 0x09, 0x27, 0xc0,		/* 600,000 ms */
};
static const uint8_t expanded_flags[] = {
	26, 1,
	0x80, 0, 0, 0, 0, 0x01,		/* the first flag and the last */
};
static const uint8_t prefix_on_link[] = {
	3, 4,
	64,				/* prefix length */
	0x80,				/* L */
	0, 0x27, 0x8d, 0,		/* valid: 2592000 */
	0, 0x09, 0x3a, 0x80,		/* preferred: 604800 */
	0, 0, 0, 0,			/* reserved */
	0x20, 1, 0x0d, 0xb8, 0, 1, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0,
};
static const uint8_t prefix_autonomous[] = {
	3, 4,
	33,
	0x50,				/* A, P */
	0xff, 0xff, 0xff, 0xff,		/* valid: infinite */
	0, 0, 0, 1,			/* preferred: 1 */
	0, 0, 0, 0,
	0x20, 1, 0x0d, 0xb8, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
};
static const uint8_t route_default[] = {
	24, 1,
	0,				/* prefix length */
	0x18,				/* low */
	0, 0, 0, 1,			/* lifetime */
};
static const uint8_t route_48[] = {
	24, 2,
	48,
	0x08,				/* high */
	0, 0, 0x07, 0x08,		/* 1800 */
	0x20, 1, 0x0d, 0xb8, 0, 5, 0, 0,
};
static const uint8_t route_64[] = {
	24, 2,
	64,
	0,				/* medium */
	0, 0, 0, 0,
	0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0,
};
static const uint8_t route_65[] = {
	24, 3,
	65,
	0,
	0xff, 0xff, 0xff, 0xff,
	0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0x80, 0, 0, 0, 0, 0, 0, 0,
};
static const uint8_t rdnss[] = {
	25, 5,				/* 1 + 2 * 2 */
	0, 0,				/* reserved */
	0, 0, 0x07, 0x08,		/* 1800 */
	0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x53,
	0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1,
};
static const uint8_t dnssl[] = {
	31, 4,
	0, 0,				/* reserved */
	0, 0, 0x0e, 0x10,		/* 3600 */
	7, 'e', 'x', 'a', 'm', 'p', 'l', 'e', 3, 'o', 'r', 'g', 0,
	1, 'a', 1, 'b', 0,
	0, 0, 0, 0, 0, 0,		/* padding */
};
static const uint8_t pref64_96[] = {
	38, 2,
	0x07, 0x08,			/* 225 * 8 s, code 0 */
	0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0,
};
static const uint8_t pref64_64[] = {
	38, 2,
	0x00, 0x09,			/* 1 * 8 s, code 1 */
	0x20, 1, 0x0d, 0xb8, 0, 1, 0, 2, 0, 0, 0, 0,
};
static const uint8_t pref64_56[] = {
	38, 2,
	0xff, 0xfa,			/* 8191 * 8 s, code 2 */
	0x20, 1, 0x0d, 0xb8, 0, 1, 2, 0, 0, 0, 0, 0,
};
static const uint8_t pref64_48[] = {
	38, 2,
	0xff, 0xfb,			/* 8191 * 8 s, code 3 */
	0x20, 1, 0x0d, 0xb8, 0, 3, 0, 0, 0, 0, 0, 0,
};
static const uint8_t pref64_40[] = {
	38, 2,
	0x00, 0x04,			/* 0 s, code 4 */
	0x20, 1, 0x0d, 0xb8, 4, 0, 0, 0, 0, 0, 0, 0,
};
static const uint8_t pref64_32[] = {
	38, 2,
	0x07, 0x0d,			/* 225 * 8 s, code 5 */
	0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0,
};
static const uint8_t portal[] = {
	37, 3,
	'h', 't', 't', 'p', 's', ':', '/', '/', 'x', '.', 'e', 'x', 'a', 'm', 'p', 'l', 'e',
	0, 0, 0, 0, 0,			/* padding */
};
static const uint8_t resolver[] = {
	144, 7,
	1, 2,				/* service priority */
	0, 0, 0x07, 0x08,		/* lifetime */
	0, 11,				/* length of the name */
	1, 'd', 7, 'e', 'x', 'a', 'm', 'p', 'l', 'e', 0,
	0, 16,				/* length of the addresses */
	0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 8, 0x53,
	0, 8,				/* length of the service parameters */
	0, 1, 0, 4, 3, 'd', 'o', 't',
	0, 0, 0, 0, 0, 0, 0,		/* padding */
};
static const uint8_t resolver_name_only[] = {
	144, 3,
	0, 1,
	0, 0, 0x02, 0x58,
	0, 13,
	3, 'd', 'n', 's', 7, 'e', 'x', 'a', 'm', 'p', 'l', 'e', 0,
	0,				/* padding */
};
static const uint8_t raw[] = {
	200, 1,
	0xde, 0xad, 0xbe,
	0, 0, 0,			/* padding */
};

/* In the order of the table. */
static const struct {
	const uint8_t *bytes;
	size_t len;
	const char *shown;
} vectors[] = {
#define V(bytes) bytes, sizeof(bytes)
	{V(slla), "source-link-layer-address 02:00:5e:10:00:01"},
	{V(mtu), "mtu 1450"},
	{V(interval), "advertisement-interval 600000"},
	{V(expanded_flags), "expanded-flags 800000000001"},
	{V(prefix_on_link), "prefix 2001:db8:1:2::/64 flags=L- preferred=604800 valid=2592000"},
	{V(prefix_autonomous), "prefix 2001:db8:8000::/33 flags=-AP preferred=1 valid=4294967295"},
	{V(route_default), "route ::/0 preference=low lifetime=1"},
	{V(route_48), "route 2001:db8:5::/48 preference=high lifetime=1800"},
	{V(route_64), "route 2001:db8::/64 preference=medium lifetime=0"},
	{V(route_65), "route 2001:db8:0:0:8000::/65 preference=medium lifetime=4294967295"},
	{V(rdnss), "rdnss lifetime=1800 2001:db8::53 fe80::1"},
	{V(dnssl), "dnssl lifetime=3600 example.org a.b"},
	{V(pref64_96), "pref64 64:ff9b::/96 lifetime=1800"},
	{V(pref64_64), "pref64 2001:db8:1:2::/64 lifetime=8"},
	{V(pref64_56), "pref64 2001:db8:1:200::/56 lifetime=65528"},
	{V(pref64_48), "pref64 2001:db8:3::/48 lifetime=65528"},
	{V(pref64_40), "pref64 2001:db8:400::/40 lifetime=0"},
	{V(pref64_32), "pref64 2001:db8::/32 lifetime=1800"},
	{V(portal), "captive-portal https://x.example"},
	{V(resolver), "encrypted-dns priority=258 lifetime=1800 d.example 2001:db8::853 service=0001000403646f74"},
	{V(resolver_name_only), "encrypted-dns priority=1 lifetime=600 dns.example"},
	{V(raw), "option type=200 deadbe000000"},
#undef V
};
/* clang-format on */

enum { VECTORS = sizeof(vectors) / sizeof(vectors[0]) };

static struct wire_reader vector_reader(size_t i)
{
	return wire_reader(vectors[i].bytes, vectors[i].len);
}

static void assert_encodes(const struct ra_option *option, const uint8_t *bytes, size_t len)
{
	uint8_t buf[RA_OPTION_MAX];
	struct wire_writer w = wire_writer(buf, sizeof(buf));

	ra_option_put(&w, option);
	assert_false(w.bad);
	assert_int_equal(w.at, len);
	assert_memory_equal(buf, bytes, len);
}

/* N4 */
static void every_option_has_its_bytes(void **state)
{
	struct everything e;
	struct ra_option_walk common = {0}, walk = {0};
	struct ra_option option;

	(void)state;
	everything_init(&e);
	assert_true(ra_option_next_common(&e.source, &common, &option));
	assert_encodes(&option, vectors[0].bytes, vectors[0].len);
	assert_false(ra_option_next_common(&e.source, &common, &option));
	for (size_t i = 1; i < VECTORS; i++) {
		assert_true(ra_option_next_made(&e.source, &walk, &option));
		assert_encodes(&option, vectors[i].bytes, vectors[i].len);
	}
	assert_false(ra_option_next_made(&e.source, &walk, &option));
}

static void every_row_of_the_table_has_a_vector(void **state)
{
	struct ra_option_about about;

	(void)state;
	for (size_t i = 0; ra_option_about(i, &about); i++) {
		size_t n = 0;

		for (size_t k = 0; k < VECTORS; k++)
			n += vectors[k].bytes[0] == about.type;
		if (n == 0)
			fail_msg("no vector of option %u, %s", about.type, about.name);
		assert_true(ra_option_is_known(about.type));
		assert_non_null(about.rfc);
	}
	assert_false(ra_option_is_known(200));
}

static void what_is_read_is_written_the_same(void **state)
{
	(void)state;
	for (size_t i = 0; i < VECTORS; i++) {
		struct wire_reader r = vector_reader(i);
		struct ra_option option;
		char text[256];
		struct text t;

		assert_true(ra_option_get(&r, &option));
		assert_int_equal(wire_left(&r), 0);
		assert_encodes(&option, vectors[i].bytes, vectors[i].len);
		text_init(&t, text, sizeof(text));
		ra_option_show(&option, &t);
		assert_string_equal(text, vectors[i].shown);
		assert_false(ra_option_get(&r, &option));
	}
}

/* Cut anywhere, an option is not there. A copy on the heap lets the sanitizer see reads past it. */
static void a_cut_option_is_not_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < VECTORS; i++) {
		for (size_t len = 0; len < vectors[i].len; len++) {
			uint8_t *copy = test_malloc(len + 1);
			struct wire_reader r = wire_reader(copy, len);
			struct ra_option option;

			memcpy(copy, vectors[i].bytes, len);
			assert_false(ra_option_get(&r, &option));
			test_free(copy);
		}
	}
}

/* A length field that says less than the content needs: read within it, or not at all. */
static void a_short_length_field_is_kept_to(void **state)
{
	(void)state;
	for (size_t i = 0; i < VECTORS; i++) {
		for (uint8_t units = 0; units < vectors[i].bytes[1]; units++) {
			size_t len = units ? units * (size_t)8 : 8;
			uint8_t *copy = test_malloc(len);
			struct wire_reader r = wire_reader(copy, len);
			struct ra_option option;
			char text[256];
			struct text t;

			memcpy(copy, vectors[i].bytes, len);
			copy[1] = units;
			text_init(&t, text, sizeof(text));
			if (ra_option_get(&r, &option)) {
				assert_int_not_equal(units, 0);
				ra_option_show(&option, &t);
			}
			test_free(copy);
		}
	}
}

/* An option whose content is wrong is skipped, the next one is read. */
static void wrong_content_is_skipped(void **state)
{
	/* clang-format off */
	static const struct {
		const char *name;
		uint8_t bytes[32];
	} cases[] = {
		{"prefix length 129", {3, 4, 129}},
		{"route with the reserved preference", {24, 1, 0, 0x10}},
		{"route of 65 bits in 8 octets", {24, 2, 65}},
		{"route of 1 bit in none", {24, 1, 1}},
		{"route of more than 16 octets", {24, 4, 64}},
		{"servers without any", {25, 1}},
		{"half a server", {25, 2}},
		{"no search domain", {31, 1}},
		{"search list of padding", {31, 2}},
		{"search domain past the end", {31, 2, 0, 0, 0, 0, 0, 1, 63, 'a'}},
		{"compressed search domain", {31, 2, 0, 0, 0, 0, 0, 1, 1, 'a', 0xc0, 8}},
		{"NAT64 prefix code 6", {38, 2, 0, 14}},
		{"NAT64 prefix of length 3", {38, 3, 0, 8}},
		{"resolver with a name past the end", {144, 2, 0, 1, 0, 0, 0, 1, 0, 200}},
		{"resolver with half an address", {144, 3, 0, 1, 0, 0, 0, 1, 0, 3, 1, 'a', 0, 0, 8}},
		{"resolver with a bad name", {144, 2, 0, 1, 0, 0, 0, 1, 0, 2, 5, 'a'}},
	};
	/* clang-format on */

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint8_t bytes[64];
		size_t len = cases[i].bytes[1] * (size_t)8;
		struct wire_reader r = wire_reader(bytes, len + sizeof(mtu));
		struct ra_option option;

		memcpy(bytes, cases[i].bytes, len);
		memcpy(bytes + len, mtu, sizeof(mtu));
		if (!ra_option_get(&r, &option) || option.type != RA_OPTION_MTU)
			fail_msg("%s", cases[i].name);
	}
}

/* Long lists go into several options, each of which fits every RA. */
static void long_lists_are_several_options(void **state)
{
	struct everything e;
	struct in6_addr dns[20];
	struct dns_name search[30];
	struct ra_option_walk walk = {0};
	struct ra_option option, part;
	size_t n_dns = 0, n_search = 0, n_options = 0;

	(void)state;
	everything_init(&e);
	for (size_t i = 0; i < 20; i++) {
		dns[i] = addr_of("2001:db8::");
		dns[i].s6_addr[15] = (uint8_t)i;
	}
	for (size_t i = 0; i < 30; i++)
		search[i] = name_of("a-label-of-quite-some-length.another-label-of-some-length."
				    "and-a-third-one-to-make-it-long.example.org");
	e.conf = (struct ra_conf){
		.dns = dns, .n_dns = 20, .search = search, .n_search = 30, .dns_lifetime = 1};
	e.plan.n_prefixes = 0;
	while (ra_option_next_made(&e.source, &walk, &option)) {
		uint8_t buf[RA_OPTION_FITS];
		struct wire_writer w = wire_writer(buf, sizeof(buf));
		size_t i = 0;

		ra_option_put(&w, &option);
		assert_false(w.bad);
		while (ra_option_split(&option, i, &part))
			i++;
		*(option.type == RA_OPTION_RDNSS ? &n_dns : &n_search) += i;
		n_options++;
	}
	assert_int_equal(n_dns, 20);
	assert_int_equal(n_search, 30);
	assert_int_equal(n_options, 3 + 4);
}

/* N1, S21: which options can be withdrawn, and what of them is about the same */
static void lifetimes_end_and_parts_are_compared(void **state)
{
	(void)state;
	for (size_t i = 0; i < VECTORS; i++) {
		struct wire_reader r = vector_reader(i);
		struct ra_option option, part, other;
		uint8_t type = vectors[i].bytes[0];
		bool has_lifetime = type == RA_OPTION_PREFIX || type == RA_OPTION_ROUTE ||
				    type == RA_OPTION_RDNSS || type == RA_OPTION_DNSSL ||
				    type == RA_OPTION_PREF64 || type == RA_OPTION_ENCRYPTED_DNS;

		assert_true(ra_option_get(&r, &option));
		assert_int_equal(ra_option_split(&option, 0, &part), has_lifetime);
		if (!has_lifetime) {
			assert_int_equal(ra_option_lifetime(&option), 0);
			continue;
		}
		assert_true(ra_option_same(&part, &part));
		if (ra_option_split(&option, 1, &other))
			assert_false(ra_option_same(&part, &other));
		ra_option_end(&part);
		assert_int_equal(ra_option_lifetime(&part), 0);
		if (type == RA_OPTION_PREFIX)
			assert_int_equal(part.prefix.preferred, 0);
		ra_option_split(&option, 0, &other);
		assert_true(ra_option_same(&part, &other));
	}
}

/* Bytes that a peer chose do not break out of a line of text. */
static void what_peers_send_is_shown_escaped(void **state)
{
	static const uint8_t evil[] = {37, 1, 'a', '\n', '"', ' ', 0x7f, 'b'};
	struct wire_reader r = wire_reader(evil, sizeof(evil));
	struct ra_option option;
	char text[128];
	struct text t;

	(void)state;
	assert_true(ra_option_get(&r, &option));
	text_init(&t, text, sizeof(text));
	ra_option_show(&option, &t);
	assert_string_equal(text, "captive-portal a\\x0a\\x22\\x20\\x7fb");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_option_has_its_bytes),
		cmocka_unit_test(every_row_of_the_table_has_a_vector),
		cmocka_unit_test(what_is_read_is_written_the_same),
		cmocka_unit_test(a_cut_option_is_not_read),
		cmocka_unit_test(a_short_length_field_is_kept_to),
		cmocka_unit_test(wrong_content_is_skipped),
		cmocka_unit_test(long_lists_are_several_options),
		cmocka_unit_test(lifetimes_end_and_parts_are_compared),
		cmocka_unit_test(what_peers_send_is_shown_escaped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

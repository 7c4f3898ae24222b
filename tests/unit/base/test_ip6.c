/* SPDX-License-Identifier: ISC */
/*
 * Addresses and prefixes, against the compiler's 128-bit numbers where it has them.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/ip6.h"
#include "base/rng.h"

static struct in6_addr ip6(const char *s)
{
	struct in6_addr addr;

	if (!ip6_parse(s, &addr))
		fail_msg("%s is no address", s);
	return addr;
}

static struct ip6_prefix prefix(const char *s)
{
	struct ip6_prefix p;

	if (!ip6_prefix_parse(s, &p, NULL))
		fail_msg("%s is no prefix", s);
	return p;
}

static void assert_addr(const struct in6_addr *addr, const char *expected)
{
	char buf[IP6_TEXT_LEN];
	struct text t;

	text_init(&t, buf, sizeof(buf));
	text_put_ip6(&t, addr);
	assert_string_equal(buf, expected);
}

static void kinds_of_addresses_are_told_apart(void **state)
{
	static const struct {
		const char *addr;
		bool unspecified, multicast, link_local, loopback;
	} cases[] = {
		{"::", true, false, false, false},
		{"::1", false, false, false, true},
		{"::2", false, false, false, false},
		{"ff02::1", false, true, false, false},
		{"ff05::1:3", false, true, false, false},
		{"feff::1", false, false, false, false},
		{"fe80::1", false, false, true, false},
		{"febf:ffff::1", false, false, true, false},
		{"fec0::1", false, false, false, false},
		{"fe7f::1", false, false, false, false},
		{"2001:db8::1", false, false, false, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct in6_addr addr = ip6(cases[i].addr);

		assert_int_equal(ip6_is_unspecified(&addr), cases[i].unspecified);
		assert_int_equal(ip6_is_multicast(&addr), cases[i].multicast);
		assert_int_equal(ip6_is_link_local(&addr), cases[i].link_local);
		assert_int_equal(ip6_is_loopback(&addr), cases[i].loopback);
	}
}

/* I8: RFC 5453 section 3 with the IANA registry of reserved interface identifiers. */
static void reserved_interface_identifiers_are_known(void **state)
{
	static const struct {
		const char *addr;
		bool reserved;
	} cases[] = {
		{"2001:db8::", true},
		{"2001:db8::1", false},
		{"2001:db8:0:1::", true},
		{"2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", false},
		{"2001:db8::fdff:ffff:ffff:ff7f", false},
		{"2001:db8::fdff:ffff:ffff:ff80", true},
		{"2001:db8::fdff:ffff:ffff:fffe", true},
		{"2001:db8::fdff:ffff:ffff:ffff", true},
		{"2001:db8::fe00:0:0:0", false},
		{"2001:db8::200:5eff:fdff:ffff", false},
		{"2001:db8::200:5eff:fe00:0", true},
		{"2001:db8::200:5eff:fe00:5212", true},
		{"2001:db8::200:5eff:fe00:5213", true}, /* proxy mobile IPv6 */
		{"2001:db8::200:5eff:fe00:5214", true},
		{"2001:db8::200:5eff:feff:ffff", true},
		{"2001:db8::200:5eff:ff00:0", false},
		{"2001:db8::a8bb:ccff:fedd:eeff", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct in6_addr addr = ip6(cases[i].addr);

		if (ip6_is_reserved_iid(&addr) != cases[i].reserved)
			fail_msg("%s", cases[i].addr);
	}
}

static void a_prefix_holds_its_first_and_last_address(void **state)
{
	struct in6_addr addr = ip6("2001:db8:1234:5678:9abc:def0:1357:2468");

	(void)state;
	for (unsigned int len = 0; len <= 128; len++) {
		struct ip6_prefix p = ip6_prefix_make(&addr, (uint8_t)len);
		struct in6_addr last = ip6_prefix_last(&p), out;

		assert_int_equal(p.len, len);
		assert_true(ip6_prefix_contains(&p, &addr));
		assert_true(ip6_prefix_contains(&p, &p.addr));
		assert_true(ip6_prefix_contains(&p, &last));
		for (unsigned int bit = 0; bit < 128; bit++) {
			unsigned int mask = 0x80u >> (bit % 8);

			out = addr;
			out.s6_addr[bit / 8] ^= (uint8_t)mask;
			assert_int_equal(ip6_prefix_contains(&p, &out), bit >= len);
			if (bit >= len) {
				assert_false(p.addr.s6_addr[bit / 8] & mask);
				assert_true(last.s6_addr[bit / 8] & mask);
			}
		}
	}
}

static void prefixes_cover_and_overlap(void **state)
{
	static const struct {
		const char *a, *b;
		bool a_covers, b_covers;
	} cases[] = {
		{"2001:db8::/32", "2001:db8:1::/48", true, false},
		{"2001:db8::/32", "2001:db8::/32", true, true},
		{"2001:db8::/32", "2001:db9::/48", false, false},
		{"::/0", "2001:db9::/48", true, false},
		{"2001:db8::1/128", "2001:db8::/64", false, true},
		{"2001:db8::/65", "2001:db8:0:0:8000::/65", false, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct ip6_prefix a = prefix(cases[i].a), b = prefix(cases[i].b);
		bool overlap = cases[i].a_covers || cases[i].b_covers;

		assert_int_equal(ip6_prefix_covers(&a, &b), cases[i].a_covers);
		assert_int_equal(ip6_prefix_covers(&b, &a), cases[i].b_covers);
		assert_int_equal(ip6_prefix_overlaps(&a, &b), overlap);
		assert_int_equal(ip6_prefix_overlaps(&b, &a), overlap);
		assert_int_equal(ip6_prefix_equal(&a, &b), cases[i].a_covers && cases[i].b_covers);
	}
}

#ifdef __SIZEOF_INT128__
typedef unsigned __int128 number;

static number number_of(const struct in6_addr *addr)
{
	number n = 0;

	for (size_t i = 0; i < 16; i++)
		n = n << 8 | addr->s6_addr[i];
	return n;
}

/* Any number; often one of few bits, or of many, where carries happen. */
static struct in6_addr some_addr(struct rng *rng)
{
	uint64_t kind = rng_u64(rng) % 4;
	struct in6_addr addr;

	for (size_t i = 0; i < 16; i++) {
		uint8_t x = (uint8_t)rng_u64(rng);

		addr.s6_addr[i] = kind == 0 ? 0xff : kind == 1 ? 0 : x;
	}
	addr.s6_addr[rng_u64(rng) % 16] = (uint8_t)rng_u64(rng);
	return addr;
}

static void arithmetic_is_that_of_128_bit_numbers(void **state)
{
	struct rng rng;

	(void)state;
	rng_seed(&rng, 4);
	for (int i = 0; i < 200000; i++) {
		struct in6_addr a = some_addr(&rng), b = some_addr(&rng);
		uint64_t count = rng_u64(&rng) >> rng_u64(&rng) % 64;
		unsigned int shift = (unsigned int)(rng_u64(&rng) % 128);
		struct in6_addr sum = ip6_add(&a, count, shift);
		number na = number_of(&a), nb = number_of(&b);

		assert_true(number_of(&sum) == na + ((number)count << shift));
		assert_int_equal(ip6_compare(&a, &b) < 0, na < nb);
		assert_int_equal(ip6_compare(&a, &b) > 0, na > nb);
		assert_int_equal(ip6_equal(&a, &b), na == nb);
		number d = (na < nb ? nb - na : na - nb) >> shift;
		uint64_t distance =
			na < nb ? ip6_distance(&a, &b, shift) : ip6_distance(&b, &a, shift);

		assert_true(distance == (d > UINT64_MAX ? UINT64_MAX : (uint64_t)d));
	}
}

static void masks_are_those_of_128_bit_numbers(void **state)
{
	struct rng rng;

	(void)state;
	rng_seed(&rng, 5);
	for (int i = 0; i < 50000; i++) {
		struct in6_addr a = some_addr(&rng), b = some_addr(&rng);
		uint8_t len = (uint8_t)(rng_u64(&rng) % 129);
		number mask = len ? ~(number)0 << (128 - len) : 0;
		struct ip6_prefix p = ip6_prefix_make(&a, len);
		struct in6_addr last = ip6_prefix_last(&p);

		assert_true(number_of(&p.addr) == (number_of(&a) & mask));
		assert_true(number_of(&last) == (number_of(&a) | ~mask));
		assert_int_equal(ip6_prefix_contains(&p, &b),
				 (number_of(&a) & mask) == (number_of(&b) & mask));
	}
}
#endif

static void sums_and_distances_cross_the_halves(void **state)
{
	struct in6_addr low = ip6("2001:db8::ffff:ffff:ffff:ffff");
	struct in6_addr next = ip6_add(&low, 1, 0), top = ip6("ffff:ffff:ffff:ffff::");
	struct in6_addr zero = ip6("::");

	(void)state;
	assert_addr(&next, "2001:db8:0:1::");
	assert_int_equal(ip6_distance(&low, &next, 0), 1);
	assert_true(ip6_distance(&zero, &top, 0) == UINT64_MAX);
	assert_true(ip6_distance(&zero, &top, 64) == UINT64_MAX);
	assert_true(ip6_distance(&zero, &top, 127) == 1);
	next = ip6_add(&zero, 3, 127);
	assert_addr(&next, "8000::");
	next = ip6_add(&zero, 5, 72);
	assert_addr(&next, "0:0:0:500::");
}

/* RFC 4291 appendix A. */
static void an_address_is_made_from_a_mac(void **state)
{
	static const uint8_t mac[6] = {0x34, 0x56, 0x78, 0x9a, 0xbc, 0xde};
	struct ip6_prefix p = prefix("2001:db8:0:7::/64"), shorter = prefix("2001:db8::/32");
	struct in6_addr addr = ip6_from_mac(&p, mac);

	(void)state;
	assert_addr(&addr, "2001:db8:0:7:3656:78ff:fe9a:bcde");
	addr = ip6_from_mac(&shorter, mac);
	assert_addr(&addr, "2001:db8::3656:78ff:fe9a:bcde");
}

static void text_that_is_no_address_is_refused(void **state)
{
	static const char *const bad[] = {
		"",        " ::",     ":: ",       "::/0",          "1.2.3.4",          ":::",
		"1::2::3", "12345::", "fe80::1%1", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9"};
	struct in6_addr addr = {.s6_addr = {7}}, before = addr;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		assert_false(ip6_parse(bad[i], &addr));
		assert_memory_equal(&addr, &before, sizeof(addr));
	}
}

static void prefixes_are_read(void **state)
{
	static const struct {
		const char *text, *expected;
		bool tail;
	} cases[] = {
		{"::/0", "::/0", false},
		{"2001:db8::/32", "2001:db8::/32", false},
		{"2001:DB8:0:0::/64", "2001:db8::/64", false},
		{"2001:db8::1/128", "2001:db8::1/128", false},
		{"2001:db8::1/127", "2001:db8::/127", true},
		{"2001:db8::1/64", "2001:db8::/64", true},
		{"1111:2222:3333:4444:5555:6666:123.123.123.123/128",
		 "1111:2222:3333:4444:5555:6666:7b7b:7b7b/128", false},
	};
	char buf[IP6_PREFIX_TEXT_LEN];
	struct text t;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct ip6_prefix p;
		bool tail = !cases[i].tail;

		assert_true(ip6_prefix_parse(cases[i].text, &p, &tail));
		assert_int_equal(tail, cases[i].tail);
		text_init(&t, buf, sizeof(buf));
		text_put_ip6_prefix(&t, &p);
		assert_string_equal(buf, cases[i].expected);
		assert_int_equal(ip6_prefix_parse(cases[i].text, &p, NULL), !cases[i].tail);
	}
}

static void text_that_is_no_prefix_is_refused(void **state)
{
	static const char *const bad[] = {"",
					  "::",
					  "::/",
					  "/64",
					  "::/129",
					  "::/1000",
					  "::/-1",
					  "::/+1",
					  "::/ 1",
					  "::/1 ",
					  "::/6x",
					  "::/64/64",
					  "x::/64",
					  "::/0x10",
					  "::/0064",
					  "::/4294967360",
					  "11111111111111111111111111111111111111111111111111/64"};
	struct ip6_prefix p = {.len = 77};
	bool tail;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		assert_false(ip6_prefix_parse(bad[i], &p, &tail));
		assert_int_equal(p.len, 77);
	}
	assert_false(ip6_prefix_parse("2001:db8::1/64", &p, NULL));
	assert_int_equal(p.len, 77);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(kinds_of_addresses_are_told_apart),
		cmocka_unit_test(reserved_interface_identifiers_are_known),
		cmocka_unit_test(a_prefix_holds_its_first_and_last_address),
		cmocka_unit_test(prefixes_cover_and_overlap),
#ifdef __SIZEOF_INT128__
		cmocka_unit_test(arithmetic_is_that_of_128_bit_numbers),
		cmocka_unit_test(masks_are_those_of_128_bit_numbers),
#endif
		cmocka_unit_test(sums_and_distances_cross_the_halves),
		cmocka_unit_test(an_address_is_made_from_a_mac),
		cmocka_unit_test(text_that_is_no_address_is_refused),
		cmocka_unit_test(prefixes_are_read),
		cmocka_unit_test(text_that_is_no_prefix_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

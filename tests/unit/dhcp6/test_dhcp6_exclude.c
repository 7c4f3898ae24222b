/* SPDX-License-Identifier: ISC */
/*
 * Prefix Exclude: the octets of the option, and what of a delegation is nobody's.
 */
#include "config.h"

#include <string.h>

#include "dhcp6/dhcp6_exclude.h"
#include "peer.h"

static struct ip6_prefix prefix_of(const char *text)
{
	struct ip6_prefix prefix;

	assert_true(ip6_prefix_parse(text, &prefix, NULL));
	return prefix;
}

/* P7 */
static void the_octets_of_the_option(void **state)
{
	static const struct {
		const char *delegated, *excluded, *option; /* code, length, value */
	} cases[] = {
		/* clang-format off */
		{"2001:db8:0:ff00::/56", "2001:db8:0:ff42::/64", "0043 0002 40 42"},
		/* 5 bits, 10110, to the left of an octet */
		{"2001:db8:0:20::/59", "2001:db8:0:36::/64", "0043 0002 40 b0"},
		{"2001:db8:0::/48", "2001:db8:0:abcd::/64", "0043 0003 40 abcd"},
		/* one bit */
		{"2001:db8:0:2::/63", "2001:db8:0:3::/64", "0043 0002 40 80"},
		{"2001:db8::/64", "2001:db8::1:2:3:4/128", "0043 0009 80 0001000200030004"},
		/* nine bits take two octets: 0 1010 0101 */
		{"2001:db8::/47", "2001:db8:0:5280::/57", "0043 0003 39 2940"},
		{"2001:db8::/47", "2001:db8:1::/48", "0043 0002 30 80"},
		/* the longest there can be: 127 bits below a /1 */
		{"::/1", "::1/128", "0043 0011 80 00000000000000000000000000000002"},
		/* clang-format on */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct ip6_prefix delegated = prefix_of(cases[i].delegated);
		struct ip6_prefix excluded = prefix_of(cases[i].excluded);
		char text[64] = "", wanted[64] = "";
		uint8_t bytes[32];
		struct wire_writer w = wire_writer(bytes, sizeof(bytes));

		dhcp6_exclude_put(&w, &delegated, &excluded);
		assert_false(w.bad);
		for (size_t k = 0; k < w.at; k++)
			snprintf(text + 2 * k, 3, "%02x", bytes[k]);
		for (const char *c = cases[i].option; *c; c++) {
			if (*c != ' ')
				strncat(wanted, c, 1);
		}
		assert_string_equal(text, wanted);
	}
}

/* P12: an address of the link may lie in a delegation where all that is given out leaves it out. */
static void what_is_excluded_is_given_to_nobody(void **state)
{
	struct dhcp6_delegation delegation = {.prefix = prefix_of("2001:db8:100::/48"),
					      .shortest = 55,
					      .longest = 56,
					      .exclude = prefix_of("::ff:0:0:0:0/64")};
	static const struct {
		const char *prefix;
		bool gives;
	} cases[] = {
		{"2001:db8:100:ff::/64", false}, /* of a /55 it would be the ff::/64 as well */
		{"2001:db8:100:2ff::/64", false}, {"2001:db8:100:2ff:8000::/65", false},
		{"2001:db8:100:1ff::/64", true}, /* in the second half of a /55 */
		{"2001:db8:100:fe::/64", true},   {"2001:db8:100:fe::/63", true},
		{"2001:db8::/32", true},          {"2001:db8:101::/64", false}, /* elsewhere */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct ip6_prefix prefix = prefix_of(cases[i].prefix);

		assert_int_equal(dhcp6_exclude_gives(&delegation, &prefix), cases[i].gives);
	}
	delegation.exclude.len = 0;
	struct ip6_prefix prefix = prefix_of("2001:db8:100:ff::/64");

	assert_true(dhcp6_exclude_gives(&delegation, &prefix));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_octets_of_the_option),
		cmocka_unit_test(what_is_excluded_is_given_to_nobody),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: ISC */
/*
 * The ledger of prefixes in simulated time.
 */
#include "config.h"

#include "ra/ra_ledger.h"
#include "ra_fixture.h"

static struct ra_prefix learned(const char *prefix, mtime preferred_end, mtime valid_end)
{
	return (struct ra_prefix){
		.prefix = prefix_of(prefix),
		.on_link = true,
		.preferred = 2700,
		.valid = 5400,
		.preferred_end = preferred_end,
		.valid_end = valid_end,
	};
}

static bool round_of(struct ra_ledger *ledger, const struct ra_prefix *prefixes, size_t n,
		     mtime now)
{
	ra_ledger_begin(ledger);
	for (size_t i = 0; i < n; i++)
		ra_ledger_see(ledger, &prefixes[i]);
	return ra_ledger_end(ledger, now);
}

/* S21: announced as gone for as long as it was told last, and not longer. */
static void what_vanishes_is_told_as_gone_for_its_lifetime(void **state)
{
	const struct ra_prefix prefix = learned("2001:db8::/64", 3000 * SEC, 4000 * SEC);
	struct ra_ledger ledger = {0};
	struct ra_prefix told;

	(void)state;
	assert_true(round_of(&ledger, &prefix, 1, 0));
	assert_int_equal(ra_ledger_wake(&ledger, 0), 4000 * SEC);
	assert_true(round_of(&ledger, NULL, 0, 1000 * SEC));
	assert_int_equal(ledger.n, 1);
	told = ra_ledger_told(&ledger.entries[0]);
	assert_int_equal(told.valid, 0);
	assert_int_equal(told.preferred, 0);
	assert_true(told.on_link);
	assert_int_equal(ra_ledger_wake(&ledger, 1000 * SEC), 4000 * SEC);
	assert_false(round_of(&ledger, NULL, 0, 4000 * SEC - 1));
	assert_true(round_of(&ledger, NULL, 0, 4000 * SEC));
	assert_int_equal(ledger.n, 0);
	assert_int_equal(ra_ledger_wake(&ledger, 4000 * SEC), MTIME_NEVER);
	ra_ledger_fini(&ledger);
}

/* Whole seconds of the kernel make ends that jump a little; that is no change. */
static void ends_that_jump_a_little_are_the_same(void **state)
{
	struct ra_prefix prefix = learned("2001:db8::/64", 3000 * SEC, 4000 * SEC);
	struct ra_ledger ledger = {0};

	(void)state;
	round_of(&ledger, &prefix, 1, 0);
	prefix.valid_end += 1900;
	prefix.preferred_end -= 1900;
	assert_false(round_of(&ledger, &prefix, 1, SEC));
	assert_int_equal(ledger.entries[0].prefix.valid_end, 4000 * SEC);
	prefix.valid_end = 4003 * SEC;
	assert_true(round_of(&ledger, &prefix, 1, SEC));
	prefix.valid_end = MTIME_NEVER;
	assert_true(round_of(&ledger, &prefix, 1, SEC));
	assert_int_equal(ledger.entries[0].prefix.valid_end, MTIME_NEVER);
	ra_ledger_fini(&ledger);
}

/* Of several addresses in one prefix the one that lasts longest counts, in any order. */
static void the_longest_lived_address_counts(void **state)
{
	const struct ra_prefix both[] = {learned("2001:db8::/64", 10 * SEC, 500 * SEC),
					 learned("2001:db8::/64", 20 * SEC, 400 * SEC)};
	struct ra_ledger ledger = {0};

	(void)state;
	round_of(&ledger, both, 2, 0);
	assert_int_equal(ledger.n, 1);
	assert_int_equal(ledger.entries[0].prefix.preferred_end, 20 * SEC);
	assert_int_equal(ledger.entries[0].prefix.valid_end, 500 * SEC);
	assert_false(round_of(&ledger, both, 2, SEC));
	ra_ledger_fini(&ledger);
}

/* V13: what counts down is not begun anew, unless it is configured otherwise. */
static void what_counts_down_goes_on(void **state)
{
	struct ra_prefix prefix = {.prefix = prefix_of("2001:db8::/64"),
				   .decrementing = true,
				   .preferred = 100,
				   .valid = LIFETIME_INFINITE};
	struct ra_ledger ledger = {0};

	(void)state;
	for (mtime now = 0; now <= 200 * SEC; now += 50 * SEC) {
		ra_ledger_begin(&ledger);
		ra_ledger_see_counted(&ledger, &prefix, now);
		assert_int_equal(ra_ledger_end(&ledger, now), now == 0);
		struct ra_lifetimes told = ra_prefix_lifetimes(&ledger.entries[0].prefix, now);

		assert_int_equal(told.preferred, now < 100 * SEC ? 100 - now / SEC : 0);
		assert_int_equal(told.valid, LIFETIME_INFINITE);
	}
	prefix.preferred = 300;
	ra_ledger_begin(&ledger);
	ra_ledger_see_counted(&ledger, &prefix, 200 * SEC);
	assert_true(ra_ledger_end(&ledger, 200 * SEC));
	assert_int_equal(ledger.entries[0].prefix.preferred_end, 500 * SEC);
	/* What was told not to end is announced as gone for a bounded time. */
	assert_true(round_of(&ledger, NULL, 0, 200 * SEC));
	assert_int_equal(ledger.entries[0].until, 200 * SEC + 30 * 86400 * SEC);
	ra_ledger_fini(&ledger);
}

static void those_gone_are_bounded(void **state)
{
	struct ra_ledger ledger = {0};
	struct ra_prefix prefix = learned("2001:db8::/64", 0, 0);

	(void)state;
	for (int i = 0; i < 3 * RA_LEDGER_GONE_MAX; i++) {
		prefix.prefix.addr.s6_addr[7] = (uint8_t)i;
		prefix.valid_end = (1000 + i) * SEC;
		round_of(&ledger, &prefix, 1, 0);
	}
	assert_int_equal(ledger.n, RA_LEDGER_GONE_MAX + 1);
	/* What hosts forget first made room. */
	for (size_t i = 0; i < ledger.n; i++)
		assert_true(ledger.entries[i].prefix.prefix.addr.s6_addr[7] >=
			    2 * RA_LEDGER_GONE_MAX - 1);
	ra_ledger_fini(&ledger);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_vanishes_is_told_as_gone_for_its_lifetime),
		cmocka_unit_test(ends_that_jump_a_little_are_the_same),
		cmocka_unit_test(the_longest_lived_address_counts),
		cmocka_unit_test(what_counts_down_goes_on),
		cmocka_unit_test(those_gone_are_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: ISC */
/*
 * Time, lifetimes, token buckets and seeded randomness.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/bucket.h"
#include "base/mtime.h"
#include "base/rng.h"

static void adding_to_a_time_never_wraps(void **state)
{
	(void)state;
	assert_true(mtime_add(5, 7) == 12);
	assert_true(mtime_add(-5, 7) == 2);
	assert_true(mtime_add(MTIME_NEVER, 0) == MTIME_NEVER);
	assert_true(mtime_add(MTIME_NEVER, 1) == MTIME_NEVER);
	assert_true(mtime_add(MTIME_NEVER - 1, 1) == MTIME_NEVER);
	assert_true(mtime_add(MTIME_NEVER - 2, 1) == MTIME_NEVER - 1);
	assert_true(mtime_add(1, MTIME_NEVER) == MTIME_NEVER);
	assert_true(mtime_min(3, 4) == 3 && mtime_min(4, 3) == 3);
	assert_true(mtime_max(3, 4) == 4 && mtime_max(4, 3) == 4);
}

/* RFC 8415 section 7.7: all ones does not end; anything else does. */
static void a_lifetime_ends_unless_it_is_infinite(void **state)
{
	(void)state;
	assert_true(mtime_after_lifetime(100, 0) == 100);
	assert_true(mtime_after_lifetime(100, 10) == 100 + 10 * SEC);
	assert_true(mtime_after_lifetime(0, UINT32_MAX - 1) == (mtime)(UINT32_MAX - 1) * SEC);
	assert_true(mtime_after_lifetime(100, LIFETIME_INFINITE) == MTIME_NEVER);
}

static void what_remains_is_rounded_down_and_never_infinite_by_chance(void **state)
{
	(void)state;
	assert_int_equal(mtime_remaining(5 * SEC, 0), 5);
	assert_int_equal(mtime_remaining(5 * SEC, 1), 4);
	assert_int_equal(mtime_remaining(5 * SEC, 5 * SEC), 0);
	assert_int_equal(mtime_remaining(5 * SEC, 6 * SEC), 0);
	assert_int_equal(mtime_remaining(MTIME_NEVER, 6 * SEC), LIFETIME_INFINITE);
	assert_int_equal(mtime_remaining((mtime)UINT32_MAX * SEC, 0), UINT32_MAX - 1);
	assert_int_equal(mtime_remaining((mtime)UINT32_MAX * SEC * 3, 0), UINT32_MAX - 1);
	for (uint32_t seconds = 1; seconds < 1u << 31; seconds *= 3)
		assert_int_equal(mtime_remaining(mtime_after_lifetime(77, seconds), 77), seconds);
}

static uint32_t take_all(struct bucket *bucket, mtime now, uint32_t rate, uint32_t burst)
{
	uint32_t n = 0;

	while (n < 100000 && bucket_take(bucket, now, rate, burst))
		n++;
	return n;
}

static void a_bucket_gives_its_burst_and_then_its_rate(void **state)
{
	static const uint32_t rates[] = {1, 3, 7, 50, 300, 600, 999, 1000};

	(void)state;
	for (size_t i = 0; i < sizeof(rates) / sizeof(*rates); i++) {
		struct bucket bucket = {0};
		uint32_t n = 0;

		assert_int_equal(take_all(&bucket, 5000, rates[i], 20), 20);
		assert_int_equal(take_all(&bucket, 5000, rates[i], 20), 0);
		for (mtime now = 5001; now <= 15000; now++)
			n += take_all(&bucket, now, rates[i], 20);
		assert_in_range(n, rates[i] * 10 - 1, rates[i] * 10 + 1 + rates[i] / 100);
	}
}

static void a_bucket_at_rest_keeps_no_more_than_its_burst(void **state)
{
	struct bucket bucket = {0};

	(void)state;
	assert_int_equal(take_all(&bucket, 1000, 10, 5), 5);
	assert_int_equal(take_all(&bucket, 3600 * SEC, 10, 5), 5);
	/* A clock that goes back gives nothing. */
	assert_int_equal(take_all(&bucket, 3599 * SEC, 10, 5), 0);
	assert_true(bucket_take(&(struct bucket){0}, 0, 1, 1));
}

/* The reference programs of splitmix64 and xoshiro256** give these numbers. */
static void randomness_matches_the_reference(void **state)
{
	static const uint64_t seeded[] = {0xe220a8397b1dcdafu, 0x6e789e6aa1b965f4u,
					  0x06c45d188009454fu, 0xf88bb8a8724c81ecu};
	static const uint64_t expected[] = {11520, 0, 1509978240, 1215971899390074240};
	struct rng rng;

	(void)state;
	rng_seed(&rng, 0);
	for (size_t i = 0; i < 4; i++)
		assert_true(rng.s[i] == seeded[i]);
	rng = (struct rng){{1, 2, 3, 4}};
	for (size_t i = 0; i < 4; i++)
		assert_true(rng_u64(&rng) == expected[i]);
}

static void one_seed_gives_one_sequence(void **state)
{
	struct rng a, b, c;
	int same = 0;

	(void)state;
	rng_seed(&a, 7);
	rng_seed(&b, 7);
	rng_seed(&c, 8);
	for (int i = 0; i < 100; i++) {
		uint64_t x = rng_u64(&a);

		assert_true(x == rng_u64(&b));
		same += x == rng_u64(&c);
	}
	assert_int_equal(same, 0);
}

/* S3: uniform, with both ends. */
static void a_range_is_drawn_from_evenly(void **state)
{
	int counts[7] = {0};
	struct rng rng;

	(void)state;
	rng_seed(&rng, 1);
	for (int i = 0; i < 70000; i++) {
		int64_t x = rng_between(&rng, -3, 3);

		assert_true(x >= -3 && x <= 3);
		counts[x + 3]++;
	}
	for (int i = 0; i < 7; i++)
		assert_in_range(counts[i], 9500, 10500);
}

/* The remainder of 64 random bits would favour the low two thirds of this range. */
static void a_wide_range_is_drawn_from_evenly(void **state)
{
	const int64_t two_thirds = (int64_t)1 << 62;
	struct rng rng;
	int low = 0;

	(void)state;
	rng_seed(&rng, 6);
	for (int i = 0; i < 30000; i++)
		low += rng_between(&rng, 0, two_thirds / 2 * 3 - 1) < two_thirds;
	assert_in_range(low, 19500, 20500);
}

static void the_widest_and_the_narrowest_range_work(void **state)
{
	bool negative = false, positive = false;
	struct rng rng;

	(void)state;
	rng_seed(&rng, 2);
	assert_true(rng_between(&rng, 42, 42) == 42);
	assert_true(rng_between(&rng, INT64_MAX, INT64_MAX) == INT64_MAX);
	for (int i = 0; i < 100; i++) {
		int64_t x = rng_between(&rng, INT64_MIN, INT64_MAX);

		negative = negative || x < 0;
		positive = positive || x > 0;
		assert_true(rng_between(&rng, INT64_MIN, -1) < 0);
		assert_true(rng_between(&rng, INT64_MIN, INT64_MAX - 1) < INT64_MAX);
	}
	assert_true(negative && positive);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(adding_to_a_time_never_wraps),
		cmocka_unit_test(a_lifetime_ends_unless_it_is_infinite),
		cmocka_unit_test(what_remains_is_rounded_down_and_never_infinite_by_chance),
		cmocka_unit_test(a_bucket_gives_its_burst_and_then_its_rate),
		cmocka_unit_test(a_bucket_at_rest_keeps_no_more_than_its_burst),
		cmocka_unit_test(randomness_matches_the_reference),
		cmocka_unit_test(one_seed_gives_one_sequence),
		cmocka_unit_test(a_range_is_drawn_from_evenly),
		cmocka_unit_test(a_wide_range_is_drawn_from_evenly),
		cmocka_unit_test(the_widest_and_the_narrowest_range_work),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

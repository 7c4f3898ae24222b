/* SPDX-License-Identifier: ISC */
/*
 * The map from interface index, against a plain array.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/rng.h"
#include "net/net_map.h"

enum { KEYS = 200 };

/* Many keys with the same low bits, so that they stand in each other's way. */
static unsigned int key_of(size_t i)
{
	return i % 2 ? (unsigned int)i * 4096 : (unsigned int)i + 1;
}

static void an_empty_map_has_nothing(void **state)
{
	struct net_map map = {.n = 0};

	(void)state;
	assert_null(net_map_get(&map, 0));
	assert_null(net_map_take(&map, 1));
	net_map_fini(&map);
}

static void a_map_holds_what_was_put_and_not_taken(void **state)
{
	struct net_map map = {.n = 0};
	int values[KEYS];
	void *expected[KEYS] = {NULL};
	struct rng rng;
	size_t n = 0;

	(void)state;
	rng_seed(&rng, 9);
	for (int step = 0; step < 20000; step++) {
		size_t i = (size_t)(rng_u64(&rng) % KEYS);

		if (expected[i]) {
			assert_ptr_equal(net_map_take(&map, key_of(i)), expected[i]);
			expected[i] = NULL;
			n--;
		} else {
			expected[i] = &values[i];
			net_map_put(&map, key_of(i), expected[i]);
			n++;
		}
		assert_int_equal(map.n, n);
		for (size_t k = 0; step % 10 == 0 && k < KEYS; k++)
			assert_ptr_equal(net_map_get(&map, key_of(k)), expected[k]);
	}
	net_map_fini(&map);
	assert_null(net_map_get(&map, key_of(0)));
}

static void every_value_is_in_one_slot(void **state)
{
	struct net_map map = {.n = 0};
	int values[KEYS], seen[KEYS] = {0};

	(void)state;
	for (size_t i = 0; i < KEYS; i++)
		net_map_put(&map, key_of(i), &values[i]);
	for (size_t i = 0; i < map.n_slots; i++) {
		if (map.slots[i].value)
			seen[(int *)map.slots[i].value - values]++;
	}
	for (size_t i = 0; i < KEYS; i++)
		assert_int_equal(seen[i], 1);
	net_map_fini(&map);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_empty_map_has_nothing),
		cmocka_unit_test(a_map_holds_what_was_put_and_not_taken),
		cmocka_unit_test(every_value_is_in_one_slot),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

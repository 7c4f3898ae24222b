/* SPDX-License-Identifier: ISC */
/*
 * Arrays that grow: what is in them stays, and what is new is zero, or not touched at all.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/mem.h"

enum {
	N = 100000,
	LARGE = 1 << 26, /* octets: such a piece of memory is mapped for itself alone */
};

typedef void *grow_fn(void *items, size_t *cap, size_t want, size_t size);

static void items_stay_and_room_doubles(void **state)
{
	static grow_fn *const grows[] = {mem_grow, mem_grow_raw};

	(void)state;
	for (size_t k = 0; k < 2; k++) {
		size_t cap = 0, before = 0, moves = 0;
		uint32_t *items = NULL;

		for (uint32_t i = 0; i < N; i++) {
			items = grows[k](items, &cap, i + 1u, sizeof(*items));
			assert_true(cap > i);
			moves += cap != before;
			before = cap;
			items[i] = i;
		}
		assert_in_range(moves, 2, 17);
		for (uint32_t i = 0; i < N; i++)
			assert_int_equal(items[i], i);
		free(items);
	}
}

static void new_items_are_zero(void **state)
{
	size_t cap = 0;
	uint8_t *items = NULL;

	(void)state;
	for (size_t n = 0; n < N; n = cap) {
		items = mem_grow(items, &cap, n + 1, 1);
		for (size_t i = n; i < cap; i++) {
			assert_int_equal(items[i], 0);
			items[i] = 0xff;
		}
	}
	free(items);
}

/* How many octets from here on are in memory, by whole pages. */
static size_t touched(uint8_t *from, size_t len)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE), n = 0;
	uint8_t *first = from + (page - (uintptr_t)from % page);
	size_t pages = len / page - 1;
	unsigned char *in = mem_new(pages, 1);

	assert_int_equal(mincore(first, pages * page, in), 0);
	for (size_t i = 0; i < pages; i++)
		n += in[i] & 1;
	free(in);
	return n * page;
}

static void a_large_array_grows_without_being_written(void **state)
{
	size_t cap = 0;
	uint8_t *items = mem_grow_raw(NULL, &cap, LARGE / 2, 1);

	(void)state;
	items[LARGE / 2 - 1] = 7;
	items = mem_grow_raw(items, &cap, LARGE, 1);
	assert_int_equal(cap, LARGE);
	assert_int_equal(items[LARGE / 2 - 1], 7);
	assert_in_range(touched(items + LARGE / 2, LARGE / 2), 0, LARGE / 16);
	free(items);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(items_stay_and_room_doubles),
		cmocka_unit_test(new_items_are_zero),
		cmocka_unit_test(a_large_array_grows_without_being_written),
	};

	return cmocka_run_group_tests_name("mem", tests, NULL, NULL);
}

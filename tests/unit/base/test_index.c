/* SPDX-License-Identifier: ISC */
/*
 * Indices: what is put in is found until it is taken out, in whatever order, and no single step
 * costs more than a few of the items that are there: everybody waits for it.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/index.h"
#include "base/mem.h"
#include "base/siphash.h"

enum {
	ITEMS = 100000,
	STEP_HASHES_MAX = 24, /* of the items of one bucket, and of the one that is put */
};

struct items {
	uint32_t *next;
	unsigned int *hashed; /* items, since it was looked at last */
};

static const struct siphash_key key = {{7}};

static uint64_t item_hash(const void *owner, uint32_t id)
{
	const struct items *items = owner;

	++*items->hashed;
	return siphash(&key, &id, sizeof(id));
}

static uint32_t *item_next(const void *owner, uint32_t id)
{
	const struct items *items = owner;

	return &items->next[id];
}

static const struct index_ops ops = {item_hash, item_next};

static bool has(const struct index *index, const struct items *items, uint32_t id)
{
	uint32_t at = index_first(index, siphash(&key, &id, sizeof(id)));

	while (at != id && at != INDEX_NONE)
		at = items->next[at];
	return at == id;
}

static void items_come_and_go_in_small_steps(void **state)
{
	unsigned int hashed = 0, most = 0;
	struct items items = {.next = mem_new(ITEMS, sizeof(*items.next)), .hashed = &hashed};
	struct index index;

	(void)state;
	index_init(&index, &ops);
	for (uint32_t id = 0; id < ITEMS; id++) {
		hashed = 0;
		index_put(&index, &items, id);
		most = hashed > most ? hashed : most;
		/* Every third goes again, a while after it came. */
		if (id % 3 == 2)
			index_del(&index, &items, id / 3);
	}
	assert_in_range(most, 2, STEP_HASHES_MAX);
	assert_int_equal(index.n, ITEMS - ITEMS / 3);
	for (uint32_t id = 0; id < ITEMS; id++)
		assert_int_equal(has(&index, &items, id), id >= ITEMS / 3);
	index_fini(&index);
	free(items.next);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(items_come_and_go_in_small_steps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

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

#include "base/mem.h"
#include "base/siphash.h"
#include "lease/lease.h"
#include "lease/lease_index.h"

enum {
	ITEMS = 100000,
	STEP_HASHES_MAX = 24, /* of the items of one bucket, and of the one that is put */
};

/* Stands where the table of leases does. */
struct items {
	uint32_t *next;
	unsigned int *hashed; /* items, since it was looked at last */
};

static const struct siphash_key key = {{7}};

static const struct items *items_of(const struct lease_table *table)
{
	return (const struct items *)(const void *)table;
}

static uint64_t item_hash(const struct lease_table *table, uint32_t id)
{
	++*items_of(table)->hashed;
	return siphash(&key, &id, sizeof(id));
}

static uint32_t *item_next(const struct lease_table *table, uint32_t id)
{
	return &items_of(table)->next[id];
}

static const struct lease_index_ops ops = {item_hash, item_next};

static bool has(const struct lease_index *index, const struct items *items, uint32_t id)
{
	uint32_t at = lease_index_first(index, siphash(&key, &id, sizeof(id)));

	while (at != id && at != LEASE_NONE)
		at = items->next[at];
	return at == id;
}

static void items_come_and_go_in_small_steps(void **state)
{
	unsigned int hashed = 0, most = 0;
	struct items items = {.next = mem_new(ITEMS, sizeof(*items.next)), .hashed = &hashed};
	const struct lease_table *table = (const struct lease_table *)(const void *)&items;
	struct lease_index index;

	(void)state;
	lease_index_init(&index, &ops);
	for (uint32_t id = 0; id < ITEMS; id++) {
		hashed = 0;
		lease_index_put(&index, table, id);
		most = hashed > most ? hashed : most;
		/* Every third goes again, a while after it came. */
		if (id % 3 == 2)
			lease_index_del(&index, table, id / 3);
	}
	assert_in_range(most, 2, STEP_HASHES_MAX);
	assert_int_equal(index.n, ITEMS - ITEMS / 3);
	for (uint32_t id = 0; id < ITEMS; id++)
		assert_int_equal(has(&index, &items, id), id >= ITEMS / 3);
	lease_index_fini(&index);
	free(items.next);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(items_come_and_go_in_small_steps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

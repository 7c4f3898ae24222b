/* SPDX-License-Identifier: ISC */
/*
 * Slabs and chained hash tables. Chains go through a member of the items, so an index costs four
 * octets an item and four a bucket; there are as many buckets as items, and up to twice the room.
 *
 * A table that is made anew when it is full makes everybody wait: 0.3 s at half a million items,
 * measured. So it grows by one bucket with each item, for which one other is split (Litwin's linear
 * hashing).
 */
#include "config.h"

#include "lease/lease_index.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "lease/lease.h"

enum {
	MIN_BUCKETS = 64,
};

void lease_slab_init(struct lease_slab *slab, size_t item)
{
	*slab = (struct lease_slab){.item = item, .free = LEASE_NONE};
}

void lease_slab_fini(struct lease_slab *slab)
{
	for (size_t i = 0; i < slab->n_chunks; i++)
		free(slab->chunks[i]);
	free(slab->chunks);
}

uint32_t lease_slab_new(struct lease_slab *slab)
{
	uint32_t id = slab->free;

	if (id != LEASE_NONE) {
		void *item = lease_slab_at(slab, id);

		memcpy(&slab->free, item, sizeof(slab->free));
		memset(item, 0, slab->item);
		return id;
	}
	assert(slab->used < LEASE_NONE);
	if (slab->used == slab->n_chunks << LEASE_SLAB_SHIFT) {
		slab->chunks = mem_grow(slab->chunks, &slab->cap_chunks, slab->n_chunks + 1,
					sizeof(void *));
		slab->chunks[slab->n_chunks++] = mem_new((size_t)1 << LEASE_SLAB_SHIFT, slab->item);
	}
	return slab->used++;
}

void lease_slab_drop(struct lease_slab *slab, uint32_t id)
{
	memcpy(lease_slab_at(slab, id), &slab->free, sizeof(slab->free));
	slab->free = id;
}

void lease_index_init(struct lease_index *index, const struct lease_index_ops *ops)
{
	*index =
		(struct lease_index){.ops = ops, .n_buckets = MIN_BUCKETS, .mask = MIN_BUCKETS - 1};
	index->buckets = mem_grow(NULL, &index->cap_buckets, MIN_BUCKETS, sizeof(*index->buckets));
	for (size_t i = 0; i < MIN_BUCKETS; i++)
		index->buckets[i] = LEASE_NONE;
}

void lease_index_fini(struct lease_index *index)
{
	free(index->buckets);
}

static void chain(struct lease_index *index, const struct lease_table *table, uint32_t id)
{
	uint32_t *bucket = lease_index_bucket(index, index->ops->hash(table, id));

	*index->ops->next(table, id) = *bucket;
	*bucket = id;
}

/* One bucket more: what belongs in it is in the one that has its number without the first bit. */
static void grow(struct lease_index *index, const struct lease_table *table)
{
	size_t number = index->n_buckets++;

	if (number > index->mask)
		index->mask = 2 * index->mask + 1;
	index->buckets = mem_grow(index->buckets, &index->cap_buckets, index->n_buckets,
				  sizeof(*index->buckets));
	uint32_t *split = &index->buckets[number & (index->mask >> 1)], id = *split;

	index->buckets[number] = LEASE_NONE;
	*split = LEASE_NONE;
	while (id != LEASE_NONE) {
		uint32_t next = *index->ops->next(table, id);

		chain(index, table, id);
		id = next;
	}
}

void lease_index_put(struct lease_index *index, const struct lease_table *table, uint32_t id)
{
	if (index->n >= index->n_buckets)
		grow(index, table);
	chain(index, table, id);
	index->n++;
}

void lease_index_del(struct lease_index *index, const struct lease_table *table, uint32_t id)
{
	uint32_t *at = lease_index_bucket(index, index->ops->hash(table, id));

	while (*at != id) {
		assert(*at != LEASE_NONE);
		at = index->ops->next(table, *at);
	}
	*at = *index->ops->next(table, id);
	index->n--;
}

/* SPDX-License-Identifier: ISC */
/*
 * Slabs and chained hash tables. Chains go through a member of the items, so an index costs four
 * octets an item and four a bucket; there are as many buckets as items, up to a factor of two.
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

static uint32_t *new_buckets(size_t n)
{
	uint32_t *buckets = mem_new(n, sizeof(*buckets));

	for (size_t i = 0; i < n; i++)
		buckets[i] = LEASE_NONE;
	return buckets;
}

void lease_index_init(struct lease_index *index, const struct lease_index_ops *ops)
{
	*index = (struct lease_index){
		.ops = ops, .buckets = new_buckets(MIN_BUCKETS), .n_buckets = MIN_BUCKETS};
}

void lease_index_fini(struct lease_index *index)
{
	free(index->buckets);
}

static void chain(struct lease_index *index, const struct lease_table *table, uint32_t id)
{
	uint32_t *bucket = &index->buckets[index->ops->hash(table, id) & (index->n_buckets - 1)];

	*index->ops->next(table, id) = *bucket;
	*bucket = id;
}

static void grow(struct lease_index *index, const struct lease_table *table)
{
	uint32_t *old = index->buckets;
	size_t n_old = index->n_buckets;

	index->n_buckets = n_old * 2;
	index->buckets = new_buckets(index->n_buckets);
	for (size_t i = 0; i < n_old; i++) {
		for (uint32_t id = old[i], next; id != LEASE_NONE; id = next) {
			next = *index->ops->next(table, id);
			chain(index, table, id);
		}
	}
	free(old);
}

void lease_index_put(struct lease_index *index, const struct lease_table *table, uint32_t id)
{
	if (index->n == index->n_buckets)
		grow(index, table);
	chain(index, table, id);
	index->n++;
}

void lease_index_del(struct lease_index *index, const struct lease_table *table, uint32_t id)
{
	uint32_t *at = &index->buckets[index->ops->hash(table, id) & (index->n_buckets - 1)];

	while (*at != id) {
		assert(*at != LEASE_NONE);
		at = index->ops->next(table, *at);
	}
	*at = *index->ops->next(table, id);
	index->n--;
}

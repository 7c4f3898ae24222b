/* SPDX-License-Identifier: ISC */
/*
 * Chained hash tables. Chains go through a member of the items, so an index costs four octets an
 * item and four a bucket; there are as many buckets as items, and up to twice the room.
 *
 * A table that is made anew when it is full makes everybody wait: 0.3 s at half a million items,
 * measured. So it grows by one bucket with each item, for which one other is split (Litwin's linear
 * hashing).
 */
#include "config.h"

#include "base/index.h"

#include <assert.h>
#include <stdlib.h>

#include "base/mem.h"

enum {
	MIN_BUCKETS = 64,
};

void index_init(struct index *index, const struct index_ops *ops)
{
	*index = (struct index){.ops = ops, .n_buckets = MIN_BUCKETS, .mask = MIN_BUCKETS - 1};
	index->buckets =
		mem_grow_raw(NULL, &index->cap_buckets, MIN_BUCKETS, sizeof(*index->buckets));
	for (size_t i = 0; i < MIN_BUCKETS; i++)
		index->buckets[i] = INDEX_NONE;
}

void index_fini(struct index *index)
{
	free(index->buckets);
}

static void chain(struct index *index, const void *owner, uint32_t id)
{
	uint32_t *bucket = index_bucket(index, index->ops->hash(owner, id));

	*index->ops->next(owner, id) = *bucket;
	*bucket = id;
}

/* One bucket more: what belongs in it is in the one that has its number without the first bit. */
static void grow(struct index *index, const void *owner)
{
	size_t number = index->n_buckets++;

	if (number > index->mask)
		index->mask = 2 * index->mask + 1;
	index->buckets = mem_grow_raw(index->buckets, &index->cap_buckets, index->n_buckets,
				      sizeof(*index->buckets));
	uint32_t *split = &index->buckets[number & (index->mask >> 1)], id = *split;

	index->buckets[number] = INDEX_NONE;
	*split = INDEX_NONE;
	while (id != INDEX_NONE) {
		uint32_t next = *index->ops->next(owner, id);

		chain(index, owner, id);
		id = next;
	}
}

void index_put(struct index *index, const void *owner, uint32_t id)
{
	if (index->n >= index->n_buckets)
		grow(index, owner);
	chain(index, owner, id);
	index->n++;
}

void index_del(struct index *index, const void *owner, uint32_t id)
{
	uint32_t *at = index_bucket(index, index->ops->hash(owner, id));

	while (*at != id) {
		assert(*at != INDEX_NONE);
		at = index->ops->next(owner, *at);
	}
	*at = *index->ops->next(owner, id);
	index->n--;
}

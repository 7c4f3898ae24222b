/* SPDX-License-Identifier: ISC */
/*
 * Slabs and hash tables of things named by 32-bit numbers, for the files of the lease table.
 */
#ifndef SEXTANT_LEASE_LEASE_INDEX_H
#define SEXTANT_LEASE_LEASE_INDEX_H

#include <stddef.h>
#include <stdint.h>

struct lease_table;

enum {
	LEASE_SLAB_SHIFT = 10, /* items of a chunk, as a power of two */
};

/* Items of one size in chunks that never move. */
struct lease_slab {
	size_t item;
	void **chunks;
	size_t n_chunks, cap_chunks;
	uint32_t used; /* numbers below are, or were, given out */
	uint32_t free; /* first of the chain of free items, which starts in their first 4 octets */
};

void lease_slab_init(struct lease_slab *slab, size_t item);
void lease_slab_fini(struct lease_slab *slab);

/* The number of a zeroed item. */
uint32_t lease_slab_new(struct lease_slab *slab);
void lease_slab_drop(struct lease_slab *slab, uint32_t id);

static inline void *lease_slab_at(const struct lease_slab *slab, uint32_t id)
{
	char *chunk = slab->chunks[id >> LEASE_SLAB_SHIFT];

	return chunk + (id & ((1u << LEASE_SLAB_SHIFT) - 1)) * slab->item;
}

/* How an index gets at its items: the hash of one, and the member that chains those of a bucket. */
struct lease_index_ops {
	uint64_t (*hash)(const struct lease_table *table, uint32_t id);
	uint32_t *(*next)(const struct lease_table *table, uint32_t id);
};

struct lease_index {
	const struct lease_index_ops *ops;
	uint32_t *buckets;
	size_t cap_buckets; /* that there is room for */
	size_t n_buckets;
	size_t mask; /* the least 2^k - 1 that has every bucket's number */
	size_t n;
};

void lease_index_init(struct lease_index *index, const struct lease_index_ops *ops);
void lease_index_fini(struct lease_index *index);

/* Buckets that are not there yet are in the one that will be split for them. */
static inline uint32_t *lease_index_bucket(const struct lease_index *index, uint64_t hash)
{
	size_t number = hash & index->mask;

	return &index->buckets[number < index->n_buckets ? number : number & (index->mask >> 1)];
}

/* The first of the bucket; LEASE_NONE at its end. Several buckets' worth may be in one. */
static inline uint32_t lease_index_first(const struct lease_index *index, uint64_t hash)
{
	return *lease_index_bucket(index, hash);
}

void lease_index_put(struct lease_index *index, const struct lease_table *table, uint32_t id);
void lease_index_del(struct lease_index *index, const struct lease_table *table, uint32_t id);

#endif

/* SPDX-License-Identifier: ISC */
/*
 * Hash tables of things named by 32-bit numbers.
 */
#ifndef SEXTANT_BASE_INDEX_H
#define SEXTANT_BASE_INDEX_H

#include <stddef.h>
#include <stdint.h>

/* No thing has this number. */
#define INDEX_NONE UINT32_MAX

/* How an index gets at its items: the hash of one, and the member that chains those of a bucket. */
struct index_ops {
	uint64_t (*hash)(const void *owner, uint32_t id);
	uint32_t *(*next)(const void *owner, uint32_t id);
};

struct index {
	const struct index_ops *ops;
	uint32_t *buckets;
	size_t cap_buckets; /* that there is room for */
	size_t n_buckets;
	size_t mask; /* the least 2^k - 1 that has every bucket's number */
	size_t n;
};

void index_init(struct index *index, const struct index_ops *ops);
void index_fini(struct index *index);

/* Buckets that are not there yet are in the one that will be split for them. */
static inline uint32_t *index_bucket(const struct index *index, uint64_t hash)
{
	size_t number = hash & index->mask;

	return &index->buckets[number < index->n_buckets ? number : number & (index->mask >> 1)];
}

/* The first of the bucket; INDEX_NONE at its end. Several buckets' worth may be in one. */
static inline uint32_t index_first(const struct index *index, uint64_t hash)
{
	return *index_bucket(index, hash);
}

/*
 * The owner is what the ops get the items from. While one is in, its hash stays what it is; put
 * hashes at most one bucket of the others. Taking out one that is not in is a fault.
 */
void index_put(struct index *index, const void *owner, uint32_t id);
void index_del(struct index *index, const void *owner, uint32_t id);

#endif

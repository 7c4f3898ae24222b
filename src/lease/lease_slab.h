/* SPDX-License-Identifier: ISC */
/*
 * Slabs of things named by 32-bit numbers, for the files of the lease table.
 */
#ifndef SEXTANT_LEASE_LEASE_SLAB_H
#define SEXTANT_LEASE_LEASE_SLAB_H

#include <stddef.h>
#include <stdint.h>

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

#endif

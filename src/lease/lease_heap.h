/* SPDX-License-Identifier: ISC */
/*
 * Binary heaps of leases by a time, for the files of the lease table. A lease remembers its place
 * in a member, so it can be taken out from anywhere.
 */
#ifndef SEXTANT_LEASE_LEASE_HEAP_H
#define SEXTANT_LEASE_LEASE_HEAP_H

#include <stddef.h>
#include <stdint.h>

#include "base/mtime.h"
#include "lease/lease_slab.h"

/* 12 octets, not 16: there is one for each lease. */
struct lease_heap_item {
	mtime key;
	uint32_t id;
} __attribute__((packed, aligned(4)));

struct lease_heap {
	const struct lease_slab *leases;
	size_t place; /* offset of the uint32_t member that holds the place; LEASE_NONE: not in */
	struct lease_heap_item *items;
	size_t n, cap;
};

void lease_heap_init(struct lease_heap *heap, const struct lease_slab *leases, size_t place);

/* Whatever is still in it no longer has a place. */
void lease_heap_fini(struct lease_heap *heap);

void lease_heap_put(struct lease_heap *heap, uint32_t id, mtime key);
void lease_heap_del(struct lease_heap *heap, uint32_t id);

/* The lease is in the heap. */
mtime lease_heap_key(const struct lease_heap *heap, uint32_t id);
void lease_heap_rekey(struct lease_heap *heap, uint32_t id, mtime key);

#endif

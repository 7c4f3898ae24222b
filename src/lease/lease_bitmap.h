/* SPDX-License-Identifier: ISC */
/*
 * Bits in levels, for the files of the lease table: the next one that is free is found in a few
 * steps, however many are used.
 */
#ifndef SEXTANT_LEASE_LEASE_BITMAP_H
#define SEXTANT_LEASE_LEASE_BITMAP_H

#include <stdbool.h>
#include <stdint.h>

enum {
	LEASE_BITMAP_LEVELS = 4,
	LEASE_BITMAP_MAX = 1 << 24, /* 64 to the power of the levels */
};

/* Bits 0 to n - 1, all free; n is 1 to LEASE_BITMAP_MAX. Takes about n/7.9 octets. */
struct lease_bitmap *lease_bitmap_new(uint32_t n);
void lease_bitmap_free(struct lease_bitmap *bitmap);

bool lease_bitmap_is_used(const struct lease_bitmap *bitmap, uint32_t at);
void lease_bitmap_use(struct lease_bitmap *bitmap, uint32_t at);
void lease_bitmap_unuse(struct lease_bitmap *bitmap, uint32_t at);

/* All from `low` to `high`, both included. */
void lease_bitmap_use_range(struct lease_bitmap *bitmap, uint32_t low, uint32_t high);
void lease_bitmap_unuse_range(struct lease_bitmap *bitmap, uint32_t low, uint32_t high);

/* The first free one at or after `from`, else the first of all; LEASE_NONE when none is free. */
uint32_t lease_bitmap_next_free(const struct lease_bitmap *bitmap, uint32_t from);

#endif

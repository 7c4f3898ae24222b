/* SPDX-License-Identifier: ISC */
/*
 * A pool from inside, shared by its two halves: lease_pool.c keeps what is used, lease_pick.c
 * chooses. A unit is what is given out: an address, or a prefix of the pool's length.
 */
#ifndef SEXTANT_LEASE_LEASE_POOL_H
#define SEXTANT_LEASE_LEASE_POOL_H

#include "lease/lease_bitmap.h"
#include "lease/lease_internal.h"

struct lease_pool {
	struct lease_table *table;
	struct lease_pool_conf conf;
	unsigned int shift;        /* bits of an address below a unit */
	uint64_t last;             /* number of the last unit */
	bool filled;               /* whether `used` and `reclaim` are kept */
	struct lease_bitmap *used; /* NULL if the pool is too large for one */
	struct lease_heap reclaim; /* by when they ended; only whole units that may be picked */
	struct lease_tree *out;    /* what is excluded */
	struct ip6_prefix *outs;   /* the prefixes in `out`, by their number there */
	size_t n_outs, cap_outs;
	uint64_t next; /* LEASE_SEQUENTIAL: the unit after the last given */
};

/* Builds what the pools need to know of the leases there are, for all new pools at once. */
void lease_pools_fill(struct lease_table *table);

/* Whether two pools give out prefixes of different lengths from one and the same range. */
bool lease_pools_share(const struct lease_pool *a, const struct lease_pool *b);

struct in6_addr lease_pool_unit(const struct lease_pool *pool, uint64_t unit);

/* The unit an address of the pool's range is in. */
uint64_t lease_pool_unit_of(const struct lease_pool *pool, const struct in6_addr *addr);

#endif

/* SPDX-License-Identifier: ISC */
/*
 * Choosing from a pool. A policy says where to look: at a few places that a keyed hash gives, or
 * behind the last one. When those are used, the next free unit is taken; when none is free, what
 * was given back or ran out longest ago. So a choice costs the same however full the pool is.
 *
 * A pool without a bitmap is searched by stepping over what is used, and only so far: what then
 * is not found is looked for once more from a random place, so that who asks again is not refused
 * for ever where the pool has room somewhere else.
 */
#include "config.h"

#include <string.h>

#include "lease/lease_pool.h"

enum {
	PROBES = 8,       /* places a hash gives, before the next free one is taken */
	PAST_TRIES = 16,  /* remembered leases of another length that are looked at */
	WALK_STEPS = 512, /* leases and exclusions stepped over where there is no bitmap */
};

/* What a place is a hash of, and how many octets of it are set. */
struct seed {
	uint8_t bytes[16 + 2 + DUID_MAX + 4 + 4];
	size_t len; /* without the counter, which comes last */
};

static void seed_put(struct seed *seed, const void *bytes, size_t len)
{
	memcpy(seed->bytes + seed->len, bytes, len);
	seed->len += len;
}

static void seed_put_number(struct seed *seed, uint64_t value, unsigned int octets)
{
	while (octets-- > 0)
		seed->bytes[seed->len++] = (uint8_t)(value >> 8 * octets);
}

/*
 * RFC 7943 section 3: F(prefix, client DUID, IAID, counter, secret). The prefix is that of the
 * link, so that a client keeps its address when the range in it is changed but still holds it.
 */
static struct seed stable_seed(const struct lease_pool *pool, uint32_t client, uint32_t iaid)
{
	const struct lease_client *who = lease_client_get(pool->table, client);
	struct seed seed = {.len = 0};

	seed_put(&seed, &pool->conf.prefix.addr, 16);
	seed_put_number(&seed, pool->conf.prefix.len, 1);
	seed_put_number(&seed, pool->conf.plen, 1);
	seed_put(&seed, who->duid, who->duid_len);
	seed_put_number(&seed, iaid, 4);
	return seed;
}

static struct seed random_seed(uint64_t random)
{
	struct seed seed = {.len = 0};

	seed_put_number(&seed, random, 8);
	return seed;
}

static uint64_t place(const struct lease_pool *pool, const struct seed *seed, uint32_t counter)
{
	struct seed full = *seed;

	seed_put_number(&full, counter, 4);
	uint64_t hash = siphash(&pool->table->key, full.bytes, full.len);

	return pool->last == UINT64_MAX ? hash : hash % (pool->last + 1);
}

static bool is_free(const struct lease_pool *pool, uint64_t unit)
{
	struct ip6_prefix whole = {lease_pool_unit(pool, unit), pool->conf.plen};

	if (pool->used)
		return !lease_bitmap_is_used(pool->used, (uint32_t)unit);
	if (!lease_pool_has(pool, &whole.addr, whole.len))
		return false;
	if (lease_rec_find(pool->table, pool->conf.network, pool->conf.kind, &whole) ||
	    lease_rec_against(pool->table, pool->conf.network, pool->conf.kind, &whole))
		return false;
	return pool->conf.kind != LEASE_PD ||
	       lease_tree_overlap(pool->table->nets[pool->conf.network].tree, &whole) == LEASE_NONE;
}

/* What makes a unit unusable: an exclusion, a delegated prefix, or a lease of the unit itself. */
static struct ip6_prefix used_by(const struct lease_pool *pool, const struct ip6_prefix *unit)
{
	const struct lease_table *table = pool->table;
	uint32_t id = lease_tree_overlap(pool->out, unit);

	if (id != LEASE_NONE)
		return pool->outs[id];
	if (pool->conf.kind == LEASE_PD)
		id = lease_tree_overlap(table->nets[pool->conf.network].tree, unit);
	return id == LEASE_NONE ? *unit : lease_prefix(lease_rec(table, id));
}

/* The last unit of what makes this one unusable. */
static uint64_t end_of_used(const struct lease_pool *pool, uint64_t unit)
{
	struct ip6_prefix whole = {lease_pool_unit(pool, unit), pool->conf.plen};
	struct ip6_prefix by = used_by(pool, &whole);
	struct in6_addr last = ip6_prefix_last(&by);

	return ip6_compare(&last, &pool->conf.last) < 0 ? lease_pool_unit_of(pool, &last)
							: pool->last;
}

/*
 * In a pool without a bitmap: walks on, over each lease or exclusion in one step, from its last
 * unit to its first; not farther than its steps.
 */
static bool walk(const struct lease_pool *pool, uint64_t from, uint64_t *ret_unit)
{
	uint64_t unit = from;

	for (int step = 0; step < WALK_STEPS; step++) {
		if (is_free(pool, unit)) {
			*ret_unit = unit;
			return true;
		}
		unit = end_of_used(pool, unit);
		unit = unit == pool->last ? 0 : unit + 1;
	}
	return false;
}

static bool next_free(const struct lease_pool *pool, uint64_t from, uint64_t random,
		      uint64_t *ret_unit)
{
	if (!pool->used)
		return walk(pool, from, ret_unit) ||
		       walk(pool, pool->last == UINT64_MAX ? random : random % (pool->last + 1),
			    ret_unit);

	uint32_t unit = lease_bitmap_next_free(pool->used, (uint32_t)from);

	*ret_unit = unit;
	return unit != LEASE_NONE;
}

static bool pick_hashed(const struct lease_pool *pool, const struct seed *seed, uint64_t random,
			uint64_t *ret_unit)
{
	for (uint32_t counter = 0; counter < PROBES; counter++) {
		*ret_unit = place(pool, seed, counter);
		if (is_free(pool, *ret_unit))
			return true;
	}
	return next_free(pool, place(pool, seed, 0), random, ret_unit);
}

/* RFC 4291 appendix A: the address that the client would make itself. */
static bool pick_from_mac(const struct lease_pool *pool, uint32_t client, uint64_t *ret_unit)
{
	const struct lease_client *who = lease_client_get(pool->table, client);

	if (who->mac_source == LEASE_MAC_NONE || pool->conf.kind != LEASE_NA ||
	    pool->conf.prefix.len > 64)
		return false;
	struct ip6_prefix link = ip6_prefix_make(&pool->conf.first, 64);
	struct in6_addr addr = ip6_from_mac(&link, who->mac);

	if (!lease_pool_has(pool, &addr, 128))
		return false;
	*ret_unit = lease_pool_unit_of(pool, &addr);
	return is_free(pool, *ret_unit);
}

static bool pick_free(const struct lease_pool *pool, uint32_t client, uint32_t iaid,
		      uint64_t random, uint64_t *ret_unit)
{
	struct seed seed;

	switch (pool->conf.policy) {
	case LEASE_SEQUENTIAL:
		return next_free(pool, pool->next, random, ret_unit);
	case LEASE_RANDOM:
		seed = random_seed(random);
		return pick_hashed(pool, &seed, random, ret_unit);
	case LEASE_FROM_MAC:
		if (pick_from_mac(pool, client, ret_unit))
			return true;
		break;
	case LEASE_STABLE:
		break;
	}
	seed = stable_seed(pool, client, iaid);
	return pick_hashed(pool, &seed, random, ret_unit);
}

bool lease_pool_pick(const struct lease_pool *pool, uint32_t client, uint32_t iaid, uint64_t random,
		     struct in6_addr *ret)
{
	uint64_t unit;

	lease_pools_fill(pool->table);
	if (pick_free(pool, client, iaid, random, &unit)) {
		*ret = lease_pool_unit(pool, unit);
		return true;
	}
	if (pool->reclaim.n == 0)
		return false;
	*ret = lease_rec(pool->table, pool->reclaim.items[0].id)->pub.addr;
	return true;
}

/* The first unit that a prefix touches, if nothing but what is remembered stands against it. */
static bool find_past_unit(const struct lease_pool *pool, const struct lease_rec *rec,
			   struct in6_addr *ret)
{
	struct ip6_prefix unit = ip6_prefix_make(&rec->pub.addr, pool->conf.plen);

	*ret = unit.addr;
	return lease_pool_has(pool, &unit.addr, unit.len) &&
	       lease_only_past(pool->table, pool->conf.network, &unit.addr, unit.len);
}

bool lease_pool_pick_past(const struct lease_pool *pool, struct in6_addr *ret)
{
	const struct lease_net *net = &pool->table->nets[pool->conf.network];

	if (pool->conf.kind != LEASE_PD)
		return false;
	for (size_t i = 0; i < net->n_pools[LEASE_PD]; i++) {
		const struct lease_pool *other = net->pools[LEASE_PD][i];

		if (!lease_pools_share(pool, other))
			continue;
		for (size_t k = 0; k < PAST_TRIES && k < other->reclaim.n; k++) {
			uint32_t id = other->reclaim.items[k].id;

			if (find_past_unit(pool, lease_rec(pool->table, id), ret))
				return true;
		}
	}
	return false;
}

/* SPDX-License-Identifier: ISC */
/*
 * Pools: what is used in them, and what may be taken back from those who no longer use it.
 *
 * Up to 2^24 units have a bitmap in which used and excluded ones are set. A larger pool has none:
 * there the table's index tells whether a unit is used. A delegated prefix of another length than
 * the pool's makes every unit it touches used; so pools that give out several lengths from one
 * range each know what the others gave.
 *
 * A new pool learns what the table's leases use when it is needed first, together with all other
 * new pools, in one walk over the leases: a configuration can have thousands of pools.
 */
#include "config.h"

#include "lease/lease_pool.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* RFC 5453 section 3 with the IANA registry: see ip6_is_reserved_iid(). */
static const struct {
	uint8_t iid[8];
	uint8_t len;
} reserved[] = {
	{{0}, 128},
	{{0x02, 0x00, 0x5e, 0xff, 0xfe, 0x00, 0x00, 0x00}, 104},
	{{0xfd, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x80}, 121},
};

struct in6_addr lease_pool_unit(const struct lease_pool *pool, uint64_t unit)
{
	return ip6_add(&pool->conf.first, unit, pool->shift);
}

uint64_t lease_pool_unit_of(const struct lease_pool *pool, const struct in6_addr *addr)
{
	return ip6_distance(&pool->conf.first, addr, pool->shift);
}

static bool is_in_range(const struct lease_pool *pool, const struct in6_addr *addr)
{
	return ip6_compare(&pool->conf.first, addr) <= 0 &&
	       ip6_compare(addr, &pool->conf.last) <= 0;
}

/* The first and last unit that a prefix touches; false if it lies outside. */
static bool units_of(const struct lease_pool *pool, const struct ip6_prefix *prefix,
		     uint64_t *ret_low, uint64_t *ret_high)
{
	struct in6_addr last = ip6_prefix_last(prefix);

	if (ip6_compare(&last, &pool->conf.first) < 0 ||
	    ip6_compare(&prefix->addr, &pool->conf.last) > 0)
		return false;
	*ret_low = is_in_range(pool, &prefix->addr) ? lease_pool_unit_of(pool, &prefix->addr) : 0;
	*ret_high = is_in_range(pool, &last) ? lease_pool_unit_of(pool, &last) : pool->last;
	return true;
}

/* --- the pools of a network, in order ------------------------------------------------------ */

/* Where the first pool that ends at or after addr is, or would be. */
static size_t pools_from(const struct lease_net *net, enum lease_kind kind,
			 const struct in6_addr *addr)
{
	size_t low = 0, high = net->n_pools[kind];

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (ip6_compare(&net->pools[kind][mid]->conf.last, addr) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

bool lease_pools_share(const struct lease_pool *a, const struct lease_pool *b)
{
	return ip6_equal(&a->conf.first, &b->conf.first) &&
	       ip6_equal(&a->conf.last, &b->conf.last) && a->conf.plen != b->conf.plen;
}

static void pools_add(struct lease_net *net, enum lease_kind kind, struct lease_pool *pool)
{
	size_t at = pools_from(net, kind, &pool->conf.first), n = net->n_pools[kind];

	while (at < n && lease_pools_share(net->pools[kind][at], pool))
		at++;
	net->pools[kind] = mem_grow(net->pools[kind], &net->cap_pools[kind], n + 1,
				    sizeof(struct lease_pool *));
	struct lease_pool **pools = net->pools[kind];

	assert(at == n || ip6_compare(&pool->conf.last, &pools[at]->conf.first) < 0);
	memmove(pools + at + 1, pools + at, (n - at) * sizeof(struct lease_pool *));
	pools[at] = pool;
	net->n_pools[kind]++;
}

static void pools_remove(struct lease_net *net, enum lease_kind kind, const struct lease_pool *pool)
{
	size_t at = pools_from(net, kind, &pool->conf.first);

	while (net->pools[kind][at] != pool) {
		assert(lease_pools_share(net->pools[kind][at], pool));
		at++;
	}
	net->n_pools[kind]--;
	memmove(net->pools[kind] + at, net->pools[kind] + at + 1,
		(net->n_pools[kind] - at) * sizeof(struct lease_pool *));
}

/* --- a pool -------------------------------------------------------------------------------- */

static struct ip6_prefix out_key(const void *owner, uint32_t id)
{
	const struct lease_pool *pool = owner;

	return pool->outs[id];
}

static void exclude_reserved(struct lease_pool *pool, const struct in6_addr *net)
{
	for (size_t i = 0; i < sizeof(reserved) / sizeof(reserved[0]); i++) {
		struct ip6_prefix out = {*net, reserved[i].len};

		memcpy(out.addr.s6_addr + 8, reserved[i].iid, 8);
		lease_pool_exclude(pool, &out);
	}
}

struct lease_pool *lease_pool_new(struct lease_table *table, const struct lease_pool_conf *conf)
{
	struct lease_pool *pool = mem_new(1, sizeof(*pool));

	assert(conf->network < table->n_nets);
	assert(conf->plen > 0 && conf->plen <= 128 && conf->prefix.len <= conf->plen);
	pool->table = table;
	pool->conf = *conf;
	pool->shift = 128u - conf->plen;
	if (conf->kind == LEASE_PD) {
		pool->conf.first = conf->prefix.addr;
		pool->conf.last = ip6_prefix_last(&conf->prefix);
	}
	pool->last = lease_pool_unit_of(pool, &pool->conf.last);
	pool->out = lease_tree_new(out_key, NULL, pool);
	lease_heap_init(&pool->reclaim, &table->leases, offsetof(struct lease_rec, state_at));
	pools_add(&table->nets[conf->network], conf->kind, pool);
	table->n_pools++;
	table->n_unfilled++;
	if (conf->kind == LEASE_NA) {
		exclude_reserved(pool, &pool->conf.first);
		exclude_reserved(pool, &pool->conf.last);
	}
	return pool;
}

void lease_pool_free(struct lease_pool *pool)
{
	if (!pool)
		return;
	struct lease_table *table = pool->table;

	pools_remove(&table->nets[pool->conf.network], pool->conf.kind, pool);
	table->n_pools--;
	if (!pool->filled)
		table->n_unfilled--;
	lease_heap_fini(&pool->reclaim);
	lease_bitmap_free(pool->used);
	lease_tree_free(pool->out);
	free(pool->outs);
	free(pool);
}

const struct lease_pool_conf *lease_pool_conf(const struct lease_pool *pool)
{
	return &pool->conf;
}

uint64_t lease_pool_size(const struct lease_pool *pool)
{
	return pool->last == UINT64_MAX ? UINT64_MAX : pool->last + 1;
}

static void use_units(struct lease_pool *pool, const struct ip6_prefix *prefix)
{
	uint64_t low, high;

	if (pool->used && units_of(pool, prefix, &low, &high))
		lease_bitmap_use_range(pool->used, (uint32_t)low, (uint32_t)high);
}

/* What was excluded can no longer be taken back from anybody. */
static void drop_reclaimable(struct lease_pool *pool, const struct ip6_prefix *out)
{
	struct lease_heap was = pool->reclaim;

	lease_heap_init(&pool->reclaim, was.leases, was.place);
	for (size_t i = 0; i < was.n; i++) {
		struct lease_rec *rec = lease_rec(pool->table, was.items[i].id);
		struct ip6_prefix prefix = lease_prefix(rec);

		rec->state_at = LEASE_NONE;
		if (!ip6_prefix_overlaps(&prefix, out))
			lease_heap_put(&pool->reclaim, rec->pub.id, was.items[i].key);
	}
	free(was.items);
}

void lease_pool_exclude(struct lease_pool *pool, const struct ip6_prefix *out)
{
	struct ip6_prefix prefix = ip6_prefix_make(&out->addr, out->len);
	uint64_t low, high;
	uint32_t id;

	if (!units_of(pool, &prefix, &low, &high))
		return;
	while ((id = lease_tree_overlap(pool->out, &prefix)) != LEASE_NONE) {
		if (pool->outs[id].len <= prefix.len)
			return;
		lease_tree_del(pool->out, id);
	}
	pool->outs = mem_grow(pool->outs, &pool->cap_outs, pool->n_outs + 1, sizeof(*pool->outs));
	pool->outs[pool->n_outs] = prefix;
	lease_tree_put(pool->out, (uint32_t)pool->n_outs++);
	use_units(pool, &prefix);
	if (pool->reclaim.n > 0)
		drop_reclaimable(pool, &prefix);
}

/* Whether the unit that starts at addr is never picked. */
static bool is_out(const struct lease_pool *pool, const struct in6_addr *addr)
{
	struct ip6_prefix unit = {*addr, pool->conf.plen};

	if (lease_tree_overlap(pool->out, &unit) != LEASE_NONE)
		return true;
	return pool->conf.kind == LEASE_NA && ip6_is_reserved_iid(addr);
}

bool lease_pool_has(const struct lease_pool *pool, const struct in6_addr *addr, uint8_t plen)
{
	return plen == pool->conf.plen && is_in_range(pool, addr) && !is_out(pool, addr);
}

/* --- what leases use ----------------------------------------------------------------------- */

static void use(struct lease_pool *pool, const struct lease_rec *rec)
{
	struct ip6_prefix prefix = lease_prefix(rec);

	use_units(pool, &prefix);
	if (rec->pub.plen == pool->conf.plen && is_in_range(pool, &rec->pub.addr)) {
		uint64_t unit = lease_pool_unit_of(pool, &rec->pub.addr);

		pool->next = unit == pool->last ? 0 : unit + 1;
	}
}

/* The unit of a prefix that is longer: it may share it with others. */
static void unuse_shared(struct lease_pool *pool, uint64_t unit)
{
	const struct lease_net *net = &pool->table->nets[pool->conf.network];
	struct ip6_prefix whole = {lease_pool_unit(pool, unit), pool->conf.plen};

	if (!is_out(pool, &whole.addr) && lease_tree_overlap(net->tree, &whole) == LEASE_NONE)
		lease_bitmap_unuse(pool->used, (uint32_t)unit);
}

/* The units of one that is no longer placed. They can be many: none is looked at alone. */
static void unuse(struct lease_pool *pool, const struct lease_rec *rec)
{
	struct ip6_prefix prefix = lease_prefix(rec);
	uint64_t low, high;

	if (!pool->used || !units_of(pool, &prefix, &low, &high))
		return;
	if (prefix.len > pool->conf.plen) {
		unuse_shared(pool, low);
		return;
	}
	lease_bitmap_unuse_range(pool->used, (uint32_t)low, (uint32_t)high);
	if (lease_tree_overlap(pool->out, &prefix) == LEASE_NONE)
		return;
	for (size_t i = 0; i < pool->n_outs; i++) {
		if (ip6_prefix_overlaps(&pool->outs[i], &prefix))
			use_units(pool, &pool->outs[i]);
	}
}

static void remember(struct lease_pool *pool, struct lease_rec *rec)
{
	if (lease_pool_has(pool, &rec->pub.addr, rec->pub.plen))
		lease_heap_put(&pool->reclaim, rec->pub.id, lease_ended_at(&rec->pub));
}

/*
 * Calls `what` for each pool in which the lease lies, those that are not filled apart: what they
 * will know is found by the walk that fills them.
 */
static void each_pool(struct lease_table *table, uint32_t network, const struct lease_rec *rec,
		      void (*what)(struct lease_pool *, const struct lease_rec *))
{
	const struct lease_net *net = &table->nets[network];
	struct ip6_prefix prefix = lease_prefix(rec);
	struct in6_addr last = ip6_prefix_last(&prefix);

	for (size_t i = pools_from(net, lease_pool_kind(rec), &prefix.addr);
	     i < net->n_pools[lease_pool_kind(rec)]; i++) {
		struct lease_pool *pool = net->pools[lease_pool_kind(rec)][i];

		if (ip6_compare(&pool->conf.first, &last) > 0)
			break;
		if (pool->filled)
			what(pool, rec);
	}
}

void lease_pools_use(struct lease_table *table, uint32_t network, const struct lease_rec *rec)
{
	each_pool(table, network, rec, use);
}

void lease_pools_unuse(struct lease_table *table, uint32_t network, const struct lease_rec *rec)
{
	each_pool(table, network, rec, unuse);
}

/* The pool that gives out what was leased, excluded or not; NULL if none does. */
static struct lease_pool *pool_of(const struct lease_table *table, const struct lease_rec *rec)
{
	const struct lease_net *net = &table->nets[lease_rec_network(table, rec)];

	for (size_t at = pools_from(net, lease_pool_kind(rec), &rec->pub.addr);
	     at < net->n_pools[lease_pool_kind(rec)]; at++) {
		struct lease_pool *pool = net->pools[lease_pool_kind(rec)][at];

		if (!is_in_range(pool, &rec->pub.addr))
			break;
		if (pool->conf.plen == rec->pub.plen)
			return pool;
	}
	return NULL;
}

/* Whether a delegated prefix takes room from a pool, one that is filled or, else, is not. */
static bool is_across(const struct lease_net *net, const struct ip6_prefix *prefix, bool filled)
{
	struct in6_addr last = ip6_prefix_last(prefix);

	for (size_t i = pools_from(net, LEASE_PD, &prefix->addr); i < net->n_pools[LEASE_PD]; i++) {
		const struct lease_pool *pool = net->pools[LEASE_PD][i];

		if (ip6_compare(&pool->conf.first, &last) > 0)
			break;
		if (pool->filled == filled)
			return true;
	}
	return false;
}

/* Of a length that no pool gives out any longer, it can be given back to nobody. */
static void remember_useless(struct lease_table *table, struct lease_rec *rec, bool filled)
{
	struct lease_net *net = &table->nets[lease_rec_network(table, rec)];
	struct ip6_prefix prefix = lease_prefix(rec);

	if (rec->pub.kind != LEASE_PD || rec->pub.marks & LEASE_MARK_USELESS ||
	    !is_across(net, &prefix, filled))
		return;
	lease_heap_put(&net->useless, rec->pub.id, lease_ended_at(&rec->pub));
	rec->pub.marks |= LEASE_MARK_USELESS;
}

static void unremember_useless(struct lease_table *table, struct lease_rec *rec)
{
	lease_heap_del(&table->nets[lease_rec_network(table, rec)].useless, rec->pub.id);
	rec->pub.marks &= (uint8_t)~LEASE_MARK_USELESS;
}

void lease_pools_remember(struct lease_table *table, struct lease_rec *rec)
{
	struct lease_pool *pool = pool_of(table, rec);

	if (pool && pool->filled)
		remember(pool, rec);
	else if (!pool)
		remember_useless(table, rec, /* filled= */ true);
}

void lease_pools_unremember(struct lease_table *table, struct lease_rec *rec)
{
	if (rec->pub.marks & LEASE_MARK_USELESS)
		unremember_useless(table, rec);
	else if (rec->state_at != LEASE_NONE)
		lease_heap_del(&pool_of(table, rec)->reclaim, rec->pub.id);
}

size_t lease_forget_useless(struct lease_table *table, uint32_t network, size_t max)
{
	const struct lease_heap *useless = &table->nets[network].useless;
	size_t n = 0;

	for (; n < max && useless->n > 0; n++)
		lease_forget(table, useless->items[0].id);
	return n;
}

/* --- filling ------------------------------------------------------------------------------- */

static void begin_fill(struct lease_pool *pool)
{
	if (pool->last < LEASE_BITMAP_MAX)
		pool->used = lease_bitmap_new((uint32_t)pool->last + 1);
	for (size_t i = 0; i < pool->n_outs; i++)
		use_units(pool, &pool->outs[i]);
}

static void each_new_pool(struct lease_table *table, void (*what)(struct lease_pool *))
{
	for (size_t n = 0; n < table->n_nets; n++) {
		for (size_t kind = 0; kind < LEASE_KINDS; kind++) {
			for (size_t i = 0; i < table->nets[n].n_pools[kind]; i++) {
				struct lease_pool *pool = table->nets[n].pools[kind][i];

				if (!pool->filled)
					what(pool);
			}
		}
	}
}

static void end_fill(struct lease_pool *pool)
{
	pool->filled = true;
	pool->next = 0;
}

/* A lease in the new pools; a short prefix may lie in several. */
static void fill_from(struct lease_table *table, struct lease_rec *rec)
{
	const struct lease_net *net = &table->nets[lease_rec_network(table, rec)];
	struct ip6_prefix prefix = lease_prefix(rec);
	struct in6_addr last = ip6_prefix_last(&prefix);
	bool past = lease_is_reclaimable(rec->pub.state);
	const struct lease_pool *own = past ? pool_of(table, rec) : NULL;

	if (own && rec->pub.marks & LEASE_MARK_USELESS)
		unremember_useless(table, rec);
	for (size_t i = pools_from(net, lease_pool_kind(rec), &prefix.addr);
	     i < net->n_pools[lease_pool_kind(rec)]; i++) {
		struct lease_pool *pool = net->pools[lease_pool_kind(rec)][i];

		if (ip6_compare(&pool->conf.first, &last) > 0)
			break;
		if (pool->filled)
			continue;
		use_units(pool, &prefix);
		if (past)
			remember(pool, rec);
	}
	if (past && !own)
		remember_useless(table, rec, /* filled= */ false);
}

void lease_pools_fill(struct lease_table *table)
{
	if (table->n_unfilled == 0)
		return;
	each_new_pool(table, begin_fill);
	for (uint32_t id = 0; id < table->leases.used; id++) {
		struct lease_rec *rec = lease_rec(table, id);

		if (rec->pub.state != LEASE_GONE)
			fill_from(table, rec);
	}
	each_new_pool(table, end_fill);
	table->n_unfilled = 0;
}

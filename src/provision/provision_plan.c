/* SPDX-License-Identifier: ISC */
/*
 * Comparing what should be with what is. provision_plan_want() and provision_plan_see() change the
 * two sides, provision_plan_next() gives the differences one by one.
 *
 * A route that differs waits in a queue for its turn; what is to be done is decided when it has
 * come, so changes that cancel each other cost nothing. A route that could not be made, or that
 * was lost, waits for its time in a second list, which is looked through when the first of it has
 * come. A route is moved by one replacement, so that no packet finds none.
 */
#include "config.h"

#include "provision/provision_plan.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/index.h"
#include "base/mem.h"

enum {
	AGAIN_MS = 1000,   /* after the first failure, and before what was lost is made again */
	AGAIN_DOUBLES = 6, /* up to 64 s */
};

struct entry {
	struct ip6_prefix to;
	uint32_t metric;
	uint32_t next; /* in its bucket, or of those that are free */
	uint64_t owner;
	struct ip6_hop want, have, done; /* done: what is under way */
	mtime not_before;
	uint32_t listing; /* the last one it was seen in */
	uint8_t tries;    /* failures in a row */
	uint8_t doing;    /* enum ip6_route_do, if under way */
	bool used, wanted, has, is_under_way;
	bool queued, waiting;
};

struct list {
	uint32_t *ids;
	size_t n, room;
};

struct provision_plan {
	struct siphash_key key;
	void (*todo)(void *arg);
	void *arg;
	struct entry *entries;
	size_t n_entries, room_entries;
	uint32_t free;
	struct index index;
	struct list queue; /* from `head` on */
	size_t head;
	struct list waiting;
	mtime wake; /* of those waiting, or before */
	uint32_t listing;
	bool is_listing;
	struct provision_counts counts;
};

static uint64_t hash_of(const struct provision_plan *plan, const struct ip6_prefix *to,
			uint32_t metric)
{
	uint8_t bytes[21];

	memcpy(bytes, &to->addr, 16);
	bytes[16] = to->len;
	memcpy(bytes + 17, &metric, 4);
	return siphash(&plan->key, bytes, sizeof(bytes));
}

static uint64_t entry_hash(const void *owner, uint32_t id)
{
	const struct provision_plan *plan = owner;

	return hash_of(plan, &plan->entries[id].to, plan->entries[id].metric);
}

static uint32_t *entry_next(const void *owner, uint32_t id)
{
	const struct provision_plan *plan = owner;

	return &plan->entries[id].next;
}

static const struct index_ops ops = {entry_hash, entry_next};

struct provision_plan *provision_plan_new(const struct siphash_key *key, void (*todo)(void *arg),
					  void *arg)
{
	struct provision_plan *plan = mem_new(1, sizeof(*plan));

	plan->key = *key;
	plan->todo = todo;
	plan->arg = arg;
	plan->free = INDEX_NONE;
	plan->wake = MTIME_NEVER;
	index_init(&plan->index, &ops);
	return plan;
}

void provision_plan_free(struct provision_plan *plan)
{
	if (!plan)
		return;
	free(plan->entries);
	index_fini(&plan->index);
	free(plan->queue.ids);
	free(plan->waiting.ids);
	free(plan);
}

/* --- entries ------------------------------------------------------------------------------- */

static struct entry *find(const struct provision_plan *plan, const struct ip6_prefix *to,
			  uint32_t metric)
{
	uint32_t id = index_first(&plan->index, hash_of(plan, to, metric));

	while (id != INDEX_NONE) {
		struct entry *entry = &plan->entries[id];

		if (entry->metric == metric && ip6_prefix_equal(&entry->to, to))
			return entry;
		id = entry->next;
	}
	return NULL;
}

static struct entry *need(struct provision_plan *plan, const struct ip6_prefix *to, uint32_t metric)
{
	struct entry *entry = find(plan, to, metric);
	uint32_t id = plan->free;

	if (entry)
		return entry;
	if (id != INDEX_NONE) {
		plan->free = plan->entries[id].next;
	} else {
		id = (uint32_t)plan->n_entries++;
		plan->entries = mem_grow_raw(plan->entries, &plan->room_entries, plan->n_entries,
					     sizeof(*plan->entries));
	}
	plan->entries[id] = (struct entry){.to = *to, .metric = metric, .used = true};
	index_put(&plan->index, plan, id);
	return &plan->entries[id];
}

static uint32_t id_of(const struct provision_plan *plan, const struct entry *entry)
{
	return (uint32_t)(entry - plan->entries);
}

static void drop(struct provision_plan *plan, struct entry *entry)
{
	uint32_t id = id_of(plan, entry);

	index_del(&plan->index, plan, id);
	entry->used = false;
	entry->next = plan->free;
	plan->free = id;
}

static void put(struct list *list, uint32_t id)
{
	list->ids = mem_grow_raw(list->ids, &list->room, list->n + 1, sizeof(*list->ids));
	list->ids[list->n++] = id;
}

/* --- differences --------------------------------------------------------------------------- */

static bool same_hop(const struct ip6_hop *a, const struct ip6_hop *b)
{
	if (a->unreachable || b->unreachable)
		return a->unreachable == b->unreachable;
	return a->ifindex == b->ifindex && ip6_equal(&a->via, &b->via);
}

static bool can_be_made(const struct ip6_hop *hop)
{
	return hop->unreachable || hop->ifindex;
}

/* What is to be done about it now; false: nothing. */
static bool differs(const struct entry *entry, enum ip6_route_do *ret)
{
	if (entry->is_under_way)
		return false;
	if (!entry->wanted) {
		*ret = IP6_ROUTE_REMOVE;
		return entry->has;
	}
	*ret = entry->has ? IP6_ROUTE_REPLACE : IP6_ROUTE_ADD;
	return can_be_made(&entry->want) && !(entry->has && same_hop(&entry->have, &entry->want));
}

static void recover(struct provision_plan *plan, struct entry *entry)
{
	if (entry->tries)
		plan->counts.failing--;
	entry->tries = 0;
	entry->not_before = 0;
}

/* After a change: has it looked at, or forgets it. */
static void touch(struct provision_plan *plan, struct entry *entry)
{
	enum ip6_route_do what;

	if (!differs(entry, &what)) {
		if (entry->is_under_way)
			return;
		recover(plan, entry);
		if (!entry->wanted && !entry->has && !entry->queued && !entry->waiting)
			drop(plan, entry);
		return;
	}
	if (entry->queued)
		return;
	if (entry->not_before) {
		plan->wake = mtime_min(plan->wake, entry->not_before);
		if (!entry->waiting)
			put(&plan->waiting, id_of(plan, entry));
		entry->waiting = true;
	} else {
		put(&plan->queue, id_of(plan, entry));
		entry->queued = true;
	}
	plan->todo(plan->arg);
}

static void set_has(struct provision_plan *plan, struct entry *entry, bool has)
{
	if (entry->has != has)
		plan->counts.present += has ? 1 : (size_t)-1;
	entry->has = has;
}

void provision_plan_want(struct provision_plan *plan, uint64_t owner, const struct ip6_route *route)
{
	struct entry *entry = need(plan, &route->to, route->metric);

	if (!entry->wanted)
		plan->counts.wanted++;
	/* Another way may work where the one before did not. */
	if (!entry->wanted || !same_hop(&entry->want, &route->hop))
		recover(plan, entry);
	entry->wanted = true;
	entry->owner = owner;
	entry->want = route->hop;
	touch(plan, entry);
}

void provision_plan_keep(struct provision_plan *plan, uint64_t owner, const struct ip6_route *route)
{
	const struct entry *entry = find(plan, &route->to, route->metric);

	if (!entry || !entry->wanted || entry->owner == owner)
		provision_plan_want(plan, owner, route);
}

void provision_plan_unwant(struct provision_plan *plan, uint64_t owner, const struct ip6_prefix *to,
			   uint32_t metric)
{
	struct entry *entry = find(plan, to, metric);

	if (!entry || !entry->wanted || entry->owner != owner)
		return;
	plan->counts.wanted--;
	entry->wanted = false;
	recover(plan, entry);
	touch(plan, entry);
}

void provision_plan_see(struct provision_plan *plan, const struct ip6_route *route)
{
	struct entry *entry = need(plan, &route->to, route->metric);

	set_has(plan, entry, true);
	entry->have = route->hop;
	entry->listing = plan->listing;
	touch(plan, entry);
}

void provision_plan_lose(struct provision_plan *plan, const struct ip6_route *route, mtime now)
{
	struct entry *entry = find(plan, &route->to, route->metric);

	if (!entry || !entry->has || !same_hop(&entry->have, &route->hop))
		return;
	set_has(plan, entry, false);
	if (entry->wanted) {
		plan->counts.lost++;
		entry->not_before = mtime_max(entry->not_before, mtime_add(now, AGAIN_MS));
	}
	touch(plan, entry);
}

void provision_plan_list_begin(struct provision_plan *plan)
{
	plan->listing++;
	plan->is_listing = true;
}

void provision_plan_list_end(struct provision_plan *plan)
{
	plan->is_listing = false;
	for (size_t id = 0; id < plan->n_entries; id++) {
		struct entry *entry = &plan->entries[id];

		if (!entry->used || !entry->has || entry->listing == plan->listing)
			continue;
		set_has(plan, entry, false);
		touch(plan, entry);
	}
	plan->todo(plan->arg);
}

/* --- doing --------------------------------------------------------------------------------- */

/* Those whose time has come go into the queue. */
static void look_at_waiting(struct provision_plan *plan, mtime now)
{
	size_t n = plan->waiting.n;

	plan->wake = MTIME_NEVER;
	plan->waiting.n = 0;
	for (size_t i = 0; i < n; i++) {
		struct entry *entry = &plan->entries[plan->waiting.ids[i]];

		/* Puts back at most as many as were taken. */
		entry->waiting = false;
		if (entry->not_before <= now)
			entry->not_before = 0;
		touch(plan, entry);
	}
}

static void compact_queue(struct provision_plan *plan)
{
	struct list *queue = &plan->queue;

	if (plan->head < queue->n)
		return;
	plan->head = 0;
	queue->n = 0;
}

bool provision_plan_next(struct provision_plan *plan, mtime now, struct ip6_route_op *ret)
{
	if (plan->is_listing)
		return false;
	if (plan->wake <= now)
		look_at_waiting(plan, now);
	while (plan->head < plan->queue.n) {
		uint32_t id = plan->queue.ids[plan->head++];
		struct entry *entry = &plan->entries[id];
		enum ip6_route_do what;

		compact_queue(plan);
		entry->queued = false;
		if (!differs(entry, &what) || entry->not_before) {
			touch(plan, entry);
			continue;
		}
		entry->is_under_way = true;
		entry->doing = (uint8_t)what;
		entry->done = what == IP6_ROUTE_REMOVE ? entry->have : entry->want;
		*ret = (struct ip6_route_op){
			.what = what, .id = id, .route = {entry->to, entry->metric, entry->done}};
		return true;
	}
	return false;
}

mtime provision_plan_wake(const struct provision_plan *plan)
{
	return plan->is_listing ? MTIME_NEVER : plan->wake;
}

static void succeed(struct provision_plan *plan, struct entry *entry)
{
	switch ((enum ip6_route_do)entry->doing) {
	case IP6_ROUTE_ADD:
		plan->counts.added++;
		break;
	case IP6_ROUTE_REPLACE:
		plan->counts.moved++;
		break;
	case IP6_ROUTE_REMOVE:
		plan->counts.removed++;
		break;
	}
	set_has(plan, entry, entry->doing != IP6_ROUTE_REMOVE);
	entry->have = entry->done;
	recover(plan, entry);
}

enum provision_result provision_plan_done(struct provision_plan *plan, uint32_t id, int error,
					  mtime now)
{
	struct entry *entry = &plan->entries[id];
	enum provision_result result = PROVISION_DONE;

	assert(id < plan->n_entries && entry->used && entry->is_under_way);
	entry->is_under_way = false;
	/* To remove what has gone is done. */
	if (error == 0 || (entry->doing == IP6_ROUTE_REMOVE && error == ESRCH)) {
		succeed(plan, entry);
	} else {
		unsigned int doubles = entry->tries < AGAIN_DOUBLES ? entry->tries : AGAIN_DOUBLES;

		plan->counts.failures++;
		if (!entry->tries)
			plan->counts.failing++;
		/* Somebody else's, or one of ours that nobody told of. */
		result = error == EEXIST && !entry->tries ? PROVISION_DOUBTFUL : PROVISION_FAILED;
		if (entry->tries < UINT8_MAX)
			entry->tries++;
		entry->not_before = mtime_add(now, (mtime)AGAIN_MS << doubles);
	}
	touch(plan, entry);
	return result;
}

const struct provision_counts *provision_plan_counts(const struct provision_plan *plan)
{
	return &plan->counts;
}

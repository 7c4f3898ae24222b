/* SPDX-License-Identifier: ISC */
/*
 * The leases that have a way, as the store has them: by the number of their row, and in a chain for
 * each place, which is a link of a network. A row comes in when it is on disk, so no route is ahead
 * of its lease; what it says is compared with what was wanted for it before. When a place changes,
 * its chain is gone through.
 */
#include "config.h"

#include "provision/provision_leases.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum { BUCKETS_MIN = 16 };

#define NOBODY UINT32_MAX

struct held {
	uint64_t rowid; /* 0: free */
	struct ip6_prefix to;
	struct in6_addr via;
	bool is_address;
	uint32_t place;
	uint32_t next_hash;  /* or of those that are free */
	uint32_t next, prev; /* in the chain of its place */
};

struct place {
	char *network; /* NULL: free */
	char link[LEASE_LINK_ROOM];
	struct provision_place is;
	uint32_t first;
	uint32_t next_hash; /* or of those that are free */
};

/* A hash over numbers of items that chain themselves. */
struct index {
	uint32_t *buckets;
	size_t n;
};

struct provision_leases {
	struct siphash_key key;
	provision_place_fn *place;
	void *arg;
	struct held *held;
	size_t n_held, room_held, count;
	uint32_t free_held;
	struct index by_row;
	struct place *places;
	size_t n_places, room_places, n_used_places;
	uint32_t free_place;
	struct index by_name;
};

static void index_init(struct index *index, size_t n)
{
	free(index->buckets);
	index->n = n;
	index->buckets = mem_new(n, sizeof(*index->buckets));
	memset(index->buckets, 0xff, n * sizeof(*index->buckets));
}

struct provision_leases *provision_leases_new(const struct siphash_key *key,
					      provision_place_fn *place, void *arg)
{
	struct provision_leases *leases = mem_new(1, sizeof(*leases));

	leases->key = *key;
	leases->place = place;
	leases->arg = arg;
	leases->free_held = leases->free_place = NOBODY;
	index_init(&leases->by_row, BUCKETS_MIN);
	index_init(&leases->by_name, BUCKETS_MIN);
	return leases;
}

void provision_leases_free(struct provision_leases *leases)
{
	if (!leases)
		return;
	for (size_t i = 0; i < leases->n_places; i++)
		free(leases->places[i].network);
	free(leases->places);
	free(leases->held);
	free(leases->by_row.buckets);
	free(leases->by_name.buckets);
	free(leases);
}

size_t provision_leases_count(const struct provision_leases *leases)
{
	return leases->count;
}

/* --- wants --------------------------------------------------------------------------------- */

static bool is_wanted(const struct held *held, const struct provision_place *place)
{
	return place->plan && (!held->is_address || place->addresses);
}

/* What a lease wants follows from where it is; `was` is where it was, or a place without a plan. */
static void follow(const struct held *held, const struct provision_place *was,
		   const struct provision_place *is)
{
	const struct ip6_route route = {.to = held->to,
					.metric = PROVISION_METRIC_LEASE,
					.hop = {.via = held->via, .ifindex = is->ifindex}};
	bool wanted = is_wanted(held, is);

	if (was->plan && !(wanted && was->plan == is->plan))
		provision_plan_unwant(was->plan, held->rowid, &held->to, PROVISION_METRIC_LEASE);
	if (wanted)
		provision_plan_want(is->plan, held->rowid, &route);
}

/* --- places -------------------------------------------------------------------------------- */

static uint32_t *name_bucket(const struct provision_leases *leases, const char *network,
			     const char *link)
{
	const uint64_t both[] = {siphash(&leases->key, network, strlen(network)),
				 siphash(&leases->key, link, strlen(link))};

	return &leases->by_name.buckets[siphash(&leases->key, both, sizeof(both)) &
					(leases->by_name.n - 1)];
}

static uint32_t find_place(const struct provision_leases *leases, const char *network,
			   const char *link)
{
	uint32_t id = *name_bucket(leases, network, link);

	while (id != NOBODY && (strcmp(leases->places[id].link, link) != 0 ||
				strcmp(leases->places[id].network, network) != 0))
		id = leases->places[id].next_hash;
	return id;
}

static void index_place(struct provision_leases *leases, uint32_t id)
{
	struct place *place = &leases->places[id];
	uint32_t *bucket = name_bucket(leases, place->network, place->link);

	place->next_hash = *bucket;
	*bucket = id;
}

static uint32_t need_place(struct provision_leases *leases, const char *network,
			   const struct lease_way *way)
{
	uint32_t id = find_place(leases, network, way->link);

	if (id != NOBODY)
		return id;
	if (leases->n_used_places == leases->by_name.n) {
		index_init(&leases->by_name, leases->by_name.n * 2);
		for (uint32_t i = 0; i < leases->n_places; i++) {
			if (leases->places[i].network)
				index_place(leases, i);
		}
	}
	id = leases->free_place;
	if (id != NOBODY) {
		leases->free_place = leases->places[id].next_hash;
	} else {
		id = (uint32_t)leases->n_places++;
		leases->places = mem_grow(leases->places, &leases->room_places, leases->n_places,
					  sizeof(*leases->places));
	}
	leases->places[id] = (struct place){.network = mem_strdup(network), .first = NOBODY};
	memcpy(leases->places[id].link, way->link, sizeof(way->link));
	leases->places[id].is = leases->place(leases->arg, network, way->link);
	leases->n_used_places++;
	index_place(leases, id);
	return id;
}

static void drop_place(struct provision_leases *leases, uint32_t id)
{
	struct place *place = &leases->places[id];
	uint32_t *at = name_bucket(leases, place->network, place->link);

	while (*at != id)
		at = &leases->places[*at].next_hash;
	*at = place->next_hash;
	free(place->network);
	place->network = NULL;
	place->next_hash = leases->free_place;
	leases->free_place = id;
	leases->n_used_places--;
}

static void look_at(struct provision_leases *leases, struct place *place)
{
	struct provision_place was = place->is;

	place->is = leases->place(leases->arg, place->network, place->link);
	for (uint32_t id = place->first; id != NOBODY; id = leases->held[id].next)
		follow(&leases->held[id], &was, &place->is);
}

void provision_leases_look_at(struct provision_leases *leases, const char *network,
			      const char *link)
{
	uint32_t id = find_place(leases, network, link);

	if (id != NOBODY)
		look_at(leases, &leases->places[id]);
}

void provision_leases_look(struct provision_leases *leases)
{
	for (size_t i = 0; i < leases->n_places; i++) {
		if (leases->places[i].network)
			look_at(leases, &leases->places[i]);
	}
}

/* --- leases -------------------------------------------------------------------------------- */

/* Rows are numbered one after the other. */
static uint32_t *row_bucket(const struct provision_leases *leases, uint64_t rowid)
{
	return &leases->by_row.buckets[rowid & (leases->by_row.n - 1)];
}

static uint32_t find_held(const struct provision_leases *leases, uint64_t rowid)
{
	uint32_t id = *row_bucket(leases, rowid);

	while (id != NOBODY && leases->held[id].rowid != rowid)
		id = leases->held[id].next_hash;
	return id;
}

static void index_held(struct provision_leases *leases, uint32_t id)
{
	uint32_t *bucket = row_bucket(leases, leases->held[id].rowid);

	leases->held[id].next_hash = *bucket;
	*bucket = id;
}

static uint32_t new_held(struct provision_leases *leases, uint64_t rowid)
{
	uint32_t id = leases->free_held;

	if (leases->count == leases->by_row.n) {
		index_init(&leases->by_row, leases->by_row.n * 2);
		for (uint32_t i = 0; i < leases->n_held; i++) {
			if (leases->held[i].rowid)
				index_held(leases, i);
		}
	}
	if (id != NOBODY) {
		leases->free_held = leases->held[id].next_hash;
	} else {
		id = (uint32_t)leases->n_held++;
		leases->held = mem_grow(leases->held, &leases->room_held, leases->n_held,
					sizeof(*leases->held));
	}
	leases->held[id] = (struct held){.rowid = rowid};
	leases->count++;
	index_held(leases, id);
	return id;
}

static void join(struct provision_leases *leases, uint32_t id, uint32_t place)
{
	struct held *held = &leases->held[id];

	held->place = place;
	held->prev = NOBODY;
	held->next = leases->places[place].first;
	if (held->next != NOBODY)
		leases->held[held->next].prev = id;
	leases->places[place].first = id;
}

static void leave(struct provision_leases *leases, uint32_t id)
{
	const struct held *held = &leases->held[id];
	struct place *place = &leases->places[held->place];

	if (held->prev == NOBODY)
		place->first = held->next;
	else
		leases->held[held->prev].next = held->next;
	if (held->next != NOBODY)
		leases->held[held->next].prev = held->prev;
	if (place->first == NOBODY)
		drop_place(leases, held->place);
}

static void forget(struct provision_leases *leases, uint32_t id)
{
	const struct provision_place nowhere = {0};
	uint32_t *at = row_bucket(leases, leases->held[id].rowid);

	follow(&leases->held[id], &leases->places[leases->held[id].place].is, &nowhere);
	leave(leases, id);
	while (*at != id)
		at = &leases->held[*at].next_hash;
	*at = leases->held[id].next_hash;
	leases->held[id].rowid = 0;
	leases->held[id].next_hash = leases->free_held;
	leases->free_held = id;
	leases->count--;
}

/* The number of a row may come back for another lease when its first one was never stored. */
static bool is_same_lease(const struct held *held, const struct lease_row *row)
{
	return held->to.len == row->plen && ip6_equal(&held->to.addr, &row->addr) &&
	       held->is_address == (row->kind == LEASE_NA);
}

static void take(struct provision_leases *leases, const struct lease_row *row)
{
	struct provision_place was = {0};
	uint32_t id = find_held(leases, row->rowid), place;

	if (id != NOBODY && !is_same_lease(&leases->held[id], row)) {
		forget(leases, id);
		id = NOBODY;
	}
	if (id == NOBODY) {
		id = new_held(leases, row->rowid);
		place = need_place(leases, row->network, row->way);
		join(leases, id, place);
	} else {
		was = leases->places[leases->held[id].place].is;
		place = need_place(leases, row->network, row->way);
		if (place != leases->held[id].place) {
			leave(leases, id);
			join(leases, id, place);
		}
	}
	leases->held[id].to = (struct ip6_prefix){row->addr, row->plen};
	leases->held[id].is_address = row->kind == LEASE_NA;
	leases->held[id].via = row->way->via;
	follow(&leases->held[id], &was, &leases->places[place].is);
}

void provision_leases_row(struct provision_leases *leases, const struct lease_row *row)
{
	uint32_t id;

	if (row->op == LEASE_ROW_PUT && row->state == LEASE_ACTIVE && row->kind != LEASE_REG &&
	    row->way) {
		take(leases, row);
		return;
	}
	id = find_held(leases, row->rowid);
	if (id != NOBODY)
		forget(leases, id);
}

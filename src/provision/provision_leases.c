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

#include "base/index.h"
#include "base/mem.h"

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

struct provision_leases {
	struct siphash_key key;
	provision_place_fn *place;
	void *arg;
	struct held *held;
	size_t n_held, room_held;
	uint32_t free_held;
	struct index by_row;
	struct place *places;
	size_t n_places, room_places;
	uint32_t free_place;
	struct index by_name;
};

static uint64_t name_hash(const struct provision_leases *leases, const char *network,
			  const char *link)
{
	const uint64_t both[] = {siphash(&leases->key, network, strlen(network)),
				 siphash(&leases->key, link, strlen(link))};

	return siphash(&leases->key, both, sizeof(both));
}

static uint64_t place_hash(const void *owner, uint32_t id)
{
	const struct provision_leases *leases = owner;

	return name_hash(leases, leases->places[id].network, leases->places[id].link);
}

static uint32_t *place_next(const void *owner, uint32_t id)
{
	const struct provision_leases *leases = owner;

	return &leases->places[id].next_hash;
}

/* Rows are numbered one after the other: a number is its hash. */
static uint64_t held_hash(const void *owner, uint32_t id)
{
	const struct provision_leases *leases = owner;

	return leases->held[id].rowid;
}

static uint32_t *held_next(const void *owner, uint32_t id)
{
	const struct provision_leases *leases = owner;

	return &leases->held[id].next_hash;
}

static const struct index_ops by_name_ops = {place_hash, place_next};
static const struct index_ops by_row_ops = {held_hash, held_next};

struct provision_leases *provision_leases_new(const struct siphash_key *key,
					      provision_place_fn *place, void *arg)
{
	struct provision_leases *leases = mem_new(1, sizeof(*leases));

	leases->key = *key;
	leases->place = place;
	leases->arg = arg;
	leases->free_held = leases->free_place = INDEX_NONE;
	index_init(&leases->by_row, &by_row_ops);
	index_init(&leases->by_name, &by_name_ops);
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
	index_fini(&leases->by_row);
	index_fini(&leases->by_name);
	free(leases);
}

size_t provision_leases_count(const struct provision_leases *leases)
{
	return leases->by_row.n;
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

static uint32_t find_place(const struct provision_leases *leases, const char *network,
			   const char *link)
{
	uint32_t id = index_first(&leases->by_name, name_hash(leases, network, link));

	while (id != INDEX_NONE && (strcmp(leases->places[id].link, link) != 0 ||
				    strcmp(leases->places[id].network, network) != 0))
		id = leases->places[id].next_hash;
	return id;
}

static uint32_t need_place(struct provision_leases *leases, const char *network,
			   const struct lease_way *way)
{
	uint32_t id = find_place(leases, network, way->link);

	if (id != INDEX_NONE)
		return id;
	id = leases->free_place;
	if (id != INDEX_NONE) {
		leases->free_place = leases->places[id].next_hash;
	} else {
		id = (uint32_t)leases->n_places++;
		leases->places = mem_grow_raw(leases->places, &leases->room_places,
					      leases->n_places, sizeof(*leases->places));
	}
	leases->places[id] = (struct place){.network = mem_strdup(network), .first = INDEX_NONE};
	memcpy(leases->places[id].link, way->link, sizeof(way->link));
	leases->places[id].is = leases->place(leases->arg, network, way->link);
	index_put(&leases->by_name, leases, id);
	return id;
}

static void drop_place(struct provision_leases *leases, uint32_t id)
{
	struct place *place = &leases->places[id];

	index_del(&leases->by_name, leases, id);
	free(place->network);
	place->network = NULL;
	place->next_hash = leases->free_place;
	leases->free_place = id;
}

static void look_at(struct provision_leases *leases, struct place *place)
{
	struct provision_place was = place->is;

	place->is = leases->place(leases->arg, place->network, place->link);
	for (uint32_t id = place->first; id != INDEX_NONE; id = leases->held[id].next)
		follow(&leases->held[id], &was, &place->is);
}

void provision_leases_look_at(struct provision_leases *leases, const char *network,
			      const char *link)
{
	uint32_t id = find_place(leases, network, link);

	if (id != INDEX_NONE)
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

static uint32_t find_held(const struct provision_leases *leases, uint64_t rowid)
{
	uint32_t id = index_first(&leases->by_row, rowid);

	while (id != INDEX_NONE && leases->held[id].rowid != rowid)
		id = leases->held[id].next_hash;
	return id;
}

static uint32_t new_held(struct provision_leases *leases, uint64_t rowid)
{
	uint32_t id = leases->free_held;

	if (id != INDEX_NONE) {
		leases->free_held = leases->held[id].next_hash;
	} else {
		id = (uint32_t)leases->n_held++;
		leases->held = mem_grow_raw(leases->held, &leases->room_held, leases->n_held,
					    sizeof(*leases->held));
	}
	leases->held[id] = (struct held){.rowid = rowid};
	index_put(&leases->by_row, leases, id);
	return id;
}

static void join(struct provision_leases *leases, uint32_t id, uint32_t place)
{
	struct held *held = &leases->held[id];

	held->place = place;
	held->prev = INDEX_NONE;
	held->next = leases->places[place].first;
	if (held->next != INDEX_NONE)
		leases->held[held->next].prev = id;
	leases->places[place].first = id;
}

static void leave(struct provision_leases *leases, uint32_t id)
{
	const struct held *held = &leases->held[id];
	struct place *place = &leases->places[held->place];

	if (held->prev == INDEX_NONE)
		place->first = held->next;
	else
		leases->held[held->prev].next = held->next;
	if (held->next != INDEX_NONE)
		leases->held[held->next].prev = held->prev;
	if (place->first == INDEX_NONE)
		drop_place(leases, held->place);
}

static void forget(struct provision_leases *leases, uint32_t id)
{
	const struct provision_place nowhere = {0};

	follow(&leases->held[id], &leases->places[leases->held[id].place].is, &nowhere);
	leave(leases, id);
	index_del(&leases->by_row, leases, id);
	leases->held[id].rowid = 0;
	leases->held[id].next_hash = leases->free_held;
	leases->free_held = id;
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

	if (id != INDEX_NONE && !is_same_lease(&leases->held[id], row)) {
		forget(leases, id);
		id = INDEX_NONE;
	}
	if (id == INDEX_NONE) {
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
	if (id != INDEX_NONE)
		forget(leases, id);
}

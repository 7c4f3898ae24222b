/* SPDX-License-Identifier: ISC */
/*
 * Clients without leases. They stand in slots that do not move, in an index by who they are, and in
 * a list with the one that was heard of last in front.
 *
 * What is lost with a restart is told again with the next Reply that such a client gets: it holds
 * nothing that would end.
 */
#include "config.h"

#include "dhcp6/dhcp6_leaseless.h"

#include <stdlib.h>
#include <string.h>

#include "base/index.h"
#include "base/ip6.h"
#include "base/mem.h"

/* Twice IRT_DEFAULT (RFC 8415 section 7.6): by then a client that is there has asked again. */
#define STALE (2 * 86400 * SEC)

struct slot {
	struct dhcp6_leaseless_client client;
	bool used;
	mtime heard;
	uint32_t hash_next;    /* in the index, or of the free ones */
	uint32_t newer, older; /* LEASE_NONE: none */
};

struct dhcp6_leaseless {
	const struct siphash_key *key;
	struct slot **slots;
	size_t n_slots, cap_slots;
	uint32_t free;
	uint32_t newest, oldest;
	struct index by_id;
};

static uint64_t hash_of(const struct dhcp6_leaseless *all, const struct dhcp6_leaseless_id *id)
{
	uint64_t parts[3] = {id->network, siphash(all->key, &id->peer, sizeof(id->peer)),
			     siphash(all->key, id->duid.bytes, id->duid.len)};

	return siphash(all->key, parts, sizeof(parts));
}

static uint64_t slot_hash(const void *owner, uint32_t number)
{
	const struct dhcp6_leaseless *all = owner;

	return hash_of(all, &all->slots[number]->client.id);
}

static uint32_t *slot_next(const void *owner, uint32_t number)
{
	const struct dhcp6_leaseless *all = owner;

	return &all->slots[number]->hash_next;
}

static const struct index_ops by_id_ops = {slot_hash, slot_next};

struct dhcp6_leaseless *dhcp6_leaseless_new(const struct siphash_key *key)
{
	struct dhcp6_leaseless *all = mem_new(1, sizeof(*all));

	all->key = key;
	all->free = all->newest = all->oldest = LEASE_NONE;
	index_init(&all->by_id, &by_id_ops);
	return all;
}

void dhcp6_leaseless_free(struct dhcp6_leaseless *all)
{
	for (size_t i = 0; i < all->n_slots; i++) {
		free(all->slots[i]->client.path);
		free(all->slots[i]);
	}
	free(all->slots);
	index_fini(&all->by_id);
	free(all);
}

static bool is_same(const struct dhcp6_leaseless_id *a, const struct dhcp6_leaseless_id *b)
{
	return a->network == b->network && ip6_equal(&a->peer, &b->peer) &&
	       duid_equal(&a->duid, &b->duid);
}

uint32_t dhcp6_leaseless_find(const struct dhcp6_leaseless *all,
			      const struct dhcp6_leaseless_id *id)
{
	uint32_t number = index_first(&all->by_id, hash_of(all, id));

	while (number != LEASE_NONE && !is_same(&all->slots[number]->client.id, id))
		number = all->slots[number]->hash_next;
	return number;
}

/* --- the list ------------------------------------------------------------------------------ */

static void unlist(struct dhcp6_leaseless *all, uint32_t number)
{
	const struct slot *slot = all->slots[number];

	if (slot->newer == LEASE_NONE)
		all->newest = slot->older;
	else
		all->slots[slot->newer]->older = slot->older;
	if (slot->older == LEASE_NONE)
		all->oldest = slot->newer;
	else
		all->slots[slot->older]->newer = slot->newer;
}

static void list(struct dhcp6_leaseless *all, uint32_t number, mtime now)
{
	struct slot *slot = all->slots[number];

	slot->heard = now;
	slot->newer = LEASE_NONE;
	slot->older = all->newest;
	if (all->newest == LEASE_NONE)
		all->oldest = number;
	else
		all->slots[all->newest]->newer = number;
	all->newest = number;
}

/* --- slots --------------------------------------------------------------------------------- */

static uint32_t new_slot(struct dhcp6_leaseless *all)
{
	uint32_t number = all->free;

	if (number != LEASE_NONE) {
		all->free = all->slots[number]->hash_next;
		return number;
	}
	all->slots = mem_grow(all->slots, &all->cap_slots, all->n_slots + 1, sizeof(*all->slots));
	all->slots[all->n_slots] = mem_new(1, sizeof(struct slot));
	return (uint32_t)all->n_slots++;
}

uint32_t dhcp6_leaseless_put(struct dhcp6_leaseless *all, const struct dhcp6_leaseless_id *id,
			     size_t max, mtime now, bool *ret_new)
{
	uint32_t number = dhcp6_leaseless_find(all, id);

	*ret_new = number == LEASE_NONE;
	if (!*ret_new) {
		unlist(all, number);
		list(all, number, now);
		return number;
	}
	while (all->by_id.n >= max) {
		if (all->by_id.n == 0 || now - all->slots[all->oldest]->heard < STALE)
			return LEASE_NONE;
		dhcp6_leaseless_drop(all, all->oldest);
	}
	number = new_slot(all);
	*all->slots[number] = (struct slot){.client = {.id = *id}, .used = true};
	index_put(&all->by_id, all, number);
	list(all, number, now);
	return number;
}

void dhcp6_leaseless_drop(struct dhcp6_leaseless *all, uint32_t number)
{
	struct slot *slot = all->slots[number];

	index_del(&all->by_id, all, number);
	unlist(all, number);
	free(slot->client.path);
	slot->client = (struct dhcp6_leaseless_client){.path = NULL};
	slot->used = false;
	slot->hash_next = all->free;
	all->free = number;
}

struct dhcp6_leaseless_client *dhcp6_leaseless_get(const struct dhcp6_leaseless *all,
						   uint32_t number)
{
	if (number >= all->n_slots || !all->slots[number]->used)
		return NULL;
	return &all->slots[number]->client;
}

void dhcp6_leaseless_set_path(struct dhcp6_leaseless *all, uint32_t number, const char *path)
{
	struct dhcp6_leaseless_client *client = &all->slots[number]->client;

	if (client->path && strcmp(client->path, path) == 0)
		return;
	free(client->path);
	client->path = mem_strdup(path);
}

uint32_t dhcp6_leaseless_end(const struct dhcp6_leaseless *all)
{
	return (uint32_t)all->n_slots;
}

/* SPDX-License-Identifier: ISC */
/*
 * What only some clients have: a hostname, a key for Reconfigure and how one gets there, a way that
 * routes follow. It is kept apart, found by the client's number, so that a client without any costs
 * nothing; it goes with its client.
 *
 * Like the link-layer address it is what is known now: it is no part of a batch, and the rows of
 * leases say what is known when they are sealed.
 */
#include "config.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "lease/lease_internal.h"

struct lease_extra {
	uint32_t client;
	uint32_t hash_next;
	char *hostname; /* owned; NULL: none */
	char *path;     /* likewise */
	bool has_key;
	bool has_way;
	uint8_t key[LEASE_KEY_LEN];
	struct lease_way way;
};

static struct lease_extra *extra_at(const struct lease_table *table, uint32_t id)
{
	return lease_slab_at(&table->extras, id);
}

static uint64_t hash_of(const struct lease_table *table, uint32_t client)
{
	return siphash(&table->key, &client, sizeof(client));
}

static uint64_t extra_hash(const void *owner, uint32_t id)
{
	return hash_of(owner, extra_at(owner, id)->client);
}

static uint32_t *extra_hash_next(const void *owner, uint32_t id)
{
	return &extra_at(owner, id)->hash_next;
}

static const struct index_ops by_client_ops = {extra_hash, extra_hash_next};

void lease_extras_init(struct lease_table *table)
{
	lease_slab_init(&table->extras, sizeof(struct lease_extra));
	index_init(&table->by_extra, &by_client_ops);
}

static void free_texts(struct lease_extra *extra)
{
	free(extra->hostname);
	free(extra->path);
	extra->hostname = extra->path = NULL;
}

void lease_extras_fini(struct lease_table *table)
{
	for (uint32_t id = 0; id < table->extras.used; id++)
		free_texts(extra_at(table, id));
	index_fini(&table->by_extra);
	lease_slab_fini(&table->extras);
}

/* The number of the client's; LEASE_NONE if it has none. */
static uint32_t find(const struct lease_table *table, uint32_t client)
{
	uint32_t id = LEASE_NONE;

	if (lease_client_rec(table, client)->has_extra)
		id = index_first(&table->by_extra, hash_of(table, client));
	while (id != LEASE_NONE && extra_at(table, id)->client != client)
		id = extra_at(table, id)->hash_next;
	return id;
}

static struct lease_extra *need(struct lease_table *table, uint32_t client)
{
	uint32_t id = find(table, client);

	if (id != LEASE_NONE)
		return extra_at(table, id);
	id = lease_slab_new(&table->extras);
	extra_at(table, id)->client = client;
	index_put(&table->by_extra, table, id);
	lease_client_rec(table, client)->has_extra = true;
	return extra_at(table, id);
}

void lease_extra_drop(struct lease_table *table, uint32_t client)
{
	uint32_t id = find(table, client);

	if (id == LEASE_NONE)
		return;
	index_del(&table->by_extra, table, id);
	free_texts(extra_at(table, id));
	extra_at(table, id)->has_key = false;
	lease_slab_drop(&table->extras, id);
	lease_client_rec(table, client)->has_extra = false;
}

static void drop_if_empty(struct lease_table *table, const struct lease_extra *extra)
{
	if (!extra->hostname && !extra->path && !extra->has_key && !extra->has_way)
		lease_extra_drop(table, extra->client);
}

const char *lease_client_hostname(const struct lease_table *table, uint32_t client)
{
	uint32_t id = find(table, client);

	return id == LEASE_NONE ? NULL : extra_at(table, id)->hostname;
}

void lease_client_set_hostname(struct lease_table *table, uint32_t client, const char *name)
{
	const char *known = lease_client_hostname(table, client);
	struct lease_extra *extra;

	if (name ? known && strcmp(known, name) == 0 : !known)
		return;
	assert(!name || strlen(name) < LEASE_HOSTNAME_ROOM);
	extra = need(table, client);
	free(extra->hostname);
	extra->hostname = name ? mem_strdup(name) : NULL;
	drop_if_empty(table, extra);
}

const uint8_t *lease_client_key(const struct lease_table *table, uint32_t client)
{
	uint32_t id = find(table, client);

	return id == LEASE_NONE || !extra_at(table, id)->has_key ? NULL : extra_at(table, id)->key;
}

void lease_client_set_key(struct lease_table *table, uint32_t client,
			  const uint8_t key[LEASE_KEY_LEN])
{
	struct lease_extra *extra;

	if (!key && !lease_client_key(table, client))
		return;
	extra = need(table, client);
	extra->has_key = key;
	if (key)
		memcpy(extra->key, key, sizeof(extra->key));
	else
		drop_if_empty(table, extra);
}

const struct lease_way *lease_client_way(const struct lease_table *table, uint32_t client)
{
	uint32_t id = find(table, client);

	return id == LEASE_NONE || !extra_at(table, id)->has_way ? NULL : &extra_at(table, id)->way;
}

void lease_client_set_way(struct lease_table *table, uint32_t client, const struct lease_way *way)
{
	struct lease_extra *extra;

	if (!way && !lease_client_way(table, client))
		return;
	extra = need(table, client);
	extra->has_way = way;
	if (way)
		extra->way = *way;
	else
		drop_if_empty(table, extra);
}

const char *lease_client_path(const struct lease_table *table, uint32_t client)
{
	uint32_t id = find(table, client);

	return id == LEASE_NONE ? NULL : extra_at(table, id)->path;
}

void lease_client_set_path(struct lease_table *table, uint32_t client, const char *path)
{
	const char *known = lease_client_path(table, client);
	struct lease_extra *extra;

	if (path ? known && strcmp(known, path) == 0 : !known)
		return;
	assert(!path || strlen(path) < LEASE_PATH_ROOM);
	extra = need(table, client);
	free(extra->path);
	extra->path = path ? mem_strdup(path) : NULL;
	drop_if_empty(table, extra);
}

uint32_t lease_client_each_key(const struct lease_table *table, uint32_t *cursor)
{
	while (*cursor < table->extras.used) {
		const struct lease_extra *extra = extra_at(table, (*cursor)++);

		/* A slot that is free has none. */
		if (extra->has_key)
			return extra->client;
	}
	return LEASE_NONE;
}

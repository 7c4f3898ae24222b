/* SPDX-License-Identifier: ISC */
/*
 * Clients: a DUID on a network, and the link-layer address it was seen from. A client goes with its
 * last lease, unless a batch that is not done may give it one back.
 */
#include "config.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "lease/lease_internal.h"

static uint64_t hash_of(const struct lease_table *table, uint32_t network, const uint8_t *duid,
			size_t len)
{
	MEM_UNINITIALIZED uint8_t bytes[4 + DUID_MAX];

	memcpy(bytes, &network, 4);
	memcpy(bytes + 4, duid, len);
	return siphash_table(&table->key, bytes, 4 + len);
}

uint64_t lease_client_hash(const void *owner, uint32_t id)
{
	const struct lease_client *client = &lease_client_rec(owner, id)->pub;

	return hash_of(owner, client->network, client->duid, client->duid_len);
}

uint32_t *lease_client_hash_next(const void *owner, uint32_t id)
{
	return &lease_client_rec(owner, id)->hash_next;
}

/* From `id` on along its bucket. */
static const struct lease_client *find_from(const struct lease_table *table, uint32_t id,
					    uint32_t network, const uint8_t *duid, size_t len)
{
	while (id != LEASE_NONE) {
		const struct lease_client_rec *rec = lease_client_rec(table, id);

		if (rec->pub.network == network && rec->pub.duid_len == len &&
		    memcmp(rec->pub.duid, duid, len) == 0)
			return &rec->pub;
		id = rec->hash_next;
	}
	return NULL;
}

const struct lease_client *lease_client_find(const struct lease_table *table, uint32_t network,
					     const struct duid *duid)
{
	uint64_t hash = hash_of(table, network, duid->bytes, duid->len);

	return find_from(table, index_first(&table->by_duid, hash), network, duid->bytes,
			 duid->len);
}

const struct lease_client *lease_client_next(const struct lease_table *table,
					     const struct lease_client *client)
{
	return find_from(table, lease_client_rec(table, client->id)->hash_next, client->network,
			 client->duid, client->duid_len);
}

uint32_t lease_client_new(struct lease_table *table, uint32_t network, const struct duid *duid,
			  const uint8_t mac[6], enum lease_mac_source source)
{
	uint32_t id = lease_slab_new(&table->clients);
	struct lease_client_rec *rec = lease_client_rec(table, id);
	uint8_t *bytes = rec->duid;

	assert(duid->len >= DUID_MIN && duid->len <= DUID_MAX);
	assert(network < table->n_nets);
	if (duid->len > sizeof(rec->duid))
		bytes = mem_new(duid->len, 1);
	memcpy(bytes, duid->bytes, duid->len);
	rec->pub = (struct lease_client){.duid = bytes,
					 .id = id,
					 .network = network,
					 .first_lease = LEASE_NONE,
					 .ports = {LEASE_NONE, LEASE_NONE},
					 .duid_len = duid->len};
	lease_client_set_mac(table, id, mac, source);
	index_put(&table->by_duid, table, id);
	return id;
}

static void free_duid(struct lease_client_rec *rec)
{
	if (rec->pub.duid_len > sizeof(rec->duid)) {
		union {
			const uint8_t *borrowed;
			void *owned;
		} duid = {.borrowed = rec->pub.duid};

		free(duid.owned);
	}
	rec->pub.duid_len = 0;
}

void lease_client_drop_idle(struct lease_table *table, uint32_t client)
{
	struct lease_client_rec *rec = lease_client_rec(table, client);

	if (rec->pub.leases || rec->marks)
		return;
	lease_extra_drop(table, client);
	lease_ports_leave(table, &rec->pub);
	index_del(&table->by_duid, table, client);
	free_duid(rec);
	lease_slab_drop(&table->clients, client);
}

void lease_clients_free(struct lease_table *table)
{
	for (uint32_t id = 0; id < table->clients.used; id++)
		free_duid(lease_client_rec(table, id));
	lease_slab_fini(&table->clients);
}

void lease_client_set_mac(struct lease_table *table, uint32_t client, const uint8_t mac[6],
			  enum lease_mac_source source)
{
	struct lease_client *pub = &lease_client_rec(table, client)->pub;

	pub->mac_source = (uint8_t)source;
	memset(pub->mac, 0, sizeof(pub->mac));
	if (source != LEASE_MAC_NONE)
		memcpy(pub->mac, mac, sizeof(pub->mac));
}

const struct lease_client *lease_client_get(const struct lease_table *table, uint32_t client)
{
	return &lease_client_rec(table, client)->pub;
}

bool lease_client_is(const struct lease_table *table, uint32_t client)
{
	return client < table->clients.used && lease_client_rec(table, client)->pub.duid_len != 0;
}

bool lease_client_pending(const struct lease_table *table, uint32_t client)
{
	return lease_client_rec(table, client)->marks != 0;
}

bool lease_client_undone(const struct lease_table *table, uint32_t client)
{
	return lease_client_rec(table, client)->undone;
}

/* Whether somebody else than the client said where it was seen. */
static bool is_seen(enum lease_mac_source source)
{
	return source == LEASE_MAC_FRAME || source == LEASE_MAC_RELAY;
}

/*
 * Leases of one client can be stored with different knowledge of its link-layer address, so only
 * two addresses that were seen and differ make two clients (cloned machines).
 */
uint32_t lease_client_load(struct lease_table *table, uint32_t network, const struct duid *duid,
			   const uint8_t mac[6], enum lease_mac_source source)
{
	const struct lease_client *found = NULL;

	for (const struct lease_client *client = lease_client_find(table, network, duid); client;
	     client = lease_client_next(table, client)) {
		bool same = memcmp(client->mac, mac, sizeof(client->mac)) == 0;

		if (same || !is_seen(client->mac_source) || !is_seen(source))
			found = client;
		if (same)
			break;
	}
	if (!found)
		return lease_client_new(table, network, duid, mac, source);
	if (is_seen(source) && !is_seen(found->mac_source))
		lease_client_set_mac(table, found->id, mac, source);
	return found->id;
}

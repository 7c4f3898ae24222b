/* SPDX-License-Identifier: ISC */
/*
 * The lease table itself: networks, the slab of leases, and who holds which address or prefix.
 *
 * lease_rec_find() answers that question, lease_place() and lease_unplace() change the answer.
 * Nothing here looks at states: see lease_state.c for those, lease_change.c for what may become
 * what, lease_batch.c for how it is undone.
 */
#include "config.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "lease/lease_internal.h"

const char *lease_kind_name(enum lease_kind kind)
{
	switch (kind) {
	case LEASE_NA:
		return "NA";
	case LEASE_PD:
		return "PD";
	case LEASE_REG:
		return "REG";
	}
	return "?";
}

const char *lease_state_name(enum lease_state state)
{
	switch (state) {
	case LEASE_OFFERED:
		return "offered";
	case LEASE_ACTIVE:
		return "active";
	case LEASE_RELEASED:
		return "released";
	case LEASE_EXPIRED:
		return "expired";
	case LEASE_DECLINED:
		return "declined";
	}
	return "?";
}

/* What is leased, as the hash of it sees it. */
static uint64_t hash_of(const struct lease_table *table, uint32_t network, uint8_t kind,
			const struct ip6_prefix *prefix)
{
	uint8_t bytes[22];

	memcpy(bytes, &prefix->addr, 16);
	memcpy(bytes + 16, &network, 4);
	bytes[20] = kind;
	bytes[21] = prefix->len;
	return siphash_table(&table->key, bytes, sizeof(bytes));
}

static uint64_t rec_hash(const void *owner, uint32_t id)
{
	const struct lease_table *table = owner;
	const struct lease_rec *rec = lease_rec(table, id);
	struct ip6_prefix prefix = lease_prefix(rec);

	return hash_of(table, lease_rec_network(table, rec), rec->pub.kind, &prefix);
}

static uint32_t *rec_hash_next(const void *owner, uint32_t id)
{
	return &lease_rec(owner, id)->hash_next;
}

static uint64_t name_hash(const void *owner, uint32_t id)
{
	const struct lease_table *table = owner;
	const char *name = table->nets[id].name;

	return siphash(&table->key, name, strlen(name));
}

static uint32_t *name_hash_next(const void *owner, uint32_t id)
{
	const struct lease_table *table = owner;

	return &table->nets[id].hash_next;
}

static struct ip6_prefix tree_key(const void *owner, uint32_t id)
{
	return lease_prefix(lease_rec(owner, id));
}

static bool tree_held(const void *owner, uint32_t id)
{
	return !lease_is_reclaimable(lease_rec(owner, id)->pub.state);
}

static const struct index_ops by_addr_ops = {rec_hash, rec_hash_next};
static const struct index_ops by_duid_ops = {lease_client_hash, lease_client_hash_next};
static const struct index_ops by_name_ops = {name_hash, name_hash_next};

struct lease_table *lease_table_new(const struct siphash_key *key)
{
	struct lease_table *table = mem_new(1, sizeof(*table));

	table->key = *key;
	table->next_rowid = 1;
	lease_slab_init(&table->leases, sizeof(struct lease_rec));
	lease_slab_init(&table->clients, sizeof(struct lease_client_rec));
	lease_slab_init(&table->unders, sizeof(struct lease_image));
	lease_extras_init(table);
	lease_ports_init(table);
	index_init(&table->by_addr, &by_addr_ops);
	index_init(&table->by_duid, &by_duid_ops);
	index_init(&table->by_name, &by_name_ops);
	lease_heap_init(&table->expiry, &table->leases, offsetof(struct lease_rec, expiry_at));
	lease_heap_init(&table->offers, &table->leases, offsetof(struct lease_rec, state_at));
	return table;
}

void lease_table_free(struct lease_table *table)
{
	if (!table)
		return;
	assert(table->n_pools == 0);
	for (size_t i = 0; i < table->n_nets; i++) {
		free(table->nets[i].name);
		free(table->nets[i].pools[LEASE_NA]);
		free(table->nets[i].pools[LEASE_PD]);
		lease_tree_free(table->nets[i].tree);
		lease_heap_fini(&table->nets[i].declined);
		lease_heap_fini(&table->nets[i].useless);
	}
	free(table->nets);
	lease_heap_fini(&table->expiry);
	lease_heap_fini(&table->offers);
	index_fini(&table->by_addr);
	index_fini(&table->by_duid);
	index_fini(&table->by_name);
	lease_batches_free(table);
	lease_clients_free(table);
	lease_extras_fini(table);
	lease_ports_fini(table);
	lease_slab_fini(&table->leases);
	lease_slab_fini(&table->unders);
	free(table);
}

uint32_t lease_network(struct lease_table *table, const char *name)
{
	uint32_t id = index_first(&table->by_name, siphash(&table->key, name, strlen(name)));

	while (id != LEASE_NONE && strcmp(table->nets[id].name, name) != 0)
		id = table->nets[id].hash_next;
	if (id != LEASE_NONE)
		return id;
	table->nets =
		mem_grow(table->nets, &table->cap_nets, table->n_nets + 1, sizeof(*table->nets));
	id = (uint32_t)table->n_nets++;
	table->nets[id].name = mem_strdup(name);
	table->nets[id].tree = lease_tree_new(tree_key, tree_held, table);
	lease_heap_init(&table->nets[id].declined, &table->leases,
			offsetof(struct lease_rec, state_at));
	lease_heap_init(&table->nets[id].useless, &table->leases,
			offsetof(struct lease_rec, state_at));
	index_put(&table->by_name, table, id);
	return id;
}

const char *lease_network_name(const struct lease_table *table, uint32_t network)
{
	assert(network < table->n_nets);
	return table->nets[network].name;
}

struct lease_rec *lease_rec_find(const struct lease_table *table, uint32_t network,
				 enum lease_kind kind, const struct ip6_prefix *prefix)
{
	uint64_t hash = hash_of(table, network, (uint8_t)kind, prefix);
	uint32_t id = index_first(&table->by_addr, hash);

	while (id != LEASE_NONE) {
		struct lease_rec *rec = lease_rec(table, id);

		if (ip6_equal(&rec->pub.addr, &prefix->addr) && rec->pub.plen == prefix->len &&
		    rec->pub.kind == kind && lease_rec_network(table, rec) == network)
			return rec;
		id = rec->hash_next;
	}
	return NULL;
}

struct lease_rec *lease_rec_against(const struct lease_table *table, uint32_t network,
				    enum lease_kind kind, const struct ip6_prefix *prefix)
{
	switch (kind) {
	case LEASE_NA:
		/* Spares a look where nobody registers. */
		return table->n_registered ? lease_rec_find(table, network, LEASE_REG, prefix)
					   : NULL;
	case LEASE_REG:
		return lease_rec_find(table, network, LEASE_NA, prefix);
	case LEASE_PD:
		break;
	}
	return NULL;
}

struct lease_rec *lease_rec_new(struct lease_table *table, enum lease_kind kind,
				const struct ip6_prefix *prefix)
{
	uint32_t id = lease_slab_new(&table->leases);
	struct lease_rec *rec = lease_rec(table, id);

	rec->pub = (struct lease){.addr = prefix->addr,
				  .plen = prefix->len,
				  .kind = (uint8_t)kind,
				  .state = LEASE_GONE,
				  .id = id,
				  .client = LEASE_NONE};
	rec->expiry_at = LEASE_NONE;
	rec->state_at = LEASE_NONE;
	return rec;
}

void lease_rec_check(struct lease_table *table, struct lease_rec *rec)
{
	if (rec->pub.state == LEASE_GONE && rec->pub.marks == 0)
		lease_slab_drop(&table->leases, rec->pub.id);
}

void lease_place(struct lease_table *table, struct lease_rec *rec)
{
	uint32_t network = lease_rec_network(table, rec);

	index_put(&table->by_addr, table, rec->pub.id);
	if (rec->pub.kind == LEASE_PD)
		lease_tree_put(table->nets[network].tree, rec->pub.id);
	table->n_registered += rec->pub.kind == LEASE_REG;
	lease_pools_use(table, network, rec);
}

void lease_unplace(struct lease_table *table, struct lease_rec *rec)
{
	uint32_t network = lease_rec_network(table, rec);

	index_del(&table->by_addr, table, rec->pub.id);
	if (rec->pub.kind == LEASE_PD)
		lease_tree_del(table->nets[network].tree, rec->pub.id);
	table->n_registered -= rec->pub.kind == LEASE_REG;
	lease_pools_unuse(table, network, rec);
}

struct lease_image lease_image_of(const struct lease_rec *rec)
{
	bool over = rec->pub.marks & LEASE_MARK_OVER;

	return (struct lease_image){.since = rec->pub.since,
				    .until = rec->pub.until,
				    .rowid = over ? 0 : rec->rowid,
				    .client = rec->pub.client,
				    .iaid = rec->pub.iaid,
				    .preferred = rec->pub.preferred,
				    .valid = rec->pub.valid,
				    .under = over ? (uint32_t)rec->rowid : LEASE_NONE,
				    .state = rec->pub.state};
}

void lease_image_set(struct lease_rec *rec, const struct lease_image *image)
{
	rec->pub.since = image->since;
	rec->pub.until = image->until;
	rec->pub.client = image->client;
	rec->pub.iaid = image->iaid;
	rec->pub.preferred = image->preferred;
	rec->pub.valid = image->valid;
	rec->pub.state = image->state;
	if (image->under != LEASE_NONE) {
		rec->pub.marks |= LEASE_MARK_OVER;
		rec->rowid = image->under;
	} else {
		rec->pub.marks &= (uint8_t)~LEASE_MARK_OVER;
		rec->rowid = image->rowid;
	}
}

const struct lease *lease_get(const struct lease_table *table, uint32_t id)
{
	if (id >= table->leases.used || lease_rec(table, id)->pub.state == LEASE_GONE)
		return NULL;
	return &lease_rec(table, id)->pub;
}

const struct lease *lease_find(const struct lease_table *table, uint32_t network,
			       enum lease_kind kind, const struct in6_addr *addr, uint8_t plen)
{
	struct ip6_prefix prefix = ip6_prefix_make(addr, plen);
	const struct lease_rec *rec = lease_rec_find(table, network, kind, &prefix);

	return rec ? &rec->pub : NULL;
}

const struct lease *lease_overlapping(const struct lease_table *table, uint32_t network,
				      const struct in6_addr *addr, uint8_t plen)
{
	struct ip6_prefix prefix = ip6_prefix_make(addr, plen);
	uint32_t id = lease_tree_overlap(table->nets[network].tree, &prefix);

	if (id == LEASE_NONE || lease_rec(table, id)->pub.plen == plen)
		return NULL;
	return &lease_rec(table, id)->pub;
}

bool lease_only_past(const struct lease_table *table, uint32_t network, const struct in6_addr *addr,
		     uint8_t plen)
{
	struct ip6_prefix prefix = ip6_prefix_make(addr, plen);

	return !lease_tree_is_held(table->nets[network].tree, &prefix);
}

const struct lease *lease_first_of_client(const struct lease_table *table, uint32_t client)
{
	return lease_get(table, lease_client_get(table, client)->first_lease);
}

const struct lease *lease_next_of_client(const struct lease_table *table, const struct lease *lease)
{
	return lease_get(table, lease_rec(table, lease->id)->client_next);
}

const struct lease *lease_each(const struct lease_table *table, uint32_t *cursor)
{
	while (*cursor < table->leases.used) {
		const struct lease *lease = lease_get(table, (*cursor)++);

		if (lease)
			return lease;
	}
	return NULL;
}

size_t lease_declined(const struct lease_table *table, uint32_t network, uint32_t *ret_oldest)
{
	const struct lease_heap *declined = &table->nets[network].declined;

	*ret_oldest = declined->n ? declined->items[0].id : LEASE_NONE;
	return declined->n;
}

size_t lease_registrations(const struct lease_table *table)
{
	return table->n_registered;
}

size_t lease_count(const struct lease_table *table, enum lease_state state)
{
	return table->counts[state];
}

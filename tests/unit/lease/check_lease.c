/* SPDX-License-Identifier: ISC */
/*
 * Invariants of the lease table: every index says the same as the leases themselves, what is used
 * in a pool is what leases and exclusions use, and nothing is kept that nobody needs.
 */
#include "config.h"

#include "check_lease.h"

#include <stdlib.h>
#include <string.h>

#include "lease/lease_pool.h"

/* How many states are kept below offers, by their client or in all (LEASE_NONE). */
static size_t count_unders(const struct lease_table *table, uint32_t client)
{
	size_t n = 0;

	for (uint32_t id = 0; id < table->leases.used; id++) {
		const struct lease_rec *rec = lease_rec(table, id);

		if (rec->pub.state != LEASE_GONE && (rec->pub.marks & LEASE_MARK_OVER) &&
		    (client == LEASE_NONE ||
		     lease_under(table, (uint32_t)rec->rowid)->client == client))
			n++;
	}
	for (size_t b = 0; b < 2; b++) {
		for (size_t i = 0; i < table->batches[b].n_notes; i++) {
			uint32_t under = table->batches[b].notes[i].was.under;

			if (under != LEASE_NONE &&
			    (client == LEASE_NONE || lease_under(table, under)->client == client))
				n++;
		}
	}
	return n;
}

static size_t count_free(const struct lease_slab *slab)
{
	size_t n = 0;

	for (uint32_t id = slab->free; id != LEASE_NONE; n++)
		memcpy(&id, lease_slab_at(slab, id), sizeof(id));
	return n;
}

static void check_heap(const struct lease_heap *heap)
{
	for (size_t i = 0; i < heap->n; i++) {
		const char *rec = lease_slab_at(heap->leases, heap->items[i].id);
		uint32_t place;

		memcpy(&place, rec + heap->place, sizeof(place));
		assert_int_equal(place, i);
		if (i > 0)
			assert_true(heap->items[(i - 1) / 2].key <= heap->items[i].key);
	}
}

static void check_chain(const struct lease_table *table, const struct lease_rec *rec)
{
	const struct lease *at = lease_first_of_client(table, rec->pub.client);

	while (at && at != &rec->pub)
		at = lease_next_of_client(table, at);
	assert_non_null(at);
}

static void check_alone(const struct lease_table *table, const struct lease_rec *rec)
{
	struct ip6_prefix prefix = lease_prefix(rec);

	for (uint32_t id = 0; id < table->leases.used; id++) {
		const struct lease_rec *other = lease_rec(table, id);
		struct ip6_prefix theirs = lease_prefix(other);

		if (other != rec && other->pub.state != LEASE_GONE &&
		    lease_pool_kind(other) == lease_pool_kind(rec) &&
		    lease_rec_network(table, other) == lease_rec_network(table, rec))
			assert_false(ip6_prefix_overlaps(&prefix, &theirs));
	}
}

/* Whether all that overlaps a prefix is only remembered, the slow way. */
static bool only_past(const struct lease_table *table, uint32_t network,
		      const struct ip6_prefix *prefix)
{
	for (uint32_t id = 0; id < table->leases.used; id++) {
		const struct lease_rec *rec = lease_rec(table, id);
		struct ip6_prefix theirs = lease_prefix(rec);

		if (rec->pub.state != LEASE_GONE && rec->pub.kind == LEASE_PD &&
		    !lease_is_reclaimable(rec->pub.state) &&
		    lease_rec_network(table, rec) == network &&
		    ip6_prefix_overlaps(prefix, &theirs))
			return false;
	}
	return true;
}

/* For itself, and for shorter prefixes around it. */
static void check_only_past(const struct lease_table *table, const struct lease_rec *rec)
{
	uint32_t network = lease_rec_network(table, rec);

	for (unsigned int up = 0; up < 10 && up < rec->pub.plen; up++) {
		struct ip6_prefix prefix =
			ip6_prefix_make(&rec->pub.addr, (uint8_t)(rec->pub.plen - up));

		assert_int_equal(lease_only_past(table, network, &prefix.addr, prefix.len),
				 only_past(table, network, &prefix));
	}
}

static void check_rec(const struct lease_table *table, const struct lease_rec *rec)
{
	uint32_t network = lease_rec_network(table, rec);

	assert_ptr_equal(&rec->pub,
			 lease_find(table, network, rec->pub.kind, &rec->pub.addr, rec->pub.plen));
	if (rec->pub.kind == LEASE_PD) {
		struct ip6_prefix prefix = lease_prefix(rec);

		assert_int_equal(lease_tree_overlap(table->nets[network].tree, &prefix),
				 rec->pub.id);
		check_only_past(table, rec);
	}
	check_chain(table, rec);
	check_alone(table, rec);
	if (rec->pub.until != MTIME_NEVER) {
		assert_true(rec->expiry_at != LEASE_NONE);
		assert_true(table->expiry.items[rec->expiry_at].key <= rec->pub.until);
	}
	if (rec->pub.state == LEASE_OFFERED)
		assert_int_equal(table->offers.items[rec->state_at].id, rec->pub.id);
	else if (rec->pub.state == LEASE_DECLINED)
		assert_int_equal(table->nets[network].declined.items[rec->state_at].id,
				 rec->pub.id);
	else if (!lease_is_reclaimable(rec->pub.state))
		assert_true(rec->state_at == LEASE_NONE);
}

static void check_leases(const struct lease_table *table)
{
	size_t counts[LEASE_STATES] = {0}, placed = 0, waiting = 0;

	for (uint32_t id = 0; id < table->leases.used; id++) {
		const struct lease_rec *rec = lease_rec(table, id);

		if (rec->pub.state != LEASE_GONE) {
			counts[rec->pub.state]++;
			placed++;
			check_rec(table, rec);
		} else if (rec->pub.marks) {
			waiting++;
		}
	}
	for (size_t state = 0; state < LEASE_STATES; state++)
		assert_int_equal(counts[state], lease_count(table, (enum lease_state)state));
	assert_int_equal(placed, table->by_addr.n);
	assert_int_equal(counts[LEASE_OFFERED], table->offers.n);
	assert_int_equal(placed + waiting + count_free(&table->leases), table->leases.used);
}

static void check_clients(const struct lease_table *table)
{
	size_t n = 0;

	for (uint32_t id = 0; id < table->clients.used; id++) {
		const struct lease_client_rec *rec = lease_client_rec(table, id);
		size_t leases = 0;

		if (rec->pub.duid_len == 0)
			continue;
		n++;
		for (const struct lease *at = lease_get(table, rec->pub.first_lease); at;
		     at = lease_next_of_client(table, at)) {
			assert_int_equal(at->client, id);
			leases++;
		}
		assert_int_equal(rec->pub.leases, leases + count_unders(table, id));
		assert_true(rec->pub.leases > 0 || rec->marks != 0);
	}
	assert_int_equal(n, table->by_duid.n);
	assert_int_equal(n + count_free(&table->clients), table->clients.used);
}

/* Counts again what the clients of a port have. */
static size_t check_port(const struct lease_table *table, uint32_t port)
{
	const struct lease_port_rec *rec = lease_slab_at(&table->ports, port);
	struct lease_port is = {.leases = 0};
	size_t clients = 0;

	for (uint32_t id = 0; id < table->clients.used; id++) {
		const struct lease_client *client = &lease_client_rec(table, id)->pub;

		for (int level = 0; client->duid_len && level < LEASE_PORT_LEVELS; level++) {
			if (client->ports[level] != port)
				continue;
			clients++;
			for (const struct lease *at = lease_get(table, client->first_lease); at;
			     at = lease_next_of_client(table, at)) {
				is.offers += at->state == LEASE_OFFERED;
				is.declined += at->state == LEASE_DECLINED;
				is.remembered += lease_is_reclaimable(at->state);
				if (at->state == LEASE_ACTIVE && at->kind == LEASE_REG)
					is.registrations++;
				else if (at->state == LEASE_ACTIVE)
					is.leases++;
			}
		}
	}
	if (clients) {
		assert_int_equal(rec->clients, clients);
		assert_memory_equal(&rec->pub, &is, sizeof(is));
	}
	return clients > 0;
}

static void check_ports(const struct lease_table *table)
{
	size_t n = 0;

	for (uint32_t port = 0; port < table->ports.used; port++)
		n += check_port(table, port);
	assert_int_equal(n, table->by_port.n);
	assert_int_equal(n + count_free(&table->ports), table->ports.used);
}

static bool is_used(const struct lease_pool *pool, const struct ip6_prefix *unit)
{
	if (!lease_pool_has(pool, &unit->addr, unit->len))
		return true;
	for (uint32_t id = 0; id < pool->table->leases.used; id++) {
		const struct lease_rec *rec = lease_rec(pool->table, id);
		struct ip6_prefix prefix = lease_prefix(rec);

		if (rec->pub.state != LEASE_GONE && lease_pool_kind(rec) == pool->conf.kind &&
		    lease_rec_network(pool->table, rec) == pool->conf.network &&
		    ip6_prefix_overlaps(&prefix, unit))
			return true;
	}
	return false;
}

static void check_pool(const struct lease_pool *pool)
{
	size_t reclaimable = 0;

	if (!pool->filled)
		return;
	check_heap(&pool->reclaim);
	for (uint32_t i = 0; pool->used && i <= pool->last; i++) {
		struct ip6_prefix unit = {lease_pool_unit(pool, i), pool->conf.plen};

		assert_int_equal(lease_bitmap_is_used(pool->used, i), is_used(pool, &unit));
	}
	for (uint32_t id = 0; id < pool->table->leases.used; id++) {
		const struct lease_rec *rec = lease_rec(pool->table, id);

		if (rec->pub.state == LEASE_GONE || !lease_is_reclaimable(rec->pub.state) ||
		    lease_rec_network(pool->table, rec) != pool->conf.network ||
		    rec->pub.kind != pool->conf.kind ||
		    !lease_pool_has(pool, &rec->pub.addr, rec->pub.plen))
			continue;
		reclaimable++;
		assert_int_equal(pool->reclaim.items[rec->state_at].id, id);
		assert_true(pool->reclaim.items[rec->state_at].key == lease_ended_at(&rec->pub));
	}
	assert_int_equal(reclaimable, pool->reclaim.n);
}

void check_lease_table(const struct lease_table *table)
{
	size_t declined = 0;

	check_leases(table);
	check_clients(table);
	check_ports(table);
	check_heap(&table->expiry);
	check_heap(&table->offers);
	assert_int_equal(count_unders(table, LEASE_NONE) + count_free(&table->unders),
			 table->unders.used);
	for (size_t n = 0; n < table->n_nets; n++) {
		check_heap(&table->nets[n].declined);
		declined += table->nets[n].declined.n;
		for (size_t kind = 0; kind < LEASE_KINDS; kind++) {
			for (size_t i = 0; i < table->nets[n].n_pools[kind]; i++)
				check_pool(table->nets[n].pools[kind][i]);
		}
	}
	assert_int_equal(declined, lease_count(table, LEASE_DECLINED));
}

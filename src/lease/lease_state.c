/* SPDX-License-Identifier: ISC */
/*
 * Joining and leaving the indices that depend on a lease's state: its client's chain, the expiry
 * heap, the heap of offers, its network's of what was declined, its pool's of what can be
 * reclaimed, what is held in the tree of prefixes, the counts of the table and of its client's
 * ports.
 */
#include "config.h"

#include <assert.h>

#include "lease/lease_internal.h"

mtime lease_ended_at(const struct lease *lease)
{
	return lease->state == LEASE_EXPIRED ? mtime_after_lifetime(lease->since, lease->valid)
					     : lease->since;
}

static void chain_put(struct lease_table *table, struct lease_rec *rec)
{
	struct lease_client *client = &lease_client_rec(table, rec->pub.client)->pub;

	rec->client_next = client->first_lease;
	client->first_lease = rec->pub.id;
	client->leases++;
}

static void chain_del(struct lease_table *table, struct lease_rec *rec)
{
	struct lease_client *client = &lease_client_rec(table, rec->pub.client)->pub;
	uint32_t *at = &client->first_lease;

	while (*at != rec->pub.id) {
		assert(*at != LEASE_NONE);
		at = &lease_rec(table, *at)->client_next;
	}
	*at = rec->client_next;
	client->leases--;
}

static struct lease_heap *declined_of(const struct lease_table *table, const struct lease_rec *rec)
{
	return &table->nets[lease_rec_network(table, rec)].declined;
}

/* Of a delegated prefix, whether others can have it. */
static void set_held(const struct lease_table *table, const struct lease_rec *rec, bool held)
{
	if (rec->pub.kind == LEASE_PD && !lease_is_reclaimable(rec->pub.state))
		lease_tree_hold(table->nets[lease_rec_network(table, rec)].tree, rec->pub.id, held);
}

void lease_join(struct lease_table *table, struct lease_rec *rec)
{
	chain_put(table, rec);
	set_held(table, rec, /* held= */ true);
	table->counts[rec->pub.state]++;
	lease_ports_count(table, rec, /* joins= */ true);
	if (rec->pub.until != MTIME_NEVER)
		lease_heap_put(&table->expiry, rec->pub.id, rec->pub.until);
	if (rec->pub.state == LEASE_OFFERED)
		lease_heap_put(&table->offers, rec->pub.id, rec->pub.since);
	else if (rec->pub.state == LEASE_DECLINED)
		lease_heap_put(declined_of(table, rec), rec->pub.id, rec->pub.since);
	else if (lease_is_reclaimable(rec->pub.state))
		lease_pools_remember(table, rec);
}

void lease_leave(struct lease_table *table, struct lease_rec *rec)
{
	chain_del(table, rec);
	set_held(table, rec, /* held= */ false);
	table->counts[rec->pub.state]--;
	lease_ports_count(table, rec, /* joins= */ false);
	if (rec->expiry_at != LEASE_NONE)
		lease_heap_del(&table->expiry, rec->pub.id);
	if (rec->pub.state == LEASE_OFFERED)
		lease_heap_del(&table->offers, rec->pub.id);
	else if (rec->pub.state == LEASE_DECLINED)
		lease_heap_del(declined_of(table, rec), rec->pub.id);
	else if (lease_is_reclaimable(rec->pub.state))
		lease_pools_unremember(table, rec);
}

/*
 * A later end, which every renewal brings, is left to be noticed when the old one comes; so a
 * renewal costs nothing here.
 */
void lease_until_changed(struct lease_table *table, const struct lease_rec *rec)
{
	uint32_t id = rec->pub.id;

	if (rec->expiry_at == LEASE_NONE) {
		if (rec->pub.until != MTIME_NEVER)
			lease_heap_put(&table->expiry, id, rec->pub.until);
	} else if (rec->pub.until < lease_heap_key(&table->expiry, id)) {
		lease_heap_rekey(&table->expiry, id, rec->pub.until);
	}
}

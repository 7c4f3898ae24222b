/* SPDX-License-Identifier: ISC */
/*
 * What may become of a lease: bind, release, decline, forget, and taking in what was stored. Every
 * change but the last is noted in the open batch first (lease_batch.c).
 */
#include "config.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

#include "lease/lease_internal.h"

bool lease_available(const struct lease_table *table, uint32_t client, enum lease_kind kind,
		     const struct in6_addr *addr, uint8_t plen)
{
	struct ip6_prefix prefix = ip6_prefix_make(addr, plen);
	uint32_t network = lease_client_get(table, client)->network;
	const struct lease_rec *rec = lease_rec_find(table, network, kind, &prefix);

	if (!rec && lease_rec_against(table, network, kind, &prefix))
		return false;
	if (!rec)
		return kind != LEASE_PD ||
		       lease_tree_overlap(table->nets[network].tree, &prefix) == LEASE_NONE;
	if (rec->pub.client == client)
		return rec->pub.state != LEASE_DECLINED;
	return lease_is_reclaimable(rec->pub.state);
}

/* Gives a lease, which was noted, another state. */
static void change(struct lease_table *table, struct lease_rec *rec, const struct lease_image *to)
{
	uint32_t was = rec->pub.client;

	lease_leave(table, rec);
	lease_image_set(rec, to);
	lease_join(table, rec);
	lease_batch_pin(table, to->client);
	lease_client_drop_idle(table, was);
}

static uint32_t bind_new(struct lease_table *table, const struct lease_grant *grant,
			 const struct ip6_prefix *prefix, const struct lease_image *to)
{
	struct lease_rec *rec = lease_rec_new(table, grant->kind, prefix);

	lease_batch_note(table, rec);
	lease_image_set(rec, to);
	lease_place(table, rec);
	lease_join(table, rec);
	lease_batch_pin(table, to->client);
	return rec->pub.id;
}

uint32_t lease_bind(struct lease_table *table, const struct lease_grant *grant, mtime now)
{
	struct ip6_prefix prefix = ip6_prefix_make(&grant->addr, grant->plen);
	uint32_t network = lease_client_get(table, grant->client)->network;
	struct lease_rec *rec = lease_rec_find(table, network, grant->kind, &prefix);
	struct lease_image to = {.since = now,
				 .until = mtime_after_lifetime(now, grant->valid),
				 .client = grant->client,
				 .iaid = grant->iaid,
				 .preferred = grant->preferred,
				 .valid = grant->valid,
				 .under = LEASE_NONE,
				 .state = LEASE_ACTIVE};

	assert(lease_available(table, grant->client, grant->kind, &grant->addr, grant->plen));
	if (!rec)
		return bind_new(table, grant, &prefix, &to);
	lease_batch_note(table, rec);
	to.rowid = rec->rowid;
	if (rec->pub.state == LEASE_ACTIVE) {
		lease_image_set(rec, &to);
		lease_until_changed(table, rec);
	} else {
		change(table, rec, &to);
	}
	return rec->pub.id;
}

/* Ends it on the client's word. */
static void end_as(struct lease_table *table, struct lease_rec *rec, enum lease_state state,
		   mtime until, mtime now)
{
	lease_batch_note(table, rec);

	struct lease_image to = lease_image_of(rec);

	to.state = (uint8_t)state;
	to.since = now;
	to.until = until;
	if (state == LEASE_RELEASED && !lease_ports_remember(table, to.client))
		to.until = now;
	change(table, rec, &to);
}

void lease_release(struct lease_table *table, uint32_t id, mtime until, mtime now)
{
	struct lease_rec *rec = lease_rec(table, id);

	assert(rec->pub.state != LEASE_GONE);
	if (rec->pub.state == LEASE_OFFERED)
		lease_offer_end(table, rec);
	else
		end_as(table, rec, LEASE_RELEASED, until, now);
}

void lease_decline(struct lease_table *table, uint32_t id, mtime until, mtime now)
{
	struct lease_rec *rec = lease_rec(table, id);

	assert(rec->pub.state != LEASE_GONE);
	end_as(table, rec, LEASE_DECLINED, until, now);
}

void lease_forget(struct lease_table *table, uint32_t id)
{
	struct lease_rec *rec = lease_rec(table, id);
	uint32_t client = rec->pub.client;

	assert(rec->pub.state != LEASE_GONE);
	if (rec->pub.state == LEASE_OFFERED && !(rec->pub.marks & LEASE_MARK_OVER)) {
		lease_offer_end(table, rec);
		return;
	}
	lease_batch_note(table, rec);
	lease_leave(table, rec);
	lease_unplace(table, rec);
	rec->pub.state = LEASE_GONE;
	lease_client_drop_idle(table, client);
}

/* SPDX-License-Identifier: ISC */
/*
 * Offers: short-lived, in memory only. An offer of an address that is remembered for somebody
 * keeps that state below it (in the slab `unders`), so that the memory comes back, and the store
 * stays right, when the offer is not taken up.
 */
#include "config.h"

#include <assert.h>

#include "lease/lease_internal.h"
#include "lease/lease_pool.h"

enum { OFFERS_LOOKED_AT = 256 };

/* The client of a state below counts it as a lease, so that it stays. */
static uint32_t under_new(struct lease_table *table, const struct lease_image *image)
{
	uint32_t id = lease_slab_new(&table->unders);

	*lease_under(table, id) = *image;
	lease_client_rec(table, image->client)->pub.leases++;
	return id;
}

void lease_under_drop(struct lease_table *table, uint32_t under)
{
	uint32_t client = lease_under(table, under)->client;

	lease_slab_drop(&table->unders, under);
	lease_client_rec(table, client)->pub.leases--;
	lease_client_drop_idle(table, client);
}

void lease_offer_end(struct lease_table *table, struct lease_rec *rec)
{
	struct lease_image offer = lease_image_of(rec);

	assert(offer.state == LEASE_OFFERED);
	lease_leave(table, rec);
	if (offer.under != LEASE_NONE) {
		lease_image_set(rec, lease_under(table, offer.under));
		lease_join(table, rec);
		lease_under_drop(table, offer.under);
	} else {
		lease_unplace(table, rec);
		rec->pub.state = LEASE_GONE;
		lease_rec_check(table, rec);
	}
	lease_client_drop_idle(table, offer.client);
}

/* Makes room for one more. The client, which may have nothing but old offers, must survive. */
static void make_room(struct lease_table *table, size_t max_offers, uint32_t client)
{
	struct lease_client *pub = &lease_client_rec(table, client)->pub;

	pub->leases++;
	while (table->offers.n > 0 && table->offers.n >= max_offers)
		lease_offer_end(table, lease_rec(table, table->offers.items[0].id));
	pub->leases--;
}

/* The state below an offer of something that exists; LEASE_NONE for a new one. */
static uint32_t put_under(struct lease_table *table, struct lease_rec *rec)
{
	struct lease_image was = lease_image_of(rec);

	if (was.state == LEASE_OFFERED) {
		lease_leave(table, rec);
		return was.under;
	}
	uint32_t under = under_new(table, &was);

	lease_leave(table, rec);
	return under;
}

uint32_t lease_offer(struct lease_table *table, const struct lease_grant *grant, mtime until,
		     size_t max_offers, mtime now)
{
	struct ip6_prefix prefix = ip6_prefix_make(&grant->addr, grant->plen);
	uint32_t network = lease_client_get(table, grant->client)->network;
	struct lease_rec *rec = lease_rec_find(table, network, grant->kind, &prefix);

	assert(lease_available(table, grant->client, grant->kind, &grant->addr, grant->plen));
	if (rec && rec->pub.state == LEASE_ACTIVE)
		return rec->pub.id;
	if (!rec || rec->pub.state != LEASE_OFFERED)
		make_room(table, max_offers, grant->client);

	struct lease_image offer = {.since = now,
				    .until = until,
				    .client = grant->client,
				    .iaid = grant->iaid,
				    .preferred = grant->preferred,
				    .valid = grant->valid,
				    .under = rec ? put_under(table, rec) : LEASE_NONE,
				    .state = LEASE_OFFERED};
	if (rec) {
		lease_image_set(rec, &offer);
	} else {
		rec = lease_rec_new(table, grant->kind, &prefix);
		lease_image_set(rec, &offer);
		lease_place(table, rec);
	}
	lease_join(table, rec);
	return rec->pub.id;
}

/* The older of two offers, if the second is one that can be ended. */
static struct lease_rec *older(const struct lease_pool *pool, uint32_t client,
			       struct lease_rec *oldest, struct lease_rec *rec)
{
	if (!rec || rec->pub.state != LEASE_OFFERED || rec->pub.client == client ||
	    lease_rec_network(pool->table, rec) != pool->conf.network ||
	    (enum lease_kind)rec->pub.kind != pool->conf.kind ||
	    !lease_pool_has(pool, &rec->pub.addr, rec->pub.plen))
		return oldest;
	return !oldest || rec->pub.since < oldest->pub.since ? rec : oldest;
}

bool lease_pool_end_offer(const struct lease_pool *pool, uint32_t client)
{
	struct lease_table *table = pool->table;
	bool small = lease_pool_size(pool) <= OFFERS_LOOKED_AT;
	struct lease_rec *oldest = NULL;

	for (uint64_t unit = 0; small && unit <= pool->last; unit++) {
		struct ip6_prefix whole = {lease_pool_unit(pool, unit), pool->conf.plen};

		oldest = older(pool, client, oldest,
			       lease_rec_find(table, pool->conf.network, pool->conf.kind, &whole));
	}
	/* The items of a heap are in no order, but the oldest are among the first. */
	for (size_t i = 0; !small && i < table->offers.n && i < OFFERS_LOOKED_AT; i++)
		oldest = older(pool, client, oldest, lease_rec(table, table->offers.items[i].id));
	if (oldest)
		lease_offer_end(table, oldest);
	return oldest;
}

/* SPDX-License-Identifier: ISC */
/*
 * Picking from a pool, and what may be done when nothing in it is free.
 */
#include "config.h"

#include "dhcp6/dhcp6_pick.h"

#include "base/rng.h"

enum {
	/* Leases that can never be given again, and are forgotten for one message. */
	USELESS_AT_ONCE = 64,
	USELESS_ROUNDS = 16,
	/* Offers of one link: more are made to a flood than to clients in earnest. */
	MANY_OFFERS = 4,
};

static bool pick(const struct dhcp6_exchange *x, const struct dhcp6_msg_ia *asked,
		 const struct dhcp6_source *source, struct in6_addr *ret)
{
	return lease_pool_pick(source->pool, x->client.id, asked->iaid, rng_u64(x->rng), ret);
}

void dhcp6_pick_clear(const struct dhcp6_exchange *x, const struct dhcp6_msg_ia *asked,
		      const struct in6_addr *addr, uint8_t plen)
{
	const struct lease *lease;

	while (asked->kind == LEASE_PD &&
	       (lease = lease_overlapping(x->table, x->link->network, addr, plen)))
		lease_forget(x->table, lease->id);
}

/*
 * Room that only those take who are no longer there: lengths that were given out by an earlier
 * configuration, and other lengths of the same range.
 */
static bool make_room(const struct dhcp6_exchange *x, const struct dhcp6_msg_ia *asked,
		      const struct dhcp6_source *source, bool commits, struct in6_addr *ret)
{
	uint8_t plen = lease_pool_conf(source->pool)->plen;

	if (asked->kind != LEASE_PD)
		return false;
	for (int i = 0; i < USELESS_ROUNDS; i++) {
		if (!lease_forget_useless(x->table, x->link->network, USELESS_AT_ONCE))
			break;
		if (pick(x, asked, source, ret))
			return true;
	}
	if (!lease_pool_pick_past(source->pool, ret))
		return false;
	if (commits)
		dhcp6_pick_clear(x, asked, ret, plen);
	return true;
}

bool dhcp6_pick(const struct dhcp6_exchange *x, const struct dhcp6_msg_ia *asked,
		const struct dhcp6_source *source, bool commits, struct in6_addr *ret)
{
	return pick(x, asked, source, ret) || make_room(x, asked, source, commits, ret);
}

bool dhcp6_pick_offered(const struct dhcp6_exchange *x, const struct dhcp6_msg_ia *asked,
			const struct dhcp6_source *source, bool commits, struct in6_addr *ret)
{
	if (!commits &&
	    lease_client_port(x->table, x->client.id, LEASE_PORT_LINK)->offers < MANY_OFFERS)
		return false;
	return lease_pool_end_offer(source->pool, x->client.id) && pick(x, asked, source, ret);
}

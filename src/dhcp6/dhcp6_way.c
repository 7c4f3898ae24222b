/* SPDX-License-Identifier: ISC */
/*
 * The way to a client (RFC 8987 section 3.1): the link that its message came by and the link-local
 * address that it was sent from, never one made from its DUID or its link-layer address. Whoever
 * can send in a client's name can take its leases too, so what moves them moves the way: messages
 * that give leases, and Confirm, by which a client that was plugged in elsewhere goes on with them.
 *
 * Behind relays the client's link is not ours, and routes are theirs. A relay in a switch (RFC
 * 6221) is none in this: it stands on the link, and what it sends comes from the client's address.
 */
#include "config.h"

#include "dhcp6/dhcp6_way.h"

#include <string.h>

static bool tells_where(const struct dhcp6_exchange *x)
{
	if (x->answer->type != DHCP6_REPLY)
		return false;
	switch (x->msg->type) {
	case DHCP6_SOLICIT: /* with rapid commit */
	case DHCP6_REQUEST:
	case DHCP6_RENEW:
	case DHCP6_REBIND:
		return true;
	case DHCP6_CONFIRM:
		return x->answer->status == DHCP6_SUCCESS;
	}
	return false;
}

/* Whether a route follows any of its leases; who has none costs no memory and no room in a row. */
static bool is_routed(const struct dhcp6_exchange *x)
{
	const struct lease *lease;

	switch (x->link->conf->dhcp6.routes) {
	case DHCP6_ROUTES_OFF:
		return false;
	case DHCP6_ROUTES_ALL:
		return true;
	case DHCP6_ROUTES_PREFIXES:
		break;
	}
	lease = lease_first_of_client(x->table, x->client.id);
	while (lease && lease->kind != LEASE_PD)
		lease = lease_next_of_client(x->table, lease);
	return lease;
}

/* Leases that the message is not about go along. */
static bool moves_all(const struct dhcp6_exchange *x, bool changed)
{
	return changed || x->msg->type != DHCP6_CONFIRM;
}

static bool find_way(const struct dhcp6_exchange *x, struct lease_way *ret)
{
	const struct in6_addr *via = &x->packet->src;
	const char *link = x->packet->link_name;

	if (x->relay)
		via = x->relay->is_on_link ? &x->relay->peer : NULL;
	if (!via || !ip6_is_link_local(via) || !link || strlen(link) >= sizeof(ret->link))
		return false;
	*ret = (struct lease_way){.via = *via};
	memcpy(ret->link, link, strlen(link) + 1);
	return true;
}

void dhcp6_way_note(const struct dhcp6_exchange *x)
{
	uint32_t client = x->client.id;
	const struct lease_way *known;
	struct lease_way way;
	bool found, changed, undone;

	if (client == LEASE_NONE || !tells_where(x) || !is_routed(x))
		return;
	known = lease_client_way(x->table, client);
	found = find_way(x, &way);
	/* A way is not taken back when its commit fails: then it is known, but not stored. */
	undone = lease_client_undone(x->table, client);
	if (!found && !known && !undone)
		return;
	changed = !found || !known || memcmp(known, &way, sizeof(way)) != 0;
	if (changed)
		lease_client_set_way(x->table, client, found ? &way : NULL);
	if (moves_all(x, changed || undone))
		lease_client_restate(x->table, client);
}

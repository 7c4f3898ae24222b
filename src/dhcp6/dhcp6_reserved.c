/* SPDX-License-Identifier: ISC */
/*
 * What the configuration reserves for a host: which IA of the client it is for, and whether it is
 * free for it. What stands against it gives way here; it is given by dhcp6_bind.c.
 */
#include "config.h"

#include "dhcp6/dhcp6_reserved.h"

#include "dhcp6/dhcp6_fqdn.h"
#include "dhcp6/dhcp6_log.h"

size_t dhcp6_reserved_count(const struct dhcp6_reserved *r)
{
	const struct dhcp6_host *host = r->host;

	if (!host || !r->x->link->conf->stateful)
		return 0;
	return r->asked->kind == LEASE_NA ? host->n_addresses : host->n_delegate;
}

struct ip6_prefix dhcp6_reserved_at(const struct dhcp6_reserved *r, size_t i)
{
	const struct dhcp6_host *host = r->host;

	if (r->asked->kind == LEASE_PD)
		return host->delegate[i];
	return (struct ip6_prefix){host->addresses[i], 128};
}

/* Whether an IA of the client's has any of what is reserved. */
static bool holds_reserved(const struct dhcp6_reserved *r, const struct lease *lease)
{
	for (size_t i = 0; i < dhcp6_reserved_count(r); i++) {
		struct ip6_prefix prefix = dhcp6_reserved_at(r, i);

		if ((enum lease_kind)lease->kind == r->asked->kind &&
		    lease->state == LEASE_ACTIVE && lease->plen == prefix.len &&
		    ip6_equal(&lease->addr, &prefix.addr))
			return true;
	}
	return false;
}

static bool in_message(const struct dhcp6_reserved *r, uint32_t iaid)
{
	for (size_t i = 0; i < r->x->msg->n_ias; i++) {
		if (r->x->msg->ias[i].kind == r->asked->kind && r->x->msg->ias[i].iaid == iaid)
			return true;
	}
	return false;
}

/*
 * Whether the reservation is for this IA of the client's: the one that holds it, or else the first
 * of its kind in the message. One that begins anew takes it from an IAID which is not in the
 * message (an installer and the system after it differ there); one that renews does not, or two
 * interfaces of a machine would take it from each other for ever.
 */
bool dhcp6_reserved_is_for_ia(const struct dhcp6_reserved *r)
{
	const struct dhcp6_exchange *x = r->x;

	if (r->host->iaid.set)
		return true;
	for (const struct lease *lease = lease_first_of_client(x->table, x->client.id); lease;
	     lease = lease_next_of_client(x->table, lease)) {
		if (!holds_reserved(r, lease))
			continue;
		if (lease->iaid == r->asked->iaid)
			return true;
		if (r->renews || in_message(r, lease->iaid))
			return false;
	}
	for (const struct dhcp6_msg_ia *ia = x->msg->ias; ia < r->asked; ia++) {
		if (ia->kind == r->asked->kind)
			return false;
	}
	return true;
}

/* Whether a client is another DUID of the same machine, which this one is sure to be. */
static bool is_same_machine(const struct dhcp6_reserved *r, uint32_t client)
{
	return r->x->client.host_is_sure &&
	       dhcp6_client_shares_host(&r->x->client, r->host,
					lease_client_get(r->x->table, client));
}

/*
 * Whether the client may have what is reserved for it now. What is only remembered and overlaps it
 * is forgotten; another client with the same reservation (the same machine with another DUID)
 * gives way at once.
 */
bool dhcp6_reserved_make_way(const struct dhcp6_reserved *r, const struct ip6_prefix *prefix)
{
	struct dhcp6_exchange *x = r->x;
	const struct lease *lease;

	while (r->asked->kind == LEASE_PD &&
	       (lease = lease_overlapping(x->table, x->link->network, &prefix->addr,
					  prefix->len))) {
		if (!lease_only_past(x->table, x->link->network, &prefix->addr, prefix->len))
			return false;
		if (!r->commits)
			return true;
		lease_forget(x->table, lease->id);
	}
	if (lease_available(x->table, x->client.id, r->asked->kind, &prefix->addr, prefix->len))
		return true;
	lease = lease_find(x->table, x->link->network, LEASE_REG, &prefix->addr, prefix->len);
	if (lease && r->asked->kind == LEASE_NA) {
		/* What a host registered stands against no reservation. */
		if (r->commits)
			lease_forget(x->table, lease->id);
		return true;
	}
	lease = lease_find(x->table, x->link->network, r->asked->kind, &prefix->addr, prefix->len);
	if (!lease || lease->state != LEASE_ACTIVE || !is_same_machine(r, lease->client))
		return false;
	if (r->commits) {
		dhcp6_log_moved(x, lease, r->asked->iaid);
		dhcp6_fqdn_ended(x->link->conf, x->table, lease, x->fx);
		lease_release(x->table, lease->id, x->now, x->now);
	}
	return true;
}

/* SPDX-License-Identifier: ISC */
/*
 * Release and Decline (RFC 8415 sections 18.3.7 and 18.3.8). Only a lease that the client holds
 * under the very IAID it names is touched; everything else in the message is ignored.
 */
#include "config.h"

#include "dhcp6/dhcp6_unbind.h"

#include "dhcp6/dhcp6_fqdn.h"
#include "dhcp6/dhcp6_log.h"

static bool has_binding(const struct dhcp6_exchange *x, enum lease_kind kind, uint32_t iaid)
{
	const struct lease_client *client =
		x->client.id == LEASE_NONE ? NULL : lease_client_get(x->table, x->client.id);
	const struct lease *lease = client ? lease_get(x->table, client->first_lease) : NULL;

	for (; lease; lease = lease_next_of_client(x->table, lease)) {
		if ((enum lease_kind)lease->kind == kind && lease->iaid == iaid &&
		    lease->state == LEASE_ACTIVE)
			return true;
	}
	return false;
}

/* The active lease of the client's that it names; NULL if it is none. */
static const struct lease *named_lease(const struct dhcp6_exchange *x,
				       const struct dhcp6_msg_ia *ia,
				       const struct dhcp6_msg_lease *named)
{
	const struct lease *lease =
		lease_find(x->table, x->link->network, ia->kind, &named->addr, named->plen);

	if (!lease || lease->client != x->client.id || lease->iaid != ia->iaid ||
	    lease->state != LEASE_ACTIVE)
		return NULL;
	return lease;
}

typedef void ender(struct dhcp6_exchange *x, const struct lease *lease);

static void release(struct dhcp6_exchange *x, const struct lease *lease)
{
	mtime until = mtime_after_lifetime(x->now, x->limits->remember);
	struct logline *line = dhcp6_log_client(x, LOG_LEVEL_INFO, "lease-released");

	dhcp6_log_ia(line, (enum lease_kind)lease->kind, lease->iaid);
	dhcp6_log_lease(line, (enum lease_kind)lease->kind, &lease->addr, lease->plen);
	dhcp6_fqdn_ended(x->link->conf, x->table, lease, x->fx);
	lease_release(x->table, lease->id, until, x->now);
}

static void quarantine(struct dhcp6_exchange *x, const struct lease *lease)
{
	mtime until = mtime_after_lifetime(x->now, x->limits->decline_quarantine);
	struct logline *line = dhcp6_log_client(x, LOG_LEVEL_WARNING, "lease-declined");

	dhcp6_log_ia(line, (enum lease_kind)lease->kind, lease->iaid);
	dhcp6_log_lease(line, (enum lease_kind)lease->kind, &lease->addr, lease->plen);
	dhcp6_fqdn_ended(x->link->conf, x->table, lease, x->fx);
	lease_decline(x->table, lease->id, until, x->now);
}

/* Declined by the client in the last hour; what was forgotten since does not count. */
static uint32_t recent_declines(const struct dhcp6_exchange *x)
{
	const mtime hour = 3600 * SEC;
	uint32_t n = 0;

	for (const struct lease *lease = lease_first_of_client(x->table, x->client.id); lease;
	     lease = lease_next_of_client(x->table, lease))
		n += lease->state == LEASE_DECLINED && lease->since > x->now - hour;
	return n;
}

/* How many addresses of the network may be kept from clients: a share of its pools, one at least.
 */
static uint64_t quarantine_room(const struct dhcp6_exchange *x)
{
	uint64_t room = 0;

	for (size_t i = 0; i < x->link->sources[LEASE_NA].n; i++) {
		uint64_t size = lease_pool_size(x->link->sources[LEASE_NA].list[i].pool);

		/* A part of each: the sum stays a number. */
		room += size / 100 * x->limits->quarantine_share +
			size % 100 * x->limits->quarantine_share / 100;
		if (size > UINT32_MAX)
			return UINT32_MAX;
	}
	return room ? room : 1;
}

/* The limit that is reached; NULL: the client can decline one more. */
static const char *find_limit(const struct dhcp6_exchange *x)
{
	if (recent_declines(x) >= x->limits->declines_per_hour)
		return "declines-per-hour";
	return lease_client_port(x->table, x->client.id, LEASE_PORT_LINK)->declined <
			       x->limits->declines_per_link
		       ? NULL
		       : "declines-per-link";
}

static void decline(struct dhcp6_exchange *x, const struct lease *lease)
{
	uint32_t id = lease->id, oldest;
	const char *limit;

	lease_client_set_ports(x->table, x->client.id, x->port.names);
	limit = find_limit(x);
	if (limit) {
		struct logline *line = dhcp6_log_client(x, LOG_LEVEL_WARNING, "decline-ignored");

		dhcp6_log_lease(line, LEASE_NA, &lease->addr, lease->plen);
		logline_str(line, "limit", limit);
		return;
	}
	while (lease_declined(x->table, x->link->network, &oldest) >= quarantine_room(x))
		lease_forget(x->table, oldest);
	quarantine(x, lease_get(x->table, id));
}

static void end_leases(struct dhcp6_exchange *x, const struct dhcp6_msg_ia *ia, ender *end)
{
	if (!has_binding(x, ia->kind, ia->iaid)) {
		struct dhcp6_answer_ia *out = dhcp6_answer_add_ia(x->answer, ia->kind, ia->iaid);

		if (out)
			out->status = DHCP6_NO_BINDING;
		return;
	}
	for (size_t i = ia->first; i < ia->first + ia->count; i++) {
		const struct lease *lease = named_lease(x, ia, &x->msg->leases[i]);

		if (lease)
			end(x, lease);
	}
}

void dhcp6_release_ias(struct dhcp6_exchange *x)
{
	for (size_t i = 0; i < x->msg->n_ias; i++)
		end_leases(x, &x->msg->ias[i], release);
}

void dhcp6_decline_ias(struct dhcp6_exchange *x)
{
	/* RFC 8415 section 18.3.8: addresses are declined, prefixes are not. */
	for (size_t i = 0; i < x->msg->n_ias; i++) {
		if (x->msg->ias[i].kind == LEASE_NA)
			end_leases(x, &x->msg->ias[i], decline);
	}
}

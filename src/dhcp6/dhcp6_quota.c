/* SPDX-License-Identifier: ISC */
/*
 * Limits on leases. What is reserved is not asked about here: the operator has bounded it. Offers
 * count for the client they were made to, and not for its place, where invented clients would use
 * up with them what real ones could have.
 */
#include "config.h"

#include "dhcp6/dhcp6_quota.h"

/* What the client has. */
struct held {
	uint32_t now;      /* active or offered */
	uint32_t prefixes; /* of those */
	uint32_t past;
	uint32_t oldest; /* of those, but for declined addresses; LEASE_NONE: none */
};

static struct held count_held(const struct dhcp6_exchange *x)
{
	struct held held = {.oldest = LEASE_NONE};
	mtime since = MTIME_NEVER;

	for (const struct lease *lease = lease_first_of_client(x->table, x->client.id); lease;
	     lease = lease_next_of_client(x->table, lease)) {
		if (lease->kind == LEASE_REG)
			continue;
		if (lease->state == LEASE_ACTIVE || lease->state == LEASE_OFFERED) {
			held.now++;
			held.prefixes += lease->kind == LEASE_PD;
			continue;
		}
		held.past++;
		if (lease->state != LEASE_DECLINED && lease->since < since) {
			since = lease->since;
			held.oldest = lease->id;
		}
	}
	return held;
}

static const char *client_limit(const struct dhcp6_exchange *x, enum lease_kind kind,
				const struct held *held, const struct dhcp6_ending *ending)
{
	if (held->now - ending->leases >= x->limits->leases_per_client)
		return "leases-per-client";
	if (kind == LEASE_PD && held->prefixes - ending->prefixes >= x->limits->prefixes_per_client)
		return "prefixes-per-client";
	return NULL;
}

static const struct lease_port *port(const struct dhcp6_exchange *x, enum lease_port_level level)
{
	return lease_client_port(x->table, x->client.id, level);
}

/* Whether the clients of its place have as many as they may. What ends is counted there too. */
static bool is_full(const struct dhcp6_exchange *x, enum lease_port_level level, uint32_t max,
		    const struct dhcp6_ending *ending)
{
	uint32_t leases = port(x, level)->leases;

	return leases >= max && leases - max >= ending->leases;
}

static const char *place_limit(const struct dhcp6_exchange *x, const struct dhcp6_ending *ending)
{
	if (is_full(x, LEASE_PORT_OF_RELAY, x->limits->leases_per_port, ending))
		return "leases-per-port";
	if (is_full(x, LEASE_PORT_LINK, x->limits->leases_per_link, ending))
		return "leases-per-link";
	return NULL;
}

const char *dhcp6_quota_for_new(const struct dhcp6_exchange *x, enum lease_kind kind,
				const struct dhcp6_ending *ending, bool commits)
{
	const struct held held = count_held(x);
	const char *limit = client_limit(x, kind, &held, ending);

	if (!limit)
		limit = place_limit(x, ending);
	if (limit || held.past < 4 * x->limits->leases_per_client)
		return limit;
	/* Nothing but declined addresses, which it must not add to for ever. */
	if (held.oldest == LEASE_NONE)
		return "leases-per-client";
	if (commits)
		lease_forget(x->table, held.oldest);
	return NULL;
}

const char *dhcp6_quota_for_again(const struct dhcp6_exchange *x, const struct lease *lease,
				  const struct dhcp6_ending *ending)
{
	const char *limit = NULL;

	if (lease->state != LEASE_OFFERED) {
		const struct held held = count_held(x);

		limit = client_limit(x, (enum lease_kind)lease->kind, &held, ending);
	}
	return limit ? limit : place_limit(x, ending);
}

bool dhcp6_quota_keeps_offer(const struct dhcp6_exchange *x)
{
	return port(x, LEASE_PORT_LINK)->offers < x->limits->offers_per_link;
}

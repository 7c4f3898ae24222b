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
	uint32_t ending;   /* active, but not for long; not in those */
	uint32_t past;
	uint32_t oldest; /* of those, but for declined addresses; LEASE_NONE: none */
};

static bool is_of_message(const struct dhcp6_exchange *x, const struct lease *lease)
{
	for (const struct dhcp6_msg_ia *ia = x->msg->ias; ia < x->msg->ias + x->msg->n_ias; ia++) {
		if (ia->kind == (enum lease_kind)lease->kind && ia->iaid == lease->iaid)
			return true;
	}
	return false;
}

/* Whether its IA will not keep it: no pool that is for the client has it, nor is it reserved. */
static bool is_ending(const struct dhcp6_exchange *x, const struct lease *lease)
{
	enum lease_kind kind = (enum lease_kind)lease->kind;
	const struct dhcp6_source *source;

	if (lease->state != LEASE_ACTIVE || !is_of_message(x, lease))
		return false;
	source = dhcp6_link_source(x->link, kind, &lease->addr, lease->plen);
	return !(source && (!source->classes || source->classes & x->classes)) &&
	       !dhcp6_answer_overlaps(x->answer, kind, &lease->addr, lease->plen);
}

static struct held count_held(const struct dhcp6_exchange *x)
{
	struct held held = {.oldest = LEASE_NONE};
	mtime since = MTIME_NEVER;

	for (const struct lease *lease = lease_first_of_client(x->table, x->client.id); lease;
	     lease = lease_next_of_client(x->table, lease)) {
		if (lease->kind == LEASE_REG)
			continue;
		if (is_ending(x, lease)) {
			held.ending++;
			continue;
		}
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
				const struct held *held)
{
	if (held->now >= x->limits->leases_per_client)
		return "leases-per-client";
	if (kind == LEASE_PD && held->prefixes >= x->limits->prefixes_per_client)
		return "prefixes-per-client";
	return NULL;
}

static const struct lease_port *port(const struct dhcp6_exchange *x, enum lease_port_level level)
{
	return lease_client_port(x->table, x->client.id, level);
}

/* Whether the clients of its place have as many as they may; what ends is counted there too. */
static bool is_full(const struct dhcp6_exchange *x, enum lease_port_level level, uint32_t max,
		    const struct held *held)
{
	uint32_t leases = port(x, level)->leases;

	return leases >= max && leases - max >= held->ending;
}

static const char *place_limit(const struct dhcp6_exchange *x, const struct held *held)
{
	if (is_full(x, LEASE_PORT_OF_RELAY, x->limits->leases_per_port, held))
		return "leases-per-port";
	if (is_full(x, LEASE_PORT_LINK, x->limits->leases_per_link, held))
		return "leases-per-link";
	return NULL;
}

const char *dhcp6_quota_for_new(const struct dhcp6_exchange *x, enum lease_kind kind, bool commits)
{
	const struct held held = count_held(x);
	const char *limit = client_limit(x, kind, &held);

	if (!limit)
		limit = place_limit(x, &held);
	if (limit || held.past < 4 * x->limits->leases_per_client)
		return limit;
	/* Nothing but declined addresses, which it must not add to for ever. */
	if (held.oldest == LEASE_NONE)
		return "leases-per-client";
	if (commits)
		lease_forget(x->table, held.oldest);
	return NULL;
}

const char *dhcp6_quota_for_again(const struct dhcp6_exchange *x, const struct lease *lease)
{
	const struct held held = count_held(x);
	const char *limit = NULL;

	if (lease->state != LEASE_OFFERED)
		limit = client_limit(x, (enum lease_kind)lease->kind, &held);
	return limit ? limit : place_limit(x, &held);
}

bool dhcp6_quota_keeps_offer(const struct dhcp6_exchange *x)
{
	return port(x, LEASE_PORT_LINK)->offers < x->limits->offers_per_link;
}

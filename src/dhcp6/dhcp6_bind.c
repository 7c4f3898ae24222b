/* SPDX-License-Identifier: ISC */
/*
 * Which leases an IA gets (RFC 8415 sections 13 and 18.3.1 to 18.3.5). dhcp6_bind_ias() decides on
 * each IA of a message in the same order for an Advertise and for a Reply, so that what was offered
 * is what is given:
 *
 *   1. what is reserved for the client's host;
 *   2. what the client holds or last held under this IAID;
 *   3. what it asks for, where that is in a pool and free;
 *   4. what a pool picks.
 *
 * An offer of something from a pool is held for a short time, in memory only and bounded (section
 * 18.3.1); an offer of a reservation needs no record, for nobody else can be given it.
 *
 * Pointers to leases are not kept over a call that changes the lease table.
 */
#include "config.h"

#include "dhcp6/dhcp6_bind.h"

#include <assert.h>

#include "dhcp6/dhcp6_exclude.h"
#include "dhcp6/dhcp6_fqdn.h"
#include "dhcp6/dhcp6_hints.h"
#include "dhcp6/dhcp6_log.h"
#include "dhcp6/dhcp6_pick.h"
#include "dhcp6/dhcp6_proto.h"
#include "dhcp6/dhcp6_quota.h"
#include "dhcp6/dhcp6_reserved.h"

/* One IA of the message being decided on. */
struct work {
	struct dhcp6_exchange *x;
	enum dhcp6_purpose purpose;
	const struct dhcp6_msg_ia *asked;
	struct dhcp6_answer_ia *ia;
	const struct dhcp6_host *host;   /* what is reserved for the IA; NULL: nothing */
	size_t given;                    /* leases granted so far that are preferred for a while */
	bool last_resort;                /* there is nothing that is still preferred */
	bool skipped;                    /* something that is not, of this purpose */
	const struct ip6_prefix *within; /* only of this prefix on the link; NULL: of any */
	const char *limit;               /* why it was not given more; NULL: no limit was met */
	bool evicts;                     /* what is offered to others is taken */
	bool waits;                      /* for what is reserved, which somebody else holds */
};

static bool commits(const struct work *w)
{
	return w->purpose != DHCP6_FOR_OFFER;
}

static bool renews(const struct work *w)
{
	return w->purpose == DHCP6_FOR_RENEW || w->purpose == DHCP6_FOR_REBIND;
}

static bool is_of_ia(const struct lease *lease, const struct dhcp6_msg_ia *ia)
{
	return (enum lease_kind)lease->kind == ia->kind && lease->iaid == ia->iaid;
}

static bool is_available(const struct work *w, const struct in6_addr *addr, uint8_t plen)
{
	return lease_available(w->x->table, w->x->client.id, w->asked->kind, addr, plen);
}

/* Whether it is, or can be made so: what was offered may be where something is remembered. */
static bool is_obtainable(const struct work *w, const struct in6_addr *addr, uint8_t plen)
{
	return is_available(w, addr, plen) ||
	       (w->purpose == DHCP6_FOR_REQUEST && w->asked->kind == LEASE_PD &&
		lease_only_past(w->x->table, w->x->link->network, addr, plen));
}

/* Whether the answer has it, or gives what overlaps it: an unheld offer hinders nobody. */
static bool is_given(const struct work *w, const struct in6_addr *addr, uint8_t plen)
{
	return dhcp6_answer_has(w->x->answer, addr, plen) ||
	       dhcp6_answer_overlaps(w->x->answer, w->asked->kind, addr, plen);
}

/* Whether the client has it in another IA, on another interface perhaps. */
static bool is_elsewhere(const struct work *w, const struct in6_addr *addr, uint8_t plen)
{
	const struct lease *lease =
		lease_find(w->x->table, w->x->link->network, w->asked->kind, addr, plen);

	return lease && lease->state == LEASE_ACTIVE && lease->client == w->x->client.id &&
	       !is_of_ia(lease, w->asked);
}

static bool is_within(const struct work *w, const struct dhcp6_source *source)
{
	return !w->within || ip6_prefix_equal(w->within, &lease_pool_conf(source->pool)->prefix);
}

/* Whether the pool is for clients of this one's classes. */
static bool is_open(const struct work *w, const struct dhcp6_source *source)
{
	return !source->classes || source->classes & w->x->classes;
}

static bool is_pooled(const struct work *w, const struct in6_addr *addr, uint8_t plen)
{
	const struct dhcp6_source *source =
		dhcp6_link_source(w->x->link, w->asked->kind, addr, plen);

	return source && is_within(w, source) && is_open(w, source);
}

static bool fits(const struct work *w, const struct in6_addr *addr, uint8_t plen)
{
	return dhcp6_link_fits(w->x->link, w->host, w->asked->kind, addr, plen);
}

/* Whether anything is left of the time of the prefix that it is of. */
static bool lasts(const struct work *w, const struct in6_addr *addr)
{
	uint32_t preferred = LIFETIME_INFINITE, valid = LIFETIME_INFINITE;

	dhcp6_network_cap(w->x->link->conf, w->asked->kind, addr, w->x->now, &preferred, &valid);
	return valid;
}

/*
 * Whether it may be given to somebody who does not hold it: what is of a prefix that is no longer
 * preferred may not, unless there is nothing else.
 */
static bool may_begin(struct work *w, const struct in6_addr *addr)
{
	uint32_t preferred = LIFETIME_INFINITE, valid = LIFETIME_INFINITE;

	dhcp6_network_cap(w->x->link->conf, w->asked->kind, addr, w->x->now, &preferred, &valid);
	if (!valid)
		return false;
	if (preferred || w->last_resort)
		return true;
	w->skipped = true;
	return false;
}

/* Whether it is of a prefix that was there and is gone. */
static bool is_former(const struct work *w, const struct in6_addr *addr)
{
	return dhcp6_network_is_former(w->x->link->conf, w->asked->kind, addr);
}

/* Whether a lease of the client's is this. */
static bool is_in_state(const struct work *w, enum lease_state state, const struct in6_addr *addr,
			uint8_t plen)
{
	const struct lease *lease =
		lease_find(w->x->table, w->x->link->network, w->asked->kind, addr, plen);

	return lease && (enum lease_state)lease->state == state &&
	       lease->client == w->x->client.id && is_of_ia(lease, w->asked);
}

static bool is_active(const struct work *w, const struct in6_addr *addr, uint8_t plen)
{
	return is_in_state(w, LEASE_ACTIVE, addr, plen);
}

static bool is_offered(const struct work *w, const struct in6_addr *addr, uint8_t plen)
{
	return is_in_state(w, LEASE_OFFERED, addr, plen);
}

static void log_grant(const struct work *w, enum log_level level, const char *event,
		      const struct lease_grant *grant, const char *why)
{
	struct logline *line = dhcp6_log_client(w->x, level, event);
	const struct dhcp6_source *pool;

	if (!line)
		return;
	pool = dhcp6_link_source(w->x->link, grant->kind, &grant->addr, grant->plen);
	dhcp6_log_ia(line, grant->kind, grant->iaid);
	dhcp6_log_lease(line, grant->kind, &grant->addr, grant->plen);
	logline_u64(line, "valid", grant->valid);
	/* Where the pool is for classes, those that opened it. */
	dhcp6_log_why(line, w->x, why, pool ? pool->classes & w->x->classes : 0);
}

static void commit(struct work *w, const struct lease_grant *grant, const char *why)
{
	struct dhcp6_exchange *x = w->x;
	bool renewed = is_active(w, &grant->addr, grant->plen);

	lease_bind(x->table, grant, x->now);
	x->answer->leases[x->answer->n_leases - 1].fresh = !renewed;
	log_grant(w, LOG_LEVEL_INFO, renewed ? "lease-renewed" : "lease-bound", grant, why);
}

static void offer(struct work *w, const struct lease_grant *grant, const char *why)
{
	struct dhcp6_exchange *x = w->x;
	mtime until = mtime_after_lifetime(x->now, x->limits->offer_time);

	/* Where others are to be forgotten for it, it is not held: an offer changes nothing. */
	if (is_pooled(w, &grant->addr, grant->plen) && !is_active(w, &grant->addr, grant->plen) &&
	    is_available(w, &grant->addr, grant->plen) &&
	    (is_offered(w, &grant->addr, grant->plen) || dhcp6_quota_keeps_offer(x)))
		lease_offer(x->table, grant, until, x->limits->offers, x->now);

	log_grant(w, LOG_LEVEL_DEBUG, "lease-offer", grant, why);
}

/* Gives the client what is available to it. False when the answer is full. */
static bool give(struct work *w, const struct in6_addr *addr, uint8_t plen, const char *why)
{
	struct dhcp6_exchange *x = w->x;
	struct lease_grant grant = {
		.client = x->client.id,
		.kind = w->asked->kind,
		.addr = *addr,
		.plen = plen,
		.iaid = w->asked->iaid,
	};

	dhcp6_link_lifetimes(x->link, grant.kind, addr, plen, &grant.preferred, &grant.valid);
	dhcp6_network_cap(x->link->conf, grant.kind, addr, x->now, &grant.preferred, &grant.valid);

	struct dhcp6_answer_lease *out =
		dhcp6_answer_add_lease(x->answer, addr, plen, grant.preferred, grant.valid);

	if (!out)
		return false;
	/* RFC 6603 section 4.1: only for those that ask for the option. */
	if (grant.kind == LEASE_PD && dhcp6_msg_wants(x->msg, DHCP6_OPT_PD_EXCLUDE)) {
		struct ip6_prefix prefix = {*addr, plen};

		dhcp6_exclude_find(x->link->conf, &prefix, &out->exclude);
	}
	if (commits(w))
		commit(w, &grant, why);
	else
		offer(w, &grant, why);
	/* Who holds only what is being taken out of use is given something new beside it. */
	w->given += grant.preferred || w->last_resort;
	return true;
}

/* Tells the client that it may not use this any longer (RFC 8415 section 18.3.4). */
static void revoke(struct work *w, const struct in6_addr *addr, uint8_t plen)
{
	if (!dhcp6_answer_has(w->x->answer, addr, plen))
		dhcp6_answer_add_lease(w->x->answer, addr, plen, 0, 0);
}

/* --- 1: reservations ----------------------------------------------------------------------- */

static void give_reserved(struct work *w)
{
	const struct dhcp6_reserved r = {
		.x = w->x,
		.asked = w->asked,
		.host = w->host,
		.renews = renews(w),
		.commits = commits(w),
	};
	size_t n = dhcp6_reserved_count(&r);

	if (!n || !dhcp6_reserved_is_for_ia(&r))
		return;
	for (size_t i = 0; i < n; i++) {
		struct ip6_prefix prefix = dhcp6_reserved_at(&r, i);

		/* Its prefix may have gone since the configuration was read. */
		if (!fits(w, &prefix.addr, prefix.len) || !lasts(w, &prefix.addr))
			continue;
		if (dhcp6_reserved_make_way(&r, &prefix)) {
			give(w, &prefix.addr, prefix.len, "reservation");
			continue;
		}
		struct logline *line =
			dhcp6_log_client(w->x, LOG_LEVEL_WARNING, "reservation-in-use");

		w->waits = true;

		dhcp6_log_ia(line, w->asked->kind, w->asked->iaid);
		dhcp6_log_lease(line, w->asked->kind, &prefix.addr, prefix.len);
	}
}

/* --- 2: what it holds or held -------------------------------------------------------------- */

static bool may_keep(const struct work *w, const struct lease *lease, uint8_t plen)
{
	return is_of_ia(lease, w->asked) && (!plen || lease->plen == plen) &&
	       is_pooled(w, &lease->addr, lease->plen) && lasts(w, &lease->addr) &&
	       is_available(w, &lease->addr, lease->plen) &&
	       !is_given(w, &lease->addr, lease->plen);
}

/* The next lease to give back of those active in the IA; NULL when all are in the answer. */
static const struct lease *next_held(const struct work *w, uint8_t plen)
{
	for (const struct lease *lease = lease_first_of_client(w->x->table, w->x->client.id); lease;
	     lease = lease_next_of_client(w->x->table, lease)) {
		if (lease->state == LEASE_ACTIVE && may_keep(w, lease, plen))
			return lease;
	}
	return NULL;
}

/* What was offered, released or has run out: the offer, else the newest. */
static const struct lease *last_held(struct work *w, uint8_t plen)
{
	const struct lease *best = NULL;

	for (const struct lease *lease = lease_first_of_client(w->x->table, w->x->client.id); lease;
	     lease = lease_next_of_client(w->x->table, lease)) {
		if (lease->state == LEASE_ACTIVE || lease->state == LEASE_DECLINED ||
		    !may_keep(w, lease, plen) || !may_begin(w, &lease->addr))
			continue;
		if (!best || (best->state != LEASE_OFFERED &&
			      (lease->state == LEASE_OFFERED || lease->since > best->since)))
			best = lease;
	}
	return best;
}

/* All that is active in the IA, of one length or (0) of any. */
static void give_held(struct work *w, uint8_t plen)
{
	const struct lease *lease;

	while ((lease = next_held(w, plen))) {
		struct in6_addr addr = lease->addr;

		if (!give(w, &addr, lease->plen, "held"))
			return;
	}
}

/* Whether the client may have what is remembered for it, or was offered to it. */
static bool may_have_again(struct work *w, const struct lease *lease)
{
	w->limit = dhcp6_quota_for_again(w->x, lease);
	return !w->limit;
}

/* All that was offered and is named now. */
static void give_offered(struct work *w)
{
	struct dhcp6_exchange *x = w->x;

	for (size_t i = 0; i < w->asked->count; i++) {
		const struct dhcp6_msg_lease *named = &x->msg->leases[w->asked->first + i];
		const struct lease *lease = lease_find(x->table, x->link->network, w->asked->kind,
						       &named->addr, named->plen);

		if (lease && lease->state == LEASE_OFFERED && lease->client == x->client.id &&
		    may_keep(w, lease, 0) && may_begin(w, &named->addr) && may_have_again(w, lease))
			give(w, &named->addr, named->plen, "offered");
	}
}

static void give_last(struct work *w, uint8_t plen)
{
	const struct lease *lease = last_held(w, plen);

	if (lease && may_have_again(w, lease)) {
		struct in6_addr addr = lease->addr;

		give(w, &addr, lease->plen,
		     lease->state == LEASE_OFFERED ? "offered" : "remembered");
	}
}

/* --- 3 and 4: something new ---------------------------------------------------------------- */

/* Whether the client may have one lease more. */
static bool may_grow(struct work *w)
{
	w->limit = dhcp6_quota_for_new(w->x, w->asked->kind, commits(w));
	return !w->limit;
}

/* One address, or every prefix, that the client names and can have. */
static void give_asked(struct work *w)
{
	for (size_t i = 0; i < w->asked->count; i++) {
		const struct dhcp6_msg_lease *asked = &w->x->msg->leases[w->asked->first + i];

		if (w->given && w->asked->kind == LEASE_NA)
			return;
		if (!is_pooled(w, &asked->addr, asked->plen) || !may_begin(w, &asked->addr) ||
		    is_given(w, &asked->addr, asked->plen) ||
		    is_elsewhere(w, &asked->addr, asked->plen) ||
		    !is_obtainable(w, &asked->addr, asked->plen) || !may_grow(w))
			continue;
		if (commits(w))
			dhcp6_pick_clear(w->x, w->asked, &asked->addr, asked->plen);
		give(w, &asked->addr, asked->plen, "asked");
	}
}

static bool holds_any(const struct work *w)
{
	const struct lease *lease = lease_first_of_client(w->x->table, w->x->client.id);

	while (lease && !(lease->state == LEASE_ACTIVE && is_of_ia(lease, w->asked)))
		lease = lease_next_of_client(w->x->table, lease);
	return lease;
}

/* Whether the client names something that it was offered. */
static bool names_offered(const struct work *w)
{
	for (size_t i = 0; i < w->asked->count; i++) {
		const struct dhcp6_msg_lease *named = &w->x->msg->leases[w->asked->first + i];

		if (is_offered(w, &named->addr, named->plen))
			return true;
	}
	return false;
}

/* What it names of what it holds and was offered: it may hold more, of other lengths, from before.
 */
static void give_agreed(struct work *w)
{
	for (size_t i = 0; i < w->asked->count; i++) {
		const struct dhcp6_msg_lease *named = &w->x->msg->leases[w->asked->first + i];

		if (is_active(w, &named->addr, named->plen) &&
		    is_pooled(w, &named->addr, named->plen) && lasts(w, &named->addr) &&
		    !is_given(w, &named->addr, named->plen))
			give(w, &named->addr, named->plen, "held");
	}
	give_offered(w);
}

static bool give_picked(struct work *w, const struct dhcp6_source *source)
{
	uint8_t plen = lease_pool_conf(source->pool)->plen;
	struct in6_addr addr;

	return is_within(w, source) && is_open(w, source) &&
	       may_begin(w, &lease_pool_conf(source->pool)->first) &&
	       (w->evicts ? dhcp6_pick_offered(w->x, w->asked, source, commits(w), &addr)
			  : dhcp6_pick(w->x, w->asked, source, commits(w), &addr)) &&
	       !is_given(w, &addr, plen) && give(w, &addr, plen, source->policy);
}

/* From the first pool of the length with room, or of the next best (RFC 8168 section 3.2). */
static void give_length(struct work *w, uint8_t plen, unsigned int farthest)
{
	const struct dhcp6_source *list = w->x->link->sources[w->asked->kind].list;
	size_t n = w->x->link->sources[w->asked->kind].n;

	for (unsigned int d = 0; d <= farthest; d++) {
		for (size_t i = 0; i < n; i++) {
			if (dhcp6_hints_distance(&list[i], plen) == d && give_picked(w, &list[i]))
				return;
		}
	}
}

/* From the first pool with room: what clients get that ask for no length, else what is nearest. */
static void give_default(struct work *w)
{
	const struct dhcp6_source *list = w->x->link->sources[w->asked->kind].list;
	size_t n = w->x->link->sources[w->asked->kind].n;

	for (size_t i = 0; i < n; i++) {
		if (list[i].is_default && give_picked(w, &list[i]))
			return;
	}
	for (size_t i = 0; i < n && w->asked->kind == LEASE_PD; i++) {
		if (list[i].is_default && is_open(w, &list[i])) {
			give_length(w, lease_pool_conf(list[i].pool)->plen, /* farthest= */ 256);
			return;
		}
	}
}

/* What the client has, had, names, or can get, without regard to lengths. */
static void give_any(struct work *w)
{
	give_held(w, 0);
	if (!w->given)
		give_offered(w);
	if (!w->given)
		give_last(w, 0);
	if (!w->given)
		give_asked(w);
	for (w->evicts = false; !w->given && may_grow(w); w->evicts = true) {
		give_default(w);
		if (w->evicts)
			break;
	}
	w->evicts = false;
}

/* RFC 8415 section 13.1: one of each prefix, as for an interface that makes its own addresses. */
static void give_each_prefix(struct work *w)
{
	const struct dhcp6_source *list = w->x->link->sources[LEASE_NA].list;
	size_t given = 0;

	for (size_t i = 0; i < w->x->link->sources[LEASE_NA].n; i++) {
		size_t k = 0;

		w->within = &lease_pool_conf(list[i].pool)->prefix;
		while (!is_within(w, &list[k]))
			k++;
		if (k < i)
			continue;
		w->given = 0;
		give_any(w);
		given += w->given;
	}
	w->within = NULL;
	w->given = given;
}

/* --- lengths that are asked for ------------------------------------------------------------ */

static bool is_met(const struct work *w, const struct dhcp6_hints *hints, size_t i)
{
	return dhcp6_hints_met(hints, i, w->x->answer, w->ia, !w->last_resort);
}

/* Something new for each length that is not there yet. */
static void give_missing(struct work *w, const struct dhcp6_hints *hints)
{
	for (size_t i = 0; i < hints->n; i++) {
		if (!is_met(w, hints, i) && may_grow(w))
			give_length(w, hints->lengths[i], /* farthest= */ 0);
	}
}

static void give_hinted(struct work *w, const struct dhcp6_hints *hints)
{
	for (size_t i = 0; i < hints->n; i++)
		give_held(w, hints->lengths[i]);
	for (size_t i = 0; i < hints->n; i++) {
		if (!is_met(w, hints, i))
			give_last(w, hints->lengths[i]);
	}
	/* RFC 8168 section 3.1: the prefix that is named comes before one of the same length. */
	if (!w->given) {
		give_asked(w);
		if (w->given)
			return;
	}
	give_missing(w, hints);
	if (!w->given)
		give_held(w, 0);
	if (!w->given)
		give_last(w, 0);
	for (w->evicts = false; !w->given && may_grow(w); w->evicts = true) {
		give_length(w, hints->lengths[0], /* farthest= */ 256);
		if (w->evicts)
			break;
	}
	w->evicts = false;
}

static void give_prefixes(struct work *w)
{
	struct dhcp6_hints hints = dhcp6_hints_read(w->x->link, w->x->msg, w->asked);

	/* RFC 8415 section 18.2.2: what a Request names is what the client was offered. */
	if (w->purpose == DHCP6_FOR_REQUEST && names_offered(w))
		give_agreed(w);
	else if (w->purpose == DHCP6_FOR_REQUEST && !hints.n && !holds_any(w))
		give_asked(w);
	if (w->given)
		return;
	if (!hints.n) {
		give_any(w);
		return;
	}
	/* RFC 8168 section 3.4: a new length is given beside the old prefix, which stays. */
	if (renews(w))
		give_held(w, 0);
	if (w->given)
		give_missing(w, &hints);
	else
		give_hinted(w, &hints);
}

static void give_unreserved(struct work *w)
{
	if (w->asked->kind == LEASE_PD)
		give_prefixes(w);
	else if (w->x->link->conf->dhcp6.addresses == DHCP6_ADDRESSES_EACH_PREFIX)
		give_each_prefix(w);
	else
		give_any(w);
}

static void give_leases(struct work *w)
{
	give_reserved(w);
	if (w->given)
		return;
	give_unreserved(w);
	if (w->ia->count || !w->skipped)
		return;
	w->last_resort = true;
	give_unreserved(w);
}

/* --- what the client loses ----------------------------------------------------------------- */

/* An active lease of the IA that is not given again; NULL when there is none. */
static const struct lease *next_lost(const struct work *w)
{
	for (const struct lease *lease = lease_first_of_client(w->x->table, w->x->client.id); lease;
	     lease = lease_next_of_client(w->x->table, lease)) {
		bool given = dhcp6_answer_has(w->x->answer, &lease->addr, lease->plen);

		if (lease->state == LEASE_ACTIVE && is_of_ia(lease, w->asked) && !given)
			return lease;
	}
	return NULL;
}

/* Ends what the IA held and was not given again: its pool is gone, or its host has another. */
static void end_lost(struct work *w)
{
	struct dhcp6_exchange *x = w->x;
	const struct lease *lease;

	while (commits(w) && (lease = next_lost(w))) {
		mtime until = mtime_after_lifetime(x->now, x->limits->remember);
		struct logline *line = dhcp6_log_client(x, LOG_LEVEL_INFO, "lease-revoked");

		/* RFC 8415 section 18.3.2: the Reply to a Request has only what is assigned. */
		if (renews(w) || is_former(w, &lease->addr))
			revoke(w, &lease->addr, lease->plen);
		dhcp6_log_ia(line, (enum lease_kind)lease->kind, lease->iaid);
		dhcp6_log_lease(line, (enum lease_kind)lease->kind, &lease->addr, lease->plen);
		dhcp6_fqdn_ended(x->link->conf, x->table, lease, x->fx);
		lease_release(x->table, lease->id, until, x->now);
	}
}

/* Whether the client has, or had until it ran out, a lease under this IAID. */
static bool is_known(const struct work *w)
{
	for (const struct lease *lease = lease_first_of_client(w->x->table, w->x->client.id); lease;
	     lease = lease_next_of_client(w->x->table, lease)) {
		if (is_of_ia(lease, w->asked) &&
		    (lease->state == LEASE_ACTIVE || lease->state == LEASE_EXPIRED))
			return true;
	}
	return false;
}

/*
 * Whether our own records say that the client may not use it: somebody else has it, or it was taken
 * from this client in a Reply that was perhaps lost.
 */
static bool is_taken(const struct work *w, const struct dhcp6_msg_lease *named)
{
	const struct lease *lease = lease_find(w->x->table, w->x->link->network, w->asked->kind,
					       &named->addr, named->plen);

	if (!lease || lease->state == LEASE_OFFERED)
		return false;
	if (lease->state == LEASE_DECLINED)
		return true;
	if (lease->client != w->x->client.id)
		return lease->state == LEASE_ACTIVE;
	return is_known(w) || !is_pooled(w, &named->addr, named->plen);
}

/*
 * What the client says it has and was not given. A Renew is for this server, so it is the one to
 * know; a Rebind may speak of another server's leases, so only what cannot be on this link, or was
 * given here, is taken away (RFC 8415 section 18.3.5).
 */
static void revoke_named(struct work *w)
{
	for (size_t i = 0; i < w->asked->count; i++) {
		const struct dhcp6_msg_lease *named = &w->x->msg->leases[w->asked->first + i];
		/* RFC 9096 section 3.5: in the Reply to a Request too. */
		bool former = w->purpose == DHCP6_FOR_REQUEST && is_former(w, &named->addr);

		if (ip6_is_unspecified(&named->addr) || !(renews(w) || former))
			continue;
		if (former || w->purpose == DHCP6_FOR_RENEW ||
		    !fits(w, &named->addr, named->plen) || is_taken(w, named))
			revoke(w, &named->addr, named->plen);
	}
}

/* --- an IA as a whole ---------------------------------------------------------------------- */

static bool names_off_link(const struct work *w)
{
	for (size_t i = 0; i < w->asked->count; i++) {
		const struct dhcp6_msg_lease *named = &w->x->msg->leases[w->asked->first + i];

		if (!ip6_is_unspecified(&named->addr) && !fits(w, &named->addr, named->plen) &&
		    !is_former(w, &named->addr))
			return true;
	}
	return false;
}

/*
 * Whether a binding may be made where there is none. RFC 8415 section 18.3.5: for a Rebind, which
 * other servers hear too, only where Rapid Commit is allowed.
 */
static bool may_create(const struct work *w)
{
	return w->purpose != DHCP6_FOR_REBIND || w->x->link->conf->dhcp6.rapid_commit;
}

/* Why nothing of the pools could be given. */
static const char *why_none(const struct work *w)
{
	const struct dhcp6_source *list = w->x->link->sources[w->asked->kind].list;
	size_t n = w->x->link->sources[w->asked->kind].n;
	const char *why = n ? "other-class" : w->waits ? "reservation-in-use" : "no-pool";

	for (size_t i = 0; i < n; i++) {
		if (is_open(w, &list[i]))
			why = "pools-full";
	}
	return why;
}

static void say_none_available(struct work *w)
{
	/* Many clients ask for a prefix wherever they are, and none is configured. */
	bool expected = !w->limit && !w->waits && !w->x->link->sources[w->asked->kind].n;
	struct logline *line =
		dhcp6_log_client(w->x, expected ? LOG_LEVEL_INFO : LOG_LEVEL_WARNING, "no-lease");

	dhcp6_log_ia(line, w->asked->kind, w->asked->iaid);
	if (w->limit)
		logline_str(line, "limit", w->limit);
	else
		logline_str(line, "why", why_none(w));
	w->ia->status = w->asked->kind == LEASE_NA ? DHCP6_NO_ADDRS_AVAIL : DHCP6_NO_PREFIX_AVAIL;
}

/* An IA of a Rebind that nothing is known of; without anything to say it is left out. */
static void refuse_unknown(struct work *w)
{
	revoke_named(w);
	if (w->ia->count)
		return;
	if (w->x->link->conf->stateful)
		w->ia->status = DHCP6_NO_BINDING;
	else
		w->x->answer->n_ias--;
}

static void bind_ia(struct work *w)
{
	/* RFC 8415 section 18.3.2: one address that is off this link refuses the IA. */
	if (w->purpose == DHCP6_FOR_REQUEST && w->asked->kind == LEASE_NA && names_off_link(w)) {
		w->ia->status = DHCP6_NOT_ON_LINK;
		return;
	}
	if (renews(w) && !is_known(w) && !may_create(w)) {
		refuse_unknown(w);
		return;
	}
	give_leases(w);
	end_lost(w);
	revoke_named(w);
	/* Where leases are taken away, they are the answer: some clients heed a status alone. */
	if (!w->ia->count)
		say_none_available(w);
}

void dhcp6_bind_ias(struct dhcp6_exchange *x, enum dhcp6_purpose purpose)
{
	for (size_t i = 0; i < x->msg->n_ias; i++) {
		struct work w = {.x = x, .purpose = purpose, .asked = &x->msg->ias[i]};

		w.host = dhcp6_client_ia_host(&x->client, x->link, w.asked->iaid);
		w.ia = dhcp6_answer_add_ia(x->answer, w.asked->kind, w.asked->iaid);
		assert(w.ia);
		bind_ia(&w);
	}
}

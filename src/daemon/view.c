/* SPDX-License-Identifier: ISC */
/*
 * The view: one model of prefixes for both protocols, so that what is withdrawn from one is revoked
 * by the other in the same moment (standards.md S28).
 *
 * A network whose prefixes all stand in the file is passed on as it is. For others the prefixes
 * are those of the file and those of the ledger; DHCPv6 is completed anew from its template, with
 * relative pools in each prefix that came from an interface.
 */
#include "config.h"

#include "daemon/view.h"

#include <stdlib.h>

#include "base/mem.h"

/* Whether the ledger has the prefix, which is then told from there. */
static bool in_ledger(const struct ra_ledger *ledger, const struct ip6_prefix *prefix)
{
	for (size_t i = 0; i < ledger->n; i++) {
		if (ledger->entries[i].present &&
		    ip6_prefix_equal(&ledger->entries[i].prefix.prefix, prefix))
			return true;
	}
	return false;
}

static bool in_file(const struct daemon_network *net, const struct ip6_prefix *prefix)
{
	for (size_t i = 0; i < net->n_prefixes; i++) {
		if (!net->prefixes[i].from_interface && !net->prefixes[i].decrementing &&
		    ip6_prefix_equal(&net->prefixes[i].prefix, prefix))
			return true;
	}
	return false;
}

static void view_prefixes(const struct daemon_network *net, const struct ra_ledger *ledger,
			  struct daemon_view_network *ret, struct arena *arena)
{
	struct ra_prefix *prefixes =
		arena_new(arena, net->n_prefixes + ledger->n, sizeof(*prefixes));
	size_t n = 0;

	for (size_t i = 0; i < net->n_prefixes; i++) {
		const struct ra_prefix *item = &net->prefixes[i];

		if (!item->from_interface && !in_ledger(ledger, &item->prefix))
			prefixes[n++] = *item;
	}
	for (size_t i = 0; i < ledger->n; i++) {
		const struct ra_ledger_entry *entry = &ledger->entries[i];

		/* What the file has again is not gone. */
		if (entry->present || !in_file(net, &entry->prefix.prefix))
			prefixes[n++] = ra_ledger_told(entry);
	}
	ret->prefixes = prefixes;
	ret->n_prefixes = n;
}

static bool lasts(const struct ra_prefix *prefix, mtime now)
{
	return prefix->decrementing && prefix->valid_end > now;
}

/* Adds the pool in every prefix that comes from an interface, or as it is. */
static void add_pools(struct dhcp6_net *served, const struct dhcp6_pool *pool,
		      const struct daemon_view_network *view, mtime now)
{
	if (!daemon_pool_is_relative(pool)) {
		served->pools[served->n_pools++] = *pool;
		return;
	}
	for (size_t i = 0; i < view->n_prefixes; i++) {
		const struct ra_prefix *prefix = &view->prefixes[i];
		const struct ip6_prefix within = {.len = prefix->prefix.len};
		struct dhcp6_pool made = *pool;

		if (!prefix->from_interface || !lasts(prefix, now) ||
		    !ip6_prefix_contains(&within, &pool->range.last))
			continue;
		for (size_t k = 0; k < sizeof(made.range.first.s6_addr); k++) {
			made.range.first.s6_addr[k] |= prefix->prefix.addr.s6_addr[k];
			made.range.last.s6_addr[k] |= prefix->prefix.addr.s6_addr[k];
		}
		served->pools[served->n_pools++] = made;
	}
}

/* A pool of the file whose prefix has ended leases nothing. */
static bool has_ended(const struct dhcp6_pool *pool, const struct daemon_view_network *view,
		      mtime now)
{
	for (size_t i = 0; i < view->n_prefixes; i++) {
		const struct ra_prefix *prefix = &view->prefixes[i];

		if (prefix->decrementing && !lasts(prefix, now) &&
		    ip6_prefix_contains(&prefix->prefix, &pool->range.first))
			return true;
	}
	return false;
}

static void view_dhcp6_prefixes(struct dhcp6_network *dhcp6, const struct dhcp6_network *template,
				const struct daemon_view_network *view, struct arena *arena,
				mtime now)
{
	struct dhcp6_prefix *prefixes = arena_new(arena, view->n_prefixes, sizeof(*prefixes));
	struct ip6_prefix *former = arena_new(arena, view->n_prefixes, sizeof(*former));
	size_t n = 0, n_former = 0;

	for (size_t i = 0; i < view->n_prefixes; i++) {
		const struct ra_prefix *prefix = &view->prefixes[i];
		const struct dhcp6_prefix *given =
			dhcp6_network_prefix_of(template, &prefix->prefix.addr);

		if (prefix->decrementing ? !lasts(prefix, now) : prefix->valid == 0 && !given) {
			former[n_former++] = prefix->prefix;
			continue;
		}
		prefixes[n++] = (struct dhcp6_prefix){
			.prefix = prefix->prefix,
			.preferred = given ? given->preferred : prefix->preferred,
			.valid = given ? given->valid : prefix->valid,
			.decrementing = prefix->decrementing,
			.preferred_end = prefix->preferred_end,
			.valid_end = prefix->valid_end,
		};
	}
	dhcp6->prefixes = prefixes;
	dhcp6->n_prefixes = n;
	dhcp6->former = former;
	dhcp6->n_former = n_former;
}

static void view_dhcp6(const struct daemon_network *net, const struct daemon_view_network *view,
		       struct dhcp6_network *ret, struct arena *arena, mtime now)
{
	const struct dhcp6_net *given = &net->template.dhcp6;
	struct dhcp6_net *served = &ret->dhcp6;

	*ret = net->template;
	served->pools =
		arena_new(arena, given->n_pools * (view->n_prefixes + 1), sizeof(*served->pools));
	served->n_pools = 0;
	for (size_t i = 0; i < given->n_pools; i++) {
		if (!has_ended(&given->pools[i], view, now))
			add_pools(served, &given->pools[i], view, now);
	}
	if (given->n_delegations)
		served->delegations =
			arena_copy(arena, given->delegations,
				   given->n_delegations * sizeof(*given->delegations));
	view_dhcp6_prefixes(ret, &net->template, view, arena, now);
	ret->pools_given = given->n_pools > 0;
	dhcp6_network_complete(ret, arena);
}

void daemon_view_network(const struct daemon_network *net, const struct ra_ledger *ledger,
			 mtime now, struct arena *arena, struct daemon_view_network *ret,
			 struct dhcp6_network *dhcp6)
{
	*ret = (struct daemon_view_network){net->prefixes, net->n_prefixes};
	if (!net->learns && ledger->n == 0)
		return;
	view_prefixes(net, ledger, ret, arena);
	if (net->learns)
		view_dhcp6(net, ret, dhcp6, arena, now);
}

struct daemon_view *daemon_view_new(const struct daemon_conf *conf, struct daemon_ledgers *ledgers,
				    mtime now)
{
	struct daemon_view *view = mem_new(1, sizeof(*view));
	struct dhcp6_network *dhcp6 = arena_new(&view->arena, conf->n_networks, sizeof(*dhcp6));

	view->networks = arena_new(&view->arena, conf->n_networks, sizeof(*view->networks));
	view->ends = MTIME_NEVER;
	for (size_t i = 0; i < conf->n_networks; i++) {
		const struct daemon_network *net = &conf->networks[i];
		const struct ra_ledger *ledger;

		dhcp6[i] = conf->dhcp6.networks[i];
		/* One of a pattern is served in its namespaces only. */
		if (net->pattern)
			continue;
		ledger = &daemon_ledgers_get(ledgers, net->name)->entries;
		daemon_view_network(net, ledger, now, &view->arena, &view->networks[i], &dhcp6[i]);
		view->ends = mtime_min(view->ends, ra_ledger_wake(ledger, now));
	}
	view->dhcp6 = conf->dhcp6;
	view->dhcp6.networks = dhcp6;
	return view;
}

void daemon_view_free(struct daemon_view *view)
{
	if (!view)
		return;
	arena_free(&view->arena);
	free(view);
}

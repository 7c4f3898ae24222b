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
#include <string.h>

#include "base/mem.h"
#include "dhcp6/dhcp6_exclude.h"

/* Whether the ledger has the prefix, which is then told from there. */
static bool in_ledger(const struct ra_ledger *ledger, const struct ip6_prefix *prefix)
{
	for (size_t i = 0; i < ledger->n; i++) {
		if (ledger->entries[i].present && !ledger->entries[i].prefix.delegation &&
		    ip6_prefix_equal(&ledger->entries[i].prefix.prefix, prefix))
			return true;
	}
	return false;
}

/* What is on the link. */
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

		if (entry->prefix.delegation)
			continue;
		/* What the file has again is not gone. */
		if (entry->present || !daemon_ledger_is_written(net, &entry->prefix.prefix))
			prefixes[n++] = ra_ledger_told(entry);
	}
	ret->prefixes = prefixes;
	ret->n_prefixes = n;
}

static bool lasts(const struct ra_prefix *prefix, mtime now)
{
	return prefix->decrementing && prefix->valid_end > now;
}

static bool ranges_overlap(const struct dhcp6_range *a, const struct dhcp6_range *b)
{
	return ip6_compare(&a->first, &b->last) <= 0 && ip6_compare(&b->first, &a->last) <= 0;
}

/* Whether a range is that of a pool already, or of one that is written whole, wherever it stands.
 */
static bool is_taken(const struct dhcp6_net *served, const struct dhcp6_net *given,
		     const struct dhcp6_range *range)
{
	for (size_t i = 0; i < served->n_pools; i++) {
		if (ranges_overlap(range, &served->pools[i].range))
			return true;
	}
	for (size_t i = 0; i < given->n_pools; i++) {
		if (!dhcp6_pool_is_relative(&given->pools[i]) &&
		    ranges_overlap(range, &given->pools[i].range))
			return true;
	}
	return false;
}

/* Adds the pool in every prefix that comes from an interface, or as it is. */
static void add_pools(struct dhcp6_net *served, const struct dhcp6_net *given,
		      const struct dhcp6_pool *pool, const struct daemon_view_network *view,
		      mtime now)
{
	if (!dhcp6_pool_is_relative(pool)) {
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
		if (!is_taken(served, given, &made.range))
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

/* As is_taken(). */
static bool is_delegated(const struct dhcp6_net *served, const struct dhcp6_net *given,
			 const struct ip6_prefix *prefix)
{
	for (size_t i = 0; i < served->n_delegations; i++) {
		if (ip6_prefix_overlaps(&served->delegations[i].prefix, prefix))
			return true;
	}
	for (size_t i = 0; i < given->n_delegations; i++) {
		if (!given->delegations[i].from_interface &&
		    ip6_prefix_overlaps(&given->delegations[i].prefix, prefix))
			return true;
	}
	return false;
}

/* Adds what is delegated of each prefix that comes from the item's interface, or the item as it is.
 */
static void add_delegations(struct dhcp6_net *served, const struct dhcp6_net *all, size_t at,
			    const struct ra_ledger *ledger, mtime now)
{
	const struct dhcp6_delegation *given = &all->delegations[at];

	if (!given->from_interface) {
		served->delegations[served->n_delegations++] = *given;
		return;
	}
	for (size_t i = 0; i < ledger->n; i++) {
		const struct ra_prefix *source = &ledger->entries[i].prefix;
		struct dhcp6_delegation made = *given;

		if (!ledger->entries[i].present || source->delegation != at + 1 ||
		    !lasts(source, now) || source->prefix.len > given->length ||
		    is_delegated(served, all, &source->prefix))
			continue;
		made.prefix = source->prefix;
		if (made.shortest && made.shortest < made.prefix.len)
			made.shortest = made.prefix.len;
		made.preferred = source->preferred;
		made.valid = source->valid;
		made.decrementing = true;
		made.preferred_end = source->preferred_end;
		made.valid_end = source->valid_end;
		served->delegations[served->n_delegations++] = made;
	}
}

static void view_delegations(struct dhcp6_network *dhcp6, const struct dhcp6_net *given,
			     const struct ra_ledger *ledger, struct arena *arena, mtime now)
{
	struct dhcp6_net *served = &dhcp6->dhcp6;
	struct ip6_prefix *former = arena_new(arena, ledger->n, sizeof(*former));
	size_t n_former = 0;

	served->delegations =
		arena_new(arena, given->n_delegations + ledger->n, sizeof(*served->delegations));
	served->n_delegations = 0;
	for (size_t i = 0; i < given->n_delegations; i++)
		add_delegations(served, given, i, ledger, now);
	for (size_t i = 0; i < ledger->n; i++) {
		const struct ra_ledger_entry *entry = &ledger->entries[i];

		if (entry->prefix.delegation && !(entry->present && lasts(&entry->prefix, now)))
			former[n_former++] = entry->prefix.prefix;
	}
	dhcp6->former_sources = former;
	dhcp6->n_former_sources = n_former;
}

/* RFC 9762 section 4: what is on a link of the namespace is not delegated. */
static void view_taken(struct dhcp6_network *dhcp6, const struct daemon_view_network *const *links,
		       size_t n_links, struct arena *arena)
{
	struct ip6_prefix *taken;
	size_t n = 0;

	for (size_t i = 0; i < n_links; i++)
		n += links[i]->n_prefixes;
	taken = arena_new(arena, n, sizeof(*taken));
	dhcp6->taken = taken;
	for (size_t i = 0; i < n_links; i++) {
		for (size_t k = 0; k < links[i]->n_prefixes; k++) {
			const struct ip6_prefix *prefix = &links[i]->prefixes[k].prefix;
			bool given = false;

			for (size_t d = 0; d < dhcp6->dhcp6.n_delegations; d++)
				given = given ||
					dhcp6_exclude_gives(&dhcp6->dhcp6.delegations[d], prefix);
			if (given)
				taken[dhcp6->n_taken++] = *prefix;
		}
	}
}

/* Advertisements say of a server in a prefix that is gone that it is gone, too. */
static bool is_or_was_learned(const struct ra_prefix *prefix, mtime now)
{
	(void)now;
	return prefix->from_interface || (!prefix->decrementing && prefix->valid == 0);
}

static bool is_learned(const struct ra_prefix *prefix, mtime now)
{
	return prefix->from_interface && lasts(prefix, now);
}

/* The addresses: one without a prefix is in every prefix that is taken. */
static struct in6_addr *addresses_in(const struct daemon_view_network *view,
				     const struct in6_addr *given, size_t n_given,
				     bool (*takes)(const struct ra_prefix *prefix, mtime now),
				     mtime now, struct arena *arena, size_t *ret_n)
{
	struct in6_addr *addrs =
		arena_new(arena, n_given * (view->n_prefixes + 1) + 1, sizeof(*addrs));
	size_t n = 0;

	for (size_t i = 0; i < n_given; i++) {
		if (!ip6_is_relative(&given[i])) {
			addrs[n++] = given[i];
			continue;
		}
		for (size_t k = 0; k < view->n_prefixes; k++) {
			const struct ip6_prefix *prefix = &view->prefixes[k].prefix;
			const struct ip6_prefix within = {.len = prefix->len};

			if (!takes(&view->prefixes[k], now) ||
			    !ip6_prefix_contains(&within, &given[i]))
				continue;
			addrs[n] = prefix->addr;
			for (size_t o = 0; o < sizeof(addrs[n].s6_addr); o++)
				addrs[n].s6_addr[o] |= given[i].s6_addr[o];
			n++;
		}
	}
	*ret_n = n;
	return addrs;
}

/* What is reserved. */
static void view_hosts(struct dhcp6_network *dhcp6, const struct daemon_view_network *view,
		       struct arena *arena, mtime now)
{
	struct dhcp6_host *hosts;

	if (!dhcp6->learns || !dhcp6->n_hosts)
		return;
	hosts = arena_copy(arena, dhcp6->hosts, dhcp6->n_hosts * sizeof(*hosts));
	for (size_t i = 0; i < dhcp6->n_hosts; i++)
		hosts[i].addresses = addresses_in(view, hosts[i].addresses, hosts[i].n_addresses,
						  is_learned, now, arena, &hosts[i].n_addresses);
	dhcp6->hosts = hosts;
}

/* DHCPv6 has no lifetimes: it tells of no server whose prefix is gone. */
static void view_options(struct dhcp6_options *options, const struct daemon_view_network *view,
			 struct arena *arena, mtime now)
{
	const struct in6_addr *all = addresses_in(view, options->dns, options->n_dns, is_learned,
						  now, arena, &options->n_dns);
	struct in6_addr *dns = arena_new(arena, options->n_dns + 1, sizeof(*dns));
	size_t n = 0;

	for (size_t i = 0; i < options->n_dns; i++) {
		bool lost = false, kept = false;

		for (size_t k = 0; k < view->n_prefixes; k++) {
			const struct ra_prefix *prefix = &view->prefixes[k];
			bool gone = prefix->decrementing ? !lasts(prefix, now) : !prefix->valid;

			if (!ip6_prefix_contains(&prefix->prefix, &all[i]))
				continue;
			lost = lost || gone;
			kept = kept || !gone;
		}
		if (kept || !lost)
			dns[n++] = all[i];
	}
	options->dns = dns;
	options->n_dns = n;
}

void daemon_view_prefixes(const struct daemon_network *net, const struct ra_ledger *ledger,
			  mtime now, struct arena *arena, struct daemon_view_network *ret)
{
	*ret = (struct daemon_view_network){.prefixes = net->prefixes,
					    .n_prefixes = net->n_prefixes};
	if (!net->learns && !ledger->n)
		return;
	view_prefixes(net, ledger, ret, arena);
	ret->dns = addresses_in(ret, net->ra.dns, net->ra.n_dns, is_or_was_learned, now, arena,
				&ret->n_dns);
}

void daemon_view_dhcp6(const struct daemon_network *net, const struct ra_ledger *ledger,
		       const struct daemon_view_network *const *links, size_t n_links, mtime now,
		       struct arena *arena, struct dhcp6_network *ret)
{
	const struct dhcp6_net *given = &net->template.dhcp6;
	const struct daemon_view_network *view = links[0];
	struct dhcp6_net *served = &ret->dhcp6;

	if (!net->learns)
		return;
	*ret = net->template;
	served->pools =
		arena_new(arena, given->n_pools * (view->n_prefixes + 1), sizeof(*served->pools));
	served->n_pools = 0;
	for (size_t i = 0; i < given->n_pools; i++) {
		if (!has_ended(&given->pools[i], view, now))
			add_pools(served, given, &given->pools[i], view, now);
	}
	view_hosts(ret, view, arena, now);
	view_delegations(ret, given, ledger, arena, now);
	view_dhcp6_prefixes(ret, &net->template, view, arena, now);
	dhcp6_network_complete(ret, arena);
	view_taken(ret, links, n_links, arena);
	view_options(&served->options, view, arena, now);
}

static bool same_netns(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

/* Completes DHCPv6 of one network; `links` has room for all of them. */
static void view_network(struct daemon_view *view, const struct daemon_conf *conf, size_t i,
			 const struct ra_ledger *ledger, struct dhcp6_network *dhcp6, mtime now,
			 const struct daemon_view_network **links)
{
	const struct daemon_network *net = &conf->networks[i];
	size_t n = 0;

	links[n++] = &view->networks[i];
	for (size_t k = 0; net->n_sources && k < conf->n_networks; k++) {
		if (k != i && same_netns(conf->networks[k].netns, net->netns))
			links[n++] = &view->networks[k];
	}
	daemon_view_dhcp6(net, ledger, links, n, now, &view->arena, dhcp6);
}

struct daemon_view *daemon_view_new(const struct daemon_conf *conf, struct daemon_ledgers *ledgers,
				    mtime now)
{
	struct daemon_view *view = mem_new(1, sizeof(*view));
	struct dhcp6_network *dhcp6 = arena_new(&view->arena, conf->n_networks, sizeof(*dhcp6));
	const struct daemon_view_network **links = mem_new(conf->n_networks, sizeof(*links));
	const struct ra_ledger **entries = mem_new(conf->n_networks, sizeof(*entries));

	view->networks = arena_new(&view->arena, conf->n_networks, sizeof(*view->networks));
	view->ends = MTIME_NEVER;
	for (size_t i = 0; i < conf->n_networks; i++) {
		const struct daemon_network *net = &conf->networks[i];

		dhcp6[i] = conf->dhcp6.networks[i];
		/* One of a pattern is served in its namespaces only. */
		if (net->pattern)
			continue;
		entries[i] = &daemon_ledgers_get(ledgers, net->name)->entries;
		daemon_view_prefixes(net, entries[i], now, &view->arena, &view->networks[i]);
		view->ends = mtime_min(view->ends, ra_ledger_wake(entries[i], now));
	}
	for (size_t i = 0; i < conf->n_networks; i++) {
		if (entries[i])
			view_network(view, conf, i, entries[i], &dhcp6[i], now, links);
	}
	free(links);
	free(entries);
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

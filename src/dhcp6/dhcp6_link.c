/* SPDX-License-Identifier: ISC */
/*
 * What the server keeps for each network of a configuration. Built by dhcp6_link_init() from the
 * configuration and the lease table, so that nothing is looked up twice for a packet.
 *
 * What is reserved for a host, and the router's own addresses and that of all routers, are taken
 * out of the pools: a pool never gives them to anybody (RFC 8415 section 13.1).
 */
#include "config.h"

#include "dhcp6/dhcp6_link.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static const char *policy_name(int policy)
{
	switch ((enum lease_policy)policy) {
	case LEASE_STABLE:
		return "stable";
	case LEASE_RANDOM:
		return "random";
	case LEASE_SEQUENTIAL:
		return "sequential";
	case LEASE_FROM_MAC:
		return "from-mac";
	}
	return "unknown";
}

static void exclude(struct lease_pool *pool, const struct in6_addr *addr)
{
	struct ip6_prefix out = {*addr, 128};

	if (ip6_prefix_contains(&lease_pool_conf(pool)->prefix, addr))
		lease_pool_exclude(pool, &out);
}

static void exclude_own(struct dhcp6_link *link, const struct in6_addr *addr)
{
	for (int kind = 0; kind < DHCP6_KINDS; kind++) {
		for (size_t i = 0; i < link->sources[kind].n; i++)
			exclude(link->sources[kind].list[i].pool, addr);
	}
}

/* Of prefixes up to /64 a pool knows by itself: an interface identifier of 0 is reserved. */
static void exclude_anycast(const struct dhcp6_network *conf, struct lease_pool *pool)
{
	for (size_t i = 0; i < conf->n_prefixes; i++) {
		const struct dhcp6_prefix *prefix = &conf->prefixes[i];

		if (prefix->prefix.len > 64 && dhcp6_prefix_has_anycast(prefix))
			exclude(pool, &prefix->prefix.addr);
	}
}

static void exclude_reserved(const struct dhcp6_network *conf, struct lease_pool *pool)
{
	enum lease_kind kind = lease_pool_conf(pool)->kind;

	if (kind == LEASE_NA)
		exclude_anycast(conf, pool);

	for (size_t i = 0; kind == LEASE_PD && i < conf->n_taken; i++)
		lease_pool_exclude(pool, &conf->taken[i]);
	for (size_t i = 0; i < conf->n_hosts; i++) {
		const struct dhcp6_host *host = &conf->hosts[i];

		for (size_t k = 0; kind == LEASE_NA && k < host->n_addresses; k++)
			exclude(pool, &host->addresses[k]);
		for (size_t k = 0; kind == LEASE_PD && k < host->n_delegate; k++)
			lease_pool_exclude(pool, &host->delegate[k]);
	}
}

static void add_source(struct dhcp6_link *link, struct lease_table *table,
		       const struct lease_pool_conf *conf, bool is_default, uint32_t preferred,
		       uint32_t valid, uint64_t classes)
{
	struct dhcp6_source *source =
		&link->sources[conf->kind].list[link->sources[conf->kind].n++];

	*source = (struct dhcp6_source){
		.pool = lease_pool_new(table, conf),
		.policy = policy_name((int)conf->policy),
		.is_default = is_default,
		.preferred = preferred,
		.valid = valid,
		.classes = classes,
	};
	exclude_reserved(link->conf, source->pool);
}

static void add_pool(struct dhcp6_link *link, struct lease_table *table,
		     const struct dhcp6_pool *pool)
{
	struct lease_pool_conf conf = {
		.network = link->network,
		.kind = LEASE_NA,
		.prefix = pool->prefix,
		.first = pool->range.first,
		.last = pool->range.last,
		.plen = 128,
		.policy = (enum lease_policy)pool->policy,
	};

	add_source(link, table, &conf, /* is_default= */ true, pool->preferred, pool->valid,
		   pool->classes);
}

static void add_delegation(struct dhcp6_link *link, struct lease_table *table,
			   const struct dhcp6_delegation *delegation)
{
	struct lease_pool_conf conf = {
		.network = link->network,
		.kind = LEASE_PD,
		.prefix = delegation->prefix,
		.first = delegation->prefix.addr,
		.last = ip6_prefix_last(&delegation->prefix),
		.policy = (enum lease_policy)delegation->policy,
	};

	/* A pool a length. */
	for (unsigned int len = delegation->shortest; len <= delegation->longest; len++) {
		conf.plen = (uint8_t)len;
		add_source(link, table, &conf, len == delegation->length, delegation->preferred,
			   delegation->valid, delegation->classes);
	}
}

static size_t count_sources(const struct dhcp6_net *net, enum lease_kind kind)
{
	size_t n = 0;

	if (kind == LEASE_NA)
		return net->n_pools;
	for (size_t i = 0; i < net->n_delegations; i++)
		n += 1u + net->delegations[i].longest - net->delegations[i].shortest;
	return n;
}

static void add_sources(struct dhcp6_link *link, struct lease_table *table)
{
	const struct dhcp6_net *net = &link->conf->dhcp6;

	if (!link->conf->serve || !link->conf->stateful)
		return;
	for (int kind = 0; kind < DHCP6_KINDS; kind++) {
		size_t n = count_sources(net, (enum lease_kind)kind);

		link->sources[kind].list = mem_new(n, sizeof(struct dhcp6_source));
	}
	for (size_t i = 0; i < net->n_pools; i++)
		add_pool(link, table, &net->pools[i]);
	for (size_t i = 0; i < net->n_delegations; i++)
		add_delegation(link, table, &net->delegations[i]);
}

static void drop_sources(struct dhcp6_link *link)
{
	for (int kind = 0; kind < DHCP6_KINDS; kind++) {
		for (size_t i = 0; i < link->sources[kind].n; i++)
			lease_pool_free(link->sources[kind].list[i].pool);
		free(link->sources[kind].list);
		link->sources[kind].list = NULL;
		link->sources[kind].n = 0;
	}
}

void dhcp6_link_init(struct dhcp6_link *link, const struct dhcp6_network *conf,
		     struct lease_table *table, const struct siphash_key *key)
{
	*link = (struct dhcp6_link){
		.conf = conf,
		.network = lease_network(table, conf->name),
		.hosts = dhcp6_hosts_new(conf->hosts, conf->n_hosts, key),
		.options = dhcp6_optset_new(&conf->dhcp6.options),
	};
	link->class_options = mem_new(conf->n_classes, sizeof(struct dhcp6_optset *));
	for (size_t i = 0; i < conf->n_classes; i++)
		link->class_options[i] = dhcp6_optset_new(&conf->classes[i].options);
	link->host_options = mem_new(conf->n_hosts, sizeof(struct dhcp6_optset *));
	for (size_t i = 0; i < conf->n_hosts; i++)
		link->host_options[i] = dhcp6_optset_new(&conf->hosts[i].options);
	add_sources(link, table);
}

void dhcp6_link_fini(struct dhcp6_link *link)
{
	drop_sources(link);
	for (size_t i = 0; i < link->conf->n_hosts; i++)
		dhcp6_optset_free(link->host_options[i]);
	free(link->host_options);
	for (size_t i = 0; i < link->conf->n_classes; i++)
		dhcp6_optset_free(link->class_options[i]);
	free(link->class_options);
	dhcp6_optset_free(link->options);
	dhcp6_hosts_free(link->hosts);
	free(link->own);
}

void dhcp6_link_replace(struct dhcp6_link *link, const struct dhcp6_network *conf,
			struct lease_table *table, const struct siphash_key *key)
{
	struct dhcp6_own *own = link->own;
	size_t n = link->n_own, room = link->room_own;

	link->own = NULL;
	dhcp6_link_fini(link);
	dhcp6_link_init(link, conf, table, key);
	link->own = own;
	link->n_own = n;
	link->room_own = room;
	for (size_t i = 0; i < n; i++)
		exclude_own(link, &own[i].addr);
}

/* Where the address is among the router's own, or belongs. */
static size_t own_place(const struct dhcp6_link *link, const struct in6_addr *addr)
{
	size_t low = 0, high = link->n_own;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (ip6_compare(&link->own[middle].addr, addr) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool own_is_at(const struct dhcp6_link *link, size_t place, const struct in6_addr *addr)
{
	return place < link->n_own && ip6_equal(&link->own[place].addr, addr);
}

bool dhcp6_link_is_own(const struct dhcp6_link *link, const struct in6_addr *addr)
{
	return own_is_at(link, own_place(link, addr), addr);
}

void dhcp6_link_own_add(struct dhcp6_link *link, const struct in6_addr *addr)
{
	size_t place = own_place(link, addr);

	if (own_is_at(link, place, addr)) {
		link->own[place].times++;
		return;
	}
	link->own = mem_grow(link->own, &link->room_own, link->n_own + 1, sizeof(*link->own));
	memmove(&link->own[place + 1], &link->own[place],
		(link->n_own - place) * sizeof(*link->own));
	link->own[place] = (struct dhcp6_own){.addr = *addr, .times = 1};
	link->n_own++;
	exclude_own(link, addr);
}

static bool in_a_pool(const struct dhcp6_link *link, const struct in6_addr *addr)
{
	for (int kind = 0; kind < DHCP6_KINDS; kind++) {
		for (size_t i = 0; i < link->sources[kind].n; i++) {
			const struct lease_pool *pool = link->sources[kind].list[i].pool;

			if (ip6_prefix_contains(&lease_pool_conf(pool)->prefix, addr))
				return true;
		}
	}
	return false;
}

void dhcp6_link_own_remove(struct dhcp6_link *link, struct lease_table *table,
			   const struct in6_addr *addr)
{
	size_t place = own_place(link, addr);

	if (!own_is_at(link, place, addr) || --link->own[place].times)
		return;
	link->n_own--;
	memmove(&link->own[place], &link->own[place + 1],
		(link->n_own - place) * sizeof(*link->own));
	if (!in_a_pool(link, addr))
		return;
	/* A pool cannot take an exclusion back: it is built anew. */
	drop_sources(link);
	add_sources(link, table);
	for (size_t i = 0; i < link->n_own; i++)
		exclude_own(link, &link->own[i].addr);
}

const struct dhcp6_source *dhcp6_link_source(const struct dhcp6_link *link, enum lease_kind kind,
					     const struct in6_addr *addr, uint8_t plen)
{
	for (size_t i = 0; i < link->sources[kind].n; i++) {
		if (lease_pool_has(link->sources[kind].list[i].pool, addr, plen))
			return &link->sources[kind].list[i];
	}
	return NULL;
}

static bool fits_delegated(const struct dhcp6_network *conf, const struct dhcp6_host *host,
			   const struct ip6_prefix *prefix)
{
	for (size_t i = 0; i < conf->dhcp6.n_delegations; i++) {
		if (ip6_prefix_covers(&conf->dhcp6.delegations[i].prefix, prefix))
			return true;
	}
	for (size_t i = 0; host && i < host->n_delegate; i++) {
		if (ip6_prefix_covers(&host->delegate[i], prefix))
			return true;
	}
	return false;
}

bool dhcp6_link_fits(const struct dhcp6_link *link, const struct dhcp6_host *host,
		     enum lease_kind kind, const struct in6_addr *addr, uint8_t plen)
{
	struct ip6_prefix prefix = {*addr, plen};

	if (kind == LEASE_NA)
		return dhcp6_network_prefix_of(link->conf, addr) != NULL;
	return fits_delegated(link->conf, host, &prefix);
}

/* The pool whose lifetimes count for a reservation too, which lies in it but is excluded. */
static bool pool_lifetimes(const struct dhcp6_link *link, enum lease_kind kind,
			   const struct ip6_prefix *what, uint32_t *ret_preferred,
			   uint32_t *ret_valid)
{
	for (size_t i = 0; i < link->sources[kind].n; i++) {
		const struct dhcp6_source *source = &link->sources[kind].list[i];
		const struct lease_pool_conf *conf = lease_pool_conf(source->pool);

		if (ip6_compare(&what->addr, &conf->first) < 0 ||
		    ip6_compare(&what->addr, &conf->last) > 0)
			continue;
		*ret_preferred = source->preferred;
		*ret_valid = source->valid;
		return true;
	}
	return false;
}

void dhcp6_link_lifetimes(const struct dhcp6_link *link, enum lease_kind kind,
			  const struct in6_addr *addr, uint8_t plen, uint32_t *ret_preferred,
			  uint32_t *ret_valid)
{
	struct ip6_prefix what = {*addr, plen};

	if (pool_lifetimes(link, kind, &what, ret_preferred, ret_valid))
		return;
	/* dhcp6_network_complete() has seen to it that these are set. */
	*ret_preferred = link->conf->dhcp6.preferred;
	*ret_valid = link->conf->dhcp6.valid;
}

const struct dhcp6_optset *dhcp6_link_host_options(const struct dhcp6_link *link,
						   const struct dhcp6_host *host)
{
	return host ? link->host_options[host - link->conf->hosts] : NULL;
}

const struct dhcp6_class *dhcp6_link_class(const struct dhcp6_link *link, size_t i)
{
	const struct dhcp6_network *conf = link->conf;

	return i < conf->n_classes ? &conf->classes[i] : &conf->wide_classes[i - conf->n_classes];
}

uint64_t dhcp6_link_classes(const struct dhcp6_link *link, const struct dhcp6_class_facts *facts)
{
	size_t n = link->conf->n_classes + link->conf->n_wide_classes;
	uint64_t classes = 0;

	for (size_t i = 0; i < n && i < DHCP6_CLASSES; i++) {
		if (dhcp6_class_has(dhcp6_link_class(link, i), facts))
			classes |= UINT64_C(1) << i;
	}
	return classes;
}

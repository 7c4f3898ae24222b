/* SPDX-License-Identifier: ISC */
/*
 * The checks of `dhcp6:` and `hosts:` that need two values. dhcp6_conf_check() finds all errors of
 * a network, each at the place in the file where it is; dhcp6_conf_check_relative() those of what
 * is relative to prefixes that are not known yet.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "dhcp6/dhcp6_conf.h"
#include "dhcp6/dhcp6_exclude.h"
#include "dhcp6/dhcp6_host.h"
#include "dhcp6/dhcp6_msg.h"
#include "dhcp6/dhcp6_option.h"

/* Text of an address or prefix for a message. */
struct name {
	char text[IP6_PREFIX_TEXT_LEN];
};

static struct name name_of(const struct ip6_prefix *prefix)
{
	struct name name = {.text = ""};
	struct text text;

	text_init(&text, name.text, sizeof(name.text));
	if (prefix->len == 128)
		text_put_ip6(&text, &prefix->addr);
	else
		text_put_ip6_prefix(&text, prefix);
	return name;
}

static void check_lifetimes(struct cfg *cfg, const struct cfg_node *node, uint32_t preferred,
			    uint32_t valid)
{
	if (preferred > valid)
		cfg_error(cfg, node, cfg_is_set(node, "preferred") ? "preferred" : "valid", -1,
			  "the preferred lifetime (%us) is longer than the valid one (%us); "
			  "it may be as long at most",
			  (unsigned int)preferred, (unsigned int)valid);
}

/* `what` is said to be outside: where it may be. */
static void say_outside(struct cfg *cfg, const struct cfg_node *node, const char *key, int index,
			const char *what, const struct dhcp6_network *net)
{
	if (net->n_prefixes)
		cfg_error(
			cfg, node, key, index,
			"%s is in none of the network's prefixes; write what is in one, such as %s, "
			"or add its prefix",
			what, name_of(&net->prefixes[0].prefix).text);
	else
		cfg_error(
			cfg, node, key, index,
			"%s is in no prefix of the network, which has none; add it, as in 'prefix: "
			"2001:db8:1::/64'",
			what);
}

static void check_pool(struct cfg *cfg, const struct dhcp6_network *net,
		       const struct dhcp6_pool *pool)
{
	const struct dhcp6_prefix *in = dhcp6_network_prefix_of(net, &pool->range.first);

	check_lifetimes(cfg, pool->node, pool->preferred, pool->valid);
	if (!in || !ip6_prefix_contains(&in->prefix, &pool->range.last))
		say_outside(cfg, pool->node, "range", -1, "the pool", net);
}

static bool ranges_overlap(const struct dhcp6_range *a, const struct dhcp6_range *b)
{
	return ip6_compare(&a->first, &b->last) <= 0 && ip6_compare(&b->first, &a->last) <= 0;
}

static struct dhcp6_range range_of(const struct ip6_prefix *prefix)
{
	return (struct dhcp6_range){prefix->addr, ip6_prefix_last(prefix)};
}

static void check_pools(struct cfg *cfg, const struct dhcp6_network *net)
{
	const struct dhcp6_pool *pools = net->dhcp6.pools;

	for (size_t i = 0; i < net->dhcp6.n_pools; i++) {
		check_pool(cfg, net, &pools[i]);
		for (size_t k = 0; k < i; k++) {
			if (ranges_overlap(&pools[i].range, &pools[k].range))
				cfg_error(
					cfg, pools[i].node, "range", -1,
					"the pool overlaps the one at %s; give each its own addresses",
					cfg_where(cfg, pools[k].node, "range", -1));
		}
	}
}

static void check_lengths(struct cfg *cfg, const struct dhcp6_delegation *delegation)
{
	unsigned int length = delegation->length, shortest = delegation->shortest,
		     longest = delegation->longest, from = delegation->prefix.len;

	if (!length || cfg_is_bad(delegation->node, "prefix") ||
	    cfg_is_bad(delegation->node, "shortest") || cfg_is_bad(delegation->node, "longest"))
		return; /* said already */
	if (length < from)
		cfg_error(cfg, delegation->node, "length", -1,
			  "prefixes of /%u cannot be delegated from a /%u; allowed are %u to 128",
			  length, from, from);
	if (shortest > length || shortest < (from < length ? from : length))
		cfg_error(cfg, delegation->node, "shortest", -1,
			  "/%u is not between the /%u of the delegation and the /%u of length",
			  shortest, from, length);
	if (longest < length)
		cfg_error(cfg, delegation->node, "longest", -1,
			  "/%u is shorter than the /%u of length; write that one under shortest",
			  longest, length);
}

/* RFC 6603 section 4.2: longer than what is delegated, and a part of it. */
static void check_exclude(struct cfg *cfg, const struct dhcp6_delegation *delegation)
{
	const struct ip6_prefix *exclude = &delegation->exclude;
	struct ip6_prefix above = ip6_prefix_make(&exclude->addr, delegation->longest);

	if (!exclude->len)
		return;
	if (exclude->len <= delegation->longest)
		cfg_error(cfg, delegation->node, "exclude", -1,
			  "a /%u is no part of a delegated /%u; allowed are %u to 128",
			  (unsigned int)exclude->len, (unsigned int)delegation->longest,
			  (unsigned int)delegation->longest + 1);
	else if (!ip6_is_unspecified(&above.addr) &&
		 !(delegation->prefix.len == delegation->longest &&
		   ip6_equal(&above.addr, &delegation->prefix.addr)))
		cfg_error(cfg, delegation->node, "exclude", -1,
			  "has bits set before those that follow a delegated /%u; write only what "
			  "follows, as in ::f:0:0:0:0/64",
			  (unsigned int)delegation->longest);
}

/* Whether it is known where its prefixes come from. */
static bool check_source(struct cfg *cfg, const struct dhcp6_delegation *delegation)
{
	if (cfg_is_set(delegation->node, "prefix") || cfg_is_bad(delegation->node, "prefix"))
		return true;
	cfg_error(cfg, delegation->node, NULL, -1,
		  "has nothing to delegate of; write prefix, such as 2001:db8:100::/40, or "
		  "from-interface");
	return false;
}

/* RFC 8415 section 13.3, RFC 9762: what is delegated is on no link and leased to nobody. */
static void check_delegation(struct cfg *cfg, const struct dhcp6_network *net, size_t at)
{
	const struct dhcp6_delegation *list = net->dhcp6.delegations;
	const struct dhcp6_delegation *delegation = &list[at];

	if (!check_source(cfg, delegation))
		return;
	check_lifetimes(cfg, delegation->node, delegation->preferred, delegation->valid);
	check_lengths(cfg, delegation);
	check_exclude(cfg, delegation);
	for (size_t i = 0; i < net->n_prefixes; i++) {
		if (dhcp6_exclude_gives(delegation, &net->prefixes[i].prefix))
			cfg_error(cfg, delegation->node, "prefix", -1,
				  "overlaps %s, which is on the link; write another prefix",
				  name_of(&net->prefixes[i].prefix).text);
	}
	for (size_t i = 0; i < at; i++) {
		if (cfg_is_set(list[i].node, "prefix") &&
		    ip6_prefix_overlaps(&delegation->prefix, &list[i].prefix))
			cfg_error(cfg, delegation->node, "prefix", -1,
				  "overlaps the delegation at %s; give each its own prefix",
				  cfg_where(cfg, list[i].node, "prefix", -1));
	}
}

/* A value that hosts may not share, and where it stands. */
struct claim {
	const void *bytes;
	size_t len;
	const struct dhcp6_host *host;
	const char *key;
	int index;
};

/* An item that was in error itself: nothing more is said of it. */
static bool is_bad_item(const struct dhcp6_host *host, const char *key, const struct in6_addr *addr)
{
	return ip6_is_unspecified(addr) && cfg_is_bad(host->node, key);
}

static void check_host_address(struct cfg *cfg, const struct dhcp6_network *net,
			       const struct dhcp6_host *host, size_t i)
{
	struct ip6_prefix addr = {host->addresses[i], 128};
	const struct dhcp6_prefix *in = dhcp6_network_prefix_of(net, &addr.addr);

	if ((net->learns && ip6_is_relative(&addr.addr)) ||
	    is_bad_item(host, "addresses", &addr.addr))
		return;
	if (!in)
		say_outside(cfg, host->node, "addresses", (int)i, name_of(&addr).text, net);
	else if (dhcp6_prefix_has_anycast(in) && ip6_equal(&in->prefix.addr, &addr.addr))
		cfg_error(cfg, host->node, "addresses", (int)i,
			  "all routers of the link answer to %s, the first of its prefix (RFC 4291 "
			  "2.6.1)",
			  name_of(&addr).text);
}

static void check_host_prefix(struct cfg *cfg, const struct dhcp6_network *net,
			      const struct dhcp6_host *host, size_t i)
{
	struct ip6_prefix excluded = {.len = 0};

	dhcp6_exclude_find(net, &host->delegate[i], &excluded);
	for (size_t k = 0; k < net->n_prefixes; k++) {
		if (!is_bad_item(host, "delegate", &host->delegate[i].addr) &&
		    ip6_prefix_overlaps(&host->delegate[i], &net->prefixes[k].prefix) &&
		    !(excluded.len && ip6_prefix_covers(&excluded, &net->prefixes[k].prefix)))
			cfg_error(cfg, host->node, "delegate", (int)i,
				  "overlaps %s, which is on the link; write another prefix",
				  name_of(&net->prefixes[k].prefix).text);
	}
}

/* What says who a host is, the best first. */
static const char *const identity_keys[] = {"mac",           "duid",         "remote-id",
					    "subscriber-id", "interface-id", "interface"};

enum { N_IDENTITY_KEYS = sizeof(identity_keys) / sizeof(identity_keys[0]) };

static bool is_bad_identity(const struct dhcp6_host *host)
{
	for (size_t i = 0; i < N_IDENTITY_KEYS; i++) {
		if (cfg_is_bad(host->node, identity_keys[i]))
			return true;
	}
	return false;
}

static void check_host(struct cfg *cfg, const struct dhcp6_network *net,
		       const struct dhcp6_host *host)
{
	if (!dhcp6_host_names_any(host) && !is_bad_identity(host))
		cfg_error(cfg, host->node, NULL, -1,
			  "the host names nothing that it is known by; write its mac or duid, or "
			  "its interface, interface-id, remote-id or subscriber-id");
	else if (host->iaid.set && !host->mac.set && !host->duid.len)
		cfg_error(cfg, host->node, "iaid", -1,
			  "is a number that many clients have; write the duid or mac beside it");
	/* It would get them all, and then not be heard when it names them. */
	if (host->n_addresses + host->n_delegate > DHCP6_MSG_LEASES)
		cfg_error(cfg, host->node, NULL, -1,
			  "%zu addresses and prefixes are more than a client can name; allowed are "
			  "up to %d",
			  host->n_addresses + host->n_delegate, DHCP6_MSG_LEASES);
	for (size_t i = 0; i < host->n_addresses; i++)
		check_host_address(cfg, net, host, i);
	for (size_t i = 0; i < host->n_delegate; i++)
		check_host_prefix(cfg, net, host, i);
	dhcp6_options_check(cfg, &host->options);
}

static int compare_claims(const void *a, const void *b)
{
	const struct claim *x = a, *y = b;
	int order = x->len < y->len ? -1 : x->len > y->len;

	if (!order)
		order = memcmp(x->bytes, y->bytes, x->len);
	/* The later one in the file is the one in error. */
	return order ? order : (x->host > y->host) - (x->host < y->host);
}

/* Sorts the claims and reports what two of them share. */
static void check_claims(struct cfg *cfg, struct claim *claims, size_t n, const char *what)
{
	qsort(claims, n, sizeof(*claims), compare_claims);
	for (size_t i = 1; i < n; i++) {
		const struct claim *a = &claims[i - 1], *b = &claims[i];

		if (a->len == b->len && memcmp(a->bytes, b->bytes, a->len) == 0)
			cfg_error(cfg, b->host->node, b->key, b->index,
				  "this %s is already used at %s; give each host its own", what,
				  cfg_where(cfg, a->host->node, a->key, a->index));
	}
}

/* Two hosts with one link-layer address may differ in their DUIDs, and so on. */
static void check_identities(struct cfg *cfg, const struct dhcp6_network *net)
{
	static const struct siphash_key key;
	struct dhcp6_hosts *hosts = dhcp6_hosts_new(net->hosts, net->n_hosts, &key);

	for (size_t i = 0; i < net->n_hosts; i++) {
		const struct dhcp6_host *twin = dhcp6_hosts_twin(hosts, &net->hosts[i]);
		size_t k = 0;

		if (twin == &net->hosts[i])
			continue;
		while (k < N_IDENTITY_KEYS - 1 && !cfg_is_set(net->hosts[i].node, identity_keys[k]))
			k++;
		cfg_error(cfg, net->hosts[i].node, identity_keys[k], -1,
			  "this %s is already used at %s; write one host with all that it gets",
			  identity_keys[k], cfg_where(cfg, twin->node, identity_keys[k], -1));
	}
	dhcp6_hosts_free(hosts);
}

static void check_addresses(struct cfg *cfg, const struct dhcp6_network *net, struct arena *arena)
{
	struct claim *claims;
	size_t room = 0, n = 0;

	for (size_t i = 0; i < net->n_hosts; i++)
		room += net->hosts[i].n_addresses;
	claims = arena_new(arena, room, sizeof(*claims));
	for (size_t i = 0; i < net->n_hosts; i++) {
		const struct dhcp6_host *host = &net->hosts[i];

		for (size_t k = 0; k < host->n_addresses; k++) {
			if (is_bad_item(host, "addresses", &host->addresses[k]))
				continue;
			claims[n++] = (struct claim){.bytes = &host->addresses[k],
						     .len = sizeof(host->addresses[k]),
						     .host = host,
						     .key = "addresses",
						     .index = (int)k};
		}
	}
	check_claims(cfg, claims, n, "address");
}

struct reserved {
	struct dhcp6_range range;
	const struct dhcp6_host *host;
	int index;
};

static int compare_reserved(const void *a, const void *b)
{
	const struct reserved *x = a, *y = b;

	return ip6_compare(&x->range.first, &y->range.first);
}

static void check_prefixes(struct cfg *cfg, const struct dhcp6_network *net, struct arena *arena)
{
	struct reserved *list, *widest = NULL;
	size_t room = 0, n = 0;

	for (size_t i = 0; i < net->n_hosts; i++)
		room += net->hosts[i].n_delegate;
	list = arena_new(arena, room, sizeof(*list));
	for (size_t i = 0; i < net->n_hosts; i++) {
		const struct dhcp6_host *host = &net->hosts[i];

		for (size_t k = 0; k < host->n_delegate; k++) {
			if (!is_bad_item(host, "delegate", &host->delegate[k].addr))
				list[n++] = (struct reserved){range_of(&host->delegate[k]), host,
							      (int)k};
		}
	}
	qsort(list, n, sizeof(*list), compare_reserved);
	for (size_t i = 0; i < n; i++) {
		if (widest && ranges_overlap(&widest->range, &list[i].range))
			cfg_error(cfg, list[i].host->node, "delegate", list[i].index,
				  "overlaps the prefix reserved at %s; give each host its own",
				  cfg_where(cfg, widest->host->node, "delegate", widest->index));
		if (!widest || ip6_compare(&list[i].range.last, &widest->range.last) > 0)
			widest = &list[i];
	}
}

static void check_class_names(struct cfg *cfg, const struct dhcp6_network *net,
			      const struct cfg_node *node, const char *const *names, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (*names[i] && !dhcp6_class_bit(net->classes, net->n_classes, net->wide_classes,
						  net->n_wide_classes, names[i]))
			cfg_error(cfg, node, "class", (int)i,
				  "there is no class of this name in `classes:` of the network or "
				  "of the file; add it there, or write the name of one");
	}
}

static void check_classes(struct cfg *cfg, const struct dhcp6_network *net)
{
	const struct dhcp6_net *dhcp6 = &net->dhcp6;

	dhcp6_classes_check(cfg, net->classes, net->n_classes, net->wide_classes,
			    net->n_wide_classes);
	for (size_t i = 0; i < dhcp6->n_pools; i++)
		check_class_names(cfg, net, dhcp6->pools[i].node, dhcp6->pools[i].class_names,
				  dhcp6->pools[i].n_class_names);
	for (size_t i = 0; i < dhcp6->n_delegations; i++)
		check_class_names(cfg, net, dhcp6->delegations[i].node,
				  dhcp6->delegations[i].class_names,
				  dhcp6->delegations[i].n_class_names);
}

static void check_relative_delegation(struct cfg *cfg, const struct dhcp6_network *net, size_t at)
{
	const struct dhcp6_delegation *list = net->dhcp6.delegations;
	struct dhcp6_delegation own = list[at];

	own.shortest = own.shortest ? own.shortest : own.length;
	own.longest = own.longest ? own.longest : own.length;
	if (own.preferred && own.valid)
		check_lifetimes(cfg, own.node, own.preferred, own.valid);
	check_lengths(cfg, &own);
	check_exclude(cfg, &own);
	for (size_t i = 0; i < at; i++) {
		if (list[i].from_interface &&
		    strcmp(list[i].from_interface, own.from_interface) == 0 &&
		    ip6_prefix_overlaps(&list[i].prefix, &own.prefix))
			cfg_error(cfg, own.node, cfg_is_set(own.node, "prefix") ? "prefix" : NULL,
				  -1, "overlaps the delegation at %s; give each its own prefix",
				  cfg_where(cfg, list[i].node, NULL, -1));
	}
}

static void check_relative_pool(struct cfg *cfg, const struct dhcp6_network *net, size_t at)
{
	const struct dhcp6_pool *pools = net->dhcp6.pools;

	if (pools[at].preferred && pools[at].valid)
		check_lifetimes(cfg, pools[at].node, pools[at].preferred, pools[at].valid);
	for (size_t i = 0; i < at; i++) {
		if (dhcp6_pool_is_relative(&pools[i]) &&
		    ranges_overlap(&pools[i].range, &pools[at].range))
			cfg_error(cfg, pools[at].node, "range", -1,
				  "the pool overlaps the one at %s; give each its own addresses",
				  cfg_where(cfg, pools[i].node, "range", -1));
	}
}

void dhcp6_conf_check_relative(struct cfg *cfg, const struct dhcp6_network *net)
{
	const struct dhcp6_net *dhcp6 = &net->dhcp6;

	for (size_t i = 0; i < dhcp6->n_pools; i++) {
		const struct dhcp6_pool *pool = &dhcp6->pools[i];

		if (!dhcp6_pool_is_relative(pool))
			continue;
		check_relative_pool(cfg, net, i);
		check_class_names(cfg, net, pool->node, pool->class_names, pool->n_class_names);
	}
	for (size_t i = 0; i < dhcp6->n_delegations; i++) {
		const struct dhcp6_delegation *delegation = &dhcp6->delegations[i];

		if (!delegation->from_interface)
			continue;
		check_relative_delegation(cfg, net, i);
		check_class_names(cfg, net, delegation->node, delegation->class_names,
				  delegation->n_class_names);
	}
}

void dhcp6_conf_check(struct cfg *cfg, const struct dhcp6_network *net)
{
	struct arena arena = {0};

	check_lifetimes(cfg, net->dhcp6.node, net->dhcp6.preferred, net->dhcp6.valid);
	check_classes(cfg, net);
	check_pools(cfg, net);
	for (size_t i = 0; i < net->dhcp6.n_delegations; i++)
		check_delegation(cfg, net, i);
	dhcp6_options_check(cfg, &net->dhcp6.options);
	for (size_t i = 0; i < net->n_hosts; i++)
		check_host(cfg, net, &net->hosts[i]);
	check_identities(cfg, net);
	check_addresses(cfg, net, &arena);
	check_prefixes(cfg, net, &arena);
	arena_free(&arena);
}

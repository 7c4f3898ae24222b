/* SPDX-License-Identifier: ISC */
/*
 * Which network a relayed message is of. Every item of `relays:` is a rule with conditions; a rule
 * with an Interface-Id or Remote-ID comes before those without (RFC 7969 section 3.2), and among
 * equals the one with the longest prefix around the link-address, then the first in the file.
 *
 * A rule without a link-address and without identifiers holds for the prefixes of its network
 * (RFC 8415 section 13.1). Where no relay says a link-address, all stand on the link that the
 * message came by, and only rules of its network count (RFC 6221 section 4).
 *
 * Rules are sorted so that a lookup costs the same among ten networks and ten thousand.
 */
#include "config.h"

#include "dhcp6/dhcp6_relay_map.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define NO_PARENT SIZE_MAX

struct rule {
	struct ip6_prefix prefix; /* around the link-address, or around the relay's */
	const struct dhcp6_relay_conf *conf;
	const char *netns;
	uint32_t network;
	size_t order;  /* in the file */
	size_t parent; /* the next wider rule that has the same addresses, or NO_PARENT */
};

struct rules {
	struct rule *list;
	size_t n, cap;
};

struct dhcp6_relay_map {
	const struct dhcp6_network **networks; /* by their numbers */
	size_t n_networks;
	struct rules sources; /* by the prefix of `address`, each once a namespace */
	struct rules by_link; /* without identifiers, by the prefix of the link-address */
	struct rules by_id;   /* with identifiers, by these */
};

static bool same_text(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

static int compare_netns(const char *a, const char *b)
{
	if (!a || !b)
		return (a != NULL) - (b != NULL);
	return strcmp(a, b);
}

/* --- sorting ------------------------------------------------------------------------------- */

static int compare_ids(const struct dhcp6_relay_id *a, const struct dhcp6_relay_id *b)
{
	if (!a->bytes || !b->bytes)
		return (a->bytes != NULL) - (b->bytes != NULL);
	if (a->len != b->len)
		return a->len < b->len ? -1 : 1;
	return a->len ? memcmp(a->bytes, b->bytes, a->len) : 0;
}

static int compare_remote_ids(const struct dhcp6_remote_id *a, const struct dhcp6_remote_id *b)
{
	int order = compare_ids(&a->id, &b->id);

	if (order || !a->id.bytes)
		return order;
	return (a->enterprise > b->enterprise) - (a->enterprise < b->enterprise);
}

static int compare_keys(const struct dhcp6_relay_conf *a, const struct dhcp6_relay_conf *b)
{
	int order = compare_ids(&a->interface_id, &b->interface_id);

	return order ? order : compare_remote_ids(&a->remote_id, &b->remote_id);
}

/* By identifiers; then the rule that says most of the link-address, then the first. */
static int compare_by_id(const void *x, const void *y)
{
	const struct rule *a = x, *b = y;
	int order = compare_keys(a->conf, b->conf);

	if (!order)
		order = (int)b->prefix.len - (int)a->prefix.len;
	return order ? order : (a->order > b->order) - (a->order < b->order);
}

static int compare_prefixes(const struct ip6_prefix *a, const struct ip6_prefix *b)
{
	int order = ip6_compare(&a->addr, &b->addr);

	return order ? order : (int)a->len - (int)b->len;
}

/* Wider prefixes before those inside them; the lookup goes backwards, so the first comes last. */
static int compare_by_prefix(const void *x, const void *y)
{
	const struct rule *a = x, *b = y;
	int order = compare_prefixes(&a->prefix, &b->prefix);

	if (!order)
		order = compare_netns(a->netns, b->netns);
	return order ? order : (a->order < b->order) - (a->order > b->order);
}

static void sort(struct rules *rules, int (*compare)(const void *a, const void *b))
{
	if (rules->n)
		qsort(rules->list, rules->n, sizeof(*rules->list), compare);
}

static void drop_doubles(struct rules *rules)
{
	size_t n = 0;

	for (size_t i = 0; i < rules->n; i++) {
		const struct rule *rule = &rules->list[i];

		if (n == 0 || !ip6_prefix_equal(&rules->list[n - 1].prefix, &rule->prefix) ||
		    !same_text(rules->list[n - 1].netns, rule->netns))
			rules->list[n++] = *rule;
	}
	rules->n = n;
}

static void link_parents(struct rules *rules)
{
	for (size_t i = 0; i < rules->n; i++) {
		size_t parent = i ? i - 1 : NO_PARENT;

		while (parent != NO_PARENT &&
		       !ip6_prefix_covers(&rules->list[parent].prefix, &rules->list[i].prefix))
			parent = rules->list[parent].parent;
		rules->list[i].parent = parent;
	}
}

/* --- building ------------------------------------------------------------------------------ */

static void add(struct rules *rules, const struct rule *rule, const struct ip6_prefix *prefix)
{
	rules->list = mem_grow(rules->list, &rules->cap, rules->n + 1, sizeof(*rules->list));
	rules->list[rules->n] = *rule;
	rules->list[rules->n++].prefix = *prefix;
}

static void add_relay(struct dhcp6_relay_map *map, const struct dhcp6_network *net,
		      const struct rule *rule)
{
	static const struct ip6_prefix any = {.len = 0};
	const struct dhcp6_relay_conf *conf = rule->conf;
	const struct ip6_prefix *link =
		conf->link_address.given ? &conf->link_address.prefix : NULL;

	add(&map->sources, rule, &conf->address.prefix);
	if (conf->interface_id.bytes || conf->remote_id.id.bytes)
		add(&map->by_id, rule, link ? link : &any);
	else if (link)
		add(&map->by_link, rule, link);
	for (size_t i = 0; !link && i < net->n_prefixes; i++) {
		if (!conf->interface_id.bytes && !conf->remote_id.id.bytes)
			add(&map->by_link, rule, &net->prefixes[i].prefix);
	}
}

struct dhcp6_relay_map *dhcp6_relay_map_new(const struct dhcp6_network *const *networks, size_t n)
{
	struct dhcp6_relay_map *map = mem_new(1, sizeof(*map));
	size_t order = 0;

	map->networks = mem_new(n, sizeof(*map->networks));
	map->n_networks = n;
	for (size_t i = 0; i < n; i++) {
		const struct dhcp6_network *net = networks[i];

		map->networks[i] = net;
		for (size_t k = 0; k < net->n_relays; k++) {
			const struct rule rule = {.conf = &net->relays[k],
						  .netns = net->netns,
						  .network = (uint32_t)i,
						  .order = order};

			order++;
			add_relay(map, net, &rule);
		}
	}
	sort(&map->sources, compare_by_prefix);
	drop_doubles(&map->sources);
	link_parents(&map->sources);
	sort(&map->by_link, compare_by_prefix);
	link_parents(&map->by_link);
	sort(&map->by_id, compare_by_id);
	return map;
}

struct dhcp6_relay_map *dhcp6_relay_map_of_links(const struct dhcp6_link *links, size_t n)
{
	const struct dhcp6_network **networks = mem_new(n, sizeof(*networks));
	struct dhcp6_relay_map *map;

	for (size_t i = 0; i < n; i++)
		networks[i] = links[i].conf;
	map = dhcp6_relay_map_new(networks, n);
	free(networks);
	return map;
}

void dhcp6_relay_map_free(struct dhcp6_relay_map *map)
{
	if (!map)
		return;
	free(map->sources.list);
	free(map->by_link.list);
	free(map->by_id.list);
	free(map->networks);
	free(map);
}

/* --- looking up ---------------------------------------------------------------------------- */

/* The rule with the longest prefix that has the address; the others follow by `parent`. */
static size_t find_prefix(const struct rules *rules, const struct in6_addr *addr)
{
	const struct ip6_prefix key = {*addr, 128};
	size_t low = 0, high = rules->n;
	size_t at;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (compare_prefixes(&rules->list[middle].prefix, &key) <= 0)
			low = middle + 1;
		else
			high = middle;
	}
	at = low ? low - 1 : NO_PARENT;
	while (at != NO_PARENT && !ip6_prefix_contains(&rules->list[at].prefix, addr))
		at = rules->list[at].parent;
	return at;
}

bool dhcp6_relay_map_allows(const struct dhcp6_relay_map *map, const struct dhcp6_packet *packet)
{
	size_t at = find_prefix(&map->sources, &packet->src);

	while (at != NO_PARENT && !same_text(map->sources.list[at].netns, packet->netns))
		at = map->sources.list[at].parent;
	return at != NO_PARENT;
}

static bool is_within(const struct dhcp6_relay_within *within, const struct in6_addr *addr)
{
	return !within->given || ip6_prefix_contains(&within->prefix, addr);
}

/*
 * RFC 8415 section 22.2: whether the relay is one of the network's, by where it was heard. A
 * link-local address is no address elsewhere than on its own link.
 */
static bool trusts(const struct dhcp6_relay_conf *conf, uint32_t network,
		   const struct dhcp6_packet *packet)
{
	if (!is_within(&conf->address, &packet->src))
		return false;
	if (conf->interface)
		return same_text(conf->interface, packet->link_name);
	return packet->network == network || !ip6_is_link_local(&packet->src);
}

/* Whether the rule holds, but for the identifiers. */
static bool holds(const struct rule *rule, const struct dhcp6_packet *packet,
		  const struct dhcp6_relay_path *path)
{
	return same_text(rule->netns, packet->netns) && trusts(rule->conf, rule->network, packet) &&
	       is_within(&rule->conf->relay, &path->relay) &&
	       ip6_prefix_contains(&rule->prefix, &path->link);
}

/* The first rule with the key, or where it would be. */
static size_t find_key(const struct rules *rules, const struct dhcp6_relay_conf *key)
{
	size_t low = 0, high = rules->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (compare_keys(rules->list[middle].conf, key) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static uint32_t find_by_id(const struct rules *rules, const struct dhcp6_packet *packet,
			   const struct dhcp6_relay_path *path, bool interface_id, bool remote_id)
{
	struct dhcp6_relay_conf key = {.node = NULL};

	if ((interface_id && !path->interface_id.bytes) || (remote_id && !path->remote_id.bytes))
		return DHCP6_NETWORK_NONE;
	if (interface_id)
		key.interface_id = path->interface_id;
	if (remote_id)
		key.remote_id = (struct dhcp6_remote_id){path->remote_enterprise, path->remote_id};
	for (size_t i = find_key(rules, &key);
	     i < rules->n && compare_keys(rules->list[i].conf, &key) == 0; i++) {
		if (holds(&rules->list[i], packet, path))
			return rules->list[i].network;
	}
	return DHCP6_NETWORK_NONE;
}

static bool says(const struct dhcp6_relay_conf *conf, const struct dhcp6_relay_path *path)
{
	const struct dhcp6_remote_id remote = {path->remote_enterprise, path->remote_id};

	return (!conf->interface_id.bytes ||
		compare_ids(&conf->interface_id, &path->interface_id) == 0) &&
	       (!conf->remote_id.id.bytes || compare_remote_ids(&conf->remote_id, &remote) == 0);
}

/* Relays that all stand on the link itself: any rule of its network that they fulfil will do. */
static uint32_t find_on_link(const struct dhcp6_relay_map *map, const struct dhcp6_packet *packet,
			     const struct dhcp6_relay_path *path)
{
	if (packet->network >= map->n_networks)
		return DHCP6_NETWORK_NONE;
	const struct dhcp6_network *net = map->networks[packet->network];

	for (size_t i = 0; i < net->n_relays; i++) {
		const struct dhcp6_relay_conf *conf = &net->relays[i];

		if (is_within(&conf->link_address, &path->link) &&
		    is_within(&conf->relay, &path->relay) &&
		    trusts(conf, packet->network, packet) && says(conf, path))
			return packet->network;
	}
	return DHCP6_NETWORK_NONE;
}

uint32_t dhcp6_relay_map_find(const struct dhcp6_relay_map *map, const struct dhcp6_packet *packet,
			      const struct dhcp6_relay_path *path)
{
	static const struct {
		bool interface_id, remote_id;
	} keys[] = {{true, true}, {true, false}, {false, true}};
	uint32_t network = DHCP6_NETWORK_NONE;

	if (ip6_is_unspecified(&path->link))
		return find_on_link(map, packet, path);
	for (size_t i = 0; network == DHCP6_NETWORK_NONE && i < sizeof(keys) / sizeof(keys[0]); i++)
		network = find_by_id(&map->by_id, packet, path, keys[i].interface_id,
				     keys[i].remote_id);
	if (network != DHCP6_NETWORK_NONE)
		return network;
	for (size_t at = find_prefix(&map->by_link, &path->link); at != NO_PARENT;
	     at = map->by_link.list[at].parent) {
		if (holds(&map->by_link.list[at], packet, path))
			return map->by_link.list[at].network;
	}
	return DHCP6_NETWORK_NONE;
}

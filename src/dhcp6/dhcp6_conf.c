/* SPDX-License-Identifier: ISC */
/*
 * The rows of `dhcp6:` and `hosts:`, and the checks that need two values.
 * dhcp6_conf_check() finds all errors of a network, each at the place in the file where it is.
 */
#include "config.h"

#include "dhcp6/dhcp6_conf.h"

#include <stdlib.h>
#include <string.h>

#include "dhcp6/dhcp6_exclude.h"
#include "dhcp6/dhcp6_host.h"
#include "dhcp6/dhcp6_option.h"

/* --- values of our own --------------------------------------------------------------------- */

static bool range_parse(const char *text, void *dst, struct arena *arena, const char **ret_why)
{
	struct dhcp6_range *range = dst;
	const char *dash = strchr(text, '-');
	struct ip6_prefix prefix;

	if (!dash) {
		if (!ip6_prefix_parse(text, &prefix, NULL)) {
			*ret_why = "is not a range, write FIRST-LAST or a prefix such as "
				   "2001:db8:1:0:1::/80 without bits past its length";
			return false;
		}
		*range = (struct dhcp6_range){prefix.addr, ip6_prefix_last(&prefix)};
		return true;
	}
	char *first = arena_copy(arena, text, (size_t)(dash - text) + 1);

	first[dash - text] = '\0';
	if (!ip6_parse(first, &range->first) || !ip6_parse(dash + 1, &range->last)) {
		*ret_why = "is not a range, write FIRST-LAST with two addresses, or a prefix";
		return false;
	}
	if (ip6_compare(&range->first, &range->last) > 0) {
		*ret_why = "is backwards, the lower address stands first";
		return false;
	}
	return true;
}

static bool iaid_parse(const char *text, void *dst, struct arena *arena, const char **ret_why)
{
	unsigned long long value;
	char *end;

	(void)arena;
	value = strtoull(text, &end, 0);
	if (text[0] < '0' || text[0] > '9' || *end || strlen(text) > 10 || value > UINT32_MAX) {
		*ret_why = "is not an IAID, write a number such as 1 or 0x5e100001";
		return false;
	}
	*(struct dhcp6_iaid *)dst = (struct dhcp6_iaid){true, (uint32_t)value};
	return true;
}

/* The first octets of a link-local address begin no DUID of a type there is. */
static bool server_parse(const char *text, void *dst, struct arena *arena, const char **ret_why)
{
	struct dhcp6_known_server server = {.duid = {.len = 0}};

	(void)arena;
	if (!(ip6_parse(text, &server.addr) && ip6_is_link_local(&server.addr)) &&
	    !duid_parse(text, &server.duid)) {
		*ret_why = "is neither a link-local address such as fe80::1 nor a DUID such as "
			   "00:03:00:01:02:00:5e:10:00:01";
		return false;
	}
	*(struct dhcp6_known_server *)dst = server;
	return true;
}

/* --- rows ---------------------------------------------------------------------------------- */

#define LIFETIME .min = 1, .max = LIFETIME_INFINITE

/* clang-format off */

static const struct cfg_name policies[] = {
	{"stable", LEASE_STABLE, "A keyed hash of the client: the same client, the same address."},
	{"random", LEASE_RANDOM, "Unpredictable, another one each time."},
	{"sequential", LEASE_SEQUENTIAL, "One after the other; easy to guess."},
	{"from-mac", LEASE_FROM_MAC, "From the client's link-layer address (EUI-64)."},
	{0},
};

static const struct cfg_row pool_rows[] = {
	{"range", CFG_OTHER, CFG_AT(struct dhcp6_pool, range), .required = true,
	 .parse = range_parse, .item_size = sizeof(struct dhcp6_range),
	 .what = "address range or prefix",
	 .doc = "First and last address with a dash between them, or a prefix. One without a prefix, as "
		"::1000-::1fff, is in each prefix that comes from an interface."},
	{"allocate", CFG_ENUM, CFG_AT(struct dhcp6_pool, policy), .dflt = "stable",
	 .names = policies, .rfc = "7824 4.3, 7943", .doc = "How addresses are chosen. stable: by a keyed hash "
		"of DUID and IAID, so that a client keeps its address, and nobody without the key can guess "
		"one or tell whose it is. random: another one each time; two of them do not show that they "
		"were one client's. sequential: the lowest free one, which shows how many clients there are "
		"and in which order they came, and lets a scan find them. from-mac: what the client would "
		"make of its link-layer address, which shows that address to everybody it talks to and on "
		"every link."},
	{"preferred", CFG_DURATION, CFG_AT(struct dhcp6_pool, preferred), LIFETIME,
	 .doc = "Preferred lifetime; that of the network when absent."},
	{"valid", CFG_DURATION, CFG_AT(struct dhcp6_pool, valid), LIFETIME,
	 .doc = "Valid lifetime; that of the network when absent."},
	{"class", CFG_STRING, CFG_AT(struct dhcp6_pool, class_names), .list = true,
	 .count = CFG_AT(struct dhcp6_pool, n_class_names),
	 .doc = "The class that its clients are of, or several: one of them. For all clients when absent."},
	{0},
};

static const struct cfg_schema pool_schema = {
	.name = "pool",
	.size = sizeof(struct dhcp6_pool),
	.node = CFG_AT(struct dhcp6_pool, node),
	.shorthand = "range",
	.rows = pool_rows,
	.doc = "Addresses that are leased.",
};

static const struct cfg_row delegation_rows[] = {
	{"prefix", CFG_PREFIX, CFG_AT(struct dhcp6_delegation, prefix),
	 .doc = "What prefixes are delegated from. With `from-interface`, which part of the prefix of the "
		"interface: what follows that, as in ::80:0:0:0:0/57 for the second half of a /56; all "
		"of it when absent."},
	{"from-interface", CFG_STRING, CFG_AT(struct dhcp6_delegation, from_interface), .rfc = "9096 3.3",
	 .doc = "Every prefix that this interface has, or with `self` those of the network, as they come "
		"and go; prefixes on links that lie in them are left out. No lease lasts longer than its "
		"prefix, nor than 90 minutes, preferred for 45, unless lifetimes are given. When one "
		"vanishes, what was delegated of it is given back with lifetimes of 0."},
	{"length", CFG_U8, CFG_AT(struct dhcp6_delegation, length), .required = true, .min = 1,
	 .max = 128, .doc = "Length of the prefixes that clients get."},
	{"shortest", CFG_U8, CFG_AT(struct dhcp6_delegation, shortest), .min = 1, .max = 128,
	 .rfc = "8168 3.2",
	 .doc = "The shortest length that a client gets if it asks for it; that of length when absent."},
	{"longest", CFG_U8, CFG_AT(struct dhcp6_delegation, longest), .min = 1, .max = 128,
	 .rfc = "8168 3.2",
	 .doc = "The longest length, likewise. A client that asks for none, or for one that cannot "
		"be had, gets that of length or the nearest there is."},
	{"exclude", CFG_PREFIX, CFG_AT(struct dhcp6_delegation, exclude), .rfc = "6603",
	 .doc = "What of each delegated prefix stays with the link to the client, for clients that "
		"understand it: what follows the delegated prefix, as in ::ff:0:0:0:0/64 for the last "
		"/64 of each /56. Prefixes on the link may lie there."},
	{"allocate", CFG_ENUM, CFG_AT(struct dhcp6_delegation, policy), .dflt = "stable",
	 .names = policies, .doc = "How prefixes are chosen; as for addresses, but that from-mac is stable."},
	{"preferred", CFG_DURATION, CFG_AT(struct dhcp6_delegation, preferred), LIFETIME,
	 .doc = "Preferred lifetime; that of the network when absent."},
	{"valid", CFG_DURATION, CFG_AT(struct dhcp6_delegation, valid), LIFETIME,
	 .doc = "Valid lifetime; that of the network when absent."},
	{"class", CFG_STRING, CFG_AT(struct dhcp6_delegation, class_names), .list = true,
	 .count = CFG_AT(struct dhcp6_delegation, n_class_names),
	 .doc = "The class that its clients are of, or several: one of them. For all clients when absent."},
	{0},
};

static const struct cfg_schema delegation_schema = {
	.name = "delegation",
	.size = sizeof(struct dhcp6_delegation),
	.node = CFG_AT(struct dhcp6_delegation, node),
	.rows = delegation_rows,
	.doc = "Prefixes that are delegated.",
};

static const struct cfg_name services[] = {
	{"off", DHCP6_SERVICE_OFF, "Nothing is served."},
	{"stateless", DHCP6_SERVICE_STATELESS, "Options only."},
	{"stateful", DHCP6_SERVICE_STATEFUL, "Addresses, delegated prefixes and options."},
	{NULL, 0, NULL},
};

static const struct cfg_name address_counts[] = {
	{"one", DHCP6_ADDRESSES_ONE, "One, from the first pool with room."},
	{"each-prefix", DHCP6_ADDRESSES_EACH_PREFIX, "One of each prefix that has a pool."},
	{NULL, 0, NULL},
};

static const struct cfg_name route_kinds[] = {
	{"off", DHCP6_ROUTES_OFF, "None: something else sets them, or another router is the way to the clients."},
	{"prefixes", DHCP6_ROUTES_PREFIXES, "To each delegated prefix, and to each that is advertised to one "
		"host alone (hosts: ra: prefix:) by the host that solicits; and what is not delegated of those "
		"that prefixes are delegated from is unreachable."},
	{"all", DHCP6_ROUTES_ALL, "Likewise, and to each leased address, for links where each guest is "
		"alone; what is not leased of the network's prefixes is unreachable."},
	{NULL, 0, NULL},
};

static const struct cfg_row net_rows[] = {
	{"service", CFG_ENUM, CFG_AT(struct dhcp6_net, service), .names = services,
	 .doc = "What is served. When absent, what the mode says; stateful where there are pools or "
		"delegations."},
	{"pools", CFG_MAPS, CFG_AT(struct dhcp6_net, pools),
	 .count = CFG_AT(struct dhcp6_net, n_pools), .sub = &pool_schema,
	 .doc = "Addresses to lease; the first with room is used. Without pools and delegations "
		"each prefix of a stateful network is a pool."},
	{"delegate", CFG_MAPS, CFG_AT(struct dhcp6_net, delegations),
	 .count = CFG_AT(struct dhcp6_net, n_delegations), .sub = &delegation_schema,
	 .doc = "Prefixes to delegate."},
	{"addresses", CFG_ENUM, CFG_AT(struct dhcp6_net, addresses), .dflt = "one",
	 .names = address_counts, .rfc = "8415 13.1",
	 .doc = "How many addresses a client gets for each IA_NA."},
	{"rapid-commit", CFG_BOOL, CFG_AT(struct dhcp6_net, rapid_commit), .dflt = "false",
	 .rfc = "8415 21.14",
	 .doc = "Whether clients that ask for it get their leases with two messages instead of "
		"four. Not where several servers are."},
	{"preference", CFG_U8, CFG_AT(struct dhcp6_net, preference), .dflt = "0",
	 .rfc = "8415 21.8",
	 .doc = "Of several servers clients take the one with the highest; with 255 they do not "
		"wait for others."},
	{"preferred", CFG_DURATION, CFG_AT(struct dhcp6_net, preferred), LIFETIME,
	 .doc = "Preferred lifetime of leases; that written at their prefix when absent, else 4h."},
	{"valid", CFG_DURATION, CFG_AT(struct dhcp6_net, valid), LIFETIME,
	 .doc = "Valid lifetime of leases; that written at their prefix when absent, else 1d."},
	{"options", CFG_MAP, CFG_AT(struct dhcp6_net, options), .sub = &dhcp6_options_schema,
	 .doc = "Options for all clients of the network."},
	{"register", CFG_BOOL, CFG_AT(struct dhcp6_net, registration), .dflt = "false",
	 .rfc = "9686", .doc = "Whether hosts can tell which addresses they made themselves; they are "
		"kept with the leases, and nobody else gets them."},
	{"reconfigure", CFG_BOOL, CFG_AT(struct dhcp6_net, reconfigure), .dflt = "false",
	 .rfc = "8415 18.3.11", .doc = "Whether clients that accept it get a key, with which they can be told "
		"to come back before their time."},
	{"reconfigure-on-change", CFG_BOOL, CFG_AT(struct dhcp6_net, reconfigure_on_change),
	 .dflt = "true", .doc = "With reconfigure: whether they are told so when a new configuration "
		"gives the network other prefixes, pools or options."},
	{"routes", CFG_ENUM, CFG_AT(struct dhcp6_net, routes), .names = route_kinds, .rfc = "8987 3.1",
	 .doc = "Which routes are set in the kernel, each by the link-local address of the client that "
		"holds the lease. When absent, prefixes where there is such a prefix and the router lifetime in "
		"Router Advertisements is not 0, else off. Needs CAP_NET_ADMIN. Clients behind "
		"relays are left to these."},
	{"servers", CFG_OTHER, CFG_AT(struct dhcp6_net, servers), .list = true,
	 .count = CFG_AT(struct dhcp6_net, n_servers), .parse = server_parse,
	 .item_size = sizeof(struct dhcp6_known_server), .what = "link-local address or DUID",
	 .doc = "Other DHCPv6 servers that may be on the link, each by its DUID or its link-local "
		"address. One that is not listed is logged as `rogue-server` when it is seen: by its "
		"own messages where they come here, or by those of clients that name it. Nothing is "
		"sent against it."},
	{"fqdn", CFG_MAP, CFG_AT(struct dhcp6_net, fqdn), .sub = &dhcp6_fqdn_schema,
	 .rfc = "4704", .doc = "Names that clients send."},
	{0},
};

const struct cfg_schema dhcp6_net_schema = {
	.name = "dhcp6",
	.size = sizeof(struct dhcp6_net),
	.node = CFG_AT(struct dhcp6_net, node),
	.rows = net_rows,
	.doc = "The DHCPv6 service of a network.",
};

static const struct cfg_row host_rows[] = {
	{"name", CFG_STRING, CFG_AT(struct dhcp6_host, name),
	 .doc = "What the log calls the host."},
	{"mac", CFG_MAC, CFG_AT(struct dhcp6_host, mac), .doc = "Its link-layer address."},
	{"duid", CFG_DUID, CFG_AT(struct dhcp6_host, duid), .rfc = "8415 11",
	 .doc = "Its DUID. Of what is written here all must be seen; of several hosts the most specific "
		"counts: who names an IAID before who does not, then likewise `duid`, `mac`, `remote-id`, "
		"`subscriber-id`, `interface-id` and `interface`."},
	{"iaid", CFG_OTHER, CFG_AT(struct dhcp6_host, iaid), .parse = iaid_parse,
	 .item_size = sizeof(struct dhcp6_iaid), .what = "number", .rfc = "8415 12",
	 .doc = "The IAID of its interface, beside its DUID or link-layer address."},
	{"interface", CFG_STRING, CFG_AT(struct dhcp6_host, interface),
	 .doc = "The interface of ours whose link it is on itself, without a relay: its name."},
	{"interface-id", CFG_OTHER, CFG_AT(struct dhcp6_host, interface_id), .parse = dhcp6_relay_id_parse,
	 .item_size = sizeof(struct dhcp6_relay_id), .what = DHCP6_RELAY_ID_WHAT, .rfc = "8415 21.18",
	 .doc = "The Interface-Id of the relay nearest to it, octet for octet: the text, or 0x and hex digits."},
	{"remote-id", CFG_OTHER, CFG_AT(struct dhcp6_host, remote_id), .parse = dhcp6_remote_id_parse,
	 .item_size = sizeof(struct dhcp6_remote_id), .what = DHCP6_REMOTE_ID_WHAT, .rfc = "4649 3",
	 .doc = "The Remote-ID likewise, after its enterprise number and a colon: `3561:port7`, `3561:0x0001af`."},
	{"subscriber-id", CFG_OTHER, CFG_AT(struct dhcp6_host, subscriber_id), .parse = dhcp6_relay_id_parse,
	 .item_size = sizeof(struct dhcp6_relay_id), .what = DHCP6_RELAY_ID_WHAT, .rfc = "4580 2",
	 .doc = "The Subscriber-ID likewise."},
	{"address", CFG_IP6, CFG_AT(struct dhcp6_host, addresses), .list = true,
	 .count = CFG_AT(struct dhcp6_host, n_addresses), .doc = "Its address; as addresses."},
	{"addresses", CFG_IP6, CFG_AT(struct dhcp6_host, addresses), .list = true,
	 .count = CFG_AT(struct dhcp6_host, n_addresses),
	 .doc = "Its addresses; it gets all of them."},
	{"delegate", CFG_PREFIX, CFG_AT(struct dhcp6_host, delegate), .list = true,
	 .count = CFG_AT(struct dhcp6_host, n_delegate), .doc = "Prefixes delegated to it."},
	{"options", CFG_MAP, CFG_AT(struct dhcp6_host, options), .sub = &dhcp6_options_schema,
	 .doc = "Options for it, in place of those of the network."},
	{"ra", CFG_MAP, CFG_AT(struct dhcp6_host, ra), .sub = &ra_host_schema, .rfc = "8273 4",
	 .doc = "What it is told in Router Advertisements; it needs `mac` or `interface`, as a solicitation tells no more."},
	{0},
};

const struct cfg_schema dhcp6_host_schema = {
	.name = "host",
	.size = sizeof(struct dhcp6_host),
	.node = CFG_AT(struct dhcp6_host, node),
	.rows = host_rows,
	.doc = "What is reserved for one host; nobody else gets it.",
};

/* clang-format on */

/* --- checks between values ----------------------------------------------------------------- */

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

static void check_pool(struct cfg *cfg, const struct dhcp6_network *net,
		       const struct dhcp6_pool *pool)
{
	const struct dhcp6_prefix *in = dhcp6_network_prefix_of(net, &pool->range.first);

	check_lifetimes(cfg, pool->node, pool->preferred, pool->valid);
	if (!in || !ip6_prefix_contains(&in->prefix, &pool->range.last))
		cfg_error(cfg, pool->node, "range", -1,
			  "the pool is not inside one of the network's prefixes");
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
				cfg_error(cfg, pools[i].node, "range", -1,
					  "the pool overlaps the one at %s",
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
				  "overlaps %s, which is on the link",
				  name_of(&net->prefixes[i].prefix).text);
	}
	for (size_t i = 0; i < at; i++) {
		if (cfg_is_set(list[i].node, "prefix") &&
		    ip6_prefix_overlaps(&delegation->prefix, &list[i].prefix))
			cfg_error(cfg, delegation->node, "prefix", -1,
				  "overlaps the delegation at %s",
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

	if (!is_bad_item(host, "addresses", &addr.addr) &&
	    !dhcp6_network_prefix_of(net, &addr.addr))
		cfg_error(cfg, host->node, "addresses", (int)i,
			  "%s is in none of the network's prefixes", name_of(&addr).text);
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
				  "overlaps %s, which is on the link",
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
				  "this %s is already used at %s", what,
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
			  "this %s is already used at %s", identity_keys[k],
			  cfg_where(cfg, twin->node, identity_keys[k], -1));
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
				  "overlaps the prefix reserved at %s",
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
				  "of the file");
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
				  -1, "overlaps the delegation at %s",
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
				  "the pool overlaps the one at %s",
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

/* SPDX-License-Identifier: ISC */
/*
 * The rows of `dhcp6:` and `hosts:`. What needs two values is checked in dhcp6_conf_check.c.
 */
#include "config.h"

#include "dhcp6/dhcp6_conf.h"

#include <stdlib.h>
#include <string.h>

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
		"/64 of each /56. Prefixes on the link may lie there. dhcpcd 9 that delegates to its "
		"uplink too is not served with it: its messages are malformed then."},
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
	{"off", DHCP6_SERVICE_OFF, "Nothing is served. Where that is so of all networks of a namespace, port 547 is left to other servers and relays."},
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
	 .doc = "Addresses to lease; the first with room is used. When absent, each prefix of a network "
		"that is stateful by its mode or service is a pool. [] for none: then addresses are leased "
		"to `hosts` only."},
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
	{"mac", CFG_MAC, CFG_AT(struct dhcp6_host, mac), .doc = "Its link-layer address. A machine that is "
		"known by it alone keeps what is reserved when it comes with another DUID, as a system "
		"does after its installer."},
	{"duid", CFG_DUID, CFG_AT(struct dhcp6_host, duid), .rfc = "8415 11",
	 .doc = "Its DUID. Of what is written here all must be seen; of several hosts the most specific "
		"counts: who names an IAID before who does not, then likewise `duid`, `mac`, `remote-id`, "
		"`subscriber-id`, `interface-id` and `interface`."},
	{"iaid", CFG_OTHER, CFG_AT(struct dhcp6_host, iaid), .parse = iaid_parse,
	 .item_size = sizeof(struct dhcp6_iaid), .what = "number", .rfc = "8415 12",
	 .doc = "The IAID of its interface, beside its DUID or link-layer address."},
	{"interface", CFG_STRING, CFG_AT(struct dhcp6_host, interface),
	 .doc = "The interface of ours whose link it is on itself, without a relay: its name. A place, as what relays "
		"say of it, does not tell one machine from another: who comes there while somebody else holds the "
		"address waits until that lease ends (`reservation-in-use` in the log)."},
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
	 .doc = "Its addresses, up to 64 with delegated prefixes; it gets all of them. One without a prefix, "
		"as ::10, is in each prefix that comes from an interface."},
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

/* SPDX-License-Identifier: ISC */
/*
 * The configuration of Router Advertisements: the rows of `ra:` and of `prefixes:`, and the values
 * that follow from others. What is checked of it is in ra_conf_check.c.
 *
 * Lifetimes and the interval depend on each other: nothing that we tell may run out between two
 * advertisements (standards.md S11). Where the file gives no interval, the shortest lifetime makes
 * it; where it gives no lifetime, the interval does; where it gives both they are compared.
 *
 * Limits are those of RFC 4861 section 6.2.1 as changed by RFC 8319.
 */
#include "config.h"

#include "ra/ra_conf.h"

#include "config/cfg.h"
#include "ra/ra_conf_internal.h"
#include "ra/ra_conf_text.h"

enum {
	MAX_INTERVAL = 600, /* s, if nothing else is said */
	LEAST_MAX_INTERVAL = 4,
	MOST_PREF64_LIFETIME = 65528, /* RFC 8781 section 4.1 */
};

/* clang-format off */
static const struct cfg_name preference_names[] = {
	{"low", RA_PREFERENCE_LOW, "used when no other router is there"},
	{"medium", RA_PREFERENCE_MEDIUM, "as routers that say nothing of it"},
	{"high", RA_PREFERENCE_HIGH, "used before others"},
	{NULL, 0, NULL},
};

static const struct cfg_name profile_names[] = {
	{"ce", RA_PROFILE_CE, "a customer's edge router: lifetimes of 45 and 90 minutes that end with the prefixes, and no default router without a global prefix (RFC 9096)"},
	{"unique-prefix", RA_PROFILE_UNIQUE_PREFIX, "each host has a prefix of its own: lifetimes of an hour, told anew within 5 minutes (RFC 8273)"},
	{"battery", RA_PROFILE_BATTERY, "hosts that sleep: at most 7 advertisements an hour, lifetimes of an hour (RFC 7772)"},
	{NULL, 0, NULL},
};

static const struct cfg_name multicast_names[] = {
	{"on", RA_MULTICAST_ON, "to all hosts of the link"},
	{"off", RA_MULTICAST_OFF, "by unicast to each host that solicited, so that hosts can be told different things"},
	{"private", RA_MULTICAST_PRIVATE, "to all, but what is for the host that solicited last: a link with one host, such as a TAP"},
	{NULL, 0, NULL},
};

static const struct cfg_row prefix_rows[] = {
	{.key = "prefix", .type = CFG_PREFIX, .offset = CFG_AT(struct ra_prefix, prefix),
	 .doc = "The prefix. Hosts can form addresses of their own only in a /64. This or `from-interface` is given."},
	{.key = "from-interface", .type = CFG_STRING, .offset = CFG_AT(struct ra_prefix, from_interface), .rfc = "9096 3.3",
	 .doc = "Every prefix that this interface has, or with `self` those of the network, as they come and go, with the lifetimes that are left of them. Only the prefix counts, not the address the interface has in it. One that is an item of its own as well is told as that says. One that vanishes is announced as gone for as long as hosts may know it. `preferred` and `valid` are the longest that is told then, 45 and 90 minutes if they are not given."},
	{.key = "length", .type = CFG_U8, .offset = CFG_AT(struct ra_prefix, length), .min = 1, .max = 127, .dflt = "64",
	 .doc = "With `from-interface`: of the prefixes that are told. Where the interface has a shorter one, the one of this length that its address is in."},
	{.key = "subnet", .type = CFG_U32, .offset = CFG_AT(struct ra_prefix, subnet),
	 .doc = "With `from-interface`: which prefix of that length in a shorter one of the interface, counted from 0, rather than the one its address is in."},
	{.key = "on-link", .type = CFG_BOOL, .offset = CFG_AT(struct ra_prefix, on_link), .dflt = "true", .rfc = "4861 4.6.2",
	 .doc = "The L flag: addresses of the prefix are on the link, and hosts reach each other without the router."},
	{.key = "autonomous", .type = CFG_BOOL, .offset = CFG_AT(struct ra_prefix, autonomous), .dflt = "true", .rfc = "4862 5.5.3",
	 .doc = "The A flag: hosts form addresses of their own in the prefix (SLAAC)."},
	{.key = "pd-preferred", .type = CFG_BOOL, .offset = CFG_AT(struct ra_prefix, pd_preferred), .rfc = "9762 4",
	 .doc = "The P flag: hosts that can ask for a prefix of their own by DHCPv6 do that rather than form or ask for single addresses. Prefixes must be delegated to every host of the link."},
	{.key = "decrementing", .type = CFG_BOOL, .offset = CFG_AT(struct ra_prefix, decrementing), .rfc = "4861 6.2.1",
	 .doc = "The lifetimes count down from when the prefix was first configured, to 0s, where they stay. Otherwise every advertisement tells them anew."},
	{.key = "preferred", .type = CFG_DURATION, .offset = CFG_AT(struct ra_prefix, preferred), .dflt = "7d", .rfc = "4861 6.2.1",
	 .doc = "How long addresses of the prefix are used for new connections; 0s: not any more. At most `valid`, which it is if that is shorter and this is not given."},
	{.key = "valid", .type = CFG_DURATION, .offset = CFG_AT(struct ra_prefix, valid), .dflt = "30d", .rfc = "4861 6.2.1",
	 .doc = "How long addresses of the prefix, and the prefix on the link, stay valid."},
	{.key = NULL},
};

const struct cfg_schema ra_prefix_schema = {
	.name = "prefix", .size = sizeof(struct ra_prefix), .node = CFG_AT(struct ra_prefix, node),
	.shorthand = "prefix", .rows = prefix_rows,
	.doc = "A prefix of the network, told to hosts in Router Advertisements.",
};

static const struct cfg_row interval_rows[] = {
	{.key = "min", .type = CFG_DURATION, .offset = CFG_AT(struct ra_interval, min), .min = RA_INTERVAL_LEAST, .max = 49151, .rfc = "4861 6.2.1",
	 .doc = "Shortest time between unsolicited advertisements, at most three quarters of `max`. A third of `max` if it is not given."},
	{.key = "max", .type = CFG_DURATION, .offset = CFG_AT(struct ra_interval, max), .min = LEAST_MAX_INTERVAL, .max = 65535, .dflt = "10m", .rfc = "4861 6.2.1, 8319 4",
	 .doc = "Longest time between unsolicited advertisements. If it is not given, it is less where a lifetime asks for it."},
	{.key = NULL},
};

static const struct cfg_schema interval_schema = {
	.name = "interval", .size = sizeof(struct ra_interval), .node = CFG_AT(struct ra_interval, node),
	.rows = interval_rows, .doc = "The random time between unsolicited advertisements.",
};

static const struct cfg_row route_rows[] = {
	{.key = "prefix", .type = CFG_PREFIX, .offset = CFG_AT(struct ra_route, prefix), .required = true,
	 .doc = "Where the route leads to."},
	{.key = "preference", .type = CFG_ENUM, .offset = CFG_AT(struct ra_route, preference), .names = preference_names, .dflt = "medium", .rfc = "4191 2.3",
	 .doc = "Which router hosts take when several tell the route."},
	{.key = "lifetime", .type = CFG_DURATION, .offset = CFG_AT(struct ra_route, lifetime), .rfc = "4191 2.3",
	 .doc = "How long the route is used. Three times the longest interval if it is not given."},
	{.key = NULL},
};

static const struct cfg_schema route_schema = {
	.name = "route", .size = sizeof(struct ra_route), .node = CFG_AT(struct ra_route, node),
	.shorthand = "prefix", .rows = route_rows, .doc = "A more specific route by way of this router.",
};

static const struct cfg_row pref64_rows[] = {
	{.key = "prefix", .type = CFG_PREFIX, .offset = CFG_AT(struct ra_pref64, prefix), .required = true, .rfc = "8781 4",
	 .doc = "The NAT64 prefix, a /96, /64, /56, /48, /40 or /32."},
	{.key = "lifetime", .type = CFG_DURATION, .offset = CFG_AT(struct ra_pref64, lifetime), .max = MOST_PREF64_LIFETIME, .rfc = "8781 4.1",
	 .doc = "How long it is used, sent in units of 8 s. Three times the longest interval if it is not given."},
	{.key = NULL},
};

static const struct cfg_schema pref64_schema = {
	.name = "pref64", .size = sizeof(struct ra_pref64), .node = CFG_AT(struct ra_pref64, node),
	.shorthand = "prefix", .rows = pref64_rows, .doc = "A prefix by which hosts reach IPv4 through NAT64.",
};

static const struct cfg_row resolver_rows[] = {
	{.key = "name", .type = CFG_DNS_NAME, .offset = CFG_AT(struct ra_resolver, name), .required = true, .rfc = "9463 6.1",
	 .doc = "The name that the resolver's certificate holds."},
	{.key = "addresses", .type = CFG_IP6, .list = true, .offset = CFG_AT(struct ra_resolver, addresses), .count = CFG_AT(struct ra_resolver, n_addresses), .rfc = "9463 6.1",
	 .doc = "Its addresses. Without any, hosts resolve the name themselves."},
	{.key = "service", .type = CFG_OTHER, .offset = CFG_AT(struct ra_resolver, service), .parse = ra_conf_parse_service, .item_size = sizeof(struct ra_octets),
	 .what = "list of alpn=, port= and dohpath=", .rfc = "9463 6.1, 9460 2.2",
	 .doc = "How it is spoken to, such as \"alpn=h2,dot dohpath=/dns-query{?dns}\"."},
	{.key = "priority", .type = CFG_U16, .offset = CFG_AT(struct ra_resolver, priority), .min = 1, .max = 65535, .dflt = "1", .rfc = "9463 6.1",
	 .doc = "Hosts take the resolver with the lowest."},
	{.key = "lifetime", .type = CFG_DURATION, .offset = CFG_AT(struct ra_resolver, lifetime), .rfc = "9463 6.1",
	 .doc = "How long it is used. Three times the longest interval if it is not given."},
	{.key = NULL},
};

static const struct cfg_schema resolver_schema = {
	.name = "resolver", .size = sizeof(struct ra_resolver), .node = CFG_AT(struct ra_resolver, node),
	.shorthand = "name", .rows = resolver_rows, .doc = "A DNS resolver that is spoken to in encrypted form.",
};

static const struct cfg_row raw_rows[] = {
	{.key = "type", .type = CFG_U8, .offset = CFG_AT(struct ra_raw, type), .min = 1, .max = 255, .required = true,
	 .doc = "The type of the option, one that has no key of its own here."},
	{.key = "hex", .type = CFG_OTHER, .offset = CFG_AT(struct ra_raw, body), .parse = ra_conf_parse_hex, .item_size = sizeof(struct ra_octets),
	 .what = "string of hex digits", .required = true,
	 .doc = "What follows type and length; zeros are added up to a multiple of 8 octets."},
	{.key = NULL},
};

static const struct cfg_schema raw_schema = {
	.name = "raw option", .size = sizeof(struct ra_raw), .node = CFG_AT(struct ra_raw, node),
	.rows = raw_rows, .doc = "An option in octets.",
};

static const struct cfg_row conf_rows[] = {
	{.key = "advertise", .type = CFG_BOOL, .offset = CFG_AT(struct ra_conf, enabled), .rfc = "4861 6.2.1",
	 .doc = "Send Router Advertisements and answer Router Solicitations."},
	{.key = "managed", .type = CFG_BOOL, .offset = CFG_AT(struct ra_conf, managed), .rfc = "4861 4.2",
	 .doc = "The M flag: hosts get addresses by DHCPv6."},
	{.key = "other", .type = CFG_BOOL, .offset = CFG_AT(struct ra_conf, other), .rfc = "4861 4.2",
	 .doc = "The O flag: hosts get other configuration by DHCPv6."},
	{.key = "profile", .type = CFG_ENUM, .offset = CFG_AT(struct ra_conf, profile), .names = profile_names, .rfc = "9096 3.4, 7772 4",
	 .doc = "What intervals and lifetimes are made for where they are not given."},
	{.key = "multicast", .type = CFG_ENUM, .offset = CFG_AT(struct ra_conf, multicast), .names = multicast_names, .dflt = "on", .rfc = "8273 4",
	 .doc = "How hosts are reached. What `ra` of an item of `hosts` or `classes` says needs `off` or `private`."},
	{.key = "interval", .type = CFG_MAP, .offset = CFG_AT(struct ra_conf, interval), .sub = &interval_schema, .rfc = "4861 6.2.1",
	 .doc = "The random time between unsolicited advertisements."},
	{.key = "solicited-delay", .type = CFG_MSEC, .offset = CFG_AT(struct ra_conf, solicited_delay), .max = 500, .dflt = "500ms", .rfc = "4861 6.2.6, 10",
	 .doc = "The longest of the random delays before a Router Solicitation is answered. RFC 4861 demands 500ms, so that the routers of a link do not answer in one moment and hosts that ask together get one answer. Less deviates from it, and is for a link with one router and one host, such as a TAP: that host goes on without waiting. Advertisements to all stay 3 s apart."},
	{.key = "lifetime", .type = CFG_DURATION, .offset = CFG_AT(struct ra_conf, lifetime), .max = RA_LIFETIME_MOST, .rfc = "4861 6.2.1, 8319 4",
	 .doc = "How long hosts use this router as a default router; 0s: not at all. Three times the longest interval if it is not given. Where the kernel does not forward (`net.ipv6.conf.all.forwarding` or that of the interface is 0), hosts are told 0s, and the log says so."},
	{.key = "preference", .type = CFG_ENUM, .offset = CFG_AT(struct ra_conf, preference), .names = preference_names, .dflt = "medium", .rfc = "4191 2.2",
	 .doc = "Which default router hosts take when there are several."},
	{.key = "hop-limit", .type = CFG_U8, .offset = CFG_AT(struct ra_conf, hop_limit), .dflt = "64", .rfc = "4861 6.2.1",
	 .doc = "The hop limit that hosts send with; 0: theirs."},
	{.key = "reachable-time", .type = CFG_MSEC, .offset = CFG_AT(struct ra_conf, reachable_time), .max = 3600000, .rfc = "4861 6.2.1",
	 .doc = "How long hosts take a neighbour for reachable; 0s: as they like."},
	{.key = "retrans-time", .type = CFG_MSEC, .offset = CFG_AT(struct ra_conf, retrans_time), .rfc = "4861 6.2.1",
	 .doc = "Time between the Neighbor Solicitations of hosts; 0s: as they like."},
	{.key = "mtu", .type = CFG_U32, .offset = CFG_AT(struct ra_conf, mtu), .min = 1280, .max = 65535, .rfc = "4861 4.6.4",
	 .doc = "The MTU that hosts use, at most the interface's. They use their own if it is not given."},
	{.key = "source", .type = CFG_IP6, .offset = CFG_AT(struct ra_conf, source), .rfc = "4861 6.2.1",
	 .doc = "A link-local address to send from, such as the virtual one of VRRP. While it is not on the interface nothing is advertised, and nothing said about that to hosts: another router has it."},
	{.key = "routers", .type = CFG_IP6, .list = true, .offset = CFG_AT(struct ra_conf, routers), .count = CFG_AT(struct ra_conf, n_routers), .rfc = "4861 6.2.7",
	 .doc = "The link-local addresses of the other routers that may be on the link. If it is given, one that is not listed is logged as `rogue-router` when it appears; [] lists none. Nothing is sent against it."},
	{.key = "source-link-layer-address", .type = CFG_BOOL, .offset = CFG_AT(struct ra_conf, source_link_layer), .dflt = "true", .rfc = "4861 4.6.1",
	 .doc = "Tell hosts the link-layer address, so that they need not ask for it."},
	{.key = "advertisement-interval", .type = CFG_BOOL, .offset = CFG_AT(struct ra_conf, interval_option), .rfc = "6275 7.3",
	 .doc = "Tell hosts the longest interval, for those that move between links."},
	{.key = "dns", .type = CFG_IP6, .list = true, .offset = CFG_AT(struct ra_conf, dns), .count = CFG_AT(struct ra_conf, n_dns), .rfc = "8106 5.1",
	 .doc = "Recursive DNS servers. One without a prefix, as ::53, is in each prefix that comes from an interface."},
	{.key = "dns-lifetime", .type = CFG_DURATION, .offset = CFG_AT(struct ra_conf, dns_lifetime), .rfc = "8106 5.1",
	 .doc = "How long they are used; one in a prefix of the network no longer than that. Three times the longest interval if it is not given."},
	{.key = "search", .type = CFG_DNS_NAME, .list = true, .offset = CFG_AT(struct ra_conf, search), .count = CFG_AT(struct ra_conf, n_search), .rfc = "8106 5.2",
	 .doc = "DNS search domains."},
	{.key = "search-lifetime", .type = CFG_DURATION, .offset = CFG_AT(struct ra_conf, search_lifetime), .rfc = "8106 5.2",
	 .doc = "How long they are used. Three times the longest interval if it is not given."},
	{.key = "routes", .type = CFG_MAPS, .list = true, .offset = CFG_AT(struct ra_conf, routes), .count = CFG_AT(struct ra_conf, n_routes), .sub = &route_schema, .rfc = "4191 2.3",
	 .doc = "More specific routes by way of this router."},
	{.key = "pref64", .type = CFG_MAPS, .list = true, .offset = CFG_AT(struct ra_conf, pref64), .count = CFG_AT(struct ra_conf, n_pref64), .sub = &pref64_schema, .rfc = "8781 4",
	 .doc = "NAT64 prefixes."},
	{.key = "encrypted-dns", .type = CFG_MAPS, .list = true, .offset = CFG_AT(struct ra_conf, resolvers), .count = CFG_AT(struct ra_conf, n_resolvers), .sub = &resolver_schema, .rfc = "9463 6.1",
	 .doc = "DNS resolvers that are spoken to in encrypted form."},
	{.key = "captive-portal", .type = CFG_STRING, .offset = CFG_AT(struct ra_conf, captive_portal), .min = 1, .max = 255, .rfc = "8910 2.3",
	 .doc = "The URI of the captive portal's API."},
	{.key = "expanded-flags", .type = CFG_OTHER, .offset = CFG_AT(struct ra_conf, expanded_flags), .parse = ra_conf_parse_hex, .item_size = sizeof(struct ra_octets),
	 .what = "string of up to 12 hex digits", .rfc = "5175 4",
	 .doc = "The flags of the Flags Expansion option, the first bit first. It is not sent without one that is set."},
	{.key = "options", .type = CFG_MAPS, .list = true, .offset = CFG_AT(struct ra_conf, options), .count = CFG_AT(struct ra_conf, n_options), .sub = &raw_schema,
	 .doc = "Options that have no key of their own."},
	{.key = NULL},
};
/* clang-format on */

const struct cfg_schema ra_conf_schema = {
	.name = "ra",
	.size = sizeof(struct ra_conf),
	.node = CFG_AT(struct ra_conf, node),
	.rows = conf_rows,
	.doc = "Router Advertisements.",
};

/* clang-format off */
static const struct cfg_row host_rows[] = {
	{.key = "lifetime", .type = CFG_DURATION, .offset = CFG_AT(struct ra_host_conf, lifetime), .max = RA_LIFETIME_MOST, .rfc = "4861 6.2.1",
	 .doc = "As `lifetime` of `ra`; 0s: this is no default router for it."},
	{.key = "preference", .type = CFG_ENUM, .offset = CFG_AT(struct ra_host_conf, preference), .names = preference_names, .dflt = "medium", .rfc = "4191 2.2",
	 .doc = "As `preference` of `ra`."},
	{.key = "mtu", .type = CFG_U32, .offset = CFG_AT(struct ra_host_conf, mtu), .min = 1280, .max = 65535, .rfc = "4861 4.6.4",
	 .doc = "As `mtu` of `ra`."},
	{.key = "prefixes", .type = CFG_MAPS, .list = true, .offset = CFG_AT(struct ra_host_conf, prefixes), .count = CFG_AT(struct ra_host_conf, n_prefixes), .sub = &ra_prefix_schema, .rfc = "8273 4",
	 .doc = "The prefixes that it is told, and no others."},
	{.key = "prefix", .type = CFG_MAPS, .list = true, .offset = CFG_AT(struct ra_host_conf, prefixes), .count = CFG_AT(struct ra_host_conf, n_prefixes), .sub = &ra_prefix_schema,
	 .doc = "The same, for one."},
	{.key = "routes", .type = CFG_MAPS, .list = true, .offset = CFG_AT(struct ra_host_conf, routes), .count = CFG_AT(struct ra_host_conf, n_routes), .sub = &route_schema, .rfc = "4191 2.3",
	 .doc = "As `routes` of `ra`, in place of them."},
	{.key = NULL},
};
/* clang-format on */

const struct cfg_schema ra_host_schema = {
	.name = "ra of a host",
	.size = sizeof(struct ra_host_conf),
	.node = CFG_AT(struct ra_host_conf, node),
	.rows = host_rows,
	.doc = "What the host is told rather than others, by its link-layer address.",
};

/* --- What follows from others --- */

static uint32_t at_least(uint32_t value, uint32_t least)
{
	return value > least ? value : least;
}

static uint32_t at_most(uint32_t value, uint32_t most)
{
	return value < most ? value : most;
}

/* The shorter one; a lifetime of 0 ends something, and asks for no interval. */
static uint32_t shorter(uint32_t shortest, uint32_t lifetime)
{
	return lifetime ? at_most(shortest, lifetime) : shortest;
}

static uint32_t shorter_if_set(uint32_t shortest, const struct cfg_node *node, const char *key,
			       uint32_t lifetime)
{
	return cfg_is_set(node, key) ? shorter(shortest, lifetime) : shortest;
}

/* The shortest of the lifetimes that are given, s. */
static uint32_t shortest_lifetime(const struct ra_conf *conf, const struct ra_prefix *prefixes,
				  size_t n_prefixes)
{
	uint32_t s = LIFETIME_INFINITE;

	for (size_t i = 0; i < n_prefixes; i++)
		s = shorter(shorter(s, prefixes[i].preferred), prefixes[i].valid);
	for (size_t i = 0; i < conf->n_routes; i++)
		s = shorter_if_set(s, conf->routes[i].node, "lifetime", conf->routes[i].lifetime);
	for (size_t i = 0; i < conf->n_pref64; i++)
		s = shorter_if_set(s, conf->pref64[i].node, "lifetime", conf->pref64[i].lifetime);
	for (size_t i = 0; i < conf->n_resolvers; i++)
		s = shorter_if_set(s, conf->resolvers[i].node, "lifetime",
				   conf->resolvers[i].lifetime);
	s = shorter_if_set(s, conf->node, "dns-lifetime", conf->dns_lifetime);
	s = shorter_if_set(s, conf->node, "search-lifetime", conf->search_lifetime);
	return shorter_if_set(s, conf->node, "lifetime", conf->lifetime);
}

uint32_t ra_interval_most_min(uint32_t max)
{
	return at_least(max - (max + 3) / 4, RA_INTERVAL_LEAST);
}

/* What a profile gives where nothing is written, s. */
static const struct profile {
	uint32_t min, max; /* of the interval */
	uint32_t lifetime; /* of the router */
	uint32_t preferred, valid;
	uint32_t others; /* of routes, DNS servers and search domains */
} profiles[] = {
	/* RFC 9096 section 3.4 */
	[RA_PROFILE_CE] = {.lifetime = 2700, .preferred = 2700, .valid = 5400, .others = 5400},
	/* RFC 7772 section 4 and 5.1, RFC 8273 section 5 */
	[RA_PROFILE_UNIQUE_PREFIX] = {.min = 100,
				      .max = 300,
				      .lifetime = 3600,
				      .preferred = 1800,
				      .valid = 3600,
				      .others = 3600},
	[RA_PROFILE_BATTERY] = {.min = RA_BATTERY_INTERVAL,
				.max = 686,
				.lifetime = 3600,
				.others = 3600},
};

static void set_unless_written(uint32_t *value, const struct cfg_node *node, const char *key,
			       uint32_t profile)
{
	if (profile && !cfg_is_set(node, key))
		*value = profile;
}

static void finish_interval(struct ra_conf *conf, const struct ra_prefix *prefixes,
			    size_t n_prefixes)
{
	struct ra_interval *interval = &conf->interval;
	uint32_t shortest = shortest_lifetime(conf, prefixes, n_prefixes);
	const struct profile *profile = &profiles[conf->profile];

	if (profile->max && !cfg_is_set(interval->node, "max") &&
	    !cfg_is_set(interval->node, "min") && shortest / RA_MISSED >= profile->max) {
		interval->max = profile->max;
		interval->min = profile->min;
		return;
	}
	if (!cfg_is_set(interval->node, "max")) {
		interval->max =
			at_most(MAX_INTERVAL, at_least(shortest / RA_MISSED, LEAST_MAX_INTERVAL));
		/* A shortest time that is given has a longest one above it. */
		if (cfg_is_set(interval->node, "min") &&
		    interval->min > ra_interval_most_min(interval->max))
			interval->max = at_most((interval->min * 4 + 2) / 3, 65535);
	}
	if (cfg_is_set(interval->node, "min"))
		return;
	/* RFC 4861 section 6.2.1; below 9 s its default would be above its own limit. */
	interval->min = interval->max >= 9 ? at_least(interval->max * 33 / 100, RA_INTERVAL_LEAST)
					   : ra_interval_most_min(interval->max);
}

/* A default that does not go with the lifetime that is written gives way to it. */
static void finish_prefix(const struct ra_conf *conf, struct ra_prefix *prefix)
{
	/* RFC 9096 section 3.4: what may be gone tomorrow is not promised for a month. */
	const struct profile *profile =
		&profiles[prefix->from_interface ? RA_PROFILE_CE : conf->profile];

	prefix->has_subnet = cfg_is_set(prefix->node, "subnet");
	set_unless_written(&prefix->preferred, prefix->node, "preferred", profile->preferred);
	set_unless_written(&prefix->valid, prefix->node, "valid", profile->valid);
	if (!cfg_is_set(prefix->node, "preferred"))
		prefix->preferred = at_most(prefix->preferred, prefix->valid);
	else if (!cfg_is_set(prefix->node, "valid"))
		prefix->valid = at_least(prefix->valid, prefix->preferred);
}

static void finish_lifetime(uint32_t *lifetime, const struct cfg_node *node, const char *key,
			    const struct ra_conf *conf, uint32_t most)
{
	uint32_t others = profiles[conf->profile].others;

	if (!cfg_is_set(node, key))
		*lifetime = at_most(at_least(RA_MISSED * conf->interval.max, others), most);
}

static void finish_router_lifetime(struct ra_conf *conf)
{
	uint32_t profile = profiles[conf->profile].lifetime;

	if (cfg_is_set(conf->node, "lifetime"))
		return;
	conf->lifetime = profile ? at_least(profile, conf->interval.max)
				 : at_most(RA_MISSED * conf->interval.max, RA_LIFETIME_MOST);
}

void ra_conf_finish(struct ra_conf *conf, struct ra_prefix *prefixes, size_t n_prefixes)
{
	const uint32_t any = LIFETIME_INFINITE;

	if (conf->profile == RA_PROFILE_UNIQUE_PREFIX && !cfg_is_set(conf->node, "reachable-time"))
		conf->reachable_time = 30 * (uint32_t)SEC;
	conf->routers_given = cfg_is_set(conf->node, "routers");
	for (size_t i = 0; i < n_prefixes; i++)
		finish_prefix(conf, &prefixes[i]);
	finish_interval(conf, prefixes, n_prefixes);
	finish_router_lifetime(conf);
	finish_lifetime(&conf->dns_lifetime, conf->node, "dns-lifetime", conf, any);
	finish_lifetime(&conf->search_lifetime, conf->node, "search-lifetime", conf, any);
	for (size_t i = 0; i < conf->n_routes; i++)
		finish_lifetime(&conf->routes[i].lifetime, conf->routes[i].node, "lifetime", conf,
				any);
	for (size_t i = 0; i < conf->n_pref64; i++)
		finish_lifetime(&conf->pref64[i].lifetime, conf->pref64[i].node, "lifetime", conf,
				MOST_PREF64_LIFETIME);
	for (size_t i = 0; i < conf->n_resolvers; i++)
		finish_lifetime(&conf->resolvers[i].lifetime, conf->resolvers[i].node, "lifetime",
				conf, any);
}

struct ra_conf ra_host_finish(const struct ra_conf *net, struct ra_host_conf *host)
{
	struct ra_conf conf = *net;

	for (size_t i = 0; i < host->n_prefixes; i++)
		finish_prefix(net, &host->prefixes[i]);
	for (size_t i = 0; i < host->n_routes; i++)
		finish_lifetime(&host->routes[i].lifetime, host->routes[i].node, "lifetime", net,
				LIFETIME_INFINITE);
	if (cfg_is_set(host->node, "lifetime"))
		conf.lifetime = host->lifetime;
	if (cfg_is_set(host->node, "preference"))
		conf.preference = host->preference;
	if (cfg_is_set(host->node, "mtu"))
		conf.mtu = host->mtu;
	if (cfg_is_set(host->node, "routes")) {
		conf.routes = host->routes;
		conf.n_routes = host->n_routes;
	}
	return conf;
}

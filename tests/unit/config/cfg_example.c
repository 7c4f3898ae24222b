/* SPDX-License-Identifier: ISC */
/*
 * The rows of the example: every type, lists and single values, shorthands, two names of one
 * value, and a schema that holds itself.
 */
#include "config.h"

#include "cfg_example.h"

#include <stdio.h>

/* "3-7": the room's own type of a row. */
static bool span_parse(const char *text, void *dst, struct arena *arena, const char **ret_why)
{
	struct example_span span;
	char end;

	(void)arena;
	if (sscanf(text, "%5u-%5u%c", &span.first, &span.last, &end) != 2) {
		*ret_why = "is not a span, write it as 3-7";
		return false;
	}
	if (span.first > span.last) {
		*ret_why = "ends before it begins, write the smaller number first";
		return false;
	}
	*(struct example_span *)dst = span;
	return true;
}

static const struct cfg_name mode_names[] = {
	{"slaac", MODE_SLAAC, "Hosts make their own addresses."},
	{"dhcpv6-stateful", MODE_STATEFUL, "Addresses are leased."},
	{"off", MODE_OFF, "Nothing is sent."},
	{0},
};

/* clang-format off */
static const struct cfg_row interval_rows[] = {
	{ "min", CFG_DURATION, CFG_AT(struct example_interval, min), .min = 3, .max = 1350, .dflt = "200s",
	  .rfc = "4861 6.2.1", .doc = "Shortest time between two of them." },
	{ "max", CFG_DURATION, CFG_AT(struct example_interval, max), .min = 4, .max = 65535, .dflt = "600s",
	  .rfc = "4861 6.2.1", .doc = "Longest time between two of them. Not below .min times 1.33." },
	{ 0 },
};
static const struct cfg_schema interval_schema = {
	.name = "interval", .size = sizeof(struct example_interval), .node = CFG_AT(struct example_interval, node),
	.rows = interval_rows, .shorthand = "max",
};

static const struct cfg_row ra_rows[] = {
	{ "managed", CFG_BOOL, CFG_AT(struct example_ra, managed), .doc = "The M flag." },
	{ "other", CFG_BOOL, CFG_AT(struct example_ra, other), .dflt = "true", .doc = "The O flag." },
	{ "interval", CFG_MAP, CFG_AT(struct example_ra, interval), .sub = &interval_schema, .doc = "How often." },
	{ "hop-limit", CFG_U8, CFG_AT(struct example_ra, hop_limit), .dflt = "64", .doc = "Of packets." },
	{ "mtu", CFG_U16, CFG_AT(struct example_ra, mtu), .min = 1280, .doc = "Of the link." },
	{ "retrans", CFG_MSEC, CFG_AT(struct example_ra, retrans), .max = 3600000, .dflt = "500ms", .doc = "Between solicitations." },
	{ "dns", CFG_IP6, CFG_AT(struct example_ra, dns), .list = true, .count = CFG_AT(struct example_ra, n_dns),
	  .dflt = "[2001:db8::53, 2001:db8::54]", .rfc = "8106", .doc = "Resolvers." },
	{ "search", CFG_DNS_NAME, CFG_AT(struct example_ra, search), .list = true, .count = CFG_AT(struct example_ra, n_search),
	  .dflt = "example.org", .doc = "Where names are looked up: *all* of them, in_order, with `a_b*` as they are." },
	{ 0 },
};
static const struct cfg_schema ra_schema = {
	.name = "ra", .size = sizeof(struct example_ra), .node = CFG_AT(struct example_ra, node), .rows = ra_rows,
	.doc = "What advertisements say.",
};

static const struct cfg_row prefix_rows[] = {
	{ "prefix", CFG_PREFIX, CFG_AT(struct example_prefix, prefix), .required = true, .min = 3, .doc = "The prefix itself." },
	{ "valid", CFG_DURATION, CFG_AT(struct example_prefix, valid), .min = 60, .dflt = "1d", .doc = "How long it holds." },
	{ 0 },
};
static const struct cfg_schema prefix_schema = {
	.name = "prefix", .size = sizeof(struct example_prefix), .node = CFG_AT(struct example_prefix, node),
	.shorthand = "prefix", .rows = prefix_rows,
};

static const struct cfg_row host_rows[] = {
	{ "name", CFG_STRING, CFG_AT(struct example_host, name), .required = true, .min = 1, .max = 8, .doc = "Its name." },
	{ "mac", CFG_MAC, CFG_AT(struct example_host, mac), .doc = "Its link-layer address." },
	{ "duid", CFG_DUID, CFG_AT(struct example_host, duid), .doc = "Its DUID." },
	{ "address", CFG_IP6, CFG_AT(struct example_host, address), .doc = "What it gets." },
	{ "domain", CFG_DNS_NAME, CFG_AT(struct example_host, domain), .doc = "Where it lives." },
	{ 0 },
};
static const struct cfg_schema host_schema = {
	.name = "host", .size = sizeof(struct example_host), .node = CFG_AT(struct example_host, node), .rows = host_rows,
};

static const struct cfg_schema network_schema;
static const struct cfg_row network_rows[] = {
	{ "interfaces", CFG_STRING, CFG_AT(struct example_network, interfaces), .list = true,
	  .count = CFG_AT(struct example_network, n_interfaces), .doc = "Where it is." },
	{ "interface", CFG_STRING, CFG_AT(struct example_network, interfaces), .list = true,
	  .count = CFG_AT(struct example_network, n_interfaces), .doc = "Where it is." },
	{ "mode", CFG_ENUM, CFG_AT(struct example_network, mode), .names = mode_names, .dflt = "dhcpv6-stateful", .doc = "A preset." },
	{ "ra", CFG_MAP, CFG_AT(struct example_network, ra), .sub = &ra_schema, .doc = "Advertisements." },
	{ "prefixes", CFG_MAPS, CFG_AT(struct example_network, prefixes), .count = CFG_AT(struct example_network, n_prefixes),
	  .sub = &prefix_schema, .doc = "Its prefixes." },
	{ "prefix", CFG_MAPS, CFG_AT(struct example_network, prefixes), .count = CFG_AT(struct example_network, n_prefixes),
	  .sub = &prefix_schema, .doc = "Its prefix." },
	{ "hosts", CFG_MAPS, CFG_AT(struct example_network, hosts), .count = CFG_AT(struct example_network, n_hosts),
	  .sub = &host_schema, .doc = "Who is known." },
	{ "span", CFG_OTHER, CFG_AT(struct example_network, span), .parse = span_parse, .item_size = sizeof(struct example_span),
	  .what = "span such as 3-7", .dflt = "1-2", .doc = "From .. to." },
	{ "inner", CFG_MAPS, CFG_AT(struct example_network, inner), .count = CFG_AT(struct example_network, n_inner),
	  .sub = &network_schema, .doc = "Networks in it." },
	{ 0 },
};
static const struct cfg_schema network_schema = {
	.name = "network", .size = sizeof(struct example_network), .node = CFG_AT(struct example_network, node),
	.rows = network_rows, .doc = "One network. 'Quoted' words and -options- print as they are.",
};

static const struct cfg_row example_rows[] = {
	{ "enterprise", CFG_U32, CFG_AT(struct example, enterprise), .dflt = "32473", .doc = "A number." },
	{ "user", CFG_STRING, CFG_AT(struct example, user), .dflt = "sextant", .doc = "A user." },
	{ "numbers", CFG_U8, CFG_AT(struct example, numbers), .list = true, .count = CFG_AT(struct example, n_numbers),
	  .min = 5, .max = 5, .doc = "Fives." },
	{ "networks", CFG_MAPS, CFG_AT(struct example, networks), .count = CFG_AT(struct example, n_networks),
	  .required = true, .sub = &network_schema, .doc = "The networks." },
	{ 0 },
};
const struct cfg_schema example_schema = {
	.name = "example.yaml", .size = sizeof(struct example), .node = CFG_AT(struct example, node), .rows = example_rows,
	.doc = "The file.",
};
/* clang-format on */

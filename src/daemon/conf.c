/* SPDX-License-Identifier: ISC */
/*
 * The whole configuration. The rooms own the rows of their keys; here are the top level, the
 * presets, and the checks that need more than one room.
 *
 * A preset sets what is not written: a key in the file always wins.
 */
#include "config.h"

#include "daemon/conf.h"

#include <net/if.h>
#include <stdlib.h>
#include <string.h>

#include "base/logid.h"
#include "base/logline.h"
#include "base/mem.h"
#include "daemon/conf_hosts.h"
#include "daemon/conf_promises.h"
#include "dhcp6/dhcp6_exclude.h"

/* RFC 8415 section 11: made once, or as the operator says. */
static bool parse_server_duid(const char *text, void *dst, struct arena *arena,
			      const char **ret_why)
{
	struct duid *duid = dst;

	(void)arena;
	*duid = (struct duid){0};
	if (strcmp(text, "auto") == 0 || duid_parse(text, duid))
		return true;
	*ret_why = "is neither auto nor a DUID such as 00:03:00:01:02:00:5e:10:00:01";
	return false;
}

/* clang-format off */
static const struct cfg_name mode_names[] = {
	{"off",               DAEMON_MODE_OFF,       "Nothing is advertised and nothing is served."},
	{"slaac",             DAEMON_MODE_SLAAC,     "Hosts make their own addresses: A and L on, M and O off, no DHCPv6."},
	{"dhcpv6-stateless",  DAEMON_MODE_STATELESS, "Hosts make their own addresses and ask for options: A, L and O on, M off."},
	{"dhcpv6-stateful",   DAEMON_MODE_STATEFUL,  "Addresses are leased: M, O and L on, A off."},
	{"dhcpv6-only",       DAEMON_MODE_DHCP_ONLY, "Addresses are leased, and another router advertises: no Router Advertisements."},
	{"routed",            DAEMON_MODE_ROUTED,    "Addresses are leased and no prefix is on the link, so that hosts reach each other by the router: M and O on, A and L off. Prefixes are told to hosts only if flags are written with them."},
	{NULL, 0, NULL},
};

static const struct cfg_name level_names[] = {
	{"error",   LOG_LEVEL_ERROR,   "Somebody should act."},
	{"warning", LOG_LEVEL_WARNING, "Less was done than is configured."},
	{"info",    LOG_LEVEL_INFO,    "A lease or a link changed."},
	{"debug",   LOG_LEVEL_DEBUG,   "Every packet."},
	{NULL, 0, NULL},
};

static const struct cfg_name identifier_names[] = {
	{"full",   LOGID_FULL,   "As they are."},
	{"hashed", LOGID_HASHED, "As a hash, the same for the same client as long as the store is: duid=#1f0c5d22a97e6b34. Who may read the store can find out who is meant."},
	{"none",   LOGID_NONE,   "Not at all: duid=-."},
	{NULL, 0, NULL},
};

static const struct cfg_row server_rows[] = {
	{.key = "user", .type = CFG_STRING, .offset = CFG_AT(struct daemon_server, user), .dflt = "sextant",
	 .doc = "Whom the daemon runs as once its sockets are open, if it was started by root."},
	{.key = "store", .type = CFG_STRING, .offset = CFG_AT(struct daemon_server, store), .dflt = "sqlite:/var/lib/sextant/leases.db",
	 .doc = "Where leases are kept: sqlite: and the path of a database, in a directory that the user may write to."},
	{.key = "duid", .type = CFG_OTHER, .offset = CFG_AT(struct daemon_server, duid), .parse = parse_server_duid,
	 .item_size = sizeof(struct duid), .dflt = "auto", .what = "DUID such as 00:03:00:01:02:00:5e:10:00:01, or auto", .rfc = "8415 11",
	 .doc = "The server's DUID; auto: one is made at the first start and kept in the store."},
	{.key = "log-level", .type = CFG_ENUM, .offset = CFG_AT(struct daemon_server, log_level), .names = level_names, .dflt = "info",
	 .doc = "What is logged: this level and those above it."},
	{.key = "log-identifiers", .type = CFG_ENUM, .offset = CFG_AT(struct daemon_server, log_identifiers), .names = identifier_names, .dflt = "full", .rfc = "7824",
	 .doc = "How the log writes what tells clients apart: DUIDs, IAIDs, link-layer addresses, what is leased to them, their names and what relays call their ports. Names of `hosts` are written as they are."},
	{.key = "limits", .type = CFG_MAP, .offset = CFG_AT(struct daemon_server, limits), .sub = &dhcp6_limits_schema,
	 .doc = "Bounds on what clients can make the server keep."},
	{.key = "options", .type = CFG_MAP, .offset = CFG_AT(struct daemon_server, options), .sub = &dhcp6_options_schema,
	 .doc = "DHCPv6 options for the clients of all networks. What a network, a class or a host says stands in for it, option by option."},
	{.key = "relays", .type = CFG_MAP, .offset = CFG_AT(struct daemon_server, relays), .sub = &dhcp6_relays_schema,
	 .doc = "What holds for all relays; who they are stands at the networks."},
	{.key = NULL},
};

static const struct cfg_schema server_schema = {
	.name = "server", .size = sizeof(struct daemon_server), .node = CFG_AT(struct daemon_server, node), .rows = server_rows,
	.doc = "What holds for the daemon as a whole.",
};

static const struct cfg_row network_rows[] = {
	{.key = "name", .type = CFG_STRING, .offset = CFG_AT(struct daemon_network, name), .min = 1, .max = 128,
	 .doc = "Names the network in logs and in the store; the first interface if it is not given. Leases belong to the name: a network that is renamed begins without any."},
	{.key = "interfaces", .type = CFG_STRING, .list = true, .offset = CFG_AT(struct daemon_network, interfaces),
	 .count = CFG_AT(struct daemon_network, n_interfaces),
	 .doc = "The interfaces it is reached over: names, or patterns with *, ? and []. They are waited for if they do not exist yet; the log tells of names that do not. An interface that several networks match belongs to the one that names it most exactly: a name goes before a pattern, a pattern with more characters that are no wildcards before one with fewer, else the first in the file."},
	{.key = "interface", .type = CFG_STRING, .list = true, .offset = CFG_AT(struct daemon_network, interfaces),
	 .count = CFG_AT(struct daemon_network, n_interfaces), .doc = "The same, for one."},
	{.key = "netns", .type = CFG_STRING, .offset = CFG_AT(struct daemon_network, netns),
	 .doc = "The network namespace of its interfaces, by its name in /run/netns; the daemon's own if it is not given. A pattern with *, ? and [] stands for every namespace it matches, as they come and go: each has a network of its own, whose leases are kept under the name NETWORK@NAMESPACE, so all of them may have the same prefixes. Interfaces of `from-interface` and relays are those of each."},
	{.key = "mode", .type = CFG_ENUM, .offset = CFG_AT(struct daemon_network, mode), .names = mode_names,
	 .doc = "A preset of the flags M, O, A and L and of the DHCPv6 service. What is written besides overrides it. Without one, nothing is on that is not written."},
	{.key = "prefixes", .type = CFG_MAPS, .list = true, .offset = CFG_AT(struct daemon_network, prefixes),
	 .count = CFG_AT(struct daemon_network, n_prefixes), .sub = &ra_prefix_schema,
	 .doc = "The prefixes of its link. A plain prefix stands for an item with that prefix and nothing else."},
	{.key = "prefix", .type = CFG_MAPS, .list = true, .offset = CFG_AT(struct daemon_network, prefixes),
	 .count = CFG_AT(struct daemon_network, n_prefixes), .sub = &ra_prefix_schema, .doc = "The same, for one."},
	{.key = "dns", .type = CFG_IP6, .list = true, .offset = CFG_AT(struct daemon_network, dns),
	 .count = CFG_AT(struct daemon_network, n_dns), .rfc = "8106 5.3.1",
	 .doc = "Recursive DNS servers, for Router Advertisements and for DHCPv6 alike unless they name their own. One without a prefix, as ::53, is in each prefix that comes from an interface, and gone with it."},
	{.key = "search", .type = CFG_DNS_NAME, .list = true, .offset = CFG_AT(struct daemon_network, search),
	 .count = CFG_AT(struct daemon_network, n_search), .doc = "DNS search domains, likewise."},
	{.key = "ra", .type = CFG_MAP, .offset = CFG_AT(struct daemon_network, ra), .sub = &ra_conf_schema,
	 .doc = "Router Advertisements."},
	{.key = "dhcp6", .type = CFG_MAP, .offset = CFG_AT(struct daemon_network, dhcp6), .sub = &dhcp6_net_schema,
	 .doc = "DHCPv6."},
	{.key = "relays", .type = CFG_MAPS, .list = true, .offset = CFG_AT(struct daemon_network, relays),
	 .count = CFG_AT(struct daemon_network, n_relays), .sub = &dhcp6_relay_schema, .rfc = "8415 19",
	 .doc = "The relays it is reached through, if any; a plain address stands for an item with that address and nothing else. A network that has them needs no interface, but then a name."},
	{.key = "hosts", .type = CFG_MAPS, .list = true, .offset = CFG_AT(struct daemon_network, hosts),
	 .count = CFG_AT(struct daemon_network, n_hosts), .sub = &dhcp6_host_schema, .doc = "Reservations."},
	{.key = "classes", .type = CFG_MAPS, .list = true, .offset = CFG_AT(struct daemon_network, classes),
	 .count = CFG_AT(struct daemon_network, n_classes), .sub = &dhcp6_class_schema,
	 .doc = "Classes of its clients, beside those of the file."},
	{.key = NULL},
};

static const struct cfg_schema network_schema = {
	.name = "network", .size = sizeof(struct daemon_network), .node = CFG_AT(struct daemon_network, node), .rows = network_rows,
	.doc = "A network: prefixes, and the links it is reached over.",
};

struct root {
	struct cfg_node *node;
	struct daemon_server server;
	struct dhcp6_class *classes;
	size_t n_classes;
	struct daemon_network *networks;
	size_t n_networks;
};

static const struct cfg_row root_rows[] = {
	{.key = "networks", .type = CFG_MAPS, .list = true, .offset = CFG_AT(struct root, networks), .count = CFG_AT(struct root, n_networks),
	 .sub = &network_schema, .required = true, .doc = "The networks."},
	{.key = "server", .type = CFG_MAP, .offset = CFG_AT(struct root, server), .sub = &server_schema,
	 .doc = "What holds for the daemon as a whole."},
	{.key = "classes", .type = CFG_MAPS, .list = true, .offset = CFG_AT(struct root, classes), .count = CFG_AT(struct root, n_classes),
	 .sub = &dhcp6_class_schema, .doc = "Classes of clients, for all networks."},
	{.key = NULL},
};

const struct cfg_schema daemon_conf_schema = {
	.name = "configuration", .size = sizeof(struct root), .node = CFG_AT(struct root, node), .rows = root_rows,
	.doc = "The configuration of sextantd, in YAML or JSON.",
};

/* What a mode sets where nothing is written. */
struct preset {
	bool advertise, managed, other, on_link, autonomous;
	enum dhcp6_service service;
};

static const struct preset presets[] = {
	[DAEMON_MODE_CUSTOM]    = {.on_link = true, .autonomous = true},
	[DAEMON_MODE_OFF]       = {.on_link = true, .autonomous = true},
	[DAEMON_MODE_SLAAC]     = {.advertise = true, .on_link = true, .autonomous = true},
	[DAEMON_MODE_STATELESS] = {.advertise = true, .other = true, .on_link = true, .autonomous = true, .service = DHCP6_SERVICE_STATELESS},
	[DAEMON_MODE_STATEFUL]  = {.advertise = true, .managed = true, .other = true, .on_link = true, .service = DHCP6_SERVICE_STATEFUL},
	[DAEMON_MODE_DHCP_ONLY] = {.on_link = true, .service = DHCP6_SERVICE_STATEFUL},
	[DAEMON_MODE_ROUTED]    = {.advertise = true, .managed = true, .other = true, .service = DHCP6_SERVICE_STATEFUL},
};
/* clang-format on */

static struct ra_prefix flags_of(const struct preset *preset)
{
	return (struct ra_prefix){.on_link = preset->on_link, .autonomous = preset->autonomous};
}

static void preset_ra(struct daemon_network *net, const struct preset *preset)
{
	const struct ra_prefix flags = flags_of(preset);
	struct ra_conf *ra = &net->ra;

	if (!cfg_is_set(ra->node, "advertise"))
		/* Who writes an `ra:` without a mode wants it sent. */
		ra->enabled = preset->advertise ||
			      (net->mode == DAEMON_MODE_CUSTOM && cfg_is_set(net->node, "ra"));
	if (!cfg_is_set(ra->node, "managed"))
		ra->managed = preset->managed;
	if (!cfg_is_set(ra->node, "other"))
		ra->other = preset->other;
	for (size_t i = 0; i < net->n_prefixes; i++) {
		struct ra_prefix *prefix = &net->prefixes[i];

		daemon_hosts_flags(prefix, &flags);
		/* Without a flag there is nothing to tell, unless that is written. */
		prefix->hidden = net->mode == DAEMON_MODE_ROUTED &&
				 !cfg_is_set(prefix->node, "on-link") &&
				 !cfg_is_set(prefix->node, "autonomous") && !prefix->pd_preferred;
	}
	if (!cfg_is_set(ra->node, "dns")) {
		ra->dns = net->dns;
		ra->n_dns = net->n_dns;
	}
	if (!cfg_is_set(ra->node, "search")) {
		ra->search = net->search;
		ra->n_search = net->n_search;
	}
	ra_conf_finish(ra, net->prefixes, net->n_prefixes);
}

/* What is served: as written; else what the pools and the preset ask for. */
static enum dhcp6_service service_of(const struct daemon_network *net, const struct preset *preset)
{
	if (cfg_is_set(net->dhcp6.node, "service"))
		return (enum dhcp6_service)net->dhcp6.service;
	if (net->dhcp6.n_pools || net->dhcp6.n_delegations)
		return DHCP6_SERVICE_STATEFUL;
	if (net->mode == DAEMON_MODE_CUSTOM && cfg_is_set(net->node, "dhcp6"))
		return DHCP6_SERVICE_STATELESS;
	return preset->service;
}

/*
 * Whether it leases of the pools that are written only, which may be none: else each prefix is a
 * pool. Where nothing but delegations make it stateful, nobody asked for addresses.
 */
static bool gives_pools(const struct daemon_network *net, const struct preset *preset)
{
	bool is_said =
		preset->service == DHCP6_SERVICE_STATEFUL || cfg_is_set(net->dhcp6.node, "service");

	return cfg_is_set(net->dhcp6.node, "pools") || (net->dhcp6.n_delegations && !is_said);
}

/* Lifetimes of what comes from interfaces, unless others are given, s (RFC 9096 section 3.4). */
enum { LEARNED_PREFERRED = 2700, LEARNED_VALID = 5400 };

/*
 * Keeps what DHCPv6 is to serve as it is before anything follows from prefixes. What is completed
 * and checked now has the prefixes of the file only, so pools that are relative to others are left
 * out of it.
 */
static void set_template(struct daemon_network *net, struct dhcp6_network *dhcp6,
			 struct arena *arena)
{
	struct dhcp6_net *served = &dhcp6->dhcp6;
	size_t n = served->n_pools;

	net->template = *dhcp6;
	served->pools = arena_new(arena, n, sizeof(*served->pools));
	served->n_pools = 0;
	for (size_t i = 0; i < n; i++) {
		if (!dhcp6_pool_is_relative(&net->template.dhcp6.pools[i]))
			served->pools[served->n_pools++] = net->template.dhcp6.pools[i];
	}
	n = served->n_delegations;
	served->delegations = arena_new(arena, n, sizeof(*served->delegations));
	served->n_delegations = 0;
	for (size_t i = 0; i < n; i++) {
		if (!net->template.dhcp6.delegations[i].from_interface)
			served->delegations[served->n_delegations++] =
				net->template.dhcp6.delegations[i];
	}
}

/*
 * What is delegated of prefixes of interfaces comes and goes as prefixes on the link do, so ledgers
 * have it as such. RFC 9096 section 3.4: what may be gone tomorrow is not promised for long.
 */
static void find_sources(struct daemon_network *net, struct arena *arena)
{
	const struct dhcp6_net *dhcp6 = &net->dhcp6;

	net->sources = arena_new(arena, dhcp6->n_delegations, sizeof(*net->sources));
	for (size_t i = 0; i < dhcp6->n_delegations; i++) {
		const struct dhcp6_delegation *delegation = &dhcp6->delegations[i];
		uint32_t valid = delegation->valid ? delegation->valid : dhcp6->valid;
		uint32_t preferred =
			delegation->preferred ? delegation->preferred : dhcp6->preferred;

		if (!delegation->from_interface)
			continue;
		net->learns = true;
		net->sources[net->n_sources++] = (struct ra_prefix){
			.prefix = delegation->prefix,
			.from_interface = delegation->from_interface,
			.delegation = (uint32_t)i + 1,
			.preferred = preferred ? preferred : LEARNED_PREFERRED,
			.valid = valid ? valid : LEARNED_VALID,
		};
	}
}

/*
 * RFC 8415 section 21.23: seconds after which options are asked for again where an uplink may
 * change them; the shortest that may be.
 */
enum { REFRESH_WHERE_LEARNED = 600 };

static bool delegates(const struct daemon_network *net)
{
	for (size_t i = 0; i < net->n_hosts; i++) {
		if (net->hosts[i].n_delegate)
			return true;
	}
	return net->dhcp6.n_delegations > 0;
}

/* Whether single hosts have prefixes that others are not told of. */
static bool tells_hosts(const struct daemon_network *net)
{
	for (size_t i = 0; i < net->n_ra_hosts; i++) {
		if (daemon_conf_has_own_prefixes(net, &net->ra_hosts[i]))
			return true;
	}
	return false;
}

/* Where we are the router of the network, we are the one who knows the way to what it delegates. */
static void preset_routes(struct daemon_network *net)
{
	bool is_router = net->ra.enabled && net->ra.lifetime > 0 && net->n_interfaces > 0;
	bool has_some = tells_hosts(net) ||
			(net->dhcp6.service == DHCP6_SERVICE_STATEFUL && delegates(net));

	net->routes_wanted =
		cfg_is_set(net->dhcp6.node, "routes") && net->dhcp6.routes != DHCP6_ROUTES_OFF;
	if (!cfg_is_set(net->dhcp6.node, "routes"))
		net->dhcp6.routes =
			is_router && has_some ? DHCP6_ROUTES_PREFIXES : DHCP6_ROUTES_OFF;
	if (net->dhcp6.service != DHCP6_SERVICE_STATEFUL && !tells_hosts(net))
		net->dhcp6.routes = DHCP6_ROUTES_OFF;
}

static void preset_dhcp6(struct daemon_network *net, const struct preset *preset,
			 const struct root *root, struct dhcp6_network *ret, struct arena *arena)
{
	struct dhcp6_options *options = &net->dhcp6.options;

	net->dhcp6.service = (int)service_of(net, preset);
	preset_routes(net);
	if (!cfg_is_set(options->node, "dns")) {
		options->dns = net->dns;
		options->n_dns = net->n_dns;
	}
	if (!cfg_is_set(options->node, "search")) {
		options->search = net->search;
		options->n_search = net->n_search;
	}
	struct dhcp6_prefix *prefixes = arena_new(arena, net->n_prefixes, sizeof(*prefixes));
	bool on_link_learns = false;
	size_t n = 0;

	find_sources(net, arena);
	for (size_t i = 0; i < net->n_prefixes; i++) {
		const struct ra_prefix *prefix = &net->prefixes[i];

		net->learns = net->learns || prefix->from_interface || prefix->decrementing;
		on_link_learns = on_link_learns || prefix->from_interface;
		if (prefix->from_interface)
			continue;
		/* The defaults of RFC 4861 (a week, a month) are not meant for leases. */
		prefixes[n++] = (struct dhcp6_prefix){
			.prefix = prefix->prefix,
			.preferred = cfg_is_set(prefix->node, "preferred") ? prefix->preferred : 0,
			.valid = cfg_is_set(prefix->node, "valid") ? prefix->valid : 0,
		};
	}
	if (net->learns && !options->information_refresh_time &&
	    !root->server.options.information_refresh_time)
		options->information_refresh_time = REFRESH_WHERE_LEARNED;
	*ret = (struct dhcp6_network){
		.name = net->name,
		.serve = net->dhcp6.service != DHCP6_SERVICE_OFF,
		.stateful = net->dhcp6.service == DHCP6_SERVICE_STATEFUL,
		.pools_given = gives_pools(net, preset),
		.prefixes = prefixes,
		.n_prefixes = n,
		.learns = on_link_learns,
		.dhcp6 = net->dhcp6,
		.hosts = net->hosts,
		.n_hosts = net->n_hosts,
		.classes = net->classes,
		.n_classes = net->n_classes,
		.wide_classes = root->classes,
		.n_wide_classes = root->n_classes,
		.netns = net->netns,
		.relays = net->relays,
		.n_relays = net->n_relays,
	};
	if (net->learns)
		set_template(net, ret, arena);
	dhcp6_network_complete(ret, arena);
}

static void check_names(struct cfg *cfg, const struct cfg_node *node, const char *const *names,
			size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const char *name = names[i];

		if (!name)
			continue; /* found wrong when it was read */
		if (strlen(name) >= IF_NAMESIZE && !strpbrk(name, "*?["))
			cfg_error(
				cfg, node, "interfaces", (int)i,
				"'%s' is longer than the %d characters an interface name can have; "
				"write the name that `ip link` shows",
				name, IF_NAMESIZE - 1);
		else if (strpbrk(name, "/ \t\n"))
			cfg_error(
				cfg, node, "interfaces", (int)i,
				"no interface name has blanks or '/' in it; write the name that `ip "
				"link` shows");
	}
}

static void check_interfaces(struct cfg *cfg, const struct daemon_network *net)
{
	if (net->n_interfaces == 0 && net->n_relays == 0 && !cfg_is_bad(net->node, "interfaces"))
		cfg_error(cfg, net->node, NULL, -1,
			  "the network has no interface; name it, as in 'interface: eth1', or the "
			  "relays it is reached through, as in 'relays: [2001:db8::1]'");
	else if (!net->name && net->n_interfaces == 0)
		cfg_error(cfg, net->node, NULL, -1,
			  "a network without interfaces needs a name, as in 'name: branch'");
	check_names(cfg, net->node, net->interfaces, net->n_interfaces);
	if (net->netns && (strchr(net->netns, '/') || strcmp(net->netns, "..") == 0))
		cfg_error(cfg, net->node, "netns", -1,
			  "'%s' is not a name in /run/netns; write it without directories",
			  net->netns);
}

/* A DNS server without a prefix needs one. */
static void check_dns_of(struct cfg *cfg, const struct cfg_node *node, const struct in6_addr *dns,
			 size_t n)
{
	for (size_t i = 0; cfg_is_set(node, "dns") && i < n; i++) {
		if (ip6_is_relative(&dns[i]))
			cfg_error(cfg, node, "dns", (int)i,
				  "has no prefix, which only those of a network with prefixes from "
				  "interfaces need not have; write a whole address");
	}
}

static void check_dns(struct cfg *cfg, const struct dhcp6_options *options)
{
	check_dns_of(cfg, options->node, options->dns, options->n_dns);
}

static void check_options(struct cfg *cfg, const struct daemon_network *net)
{
	bool learns = false;

	for (size_t i = 0; i < net->n_prefixes; i++)
		learns = learns || net->prefixes[i].from_interface;
	if (!learns) {
		check_dns(cfg, &net->dhcp6.options);
		check_dns_of(cfg, net->node, net->dns, net->n_dns);
	}
	for (size_t i = 0; i < net->n_hosts; i++)
		check_dns(cfg, &net->hosts[i].options);
	for (size_t i = 0; i < net->n_classes; i++)
		check_dns(cfg, &net->classes[i].options);
}

/* RFC 8910 section 2: hosts that hear of two portals cannot know which is meant. */
static void check_portals(struct cfg *cfg, const struct daemon_network *net)
{
	const char *portal = net->dhcp6.options.captive_portal;

	if (net->ra.enabled && net->ra.captive_portal && portal &&
	    strcmp(net->ra.captive_portal, portal) != 0)
		cfg_warning(cfg, net->dhcp6.options.node, "captive-portal", -1,
			    "differs from the one in Router Advertisements at %s (RFC 8910 2)",
			    cfg_where(cfg, net->ra.node, "captive-portal", -1));
}

/* What routes follow is who is heard on an interface. */
static void check_routes(struct cfg *cfg, const struct daemon_network *net)
{
	if (net->routes_wanted && !net->n_interfaces)
		cfg_error(
			cfg, net->dhcp6.node, "routes", -1,
			"all clients of the network are behind relays, which set the routes; take it "
			"out, or name an interface where clients are");
}

static bool same_netns(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

/* Names may be used once, and so may interfaces of one namespace. */
static void check_unique(struct cfg *cfg, const struct root *root, size_t i)
{
	const struct daemon_network *net = &root->networks[i];

	for (size_t j = 0; j < i; j++) {
		const struct daemon_network *other = &root->networks[j];

		if (net->name && other->name && strcmp(net->name, other->name) == 0)
			cfg_error(
				cfg, net->node,
				cfg_is_set(net->node, "name") ? "name" : "interfaces", -1,
				"the name '%s' is that of the network at %s; give this one another",
				net->name, cfg_where(cfg, other->node, NULL, -1));
		if (daemon_conf_is_instance(other, net->name) ||
		    daemon_conf_is_instance(net, other->name))
			cfg_error(cfg, net->node,
				  cfg_is_set(net->node, "name") ? "name" : "interfaces", -1,
				  "the names of this network and of the one at %s cannot be told "
				  "apart in namespaces; give it another",
				  cfg_where(cfg, other->node, NULL, -1));
		if (!same_netns(net->netns, other->netns))
			continue;
		for (size_t k = 0; k < net->n_interfaces; k++) {
			for (size_t l = 0; l < other->n_interfaces; l++) {
				if (!net->interfaces[k] || !other->interfaces[l] ||
				    strcmp(net->interfaces[k], other->interfaces[l]) != 0)
					continue;
				cfg_error(
					cfg, net->node, "interfaces", (int)k,
					"'%s' belongs to the network at %s already; one interface "
					"has one network, which can have several prefixes",
					net->interfaces[k], cfg_where(cfg, other->node, NULL, -1));
			}
		}
	}
}

static bool share_leases(const struct dhcp6_network *a, const struct dhcp6_network *b)
{
	for (size_t i = 0; i < a->dhcp6.n_pools; i++) {
		const struct dhcp6_range *one = &a->dhcp6.pools[i].range;

		for (size_t k = 0; k < b->dhcp6.n_pools; k++) {
			const struct dhcp6_range *two = &b->dhcp6.pools[k].range;

			if (ip6_compare(&one->first, &two->last) <= 0 &&
			    ip6_compare(&two->first, &one->last) <= 0)
				return true;
		}
	}
	for (size_t i = 0; i < a->dhcp6.n_delegations; i++) {
		for (size_t k = 0; k < b->dhcp6.n_delegations; k++) {
			if (ip6_prefix_overlaps(&a->dhcp6.delegations[i].prefix,
						&b->dhcp6.delegations[k].prefix))
				return true;
		}
	}
	return false;
}

/* Leases belong to a network: pools of two that overlap would give one address to two clients. */
static void check_pools(struct cfg *cfg, const struct root *root, const struct dhcp6_network *dhcp6,
			size_t i)
{
	const struct daemon_network *net = &root->networks[i];

	for (size_t j = 0; j < i; j++) {
		if (!same_netns(net->netns, root->networks[j].netns) ||
		    !share_leases(&dhcp6[i], &dhcp6[j]))
			continue;
		cfg_error(
			cfg, net->node, NULL, -1,
			"its pools or delegated prefixes overlap those of the network at %s; give "
			"each its own, or make it one network with several interfaces",
			cfg_where(cfg, root->networks[j].node, NULL, -1));
	}
}

/* RFC 9762 section 4: what a network delegates is on the link of none. */
static void check_delegated(struct cfg *cfg, const struct root *root,
			    const struct dhcp6_network *giver, const struct dhcp6_network *dhcp6,
			    size_t i)
{
	for (size_t d = 0; d < giver->dhcp6.n_delegations; d++) {
		const struct dhcp6_delegation *delegation = &giver->dhcp6.delegations[d];

		for (size_t p = 0; p < dhcp6[i].n_prefixes; p++) {
			if (dhcp6_exclude_gives(delegation, &dhcp6[i].prefixes[p].prefix))
				cfg_error(cfg, delegation->node, "prefix", -1,
					  "overlaps what is on the link of the network at %s; "
					  "write another prefix",
					  cfg_where(cfg, root->networks[i].node, NULL, -1));
		}
	}
}

static void check_delegations(struct cfg *cfg, const struct root *root,
			      const struct dhcp6_network *dhcp6, size_t i)
{
	for (size_t j = 0; j < i; j++) {
		if (!same_netns(root->networks[i].netns, root->networks[j].netns))
			continue;
		check_delegated(cfg, root, &dhcp6[i], dhcp6, j);
		check_delegated(cfg, root, &dhcp6[j], dhcp6, i);
	}
}

static void finish_network(struct cfg *cfg, const struct root *root, struct daemon_network *net,
			   struct dhcp6_network *dhcp6, struct arena *arena)
{
	const struct preset *preset = &presets[net->mode];
	const struct ra_prefix flags = flags_of(preset);

	if (!net->name && net->n_interfaces)
		net->name = net->interfaces[0];
	preset_ra(net, preset);
	daemon_hosts_finish(cfg, net, root->classes, root->n_classes, &flags, arena);
	preset_dhcp6(net, preset, root, dhcp6, arena);
	check_interfaces(cfg, net);
	ra_conf_check(cfg, &net->ra, net->prefixes, net->n_prefixes);
	dhcp6_conf_check(cfg, dhcp6);
	if (net->learns)
		dhcp6_conf_check_relative(cfg, &net->template);
	daemon_promises_check(cfg, net, dhcp6);
	check_portals(cfg, net);
	check_options(cfg, net);
	check_routes(cfg, net);
	if (!net->netns || !daemon_conf_is_pattern(net->netns))
		return;
	/* Served in each namespace, nowhere as it is written. */
	struct dhcp6_network *pattern = arena_new(arena, 1, sizeof(*pattern));

	*pattern = *dhcp6;
	net->pattern = pattern;
	dhcp6->serve = dhcp6->stateful = false;
}

/* RFC 8106 section 5.1: a link-local address is one of its link, where none of the clients is. */
static void check_far_dns(struct cfg *cfg, const struct daemon_network *net)
{
	for (size_t i = 0; i < net->n_dns && net->n_relays && !net->n_interfaces; i++) {
		if (ip6_is_link_local(&net->dns[i]))
			cfg_warning(cfg, net->node, "dns", (int)i,
				    "clients behind relays are not told a link-local address, and "
				    "this network has no others");
	}
}

/* Relays are heard by interfaces of a namespace, whatever network these belong to. */
static void check_heard(struct cfg *cfg, const struct root *root, size_t i)
{
	const struct daemon_network *net = &root->networks[i];
	bool heard = root->server.relays.n_interfaces > 0;

	for (size_t k = 0; k < root->n_networks && !heard; k++)
		heard = root->networks[k].n_interfaces > 0 &&
			same_netns(net->netns, root->networks[k].netns);
	if (net->n_relays && !heard && !cfg_is_bad(root->server.relays.node, "interfaces"))
		cfg_error(cfg, net->node, "relays", -1,
			  "no interface hears these relays; name it, as in "
			  "'server: {relays: {interfaces: [eth0]}}'");
}

/* Found now rather than at the next start. */
static void check_server(struct cfg *cfg, const struct daemon_server *server)
{
	static const char scheme[] = "sqlite:/";

	if (server->store && strncmp(server->store, scheme, strlen(scheme)) != 0)
		cfg_error(cfg, server->node, "store", -1,
			  "is no store that can be used, write sqlite: and the whole path of a "
			  "database, as in sqlite:/var/lib/sextant/leases.db");
	check_names(cfg, server->relays.node, server->relays.interfaces,
		    server->relays.n_interfaces);
	dhcp6_relays_check(cfg, &server->relays);
}

struct daemon_conf *daemon_conf_read(const char *path, FILE *messages)
{
	struct daemon_conf *conf = mem_new(1, sizeof(*conf));
	struct cfg *cfg = cfg_open(path);
	struct root root = {0};

	cfg_read(cfg, &daemon_conf_schema, &root, &conf->arena);
	check_server(cfg, &root.server);
	dhcp6_options_check(cfg, &root.server.options);
	check_dns(cfg, &root.server.options);
	dhcp6_classes_check(cfg, root.classes, root.n_classes, NULL, 0);
	for (size_t i = 0; i < root.n_classes; i++)
		check_dns(cfg, &root.classes[i].options);
	struct dhcp6_network *dhcp6 = arena_new(&conf->arena, root.n_networks, sizeof(*dhcp6));

	for (size_t i = 0; i < root.n_networks; i++) {
		finish_network(cfg, &root, &root.networks[i], &dhcp6[i], &conf->arena);
		check_unique(cfg, &root, i);
		check_heard(cfg, &root, i);
		check_far_dns(cfg, &root.networks[i]);
		check_pools(cfg, &root, dhcp6, i);
		check_delegations(cfg, &root, dhcp6, i);
	}
	dhcp6_relay_check(cfg, dhcp6, root.n_networks);
	/* Relays too are those of each namespace. */
	for (size_t i = 0; i < root.n_networks; i++) {
		if (root.networks[i].pattern)
			dhcp6[i].n_relays = 0;
	}
	conf->server = root.server;
	conf->networks = root.networks;
	conf->n_networks = root.n_networks;
	conf->dhcp6 = (struct dhcp6_conf){
		.server_duid = root.server.duid,
		.networks = dhcp6,
		.n_networks = root.n_networks,
		.limits = root.server.limits,
		.options = root.server.options,
		.classes = root.classes,
		.n_classes = root.n_classes,
		.relays = root.server.relays,
	};
	bool good = cfg_error_count(cfg) == 0;

	cfg_print(cfg, messages);
	cfg_close(cfg);
	if (!good) {
		daemon_conf_free(conf);
		return NULL;
	}
	return conf;
}

void daemon_conf_free(struct daemon_conf *conf)
{
	if (!conf)
		return;
	arena_free(&conf->arena);
	free(conf);
}

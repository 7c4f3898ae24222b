/* SPDX-License-Identifier: ISC */
/*
 * The whole configuration: the top level of the file, presets, and what the rooms are given of it.
 */
#ifndef SEXTANT_DAEMON_CONF_H
#define SEXTANT_DAEMON_CONF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/arena.h"
#include "config/cfg.h"
#include "dhcp6/dhcp6_conf.h"
#include "duid/duid.h"
#include "ra/ra_source.h"

/* Presets of M, O, A, L and the DHCPv6 service, in OpenStack's words where it has them. */
enum daemon_mode {
	DAEMON_MODE_CUSTOM, /* none given: what is written, with the defaults of the RFCs */
	DAEMON_MODE_OFF,
	DAEMON_MODE_SLAAC,
	DAEMON_MODE_STATELESS,
	DAEMON_MODE_STATEFUL,
	DAEMON_MODE_DHCP_ONLY,
	DAEMON_MODE_ROUTED,
};

struct daemon_network {
	struct cfg_node *node;
	const char *name;
	const char **interfaces; /* names or globs */
	size_t n_interfaces;
	const char *netns; /* NULL: the daemon's own; a name, or a pattern */
	/* Of a network in namespaces by pattern: what is served in each, by a name of its own. */
	const struct dhcp6_network *pattern;
	int mode; /* enum daemon_mode */
	struct ra_prefix *prefixes;
	size_t n_prefixes;
	struct ra_conf ra;
	struct ra_host *ra_hosts; /* for those of `hosts` that are told something of their own */
	size_t n_ra_hosts;
	/* What is delegated of prefixes of interfaces. */
	struct ra_prefix *sources;
	size_t n_sources;
	bool learns;                   /* its prefixes come and go, or count down: see view.h */
	struct dhcp6_network template; /* if it does: without what follows from prefixes */
	struct dhcp6_net dhcp6;
	bool routes_wanted; /* `routes` is written, and not off */
	struct dhcp6_host *hosts;
	size_t n_hosts;
	struct dhcp6_class *classes;
	size_t n_classes;
	struct dhcp6_relay_conf *relays;
	size_t n_relays;
	struct in6_addr *dns; /* for both protocols, where they name none */
	size_t n_dns;
	struct dns_name *search;
	size_t n_search;
};

struct daemon_server {
	struct cfg_node *node;
	const char *user;
	const char *store;
	struct duid duid;    /* len 0: made once and kept in the store */
	int log_level;       /* enum log_level */
	int log_identifiers; /* enum logid_how */
	struct dhcp6_limits limits;
	struct dhcp6_options options;
	struct dhcp6_relays relays;
};

struct daemon_conf {
	struct arena arena; /* everything below */
	struct daemon_server server;
	struct daemon_network *networks;
	size_t n_networks;
	struct dhcp6_conf dhcp6; /* its networks are those above, in their order */
};

extern const struct cfg_schema daemon_conf_schema;

/*
 * Reads and checks a file. Errors and warnings go to `messages`, a line each. NULL when there was
 * an error. The caller frees the result with daemon_conf_free().
 */
struct daemon_conf *daemon_conf_read(const char *path, FILE *messages);
void daemon_conf_free(struct daemon_conf *conf);

/*
 * The network that an interface of a namespace belongs to: its index, or UINT32_MAX. Of several
 * that match, the one that says most: a name before a pattern, for namespaces first; of patterns,
 * the one with more characters that are no wildcards; else the first of the file.
 */
uint32_t daemon_conf_match(const struct daemon_conf *conf, const char *netns, const char *ifname);

/* Whether it stands for all names that match, rather than for itself. */
bool daemon_conf_is_pattern(const char *name);

/* Whether leases of this name are those of a network with a pattern, in one of its namespaces. */
bool daemon_conf_is_instance(const struct daemon_network *net, const char *name);

/* Whether the network is in the namespace of this name; NULL: our own. */
bool daemon_conf_is_in(const struct daemon_network *net, const char *netns);

/* Whether any network is in the namespace of this name. */
bool daemon_conf_wants_netns(const struct daemon_conf *conf, const char *netns);

/* Whether DHCPv6 is served for any network in the namespace of this name; NULL: our own. */
bool daemon_conf_serves_in(const struct daemon_conf *conf, const char *netns);

/* Whether namespaces have to be entered at run time: some network has a pattern for them. */
bool daemon_conf_has_netns_pattern(const struct daemon_conf *conf);

/* Whether the host of `ra_hosts` has prefixes that one host alone is told of. */
bool daemon_conf_has_own_prefixes(const struct daemon_network *net, const struct ra_host *host);

/* Whether routes are set: at all, in the namespace of this name. */
bool daemon_conf_sets_routes(const struct daemon_conf *conf);
bool daemon_conf_routes_in(const struct daemon_conf *conf, const char *netns);

/* Whether relays are heard on an interface: by all means, or because its network has any. */
bool daemon_conf_hears_relays(const struct daemon_conf *conf, const char *ifname, uint32_t network);

#endif

/* SPDX-License-Identifier: ISC */
/*
 * What the DHCPv6 server is told to do: plain data, immutable once checked.
 *
 * The parts that stand in the file (`dhcp6:` and `hosts:` of a network) are read by the schemas
 * below; who joins the rooms fills in the rest, calls dhcp6_network_complete() and then
 * dhcp6_conf_check(). Everything pointed to is borrowed: it lives as long as the configuration.
 */
#ifndef SEXTANT_DHCP6_DHCP6_CONF_H
#define SEXTANT_DHCP6_DHCP6_CONF_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/ip6.h"
#include "base/mtime.h"
#include "config/cfg.h"
#include "dhcp6/dhcp6_class.h"
#include "dhcp6/dhcp6_fqdn_conf.h"
#include "dhcp6/dhcp6_options.h"
#include "dhcp6/dhcp6_relay_conf.h"
#include "duid/duid.h"
#include "lease/lease.h"
#include "ra/ra_conf.h"
#include "wire/dns_name.h"

/* First and last address, both included. */
struct dhcp6_range {
	struct in6_addr first, last;
};

struct dhcp6_pool {
	struct dhcp6_range range;
	int policy;                /* enum lease_policy */
	uint32_t preferred, valid; /* seconds; 0 before dhcp6_network_complete(): not given */
	struct ip6_prefix prefix;  /* the on-link prefix it is in; by dhcp6_network_complete() */
	const char **class_names;  /* for clients of one of these; none: for all */
	size_t n_class_names;
	uint64_t classes;            /* their bits, by dhcp6_network_complete() */
	const struct cfg_node *node; /* NULL: not from the file */
};

/* What prefixes are delegated from: those of `length`, or of another that is asked for. */
struct dhcp6_delegation {
	struct ip6_prefix prefix;
	/* In a configuration: of what prefix of this interface, or "self"; NULL: of none. `prefix`
	 * is what follows it then, len 0: all of it. */
	const char *from_interface;
	uint8_t length;
	uint8_t shortest, longest; /* 0 before dhcp6_network_complete(): as `length` */
	/* What is excluded of each: its bits past `longest`; len 0: nothing (RFC 6603). */
	struct ip6_prefix exclude;
	int policy;                /* enum lease_policy */
	uint32_t preferred, valid; /* as in struct dhcp6_pool */
	/* It ends, as a struct dhcp6_prefix may. */
	bool decrementing;
	mtime preferred_end, valid_end;
	const char **class_names; /* as in struct dhcp6_pool */
	size_t n_class_names;
	uint64_t classes;
	const struct cfg_node *node;
};

/* How many addresses an IA_NA gets. */
enum dhcp6_addresses {
	DHCP6_ADDRESSES_ONE,
	DHCP6_ADDRESSES_EACH_PREFIX, /* one of each prefix on the link that has a pool */
};

/* What routes are set to. */
enum dhcp6_routes {
	DHCP6_ROUTES_OFF,
	DHCP6_ROUTES_PREFIXES, /* delegated prefixes */
	DHCP6_ROUTES_ALL,      /* and each leased address */
};

/* What a network is served by DHCPv6. */
enum dhcp6_service {
	DHCP6_SERVICE_OFF,
	DHCP6_SERVICE_STATELESS, /* options only */
	DHCP6_SERVICE_STATEFUL,  /* addresses, delegated prefixes and options */
};

/* Another server that may be on the link. */
struct dhcp6_known_server {
	struct duid duid; /* len 0: it is known by its address */
	struct in6_addr addr;
};

/* `dhcp6:` of a network, by dhcp6_net_schema. */
struct dhcp6_net {
	int service; /* enum dhcp6_service */
	struct dhcp6_pool *pools;
	size_t n_pools;
	struct dhcp6_delegation *delegations;
	size_t n_delegations;
	int addresses; /* enum dhcp6_addresses */
	bool rapid_commit;
	uint8_t preference;        /* RFC 8415 section 21.8; 0 is not sent */
	uint32_t preferred, valid; /* seconds, for pools that name none; 0: those of the prefix */
	struct dhcp6_options options;
	struct dhcp6_fqdn_conf fqdn;
	bool registration; /* RFC 9686 */
	bool reconfigure;
	bool reconfigure_on_change;
	int routes;                         /* enum dhcp6_routes */
	struct dhcp6_known_server *servers; /* others than these are rogue */
	size_t n_servers;
	const struct cfg_node *node;
};

struct dhcp6_iaid {
	bool set;
	uint32_t value;
};

/* An item of `hosts:` of a network, by dhcp6_host_schema: all that it names must be seen. */
struct dhcp6_host {
	const char *name;
	struct cfg_mac mac;
	struct duid duid; /* len 0: any */
	struct dhcp6_iaid iaid;
	const char *interface;               /* NULL: any */
	struct dhcp6_relay_id interface_id;  /* of relays; bytes NULL: any */
	struct dhcp6_remote_id remote_id;    /* likewise */
	struct dhcp6_relay_id subscriber_id; /* likewise */
	struct in6_addr *addresses;          /* in a configuration also such as ip6_is_relative() */
	size_t n_addresses;
	struct ip6_prefix *delegate;
	size_t n_delegate;
	struct dhcp6_options options; /* stand before those of the network */
	struct ra_host_conf ra;       /* what it is told in Router Advertisements */
	const struct cfg_node *node;
};

/* A prefix that is on the link. */
struct dhcp6_prefix {
	struct ip6_prefix prefix;
	uint32_t preferred, valid; /* seconds; 0: not given */
	/* It ends: no lease of it lasts longer (RFC 9096 section 3.3). */
	bool decrementing;
	mtime preferred_end, valid_end;
};

struct dhcp6_network {
	const char *name; /* names the leases: the same as long as they should stay */
	bool serve;       /* answers DHCPv6 at all */
	bool stateful;    /* leases addresses and prefixes */
	bool pools_given; /* it leases of its pools only, if any; else each prefix is a pool */
	const struct dhcp6_prefix *prefixes;
	size_t n_prefixes;
	bool learns; /* in a configuration: prefixes of interfaces are to come on top of these */
	/* Were on the link and are gone: leases in them are taken back (RFC 9096 section 3.5). */
	const struct ip6_prefix *former;
	size_t n_former;
	/* Likewise, what prefixes were delegated of. */
	const struct ip6_prefix *former_sources;
	size_t n_former_sources;
	/* On links, and so never delegated where a delegation has it (RFC 9762 section 4). */
	const struct ip6_prefix *taken;
	size_t n_taken;
	struct dhcp6_net dhcp6;
	struct dhcp6_host *hosts;
	size_t n_hosts;
	const struct dhcp6_class
		*classes; /* of the network, which stand before those of the server */
	size_t n_classes;
	const struct dhcp6_class *wide_classes;
	size_t n_wide_classes;
	const char *netns; /* the namespace that its links and relays are in; NULL: our own */
	const struct dhcp6_relay_conf *relays; /* it is served to no others */
	size_t n_relays;
};

/* Bounds on what clients can make the server keep; 0 stands for the default. */
struct dhcp6_limits {
	uint32_t leases_per_client;   /* addresses and prefixes, 16 */
	uint32_t prefixes_per_client; /* of those, delegated prefixes, 8 */
	/* A link is an interface or a relay, a port an interface of a relay. */
	uint32_t leases_per_link;        /* 2000000 */
	uint32_t leases_per_port;        /* 65536 */
	uint32_t registrations;          /* addresses that hosts made themselves, 65536 */
	uint32_t registrations_per_link; /* of those, 16384 */
	uint32_t registrations_per_port; /* of those, 4096 */
	uint32_t leaseless;              /* clients without leases that have a key, 4096 */
	uint32_t offers;                 /* unanswered offers kept, 4096 */
	uint32_t offers_per_link;        /* of those, 1024 */
	uint32_t offer_time;             /* seconds, 60 */
	uint32_t messages_per_client;    /* a second, 50 */
	/* Messages a second of clients without a lease: */
	uint32_t messages_per_mac;   /* 20000 */
	uint32_t messages_per_port;  /* 50000 */
	uint32_t messages_per_link;  /* 200000 */
	uint32_t messages;           /* 500000 */
	uint32_t declines_per_hour;  /* of a client, 8 */
	uint32_t declines_per_link;  /* at a time, 1024 */
	uint32_t quarantine_share;   /* percent of a network's pools, 10 */
	uint32_t decline_quarantine; /* seconds, one day */
	uint32_t remember;           /* seconds that what ended is kept for its client, one day */
	const struct cfg_node *node;
};

struct dhcp6_conf {
	struct duid server_duid;
	const struct dhcp6_network *networks;
	size_t n_networks;
	struct dhcp6_limits limits;
	struct dhcp6_options options;      /* for all networks, where they say nothing else */
	const struct dhcp6_class *classes; /* for all networks, as in struct dhcp6_network */
	size_t n_classes;
	struct dhcp6_relays relays;
};

/* The configuration engine's tables, in libsextant-conf. */
extern const struct cfg_schema dhcp6_net_schema;
extern const struct cfg_schema dhcp6_host_schema;
extern const struct cfg_schema dhcp6_limits_schema;

/* With the defaults in place of zeros. */
struct dhcp6_limits dhcp6_limits_complete(const struct dhcp6_limits *given);

/*
 * Fills in what follows from the rest once name, stateful, prefixes, dhcp6 and hosts are set: each
 * prefix as a pool where a stateful network has neither pools nor delegations, lifetimes of pools
 * and delegations, the on-link prefix of pools.
 */
void dhcp6_network_complete(struct dhcp6_network *net, struct arena *arena);

/* The prefix on the link that has the address; NULL if there is none. */
const struct dhcp6_prefix *dhcp6_network_prefix_of(const struct dhcp6_network *net,
						   const struct in6_addr *addr);

/*
 * Whether all routers of the link answer to its first address (RFC 4291 section 2.6.1); not where
 * it is a /127 or longer (RFC 6164).
 */
bool dhcp6_prefix_has_anycast(const struct dhcp6_prefix *prefix);

/* Whether an address, or a delegated prefix, is of a prefix that is gone. */
bool dhcp6_network_is_former(const struct dhcp6_network *net, enum lease_kind kind,
			     const struct in6_addr *addr);

/* Shortens the lifetimes of a lease to what is left of the prefix that it is of. */
void dhcp6_network_cap(const struct dhcp6_network *net, enum lease_kind kind,
		       const struct in6_addr *addr, mtime now, uint32_t *preferred,
		       uint32_t *valid);

/* What needs two values of a completed network; errors and warnings go to cfg. */
void dhcp6_conf_check(struct cfg *cfg, const struct dhcp6_network *net);

/* The same of one that is not completed, for what is relative to prefixes of interfaces. */
void dhcp6_conf_check_relative(struct cfg *cfg, const struct dhcp6_network *net);

/* Whether the range has no prefix: it is in each of those that come from interfaces. */
bool dhcp6_pool_is_relative(const struct dhcp6_pool *pool);

#endif

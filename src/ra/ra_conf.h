/* SPDX-License-Identifier: ISC */
/*
 * What is configured about Router Advertisements: the `ra:` of a network and its `prefixes:`.
 * Plain data that lives as long as its configuration; immutable once checked.
 *
 * Durations are in seconds unless a member says milliseconds; LIFETIME_INFINITE where the
 * protocol has it. Limits are those of standards.md V1 to V15.
 */
#ifndef SEXTANT_RA_RA_CONF_H
#define SEXTANT_RA_RA_CONF_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ip6.h"
#include "base/mtime.h"
#include "wire/dns_name.h"

struct cfg;
struct cfg_node;
struct cfg_schema;

/* The two bits on the wire (RFC 4191 section 2.1). */
enum ra_preference {
	RA_PREFERENCE_MEDIUM = 0,
	RA_PREFERENCE_HIGH = 1,
	RA_PREFERENCE_LOW = 3,
};

/* A prefix of a network, for Prefix Information options (RFC 4861 section 4.6.2). */
struct ra_prefix {
	struct cfg_node *node;
	struct ip6_prefix prefix; /* not with from_interface, unless delegated: what follows it */
	bool on_link;             /* L */
	bool autonomous;          /* A */
	bool pd_preferred;        /* P (RFC 9762) */
	bool hidden;              /* has no Prefix Information option */
	/* 0: it is on the link. Else it is not, and DHCPv6 delegates of it by its item of this
	 * number, counted from 1. */
	uint32_t delegation;
	uint32_t preferred; /* s, at most `valid` */
	uint32_t valid;     /* s */
	/* The lifetimes count down to these ends (V13), but what is told is never more than above.
	 */
	bool decrementing;
	mtime preferred_end;
	mtime valid_end;
	/* In a configuration: stands for prefixes that an interface has, see ra_ledger.h. */
	const char *from_interface; /* a name, or "self"; NULL: `prefix` is given */
	uint8_t length;             /* of the prefixes, bits */
	bool has_subnet;
	uint32_t subnet; /* which of that length in the prefix of the interface */
};

/* What is told of the lifetimes of a prefix at `now`, s. */
struct ra_lifetimes {
	uint32_t preferred;
	uint32_t valid;
};
struct ra_lifetimes ra_prefix_lifetimes(const struct ra_prefix *prefix, mtime now);

struct ra_interval {
	struct cfg_node *node;
	uint32_t min; /* s, 3 to 0.75 * max */
	uint32_t max; /* s, 4 to 65535 (RFC 8319 section 4) */
};

/* A more specific route (RFC 4191 section 2.3). */
struct ra_route {
	struct cfg_node *node;
	struct ip6_prefix prefix;
	int preference;    /* enum ra_preference */
	uint32_t lifetime; /* s */
};

/* A NAT64 prefix (RFC 8781). */
struct ra_pref64 {
	struct cfg_node *node;
	struct ip6_prefix prefix; /* of 96, 64, 56, 48, 40 or 32 bits */
	uint32_t lifetime;        /* s, up to 65528; sent in units of 8 s, rounded up */
};

/* Octets of somebody else's. */
struct ra_octets {
	const uint8_t *bytes;
	size_t len;
};

/* An encrypted resolver (RFC 9463). */
struct ra_resolver {
	struct cfg_node *node;
	uint16_t priority; /* 1 to 65535, lower is preferred */
	uint32_t lifetime; /* s */
	struct dns_name name;
	struct in6_addr *addresses; /* none: only the name is told */
	size_t n_addresses;
	struct ra_octets service; /* SvcParams as on the wire (RFC 9460 section 2.2) */
};

/* An option that the table does not know: sent as it is. */
struct ra_raw {
	struct cfg_node *node;
	uint8_t type;
	struct ra_octets body; /* what follows type and length; padded with zeros when sent */
};

/* What lifetimes and intervals are made for. */
enum ra_profile {
	RA_PROFILE_NONE,
	RA_PROFILE_CE,            /* a customer's edge router (RFC 9096 section 3) */
	RA_PROFILE_BATTERY,       /* hosts that sleep (RFC 7772 section 4) */
	RA_PROFILE_UNIQUE_PREFIX, /* each host has a prefix of its own (RFC 8273 section 5) */
};

/* To whom unsolicited advertisements, and answers to those who have no address, go. */
enum ra_multicast {
	RA_MULTICAST_ON,
	RA_MULTICAST_OFF,     /* to each host that solicited, by unicast */
	RA_MULTICAST_PRIVATE, /* to all, by what is for the host that solicited last: it is alone */
};

enum { RA_EXPANDED_FLAGS = 6 }; /* octets (RFC 5175 section 4) */

struct ra_conf {
	struct cfg_node *node;
	int profile;   /* enum ra_profile */
	int multicast; /* enum ra_multicast */
	bool enabled;  /* AdvSendAdvertisements; off unless asked for (V1); key `advertise` */
	bool managed;  /* M */
	bool other;    /* O */
	struct ra_interval interval;
	/* ms, up to MAX_RA_DELAY_TIME (RFC 4861 section 10) */
	uint32_t solicited_delay;
	uint32_t lifetime;       /* router lifetime, s: 0, or interval.max to 65535 */
	int preference;          /* enum ra_preference */
	uint8_t hop_limit;       /* 0: unspecified */
	uint32_t reachable_time; /* ms; 0: unspecified */
	uint32_t retrans_time;   /* ms; 0: unspecified */
	uint32_t mtu;            /* octets; 0: no MTU option */
	struct in6_addr source;  /* the link-local address to send from; :: the interface's */
	bool routers_given;      /* others than these are rogue */
	struct in6_addr *routers;
	size_t n_routers;
	bool source_link_layer; /* send the Source Link-Layer Address option */
	bool interval_option;   /* send the Advertisement Interval option (RFC 6275) */
	struct in6_addr *dns;
	size_t n_dns;
	uint32_t dns_lifetime; /* s */
	struct dns_name *search;
	size_t n_search;
	uint32_t search_lifetime; /* s */
	struct ra_route *routes;
	size_t n_routes;
	struct ra_pref64 *pref64;
	size_t n_pref64;
	struct ra_resolver *resolvers; /* key `encrypted-dns` */
	size_t n_resolvers;
	const char *captive_portal;      /* URI or NULL */
	struct ra_octets expanded_flags; /* up to RA_EXPANDED_FLAGS */
	struct ra_raw *options;
	size_t n_options;
};

/* What differs for some hosts: the `ra:` of an item of `hosts:` or `classes:`. */
struct ra_host_conf {
	struct cfg_node *node;
	uint32_t lifetime;
	int preference;
	uint32_t mtu;
	struct ra_prefix *prefixes;
	size_t n_prefixes;
	struct ra_route *routes;
	size_t n_routes;
};
extern const struct cfg_schema ra_host_schema;

/* What the host is told: `net`, which is finished, with what is written for the host. */
struct ra_conf ra_host_finish(const struct ra_conf *net, struct ra_host_conf *host);
void ra_host_check(struct cfg *cfg, const struct ra_conf *merged, const struct ra_host_conf *host);

/* The rows of `ra:` and of an item of `prefixes:`. */
extern const struct cfg_schema ra_conf_schema;
extern const struct cfg_schema ra_prefix_schema;

/*
 * Gives what is not written in the file the value that follows from others: the interval from the
 * shortest lifetime, the router lifetime and those of options from the interval, one lifetime of
 * a prefix from the other. Call it after what presets change and before ra_conf_check().
 */
void ra_conf_finish(struct ra_conf *conf, struct ra_prefix *prefixes, size_t n_prefixes);

/* Reports what needs two values, or knowledge of the protocol, to be found wrong. */
void ra_conf_check(struct cfg *cfg, const struct ra_conf *conf, const struct ra_prefix *prefixes,
		   size_t n_prefixes);

#endif

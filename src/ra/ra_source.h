/* SPDX-License-Identifier: ISC */
/*
 * What a Router Advertisement is made of: what is configured, and what is known of the link.
 */
#ifndef SEXTANT_RA_RA_SOURCE_H
#define SEXTANT_RA_RA_SOURCE_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/mtime.h"
#include "ra/ra_conf.h"

/* What one host, or those of a class, are told rather than others. */
struct ra_host {
	uint8_t mac[6];
	size_t mac_len;        /* octets of it that count; 0: any */
	const char *interface; /* the link it is on; NULL: any */
	struct ra_conf conf;
	bool has_prefixes; /* otherwise those of all */
	const struct ra_prefix *prefixes;
	size_t n_prefixes;
};

/* What to advertise on a link. Borrowed from a configuration. */
struct ra_plan {
	const char *net;            /* name of the network, for log lines */
	const struct ra_conf *conf; /* NULL: nothing, as if not enabled */
	const struct ra_prefix *prefixes;
	size_t n_prefixes;
	const struct in6_addr
		*dns; /* rather than those of conf, where they follow prefixes; or NULL */
	size_t n_dns;
	const struct ra_host *hosts; /* the first that fits counts */
	size_t n_hosts;
	/* Those of the network, where a host has others; n 0: `prefixes`. */
	const struct ra_prefix *net_prefixes;
	size_t n_net_prefixes;
};

enum { RA_LINK_LOCALS = 4 };

/* What the kernel says of a link. */
struct ra_facts {
	bool up;              /* administratively up, with carrier */
	bool have_link_local; /* and it is neither tentative nor a duplicate */
	bool link_local_gone; /* of a former one that is to be ended: not on the link any longer */
	struct in6_addr link_local;
	uint8_t mac[6];
	size_t mac_len;   /* 0: the link has no link-layer addresses */
	uint32_t mtu;     /* octets */
	uint32_t ip6_mtu; /* of IPv6 packets that are sent, octets; 0: not known to be less */
	bool forwarding;
	/* All usable ones, of which one may be configured to be sent from. */
	struct in6_addr link_locals[RA_LINK_LOCALS];
	size_t n_link_locals;
};

/* Whether it is one of the usable ones. */
bool ra_facts_have(const struct ra_facts *facts, const struct in6_addr *addr);

/* An option that is gone, still announced with lifetime 0: its bytes (see ra_withdrawn.h). */
struct ra_withdrawn;

struct ra_source {
	const struct ra_plan *plan; /* conf not NULL */
	const struct ra_facts *facts;
	const struct ra_withdrawn *withdrawn;
	mtime now;
	bool steady; /* for comparing: lifetimes that count down only last, or do not */
	bool final;  /* we cease to be a router here: router and route lifetimes are 0 */
};

#endif

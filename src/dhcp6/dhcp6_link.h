/* SPDX-License-Identifier: ISC */
/*
 * A network while it is served: its pools, its index of hosts, its encoded options, and what is
 * appropriate for its link.
 */
#ifndef SEXTANT_DHCP6_DHCP6_LINK_H
#define SEXTANT_DHCP6_DHCP6_LINK_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dhcp6/dhcp6_conf.h"
#include "dhcp6/dhcp6_host.h"
#include "dhcp6/dhcp6_option.h"
#include "lease/lease.h"

struct dhcp6_source {
	struct lease_pool *pool;
	const char *policy;        /* its name, for the log */
	bool is_default;           /* for clients that ask for no length of their own */
	uint32_t preferred, valid; /* seconds */
	uint64_t classes;          /* for clients of one of these; 0: for all */
};

enum { DHCP6_KINDS = LEASE_PD + 1 };

/* An address of the router itself, which several of its interfaces can have. */
struct dhcp6_own {
	struct in6_addr addr;
	uint32_t times;
};

struct dhcp6_link {
	const struct dhcp6_network *conf;
	uint32_t network; /* lease_network() */
	struct {
		struct dhcp6_source *list; /* in the order configured */
		size_t n;
	} sources[DHCP6_KINDS]; /* by enum lease_kind; none unless stateful */
	struct dhcp6_hosts *hosts;
	struct dhcp6_optset *options;        /* of the network */
	struct dhcp6_optset **host_options;  /* of each host; NULL where it has none of its own */
	struct dhcp6_optset **class_options; /* of each class of the network, likewise */
	struct dhcp6_own *own;               /* the router's addresses, sorted */
	size_t n_own, room_own;
};

void dhcp6_link_init(struct dhcp6_link *link, const struct dhcp6_network *conf,
		     struct lease_table *table, const struct siphash_key *key);
void dhcp6_link_fini(struct dhcp6_link *link);

/* Begins anew with another configuration, but for the router's own addresses. */
void dhcp6_link_replace(struct dhcp6_link *link, const struct dhcp6_network *conf,
			struct lease_table *table, const struct siphash_key *key);

/* One more interface of the router has this address, or one fewer. */
void dhcp6_link_own_add(struct dhcp6_link *link, const struct in6_addr *addr);
void dhcp6_link_own_remove(struct dhcp6_link *link, struct lease_table *table,
			   const struct in6_addr *addr);
bool dhcp6_link_is_own(const struct dhcp6_link *link, const struct in6_addr *addr);

/* The pool that the address or prefix is one of and that may give it out; NULL if there is none. */
const struct dhcp6_source *dhcp6_link_source(const struct dhcp6_link *link, enum lease_kind kind,
					     const struct in6_addr *addr, uint8_t plen);

/* Whether it is appropriate for the link; `host` (may be NULL) is the client's reservation. */
bool dhcp6_link_fits(const struct dhcp6_link *link, const struct dhcp6_host *host,
		     enum lease_kind kind, const struct in6_addr *addr, uint8_t plen);

/* The lifetimes that a lease of it is given, seconds. */
void dhcp6_link_lifetimes(const struct dhcp6_link *link, enum lease_kind kind,
			  const struct in6_addr *addr, uint8_t plen, uint32_t *ret_preferred,
			  uint32_t *ret_valid);

/* The classes that the client is of, a bit each: those of the network, then of the server. */
uint64_t dhcp6_link_classes(const struct dhcp6_link *link, const struct dhcp6_class_facts *facts);

/* The class of a bit's number. */
const struct dhcp6_class *dhcp6_link_class(const struct dhcp6_link *link, size_t i);

/* The host's own options; NULL when it, or the host, is NULL. */
const struct dhcp6_optset *dhcp6_link_host_options(const struct dhcp6_link *link,
						   const struct dhcp6_host *host);

#endif

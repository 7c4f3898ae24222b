/* SPDX-License-Identifier: ISC */
/*
 * Routes as they are set in the kernel's main table: what is exchanged between who decides on them
 * and who speaks netlink.
 */
#ifndef SEXTANT_BASE_IP6_ROUTE_H
#define SEXTANT_BASE_IP6_ROUTE_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/ip6.h"

/* Where packets go. */
struct ip6_hop {
	struct in6_addr via;  /* a link-local address */
	unsigned int ifindex; /* 0: nowhere now */
	bool unreachable;     /* back to the sender; the others are zero */
};

/* Of several to one prefix, the one with the lowest metric is used. */
struct ip6_route {
	struct ip6_prefix to;
	uint32_t metric;
	struct ip6_hop hop;
};

enum ip6_route_do {
	IP6_ROUTE_ADD,     /* only where there is none to this prefix with this metric */
	IP6_ROUTE_REPLACE, /* in the place of the one there is */
	IP6_ROUTE_REMOVE,  /* exactly this one */
};

struct ip6_route_op {
	enum ip6_route_do what;
	uint32_t id; /* for whoever asked */
	struct ip6_route route;
};

#endif

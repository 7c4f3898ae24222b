/* SPDX-License-Identifier: ISC */
/*
 * Routes as rtnetlink messages (rtnetlink(7)). Only routes of our own protocol number in the main
 * table are written and read.
 */
#ifndef SEXTANT_NET_NET_ROUTE_MSG_H
#define SEXTANT_NET_NET_ROUTE_MSG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ip6_route.h"

/* What `ip route` shows as proto: whose a route is. Of those that no program has in rt_protos. */
enum { NET_ROUTE_PROTOCOL = 83 };

/* Octets that any request takes. */
enum { NET_ROUTE_MSG_MAX = 128 };

/* Writes a request with this sequence number; its length, a multiple of 4. */
size_t net_route_msg_put(uint8_t buf[NET_ROUTE_MSG_MAX], const struct ip6_route_op *op,
			 uint32_t seq);

/* Likewise, for a listing of all our routes. */
size_t net_route_msg_list(uint8_t buf[NET_ROUTE_MSG_MAX], uint32_t seq);

/* Reads what follows the header of an RTM_NEWROUTE or RTM_DELROUTE. False: it is none of ours. */
bool net_route_msg_get(const uint8_t *body, size_t len, struct ip6_route *ret);

#endif

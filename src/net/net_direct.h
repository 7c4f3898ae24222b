/* SPDX-License-Identifier: ISC */
/*
 * Packets in frames of our own: answers to the link-layer address that the question came from, and
 * what is for groups. For when the sockets take none.
 */
#ifndef SEXTANT_NET_NET_DIRECT_H
#define SEXTANT_NET_NET_DIRECT_H

#include <stdbool.h>

#include "net/net_frames.h"
#include "net/net_ns.h"

/*
 * Sends a packet, whose src and ifindex are given, and counts it: to a group, or a datagram of
 * NET_UDP to where out->dst was last heard on that interface. False: nothing was heard from there
 * lately, the kernel does not take it, it is larger than the interface's MTU, or frames is NULL.
 * The status is left as it is.
 */
bool net_direct_send(struct net_ns *ns, const struct net_frames *frames, const struct net_out *out);

#endif

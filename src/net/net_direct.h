/* SPDX-License-Identifier: ISC */
/*
 * Answers in frames of our own, to the link-layer address that the question came from: for when the
 * UDP socket takes none.
 */
#ifndef SEXTANT_NET_NET_DIRECT_H
#define SEXTANT_NET_NET_DIRECT_H

#include <stdbool.h>

#include "net/net_frames.h"
#include "net/net_ns.h"

/*
 * Sends a datagram of NET_UDP, whose src and ifindex are given, to where out->dst was last heard on
 * that interface, and counts it. False: nothing was heard from there lately, the kernel does not
 * take it, it is larger than the interface's MTU, or frames is NULL. The status is left as it is.
 */
bool net_direct_send(struct net_ns *ns, const struct net_frames *frames, const struct net_out *out);

#endif

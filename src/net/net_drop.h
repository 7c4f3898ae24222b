/* SPDX-License-Identifier: ISC */
/*
 * Why a datagram is lost between the kernel and the protocols: each reason has a name and, for each
 * socket, a counter.
 */
#ifndef SEXTANT_NET_NET_DROP_H
#define SEXTANT_NET_NET_DROP_H

#include "base/drop.h"

enum net_drop {
	NET_DROP_TRUNCATED,       /* larger than an IPv6 packet, or its control data was cut */
	NET_DROP_NO_INTERFACE,    /* the kernel did not say where it came in */
	NET_DROP_FRAGMENTED,      /* ICMPv6 with a fragment header (RFC 6980 section 5) */
	NET_DROP_OVERFLOW,        /* by the kernel: the socket's receive buffer was full */
	NET_DROP_OTHER_INTERFACE, /* it came by an interface of no network */
	NET_DROP_SEND_FAILED,     /* it could not be sent, and trying again would not help */
	NET_DROPS
};

const struct drop_reason *net_drop_reason(enum net_drop drop);

#endif

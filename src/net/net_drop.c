/* SPDX-License-Identifier: ISC */
/*
 * The reasons for which sockets lose datagrams: their names, and what the manual says of each.
 */
#include "config.h"

#include "net/net_drop.h"

static const struct drop_reason reasons[NET_DROPS] = {
	/* clang-format off */
	[NET_DROP_TRUNCATED] = {"truncated",
		"It is larger than an IPv6 packet can be, or the kernel cut what it says of it."},
	[NET_DROP_NO_INTERFACE] = {"no-interface",
		"The kernel did not say by which interface it came."},
	[NET_DROP_FRAGMENTED] = {"fragmented",
		"A message of Router Discovery came in fragments (RFC 6980 section 5)."},
	[NET_DROP_OVERFLOW] = {"overflow",
		"The kernel dropped it, because datagrams came faster than they were read, or a "
		"link that floods is held back."},
	[NET_DROP_OTHER_INTERFACE] = {"other-interface",
		"It came by an interface that is of no network."},
	[NET_DROP_SEND_FAILED] = {"send-failed",
		"It could not be sent, and trying again would not help: a firewall or a route "
		"forbids it, or the interface went."},
	/* clang-format on */
};

const struct drop_reason *net_drop_reason(enum net_drop drop)
{
	return &reasons[drop];
}

/* SPDX-License-Identifier: ISC */
/*
 * The other DHCPv6 servers of our links: what was seen of each, within bounds that nobody on a link
 * can move. Nothing is sent against them (standards.md Z10).
 */
#ifndef SEXTANT_DHCP6_DHCP6_OTHERS_H
#define SEXTANT_DHCP6_DHCP6_OTHERS_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fx.h"
#include "base/mtime.h"
#include "dhcp6/dhcp6_link.h"
#include "dhcp6/dhcp6_packet.h"
#include "duid/duid.h"

enum { DHCP6_OTHERS_MAX = 64 }; /* of all networks; past it, the one silent for longest goes */

struct dhcp6_other {
	uint32_t network;     /* lease_network() */
	struct in6_addr addr; /* its last; ::, if only clients spoke of it */
	struct duid duid;     /* len 0: never seen */
	mtime seen;           /* last */
	uint64_t answers;     /* its messages */
	uint64_t asked;       /* messages of clients to it */
	bool rogue;           /* it is not one that the network lists */
};

struct dhcp6_others {
	size_t n;
	struct dhcp6_other list[DHCP6_OTHERS_MAX];
};

/*
 * Each of these counts what it is given. *others is made when it is NULL; the caller frees it with
 * free(). A server that the link's network does not list is logged as `rogue-server` when it is
 * new, or was silent for a day.
 */

/*
 * A packet that a server may have sent; it may be cut at its end. Another message, our own (`own`
 * is our DUID) and one on a link where we do not serve are passed over.
 */
void dhcp6_others_hear(struct dhcp6_others **others, const struct dhcp6_link *link,
		       const struct dhcp6_packet *packet, const struct duid *own, mtime now,
		       struct fx *fx);

/* A client's message which is for another server. */
void dhcp6_others_named(struct dhcp6_others **others, const struct dhcp6_link *link,
			const struct dhcp6_packet *packet, const struct duid *server, mtime now,
			struct fx *fx);

#endif

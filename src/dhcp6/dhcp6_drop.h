/* SPDX-License-Identifier: ISC */
/*
 * Why a message got no answer: each reason has a name and a counter.
 */
#ifndef SEXTANT_DHCP6_DHCP6_DROP_H
#define SEXTANT_DHCP6_DHCP6_DROP_H

#include "base/drop.h"

enum dhcp6_drop {
	DHCP6_DROP_NONE,            /* it got one */
	DHCP6_DROP_MALFORMED,       /* lengths that contradict each other (RFC 8415 21.1) */
	DHCP6_DROP_TOO_MANY,        /* more IAs or leases in them than a message may have here */
	DHCP6_DROP_DUPLICATE_IA,    /* one IAID twice (21.4) */
	DHCP6_DROP_BAD_DUID,        /* a DUID of impossible length (11.1) */
	DHCP6_DROP_UNKNOWN_TYPE,    /* a message type that is none (16) */
	DHCP6_DROP_NOT_FOR_SERVERS, /* a message type that only clients or relays take (16) */
	DHCP6_DROP_UNICAST,         /* a client's message to a unicast address (RFC 9915 16) */
	DHCP6_DROP_NOT_LINK_LOCAL,  /* its source is no link-local address */
	DHCP6_DROP_NO_NETWORK,      /* the link belongs to no network */
	DHCP6_DROP_NOT_SERVED,      /* the network has no DHCPv6 */
	DHCP6_DROP_NO_CLIENT_ID,
	DHCP6_DROP_NO_SERVER_ID,
	DHCP6_DROP_OTHER_SERVER,   /* for a server with another DUID */
	DHCP6_DROP_WITH_SERVER_ID, /* a server identifier where none may be */
	DHCP6_DROP_WITH_IA,        /* an IA in an Information-request (16.12) */
	DHCP6_DROP_NO_ADDRESSES,   /* a Confirm without any (18.3.3) */
	DHCP6_DROP_NOT_STATEFUL,   /* asks for leases where only options are given */
	DHCP6_DROP_NOTHING_TO_SAY, /* a Rebind about leases of others (18.3.5) */
	DHCP6_DROP_RELAY_UNKNOWN,  /* from a relay that is not configured (22.2) */
	DHCP6_DROP_RELAY_NETWORK,  /* from a relay for a link that is not configured (13.1) */
	DHCP6_DROP_RELAY_MESSAGE,  /* a Relay-forward without a message, or with two (9.1) */
	DHCP6_DROP_RELAY_DEPTH,    /* more relays, or a higher hop count, than may be (19.1.2) */
	DHCP6_DROP_REG_FORM, /* a registration without an address, or that asks (RFC 9686 4.2.1) */
	DHCP6_DROP_REG_SOURCE,  /* not sent from the address that is registered */
	DHCP6_DROP_REG_PREFIX,  /* of an address that cannot be on the link */
	DHCP6_DROP_REG_LEASED,  /* of an address that is leased or reserved */
	DHCP6_DROP_REG_LIMIT,   /* more than may be registered */
	DHCP6_DROP_DUID_CLONES, /* the DUID is that of too many clients already */
	DHCP6_DROP_STORE_BUSY,  /* the store has all it can take */
	DHCP6_DROP_RATE_LIMIT,  /* more messages than are taken from its sender or link */
	DHCP6_DROP_NO_ROOM,     /* the answer did not fit */
	DHCP6_DROPS
};

const struct drop_reason *dhcp6_drop_reason(enum dhcp6_drop drop);
const char *dhcp6_drop_name(enum dhcp6_drop drop); /* "no-client-id" */

#endif

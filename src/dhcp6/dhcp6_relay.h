/* SPDX-License-Identifier: ISC */
/*
 * Relays: what a message says of the way it took from the client to the server.
 */
#ifndef SEXTANT_DHCP6_DHCP6_RELAY_H
#define SEXTANT_DHCP6_DHCP6_RELAY_H

#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>

/* Octets of a relay's option, in the packet; NULL: it was not sent. */
struct dhcp6_relay_id {
	const uint8_t *bytes;
	size_t len;
};

/*
 * The way of a relayed message, for whoever decides by it: only from relays that are configured
 * (RFC 8415 section 22.2). Borrowed from the packet. Each identifier is that of the relay nearest
 * the client that sent one; they are opaque and compared octet for octet.
 */
struct dhcp6_relay_path {
	struct in6_addr source; /* of the relay that sent the message here */
	struct in6_addr link;   /* link-address nearest the client that is not ::; else :: */
	struct in6_addr peer;   /* whom the relay nearest the client had it from */
	struct dhcp6_relay_id interface_id;  /* option 18 */
	struct dhcp6_relay_id remote_id;     /* option 37 (RFC 4649), after the number */
	uint32_t remote_enterprise;          /* of remote_id */
	struct dhcp6_relay_id subscriber_id; /* option 38 (RFC 4580) */
	struct dhcp6_relay_id relay_id;      /* option 53 (RFC 5460): a DUID */
};

#endif

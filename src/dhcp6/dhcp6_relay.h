/* SPDX-License-Identifier: ISC */
/*
 * Relays: what a message says of the way it took from the client to the server.
 */
#ifndef SEXTANT_DHCP6_DHCP6_RELAY_H
#define SEXTANT_DHCP6_DHCP6_RELAY_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dhcp6/dhcp6_drop.h"
#include "dhcp6/dhcp6_msg.h"
#include "dhcp6/dhcp6_relay_conf.h"
#include "wire/wire.h"

/* Relays on the way of one message: hop counts 0 to 8 (RFC 8415 section 7.6). */
enum { DHCP6_RELAY_LEVELS = 9 };

/*
 * The way of a relayed message, for whoever decides by it: only from relays that are configured
 * (RFC 8415 section 22.2). Borrowed from the packet. Each identifier is that of the relay nearest
 * the client that sent one; they are opaque and compared octet for octet.
 */
struct dhcp6_relay_path {
	struct in6_addr source; /* of the relay that sent the message here */
	struct in6_addr link;   /* link-address nearest the client that is not ::; else :: */
	struct in6_addr relay;  /* address of the relay that said `link`; else the source */
	struct in6_addr peer;   /* whom the relay nearest the client had it from */
	struct dhcp6_relay_id interface_id;  /* option 18 */
	struct dhcp6_relay_id remote_id;     /* option 37 (RFC 4649), after the number */
	uint32_t remote_enterprise;          /* of remote_id */
	struct dhcp6_relay_id subscriber_id; /* option 38 (RFC 4580) */
	struct dhcp6_relay_id relay_id;      /* option 53 (RFC 5460): a DUID */
	/* Relays in switches only (RFC 6221): the client is where the message came in. */
	bool is_on_link;
};

/* One Relay-forward. Contents of options are NULL where the option was not sent. */
struct dhcp6_relay_level {
	uint8_t hops;
	struct in6_addr link, peer;
	struct dhcp6_relay_id options;       /* all of them, with their codes and lengths */
	struct dhcp6_relay_id message;       /* 9 */
	struct dhcp6_relay_id interface_id;  /* 18 */
	struct dhcp6_relay_id remote_id;     /* 37, with the enterprise number */
	struct dhcp6_relay_id subscriber_id; /* 38 */
	struct dhcp6_relay_id echo;          /* 43, Relay Agent Echo Request */
	struct dhcp6_relay_id relay_id;      /* 53 */
	struct dhcp6_relay_id supplied;      /* 66, Relay-Supplied Options */
	struct dhcp6_relay_id client_mac;    /* 79, with the hardware type */
	struct dhcp6_relay_id source_port;   /* 135 */
};

/* A Relay-forward with those inside it, around a client's message. Borrows from the packet. */
struct dhcp6_relay_chain {
	struct dhcp6_relay_level levels[DHCP6_RELAY_LEVELS]; /* the one that came here first */
	size_t n;
	const uint8_t *message; /* the client's */
	size_t message_len;
	size_t message_at; /* its offset in the packet */
	struct dhcp6_relay_path path;
	bool has_mac; /* whether the relay nearest the client says its link-layer address */
	uint8_t mac[6];
};

/*
 * Decodes data that begins with the type of a Relay-forward. DHCP6_DROP_NONE, or what is wrong with
 * it and the offset where.
 */
enum dhcp6_drop dhcp6_relay_decode(const void *data, size_t len, const struct in6_addr *source,
				   struct dhcp6_relay_chain *ret_chain, size_t *ret_offset);

/* The lengths that dhcp6_relay_close() fills in. */
struct dhcp6_relay_marks {
	size_t at[DHCP6_RELAY_LEVELS];
};

/*
 * Writes the Relay-replies for the chain, up to where the message to the client goes; and closes
 * them after it (RFC 8415 section 19.3). The writer is bad when it does not fit.
 */
struct dhcp6_relay_marks dhcp6_relay_open(const struct dhcp6_relay_chain *chain,
					  struct wire_writer *w);
void dhcp6_relay_close(const struct dhcp6_relay_chain *chain, const struct dhcp6_relay_marks *marks,
		       struct wire_writer *w);

/*
 * Adds what relays supply for the client (RFC 6422) to the answer that was written from offset
 * `start` on: options that are allowed, that the client asks for, and that are not in it yet.
 */
void dhcp6_relay_supply(const struct dhcp6_relay_chain *chain, const struct dhcp6_relays *conf,
			const struct dhcp6_msg *msg, size_t start, struct wire_writer *w);

#endif

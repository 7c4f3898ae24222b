/* SPDX-License-Identifier: ISC */
/*
 * How a message gets to a client unasked, as text that is kept with its leases:
 *
 *	[NETNS/]LINK ADDRESS PORT SOURCE [LEVEL[,LEVEL]...]
 *
 * A LEVEL is the beginning of a Relay-reply in hex, up to the length of its Relay Message option;
 * the one that goes out comes first.
 */
#ifndef SEXTANT_DHCP6_DHCP6_PATH_H
#define SEXTANT_DHCP6_DHCP6_PATH_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fx.h"
#include "dhcp6/dhcp6_packet.h"
#include "dhcp6/dhcp6_relay.h"
#include "lease/lease.h"
#include "wire/wire.h"

enum {
	DHCP6_PATH_NETNS_ROOM = 256, /* octets of a file's name with its NUL */
	DHCP6_PATH_LINK_ROOM = 16,   /* and of an interface's */
};

/*
 * Writes how the answer to a packet is sent, through the relays of the chain (n 0: none). False if
 * that cannot be kept: a name is missing or odd, or relays said too much of themselves.
 */
bool dhcp6_path_print(const struct dhcp6_packet *packet, const struct fx_send *how,
		      const struct dhcp6_relay_chain *chain, char text[LEASE_PATH_ROOM]);

struct dhcp6_path {
	char netns[DHCP6_PATH_NETNS_ROOM]; /* "": our own */
	char link[DHCP6_PATH_LINK_ROOM];
	struct in6_addr dst, src; /* src ::: any of ours */
	uint16_t port;
	const char *levels;             /* in the text; "": no relays */
	struct dhcp6_relay_marks marks; /* between open and close */
	size_t n;
};

/* Borrows the text. False if it is not a path; `levels` are looked at by dhcp6_path_open(). */
bool dhcp6_path_parse(const char *text, struct dhcp6_path *ret);

/*
 * Writes the Relay-replies up to where the message to the client goes, and closes them after it.
 * The writer is bad when they do not fit or are none.
 */
void dhcp6_path_open(struct dhcp6_path *path, struct wire_writer *w);
void dhcp6_path_close(const struct dhcp6_path *path, struct wire_writer *w);

#endif

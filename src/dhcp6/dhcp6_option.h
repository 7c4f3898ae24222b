/* SPDX-License-Identifier: ISC */
/*
 * The options that tell clients about the network, encoded once a configuration generation and
 * copied into answers.
 */
#ifndef SEXTANT_DHCP6_DHCP6_OPTION_H
#define SEXTANT_DHCP6_DHCP6_OPTION_H

#include <stdbool.h>
#include <stdint.h>

#include "dhcp6/dhcp6_msg.h"
#include "dhcp6/dhcp6_options.h"
#include "wire/wire.h"

struct dhcp6_optset;

/* The kinds of answers that an option may stand in. */
enum dhcp6_option_in {
	DHCP6_IN_ADVERTISE = 1,
	DHCP6_IN_REPLY = 2,       /* to anything but an Information-request */
	DHCP6_IN_INFORMATION = 4, /* a Reply to an Information-request */
};

/* Encodes what is configured; NULL when that is nothing. Borrows from the options. */
struct dhcp6_optset *dhcp6_optset_new(const struct dhcp6_options *options);
void dhcp6_optset_free(struct dhcp6_optset *set);

/* A hash of all that is in it; it may be NULL. */
uint64_t dhcp6_optset_hash(const struct dhcp6_optset *set, const struct siphash_key *key);

enum { DHCP6_LAYERS = 20 }; /* a host, classes, a network and the server */

/* The places that say options for a client, the narrowest first. */
struct dhcp6_layers {
	const struct dhcp6_optset *sets[DHCP6_LAYERS]; /* not NULL */
	size_t n;
	bool relayed; /* the client is not on a link of ours */
};

/* Adds a wider place, for which there must be room; NULL is none. */
void dhcp6_layers_add(struct dhcp6_layers *layers, const struct dhcp6_optset *set);

/*
 * Writes what the client asks for, of each option what the narrowest place says; then what is to
 * be sent unasked, as far as the writer stays below `limit` octets (RFC 8200 section 5). What does
 * not fit is left out whole.
 */
void dhcp6_layers_put(const struct dhcp6_layers *layers, const struct dhcp6_msg *msg,
		      enum dhcp6_option_in in, size_t limit, struct wire_writer *w);

/* The name of an option as the configuration calls it; NULL if it is none of the table. */
const char *dhcp6_option_name(uint16_t code);

/* The code of a name; 0 if it is none of the table. */
uint16_t dhcp6_option_code(const char *name);

/* Whether the code is one that the server itself gives a meaning: not for raw options. */
bool dhcp6_option_is_ours(uint16_t code);

/* Whether the option may be sent only to who asks for it (RFC 8415 sections 21.23 to 21.25). */
bool dhcp6_option_is_asked_only(uint16_t code);

/* The code of an option that is longer than an option can be; 0 if there is none. */
uint16_t dhcp6_options_too_long(const struct dhcp6_options *options);

/* The table, for documentation: the i-th row; NULL past the last. */
struct dhcp6_option_row;
const struct dhcp6_option_row *dhcp6_option_row(size_t i);

#endif

/* SPDX-License-Identifier: ISC */
/*
 * The options that tell clients about the network, encoded once a configuration generation and
 * copied into answers.
 */
#ifndef SEXTANT_DHCP6_DHCP6_OPTION_H
#define SEXTANT_DHCP6_DHCP6_OPTION_H

#include <stdbool.h>
#include <stdint.h>

#include "dhcp6/dhcp6_conf.h"
#include "dhcp6/dhcp6_msg.h"
#include "wire/wire.h"

struct dhcp6_optset;

/* The kinds of answers that an option may stand in. */
enum dhcp6_option_in {
	DHCP6_IN_ADVERTISE = 1,
	DHCP6_IN_REPLY = 2,       /* to anything but an Information-request */
	DHCP6_IN_INFORMATION = 4, /* a Reply to an Information-request */
};

/* Encodes what is configured; NULL when that is nothing. */
struct dhcp6_optset *dhcp6_optset_new(const struct dhcp6_options *options);
void dhcp6_optset_free(struct dhcp6_optset *set);

/*
 * Writes what the client asks for: from `first`, and from `then` what `first` does not have. Either
 * may be NULL. What does not fit is left out whole.
 */
void dhcp6_optset_put(const struct dhcp6_optset *first, const struct dhcp6_optset *then,
		      const struct dhcp6_msg *msg, enum dhcp6_option_in in, struct wire_writer *w);

/* The name of an option as the configuration calls it; NULL if it is none of the table. */
const char *dhcp6_option_name(uint16_t code);

/* Whether the code is one that the server itself gives a meaning: not for raw options. */
bool dhcp6_option_is_ours(uint16_t code);

#endif

/* SPDX-License-Identifier: ISC */
/*
 * What the clients of a network are told, in short: to see that it has changed.
 */
#ifndef SEXTANT_DHCP6_DHCP6_TOLD_H
#define SEXTANT_DHCP6_DHCP6_TOLD_H

#include <stdint.h>

#include "base/siphash.h"
#include "dhcp6/dhcp6_link.h"
#include "dhcp6/dhcp6_option.h"

struct dhcp6_told {
	uint32_t network; /* lease_network() */
	uint64_t what;    /* equal as long as prefixes, pools and options are */
};

/* `options` are those of the server. */
struct dhcp6_told dhcp6_told_of(const struct dhcp6_link *link, const struct dhcp6_optset *options,
				const struct siphash_key *key);

#endif

/* SPDX-License-Identifier: ISC */
/*
 * What the clients of networks are told, in short: to see that it has changed.
 */
#ifndef SEXTANT_DHCP6_DHCP6_TOLD_H
#define SEXTANT_DHCP6_DHCP6_TOLD_H

#include <stddef.h>
#include <stdint.h>

#include "base/siphash.h"
#include "dhcp6/dhcp6_link.h"
#include "dhcp6/dhcp6_option.h"

/* All zero is that of nobody told of anything. */
struct dhcp6_told {
	uint64_t *all; /* by lease_network(); owned; 0: nothing was told */
	size_t n, cap;
};

/*
 * Equal as long as prefixes, pools and options are, and never 0. `options` are those of the server.
 */
uint64_t dhcp6_told_hash(const struct dhcp6_link *link, const struct dhcp6_optset *options,
			 const struct siphash_key *key);

/* What clients of the network are told from now on; returns what they were told before. */
uint64_t dhcp6_told_set(struct dhcp6_told *told, uint32_t network, uint64_t what);

#endif

/* SPDX-License-Identifier: ISC */
/*
 * Where a message came from, as names for what is bounded by place: its interface or relay, and the
 * relay's interface.
 */
#ifndef SEXTANT_DHCP6_DHCP6_PORT_H
#define SEXTANT_DHCP6_DHCP6_PORT_H

#include <stdint.h>

#include "base/siphash.h"
#include "dhcp6/dhcp6_packet.h"
#include "dhcp6/dhcp6_relay.h"
#include "lease/lease.h"

/* By enum lease_port_level; 0: it is at none. */
struct dhcp6_port {
	uint64_t names[LEASE_PORT_LEVELS];
};

/* `key` keeps peers from choosing names that are those of others. `chain` has n 0 without relays.
 */
struct dhcp6_port dhcp6_port_find(const struct siphash_key *key, const struct dhcp6_packet *packet,
				  const struct dhcp6_relay_chain *chain);

#endif

/* SPDX-License-Identifier: ISC */
/*
 * How many messages are answered a second: from one client, one link-layer address, one port of a
 * relay, one link or relay, and in all
 * (RFC 8415 section 22). Memory is the same whoever sends what.
 */
#ifndef SEXTANT_DHCP6_DHCP6_RATE_H
#define SEXTANT_DHCP6_DHCP6_RATE_H

#include <stdbool.h>

#include "base/mtime.h"
#include "base/siphash.h"
#include "dhcp6/dhcp6_client.h"
#include "dhcp6/dhcp6_conf.h"
#include "dhcp6/dhcp6_packet.h"
#include "dhcp6/dhcp6_port.h"

struct dhcp6_rate;

/* `key` keeps clients from choosing whose place they take. */
struct dhcp6_rate *dhcp6_rate_new(const struct siphash_key *key);
void dhcp6_rate_free(struct dhcp6_rate *rate);

/*
 * Counts the client's message. NULL if it is within the limits, else the key of the one that it is
 * not ("messages-per-link"). `is_known`: the client holds a lease, so that only its own limit
 * counts for it, whatever strangers send.
 */
const char *dhcp6_rate_take(struct dhcp6_rate *rate, const struct dhcp6_limits *limits,
			    const struct dhcp6_packet *packet, const struct dhcp6_port *port,
			    const struct dhcp6_client *client, bool is_known, mtime now);

#endif

/* SPDX-License-Identifier: ISC */
/*
 * How much a client, and the clients of one place together, may hold (RFC 8415 section 22).
 */
#ifndef SEXTANT_DHCP6_DHCP6_QUOTA_H
#define SEXTANT_DHCP6_DHCP6_QUOTA_H

#include <stdbool.h>

#include "dhcp6/dhcp6_exchange.h"

/*
 * These give NULL if the client, which the lease table knows, may have one lease more, or the key
 * of the limit that is reached ("leases-per-port"). What it holds in an IA of the message, and will
 * not keep there, does not count.
 *
 * One that nobody counts yet. With `commits` the oldest lease that is remembered for the client is
 * forgotten, if it is remembered for too many: so that nobody makes its own list long.
 */
const char *dhcp6_quota_for_new(const struct dhcp6_exchange *x, enum lease_kind kind, bool commits);

/* One that is remembered for the client, or offered to it. */
const char *dhcp6_quota_for_again(const struct dhcp6_exchange *x, const struct lease *lease);

/* Whether one offer more may be kept for the clients of its place. */
bool dhcp6_quota_keeps_offer(const struct dhcp6_exchange *x);

#endif

/* SPDX-License-Identifier: ISC */
/*
 * Whose changes fill the batch that waits for the store.
 */
#ifndef SEXTANT_DHCP6_DHCP6_SHARE_H
#define SEXTANT_DHCP6_DHCP6_SHARE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dhcp6/dhcp6_port.h"

enum { DHCP6_SHARE_PLACES = 64 }; /* links that are told apart; more share a place */

/* All zero is an empty batch. */
struct dhcp6_share {
	uint32_t counts[DHCP6_SHARE_PLACES]; /* messages that may have changed something */
	uint32_t all;
	size_t changes; /* in the batch, when it was looked at last */
};

/*
 * Whether a message from there may change something, and counts it: not when `changes` (in the open
 * batch now) are nearly all that it can take and a quarter of them came by its link.
 */
bool dhcp6_share_take(struct dhcp6_share *share, const struct dhcp6_port *port, size_t changes);

#endif

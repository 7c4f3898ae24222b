/* SPDX-License-Identifier: ISC */
/*
 * Something new from a pool for an IA: what is free, or what those have who are no longer there.
 */
#ifndef SEXTANT_DHCP6_DHCP6_PICK_H
#define SEXTANT_DHCP6_DHCP6_PICK_H

#include <stdbool.h>

#include "dhcp6/dhcp6_exchange.h"

/* What the client can be given of the pool. With `commits`, it is free of others after it. */
bool dhcp6_pick(const struct dhcp6_exchange *x, const struct dhcp6_msg_ia *asked,
		const struct dhcp6_source *source, bool commits, struct in6_addr *ret);

/*
 * The same once all pools are full: the oldest offer of the pool to another client ends for it. So
 * offers that nobody requests keep nobody from a lease. Who does not commit takes one only where
 * there are more of them than clients that are about to request them.
 */
bool dhcp6_pick_offered(const struct dhcp6_exchange *x, const struct dhcp6_msg_ia *asked,
			const struct dhcp6_source *source, bool commits, struct in6_addr *ret);

/* Forgets what is remembered of other lengths in the place of a prefix, where nothing else is. */
void dhcp6_pick_clear(const struct dhcp6_exchange *x, const struct dhcp6_msg_ia *asked,
		      const struct in6_addr *addr, uint8_t plen);

#endif

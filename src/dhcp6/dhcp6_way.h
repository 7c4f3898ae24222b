/* SPDX-License-Identifier: ISC */
/*
 * Where a client is: what routes to its leases follow.
 */
#ifndef SEXTANT_DHCP6_DHCP6_WAY_H
#define SEXTANT_DHCP6_DHCP6_WAY_H

#include "dhcp6/dhcp6_exchange.h"

/*
 * To be called when a message was decided on, before its answer is sent: keeps with the client by
 * which link and from which link-local address it was heard, if its network has routes. All its
 * leases are part of the open batch then, but for a Confirm that comes the same way as before.
 */
void dhcp6_way_note(const struct dhcp6_exchange *x);

#endif

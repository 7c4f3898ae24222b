/* SPDX-License-Identifier: ISC */
/*
 * Release and Decline: what clients give back.
 */
#ifndef SEXTANT_DHCP6_DHCP6_UNBIND_H
#define SEXTANT_DHCP6_DHCP6_UNBIND_H

#include "dhcp6/dhcp6_exchange.h"

/* Both add to the answer the IAs that the client has no binding for. */
void dhcp6_release_ias(struct dhcp6_exchange *x);
void dhcp6_decline_ias(struct dhcp6_exchange *x);

#endif

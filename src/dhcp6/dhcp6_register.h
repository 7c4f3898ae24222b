/* SPDX-License-Identifier: ISC */
/*
 * Registration of addresses that hosts made themselves (RFC 9686).
 */
#ifndef SEXTANT_DHCP6_DHCP6_REGISTER_H
#define SEXTANT_DHCP6_DHCP6_REGISTER_H

#include "dhcp6/dhcp6_exchange.h"

/* Decides on an ADDR-REG-INFORM and begins its answer. */
enum dhcp6_drop dhcp6_register_inform(struct dhcp6_exchange *x);

/* Writes the whole ADDR-REG-REPLY. */
void dhcp6_register_encode(const struct dhcp6_msg *msg, struct wire_writer *w);

/* Writes option 148 into another answer, if it is to be there. */
void dhcp6_register_put(const struct dhcp6_link *link, const struct dhcp6_msg *msg,
			struct wire_writer *w);

#endif

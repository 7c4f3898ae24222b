/* SPDX-License-Identifier: ISC */
/*
 * The decisions on IAs: which leases a client gets, keeps and loses.
 */
#ifndef SEXTANT_DHCP6_DHCP6_BIND_H
#define SEXTANT_DHCP6_DHCP6_BIND_H

#include "dhcp6/dhcp6_exchange.h"

/* Why the client asks. */
enum dhcp6_purpose {
	DHCP6_FOR_OFFER,   /* Solicit: nothing is committed */
	DHCP6_FOR_COMMIT,  /* Solicit with Rapid Commit */
	DHCP6_FOR_REQUEST, /* Request */
	DHCP6_FOR_RENEW,   /* Renew */
	DHCP6_FOR_REBIND,  /* Rebind */
};

/* Decides on every IA of the message; the outcome is in the answer and the lease table. */
void dhcp6_bind_ias(struct dhcp6_exchange *x, enum dhcp6_purpose purpose);

#endif

/* SPDX-License-Identifier: ISC */
/*
 * Names of clients (RFC 4704): the answer to option 39, the hostname kept with the leases, and what
 * is to become of DNS records.
 */
#ifndef SEXTANT_DHCP6_DHCP6_FQDN_H
#define SEXTANT_DHCP6_DHCP6_FQDN_H

#include <stdbool.h>

#include "dhcp6/dhcp6_exchange.h"

/*
 * To be called when the IAs are decided on: answers the client's option, and where the message
 * `commits`, keeps its name. The client must have an id.
 */
void dhcp6_fqdn_answer(struct dhcp6_exchange *x, bool commits);

/* Writes the option if there is one in the answer. */
void dhcp6_fqdn_put(const struct dhcp6_answer *answer, struct wire_writer *w);

/* To be called before an active lease ends, for whatever reason. */
void dhcp6_fqdn_ended(const struct dhcp6_network *net, const struct lease_table *table,
		      const struct lease *lease, struct fx *fx);

#endif

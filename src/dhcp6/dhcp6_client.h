/* SPDX-License-Identifier: ISC */
/*
 * Who the client is: what is seen of it, the client of the lease table that it is, and the host
 * reservation that is meant for it.
 */
#ifndef SEXTANT_DHCP6_DHCP6_CLIENT_H
#define SEXTANT_DHCP6_DHCP6_CLIENT_H

#include <stdbool.h>
#include <stdint.h>

#include "dhcp6/dhcp6_link.h"
#include "dhcp6/dhcp6_msg.h"
#include "dhcp6/dhcp6_packet.h"
#include "duid/duid.h"
#include "lease/lease.h"

struct dhcp6_client {
	const struct duid *duid; /* NULL: it did not say */
	uint8_t mac[6];          /* all zero with LEASE_MAC_NONE */
	enum lease_mac_source mac_source;
	uint32_t id;           /* in the lease table; LEASE_NONE: nothing is known of it */
	bool is_new;           /* `id` was made for this message */
	const char *interface; /* whose link it is on itself; NULL: not known, or behind relays */
	const struct dhcp6_relay_path *relay;
	const struct dhcp6_host *host; /* its reservation, or that of its first IA; NULL: none */
	bool host_is_sure; /* by its DUID, or by the best link-layer address there is of it */
};

/*
 * Finds the client of a message that came by `packet`, which says what the transport knows, and by
 * `relay` (NULL: none). Borrows all of them.
 */
void dhcp6_client_identify(struct dhcp6_client *client, const struct dhcp6_link *link,
			   struct lease_table *table, const struct dhcp6_msg *msg,
			   const struct dhcp6_packet *packet, const struct dhcp6_relay_path *relay);

/* The reservation for an IA of the client's: one that names the IAID, else that of the client. */
const struct dhcp6_host *dhcp6_client_ia_host(const struct dhcp6_client *client,
					      const struct dhcp6_link *link, uint32_t iaid);

/* Sees to it that it has an id, and that the lease table knows its link-layer address. */
void dhcp6_client_keep(struct dhcp6_client *client, const struct dhcp6_link *link,
		       struct lease_table *table);

/*
 * Whether `other`, a client of the lease table with another DUID, is the machine whose link-layer
 * address the client's reservation names.
 */
bool dhcp6_client_shares_host(const struct dhcp6_client *client, const struct dhcp6_host *host,
			      const struct lease_client *other);

/*
 * Another client that has the DUID, and an IAID of the message, but was seen with another
 * link-layer address: a cloned machine. Told once, when dhcp6_client_keep() has made the client;
 * else NULL. A machine with two interfaces has two IAIDs and is none.
 */
const struct lease_client *dhcp6_client_clash(const struct dhcp6_client *client,
					      const struct dhcp6_link *link,
					      const struct lease_table *table,
					      const struct dhcp6_msg *msg);

#endif

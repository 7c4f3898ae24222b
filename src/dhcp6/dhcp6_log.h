/* SPDX-License-Identifier: ISC */
/*
 * Log lines about leases; the keys are those of docs/log.md.
 */
#ifndef SEXTANT_DHCP6_DHCP6_LOG_H
#define SEXTANT_DHCP6_DHCP6_LOG_H

#include "dhcp6/dhcp6_exchange.h"

/* A line about the client's message: network, link, DUID, link-layer address. May be NULL. */
struct logline *dhcp6_log_client(const struct dhcp6_exchange *x, enum log_level level,
				 const char *event);

/* Adds the link to a line, which may be NULL. */
void dhcp6_log_link(struct logline *line, const struct dhcp6_packet *packet);

/* Adds the type of a message: its name, or the number of one that has none. */
void dhcp6_log_type(struct logline *line, uint8_t type);

/*
 * Adds where a relayed message was before: the relay that says the link-address, and the identifiers
 * that were sent, written as the configuration has them.
 */
void dhcp6_log_path(struct logline *line, const struct dhcp6_relay_path *path);

/* Adds an IA; an address, or a prefix. */
void dhcp6_log_ia(struct logline *line, enum lease_kind kind, uint32_t iaid);
void dhcp6_log_lease(struct logline *line, enum lease_kind kind, const struct in6_addr *addr,
		     uint8_t plen);

/* The client takes over, for an IA, what it held as `lease` under another DUID. */
void dhcp6_log_moved(const struct dhcp6_exchange *x, const struct lease *lease, uint32_t iaid);

/*
 * The rule that decided, and the classes (as in struct dhcp6_exchange) that opened what it was
 * decided from; 0: it is for all.
 */
void dhcp6_log_why(struct logline *line, const struct dhcp6_exchange *x, const char *rule,
		   uint64_t classes);

#endif

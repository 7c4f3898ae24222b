/* SPDX-License-Identifier: ISC */
/*
 * The hosts of a link that nothing is sent to by multicast: who solicited, and so has to be told
 * again before what it knows runs out.
 */
#ifndef SEXTANT_RA_RA_CLIENTS_H
#define SEXTANT_RA_RA_CLIENTS_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bucket.h"
#include "base/mtime.h"
#include "ra/ra_source.h"

enum { RA_CLIENTS_MAX = 256 }; /* past it, who solicited longest ago is no longer told by itself */

struct ra_client {
	struct in6_addr addr;
	uint8_t mac[6];
	bool has_mac;
	mtime seen;   /* its last solicitation */
	mtime answer; /* when that is answered, or MTIME_NEVER */
	struct bucket answers;
};

struct ra_clients {
	size_t n;
	struct ra_client list[RA_CLIENTS_MAX];
};

/*
 * Notes a solicitation; mac NULL: it did not tell. *clients is made when it is NULL; the caller
 * frees it with free(). The result is good until the next call.
 */
struct ra_client *ra_clients_note(struct ra_clients **clients, const struct in6_addr *addr,
				  const uint8_t *mac, mtime now);

/* When the first answer is due; MTIME_NEVER: none waits. */
mtime ra_clients_wake(const struct ra_clients *clients);

/* One whose answer is due now, which then no longer waits; NULL: none. */
const struct ra_client *ra_clients_due(struct ra_clients *clients, mtime now);

/* NULL: it is not known. */
const struct ra_client *ra_clients_find(const struct ra_clients *clients,
					const struct in6_addr *addr);

/* The plan as it is for the host with this link-layer address; mac NULL: for any. */
struct ra_plan ra_plan_for(const struct ra_plan *plan, const uint8_t *mac);

#endif

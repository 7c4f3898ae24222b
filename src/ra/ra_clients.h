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
#include "ra/ra_withdrawn.h"

enum { RA_CLIENTS_MAX = 256 }; /* past it, who solicited longest ago is no longer told by itself */

struct ra_client {
	struct ra_withdrawn
		*withdrawn; /* owned: what it alone has to be told is gone, and the rest */
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
 * Notes a solicitation on the link; mac NULL: it did not tell. *clients is made when it is NULL.
 * `source` is what any host of the link is told: what is gone of that, a new one has not heard of
 * either. The result is good until the next call.
 */
struct ra_client *ra_clients_note(struct ra_clients **clients, const char *link,
				  const struct ra_source *source, const struct in6_addr *addr,
				  const uint8_t *mac);
void ra_clients_free(struct ra_clients **clients);

/*
 * What `was` told each of them and `is` does not, is withdrawn: from each of them; or from all, by
 * `withdrawn` of the link, when they are no longer told one by one (NULL: they are). Whether any of
 * them is told something else now. Sources are as for any host of the link, without withdrawn
 * options.
 */
bool ra_clients_follow(struct ra_clients *clients, const char *link, const struct ra_source *was,
		       const struct ra_source *is, struct ra_withdrawn **withdrawn);

/* When the first answer is due; MTIME_NEVER: none waits. */
mtime ra_clients_wake(const struct ra_clients *clients);

/* One whose answer is due now, which then no longer waits; NULL: none. */
struct ra_client *ra_clients_due(struct ra_clients *clients, mtime now);

/* NULL: it is not known, as nobody is to clients NULL. */
const struct ra_client *ra_clients_find(struct ra_clients *clients, const struct in6_addr *addr);

/* The plan as it is for this one. */
struct ra_plan ra_clients_plan(const struct ra_client *client, const char *link,
			       const struct ra_plan *plan);

/* Whether a host on the link with this link-layer address (NULL: not known) is meant. */
bool ra_host_fits(const struct ra_host *host, const char *link, const uint8_t *mac);

/* The plan as it is for the host on the link with this link-layer address; NULL: not known. */
struct ra_plan ra_plan_for(const struct ra_plan *plan, const char *link, const uint8_t *mac);

/* All routes that any host is told, each prefix once; how many, `room` at most. */
size_t ra_plan_routes(const struct ra_plan *plan, struct ra_route *routes, size_t room);

#endif

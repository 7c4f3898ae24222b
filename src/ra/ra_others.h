/* SPDX-License-Identifier: ISC */
/*
 * The other routers of a link, by their addresses: what was heard of each, within bounds that
 * nobody on the link can move.
 */
#ifndef SEXTANT_RA_RA_OTHERS_H
#define SEXTANT_RA_RA_OTHERS_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/mtime.h"

enum { RA_OTHERS_MAX = 16 }; /* past it, the one not heard for longest makes room */

struct ra_other {
	struct in6_addr addr;
	mtime seen;            /* when it was heard last */
	uint64_t received;     /* its advertisements */
	uint64_t inconsistent; /* of these, which say something else than we do */
	bool rogue;            /* it is not one that the configuration lists */
};

struct ra_others {
	size_t n;
	struct ra_other list[RA_OTHERS_MAX];
};

/*
 * Counts an advertisement of addr. *others is made when it is NULL; the caller frees it with
 * free(). *ret_new: the router was not heard of, or not for a long time. Valid until the next call.
 */
struct ra_other *ra_others_hear(struct ra_others **others, const struct in6_addr *addr, mtime now,
				bool *ret_new);

#endif

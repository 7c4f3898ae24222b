/* SPDX-License-Identifier: ISC */
/*
 * What a link advertised once and no longer does. Hosts keep it for as long as they were told, so
 * it goes out with lifetime 0 for that long (standards.md N1, S21).
 */
#ifndef SEXTANT_RA_RA_WITHDRAWN_H
#define SEXTANT_RA_RA_WITHDRAWN_H

#include <stddef.h>
#include <stdint.h>

#include "base/mtime.h"
#include "ra/ra_source.h"

enum { RA_WITHDRAWN_MAX = 64 }; /* of a link; past it, what ends first makes room */

/* One option, in a list; for ra_option.c to read. */
struct ra_withdrawn {
	struct ra_withdrawn *next;
	mtime until; /* when the last host has forgotten it */
	size_t len;
	uint8_t bytes[]; /* encoded, with lifetime 0 */
};

/*
 * Brings the list up to date when `now_source` takes the place of `old_source` (NULL: there was
 * none): adds what the old one has and the new one has not, drops what is back. Several old sources
 * may have the same. Sources are without their withdrawn options.
 */
void ra_withdrawn_update(struct ra_withdrawn **list, const struct ra_source *old_source,
			 const struct ra_source *now_source, mtime now);

/* A list of the same; the caller frees it with ra_withdrawn_free(). */
struct ra_withdrawn *ra_withdrawn_copy(const struct ra_withdrawn *list);

/* Drops what every host has forgotten. */
void ra_withdrawn_expire(struct ra_withdrawn **list, mtime now);

void ra_withdrawn_free(struct ra_withdrawn **list);

#endif

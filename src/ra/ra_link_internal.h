/* SPDX-License-Identifier: ISC */
/*
 * What the files of the advertiser share; everybody else uses ra_link.h.
 */
#ifndef SEXTANT_RA_RA_LINK_INTERNAL_H
#define SEXTANT_RA_RA_LINK_INTERNAL_H

#include <stdbool.h>

#include "ra/ra_link.h"

/* What the link's advertisements are made of now. */
struct ra_source ra_link_source(const struct ra_link *link, bool final);

/* A line about the link. */
struct logline *ra_link_log(struct fx *fx, enum log_level level, const char *event,
			    const struct ra_link *link);

/* RFC 4861 section 6.2.7: an RA of another router is looked at, and never acted on. */
enum ra_verdict ra_link_hear(struct ra_link *link, const struct ra_packet *packet, mtime now,
			     struct fx *fx);

#endif

/* SPDX-License-Identifier: ISC */
/*
 * What becomes of a message that a router or a host sent: taken, or dropped for a reason that has a
 * name and a counter.
 */
#ifndef SEXTANT_RA_RA_VERDICT_H
#define SEXTANT_RA_RA_VERDICT_H

#include "base/drop.h"

/* Why a message is not taken (RFC 4861 sections 6.1.1 and 6.1.2). */
enum ra_verdict {
	RA_OK,
	RA_DROP_HOP_LIMIT,         /* not 255: it has crossed a router */
	RA_DROP_CODE,              /* not 0 */
	RA_DROP_SHORT,             /* less than the header */
	RA_DROP_OPTION_LENGTH,     /* an option of length 0, or past the end */
	RA_DROP_SOURCE_LINK_LAYER, /* a solicitation from :: with a link-layer address */
	RA_DROP_SOURCE,            /* an RA not from link-local; an RS from what cannot be a host */
	RA_DROP_TYPE,              /* neither RS nor RA */
	RA_DROP_OWN,               /* our own advertisement, come back */
	RA_DROP_IDLE,              /* a solicitation where we do not advertise */
	RA_DROP_UNSPECIFIED,       /* one from :: where nothing is sent by multicast */
	RA_DROP_RATE,              /* one too many there */
	RA_VERDICTS,
};

const struct drop_reason *ra_verdict_reason(enum ra_verdict verdict);
const char *ra_verdict_name(enum ra_verdict verdict); /* for counters and logs: "hop-limit" */

#endif

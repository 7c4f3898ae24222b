/* SPDX-License-Identifier: ISC */
/*
 * What ra_conf.c and ra_conf_check.c share.
 */
#ifndef SEXTANT_RA_RA_CONF_INTERNAL_H
#define SEXTANT_RA_RA_CONF_INTERNAL_H

#include <stdint.h>

enum {
	RA_INTERVAL_LEAST = 3,    /* s, the shortest */
	RA_LIFETIME_MOST = 65535, /* of the router, s */
	RA_MISSED = 3, /* a lifetime outlives so many intervals: two advertisements may be
			  lost */
	RA_BATTERY_INTERVAL = 514, /* s: 7 an hour (RFC 7772 section 5.1) */
};

/* The longest that the shortest interval may be, s: three quarters (RFC 4861 section 6.2.1). */
uint32_t ra_interval_most_min(uint32_t max);

#endif

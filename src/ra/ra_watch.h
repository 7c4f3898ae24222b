/* SPDX-License-Identifier: ISC */
/*
 * The watch on other routers of a link (RFC 4861 section 6.2.7): what they say otherwise than we.
 */
#ifndef SEXTANT_RA_RA_WATCH_H
#define SEXTANT_RA_RA_WATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "ra/ra_msg.h"
#include "ra/ra_source.h"

/* The first value found to differ. */
struct ra_difference {
	const char *field; /* static: "hop-limit", "managed", "prefix-valid" .. */
	bool is_number;    /* otherwise theirs has something of which ours has others only */
	uint64_t ours;
	uint64_t theirs;
};

/*
 * Whether the RA contradicts what the source says. A value that either leaves unspecified (0)
 * contradicts nothing, and neither do different sets of prefixes. DNS servers and search domains
 * (RFC 8106), NAT64 prefixes and the captive portal are compared where both tell some.
 */
bool ra_watch_compare(const struct ra_source *source, const struct ra_msg *msg,
		      struct ra_difference *ret);

#endif

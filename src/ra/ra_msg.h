/* SPDX-License-Identifier: ISC */
/*
 * Router Advertisements and Router Solicitations as bytes (RFC 4861 sections 4.1, 4.2 and 6.1).
 */
#ifndef SEXTANT_RA_RA_MSG_H
#define SEXTANT_RA_RA_MSG_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ra/ra_option.h"
#include "ra/ra_source.h"
#include "ra/ra_verdict.h"
#include "wire/wire.h"

enum {
	RA_TYPE_RS = 133,
	RA_TYPE_RA = 134,
};

/* Flags of the header (RFC 4861 section 4.2, RFC 4191 section 2.2). */
enum {
	RA_FLAG_MANAGED = 0x80,
	RA_FLAG_OTHER = 0x40,
	RA_FLAG_PREFERENCE = 0x18, /* enum ra_preference << 3 */
};

/* The header of an RA, in host order. */
struct ra_header {
	uint8_t hop_limit;
	uint8_t flags;           /* RA_FLAG_* */
	uint16_t lifetime;       /* s */
	uint32_t reachable_time; /* ms */
	uint32_t retrans_time;   /* ms */
};

/* What the header of this source's RAs says. */
struct ra_header ra_header_make(const struct ra_source *source);
enum ra_preference ra_header_preference(const struct ra_header *header);

/*
 * Writes the next RA of the set that says everything of the source; all zero starts a set. Each
 * holds the whole header, the link-layer address and as many whole options as fit in `room`
 * octets (standards.md S16). False when the set is complete, and nothing was written. An option
 * that fits no RA is left out.
 */
struct ra_cursor {
	struct ra_option_walk walk;
	bool sent; /* an RA of the set was written */
	bool done;
};
bool ra_msg_encode(const struct ra_source *source, struct ra_cursor *cursor, uint8_t *buf,
		   size_t room, size_t *ret_len);

/* Whether both sources make the same RAs; what they have withdrawn is not looked at. */
bool ra_msg_same(const struct ra_source *a, const struct ra_source *b);

/* A valid RA. */
struct ra_msg {
	struct ra_header header;
	struct wire_reader options; /* for ra_option_next(); borrows from the packet */
};

/*
 * Check a message that came from src. Fragments (RFC 6980 section 5) cannot be told from whole
 * packets here: the kernel has put them together before a socket sees them.
 */
enum ra_verdict ra_msg_check_rs(const uint8_t *data, size_t len, const struct in6_addr *src,
				int hop_limit, bool *ret_has_link_layer);
/* The Ethernet address that a valid solicitation tells; false: none. */
bool ra_msg_link_layer(const uint8_t *data, size_t len, uint8_t ret_mac[6]);

enum ra_verdict ra_msg_decode_ra(const uint8_t *data, size_t len, const struct in6_addr *src,
				 int hop_limit, struct ra_msg *ret);

#endif

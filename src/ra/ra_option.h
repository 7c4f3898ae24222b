/* SPDX-License-Identifier: ISC */
/*
 * Options of Router Advertisements: one table that encodes, decodes and shows them.
 */
#ifndef SEXTANT_RA_RA_OPTION_H
#define SEXTANT_RA_RA_OPTION_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ip6.h"
#include "base/text.h"
#include "ra/ra_source.h"
#include "wire/wire.h"

enum ra_option_type {
	RA_OPTION_SOURCE_LINK_LAYER = 1, /* RFC 4861 section 4.6.1 */
	RA_OPTION_PREFIX = 3,            /* RFC 4861 section 4.6.2 */
	RA_OPTION_MTU = 5,               /* RFC 4861 section 4.6.4 */
	RA_OPTION_INTERVAL = 7,          /* RFC 6275 section 7.3 */
	RA_OPTION_ROUTE = 24,            /* RFC 4191 section 2.3 */
	RA_OPTION_RDNSS = 25,            /* RFC 8106 section 5.1 */
	RA_OPTION_EXPANDED_FLAGS = 26,   /* RFC 5175 section 4 */
	RA_OPTION_DNSSL = 31,            /* RFC 8106 section 5.2 */
	RA_OPTION_CAPTIVE_PORTAL = 37,   /* RFC 8910 section 2.3 */
	RA_OPTION_PREF64 = 38,           /* RFC 8781 section 4 */
	RA_OPTION_ENCRYPTED_DNS = 144,   /* RFC 9463 section 6.1 */
};

/* Flags of a Prefix Information option. */
enum {
	RA_PREFIX_ON_LINK = 0x80,
	RA_PREFIX_AUTONOMOUS = 0x40,
	RA_PREFIX_PD_PREFERRED = 0x10, /* RFC 9762 section 4 */
};

/* Sizes in octets. */
enum {
	RA_OPTION_MAX = 255 * 8,             /* octets of the longest option */
	RA_OPTION_HEADER = 2,                /* octets: type and length */
	RA_OPTION_STORE = 1024,              /* octets that an option can hold itself */
	RA_OPTION_FITS = 1280 - 40 - 16 - 8, /* octets that fit beside header and link-layer address
						at the smallest MTU of IPv6 */
};

/*
 * One option. Octets are borrowed: from the packet when decoded, from the configuration or from
 * `store` when made from a source, so an option is not copied by assignment.
 */
struct ra_option {
	uint8_t type;
	union {
		struct ra_octets
			octets;  /* link-layer address, URI, and the body of an unknown type */
		uint32_t number; /* MTU in octets, advertisement interval in ms */
		struct {
			struct ip6_prefix prefix;
			uint8_t flags;      /* RA_PREFIX_* */
			uint32_t valid;     /* s */
			uint32_t preferred; /* s */
		} prefix;
		struct {
			struct ip6_prefix prefix;
			enum ra_preference preference;
			uint32_t lifetime; /* s; of PREF64: a multiple of 8 */
		} route;                   /* and PREF64, without preference */
		struct {
			struct ra_octets items; /* 16 octets an address; names in wire form */
			uint32_t lifetime;      /* s */
		} list;                         /* RDNSS, DNSSL */
		struct {
			uint16_t priority;
			uint32_t lifetime; /* s */
			struct ra_octets name;
			struct ra_octets addresses;
			struct ra_octets service; /* SvcParams (RFC 9460 section 2.2) */
		} resolver;
	};
	uint8_t store[RA_OPTION_STORE];
};

/* Where a walk over the options of a source stands; all zero is the beginning. */
struct ra_option_walk {
	size_t row;
	size_t index;
};

/*
 * The next option that the source gives; false past the last. The options that stand in every RA
 * of a set (the link-layer address) are those of ra_option_next_common() and not of this one.
 */
bool ra_option_next_made(const struct ra_source *source, struct ra_option_walk *walk,
			 struct ra_option *ret);
bool ra_option_next_common(const struct ra_source *source, struct ra_option_walk *walk,
			   struct ra_option *ret);

/* Writes it; the writer is bad if it does not fit. */
void ra_option_put(struct wire_writer *w, const struct ra_option *option);

/*
 * Reads the next option of a message whose options are framed right. False at the end. One whose
 * content is wrong is skipped (RFC 4861 section 6.1.2: only lengths make a message invalid), an
 * unknown one has its octets.
 */
bool ra_option_get(struct wire_reader *r, struct ra_option *ret);

/* "rdnss"; of a type that has no row "option". */
const char *ra_option_name(uint8_t type);

/* "rdnss lifetime=1800 2001:db8::53" */
void ra_option_show(const struct ra_option *option, struct text *text);

/* The i-th option of the table, for the documentation; false past the last. */
struct ra_option_about {
	uint8_t type;
	const char *name;
	const char *rfc; /* "8106 5.1" */
};
bool ra_option_about(size_t i, struct ra_option_about *ret);

/* Whether the table knows the type: such an option is not to be configured as raw octets. */
bool ra_option_is_known(uint8_t type);

/*
 * Withdrawing: an option with a lifetime is announced with lifetime 0 when what it told is gone.
 * ra_option_split() gives the i-th thing that can go by itself (one address of an RDNSS); it
 * borrows from `option`. ra_option_source_has() tells
 * whether a source tells the same thing, ra_option_source_tells() whether it has an option of the
 * type at all. ra_option_same() tells whether two such things are about the same;
 * ra_option_lifetime() is 0 for options without one, and ra_option_end() makes it 0.
 */
bool ra_option_split(const struct ra_option *option, size_t i, struct ra_option *ret);
bool ra_option_source_has(const struct ra_source *source, const struct ra_option *thing);
bool ra_option_source_tells(const struct ra_source *source, uint8_t type);
bool ra_option_same(const struct ra_option *a, const struct ra_option *b);
uint32_t ra_option_lifetime(const struct ra_option *option);
void ra_option_end(struct ra_option *option);

#endif

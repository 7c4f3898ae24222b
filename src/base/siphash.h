/* SPDX-License-Identifier: ISC */
/*
 * SipHash: a keyed hash of short input, for hash tables that peers fill and for the stable
 * choice of addresses (RFC 7943 section 3 asks for a pseudo-random function with a secret).
 */
#ifndef SEXTANT_BASE_SIPHASH_H
#define SEXTANT_BASE_SIPHASH_H

#include <stddef.h>
#include <stdint.h>

#define SIPHASH_KEY_LEN 16

struct siphash_key {
	uint8_t bytes[SIPHASH_KEY_LEN];
};

/* The same on machines of any byte order. */
uint64_t siphash(const struct siphash_key *key, const void *data, size_t len);

/*
 * SipHash-1-3, at half the cost: for places in hash tables, which nobody outside gets to see. Its
 * authors propose it for them.
 */
uint64_t siphash_table(const struct siphash_key *key, const void *data, size_t len);

#endif

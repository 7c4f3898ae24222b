/* SPDX-License-Identifier: ISC */
/*
 * DHCP Unique Identifiers (RFC 8415 section 11, RFC 6355).
 */
#ifndef SEXTANT_DUID_DUID_H
#define SEXTANT_DUID_DUID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/siphash.h"
#include "base/text.h"

/* RFC 8415 section 11.1: two octets of type and 1 to 128 octets of identifier. */
enum {
	DUID_MIN = 3,
	DUID_MAX = 130,
};

/* Room for a DUID as text, with the NUL. */
#define DUID_TEXT_LEN (DUID_MAX * 3)

enum duid_type {
	DUID_LLT = 1,
	DUID_EN = 2,
	DUID_LL = 3,
	DUID_UUID = 4,
};

/* Hardware type Ethernet in a DUID-LL or DUID-LLT (IANA ARP parameters). */
#define DUID_HTYPE_ETHERNET 1

/* Seconds from the Unix epoch to 2000-01-01 00:00 UTC, where a DUID-LLT's time begins (11.2). */
#define DUID_LLT_EPOCH 946684800

struct duid {
	uint8_t len; /* 0: none */
	uint8_t bytes[DUID_MAX];
};

/* False, and *ret left alone, if len is not that of a DUID. */
bool duid_from_bytes(const void *bytes, size_t len, struct duid *ret);

/*
 * Reads "00:03:00:01:02:..", also without the colons or with '-'. False, and *ret left alone, if
 * it is not a DUID.
 */
bool duid_parse(const char *s, struct duid *ret);
void duid_text(const struct duid *duid, struct text *text);

/* RFC 8415 section 11: DUIDs are opaque and are the same if their octets are. */
bool duid_equal(const struct duid *a, const struct duid *b);
int duid_compare(const struct duid *a, const struct duid *b);
uint64_t duid_hash(const struct duid *duid, const struct siphash_key *key);

/* The type in its first two octets, which may be one we do not know. */
uint16_t duid_type(const struct duid *duid);

/*
 * The Ethernet address inside a DUID-LL or DUID-LLT of exactly the right length. What it says is
 * the client's word only: firmware and clones make it up. False if there is none.
 */
bool duid_mac(const struct duid *duid, uint8_t ret_mac[6]);

/* Makers. unix_seconds is wall-clock time; uuid is 16 octets. */
struct duid duid_make_ll(const uint8_t mac[6]);
struct duid duid_make_llt(const uint8_t mac[6], int64_t unix_seconds);
struct duid duid_make_uuid(const uint8_t uuid[16]);

#endif

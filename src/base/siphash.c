/* SPDX-License-Identifier: ISC */
/*
 * SipHash-2-4 and SipHash-1-3 as defined by Aumasson and Bernstein, "SipHash: a fast short-input
 * PRF" (2012).
 */
#include "config.h"

#include "base/siphash.h"

#include "base/octets.h"

static uint64_t rotl(uint64_t x, int k)
{
	return (x << k) | (x >> (64 - k));
}

/* The up to 7 octets at the end, below their number in the highest octet. */
static uint64_t load_last(const uint8_t *p, size_t left, size_t len)
{
	uint64_t v = (uint64_t)(len & 0xff) << 56;

	for (size_t i = 0; i < left; i++)
		v |= (uint64_t)p[i] << (8 * i);
	return v;
}

/* With constants for the numbers of rounds nothing is left of the loops. */
#define SIP_INLINE static inline __attribute__((always_inline))

struct sip {
	uint64_t v0, v1, v2, v3;
};

/* By value and inline, so that the state stays in registers: this runs several times a packet. */
SIP_INLINE struct sip sip_round(struct sip s)
{
	s.v0 += s.v1;
	s.v1 = rotl(s.v1, 13) ^ s.v0;
	s.v0 = rotl(s.v0, 32);
	s.v2 += s.v3;
	s.v3 = rotl(s.v3, 16) ^ s.v2;
	s.v0 += s.v3;
	s.v3 = rotl(s.v3, 21) ^ s.v0;
	s.v2 += s.v1;
	s.v1 = rotl(s.v1, 17) ^ s.v2;
	s.v2 = rotl(s.v2, 32);
	return s;
}

SIP_INLINE struct sip sip_rounds(struct sip s, int n)
{
	while (n-- > 0)
		s = sip_round(s);
	return s;
}

SIP_INLINE struct sip sip_word(struct sip s, uint64_t word, int rounds)
{
	s.v3 ^= word;
	s = sip_rounds(s, rounds);
	s.v0 ^= word;
	return s;
}

SIP_INLINE uint64_t sip_hash(const struct siphash_key *key, const uint8_t *p, size_t len,
			     int word_rounds, int last_rounds)
{
	const uint64_t k0 = octets_le64(key->bytes), k1 = octets_le64(key->bytes + 8);
	struct sip s = {k0 ^ 0x736f6d6570736575u, k1 ^ 0x646f72616e646f6du,
			k0 ^ 0x6c7967656e657261u, k1 ^ 0x7465646279746573u};
	size_t left = len;

	for (; left >= 8; left -= 8, p += 8)
		s = sip_word(s, octets_le64(p), word_rounds);
	s = sip_word(s, load_last(p, left, len), word_rounds);
	s.v2 ^= 0xff;
	s = sip_rounds(s, last_rounds);
	return s.v0 ^ s.v1 ^ s.v2 ^ s.v3;
}

uint64_t siphash(const struct siphash_key *key, const void *data, size_t len)
{
	return sip_hash(key, data, len, 2, 4);
}

uint64_t siphash_table(const struct siphash_key *key, const void *data, size_t len)
{
	return sip_hash(key, data, len, 1, 3);
}

/* SPDX-License-Identifier: ISC */
/*
 * MD5 as RFC 1321 describes it, in one go over two pieces, and HMAC over it. Written here because
 * the one place that needs it is no reason for a library of cryptography in the daemon.
 */
#include "config.h"

#include "base/md5.h"

#include <assert.h>
#include <string.h>

/* RFC 1321 section 3.4: 2^32 times the sine of 1 to 64. */
static const uint32_t sines[64] = {
	0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee, 0xf57c0faf, 0x4787c62a, 0xa8304613,
	0xfd469501, 0x698098d8, 0x8b44f7af, 0xffff5bb1, 0x895cd7be, 0x6b901122, 0xfd987193,
	0xa679438e, 0x49b40821, 0xf61e2562, 0xc040b340, 0x265e5a51, 0xe9b6c7aa, 0xd62f105d,
	0x02441453, 0xd8a1e681, 0xe7d3fbc8, 0x21e1cde6, 0xc33707d6, 0xf4d50d87, 0x455a14ed,
	0xa9e3e905, 0xfcefa3f8, 0x676f02d9, 0x8d2a4c8a, 0xfffa3942, 0x8771f681, 0x6d9d6122,
	0xfde5380c, 0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70, 0x289b7ec6, 0xeaa127fa,
	0xd4ef3085, 0x04881d05, 0xd9d4d039, 0xe6db99e5, 0x1fa27cf8, 0xc4ac5665, 0xf4292244,
	0x432aff97, 0xab9423a7, 0xfc93a039, 0x655b59c3, 0x8f0ccc92, 0xffeff47d, 0x85845dd1,
	0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1, 0xf7537e82, 0xbd3af235, 0x2ad7d2bb,
	0xeb86d391,
};

static const uint8_t shifts[4][4] = {
	{7, 12, 17, 22}, {5, 9, 14, 20}, {4, 11, 16, 23}, {6, 10, 15, 21}};

static uint32_t rotate(uint32_t x, unsigned int n)
{
	return x << n | x >> (32 - n);
}

static uint32_t get_le32(const uint8_t *p)
{
	return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

/* The function of a round, and which word of the block its step takes. */
static uint32_t mix(unsigned int i, const uint32_t s[4], unsigned int *ret_word)
{
	switch (i / 16) {
	case 0:
		*ret_word = i;
		return (s[1] & s[2]) | (~s[1] & s[3]);
	case 1:
		*ret_word = (5 * i + 1) % 16;
		return (s[1] & s[3]) | (s[2] & ~s[3]);
	case 2:
		*ret_word = (3 * i + 5) % 16;
		return s[1] ^ s[2] ^ s[3];
	default:
		*ret_word = (7 * i) % 16;
		return s[2] ^ (s[1] | ~s[3]);
	}
}

static void take_block(uint32_t state[4], const uint8_t block[MD5_BLOCK_LEN])
{
	uint32_t s[4];

	memcpy(s, state, sizeof(s));
	for (unsigned int i = 0; i < 64; i++) {
		unsigned int word;
		uint32_t f = mix(i, s, &word) + s[0] + sines[i] + get_le32(block + 4 * word);

		s[0] = s[3];
		s[3] = s[2];
		s[2] = s[1];
		s[1] += rotate(f, shifts[i / 16][i % 4]);
	}
	for (int i = 0; i < 4; i++)
		state[i] += s[i];
}

/* The digest of a block and what follows it. */
static void digest(const uint8_t first[MD5_BLOCK_LEN], const uint8_t *data, size_t len,
		   uint8_t ret[MD5_LEN])
{
	uint32_t state[4] = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476};
	uint64_t bits = 8 * ((uint64_t)len + MD5_BLOCK_LEN);
	uint8_t tail[2 * MD5_BLOCK_LEN] = {0};
	size_t whole = len - len % MD5_BLOCK_LEN, rest = len - whole;
	size_t room = rest < MD5_BLOCK_LEN - 8 ? MD5_BLOCK_LEN : 2 * MD5_BLOCK_LEN;

	take_block(state, first);
	for (size_t at = 0; at < whole; at += MD5_BLOCK_LEN)
		take_block(state, data + at);
	if (rest)
		memcpy(tail, data + whole, rest);
	tail[rest] = 0x80;
	for (unsigned int i = 0; i < 8; i++)
		tail[room - 8 + i] = (uint8_t)(bits >> (8 * i));
	for (size_t at = 0; at < room; at += MD5_BLOCK_LEN)
		take_block(state, tail + at);
	for (unsigned int i = 0; i < MD5_LEN; i++)
		ret[i] = (uint8_t)(state[i / 4] >> (8 * (i % 4)));
}

static void xor_pad(uint8_t pad[MD5_BLOCK_LEN], const uint8_t *key, size_t len, uint8_t with)
{
	for (size_t i = 0; i < MD5_BLOCK_LEN; i++)
		pad[i] = (uint8_t)((i < len ? key[i] : 0) ^ with);
}

void md5_hmac(const void *key, size_t key_len, const void *data, size_t len,
	      uint8_t ret_digest[MD5_LEN])
{
	uint8_t pad[MD5_BLOCK_LEN], inner[MD5_LEN];

	assert(key_len <= MD5_BLOCK_LEN);
	/* RFC 2104 section 2. */
	xor_pad(pad, key, key_len, 0x36);
	digest(pad, data, len, inner);
	xor_pad(pad, key, key_len, 0x5c);
	digest(pad, inner, sizeof(inner), ret_digest);
}

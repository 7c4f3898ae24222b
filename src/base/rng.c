/* SPDX-License-Identifier: ISC */
/*
 * xoshiro256** by Blackman and Vigna, seeded through splitmix64 as its authors advise.
 */
#include "config.h"

#include "base/rng.h"

#include <assert.h>

static uint64_t rotl(uint64_t x, int k)
{
	return (x << k) | (x >> (64 - k));
}

void rng_seed(struct rng *rng, uint64_t seed)
{
	for (int i = 0; i < 4; i++) {
		uint64_t z = (seed += 0x9e3779b97f4a7c15u);

		z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
		z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
		rng->s[i] = z ^ (z >> 31);
	}
}

uint64_t rng_u64(struct rng *rng)
{
	uint64_t *s = rng->s;
	const uint64_t result = rotl(s[1] * 5, 7) * 9;
	const uint64_t t = s[1] << 17;

	s[2] ^= s[0];
	s[3] ^= s[1];
	s[1] ^= s[2];
	s[0] ^= s[3];
	s[2] ^= t;
	s[3] = rotl(s[3], 45);
	return result;
}

int64_t rng_between(struct rng *rng, int64_t low, int64_t high)
{
	assert(low <= high);
	uint64_t span = (uint64_t)high - (uint64_t)low + 1;

	if (span == 0) /* the whole range of int64_t */
		return (int64_t)rng_u64(rng);
	/* What is above the largest multiple of span would favour the low values: drawn again. */
	uint64_t limit = UINT64_MAX - UINT64_MAX % span;
	uint64_t x;

	do
		x = rng_u64(rng);
	while (x >= limit);
	return (int64_t)((uint64_t)low + x % span);
}

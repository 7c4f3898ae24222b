/* SPDX-License-Identifier: ISC */
/*
 * Seeded randomness for what need not be secret: jitter of timers, order of probes. A state lives
 * where it is used, and the shell or a test seeds it. Keys and identifiers come from getrandom()
 * in the shell, never from here.
 */
#ifndef SEXTANT_BASE_RNG_H
#define SEXTANT_BASE_RNG_H

#include <stdint.h>

/* Use after rng_seed(). */
struct rng {
	uint64_t s[4];
};

void rng_seed(struct rng *rng, uint64_t seed);
uint64_t rng_u64(struct rng *rng);

/* Uniform in [low, high], both included; low <= high. */
int64_t rng_between(struct rng *rng, int64_t low, int64_t high);

#endif

/* SPDX-License-Identifier: ISC */
/* The monotonic clock in nanoseconds: what Python's time.monotonic_ns() gives too. */
#ifndef SEXTANT_BENCH_CLOCK_H
#define SEXTANT_BENCH_CLOCK_H

#include <stdint.h>
#include <time.h>

#define NS_PER_SEC INT64_C(1000000000)
#define NS_PER_MS  INT64_C(1000000)

static inline int64_t clock_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * NS_PER_SEC + ts.tv_nsec;
}

#endif

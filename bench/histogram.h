/* SPDX-License-Identifier: ISC */
/*
 * Times counted in buckets that are less than 1 % wide, so that millions of them cost nothing to
 * keep and give percentiles afterwards.
 */
#ifndef SEXTANT_BENCH_HISTOGRAM_H
#define SEXTANT_BENCH_HISTOGRAM_H

#include <stdint.h>
#include <stdio.h>

#define HISTOGRAM_FINE 128 /* buckets in a doubling */

struct histogram {
	uint64_t n;
	int64_t max; /* ns */
	double sum;  /* ns */
	uint64_t buckets[(64 - 6) * HISTOGRAM_FINE];
};

/* A time in ns; negative ones count as 0. */
void histogram_add(struct histogram *h, int64_t ns);

/* The time in ns that a share (0 to 1) of all is not above; 0 if there are none. */
int64_t histogram_at(const struct histogram *h, double share);

/* As a JSON object in microseconds:
 * {"n":..,"mean":..,"p50":..,"p90":..,"p99":..,"p999":..,"max":..} */
void histogram_print(const struct histogram *h, FILE *out);

#endif

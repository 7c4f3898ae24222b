/* SPDX-License-Identifier: ISC */
/*
 * Log-linear buckets: the first 128 are exact, every doubling after them has 128 more.
 */
#include "config.h"

#include "histogram.h"

#include <assert.h>
#include <stddef.h>

enum {
	FINE_BITS = 7,
};

static_assert(1 << FINE_BITS == HISTOGRAM_FINE, "buckets in a doubling");

static size_t bucket_of(uint64_t v)
{
	if (v < HISTOGRAM_FINE)
		return (size_t)v;
	unsigned int shift = 63u - (unsigned int)__builtin_clzll(v) - FINE_BITS;

	return (size_t)(shift + 1) * HISTOGRAM_FINE + (size_t)(v >> shift) - HISTOGRAM_FINE;
}

/* The largest time that falls into bucket i. */
static int64_t bucket_end(size_t i)
{
	if (i < HISTOGRAM_FINE)
		return (int64_t)i;
	unsigned int shift = (unsigned int)(i / HISTOGRAM_FINE) - 1;

	return (int64_t)(((uint64_t)(i % HISTOGRAM_FINE + HISTOGRAM_FINE + 1) << shift) - 1);
}

void histogram_add(struct histogram *h, int64_t ns)
{
	if (ns < 0)
		ns = 0;
	h->n++;
	h->sum += (double)ns;
	if (ns > h->max)
		h->max = ns;
	h->buckets[bucket_of((uint64_t)ns)]++;
}

int64_t histogram_at(const struct histogram *h, double share)
{
	uint64_t want = (uint64_t)(share * (double)h->n + 0.999999);
	uint64_t seen = 0;

	if (h->n == 0)
		return 0;
	for (size_t i = 0; i < sizeof(h->buckets) / sizeof(h->buckets[0]); i++) {
		seen += h->buckets[i];
		if (seen >= want && seen > 0) {
			int64_t end = bucket_end(i);

			return end < h->max ? end : h->max;
		}
	}
	return h->max;
}

static double us(int64_t ns)
{
	return (double)ns / 1000.0;
}

void histogram_print(const struct histogram *h, FILE *out)
{
	fprintf(out,
		"{\"n\":%llu,\"mean\":%.1f,\"p50\":%.1f,\"p90\":%.1f,\"p99\":%.1f,\"p999\":%.1f,\"max\":%.1f}",
		(unsigned long long)h->n, h->n ? h->sum / (double)h->n / 1000.0 : 0.0,
		us(histogram_at(h, 0.5)), us(histogram_at(h, 0.9)), us(histogram_at(h, 0.99)),
		us(histogram_at(h, 0.999)), us(h->max));
}

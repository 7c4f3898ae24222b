/* SPDX-License-Identifier: ISC */
/*
 * A token bucket: bounds what a peer can cause (log lines, answers) per unit of time.
 */
#ifndef SEXTANT_BASE_BUCKET_H
#define SEXTANT_BASE_BUCKET_H

#include <stdbool.h>
#include <stdint.h>

#include "base/mtime.h"

/* All zero is a full bucket. */
struct bucket {
	int64_t full_at; /* when all tokens will be back, in microseconds */
};

/*
 * Takes one token if there is one. `rate` tokens a second (1 to 1000000) come back, at most `burst`
 * are kept. A clock that stands still gives no tokens.
 */
static inline bool bucket_take(struct bucket *bucket, mtime now, uint32_t rate, uint32_t burst)
{
	const int64_t cost = 1000 * SEC / (int64_t)rate; /* milliseconds are too coarse */
	const int64_t now_us = 1000 * now;
	const int64_t full_at = bucket->full_at > now_us ? bucket->full_at : now_us;

	if (full_at - now_us > cost * ((int64_t)burst - 1))
		return false;
	bucket->full_at = full_at + cost;
	return true;
}

#endif

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
	mtime full_at; /* when all tokens will be back */
};

/*
 * Takes one token if there is one. `rate` tokens a second (1 to 1000) come back, at most `burst`
 * are kept. A clock that stands still gives no tokens.
 */
static inline bool bucket_take(struct bucket *bucket, mtime now, uint32_t rate, uint32_t burst)
{
	const mtime cost = SEC / (mtime)rate;
	mtime full_at = bucket->full_at > now ? bucket->full_at : now;

	if (full_at - now > cost * ((mtime)burst - 1))
		return false;
	bucket->full_at = full_at + cost;
	return true;
}

#endif

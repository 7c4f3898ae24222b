/* SPDX-License-Identifier: ISC */
/*
 * Monotonic time, the only time that decides anything, and lifetimes as the protocols count them.
 *
 * An mtime is milliseconds of a monotonic clock. The pure rooms never read a clock: "now" is
 * always passed in. Wall-clock time exists only as a field of what is stored.
 */
#ifndef SEXTANT_BASE_MTIME_H
#define SEXTANT_BASE_MTIME_H

#include <stdbool.h>
#include <stdint.h>

/* Milliseconds of the monotonic clock. */
typedef int64_t mtime;

/* Later than every other time: "do not wake me", "does not end". */
#define MTIME_NEVER INT64_MAX

#define MSEC        ((mtime)1)
#define SEC         ((mtime)1000)

/* A lifetime of this many seconds does not end (RFC 8415 section 7.7, RFC 4861 section 4.6.2). */
#define LIFETIME_INFINITE UINT32_MAX

static inline mtime mtime_min(mtime a, mtime b)
{
	return a < b ? a : b;
}

static inline mtime mtime_max(mtime a, mtime b)
{
	return a > b ? a : b;
}

/* t + ms; saturates at MTIME_NEVER, and MTIME_NEVER stays what it is. ms may not be negative. */
static inline mtime mtime_add(mtime t, mtime ms)
{
	return t > MTIME_NEVER - ms ? MTIME_NEVER : t + ms;
}

/* When a lifetime of `seconds` that starts at t ends; MTIME_NEVER for LIFETIME_INFINITE. */
static inline mtime mtime_after_lifetime(mtime t, uint32_t seconds)
{
	return seconds == LIFETIME_INFINITE ? MTIME_NEVER : mtime_add(t, (mtime)seconds * SEC);
}

/*
 * Whole seconds from now to end, rounded down: 0 when end has passed, LIFETIME_INFINITE for
 * MTIME_NEVER, and never LIFETIME_INFINITE for a time that does end.
 */
static inline uint32_t mtime_remaining(mtime end, mtime now)
{
	if (end == MTIME_NEVER)
		return LIFETIME_INFINITE;
	if (end <= now)
		return 0;
	mtime seconds = (end - now) / SEC;
	return seconds >= (mtime)LIFETIME_INFINITE ? LIFETIME_INFINITE - 1 : (uint32_t)seconds;
}

#endif

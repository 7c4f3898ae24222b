/* SPDX-License-Identifier: ISC */
/*
 * Clocks: one for what is decided, one for what is stored.
 */
#include "config.h"

#include "daemon/clock.h"

#include <time.h>

static int64_t read_ms(clockid_t id)
{
	struct timespec t;

	clock_gettime(id, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

mtime clock_now(void)
{
	return read_ms(CLOCK_BOOTTIME);
}

int64_t clock_unix_offset(void)
{
	return read_ms(CLOCK_REALTIME) - read_ms(CLOCK_BOOTTIME);
}

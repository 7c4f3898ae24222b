/* SPDX-License-Identifier: ISC */
/*
 * The only reader of clocks.
 */
#ifndef SEXTANT_DAEMON_CLOCK_H
#define SEXTANT_DAEMON_CLOCK_H

#include <stdint.h>

#include "base/mtime.h"

/* Now. CLOCK_BOOTTIME: a lease goes on running while the machine sleeps. */
mtime clock_now(void);

/* Unix time in milliseconds minus clock_now(), now. */
int64_t clock_unix_offset(void);

#endif

/* SPDX-License-Identifier: ISC */
/*
 * How much memory the daemon holds.
 */
#ifndef SEXTANT_DAEMON_HEAP_H
#define SEXTANT_DAEMON_HEAP_H

#include <stddef.h>

/* Before anything large is allocated: large arrays are mapped, always. */
void heap_init(void);

/* Octets that the main thread has allocated and not freed; 0: this C library does not tell. */
size_t heap_used(void);

#endif

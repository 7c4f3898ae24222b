/* SPDX-License-Identifier: ISC */
/*
 * Checked growth: every allocation that may grow goes through here.
 *
 * Running out of memory ends the process with one plain line: no caller has a better plan, and
 * leases are on disk. Nothing here is called per packet once the daemon is warm.
 */
#ifndef SEXTANT_BASE_MEM_H
#define SEXTANT_BASE_MEM_H

#include <stddef.h>

/*
 * For a large local variable of which a part is used, and written before: it is not cleared where
 * the compiler clears all others to be on the safe side (-ftrivial-auto-var-init).
 */
#ifdef __has_attribute
#if __has_attribute(uninitialized)
#define MEM_UNINITIALIZED __attribute__((uninitialized))
#endif
#endif
#ifndef MEM_UNINITIALIZED
#define MEM_UNINITIALIZED
#endif

/* There is no memory: says so and ends the process. */
_Noreturn void mem_out(void);

/* Zeroed memory for n items of `size` bytes; the caller frees it with free(). Never NULL. */
void *mem_new(size_t n, size_t size) __attribute__((returns_nonnull));

/*
 * Makes room for at least `want` items of `size` bytes in the array `items`, whose room in items
 * is *cap. Returns the array, possibly moved; grows by doubling, new items are zeroed.
 */
void *mem_grow(void *items, size_t *cap, size_t want, size_t size);

/*
 * Likewise, but new items hold anything: for large arrays of which each item is written when it
 * comes into use. To zero 100 MB takes 50 ms and more, and everybody waits; and it makes memory of
 * what may never be used.
 */
void *mem_grow_raw(void *items, size_t *cap, size_t want, size_t size);

/* A copy of the string s; the caller frees it with free(). Never NULL. */
char *mem_strdup(const char *s) __attribute__((returns_nonnull));

#endif

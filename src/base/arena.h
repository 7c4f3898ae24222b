/* SPDX-License-Identifier: ISC */
/*
 * An arena: memory for things that die together (a configuration generation, a batch).
 */
#ifndef SEXTANT_BASE_ARENA_H
#define SEXTANT_BASE_ARENA_H

#include <stddef.h>

struct arena_block;

/* All zero is an empty arena. */
struct arena {
	struct arena_block *first; /* newest block */
};

/* Zeroed memory for n items of `size` bytes, aligned for any type; lives until the arena ends. */
void *arena_new(struct arena *arena, size_t n, size_t size);

/* A copy of n bytes at p; of a string, with its end. */
void *arena_copy(struct arena *arena, const void *p, size_t n);
char *arena_strdup(struct arena *arena, const char *s);

/* Frees everything; the arena is empty and usable again. */
void arena_free(struct arena *arena);

#endif

/* SPDX-License-Identifier: ISC */
/*
 * The arena: blocks in a list, newest first; what does not fit the newest gets a block of its own
 * size or the usual one, whichever is larger.
 */
#include "config.h"

#include "base/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum { ARENA_BLOCK = 4096 };

struct arena_block {
	struct arena_block *next;
	size_t used, room;
	alignas(max_align_t) unsigned char bytes[];
};

void *arena_new(struct arena *arena, size_t n, size_t size)
{
	struct arena_block *block = arena->first;
	const size_t align = alignof(max_align_t);
	size_t bytes;

	if (__builtin_mul_overflow(n, size, &bytes) || bytes > SIZE_MAX - ARENA_BLOCK)
		bytes = SIZE_MAX / 2; /* fails in mem_new() */
	bytes = (bytes + align - 1) & ~(align - 1);
	if (!block || block->room - block->used < bytes) {
		size_t room = bytes > ARENA_BLOCK ? bytes : ARENA_BLOCK;

		block = mem_new(1, sizeof(*block) + room);
		block->room = room;
		block->next = arena->first;
		arena->first = block;
	}
	void *p = block->bytes + block->used;
	block->used += bytes;
	return p;
}

void *arena_copy(struct arena *arena, const void *p, size_t n)
{
	void *copy = arena_new(arena, n ? n : 1, 1);

	if (n)
		memcpy(copy, p, n);
	return copy;
}

char *arena_strdup(struct arena *arena, const char *s)
{
	return arena_copy(arena, s, strlen(s) + 1);
}

void arena_free(struct arena *arena)
{
	while (arena->first) {
		struct arena_block *block = arena->first;

		arena->first = block->next;
		free(block);
	}
}

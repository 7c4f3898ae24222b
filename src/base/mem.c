/* SPDX-License-Identifier: ISC */
/*
 * Checked growth. mem_new(), mem_grow(), mem_grow_raw() and mem_strdup() are the entry points; none
 * returns NULL. mem_out() is for whoever allocates by other means.
 */
#include "config.h"

#include "base/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

_Noreturn void mem_out(void)
{
	fputs("event=out-of-memory level=error\n", stderr);
	abort();
}

void *mem_new(size_t n, size_t size)
{
	void *p = calloc(n ? n : 1, size ? size : 1);

	if (!p)
		mem_out();
	return p;
}

/* Arrays that stay short are many: one for each of thousands of links. */
static size_t first_room(size_t size)
{
	const size_t bytes = 64;

	return size < bytes ? bytes / size : 1;
}

void *mem_grow_raw(void *items, size_t *cap, size_t want, size_t size)
{
	size_t room = *cap ? *cap : first_room(size);
	size_t bytes;

	if (want <= *cap)
		return items;
	while (room < want) {
		if (__builtin_mul_overflow(room, 2, &room))
			mem_out();
	}
	if (__builtin_mul_overflow(room, size, &bytes))
		mem_out();
	items = realloc(items, bytes);
	if (!items)
		mem_out();
	*cap = room;
	return items;
}

void *mem_grow(void *items, size_t *cap, size_t want, size_t size)
{
	size_t had = *cap;

	if (want <= had)
		return items;
	items = mem_grow_raw(items, cap, want, size);
	memset((char *)items + had * size, 0, (*cap - had) * size);
	return items;
}

char *mem_strdup(const char *s)
{
	char *copy = strdup(s);

	if (!copy)
		mem_out();
	return copy;
}

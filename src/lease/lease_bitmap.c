/* SPDX-License-Identifier: ISC */
/*
 * A hierarchical bitmap. A bit of level 0 says that a unit is used; a bit of a higher level that
 * the whole word of 64 bits below it is. Bits past the end count as used.
 */
#include "config.h"

#include "lease/lease_bitmap.h"

#include <assert.h>
#include <stdlib.h>

#include "base/mem.h"
#include "lease/lease.h"

struct level {
	uint64_t *words;
	uint32_t bits;
};

struct lease_bitmap {
	struct level level[LEASE_BITMAP_LEVELS];
	unsigned int n_levels;
};

static struct level new_level(uint32_t bits)
{
	uint32_t n_words = (bits + 63) / 64;
	struct level level = {.words = mem_new(n_words, sizeof(uint64_t)), .bits = bits};

	if (bits % 64)
		level.words[n_words - 1] = UINT64_MAX << bits % 64;
	return level;
}

struct lease_bitmap *lease_bitmap_new(uint32_t n)
{
	struct lease_bitmap *bitmap = mem_new(1, sizeof(*bitmap));

	assert(n > 0 && n <= LEASE_BITMAP_MAX);
	for (;;) {
		bitmap->level[bitmap->n_levels++] = new_level(n);
		if (n <= 64)
			return bitmap;
		n = (n + 63) / 64;
	}
}

void lease_bitmap_free(struct lease_bitmap *bitmap)
{
	if (!bitmap)
		return;
	for (unsigned int i = 0; i < bitmap->n_levels; i++)
		free(bitmap->level[i].words);
	free(bitmap);
}

bool lease_bitmap_is_used(const struct lease_bitmap *bitmap, uint32_t at)
{
	assert(at < bitmap->level[0].bits);
	return bitmap->level[0].words[at / 64] >> at % 64 & 1;
}

void lease_bitmap_use(struct lease_bitmap *bitmap, uint32_t at)
{
	for (unsigned int i = 0; i < bitmap->n_levels; i++) {
		uint64_t *word = &bitmap->level[i].words[at / 64];

		*word |= UINT64_C(1) << at % 64;
		if (*word != UINT64_MAX)
			break;
		at /= 64;
	}
}

void lease_bitmap_unuse(struct lease_bitmap *bitmap, uint32_t at)
{
	for (unsigned int i = 0; i < bitmap->n_levels; i++) {
		uint64_t *word = &bitmap->level[i].words[at / 64];
		bool was_full = *word == UINT64_MAX;

		*word &= ~(UINT64_C(1) << at % 64);
		if (!was_full)
			break;
		at /= 64;
	}
}

void lease_bitmap_use_range(struct lease_bitmap *bitmap, uint32_t low, uint32_t high)
{
	assert(low <= high && high < bitmap->level[0].bits);
	while (low <= high) {
		if (low % 64 == 0 && high - low >= 63) {
			bitmap->level[0].words[low / 64] = UINT64_MAX;
			if (bitmap->n_levels > 1)
				lease_bitmap_use(bitmap, low); /* for the levels above */
			low += 64;
		} else {
			lease_bitmap_use(bitmap, low++);
		}
	}
}

void lease_bitmap_unuse_range(struct lease_bitmap *bitmap, uint32_t low, uint32_t high)
{
	assert(low <= high && high < bitmap->level[0].bits);
	while (low <= high) {
		lease_bitmap_unuse(bitmap, low); /* for the levels above */
		if (low % 64 == 0 && high - low >= 63) {
			bitmap->level[0].words[low / 64] = 0;
			low += 64;
		} else {
			low++;
		}
	}
}

/* Up while there is nothing free in the rest of the word, then down to the free bit. */
static uint32_t next_free_above(const struct lease_bitmap *bitmap, uint32_t at)
{
	unsigned int i = 0;

	for (;;) {
		const struct level *level = &bitmap->level[i];

		if (at >= level->bits)
			return LEASE_NONE;
		uint64_t free_bits = ~level->words[at / 64] >> at % 64;

		if (free_bits) {
			at += (uint32_t)__builtin_ctzll(free_bits);
			if (i == 0)
				return at;
			i--;
			at *= 64;
		} else {
			at = at / 64 + 1;
			if (++i == bitmap->n_levels)
				return LEASE_NONE;
		}
	}
}

uint32_t lease_bitmap_next_free(const struct lease_bitmap *bitmap, uint32_t from)
{
	uint32_t at = next_free_above(bitmap, from);

	return at == LEASE_NONE && from > 0 ? next_free_above(bitmap, 0) : at;
}

/* SPDX-License-Identifier: ISC */
/*
 * Withdrawn options: what a reload took away. A host that sleeps misses any single advertisement,
 * so what is gone is announced with lifetime 0 in every RA until the lifetime that hosts were
 * told has run out (RFC 9096 section 3.5; RFC 8106, 8781, 4191 and 9463 have the same for theirs).
 *
 * They are kept as encoded options, because the configuration they came from is freed.
 */
#include "config.h"

#include "ra/ra_withdrawn.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "ra/ra_option.h"
#include "wire/wire.h"

static void drop(struct ra_withdrawn **at)
{
	struct ra_withdrawn *item = *at;

	*at = item->next;
	free(item);
}

static struct ra_option decoded(const struct ra_withdrawn *item)
{
	struct wire_reader r = wire_reader(item->bytes, item->len);
	struct ra_option option = {0};

	ra_option_get(&r, &option);
	return option;
}

/* Drops the items that `source` tells again. */
static void drop_returned(struct ra_withdrawn **list, const struct ra_source *source)
{
	while (*list) {
		struct ra_option option = decoded(*list);

		if (ra_option_source_has(source, &option))
			drop(list);
		else
			list = &(*list)->next;
	}
}

/* Makes room for one more: what ends first goes. */
static void bound(struct ra_withdrawn **list)
{
	struct ra_withdrawn **first = list;
	size_t n = 0;

	for (struct ra_withdrawn **at = list; *at; at = &(*at)->next) {
		n++;
		if ((*at)->until < (*first)->until)
			first = at;
	}
	if (n >= RA_WITHDRAWN_MAX)
		drop(first);
}

static void add(struct ra_withdrawn **list, struct ra_option *thing, mtime now)
{
	uint8_t bytes[RA_OPTION_MAX];
	struct wire_writer w = wire_writer(bytes, sizeof(bytes));
	mtime until = mtime_after_lifetime(now, ra_option_lifetime(thing));

	ra_option_end(thing);
	ra_option_put(&w, thing);
	if (w.bad)
		return;
	for (struct ra_withdrawn *item = *list; item; item = item->next) {
		if (item->len == w.at && memcmp(item->bytes, bytes, w.at) == 0) {
			item->until = mtime_max(item->until, until);
			return;
		}
	}
	bound(list);
	struct ra_withdrawn *item = mem_new(1, sizeof(*item) + w.at);

	item->until = until;
	item->len = w.at;
	memcpy(item->bytes, bytes, w.at);
	item->next = *list;
	*list = item;
}

void ra_withdrawn_update(struct ra_withdrawn **list, const struct ra_source *old_source,
			 const struct ra_source *now_source, mtime now)
{
	struct ra_option_walk walk = {0};
	struct ra_option option, part;

	drop_returned(list, now_source);
	while (old_source && ra_option_next_made(old_source, &walk, &option)) {
		for (size_t i = 0; ra_option_split(&option, i, &part); i++) {
			if (ra_option_lifetime(&part) > 0 &&
			    !ra_option_source_has(now_source, &part))
				add(list, &part, now);
		}
	}
}

struct ra_withdrawn *ra_withdrawn_copy(const struct ra_withdrawn *list)
{
	struct ra_withdrawn *copy = NULL, **at = &copy;

	for (; list; list = list->next) {
		*at = mem_new(1, sizeof(**at) + list->len);
		(*at)->until = list->until;
		(*at)->len = list->len;
		memcpy((*at)->bytes, list->bytes, list->len);
		at = &(*at)->next;
	}
	return copy;
}

void ra_withdrawn_expire(struct ra_withdrawn **list, mtime now)
{
	while (*list) {
		if ((*list)->until <= now)
			drop(list);
		else
			list = &(*list)->next;
	}
}

void ra_withdrawn_free(struct ra_withdrawn **list)
{
	while (*list)
		drop(list);
}

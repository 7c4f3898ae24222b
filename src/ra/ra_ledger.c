/* SPDX-License-Identifier: ISC */
/*
 * The ledger of prefixes. A host keeps a prefix for the valid lifetime it was told last, so one
 * that vanishes stays in the ledger for that long and is announced with lifetimes 0, its flags as
 * they were: that ends its use at once (RFC 4862 section 5.5.3 lets a host keep the addresses valid
 * for two hours, but they are deprecated). One that comes back is simply there again.
 *
 * Ends that jump by a second or two are the same ends: the kernel tells whole seconds.
 */
#include "config.h"

#include "ra/ra_ledger.h"

#include <stdlib.h>

#include "base/mem.h"

/* A prefix that was told not to end is announced as gone for this long: 30 days. */
#define GONE_MOST (30 * 86400 * SEC)
#define JITTER    (2 * SEC)

void ra_ledger_fini(struct ra_ledger *ledger)
{
	free(ledger->entries);
	*ledger = (struct ra_ledger){0};
}

/* What is delegated may be the same prefix as one on the link, but never becomes that. */
static struct ra_ledger_entry *find(struct ra_ledger *ledger, const struct ra_prefix *prefix)
{
	for (size_t i = 0; i < ledger->n; i++) {
		const struct ra_prefix *known = &ledger->entries[i].prefix;

		if (ip6_prefix_equal(&known->prefix, &prefix->prefix) &&
		    !known->delegation == !prefix->delegation)
			return &ledger->entries[i];
	}
	return NULL;
}

static struct ra_ledger_entry *add(struct ra_ledger *ledger)
{
	ledger->entries =
		mem_grow(ledger->entries, &ledger->room, ledger->n + 1, sizeof(*ledger->entries));
	return &ledger->entries[ledger->n++];
}

static void drop(struct ra_ledger *ledger, size_t i)
{
	for (ledger->n--; i < ledger->n; i++)
		ledger->entries[i] = ledger->entries[i + 1];
}

void ra_ledger_begin(struct ra_ledger *ledger)
{
	for (size_t i = 0; i < ledger->n; i++)
		ledger->entries[i].seen = false;
}

static mtime steady(mtime old, mtime now_end)
{
	if (old == MTIME_NEVER || now_end == MTIME_NEVER)
		return now_end;
	return old - now_end <= JITTER && now_end - old <= JITTER ? old : now_end;
}

static bool is_same(const struct ra_prefix *a, const struct ra_prefix *b)
{
	return a->on_link == b->on_link && a->autonomous == b->autonomous &&
	       a->pd_preferred == b->pd_preferred && a->delegation == b->delegation &&
	       a->preferred == b->preferred && a->valid == b->valid &&
	       a->preferred_end == b->preferred_end && a->valid_end == b->valid_end;
}

void ra_ledger_see(struct ra_ledger *ledger, const struct ra_prefix *prefix)
{
	struct ra_ledger_entry *entry = find(ledger, prefix);
	struct ra_prefix seen = *prefix;

	seen.decrementing = true;
	if (!entry) {
		entry = add(ledger);
		*entry = (struct ra_ledger_entry){.prefix = seen};
	}
	if (entry->seen) {
		seen.preferred_end = mtime_max(seen.preferred_end, entry->now.preferred_end);
		seen.valid_end = mtime_max(seen.valid_end, entry->now.valid_end);
	}
	entry->now = seen;
	entry->seen = true;
}

void ra_ledger_see_counted(struct ra_ledger *ledger, const struct ra_prefix *prefix, mtime now)
{
	const struct ra_ledger_entry *entry = find(ledger, prefix);
	struct ra_prefix seen = *prefix;

	if (entry && entry->prefix.preferred == prefix->preferred &&
	    entry->prefix.valid == prefix->valid) {
		seen.preferred_end = entry->prefix.preferred_end;
		seen.valid_end = entry->prefix.valid_end;
	} else {
		seen.preferred_end = mtime_after_lifetime(now, prefix->preferred);
		seen.valid_end = mtime_after_lifetime(now, prefix->valid);
	}
	ra_ledger_see(ledger, &seen);
}

/* Takes over what was seen in the round; whether it is something else than before. */
static bool take_over(struct ra_ledger_entry *entry)
{
	struct ra_prefix seen = entry->now;
	bool changed = !entry->present;

	if (entry->present) {
		seen.preferred_end = steady(entry->prefix.preferred_end, seen.preferred_end);
		seen.valid_end = steady(entry->prefix.valid_end, seen.valid_end);
		changed = !is_same(&entry->prefix, &seen);
	}
	entry->prefix = seen;
	entry->present = true;
	return changed;
}

/* It has vanished. What hosts were told lately is what they know at most. */
static void vanish(struct ra_ledger_entry *entry, mtime now)
{
	uint32_t told = ra_prefix_lifetimes(&entry->prefix, now).valid;

	entry->present = false;
	entry->until = mtime_min(mtime_after_lifetime(now, told), mtime_add(now, GONE_MOST));
}

static bool is_forgotten(const struct ra_ledger_entry *entry, mtime now)
{
	return !entry->present && entry->until <= now;
}

/* Keeps the number of those gone within its bound. */
static void bound(struct ra_ledger *ledger)
{
	for (;;) {
		size_t n = 0, first = 0;

		for (size_t i = 0; i < ledger->n; i++) {
			const struct ra_ledger_entry *entry = &ledger->entries[i];

			if (entry->present)
				continue;
			if (n++ == 0 || entry->until < ledger->entries[first].until)
				first = i;
		}
		if (n <= RA_LEDGER_GONE_MAX)
			return;
		drop(ledger, first);
	}
}

bool ra_ledger_end(struct ra_ledger *ledger, mtime now)
{
	bool changed = false;

	for (size_t i = ledger->n; i-- > 0;) {
		struct ra_ledger_entry *entry = &ledger->entries[i];

		if (entry->seen) {
			changed = take_over(entry) || changed;
		} else if (entry->present) {
			vanish(entry, now);
			changed = true;
		}
		if (is_forgotten(entry, now)) {
			drop(ledger, i);
			changed = true;
		}
	}
	bound(ledger);
	return changed;
}

void ra_ledger_return(struct ra_ledger *ledger, const struct ip6_prefix *prefix)
{
	const struct ra_prefix on_link = {.prefix = *prefix};
	const struct ra_ledger_entry *entry = find(ledger, &on_link);

	if (entry && !entry->present)
		drop(ledger, (size_t)(entry - ledger->entries));
}

void ra_ledger_restore(struct ra_ledger *ledger, const struct ra_ledger_entry *entry)
{
	if (!find(ledger, &entry->prefix))
		*add(ledger) = *entry;
	bound(ledger);
}

struct ra_prefix ra_ledger_told(const struct ra_ledger_entry *entry)
{
	struct ra_prefix told = entry->prefix;

	if (entry->present)
		return told;
	told.decrementing = false;
	told.preferred = 0;
	told.valid = 0;
	return told;
}

mtime ra_ledger_wake(const struct ra_ledger *ledger, mtime now)
{
	mtime wake = MTIME_NEVER;

	for (size_t i = 0; i < ledger->n; i++) {
		const struct ra_ledger_entry *entry = &ledger->entries[i];
		mtime end = entry->present ? entry->prefix.valid_end : entry->until;

		if (end > now)
			wake = mtime_min(wake, end);
	}
	return wake;
}

/* SPDX-License-Identifier: ISC */
/*
 * The prefixes of a network that come and go or whose lifetimes count down, and those that are
 * gone but that hosts still know: for these it is announced for as long as they may (RFC 9096
 * section 3.5).
 *
 * It is told what is there in rounds: ra_ledger_begin(), ra_ledger_see() for each prefix,
 * ra_ledger_end().
 */
#ifndef SEXTANT_RA_RA_LEDGER_H
#define SEXTANT_RA_RA_LEDGER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/mtime.h"
#include "ra/ra_conf.h"

enum { RA_LEDGER_GONE_MAX = 64 }; /* past it, what hosts forget first is no longer announced */

struct ra_ledger_entry {
	struct ra_prefix prefix; /* as it is, or last was; decrementing */
	bool present;
	bool seen; /* in this round, as `now` */
	struct ra_prefix now;
	mtime until; /* if it is gone: when the last host has forgotten it */
};

/* All zero is an empty one. */
struct ra_ledger {
	struct ra_ledger_entry *entries; /* owned */
	size_t n, room;
};

void ra_ledger_fini(struct ra_ledger *ledger);

void ra_ledger_begin(struct ra_ledger *ledger);

/*
 * The prefix is there. With ends of its own (`decrementing`, from an interface), of two that are
 * the same the longer lived counts. ra_ledger_see_counted() is for one whose lifetimes count down
 * from when it was first seen: the ends are kept as long as `preferred` and `valid` are.
 */
void ra_ledger_see(struct ra_ledger *ledger, const struct ra_prefix *prefix);
void ra_ledger_see_counted(struct ra_ledger *ledger, const struct ra_prefix *prefix, mtime now);

/* What was not seen is gone. Whether anything changed that hosts or clients must hear of. */
bool ra_ledger_end(struct ra_ledger *ledger, mtime now);

/*
 * The prefix is on the link by other means, outside of the ledger: if it is gone here, that is
 * forgotten. Should it go there, that knows for how long it was told.
 */
void ra_ledger_return(struct ra_ledger *ledger, const struct ip6_prefix *prefix);

/* Adds an entry as it was saved; for the start. */
void ra_ledger_restore(struct ra_ledger *ledger, const struct ra_ledger_entry *entry);

/* What is to be told of an entry: itself, or lifetimes of 0 with the same flags. */
struct ra_prefix ra_ledger_told(const struct ra_ledger_entry *entry);

/* When the next round is wanted because of time alone; MTIME_NEVER: not at all. */
mtime ra_ledger_wake(const struct ra_ledger *ledger, mtime now);

#endif

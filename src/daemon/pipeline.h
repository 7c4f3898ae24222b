/* SPDX-License-Identifier: ISC */
/*
 * The way of a packet from a step to the wire: what depends on lease changes waits for the commit
 * that puts them on disk, everything else leaves with the batch it was decided in.
 *
 * Two batches of lease changes exist at most: one that the store thread commits, and the open one
 * that collects meanwhile. That is group commit without a timer.
 */
#ifndef SEXTANT_DAEMON_PIPELINE_H
#define SEXTANT_DAEMON_PIPELINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fx.h"
#include "lease/lease.h"
#include "lease/store.h"

struct event_base;
struct pipeline;

/* Puts packets on the wire; borrows them. */
typedef void (*pipeline_send_fn)(void *arg, const struct fx_send *sends, size_t n);

/* Told when the pipeline begins to hold as much as it may, and when there is room again. */
typedef void (*pipeline_busy_fn)(void *arg, bool busy);

/* Told of the rows of each batch that is on disk now, before its replies leave; borrows them. */
typedef void (*pipeline_stored_fn)(void *arg, const struct lease_row *rows, size_t n);

struct pipeline_stats {
	uint64_t commits, failed_commits;
	uint64_t rows;            /* lease rows stored */
	mtime longest_commit;     /* from handing over to the result */
	uint64_t replies_held;    /* replies that waited for a commit */
	uint64_t replies_dropped; /* of those, dropped because it failed or took too long */
};

/*
 * Borrows the event base and the table; starts the store thread, which owns the store until
 * pipeline_free(). NULL with errno.
 */
struct pipeline *pipeline_new(struct event_base *base, struct lease_table *table,
			      struct store *store, pipeline_send_fn send, pipeline_busy_fn busy,
			      void *arg);

/* Waits for a commit under way. */
void pipeline_free(struct pipeline *pipeline);

/* Takes over what a step left in the fx: its packets, and the lease changes it made. */
void pipeline_take(struct pipeline *pipeline, const struct fx *fx);

/* After a batch of steps: sends what need not wait, and hands the open batch to the store. */
void pipeline_flush(struct pipeline *pipeline);

/* Has the store keep a value under a name; see store_queue_put_meta(). */
void pipeline_put_meta(struct pipeline *pipeline, const char *name, const void *bytes, size_t len);

/* Calls `idle` once nothing is open or under way; at once if so now. */
void pipeline_when_idle(struct pipeline *pipeline, void (*idle)(void *arg), void *arg);

/*
 * Calls `undone` each time a commit failed and what was decided since was taken back: the table is
 * as it was before, so what was to be done next is to be asked anew. NULL: nobody.
 */
void pipeline_when_undone(struct pipeline *pipeline, void (*undone)(void *arg), void *arg);

/* Calls `stored` with `arg`; NULL: nobody. */
void pipeline_when_stored(struct pipeline *pipeline, pipeline_stored_fn stored, void *arg);

const struct pipeline_stats *pipeline_stats(const struct pipeline *pipeline);

#endif

/* SPDX-License-Identifier: ISC */
/*
 * The batch pipeline. pipeline_take() after each step, pipeline_flush() after each batch of
 * received packets; results of the store thread come back through its eventfd.
 *
 * A commit that failed undoes its batch and the one decided on top of it and drops the replies of
 * both: the clients' retransmissions find a consistent state. It is said once, and again when a
 * commit succeeds. After a failure the next attempt waits a little, so that a full disk does not
 * make the daemon spin; what is decided meanwhile is collected within the same bound as always.
 */
#include "config.h"

#include "daemon/pipeline.h"

#include <stdlib.h>
#include <time.h>

#include <event2/event.h>

#include "base/mem.h"
#include "daemon/clock.h"
#include "daemon/log.h"
#include "daemon/outbox.h"
#include "lease/store_queue.h"

/* What the open batch may collect while a commit takes its time: then "busy" is said. */
enum {
	OPEN_BYTES_MAX = 8 * 1024 * 1024,
	RETRY_AFTER_MS = 250,
};

struct pipeline {
	struct lease_table *table;
	struct store *store;
	struct store_queue *queue;
	struct event *result_event; /* the queue's eventfd */
	struct event *retry_event;  /* end of the pause after a failed commit */
	pipeline_send_fn send;
	pipeline_busy_fn busy;
	void *arg;
	struct outbox now;         /* need not wait */
	struct outbox open;        /* wait for the open batch */
	struct outbox sealed;      /* wait for the batch under way */
	struct outbox leaving;     /* waited for the one before it: to be sent */
	struct lease_batch *batch; /* under way, or NULL */
	size_t batch_rows;
	mtime submitted; /* when the batch under way was */
	bool pausing;    /* after a failure */
	bool failing;    /* the last commit failed, and this was said */
	uint64_t failures;
	bool upkeep_failing; /* likewise */
	bool is_busy;
	void (*idle)(void *arg);
	void *idle_arg;
	void (*undone)(void *arg);
	void *undone_arg;
	pipeline_stored_fn stored;
	void *stored_arg;
	struct pipeline_stats stats;
};

static void send_all(struct pipeline *pipeline, struct outbox *box)
{
	size_t n;
	const struct fx_send *sends = outbox_sends(box, &n);

	if (n)
		pipeline->send(pipeline->arg, sends, n);
	outbox_clear(box);
}

/* A client is told nothing of a lease that it may have no longer: it will ask again. */
static void send_held(struct pipeline *pipeline, struct outbox *box)
{
	pipeline->stats.replies_dropped += outbox_drop_late(box, clock_now());
	send_all(pipeline, box);
}

static void update_busy(struct pipeline *pipeline)
{
	bool busy = lease_open_changes(pipeline->table) >= LEASE_OPEN_MAX ||
		    pipeline->open.used >= OPEN_BYTES_MAX;

	if (busy == pipeline->is_busy)
		return;
	pipeline->is_busy = busy;
	pipeline->busy(pipeline->arg, busy);
}

/* Hands the open batch to the store thread, unless one is under way or a pause is on. */
static void submit(struct pipeline *pipeline)
{
	if (pipeline->batch || pipeline->pausing)
		return;
	pipeline->batch = lease_batch_seal(pipeline->table, clock_unix_offset());
	if (!pipeline->batch) {
		/* Held only so that they do not overtake a batch that has ended by now. */
		send_held(pipeline, &pipeline->leaving);
		send_held(pipeline, &pipeline->open);
	} else {
		struct outbox empty = pipeline->sealed;
		const struct lease_row *rows =
			lease_batch_rows(pipeline->batch, &pipeline->batch_rows);

		pipeline->sealed = pipeline->open;
		pipeline->open = empty;
		pipeline->submitted = clock_now();
		store_queue_submit(pipeline->queue, rows, pipeline->batch_rows);
	}
	update_busy(pipeline);
}

static void report_idle(struct pipeline *pipeline)
{
	void (*idle)(void *arg) = pipeline->idle;

	if (!idle || pipeline->batch || pipeline->open.n || lease_open_changes(pipeline->table))
		return;
	pipeline->idle = NULL;
	idle(pipeline->idle_arg);
}

static void commit_succeeded(struct pipeline *pipeline)
{
	const struct lease_row *rows = lease_batch_rows(pipeline->batch, &pipeline->batch_rows);
	struct outbox empty = pipeline->leaving;
	struct logline line, *l;

	if (pipeline->stored)
		pipeline->stored(pipeline->stored_arg, rows, pipeline->batch_rows);
	lease_batch_done(pipeline->table, pipeline->batch, /* stored= */ true);
	pipeline->stats.commits++;
	pipeline->stats.rows += pipeline->batch_rows;
	pipeline->stats.replies_held += pipeline->sealed.n;
	pipeline->leaving = pipeline->sealed;
	pipeline->sealed = empty;
	if (!pipeline->failing)
		return;
	l = log_begin(&line, LOG_LEVEL_WARNING, "store-recovered");
	logline_u64(l, "failures", pipeline->failures);
	log_end(l);
	pipeline->failing = false;
	pipeline->failures = 0;
}

static void commit_failed(struct pipeline *pipeline, const struct store_error *error)
{
	const struct timeval pause = {.tv_usec = RETRY_AFTER_MS * 1000};
	size_t dropped = pipeline->sealed.n + pipeline->open.n;
	struct logline line, *l;

	lease_batch_done(pipeline->table, pipeline->batch, /* stored= */ false);
	outbox_clear(&pipeline->sealed);
	outbox_clear(&pipeline->open);
	pipeline->stats.failed_commits++;
	pipeline->stats.replies_dropped += dropped;
	pipeline->failures++;
	pipeline->pausing = true;
	evtimer_add(pipeline->retry_event, &pause);
	if (pipeline->failing)
		return;
	pipeline->failing = true;
	l = log_begin(&line, LOG_LEVEL_ERROR, "store-failed");
	logline_quoted(l, "error", error->text);
	logline_u64(l, "replies-dropped", dropped);
	logline_quoted(l, "effect", "no lease is given or changed until the store works again");
	log_end(l);
}

/* What the store does besides commits is nobody's Reply, but somebody has to know. */
static void look_at_upkeep(struct pipeline *pipeline)
{
	struct store_error error;
	bool failing = store_queue_upkeep(pipeline->queue, &error) < 0;
	struct logline line, *l;

	if (failing == pipeline->upkeep_failing)
		return;
	pipeline->upkeep_failing = failing;
	l = log_begin(&line, LOG_LEVEL_WARNING,
		      failing ? "store-upkeep-failed" : "store-upkeep-recovered");
	if (failing)
		logline_quoted(l, "error", error.text);
	log_end(l);
}

static void on_result(evutil_socket_t fd, short what, void *arg)
{
	struct pipeline *pipeline = arg;
	struct store_error error;
	mtime took;
	int status;

	(void)fd;
	(void)what;
	if (!store_queue_result(pipeline->queue, &status, &error))
		return;
	took = clock_now() - pipeline->submitted;
	if (took > pipeline->stats.longest_commit)
		pipeline->stats.longest_commit = took;
	if (status == 0)
		commit_succeeded(pipeline);
	else
		commit_failed(pipeline, &error);
	pipeline->batch = NULL;
	if (status != 0 && pipeline->undone)
		pipeline->undone(pipeline->undone_arg);
	/* The next batch first: it is being committed while the replies of this one are sent. */
	submit(pipeline);
	send_held(pipeline, &pipeline->leaving);
	look_at_upkeep(pipeline);
	report_idle(pipeline);
}

static void on_retry(evutil_socket_t fd, short what, void *arg)
{
	struct pipeline *pipeline = arg;

	(void)fd;
	(void)what;
	pipeline->pausing = false;
	submit(pipeline);
	report_idle(pipeline);
}

struct pipeline *pipeline_new(struct event_base *base, struct lease_table *table,
			      struct store *store, pipeline_send_fn send, pipeline_busy_fn busy,
			      void *arg)
{
	struct store_queue *queue = store_queue_start(store);

	if (!queue)
		return NULL;
	struct pipeline *pipeline = mem_new(1, sizeof(*pipeline));

	pipeline->table = table;
	pipeline->store = store;
	pipeline->queue = queue;
	pipeline->send = send;
	pipeline->busy = busy;
	pipeline->arg = arg;
	pipeline->result_event =
		event_new(base, store_queue_fd(queue), EV_READ | EV_PERSIST, on_result, pipeline);
	pipeline->retry_event = evtimer_new(base, on_retry, pipeline);
	if (event_add(pipeline->result_event, NULL) == 0)
		return pipeline;
	pipeline_free(pipeline);
	return NULL;
}

void pipeline_free(struct pipeline *pipeline)
{
	struct store_error error;
	int status;

	if (!pipeline)
		return;
	store_queue_stop(pipeline->queue);
	if (pipeline->batch && store_queue_result(pipeline->queue, &status, &error))
		lease_batch_done(pipeline->table, pipeline->batch, status == 0);
	store_queue_free(pipeline->queue);
	event_free(pipeline->result_event);
	event_free(pipeline->retry_event);
	outbox_free(&pipeline->now);
	outbox_free(&pipeline->open);
	outbox_free(&pipeline->sealed);
	outbox_free(&pipeline->leaving);
	free(pipeline);
}

void pipeline_take(struct pipeline *pipeline, const struct fx *fx)
{
	for (size_t i = 0; i < fx->n_sends; i++)
		outbox_add(fx->sends[i].held ? &pipeline->open : &pipeline->now, &fx->sends[i]);
	update_busy(pipeline);
}

void pipeline_flush(struct pipeline *pipeline)
{
	send_all(pipeline, &pipeline->now);
	submit(pipeline);
	report_idle(pipeline);
}

void pipeline_put_meta(struct pipeline *pipeline, const char *name, const void *bytes, size_t len)
{
	store_queue_put_meta(pipeline->queue, name, bytes, len);
}

void pipeline_when_idle(struct pipeline *pipeline, void (*idle)(void *arg), void *arg)
{
	pipeline->idle = idle;
	pipeline->idle_arg = arg;
	submit(pipeline);
	report_idle(pipeline);
}

void pipeline_when_undone(struct pipeline *pipeline, void (*undone)(void *arg), void *arg)
{
	pipeline->undone = undone;
	pipeline->undone_arg = arg;
}

void pipeline_when_stored(struct pipeline *pipeline, pipeline_stored_fn stored, void *arg)
{
	pipeline->stored = stored;
	pipeline->stored_arg = arg;
}

const struct pipeline_stats *pipeline_stats(const struct pipeline *pipeline)
{
	return &pipeline->stats;
}

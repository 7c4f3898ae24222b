/* SPDX-License-Identifier: ISC */
/*
 * Steps of the wall clock. Decisions are made on another clock, so a step ends no lease; but the
 * store has Unix times, by which the next start goes. After a step every lease is stored again, a
 * few at a time in the batches that are made anyway, with times by the new clock; so are prefixes.
 *
 * The kernel tells of a step by cancelling a timer that is far away. A commit that fails takes back
 * what was to be stored again with it, so the walk begins anew then.
 */
#include "config.h"

#include <errno.h>
#include <string.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "daemon/clock.h"
#include "daemon/log.h"
#include "daemon/state.h"

enum {
	CHUNK = 1024,    /* leases that are put into one batch */
	PAUSE_MS = 10,   /* before the next look at whether there is room for more */
	NOTICED_MS = 500 /* what the store's whole seconds do not show is no step */
};

static void go_on(struct daemon_wallclock *clock)
{
	static const struct timeval pause = {.tv_usec = PAUSE_MS * 1000};

	evtimer_add(clock->walk_event, &pause);
}

static void on_walk(evutil_socket_t fd, short what, void *arg)
{
	struct daemon *d = arg;
	struct daemon_wallclock *clock = &d->wallclock;

	(void)fd;
	(void)what;
	if (lease_open_changes(d->leases) >= CHUNK) {
		go_on(clock);
		return;
	}
	if (lease_restate(d->leases, &clock->cursor, CHUNK))
		go_on(clock);
	pipeline_flush(d->pipeline);
}

static void begin_walk(struct daemon *d)
{
	d->wallclock.cursor = 0;
	go_on(&d->wallclock);
}

/* The last second that there is: any before it may be in the past of a clock that was set. */
#define LAST_SECOND ((time_t)(sizeof(time_t) > 4 ? INT64_MAX : INT32_MAX))

/* Asks to be told of the next step: a timer for a day that does not come. */
static bool watch(int fd)
{
	const struct itimerspec never = {.it_value.tv_sec = LAST_SECOND};

	return timerfd_settime(fd, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &never, NULL) == 0;
}

static void on_cancel(evutil_socket_t fd, short what, void *arg)
{
	struct daemon *d = arg;
	struct daemon_wallclock *clock = &d->wallclock;
	int64_t offset = clock_unix_offset(), by = offset - clock->offset;
	struct logline line, *l;
	uint64_t times;

	(void)what;
	/* -1 with ECANCELED after a step. */
	if (read(fd, &times, sizeof(times)) < 0 && errno != ECANCELED)
		return;
	watch(fd);
	if (by > -NOTICED_MS && by < NOTICED_MS)
		return;
	clock->offset = offset;
	clock->stepped = true;
	l = log_begin(&line, LOG_LEVEL_WARNING, "clock-stepped");
	logline_str(l, "direction", by < 0 ? "back" : "forward");
	logline_u64(l, "seconds", (uint64_t)(((by < 0 ? -by : by) + SEC / 2) / SEC));
	log_end(l);
	begin_walk(d);
	prefixes_save(d);
}

bool wallclock_init(struct daemon *d)
{
	struct daemon_wallclock *clock = &d->wallclock;
	int fd = timerfd_create(CLOCK_REALTIME, TFD_CLOEXEC | TFD_NONBLOCK);

	if (fd < 0)
		return false;
	if (!watch(fd)) {
		close(fd);
		return false;
	}
	clock->offset = clock_unix_offset();
	clock->cancel_event = event_new(d->base, fd, EV_READ | EV_PERSIST, on_cancel, d);
	clock->walk_event = evtimer_new(d->base, on_walk, d);
	event_priority_set(clock->walk_event, PRIORITY_BULK);
	return event_add(clock->cancel_event, NULL) == 0;
}

void wallclock_undone(struct daemon *d)
{
	if (d->wallclock.stepped)
		begin_walk(d);
}

void wallclock_finish(struct daemon *d)
{
	if (!evtimer_pending(d->wallclock.walk_event, NULL))
		return;
	evtimer_del(d->wallclock.walk_event);
	lease_restate(d->leases, &d->wallclock.cursor, SIZE_MAX);
}

void wallclock_fini(struct daemon *d)
{
	struct daemon_wallclock *clock = &d->wallclock;

	if (!clock->cancel_event)
		return;
	close(event_get_fd(clock->cancel_event));
	event_free(clock->cancel_event);
	event_free(clock->walk_event);
}

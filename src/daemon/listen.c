/* SPDX-License-Identifier: ISC */
/*
 * What the event loop listens to. Without one of these the daemon would go on and be deaf to some
 * of its clients, or to being stopped; so it ends, and whoever watches over it starts it again.
 */
#include "config.h"

#include "daemon/listen.h"

#include "daemon/log.h"
#include "daemon/state.h"

static void on_message(int severity, const char *text)
{
	struct logline line, *l;

	l = log_begin(&line, severity == EVENT_LOG_ERR ? LOG_LEVEL_ERROR : LOG_LEVEL_WARNING,
		      "event-loop");
	logline_quoted(l, "error", text);
	log_end(l);
}

void listen_init(void)
{
	event_set_log_callback(on_message);
}

void listen_add(struct daemon *d, struct event *event)
{
	struct logline line, *l;

	if (event_add(event, NULL) == 0)
		return;
	l = log_begin(&line, LOG_LEVEL_ERROR, "listen-failed");
	logline_quoted(l, "error",
		       "the kernel does not tell of what comes in, for the reason above");
	log_end(l);
	d->failed = true;
	event_base_loopbreak(d->base);
}

struct event *listen_read(struct daemon *d, int fd, int priority, event_callback_fn fn, void *arg)
{
	struct event *event = event_new(d->base, fd, EV_READ | EV_PERSIST, fn, arg);

	event_priority_set(event, priority);
	listen_add(d, event);
	return event;
}

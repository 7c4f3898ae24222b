/* SPDX-License-Identifier: ISC */
/*
 * What the event loop listens to. Without one of these the daemon would go on and be deaf to some
 * of its clients, or to being stopped; so it ends, and whoever watches over it starts it again.
 */
#include "config.h"

#include "daemon/listen.h"

#include <string.h>

#include "daemon/log.h"
#include "daemon/state.h"

enum { REST_MS = 100 };

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

static void on_rested(evutil_socket_t fd, short what, void *arg)
{
	struct daemon_ns *ns = arg;

	(void)fd;
	(void)what;
	listen_add(ns->daemon, ns->icmp_event);
	if (ns->udp_event)
		listen_add(ns->daemon, ns->udp_event);
}

static void say_unread(struct daemon_ns *ns, enum net_proto proto, int err)
{
	struct logline line, *l = log_begin(&line, LOG_LEVEL_ERROR, "receive-failed");

	logline_str(l, "socket", proto == NET_UDP ? "udp" : "icmp6");
	if (ns->name)
		logline_str(l, "netns", ns->name);
	logline_quoted(l, "error", strerror(err));
	log_end(l);
}

void listen_look(struct daemon_ns *ns, enum net_proto proto)
{
	static const struct timeval rest = {.tv_usec = REST_MS * 1000};
	int err = -net_recv_error(ns->net, proto);

	if (err && !ns->unread[proto])
		say_unread(ns, proto, err);
	ns->unread[proto] = err != 0;
	if (!err)
		return;
	if (!ns->rest_event)
		ns->rest_event = evtimer_new(ns->daemon->base, on_rested, ns);
	event_del(proto == NET_UDP ? ns->udp_event : ns->icmp_event);
	evtimer_add(ns->rest_event, &rest);
}

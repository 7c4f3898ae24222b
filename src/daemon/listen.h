/* SPDX-License-Identifier: ISC */
/*
 * Descriptors and signals in the event loop.
 */
#ifndef SEXTANT_DAEMON_LISTEN_H
#define SEXTANT_DAEMON_LISTEN_H

#include <event2/event.h>

#include "net/net_ns.h"

struct daemon;
struct daemon_ns;

/* What libevent has to say goes into the log, like everything else. */
void listen_init(void);

/* Adds the event. What cannot be listened to is said, and the daemon ends: daemon.failed. */
void listen_add(struct daemon *d, struct event *event);

/* An event for reading, added; the caller frees it. */
struct event *listen_read(struct daemon *d, int fd, int priority, event_callback_fn fn, void *arg);

/* After net_recv(): a socket that cannot be read rests for a moment, and that is said once. */
void listen_look(struct daemon_ns *ns, enum net_proto proto);

#endif

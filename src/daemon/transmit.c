/* SPDX-License-Identifier: ISC */
/*
 * Packets to the sockets. What the kernel cannot take now (a full device queue, a full neighbour
 * table) is kept and tried again a little later, a bounded number of times and within bounded
 * memory; that is said once, and once when sending works again.
 */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "daemon/log.h"
#include "daemon/state.h"

enum {
	LATER_MS = 20,
	LATER_TRIES = 25, /* half a second in all: then the client asks again anyway */
	LATER_BYTES_MAX = 1024 * 1024,
};

static void keep(struct daemon *d, const struct fx_send *send)
{
	const struct timeval delay = {.tv_usec = LATER_MS * 1000};

	if (d->later.used + send->len > LATER_BYTES_MAX) {
		d->sends_lost++;
		return;
	}
	outbox_add(&d->later, send);
	if (!evtimer_pending(d->later_timer, NULL))
		evtimer_add(d->later_timer, &delay);
}

static void say_failing(struct daemon *d, const struct daemon_link *link, int status)
{
	struct logline line, *l;

	if (d->sending_fails)
		return;
	d->sending_fails = true;
	l = log_begin(&line, LOG_LEVEL_WARNING, "send-failed");
	logline_str(l, "link", link->name);
	logline_quoted(l, "error", strerror(-status));
	logline_quoted(l, "hint",
		       net_is_transient(status)
			       ? "sent again shortly; if this lasts, look at "
				 "net.ipv6.neigh.default.gc_thresh3, one table for all namespaces"
			       : "the interface cannot send");
	log_end(l);
}

static void say_recovered(struct daemon *d)
{
	struct logline line, *l;

	if (!d->sending_fails)
		return;
	d->sending_fails = false;
	l = log_begin(&line, LOG_LEVEL_INFO, "send-recovered");
	logline_u64(l, "lost", d->sends_lost);
	log_end(l);
}

/* Sends a run of packets that all leave by one namespace. */
static void send_run(struct daemon *d, struct daemon_ns *ns, const struct fx_send *sends,
		     const size_t *which, size_t n)
{
	size_t sent = net_send(ns->net, d->outs, n);

	if (sent == n) {
		say_recovered(d);
		return;
	}
	for (size_t i = 0; i < n; i++) {
		const struct fx_send *send = &sends[which[i]];
		int status = d->outs[i].status;

		if (status == 0)
			continue;
		say_failing(d, links_get(d, send->link), status);
		if (net_is_transient(status))
			keep(d, send);
		else
			d->sends_lost++;
	}
}

static struct net_out to_out(const struct daemon_link *link, const struct fx_send *send)
{
	return (struct net_out){
		.proto = send->proto == FX_ICMP6 ? NET_ICMP6 : NET_UDP,
		.data = send->data,
		.len = send->len,
		.ifindex = link->ifindex,
		.src = send->src,
		.dst = send->dst,
		.port = send->port,
	};
}

void transmit(void *arg, const struct fx_send *sends, size_t n)
{
	struct daemon *d = arg;
	size_t which[NET_BATCH];
	struct daemon_ns *ns = NULL;
	size_t run = 0;

	d->outs = mem_grow(d->outs, &d->outs_cap, NET_BATCH, sizeof(*d->outs));
	for (size_t i = 0; i < n; i++) {
		/* A link can go between a decision and its commit. */
		const struct daemon_link *link = links_get(d, sends[i].link);

		if (!link) {
			d->sends_lost++;
			continue;
		}
		if (run && (link->ns != ns || run == NET_BATCH)) {
			send_run(d, ns, sends, which, run);
			run = 0;
		}
		ns = link->ns;
		which[run] = i;
		d->outs[run++] = to_out(link, &sends[i]);
	}
	if (run)
		send_run(d, ns, sends, which, run);
}

void transmit_fx(struct daemon *d)
{
	if (d->fx->n_sends)
		transmit(d, d->fx->sends, d->fx->n_sends);
	log_fx(d->fx);
}

static void on_later(evutil_socket_t fd, short what, void *arg)
{
	struct daemon *d = arg;
	struct outbox again = d->later;
	size_t n;

	(void)fd;
	(void)what;
	d->later = (struct outbox){0};
	if (++d->later_tries > LATER_TRIES) {
		d->sends_lost += again.n;
	} else {
		const struct fx_send *sends = outbox_sends(&again, &n);

		transmit(d, sends, n);
	}
	if (d->later.n == 0)
		d->later_tries = 0;
	outbox_free(&again);
}

bool transmit_init(struct daemon *d)
{
	d->later_timer = evtimer_new(d->base, on_later, d);
	return d->later_timer != NULL;
}

void transmit_fini(struct daemon *d)
{
	if (d->later_timer)
		event_free(d->later_timer);
	outbox_free(&d->later);
	free(d->outs);
}

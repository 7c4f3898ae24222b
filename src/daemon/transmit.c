/* SPDX-License-Identifier: ISC */
/*
 * Packets to the sockets. What the kernel cannot take now (a full device queue, a full neighbour
 * table, a buffer full of what waits for neighbours that never answer) goes out as a frame to a
 * group, or to where the question came from if it is an answer and that is known; else it is kept
 * and tried again a little later, a bounded number of times and within bounded memory. A link on
 * which it fails again says so once, and once when it works again; where many links fail together,
 * as they do when the neighbour table is full, only some say it.
 *
 * An advertisement that waits is forgotten when a newer one of the same router goes to the same
 * hosts: sent after it, it would take back what that says.
 */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/ip6.h"
#include "base/mem.h"
#include "daemon/clock.h"
#include "daemon/log.h"
#include "daemon/state.h"
#include "net/net_direct.h"

enum {
	LATER_MS = 20,
	LATER_TRIES = 25, /* half a second in all: then the client asks again anyway */
	LATER_BYTES_MAX = 1024 * 1024,
	LINES = 1, /* `send-failed` a second, and at most at once */
	LINES_BURST = 8,
};

/* Of no link: what it is put on is not sent. */
static const uint32_t no_link = UINT32_MAX;

static void lose(struct daemon *d, struct daemon_link *link)
{
	d->sends_lost++;
	link->sends_lost++;
}

static void keep(struct daemon *d, struct daemon_link *link, const struct fx_send *send)
{
	const struct timeval delay = {.tv_usec = LATER_MS * 1000};

	if (d->later.used + send->len > LATER_BYTES_MAX) {
		lose(d, link);
		return;
	}
	outbox_add(&d->later, send);
	if (!evtimer_pending(d->later_timer, NULL))
		evtimer_add(d->later_timer, &delay);
}

static void forget_older(struct daemon *d, const struct fx_send *sends, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (sends[i].proto != FX_ICMP6)
			continue;
		for (size_t k = 0; k < d->later.n; k++) {
			struct fx_send *old = &d->later.sends[k];

			if (old->proto == FX_ICMP6 && old->link == sends[i].link &&
			    ip6_equal(&old->src, &sends[i].src) &&
			    ip6_equal(&old->dst, &sends[i].dst))
				old->link = no_link;
		}
	}
}

/* Whether the address to send from has gone from the link, which gives EINVAL, too. */
static bool is_stale(const struct daemon_link *link, const struct fx_send *send)
{
	for (size_t i = 0; i < link->n_addrs; i++) {
		if (ip6_equal(&link->addrs[i], &send->src))
			return false;
	}
	return !ip6_is_unspecified(&send->src);
}

/* What a socket did not take: an answer to where the question came from, or what is for all. */
static bool send_direct(const struct daemon_link *link, const struct net_out *out)
{
	const bool near = ip6_is_link_local(&out->dst) || ip6_is_multicast(&out->dst);
	struct net_out direct = *out;

	if (ip6_is_unspecified(&out->src))
		direct.src = near ? link->near : link->far;
	return !ip6_is_unspecified(&direct.src) &&
	       net_direct_send(link->ns->net, link->ns->frames, &direct);
}

static void say_failing(struct daemon *d, struct daemon_link *link, int status)
{
	struct logline line, *l;

	/* What passes by the next try is nothing to speak of. */
	if (net_is_transient(status) && !d->later_tries)
		return;
	if (link->sending_fails || !bucket_take(&d->send_lines, clock_now(), LINES, LINES_BURST))
		return;
	link->sending_fails = true;
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

static void say_recovered(struct daemon_link *link)
{
	struct logline line, *l = log_begin(&line, LOG_LEVEL_INFO, "send-recovered");

	logline_str(l, "link", link->name);
	logline_u64(l, "lost", link->sends_lost);
	log_end(l);
	link->sending_fails = false;
	link->sends_lost = 0;
}

/* Sends a run of packets that all leave by one namespace; links[i] is that of d->outs[i]. */
static void send_run(struct daemon *d, struct daemon_link *const *links,
		     const struct fx_send *const *sends, size_t n)
{
	net_send(links[0]->ns->net, d->outs, n);
	for (size_t i = 0; i < n; i++) {
		int status = d->outs[i].status;

		if (status == 0) {
			if (links[i]->sending_fails)
				say_recovered(links[i]);
			continue;
		}
		if (net_is_transient(status) &&
		    (sends[i]->src_gone || !is_stale(links[i], sends[i])) &&
		    send_direct(links[i], &d->outs[i]))
			continue;
		if (status == -EINVAL && is_stale(links[i], sends[i]))
			continue;
		/* A smaller MTU that is not known yet: once it is, we begin anew. */
		if (status == -EMSGSIZE && !links[i]->sending_fails)
			net_watch_look(links[i]->ns->watch);
		say_failing(d, links[i], status);
		if (net_is_transient(status))
			keep(d, links[i], sends[i]);
		else
			lose(d, links[i]);
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
		.src_gone = send->src_gone,
		.dst = send->dst,
		.port = send->port,
	};
}

void transmit(void *arg, const struct fx_send *sends, size_t n)
{
	struct daemon *d = arg;
	MEM_UNINITIALIZED struct daemon_link *links[NET_BATCH];
	MEM_UNINITIALIZED const struct fx_send *which[NET_BATCH];
	size_t run = 0;

	d->outs = mem_grow(d->outs, &d->outs_cap, NET_BATCH, sizeof(*d->outs));
	forget_older(d, sends, n);
	for (size_t i = 0; i < n; i++) {
		/* A link can go between a decision and its commit. */
		struct daemon_link *link = links_get(d, sends[i].link);

		if (!link)
			continue;
		if (run && (link->ns != links[0]->ns || run == NET_BATCH)) {
			send_run(d, links, which, run);
			run = 0;
		}
		links[run] = link;
		which[run] = &sends[i];
		d->outs[run++] = to_out(link, &sends[i]);
	}
	if (run)
		send_run(d, links, which, run);
}

void transmit_fx(struct daemon *d)
{
	if (d->fx->n_sends)
		transmit(d, d->fx->sends, d->fx->n_sends);
	log_fx(d->fx);
}

static void give_up(struct daemon *d, const struct outbox *box)
{
	for (size_t i = 0; i < box->n; i++) {
		struct daemon_link *link = links_get(d, box->sends[i].link);

		if (link)
			lose(d, link);
	}
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
		give_up(d, &again);
	} else {
		const struct fx_send *sends = outbox_sends(&again, &n);

		transmit(d, sends, n);
	}
	outbox_free(&again);
	if (d->later.n)
		return;
	d->later_tries = 0;
	if (d->when_sent)
		d->when_sent(d);
}

void transmit_when_sent(struct daemon *d, void (*sent)(struct daemon *d))
{
	d->when_sent = sent;
	if (d->later.n == 0)
		sent(d);
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

/* SPDX-License-Identifier: ISC */
/*
 * What other DHCPv6 servers send on our links, where the network brings it here: the packet socket
 * of a namespace has it beside the headers of what clients send us.
 *
 * That socket is read with every batch of DHCPv6 anyway. Here it is read when nobody asks us but
 * others talk: at most once in REST_MS, so that neither clients of ours cost a second wake-up each
 * nor a flood of forged answers more than a bounded share of our time, and never before the
 * datagrams that wait (serve.c).
 */
#include "config.h"

#include <string.h>

#include "daemon/clock.h"
#include "daemon/listen.h"
#include "daemon/log.h"
#include "daemon/state.h"

enum {
	REST_MS = 100,
	BATCHES_MAX = 64, /* read at once */
	/* Messages looked at, of a namespace: a second, and at most at once. */
	RATE = 100,
	BURST = 200,
};

static void on_overheard(void *arg, const struct net_overheard *heard)
{
	struct daemon_ns *ns = arg;
	struct daemon *d = ns->daemon;
	const struct daemon_link *link = links_find(d, ns, heard->ifindex);
	mtime now = clock_now();

	if (!link || !bucket_take(&ns->overheard, now, RATE, BURST))
		return;
	struct dhcp6_event ev = {
		.type = DHCP6_EV_OVERHEARD,
		.packet = {.data = heard->data,
			   .len = heard->len,
			   .src = heard->src,
			   .dst = heard->dst,
			   .sport = NET_DHCP6_SERVER_PORT,
			   .link = link->id,
			   .link_name = link->name,
			   .netns = ns->name,
			   .network = link->served},
	};

	if (heard->has_mac) {
		memcpy(ev.packet.mac, heard->mac, sizeof(ev.packet.mac));
		ev.packet.mac_source = LEASE_MAC_FRAME;
	}
	fx_clear(d->fx, now);
	dhcp6_server_step(d->dhcp6, &ev, now, d->fx);
	log_fx(d->fx);
}

static void on_frames(evutil_socket_t fd, short what, void *arg)
{
	const struct timeval rest = {.tv_usec = REST_MS * 1000};
	struct daemon_ns *ns = arg;
	struct daemon *d = ns->daemon;

	(void)fd;
	(void)what;
	for (int batch = 0; net_frames_read(ns->frames) && batch < BATCHES_MAX; batch++)
		;
	if (!evtimer_pending(d->overhear_timer, NULL))
		evtimer_add(d->overhear_timer, &rest);
}

static void on_rested(evutil_socket_t fd, short what, void *arg)
{
	struct daemon *d = arg;

	(void)fd;
	(void)what;
	for (size_t i = 0; i < d->n_namespaces; i++) {
		struct event *event = d->namespaces[i]->frames_event;

		if (event && !event_pending(event, EV_READ, NULL))
			listen_add(d, event);
	}
}

void overhear_begin(struct daemon_ns *ns)
{
	struct daemon *d = ns->daemon;

	net_frames_overhear(ns->frames, on_overheard, ns);
	ns->frames_event = event_new(d->base, net_frames_fd(ns->frames), EV_READ, on_frames, ns);
	event_priority_set(ns->frames_event, PRIORITY_LAST);
	listen_add(d, ns->frames_event);
}

bool overhear_init(struct daemon *d)
{
	d->overhear_timer = evtimer_new(d->base, on_rested, d);
	return d->overhear_timer != NULL;
}

void overhear_stop(struct daemon *d)
{
	event_del(d->overhear_timer);
	for (size_t i = 0; i < d->n_namespaces; i++) {
		if (d->namespaces[i]->frames_event)
			event_del(d->namespaces[i]->frames_event);
	}
}

void overhear_fini(struct daemon *d)
{
	if (d->overhear_timer)
		event_free(d->overhear_timer);
}

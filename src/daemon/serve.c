/* SPDX-License-Identifier: ISC */
/*
 * DHCPv6 packets from the sockets to the server's step and from there into the pipeline.
 */
#include "config.h"

#include <assert.h>
#include <string.h>
#include <sys/random.h>

#include "base/mem.h"
#include "daemon/clock.h"
#include "daemon/log.h"
#include "daemon/state.h"

/* Batches read from one namespace before others, and timers, have their turn. */
enum { FAIR_BATCHES = 4 };

/* Batches of frames looked through for the senders of one of datagrams: more than can wait. */
enum { FRAME_BATCHES_MAX = 256 };

struct sender {
	uint8_t mac[6];
	bool known;
};

static void arm(struct daemon *d, mtime now)
{
	mtime wake = dhcp6_server_wake(d->dhcp6);
	mtime wait = wake > now ? wake - now : 0;
	struct timeval delay = {.tv_sec = wait / SEC, .tv_usec = (suseconds_t)(wait % SEC) * 1000};

	if (wake == MTIME_NEVER)
		evtimer_del(d->dhcp6_timer);
	else
		evtimer_add(d->dhcp6_timer, &delay);
}

static void step(struct daemon *d, const struct dhcp6_event *ev, mtime now)
{
	fx_clear(d->fx, now);
	dhcp6_server_step(d->dhcp6, ev, now, d->fx);
	log_fx(d->fx);
	pipeline_take(d->pipeline, d->fx);
}

/*
 * Who sent these datagrams. What is behind their frames is left for the datagrams behind them, or a
 * burst of many hosts would have forgotten its first ones when their turn comes.
 */
static void find_senders(struct daemon_ns *ns, const struct net_packet *packets, size_t n,
			 struct sender *senders)
{
	bool more = n > 0, missing = n > 0;

	for (size_t i = 0; i < n; i++)
		senders[i].known = false;
	for (int batch = 0; more && missing && batch < FRAME_BATCHES_MAX; batch++) {
		more = net_frames_read(ns->frames);
		missing = false;
		for (size_t i = 0; i < n; i++) {
			const struct net_packet *p = &packets[i];
			struct sender *sender = &senders[i];

			if (!sender->known)
				sender->known = net_frames_find(ns->frames, p->ifindex, &p->src,
								sender->mac);
			missing = missing || !sender->known;
		}
	}
}

static void receive_one(struct daemon_ns *ns, const struct net_packet *packet,
			const struct sender *sender, mtime now)
{
	struct daemon *d = ns->daemon;
	const struct daemon_link *link = links_find(d, ns, packet->ifindex);

	/* Other interfaces of the namespace are not ours to serve. */
	if (!link) {
		net_ns_count_drop(ns->net, NET_UDP, NET_DROP_OTHER_INTERFACE);
		return;
	}
	struct dhcp6_event ev = {
		.type = DHCP6_EV_PACKET,
		.packet = {.data = packet->data,
			   .len = packet->len,
			   .src = packet->src,
			   .dst = packet->dst,
			   .sport = packet->sport,
			   .link = link->id,
			   .link_name = link->name,
			   .netns = ns->name,
			   .network = link->served},
	};

	if (sender->known) {
		memcpy(ev.packet.mac, sender->mac, sizeof(ev.packet.mac));
		ev.packet.mac_source = LEASE_MAC_FRAME;
	}
	step(d, &ev, now);
}

void serve_receive(struct daemon_ns *ns)
{
	struct daemon *d = ns->daemon;
	const struct net_packet *packets;
	struct sender senders[NET_BATCH];
	bool more = true;

	for (int batch = 0; more && batch < FAIR_BATCHES; batch++) {
		size_t n = net_recv(ns->net, NET_UDP, d->rx, &packets, &more);
		mtime now = clock_now();

		find_senders(ns, packets, n, senders);
		for (size_t i = 0; i < n; i++)
			receive_one(ns, &packets[i], &senders[i], now);
		floods_look(ns, NET_UDP, packets, n, now);
		pipeline_flush(d->pipeline);
		arm(d, now);
	}
}

static void on_timer(evutil_socket_t fd, short what, void *arg)
{
	const struct dhcp6_event ev = {.type = DHCP6_EV_TIMER};
	struct daemon *d = arg;
	mtime now = clock_now();

	(void)fd;
	(void)what;
	step(d, &ev, now);
	pipeline_flush(d->pipeline);
	arm(d, now);
}

static void on_busy(void *arg, bool busy)
{
	struct daemon *d = arg;

	dhcp6_server_set_busy(d->dhcp6, busy);
	arm(d, clock_now());
}

/* Leases that came back may be over: the timer that was to end them has gone by. */
static void on_undone(void *arg)
{
	arm(arg, clock_now());
	wallclock_undone(arg);
}

void serve_own_add(const struct daemon_link *link)
{
	for (size_t i = 0; link->network != UINT32_MAX && i < link->n_addrs; i++)
		dhcp6_server_own_add(link->daemon->dhcp6, link->served, &link->addrs[i]);
}

void serve_own_remove(const struct daemon_link *link)
{
	for (size_t i = 0; link->network != UINT32_MAX && i < link->n_addrs; i++)
		dhcp6_server_own_remove(link->daemon->dhcp6, link->served, &link->addrs[i]);
}

void serve_configure(struct daemon *d)
{
	dhcp6_server_configure(d->dhcp6, &d->view->dhcp6, clock_now());
	arm(d, clock_now());
}

/* Keys for Reconfigures: few octets, which the kernel gives whole once it has any. */
static void secret_octets(void *buf, size_t len)
{
	ssize_t n = getrandom(buf, len, 0);

	assert(n == (ssize_t)len);
	(void)n;
}

/* The link that a Reconfigure goes out on; few are sent, so all links may be looked at. */
static uint32_t find_link(void *arg, const char *netns, const char *name)
{
	const struct daemon *d = arg;

	for (size_t i = 0; i < d->n_links; i++) {
		const struct daemon_link *link = d->links[i];

		if (link && strcmp(link->name, name) == 0 &&
		    strcmp(link->ns->name ? link->ns->name : "", netns) == 0)
			return link->id;
	}
	return UINT32_MAX;
}

bool serve_init(struct daemon *d)
{
	d->dhcp6_timer = evtimer_new(d->base, on_timer, d);
	event_priority_set(d->dhcp6_timer, PRIORITY_BULK);
	d->dhcp6 = dhcp6_server_new(d->leases, rng_u64(&d->rng));
	dhcp6_server_seed(d->dhcp6, secret_octets, d->replay);
	dhcp6_server_set_links(d->dhcp6, find_link, d);
	d->pipeline = pipeline_new(d->base, d->leases, d->store, transmit, on_busy, d);
	if (!d->pipeline)
		return false;
	pipeline_when_undone(d->pipeline, on_undone, d);
	pipeline_when_stored(d->pipeline, routes_committed, d);
	return wallclock_init(d);
}

void serve_fini(struct daemon *d)
{
	wallclock_fini(d);
	pipeline_free(d->pipeline);
	dhcp6_server_free(d->dhcp6);
	if (d->dhcp6_timer)
		event_free(d->dhcp6_timer);
}

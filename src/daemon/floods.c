/* SPDX-License-Identifier: ISC */
/*
 * Floods at the sockets of a namespace: net_shed finds who sends too much and holds it back, here
 * it is given what comes, looks in time, and what it does is logged. While somebody is held back a
 * timer looks too: whoever floods may fall silent, and what is left of the hold must not keep those
 * on its link waiting until somebody else speaks.
 */
#include "config.h"

#include <stdlib.h>

#include "base/mem.h"
#include "daemon/clock.h"
#include "daemon/log.h"
#include "daemon/state.h"

struct daemon_flood {
	struct daemon_ns *ns;
	enum net_proto proto;
	struct net_shed shed;
	struct event *timer;
	struct bucket lines;
};

/* Lines a second, and at most at once. */
enum { LINES = 1, LINES_BURST = 8 };

static void log_change(struct daemon_flood *flood, enum net_shed_change change,
		       const struct net_shed_target *target, mtime now)
{
	const struct daemon_link *link =
		links_find(flood->ns->daemon, flood->ns, target->interface);
	struct logline line, *l;

	if (!bucket_take(&flood->lines, now, LINES, LINES_BURST))
		return;
	l = log_begin(&line, LOG_LEVEL_WARNING, change == NET_SHED_ENDED ? "flood-ended" : "flood");
	if (link)
		logline_str(l, "link", link->name);
	else
		logline_u64(l, "ifindex", target->interface);
	logline_str(l, "socket", flood->proto == NET_UDP ? "udp" : "icmp6");
	if (target->whose == NET_SHED_ONE)
		logline_ip6(l, "src", &target->src);
	else
		logline_str(l, "from", target->whose == NET_SHED_FAR ? "relays" : "clients");
	if (change == NET_SHED_BEGAN)
		logline_quoted(l, "effect",
			       "they send more than can be answered: some is dropped unread, so "
			       "that others are served");
	log_end(l);
}

static void look(struct daemon_flood *flood, mtime now)
{
	const struct timeval delay = {.tv_usec = NET_SHED_PERIOD * 1000};
	struct net_shed_target target;
	enum net_shed_change change =
		net_shed_look(&flood->shed, net_ns_fd(flood->ns->net, flood->proto), now, &target);

	if (change != NET_SHED_NOTHING)
		log_change(flood, change, &target, now);
	if (net_shed_is_holding(&flood->shed) && !evtimer_pending(flood->timer, NULL))
		evtimer_add(flood->timer, &delay);
}

static void on_timer(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	look(arg, clock_now());
}

static struct daemon_flood *flood_new(struct daemon_ns *ns, enum net_proto proto)
{
	struct daemon_flood *flood = mem_new(1, sizeof(*flood));

	flood->ns = ns;
	flood->proto = proto;
	flood->timer = evtimer_new(ns->daemon->base, on_timer, flood);
	event_priority_set(flood->timer, PRIORITY_FIRST);
	return flood;
}

void floods_look(struct daemon_ns *ns, enum net_proto proto, const struct net_packet *packets,
		 size_t n, mtime now)
{
	struct daemon_flood **flood = &ns->floods[proto];

	/* Below a batch at a time nobody has to be held back. */
	if (!*flood && n < NET_BATCH)
		return;
	if (!*flood)
		*flood = flood_new(ns, proto);
	for (size_t i = 0; i < n; i++)
		net_shed_count(&(*flood)->shed, packets[i].ifindex, &packets[i].src);
	look(*flood, now);
}

void floods_free(struct daemon_ns *ns)
{
	for (int proto = 0; proto <= NET_UDP; proto++) {
		if (!ns->floods[proto])
			continue;
		event_free(ns->floods[proto]->timer);
		free(ns->floods[proto]);
	}
}

/* SPDX-License-Identifier: ISC */
/*
 * Links: the interfaces that belong to a network or hear relays, as netlink tells of them, each
 * with its advertiser. An interface that is not there yet is waited for; one that vanishes is
 * forgotten.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "daemon/clock.h"
#include "daemon/log.h"
#include "daemon/state.h"

/* An id is a slot and how often it was used: a reply to a link that has gone finds nobody. */
enum { SLOT_BITS = 16 };

struct daemon_link *links_get(const struct daemon *d, uint32_t id)
{
	size_t slot = id & ((1u << SLOT_BITS) - 1);

	if (slot >= d->n_links || !d->links[slot] || d->links[slot]->id != id)
		return NULL;
	return d->links[slot];
}

/* False when there are more interfaces than ids. */
static bool slot_take(struct daemon *d, struct daemon_link *link)
{
	size_t slot = d->n_links;

	if (d->n_free_slots) {
		slot = d->free_slots[--d->n_free_slots];
	} else {
		if (slot >> SLOT_BITS)
			return false;
		d->links =
			mem_grow(d->links, &d->links_cap, slot + 1, sizeof(struct daemon_link *));
		d->n_links++;
	}
	d->links[slot] = link;
	link->id = (uint32_t)slot | d->links_made++ << SLOT_BITS;
	return true;
}

static void slot_leave(struct daemon *d, const struct daemon_link *link)
{
	uint32_t slot = link->id & ((1u << SLOT_BITS) - 1);

	d->links[slot] = NULL;
	d->free_slots = mem_grow(d->free_slots, &d->free_slots_cap, d->n_free_slots + 1,
				 sizeof(*d->free_slots));
	d->free_slots[d->n_free_slots++] = slot;
}

static struct daemon_link **bucket_of(struct daemon *d, const struct daemon_ns *ns,
				      unsigned int ifindex)
{
	size_t hash = ifindex * 2654435761u + ns->id * 40503u;

	return &d->index[(hash >> 4) % LINK_BUCKETS];
}

struct daemon_link *links_find(struct daemon *d, const struct daemon_ns *ns, unsigned int ifindex)
{
	struct daemon_link *link = *bucket_of(d, ns, ifindex);

	while (link && (link->ns != ns || link->ifindex != ifindex))
		link = link->next;
	return link;
}

static void arm(struct daemon_link *link, mtime now)
{
	mtime wake = ra_link_wake(&link->ra);
	mtime wait = wake > now ? wake - now : 0;

	link->due = wake;
	struct timeval delay = {.tv_sec = wait / SEC, .tv_usec = (suseconds_t)(wait % SEC) * 1000};

	if (wake == MTIME_NEVER)
		evtimer_del(link->timer);
	else
		evtimer_add(link->timer, &delay);
}

static void step(struct daemon_link *link, const struct ra_event *ev)
{
	struct daemon *d = link->daemon;
	mtime now = clock_now();

	fx_clear(d->fx, now);
	ra_link_step(&link->ra, ev, now, d->fx);
	transmit_fx(d);
	arm(link, now);
}

static void on_timer(evutil_socket_t fd, short what, void *arg)
{
	const struct ra_event ev = {.kind = RA_EV_TIMER};
	struct daemon_link *link = arg;
	mtime late = clock_now() - link->due;

	(void)fd;
	(void)what;
	if (late > link->late)
		link->late = late;
	step(link, &ev);
}

static struct ra_event plan_event(const struct daemon_link *link)
{
	const struct daemon_network *net = &link->daemon->conf->networks[link->network];
	const struct daemon_view_network *view = link->view;

	return (struct ra_event){
		.kind = RA_EV_CONF,
		.plan = {.net = link->net_name,
			 .conf = &net->ra,
			 .prefixes = view->prefixes,
			 .n_prefixes = view->n_prefixes,
			 .dns = view->dns,
			 .n_dns = view->n_dns,
			 .hosts = net->ra_hosts,
			 .n_hosts = net->n_ra_hosts},
	};
}

static struct daemon_link *link_new(struct daemon_ns *ns, const struct net_link *facts,
				    uint32_t network)
{
	struct daemon *d = ns->daemon;
	struct daemon_link **bucket = bucket_of(d, ns, facts->ifindex);
	struct daemon_link *link = mem_new(1, sizeof(*link));
	struct logline line, *l;

	if (!slot_take(d, link)) {
		l = log_begin(&line, LOG_LEVEL_ERROR, "too-many-links");
		logline_str(l, "link", facts->name);
		log_end(l);
		free(link);
		return NULL;
	}
	link->daemon = d;
	link->ns = ns;
	link->ifindex = facts->ifindex;
	memcpy(link->name, facts->name, sizeof(link->name));
	link->network = network;
	instances_serve(link);
	link->next = *bucket;
	*bucket = link;
	ra_link_init(&link->ra, link->id, link->name, rng_u64(&d->rng));
	link->timer = evtimer_new(d->base, on_timer, link);
	event_priority_set(link->timer, PRIORITY_FIRST);
	if (network != UINT32_MAX) {
		struct ra_event ev = plan_event(link);

		step(link, &ev);
	}
	return link;
}

static void link_free(struct daemon_link *link)
{
	struct daemon *d = link->daemon;
	struct daemon_link **at = bucket_of(d, link->ns, link->ifindex);

	while (*at != link)
		at = &(*at)->next;
	*at = link->next;
	slot_leave(d, link);
	routes_link(link);
	net_leave(link->ns->net, link->ifindex);
	event_free(link->timer);
	ra_link_fini(&link->ra);
	serve_own_remove(link);
	free(link->addrs);
	free(link);
}

/* To hosts it is the same router: what becomes of them is for the network to say. */
static void link_rename(struct daemon_link *link, const char name[IF_NAMESIZE])
{
	memcpy(link->name, name, sizeof(link->name));
	ra_link_rename(&link->ra, link->name);
}

/* By its new name it is of another network: hosts are told what that has, and that the rest ended.
 */
static void link_move(struct daemon_link *link, uint32_t network)
{
	routes_link(link);
	serve_own_remove(link);
	link->network = network;
	instances_serve(link);
	struct ra_event ev = plan_event(link);

	step(link, &ev);
	serve_own_add(link);
}

/* It is no longer a link of ours although it is still there: hosts are told. */
static void link_withdraw(struct daemon_link *link)
{
	const struct ra_event ev = {.kind = RA_EV_STOP};

	step(link, &ev);
	link_free(link);
}

/*
 * RFC 4861 section 6.2.5: who does not advertise is in the group of routers only if it is one. RFC
 * 8415 section 7.1: relays send to ff05::1:3 too, unless they are told an address.
 */
static unsigned int groups_of(const struct daemon_link *link)
{
	unsigned int groups = NET_GROUP_DHCP6;

	if (link->network != UINT32_MAX && link->daemon->conf->networks[link->network].ra.enabled)
		groups |= NET_GROUP_ROUTERS;
	if (daemon_conf_hears_relays(link->daemon->conf, link->name, link->network))
		groups |= NET_GROUP_DHCP6_SERVERS;
	return groups;
}

static void leave_groups(struct daemon_link *link)
{
	net_leave(link->ns->net, link->ifindex);
	link->joined = 0;
}

static void update_membership(struct daemon_link *link, const struct net_link *facts)
{
	unsigned int want = facts->up && facts->has_link_local ? groups_of(link) : 0;
	struct logline line, *l;
	int status;

	if (want == link->joined)
		return;
	if (link->joined & ~want)
		leave_groups(link);
	if (!want)
		return;
	status = net_join(link->ns->net, link->ifindex, want);
	link->joined = status == 0 ? want : 0;
	if (status == 0)
		return;
	l = log_begin(&line, LOG_LEVEL_ERROR, "join-failed");
	logline_str(l, "link", link->name);
	logline_quoted(l, "error", strerror(-status));
	log_end(l);
}

static void update_addresses(struct daemon_link *link, const struct net_link *facts)
{
	serve_own_remove(link);
	free(link->addrs);
	link->addrs = mem_new(facts->n_addrs, sizeof(*link->addrs));
	link->n_addrs = facts->n_addrs;
	link->near = facts->link_local;
	link->far = (struct in6_addr){0};
	for (size_t i = 0; i < facts->n_addrs; i++) {
		const struct in6_addr *addr = &facts->addrs[i].addr;

		link->addrs[i] = *addr;
		if (ip6_is_unspecified(&link->far) && !ip6_is_link_local(addr) &&
		    net_addr_is_usable(&facts->addrs[i]))
			link->far = *addr;
	}
	serve_own_add(link);
}

/* The usable ones; however many there are, that which is configured to be sent from is among them.
 */
static void list_link_locals(const struct daemon_link *link, const struct net_link *facts,
			     struct ra_facts *ret)
{
	const struct in6_addr *source = NULL;

	if (link->network != UINT32_MAX)
		source = &link->daemon->conf->networks[link->network].ra.source;
	for (size_t i = 0; i < facts->n_addrs; i++) {
		const struct in6_addr *addr = &facts->addrs[i].addr;

		if (!ip6_is_link_local(addr) || !net_addr_is_usable(&facts->addrs[i]))
			continue;
		if (ret->n_link_locals < RA_LINK_LOCALS)
			ret->link_locals[ret->n_link_locals++] = *addr;
		else if (source && ip6_equal(addr, source))
			ret->link_locals[0] = *addr;
	}
}

static void update_advertiser(struct daemon_link *link, const struct net_link *facts)
{
	struct ra_event ev = {
		.kind = RA_EV_FACTS,
		.facts = {.up = facts->up,
			  .have_link_local = facts->has_link_local,
			  .link_local = facts->link_local,
			  .mac_len = facts->mac_len == 6 ? 6 : 0,
			  .mtu = facts->mtu,
			  .ip6_mtu = facts->ip6_mtu,
			  .forwarding = facts->forwarding},
	};

	memcpy(ev.facts.mac, facts->mac, ev.facts.mac_len);
	list_link_locals(link, facts, &ev.facts);
	step(link, &ev);
}

void links_changed(void *arg, const struct net_link *facts, unsigned int changed)
{
	struct daemon_ns *ns = arg;
	struct daemon *d = ns->daemon;
	struct daemon_link *link = links_find(d, ns, facts->ifindex);

	if (changed & (NET_CHANGE_GONE | NET_CHANGE_NAME | NET_CHANGE_ADDRS))
		prefixes_touch(ns);
	if (changed & NET_CHANGE_GONE) {
		if (link)
			link_free(link);
		return;
	}
	uint32_t network =
		facts->loopback ? UINT32_MAX : daemon_conf_match(d->conf, ns->name, facts->name);

	bool is_renamed = link && strcmp(link->name, facts->name) != 0;

	if (is_renamed)
		link_rename(link, facts->name);
	bool is_moved = link && link->network != network;

	if (is_moved && network != UINT32_MAX && link->network != UINT32_MAX) {
		link_move(link, network);
	} else if (is_moved) {
		link_withdraw(link);
		link = NULL;
	} else if (is_renamed && network != UINT32_MAX) {
		/* What is for a host on an interface goes by its name. */
		const struct ra_event ev = plan_event(link);

		step(link, &ev);
	}
	if (network == UINT32_MAX &&
	    (facts->loopback || !daemon_conf_hears_relays(d->conf, facts->name, network))) {
		if (link)
			link_free(link);
		return;
	}
	bool is_new = !link;

	if (is_new)
		link = link_new(ns, facts, network);
	if (!link)
		return;
	if (changed & NET_CHANGE_GROUPS)
		leave_groups(link);
	update_membership(link, facts);
	if (is_new || (changed & NET_CHANGE_ADDRS))
		update_addresses(link, facts);
	update_advertiser(link, facts);
	if (is_new || is_moved || (changed & NET_CHANGE_UP))
		routes_link(link);
}

void links_receive(struct daemon_ns *ns, const struct net_packet *packet)
{
	struct daemon_link *link = links_find(ns->daemon, ns, packet->ifindex);

	if (!link) {
		net_ns_count_drop(ns->net, NET_ICMP6, NET_DROP_OTHER_INTERFACE);
		return;
	}
	const struct ra_event ev = {
		.kind = RA_EV_RECEIVE,
		.packet = {.data = packet->data,
			   .len = packet->len,
			   .src = packet->src,
			   .dst = packet->dst,
			   .hop_limit = packet->hop_limit},
	};
	uint64_t solicitations = link->ra.counters.rs_received;

	step(link, &ev);
	if (link->ra.counters.rs_received != solicitations)
		host_routes_solicited(link, packet);
}

static void match_again(void *arg, const struct net_link *facts, unsigned int changed)
{
	struct daemon_ns *ns = arg;

	struct daemon_link *link = links_find(ns->daemon, ns, facts->ifindex);

	(void)changed;
	if (!link) {
		links_changed(ns, facts, NET_CHANGE_NEW | NET_CHANGE_ADDRS);
		return;
	}
	update_membership(link, facts);
	update_advertiser(link, facts);
}

void links_match(struct daemon_ns *ns)
{
	net_watch_each(ns->watch, match_again, ns);
}

/* The server has forgotten our own addresses, and numbers networks anew. */
static void follow_configuration(struct daemon_link *link)
{
	const struct daemon_conf *conf = link->daemon->conf;
	uint32_t was = link->network;

	link->network = daemon_conf_match(conf, link->ns->name, link->name);
	if (link->network == UINT32_MAX) {
		/* One that still hears relays comes back as such. */
		if (was != UINT32_MAX || !daemon_conf_hears_relays(conf, link->name, link->network))
			link_withdraw(link);
		return;
	}
	instances_serve(link);
	struct ra_event ev = plan_event(link);

	step(link, &ev);
	serve_own_add(link);
}

void links_reconfigure(struct daemon *d)
{
	/* Links borrow names of instances until they were told of the new ones. */
	struct daemon_instance *old = instances_detach(d);

	serve_configure(d);
	for (size_t slot = 0; slot < d->n_links; slot++) {
		if (d->links[slot])
			follow_configuration(d->links[slot]);
	}
	instances_free(old);
	for (size_t i = 0; i < d->n_namespaces; i++) {
		instances_hear_relays(d->namespaces[i]);
		links_match(d->namespaces[i]);
	}
	routes_configure(d);
}

void links_replan(const struct daemon_ns *ns, uint32_t network,
		  const struct daemon_view_network *view)
{
	const struct daemon *d = ns->daemon;

	for (size_t slot = 0; slot < d->n_links; slot++) {
		struct daemon_link *link = d->links[slot];

		if (!link || link->ns != ns || link->network != network)
			continue;
		link->view = view;
		const struct ra_event ev = plan_event(link);

		step(link, &ev);
	}
	routes_replan(ns);
}

void links_forget(const struct daemon_ns *ns)
{
	const struct daemon *d = ns->daemon;

	for (size_t slot = 0; slot < d->n_links; slot++) {
		if (d->links[slot] && d->links[slot]->ns == ns)
			link_free(d->links[slot]);
	}
}

void links_stop(struct daemon *d)
{
	const struct ra_event ev = {.kind = RA_EV_STOP};

	for (size_t slot = 0; slot < d->n_links; slot++) {
		if (d->links[slot])
			step(d->links[slot], &ev);
	}
}

void links_free(struct daemon *d)
{
	for (size_t slot = 0; slot < d->n_links; slot++) {
		if (d->links[slot])
			link_free(d->links[slot]);
	}
	free(d->links);
	free(d->free_slots);
}

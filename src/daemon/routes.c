/* SPDX-License-Identifier: ISC */
/*
 * Routes to leases, in each namespace that has any: joins the plans of provision/ with netlink.
 *
 * Rows come in when they are on disk, after which their Replies leave; links say where their
 * holders can be reached now; the configuration says what is routed at all. Everything else is left
 * to one piece of work a namespace, which lists what the kernel has when that is in doubt, and asks
 * for a batch of changes at a time, so packets are served in between. Routes stay when the daemon
 * stops: its next start compares and mends.
 */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/logid.h"
#include "base/mem.h"
#include "daemon/clock.h"
#include "daemon/listen.h"
#include "daemon/log.h"
#include "daemon/privs.h"
#include "daemon/state.h"
#include "net/net_routes.h"
#include "provision/provision_leases.h"

enum {
	LIST_AFTER_MS = 200,  /* a link came up, or news were lost: what comes within is one */
	LIST_AGAIN_MS = 1000, /* a listing failed */
	SETTLE_BATCHES = 4096,
};

struct daemon_routes {
	struct daemon_ns *ns;
	struct net_routes *net;
	struct provision_plan *plan;
	struct event *answer_event, *news_event, *work_event;
	struct rest {
		struct ip6_prefix prefix;
		uint32_t metric; /* PROVISION_METRIC_LEASE: is kept, else unreachable */
	} * rest;                /* wanted by the configuration */
	size_t n_rest, room_rest;
	bool rest_changed;
	bool list_wanted;
	mtime list_at;
	int said; /* the errno that was last said; 0: all is well */
};

static void log_error(const char *event, const char *error)
{
	struct logline line, *l = log_begin(&line, LOG_LEVEL_ERROR, event);

	logline_quoted(l, "error", error);
	log_end(l);
}

/* --- what should be ------------------------------------------------------------------------- */

/* The network of this name, as leases know it, and its namespace; NULL: none that is served now. */
static struct daemon_ns *network_find(const struct daemon *d, const char *name,
				      const struct daemon_network **ret)
{
	for (size_t i = 0; i < d->conf->n_networks; i++) {
		const struct daemon_network *net = &d->conf->networks[i];

		*ret = net;
		if (!net->pattern && strcmp(net->name, name) == 0)
			return namespaces_find(d, net->netns);
		if (net->pattern && daemon_conf_is_instance(net, name))
			return namespaces_find(d, name + strlen(net->name) + 1);
	}
	return NULL;
}

static struct provision_place place_of(void *arg, const char *network, const char *link)
{
	const struct daemon *d = arg;
	const struct daemon_network *net;
	const struct daemon_ns *ns = network_find(d, network, &net);
	const struct net_link *facts;

	if (!ns || !ns->routes || net->dhcp6.routes == DHCP6_ROUTES_OFF)
		return (struct provision_place){0};
	facts = net_watch_find_name(ns->watch, link);
	return (struct provision_place){
		.plan = ns->routes->plan,
		.ifindex = facts && facts->up ? facts->ifindex : 0,
		.addresses = net->dhcp6.routes == DHCP6_ROUTES_ALL,
	};
}

static void add(struct daemon_routes *routes, const struct ip6_prefix *prefix, uint32_t metric)
{
	routes->rest = mem_grow(routes->rest, &routes->room_rest, routes->n_rest + 1,
				sizeof(*routes->rest));
	routes->rest[routes->n_rest++] = (struct rest){*prefix, metric};
}

static void add_rest(void *arg, const struct ip6_prefix *prefix)
{
	add(arg, prefix, PROVISION_METRIC_REST);
}

/* Who it leads to is known when the host solicits: until then what there is stays. */
static void add_host_prefix(void *arg, const struct ip6_prefix *prefix)
{
	add(arg, prefix, PROVISION_METRIC_LEASE);
	add(arg, prefix, PROVISION_METRIC_REST);
}

/*
 * RFC 8987 section 3.1: what is delegated from. Relays may lead to some of it by a shorter
 * route, which must not be hidden.
 */
static void add_rest_of(struct daemon_routes *routes, const struct daemon_network *conf,
			const struct dhcp6_network *net)
{
	const struct dhcp6_net *dhcp6 = &net->dhcp6;

	if (dhcp6->routes == DHCP6_ROUTES_OFF)
		return;
	host_routes_each(conf, add_host_prefix, routes);
	if (net->n_relays)
		return;
	for (size_t i = 0; i < dhcp6->n_delegations; i++)
		add_rest(routes, &dhcp6->delegations[i].prefix);
	for (size_t i = 0; i < net->n_hosts; i++) {
		for (size_t k = 0; k < net->hosts[i].n_delegate; k++)
			add_rest(routes, &net->hosts[i].delegate[k]);
	}
	for (size_t i = 0; dhcp6->routes == DHCP6_ROUTES_ALL && i < net->n_prefixes; i++)
		add_rest(routes, &net->prefixes[i].prefix);
}

static void update_rest(struct daemon_routes *routes)
{
	const struct daemon *d = routes->ns->daemon;

	routes->rest_changed = false;
	for (size_t i = 0; i < routes->n_rest; i++)
		provision_plan_unwant(routes->plan, 0, &routes->rest[i].prefix,
				      routes->rest[i].metric);
	routes->n_rest = 0;
	for (size_t i = 0; i < d->conf->n_networks; i++) {
		const struct daemon_network *net = &d->conf->networks[i];

		if (!net->pattern && daemon_conf_is_in(net, routes->ns->name))
			add_rest_of(routes, net, &d->view->dhcp6.networks[i]);
	}
	for (const struct daemon_instance *i = routes->ns->instances; i; i = i->next)
		add_rest_of(routes, &d->conf->networks[i->network], &i->view->dhcp6);
	for (size_t i = 0; i < routes->n_rest; i++) {
		const struct rest *rest = &routes->rest[i];
		const struct ip6_route route = {.to = rest->prefix,
						.metric = rest->metric,
						.hop.unreachable =
							rest->metric == PROVISION_METRIC_REST};

		provision_plan_keep(routes->plan, 0, &route);
	}
}

/* --- what the kernel says ------------------------------------------------------------------- */

static void put_route(struct logline *l, const struct daemon_routes *routes,
		      const struct ip6_route *route)
{
	const struct net_link *link = net_watch_find(routes->ns->watch, route->hop.ifindex);

	if (routes->ns->name)
		logline_str(l, "netns", routes->ns->name);
	logid_prefix(l, "prefix", &route->to);
	if (route->hop.unreachable) {
		logline_str(l, "type", "unreachable");
		return;
	}
	logid_ip6(l, "via", &route->hop.via);
	if (link)
		logline_str(l, "link", link->name);
	else
		logline_u64(l, "ifindex", route->hop.ifindex);
}

static const char *hint_of(int error)
{
	switch (error) {
	case EEXIST:
		return "there is a route to it that is not ours, which stays; ours is set when it "
		       "is gone";
	case EPERM:
		return "setting routes needs CAP_NET_ADMIN";
	}
	return "it is tried again, and so are others that fail; this is not said for each";
}

static void say_failed(struct daemon_routes *routes, const struct ip6_route_op *op, int error)
{
	struct logline line, *l;

	if (routes->said == error)
		return;
	routes->said = error;
	l = log_begin(&line, LOG_LEVEL_WARNING, "route-failed");
	put_route(l, routes, &op->route);
	logline_quoted(l, "error", strerror(error));
	logline_quoted(l, "hint", hint_of(error));
	log_end(l);
}

static void say_recovered(struct daemon_routes *routes)
{
	const struct provision_counts *counts = provision_plan_counts(routes->plan);
	struct logline line, *l;

	if (!routes->said || counts->failing)
		return;
	routes->said = 0;
	l = log_begin(&line, LOG_LEVEL_INFO, "routes-recovered");
	if (routes->ns->name)
		logline_str(l, "netns", routes->ns->name);
	logline_u64(l, "failures", counts->failures);
	log_end(l);
}

static void say_done(const struct daemon_routes *routes, const struct ip6_route_op *op)
{
	struct logline line, *l;

	l = log_begin(&line, LOG_LEVEL_DEBUG,
		      op->what == IP6_ROUTE_REMOVE ? "route-removed" : "route-set");
	put_route(l, routes, &op->route);
	log_end(l);
}

static void want_list(struct daemon_routes *routes, mtime after)
{
	mtime at = mtime_add(clock_now(), after);

	routes->list_at = routes->list_wanted ? mtime_min(routes->list_at, at) : at;
	routes->list_wanted = true;
}

static void on_done(void *arg, const struct ip6_route_op *op, int error)
{
	struct daemon_routes *routes = arg;

	switch (provision_plan_done(routes->plan, op->id, error, clock_now())) {
	case PROVISION_DONE:
		say_done(routes, op);
		break;
	case PROVISION_FAILED:
		say_failed(routes, op, error);
		break;
	case PROVISION_DOUBTFUL:
		want_list(routes, LIST_AFTER_MS);
		break;
	}
}

static void on_there(void *arg, const struct ip6_route *route)
{
	struct daemon_routes *routes = arg;

	provision_plan_see(routes->plan, route);
}

static void on_gone(void *arg, const struct ip6_route *route)
{
	struct daemon_routes *routes = arg;

	provision_plan_lose(routes->plan, route, clock_now());
}

static void on_listed(void *arg, bool whole)
{
	struct daemon_routes *routes = arg;

	if (whole)
		provision_plan_list_end(routes->plan);
	else
		want_list(routes, LIST_AGAIN_MS);
}

static void on_lost(void *arg)
{
	want_list(arg, LIST_AFTER_MS);
}

static const struct net_routes_events events = {
	.done = on_done, .there = on_there, .gone = on_gone, .listed = on_listed, .lost = on_lost};

/* --- work ----------------------------------------------------------------------------------- */

static void wake_in(struct daemon_routes *routes, mtime wait)
{
	const struct timeval delay = {.tv_sec = wait / SEC,
				      .tv_usec = (suseconds_t)(wait % SEC) * 1000};

	if (routes->work_event)
		evtimer_add(routes->work_event, &delay);
}

/* A plan's todo function. */
static void on_todo(void *arg)
{
	wake_in(arg, 0);
}

/* Whether anything was asked for. */
static bool ask_for_changes(struct daemon_routes *routes, mtime now)
{
	struct ip6_route_op ops[NET_ROUTES_BATCH];
	size_t n = 0;
	int err;

	while (n < NET_ROUTES_BATCH && provision_plan_next(routes->plan, now, &ops[n]))
		n++;
	err = n ? net_routes_change(routes->net, ops, n) : 0;
	for (size_t i = 0; err && i < n; i++)
		on_done(routes, &ops[i], -err);
	return n > 0;
}

static bool ask_for_list(struct daemon_routes *routes, mtime now)
{
	if (!routes->list_wanted || routes->list_at > now)
		return false;
	routes->list_wanted = false;
	provision_plan_list_begin(routes->plan);
	if (net_routes_list(routes->net) < 0)
		want_list(routes, LIST_AGAIN_MS);
	return true;
}

static void work(struct daemon_routes *routes)
{
	mtime now = clock_now(), wake;

	if (net_routes_is_waiting(routes->net))
		return;
	if (routes->rest_changed)
		update_rest(routes);
	say_recovered(routes);
	if (!ask_for_list(routes, now) && ask_for_changes(routes, now))
		return;
	wake = provision_plan_wake(routes->plan);
	if (routes->list_wanted)
		wake = mtime_min(wake, routes->list_at);
	if (wake != MTIME_NEVER)
		wake_in(routes, wake > now ? wake - now : 0);
}

static void on_work(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	work(arg);
}

static void on_readable(evutil_socket_t fd, short what, void *arg)
{
	struct daemon_routes *routes = arg;
	int err = net_routes_read(routes->net, &events, routes);

	(void)fd;
	(void)what;
	if (err) {
		log_error("routes-unheard", strerror(-err));
		want_list(routes, LIST_AGAIN_MS);
	}
	work(routes);
}

/* --- namespaces ----------------------------------------------------------------------------- */

int routes_open(struct daemon_ns *ns, char *why, size_t why_len)
{
	struct daemon *d = ns->daemon;
	struct daemon_routes *routes;
	int err;

	if (!d->sets_routes || !daemon_conf_routes_in(d->conf, ns->name))
		return 0;
	routes = mem_new(1, sizeof(*routes));
	routes->ns = ns;
	err = net_routes_open(ns->net, &routes->net, why, why_len);
	if (err) {
		free(routes);
		return err;
	}
	routes->plan = provision_plan_new(&d->routes_key, on_todo, routes);
	ns->routes = routes;
	return 0;
}

static struct event *watch_fd(struct daemon_routes *routes, int fd)
{
	return listen_read(routes->ns->daemon, fd, PRIORITY_BULK, on_readable, routes);
}

void routes_listen(struct daemon_ns *ns)
{
	struct daemon_routes *routes = ns->routes;

	if (!routes)
		return;
	routes->answer_event = watch_fd(routes, net_routes_fd(routes->net));
	routes->news_event = watch_fd(routes, net_routes_news_fd(routes->net));
	routes->work_event = evtimer_new(ns->daemon->base, on_work, routes);
	event_priority_set(routes->work_event, PRIORITY_BULK);
	routes->rest_changed = true;
	want_list(routes, 0);
	provision_plan_list_begin(routes->plan);
	wake_in(routes, 0);
}

void routes_close(struct daemon_ns *ns)
{
	struct daemon_routes *routes = ns->routes;

	if (!routes)
		return;
	struct event *all[] = {routes->answer_event, routes->news_event, routes->work_event};

	ns->routes = NULL;
	/* Nothing may point to the plan any longer. */
	provision_leases_look(ns->daemon->routed);
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		if (all[i])
			event_free(all[i]);
	}
	provision_plan_free(routes->plan);
	net_routes_close(routes->net);
	free(routes->rest);
	free(routes);
}

/* --- all of them ---------------------------------------------------------------------------- */

static bool any_is_written(const struct daemon_conf *conf)
{
	for (size_t i = 0; i < conf->n_networks; i++) {
		if (conf->networks[i].routes_wanted)
			return true;
	}
	return false;
}

bool routes_init(struct daemon *d)
{
	static const char why[] =
		"setting routes needs CAP_NET_ADMIN: start as root or with it, or "
		"write 'routes: off' where prefixes are delegated";
	struct logline line, *l;

	d->sets_routes = daemon_conf_sets_routes(d->conf);
	if (getrandom(&d->routes_key, sizeof(d->routes_key), 0) != sizeof(d->routes_key)) {
		log_error("start-failed", "the kernel gives no random octets");
		return false;
	}
	d->routed = provision_leases_new(&d->routes_key, place_of, d);
	if (!d->sets_routes || privs_may_set_routes())
		return true;
	d->sets_routes = false;
	if (any_is_written(d->conf)) {
		log_error("start-failed", why);
		return false;
	}
	d->routes_off = true;
	l = log_begin(&line, LOG_LEVEL_WARNING, "routes-off");
	logline_quoted(l, "error", why);
	log_end(l);
	return true;
}

/* Without the right to set routes, which does not come back, nothing is kept for them. */
void routes_load(struct daemon *d, const struct lease_row *row, int64_t unix_offset)
{
	int64_t now = (clock_now() + unix_offset) / SEC;

	/* What ran out meanwhile is about to be ended. */
	if (d->sets_routes && row->until > now)
		provision_leases_row(d->routed, row);
}

void routes_committed(void *arg, const struct lease_row *rows, size_t n)
{
	struct daemon *d = arg;

	for (size_t i = 0; d->sets_routes && i < n; i++)
		provision_leases_row(d->routed, &rows[i]);
}

void routes_replan(const struct daemon_ns *ns)
{
	if (!ns->routes)
		return;
	ns->routes->rest_changed = true;
	wake_in(ns->routes, 0);
}

void routes_link(const struct daemon_link *link)
{
	if (!link->ns->routes || link->network == UINT32_MAX)
		return;
	provision_leases_look_at(link->daemon->routed, link->net_name, link->name);
	/* What the kernel did of itself may not have been told. */
	want_list(link->ns->routes, LIST_AFTER_MS);
	/* An instance may be new with its first link. */
	routes_replan(link->ns);
}

static void warn_restart(const struct daemon_ns *ns)
{
	struct logline line, *l = log_begin(&line, LOG_LEVEL_WARNING, "config-needs-restart");

	logline_str(l, "key", "routes");
	if (ns->name)
		logline_str(l, "netns", ns->name);
	log_end(l);
}

void routes_configure(struct daemon *d)
{
	bool is_said = d->routes_off && !any_is_written(d->conf);
	char why[NET_WHY_LEN];

	for (size_t i = 0; i < d->n_namespaces; i++) {
		struct daemon_ns *ns = d->namespaces[i];

		if (!ns->routes && !is_said && daemon_conf_routes_in(d->conf, ns->name)) {
			if (!d->sets_routes || routes_open(ns, why, sizeof(why)) < 0)
				warn_restart(ns);
			else
				routes_listen(ns);
		}
		routes_replan(ns);
	}
	host_routes_configure(d);
	provision_leases_look(d->routed);
}

/* What was committed last has its routes before the daemon ends. */
static void settle(struct daemon_routes *routes)
{
	for (int i = 0; i < SETTLE_BATCHES; i++) {
		if (net_routes_settle(routes->net, &events, routes) < 0 ||
		    !ask_for_changes(routes, clock_now()))
			return;
	}
}

void routes_fini(struct daemon *d)
{
	for (size_t i = 0; i < d->n_namespaces; i++) {
		if (d->namespaces[i]->routes && d->namespaces[i]->routes->work_event)
			settle(d->namespaces[i]->routes);
		routes_close(d->namespaces[i]);
	}
	host_routes_fini(d);
	provision_leases_free(d->routed);
	d->routed = NULL;
}

void routes_log(const struct daemon_ns *ns)
{
	const struct provision_counts *counts;
	struct logline line, *l;

	if (!ns->routes)
		return;
	counts = provision_plan_counts(ns->routes->plan);
	l = log_begin(&line, LOG_LEVEL_INFO, "route-counters");
	if (ns->name)
		logline_str(l, "netns", ns->name);
	logline_u64(l, "wanted", counts->wanted);
	logline_u64(l, "present", counts->present);
	logline_u64(l, "failing", counts->failing);
	logline_u64(l, "added", counts->added);
	logline_u64(l, "moved", counts->moved);
	logline_u64(l, "removed", counts->removed);
	logline_u64(l, "lost", counts->lost);
	logline_u64(l, "failures", counts->failures);
	log_end(l);
}

/* SPDX-License-Identifier: ISC */
/*
 * Prefixes that come from interfaces or count down: their ledgers follow the addresses that the
 * watches report, are looked at again when time alone changes them, and are kept in the store.
 *
 * What changes in one turn of the event loop is one new view: the links and the DHCPv6 server get
 * it together, so a prefix is withdrawn and its leases are revoked in the same moment.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "daemon/clock.h"
#include "daemon/log.h"
#include "daemon/state.h"

static const char meta_name[] = "prefixes";

enum {
	SAVE_AFTER_S = 1,            /* what changes within it is one write */
	META_MAX = 16 * 1024 * 1024, /* octets of all ledgers that are read */
};

/* What is being gathered for one network. */
struct gathering {
	const struct daemon_conf *conf;
	const char *netns;
	uint32_t network;
	struct daemon_address *addrs;
	size_t n, room;
};

static bool is_named(const struct daemon_network *net, const char *interface, bool own)
{
	for (size_t i = 0; i < net->n_prefixes + net->n_sources; i++) {
		const struct ra_prefix *item = i < net->n_prefixes
						       ? &net->prefixes[i]
						       : &net->sources[i - net->n_prefixes];
		const char *from = item->from_interface;

		if (from && (strcmp(from, "self") == 0 ? own : strcmp(from, interface) == 0))
			return true;
	}
	return false;
}

static void gather_one(void *arg, const struct net_link *link, unsigned int changed)
{
	struct gathering *g = arg;
	const struct daemon_network *net = &g->conf->networks[g->network];
	bool own = daemon_conf_match(g->conf, g->netns, link->name) == g->network;

	(void)changed;
	if (!is_named(net, link->name, own))
		return;
	g->addrs = mem_grow(g->addrs, &g->room, g->n + link->n_addrs, sizeof(*g->addrs));
	for (size_t i = 0; i < link->n_addrs; i++)
		g->addrs[g->n++] = (struct daemon_address){
			.interface = link->name,
			.own = own,
			.addr = link->addrs[i].addr,
			.len = link->addrs[i].prefix_len,
			.preferred_end = link->addrs[i].preferred_end,
			.valid_end = link->addrs[i].valid_end,
		};
}

bool prefixes_see(struct daemon *d, const struct daemon_ns *ns, uint32_t network,
		  struct daemon_ledger *ledger, mtime now)
{
	struct gathering g = {.conf = d->conf, .network = network};
	const struct daemon_network *net = &d->conf->networks[network];
	bool changed;

	if (ns && net->learns) {
		g.netns = ns->name;
		net_watch_each(ns->watch, gather_one, &g);
	}
	changed = daemon_ledger_update(ledger, net, g.addrs, g.n, now);
	free(g.addrs);
	return changed;
}

static const struct daemon_ns *namespace_of(const struct daemon *d, const char *name)
{
	for (size_t i = 0; i < d->n_namespaces; i++) {
		const char *known = d->namespaces[i]->name;

		if (known == name || (known && name && strcmp(known, name) == 0))
			return d->namespaces[i];
	}
	return NULL;
}

static void log_ledger(const struct daemon_ledger *ledger, mtime now)
{
	struct logline line, *l;

	for (size_t i = 0; i < ledger->entries.n; i++) {
		const struct ra_ledger_entry *entry = &ledger->entries.entries[i];
		struct ra_prefix told = ra_ledger_told(entry);
		struct ra_lifetimes lifetimes = ra_prefix_lifetimes(&told, now);

		l = log_begin(&line, LOG_LEVEL_INFO, entry->present ? "prefix" : "prefix-gone");
		if (told.delegation)
			logline_str(l, "use", "delegation");
		logline_str(l, "net", ledger->network);
		logline_prefix(l, "prefix", &told.prefix);
		logline_u64(l, "preferred", lifetimes.preferred);
		logline_u64(l, "valid", lifetimes.valid);
		log_end(l);
	}
}

void prefixes_changed(struct daemon *d, const struct daemon_ledger *ledger, mtime now)
{
	const struct timeval delay = {.tv_sec = SAVE_AFTER_S};

	log_ledger(ledger, now);
	if (!evtimer_pending(d->save_timer, NULL))
		evtimer_add(d->save_timer, &delay);
}

/* Brings the ledgers of the networks of the configuration up to date; whether one changed. */
static bool see_networks(struct daemon *d, mtime now)
{
	bool any = false;

	for (uint32_t i = 0; i < d->conf->n_networks; i++) {
		const struct daemon_network *net = &d->conf->networks[i];
		struct daemon_ledger *ledger;

		if (net->pattern)
			continue;
		ledger = daemon_ledgers_get(&d->ledgers, net->name);
		if (!prefixes_see(d, namespace_of(d, net->netns), i, ledger, now))
			continue;
		prefixes_changed(d, ledger, now);
		any = true;
	}
	return any;
}

void prefixes_arm(struct daemon *d, mtime now)
{
	mtime wake = daemon_ledgers_wake(&d->ledgers, now);

	d->prefixes_due = wake;
	if (d->prefixes_touched)
		return; /* the timer is about to run */
	if (wake == MTIME_NEVER) {
		evtimer_del(d->prefix_timer);
		return;
	}
	const struct timeval delay = {.tv_sec = (wake - now) / SEC,
				      .tv_usec = (suseconds_t)((wake - now) % SEC) * 1000};

	evtimer_add(d->prefix_timer, &delay);
}

/* Instances look after themselves; their ledgers are up to date when all are as they were. */
static void follow_instances(struct daemon *d, bool all, mtime now)
{
	for (size_t i = 0; i < d->n_namespaces; i++) {
		struct daemon_ns *ns = d->namespaces[i];

		if (all || ns->touched)
			instances_follow(ns, now);
		ns->touched = false;
	}
}

static void follow(struct daemon *d)
{
	mtime now = clock_now();
	bool all = d->prefixes_due <= now;

	d->prefixes_touched = false;
	daemon_ledgers_begin(&d->ledgers);
	if (see_networks(d, now) || d->view->ends <= now) {
		struct daemon_view *old = prefixes_replace(d, d->conf);

		/* All instances are made anew, too. */
		links_reconfigure(d);
		daemon_view_free(old);
	}
	follow_instances(d, all, now);
	if (all)
		daemon_ledgers_end(&d->ledgers, now);
	prefixes_arm(d, now);
}

static void on_time(evutil_socket_t fd, short what, void *arg)
{
	struct daemon *d = arg;

	(void)fd;
	(void)what;
	if (!d->stopping)
		follow(d);
}

static void on_save(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	prefixes_save(arg);
}

static bool any_learns(const struct daemon *d)
{
	for (size_t i = 0; i < d->conf->n_networks; i++) {
		if (d->conf->networks[i].learns)
			return true;
	}
	for (const struct daemon_ledger *ledger = d->ledgers.first; ledger; ledger = ledger->next) {
		if (ledger->entries.n)
			return true;
	}
	return false;
}

void prefixes_touch(struct daemon_ns *ns)
{
	const struct timeval now = {0};

	ns->touched = true;
	if (!any_learns(ns->daemon))
		return;
	ns->daemon->prefixes_touched = true;
	evtimer_add(ns->daemon->prefix_timer, &now);
}

struct daemon_view *prefixes_replace(struct daemon *d, struct daemon_conf *conf)
{
	const struct timeval delay = {.tv_sec = SAVE_AFTER_S};
	struct daemon_view *old = d->view;
	mtime now = clock_now();

	if (conf != d->conf) {
		d->conf = conf;
		daemon_ledgers_keep(&d->ledgers, conf);
		see_networks(d, now);
		evtimer_add(d->save_timer, &delay);
	}
	d->view = daemon_view_new(conf, &d->ledgers, now);
	prefixes_arm(d, now);
	return old;
}

void prefixes_look(struct daemon *d)
{
	if (any_learns(d))
		follow(d);
}

void prefixes_save(struct daemon *d)
{
	char *text;

	if (!evtimer_pending(d->save_timer, NULL) && !d->stopping && !any_learns(d))
		return;
	text = daemon_ledgers_save(&d->ledgers, clock_unix_offset());
	if (!d->saved || strcmp(d->saved, text) != 0) {
		pipeline_put_meta(d->pipeline, meta_name, text, strlen(text));
		free(d->saved);
		d->saved = text;
		return;
	}
	free(text);
}

bool prefixes_init(struct daemon *d)
{
	char *text = mem_new(META_MAX + 1, 1);
	struct store_error error;
	int n = d->store->ops->meta_get(d->store, meta_name, text, META_MAX, &error);

	d->prefix_timer = evtimer_new(d->base, on_time, d);
	d->save_timer = evtimer_new(d->base, on_save, d);
	if (n < 0) {
		struct logline line, *l = log_begin(&line, LOG_LEVEL_ERROR, "start-failed");

		logline_quoted(l, "error", error.text);
		log_end(l);
	} else {
		daemon_ledgers_load(&d->ledgers, d->conf, text, clock_unix_offset(), clock_now());
		d->saved = mem_strdup(text);
		prefixes_replace(d, d->conf);
	}
	free(text);
	return n >= 0;
}

void prefixes_fini(struct daemon *d)
{
	daemon_ledgers_fini(&d->ledgers);
	free(d->saved);
	daemon_view_free(d->view);
	if (d->prefix_timer)
		event_free(d->prefix_timer);
	if (d->save_timer)
		event_free(d->save_timer);
}

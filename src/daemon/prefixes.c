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
	SAVE_AFTER_S = 1,      /* what changes within it is one write */
	META_MAX = 256 * 1024, /* octets of all ledgers that are read */
};

/* What is being gathered for one network. */
struct gathering {
	const struct daemon_conf *conf;
	uint32_t network;
	struct daemon_address *addrs;
	size_t n, room;
};

static bool is_named(const struct daemon_network *net, const char *interface, bool own)
{
	for (size_t i = 0; i < net->n_prefixes; i++) {
		const char *from = net->prefixes[i].from_interface;

		if (from && (strcmp(from, "self") == 0 ? own : strcmp(from, interface) == 0))
			return true;
	}
	return false;
}

static void gather_one(void *arg, const struct net_link *link, unsigned int changed)
{
	struct gathering *g = arg;
	const struct daemon_network *net = &g->conf->networks[g->network];
	bool own = daemon_conf_match(g->conf, net->netns, link->name) == g->network;

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

static const struct daemon_ns *namespace_of(const struct daemon *d, const char *name)
{
	for (size_t i = 0; i < d->n_namespaces; i++) {
		const char *known = d->namespaces[i]->name;

		if (known == name || (known && name && strcmp(known, name) == 0))
			return d->namespaces[i];
	}
	return NULL;
}

/* Brings all ledgers up to date; whether one changed. */
static bool update_ledgers(struct daemon *d, mtime now)
{
	struct gathering g = {.conf = d->conf};
	bool changed = false;

	for (; g.network < d->conf->n_networks; g.network++) {
		const struct daemon_network *net = &d->conf->networks[g.network];
		const struct daemon_ns *ns = namespace_of(d, net->netns);

		if (!net->learns && d->ledgers[g.network].n == 0)
			continue;
		g.n = 0;
		if (ns)
			net_watch_each(ns->watch, gather_one, &g);
		if (daemon_ledger_update(&d->ledgers[g.network], net, g.addrs, g.n, now))
			changed = true;
	}
	free(g.addrs);
	return changed;
}

static void arm(struct daemon *d, mtime now)
{
	mtime wake = MTIME_NEVER;

	for (size_t i = 0; i < d->conf->n_networks; i++)
		wake = mtime_min(wake, ra_ledger_wake(&d->ledgers[i], now));
	if (wake == MTIME_NEVER) {
		evtimer_del(d->prefix_timer);
		return;
	}
	const struct timeval delay = {.tv_sec = (wake - now) / SEC,
				      .tv_usec = (suseconds_t)((wake - now) % SEC) * 1000};

	evtimer_add(d->prefix_timer, &delay);
}

static void save_later(struct daemon *d)
{
	const struct timeval delay = {.tv_sec = SAVE_AFTER_S};

	if (!evtimer_pending(d->save_timer, NULL))
		evtimer_add(d->save_timer, &delay);
}

static void log_prefixes(const struct daemon *d, mtime now)
{
	struct logline line, *l;

	for (size_t i = 0; i < d->conf->n_networks; i++) {
		for (size_t k = 0; k < d->ledgers[i].n; k++) {
			const struct ra_ledger_entry *entry = &d->ledgers[i].entries[k];
			struct ra_prefix told = ra_ledger_told(entry);
			struct ra_lifetimes lifetimes = ra_prefix_lifetimes(&told, now);

			l = log_begin(&line, LOG_LEVEL_INFO,
				      entry->present ? "prefix" : "prefix-gone");
			logline_str(l, "net", d->conf->networks[i].name);
			logline_prefix(l, "prefix", &told.prefix);
			logline_u64(l, "preferred", lifetimes.preferred);
			logline_u64(l, "valid", lifetimes.valid);
			log_end(l);
		}
	}
}

static void follow(struct daemon *d)
{
	mtime now = clock_now();

	if (update_ledgers(d, now) || d->view_ends <= now) {
		struct daemon_view *old = prefixes_replace(d, d->conf);

		log_prefixes(d, now);
		links_reconfigure(d);
		daemon_view_free(old);
		save_later(d);
	}
	arm(d, now);
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
		if (d->conf->networks[i].learns || d->ledgers[i].n)
			return true;
	}
	return false;
}

void prefixes_touch(struct daemon *d)
{
	const struct timeval now = {0};

	if (any_learns(d))
		evtimer_add(d->prefix_timer, &now);
}

struct daemon_view *prefixes_replace(struct daemon *d, struct daemon_conf *conf)
{
	struct daemon_view *old = d->view;
	mtime now = clock_now();

	if (conf != d->conf) {
		struct ra_ledger *ledgers = daemon_ledgers_move(d->ledgers, d->conf, conf);

		free(d->ledgers);
		d->ledgers = ledgers;
		d->conf = conf;
		update_ledgers(d, now);
		save_later(d);
	}
	d->view = daemon_view_new(conf, d->ledgers, now);
	d->view_ends = MTIME_NEVER;
	for (size_t i = 0; i < conf->n_networks; i++)
		d->view_ends = mtime_min(d->view_ends, ra_ledger_wake(&d->ledgers[i], now));
	arm(d, now);
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
	text = daemon_ledgers_save(d->ledgers, d->conf, clock_unix_offset());
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

	d->ledgers = mem_new(d->conf->n_networks, sizeof(*d->ledgers));
	d->prefix_timer = evtimer_new(d->base, on_time, d);
	d->save_timer = evtimer_new(d->base, on_save, d);
	if (n < 0) {
		struct logline line, *l = log_begin(&line, LOG_LEVEL_ERROR, "start-failed");

		logline_quoted(l, "error", error.text);
		log_end(l);
	} else {
		daemon_ledgers_load(d->ledgers, d->conf, text, clock_unix_offset(), clock_now());
		d->saved = mem_strdup(text);
		prefixes_replace(d, d->conf);
	}
	free(text);
	return n >= 0;
}

void prefixes_fini(struct daemon *d)
{
	for (size_t i = 0; d->ledgers && i < d->conf->n_networks; i++)
		ra_ledger_fini(&d->ledgers[i]);
	free(d->ledgers);
	free(d->saved);
	daemon_view_free(d->view);
	if (d->prefix_timer)
		event_free(d->prefix_timer);
	if (d->save_timer)
		event_free(d->save_timer);
}

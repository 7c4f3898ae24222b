/* SPDX-License-Identifier: ISC */
/*
 * The namespaces that networks are in. At the start, while there are rights to,
 * namespaces_open() opens sockets in those that are there; namespaces_listen() begins to use them.
 * From then on /run/netns is watched: the sockets of a namespace whose name has gone are closed,
 * for they alone would keep it alive. Only when the configuration has patterns for namespaces are
 * the rights kept to enter those that come.
 *
 * After an event the whole directory is looked through, at most once in SCAN_MS, so many
 * namespaces that come at once are found together. A namespace is told by its inode: one that was
 * deleted and made again under its name between two looks is another.
 */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "daemon/clock.h"
#include "daemon/listen.h"
#include "daemon/log.h"
#include "daemon/state.h"

enum {
	SCAN_MS = 10,
	UNREADY_MS = 50, /* until a name is looked at again whose namespace is not mounted yet */
	UNREADY_SCANS = 200, /* then it never will be */
	AGAIN_MS = 10000,    /* until what could not be opened, or read, is tried again */
};

static void log_error(const char *event, const char *error)
{
	struct logline line, *l = log_begin(&line, LOG_LEVEL_ERROR, event);

	logline_quoted(l, "error", error);
	log_end(l);
}

static void log_netns(enum log_level level, const char *event, const char *name, const char *error)
{
	struct logline line, *l = log_begin(&line, level, event);

	logline_str(l, "netns", name);
	if (error)
		logline_quoted(l, "error", error);
	log_end(l);
}

/* --- one namespace -------------------------------------------------------------------------- */

static void on_icmp(evutil_socket_t fd, short what, void *arg)
{
	struct daemon_ns *ns = arg;
	const struct net_packet *packets;
	bool more;
	size_t n = net_recv(ns->net, NET_ICMP6, ns->daemon->rx, &packets, &more);

	(void)fd;
	(void)what;
	for (size_t i = 0; i < n; i++)
		links_receive(ns, &packets[i]);
	listen_look(ns, NET_ICMP6);
	floods_look(ns, NET_ICMP6, packets, n, clock_now());
	/* Routers come first; but whoever solicits faster than we look keeps nobody from a lease.
	 */
	event_priority_set(ns->icmp_event, more ? PRIORITY_BULK : PRIORITY_FIRST);
}

static void on_udp(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	serve_receive(arg);
	listen_look(arg, NET_UDP);
}

static void on_watch(evutil_socket_t fd, short what, void *arg)
{
	struct daemon_ns *ns = arg;
	int status = net_watch_read(ns->watch, links_changed, ns);

	(void)fd;
	(void)what;
	if (status == 0)
		return;
	log_error("watch-failed", strerror(-status));
	ns->daemon->failed = true;
	event_base_loopbreak(ns->daemon->base);
}

static void ns_free(struct daemon_ns *ns)
{
	struct event *events[] = {ns->icmp_event, ns->udp_event, ns->watch_event, ns->frames_event,
				  ns->rest_event};

	for (size_t i = 0; i < sizeof(events) / sizeof(events[0]); i++) {
		if (events[i])
			event_free(events[i]);
	}
	routes_close(ns);
	net_frames_close(ns->frames);
	net_watch_close(ns->watch);
	net_ns_close(ns->net);
	floods_free(ns);
	free(ns->name);
	free(ns);
}

static void count_interface(void *arg, const struct net_link *link, unsigned int changed)
{
	size_t *n = arg;

	(void)link;
	(void)changed;
	(*n)++;
}

/* What serving DHCPv6 takes. -errno with a sentence in `why`, and nothing is open. */
static int open_dhcp6(struct daemon_ns *ns, char *why, size_t why_len)
{
	int err = net_ns_open_dhcp6(ns->net, why, why_len);

	if (err)
		return err;
	err = net_frames_listen(ns->frames, why, why_len);
	if (err)
		net_ns_close_dhcp6(ns->net);
	return err;
}

static bool has_dhcp6(const struct daemon_ns *ns)
{
	return net_ns_fd(ns->net, NET_UDP) >= 0;
}

/* The sockets and what is known of the interfaces now. NULL with a sentence in `why`. */
static struct daemon_ns *ns_open(struct daemon *d, const char *name, char *why, size_t why_len)
{
	struct daemon_ns *ns = mem_new(1, sizeof(*ns));
	size_t interfaces = 0;
	int status;

	ns->daemon = d;
	ns->id = d->namespaces_made++;
	ns->name = name ? mem_strdup(name) : NULL;
	if (net_ns_open(name, &ns->net, why, why_len) < 0 ||
	    net_watch_open(ns->net, &ns->watch, why, why_len) < 0 ||
	    net_frames_open(ns->net, &ns->frames, why, why_len) < 0 ||
	    (daemon_conf_serves_in(d->conf, name) && open_dhcp6(ns, why, why_len) < 0) ||
	    routes_open(ns, why, why_len) < 0)
		goto failed;
	status = net_watch_sync(ns->watch, count_interface, &interfaces);
	/* As many again may come. */
	if (status == 0)
		status = net_reserve(ns->net, 2 * interfaces);
	if (status == 0)
		return ns;
	snprintf(why, why_len, "cannot learn the interfaces: %s", strerror(-status));
failed:
	ns_free(ns);
	return NULL;
}

static void listen_dhcp6(struct daemon_ns *ns)
{
	ns->udp_event =
		listen_read(ns->daemon, net_ns_fd(ns->net, NET_UDP), PRIORITY_BULK, on_udp, ns);
	overhear_begin(ns);
}

static void ns_listen(struct daemon_ns *ns)
{
	struct daemon *d = ns->daemon;

	instances_hear_relays(ns);
	links_match(ns);
	ns->watch_event = listen_read(d, net_watch_fd(ns->watch), PRIORITY_FIRST, on_watch, ns);
	ns->icmp_event = listen_read(d, net_ns_fd(ns->net, NET_ICMP6), PRIORITY_FIRST, on_icmp, ns);
	routes_listen(ns);
	if (has_dhcp6(ns))
		listen_dhcp6(ns);
}

/* --- all of them ---------------------------------------------------------------------------- */

struct daemon_ns *namespaces_find(const struct daemon *d, const char *name)
{
	for (size_t i = 0; i < d->n_namespaces; i++) {
		const char *known = d->namespaces[i]->name;

		if (known == name || (known && name && strcmp(known, name) == 0))
			return d->namespaces[i];
	}
	return NULL;
}

static void ns_add(struct daemon *d, struct daemon_ns *ns)
{
	d->namespaces = mem_grow(d->namespaces, &d->namespaces_cap, d->n_namespaces + 1,
				 sizeof(struct daemon_ns *));
	d->namespaces[d->n_namespaces++] = ns;
}

/* Nothing is sent: the links are gone, or will be when our sockets are. */
static void ns_forget(struct daemon *d, size_t at)
{
	struct daemon_ns *ns = d->namespaces[at];

	log_netns(LOG_LEVEL_INFO, "namespace-gone", ns->name, NULL);
	d->namespaces[at] = d->namespaces[--d->n_namespaces];
	links_forget(ns);
	instances_drop(ns);
	ns_free(ns);
}

/* What is known of a namespace that could not be opened; NULL: it was not tried yet. */
static struct daemon_refused *find_refused(const struct daemon *d, uint64_t inode)
{
	for (size_t i = 0; i < d->n_refused; i++) {
		if (d->refused[i].inode == inode)
			return &d->refused[i];
	}
	return NULL;
}

static struct daemon_refused *refuse(struct daemon *d, uint64_t inode)
{
	struct daemon_refused *refused;

	d->refused = mem_grow(d->refused, &d->refused_cap, d->n_refused + 1, sizeof(*d->refused));
	refused = &d->refused[d->n_refused++];
	*refused = (struct daemon_refused){.inode = inode, .present = true};
	return refused;
}

/* The kernel uses the inodes of those that have gone again. */
static void forget_refused(struct daemon *d)
{
	size_t kept = 0;

	for (size_t i = 0; i < d->n_refused; i++) {
		if (d->refused[i].present)
			d->refused[kept++] = d->refused[i];
	}
	d->n_refused = kept;
}

static void enter(struct daemon *d, const struct net_nsdir_entry *entry)
{
	struct daemon_refused *refused = find_refused(d, entry->inode);
	char why[NET_WHY_LEN];
	struct daemon_ns *ns;

	if (refused) {
		refused->present = true;
		if (!d->enters || clock_now() < refused->again)
			return;
	}
	if (!d->enters) {
		/* Named by a reload, or made again: there was a right to enter it at the start. */
		refuse(d, entry->inode);
		log_netns(LOG_LEVEL_WARNING, "config-needs-restart", entry->name, NULL);
		return;
	}
	ns = ns_open(d, entry->name, why, sizeof(why));
	if (!ns) {
		if (!refused) {
			refused = refuse(d, entry->inode);
			log_netns(LOG_LEVEL_ERROR, "namespace-failed", entry->name, why);
		}
		refused->again = mtime_add(clock_now(), AGAIN_MS);
		return;
	}
	if (refused)
		refused->present = false;
	ns->present = true;
	ns_add(d, ns);
	if (d->listening) {
		log_netns(LOG_LEVEL_INFO, "namespace-found", entry->name, NULL);
		ns_listen(ns);
	}
}

struct scan {
	struct daemon *d;
	bool unready;
};

static void scan_one(void *arg, const struct net_nsdir_entry *entry)
{
	struct scan *scan = arg;
	struct daemon *d = scan->d;
	bool wanted = daemon_conf_wants_netns(d->conf, entry->name);
	struct daemon_ns *ns = namespaces_find(d, entry->name);

	/* What could not be entered again stays, for a reload that wants it again. */
	if (ns)
		ns->present = entry->ready && net_ns_inode(ns->net) == entry->inode &&
			      (wanted || !d->enters);
	else if (wanted && !entry->ready)
		scan->unready = true;
	else if (wanted)
		enter(d, entry);
}

/* The directory cannot be read: what is open stays, whatever became of it. */
static mtime say_unseen(struct daemon *d, int err)
{
	if (!d->unseen)
		log_error("namespaces-unseen", strerror(err));
	d->unseen = true;
	return AGAIN_MS;
}

/* Compares what is open with what is there. Returns ms until it is to be done again; 0: not. */
static mtime scan(struct daemon *d)
{
	struct scan scan = {.d = d};
	int err;

	for (size_t i = 0; i < d->n_namespaces; i++)
		d->namespaces[i]->present = !d->namespaces[i]->name;
	for (size_t i = 0; i < d->n_refused; i++)
		d->refused[i].present = false;
	err = net_nsdir_each(d->nsdir, scan_one, &scan);
	if (err)
		return say_unseen(d, -err);
	bool replaced = false;

	for (size_t i = d->n_namespaces; i-- > 0;) {
		if (d->namespaces[i]->present)
			continue;
		ns_forget(d, i);
		replaced = true;
	}
	/* The namespace that took the name of one that went. */
	err = replaced ? net_nsdir_each(d->nsdir, scan_one, &scan) : 0;
	if (err)
		return say_unseen(d, -err);
	d->unseen = false;
	forget_refused(d);
	if (scan.unready && ++d->unready_scans < UNREADY_SCANS)
		return UNREADY_MS;
	return d->enters && d->n_refused ? AGAIN_MS : 0;
}

static void scan_in(struct daemon *d, mtime ms)
{
	const struct timeval delay = {.tv_sec = ms / SEC,
				      .tv_usec = (suseconds_t)(ms % SEC) * 1000};
	mtime at = clock_now() + ms;

	if (evtimer_pending(d->scan_timer, NULL) && d->scan_at <= at)
		return;
	d->scan_at = at;
	evtimer_add(d->scan_timer, &delay);
}

static void on_scan(evutil_socket_t fd, short what, void *arg)
{
	struct daemon *d = arg;
	mtime again = scan(d);

	(void)fd;
	(void)what;
	if (again)
		scan_in(d, again);
}

static void on_directory(evutil_socket_t fd, short what, void *arg)
{
	struct daemon *d = arg;

	(void)fd;
	(void)what;
	if (!net_nsdir_read(d->nsdir))
		return;
	d->unready_scans = 0;
	scan_in(d, SCAN_MS);
}

static bool open_named(struct daemon *d)
{
	char why[NET_WHY_LEN];

	for (size_t i = 0; i < d->conf->n_networks; i++) {
		const char *name = d->conf->networks[i].netns;

		/* With the right to enter them later, those that are named are waited for. */
		if (namespaces_find(d, name) || (name && d->enters))
			continue;
		struct daemon_ns *ns = ns_open(d, name, why, sizeof(why));

		if (!ns) {
			log_error("start-failed", why);
			return false;
		}
		ns_add(d, ns);
	}
	return true;
}

static bool any_named(const struct daemon_conf *conf)
{
	for (size_t i = 0; i < conf->n_networks; i++) {
		if (conf->networks[i].netns)
			return true;
	}
	return false;
}

bool namespaces_open(struct daemon *d)
{
	char why[NET_WHY_LEN];

	d->enters = daemon_conf_has_netns_pattern(d->conf);
	if (!open_named(d))
		return false;
	if (any_named(d->conf) && net_nsdir_open(&d->nsdir, why, sizeof(why)) < 0) {
		log_error("start-failed", why);
		return false;
	}
	if (d->enters)
		scan(d);
	return true;
}

void namespaces_listen(struct daemon *d)
{
	d->listening = true;
	/* All interfaces are known before one is advertised on: another may have its prefixes. */
	prefixes_look(d);
	for (size_t i = 0; i < d->n_namespaces; i++)
		ns_listen(d->namespaces[i]);
	if (!d->nsdir)
		return;
	d->scan_timer = evtimer_new(d->base, on_scan, d);
	d->nsdir_event = listen_read(d, net_nsdir_fd(d->nsdir), PRIORITY_BULK, on_directory, d);
	/* What came while the store was opened. */
	scan_in(d, SCAN_MS);
}

static void warn_restart(const struct daemon_network *net)
{
	struct logline line, *l = log_begin(&line, LOG_LEVEL_WARNING, "config-needs-restart");

	logline_str(l, "net", net->name);
	logline_str(l, "netns", net->netns ? net->netns : "own");
	logline_quoted(l, "effect", "the network is not served until the daemon is restarted");
	log_end(l);
}

/* Port 547 for the first network there that is served with DHCPv6; it is kept to the end. */
static void begin_dhcp6(struct daemon_ns *ns)
{
	const char *name = ns->name ? ns->name : "own";
	char why[NET_WHY_LEN];
	struct logline line, *l;

	if (has_dhcp6(ns) || !daemon_conf_serves_in(ns->daemon->conf, ns->name))
		return;
	switch (-open_dhcp6(ns, why, sizeof(why))) {
	case 0:
		listen_dhcp6(ns);
		break;
	case EPERM:
	case EACCES:
	case EXDEV:
		l = log_begin(&line, LOG_LEVEL_WARNING, "config-needs-restart");
		logline_str(l, "netns", name);
		logline_str(l, "key", "dhcp6");
		logline_quoted(
			l, "effect",
			"clients there, whom advertisements may send to DHCPv6, are not answered "
			"until the daemon is restarted: at its start nothing there was served");
		log_end(l);
		break;
	default:
		log_netns(LOG_LEVEL_ERROR, "namespace-failed", name, why);
	}
}

void namespaces_reconfigure(struct daemon *d)
{
	for (size_t i = 0; i < d->conf->n_networks; i++) {
		const struct daemon_network *net = &d->conf->networks[i];

		if ((!net->netns || !d->enters) && !namespaces_find(d, net->netns))
			warn_restart(net);
	}
	/* Who reloads may have mended something. */
	for (size_t i = 0; i < d->n_refused; i++)
		d->refused[i].again = 0;
	for (size_t i = 0; i < d->n_namespaces; i++)
		begin_dhcp6(d->namespaces[i]);
	if (d->enters)
		on_scan(-1, 0, d);
}

void namespaces_stop(struct daemon *d)
{
	for (size_t i = 0; i < d->n_namespaces; i++) {
		if (d->namespaces[i]->udp_event)
			event_del(d->namespaces[i]->udp_event);
		event_del(d->namespaces[i]->icmp_event);
		event_del(d->namespaces[i]->watch_event);
		if (d->namespaces[i]->rest_event)
			event_del(d->namespaces[i]->rest_event);
	}
	overhear_stop(d);
	if (!d->nsdir)
		return;
	event_del(d->nsdir_event);
	event_del(d->scan_timer);
}

void namespaces_free(struct daemon *d)
{
	for (size_t i = 0; i < d->n_namespaces; i++) {
		instances_free(d->namespaces[i]->instances);
		ns_free(d->namespaces[i]);
	}
	free(d->namespaces);
	free(d->refused);
	if (d->nsdir_event)
		event_free(d->nsdir_event);
	if (d->scan_timer)
		event_free(d->scan_timer);
	net_nsdir_close(d->nsdir);
}

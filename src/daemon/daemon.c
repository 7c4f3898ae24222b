/* SPDX-License-Identifier: ISC */
/*
 * The daemon's life: start, reload, stop. daemon_run() is the entry point.
 *
 * At start, what needs rights comes first (sockets in every namespace), then they are given up,
 * then the store is opened by the user who will use it. Nothing is served before the leases are
 * read. A clean stop sends final advertisements, finishes what was promised, and ends with 0.
 */
#include "config.h"

#include "daemon/daemon.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/logid.h"
#include "base/mem.h"
#include "daemon/clock.h"
#include "daemon/heap.h"
#include "daemon/listen.h"
#include "daemon/log.h"
#include "daemon/privs.h"
#include "daemon/state.h"
#include "wire/wire.h"

static void log_error(const char *event, const char *error)
{
	struct logline line, *l = log_begin(&line, LOG_LEVEL_ERROR, event);

	logline_quoted(l, "error", error);
	log_end(l);
}

/* --- the store ------------------------------------------------------------------------------ */

/* Makes the directory of the default store for the user, so that a first start just works. */
static void make_store_directory(const struct daemon_conf *conf, const struct privs_user *user)
{
	static const char scheme[] = "sqlite:";
	const char *spec = conf->server.store;

	if (!user->change || strncmp(spec, scheme, strlen(scheme)) != 0)
		return;
	char *dir = mem_strdup(spec + strlen(scheme));
	char *slash = strrchr(dir, '/');

	if (slash && slash != dir) {
		*slash = '\0';
		/* If it fails, opening the store says what is wrong. */
		if (mkdir(dir, 0750) == 0 && chown(dir, user->uid, user->gid) != 0)
			(void)rmdir(dir);
	}
	free(dir);
}

/* Reads a value of the store, or makes it from random octets at the first start. */
static bool meta_or_random(struct daemon *d, const char *name, uint8_t *buf, size_t len)
{
	struct store_error error;
	int n = d->store->ops->meta_get(d->store, name, buf, len, &error);

	if (n == (int)len)
		return true;
	if (n >= 0) {
		if (getrandom(buf, len, 0) != (ssize_t)len) {
			log_error("start-failed", "the kernel gives no random octets");
			return false;
		}
		n = d->store->ops->meta_put(d->store, name, buf, len, &error);
	}
	if (n < 0)
		log_error("start-failed", error.text);
	return n >= 0;
}

/*
 * RFC 8415 section 20.3: what clients take for newer. Unix seconds, but never those of an earlier
 * run or less, whatever the clock says; a run counts up from there.
 */
static bool find_replay(struct daemon *d)
{
	int64_t now = (clock_now() + clock_unix_offset()) / SEC;
	uint64_t seconds = now > 0 ? (uint64_t)now : 0;
	struct store_error error;
	uint8_t buf[8] = {0};
	int n = d->store->ops->meta_get(d->store, "replay", buf, sizeof(buf), &error);
	struct wire_reader r = wire_reader(buf, sizeof(buf));
	struct wire_writer w = wire_writer(buf, sizeof(buf));

	if (n == sizeof(buf)) {
		uint64_t last = wire_get_u64(&r);

		seconds = seconds > last ? seconds : last + 1;
	}
	wire_put_u64(&w, seconds);
	if (n >= 0)
		n = d->store->ops->meta_put(d->store, "replay", buf, sizeof(buf), &error);
	if (n < 0)
		log_error("start-failed", error.text);
	d->replay = seconds << 32;
	return n >= 0;
}

/* RFC 8415 section 11: made once, kept in stable storage; a UUID needs no hardware (RFC 6355). */
static bool find_server_duid(struct daemon *d)
{
	uint8_t uuid[16];
	struct logline line, *l;

	if (d->conf->dhcp6.server_duid.len == 0) {
		if (!meta_or_random(d, "server-uuid", uuid, sizeof(uuid)))
			return false;
		d->conf->dhcp6.server_duid = duid_make_uuid(uuid);
	}
	l = log_begin(&line, LOG_LEVEL_INFO, "server-duid");
	logline_hex(l, "duid", d->conf->dhcp6.server_duid.bytes, d->conf->dhcp6.server_duid.len);
	logline_str(l, "from", d->conf->server.duid.len ? "configuration" : "store");
	log_end(l);
	return true;
}

struct loading {
	struct daemon *d;
	int64_t unix_offset;
	mtime now;
	size_t taken, refused;
};

static void take_row(void *arg, const struct lease_row *row)
{
	struct loading *loading = arg;
	struct logline line, *l;
	const char *why;

	if (lease_load(loading->d->leases, row, loading->unix_offset, loading->now, &why)) {
		loading->taken++;
		routes_load(loading->d, row, loading->unix_offset);
		return;
	}
	loading->refused++;
	l = log_begin(&line, LOG_LEVEL_ERROR, "lease-refused");
	logline_u64(l, "row", row->rowid);
	logline_str(l, "net", row->network);
	logid_ip6(l, "addr", &row->addr);
	logid_hex(l, "duid", row->duid.bytes, row->duid.len);
	logline_quoted(l, "why", why);
	log_end(l);
}

/* One of its own, so that a hash in the log says nothing of how addresses are chosen. */
static void set_log_key(const struct siphash_key *key)
{
	static const char *const parts[] = {"log identifiers 1", "log identifiers 2"};
	struct logid ids = *log_get_ids();

	for (size_t i = 0; i < 2; i++) {
		uint64_t half = siphash(key, parts[i], strlen(parts[i]));

		memcpy(ids.key.bytes + 8 * i, &half, sizeof(half));
	}
	log_set_ids(&ids);
	explicit_bzero(&ids, sizeof(ids));
}

static bool open_store(struct daemon *d)
{
	struct loading loading = {.d = d, .unix_offset = clock_unix_offset(), .now = clock_now()};
	struct store_error error;
	struct siphash_key key;
	struct logline line, *l;

	if (store_open(d->conf->server.store, &d->store, &error) < 0) {
		log_error("start-failed", error.text);
		return false;
	}
	if (!meta_or_random(d, "allocation-key", key.bytes, sizeof(key.bytes)) ||
	    !find_server_duid(d) || !find_replay(d))
		return false;
	d->leases = lease_table_new(&key);
	set_log_key(&key);
	explicit_bzero(&key, sizeof(key));
	if (d->store->ops->load(d->store, take_row, &loading, &error) < 0) {
		log_error("start-failed", error.text);
		return false;
	}
	l = log_begin(&line, LOG_LEVEL_INFO, "leases-read");
	logline_u64(l, "leases", loading.taken);
	logline_u64(l, "refused", loading.refused);
	log_end(l);
	if (!loading.refused)
		return true;
	/* Somebody may hold what such a row says: to go on would give it away. */
	log_error(
		"start-failed",
		"the store has rows that cannot be right, named by lease-refused above; look at "
		"each (SELECT * FROM lease WHERE id = ROW), correct or delete it, and start again");
	return false;
}

/* --- reload and stop ------------------------------------------------------------------------ */

/* Logs what a reading of the configuration said, a line an event. */
static void log_messages(char *messages)
{
	struct logline line, *l;

	for (char *at = messages, *end; *at; at = end) {
		end = at + strcspn(at, "\n");
		if (*end)
			*end++ = '\0';
		l = log_begin(&line,
			      strstr(at, ": warning: ") ? LOG_LEVEL_WARNING : LOG_LEVEL_ERROR,
			      "config-message");
		logline_quoted(l, "text", at);
		log_end(l);
	}
}

/* A pipe was read once; to wait for who writes into it again would keep clients waiting. */
static bool is_readable_again(const char *path, FILE *messages)
{
	struct stat st;

	/* What else is wrong is said when it is read. */
	if (stat(path, &st) < 0 || S_ISREG(st.st_mode) || S_ISDIR(st.st_mode))
		return true;
	fprintf(messages,
		"%s: is no regular file, so it cannot be read again; name one with --config\n",
		path);
	return false;
}

static struct daemon_conf *read_again(const char *path)
{
	struct daemon_conf *conf = NULL;
	char *messages = NULL;
	size_t len = 0;
	FILE *file = open_memstream(&messages, &len);

	if (!file)
		return NULL;
	if (is_readable_again(path, file))
		conf = daemon_conf_read(path, file);
	fclose(file);
	log_messages(messages);
	free(messages);
	return conf;
}

/* What was opened at start stays until the next start. */
static void warn_unchangeable(const struct daemon *d, const struct daemon_conf *new)
{
	const struct {
		const char *key;
		bool same;
	} keys[] = {
		{"server.store", strcmp(d->conf->server.store, new->server.store) == 0},
		{"server.user", strcmp(d->conf->server.user, new->server.user) == 0},
		{"server.duid", duid_equal(&d->conf->server.duid, &new->server.duid)},
	};
	struct logline line, *l;

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		if (keys[i].same)
			continue;
		l = log_begin(&line, LOG_LEVEL_WARNING, "config-needs-restart");
		logline_str(l, "key", keys[i].key);
		logline_quoted(l, "effect", "it stays as it was until the daemon is restarted");
		log_end(l);
	}
}

/* Said of what is used, not of what the file said last. */
static void keep_unchangeable(const struct daemon_conf *old, struct daemon_conf *new)
{
	new->server.store = arena_strdup(&new->arena, old->server.store);
	new->server.user = arena_strdup(&new->arena, old->server.user);
	new->server.duid = old->server.duid;
	new->dhcp6.server_duid = old->dhcp6.server_duid;
}

/* Keeps the key, which is made from the store's. */
static void set_log_ids(const struct daemon *d)
{
	struct logid ids = *log_get_ids();

	ids.how = (enum logid_how)d->conf->server.log_identifiers;
	log_set_ids(&ids);
}

static void set_log(struct daemon *d)
{
	set_log_ids(d);
	if (!d->log_level_fixed)
		log_set_level((enum log_level)d->conf->server.log_level);
	if (d->fx)
		d->fx->level = log_get_level();
}

static void reload(struct daemon *d)
{
	struct daemon_conf *new = read_again(d->path), *old = d->conf;
	struct daemon_view *old_view;
	struct logline line, *l;

	if (!new) {
		log_error("reload-refused", "the running configuration stays as it is");
		return;
	}
	warn_unchangeable(d, new);
	keep_unchangeable(old, new);
	old_view = prefixes_replace(d, new);
	set_log(d);
	links_reconfigure(d);
	namespaces_reconfigure(d);
	daemon_view_free(old_view);
	daemon_conf_free(old);
	links_tell_missing(d);
	l = log_begin(&line, LOG_LEVEL_INFO, "reloaded");
	logline_u64(l, "networks", new->n_networks);
	log_end(l);
}

static void end_loop(struct daemon *d)
{
	event_base_loopbreak(d->base);
}

/* The last advertisements and answers may have to be sent again. */
static void on_idle(void *arg)
{
	transmit_when_sent(arg, end_loop);
}

static void stop(struct daemon *d, int signal)
{
	struct logline line, *l;

	if (d->stopping)
		_exit(EXIT_FAILURE);
	d->stopping = true;
	l = log_begin(&line, LOG_LEVEL_INFO, "stopping");
	logline_str(l, "signal", signal == SIGTERM ? "TERM" : "INT");
	log_end(l);
	namespaces_stop(d);
	links_stop(d);
	prefixes_save(d);
	wallclock_finish(d);
	pipeline_when_idle(d->pipeline, on_idle, d);
}

static void on_reload(evutil_socket_t fd, short what, void *arg)
{
	struct daemon *d = arg;

	(void)fd;
	(void)what;
	if (!d->stopping)
		reload(d);
}

static void on_counters(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	counters_log(arg);
}

/*
 * Called once for each signal that came. What takes time is done once for all of them, and in its
 * turn, so that signals in a row keep neither clients nor the end waiting.
 */
static void on_signal(evutil_socket_t signal, short what, void *arg)
{
	static const struct timeval soon = {0};
	struct daemon *d = arg;

	(void)what;
	switch (signal) {
	case SIGHUP:
		evtimer_add(d->reload_event, &soon);
		break;
	case SIGUSR1:
		evtimer_add(d->counters_event, &soon);
		break;
	default:
		stop(d, (int)signal);
	}
}

static struct event *work_new(struct daemon *d, event_callback_fn fn)
{
	struct event *event = evtimer_new(d->base, fn, d);

	event_priority_set(event, PRIORITY_BULK);
	return event;
}

void daemon_hold_signals(void)
{
	sigset_t held;

	/* A log that nobody reads any longer is no reason to end. */
	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&held);
	sigaddset(&held, SIGHUP);
	sigaddset(&held, SIGUSR1);
	pthread_sigmask(SIG_BLOCK, &held, NULL);
}

static void watch_signals(struct daemon *d)
{
	static const int signals[] = {SIGTERM, SIGINT, SIGHUP, SIGUSR1};
	sigset_t watched;

	d->reload_event = work_new(d, on_reload);
	d->counters_event = work_new(d, on_counters);
	sigemptyset(&watched);
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
		d->signals[i] = evsignal_new(d->base, signals[i], on_signal, d);
		event_priority_set(d->signals[i], PRIORITY_FIRST);
		listen_add(d, d->signals[i]);
		sigaddset(&watched, signals[i]);
	}
	pthread_sigmask(SIG_UNBLOCK, &watched, NULL);
}

/* --- life ----------------------------------------------------------------------------------- */

static bool start(struct daemon *d)
{
	struct privs_user user;
	struct logline line, *l;
	uint64_t seed;
	char why[256];

	if (!privs_find_user(d->conf->server.user, &user, why, sizeof(why))) {
		log_error("start-failed", why);
		return false;
	}
	privs_allow_files();
	if (!routes_init(d) || !namespaces_open(d))
		return false;
	make_store_directory(d->conf, &user);
	if (!privs_drop(&user,
			(d->enters ? PRIVS_ENTER_NAMESPACES : 0) |
				(d->sets_routes ? PRIVS_SET_ROUTES : 0),
			why, sizeof(why))) {
		log_error("start-failed", why);
		return false;
	}
	if (!open_store(d))
		return false;
	if (getrandom(&seed, sizeof(seed), 0) != sizeof(seed)) {
		log_error("start-failed", "the kernel gives no random octets");
		return false;
	}
	rng_seed(&d->rng, seed);
	d->fx = fx_new(log_get_level());
	d->fx->ids = log_get_ids();
	d->rx = net_rx_new();
	d->base = event_base_new();
	if (!d->base || event_base_priority_init(d->base, PRIORITIES) != 0 || !transmit_init(d) ||
	    !overhear_init(d)) {
		log_error("start-failed", strerror(errno));
		return false;
	}
	/* The store is ours until serving begins. */
	if (!prefixes_init(d))
		return false;
	if (!serve_init(d)) {
		log_error("start-failed", strerror(errno));
		return false;
	}
	/* From the first advertisement on, the end is one with final advertisements. */
	watch_signals(d);
	serve_configure(d);
	namespaces_listen(d);
	routes_configure(d);
	if (d->failed)
		return false;
	links_tell_missing(d);
	l = log_begin(&line, LOG_LEVEL_INFO, "ready");
	logline_str(l, "version", PACKAGE_VERSION);
	logline_u64(l, "networks", d->conf->n_networks);
	log_end(l);
	return true;
}

static void finish(struct daemon *d)
{
	if (d->pipeline)
		counters_log(d);
	routes_fini(d);
	links_free(d);
	if (d->dhcp6)
		serve_fini(d);
	transmit_fini(d);
	overhear_fini(d);
	prefixes_fini(d);
	namespaces_free(d);
	for (size_t i = 0; i < sizeof(d->signals) / sizeof(d->signals[0]); i++) {
		if (d->signals[i])
			event_free(d->signals[i]);
	}
	if (d->reload_event) {
		event_free(d->reload_event);
		event_free(d->counters_event);
	}
	if (d->leases)
		lease_table_free(d->leases);
	if (d->store)
		store_close(d->store);
	if (d->base)
		event_base_free(d->base);
	net_rx_free(d->rx);
	free(d->fx);
	daemon_conf_free(d->conf);
}

bool daemon_run(const char *path, struct daemon_conf *conf, const struct daemon_log_level *level)
{
	struct daemon *d = mem_new(1, sizeof(*d));
	bool good;

	heap_init();
	log_init();
	listen_init();
	d->path = path;
	d->conf = conf;
	d->log_level_fixed = level->set;
	if (level->set)
		log_set_level(level->level);
	set_log(d);
	good = start(d);
	if (good) {
		if (event_base_dispatch(d->base) < 0) {
			log_error("listen-failed", "the event loop ended, for the reason above");
			d->failed = true;
		}
		good = !d->failed;
	}
	finish(d);
	free(d);
	return good;
}

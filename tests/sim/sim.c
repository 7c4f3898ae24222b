/* SPDX-License-Identifier: ISC */
/*
 * The simulated shell. It does what daemon/ does with the same rooms, in the same order: a step,
 * then what need not wait leaves, then the open batch is committed.
 */
#include "config.h"

#include "sim/sim.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/fx.h"
#include "base/logid.h"
#include "base/mem.h"
#include "daemon/outbox.h"
#include "daemon/view.h"
#include "sim/sim_show.h"

enum {
	SIM_LINKS = 64,
	SIM_INTERFACES = 8,
	PAUSE_MS = 250, /* after a failed commit, as in src/daemon/pipeline.c */
};

/* 2026-01-01 00:00 UTC is when a simulation begins, in Unix milliseconds. */
#define SIM_EPOCH_MS INT64_C(1767225600000)

struct sim_link {
	bool used;
	char name[16];
	uint32_t network;
	struct sim_link_facts facts;
	struct ra_link ra;
};

/* An interface whose addresses are known. */
struct sim_interface {
	char name[16];
	struct daemon_address addrs[SIM_ADDRESSES];
	size_t n;
};

struct sim {
	struct daemon_conf *conf;
	struct daemon_ledgers ledgers;
	struct daemon_view *view;
	char *saved; /* ledgers, in the store */
	struct sim_interface interfaces[SIM_INTERFACES];
	size_t n_interfaces;
	struct sim_observer observer;
	struct fx *fx;
	struct logid ids;
	mtime now;
	int64_t clock_step;
	struct sim_link links[SIM_LINKS];
	struct lease_table *leases;
	struct dhcp6_server *dhcp6;
	enum sim_store how;
	struct outbox open, sealed;
	struct lease_batch *batch;
	struct lease_row *rows; /* the store; by rowid */
	size_t n_rows, rows_cap;
	struct arena texts; /* that the rows point to */
	struct duid duid;
	int64_t epoch; /* of replay values, in the store */
	bool guessed;  /* a peer said what is secret itself: it may be in the log, as its own */
};

static int64_t unix_offset(const struct sim *sim)
{
	return SIM_EPOCH_MS + sim->clock_step;
}

static void emit(struct sim *sim, const struct fx_send *send)
{
	assert(send->link < SIM_LINKS);
	const struct sim_output output = {
		.at = sim->now,
		.link = sim->links[send->link].name,
		.icmp6 = send->proto == FX_ICMP6,
		.src = send->src,
		.dst = send->dst,
		.port = send->port,
		.data = send->data,
		.len = send->len,
	};

	sim->observer.sent(sim->observer.arg, &output);
}

static void emit_all(struct sim *sim, struct outbox *box)
{
	size_t n;

	outbox_drop_late(box, sim->now);
	const struct fx_send *sends = outbox_sends(box, &n);

	for (size_t i = 0; i < n; i++)
		emit(sim, &sends[i]);
	outbox_clear(box);
}

static void store_row(struct sim *sim, const struct lease_row *row)
{
	size_t i = 0;

	while (i < sim->n_rows && sim->rows[i].rowid != row->rowid)
		i++;
	if (row->op == LEASE_ROW_DELETE) {
		if (i < sim->n_rows)
			sim->rows[i] = sim->rows[--sim->n_rows];
		return;
	}
	sim->rows = mem_grow(sim->rows, &sim->rows_cap, i + 1, sizeof(*sim->rows));
	sim->rows[i] = *row;
	if (row->hostname)
		sim->rows[i].hostname = arena_strdup(&sim->texts, row->hostname);
	if (row->key)
		sim->rows[i].key = arena_copy(&sim->texts, row->key, LEASE_KEY_LEN);
	if (row->way)
		sim->rows[i].way = arena_copy(&sim->texts, row->way, sizeof(*row->way));
	if (row->path)
		sim->rows[i].path = arena_strdup(&sim->texts, row->path);
	if (i == sim->n_rows)
		sim->n_rows++;
}

bool sim_commit(struct sim *sim, bool stored)
{
	const struct lease_row *rows;
	size_t n;

	if (!sim->batch)
		return false;
	rows = lease_batch_rows(sim->batch, &n);
	for (size_t i = 0; stored && i < n; i++)
		store_row(sim, &rows[i]);
	lease_batch_done(sim->leases, sim->batch, stored);
	sim->batch = NULL;
	if (stored) {
		emit_all(sim, &sim->sealed);
	} else {
		outbox_clear(&sim->sealed);
		outbox_clear(&sim->open);
	}
	return true;
}

/* Seals and commits what is open, as far as the store goes along. */
static void flush(struct sim *sim)
{
	while (!sim->batch) {
		struct outbox empty = sim->sealed;

		sim->batch = lease_batch_seal(sim->leases, unix_offset(sim));
		if (!sim->batch) {
			emit_all(sim, &sim->open);
			return;
		}
		sim->sealed = sim->open;
		sim->open = empty;
		if (sim->how == SIM_STORE_WAITS)
			return;
		sim_commit(sim, sim->how == SIM_STORE_WORKS);
		if (sim->how == SIM_STORE_FAILS)
			return;
	}
}

/* The keys of start() and not_random(), which every story has. */
static const char *const secrets[] = {"01:02:03:04:05:06", "010203040506", "5a:5a:5a:5a",
				      "5a5a5a5a", "ZZZZ"};

static bool is_secret(const char *text)
{
	for (size_t i = 0; i < sizeof(secrets) / sizeof(*secrets); i++) {
		if (strstr(text, secrets[i]))
			return true;
	}
	return false;
}

/*
 * No line may show any octets of a secret.
 * rows: Z13
 */
static void check_secrets(const struct sim *sim, const char *line)
{
	if (sim->guessed || !is_secret(line))
		return;
	fprintf(stderr, "a secret is in the log: %s\n", line);
	abort();
}

/* Whether what a peer says has a secret in it, as octets (from any half of one on) or as text. */
static bool says_secret(const uint8_t *data, size_t len)
{
	static const char digits[] = "0123456789abcdef";
	char *text = mem_new(len + 1, 3);
	size_t n = 0;

	for (size_t i = 0; i < len; i++) {
		text[n++] = digits[data[i] >> 4];
		text[n++] = digits[data[i] & 15];
	}
	bool found = is_secret(text);

	for (size_t i = 0; i < len; i++)
		text[i] = data[i] ? (char)data[i] : '.';
	text[len] = 0;
	found = found || is_secret(text);
	free(text);
	return found;
}

static void take(struct sim *sim)
{
	for (size_t i = 0; i < sim->fx->n_sends; i++) {
		if (sim->fx->sends[i].held)
			outbox_add(&sim->open, &sim->fx->sends[i]);
		else
			emit(sim, &sim->fx->sends[i]);
	}
	for (size_t i = 0; i < sim->fx->n_lines; i++) {
		check_secrets(sim, sim->fx->lines[i].bytes);
		sim->observer.logged(sim->observer.arg, sim->fx->lines[i].bytes);
	}
	flush(sim);
}

static void step_ra(struct sim *sim, struct sim_link *link, const struct ra_event *ev)
{
	fx_clear(sim->fx, sim->now);
	ra_link_step(&link->ra, ev, sim->now, sim->fx);
	take(sim);
}

static void step_dhcp6(struct sim *sim, const struct dhcp6_event *ev)
{
	fx_clear(sim->fx, sim->now);
	dhcp6_server_step(sim->dhcp6, ev, sim->now, sim->fx);
	take(sim);
}

/*
 * The moment of whatever wants to be woken first; *ret_link NULL: the DHCPv6 server, which is not
 * woken before `retry`.
 */
static mtime next_wake(struct sim *sim, mtime retry, struct sim_link **ret_link)
{
	mtime first = mtime_max(dhcp6_server_wake(sim->dhcp6), retry);

	*ret_link = NULL;
	for (size_t i = 0; i < SIM_LINKS; i++) {
		if (!sim->links[i].used)
			continue;
		mtime wake = ra_link_wake(&sim->links[i].ra);

		if (wake < first) {
			first = wake;
			*ret_link = &sim->links[i];
		}
	}
	return first;
}

static void follow_prefixes(struct sim *sim, bool always);

void sim_advance(struct sim *sim, mtime to)
{
	const struct dhcp6_event dhcp6_timer = {.type = DHCP6_EV_TIMER};
	const struct ra_event ra_timer = {.kind = RA_EV_TIMER};
	mtime retry = 0, pause = PAUSE_MS;
	struct sim_link *link;

	for (;;) {
		mtime wake = next_wake(sim, retry, &link),
		      ledger_wake = daemon_ledgers_wake(&sim->ledgers, sim->now);

		if (mtime_min(wake, ledger_wake) > to)
			break;
		sim->now = mtime_max(sim->now, mtime_min(wake, ledger_wake));
		if (ledger_wake < wake) {
			follow_prefixes(sim, /* always= */ true);
			continue;
		}
		if (link) {
			step_ra(sim, link, &ra_timer);
			continue;
		}
		step_dhcp6(sim, &dhcp6_timer);
		/*
		 * What could not be stored is due again at once: the pipeline waits before it
		 * tries. Here ever longer, so that a store that fails for a year costs little.
		 */
		if (sim->how == SIM_STORE_FAILS && dhcp6_server_wake(sim->dhcp6) <= sim->now) {
			retry = sim->now + pause;
			pause *= 2;
		}
	}
	sim->now = mtime_max(sim->now, to);
}

static struct sim_link *find_link(struct sim *sim, const char *name)
{
	for (size_t i = 0; i < SIM_LINKS; i++) {
		if (sim->links[i].used && strcmp(sim->links[i].name, name) == 0)
			return &sim->links[i];
	}
	return NULL;
}

static uint32_t find_link_id(void *arg, const char *netns, const char *name)
{
	const struct sim_link *link = find_link(arg, name);

	return *netns || !link ? UINT32_MAX : (uint32_t)link->ra.id;
}

static void plan_link(struct sim *sim, struct sim_link *link)
{
	if (link->network == UINT32_MAX)
		return;
	const struct daemon_network *net = &sim->conf->networks[link->network];
	const struct daemon_view_network *view = &sim->view->networks[link->network];
	const struct ra_event ev = {
		.kind = RA_EV_CONF,
		.plan = {.net = net->name,
			 .conf = &net->ra,
			 .prefixes = view->prefixes,
			 .n_prefixes = view->n_prefixes,
			 .dns = view->dns,
			 .n_dns = view->n_dns,
			 .hosts = net->ra_hosts,
			 .n_hosts = net->n_ra_hosts},
	};

	step_ra(sim, link, &ev);
}

/* The router has the addresses of the link from now on, or no longer. */
static void own_add(struct sim *sim, const struct sim_link *link)
{
	for (size_t i = 0; link->network != UINT32_MAX && i < link->facts.n_own; i++)
		dhcp6_server_own_add(sim->dhcp6, link->network, &link->facts.own[i]);
}

static void own_remove(struct sim *sim, const struct sim_link *link)
{
	for (size_t i = 0; link->network != UINT32_MAX && i < link->facts.n_own; i++)
		dhcp6_server_own_remove(sim->dhcp6, link->network, &link->facts.own[i]);
}

static void tell_facts(struct sim *sim, struct sim_link *link)
{
	const struct sim_link_facts *facts = &link->facts;
	struct ra_event ev = {
		.kind = RA_EV_FACTS,
		.facts = {.up = facts->up,
			  .have_link_local = facts->have_link_local,
			  .link_local = facts->link_local,
			  .mac_len = 6,
			  .mtu = facts->mtu,
			  .forwarding = facts->forwarding},
	};

	memcpy(ev.facts.mac, facts->mac, 6);
	if (facts->have_link_local)
		ev.facts.link_locals[ev.facts.n_link_locals++] = facts->link_local;
	for (size_t i = 0; i < facts->n_own && ev.facts.n_link_locals < RA_LINK_LOCALS; i++) {
		if (ip6_is_link_local(&facts->own[i]))
			ev.facts.link_locals[ev.facts.n_link_locals++] = facts->own[i];
	}
	step_ra(sim, link, &ev);
}

static struct sim_link *add_link(struct sim *sim, const char *name, uint32_t network)
{
	uint32_t id = 0;

	while (id < SIM_LINKS && sim->links[id].used)
		id++;
	assert(id < SIM_LINKS);
	struct sim_link *link = &sim->links[id];

	*link = (struct sim_link){.used = true, .network = network};
	snprintf(link->name, sizeof(link->name), "%s", name);
	ra_link_init(&link->ra, id, name, id + 1);
	plan_link(sim, link);
	return link;
}

bool sim_link(struct sim *sim, const char *name, const struct sim_link_facts *facts)
{
	struct sim_link *link = find_link(sim, name);

	if (!link) {
		uint32_t network = daemon_conf_match(sim->conf, NULL, name);

		if (network == UINT32_MAX && !daemon_conf_hears_relays(sim->conf, name, network))
			return false;
		link = add_link(sim, name, network);
	}
	own_remove(sim, link);
	link->facts = *facts;
	own_add(sim, link);
	tell_facts(sim, link);
	return true;
}

static void drop_link(struct sim_link *link)
{
	ra_link_fini(&link->ra);
	link->used = false;
}

bool sim_link_gone(struct sim *sim, const char *name)
{
	struct sim_link *link = find_link(sim, name);

	if (!link)
		return false;
	own_remove(sim, link);
	drop_link(link);
	return true;
}

bool sim_receive_udp(struct sim *sim, const char *name, const struct in6_addr *src,
		     const struct in6_addr *dst, uint16_t sport, const uint8_t *mac,
		     const void *data, size_t len)
{
	const struct sim_link *link = find_link(sim, name);

	if (!link)
		return false;
	struct dhcp6_event ev = {
		.type = DHCP6_EV_PACKET,
		.packet = {.data = data,
			   .len = len,
			   .src = *src,
			   .dst = *dst,
			   .sport = sport,
			   .link = link->ra.id,
			   .link_name = link->name,
			   .network = link->network},
	};

	if (mac) {
		memcpy(ev.packet.mac, mac, 6);
		ev.packet.mac_source = LEASE_MAC_FRAME;
	}
	sim->guessed = sim->guessed || says_secret(data, len);
	step_dhcp6(sim, &ev);
	return true;
}

bool sim_overhear(struct sim *sim, const char *name, const struct in6_addr *src, const void *data,
		  size_t len)
{
	const struct sim_link *link = find_link(sim, name);

	if (!link)
		return false;
	const struct dhcp6_event ev = {
		.type = DHCP6_EV_OVERHEARD,
		.packet = {.data = data,
			   .len = len,
			   .src = *src,
			   .link = link->ra.id,
			   .link_name = link->name,
			   .network = link->network},
	};

	step_dhcp6(sim, &ev);
	return true;
}

bool sim_receive_icmp6(struct sim *sim, const char *name, const struct in6_addr *src,
		       const struct in6_addr *dst, int hop_limit, const void *data, size_t len)
{
	struct sim_link *link = find_link(sim, name);

	if (!link)
		return false;
	const struct ra_event ev = {
		.kind = RA_EV_RECEIVE,
		.packet = {.data = data,
			   .len = len,
			   .src = *src,
			   .dst = *dst,
			   .hop_limit = hop_limit},
	};

	step_ra(sim, link, &ev);
	return true;
}

uint64_t sim_ra_drops(struct sim *sim, const char *name)
{
	const struct sim_link *link = find_link(sim, name);
	uint64_t sum = 0;

	for (int verdict = RA_OK + 1; link && verdict < RA_VERDICTS; verdict++)
		sum += link->ra.counters.drops[verdict];
	return sum;
}

void sim_store(struct sim *sim, enum sim_store how)
{
	sim->how = how;
	flush(sim);
}

static void configure(struct sim *sim)
{
	if (sim->conf->dhcp6.server_duid.len == 0)
		sim->conf->dhcp6.server_duid = sim->duid;
	sim->duid = sim->conf->dhcp6.server_duid;
	sim->view->dhcp6.server_duid = sim->duid;
	dhcp6_server_configure(sim->dhcp6, &sim->view->dhcp6, sim->now);
}

/* Brings the ledgers up to date with the addresses of interfaces; whether one changed. */
static bool look(struct sim *sim)
{
	struct daemon_address addrs[SIM_INTERFACES * SIM_ADDRESSES];
	bool changed = false;

	for (uint32_t network = 0; network < sim->conf->n_networks; network++) {
		size_t n = 0;

		for (size_t i = 0; i < sim->n_interfaces; i++) {
			const struct sim_interface *interface = &sim->interfaces[i];
			bool own = daemon_conf_match(sim->conf, NULL, interface->name) == network;

			for (size_t k = 0; k < interface->n; k++) {
				addrs[n] = interface->addrs[k];
				addrs[n++].own = own;
			}
		}
		const struct daemon_network *net = &sim->conf->networks[network];

		if (daemon_ledger_update(daemon_ledgers_get(&sim->ledgers, net->name), net, addrs,
					 n, sim->now))
			changed = true;
	}
	return changed;
}

/* A new view; the old one, which is still in use. */
static struct daemon_view *replace_view(struct sim *sim)
{
	struct daemon_view *old = sim->view;

	sim->view = daemon_view_new(sim->conf, &sim->ledgers, sim->now);
	free(sim->saved);
	sim->saved = daemon_ledgers_save(&sim->ledgers, unix_offset(sim));
	return old;
}

static void follow_prefixes(struct sim *sim, bool always)
{
	if (!look(sim) && !always)
		return;
	struct daemon_view *old = replace_view(sim);

	configure(sim);
	for (size_t i = 0; i < SIM_LINKS; i++) {
		struct sim_link *link = &sim->links[i];

		if (!link->used)
			continue;
		plan_link(sim, link);
		own_add(sim, link);
	}
	daemon_view_free(old);
}

void sim_addresses(struct sim *sim, const char *name, const struct sim_address *addrs, size_t n)
{
	size_t i = 0;

	while (i < sim->n_interfaces && strcmp(sim->interfaces[i].name, name) != 0)
		i++;
	assert(i < SIM_INTERFACES && n <= SIM_ADDRESSES);
	if (i == sim->n_interfaces)
		sim->n_interfaces++;
	struct sim_interface *interface = &sim->interfaces[i];

	snprintf(interface->name, sizeof(interface->name), "%s", name);
	interface->n = n;
	for (size_t k = 0; k < n; k++)
		interface->addrs[k] = (struct daemon_address){
			.interface = interface->name,
			.addr = addrs[k].addr,
			.len = addrs[k].len,
			.preferred_end = mtime_after_lifetime(sim->now, addrs[k].preferred),
			.valid_end = mtime_after_lifetime(sim->now, addrs[k].valid),
		};
	follow_prefixes(sim, /* always= */ false);
}

void sim_reload(struct sim *sim, struct daemon_conf *conf)
{
	const struct ra_event stop = {.kind = RA_EV_STOP};
	struct daemon_conf *old = sim->conf;

	sim->conf = conf;
	sim->ids.how = (enum logid_how)conf->server.log_identifiers;
	daemon_ledgers_keep(&sim->ledgers, conf);
	look(sim);
	struct daemon_view *old_view = replace_view(sim);

	configure(sim);
	for (size_t i = 0; i < SIM_LINKS; i++) {
		struct sim_link *link = &sim->links[i];

		if (!link->used)
			continue;
		link->network = daemon_conf_match(conf, NULL, link->name);
		if (link->network == UINT32_MAX) {
			const struct sim_link gone = *link;

			step_ra(sim, link, &stop);
			drop_link(link);
			/* One that still hears relays comes back as such. */
			sim_link(sim, gone.name, &gone.facts);
			continue;
		}
		plan_link(sim, link);
		own_add(sim, link);
	}
	daemon_view_free(old_view);
	daemon_conf_free(old);
}

void sim_stop(struct sim *sim)
{
	const struct ra_event ev = {.kind = RA_EV_STOP};

	for (size_t i = 0; i < SIM_LINKS; i++) {
		if (sim->links[i].used)
			step_ra(sim, &sim->links[i], &ev);
	}
}

/* The same key for every client, so that what a scenario sees is the same each time. */
static void not_random(void *buf, size_t len)
{
	memset(buf, 0x5a, len);
}

static void start(struct sim *sim)
{
	/* Fixed, so that what a scenario sees is the same each time. */
	const struct siphash_key key = {{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}};
	const char *why;

	sim->leases = lease_table_new(&key);
	for (size_t i = 0; i < sim->n_rows; i++) {
		if (lease_load(sim->leases, &sim->rows[i], unix_offset(sim), sim->now, &why))
			continue;
		fprintf(stderr, "a stored lease is refused: %s\n", why);
		abort();
	}
	sim->dhcp6 = dhcp6_server_new(sim->leases, /* seed= */ 1);
	sim->epoch =
		sim->epoch + 1 > unix_offset(sim) / SEC ? sim->epoch + 1 : unix_offset(sim) / SEC;
	dhcp6_server_seed(sim->dhcp6, not_random, (uint64_t)sim->epoch << 32);
	dhcp6_server_set_links(sim->dhcp6, find_link_id, sim);
	if (sim->saved)
		daemon_ledgers_load(&sim->ledgers, sim->conf, sim->saved, unix_offset(sim),
				    sim->now);
	look(sim);
	replace_view(sim);
	configure(sim);
}

static void end(struct sim *sim)
{
	if (sim->batch)
		sim_commit(sim, /* stored= */ false);
	outbox_clear(&sim->open);
	dhcp6_server_free(sim->dhcp6);
	lease_table_free(sim->leases);
	daemon_ledgers_fini(&sim->ledgers);
}

void sim_restart(struct sim *sim)
{
	char(*networks)[64] = mem_new(sim->n_rows, sizeof(*networks));

	/* The names of the rows are the table's, which ends here. */
	for (size_t i = 0; i < sim->n_rows; i++) {
		snprintf(networks[i], sizeof(networks[i]), "%s", sim->rows[i].network);
		sim->rows[i].network = networks[i];
	}
	struct daemon_view *old = sim->view;

	end(sim);
	sim->view = NULL;
	start(sim);
	for (size_t i = 0; i < sim->n_rows; i++)
		sim->rows[i].network =
			lease_network_name(sim->leases, lease_network(sim->leases, networks[i]));
	free(networks);
	for (uint32_t id = 0; id < SIM_LINKS; id++) {
		struct sim_link *link = &sim->links[id];

		if (!link->used)
			continue;
		ra_link_fini(&link->ra);
		ra_link_init(&link->ra, id, link->name, id + 1);
		plan_link(sim, link);
		tell_facts(sim, link);
	}
	daemon_view_free(old);
}

void sim_step_clock(struct sim *sim, int64_t ms)
{
	uint32_t cursor = 0;

	/* In small batches, as the daemon does. */
	sim->clock_step += ms;
	while (lease_restate(sim->leases, &cursor, 2))
		flush(sim);
	flush(sim);
}

struct sim *sim_new(struct daemon_conf *conf, const struct sim_observer *observer)
{
	static const uint8_t uuid[16] =
		"\x11\x11\x11\x11\x11\x11\x11\x11\x11\x11\x11\x11\x11\x11\x11";
	struct sim *sim = mem_new(1, sizeof(*sim));

	sim->conf = conf;
	sim->observer = *observer;
	sim->fx = fx_new(LOG_LEVEL_DEBUG);
	sim->ids.how = (enum logid_how)conf->server.log_identifiers;
	sim->fx->ids = &sim->ids;
	sim->duid = duid_make_uuid(uuid);
	start(sim);
	return sim;
}

void sim_free(struct sim *sim)
{
	end(sim);
	for (size_t i = 0; i < SIM_LINKS; i++) {
		if (sim->links[i].used)
			drop_link(&sim->links[i]);
	}
	outbox_free(&sim->open);
	outbox_free(&sim->sealed);
	daemon_view_free(sim->view);
	free(sim->saved);
	daemon_conf_free(sim->conf);
	free(sim->rows);
	arena_free(&sim->texts);
	free(sim->fx);
	free(sim);
}

mtime sim_now(const struct sim *sim)
{
	return sim->now;
}

struct lease_table *sim_leases(struct sim *sim)
{
	return sim->leases;
}

struct dhcp6_server *sim_server(struct sim *sim)
{
	return sim->dhcp6;
}

const struct duid *sim_server_duid(const struct sim *sim)
{
	return &sim->duid;
}

bool sim_stores(const struct sim *sim, const struct in6_addr *addr, uint8_t plen,
		const uint8_t *duid, size_t duid_len)
{
	for (size_t i = 0; i < sim->n_rows; i++) {
		const struct lease_row *row = &sim->rows[i];

		if (row->plen == plen && ip6_equal(&row->addr, addr) && row->duid.len == duid_len &&
		    memcmp(row->duid.bytes, duid, duid_len) == 0)
			return true;
	}
	return false;
}

size_t sim_stored(const struct sim *sim)
{
	return sim->n_rows;
}

static int compare_lines(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void print_sorted(char **lines, size_t n, FILE *out)
{
	if (n)
		qsort(lines, n, sizeof(*lines), compare_lines);
	for (size_t i = 0; i < n; i++) {
		fprintf(out, "%s\n", lines[i]);
		free(lines[i]);
	}
	free(lines);
}

void sim_print_leases(struct sim *sim, FILE *out)
{
	char **lines = NULL;
	size_t n = 0, cap = 0;
	uint32_t cursor = 0;

	for (const struct lease *lease = lease_each(sim->leases, &cursor); lease;
	     lease = lease_each(sim->leases, &cursor)) {
		const struct lease_client *client = lease_client_get(sim->leases, lease->client);
		const struct sim_shown shown = {
			.network = lease_network_name(sim->leases, client->network),
			.kind = (enum lease_kind)lease->kind,
			.state = (enum lease_state)lease->state,
			.addr = &lease->addr,
			.plen = lease->plen,
			.duid = client->duid,
			.duid_len = client->duid_len,
			.iaid = lease->iaid,
			.preferred = lease->preferred,
			.valid = lease->valid,
			.mac = client->mac,
			.mac_source = client->mac_source,
			.hostname = lease_client_hostname(sim->leases, client->id),
			.key = lease_client_key(sim->leases, client->id),
			.way = lease_client_way(sim->leases, client->id),
			.path = lease_client_path(sim->leases, client->id),
		};

		lines = mem_grow(lines, &cap, n + 1, sizeof(*lines));
		lines[n++] = sim_show(&shown);
	}
	print_sorted(lines, n, out);
}

void sim_print_stored(struct sim *sim, FILE *out)
{
	char **lines = NULL;
	size_t cap = 0;

	lines = mem_grow(lines, &cap, sim->n_rows, sizeof(*lines));
	for (size_t i = 0; i < sim->n_rows; i++) {
		const struct lease_row *row = &sim->rows[i];
		const struct sim_shown shown = {
			.network = row->network,
			.kind = row->kind,
			.state = row->state,
			.addr = &row->addr,
			.plen = row->plen,
			.duid = row->duid.bytes,
			.duid_len = row->duid.len,
			.iaid = row->iaid,
			.preferred = row->preferred,
			.valid = row->valid,
			.mac = row->mac,
			.mac_source = (int)row->mac_source,
			.hostname = row->hostname,
			.key = row->key,
			.way = row->way,
			.path = row->path,
		};

		lines[i] = sim_show(&shown);
	}
	print_sorted(lines, sim->n_rows, out);
}

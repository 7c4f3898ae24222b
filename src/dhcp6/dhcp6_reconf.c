/* SPDX-License-Identifier: ISC */
/*
 * Reconfigure (RFC 8415 section 18.3.11): a client that accepts it is asked for a Renew, a Rebind
 * or an Information-request until that comes, or until it was asked often enough.
 *
 * A client with leases has its key and its path in the lease table, one without in a table of its
 * own (dhcp6_leaseless.c); both have a number here. Those that wait are in one queue for each
 * number of times they were asked: those of a queue wait equally long, so the one that came first
 * is due first, and a step looks at the heads alone. Few are sent at once, so that reconfiguring
 * all does not bring all answers at once.
 */
#include "config.h"

#include "dhcp6/dhcp6_reconf.h"

#include <stdlib.h>
#include <string.h>

#include "base/logid.h"
#include "base/mem.h"
#include "dhcp6/dhcp6_leaseless.h"
#include "dhcp6/dhcp6_log.h"
#include "dhcp6/dhcp6_path.h"
#include "dhcp6/dhcp6_rkap.h"
#include "dhcp6/dhcp6_told.h"

/* RFC 8415 section 7.6. */
enum {
	REC_TIMEOUT_MS = 2000,
	REC_MAX_RC = 8,
};

/* A burst, and the pause after it: 160 a second. */
enum { BURST = 16, PAUSE_MS = 100 };

/* After a start it takes a moment until all prefixes of interfaces are known. */
#define SETTLE (5 * SEC)

/* No client, and not in a queue. */
#define NOBODY UINT32_MAX

struct target {
	uint32_t prev, next; /* in its queue */
	mtime due;
	uint8_t ask;   /* enum dhcp6_type; 0: not in a queue */
	uint8_t asked; /* how often; the number of its queue */
};

struct queue {
	uint32_t first, last;
};

struct dhcp6_reconf {
	struct lease_table *table;
	struct dhcp6_leaseless *leaseless;
	struct rng *rng;
	void (*random)(void *buf, size_t len);
	uint64_t replay;
	uint32_t (*find_link)(void *arg, const char *netns, const char *name);
	void *find_arg;
	struct target *targets; /* by target_of() */
	size_t n, cap;
	struct queue queues[REC_MAX_RC + 1];
	mtime not_before;
	struct dhcp6_told told;
	bool begun;    /* somebody was told of a network */
	mtime settles; /* when what is told is taken to be what is meant; 0: it has */
};

/* The number of a client with leases, or without. */
static uint32_t target_of(uint32_t client, bool leased)
{
	return client << 1 | !leased;
}

static bool is_leased(uint32_t target)
{
	return !(target & 1);
}

struct dhcp6_reconf *dhcp6_reconf_new(struct lease_table *table, struct rng *rng,
				      const struct siphash_key *key)
{
	struct dhcp6_reconf *reconf = mem_new(1, sizeof(*reconf));

	reconf->table = table;
	reconf->leaseless = dhcp6_leaseless_new(key);
	reconf->rng = rng;
	for (size_t i = 0; i <= REC_MAX_RC; i++)
		reconf->queues[i] = (struct queue){NOBODY, NOBODY};
	return reconf;
}

void dhcp6_reconf_free(struct dhcp6_reconf *reconf)
{
	dhcp6_leaseless_free(reconf->leaseless);
	free(reconf->targets);
	free(reconf->told.all);
	free(reconf);
}

void dhcp6_reconf_seed(struct dhcp6_reconf *reconf, void (*random)(void *buf, size_t len),
		       uint64_t replay)
{
	reconf->random = random;
	reconf->replay = replay;
}

void dhcp6_reconf_set_links(struct dhcp6_reconf *reconf,
			    uint32_t (*find)(void *arg, const char *netns, const char *name),
			    void *arg)
{
	reconf->find_link = find;
	reconf->find_arg = arg;
}

/* RFC 8415 section 20.3: above all before it. */
static uint64_t next_replay(struct dhcp6_reconf *reconf)
{
	return ++reconf->replay;
}

/* --- queues -------------------------------------------------------------------------------- */

static void join(struct dhcp6_reconf *reconf, uint32_t number)
{
	struct target *target = &reconf->targets[number];
	struct queue *queue = &reconf->queues[target->asked];

	target->prev = queue->last;
	target->next = NOBODY;
	if (queue->last == NOBODY)
		queue->first = number;
	else
		reconf->targets[queue->last].next = number;
	queue->last = number;
}

static void leave(struct dhcp6_reconf *reconf, uint32_t number)
{
	struct target *target = &reconf->targets[number];
	struct queue *queue = &reconf->queues[target->asked];

	if (target->prev == NOBODY)
		queue->first = target->next;
	else
		reconf->targets[target->prev].next = target->next;
	if (target->next == NOBODY)
		queue->last = target->prev;
	else
		reconf->targets[target->next].prev = target->prev;
}

static void end(struct dhcp6_reconf *reconf, uint32_t number)
{
	if (number >= reconf->n || !reconf->targets[number].ask)
		return;
	leave(reconf, number);
	reconf->targets[number].ask = 0;
}

static void begin(struct dhcp6_reconf *reconf, uint32_t number, enum dhcp6_type ask, mtime now)
{
	if (number >= reconf->n) {
		reconf->targets = mem_grow(reconf->targets, &reconf->cap, number + 1u,
					   sizeof(*reconf->targets));
		memset(reconf->targets + reconf->n, 0,
		       (number + 1u - reconf->n) * sizeof(*reconf->targets));
		reconf->n = number + 1u;
	}
	end(reconf, number);
	reconf->targets[number].ask = (uint8_t)ask;
	reconf->targets[number].asked = 0;
	reconf->targets[number].due = now;
	join(reconf, number);
}

/* What the target is asked for now; 0: nothing. */
static uint8_t asked_of(const struct dhcp6_reconf *reconf, uint32_t number)
{
	return number < reconf->n ? reconf->targets[number].ask : 0;
}

/* --- who can be asked ---------------------------------------------------------------------- */

/* All that a Reconfigure takes. */
struct party {
	uint32_t network;
	const uint8_t *duid;
	size_t duid_len;
	const uint8_t *key;
	const char *path;
	bool pending; /* the Reply with its key may not have left */
};

static bool holds_lease(const struct lease_table *table, const struct lease_client *client)
{
	const struct lease *lease = lease_get(table, client->first_lease);

	while (lease && (lease->state != LEASE_ACTIVE || lease->kind == LEASE_REG))
		lease = lease_next_of_client(table, lease);
	return lease;
}

static bool find_leased(const struct dhcp6_reconf *reconf, uint32_t id, struct party *ret)
{
	if (!lease_client_is(reconf->table, id))
		return false;
	const struct lease_client *client = lease_client_get(reconf->table, id);

	*ret = (struct party){
		.network = client->network,
		.duid = client->duid,
		.duid_len = client->duid_len,
		.key = lease_client_key(reconf->table, id),
		.path = lease_client_path(reconf->table, id),
		.pending = lease_client_pending(reconf->table, id),
	};
	return ret->key && ret->path && holds_lease(reconf->table, client);
}

static bool find_leaseless(const struct dhcp6_reconf *reconf, uint32_t id, struct party *ret)
{
	const struct dhcp6_leaseless_client *client = dhcp6_leaseless_get(reconf->leaseless, id);

	if (!client)
		return false;
	*ret = (struct party){
		.network = client->id.network,
		.duid = client->id.duid.bytes,
		.duid_len = client->id.duid.len,
		.key = client->key,
		.path = client->path,
	};
	return ret->path;
}

static bool find_party(const struct dhcp6_reconf *reconf, uint32_t number, struct party *ret)
{
	return is_leased(number) ? find_leased(reconf, number >> 1, ret)
				 : find_leaseless(reconf, number >> 1, ret);
}

/* --- answers ------------------------------------------------------------------------------- */

static bool has_live(const struct dhcp6_answer *answer)
{
	for (size_t i = 0; i < answer->n_leases; i++) {
		if (answer->leases[i].valid)
			return true;
	}
	return false;
}

static void tell_key(struct dhcp6_reconf *reconf, const struct dhcp6_exchange *x,
		     const uint8_t *key)
{
	x->answer->key = key;
	x->answer->replay = next_replay(reconf);
}

static void give_key(struct dhcp6_reconf *reconf, const struct dhcp6_exchange *x)
{
	uint8_t key[LEASE_KEY_LEN];

	if (!lease_client_key(x->table, x->client.id)) {
		/* RFC 8415 section 20.4.2: one of its own, that nobody can guess. */
		reconf->random(key, sizeof(key));
		lease_client_set_key(x->table, x->client.id, key);
	}
	tell_key(reconf, x, lease_client_key(x->table, x->client.id));
}

static void refuse(struct dhcp6_reconf *reconf, uint32_t client)
{
	end(reconf, target_of(client, /* leased= */ true));
	lease_client_set_key(reconf->table, client, NULL);
	lease_client_set_path(reconf->table, client, NULL);
}

/* The client sent what it was asked for, or what it sends where that is not possible. */
static void heard(struct dhcp6_reconf *reconf, uint32_t number, uint8_t type)
{
	uint8_t ask = asked_of(reconf, number);

	/* A client that cannot renew rebinds (RFC 8415 section 18.2.5). */
	if (ask && (ask == type || (ask == DHCP6_RENEW && type == DHCP6_REBIND)))
		end(reconf, number);
}

/* `path` is NULL where the way cannot be kept. */
static void note_leased(struct dhcp6_reconf *reconf, const struct dhcp6_exchange *x,
			const char *path)
{
	uint32_t client = x->client.id;
	uint8_t type = x->msg->type;
	bool begins = type == DHCP6_SOLICIT || type == DHCP6_REQUEST;
	bool asks = type == DHCP6_INFORMATION_REQUEST && x->msg->reconf_accept;

	heard(reconf, target_of(client, /* leased= */ true), type);
	/* Section 20.4.2: the key is in the Reply that a client begins with. */
	if (begins && !x->msg->reconf_accept)
		refuse(reconf, client);
	else if (path && (begins ? has_live(x->answer) : asks))
		give_key(reconf, x);
	if (lease_client_key(x->table, client))
		lease_client_set_path(x->table, client, path);
}

static struct dhcp6_leaseless_id leaseless_id(const struct dhcp6_exchange *x)
{
	return (struct dhcp6_leaseless_id){
		.duid = x->msg->client_id,
		.peer = x->relay ? x->relay->peer : x->packet->src,
		.network = x->link->network,
	};
}

static void drop_leaseless(struct dhcp6_reconf *reconf, uint32_t number)
{
	end(reconf, target_of(number, /* leased= */ false));
	dhcp6_leaseless_drop(reconf->leaseless, number);
}

/* It gave up what it could do, or has leases now. */
static void forget_leaseless(struct dhcp6_reconf *reconf, const struct dhcp6_exchange *x)
{
	const struct dhcp6_leaseless_id id = leaseless_id(x);
	uint32_t number = dhcp6_leaseless_find(reconf->leaseless, &id);

	if (number != LEASE_NONE)
		drop_leaseless(reconf, number);
}

static void note_leaseless(struct dhcp6_reconf *reconf, const struct dhcp6_exchange *x,
			   const char *path)
{
	const struct dhcp6_leaseless_id id = leaseless_id(x);
	bool is_new;
	uint32_t number =
		dhcp6_leaseless_put(reconf->leaseless, &id, x->limits->leaseless, x->now, &is_new);

	if (number == LEASE_NONE)
		return;
	struct dhcp6_leaseless_client *client = dhcp6_leaseless_get(reconf->leaseless, number);

	if (is_new) {
		end(reconf, target_of(number, /* leased= */ false));
		reconf->random(client->key, sizeof(client->key));
	}
	heard(reconf, target_of(number, /* leased= */ false), DHCP6_INFORMATION_REQUEST);
	dhcp6_leaseless_set_path(reconf->leaseless, number, path);
	tell_key(reconf, x, client->key);
}

static bool holds(const struct dhcp6_exchange *x)
{
	return x->client.id != LEASE_NONE &&
	       holds_lease(x->table, lease_client_get(x->table, x->client.id));
}

void dhcp6_reconf_note(struct dhcp6_reconf *reconf, const struct dhcp6_exchange *x,
		       const struct fx_send *how, const struct dhcp6_relay_chain *chain)
{
	MEM_UNINITIALIZED char text[LEASE_PATH_ROOM];
	char *path = NULL;

	if (!reconf->random || !x->link->conf->dhcp6.reconfigure || x->answer->bare)
		return;
	x->answer->reconf_accept = x->msg->reconf_accept;
	if (x->answer->type != DHCP6_REPLY || !x->msg->client_id.len)
		return;
	if (x->msg->reconf_accept ||
	    (x->client.id != LEASE_NONE && lease_client_key(x->table, x->client.id)))
		path = dhcp6_path_print(x->packet, how, chain, text) ? text : NULL;
	if (holds(x))
		note_leased(reconf, x, path);
	if (x->msg->type == DHCP6_INFORMATION_REQUEST && x->msg->reconf_accept && path && !holds(x))
		note_leaseless(reconf, x, path);
	else
		forget_leaseless(reconf, x);
}

/* --- asking -------------------------------------------------------------------------------- */

static bool is_meant(const struct dhcp6_reconf *reconf, uint32_t number, uint32_t network,
		     const struct duid *duid)
{
	struct party party;

	if (!find_party(reconf, number, &party))
		return false;
	return (network == LEASE_NONE || party.network == network) &&
	       (!duid ||
		(party.duid_len == duid->len && memcmp(party.duid, duid->bytes, duid->len) == 0));
}

static size_t begin_leased(struct dhcp6_reconf *reconf, uint32_t network, const struct duid *duid,
			   enum dhcp6_type ask, mtime now)
{
	uint32_t cursor = 0, id;
	size_t n = 0;

	while ((id = lease_client_each_key(reconf->table, &cursor)) != LEASE_NONE) {
		uint32_t number = target_of(id, /* leased= */ true);

		if (!is_meant(reconf, number, network, duid))
			continue;
		begin(reconf, number, ask, now);
		n++;
	}
	return n;
}

/* They have nothing to renew. */
static size_t begin_leaseless(struct dhcp6_reconf *reconf, uint32_t network,
			      const struct duid *duid, mtime now)
{
	size_t n = 0;

	for (uint32_t id = 0; id < dhcp6_leaseless_end(reconf->leaseless); id++) {
		uint32_t number = target_of(id, /* leased= */ false);

		if (!is_meant(reconf, number, network, duid))
			continue;
		begin(reconf, number, DHCP6_INFORMATION_REQUEST, now);
		n++;
	}
	return n;
}

size_t dhcp6_reconf_begin(struct dhcp6_reconf *reconf, uint32_t network, const struct duid *duid,
			  enum dhcp6_type ask, mtime now)
{
	size_t n = begin_leased(reconf, network, duid, ask, now);

	return ask == DHCP6_INFORMATION_REQUEST ? n + begin_leaseless(reconf, network, duid, now)
						: n;
}

static void begin_changed(struct dhcp6_reconf *reconf, uint32_t network, mtime now)
{
	begin_leased(reconf, network, NULL, DHCP6_RENEW, now);
	begin_leaseless(reconf, network, NULL, now);
}

/* Whether a lease of the client's is from a prefix that is not the link's. */
static bool is_stale(const struct lease_table *table, const struct lease_client *client,
		     const struct dhcp6_link *link)
{
	const struct lease *lease = lease_get(table, client->first_lease);

	for (; lease; lease = lease_next_of_client(table, lease)) {
		if (lease->state == LEASE_ACTIVE && lease->kind != LEASE_REG &&
		    !dhcp6_link_fits(link, NULL, (enum lease_kind)lease->kind, &lease->addr,
				     lease->plen))
			return true;
	}
	return false;
}

/* Whether clients of the network are told of changes. */
static bool is_told(const struct dhcp6_link *link)
{
	return link->conf->dhcp6.reconfigure && link->conf->dhcp6.reconfigure_on_change;
}

/* Asks those that hold a lease of a prefix that the link does not have (RFC 9096 section 3.5). */
static void begin_stale(struct dhcp6_reconf *reconf, const struct dhcp6_link *link, mtime now)
{
	uint32_t cursor = 0, id;

	if (!is_told(link))
		return;
	while ((id = lease_client_each_key(reconf->table, &cursor)) != LEASE_NONE) {
		uint32_t number = target_of(id, /* leased= */ true);

		if (is_meant(reconf, number, link->network, NULL) &&
		    is_stale(reconf->table, lease_client_get(reconf->table, id), link))
			begin(reconf, number, DHCP6_RENEW, now);
	}
}

void dhcp6_reconf_told(struct dhcp6_reconf *reconf, const struct dhcp6_link *link, uint64_t what,
		       mtime now)
{
	uint64_t before = dhcp6_told_set(&reconf->told, link->network, what);

	if (!is_told(link))
		return;
	if (!reconf->begun)
		reconf->settles = now + SETTLE;
	reconf->begun = true;
	if (reconf->settles)
		return;
	if (!before)
		begin_stale(reconf, link, now);
	else if (before != what)
		begin_changed(reconf, link->network, now);
}

void dhcp6_reconf_settle(struct dhcp6_reconf *reconf, const struct dhcp6_link *links, size_t n,
			 mtime now)
{
	if (!reconf->settles || now < reconf->settles)
		return;
	reconf->settles = 0;
	for (size_t i = 0; i < n; i++)
		begin_stale(reconf, &links[i], now);
}

static bool send_one(struct dhcp6_reconf *reconf, const struct target *target,
		     const struct party *party, const struct duid *server_id, struct fx *fx)
{
	const struct dhcp6_rkap_message message = {
		.server_id = server_id,
		.client_id = party->duid,
		.client_id_len = party->duid_len,
		.ask = (enum dhcp6_type)target->ask,
		.replay = next_replay(reconf),
		.key = party->key,
	};
	struct dhcp6_path path;
	size_t room;
	uint8_t *bytes = fx_room(fx, &room);
	struct wire_writer w = wire_writer(bytes, room);

	if (!dhcp6_path_parse(party->path, &path) || !reconf->find_link)
		return false;
	const struct fx_send how = {
		.proto = FX_UDP,
		.link = reconf->find_link(reconf->find_arg, path.netns, path.link),
		.src = path.src,
		.dst = path.dst,
		.port = path.port,
		/* The key may be given by a Reply that waits itself. */
		.held = party->pending,
	};

	if (how.link == NOBODY)
		return false;
	dhcp6_path_open(&path, &w);
	dhcp6_rkap_encode(&message, &w);
	dhcp6_path_close(&path, &w);
	return !w.bad && fx_send(fx, &how, w.at);
}

static void log_party(const struct dhcp6_reconf *reconf, struct logline *line,
		      const struct party *party)
{
	logline_str(line, "net", lease_network_name(reconf->table, party->network));
	logid_hex(line, "duid", party->duid, party->duid_len);
}

/* RFC 8415 section 15: twice as long each time, with jitter. */
static mtime wait_after(struct dhcp6_reconf *reconf, unsigned int asked)
{
	mtime wait = (mtime)REC_TIMEOUT_MS << asked;

	return wait + rng_between(reconf->rng, -wait / 10, wait / 10);
}

static void take_turn(struct dhcp6_reconf *reconf, uint32_t number, const struct duid *server_id,
		      mtime now, struct fx *fx)
{
	struct target *target = &reconf->targets[number];
	struct logline *line;
	struct party party;

	if (!find_party(reconf, number, &party)) {
		end(reconf, number);
		return;
	}
	if (target->asked == REC_MAX_RC) {
		log_party(reconf, fx_log(fx, LOG_LEVEL_WARNING, "reconfigure-unanswered"), &party);
		end(reconf, number);
		return;
	}
	/* Where its link is not there now, it may be the next time. */
	if (send_one(reconf, target, &party, server_id, fx)) {
		line = fx_log(fx, LOG_LEVEL_INFO, "reconfigure");
		log_party(reconf, line, &party);
		dhcp6_log_type(line, target->ask);
		logline_u64(line, "try", target->asked + 1u);
	}
	leave(reconf, number);
	target->due = mtime_add(now, wait_after(reconf, target->asked));
	target->asked++;
	join(reconf, number);
}

static uint32_t first_due(const struct dhcp6_reconf *reconf, mtime *ret_due)
{
	uint32_t best = NOBODY;

	*ret_due = MTIME_NEVER;
	for (size_t i = 0; i <= REC_MAX_RC; i++) {
		uint32_t first = reconf->queues[i].first;

		if (first == NOBODY || reconf->targets[first].due >= *ret_due)
			continue;
		best = first;
		*ret_due = reconf->targets[first].due;
	}
	return best;
}

void dhcp6_reconf_step(struct dhcp6_reconf *reconf, const struct duid *server_id, mtime now,
		       struct fx *fx)
{
	mtime due;

	if (now < reconf->not_before)
		return;
	for (int n = 0; n < BURST; n++) {
		uint32_t number = first_due(reconf, &due);

		if (number == NOBODY || due > now)
			return;
		take_turn(reconf, number, server_id, now, fx);
	}
	reconf->not_before = now + PAUSE_MS;
}

mtime dhcp6_reconf_wake(const struct dhcp6_reconf *reconf)
{
	mtime due;

	first_due(reconf, &due);
	due = mtime_max(due, reconf->not_before);
	return reconf->settles ? mtime_min(due, reconf->settles) : due;
}

/* SPDX-License-Identifier: ISC */
/*
 * Reconfigure (RFC 8415 section 18.3.11): a client that accepts it is asked for a Renew, a Rebind
 * or an Information-request until that comes, or until it was asked often enough.
 *
 * What is known of each client stands at its number in the lease table. Clients that wait are in
 * one queue for each number of times they were asked: those of a queue wait equally long, so the
 * one that came first is due first, and a step looks at the heads alone. Few are sent at once, so
 * that reconfiguring all does not bring all answers at once.
 */
#include "config.h"

#include "dhcp6/dhcp6_reconf.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "dhcp6/dhcp6_rkap.h"

/* RFC 8415 section 7.6. */
enum {
	REC_TIMEOUT_MS = 2000,
	REC_MAX_RC = 8,
};

/* A burst, and the pause after it: 160 a second. */
enum { BURST = 16, PAUSE_MS = 100 };

/* Octets of relays' headers that are kept of a way; a longer one is not. */
enum { WAY_ROOM = 2048 };

/* No client, and not in a queue. */
#define NOBODY UINT32_MAX

struct way {
	struct fx_send how;
	struct dhcp6_relay_marks marks; /* of the lengths in `headers` */
	size_t levels;
	uint8_t *headers; /* of the Relay-replies; owned */
	size_t len;
	bool is_known;
};

struct target {
	struct way way;
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
	struct rng *rng;
	void (*random)(void *buf, size_t len);
	uint64_t replay;
	struct target *targets; /* by client */
	size_t n, cap;
	struct queue queues[REC_MAX_RC + 1];
	mtime not_before;
};

struct dhcp6_reconf *dhcp6_reconf_new(struct lease_table *table, struct rng *rng)
{
	struct dhcp6_reconf *reconf = mem_new(1, sizeof(*reconf));

	reconf->table = table;
	reconf->rng = rng;
	for (size_t i = 0; i <= REC_MAX_RC; i++)
		reconf->queues[i] = (struct queue){NOBODY, NOBODY};
	return reconf;
}

void dhcp6_reconf_free(struct dhcp6_reconf *reconf)
{
	for (size_t i = 0; i < reconf->n; i++)
		free(reconf->targets[i].way.headers);
	free(reconf->targets);
	free(reconf);
}

void dhcp6_reconf_seed(struct dhcp6_reconf *reconf, void (*random)(void *buf, size_t len),
		       uint64_t replay)
{
	reconf->random = random;
	reconf->replay = replay;
}

/* RFC 8415 section 20.3: above all before it. */
static uint64_t next_replay(struct dhcp6_reconf *reconf)
{
	return ++reconf->replay;
}

/* --- queues -------------------------------------------------------------------------------- */

static void join(struct dhcp6_reconf *reconf, uint32_t client)
{
	struct target *target = &reconf->targets[client];
	struct queue *queue = &reconf->queues[target->asked];

	target->prev = queue->last;
	target->next = NOBODY;
	if (queue->last == NOBODY)
		queue->first = client;
	else
		reconf->targets[queue->last].next = client;
	queue->last = client;
}

static void leave(struct dhcp6_reconf *reconf, uint32_t client)
{
	struct target *target = &reconf->targets[client];
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

static void end(struct dhcp6_reconf *reconf, uint32_t client)
{
	if (client >= reconf->n || !reconf->targets[client].ask)
		return;
	leave(reconf, client);
	reconf->targets[client].ask = 0;
}

/* --- ways ---------------------------------------------------------------------------------- */

static struct target *need_target(struct dhcp6_reconf *reconf, uint32_t client)
{
	if (client >= reconf->n) {
		reconf->targets = mem_grow(reconf->targets, &reconf->cap, client + 1u,
					   sizeof(*reconf->targets));
		memset(reconf->targets + reconf->n, 0,
		       (client + 1u - reconf->n) * sizeof(*reconf->targets));
		reconf->n = client + 1u;
	}
	return &reconf->targets[client];
}

/* The way of a client that had the number before goes with it. */
static void set_way(struct way *way, const struct fx_send *how,
		    const struct dhcp6_relay_chain *chain)
{
	uint8_t headers[WAY_ROOM];
	struct wire_writer w = wire_writer(headers, sizeof(headers));

	way->how = *how;
	way->marks = dhcp6_relay_open(chain, &w);
	way->levels = chain->n;
	way->is_known = !w.bad;
	if (!way->is_known)
		return;
	if (w.at != way->len || !way->headers) {
		free(way->headers);
		way->headers = mem_new(w.at ? w.at : 1, 1);
	}
	way->len = w.at;
	memcpy(way->headers, headers, w.at);
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

static void give_key(struct dhcp6_reconf *reconf, const struct dhcp6_exchange *x)
{
	uint8_t key[LEASE_KEY_LEN];

	if (!lease_client_key(x->table, x->client.id)) {
		/* RFC 8415 section 20.4.2: one of its own, that nobody can guess. */
		reconf->random(key, sizeof(key));
		lease_client_set_key(x->table, x->client.id, key);
	}
	x->answer->key = lease_client_key(x->table, x->client.id);
	x->answer->replay = next_replay(reconf);
}

static void refuse(struct dhcp6_reconf *reconf, uint32_t client)
{
	end(reconf, client);
	lease_client_set_key(reconf->table, client, NULL);
}

/* The client sent what it was asked for, or what it sends where that is not possible. */
static void heard(struct dhcp6_reconf *reconf, uint32_t client, uint8_t type)
{
	uint8_t ask = client < reconf->n ? reconf->targets[client].ask : 0;

	/* A client that cannot renew rebinds (RFC 8415 section 18.2.5). */
	if (ask && (ask == type || (ask == DHCP6_RENEW && type == DHCP6_REBIND)))
		end(reconf, client);
}

void dhcp6_reconf_note(struct dhcp6_reconf *reconf, const struct dhcp6_exchange *x,
		       const struct fx_send *how, const struct dhcp6_relay_chain *chain)
{
	uint32_t client = x->client.id;
	uint8_t type = x->msg->type;

	if (!reconf->random || !x->link->conf->dhcp6.reconfigure || x->answer->bare)
		return;
	x->answer->reconf_accept = x->msg->reconf_accept;
	if (client == LEASE_NONE || x->answer->type != DHCP6_REPLY)
		return;
	heard(reconf, client, type);
	/* Section 20.4.2: the key is in the Reply that a client begins with. */
	if (type == DHCP6_SOLICIT || type == DHCP6_REQUEST) {
		if (!x->msg->reconf_accept)
			refuse(reconf, client);
		else if (has_live(x->answer))
			give_key(reconf, x);
	}
	if (lease_client_key(x->table, client))
		set_way(&need_target(reconf, client)->way, how, chain);
}

/* --- asking -------------------------------------------------------------------------------- */

/* Whether somebody with this number still has what was learnt of it. */
static bool is_there(const struct dhcp6_reconf *reconf, uint32_t client)
{
	return lease_client_is(reconf->table, client) && lease_client_key(reconf->table, client);
}

static bool is_meant(const struct dhcp6_reconf *reconf, uint32_t id, uint32_t network,
		     const struct duid *duid)
{
	if (!is_there(reconf, id) || !reconf->targets[id].way.is_known)
		return false;
	const struct lease_client *client = lease_client_get(reconf->table, id);

	if (network != LEASE_NONE && client->network != network)
		return false;
	return !duid ||
	       (client->duid_len == duid->len && memcmp(client->duid, duid->bytes, duid->len) == 0);
}

size_t dhcp6_reconf_begin(struct dhcp6_reconf *reconf, uint32_t network, const struct duid *duid,
			  enum dhcp6_type ask, mtime now)
{
	size_t n = 0;

	for (uint32_t id = 0; id < reconf->n; id++) {
		struct target *target = &reconf->targets[id];

		if (!is_meant(reconf, id, network, duid))
			continue;
		end(reconf, id);
		target->ask = (uint8_t)ask;
		target->asked = 0;
		target->due = now;
		join(reconf, id);
		n++;
	}
	return n;
}

static void send_one(struct dhcp6_reconf *reconf, uint32_t id, const struct duid *server_id,
		     struct fx *fx)
{
	const struct target *target = &reconf->targets[id];
	const struct lease_client *client = lease_client_get(reconf->table, id);
	struct fx_send how = target->way.how;
	const struct dhcp6_rkap_message message = {
		.server_id = server_id,
		.client_id = client->duid,
		.client_id_len = client->duid_len,
		.ask = (enum dhcp6_type)target->ask,
		.replay = next_replay(reconf),
		.key = lease_client_key(reconf->table, id),
	};
	size_t room;
	uint8_t *bytes = fx_room(fx, &room);
	struct wire_writer w = wire_writer(bytes, room);
	struct logline *line = fx_log(fx, LOG_LEVEL_INFO, "reconfigure");

	/* The key may be given by a Reply that waits itself. */
	how.held = lease_client_pending(reconf->table, id);
	wire_put_bytes(&w, target->way.headers, target->way.len);
	dhcp6_rkap_encode(&message, &w);
	for (size_t i = target->way.levels; i-- > 0;)
		wire_put_close(&w, target->way.marks.at[i], WIRE_LEN_U16);
	if (!w.bad)
		fx_send(fx, &how, w.at);
	logline_str(line, "net", lease_network_name(reconf->table, client->network));
	logline_hex(line, "duid", client->duid, client->duid_len);
	logline_u64(line, "type", target->ask);
	logline_u64(line, "try", target->asked + 1u);
}

/* RFC 8415 section 15: twice as long each time, with jitter. */
static mtime wait_after(struct dhcp6_reconf *reconf, unsigned int asked)
{
	mtime wait = (mtime)REC_TIMEOUT_MS << asked;

	return wait + rng_between(reconf->rng, -wait / 10, wait / 10);
}

static void give_up(struct dhcp6_reconf *reconf, uint32_t id, struct fx *fx)
{
	const struct lease_client *client = lease_client_get(reconf->table, id);
	struct logline *line = fx_log(fx, LOG_LEVEL_WARNING, "reconfigure-unanswered");

	logline_str(line, "net", lease_network_name(reconf->table, client->network));
	logline_hex(line, "duid", client->duid, client->duid_len);
	end(reconf, id);
}

static void take_turn(struct dhcp6_reconf *reconf, uint32_t client, const struct duid *server_id,
		      mtime now, struct fx *fx)
{
	struct target *target = &reconf->targets[client];

	if (!is_there(reconf, client)) {
		end(reconf, client);
		return;
	}
	if (target->asked == REC_MAX_RC) {
		give_up(reconf, client, fx);
		return;
	}
	send_one(reconf, client, server_id, fx);
	leave(reconf, client);
	target->due = mtime_add(now, wait_after(reconf, target->asked));
	target->asked++;
	join(reconf, client);
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
		uint32_t client = first_due(reconf, &due);

		if (client == NOBODY || due > now)
			return;
		take_turn(reconf, client, server_id, now, fx);
	}
	reconf->not_before = now + PAUSE_MS;
}

mtime dhcp6_reconf_wake(const struct dhcp6_reconf *reconf)
{
	mtime due;

	first_due(reconf, &due);
	return mtime_max(due, reconf->not_before);
}

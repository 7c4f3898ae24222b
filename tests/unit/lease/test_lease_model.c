/* SPDX-License-Identifier: ISC */
/*
 * The lease table against a naive model of it: long random sequences of everything that can be
 * done, batches that are stored and that fail, compared after each step.
 *
 * The model has a fixed list of things that can be leased: a few addresses, and all prefixes of
 * some lengths in a short one, so that overlaps are common. For each it keeps what is stored and,
 * apart from it, who it is offered to. Proves I16 (what ran out is kept for its client).
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "check_lease.h"

enum {
	N_ADDRS = 20,
	N_PREFIXES = 2 + 4 + 8 + 16, /* /57 to /60 in a /56 */
	N_THINGS = N_ADDRS + N_PREFIXES,
	N_CLIENTS = 7,
	MAX_OFFERS = 5,
	MAX_ROWS = 100000,
	MAX_NOTES = 2000,
	NOBODY = -1,
};

struct holding {
	int client; /* NOBODY: nothing */
	enum lease_state state;
	uint32_t iaid, preferred, valid;
	mtime since, until;
};

struct thing {
	enum lease_kind kind;
	struct ip6_prefix prefix;
	struct holding stored; /* or to be stored */
	struct holding offer;  /* on top of it */
};

/* A thing as it was before a batch; one that is forgotten and leased again in it has another. */
struct model_note {
	size_t at;
	struct thing was;
	bool forgotten;
};

struct model_batch {
	struct model_note *touched[N_THINGS];
	struct model_note notes[MAX_NOTES];
	size_t n_notes;
	bool client[N_CLIENTS];
	bool any;
};

struct model {
	struct lease_table *table;
	struct lease_pool *na, *pd, *pd_short, *pd_long;
	uint32_t network;
	struct rng rng;
	mtime now;
	struct thing things[N_THINGS];
	struct model_batch open, sealed;
	struct lease_batch *batch;
	struct thing sealed_things[N_THINGS]; /* as they were at the seal */
	struct lease_row *store;              /* by row id */
	mtime remember;
};

static const int64_t unix_offset = 1700000000000;

static struct duid duid_of(int client)
{
	/* One is too long to be kept in the record, and one is all zero. */
	static const uint8_t lens[N_CLIENTS] = {10, 14, 18, 19, 20, 130, 3};
	struct duid duid = {.len = lens[client]};

	if (client != 6)
		memset(duid.bytes, client + 1, duid.len);
	return duid;
}

static size_t below(struct model *m, size_t n)
{
	return (size_t)rng_between(&m->rng, 0, (int64_t)n - 1);
}

static void setup_things(struct model *m)
{
	struct in6_addr base;
	size_t at = 0;

	assert_true(ip6_parse("2001:db8::10", &base));
	for (; at < N_ADDRS; at++)
		m->things[at] =
			(struct thing){.kind = LEASE_NA, .prefix = {ip6_add(&base, at, 0), 128}};
	assert_true(ip6_parse("2001:db8:1::", &base));
	for (uint8_t len = 57; len <= 60; len++) {
		for (unsigned int i = 0; i < 1u << (len - 56); i++)
			m->things[at++] = (struct thing){
				.kind = LEASE_PD, .prefix = {ip6_add(&base, i, 128u - len), len}};
	}
	assert_int_equal(at, N_THINGS);
	for (at = 0; at < N_THINGS; at++) {
		m->things[at].stored.client = NOBODY;
		m->things[at].offer.client = NOBODY;
	}
}

static void setup_pools(struct model *m)
{
	struct lease_pool_conf na = {.network = m->network, .kind = LEASE_NA, .plen = 128};
	struct lease_pool_conf pd = {.network = m->network, .kind = LEASE_PD, .plen = 59};
	struct ip6_prefix out;

	na.policy = pd.policy = LEASE_STABLE;
	assert_true(ip6_prefix_parse("2001:db8::/64", &na.prefix, NULL));
	na.first = m->things[2].prefix.addr;
	na.last = m->things[N_ADDRS - 3].prefix.addr;
	m->na = lease_pool_new(m->table, &na);
	out = m->things[7].prefix;
	lease_pool_exclude(m->na, &out);
	assert_true(ip6_prefix_parse("2001:db8:1::/56", &pd.prefix, NULL));
	m->pd = lease_pool_new(m->table, &pd);
	assert_true(ip6_prefix_parse("2001:db8:1:40::/60", &out, NULL));
	lease_pool_exclude(m->pd, &out);
	/* Other lengths from the same prefix. */
	pd.plen = 58;
	m->pd_short = lease_pool_new(m->table, &pd);
	pd.plen = 60;
	m->pd_long = lease_pool_new(m->table, &pd);
	lease_pool_exclude(m->pd_long, &out);
}

static void free_pools(struct model *m)
{
	lease_pool_free(m->na);
	lease_pool_free(m->pd_short);
	lease_pool_free(m->pd);
	lease_pool_free(m->pd_long);
}

/* --- the model's own rules ----------------------------------------------------------------- */

static const struct holding *holder(const struct thing *thing)
{
	if (thing->offer.client != NOBODY)
		return &thing->offer;
	return thing->stored.client != NOBODY ? &thing->stored : NULL;
}

static bool can_have(const struct model *m, size_t at, int client)
{
	const struct holding *held = holder(&m->things[at]);

	for (size_t i = 0; i < N_THINGS; i++) {
		if (i != at && m->things[i].kind == m->things[at].kind && holder(&m->things[i]) &&
		    ip6_prefix_overlaps(&m->things[i].prefix, &m->things[at].prefix))
			return false;
	}
	if (!held)
		return true;
	if (held->client == client)
		return held->state != LEASE_DECLINED;
	return held->state == LEASE_RELEASED || held->state == LEASE_EXPIRED;
}

static void touch(struct model *m, size_t at, int client)
{
	const struct holding *held = holder(&m->things[at]);

	if (!m->open.touched[at]) {
		assert_true(m->open.n_notes < MAX_NOTES);
		m->open.touched[at] = &m->open.notes[m->open.n_notes++];
		*m->open.touched[at] = (struct model_note){.at = at, .was = m->things[at]};
	}
	m->open.any = true;
	if (held)
		m->open.client[held->client] = true;
	if (client != NOBODY)
		m->open.client[client] = true;
}

static void undo(struct model *m, struct model_batch *batch)
{
	while (batch->n_notes > 0) {
		const struct model_note *note = &batch->notes[--batch->n_notes];
		size_t at = note->at;

		if (note->forgotten && !holder(&note->was))
			continue;
		m->things[at] = note->was;
		/* What is back ends the offers that were made in its place. */
		for (size_t i = 0; i < N_THINGS && holder(&m->things[at]); i++) {
			if (i != at && m->things[i].kind == m->things[at].kind &&
			    ip6_prefix_overlaps(&m->things[i].prefix, &m->things[at].prefix))
				m->things[i].offer.client = NOBODY;
		}
	}
	memset(batch, 0, sizeof(*batch));
}

/* --- steps --------------------------------------------------------------------------------- */

static uint32_t client_of(struct model *m, int client)
{
	struct duid duid = duid_of(client);
	const struct lease_client *found = lease_client_find(m->table, m->network, &duid);

	if (found)
		return found->id;
	return lease_client_new(m->table, m->network, &duid, (const uint8_t[6]){0}, LEASE_MAC_NONE);
}

static const struct lease *lease_at(struct model *m, size_t at)
{
	return lease_find(m->table, m->network, m->things[at].kind, &m->things[at].prefix.addr,
			  m->things[at].prefix.len);
}

/* An undone batch can bring back more offers than there may be. */
static void drop_oldest_offers(struct model *m)
{
	for (;;) {
		size_t n = 0, oldest = 0;

		for (size_t i = 0; i < N_THINGS; i++) {
			if (m->things[i].offer.client == NOBODY)
				continue;
			if (n++ == 0 || m->things[i].offer.since < m->things[oldest].offer.since)
				oldest = i;
		}
		if (n < MAX_OFFERS)
			return;
		m->things[oldest].offer.client = NOBODY;
	}
}

static struct holding new_holding(struct model *m, int client, enum lease_state state)
{
	return (struct holding){.client = client,
				.state = state,
				.iaid = (uint32_t)below(m, 3),
				.preferred = (uint32_t)below(m, 10),
				.valid = below(m, 20) ? 10 + (uint32_t)below(m, 50)
						      : LIFETIME_INFINITE,
				.since = m->now};
}

static void step_give(struct model *m, size_t at, int client, bool bind)
{
	struct thing *thing = &m->things[at];
	uint32_t id = client_of(m, client), lease;
	bool can = can_have(m, at, client);

	assert_int_equal(can, lease_available(m->table, id, thing->kind, &thing->prefix.addr,
					      thing->prefix.len));
	if (!can) {
		lease_client_drop_idle(m->table, id);
		return;
	}
	struct holding to = new_holding(m, client, bind ? LEASE_ACTIVE : LEASE_OFFERED);
	struct lease_grant grant = {.client = id,
				    .kind = thing->kind,
				    .addr = thing->prefix.addr,
				    .plen = thing->prefix.len,
				    .iaid = to.iaid,
				    .preferred = to.preferred,
				    .valid = to.valid};
	if (bind) {
		to.until = mtime_after_lifetime(m->now, to.valid);
		lease = lease_bind(m->table, &grant, m->now);
		touch(m, at, client);
		thing->stored = to;
		thing->offer.client = NOBODY;
	} else {
		to.until = m->now + 1 + (mtime)below(m, 20000);
		lease = lease_offer(m->table, &grant, to.until, MAX_OFFERS, m->now);
		if (!(holder(thing) && holder(thing)->state == LEASE_ACTIVE)) {
			if (thing->offer.client == NOBODY)
				drop_oldest_offers(m);
			thing->offer = to;
		}
	}
	assert_ptr_equal(lease_get(m->table, lease), lease_at(m, at));
}

static void step_end(struct model *m, size_t at, enum lease_state state)
{
	struct thing *thing = &m->things[at];
	const struct lease *lease = lease_at(m, at);
	mtime until = m->now + (mtime)below(m, 60000);

	if (!lease)
		return;
	if (state == LEASE_RELEASED) {
		lease_release(m->table, lease->id, until, m->now);
		if (thing->offer.client != NOBODY) {
			thing->offer.client = NOBODY;
			return;
		}
	} else {
		lease_decline(m->table, lease->id, until, m->now);
	}
	touch(m, at, NOBODY);
	if (thing->offer.client != NOBODY)
		thing->stored = thing->offer;
	thing->offer.client = NOBODY;
	thing->stored.state = state;
	thing->stored.since = m->now;
	thing->stored.until = until;
}

static void forget(struct model *m, size_t at)
{
	struct thing *thing = &m->things[at];

	if (thing->stored.client != NOBODY) {
		touch(m, at, NOBODY);
		m->open.touched[at]->forgotten = true;
		m->open.touched[at] = NULL;
	}
	thing->stored.client = NOBODY;
	thing->offer.client = NOBODY;
}

static void step_forget(struct model *m, size_t at)
{
	if (!lease_at(m, at))
		return;
	lease_forget(m->table, lease_at(m, at)->id);
	forget(m, at);
}

static void ended(void *arg, const struct lease *lease)
{
	struct model *m = arg;
	size_t at = 0;

	while (m->things[at].kind != lease->kind || m->things[at].prefix.len != lease->plen ||
	       !ip6_equal(&m->things[at].prefix.addr, &lease->addr))
		at++;
	struct thing *thing = &m->things[at];

	const struct holding *held = holder(thing);

	assert_true(held && held->state == lease->state && held->until <= m->now);
	if (thing->offer.client != NOBODY) {
		thing->offer.client = NOBODY;
	} else if (thing->stored.state == LEASE_ACTIVE) {
		touch(m, at, NOBODY);
		thing->stored.state = LEASE_EXPIRED;
		thing->stored.until = mtime_add(thing->stored.until, m->remember);
	} else {
		forget(m, at);
	}
}

static void step_expire(struct model *m)
{
	size_t max = below(m, 4) ? 1000 : below(m, 4);
	mtime next = lease_expire(m->table, m->now, m->remember, max, ended, m);

	for (size_t i = 0; i < N_THINGS; i++) {
		const struct holding *held = holder(&m->things[i]);

		if (held) {
			assert_true(next <= held->until);
			assert_true(max < 1000 || held->until > m->now);
		}
	}
	assert_true(max < 1000 || next > m->now);
}

static void store_row(struct model *m, const struct lease_row *row)
{
	assert_true(row->rowid > 0 && row->rowid < MAX_ROWS);
	m->store[row->rowid] = *row;
	if (row->op == LEASE_ROW_DELETE)
		m->store[row->rowid].rowid = 0;
}

static void step_seal(struct model *m)
{
	size_t n;

	if (m->batch)
		return;
	assert_int_equal(lease_open_changes(m->table) > 0, m->open.any);
	m->batch = lease_batch_seal(m->table, unix_offset);
	if (!m->batch) {
		memset(&m->open, 0, sizeof(m->open));
		return;
	}
	lease_batch_rows(m->batch, &n);
	assert_true(n > 0);
	m->sealed = m->open;
	memset(&m->open, 0, sizeof(m->open));
	memcpy(m->sealed_things, m->things, sizeof(m->things));
}

static void check_store(struct model *m)
{
	size_t n = 0, rows = 0;

	for (size_t i = 0; i < MAX_ROWS; i++)
		rows += m->store[i].rowid != 0;
	for (size_t at = 0; at < N_THINGS; at++)
		n += m->sealed_things[at].stored.client != NOBODY;
	assert_int_equal(n, rows);
	for (size_t i = 0; i < MAX_ROWS; i++) {
		const struct lease_row *row = &m->store[i];
		size_t at = 0;

		if (!row->rowid)
			continue;
		while (m->things[at].kind != row->kind || m->things[at].prefix.len != row->plen ||
		       !ip6_equal(&m->things[at].prefix.addr, &row->addr))
			at++;
		const struct holding *held = &m->sealed_things[at].stored;
		struct duid duid = duid_of(held->client);

		assert_string_equal(row->network, "net");
		assert_true(duid_equal(&duid, &row->duid));
		assert_int_equal(row->state, held->state);
		assert_int_equal(row->iaid, held->iaid);
		assert_int_equal(row->valid, held->valid);
		assert_int_equal(row->preferred, held->preferred);
		assert_int_equal(row->since, (held->since + unix_offset) / 1000);
		assert_true(row->until == (held->until == MTIME_NEVER
						   ? INT64_MAX
						   : (held->until + unix_offset + 999) / 1000));
	}
}

static void step_done(struct model *m, bool stored)
{
	const struct lease_row *rows;
	size_t n;

	if (!m->batch)
		return;
	rows = lease_batch_rows(m->batch, &n);
	/* What failed can be on disk all the same. */
	if (stored || below(m, 2)) {
		for (size_t i = 0; i < n; i++)
			store_row(m, &rows[i]);
	}
	if (stored) {
		memset(&m->sealed, 0, sizeof(m->sealed));
		check_store(m);
	} else {
		undo(m, &m->open);
		undo(m, &m->sealed);
	}
	lease_batch_done(m->table, m->batch, stored);
	m->batch = NULL;
}

static struct lease_pool *one_of_pools(struct model *m)
{
	struct lease_pool *const delegating[] = {m->pd_short, m->pd, m->pd_long};

	return below(m, 2) ? m->na : delegating[below(m, 3)];
}

static void step_pick(struct model *m, struct lease_pool *pool, int client)
{
	const struct lease_pool_conf *conf = lease_pool_conf(pool);
	const struct thing *oldest = NULL;
	uint32_t id = client_of(m, client);
	bool is_free = false;
	struct in6_addr addr;

	for (size_t at = 0; at < N_THINGS; at++) {
		struct thing *thing = &m->things[at];
		const struct holding *held = holder(thing);

		if (thing->kind != conf->kind ||
		    !lease_pool_has(pool, &thing->prefix.addr, thing->prefix.len))
			continue;
		if (!held && can_have(m, at, client))
			is_free = true;
		if (held && (held->state == LEASE_RELEASED || held->state == LEASE_EXPIRED))
			oldest = thing;
	}
	bool picked = lease_pool_pick(pool, id, 1, rng_u64(&m->rng), &addr);

	assert_int_equal(picked, is_free || oldest);
	if (picked) {
		const struct lease *lease =
			lease_find(m->table, m->network, conf->kind, &addr, conf->plen);

		assert_true(lease_pool_has(pool, &addr, conf->plen));
		assert_true(lease_available(m->table, id, conf->kind, &addr, conf->plen));
		assert_int_equal(lease == NULL, is_free);
	}
	lease_client_drop_idle(m->table, id);
}

/* --- comparing ----------------------------------------------------------------------------- */

static void check_thing(struct model *m, size_t at)
{
	const struct holding *held = holder(&m->things[at]);
	const struct lease *lease = lease_at(m, at);

	if (!held) {
		assert_null(lease);
		return;
	}
	assert_non_null(lease);
	struct duid duid = duid_of(held->client);
	const struct lease_client *client = lease_client_get(m->table, lease->client);

	assert_int_equal(client->duid_len, duid.len);
	assert_memory_equal(client->duid, duid.bytes, duid.len);
	assert_int_equal(lease->state, held->state);
	assert_int_equal(lease->iaid, held->iaid);
	assert_int_equal(lease->preferred, held->preferred);
	assert_int_equal(lease->valid, held->valid);
	assert_true(lease->since == held->since);
	assert_true(lease->until == held->until);
}

static void check_model(struct model *m)
{
	for (size_t at = 0; at < N_THINGS; at++)
		check_thing(m, at);
	for (int i = 0; i < N_CLIENTS; i++) {
		struct duid duid = duid_of(i);
		const struct lease_client *client = lease_client_find(m->table, m->network, &duid);

		assert_int_equal(client && lease_client_pending(m->table, client->id),
				 m->open.client[i] || m->sealed.client[i]);
	}
	check_lease_table(m->table);
}

static void step(struct model *m)
{
	size_t at = below(m, N_THINGS);
	int client = (int)below(m, N_CLIENTS);

	m->now += 1 + (mtime)below(m, 1000);
	switch (below(m, 16)) {
	case 0:
	case 1:
	case 2:
		step_give(m, at, client, /* bind= */ false);
		break;
	case 3:
	case 4:
	case 5:
	case 6:
		step_give(m, at, client, /* bind= */ true);
		break;
	case 7:
	case 8:
		step_end(m, at, LEASE_RELEASED);
		break;
	case 9:
		step_end(m, at, below(m, 4) ? LEASE_RELEASED : LEASE_DECLINED);
		break;
	case 10:
		step_forget(m, at);
		break;
	case 11:
		step_expire(m);
		break;
	case 12:
		step_seal(m);
		break;
	case 13:
		step_done(m, /* stored= */ below(m, 3) != 0);
		break;
	case 14:
		step_pick(m, one_of_pools(m), client);
		break;
	case 15:
		if (below(m, 40) == 0) {
			free_pools(m);
			setup_pools(m);
		}
		break;
	}
}

/* A client shows up at another of a few ports, or at none. */
static void step_move(struct model *m)
{
	struct duid duid = duid_of((int)below(m, N_CLIENTS));
	const struct lease_client *client = lease_client_find(m->table, m->network, &duid);
	const uint64_t names[LEASE_PORT_LEVELS] = {below(m, 4), below(m, 4)};

	if (client)
		lease_client_set_ports(m->table, client->id, names);
}

static void check_reload(struct model *m)
{
	struct siphash_key key = {{1}};
	struct model again = {.now = m->now};
	const char *why;

	step_done(m, /* stored= */ true);
	/* What a failed batch left in doubt is settled by the next one that has a change. */
	while (!m->open.any)
		step_give(m, below(m, N_THINGS), (int)below(m, N_CLIENTS), /* bind= */ true);
	step_seal(m);
	step_done(m, /* stored= */ true);
	again.table = lease_table_new(&key);
	again.network = lease_network(again.table, "net");
	memcpy(again.things, m->things, sizeof(again.things));
	for (size_t i = 0; i < MAX_ROWS; i++) {
		if (m->store[i].rowid)
			assert_true(
				lease_load(again.table, &m->store[i], unix_offset, m->now, &why));
	}
	for (size_t at = 0; at < N_THINGS; at++) {
		struct thing *thing = &again.things[at];

		thing->offer.client = NOBODY;
		thing->stored.since = thing->stored.since / 1000 * 1000;
		if (thing->stored.until != MTIME_NEVER)
			thing->stored.until = (thing->stored.until + 999) / 1000 * 1000;
	}
	check_model(&again);
	lease_table_free(again.table);
}

static void run(uint64_t seed, size_t steps)
{
	struct siphash_key key = {{(uint8_t)seed}};
	struct model *m = calloc(1, sizeof(*m));

	assert_non_null(m);
	m->store = calloc(MAX_ROWS, sizeof(*m->store));
	assert_non_null(m->store);
	m->table = lease_table_new(&key);
	m->network = lease_network(m->table, "net");
	m->remember = (mtime)(seed % 3) * 20 * SEC;
	rng_seed(&m->rng, seed);
	setup_things(m);
	setup_pools(m);
	for (size_t i = 0; i < steps; i++) {
		step(m);
		if (below(m, 5) == 0)
			step_move(m);
		check_model(m);
	}
	check_reload(m);
	free_pools(m);
	lease_table_free(m->table);
	free(m->store);
	free(m);
}

static void random_sequences_agree_with_a_naive_model(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= 12; seed++)
		run(seed, 3000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_sequences_agree_with_a_naive_model),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

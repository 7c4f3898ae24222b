/* SPDX-License-Identifier: ISC */
/*
 * The lease table against its store, over restarts: long random sequences of what can be done with
 * it, on two networks, with all kinds of leases, cloned clients, pools that change, clocks that are
 * set, limits, and commits that fail, of which some are on disk all the same.
 *
 * Whenever a batch is on disk, what the store has is what memory had when the batch was sealed, row
 * by row and column by column. Whoever starts with it takes every row and has the same leases.
 */
/* I6, I15, I16 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "check_lease.h"

enum {
	N_NETS = 2,
	N_CLIENTS = 9,
	N_POOLS = 8,
	MAX_ROWS = 20000,
	MAX_LEASES = 1000,
	MAX_OFFERS = 6,
	CHECK_EVERY = 8, /* steps: looking at everything takes long */
};

/* A lease as it should be stored. */
struct fact {
	uint64_t rowid;
	enum lease_kind kind;
	enum lease_state state;
	uint32_t network, iaid, preferred, valid;
	struct ip6_prefix prefix;
	struct duid duid;
	mtime since, until;
};

struct stored {
	struct lease_row row; /* rowid 0: none; what it points to is not kept */
	mtime since, until;   /* as they were when it was made */
	bool has_way;
	struct lease_way way;
};

struct world {
	struct lease_table *table;
	struct rng rng;
	mtime now;
	int64_t offset;
	uint32_t nets[N_NETS];
	struct lease_pool *pools[N_POOLS];
	size_t n_pools;
	struct lease_batch *batch;
	struct fact facts[MAX_LEASES]; /* at the last seal */
	size_t n_facts;
	int64_t sealed_offset;
	struct stored store[MAX_ROWS];
	bool failed; /* the last commit */
	mtime remember;
};

static const char *const net_names[N_NETS] = {"a", "b"};

static const uint32_t lifetimes[] = {
	0, 1, 30, 120, INT32_MAX, UINT32_C(1) << 31, LIFETIME_INFINITE - 1, LIFETIME_INFINITE};

static size_t below(struct world *w, size_t n)
{
	return (size_t)rng_between(&w->rng, 0, (int64_t)n - 1);
}

static uint32_t lifetime(struct world *w)
{
	/* Mostly short ones, so that leases end. */
	return lifetimes[below(w, below(w, 4) ? 4 : sizeof(lifetimes) / sizeof(lifetimes[0]))];
}

/* --- pools ----------------------------------------------------------------------------------- */

static void add_pool(struct world *w, enum lease_kind kind, uint32_t network, const char *range,
		     uint8_t plen)
{
	struct lease_pool_conf conf = {.network = network,
				       .kind = kind,
				       .plen = plen,
				       .policy = (enum lease_policy)below(w, 4)};

	assert_true(ip6_prefix_parse(range, &conf.prefix, NULL));
	conf.first = conf.prefix.addr;
	conf.last = ip6_prefix_last(&conf.prefix);
	w->pools[w->n_pools++] = lease_pool_new(w->table, &conf);
	assert_true(w->n_pools <= N_POOLS);
}

/* Of one address, of few, with and without a bitmap, of several lengths; another set each time. */
static void make_pools(struct world *w)
{
	static const uint8_t lens[] = {57, 58, 60, 64};
	struct ip6_prefix out;

	add_pool(w, LEASE_NA, w->nets[0], below(w, 2) ? "2001:db8::100/124" : "2001:db8::100/125",
		 128);
	if (below(w, 2))
		add_pool(w, LEASE_NA, w->nets[0], "2001:db8::117/128", 128);
	add_pool(w, LEASE_NA, w->nets[1], below(w, 2) ? "2001:db8::110/127" : "2001:db8::/64", 128);
	for (size_t i = 0; i < sizeof(lens); i++) {
		if (below(w, 3))
			add_pool(w, LEASE_PD, w->nets[0], "2001:db8:1::/56", lens[i]);
	}
	/* A pool of which only a few are left, and no bitmap. */
	if (below(w, 2))
		add_pool(w, LEASE_PD, w->nets[1], "2001:db8::/36", (uint8_t)(62 + below(w, 3)));
	for (size_t i = 0; i < w->n_pools; i++) {
		const struct lease_pool_conf *conf = lease_pool_conf(w->pools[i]);

		if (conf->prefix.len == 36) {
			for (uint8_t len = 37; len <= 58; len++) {
				struct in6_addr half = ip6_add(&conf->first, 1, 128u - len);

				out = (struct ip6_prefix){half, len};
				lease_pool_exclude(w->pools[i], &out);
			}
		} else if (below(w, 2)) {
			out = ip6_prefix_make(&conf->first, conf->plen);
			lease_pool_exclude(w->pools[i], &out);
		}
	}
}

/* An address of ours, or a reservation, that comes while the pool is in use. */
static void step_exclude(struct world *w)
{
	struct lease_pool *pool = w->pools[below(w, w->n_pools)];
	const struct lease_pool_conf *conf = lease_pool_conf(pool);
	struct in6_addr addr = ip6_add(&conf->first, below(w, 16), 128u - conf->plen);
	struct ip6_prefix out = {addr, conf->plen};

	lease_pool_exclude(pool, &out);
}

static void free_pools(struct world *w)
{
	while (w->n_pools > 0)
		lease_pool_free(w->pools[--w->n_pools]);
}

/* --- who and what ---------------------------------------------------------------------------- */

struct who {
	struct duid duid;
	uint8_t mac[6];
};

/* Some are clones: one DUID, seen from several link-layer addresses. */
static struct who who_is(size_t n)
{
	static const uint8_t lens[N_CLIENTS] = {10, 10, 10, 18, 18, 19, 130, 3, 3};
	struct who who = {.duid.len = lens[n], .mac = {2, 0, 0, 0, 0, (uint8_t)n}};

	memset(who.duid.bytes, lens[n], who.duid.len);
	return who;
}

/* The client's number; an idle new one is to be dropped. */
static uint32_t client_of(struct world *w, size_t n, uint32_t network)
{
	struct who who = who_is(n);
	const struct lease_client *known = lease_client_find(w->table, network, &who.duid);

	while (known && memcmp(known->mac, who.mac, sizeof(known->mac)) != 0)
		known = lease_client_next(w->table, known);
	return known ? known->id
		     : lease_client_new(w->table, network, &who.duid, who.mac, LEASE_MAC_FRAME);
}

static struct ip6_prefix some_prefix(struct world *w, enum lease_kind kind)
{
	static const uint8_t lens[] = {57, 58, 59, 60, 64};
	struct in6_addr base;
	uint8_t len = 128;

	if (kind != LEASE_PD) {
		assert_true(ip6_parse("2001:db8::100", &base));
		base = ip6_add(&base, below(w, 26), 0);
	} else {
		assert_true(ip6_parse("2001:db8:1::", &base));
		len = lens[below(w, sizeof(lens))];
		base = ip6_add(&base, below(w, (size_t)1 << (len < 60 ? len - 56 : 4)), 128u - len);
	}
	return (struct ip6_prefix){base, len};
}

static struct lease_grant some_grant(struct world *w, uint32_t client, enum lease_kind kind,
				     const struct ip6_prefix *prefix)
{
	return (struct lease_grant){.client = client,
				    .kind = kind,
				    .addr = prefix->addr,
				    .plen = prefix->len,
				    .iaid = (uint32_t)below(w, 3),
				    .preferred = lifetime(w),
				    .valid = lifetime(w)};
}

/* --- steps ----------------------------------------------------------------------------------- */

static void give(struct world *w, uint32_t client, enum lease_kind kind,
		 const struct ip6_prefix *prefix)
{
	struct lease_grant grant = some_grant(w, client, kind, prefix);

	if (!lease_available(w->table, client, kind, &prefix->addr, prefix->len))
		lease_client_drop_idle(w->table, client);
	else if (kind == LEASE_REG || below(w, 3))
		lease_bind(w->table, &grant, w->now);
	else
		lease_offer(w->table, &grant, w->now + 1 + (mtime)below(w, 60000), MAX_OFFERS,
			    w->now);
}

static void step_give(struct world *w)
{
	enum lease_kind kind = (enum lease_kind)below(w, 3);
	struct ip6_prefix prefix = some_prefix(w, kind);

	give(w, client_of(w, below(w, N_CLIENTS), w->nets[below(w, N_NETS)]), kind, &prefix);
}

static void step_pick(struct world *w)
{
	const struct lease_pool *pool = w->pools[below(w, w->n_pools)];
	const struct lease_pool_conf *conf = lease_pool_conf(pool);
	uint32_t client = client_of(w, below(w, N_CLIENTS), conf->network);
	struct ip6_prefix got = {.len = conf->plen};
	const struct lease *other;

	if (lease_pool_pick(pool, client, 1, rng_u64(&w->rng), &got.addr)) {
		assert_true(lease_pool_has(pool, &got.addr, conf->plen));
		assert_true(lease_available(w->table, client, conf->kind, &got.addr, conf->plen));
		give(w, client, conf->kind, &got);
	} else if (lease_pool_pick_past(pool, &got.addr)) {
		assert_true(lease_pool_has(pool, &got.addr, conf->plen));
		while ((other = lease_overlapping(w->table, conf->network, &got.addr, got.len)))
			lease_forget(w->table, other->id);
		assert_true(lease_available(w->table, client, conf->kind, &got.addr, conf->plen));
		give(w, client, conf->kind, &got);
	} else if (!lease_pool_end_offer(pool, client)) {
		lease_client_drop_idle(w->table, client);
	} else {
		assert_true(lease_pool_pick(pool, client, 1, rng_u64(&w->rng), &got.addr));
		lease_client_drop_idle(w->table, client);
	}
}

static void step_end(struct world *w)
{
	uint32_t cursor = (uint32_t)below(w, w->table->leases.used + 1);
	const struct lease *lease = lease_each(w->table, &cursor);
	mtime until = w->now + (mtime)below(w, 90000);

	if (!lease)
		return;
	switch (below(w, 6)) {
	case 0:
		if (lease->kind == LEASE_NA && lease->state != LEASE_DECLINED)
			lease_decline(w->table, lease->id, until, w->now);
		break;
	case 1:
		lease_forget(w->table, lease->id);
		break;
	default:
		if (lease->kind == LEASE_REG)
			lease_forget(w->table, lease->id);
		else if (lease->state == LEASE_ACTIVE || lease->state == LEASE_OFFERED)
			lease_release(w->table, lease->id, until, w->now);
	}
}

/* Something there is, in this state or the one after it; NULL if none was met. */
static const struct lease *some_lease(struct world *w, enum lease_state state)
{
	uint32_t cursor = (uint32_t)below(w, w->table->leases.used + 1);
	const struct lease *lease = lease_each(w->table, &cursor);

	while (lease && lease->state != state && lease->state != state + 1)
		lease = lease_each(w->table, &cursor);
	return lease;
}

/* What was offered is requested, or what is held renewed. */
static void step_request(struct world *w)
{
	const struct lease *lease = some_lease(w, LEASE_OFFERED);

	if (lease) {
		struct ip6_prefix prefix = {lease->addr, lease->plen};
		struct lease_grant grant =
			some_grant(w, lease->client, (enum lease_kind)lease->kind, &prefix);

		lease_bind(w->table, &grant, w->now);
	}
}

/* What is remembered goes to somebody else. */
static void step_take_over(struct world *w)
{
	const struct lease *lease = some_lease(w, LEASE_RELEASED);

	if (lease) {
		struct ip6_prefix prefix = {lease->addr, lease->plen};
		enum lease_kind kind = (enum lease_kind)lease->kind;
		uint32_t network = lease_client_get(w->table, lease->client)->network;

		give(w, client_of(w, below(w, N_CLIENTS), network), kind, &prefix);
	}
}

static void step_expire(struct world *w)
{
	mtime next;
	uint32_t cursor = 0;
	size_t registered = 0;
	const struct lease *lease;

	w->now += (mtime)below(w, 40000);
	next = lease_expire(w->table, w->now, w->remember, 1000, NULL, NULL);
	assert_true(next > w->now);
	while ((lease = lease_each(w->table, &cursor))) {
		assert_true(lease->until >= next);
		registered += lease->kind == LEASE_REG;
	}
	assert_int_equal(lease_registrations(w->table), registered);
}

/* As after a Confirm or a Renew from another link. */
static void step_move(struct world *w)
{
	uint32_t client = client_of(w, below(w, N_CLIENTS), w->nets[below(w, N_NETS)]);
	const uint64_t names[LEASE_PORT_LEVELS] = {below(w, 4), below(w, 4)};
	struct lease_way way = {.link = "eth0", .via.s6_addr = {0xfe, 0x80}};
	const struct lease_way *known = lease_client_way(w->table, client);

	way.via.s6_addr[15] = (uint8_t)(1 + below(w, 3));
	lease_client_set_ports(w->table, client, names);
	lease_client_set_hostname(w->table, client, below(w, 2) ? "host" : NULL);
	lease_client_set_path(w->table, client, below(w, 2) ? "path" : NULL);
	if (!known || lease_client_undone(w->table, client) ||
	    memcmp(known, &way, sizeof(way)) != 0) {
		lease_client_set_way(w->table, client, &way);
		lease_client_restate(w->table, client);
	}
	lease_client_drop_idle(w->table, client);
}

static void step_clock(struct world *w)
{
	uint32_t cursor = 0;

	w->offset += rng_between(&w->rng, -1000000, 1000000);
	while (lease_restate(w->table, &cursor, 1 + below(w, 50)))
		continue;
}

/* --- the store ------------------------------------------------------------------------------- */

/* What is to be stored of a slot; false: nothing. */
static bool fact_of(const struct world *w, uint32_t id, struct fact *ret)
{
	const struct lease_rec *rec = lease_rec(w->table, id);
	struct lease_image image = lease_image_of(rec);
	const struct lease_client *client;

	if (rec->pub.marks & LEASE_MARK_OVER)
		image = *lease_under(w->table, (uint32_t)rec->rowid);
	if (image.state == LEASE_GONE || image.state == LEASE_OFFERED)
		return false;
	client = lease_client_get(w->table, image.client);
	*ret = (struct fact){.rowid = image.rowid,
			     .kind = rec->pub.kind,
			     .state = image.state,
			     .network = client->network,
			     .iaid = image.iaid,
			     .preferred = image.preferred,
			     .valid = image.valid,
			     .prefix = lease_prefix(rec),
			     .duid.len = client->duid_len,
			     .since = image.since,
			     .until = image.until};
	memcpy(ret->duid.bytes, client->duid, client->duid_len);
	return true;
}

static void note_facts(struct world *w)
{
	w->n_facts = 0;
	for (uint32_t id = 0; id < w->table->leases.used; id++) {
		assert_true(w->n_facts < MAX_LEASES);
		w->n_facts += fact_of(w, id, &w->facts[w->n_facts]);
	}
}

static int64_t floor_seconds(int64_t ms)
{
	return ms >= 0 ? ms / SEC : -((-ms + SEC - 1) / SEC);
}

static void check_fact(const struct world *w, const struct fact *fact)
{
	const struct stored *stored = &w->store[fact->rowid];

	assert_true(fact->rowid > 0 && fact->rowid < MAX_ROWS && stored->row.rowid == fact->rowid);
	assert_int_equal(stored->row.kind, fact->kind);
	assert_int_equal(stored->row.state, fact->state);
	assert_string_equal(stored->row.network, net_names[fact->network]);
	assert_true(ip6_equal(&stored->row.addr, &fact->prefix.addr));
	assert_int_equal(stored->row.plen, fact->prefix.len);
	assert_int_equal(stored->row.iaid, fact->iaid);
	assert_int_equal(stored->row.preferred, fact->preferred);
	assert_int_equal(stored->row.valid, fact->valid);
	assert_true(duid_equal(&stored->row.duid, &fact->duid));
	assert_true(stored->since == fact->since && stored->until == fact->until);
}

static void put_row(struct world *w, const struct lease_row *row)
{
	struct stored *to = &w->store[row->rowid];
	const struct fact *fact = w->facts;

	assert_true(row->rowid > 0 && row->rowid < MAX_ROWS);
	memset(to, 0, sizeof(*to));
	if (row->op == LEASE_ROW_DELETE)
		return;
	while (fact->rowid != row->rowid)
		assert_true(++fact < w->facts + w->n_facts);
	to->row = *row;
	to->row.network = net_names[fact->network];
	to->row.hostname = to->row.path = NULL;
	to->row.key = NULL;
	to->row.way = NULL;
	to->has_way = row->way;
	if (row->way)
		to->way = *row->way;
	to->since = fact->since;
	to->until = fact->until;
	assert_true(row->since == floor_seconds(fact->since + w->sealed_offset));
	assert_true(row->until == (fact->until == MTIME_NEVER
					   ? INT64_MAX
					   : -floor_seconds(-(fact->until + w->sealed_offset))));
}

static void write_batch(struct world *w)
{
	size_t n, rows = 0;
	const struct lease_row *row = lease_batch_rows(w->batch, &n);

	for (size_t i = 0; i < n; i++)
		put_row(w, &row[i]);
	for (size_t i = 0; i < MAX_ROWS; i++)
		rows += w->store[i].row.rowid != 0;
	assert_int_equal(rows, w->n_facts);
	for (size_t i = 0; i < w->n_facts; i++)
		check_fact(w, &w->facts[i]);
}

static void step_seal(struct world *w)
{
	if (w->batch)
		return;
	w->sealed_offset = w->offset;
	w->batch = lease_batch_seal(w->table, w->offset);
	note_facts(w);
}

static void step_done(struct world *w, bool stored)
{
	if (!w->batch)
		return;
	w->failed = !stored;
	/* What failed can be on disk all the same. */
	if (stored || below(w, 2))
		write_batch(w);
	lease_batch_done(w->table, w->batch, stored);
	w->batch = NULL;
}

/* Where nothing is under way, what is known of the way to a client is stored with its leases. */
static void check_ways(const struct world *w)
{
	uint32_t cursor = 0;
	const struct lease *lease;

	if (w->batch || w->failed || lease_open_changes(w->table))
		return;
	while ((lease = lease_each(w->table, &cursor))) {
		const struct lease_way *way = lease_client_way(w->table, lease->client);
		const struct stored *stored = &w->store[lease_rec(w->table, lease->id)->rowid];

		if (lease->state != LEASE_ACTIVE || lease_client_undone(w->table, lease->client))
			continue;
		assert_int_equal(stored->has_way, way != NULL);
		if (way)
			assert_memory_equal(&stored->way, way, sizeof(*way));
	}
}

/* --- starting anew --------------------------------------------------------------------------- */

static void start(struct world *w)
{
	static const struct siphash_key key = {{1}};

	w->table = lease_table_new(&key);
	for (size_t i = 0; i < N_NETS; i++)
		w->nets[i] = lease_network(w->table, net_names[i]);
	lease_limit_remembered(w->table, 30);
	make_pools(w);
}

/* Its times are those of the row by the clock of now, but never in the future. */
static void check_taken(struct world *w, struct stored *stored)
{
	const struct lease_row *row = &stored->row;
	uint32_t network = lease_network(w->table, row->network);
	const struct lease *lease = lease_find(w->table, network, row->kind, &row->addr, row->plen);
	mtime since = row->since * SEC - w->offset, until = MTIME_NEVER;

	assert_non_null(lease);
	if (row->until != INT64_MAX)
		until = row->until * SEC - w->offset - (since > w->now ? since - w->now : 0);
	assert_true(lease->until == until);
	assert_true(lease->since == mtime_min(since, w->now));
	stored->since = lease->since;
	stored->until = lease->until;
}

static void step_restart(struct world *w)
{
	const char *why;

	free_pools(w);
	lease_table_free(w->table);
	w->batch = NULL;
	w->failed = false;
	w->offset += rng_between(&w->rng, -100000, 100000);
	start(w);
	for (size_t i = 0; i < MAX_ROWS; i++) {
		struct lease_row row = w->store[i].row;

		row.way = w->store[i].has_way ? &w->store[i].way : NULL;
		if (row.rowid && !lease_load(w->table, &row, w->offset, w->now, &why))
			fail_msg("a stored row is refused: %s", why);
		if (row.rowid)
			check_taken(w, &w->store[i]);
	}
	check_lease_table(w->table);
	/* A client's leases can have been stored with ways that differ. */
	step_clock(w);
	step_seal(w);
	step_done(w, /* stored= */ true);
}

static void step(struct world *w)
{
	w->now += 1 + (mtime)below(w, 1000);
	switch (below(w, 32)) {
	default:
		step_give(w);
		break;
	case 0:
	case 1:
	case 2:
	case 3:
	case 4:
		step_pick(w);
		break;
	case 5:
	case 6:
	case 7:
		step_end(w);
		break;
	case 8:
		step_expire(w);
		break;
	case 9:
	case 10:
	case 11:
		step_seal(w);
		break;
	case 12:
	case 13:
	case 14:
		step_done(w, /* stored= */ below(w, 3) != 0);
		break;
	case 15:
	case 16:
		step_move(w);
		break;
	case 17:
		lease_forget_useless(w->table, w->nets[below(w, N_NETS)], below(w, 4));
		break;
	case 18:
		if (below(w, 10) == 0) {
			free_pools(w);
			make_pools(w);
		}
		break;
	case 19:
		if (below(w, 10) == 0)
			step_clock(w);
		if (below(w, 10) == 0)
			step_exclude(w);
		break;
	case 20:
		if (below(w, 20) == 0)
			step_restart(w);
		break;
	case 21:
		step_request(w);
		break;
	case 22:
		step_take_over(w);
		break;
	case 23:
		w->remember = (mtime)below(w, 3) * 150 * SEC;
		lease_limit_remembered(w->table, 1 + (uint32_t)below(w, 40));
		break;
	}
}

static void run(uint64_t seed, size_t steps)
{
	struct world *w = calloc(1, sizeof(*w));

	assert_non_null(w);
	rng_seed(&w->rng, seed);
	/* Also by clocks that were never set, and long after 2038. */
	w->now = (mtime)below(w, 2) * (INT64_C(1) << 41);
	w->offset = (int64_t)(seed % 3) * INT64_C(1700000000000) - (seed % 2 ? w->now : 0);
	start(w);
	for (size_t i = 0; i < steps; i++) {
		step(w);
		check_ways(w);
		if (i % CHECK_EVERY == 0)
			check_lease_table(w->table);
	}
	step_done(w, /* stored= */ true);
	step_seal(w);
	step_done(w, /* stored= */ true);
	step_restart(w);
	free_pools(w);
	lease_table_free(w->table);
	free(w);
}

static unsigned int rounds = 20;

static void the_store_has_what_memory_had(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= rounds; seed++)
		run(seed, 3000);
}

/* test_lease_restart [ROUNDS] */
int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_store_has_what_memory_had),
	};

	if (argc > 1)
		rounds = (unsigned int)atoi(argv[1]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: ISC */
/*
 * The lease table, one behaviour at a time; test_lease_model.c tests them together.
 */
#include "config.h"

#include <string.h>

#include "check_lease.h"

#define DAY      (86400 * SEC)
#define UNIX_OFF INT64_C(1700000000000)

static const struct siphash_key key = {{7}};
static const uint8_t no_mac[6];

struct world {
	struct lease_table *table;
	uint32_t network;
};

static struct world new_world(void)
{
	struct world w = {.table = lease_table_new(&key)};

	w.network = lease_network(w.table, "net");
	return w;
}

static struct duid duid_of(uint8_t n)
{
	return duid_make_ll((const uint8_t[6]){2, 0, 0, 0, 0, n});
}

static uint32_t new_client(struct world *w, uint8_t n)
{
	struct duid duid = duid_of(n);

	return lease_client_new(w->table, w->network, &duid, no_mac, LEASE_MAC_NONE);
}

static struct lease_grant na(uint32_t client, uint8_t last)
{
	struct lease_grant grant = {.client = client,
				    .kind = LEASE_NA,
				    .plen = 128,
				    .iaid = 1,
				    .preferred = 50,
				    .valid = 100};

	assert_true(ip6_parse("2001:db8::", &grant.addr));
	grant.addr.s6_addr[15] = last;
	return grant;
}

static struct lease_grant pd(uint32_t client, const char *text)
{
	struct lease_grant grant = {.client = client, .kind = LEASE_PD, .valid = 100};
	struct ip6_prefix prefix;

	assert_true(ip6_prefix_parse(text, &prefix, NULL));
	grant.addr = prefix.addr;
	grant.plen = prefix.len;
	return grant;
}

static bool is_available(struct world *w, const struct lease_grant *grant)
{
	return lease_available(w->table, grant->client, grant->kind, &grant->addr, grant->plen);
}

/* Seals and ends the open batch; the number of its rows. */
static size_t store_all(struct world *w, bool stored)
{
	struct lease_batch *batch = lease_batch_seal(w->table, UNIX_OFF);
	size_t n = 0;

	if (!batch)
		return 0;
	lease_batch_rows(batch, &n);
	lease_batch_done(w->table, batch, stored);
	return n;
}

static struct lease_row row_of(uint64_t rowid, uint8_t last, uint8_t duid)
{
	struct lease_grant grant = na(0, last);

	return (struct lease_row){.op = LEASE_ROW_PUT,
				  .kind = LEASE_NA,
				  .state = LEASE_ACTIVE,
				  .mac_source = LEASE_MAC_DUID,
				  .rowid = rowid,
				  .network = "net",
				  .addr = grant.addr,
				  .plen = 128,
				  .iaid = 1,
				  .preferred = 50,
				  .valid = 100,
				  .since = UNIX_OFF / 1000 + 10,
				  .until = UNIX_OFF / 1000 + 110,
				  .duid = duid_of(duid)};
}

/* --- clients and networks ------------------------------------------------------------------ */

static void networks_are_told_apart_by_name(void **state)
{
	struct world w = new_world();
	char name[16] = "net";

	(void)state;
	assert_int_equal(lease_network(w.table, name), w.network);
	for (int i = 0; i < 1000; i++) {
		struct text text;

		text_init(&text, name, sizeof(name));
		text_put_u64(&text, (uint64_t)i);
		uint32_t id = lease_network(w.table, name);

		assert_int_not_equal(id, w.network);
		assert_int_equal(lease_network(w.table, name), id);
		assert_string_equal(lease_network_name(w.table, id), name);
	}
	lease_table_free(w.table);
}

/* U9: one DUID on two machines is two clients, each with its lease. */
static void several_clients_can_have_one_duid(void **state)
{
	struct world w = new_world();
	struct duid duid = duid_of(1);
	uint32_t a = lease_client_new(w.table, w.network, &duid, (const uint8_t[6]){2, 1},
				      LEASE_MAC_FRAME);
	uint32_t b = lease_client_new(w.table, w.network, &duid, (const uint8_t[6]){2, 2},
				      LEASE_MAC_FRAME);
	uint32_t other = lease_network(w.table, "other");
	const struct lease_client *client;
	struct lease_grant for_a = na(a, 1), for_b = na(b, 1);
	uint32_t seen = 0;

	(void)state;
	lease_client_new(w.table, other, &duid, no_mac, LEASE_MAC_NONE);
	for (client = lease_client_find(w.table, w.network, &duid); client;
	     client = lease_client_next(w.table, client)) {
		assert_true(client->id == a || client->id == b);
		seen++;
	}
	assert_int_equal(seen, 2);
	lease_bind(w.table, &for_a, 0);
	assert_false(is_available(&w, &for_b));
	lease_table_free(w.table);
}

static void a_client_goes_with_its_last_lease(void **state)
{
	struct world w = new_world();
	struct duid duid = duid_of(1);
	uint32_t client = new_client(&w, 1);
	struct lease_grant grant = na(client, 1);

	(void)state;
	lease_client_drop_idle(w.table, client);
	assert_null(lease_client_find(w.table, w.network, &duid));
	client = new_client(&w, 1);
	grant.client = client;
	uint32_t id = lease_bind(w.table, &grant, 0);

	lease_client_drop_idle(w.table, client);
	assert_non_null(lease_client_find(w.table, w.network, &duid));
	store_all(&w, true);
	lease_forget(w.table, id);
	/* Undoing may need it. */
	assert_non_null(lease_client_find(w.table, w.network, &duid));
	store_all(&w, true);
	assert_null(lease_client_find(w.table, w.network, &duid));
	check_lease_table(w.table);
	lease_table_free(w.table);
}

static void a_client_is_pending_until_its_change_is_stored(void **state)
{
	struct world w = new_world();
	uint32_t a = new_client(&w, 1), b = new_client(&w, 2);
	struct lease_grant for_a = na(a, 1), for_b = na(b, 2);

	(void)state;
	lease_offer(w.table, &for_a, DAY, 10, 0);
	lease_offer(w.table, &for_b, DAY, 10, 0);
	assert_false(lease_client_pending(w.table, a));
	lease_bind(w.table, &for_a, 0);
	assert_true(lease_client_pending(w.table, a));
	assert_false(lease_client_pending(w.table, b));
	struct lease_batch *batch = lease_batch_seal(w.table, UNIX_OFF);

	assert_true(lease_client_pending(w.table, a));
	lease_bind(w.table, &for_b, 0);
	lease_batch_done(w.table, batch, true);
	assert_false(lease_client_pending(w.table, a));
	assert_true(lease_client_pending(w.table, b));
	lease_table_free(w.table);
}

/* --- what may be given --------------------------------------------------------------------- */

static void only_what_nobody_holds_is_available(void **state)
{
	struct world w = new_world();
	uint32_t a = new_client(&w, 1), b = new_client(&w, 2);
	struct lease_grant for_a = na(a, 1), for_b = na(b, 1);
	uint32_t id;

	(void)state;
	assert_true(is_available(&w, &for_b));
	id = lease_offer(w.table, &for_a, DAY, 10, 0);
	assert_true(is_available(&w, &for_a));
	assert_false(is_available(&w, &for_b));
	assert_int_equal(lease_bind(w.table, &for_a, 0), id);
	assert_true(is_available(&w, &for_a));
	assert_false(is_available(&w, &for_b));
	lease_release(w.table, id, DAY, 0);
	assert_true(is_available(&w, &for_a));
	assert_true(is_available(&w, &for_b));
	assert_int_equal(lease_bind(w.table, &for_b, 0), id);
	assert_false(is_available(&w, &for_a));
	lease_decline(w.table, id, DAY, 0);
	assert_false(is_available(&w, &for_a));
	assert_false(is_available(&w, &for_b));
	lease_table_free(w.table);
}

static void prefixes_that_overlap_are_found(void **state)
{
	static const struct {
		const char *prefix;
		bool overlaps;
	} cases[] = {
		{"2001:db8:10::/44", true},      {"2001:db8::/32", true},
		{"2001:db8:10::/60", true},      {"2001:db8:10:ff::/64", true},
		{"2001:db8:10:ff::1/128", true}, {"2001:db8:11::/48", false},
		{"2001:db8:10:100::/56", false}, {"2001:db8:f::/48", false},
		{"2001:db8:10::/56", false}, /* it is the same */
	};
	struct world w = new_world();
	uint32_t a = new_client(&w, 1), b = new_client(&w, 2);
	struct lease_grant held = pd(a, "2001:db8:10::/56"), far = pd(a, "fd00::/8");

	(void)state;
	lease_bind(w.table, &far, 0);
	lease_bind(w.table, &held, 0);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct lease_grant grant = pd(b, cases[i].prefix);
		const struct lease *found =
			lease_overlapping(w.table, w.network, &grant.addr, grant.plen);

		assert_int_equal(found != NULL, cases[i].overlaps);
		if (cases[i].overlaps)
			assert_false(is_available(&w, &grant));
		/* Not even for the one who has the other. */
		grant.client = a;
		assert_int_equal(is_available(&w, &grant), !cases[i].overlaps);
	}
	lease_table_free(w.table);
}

static void networks_do_not_share_addresses(void **state)
{
	struct world w = new_world();
	uint32_t other = lease_network(w.table, "other");
	struct duid duid = duid_of(1);
	uint32_t a = new_client(&w, 1);
	uint32_t b = lease_client_new(w.table, other, &duid, no_mac, LEASE_MAC_NONE);
	struct lease_grant for_a = na(a, 1), for_b = na(b, 1);

	(void)state;
	assert_int_not_equal(lease_bind(w.table, &for_a, 0), lease_bind(w.table, &for_b, 0));
	check_lease_table(w.table);
	lease_table_free(w.table);
}

/* --- offers -------------------------------------------------------------------------------- */

static void the_oldest_offer_makes_room(void **state)
{
	struct world w = new_world();

	(void)state;
	for (uint8_t i = 1; i <= 10; i++) {
		struct lease_grant grant = na(new_client(&w, i), i);

		lease_offer(w.table, &grant, DAY, 3, i);
		assert_int_equal(lease_count(w.table, LEASE_OFFERED), i < 3 ? i : 3);
	}
	for (uint8_t i = 1; i <= 10; i++) {
		struct lease_grant grant = na(0, i);

		assert_int_equal(lease_find(w.table, w.network, LEASE_NA, &grant.addr, 128) != NULL,
				 i > 7);
	}
	check_lease_table(w.table);
	lease_table_free(w.table);
}

static void what_was_remembered_comes_back_after_an_offer(void **state)
{
	struct world w = new_world();
	uint32_t a = new_client(&w, 1), b = new_client(&w, 2);
	struct lease_grant for_a = na(a, 1), for_b = na(b, 1);
	uint32_t id = lease_bind(w.table, &for_a, 0);

	(void)state;
	lease_release(w.table, id, DAY, 5);
	store_all(&w, true);
	lease_offer(w.table, &for_b, 60 * SEC, 3, 10);
	assert_int_equal(lease_get(w.table, id)->client, b);
	assert_true(lease_expire(w.table, 60 * SEC, DAY, 100, NULL, NULL) == DAY);
	assert_int_equal(lease_get(w.table, id)->client, a);
	assert_int_equal(lease_get(w.table, id)->state, LEASE_RELEASED);
	assert_true(lease_get(w.table, id)->since == 5);
	assert_int_equal(lease_open_changes(w.table), 0);
	check_lease_table(w.table);
	lease_table_free(w.table);
}

/* --- time ---------------------------------------------------------------------------------- */

static void count_ended(void *arg, const struct lease *lease)
{
	size_t *counts = arg;

	counts[lease->state]++;
}

/* I16: what ran out is remembered for its client, then forgotten. */
static void a_lease_runs_out_is_remembered_and_forgotten(void **state)
{
	struct world w = new_world();
	struct lease_grant grant = na(new_client(&w, 1), 1);
	size_t counts[LEASE_STATES] = {0};
	uint32_t id = lease_bind(w.table, &grant, 1 * SEC);

	(void)state;
	store_all(&w, true);
	assert_true(lease_expire(w.table, 101 * SEC - 1, DAY, 9, count_ended, counts) == 101 * SEC);
	assert_int_equal(lease_get(w.table, id)->state, LEASE_ACTIVE);
	assert_true(lease_expire(w.table, 102 * SEC, DAY, 9, count_ended, counts) ==
		    101 * SEC + DAY);
	assert_int_equal(lease_get(w.table, id)->state, LEASE_EXPIRED);
	assert_int_equal(counts[LEASE_ACTIVE], 1);
	assert_int_equal(store_all(&w, true), 1);
	assert_true(lease_expire(w.table, 101 * SEC + DAY, DAY, 9, count_ended, counts) ==
		    MTIME_NEVER);
	assert_null(lease_get(w.table, id));
	assert_int_equal(counts[LEASE_EXPIRED], 1);
	assert_int_equal(store_all(&w, true), 1);
	lease_table_free(w.table);
}

static void a_renewed_lease_does_not_run_out(void **state)
{
	struct world w = new_world();
	struct lease_grant grant = na(new_client(&w, 1), 1);
	uint32_t id = lease_bind(w.table, &grant, 0);

	(void)state;
	for (mtime now = 0; now < 100 * DAY; now += 50 * SEC) {
		assert_int_equal(lease_bind(w.table, &grant, now), id);
		assert_true(lease_expire(w.table, now, DAY, 9, NULL, NULL) <= now + 100 * SEC);
	}
	grant.valid = LIFETIME_INFINITE;
	lease_bind(w.table, &grant, 100 * DAY);
	assert_true(lease_expire(w.table, 10000 * DAY, DAY, 9, NULL, NULL) == MTIME_NEVER);
	assert_int_equal(lease_get(w.table, id)->state, LEASE_ACTIVE);
	/* And a shorter lifetime counts again at once. */
	grant.valid = 10;
	lease_bind(w.table, &grant, 10000 * DAY);
	assert_true(lease_expire(w.table, 10000 * DAY, DAY, 9, NULL, NULL) ==
		    10000 * DAY + 10 * SEC);
	lease_table_free(w.table);
}

static void no_more_than_asked_run_out_at_once(void **state)
{
	struct world w = new_world();

	(void)state;
	for (uint8_t i = 1; i <= 100; i++) {
		struct lease_grant grant = na(new_client(&w, i), i);

		lease_bind(w.table, &grant, 0);
	}
	for (size_t n = 10; n <= 100; n += 10) {
		mtime next = lease_expire(w.table, 200 * SEC, DAY, 10, NULL, NULL);

		assert_int_equal(lease_count(w.table, LEASE_EXPIRED), n);
		assert_int_equal(next <= 200 * SEC, n < 100);
	}
	lease_table_free(w.table);
}

/* --- batches ------------------------------------------------------------------------------- */

static void a_batch_has_one_row_a_lease_with_what_it_is_at_the_end(void **state)
{
	struct world w = new_world();
	uint32_t a = new_client(&w, 1);
	struct lease_grant one = na(a, 1), two = na(a, 2), gone = na(a, 3);
	const struct lease_row *rows;
	size_t n;

	(void)state;
	uint32_t id = lease_bind(w.table, &one, 0);

	lease_bind(w.table, &two, 1 * SEC);
	lease_bind(w.table, &one, 2500);
	lease_release(w.table, id, DAY + 1, 3500);
	lease_forget(w.table, lease_bind(w.table, &gone, 0));
	struct lease_batch *batch = lease_batch_seal(w.table, UNIX_OFF);

	rows = lease_batch_rows(batch, &n);
	assert_int_equal(n, 2);
	assert_int_equal(rows[0].op, LEASE_ROW_PUT);
	assert_int_equal(rows[0].state, LEASE_RELEASED);
	assert_true(rows[0].rowid == 1 && rows[1].rowid == 2);
	assert_true(rows[0].since == UNIX_OFF / 1000 + 3);
	/* Never before the client thinks: rounded up. */
	assert_true(rows[0].until == UNIX_OFF / 1000 + 86401);
	assert_string_equal(rows[0].network, "net");
	assert_true(ip6_equal(&rows[1].addr, &two.addr));
	assert_int_equal(rows[1].state, LEASE_ACTIVE);
	lease_batch_done(w.table, batch, true);
	assert_null(lease_batch_seal(w.table, UNIX_OFF));
	lease_table_free(w.table);
}

static void what_came_and_went_is_not_told(void **state)
{
	struct world w = new_world();
	struct lease_grant grant = na(new_client(&w, 1), 1);

	(void)state;
	lease_forget(w.table, lease_bind(w.table, &grant, 0));
	assert_int_equal(lease_open_changes(w.table), 1);
	assert_null(lease_batch_seal(w.table, UNIX_OFF));
	assert_int_equal(lease_open_changes(w.table), 0);
	check_lease_table(w.table);
	lease_table_free(w.table);
}

static void a_failed_batch_takes_the_open_one_with_it(void **state)
{
	struct world w = new_world();
	uint32_t a = new_client(&w, 1), b = new_client(&w, 2);
	struct lease_grant for_a = na(a, 1), for_b = na(b, 1), offered = na(b, 2);

	(void)state;
	uint32_t offer = lease_offer(w.table, &offered, DAY, 9, 0);
	uint32_t id = lease_bind(w.table, &for_a, 0);

	store_all(&w, true);
	lease_release(w.table, id, DAY, 7);
	struct lease_batch *batch = lease_batch_seal(w.table, UNIX_OFF);

	assert_int_equal(lease_bind(w.table, &for_b, 8), id);
	assert_int_equal(lease_bind(w.table, &offered, 8), offer);
	lease_batch_done(w.table, batch, false);
	assert_int_equal(lease_open_changes(w.table), 0);
	assert_int_equal(lease_get(w.table, id)->client, a);
	assert_int_equal(lease_get(w.table, id)->state, LEASE_ACTIVE);
	assert_true(lease_get(w.table, id)->since == 0);
	assert_int_equal(lease_get(w.table, offer)->state, LEASE_OFFERED);
	check_lease_table(w.table);
	lease_table_free(w.table);
}

static void the_rows_of_a_failed_batch_are_said_again(void **state)
{
	struct world w = new_world();
	uint32_t a = new_client(&w, 1);
	struct lease_grant one = na(a, 1), two = na(a, 2), three = na(a, 3);
	uint32_t id = lease_bind(w.table, &one, 0);
	const struct lease_row *rows;
	size_t n;

	(void)state;
	store_all(&w, true);
	lease_release(w.table, id, DAY, 7);
	lease_bind(w.table, &two, 7);
	assert_int_equal(store_all(&w, false), 2);
	lease_bind(w.table, &three, 8);
	struct lease_batch *batch = lease_batch_seal(w.table, UNIX_OFF);

	rows = lease_batch_rows(batch, &n);
	assert_int_equal(n, 3);
	assert_true(rows[0].rowid == 1 && rows[0].op == LEASE_ROW_PUT);
	assert_int_equal(rows[0].state, LEASE_ACTIVE);
	/* Its id is free for another one, in this very batch. */
	assert_true(rows[1].rowid == 2 && rows[1].op == LEASE_ROW_DELETE);
	assert_true(rows[2].rowid == 2 && rows[2].op == LEASE_ROW_PUT);
	assert_true(ip6_equal(&rows[2].addr, &three.addr));
	lease_batch_done(w.table, batch, true);
	lease_bind(w.table, &one, 9);
	assert_int_equal(store_all(&w, true), 1);
	lease_table_free(w.table);
}

static void failing_for_long_does_not_pile_up(void **state)
{
	struct world w = new_world();
	uint32_t a = new_client(&w, 1);
	struct lease_grant stored = na(a, 99);

	(void)state;
	lease_bind(w.table, &stored, 0);
	store_all(&w, true);
	for (unsigned int i = 0; i < 1000; i++) {
		struct lease_grant grant = na(a, (uint8_t)(i % 50));

		lease_bind(w.table, &grant, 0);
		lease_bind(w.table, &stored, 0);
		assert_true(store_all(&w, false) <= 4);
	}
	check_lease_table(w.table);
	lease_table_free(w.table);
}

/* Z20: after the wall clock was set, rows are said again by it, a few at a time. */
static void leases_are_stored_again_by_a_new_clock(void **state)
{
	const int64_t day = 86400;
	struct world w = new_world();
	struct lease_grant grants[] = {na(new_client(&w, 1), 1), na(new_client(&w, 2), 2),
				       na(new_client(&w, 3), 3), na(new_client(&w, 4), 4)};
	uint32_t cursor = 0, released;
	size_t n;

	(void)state;
	lease_bind(w.table, &grants[0], 10 * SEC);
	released = lease_bind(w.table, &grants[1], 0);
	lease_release(w.table, released, 1000 * SEC, 20 * SEC);
	grants[2].valid = LIFETIME_INFINITE;
	lease_bind(w.table, &grants[2], 0);
	lease_offer(w.table, &grants[3], 60 * SEC, 10, 0);
	store_all(&w, true);
	assert_int_equal(lease_open_changes(w.table), 0);
	/* Two at a time; one that is not stored is there to be said again. */
	assert_true(lease_restate(w.table, &cursor, 2));
	assert_int_equal(store_all(&w, false), 2);
	cursor = 0;
	assert_true(lease_restate(w.table, &cursor, 2));
	struct lease_batch *batch = lease_batch_seal(w.table, UNIX_OFF + day * SEC);
	const struct lease_row *rows = lease_batch_rows(batch, &n);

	/* The last two are those of the batch that failed, or of this one: the same. */
	assert_true(rows[n - 2].since == UNIX_OFF / 1000 + day + 10);
	assert_true(rows[n - 2].until == UNIX_OFF / 1000 + day + 10 + grants[0].valid);
	assert_int_equal(rows[n - 1].state, LEASE_RELEASED);
	assert_true(rows[n - 1].until == UNIX_OFF / 1000 + day + 1000);
	lease_batch_done(w.table, batch, true);
	assert_false(lease_restate(w.table, &cursor, 2));
	batch = lease_batch_seal(w.table, UNIX_OFF + day * SEC);
	rows = lease_batch_rows(batch, &n);
	assert_int_equal(n, 1);
	assert_true(rows[0].since == UNIX_OFF / 1000 + day);
	assert_true(rows[0].until == INT64_MAX);
	lease_batch_done(w.table, batch, true);
	/* Nothing but the rows changed. */
	assert_int_equal(lease_count(w.table, LEASE_ACTIVE), 2);
	assert_true(lease_get(w.table, released)->since == 20 * SEC);
	lease_table_free(w.table);
}

/* --- loading ------------------------------------------------------------------------------- */

/* Z20: the clock on the wall may be another one than before; what counts is what is left. */
static void stored_times_become_ours(void **state)
{
	struct world w = new_world();
	struct lease_row row = row_of(5, 1, 1);
	struct lease_grant grant = na(0, 1);
	const struct lease *lease;
	const char *why;

	(void)state;
	assert_true(lease_load(w.table, &row, UNIX_OFF + 60000, MTIME_NEVER, &why));
	lease = lease_find(w.table, w.network, LEASE_NA, &grant.addr, 128);
	assert_non_null(lease);
	assert_true(lease->since == -50 * SEC);
	assert_true(lease->until == 50 * SEC);
	assert_int_equal(lease_open_changes(w.table), 0);
	/* New rows come after those that were there. */
	grant = na(lease->client, 2);
	lease_bind(w.table, &grant, 0);
	struct lease_batch *batch = lease_batch_seal(w.table, UNIX_OFF);
	size_t n;

	assert_true(lease_batch_rows(batch, &n)[0].rowid == 6);
	lease_batch_done(w.table, batch, true);
	lease_table_free(w.table);
}

static void what_is_over_is_taken_in_and_runs_out(void **state)
{
	struct world w = new_world();
	struct lease_row row = row_of(5, 1, 1);
	const char *why;

	(void)state;
	assert_true(lease_load(w.table, &row, UNIX_OFF + 1000 * 1000, MTIME_NEVER, &why));
	assert_int_equal(lease_count(w.table, LEASE_ACTIVE), 1);
	lease_expire(w.table, 0, 2000 * SEC, 9, NULL, NULL);
	assert_int_equal(lease_count(w.table, LEASE_EXPIRED), 1);
	lease_table_free(w.table);
}

static void cloned_machines_stay_apart(void **state)
{
	struct world w = new_world();
	struct lease_row rows[4] = {row_of(1, 1, 1), row_of(2, 2, 1), row_of(3, 3, 1),
				    row_of(4, 4, 1)};
	struct duid duid = duid_of(1);
	const struct lease_client *client;
	const char *why;
	size_t n = 0;

	(void)state;
	rows[0].mac_source = rows[1].mac_source = rows[2].mac_source = LEASE_MAC_FRAME;
	rows[0].mac[5] = rows[2].mac[5] = 1;
	rows[1].mac[5] = 2;
	for (size_t i = 0; i < 4; i++)
		assert_true(lease_load(w.table, &rows[i], UNIX_OFF, MTIME_NEVER, &why));
	for (client = lease_client_find(w.table, w.network, &duid); client;
	     client = lease_client_next(w.table, client)) {
		assert_int_equal(client->mac_source, LEASE_MAC_FRAME);
		assert_true(client->leases >= 1 && client->leases <= 3);
		n++;
	}
	assert_int_equal(n, 2);
	check_lease_table(w.table);
	lease_table_free(w.table);
}

static void a_row_that_contradicts_is_refused(void **state)
{
	struct world w = new_world();
	struct lease_row good = row_of(1, 1, 1), row;
	const char *why = NULL;

	(void)state;
	assert_true(lease_load(w.table, &good, UNIX_OFF, MTIME_NEVER, &why));
#define REFUSED(change, expected)                                                     \
	do {                                                                          \
		row = row_of(2, 2, 2);                                                \
		change;                                                               \
		assert_false(lease_load(w.table, &row, UNIX_OFF, MTIME_NEVER, &why)); \
		assert_string_equal(why, expected);                                   \
	} while (0)
	REFUSED(row.addr = good.addr, "an earlier row holds the same address or prefix");
	REFUSED(row.rowid = 0, "its row id is out of range");
	REFUSED(row.duid.len = 2, "its DUID has no valid length");
	REFUSED(row.state = LEASE_OFFERED, "offers are not stored");
	REFUSED(row.plen = 64, "its length does not fit its kind");
	REFUSED(row.plen = 200, "its length does not fit its kind");
	REFUSED((row.kind = LEASE_PD, row.plen = 0), "its length does not fit its kind");
	REFUSED((row.kind = LEASE_PD, row.plen = 64), "its prefix has bits set past its length");
	REFUSED(row.addr.s6_addr[0] = 0xff, "its address is not one that can be leased");
	REFUSED(row.until = INT64_MAX - 1, "its times are out of range");
	REFUSED(row.duid.bytes[1] = DUID_EN,
		"its DUID does not hold the link-layer address it is said to hold");
#undef REFUSED
	assert_int_equal(lease_count(w.table, LEASE_ACTIVE), 1);
	check_lease_table(w.table);
	lease_table_free(w.table);
}

static void prefixes_that_overlap_are_not_loaded(void **state)
{
	struct world w = new_world();
	struct lease_row row = row_of(1, 0, 1);
	const char *why;

	(void)state;
	row.kind = LEASE_PD;
	row.plen = 56;
	assert_true(lease_load(w.table, &row, UNIX_OFF, MTIME_NEVER, &why));
	row.rowid = 2;
	row.plen = 60;
	assert_false(lease_load(w.table, &row, UNIX_OFF, MTIME_NEVER, &why));
	assert_string_equal(why, "its prefix overlaps that of an earlier row");
	lease_table_free(w.table);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(networks_are_told_apart_by_name),
		cmocka_unit_test(several_clients_can_have_one_duid),
		cmocka_unit_test(a_client_goes_with_its_last_lease),
		cmocka_unit_test(a_client_is_pending_until_its_change_is_stored),
		cmocka_unit_test(only_what_nobody_holds_is_available),
		cmocka_unit_test(prefixes_that_overlap_are_found),
		cmocka_unit_test(networks_do_not_share_addresses),
		cmocka_unit_test(the_oldest_offer_makes_room),
		cmocka_unit_test(what_was_remembered_comes_back_after_an_offer),
		cmocka_unit_test(a_lease_runs_out_is_remembered_and_forgotten),
		cmocka_unit_test(a_renewed_lease_does_not_run_out),
		cmocka_unit_test(no_more_than_asked_run_out_at_once),
		cmocka_unit_test(a_batch_has_one_row_a_lease_with_what_it_is_at_the_end),
		cmocka_unit_test(what_came_and_went_is_not_told),
		cmocka_unit_test(a_failed_batch_takes_the_open_one_with_it),
		cmocka_unit_test(the_rows_of_a_failed_batch_are_said_again),
		cmocka_unit_test(failing_for_long_does_not_pile_up),
		cmocka_unit_test(stored_times_become_ours),
		cmocka_unit_test(what_is_over_is_taken_in_and_runs_out),
		cmocka_unit_test(leases_are_stored_again_by_a_new_clock),
		cmocka_unit_test(cloned_machines_stay_apart),
		cmocka_unit_test(a_row_that_contradicts_is_refused),
		cmocka_unit_test(prefixes_that_overlap_are_not_loaded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

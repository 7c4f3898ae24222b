/* SPDX-License-Identifier: ISC */
/*
 * The batch pipeline with a store whose commits do what the test says: what waits for a commit,
 * what does not, and what becomes of both when a commit fails.
 */
#include "config.h"

#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <event2/event.h>

#include "base/mem.h"
#include "daemon/log.h"
#include "daemon/outbox.h"
#include "daemon/pipeline.h"

/* A store of which each commit waits until the test lets it go on, and then has a given end. */
struct fake {
	struct store base;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	int allowed; /* commits that may end */
	int status;  /* how they end */
	int begun;
	size_t rows;
};

static int fake_commit(struct store *base, const struct lease_row *rows, size_t n,
		       struct store_error *ret_error)
{
	struct fake *fake = (struct fake *)base;
	int status;

	(void)rows;
	pthread_mutex_lock(&fake->lock);
	fake->begun++;
	while (fake->allowed == 0)
		pthread_cond_wait(&fake->changed, &fake->lock);
	fake->allowed--;
	status = fake->status;
	if (status == 0)
		fake->rows += n;
	pthread_mutex_unlock(&fake->lock);
	snprintf(ret_error->text, sizeof(ret_error->text), "the test says so");
	return status;
}

static const struct store_ops fake_ops = {.scheme = "fake", .commit = fake_commit};

struct rig {
	struct event_base *base;
	struct fake fake;
	struct lease_table *table;
	struct pipeline *pipeline;
	struct fx *fx;
	uint32_t network;
	char sent[256]; /* the first octets of what was sent, in order */
	int busy;       /* the last word on it, -1: none */
	bool idle;
	int undone;         /* how often it was told */
	size_t undone_left; /* leases there were then */
};

static void on_send(void *arg, const struct fx_send *sends, size_t n)
{
	struct rig *rig = arg;
	size_t len = strlen(rig->sent);

	for (size_t i = 0; i < n; i++)
		rig->sent[len++] = (char)sends[i].data[0];
	rig->sent[len] = '\0';
}

static void on_busy(void *arg, bool busy)
{
	struct rig *rig = arg;

	rig->busy = busy;
}

static void on_idle(void *arg)
{
	struct rig *rig = arg;

	rig->idle = true;
}

static void on_undone(void *arg)
{
	struct rig *rig = arg;

	rig->undone++;
	rig->undone_left = lease_count(rig->table, LEASE_ACTIVE);
}

static int setup(void **state)
{
	static const struct siphash_key key = {{1}};
	struct rig *rig = mem_new(1, sizeof(*rig));

	log_set_level(LOG_LEVEL_ERROR);
	rig->busy = -1;
	rig->base = event_base_new();
	rig->fake.base.ops = &fake_ops;
	pthread_mutex_init(&rig->fake.lock, NULL);
	pthread_cond_init(&rig->fake.changed, NULL);
	rig->table = lease_table_new(&key);
	rig->network = lease_network(rig->table, "lan");
	rig->fx = fx_new(LOG_LEVEL_ERROR);
	rig->pipeline = pipeline_new(rig->base, rig->table, &rig->fake.base, on_send, on_busy, rig);
	assert_non_null(rig->pipeline);
	*state = rig;
	return 0;
}

static int teardown(void **state)
{
	struct rig *rig = *state;

	pthread_mutex_lock(&rig->fake.lock);
	rig->fake.allowed = 100;
	pthread_cond_signal(&rig->fake.changed);
	pthread_mutex_unlock(&rig->fake.lock);
	pipeline_free(rig->pipeline);
	lease_table_free(rig->table);
	event_base_free(rig->base);
	pthread_mutex_destroy(&rig->fake.lock);
	pthread_cond_destroy(&rig->fake.changed);
	free(rig->fx);
	free(rig);
	return 0;
}

/* Binds a lease to a client of its own. */
static void bind_lease(struct rig *rig, uint8_t number)
{
	const uint8_t mac[6] = {2, 0, 0, 0, 0, number};
	struct duid duid = duid_make_ll(mac);
	struct lease_grant grant = {.kind = LEASE_NA, .plen = 128, .preferred = 60, .valid = 120};

	grant.addr.s6_addr[0] = 0x20;
	grant.addr.s6_addr[15] = number;
	grant.client = lease_client_new(rig->table, rig->network, &duid, mac, LEASE_MAC_DUID);
	lease_bind(rig->table, &grant, 0);
}

/* One step that sends the octet, held or not. */
static void step(struct rig *rig, char octet, bool held)
{
	const struct fx_send how = {.held = held};
	size_t room;

	fx_clear(rig->fx, 0);
	fx_room(rig->fx, &room)[0] = (uint8_t)octet;
	fx_send(rig->fx, &how, 1);
	pipeline_take(rig->pipeline, rig->fx);
}

/* Lets a commit end with this status and waits for what the pipeline makes of it. */
static void end_commit(struct rig *rig, int status)
{
	pthread_mutex_lock(&rig->fake.lock);
	rig->fake.status = status;
	rig->fake.allowed++;
	pthread_cond_signal(&rig->fake.changed);
	pthread_mutex_unlock(&rig->fake.lock);
	event_base_loop(rig->base, EVLOOP_ONCE);
}

/* I6 */
static void a_reply_waits_for_its_commit(void **state)
{
	struct rig *rig = *state;

	bind_lease(rig, 1);
	step(rig, 'a', /* held= */ true);
	step(rig, 'b', /* held= */ false);
	pipeline_flush(rig->pipeline);
	assert_string_equal(rig->sent, "b");
	end_commit(rig, 0);
	assert_string_equal(rig->sent, "ba");
	assert_int_equal(rig->fake.rows, 1);
	assert_int_equal(pipeline_stats(rig->pipeline)->replies_held, 1);
}

static void what_comes_during_a_commit_is_the_next_batch(void **state)
{
	struct rig *rig = *state;

	bind_lease(rig, 1);
	step(rig, 'a', true);
	pipeline_flush(rig->pipeline);
	for (uint8_t i = 2; i < 10; i++) {
		bind_lease(rig, i);
		step(rig, (char)('a' + i), true);
		pipeline_flush(rig->pipeline);
	}
	assert_string_equal(rig->sent, "");
	end_commit(rig, 0);
	assert_string_equal(rig->sent, "a");
	end_commit(rig, 0);
	assert_string_equal(rig->sent, "acdefghij");
	assert_int_equal(pipeline_stats(rig->pipeline)->commits, 2);
	assert_int_equal(rig->fake.rows, 9);
}

/* A reply that changes nothing but must not overtake needs no transaction of its own. */
static void held_without_changes_follows_the_commit_under_way(void **state)
{
	struct rig *rig = *state;

	bind_lease(rig, 1);
	step(rig, 'a', true);
	pipeline_flush(rig->pipeline);
	step(rig, 'b', true);
	pipeline_flush(rig->pipeline);
	assert_string_equal(rig->sent, "");
	end_commit(rig, 0);
	assert_string_equal(rig->sent, "ab");
	assert_int_equal(rig->fake.begun, 1);
}

static void a_failed_commit_drops_its_replies_and_those_on_top(void **state)
{
	struct rig *rig = *state;

	bind_lease(rig, 1);
	step(rig, 'a', true);
	pipeline_flush(rig->pipeline);
	bind_lease(rig, 2);
	step(rig, 'b', true);
	pipeline_flush(rig->pipeline);
	end_commit(rig, -ENOSPC);
	assert_string_equal(rig->sent, "");
	assert_int_equal(lease_count(rig->table, LEASE_ACTIVE), 0);
	assert_int_equal(pipeline_stats(rig->pipeline)->replies_dropped, 2);
	/* The next attempt waits for the end of a pause; then it works again. */
	bind_lease(rig, 3);
	step(rig, 'c', true);
	pipeline_flush(rig->pipeline);
	assert_int_equal(rig->fake.begun, 1);
	event_base_loop(rig->base, EVLOOP_ONCE);
	end_commit(rig, 0);
	assert_string_equal(rig->sent, "c");
	assert_int_equal(lease_count(rig->table, LEASE_ACTIVE), 1);
}

/* Who waits for the next lease to end must look again: some came back, some have gone. */
static void an_undone_batch_is_told_once_it_is_undone(void **state)
{
	struct rig *rig = *state;

	pipeline_when_undone(rig->pipeline, on_undone, rig);
	bind_lease(rig, 1);
	pipeline_flush(rig->pipeline);
	end_commit(rig, 0);
	assert_int_equal(rig->undone, 0);
	bind_lease(rig, 2);
	pipeline_flush(rig->pipeline);
	end_commit(rig, -ENOSPC);
	assert_int_equal(rig->undone, 1);
	assert_int_equal(rig->undone_left, 1);
}

static void a_store_that_takes_its_time_makes_it_busy(void **state)
{
	static uint8_t large[60000];
	const struct fx_send how = {.held = true};
	struct rig *rig = *state;
	size_t room;

	bind_lease(rig, 1);
	step(rig, 'a', true);
	pipeline_flush(rig->pipeline);
	assert_int_equal(rig->busy, -1);
	/* 8 MiB of replies are all that is held. */
	for (int i = 0; i < 140; i++) {
		fx_clear(rig->fx, 0);
		memcpy(fx_room(rig->fx, &room), large, sizeof(large));
		fx_send(rig->fx, &how, sizeof(large));
		pipeline_take(rig->pipeline, rig->fx);
	}
	assert_int_equal(rig->busy, 1);
	end_commit(rig, 0);
	assert_int_equal(rig->busy, 0);
}

static void idle_is_told_when_all_is_stored(void **state)
{
	struct rig *rig = *state;

	bind_lease(rig, 1);
	step(rig, 'a', true);
	pipeline_when_idle(rig->pipeline, on_idle, rig);
	assert_false(rig->idle);
	end_commit(rig, 0);
	assert_true(rig->idle);
	assert_string_equal(rig->sent, "a");
}

static void an_outbox_keeps_order_and_octets(void **state)
{
	struct outbox box = {0};
	uint8_t octets[300];
	size_t n;

	(void)state;
	for (int round = 0; round < 3; round++) {
		for (size_t i = 0; i < 200; i++) {
			memset(octets, (int)i, sizeof(octets));
			outbox_add(&box, &(struct fx_send){.data = octets, .len = i});
		}
		const struct fx_send *sends = outbox_sends(&box, &n);

		assert_int_equal(n, 200);
		for (size_t i = 0; i < n; i++) {
			memset(octets, (int)i, sizeof(octets));
			assert_int_equal(sends[i].len, i);
			assert_memory_equal(sends[i].data, octets, i);
		}
		outbox_clear(&box);
	}
	outbox_sends(&box, &n);
	assert_int_equal(n, 0);
	outbox_free(&box);
}

static void an_outbox_drops_what_is_late(void **state)
{
	struct outbox box = {0};
	uint8_t octets[8];
	size_t n;

	(void)state;
	for (uint8_t i = 1; i <= 6; i++) {
		memset(octets, i, sizeof(octets));
		outbox_add(&box,
			   &(struct fx_send){.data = octets, .len = i, .late = i % 2 ? 10 * i : 0});
	}
	assert_int_equal(outbox_drop_late(&box, 10), 0);
	assert_int_equal(outbox_drop_late(&box, 31), 2);
	const struct fx_send *sends = outbox_sends(&box, &n);
	static const uint8_t left[] = {2, 4, 5, 6};

	assert_int_equal(n, sizeof(left));
	for (size_t i = 0; i < n; i++) {
		memset(octets, left[i], sizeof(octets));
		assert_int_equal(sends[i].len, left[i]);
		assert_memory_equal(sends[i].data, octets, left[i]);
	}
	outbox_free(&box);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(a_reply_waits_for_its_commit),
		TEST(what_comes_during_a_commit_is_the_next_batch),
		TEST(held_without_changes_follows_the_commit_under_way),
		TEST(a_failed_commit_drops_its_replies_and_those_on_top),
		TEST(an_undone_batch_is_told_once_it_is_undone),
		TEST(a_store_that_takes_its_time_makes_it_busy),
		TEST(idle_is_told_when_all_is_stored),
		cmocka_unit_test(an_outbox_keeps_order_and_octets),
		cmocka_unit_test(an_outbox_drops_what_is_late),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: ISC */
/*
 * Rows of the store and places of links go in, routes that should be come out.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "provision/provision_leases.h"

static const struct siphash_key key;

/* Two namespaces; what is where is set by tests. */
struct fixture {
	struct provision_plan *plans[2];
	struct provision_leases *leases;
	struct provision_place eth0, eth1, other; /* of "lan" and "lan", and all of "other" */
};

static void nothing(void *arg)
{
	(void)arg;
}

static struct provision_place place_of(void *arg, const char *network, const char *link)
{
	struct fixture *f = arg;

	if (strcmp(network, "other") == 0)
		return f->other;
	if (strcmp(network, "lan") != 0)
		return (struct provision_place){0};
	return strcmp(link, "eth0") == 0   ? f->eth0
	       : strcmp(link, "eth1") == 0 ? f->eth1
					   : (struct provision_place){.plan = f->plans[0]};
}

static int setup(void **state)
{
	struct fixture *f = mem_new(1, sizeof(*f));

	for (size_t i = 0; i < 2; i++)
		f->plans[i] = provision_plan_new(&key, nothing, NULL);
	f->leases = provision_leases_new(&key, place_of, f);
	f->eth0 = (struct provision_place){.plan = f->plans[0], .ifindex = 5};
	f->eth1 = (struct provision_place){.plan = f->plans[0], .ifindex = 6};
	f->other = (struct provision_place){.plan = f->plans[1], .ifindex = 5, .addresses = true};
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	provision_leases_free(f->leases);
	for (size_t i = 0; i < 2; i++)
		provision_plan_free(f->plans[i]);
	free(f);
	return 0;
}

static const struct lease_way by_eth0 = {.link = "eth0", .via.s6_addr = {0xfe, 0x80, [15] = 1}};
static const struct lease_way by_eth1 = {.link = "eth1", .via.s6_addr = {0xfe, 0x80, [15] = 2}};

static struct lease_row row_of(uint64_t rowid, const char *network, const char *prefix,
			       const struct lease_way *way)
{
	struct ip6_prefix parsed = {.len = 0};

	assert_true(ip6_prefix_parse(prefix, &parsed, NULL));
	return (struct lease_row){
		.op = LEASE_ROW_PUT,
		.kind = parsed.len == 128 ? LEASE_NA : LEASE_PD,
		.state = LEASE_ACTIVE,
		.rowid = rowid,
		.network = network,
		.addr = parsed.addr,
		.plen = parsed.len,
		.way = way,
	};
}

/* The next thing to do in a plan, as text; carried out. */
static void expect(struct provision_plan *plan, const char *expected)
{
	static const char *const verbs[] = {"add ", "replace ", "remove "};
	struct ip6_route_op op;
	struct text text;
	char buf[160];

	text_init(&text, buf, sizeof(buf));
	if (provision_plan_next(plan, 0, &op)) {
		text_put_str(&text, verbs[op.what]);
		text_put_ip6_prefix(&text, &op.route.to);
		text_put_str(&text, " via ");
		text_put_ip6(&text, &op.route.hop.via);
		text_put_char(&text, '%');
		text_put_u64(&text, op.route.hop.ifindex);
		assert_int_equal(op.route.metric, PROVISION_METRIC_LEASE);
		provision_plan_done(plan, op.id, 0, 0);
	}
	assert_string_equal(buf, expected);
}

/* rows: P8 */
static void a_delegated_prefix_is_routed_while_it_is_held(void **state)
{
	static const enum lease_state ends[] = {LEASE_RELEASED, LEASE_EXPIRED, LEASE_DECLINED};
	struct fixture *f = *state;
	struct lease_row row = row_of(1, "lan", "2001:db8:100::/56", &by_eth0);

	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		row.state = LEASE_ACTIVE;
		provision_leases_row(f->leases, &row);
		expect(f->plans[0], "add 2001:db8:100::/56 via fe80::1%5");
		/* A renewal changes nothing. */
		provision_leases_row(f->leases, &row);
		expect(f->plans[0], "");
		row.state = ends[i];
		provision_leases_row(f->leases, &row);
		expect(f->plans[0], "remove 2001:db8:100::/56 via fe80::1%5");
		provision_leases_row(f->leases, &row);
		expect(f->plans[0], "");
	}
	row.state = LEASE_ACTIVE;
	provision_leases_row(f->leases, &row);
	expect(f->plans[0], "add 2001:db8:100::/56 via fe80::1%5");
	provision_leases_row(f->leases, &(struct lease_row){.op = LEASE_ROW_DELETE, .rowid = 1});
	expect(f->plans[0], "remove 2001:db8:100::/56 via fe80::1%5");
	provision_leases_row(f->leases, &(struct lease_row){.op = LEASE_ROW_DELETE, .rowid = 1});
	expect(f->plans[0], "");
	assert_int_equal(provision_leases_count(f->leases), 0);
}

/* rows: P8 H7 */
static void a_client_that_moves_takes_its_route_along(void **state)
{
	struct fixture *f = *state;
	struct lease_row row = row_of(1, "lan", "2001:db8:100::/56", &by_eth0);

	provision_leases_row(f->leases, &row);
	expect(f->plans[0], "add 2001:db8:100::/56 via fe80::1%5");
	row.way = &by_eth1;
	provision_leases_row(f->leases, &row);
	expect(f->plans[0], "replace 2001:db8:100::/56 via fe80::2%6");
	/* Its former link no longer matters; behind a relay it has none. */
	f->eth0.ifindex = 50;
	provision_leases_look_at(f->leases, "lan", "eth0");
	expect(f->plans[0], "");
	row.way = NULL;
	provision_leases_row(f->leases, &row);
	expect(f->plans[0], "remove 2001:db8:100::/56 via fe80::2%6");
}

/* rows: H6 */
static void addresses_are_routed_where_that_is_wanted(void **state)
{
	struct fixture *f = *state;
	struct lease_row here = row_of(1, "lan", "2001:db8:1::10/128", &by_eth0);
	struct lease_row there = row_of(2, "other", "2001:db8:1::10/128", &by_eth0);
	struct lease_row made = row_of(3, "other", "2001:db8:1::11/128", &by_eth0);

	made.kind = LEASE_REG;
	provision_leases_row(f->leases, &here);
	provision_leases_row(f->leases, &there);
	provision_leases_row(f->leases, &made);
	expect(f->plans[0], "");
	expect(f->plans[1], "add 2001:db8:1::10/128 via fe80::1%5");
	expect(f->plans[1], "");
	/* The configuration changes. */
	f->eth0.addresses = true;
	f->other.addresses = false;
	provision_leases_look(f->leases);
	expect(f->plans[0], "add 2001:db8:1::10/128 via fe80::1%5");
	expect(f->plans[1], "remove 2001:db8:1::10/128 via fe80::1%5");
}

/* rows: P8 */
static void an_interface_that_comes_back_has_its_routes(void **state)
{
	struct fixture *f = *state;
	struct lease_row rows[] = {
		row_of(1, "lan", "2001:db8:100::/56", &by_eth0),
		row_of(2, "lan", "2001:db8:101::/56", &by_eth1),
		row_of(3, "lan", "2001:db8:102::/56", &by_eth0),
	};

	f->eth0.ifindex = 0;
	for (size_t i = 0; i < 3; i++)
		provision_leases_row(f->leases, &rows[i]);
	expect(f->plans[0], "add 2001:db8:101::/56 via fe80::2%6");
	expect(f->plans[0], "");
	f->eth0.ifindex = 9;
	provision_leases_look_at(f->leases, "lan", "eth0");
	expect(f->plans[0], "add 2001:db8:102::/56 via fe80::1%9");
	expect(f->plans[0], "add 2001:db8:100::/56 via fe80::1%9");
	expect(f->plans[0], "");
	/* It is gone: what the kernel has of it goes by itself. */
	f->eth0.ifindex = 0;
	provision_leases_look_at(f->leases, "lan", "eth0");
	expect(f->plans[0], "");
	provision_leases_look_at(f->leases, "nowhere", "eth0");
}

static void a_network_that_goes_takes_its_routes_along(void **state)
{
	struct fixture *f = *state;
	struct lease_row row = row_of(1, "lan", "2001:db8:100::/56", &by_eth0);

	provision_leases_row(f->leases, &row);
	expect(f->plans[0], "add 2001:db8:100::/56 via fe80::1%5");
	f->eth0.plan = NULL;
	provision_leases_look(f->leases);
	expect(f->plans[0], "remove 2001:db8:100::/56 via fe80::1%5");
	/* Its namespace comes back as another one. */
	f->eth0.plan = f->plans[1];
	provision_leases_look(f->leases);
	expect(f->plans[0], "");
	expect(f->plans[1], "add 2001:db8:100::/56 via fe80::1%5");
}

static void the_number_of_a_row_may_come_back_for_another(void **state)
{
	struct fixture *f = *state;
	struct lease_row row = row_of(1, "lan", "2001:db8:100::/56", &by_eth0);
	struct lease_row next = row_of(1, "lan", "2001:db8:101::/56", &by_eth0);

	provision_leases_row(f->leases, &row);
	expect(f->plans[0], "add 2001:db8:100::/56 via fe80::1%5");
	provision_leases_row(f->leases, &next);
	expect(f->plans[0], "remove 2001:db8:100::/56 via fe80::1%5");
	expect(f->plans[0], "add 2001:db8:101::/56 via fe80::1%5");
	assert_int_equal(provision_leases_count(f->leases), 1);
}

/* The prefix has a new holder in the batch in which the former one is forgotten. */
static void a_prefix_that_changes_hands_keeps_a_route(void **state)
{
	struct fixture *f = *state;
	struct lease_row row = row_of(1, "lan", "2001:db8:100::/56", &by_eth0);
	struct lease_row next = row_of(2, "lan", "2001:db8:100::/56", &by_eth1);

	provision_leases_row(f->leases, &row);
	expect(f->plans[0], "add 2001:db8:100::/56 via fe80::1%5");
	provision_leases_row(f->leases, &next);
	provision_leases_row(f->leases, &(struct lease_row){.op = LEASE_ROW_DELETE, .rowid = 1});
	expect(f->plans[0], "replace 2001:db8:100::/56 via fe80::2%6");
	expect(f->plans[0], "");
}

/* Many, so that what finds them grows; all go again. */
static void many_leases_on_many_links(void **state)
{
	enum { N = 5000 };
	struct fixture *f = *state;
	struct ip6_route_op op;
	size_t n = 0;

	for (int round = 0; round < 3; round++) {
		for (unsigned int i = 0; i < N; i++) {
			struct lease_way way = {.link = "tap", .via = by_eth0.via};
			struct lease_row row = row_of(i + 1, "other", "2001:db8::/64", &way);

			row.addr = ip6_add(&row.addr, i, 64);
			for (unsigned int k = 0, v = i % 700; k < 3; k++, v /= 10)
				way.link[3 + k] = (char)('0' + v % 10);
			if (round == 2)
				row = (struct lease_row){.op = LEASE_ROW_DELETE, .rowid = i + 1};
			provision_leases_row(f->leases, &row);
		}
		for (n = 0; provision_plan_next(f->plans[1], 0, &op); n++)
			provision_plan_done(f->plans[1], op.id, 0, 0);
		assert_int_equal(n, round == 1 ? 0 : N);
		assert_int_equal(provision_leases_count(f->leases), round == 2 ? 0 : N);
	}
	assert_int_equal(provision_plan_counts(f->plans[1])->present, 0);
}

/* What finds places and routes is hashed by siphash(), which the linker leads here. */
static unsigned int hashes;

uint64_t __real_siphash(const struct siphash_key *with, const void *data, size_t len);
uint64_t __wrap_siphash(const struct siphash_key *with, const void *data, size_t len);

uint64_t __wrap_siphash(const struct siphash_key *with, const void *data, size_t len)
{
	hashes++;
	return __real_siphash(with, data, len);
}

/* Everybody waits for a step: it hashes its own place and route, and a bucket's worth of others. */
static void leases_and_places_grow_in_small_steps(void **state)
{
	enum { N = 50000, STEP_HASHES_MAX = 64 };
	struct fixture *f = *state;
	struct lease_way way = {.link = "t00000", .via = by_eth0.via};
	struct lease_row row = row_of(1, "other", "2001:db8::/64", &way);
	unsigned int most = 0;

	for (unsigned int i = 0; i < N; i++) {
		for (unsigned int k = 0, v = i; k < 5; k++, v /= 10)
			way.link[1 + k] = (char)('0' + v % 10);
		row.rowid = i + 1;
		row.addr = ip6_add(&row.addr, 1, 64);
		hashes = 0;
		provision_leases_row(f->leases, &row);
		most = hashes > most ? hashes : most;
	}
	assert_in_range(most, 8, STEP_HASHES_MAX);
	assert_int_equal(provision_leases_count(f->leases), N);
	assert_int_equal(provision_plan_counts(f->plans[1])->wanted, N);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_delegated_prefix_is_routed_while_it_is_held),
		TEST(a_client_that_moves_takes_its_route_along),
		TEST(addresses_are_routed_where_that_is_wanted),
		TEST(an_interface_that_comes_back_has_its_routes),
		TEST(a_network_that_goes_takes_its_routes_along),
		TEST(the_number_of_a_row_may_come_back_for_another),
		TEST(a_prefix_that_changes_hands_keeps_a_route),
		TEST(many_leases_on_many_links),
		TEST(leases_and_places_grow_in_small_steps),
	};

	return cmocka_run_group_tests_name("provision_leases", tests, NULL, NULL);
}

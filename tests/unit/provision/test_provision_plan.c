/* SPDX-License-Identifier: ISC */
/*
 * The plan: what should be against what is, with time as numbers.
 */
#include "config.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/rng.h"
#include "provision/provision_plan.h"

static const struct siphash_key key;

struct fixture {
	struct provision_plan *plan;
	size_t todo;
};

static void count_todo(void *arg)
{
	struct fixture *fixture = arg;

	fixture->todo++;
}

static int setup(void **state)
{
	struct fixture *fixture = mem_new(1, sizeof(*fixture));

	fixture->plan = provision_plan_new(&key, count_todo, fixture);
	*state = fixture;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *fixture = *state;

	provision_plan_free(fixture->plan);
	free(fixture);
	return 0;
}

static struct provision_plan *plan_of(void **state)
{
	struct fixture *fixture = *state;

	return fixture->plan;
}

/* A /56 by the n-th neighbour of an interface. */
static struct ip6_route route_to(unsigned int number, uint8_t via, unsigned int ifindex)
{
	struct ip6_route route = {.metric = 1024, .hop.ifindex = ifindex};

	assert_true(ip6_prefix_parse("2001:db8::/56", &route.to, NULL));
	route.to.addr = ip6_add(&route.to.addr, number, 72);
	assert_true(ip6_parse("fe80::", &route.hop.via));
	route.hop.via.s6_addr[15] = via;
	return route;
}

static struct ip6_route nowhere(unsigned int number)
{
	struct ip6_route route = route_to(number, 0, 0);

	route.metric = 0x7fffffff;
	route.hop = (struct ip6_hop){.unreachable = true};
	return route;
}

static void assert_route(const struct ip6_route *a, const struct ip6_route *b)
{
	assert_true(ip6_prefix_equal(&a->to, &b->to));
	assert_int_equal(a->metric, b->metric);
	assert_int_equal(a->hop.unreachable, b->hop.unreachable);
	assert_int_equal(a->hop.ifindex, b->hop.ifindex);
	assert_true(ip6_equal(&a->hop.via, &b->hop.via));
}

/* The next thing to do is this, and it ends with `error`. */
static enum provision_result expect(struct provision_plan *plan, mtime now, enum ip6_route_do what,
				    const struct ip6_route *route, int error)
{
	struct ip6_route_op op;

	assert_true(provision_plan_next(plan, now, &op));
	assert_int_equal(op.what, what);
	assert_route(&op.route, route);
	return provision_plan_done(plan, op.id, error, now);
}

static void expect_nothing(struct provision_plan *plan, mtime now)
{
	struct ip6_route_op op;

	assert_false(provision_plan_next(plan, now, &op));
}

/* rows: P8 H6 */
static void what_is_wanted_is_added_once_and_removed(void **state)
{
	struct provision_plan *plan = plan_of(state);
	struct fixture *fixture = *state;
	struct ip6_route route = route_to(1, 1, 7);

	expect_nothing(plan, 0);
	provision_plan_want(plan, 1, &route);
	assert_int_equal(fixture->todo, 1);
	provision_plan_want(plan, 1, &route);
	assert_int_equal(expect(plan, 0, IP6_ROUTE_ADD, &route, 0), PROVISION_DONE);
	expect_nothing(plan, 0);
	provision_plan_want(plan, 1, &route);
	provision_plan_see(plan, &route);
	expect_nothing(plan, 0);
	provision_plan_unwant(plan, 1, &route.to, route.metric);
	expect(plan, 0, IP6_ROUTE_REMOVE, &route, 0);
	expect_nothing(plan, 0);
	assert_int_equal(provision_plan_counts(plan)->present, 0);
	assert_int_equal(provision_plan_counts(plan)->added, 1);
	assert_int_equal(provision_plan_counts(plan)->removed, 1);
	assert_true(provision_plan_wake(plan) == MTIME_NEVER);
}

/* What comes and goes before its turn costs nothing. */
static void changes_that_cancel_each_other_are_not_made(void **state)
{
	struct provision_plan *plan = plan_of(state);
	struct ip6_route route = route_to(1, 1, 7), other = route_to(2, 2, 7);

	provision_plan_want(plan, 1, &route);
	provision_plan_want(plan, 2, &other);
	provision_plan_unwant(plan, 1, &route.to, route.metric);
	expect(plan, 0, IP6_ROUTE_ADD, &other, 0);
	expect_nothing(plan, 0);
	provision_plan_unwant(plan, 2, &other.to, other.metric);
	provision_plan_want(plan, 2, &other);
	expect_nothing(plan, 0);
}

/* rows: P8 H7 */
static void another_way_replaces_the_first(void **state)
{
	struct provision_plan *plan = plan_of(state);
	struct ip6_route route = route_to(1, 1, 7), moved = route_to(1, 9, 8);

	provision_plan_want(plan, 1, &route);
	expect(plan, 0, IP6_ROUTE_ADD, &route, 0);
	provision_plan_want(plan, 1, &moved);
	expect(plan, 0, IP6_ROUTE_REPLACE, &moved, 0);
	/* The kernel's word on the first comes late. */
	provision_plan_lose(plan, &route, 0);
	expect_nothing(plan, 5000);
	assert_int_equal(provision_plan_counts(plan)->moved, 1);
	/* Moved while a change is under way: again when that is done. */
	struct ip6_route_op op;

	provision_plan_want(plan, 1, &route);
	assert_true(provision_plan_next(plan, 0, &op));
	provision_plan_want(plan, 1, &moved);
	expect_nothing(plan, 0);
	provision_plan_done(plan, op.id, 0, 0);
	expect(plan, 0, IP6_ROUTE_REPLACE, &moved, 0);
	expect_nothing(plan, 0);
}

static void who_no_longer_owns_a_route_cannot_end_it(void **state)
{
	struct provision_plan *plan = plan_of(state);
	struct ip6_route route = route_to(1, 1, 7), next = route_to(1, 2, 7);

	provision_plan_want(plan, 1, &route);
	expect(plan, 0, IP6_ROUTE_ADD, &route, 0);
	provision_plan_want(plan, 2, &next);
	provision_plan_unwant(plan, 1, &route.to, route.metric);
	expect(plan, 0, IP6_ROUTE_REPLACE, &next, 0);
	provision_plan_unwant(plan, 2, &route.to, route.metric);
	expect(plan, 0, IP6_ROUTE_REMOVE, &next, 0);
}

/* rows: H8 */
static void a_listing_shows_what_is_stale_and_what_is_missing(void **state)
{
	struct provision_plan *plan = plan_of(state);
	struct ip6_route stale = route_to(1, 1, 7), right = route_to(2, 2, 7),
			 missing = route_to(3, 3, 7), wrong = route_to(4, 4, 7),
			 wanted = route_to(4, 5, 7);

	provision_plan_list_begin(plan);
	provision_plan_want(plan, 2, &right);
	provision_plan_want(plan, 3, &missing);
	provision_plan_want(plan, 4, &wanted);
	provision_plan_see(plan, &stale);
	provision_plan_see(plan, &right);
	provision_plan_see(plan, &wrong);
	/* Nothing is done before all is known. */
	expect_nothing(plan, 0);
	provision_plan_list_end(plan);
	expect(plan, 0, IP6_ROUTE_ADD, &missing, 0);
	expect(plan, 0, IP6_ROUTE_REPLACE, &wanted, 0);
	expect(plan, 0, IP6_ROUTE_REMOVE, &stale, 0);
	expect_nothing(plan, 0);
	/* What a later listing does not show was lost. */
	provision_plan_list_begin(plan);
	provision_plan_see(plan, &right);
	provision_plan_see(plan, &wanted);
	provision_plan_list_end(plan);
	expect(plan, 0, IP6_ROUTE_ADD, &missing, 0);
	expect_nothing(plan, 0);
	assert_int_equal(provision_plan_counts(plan)->present, 3);
}

/* An interface that is away: what there is stays, and what is missing waits for it. */
static void what_cannot_be_made_is_left_alone(void **state)
{
	struct provision_plan *plan = plan_of(state);
	struct ip6_route kept = route_to(1, 1, 7), away = route_to(1, 1, 0),
			 other = route_to(2, 2, 0), back = route_to(2, 2, 9);

	provision_plan_list_begin(plan);
	provision_plan_want(plan, 1, &away);
	provision_plan_want(plan, 2, &other);
	provision_plan_see(plan, &kept);
	provision_plan_list_end(plan);
	expect_nothing(plan, 0);
	provision_plan_want(plan, 2, &back);
	expect(plan, 0, IP6_ROUTE_ADD, &back, 0);
	/* The kernel takes routes with the interface. */
	provision_plan_lose(plan, &back, 0);
	provision_plan_want(plan, 2, &other);
	expect_nothing(plan, 5000);
	assert_int_equal(provision_plan_counts(plan)->failing, 0);
}

static void what_was_taken_away_is_made_again_a_moment_later(void **state)
{
	struct provision_plan *plan = plan_of(state);
	struct ip6_route route = route_to(1, 1, 7);

	provision_plan_want(plan, 1, &route);
	expect(plan, 0, IP6_ROUTE_ADD, &route, 0);
	provision_plan_lose(plan, &route, 100);
	expect_nothing(plan, 100);
	assert_true(provision_plan_wake(plan) == 1100);
	expect_nothing(plan, 1099);
	expect(plan, 1100, IP6_ROUTE_ADD, &route, 0);
	assert_true(provision_plan_wake(plan) == MTIME_NEVER);
	/* An interface that is back does not wait. */
	provision_plan_lose(plan, &route, 2000);
	struct ip6_route again = route_to(1, 1, 8);

	provision_plan_want(plan, 1, &again);
	expect(plan, provision_plan_wake(plan) < 2000 ? 2000 : provision_plan_wake(plan),
	       IP6_ROUTE_ADD, &again, 0);
}

static void failures_are_tried_again_less_and_less_often(void **state)
{
	struct provision_plan *plan = plan_of(state);
	struct ip6_route route = route_to(1, 1, 7), other = route_to(1, 2, 7);
	mtime now = 0, wait = 1000;

	provision_plan_want(plan, 1, &route);
	assert_int_equal(expect(plan, now, IP6_ROUTE_ADD, &route, ENETDOWN), PROVISION_FAILED);
	for (int i = 0; i < 10; i++) {
		assert_true(provision_plan_wake(plan) == now + wait);
		expect_nothing(plan, now + wait - 1);
		now += wait;
		wait = wait < 64000 ? wait * 2 : wait;
		assert_int_equal(expect(plan, now, IP6_ROUTE_ADD, &route, ENETDOWN),
				 PROVISION_FAILED);
		assert_int_equal(provision_plan_counts(plan)->failing, 1);
	}
	/* Another way is tried at once. */
	provision_plan_want(plan, 1, &other);
	assert_int_equal(provision_plan_counts(plan)->failing, 0);
	assert_true(provision_plan_wake(plan) != MTIME_NEVER);
	expect(plan, provision_plan_wake(plan), IP6_ROUTE_ADD, &other, 0);
	assert_int_equal(provision_plan_counts(plan)->failures, 11);
}

/* rows: H8 */
static void a_route_of_somebody_else_is_never_replaced(void **state)
{
	struct provision_plan *plan = plan_of(state);
	struct ip6_route route = route_to(1, 1, 7);

	provision_plan_want(plan, 1, &route);
	assert_int_equal(expect(plan, 0, IP6_ROUTE_ADD, &route, EEXIST), PROVISION_DOUBTFUL);
	assert_int_equal(expect(plan, 1000, IP6_ROUTE_ADD, &route, EEXIST), PROVISION_FAILED);
	/* It was ours after all. */
	provision_plan_see(plan, &route);
	assert_int_equal(provision_plan_counts(plan)->failing, 0);
	expect_nothing(plan, 1000000);
	assert_true(provision_plan_wake(plan) == MTIME_NEVER);
}

static void to_remove_what_is_gone_is_done(void **state)
{
	struct provision_plan *plan = plan_of(state);
	struct ip6_route route = route_to(1, 1, 7);

	provision_plan_see(plan, &route);
	assert_int_equal(expect(plan, 0, IP6_ROUTE_REMOVE, &route, ESRCH), PROVISION_DONE);
	expect_nothing(plan, 100000);
	provision_plan_see(plan, &route);
	assert_int_equal(expect(plan, 0, IP6_ROUTE_REMOVE, &route, EPERM), PROVISION_FAILED);
	expect_nothing(plan, 999);
	assert_int_equal(expect(plan, 1000, IP6_ROUTE_REMOVE, &route, 0), PROVISION_DONE);
}

/* rows: P9 */
static void the_rest_stands_beside_a_lease_of_all_of_it(void **state)
{
	struct provision_plan *plan = plan_of(state);
	struct ip6_route rest = nowhere(1), route = route_to(1, 1, 7);

	provision_plan_want(plan, 0, &rest);
	provision_plan_want(plan, 1, &route);
	expect(plan, 0, IP6_ROUTE_ADD, &rest, 0);
	expect(plan, 0, IP6_ROUTE_ADD, &route, 0);
	provision_plan_unwant(plan, 0, &rest.to, rest.metric);
	expect(plan, 0, IP6_ROUTE_REMOVE, &rest, 0);
	expect_nothing(plan, 0);
	assert_int_equal(provision_plan_counts(plan)->present, 1);
}

/* rows: H14 */
static void what_is_kept_is_what_there_is_until_somebody_wants_it(void **state)
{
	struct provision_plan *plan = plan_of(state);
	struct ip6_route there = route_to(1, 1, 7), kept = route_to(1, 0, 0),
			 wanted = route_to(1, 2, 7);

	provision_plan_see(plan, &there);
	provision_plan_keep(plan, 0, &kept);
	expect_nothing(plan, 0);
	provision_plan_want(plan, 5, &wanted);
	provision_plan_keep(plan, 0, &kept);
	expect(plan, 0, IP6_ROUTE_REPLACE, &wanted, 0);
	/* Who keeps cannot end what another wants. */
	provision_plan_unwant(plan, 0, &kept.to, kept.metric);
	provision_plan_keep(plan, 0, &kept);
	expect_nothing(plan, 0);
	provision_plan_unwant(plan, 5, &kept.to, kept.metric);
	provision_plan_keep(plan, 0, &kept);
	expect_nothing(plan, 0);
	provision_plan_unwant(plan, 0, &kept.to, kept.metric);
	expect(plan, 0, IP6_ROUTE_REMOVE, &wanted, 0);
}

/* --- against a model ------------------------------------------------------------------------ */

enum { PREFIXES = 24, STEPS = 60000 };

/* A kernel that fails now and then, loses routes, and is not always told of what happened. */
struct kernel {
	struct ip6_hop hops[PREFIXES];
	bool has[PREFIXES];
};

static unsigned int number_of(const struct ip6_route *route)
{
	return route->to.addr.s6_addr[6];
}

static int carry_out(struct kernel *kernel, const struct ip6_route_op *op)
{
	unsigned int n = number_of(&op->route);

	switch (op->what) {
	case IP6_ROUTE_ADD:
		if (kernel->has[n])
			return EEXIST;
		break;
	case IP6_ROUTE_REPLACE:
		break;
	case IP6_ROUTE_REMOVE:
		if (!kernel->has[n])
			return ESRCH;
		kernel->has[n] = false;
		return 0;
	}
	kernel->has[n] = true;
	kernel->hops[n] = op->route.hop;
	return 0;
}

static void list(struct provision_plan *plan, const struct kernel *kernel)
{
	provision_plan_list_begin(plan);
	for (unsigned int n = 0; n < PREFIXES; n++) {
		struct ip6_route route = route_to(n, 0, 0);

		route.hop = kernel->hops[n];
		if (kernel->has[n])
			provision_plan_see(plan, &route);
	}
	provision_plan_list_end(plan);
}

/* Whatever happened: after a listing and enough time, what is wanted is what there is. */
static void in_the_end_it_is_as_wanted(void **state)
{
	struct provision_plan *plan = plan_of(state);
	struct ip6_route want[PREFIXES];
	bool wanted[PREFIXES] = {false};
	struct kernel kernel = {.has = {false}};
	struct ip6_route_op op;
	struct rng rng;
	mtime now = 0;

	rng_seed(&rng, 7);
	for (int step = 0; step < STEPS; step++) {
		uint64_t what = rng_u64(&rng);
		unsigned int n = (unsigned int)(what >> 8) % PREFIXES;

		now += (mtime)(what >> 32) % 200;
		switch (what % 8) {
		case 0:
		case 1:
			want[n] = route_to(n, (uint8_t)(what >> 16) % 4,
					   (unsigned int)(what >> 24) % 3);
			provision_plan_want(plan, n, &want[n]);
			wanted[n] = true;
			break;
		case 2:
			want[n] = route_to(n, 0, 0);
			provision_plan_unwant(plan, n, &want[n].to, 1024);
			wanted[n] = false;
			break;
		case 3: /* taken away, which is told or not */
			if (kernel.has[n] && what & 0x10000)
				provision_plan_lose(plan,
						    &(struct ip6_route){route_to(n, 0, 0).to, 1024,
									kernel.hops[n]},
						    now);
			kernel.has[n] = false;
			break;
		default:
			if (provision_plan_next(plan, now, &op))
				provision_plan_done(
					plan, op.id,
					what & 0x70000 ? carry_out(&kernel, &op) : ENOBUFS, now);
		}
		if (step % 1000 != 999)
			continue;
		list(plan, &kernel);
		for (int i = 0; i < 1000; i++) {
			now += 100;
			while (provision_plan_next(plan, now, &op))
				provision_plan_done(plan, op.id, carry_out(&kernel, &op), now);
		}
		size_t present = 0;

		for (n = 0; n < PREFIXES; n++) {
			present += kernel.has[n];
			if (!wanted[n])
				assert_false(kernel.has[n]);
			else if (want[n].hop.ifindex)
				assert_true(kernel.has[n] &&
					    kernel.hops[n].ifindex == want[n].hop.ifindex &&
					    ip6_equal(&kernel.hops[n].via, &want[n].hop.via));
		}
		assert_int_equal(provision_plan_counts(plan)->present, present);
		assert_int_equal(provision_plan_counts(plan)->failing, 0);
	}
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_is_wanted_is_added_once_and_removed),
		TEST(changes_that_cancel_each_other_are_not_made),
		TEST(another_way_replaces_the_first),
		TEST(who_no_longer_owns_a_route_cannot_end_it),
		TEST(a_listing_shows_what_is_stale_and_what_is_missing),
		TEST(what_cannot_be_made_is_left_alone),
		TEST(what_was_taken_away_is_made_again_a_moment_later),
		TEST(failures_are_tried_again_less_and_less_often),
		TEST(a_route_of_somebody_else_is_never_replaced),
		TEST(to_remove_what_is_gone_is_done),
		TEST(the_rest_stands_beside_a_lease_of_all_of_it),
		TEST(what_is_kept_is_what_there_is_until_somebody_wants_it),
		TEST(in_the_end_it_is_as_wanted),
	};

	return cmocka_run_group_tests_name("provision_plan", tests, NULL, NULL);
}

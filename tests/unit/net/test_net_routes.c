/* SPDX-License-Identifier: ISC */
/*
 * Routes in a real kernel, and what is read of messages that no kernel sends. Needs the right to
 * make namespaces; 77 without.
 */
#include "config.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <cmocka.h>

#include "lab.h"
#include "net/net_ns.h"
#include "net/net_route_msg.h"
#include "net/net_routes.h"

enum { SEEN = 8 };

struct bench {
	struct lab lab; /* first: see lab_setup() */
	struct net_routes *routes;
	int errors[NET_ROUTES_BATCH]; /* by id; -1: not done */
	struct ip6_route there[SEEN], gone[SEEN];
	size_t n_there, n_gone, n_lost, n_listed;
	bool whole;
};

static void on_done(void *arg, const struct ip6_route_op *op, int error)
{
	struct bench *b = arg;

	assert_in_range(op->id, 0, NET_ROUTES_BATCH - 1);
	assert_int_equal(b->errors[op->id], -1);
	b->errors[op->id] = error;
}

static void on_there(void *arg, const struct ip6_route *route)
{
	struct bench *b = arg;

	b->there[b->n_there++ % SEEN] = *route;
}

static void on_gone(void *arg, const struct ip6_route *route)
{
	struct bench *b = arg;

	b->gone[b->n_gone++ % SEEN] = *route;
}

static void on_listed(void *arg, bool whole)
{
	struct bench *b = arg;

	b->n_listed++;
	b->whole = whole;
}

static void on_lost(void *arg)
{
	struct bench *b = arg;

	b->n_lost++;
}

static const struct net_routes_events events = {on_done, on_there, on_gone, on_listed, on_lost};

static int group_setup(void **state)
{
	return lab_setup(state, sizeof(struct bench));
}

static void forget(struct bench *b)
{
	b->n_there = b->n_gone = b->n_lost = b->n_listed = 0;
	memset(b->errors, 0xff, sizeof(b->errors));
}

static int setup(void **state)
{
	struct bench *b = *state;
	char why[NET_WHY_LEN] = "";

	assert_int_equal(net_routes_open(b->lab.ns, &b->routes, why, sizeof(why)), 0);
	forget(b);
	return 0;
}

static int teardown(void **state)
{
	struct bench *b = *state;

	net_routes_close(b->routes);
	lab_run("ip -6 route flush proto %d; ip -6 route flush proto static", NET_ROUTE_PROTOCOL);
	return 0;
}

/* To 2001:db8:N::/48 by fe80::VIA; without an interface unreachable. */
static struct ip6_route_op op_of(uint32_t id, enum ip6_route_do what, uint8_t number, uint8_t via,
				 unsigned int ifindex)
{
	struct ip6_route_op op = {
		.what = what,
		.id = id,
		.route = {.to = {.addr.s6_addr = {0x20, 1, 0x0d, 0xb8, 0, number}, .len = 48},
			  .metric = 1024,
			  .hop = {.unreachable = !ifindex, .ifindex = ifindex}}};

	if (ifindex)
		op.route.hop.via = (struct in6_addr){.s6_addr = {0xfe, 0x80, [15] = via}};
	return op;
}

/* Asks for one change; its error. */
static int change(struct bench *b, struct ip6_route_op op)
{
	op.id = 0;
	b->errors[0] = -1;
	assert_int_equal(net_routes_change(b->routes, &op, 1), 0);
	assert_true(net_routes_is_waiting(b->routes));
	assert_int_equal(net_routes_settle(b->routes, &events, b), 0);
	assert_false(net_routes_is_waiting(b->routes));
	return b->errors[0];
}

static void list(struct bench *b)
{
	forget(b);
	assert_int_equal(net_routes_list(b->routes), 0);
	assert_int_equal(net_routes_settle(b->routes, &events, b), 0);
	assert_int_equal(b->n_listed, 1);
}

static void assert_same(const struct ip6_route *a, const struct ip6_route *b)
{
	assert_true(ip6_prefix_equal(&a->to, &b->to));
	assert_int_equal(a->metric, b->metric);
	assert_int_equal(a->hop.unreachable, b->hop.unreachable);
	assert_int_equal(a->hop.ifindex, b->hop.ifindex);
	assert_true(ip6_equal(&a->hop.via, &b->hop.via));
}

/* rows: P8 P9 H6 */
static void routes_are_set_listed_moved_and_removed(void **state)
{
	struct bench *b = *state;
	struct ip6_route_op add = op_of(0, IP6_ROUTE_ADD, 1, 9, b->lab.near_if);
	struct ip6_route_op rest = op_of(0, IP6_ROUTE_ADD, 2, 0, 0);

	assert_int_equal(change(b, add), 0);
	rest.route.metric = 0x7fffffff;
	assert_int_equal(change(b, rest), 0);
	lab_run("ip -6 route show 2001:db8:1::/48 | grep -q 'via fe80::9 dev near0 proto %d "
		"metric 1024'",
		NET_ROUTE_PROTOCOL);
	lab_run("ip -6 route show 2001:db8:2::/48 | grep -q '^unreachable.*metric 2147483647'");
	list(b);
	assert_true(b->whole);
	assert_int_equal(b->n_there, 2);
	assert_same(&b->there[0], &add.route);
	assert_same(&b->there[1], &rest.route);
	/* Once more is refused; in its place is not. */
	assert_int_equal(change(b, add), EEXIST);
	struct ip6_route_op move = op_of(0, IP6_ROUTE_REPLACE, 1, 8, b->lab.near_if);

	assert_int_equal(change(b, move), 0);
	list(b);
	assert_int_equal(b->n_there, 2);
	assert_same(&b->there[0], &move.route);
	/* Exactly this one is removed. */
	add.what = move.what = IP6_ROUTE_REMOVE;
	assert_int_equal(change(b, add), ESRCH);
	assert_int_equal(change(b, move), 0);
	rest.what = IP6_ROUTE_REMOVE;
	assert_int_equal(change(b, rest), 0);
	list(b);
	assert_int_equal(b->n_there, 0);
}

/* rows: H8 */
static void routes_of_others_are_neither_seen_nor_changed(void **state)
{
	struct bench *b = *state;
	struct ip6_route_op op = op_of(0, IP6_ROUTE_ADD, 3, 9, b->lab.near_if);

	lab_run("ip -6 route add 2001:db8:3::/48 via fe80::7 dev near0 proto static");
	lab_run("ip -6 route add 2001:db8:4::/48 via fe80::7 dev near0 proto %d table 77",
		NET_ROUTE_PROTOCOL);
	list(b);
	assert_int_equal(b->n_there, 0);
	assert_int_equal(change(b, op), EEXIST);
	op.what = IP6_ROUTE_REMOVE;
	op.route.hop.via.s6_addr[15] = 7;
	assert_int_equal(change(b, op), ESRCH);
	lab_run("ip -6 route show 2001:db8:3::/48 | grep -q 'via fe80::7 dev near0 proto static'");
	assert_int_equal(net_routes_read(b->routes, &events, b), 0);
	assert_int_equal(b->n_there + b->n_gone, 0);
	lab_run("ip -6 route flush table 77");
}

/* rows: H8 */
static void a_hop_that_somebody_appends_is_not_ours(void **state)
{
	struct bench *b = *state;
	struct ip6_route_op op = op_of(0, IP6_ROUTE_ADD, 6, 9, b->lab.near_if);

	assert_int_equal(change(b, op), 0);
	lab_run("ip -6 route append 2001:db8:6::/48 via fe80::7 dev near0 proto static");
	list(b);
	assert_int_equal(b->n_there, 1);
	assert_same(&b->there[0], &op.route);
	op.what = IP6_ROUTE_REMOVE;
	assert_int_equal(change(b, op), 0);
	lab_run("ip -6 route show 2001:db8:6::/48 | grep -q 'via fe80::7 dev near0 proto static'");
}

/* One refusal in a batch is nobody else's. */
static void a_batch_is_answered_one_by_one(void **state)
{
	struct bench *b = *state;
	struct ip6_route_op ops[NET_ROUTES_BATCH];

	for (uint32_t i = 0; i < NET_ROUTES_BATCH; i++)
		ops[i] = op_of(i, IP6_ROUTE_ADD, (uint8_t)(i % 120), 9, b->lab.near_if);
	ops[5].route.hop.ifindex = 9999;
	assert_int_equal(net_routes_change(b->routes, ops, NET_ROUTES_BATCH), 0);
	assert_int_equal(net_routes_settle(b->routes, &events, b), 0);
	for (size_t i = 0; i < NET_ROUTES_BATCH; i++)
		assert_int_equal(b->errors[i], i == 5 ? ENODEV : i < 120 || i == 125 ? 0 : EEXIST);
}

static void what_happens_to_ours_is_heard(void **state)
{
	struct bench *b = *state;
	struct ip6_route_op op = op_of(0, IP6_ROUTE_ADD, 5, 9, b->lab.near_if);

	assert_int_equal(change(b, op), 0);
	forget(b);
	lab_run("ip -6 route del 2001:db8:5::/48");
	assert_true(lab_readable(net_routes_news_fd(b->routes), 5000));
	assert_int_equal(net_routes_read(b->routes, &events, b), 0);
	assert_int_equal(b->n_gone, 1);
	assert_same(&b->gone[0], &op.route);
	/* With its interface, too. */
	assert_int_equal(change(b, op), 0);
	forget(b);
	lab_run("ip link set near0 down");
	assert_true(lab_readable(net_routes_news_fd(b->routes), 5000));
	assert_int_equal(net_routes_read(b->routes, &events, b), 0);
	assert_int_equal(b->n_gone, 1);
	assert_true(change(b, op) != 0);
	lab_run("ip link set near0 up");
}

static void lost_news_and_lost_answers_are_told(void **state)
{
	struct bench *b = *state;
	struct ip6_route_op ops[NET_ROUTES_BATCH];
	const int small = 1;

	setsockopt(net_routes_news_fd(b->routes), SOL_SOCKET, SO_RCVBUF, &small, sizeof(small));
	setsockopt(net_routes_fd(b->routes), SOL_SOCKET, SO_RCVBUF, &small, sizeof(small));
	for (uint32_t i = 0; i < NET_ROUTES_BATCH; i++)
		ops[i] = op_of(i, IP6_ROUTE_ADD, (uint8_t)i, 9, b->lab.near_if);
	assert_int_equal(net_routes_change(b->routes, ops, NET_ROUTES_BATCH), 0);
	assert_int_equal(net_routes_settle(b->routes, &events, b), 0);
	assert_int_equal(b->n_lost, 2);
	/* Nothing is left open: what was not answered has failed. */
	assert_int_equal(b->errors[0], 0);
	assert_int_equal(b->errors[NET_ROUTES_BATCH - 1], ENOBUFS);
}

/* --- messages --------------------------------------------------------------------------------*/

/* The body of the message for an op. */
static size_t body_of(const struct ip6_route_op *op, uint8_t body[NET_ROUTE_MSG_MAX])
{
	uint8_t buf[NET_ROUTE_MSG_MAX];
	size_t len = net_route_msg_put(buf, op, 7);

	assert_in_range(len, NLMSG_HDRLEN, sizeof(buf));
	memcpy(body, buf + NLMSG_HDRLEN, len - NLMSG_HDRLEN);
	return len - NLMSG_HDRLEN;
}

static void what_is_written_is_read(void **state)
{
	struct ip6_route_op ops[] = {op_of(0, IP6_ROUTE_ADD, 1, 9, 0x01020304),
				     op_of(0, IP6_ROUTE_ADD, 1, 0, 0)};
	struct ip6_route route;
	uint8_t body[NET_ROUTE_MSG_MAX];

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		size_t len = body_of(&ops[i], body);

		assert_true(net_route_msg_get(body, len, &route));
		assert_same(&route, &ops[i].route);
		/* Cut anywhere, it is another route or none; nothing past its end is read. */
		for (size_t cut = 0; cut < len; cut++) {
			uint8_t *exact = malloc(cut ? cut : 1);

			assert_non_null(exact);
			memcpy(exact, body, cut);
			net_route_msg_get(exact, cut, &route);
			free(exact);
		}
	}
}

static void messages_that_are_none_of_ours_are_not_taken(void **state)
{
	static const struct {
		size_t at;
		uint8_t value;
	} changes[] = {
		{offsetof(struct rtmsg, rtm_family), AF_INET},
		{offsetof(struct rtmsg, rtm_protocol), RTPROT_STATIC},
		{offsetof(struct rtmsg, rtm_table), RT_TABLE_LOCAL},
		{offsetof(struct rtmsg, rtm_dst_len), 129},
		{sizeof(struct rtmsg), 3},   /* the length of the first attribute */
		{sizeof(struct rtmsg), 255}, /* likewise */
		{sizeof(struct rtmsg), 8},   /* likewise: too short for an address */
	};
	struct ip6_route_op op = op_of(0, IP6_ROUTE_ADD, 1, 9, 5);
	struct ip6_route route;
	uint8_t body[NET_ROUTE_MSG_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		size_t len = body_of(&op, body);

		body[changes[i].at] = changes[i].value;
		assert_false(net_route_msg_get(body, len, &route));
	}
}

int main(void)
{
#define OPENED(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_written_is_read),
		cmocka_unit_test(messages_that_are_none_of_ours_are_not_taken),
		OPENED(routes_are_set_listed_moved_and_removed),
		OPENED(routes_of_others_are_neither_seen_nor_changed),
		OPENED(a_hop_that_somebody_appends_is_not_ours),
		OPENED(a_batch_is_answered_one_by_one),
		OPENED(what_happens_to_ours_is_heard),
		OPENED(lost_news_and_lost_answers_are_told),
	};

	return cmocka_run_group_tests(tests, group_setup, lab_teardown);
}

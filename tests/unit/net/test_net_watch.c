/* SPDX-License-Identifier: ISC */
/*
 * The watch on real interfaces. Needs the right to make namespaces; 77 without.
 */
#include "config.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include <cmocka.h>

#include "base/ip6.h"
#include "lab.h"
#include "net/net_ns.h"
#include "net/net_watch.h"

struct bench {
	struct lab lab; /* first: see lab_setup() */
	struct net_watch *watch;
	unsigned int changed; /* of the interface near0, all that was told since the last wait */
	size_t n_new, n_gone;
};

static int group_setup(void **state)
{
	return lab_setup(state, sizeof(struct bench));
}

static void note(void *arg, const struct net_link *link, unsigned int changed)
{
	struct bench *b = arg;

	if (link->ifindex == b->lab.near_if)
		b->changed |= changed;
	b->n_new += (changed & NET_CHANGE_NEW) != 0;
	b->n_gone += (changed & NET_CHANGE_GONE) != 0;
}

static int setup(void **state)
{
	struct bench *b = *state;
	char why[NET_WHY_LEN] = "";

	assert_int_equal(net_watch_open(b->lab.ns, &b->watch, why, sizeof(why)), 0);
	b->n_new = b->n_gone = 0;
	assert_int_equal(net_watch_sync(b->watch, note, b), 0);
	return 0;
}

static int teardown(void **state)
{
	struct bench *b = *state;

	net_watch_close(b->watch);
	return 0;
}

/* Runs a command, and waits until all of `wanted` was told of near0. */
static void expect(struct bench *b, const char *command, unsigned int wanted)
{
	b->changed = 0;
	lab_run("%s", command);
	while ((b->changed & wanted) != wanted) {
		if (!lab_readable(net_watch_fd(b->watch), 15000))
			fail_msg("after \"%s\" only %#x was told", command, b->changed);
		assert_int_equal(net_watch_read(b->watch, note, b), 0);
	}
}

static void the_first_listing_tells_everything(void **state)
{
	const struct bench *b = *state;
	const struct net_link *link = net_watch_find(b->watch, b->lab.near_if);
	const struct net_link *lo = net_watch_find_name(b->watch, "lo");

	assert_true(b->n_new >= 2);
	assert_non_null(link);
	assert_non_null(lo);
	assert_string_equal(link->name, LAB_NEAR);
	assert_true(link->up);
	assert_true(link->multicast);
	assert_false(link->loopback);
	assert_true(lo->loopback);
	assert_int_equal(link->mtu, 1500);
	assert_int_equal(link->mac_len, 6);
	assert_true(link->has_link_local);
	assert_true(ip6_equal(&link->link_local, &b->lab.near_addr));
	assert_int_equal(link->n_addrs, 1);
}

static void each_kind_of_change_is_told(void **state)
{
	struct bench *b = *state;
	const struct net_link *link = net_watch_find(b->watch, b->lab.near_if);

	expect(b, "ip link set near0 mtu 1400", NET_CHANGE_MTU);
	assert_int_equal(link->mtu, 1400);
	expect(b, "ip addr add 2001:db8::1/64 dev near0 nodad", NET_CHANGE_ADDRS);
	assert_int_equal(link->n_addrs, 2);
	expect(b, "ip addr del 2001:db8::1/64 dev near0", NET_CHANGE_ADDRS);
	assert_int_equal(link->n_addrs, 1);
	expect(b, "ip link set near0 down", NET_CHANGE_UP | NET_CHANGE_LINK_LOCAL);
	assert_false(link->up);
	assert_false(link->has_link_local);
	expect(b, "ip link set near0 address 02:00:00:00:00:77", NET_CHANGE_MAC);
	assert_int_equal(link->mac[5], 0x77);
	expect(b, "ip link set near0 name wan0", NET_CHANGE_NAME);
	assert_non_null(net_watch_find_name(b->watch, "wan0"));
	expect(b, "ip link set wan0 name near0; ip link set near0 up",
	       NET_CHANGE_UP | NET_CHANGE_LINK_LOCAL);
	assert_true(link->up);
	assert_true(link->has_link_local);
}

/* S14 */
static void forwarding_is_followed(void **state)
{
	struct bench *b = *state;
	const struct net_link *link = net_watch_find(b->watch, b->lab.near_if);

	lab_run("sysctl -qw net.ipv6.conf.all.forwarding=0");
	net_watch_read(b->watch, note, b);
	assert_false(link->forwarding);
	expect(b, "sysctl -qw net.ipv6.conf.all.forwarding=1", NET_CHANGE_FORWARDING);
	assert_true(link->forwarding);
	expect(b, "sysctl -qw net.ipv6.conf.near0.forwarding=0", NET_CHANGE_FORWARDING);
	assert_false(link->forwarding);
	expect(b, "sysctl -qw net.ipv6.conf.near0.forwarding=1", NET_CHANGE_FORWARDING);
	expect(b, "sysctl -qw net.ipv6.conf.all.forwarding=0", NET_CHANGE_FORWARDING);
	assert_false(link->forwarding);
}

static void forwarding_is_known_from_the_first_listing(void **state)
{
	struct bench *b = *state;

	lab_run("sysctl -qw net.ipv6.conf.all.forwarding=1");
	teardown(state);
	setup(state);
	assert_true(net_watch_find(b->watch, b->lab.near_if)->forwarding);
	lab_run("sysctl -qw net.ipv6.conf.all.forwarding=0");
}

/* S2, on a link where duplicate detection takes its time. */
static void a_tentative_link_local_is_waited_for(void **state)
{
	struct bench *b = *state;

	/* Three seconds of it: on a busy machine one is over before it was seen. */
	lab_run("sysctl -qw net.ipv6.conf.near0.accept_dad=1 net.ipv6.conf.near0.dad_transmits=3");
	lab_run("ip link set near0 down; ip link set near0 up");
	lab_run("until ip -6 addr show dev near0 | grep -q tentative; do sleep 0.05; done");
	/* The kernel says nothing of a tentative address, but lists it. */
	teardown(state);
	setup(state);
	const struct net_link *link = net_watch_find(b->watch, b->lab.near_if);

	assert_int_equal(link->n_addrs, 1);
	assert_false(link->has_link_local);
	expect(b, "true", NET_CHANGE_LINK_LOCAL);
	assert_true(link->has_link_local);
	lab_run("sysctl -qw net.ipv6.conf.near0.accept_dad=0 net.ipv6.conf.near0.dad_transmits=1");
}

static void lost_messages_are_made_up_for(void **state)
{
	enum { N = 100 };
	struct bench *b = *state;
	const int small = 1;

	/* The kernel rounds that up to what holds two or three messages. */
	assert_int_equal(
		setsockopt(net_watch_fd(b->watch), SOL_SOCKET, SO_RCVBUF, &small, sizeof(small)),
		0);
	lab_run("ip link add stays type bridge; ip link add goes type bridge");
	assert_int_equal(net_watch_sync(b->watch, note, b), 0);
	b->n_new = b->n_gone = 0;
	lab_run("for i in $(seq %d); do echo link add many$i type bridge; done | ip -batch -", N);
	lab_run("ip link del goes");
	for (int i = 0; i < 50 && b->n_new < N; i++) {
		lab_readable(net_watch_fd(b->watch), 100);
		assert_int_equal(net_watch_sync(b->watch, note, b), 0);
	}
	assert_int_equal(b->n_new, N);
	assert_int_equal(b->n_gone, 1);
	assert_non_null(net_watch_find_name(b->watch, "many100"));
	assert_non_null(net_watch_find_name(b->watch, "stays"));
	assert_null(net_watch_find_name(b->watch, "goes"));
}

static void messages_lost_during_a_listing_are_made_up_for(void **state)
{
	struct bench *b = *state;
	char why[NET_WHY_LEN] = "";
	const int small = 1;

	net_watch_close(b->watch);
	/* The first part of the listing is made at once: what lo is then is about to be wrong. */
	assert_int_equal(net_watch_open(b->lab.ns, &b->watch, why, sizeof(why)), 0);
	setsockopt(net_watch_fd(b->watch), SOL_SOCKET, SO_RCVBUF, &small, sizeof(small));
	lab_run("for i in $(seq 50); do echo link add more$i type bridge; done | ip -batch -");
	lab_run("ip link set lo mtu 12345");
	assert_int_equal(net_watch_sync(b->watch, note, b), 0);
	assert_non_null(net_watch_find_name(b->watch, "more50"));
	assert_int_equal(net_watch_find_name(b->watch, "lo")->mtu, 12345);
}

int main(void)
{
#define WATCHED(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		WATCHED(the_first_listing_tells_everything),
		WATCHED(each_kind_of_change_is_told),
		WATCHED(forwarding_is_followed),
		WATCHED(forwarding_is_known_from_the_first_listing),
		WATCHED(a_tentative_link_local_is_waited_for),
		WATCHED(messages_lost_during_a_listing_are_made_up_for),
		WATCHED(lost_messages_are_made_up_for),
	};

	return cmocka_run_group_tests(tests, group_setup, lab_teardown);
}

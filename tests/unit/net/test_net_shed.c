/* SPDX-License-Identifier: ISC */
/*
 * Who is held back in a flood, and the filter that does it, on a real cable. Needs the right to
 * make namespaces; 77 without.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/ip6.h"
#include "lab.h"
#include "net/net_shed.h"

static struct in6_addr ip6(const char *s)
{
	struct in6_addr addr;

	assert_true(ip6_parse(s, &addr));
	return addr;
}

static void count(struct net_shed *shed, unsigned int ifindex, const char *src, int times)
{
	struct in6_addr addr = ip6(src);

	for (int i = 0; i < times; i++)
		net_shed_count(shed, ifindex, &addr);
}

/* Ever new addresses below this one. */
static void count_many(struct net_shed *shed, unsigned int ifindex, const char *src, int times)
{
	struct in6_addr addr = ip6(src);

	for (int i = 0; i < times; i++) {
		addr.s6_addr[14] = (uint8_t)(i >> 8);
		addr.s6_addr[15] = (uint8_t)i;
		net_shed_count(shed, ifindex, &addr);
	}
}

static void the_loudest_is_found(void **state)
{
	struct net_shed *shed = calloc(1, sizeof(*shed));
	struct net_shed_target target;
	struct in6_addr relay = ip6("2001:db8::1");

	(void)state;
	assert_int_equal(net_shed_loudest(shed).interface, 0);
	for (unsigned int ifindex = 1; ifindex <= 10; ifindex++)
		count(shed, ifindex, "fe80::1", 10);
	assert_int_equal(net_shed_loudest(shed).interface, 0);
	count_many(shed, 3, "fe80::2:0", 100);
	target = net_shed_loudest(shed);
	assert_int_equal(target.interface, 3);
	assert_int_equal(target.whose, NET_SHED_CLIENTS);
	/* A relay on the same link, beside others. */
	count(shed, 3, "2001:db8::1", 300);
	count(shed, 3, "2001:db8::2", 20);
	target = net_shed_loudest(shed);
	assert_int_equal(target.interface, 3);
	assert_int_equal(target.whose, NET_SHED_ONE);
	assert_true(ip6_equal(&target.src, &relay));
	/* Forged ones: no address alone. */
	count_many(shed, 3, "2001:db8::3:0", 1000);
	target = net_shed_loudest(shed);
	assert_int_equal(target.interface, 3);
	assert_int_equal(target.whose, NET_SHED_FAR);
	free(shed);
}

/* Addresses that are forged so that all fall into one place, where a relay may be too. */
static void no_address_is_blamed_for_those_in_its_place(void **state)
{
	struct net_shed *shed = calloc(1, sizeof(*shed));
	struct in6_addr addr = ip6("2001:db8::");
	size_t place = NET_SHED_PLACES, n = 0;

	(void)state;
	for (uint32_t i = 0; n < 100; i++) {
		struct net_shed alone = {.next = 0};
		size_t at = 0;

		memcpy(addr.s6_addr + 12, &i, sizeof(i));
		net_shed_count(&alone, 3, &addr);
		while (!alone.counts.sources[at].interface)
			at++;
		if (place == NET_SHED_PLACES)
			place = at;
		if (at != place)
			continue;
		net_shed_count(shed, 3, &addr);
		n++;
	}
	assert_int_equal(net_shed_loudest(shed).whose, NET_SHED_FAR);
	free(shed);
}

struct bench {
	struct lab lab;
	int near, far;
};

/* How many of 300 from this address come in. */
static int pass(const struct bench *b, const char *src)
{
	enum { N = 300 };
	struct sockaddr_in6 to = {.sin6_family = AF_INET6,
				  .sin6_port = htons(547),
				  .sin6_addr = b->lab.near_addr,
				  .sin6_scope_id = b->lab.far_if};
	union {
		struct cmsghdr head;
		uint8_t bytes[CMSG_SPACE(sizeof(struct in6_pktinfo))];
	} control = {.bytes = {0}};
	const struct in6_pktinfo info = {ip6(src), b->lab.far_if};
	struct iovec iov = {.iov_base = control.bytes, .iov_len = 8};
	struct msghdr msg = {.msg_name = &to,
			     .msg_namelen = sizeof(to),
			     .msg_iov = &iov,
			     .msg_iovlen = 1,
			     .msg_control = control.bytes,
			     .msg_controllen = sizeof(control.bytes)};
	uint8_t byte;
	int n = 0;

	control.head.cmsg_level = IPPROTO_IPV6;
	control.head.cmsg_type = IPV6_PKTINFO;
	control.head.cmsg_len = CMSG_LEN(sizeof(info));
	memcpy(CMSG_DATA(&control.head), &info, sizeof(info));
	for (int i = 0; i < N; i++) {
		assert_int_equal(sendmsg(b->far, &msg, 0), 8);
		/* A cable delivers before it returns, but for the first. */
		lab_readable(b->near, i == 0 ? 50 : 0);
		while (recv(b->near, &byte, 1, MSG_DONTWAIT) >= 0)
			n++;
	}
	/* On a busy machine the last ones take their time. */
	while (n < N && lab_readable(b->near, 300) && recv(b->near, &byte, 1, MSG_DONTWAIT) >= 0)
		n++;
	return n;
}

static struct net_shed_hold hold(const struct bench *b, enum net_shed_whose whose, const char *src)
{
	return (struct net_shed_hold){
		.target = {.interface = b->lab.near_if, .whose = whose, .src = ip6(src)},
		.strength = NET_SHED_MAX,
	};
}

#define CLIENT "fe80::77"
#define RELAY  "2001:db8::1"
#define BESIDE "2001:db8::2"

static void the_filter_holds_back_whom_it_should(void **state)
{
	struct bench *b = *state;
	struct net_shed_hold holds[NET_SHED_HOLDS] = {{.strength = 0}};

	assert_int_equal(pass(b, CLIENT), 300);
	holds[1] = hold(b, NET_SHED_CLIENTS, "::");
	net_shed_filter(b->near, holds);
	assert_in_range(pass(b, CLIENT), 0, 10);
	assert_int_equal(pass(b, RELAY), 300);
	holds[1] = hold(b, NET_SHED_FAR, "::");
	net_shed_filter(b->near, holds);
	assert_int_equal(pass(b, CLIENT), 300);
	assert_in_range(pass(b, RELAY), 0, 10);
	holds[1] = hold(b, NET_SHED_ONE, RELAY);
	net_shed_filter(b->near, holds);
	assert_int_equal(pass(b, CLIENT), 300);
	assert_in_range(pass(b, RELAY), 0, 10);
	assert_int_equal(pass(b, BESIDE), 300);
	/* Several at once, to the last place. */
	holds[0] = hold(b, NET_SHED_CLIENTS, "::");
	holds[2] = hold(b, NET_SHED_ONE, "2001:db8::9");
	holds[3] = hold(b, NET_SHED_ONE, "2001:db8::8");
	net_shed_filter(b->near, holds);
	assert_in_range(pass(b, CLIENT), 0, 10);
	assert_in_range(pass(b, RELAY), 0, 10);
	assert_int_equal(pass(b, BESIDE), 300);
	/* One in two, of another interface, and none at all. */
	holds[0].strength = 1;
	holds[1].target.interface++;
	net_shed_filter(b->near, holds);
	assert_in_range(pass(b, CLIENT), 100, 200);
	assert_int_equal(pass(b, RELAY), 300);
	memset(holds, 0, sizeof(holds));
	net_shed_filter(b->near, holds);
	assert_int_equal(pass(b, CLIENT), 300);
}

/* Nobody reads what comes. */
static void fill(const struct bench *b)
{
	const int small = 4096;

	assert_int_equal(setsockopt(b->near, SOL_SOCKET, SO_RCVBUF, &small, sizeof(small)), 0);
	lab_enter(b->lab.far_ns);
	lab_run("bash -c 'for i in {1..100}; do echo x >/dev/udp/2001:db8::99/547; done'");
	lab_enter(b->lab.near_ns);
}

static void drain(const struct bench *b)
{
	for (uint8_t byte; recv(b->near, &byte, 1, MSG_DONTWAIT) >= 0;)
		;
}

static void the_buffer_decides_when(void **state)
{
	struct bench *b = *state;
	struct net_shed *shed = calloc(1, sizeof(*shed));
	struct net_shed_target target;
	int64_t now = 1000;

	count(shed, b->lab.near_if, RELAY, 10);
	assert_int_equal(net_shed_look(shed, b->near, now, &target), NET_SHED_NOTHING);
	fill(b);
	count(shed, b->lab.near_if, RELAY, 10);
	assert_int_equal(net_shed_look(shed, b->near, now + 50, &target), NET_SHED_NOTHING);
	now += 100;
	assert_int_equal(net_shed_look(shed, b->near, now, &target), NET_SHED_BEGAN);
	assert_int_equal(target.whose, NET_SHED_ONE);
	assert_int_equal(shed->holds[NET_SHED_HOLDS - 1].strength, 1);
	/* Somebody else too. */
	now += 100;
	count_many(shed, b->lab.near_if, "fe80::", 20);
	assert_int_equal(net_shed_look(shed, b->near, now, &target), NET_SHED_BEGAN);
	assert_int_equal(target.whose, NET_SHED_CLIENTS);
	drain(b);
	for (int looks = 1; looks < 100; looks++)
		assert_int_equal(net_shed_look(shed, b->near, now += 100, &target),
				 NET_SHED_NOTHING);
	assert_int_equal(net_shed_look(shed, b->near, now += 100, &target), NET_SHED_ENDED);
	assert_int_equal(net_shed_look(shed, b->near, now += 100, &target), NET_SHED_ENDED);
	assert_int_equal(net_shed_look(shed, b->near, now += 100, &target), NET_SHED_NOTHING);
	free(shed);
}

/* One address after the other does not use up the places of those that are held back. */
static void a_flood_from_changing_addresses_is_held_back(void **state)
{
	struct bench *b = *state;
	struct net_shed *shed = calloc(1, sizeof(*shed));
	struct net_shed_target target;
	struct in6_addr src = ip6("2001:db8::");
	const struct net_shed_hold none[NET_SHED_HOLDS] = {{.strength = 0}};

	fill(b);
	for (int look = 1; look <= 30; look++) {
		src.s6_addr[15] = (uint8_t)look;
		for (int i = 0; i < 10; i++)
			net_shed_count(shed, b->lab.near_if, &src);
		net_shed_look(shed, b->near, look * 100, &target);
	}
	assert_int_equal(target.interface, b->lab.near_if);
	assert_int_equal(target.whose, NET_SHED_FAR);
	drain(b);
	assert_in_range(pass(b, RELAY), 0, 10);
	assert_int_equal(pass(b, CLIENT), 300);
	/* A fifth link has a place too: that of who was the loudest longest ago. */
	net_shed_filter(b->near, none);
	fill(b);
	for (int look = 31; look <= 36; look++) {
		count_many(shed, 100 + (unsigned int)look, "fe80::", 10);
		net_shed_look(shed, b->near, look * 100, &target);
		assert_int_equal(target.interface, 100 + look);
	}
	net_shed_filter(b->near, none);
	drain(b);
	free(shed);
}

static int group_setup(void **state)
{
	const struct sockaddr_in6 own = {.sin6_family = AF_INET6, .sin6_port = htons(547)};
	struct bench *b = calloc(1, sizeof(*b));

	assert_non_null(b);
	lab_init(&b->lab);
	b->near = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(b->near, (const struct sockaddr *)&own, sizeof(own)), 0);
	lab_run("ip addr add 2001:db8::99/64 dev " LAB_NEAR " nodad");
	lab_enter(b->lab.far_ns);
	for (int i = 0; i < 3; i++) {
		static const char *const addrs[] = {CLIENT, RELAY, BESIDE};

		lab_run("ip addr add %s/64 dev " LAB_FAR " nodad", addrs[i]);
	}
	b->far = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	lab_enter(b->lab.near_ns);
	*state = b;
	return 0;
}

static int group_teardown(void **state)
{
	struct bench *b = *state;

	close(b->near);
	close(b->far);
	free(b);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_loudest_is_found),
		cmocka_unit_test(no_address_is_blamed_for_those_in_its_place),
		cmocka_unit_test(the_filter_holds_back_whom_it_should),
		cmocka_unit_test(the_buffer_decides_when),
		cmocka_unit_test(a_flood_from_changing_addresses_is_held_back),
	};

	return cmocka_run_group_tests(tests, group_setup, group_teardown);
}

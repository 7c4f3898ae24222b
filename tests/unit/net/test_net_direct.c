/* SPDX-License-Identifier: ISC */
/*
 * What the packet socket remembers of senders in a flood, and answers that go to where it heard
 * them, on a real cable. Needs the right to make namespaces; 77 without.
 */
#include "config.h"

#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/ip6.h"
#include "lab.h"
#include "net/net_direct.h"

static struct in6_addr ip6(const char *s)
{
	struct in6_addr addr;

	assert_true(ip6_parse(s, &addr));
	return addr;
}

/* A socket of a client in the far namespace. */
static int far_socket(const struct lab *lab)
{
	const struct sockaddr_in6 own = {.sin6_family = AF_INET6, .sin6_port = htons(546)};

	lab_enter(lab->far_ns);
	int fd = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	assert_int_equal(bind(fd, (const struct sockaddr *)&own, sizeof(own)), 0);
	lab_enter(lab->near_ns);
	return fd;
}

/* Whether the sender is known, within two seconds. */
static bool is_heard(struct net_frames *frames, unsigned int ifindex, const struct in6_addr *src)
{
	uint8_t mac[6];

	for (int i = 0; i < 40 && !net_frames_find(frames, ifindex, src, mac); i++) {
		lab_readable(net_frames_fd(frames), 50);
		net_frames_read(frames);
	}
	return net_frames_find(frames, ifindex, src, mac);
}

static void far_ask(const struct lab *lab, int fd, struct net_frames *frames)
{
	const struct sockaddr_in6 to = {.sin6_family = AF_INET6,
					.sin6_port = htons(547),
					.sin6_addr = ip6("ff02::1:2"),
					.sin6_scope_id = lab->far_if};

	assert_int_equal(sendto(fd, "a", 1, 0, (const struct sockaddr *)&to, sizeof(to)), 1);
	assert_true(is_heard(frames, lab->near_if, &lab->far_addr));
}

/* Z3: many senders on one interface do not make it forget those on another. */
static void a_flood_is_remembered_on_its_own_link(void **state)
{
	const struct lab *lab = *state;
	const struct in6_addr group = ip6("ff02::1:2");
	char why[NET_WHY_LEN] = "";
	struct net_frames *frames = NULL;
	uint8_t frame[49] = {0x60, [5] = 9, [6] = IPPROTO_UDP, [7] = 64}, mac[6];
	struct sockaddr_ll to = {.sll_family = AF_PACKET,
				 .sll_protocol = htons(ETHERTYPE_IPV6),
				 .sll_halen = 6,
				 .sll_addr = {0x33, 0x33, 0, 1, 0, 2}};
	struct in6_addr forged = ip6("fe80::1:0:0");

	lab_run("ip link add other0 type veth peer name other1 && ip link set other0 up && "
		"ip link set other1 up");
	to.sll_ifindex = (int)if_nametoindex("other1");
	int fd = socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int far = far_socket(lab);

	assert_int_equal(net_frames_open(lab->ns, &frames, why, sizeof(why)), 0);
	assert_int_equal(net_frames_listen(frames, why, sizeof(why)), 0);
	far_ask(lab, far, frames);
	memcpy(frame + 24, &group, sizeof(group));
	frame[42] = 547 >> 8;
	frame[43] = (uint8_t)547;
	/* A new cable takes a moment. */
	lab_run("until ip link show other1 | grep -q 'state UP'; do sleep 0.01; done");
	for (unsigned int i = 0; i < 40000; i++) {
		forged.s6_addr[14] = (uint8_t)(i >> 8);
		forged.s6_addr[15] = (uint8_t)i;
		memcpy(frame + 8, &forged, sizeof(forged));
		assert_int_equal(
			sendto(fd, frame, sizeof(frame), 0, (struct sockaddr *)&to, sizeof(to)),
			sizeof(frame));
		while (i % 500 == 499 && net_frames_read(frames))
			;
	}
	assert_true(is_heard(frames, if_nametoindex("other0"), &forged));
	assert_true(net_frames_find(frames, lab->near_if, &lab->far_addr, mac));
	net_frames_close(frames);
	close(fd);
	close(far);
	lab_run("ip link del other0");
}

/* G19, Z3: an answer goes to where the question came from, without asking who has its address. */
static void an_answer_goes_to_where_the_question_came_from(void **state)
{
	const struct lab *lab = *state;
	uint8_t data[1452 + 1], got[2048];
	struct net_out out = {.data = data,
			      .src = lab->near_addr,
			      .dst = lab->far_addr,
			      .proto = NET_UDP,
			      .ifindex = lab->near_if,
			      .port = 546};
	struct sockaddr_in6 from;
	socklen_t from_len = sizeof(from);
	struct net_frames *frames = NULL;
	char why[NET_WHY_LEN] = "";
	int client = far_socket(lab);

	assert_int_equal(net_frames_open(lab->ns, &frames, why, sizeof(why)), 0);
	assert_int_equal(net_frames_listen(frames, why, sizeof(why)), 0);
	assert_false(net_direct_send(lab->ns, frames, &out));
	far_ask(lab, client, frames);
	for (size_t i = 0; i < sizeof(data); i++)
		data[i] = (uint8_t)(i * 7);
	lab_run("ip -6 neigh flush dev " LAB_NEAR);
	/* Of each length: the checksum is over pairs of octets, the kernel drops what is wrong. */
	for (out.len = 0; out.len < sizeof(data); out.len += out.len < 300 ? 1 : 96) {
		assert_true(net_direct_send(lab->ns, frames, &out));
		assert_true(lab_readable(client, 2000));
		assert_int_equal(
			recvfrom(client, got, sizeof(got), 0, (struct sockaddr *)&from, &from_len),
			out.len);
		assert_memory_equal(got, data, out.len);
		assert_int_equal(ntohs(from.sin6_port), 547);
		assert_true(ip6_equal(&from.sin6_addr, &lab->near_addr));
	}
	/* More than a frame holds. */
	out.len = sizeof(data);
	assert_false(net_direct_send(lab->ns, frames, &out));
	/* Whose address it is was not asked. */
	lab_run("! ip -6 neigh show dev " LAB_NEAR " | grep -q fe80");
	assert_false(net_direct_send(lab->ns, NULL, &out));
	net_frames_close(frames);
	close(client);
}

/* S12, E10: what is for a group needs no neighbour. */
static void an_advertisement_goes_to_its_group(void **state)
{
	static const uint8_t advert[] = {134, 0, 0, 0, 64, 0, 7, 8, 0, 0, 0, 1, 0, 0, 0, 0};
	const struct lab *lab = *state;
	struct net_out out = {.data = advert,
			      .len = sizeof(advert),
			      .src = lab->near_addr,
			      .dst = ip6("ff02::1"),
			      .proto = NET_ICMP6,
			      .ifindex = lab->near_if};
	struct net_frames *frames = NULL;
	char why[NET_WHY_LEN] = "";
	const int on = 1;
	uint8_t got[64] = {0};
	union {
		struct cmsghdr head;
		uint8_t bytes[CMSG_SPACE(sizeof(int))];
	} control;
	struct iovec iov = {got, sizeof(got)};
	struct msghdr msg = {.msg_iov = &iov,
			     .msg_iovlen = 1,
			     .msg_control = control.bytes,
			     .msg_controllen = sizeof(control.bytes)};
	int hops = 0;

	lab_enter(lab->far_ns);
	int host = socket(AF_INET6, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_ICMPV6);

	lab_enter(lab->near_ns);
	assert_int_equal(setsockopt(host, IPPROTO_IPV6, IPV6_RECVHOPLIMIT, &on, sizeof(on)), 0);
	assert_int_equal(net_frames_open(lab->ns, &frames, why, sizeof(why)), 0);
	assert_int_equal(net_frames_listen(frames, why, sizeof(why)), 0);
	assert_true(net_direct_send(lab->ns, frames, &out));
	/* The kernel looks at the checksum; others talk of neighbours. */
	do
		assert_true(lab_readable(host, 2000) && recvmsg(host, &msg, 0) > 0);
	while (got[0] != 134);
	assert_memory_equal(got + 4, advert + 4, sizeof(advert) - 4);
	memcpy(&hops, CMSG_DATA(&control.head), sizeof(hops));
	assert_int_equal(hops, 255);
	/* Of a host it is not known where it is. */
	out.dst = lab->far_addr;
	assert_false(net_direct_send(lab->ns, frames, &out));
	net_frames_close(frames);
	close(host);
}

static int group_setup(void **state)
{
	return lab_setup(state, sizeof(struct lab));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_flood_is_remembered_on_its_own_link),
		cmocka_unit_test(an_answer_goes_to_where_the_question_came_from),
		cmocka_unit_test(an_advertisement_goes_to_its_group),
	};

	return cmocka_run_group_tests(tests, group_setup, lab_teardown);
}

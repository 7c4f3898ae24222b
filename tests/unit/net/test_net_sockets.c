/* SPDX-License-Identifier: ISC */
/*
 * The sockets of a namespace on a real cable. Needs the right to make namespaces; 77 without.
 */
#include "config.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <netinet/icmp6.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <sys/capability.h>

#include "base/ip6.h"
#include "lab.h"
#include "net/net_frames.h"
#include "net/net_ns.h"
#include "net/net_nsdir.h"

static const uint8_t router_solicit[] = {133, 0, 0, 0, 0, 0, 0, 0};
static const uint8_t router_advert[] = {134, 0, 0, 0, 64, 0, 7, 8, 0, 0, 0, 0, 0, 0, 0, 0};
static const uint8_t neighbor_solicit[24] = {135};

/* What stands where nothing was received. */
static const struct net_packet nothing;

struct bench {
	struct lab lab;
	struct net_ns *ns; /* in the near namespace */
	struct net_rx *rx;
	uint64_t drops[NET_DROPS]; /* of all tests so far */
};

static struct in6_addr ip6(const char *s)
{
	struct in6_addr addr;

	assert_true(ip6_parse(s, &addr));
	return addr;
}

static int setup(void **state)
{
	struct bench *b = *state;

	lab_enter(b->lab.near_ns);
	b->ns = lab_open_ns(NULL);
	return 0;
}

static int teardown(void **state)
{
	struct bench *b = *state;

	for (int drop = 0; b->ns && drop < NET_DROPS; drop++)
		b->drops[drop] += net_ns_counters(b->ns, NET_UDP)->drops[drop] +
				  net_ns_counters(b->ns, NET_ICMP6)->drops[drop];
	net_ns_close(b->ns);
	lab_enter(b->lab.near_ns);
	return 0;
}

/* A socket of a client in the far namespace. */
static int far_socket(const struct bench *b, int type, int protocol)
{
	lab_enter(b->lab.far_ns);
	int fd = socket(AF_INET6, type | SOCK_CLOEXEC, protocol);

	assert_true(fd >= 0);
	const int hops = 255;
	assert_int_equal(setsockopt(fd, IPPROTO_IPV6, IPV6_MULTICAST_HOPS, &hops, sizeof(hops)), 0);
	lab_enter(b->lab.near_ns);
	return fd;
}

static void far_send(const struct bench *b, int fd, const void *data, size_t len,
		     const struct in6_addr *dst, uint16_t port)
{
	const struct sockaddr_in6 to = {.sin6_family = AF_INET6,
					.sin6_port = htons(port),
					.sin6_addr = *dst,
					.sin6_scope_id = b->lab.far_if};

	assert_int_equal(sendto(fd, data, len, 0, (const struct sockaddr *)&to, sizeof(to)), len);
}

static size_t recv_within(const struct bench *b, enum net_proto proto, int ms,
			  const struct net_packet **ret)
{
	bool more;

	if (!lab_readable(net_ns_fd(b->ns, proto), ms))
		return 0;
	return net_recv(b->ns, proto, b->rx, ret, &more);
}

/* What a client hears: the length, with the hop limit and the source; -1 for nothing. */
static ssize_t far_recv(int fd, int ms, uint8_t *buf, size_t room, struct sockaddr_in6 *ret_from)
{
	socklen_t len = sizeof(*ret_from);

	if (!lab_readable(fd, ms))
		return -1;
	return recvfrom(fd, buf, room, 0, (struct sockaddr *)ret_from, &len);
}

/* E10: the interface, the hop limit and the destination come with each solicitation. */
static void a_solicitation_comes_with_where_it_came_from(void **state)
{
	const struct bench *b = *state;
	const struct in6_addr routers = ip6("ff02::2");
	const struct net_packet *p = &nothing;
	int fd = far_socket(b, SOCK_RAW, IPPROTO_ICMPV6);

	assert_int_equal(net_join(b->ns, b->lab.near_if, NET_GROUP_ROUTERS), 0);
	far_send(b, fd, router_solicit, sizeof(router_solicit), &routers, 0);
	assert_int_equal(recv_within(b, NET_ICMP6, 2000, &p), 1);
	assert_int_equal(p->len, sizeof(router_solicit));
	assert_int_equal(p->data[0], ND_ROUTER_SOLICIT);
	assert_int_equal(p->ifindex, b->lab.near_if);
	assert_int_equal(p->hop_limit, 255);
	assert_true(ip6_equal(&p->src, &b->lab.far_addr));
	assert_true(ip6_equal(&p->dst, &routers));
	assert_int_equal(p->sport, 0);
	close(fd);
}

/* E10: the filter lets solicitations and advertisements through, nothing else. */
static void only_router_discovery_passes_the_filter(void **state)
{
	const struct bench *b = *state;
	const struct net_packet *p = &nothing;
	int fd = far_socket(b, SOCK_RAW, IPPROTO_ICMPV6);

	far_send(b, fd, neighbor_solicit, sizeof(neighbor_solicit), &b->lab.near_addr, 0);
	assert_int_equal(recv_within(b, NET_ICMP6, 200, &p), 0);
	const struct in6_addr all = ip6("ff02::1");

	far_send(b, fd, router_advert, sizeof(router_advert), &all, 0);
	assert_int_equal(recv_within(b, NET_ICMP6, 2000, &p), 1);
	assert_int_equal(p->data[0], ND_ROUTER_ADVERT);
	close(fd);
}

static uint16_t icmp6_checksum(const struct in6_addr *src, const struct in6_addr *dst,
			       const uint8_t *data, size_t len)
{
	uint32_t sum = IPPROTO_ICMPV6 + (uint32_t)len;

	for (size_t i = 0; i < 16; i++) {
		unsigned int shift = i % 2 ? 0 : 8;

		sum += (uint32_t)src->s6_addr[i] << shift;
		sum += (uint32_t)dst->s6_addr[i] << shift;
	}
	for (size_t i = 0; i < len; i++)
		sum += (uint32_t)data[i] << (i % 2 ? 0 : 8);
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

/* A whole packet: a solicitation to ff02::2, behind a fragment header if asked for. */
static size_t make_solicitation(const struct bench *b, bool fragment, uint8_t *packet)
{
	const struct in6_addr dst = ip6("ff02::2");
	const uint8_t header[] = {0x60, 0, 0, 0, 0, fragment ? 16 : 8, fragment ? 44 : 58, 255};
	const uint8_t fragment_header[] = {58, 0, 0, 0, 0, 0, 0, 1};
	uint16_t sum = icmp6_checksum(&b->lab.far_addr, &dst, router_solicit, 8);
	size_t n = 40;

	memcpy(packet, header, 8);
	memcpy(packet + 8, &b->lab.far_addr, 16);
	memcpy(packet + 24, &dst, 16);
	if (fragment) {
		memcpy(packet + n, fragment_header, 8);
		n += 8;
	}
	memcpy(packet + n, router_solicit, 8);
	packet[n + 2] = (uint8_t)(sum >> 8);
	packet[n + 3] = (uint8_t)sum;
	return n + 8;
}

/* E2 */
static void a_solicitation_with_a_fragment_header_is_ignored(void **state)
{
	const struct bench *b = *state;
	const struct in6_addr routers = ip6("ff02::2");
	const struct net_packet *p = &nothing;
	uint8_t packet[64];
	int fd = far_socket(b, SOCK_RAW, IPPROTO_RAW);

	assert_int_equal(net_join(b->ns, b->lab.near_if, NET_GROUP_ROUTERS), 0);
	size_t len = make_solicitation(b, /* fragment= */ false, packet);

	far_send(b, fd, packet, len, &routers, 0);
	assert_int_equal(recv_within(b, NET_ICMP6, 2000, &p), 1);
	len = make_solicitation(b, /* fragment= */ true, packet);
	far_send(b, fd, packet, len, &routers, 0);
	assert_int_equal(recv_within(b, NET_ICMP6, 2000, &p), 0);
	assert_int_equal(net_ns_counters(b->ns, NET_ICMP6)->drops[NET_DROP_FRAGMENTED], 1);
	close(fd);
}

/* G12 */
static void dhcpv6_is_heard_once_joined_and_no_longer_once_left(void **state)
{
	const struct bench *b = *state;
	const struct in6_addr group = ip6("ff02::1:2"), site = ip6("ff05::1:3");
	const struct net_packet *p = &nothing;
	int fd = far_socket(b, SOCK_DGRAM, IPPROTO_UDP);

	far_send(b, fd, "a", 1, &group, 547);
	assert_int_equal(recv_within(b, NET_UDP, 200, &p), 0);
	assert_int_equal(net_join(b->ns, b->lab.near_if, NET_GROUP_DHCP6), 0);
	assert_int_equal(net_join(b->ns, b->lab.near_if, NET_GROUP_DHCP6), 0);
	far_send(b, fd, "b", 1, &group, 547);
	assert_int_equal(recv_within(b, NET_UDP, 2000, &p), 1);
	assert_int_equal(p->data[0], 'b');
	assert_int_equal(p->ifindex, b->lab.near_if);
	assert_true(ip6_equal(&p->src, &b->lab.far_addr));
	assert_true(ip6_equal(&p->dst, &group));
	assert_int_not_equal(p->sport, 0);
	assert_int_equal(net_join(b->ns, b->lab.near_if, NET_GROUP_DHCP6_SERVERS), 0);
	far_send(b, fd, "c", 1, &site, 547);
	assert_int_equal(recv_within(b, NET_UDP, 2000, &p), 1);
	net_leave(b->ns, b->lab.near_if);
	far_send(b, fd, "d", 1, &group, 547);
	assert_int_equal(recv_within(b, NET_UDP, 200, &p), 0);
	close(fd);
}

/* S1: hop limit 255, from the link-local address that was asked for. */
static void an_advertisement_leaves_with_hop_limit_255(void **state)
{
	const struct bench *b = *state;
	const int on = 1;
	uint8_t bytes[64], control[64];
	struct iovec iov = {bytes, sizeof(bytes)};
	struct sockaddr_in6 from;
	struct msghdr msg = {.msg_name = &from,
			     .msg_namelen = sizeof(from),
			     .msg_iov = &iov,
			     .msg_iovlen = 1,
			     .msg_control = control,
			     .msg_controllen = sizeof(control)};
	int fd = far_socket(b, SOCK_RAW, IPPROTO_ICMPV6), hops = 0;
	struct icmp6_filter filter;
	struct net_out out = {.proto = NET_ICMP6,
			      .data = router_advert,
			      .len = sizeof(router_advert),
			      .ifindex = b->lab.near_if,
			      .src = b->lab.near_addr,
			      .dst = ip6("ff02::1")};

	ICMP6_FILTER_SETBLOCKALL(&filter);
	ICMP6_FILTER_SETPASS(ND_ROUTER_ADVERT, &filter);
	setsockopt(fd, IPPROTO_ICMPV6, ICMP6_FILTER, &filter, sizeof(filter));
	setsockopt(fd, IPPROTO_IPV6, IPV6_RECVHOPLIMIT, &on, sizeof(on));
	for (int unicast = 0; unicast < 2; unicast++) {
		out.dst = unicast ? b->lab.far_addr : out.dst;
		assert_int_equal(net_send(b->ns, &out, 1), 1);
		assert_int_equal(out.status, 0);
		assert_true(lab_readable(fd, 2000));
		msg.msg_controllen = sizeof(control);
		assert_int_equal(recvmsg(fd, &msg, 0), sizeof(router_advert));
		struct cmsghdr *cmsg = CMSG_FIRSTHDR(&msg);

		hops = 0;
		if (cmsg)
			memcpy(&hops, CMSG_DATA(cmsg), sizeof(hops));
		assert_int_equal(hops, 255);
		assert_true(ip6_equal(&from.sin6_addr, &b->lab.near_addr));
	}
	close(fd);
}

/* C5: answers leave from port 547. E9: what we send to a group does not come back to us. */
static void one_call_sends_both_protocols_and_hears_none_of_it(void **state)
{
	const struct bench *b = *state;
	const struct net_packet *p = &nothing;
	struct sockaddr_in6 from = {0};
	struct sockaddr_in6 client = {.sin6_family = AF_INET6, .sin6_port = htons(546)};
	uint8_t buf[16] = {0};
	struct net_out outs[3] = {
		{.proto = NET_UDP, .data = (const uint8_t *)"x", .len = 1, .port = 546},
		{.proto = NET_ICMP6, .data = router_advert, .len = sizeof(router_advert)},
		{.proto = NET_UDP, .data = (const uint8_t *)"y", .len = 1, .port = 546},
	};
	int fd = far_socket(b, SOCK_DGRAM, IPPROTO_UDP);

	assert_int_equal(bind(fd, (const struct sockaddr *)&client, sizeof(client)), 0);
	assert_int_equal(net_join(b->ns, b->lab.near_if, NET_GROUP_DHCP6 | NET_GROUP_ROUTERS), 0);
	for (size_t i = 0; i < 3; i++) {
		outs[i].ifindex = b->lab.near_if;
		outs[i].src = b->lab.near_addr;
		outs[i].dst = i == 1 ? ip6("ff02::1") : b->lab.far_addr;
	}
	assert_int_equal(net_send(b->ns, outs, 3), 3);
	assert_int_equal(far_recv(fd, 2000, buf, sizeof(buf), &from), 1);
	assert_int_equal(buf[0], 'x');
	assert_int_equal(ntohs(from.sin6_port), 547);
	assert_int_equal(far_recv(fd, 2000, buf, sizeof(buf), &from), 1);
	assert_int_equal(buf[0], 'y');
	assert_int_equal(recv_within(b, NET_ICMP6, 100, &p), 0);
	assert_int_equal(net_ns_counters(b->ns, NET_UDP)->sent, 2);
	assert_int_equal(net_ns_counters(b->ns, NET_ICMP6)->sent, 1);
	close(fd);
}

static void a_vanished_interface_does_not_keep_the_rest(void **state)
{
	const struct bench *b = *state;
	struct net_out outs[100];
	uint8_t buf[4];
	struct sockaddr_in6 from, client = {.sin6_family = AF_INET6, .sin6_port = htons(546)};
	int fd = far_socket(b, SOCK_DGRAM, IPPROTO_UDP);

	assert_int_equal(bind(fd, (const struct sockaddr *)&client, sizeof(client)), 0);
	for (size_t i = 0; i < 100; i++) {
		outs[i] = (struct net_out){.proto = NET_UDP,
					   .data = (const uint8_t *)"z",
					   .len = 1,
					   .ifindex = i % 10 == 3 ? 99999 : b->lab.near_if,
					   .src = b->lab.near_addr,
					   .dst = b->lab.far_addr,
					   .port = 546,
					   .status = 1};
	}
	assert_int_equal(net_send(b->ns, outs, 100), 90);
	for (size_t i = 0; i < 100; i++) {
		assert_int_equal(outs[i].status, i % 10 == 3 ? -ENODEV : 0);
		if (i % 10 != 3)
			assert_int_equal(far_recv(fd, 2000, buf, sizeof(buf), &from), 1);
	}
	assert_false(net_is_transient(-ENODEV));
	assert_int_equal(net_ns_counters(b->ns, NET_UDP)->drops[NET_DROP_SEND_FAILED], 10);
	close(fd);
}

static void a_batch_is_bounded_and_the_rest_stays(void **state)
{
	const struct bench *b = *state;
	const struct net_packet *p = &nothing;
	bool more = false;
	int fd = far_socket(b, SOCK_DGRAM, IPPROTO_UDP);

	for (int i = 0; i < NET_BATCH + 6; i++)
		far_send(b, fd, "0123456789", (size_t)i % 10, &b->lab.near_addr, 547);
	assert_true(lab_readable(net_ns_fd(b->ns, NET_UDP), 2000));
	assert_int_equal(net_recv(b->ns, NET_UDP, b->rx, &p, &more), NET_BATCH);
	assert_true(more);
	for (size_t i = 0; i < NET_BATCH; i++)
		assert_int_equal(p[i].len, i % 10);
	assert_int_equal(net_recv(b->ns, NET_UDP, b->rx, &p, &more), 6);
	assert_false(more);
	assert_int_equal(net_recv(b->ns, NET_UDP, b->rx, &p, &more), 0);
	assert_int_equal(net_ns_counters(b->ns, NET_UDP)->received, NET_BATCH + 6);
	close(fd);
}

static void what_a_full_buffer_drops_is_counted(void **state)
{
	enum { N = 300 };
	const struct bench *b = *state;
	const struct net_counters *counters = net_ns_counters(b->ns, NET_UDP);
	const uint64_t *overflow = &counters->drops[NET_DROP_OVERFLOW];
	const struct net_packet *p = &nothing;
	const int small = 4096;
	int fd = far_socket(b, SOCK_DGRAM, IPPROTO_UDP);

	assert_int_equal(
		setsockopt(net_ns_fd(b->ns, NET_UDP), SOL_SOCKET, SO_RCVBUF, &small, sizeof(small)),
		0);
	for (int round = 1; round <= 2; round++) {
		for (int i = 0; i < N; i++)
			far_send(b, fd, "0123456789", 10, &b->lab.near_addr, 547);
		while (recv_within(b, NET_UDP, 100, &p) > 0)
			;
		/* The next one that comes tells of those before it. */
		far_send(b, fd, "0123456789", 10, &b->lab.near_addr, 547);
		assert_int_equal(recv_within(b, NET_UDP, 2000, &p), 1);
		assert_true(*overflow > 0);
		assert_int_equal(counters->received + *overflow, round * (N + 1));
	}
	close(fd);
}

/* What the kernel does not say, because it was told not to. */
static void a_datagram_from_nowhere_is_dropped(void **state)
{
	const struct bench *b = *state;
	const struct net_packet *p = &nothing;
	const int off = 0;
	int fd = far_socket(b, SOCK_DGRAM, IPPROTO_UDP);

	assert_int_equal(setsockopt(net_ns_fd(b->ns, NET_UDP), IPPROTO_IPV6, IPV6_RECVPKTINFO, &off,
				    sizeof(off)),
			 0);
	far_send(b, fd, "0123456789", 10, &b->lab.near_addr, 547);
	assert_int_equal(recv_within(b, NET_UDP, 2000, &p), 0);
	assert_int_equal(net_ns_counters(b->ns, NET_UDP)->drops[NET_DROP_NO_INTERFACE], 1);
	close(fd);
}

/* More control data than there is room for. */
static void a_datagram_that_is_cut_is_dropped(void **state)
{
	static const int more[] = {IPV6_RECVHOPLIMIT, IPV6_RECVTCLASS, IPV6_RECVORIGDSTADDR,
				   IPV6_RECVFRAGSIZE};
	const struct bench *b = *state;
	const struct net_packet *p = &nothing;
	const int on = 1, udp = net_ns_fd(b->ns, NET_UDP);
	int fd = far_socket(b, SOCK_DGRAM, IPPROTO_UDP);

	for (size_t i = 0; i < sizeof(more) / sizeof(*more); i++)
		assert_int_equal(setsockopt(udp, IPPROTO_IPV6, more[i], &on, sizeof(on)), 0);
	assert_int_equal(setsockopt(udp, SOL_SOCKET, SO_TIMESTAMP, &on, sizeof(on)), 0);
	far_send(b, fd, "0123456789", 10, &b->lab.near_addr, 547);
	assert_int_equal(recv_within(b, NET_UDP, 2000, &p), 0);
	assert_int_equal(net_ns_counters(b->ns, NET_UDP)->drops[NET_DROP_TRUNCATED], 1);
	close(fd);
}

/* After all others: each reason was provoked by one of them; what the daemon counts by drops.sh. */
static void each_reason_was_provoked_and_has_a_sentence(void **state)
{
	const struct bench *b = *state;

	for (int i = 0; i < NET_DROPS; i++) {
		const struct drop_reason *reason = net_drop_reason((enum net_drop)i);

		assert_true(reason->name && *reason->name);
		assert_true(reason->doc && reason->doc[strlen(reason->doc) - 1] == '.');
		if (i != NET_DROP_OTHER_INTERFACE && !b->drops[i])
			fail_msg("nothing provoked %s", reason->name);
	}
}

static void the_largest_datagram_comes_whole(void **state)
{
	const struct bench *b = *state;
	const struct net_packet *p = &nothing;
	enum { LARGEST = 65527 };
	uint8_t *bytes = malloc(LARGEST);
	int fd = far_socket(b, SOCK_DGRAM, IPPROTO_UDP);

	assert_non_null(bytes);
	for (size_t i = 0; i < LARGEST; i++)
		bytes[i] = (uint8_t)(i * 7);
	far_send(b, fd, bytes, LARGEST, &b->lab.near_addr, 547);
	assert_int_equal(recv_within(b, NET_UDP, 2000, &p), 1);
	assert_int_equal(p->len, LARGEST);
	assert_memory_equal(p->data, bytes, LARGEST);
	free(bytes);
	close(fd);
}

static void a_port_in_use_is_named(void **state)
{
	char why[NET_WHY_LEN] = "";
	struct net_ns *second = NULL;

	(void)state;
	/* Who serves no DHCPv6 does not mind. */
	assert_int_equal(net_ns_open(NULL, &second, why, sizeof(why)), 0);
	assert_int_equal(net_ns_fd(second, NET_UDP), -1);
	assert_int_equal(net_ns_open_dhcp6(second, why, sizeof(why)), -EADDRINUSE);
	assert_int_equal(net_ns_fd(second, NET_UDP), -1);
	assert_non_null(strstr(why, "another DHCPv6 server or relay is bound to port 547"));
	net_ns_close(second);
}

static void without_the_right_to(cap_value_t right)
{
	cap_t caps = cap_get_proc();

	assert_non_null(caps);
	assert_int_equal(cap_set_flag(caps, CAP_EFFECTIVE, 1, &right, CAP_CLEAR), 0);
	assert_int_equal(cap_set_proc(caps), 0);
	cap_free(caps);
}

static void with_the_right_to(cap_value_t right)
{
	cap_t caps = cap_get_proc();

	assert_non_null(caps);
	assert_int_equal(cap_set_flag(caps, CAP_EFFECTIVE, 1, &right, CAP_SET), 0);
	assert_int_equal(cap_set_proc(caps), 0);
	cap_free(caps);
}

static void a_missing_right_is_named(void **state)
{
	static const struct {
		cap_value_t right;
		const char *name;
	} cases[] = {{CAP_NET_RAW, "CAP_NET_RAW"}, {CAP_NET_BIND_SERVICE, "CAP_NET_BIND_SERVICE"}};
	char why[NET_WHY_LEN] = "";
	struct bench *b = *state;
	struct net_ns *ns = NULL;

	net_ns_close(b->ns);
	b->ns = NULL;
	for (size_t i = 0; i < 2; i++) {
		without_the_right_to(cases[i].right);
		int err = net_ns_open(NULL, &ns, why, sizeof(why));

		if (err == 0)
			err = net_ns_open_dhcp6(ns, why, sizeof(why));
		with_the_right_to(cases[i].right);
		assert_true(err == -EPERM || err == -EACCES);
		assert_non_null(strstr(why, cases[i].name));
		net_ns_close(ns);
		ns = NULL;
	}
}

static void frames_tell_the_link_layer_address(void **state)
{
	const struct bench *b = *state;
	const struct in6_addr group = ip6("ff02::1:2");
	static const uint8_t expected[6] = {0x02, 0x02, 0x14, 0x01, 0x01, 0x03};
	char why[NET_WHY_LEN] = "";
	const struct net_packet *p = &nothing;
	struct net_frames *frames = NULL;
	uint8_t mac[6];

	lab_enter(b->lab.far_ns);
	lab_run("ip link set " LAB_FAR " address 02:02:14:01:01:03");
	lab_enter(b->lab.near_ns);
	int fd = far_socket(b, SOCK_DGRAM, IPPROTO_UDP);

	assert_int_equal(net_frames_open(b->ns, &frames, why, sizeof(why)), 0);
	assert_int_equal(net_frames_listen(frames, why, sizeof(why)), 0);
	assert_int_equal(net_join(b->ns, b->lab.near_if, NET_GROUP_DHCP6), 0);
	/* Not for us: nothing is learnt of it. */
	far_send(b, fd, "a", 1, &group, 546);
	lab_readable(net_ns_fd(b->ns, NET_UDP), 100);
	net_frames_read(frames);
	assert_false(net_frames_find(frames, b->lab.near_if, &b->lab.far_addr, mac));
	far_send(b, fd, "b", 1, &group, 547);
	assert_int_equal(recv_within(b, NET_UDP, 2000, &p), 1);
	assert_false(net_frames_find(frames, p->ifindex, &p->src, mac));
	net_frames_read(frames);
	assert_true(net_frames_find(frames, p->ifindex, &p->src, mac));
	assert_memory_equal(mac, expected, sizeof(mac));
	assert_false(net_frames_find(frames, p->ifindex + 1, &p->src, mac));
	assert_false(net_frames_find(NULL, p->ifindex, &p->src, mac));
	net_frames_close(frames);
	close(fd);
}

struct overheard {
	size_t n;
	struct net_overheard last;
	uint8_t first;
};

static void note_overheard(void *arg, const struct net_overheard *heard)
{
	struct overheard *overheard = arg;

	overheard->n++;
	overheard->last = *heard;
	overheard->first = heard->len ? heard->data[0] : 0;
}

static void what_servers_send_is_overheard(void **state)
{
	static const uint8_t mac[6] = {0x02, 0x02, 0x14, 0x01, 0x01, 0x03};
	const struct bench *b = *state;
	struct overheard overheard = {.n = 0};
	char why[NET_WHY_LEN] = "";
	struct net_frames *frames = NULL;
	uint8_t message[300] = {2}, learnt[6];
	struct sockaddr_in6 from = {.sin6_family = AF_INET6, .sin6_port = htons(547)};

	lab_enter(b->lab.far_ns);
	lab_run("ip link set " LAB_FAR " address 02:02:14:01:01:03");
	lab_enter(b->lab.near_ns);
	int client = far_socket(b, SOCK_DGRAM, IPPROTO_UDP);
	int server = far_socket(b, SOCK_DGRAM, IPPROTO_UDP);

	assert_int_equal(bind(server, (const struct sockaddr *)&from, sizeof(from)), 0);
	assert_int_equal(net_frames_open(b->ns, &frames, why, sizeof(why)), 0);
	assert_int_equal(net_frames_listen(frames, why, sizeof(why)), 0);
	net_frames_overhear(frames, note_overheard, &overheard);
	/* From another port, and to another: neither is a server's. */
	far_send(b, client, message, sizeof(message), &b->lab.near_addr, 546);
	far_send(b, server, message, sizeof(message), &b->lab.near_addr, 545);
	far_send(b, server, message, sizeof(message), &b->lab.near_addr, 546);
	assert_true(lab_readable(net_frames_fd(frames), 2000));
	net_frames_read(frames);
	assert_int_equal(overheard.n, 1);
	assert_int_equal(overheard.first, 2);
	/* Cut to a bounded length. */
	assert_int_equal(overheard.last.len, 256 - 48);
	assert_memory_equal(&overheard.last.src, &b->lab.far_addr, 16);
	assert_memory_equal(&overheard.last.dst, &b->lab.near_addr, 16);
	assert_int_equal(overheard.last.ifindex, b->lab.near_if);
	assert_true(overheard.last.has_mac);
	assert_memory_equal(overheard.last.mac, mac, sizeof(mac));
	assert_false(net_frames_find(frames, b->lab.near_if, &b->lab.far_addr, learnt));
	net_frames_close(frames);
	close(client);
	close(server);
}

static void memberships_spread_over_sockets(void **state)
{
	enum { N = 100 };
	struct bench *b = *state;
	int old = 0;
	FILE *f = fopen("/proc/sys/net/core/optmem_max", "re");

	if (!f || fscanf(f, "%d", &old) != 1)
		skip(); /* before Linux 6.8 it belongs to the first namespace alone */
	fclose(f);
	/* Room for a few dozen memberships a socket; only new sockets have it. */
	lab_run("echo 4096 > /proc/sys/net/core/optmem_max");
	lab_run("for i in $(seq %d); do echo link add many$i type bridge; "
		"echo link set many$i up; done | ip -batch -",
		N);
	net_ns_close(b->ns);
	b->ns = lab_open_ns(NULL);
	for (int i = 1; i <= N; i++) {
		char name[IF_NAMESIZE];

		snprintf(name, sizeof(name), "many%d", i);
		assert_int_equal(
			net_join(b->ns, if_nametoindex(name),
				 NET_GROUP_ROUTERS | NET_GROUP_DHCP6 | NET_GROUP_DHCP6_SERVERS),
			0);
	}
	/* Two heads and two numbers: every interface is in the group. */
	lab_run("test $(grep -c '^[0-9]* *many[0-9]* *ff0500000000000000000000000\\?10003 ' "
		"/proc/net/igmp6) = %d",
		N);
	for (int i = 1; i <= N; i++) {
		char name[IF_NAMESIZE];

		snprintf(name, sizeof(name), "many%d", i);
		net_leave(b->ns, if_nametoindex(name));
	}
	lab_run("! grep -q 'many.*ff0500000000000000000000000\\?10003 ' /proc/net/igmp6");
	lab_run("echo %d > /proc/sys/net/core/optmem_max", old);
}

/* S20: the same number again is another interface. */
static void a_recreated_interface_is_joined_again(void **state)
{
	const struct bench *b = *state;

	assert_int_equal(net_join(b->ns, 7777, NET_GROUP_DHCP6), -ENODEV);
	net_leave(b->ns, 7777);
	for (int i = 0; i < 2; i++) {
		lab_run("ip link add again index 7777 type bridge && ip link set again up");
		assert_int_equal(net_join(b->ns, 7777, NET_GROUP_DHCP6), 0);
		lab_run("grep -q 'again *ff020000000000000000000000010002' /proc/net/igmp6");
		lab_run("ip link del again");
		net_leave(b->ns, 7777);
	}
}

struct named {
	const char *name;
	uint64_t inode; /* 0: not found */
};

static void find_named(void *arg, const struct net_nsdir_entry *entry)
{
	struct named *named = arg;

	if (strcmp(entry->name, named->name) == 0 && entry->ready)
		named->inode = entry->inode;
}

static void a_named_namespace_is_entered_and_left(void **state)
{
	const struct bench *b = *state;
	char name[64], why[NET_WHY_LEN] = "";
	struct net_ns *ns = NULL;
	struct stat before, after;

	assert_int_equal(net_ns_open("sextant/../x", &ns, why, sizeof(why)), -EINVAL);
	assert_int_equal(net_ns_open("sextant-none", &ns, why, sizeof(why)), -ENOENT);
	assert_non_null(strstr(why, "ip netns add sextant-none"));
	if (b->lab.user || !lab_private_run())
		skip();
	snprintf(name, sizeof(name), "sextant-test-%d", getpid());
	struct named named = {.name = name};
	struct net_nsdir *dir = NULL;

	assert_int_equal(net_nsdir_open(&dir, why, sizeof(why)), 0);
	assert_false(net_nsdir_read(dir));
	lab_run("ip netns add %s", name);
	bool noticed = net_nsdir_read(dir);

	net_nsdir_each(dir, find_named, &named);
	assert_int_equal(stat("/proc/thread-self/ns/net", &before), 0);
	/* Port 547 is taken here: only in the other namespace can it be had. */
	int err = net_ns_open(name, &ns, why, sizeof(why));

	if (!err)
		err = net_ns_open_dhcp6(ns, why, sizeof(why));
	int joined = err ? err : net_join(ns, 1, NET_GROUP_DHCP6);
	int reserved = err ? err : net_reserve(ns, 5000);
	uint64_t inode = err ? 0 : net_ns_inode(ns);

	assert_int_equal(stat("/proc/thread-self/ns/net", &after), 0);
	without_the_right_to(CAP_SYS_ADMIN);
	struct net_ns *second = NULL;
	int refused = net_ns_open(name, &second, why, sizeof(why));
	int refused_sockets = net_reserve(ns, 100000);

	with_the_right_to(CAP_SYS_ADMIN);
	lab_run("ip netns del %s", name);
	assert_int_equal(err, 0);
	assert_int_equal(joined, 0);
	assert_int_equal(reserved, 0);
	assert_int_equal(refused_sockets, -EXDEV);
	assert_int_equal(net_reserve(ns, 5000), 0);
	assert_true(noticed);
	assert_true(inode != 0);
	assert_int_equal(inode, named.inode);
	assert_true(net_nsdir_read(dir));
	net_nsdir_close(dir);
	assert_string_equal(net_ns_name(ns), name);
	assert_int_equal(before.st_ino, after.st_ino);
	assert_int_equal(refused, -EXDEV);
	assert_non_null(strstr(why, "CAP_SYS_ADMIN"));
	net_ns_close(ns);
}

static int group_setup(void **state)
{
	struct bench *b = calloc(1, sizeof(*b));

	assert_non_null(b);
	lab_init(&b->lab);
	b->rx = net_rx_new();
	*state = b;
	return 0;
}

static int group_teardown(void **state)
{
	struct bench *b = *state;

	net_rx_free(b->rx);
	free(b);
	return 0;
}

int main(void)
{
#define ON_CABLE(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		ON_CABLE(a_solicitation_comes_with_where_it_came_from),
		ON_CABLE(only_router_discovery_passes_the_filter),
		ON_CABLE(a_solicitation_with_a_fragment_header_is_ignored),
		ON_CABLE(dhcpv6_is_heard_once_joined_and_no_longer_once_left),
		ON_CABLE(an_advertisement_leaves_with_hop_limit_255),
		ON_CABLE(one_call_sends_both_protocols_and_hears_none_of_it),
		ON_CABLE(a_vanished_interface_does_not_keep_the_rest),
		ON_CABLE(a_batch_is_bounded_and_the_rest_stays),
		ON_CABLE(what_a_full_buffer_drops_is_counted),
		ON_CABLE(a_datagram_from_nowhere_is_dropped),
		ON_CABLE(a_datagram_that_is_cut_is_dropped),
		ON_CABLE(the_largest_datagram_comes_whole),
		ON_CABLE(a_port_in_use_is_named),
		ON_CABLE(a_missing_right_is_named),
		ON_CABLE(frames_tell_the_link_layer_address),
		ON_CABLE(what_servers_send_is_overheard),
		ON_CABLE(memberships_spread_over_sockets),
		ON_CABLE(a_recreated_interface_is_joined_again),
		ON_CABLE(a_named_namespace_is_entered_and_left),
		cmocka_unit_test(each_reason_was_provoked_and_has_a_sentence),
	};

	return cmocka_run_group_tests(tests, group_setup, group_teardown);
}

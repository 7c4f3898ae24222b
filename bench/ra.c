/* SPDX-License-Identifier: ISC */
/*
 * ra: measures a router's advertisements on many interfaces of one namespace, named PREFIX0,
 * PREFIX1 and so on.
 *
 *	ra first c 200    waits for the first advertisement on each; says "ready" when it listens
 *	ra ask c 200 10   solicits on one after the other, each when the one before was answered,
 *for 10 seconds at most: a router may wait half a second before each answer ra storm c 200 solicits
 *on all at once
 *
 * Writes JSON: times on the monotonic clock, and latencies from the solicitation (RFC 4861
 * section 6.3.7, from the link-local address, with its link-layer address) to the next
 * advertisement on that interface.
 */
#include "config.h"

#include <err.h>
#include <errno.h>
#include <limits.h>
#include <net/if.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/mem.h"
#include "clock.h"
#include "histogram.h"
#include "wire/wire.h"

enum {
	WAIT_MS = 5000, /* for an answer, and for the first on all */
	BUFFER_OCTETS = 4 << 20,
	INDEX_MAX = 1 << 20, /* an interface's index is below */
};

struct link {
	unsigned int index;
	uint8_t mac[6];
	int64_t asked; /* when it was solicited, 0 if not yet */
	int64_t seen;  /* the first advertisement after it, 0 if none */
};

struct ra {
	int fd;
	struct link *links;
	unsigned int n;
	unsigned int *by_index; /* number of the link + 1 */
	unsigned int seen;
};

static void link_open(struct link *link, const char *prefix, unsigned int number, int fd)
{
	struct ifreq req = {0};

	snprintf(req.ifr_name, sizeof(req.ifr_name), "%s%u", prefix, number);
	if (ioctl(fd, SIOCGIFHWADDR, &req) < 0)
		err(1, "%s", req.ifr_name);
	memcpy(link->mac, req.ifr_hwaddr.sa_data, sizeof(link->mac));
	link->index = if_nametoindex(req.ifr_name);
	if (link->index == 0 || link->index >= INDEX_MAX)
		err(1, "%s", req.ifr_name);
}

static int icmp6_open(void)
{
	int fd = socket(AF_INET6, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_ICMPV6);
	int on = 1, hops = 255, octets = BUFFER_OCTETS;
	struct icmp6_filter filter;

	ICMP6_FILTER_SETBLOCKALL(&filter);
	ICMP6_FILTER_SETPASS(ND_ROUTER_ADVERT, &filter);
	if (fd < 0 || setsockopt(fd, IPPROTO_ICMPV6, ICMP6_FILTER, &filter, sizeof(filter)) < 0 ||
	    setsockopt(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, &on, sizeof(on)) < 0 ||
	    setsockopt(fd, IPPROTO_IPV6, IPV6_MULTICAST_HOPS, &hops, sizeof(hops)) < 0 ||
	    (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &octets, sizeof(octets)) < 0 &&
	     setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &octets, sizeof(octets)) < 0))
		err(1, "raw ICMPv6 socket");
	return fd;
}

static void ra_open(struct ra *ra, const char *prefix, unsigned int n)
{
	*ra = (struct ra){
		.fd = icmp6_open(),
		.links = mem_new(n, sizeof(*ra->links)),
		.n = n,
		.by_index = mem_new(INDEX_MAX, sizeof(*ra->by_index)),
	};
	for (unsigned int i = 0; i < n; i++) {
		link_open(&ra->links[i], prefix, i, ra->fd);
		ra->by_index[ra->links[i].index] = i + 1;
	}
}

static void ra_close(struct ra *ra)
{
	close(ra->fd);
	free(ra->links);
	free(ra->by_index);
}

/* The index of the interface that a message came in by. */
static unsigned int interface_of(struct msghdr *msg)
{
	for (struct cmsghdr *c = CMSG_FIRSTHDR(msg); c; c = CMSG_NXTHDR(msg, c)) {
		struct in6_pktinfo info;

		if (c->cmsg_level != IPPROTO_IPV6 || c->cmsg_type != IPV6_PKTINFO)
			continue;
		memcpy(&info, CMSG_DATA(c), sizeof(info));
		return info.ipi6_ifindex < INDEX_MAX ? info.ipi6_ifindex : 0;
	}
	return 0;
}

/* Reads one advertisement, if it is there, and notes the time on its link. */
static bool advertisement_take(struct ra *ra)
{
	uint8_t bytes[2048], control[128];
	struct iovec iov = {.iov_base = bytes, .iov_len = sizeof(bytes)};
	struct msghdr msg = {.msg_iov = &iov,
			     .msg_iovlen = 1,
			     .msg_control = control,
			     .msg_controllen = sizeof(control)};

	if (recvmsg(ra->fd, &msg, MSG_DONTWAIT) < 0) {
		if (errno == EAGAIN)
			return false;
		err(1, "recvmsg");
	}
	unsigned int number = ra->by_index[interface_of(&msg)];

	if (number == 0)
		return true;
	struct link *link = &ra->links[number - 1];

	if (link->asked && !link->seen) {
		link->seen = clock_ns();
		ra->seen++;
	}
	return true;
}

/* Waits until `want` links have seen an advertisement, or for WAIT_MS. */
static void wait_seen(struct ra *ra, unsigned int want)
{
	int64_t end = clock_ns() + WAIT_MS * NS_PER_MS;
	struct pollfd poll_fd = {.fd = ra->fd, .events = POLLIN};

	while (ra->seen < want) {
		int64_t left = end - clock_ns();

		if (left <= 0)
			return;
		poll(&poll_fd, 1, (int)(left / NS_PER_MS) + 1);
		while (advertisement_take(ra))
			;
	}
}

static void solicit(struct ra *ra, struct link *link)
{
	uint8_t bytes[16], control[CMSG_SPACE(sizeof(struct in6_pktinfo))] = {0};
	struct wire_writer w = wire_writer(bytes, sizeof(bytes));
	struct sockaddr_in6 to = {.sin6_family = AF_INET6, .sin6_scope_id = link->index};
	struct in6_pktinfo info = {.ipi6_ifindex = link->index};
	struct iovec iov = {.iov_base = bytes, .iov_len = sizeof(bytes)};
	struct msghdr msg = {.msg_name = &to,
			     .msg_namelen = sizeof(to),
			     .msg_iov = &iov,
			     .msg_iovlen = 1,
			     .msg_control = control,
			     .msg_controllen = sizeof(control)};
	struct cmsghdr *c = CMSG_FIRSTHDR(&msg);

	wire_put_u8(&w, ND_ROUTER_SOLICIT);
	wire_put_zeros(&w, 7); /* code, checksum (the kernel's), reserved */
	wire_put_u8(&w, ND_OPT_SOURCE_LINKADDR);
	wire_put_u8(&w, 1);
	wire_put_bytes(&w, link->mac, sizeof(link->mac));
	to.sin6_addr.s6_addr[0] = 0xff;
	to.sin6_addr.s6_addr[1] = 2;
	to.sin6_addr.s6_addr[15] = 2;
	*c = (struct cmsghdr){.cmsg_level = IPPROTO_IPV6,
			      .cmsg_type = IPV6_PKTINFO,
			      .cmsg_len = CMSG_LEN(sizeof(info))};
	memcpy(CMSG_DATA(c), &info, sizeof(info));
	link->asked = clock_ns();
	if (sendmsg(ra->fd, &msg, 0) < 0)
		err(1, "Router Solicitation");
}

static void report(const struct ra *ra)
{
	struct histogram *h = mem_new(1, sizeof(*h));
	int64_t earliest = 0, latest = 0;

	for (unsigned int i = 0; i < ra->n; i++) {
		const struct link *link = &ra->links[i];

		if (!link->seen)
			continue;
		histogram_add(h, link->seen - link->asked);
		if (earliest == 0 || link->seen < earliest)
			earliest = link->seen;
		if (link->seen > latest)
			latest = link->seen;
	}
	printf("{\"interfaces\":%u,\"seen\":%u,\"first\":%.6f,\"last\":%.6f,\"latency_us\":", ra->n,
	       ra->seen, (double)earliest / 1e9, (double)latest / 1e9);
	histogram_print(h, stdout);
	printf("}\n");
	free(h);
}

static void first(struct ra *ra)
{
	for (unsigned int i = 0; i < ra->n; i++)
		ra->links[i].asked = clock_ns();
	fprintf(stderr, "event=ready\n");
	wait_seen(ra, ra->n);
}

static void ask(struct ra *ra, unsigned int seconds)
{
	int64_t end = clock_ns() + seconds * NS_PER_SEC;

	for (unsigned int i = 0; i < ra->n && clock_ns() < end; i++) {
		solicit(ra, &ra->links[i]);
		wait_seen(ra, ra->seen + 1);
		if (!ra->links[i].seen)
			return; /* one that never answers would cost WAIT_MS an interface */
	}
}

static void storm(struct ra *ra)
{
	for (unsigned int i = 0; i < ra->n; i++)
		solicit(ra, &ra->links[i]);
	wait_seen(ra, ra->n);
}

int main(int argc, char **argv)
{
	struct ra ra;
	unsigned int n = argc >= 4 ? (unsigned int)strtoul(argv[3], NULL, 10) : 0;
	unsigned int seconds = argc == 5 ? (unsigned int)strtoul(argv[4], NULL, 10) : UINT_MAX;

	if (n == 0) {
		fprintf(stderr, "Usage: ra first|ask|storm INTERFACE-PREFIX COUNT [SECONDS]\n");
		return 2;
	}
	ra_open(&ra, argv[2], n);
	if (strcmp(argv[1], "first") == 0)
		first(&ra);
	else if (strcmp(argv[1], "ask") == 0)
		ask(&ra, seconds);
	else if (strcmp(argv[1], "storm") == 0)
		storm(&ra);
	else
		errx(2, "%s: first, ask or storm", argv[1]);
	report(&ra);
	ra_close(&ra);
	return 0;
}

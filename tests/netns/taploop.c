/* SPDX-License-Identifier: ISC */
/*
 * Guests on taps, one after the other: makes a tap, which is the router's interface, brings it up,
 * sends a Router Solicitation by its descriptor 1 ms later as an impatient guest would, waits for a
 * Router Advertisement and lets the tap go.
 *
 *	taploop -n COUNT [-q]    the taps are named tap0, tap1, ...; -q: nothing is solicited
 *
 * Prints in milliseconds: `first`, from the moment that the tap's link-local address can be used to
 * the first advertisement; `answer`, from the solicitation to the first advertisement after it.
 * Fails when one waits for longer than 5 s. To be run in the router's namespace.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/if_addr.h>
#include <linux/if_tun.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
	PATIENCE_MS = 5000,
	COUNT_MAX = 10000,
	ETHER_HEADER = 14,
	ICMP6_OFFSET = ETHER_HEADER + 40,
	ROUTER_SOLICIT = 133,
	ROUTER_ADVERT = 134,
};

struct guest {
	char name[IFNAMSIZ];
	int tap, netlink;
	unsigned int ifindex;
	int64_t usable, solicited, first, answer; /* microseconds; 0: not yet */
};

static int64_t now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static _Noreturn void die(const char *what)
{
	fprintf(stderr, "taploop: %s: %s\n", what, strerror(errno));
	exit(EXIT_FAILURE);
}

static void make_tap(struct guest *guest)
{
	struct ifreq ifr = {.ifr_flags = IFF_TAP | IFF_NO_PI};

	guest->tap = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
	if (guest->tap < 0)
		die("/dev/net/tun");
	memcpy(ifr.ifr_name, guest->name, sizeof(ifr.ifr_name));
	if (ioctl(guest->tap, TUNSETIFF, &ifr) < 0)
		die("TUNSETIFF");
	guest->ifindex = if_nametoindex(guest->name);
}

static void bring_up(const struct guest *guest)
{
	int fd = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct ifreq ifr = {.ifr_flags = IFF_UP};

	memcpy(ifr.ifr_name, guest->name, sizeof(ifr.ifr_name));
	if (fd < 0 || ioctl(fd, SIOCSIFFLAGS, &ifr) < 0)
		die("bringing the tap up");
	close(fd);
}

static int watch_addresses(void)
{
	const struct sockaddr_nl groups = {.nl_family = AF_NETLINK,
					   .nl_groups = RTMGRP_IPV6_IFADDR};
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE);

	if (fd < 0 || bind(fd, (const struct sockaddr *)&groups, sizeof(groups)) < 0)
		die("netlink");
	return fd;
}

/* RFC 4443 section 2.3. */
static uint16_t checksum(const uint8_t *frame, size_t len)
{
	const uint8_t *ip6 = frame + ETHER_HEADER;
	size_t icmp_len = len - ICMP6_OFFSET;
	uint32_t sum = (uint32_t)icmp_len + 58;

	for (size_t i = 8; i < 40 + icmp_len; i += 2)
		sum += (uint32_t)(ip6[i] << 8 | ip6[i + 1]);
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

static void solicit(struct guest *guest)
{
	/* clang-format off */
	uint8_t frame[] = {
		0x33, 0x33, 0, 0, 0, 2, 0x02, 0, 0, 0, 0, 1, 0x86, 0xdd,
		0x60, 0, 0, 0, 0, 16, 58, 255,
		0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xfe, 0, 0, 1,
		0xff, 0x02, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2,
		ROUTER_SOLICIT, 0, 0, 0, 0, 0, 0, 0,
		1, 1, 0x02, 0, 0, 0, 0, 1,
	};
	/* clang-format on */
	uint16_t sum = checksum(frame, sizeof(frame));

	frame[ICMP6_OFFSET + 2] = (uint8_t)(sum >> 8);
	frame[ICMP6_OFFSET + 3] = (uint8_t)sum;
	if (write(guest->tap, frame, sizeof(frame)) != (ssize_t)sizeof(frame))
		die("sending the solicitation");
	guest->solicited = now_us();
}

static void read_frames(struct guest *guest)
{
	uint8_t frame[2048];
	ssize_t n;

	while ((n = read(guest->tap, frame, sizeof(frame))) > 0) {
		if (n <= ICMP6_OFFSET || frame[12] != 0x86 || frame[13] != 0xdd ||
		    frame[ETHER_HEADER + 6] != 58 || frame[ICMP6_OFFSET] != ROUTER_ADVERT)
			continue;
		if (!guest->first)
			guest->first = now_us();
		if (guest->solicited && !guest->answer)
			guest->answer = now_us();
	}
}

static void take_address(struct guest *guest, struct nlmsghdr *head)
{
	const struct ifaddrmsg *info = NLMSG_DATA(head);

	if (head->nlmsg_type == RTM_NEWADDR && info->ifa_index == guest->ifindex &&
	    info->ifa_scope == RT_SCOPE_LINK && !guest->usable &&
	    (!(info->ifa_flags & IFA_F_TENTATIVE) || (info->ifa_flags & IFA_F_OPTIMISTIC)))
		guest->usable = now_us();
}

static void read_addresses(struct guest *guest)
{
	union {
		struct nlmsghdr head;
		uint8_t bytes[8192];
	} buf;
	ssize_t n;

	while ((n = recv(guest->netlink, &buf, sizeof(buf), 0)) > 0) {
		uint32_t left = (uint32_t)n;

		for (struct nlmsghdr *head = &buf.head; NLMSG_OK(head, left);
		     head = NLMSG_NEXT(head, left))
			take_address(guest, head);
	}
}

/* Polls for at most so many microseconds. */
static void wait_a_little(struct guest *guest, int64_t us)
{
	const struct timespec time = {.tv_sec = us / 1000000, .tv_nsec = us % 1000000 * 1000};
	struct pollfd fds[] = {{.fd = guest->tap, .events = POLLIN},
			       {.fd = guest->netlink, .events = POLLIN}};

	if (us > 0)
		ppoll(fds, 2, &time, NULL);
	read_addresses(guest);
	read_frames(guest);
}

static bool is_served(const struct guest *guest, bool quiet)
{
	return quiet ? guest->first && guest->usable : guest->answer != 0;
}

static void run_guest(struct guest *guest, bool quiet)
{
	int64_t up, now;

	guest->netlink = watch_addresses();
	make_tap(guest);
	bring_up(guest);
	up = now_us();
	for (now = up; now < up + 1000; now = now_us())
		wait_a_little(guest, up + 1000 - now);
	if (!quiet)
		solicit(guest);
	for (now = up; !is_served(guest, quiet) && now < up + PATIENCE_MS * 1000; now = now_us())
		wait_a_little(guest, up + PATIENCE_MS * 1000 - now);
	close(guest->tap);
	close(guest->netlink);
	if (is_served(guest, quiet) && guest->usable)
		return;
	fprintf(stderr, "taploop: %s: %s\n", guest->name,
		guest->usable ? "no advertisement" : "its link-local address was not usable");
	exit(EXIT_FAILURE);
}

static int compare(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static void print(const char *what, int64_t *us, size_t n)
{
	size_t middle = n / 2;

	qsort(us, n, sizeof(*us), compare);
	printf("%s median=%.1f max=%.1f\n", what, (double)us[middle] / 1000,
	       (double)us[n - 1] / 1000);
}

int main(int argc, char **argv)
{
	static int64_t first[COUNT_MAX], answer[COUNT_MAX];
	bool quiet = false;
	size_t count = 0;
	int opt;

	while ((opt = getopt(argc, argv, "n:q")) != -1) {
		if (opt == 'n')
			count = strtoul(optarg, NULL, 10);
		else if (opt == 'q')
			quiet = true;
		else
			return 2;
	}
	if (count == 0 || count > COUNT_MAX)
		return 2;
	for (size_t i = 0; i < count; i++) {
		struct guest guest = {.tap = -1};

		snprintf(guest.name, sizeof(guest.name), "tap%zu", i);
		run_guest(&guest, quiet);
		/* The daemon can hear of the address before we do. */
		first[i] = guest.first > guest.usable ? guest.first - guest.usable : 0;
		answer[i] = guest.answer - guest.solicited;
	}
	print("first", first, count);
	if (!quiet)
		print("answer", answer, count);
	return EXIT_SUCCESS;
}

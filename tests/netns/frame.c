/* SPDX-License-Identifier: ISC */
/*
 * Sends Ethernet frames that no client of the kernel would send.
 *
 *	frame INTERFACE TO-MAC SOURCE DESTINATION NEXT-HEADER HEX
 *
 * sends one and says what comes back.
 * HEX is what follows the IPv6 header; the checksum of ICMPv6 (58) and UDP (17) is filled in. Then
 * the first Router Advertisement or UDP datagram that comes in is told: the Next Header of its IPv6
 * header, its hop limit, and its type (of the message in it). Fails when none comes within 5 s.
 *
 *	frame INTERFACE FIRST COUNT
 *
 * sends a Solicit with Rapid Commit from each of so many hosts, as fast as it can. Host N has the
 * link-layer address 02:10 and N in four octets, the link-local address fe80::1000:0 and N more,
 *and a DUID that says nothing of either. Nobody waits for answers.
 */
#include "config.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "duid/duid.h"
#include "wire/wire.h"

enum {
	PATIENCE_MS = 5000,
	ROOM = 1600,
	HEADER = 40,
	UDP = 17,
	ICMP6 = 58,
	ROUTER_ADVERT = 134,
};

static _Noreturn void die(const char *what)
{
	fprintf(stderr, "frame: %s: %s\n", what, errno ? strerror(errno) : "not understood");
	exit(EXIT_FAILURE);
}

static struct in6_addr address(const char *text)
{
	struct in6_addr addr;

	if (inet_pton(AF_INET6, text, &addr) != 1)
		die(text);
	return addr;
}

static void put_hex(struct wire_writer *w, const char *hex)
{
	unsigned int octet;

	for (; hex[0] && hex[1] && sscanf(hex, "%2x", &octet) == 1; hex += 2)
		wire_put_u8(w, (uint8_t)octet);
	if (*hex)
		die(hex);
}

/* RFC 8200 section 8.1, over addresses, length, next header and what follows them. */
static uint16_t checksum(const uint8_t *packet, size_t len, uint8_t next)
{
	struct wire_reader r = wire_reader(packet + 8, len - 8);
	uint32_t sum = (uint32_t)(len - HEADER) + next;

	while (wire_left(&r) > 1)
		sum += wire_get_u16(&r);
	if (wire_left(&r))
		sum += (uint32_t)wire_get_u8(&r) << 8;
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

static struct wire_writer begin(uint8_t packet[ROOM], const struct in6_addr *source,
				const struct in6_addr *destination, uint8_t next)
{
	struct wire_writer w = wire_writer(packet, ROOM);

	wire_put_u32(&w, 0x60000000);
	wire_put_u16(&w, 0);
	wire_put_u8(&w, next);
	wire_put_u8(&w, 255);
	wire_put_ip6(&w, source);
	wire_put_ip6(&w, destination);
	return w;
}

/* Fills in what is known at the end. Returns the length of the packet. */
static size_t end(struct wire_writer *w, uint8_t packet[ROOM], uint8_t next)
{
	wire_set_u16(w, 4, (uint16_t)(w->at - HEADER));
	if (next == ICMP6 || next == UDP)
		wire_set_u16(w, HEADER + (next == UDP ? 6 : 2), checksum(packet, w->at, next));
	return w->at;
}

static size_t build(char **argv, uint8_t packet[ROOM])
{
	struct in6_addr source = address(argv[3]), destination = address(argv[4]);
	uint8_t next = (uint8_t)atoi(argv[5]);
	struct wire_writer w = begin(packet, &source, &destination, next);

	put_hex(&w, argv[6]);
	return end(&w, packet, next);
}

/* The Solicit of a host, in its frame; returns the octets of both. */
static size_t build_solicit(uint32_t host, uint8_t frame[ROOM])
{
	static const uint8_t group[16] = {0xff, 2, [13] = 1, [15] = 2};
	struct wire_writer head = wire_writer(frame, ROOM), w;
	struct in6_addr source, destination;
	uint8_t packet[ROOM];

	memcpy(&destination, group, sizeof(destination));
	w = wire_writer(source.s6_addr, sizeof(source.s6_addr));
	put_hex(&w, "fe8000000000000000000000");
	wire_put_u32(&w, 0x10000000 + host);
	w = begin(packet, &source, &destination, UDP);

	wire_put_u16(&w, 546);
	wire_put_u16(&w, 547);
	wire_put_u32(&w, 0); /* length and checksum */
	wire_put_u32(&w, 0x01000000 | (host & 0xffffff));
	put_hex(&w, "0001001200040000000000000000");
	wire_put_u32(&w, host);
	put_hex(&w, "000000000003000c000000010000000000000000");
	put_hex(&w, "000e0000000800020000");
	wire_set_u16(&w, HEADER + 4, (uint16_t)(w.at - HEADER));
	size_t len = end(&w, packet, UDP);

	put_hex(&head, "3333000100020210");
	wire_put_u32(&head, host);
	wire_put_u16(&head, ETH_P_IPV6);
	wire_put_bytes(&head, packet, len);
	return head.at;
}

static void solicit_all(const char *interface, uint32_t first, uint32_t count)
{
	const struct sockaddr_ll to = {.sll_family = AF_PACKET,
				       .sll_ifindex = (int)if_nametoindex(interface)};
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	uint8_t frame[ROOM];

	if (fd < 0 || bind(fd, (const struct sockaddr *)&to, sizeof(to)) < 0)
		die(interface);
	for (uint32_t i = 0; i < count; i++) {
		size_t len = build_solicit(first + i, frame);

		if (send(fd, frame, len, 0) != (ssize_t)len)
			die("send");
	}
	close(fd);
}

/* Whether it is one to tell of; multicast listeners and neighbours talk all the time. */
static bool tell(const uint8_t *packet, size_t len)
{
	static const uint8_t mld_reports[16] = {0xff, 2, [15] = 0x16};
	struct wire_reader r = wire_reader(packet, len);

	wire_get_bytes(&r, 6);
	uint8_t next = wire_get_u8(&r), hops = wire_get_u8(&r);

	wire_get_bytes(&r, 16);
	const uint8_t *destination = wire_get_bytes(&r, 16);

	if (next == UDP)
		wire_get_bytes(&r, 8);
	uint8_t type = wire_get_u8(&r);

	if (r.bad || memcmp(destination, mld_reports, 16) == 0 ||
	    (next == ICMP6 && type != ROUTER_ADVERT))
		return false;
	printf("next-header=%u hop-limit=%u type=%u\n", next, hops, type);
	return true;
}

static bool wait_for_answer(int fd)
{
	struct pollfd pollfd = {.fd = fd, .events = POLLIN};
	uint8_t packet[ROOM];

	while (poll(&pollfd, 1, PATIENCE_MS) > 0) {
		struct sockaddr_ll from = {.sll_family = AF_PACKET};
		socklen_t from_len = sizeof(from);
		ssize_t n = recvfrom(fd, packet, sizeof(packet), 0, (struct sockaddr *)&from,
				     &from_len);

		if (n > 0 && from.sll_pkttype != PACKET_OUTGOING && tell(packet, (size_t)n))
			return true;
	}
	return false;
}

int main(int argc, char **argv)
{
	struct sockaddr_ll to = {
		.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_IPV6), .sll_halen = ETH_ALEN};
	uint8_t packet[ROOM];
	struct duid mac; /* a link-layer address is written as a DUID is */
	int fd;

	if (argc == 4) {
		solicit_all(argv[1], (uint32_t)atol(argv[2]), (uint32_t)atol(argv[3]));
		return EXIT_SUCCESS;
	}
	if (argc != 7 || !duid_parse(argv[2], &mac) || mac.len != ETH_ALEN) {
		fputs("usage: frame INTERFACE TO-MAC SOURCE DESTINATION NEXT-HEADER HEX\n"
		      "       frame INTERFACE FIRST COUNT\n",
		      stderr);
		return 2;
	}
	memcpy(to.sll_addr, mac.bytes, ETH_ALEN);
	to.sll_ifindex = (int)if_nametoindex(argv[1]);
	fd = socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC, htons(ETH_P_IPV6));
	if (fd < 0 || bind(fd, (const struct sockaddr *)&to, sizeof(to)) < 0)
		die(argv[1]);
	size_t len = build(argv, packet);

	if (sendto(fd, packet, len, 0, (const struct sockaddr *)&to, sizeof(to)) != (ssize_t)len)
		die("sendto");
	return wait_for_answer(fd) ? EXIT_SUCCESS : EXIT_FAILURE;
}

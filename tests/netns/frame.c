/* SPDX-License-Identifier: ISC */
/*
 * Sends one Ethernet frame that no client of the kernel would send, and says what comes back:
 *
 *	frame INTERFACE TO-MAC SOURCE DESTINATION NEXT-HEADER HEX
 *
 * HEX is what follows the IPv6 header; the checksum of ICMPv6 (58) and UDP (17) is filled in. Then
 * the first Router Advertisement or UDP datagram that comes in is told: the Next Header of its IPv6
 * header, its hop limit, and its type (of the message in it). Fails when none comes within 5 s.
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

static size_t build(char **argv, uint8_t packet[ROOM])
{
	struct in6_addr source = address(argv[3]), destination = address(argv[4]);
	struct wire_writer w = wire_writer(packet, ROOM);
	uint8_t next = (uint8_t)atoi(argv[5]);

	wire_put_u32(&w, 0x60000000);
	wire_put_u16(&w, 0);
	wire_put_u8(&w, next);
	wire_put_u8(&w, 255);
	wire_put_ip6(&w, &source);
	wire_put_ip6(&w, &destination);
	put_hex(&w, argv[6]);
	wire_set_u16(&w, 4, (uint16_t)(w.at - HEADER));
	if (next == ICMP6 || next == UDP)
		wire_set_u16(&w, HEADER + (next == UDP ? 6 : 2), checksum(packet, w.at, next));
	return w.at;
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

	if (argc != 7 || !duid_parse(argv[2], &mac) || mac.len != ETH_ALEN) {
		fputs("usage: frame INTERFACE TO-MAC SOURCE DESTINATION NEXT-HEADER HEX\n", stderr);
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

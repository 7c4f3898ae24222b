/* SPDX-License-Identifier: ISC */
/*
 * A flood of one kind of message, as frames with link-layer and network addresses that nobody has:
 *
 *	torrent -i INTERFACE -k KIND -x RATE -t SECONDS [-n CLIENTS] [-m SENDERS] [-s SOURCE]
 *	        [-a ADDRESS] [-d SERVER-DUID] [-r LINK-ADDRESS]
 *
 * KIND is a message that clients send (solicit, rapid, request, confirm, renew, rebind, release,
 * decline, information, register), rs for Router Solicitations, or junk. CLIENTS is how many DUIDs
 * take turns, SENDERS how many addresses; 0: each message has a new one. SOURCE (fe80::) and
 *ADDRESS, which messages name, get the number of the sender and of the client in their last 32
 *bits. With -r each message is in a Relay-forward for that link. It ends at SIGTERM or when the
 *time is over, and says how many it sent. Answers are not read.
 */
#include "config.h"

#include <errno.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/ip6.h"
#include "duid/duid.h"
#include "wire/wire.h"

enum {
	BATCH = 64,
	ROOM = 512,
	ETHERNET = 14, /* octets before the IPv6 header */
	HEADER = 40,   /* of IPv6 */
	UDP = 17,
	ICMP6 = 58,
	RELAY_FORWARD = 12,
};

struct kind {
	const char *name;
	uint8_t type;
	bool to_server; /* has the server's DUID */
	bool with_ia, with_address, rapid;
};

static const struct kind kinds[] = {
	/* clang-format off */
	{"solicit",     1,   false, true,  false, false},
	{"rapid",       1,   false, true,  false, true},
	{"request",     3,   true,  true,  false, false},
	{"confirm",     4,   false, true,  true,  false},
	{"renew",       5,   true,  true,  true,  false},
	{"rebind",      6,   false, true,  false, false},
	{"release",     8,   true,  true,  true,  false},
	{"decline",     9,   true,  true,  true,  false},
	{"information", 11,  false, false, false, false},
	{"register",    36,  false, false, true,  false},
	{"junk",        99,  false, false, false, false},
	{"rs",          133, false, false, false, false},
	/* clang-format on */
};

struct torrent {
	const struct kind *kind;
	struct sockaddr_ll to;
	uint32_t clients, senders, rate;
	int64_t milliseconds;
	struct in6_addr source, address, link;
	bool relayed;
	struct duid server;
	uint64_t sent;
};

static volatile sig_atomic_t stopped;

static void on_term(int number)
{
	(void)number;
	stopped = 1;
}

static _Noreturn void die(const char *what)
{
	fprintf(stderr, "torrent: %s: %s\n", what, errno ? strerror(errno) : "not understood");
	exit(EXIT_FAILURE);
}

static uint32_t one_of(uint64_t at, uint32_t count)
{
	return (uint32_t)(count ? at % count : at);
}

static struct in6_addr numbered(struct in6_addr addr, uint32_t number)
{
	for (int i = 0; i < 4; i++)
		addr.s6_addr[15 - i] = (uint8_t)(number >> 8 * i);
	return addr;
}

static void put_mac(struct wire_writer *w, uint32_t number)
{
	wire_put_u16(w, 0x0204);
	wire_put_u32(w, number);
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

/* --- messages ------------------------------------------------------------------------------- */

static void put_address(struct wire_writer *w, const struct torrent *t, uint32_t client)
{
	const struct in6_addr addr = numbered(t->address, client);

	wire_put_u16(w, 5);
	wire_put_u16(w, 24);
	wire_put_ip6(w, &addr);
	wire_put_u32(w, 1000);
	wire_put_u32(w, 2000);
}

static void put_message(struct wire_writer *w, const struct torrent *t, uint32_t client)
{
	const struct kind *kind = t->kind;

	wire_put_u8(w, kind->type);
	wire_put_u24(w, (uint32_t)t->sent & 0xffffff);
	/* DUID-EN with the enterprise number for examples (RFC 5612). */
	wire_put_u16(w, 1);
	wire_put_u16(w, 10);
	wire_put_u16(w, DUID_EN);
	wire_put_u32(w, 32473);
	wire_put_u32(w, client);
	if (kind->to_server) {
		wire_put_u16(w, 2);
		wire_put_u16(w, t->server.len);
		wire_put_bytes(w, t->server.bytes, t->server.len);
	}
	if (kind->rapid) {
		wire_put_u16(w, 14);
		wire_put_u16(w, 0);
	}
	if (kind->with_ia) {
		wire_put_u16(w, 3);
		wire_put_u16(w, kind->with_address ? 12 + 28 : 12);
		wire_put_u32(w, 1);
		wire_put_zeros(w, 8);
	}
	if (kind->with_address)
		put_address(w, t, client);
}

static void put_relayed(struct wire_writer *w, const struct torrent *t, uint32_t client)
{
	static const struct in6_addr near = {{{0xfe, 0x80}}};
	const struct in6_addr peer = numbered(near, client);

	wire_put_u8(w, RELAY_FORWARD);
	wire_put_u8(w, 0);
	wire_put_ip6(w, &t->link);
	wire_put_ip6(w, &peer);
	wire_put_u16(w, 9);
	size_t mark = wire_put_open(w, WIRE_LEN_U16);

	put_message(w, t, client);
	wire_put_close(w, mark, WIRE_LEN_U16);
}

static void put_udp(struct wire_writer *w, const struct torrent *t, uint32_t client)
{
	size_t start = w->at;

	wire_put_u16(w, t->relayed ? 547 : 546);
	wire_put_u16(w, 547);
	wire_put_u32(w, 0);
	if (t->relayed)
		put_relayed(w, t, client);
	else
		put_message(w, t, client);
	wire_set_u16(w, start + 4, (uint16_t)(w->at - start));
}

/* RFC 4861 section 4.1, with the source's link-layer address. */
static void put_solicitation(struct wire_writer *w, uint32_t sender)
{
	wire_put_u16(w, 133 << 8);
	wire_put_u16(w, 0);
	wire_put_u32(w, 0);
	wire_put_u16(w, 1 << 8 | 1);
	put_mac(w, sender);
}

/* One frame; returns its length. */
static size_t build(const struct torrent *t, uint8_t *frame)
{
	struct wire_writer w = wire_writer(frame, ROOM),
			   ip = wire_writer(frame + ETHERNET, ROOM - ETHERNET);
	uint32_t sender = one_of(t->sent, t->senders), client = one_of(t->sent, t->clients);
	bool rs = strcmp(t->kind->name, "rs") == 0;
	const struct in6_addr source = numbered(t->source, sender);
	const struct in6_addr servers = {{{0xff, 2, [13] = 1, [15] = 2}}};
	const struct in6_addr routers = {{{0xff, 2, [15] = 2}}};

	wire_put_u16(&w, 0x3333);
	wire_put_u32(&w, rs ? 2 : 0x10002);
	put_mac(&w, sender);
	wire_put_u16(&w, ETH_P_IPV6);
	wire_put_u32(&ip, 0x60000000);
	wire_put_u16(&ip, 0);
	wire_put_u8(&ip, rs ? ICMP6 : UDP);
	wire_put_u8(&ip, 255);
	wire_put_ip6(&ip, &source);
	wire_put_ip6(&ip, rs ? &routers : &servers);
	if (rs)
		put_solicitation(&ip, sender);
	else
		put_udp(&ip, t, client);
	wire_set_u16(&ip, 4, (uint16_t)(ip.at - HEADER));
	wire_set_u16(&ip, HEADER + (rs ? 2 : 6), checksum(ip.bytes, ip.at, rs ? ICMP6 : UDP));
	return ETHERNET + ip.at;
}

/* --- sending -------------------------------------------------------------------------------- */

static void send_batch(struct torrent *t, int fd, size_t n)
{
	static uint8_t frames[BATCH][ROOM];
	struct mmsghdr msgs[BATCH];
	struct iovec iovs[BATCH];

	for (size_t i = 0; i < n; i++, t->sent++) {
		iovs[i] = (struct iovec){frames[i], build(t, frames[i])};
		msgs[i].msg_hdr = (struct msghdr){.msg_iov = &iovs[i],
						  .msg_iovlen = 1,
						  .msg_name = &t->to,
						  .msg_namelen = sizeof(t->to)};
	}
	/* What the cable does not take is lost, as it would be elsewhere. */
	(void)sendmmsg(fd, msgs, (unsigned int)n, 0);
}

static int64_t now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

static void run(struct torrent *t, int fd)
{
	const struct timespec pause = {.tv_nsec = 1000000};
	const int64_t begun = now_ms();
	int64_t now = begun;

	while (!stopped && now < begun + t->milliseconds) {
		uint64_t due = (uint64_t)(now - begun) * t->rate / 1000 - t->sent;

		if ((int64_t)due > 0)
			send_batch(t, fd, due < BATCH ? due : BATCH);
		else
			nanosleep(&pause, NULL);
		now = now_ms();
	}
	fprintf(stderr, "%llu of %s sent in %lld ms\n", (unsigned long long)t->sent, t->kind->name,
		(long long)(now - begun));
}

static uint32_t number(const char *text)
{
	char *end;
	unsigned long value = strtoul(text, &end, 10);

	if (*text == '\0' || *end != '\0' || value > UINT32_MAX)
		die(text);
	return (uint32_t)value;
}

static struct in6_addr address(const char *text)
{
	struct in6_addr addr;

	if (!ip6_parse(text, &addr))
		die(text);
	return addr;
}

static const struct kind *kind_of(const char *name)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (strcmp(kinds[i].name, name) == 0)
			return &kinds[i];
	}
	die(name);
}

static void read_option(struct torrent *t, int option)
{
	switch (option) {
	case 'i':
		t->to.sll_ifindex = (int)if_nametoindex(optarg);
		return;
	case 'k':
		t->kind = kind_of(optarg);
		return;
	case 'x':
		t->rate = number(optarg);
		return;
	case 't':
		t->milliseconds = 1000 * (int64_t)number(optarg);
		return;
	case 'n':
		t->clients = number(optarg);
		return;
	case 'm':
		t->senders = number(optarg);
		return;
	case 's':
		t->source = address(optarg);
		return;
	case 'a':
		t->address = address(optarg);
		return;
	case 'r':
		t->link = address(optarg);
		t->relayed = true;
		return;
	case 'd':
		if (duid_parse(optarg, &t->server))
			return;
		break;
	}
	die("an option");
}

int main(int argc, char **argv)
{
	struct torrent t = {
		.to = {.sll_family = AF_PACKET, .sll_halen = ETH_ALEN},
		.senders = 1,
		.source = {{{0xfe, 0x80}}},
	};
	struct sigaction term = {.sa_handler = on_term};
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0), option;
	const int on = 1;

	while ((option = getopt(argc, argv, "i:k:x:t:n:m:s:a:d:r:")) != -1)
		read_option(&t, option);
	if (fd < 0 || !t.to.sll_ifindex || !t.kind || !t.rate || !t.milliseconds)
		die("torrent -i INTERFACE -k KIND -x RATE -t SECONDS");
	(void)setsockopt(fd, SOL_PACKET, PACKET_QDISC_BYPASS, &on, sizeof(on));
	sigaction(SIGTERM, &term, NULL);
	run(&t, fd);
	close(fd);
	return EXIT_SUCCESS;
}

/* SPDX-License-Identifier: ISC */
/*
 * Many DHCPv6 clients in one process, for tests that need more of them than programs can be
 * started: each has a DUID of its own and asks for one address. It prints what each was told, as
 * it is told, so that it can be compared with what the server has stored.
 *
 *	bindloop -i INTERFACE [-f FIRST] [-n CLIENTS] [-w WINDOW] [-t SECONDS] [-l] [-e MS]
 *	         [-x RATE] [-r LINK-ADDRESS -d SERVER]
 *
 * Without -l it ends when every client has an address: exit status 0, or 1 if the time was over
 * before. With -l clients go on renewing, releasing and binding anew until SIGTERM or the end of
 * the time. An address that two clients hold at once ends it with status 1 at once. With -e they do
 * nothing but renew, so long after each answer, and it says how long they waited for answers. With
 * -x it is a flood: so many Solicits a second, each from a DUID of its own, whatever is answered.
 * With -r all are behind a relay: every message is sent in a Relay-forward for the link of that
 * address, to the address of the server.
 *
 *	bound DUID ADDRESS     a Reply said so
 *	held DUID ADDRESS      at the end: what each client believes to have
 *
 * A client that sent a Release holds nothing from then on. Retransmission is faster than RFC 8415
 * section 15 has it: what is tested is the server's memory, not the client's patience.
 */
#include "config.h"

#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/text.h"
#include "duid/duid.h"
#include "wire/wire.h"

enum {
	MSG_SOLICIT = 1,
	MSG_ADVERTISE = 2,
	MSG_REQUEST = 3,
	MSG_RENEW = 5,
	MSG_REPLY = 7,
	MSG_RELEASE = 8,
	MSG_RELAY_FORWARD = 12,
	MSG_RELAY_REPLY = 13,
	OPT_CLIENT_ID = 1,
	OPT_SERVER_ID = 2,
	OPT_IA_NA = 3,
	OPT_IAADDR = 5,
	OPT_ELAPSED = 8,
	OPT_RELAY_MESSAGE = 9,
	OPT_INTERFACE_ID = 18,
};

enum {
	TICK_MS = 5,
	RETRY_MS = 250, /* first retransmission; doubles */
	RETRY_MAX_MS = 1000,
	TRIES_MAX = 6,      /* of one message, then the client starts anew */
	PAUSE_MAX_MS = 400, /* with -l, between two exchanges of a client */
	PACKET_MAX = 1500,
	LATE_US = 20000, /* an answer that took longer is counted */
};

enum state {
	IDLE,   /* has nothing to wait for; `wake` says when it goes on */
	ASKING, /* `message` was sent, an answer is awaited */
	DONE,   /* bound, and nothing more to do */
};

struct client {
	struct duid duid;
	struct duid server;
	struct in6_addr addr; /* held, or offered */
	bool holds;
	enum state state;
	uint8_t message; /* what was sent last */
	uint8_t tries;
	uint32_t xid;
	int64_t wake; /* ms */
	int64_t sent; /* us, when it was first sent */
};

struct loop {
	int fd;
	struct sockaddr_in6 servers;
	struct client *clients;
	size_t count, window, asking, done;
	bool forever;
	bool relayed;
	struct in6_addr link; /* of the relay */
	uint32_t every;       /* ms between an answer and the next Renew; 0: as they like */
	bool clash;
	bool link_up; /* something could be sent; before that it is waited for */
	uint64_t random;
	int64_t now; /* ms */
	size_t bound, renewed, released, repeated;
	size_t late;     /* answers to Renews */
	int64_t longest; /* us, that one took */
};

static volatile sig_atomic_t stopped;

static void on_term(int number)
{
	(void)number;
	stopped = 1;
}

static int64_t now_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

static int64_t now_ms(void)
{
	return now_us() / 1000;
}

/* xorshift64: good enough to choose what a client does next. */
static uint32_t draw(struct loop *loop, uint32_t limit)
{
	loop->random ^= loop->random << 13;
	loop->random ^= loop->random >> 7;
	loop->random ^= loop->random << 17;
	return (uint32_t)(loop->random >> 20) % limit;
}

static void print_lease(const char *what, const struct client *client)
{
	char duid[DUID_TEXT_LEN], addr[INET6_ADDRSTRLEN];
	struct text text;

	text_init(&text, duid, sizeof(duid));
	duid_text(&client->duid, &text);
	inet_ntop(AF_INET6, &client->addr, addr, sizeof(addr));
	printf("%s %s %s\n", what, duid, addr);
}

/* --- sending -------------------------------------------------------------------------------- */

static void put_option(struct wire_writer *w, uint16_t code, const void *bytes, uint16_t len)
{
	wire_put_u16(w, code);
	wire_put_u16(w, len);
	wire_put_bytes(w, bytes, len);
}

static void put_ia(struct wire_writer *w, const struct client *client, bool with_addr)
{
	wire_put_u16(w, OPT_IA_NA);
	size_t mark = wire_put_open(w, WIRE_LEN_U16);
	wire_put_u32(w, 1);   /* IAID */
	wire_put_zeros(w, 8); /* T1, T2 */
	if (with_addr) {
		wire_put_u16(w, OPT_IAADDR);
		wire_put_u16(w, 24);
		wire_put_ip6(w, &client->addr);
		wire_put_zeros(w, 8); /* lifetimes */
	}
	wire_put_close(w, mark, WIRE_LEN_U16);
}

/* The header of a relay, up to the message in it; returns the mark to close behind that. */
static size_t put_relay(struct wire_writer *w, const struct loop *loop)
{
	static const struct in6_addr peer = {{{0xfe, 0x80, [15] = 1}}};

	wire_put_u8(w, MSG_RELAY_FORWARD);
	wire_put_u8(w, 0); /* hops */
	wire_put_ip6(w, &loop->link);
	wire_put_ip6(w, &peer);
	put_option(w, OPT_INTERFACE_ID, "p1", 2);
	wire_put_u16(w, OPT_RELAY_MESSAGE);
	return wire_put_open(w, WIRE_LEN_U16);
}

static void transmit(struct loop *loop, const struct client *client)
{
	uint8_t packet[PACKET_MAX];
	struct wire_writer w = wire_writer(packet, sizeof(packet));
	size_t mark = loop->relayed ? put_relay(&w, loop) : 0;

	wire_put_u8(&w, client->message);
	wire_put_u24(&w, client->xid);
	put_option(&w, OPT_CLIENT_ID, client->duid.bytes, client->duid.len);
	if (client->message != MSG_SOLICIT)
		put_option(&w, OPT_SERVER_ID, client->server.bytes, client->server.len);
	put_option(&w, OPT_ELAPSED, "\0\0", 2);
	put_ia(&w, client, client->message != MSG_SOLICIT);
	if (loop->relayed)
		wire_put_close(&w, mark, WIRE_LEN_U16);
	if (sendto(loop->fd, packet, w.at, 0, (const struct sockaddr *)&loop->servers,
		   sizeof(loop->servers)) >= 0) {
		loop->link_up = true;
	} else if (errno != EAGAIN && errno != ENOBUFS && errno != EADDRNOTAVAIL &&
		   errno != ENODEV && errno != ENXIO && errno != EINVAL &&
		   (errno != ENETUNREACH || loop->link_up)) {
		/* EINVAL: the machine's neighbour table is full, whoever filled it. */
		perror("sendto");
		exit(1);
	}
}

static void ask(struct loop *loop, struct client *client, uint8_t message)
{
	if (client->state != ASKING)
		loop->asking++;
	client->state = ASKING;
	client->message = message;
	client->tries = 1;
	client->xid = draw(loop, 1 << 24);
	client->wake = loop->now + RETRY_MS;
	client->sent = now_us();
	if (message == MSG_SOLICIT || message == MSG_RELEASE)
		client->holds = false;
	transmit(loop, client);
}

/* The exchange is over; with -l the client goes on a little later. */
static void rest(struct loop *loop, struct client *client)
{
	loop->asking--;
	client->state = loop->forever || !client->holds ? IDLE : DONE;
	client->wake = loop->now + (loop->every     ? loop->every
				    : loop->forever ? draw(loop, PAUSE_MAX_MS)
						    : RETRY_MS);
	if (client->state == DONE)
		loop->done++;
}

/* --- receiving ------------------------------------------------------------------------------ */

struct answer {
	uint8_t type;
	uint32_t xid;
	struct duid client, server;
	bool has_addr;
	struct in6_addr addr;
	uint32_t valid;
};

static void get_ia(struct wire_reader *ia, struct answer *ret)
{
	wire_get_bytes(ia, 12);
	while (wire_left(ia) > 0) {
		uint16_t code = wire_get_u16(ia);
		struct wire_reader part = wire_get_part(ia, wire_get_u16(ia));

		if (code != OPT_IAADDR)
			continue;
		ret->addr = wire_get_ip6(&part);
		wire_get_u32(&part);
		ret->valid = wire_get_u32(&part);
		ret->has_addr = !part.bad && ret->valid > 0;
	}
}

/* What is in a Relay-reply. */
static struct wire_reader get_relayed(const uint8_t *packet, size_t len)
{
	struct wire_reader r = wire_reader(packet, len);

	wire_get_bytes(&r, 34);
	while (wire_left(&r) > 0) {
		uint16_t code = wire_get_u16(&r);
		struct wire_reader part = wire_get_part(&r, wire_get_u16(&r));

		if (code == OPT_RELAY_MESSAGE)
			return part;
	}
	return r;
}

static bool get_answer(const uint8_t *packet, size_t len, struct answer *ret)
{
	struct wire_reader r = wire_reader(packet, len);

	if (len && packet[0] == MSG_RELAY_REPLY)
		r = get_relayed(packet, len);
	*ret = (struct answer){.type = wire_get_u8(&r), .xid = wire_get_u24(&r)};
	while (wire_left(&r) > 0) {
		uint16_t code = wire_get_u16(&r);
		uint16_t size = wire_get_u16(&r);
		struct wire_reader part = wire_get_part(&r, size);

		if (r.bad)
			return false;
		if (code == OPT_CLIENT_ID)
			duid_from_bytes(wire_get_bytes(&part, size), size, &ret->client);
		else if (code == OPT_SERVER_ID)
			duid_from_bytes(wire_get_bytes(&part, size), size, &ret->server);
		else if (code == OPT_IA_NA)
			get_ia(&part, ret);
	}
	return !r.bad;
}

static struct client *find(struct loop *loop, const struct answer *answer)
{
	for (size_t i = 0; i < loop->count; i++) {
		struct client *client = &loop->clients[i];

		if (client->state == ASKING && client->xid == answer->xid &&
		    duid_equal(&client->duid, &answer->client))
			return client;
	}
	return NULL;
}

static void hold(struct loop *loop, struct client *client, const struct in6_addr *addr)
{
	for (size_t i = 0; i < loop->count; i++) {
		struct client *other = &loop->clients[i];

		if (other != client && other->holds &&
		    memcmp(&other->addr, addr, sizeof(*addr)) == 0) {
			print_lease("twice", other);
			loop->clash = true;
		}
	}
	client->addr = *addr;
	client->holds = true;
	print_lease("bound", client);
}

static void note_wait(struct loop *loop, const struct client *client)
{
	int64_t took = now_us() - client->sent;

	if (took > loop->longest)
		loop->longest = took;
	loop->late += took > LATE_US;
}

static void take_reply(struct loop *loop, struct client *client, const struct answer *answer)
{
	if (client->message == MSG_RELEASE) {
		loop->released++;
	} else if (!answer->has_addr) {
		client->holds = false;
	} else {
		if (client->message == MSG_RENEW) {
			note_wait(loop, client);
			loop->renewed++;
		} else {
			loop->bound++;
		}
		hold(loop, client, &answer->addr);
	}
	rest(loop, client);
}

static void take(struct loop *loop, const uint8_t *packet, size_t len)
{
	struct answer answer;
	struct client *client;

	if (!get_answer(packet, len, &answer) || !(client = find(loop, &answer)))
		return;
	if (answer.type == MSG_REPLY && client->message != MSG_SOLICIT) {
		take_reply(loop, client, &answer);
	} else if (answer.type == MSG_ADVERTISE && client->message == MSG_SOLICIT &&
		   answer.has_addr) {
		client->server = answer.server;
		client->addr = answer.addr;
		ask(loop, client, MSG_REQUEST);
	}
}

/* --- time ----------------------------------------------------------------------------------- */

static void retransmit(struct loop *loop, struct client *client)
{
	int64_t wait = (int64_t)RETRY_MS << client->tries;

	loop->repeated++;
	if (client->tries++ < TRIES_MAX) {
		client->wake = loop->now + (wait < RETRY_MAX_MS ? wait : RETRY_MAX_MS);
		transmit(loop, client);
	} else if (client->message == MSG_RENEW || client->message == MSG_RELEASE) {
		rest(loop, client);
	} else {
		ask(loop, client, MSG_SOLICIT);
	}
}

static void begin(struct loop *loop, struct client *client)
{
	uint32_t choice = loop->every ? 2 : draw(loop, 4);

	if (!client->holds || choice == 0)
		ask(loop, client, MSG_SOLICIT);
	else if (choice == 1)
		ask(loop, client, MSG_RELEASE);
	else
		ask(loop, client, MSG_RENEW);
}

static void tick(struct loop *loop)
{
	for (size_t i = 0; i < loop->count; i++) {
		struct client *client = &loop->clients[i];

		if (client->wake > loop->now || client->state == DONE)
			continue;
		if (client->state == ASKING)
			retransmit(loop, client);
		else if (loop->asking < loop->window)
			begin(loop, client);
	}
}

static void run(struct loop *loop, int64_t until)
{
	struct pollfd pfd = {.fd = loop->fd, .events = POLLIN};
	uint8_t packet[PACKET_MAX];
	int64_t next_tick = 0;

	while (!stopped && !loop->clash && (loop->forever || loop->done < loop->count)) {
		loop->now = now_ms();
		if (loop->now >= until)
			return;
		if (loop->now >= next_tick) {
			tick(loop);
			next_tick = loop->now + TICK_MS;
		}
		if (poll(&pfd, 1, TICK_MS) <= 0)
			continue;
		for (;;) {
			ssize_t len = recv(loop->fd, packet, sizeof(packet), MSG_DONTWAIT);

			if (len < 0)
				break;
			take(loop, packet, (size_t)len);
		}
	}
}

/* --- start and end -------------------------------------------------------------------------- */

/* Sends for the time, in steps of a tick so that the rate is kept. */
static void flood(struct loop *loop, uint32_t rate, int64_t until)
{
	const struct timespec pause = {.tv_nsec = TICK_MS * 1000000};
	struct client *client = &loop->clients[0];
	uint64_t sent = 0, begun = (uint64_t)now_ms();

	for (uint64_t now = begun; !stopped && now < (uint64_t)until; now = (uint64_t)now_ms()) {
		while (!stopped && sent < (now - begun) * rate / 1000) {
			struct wire_writer w =
				wire_writer(client->duid.bytes, sizeof(client->duid.bytes));

			wire_put_u16(&w, DUID_EN);
			wire_put_u32(&w, 32473);
			wire_put_u64(&w, UINT64_C(1) << 40 | sent++);
			client->duid.len = (uint8_t)w.at;
			client->message = MSG_SOLICIT;
			transmit(loop, client);
		}
		nanosleep(&pause, NULL);
	}
	fprintf(stderr, "%llu Solicits sent\n", (unsigned long long)sent);
}

/* `server` is where a relay sends to; NULL for clients. */
static int open_socket(const char *interface, const char *server, struct sockaddr_in6 *ret_servers)
{
	struct sockaddr_in6 own = {.sin6_family = AF_INET6, .sin6_port = htons(server ? 547 : 546)};
	unsigned int index = if_nametoindex(interface);
	int fd = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int room = 4 << 20;

	*ret_servers = (struct sockaddr_in6){
		.sin6_family = AF_INET6, .sin6_port = htons(547), .sin6_scope_id = index};
	inet_pton(AF_INET6, server ? server : "ff02::1:2", &ret_servers->sin6_addr);
	/* A relay takes what comes for its address by whatever link. */
	socklen_t device = server ? 0 : (socklen_t)strlen(interface);

	if (index == 0 || fd < 0 ||
	    setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, interface, device) < 0 ||
	    setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room)) < 0 ||
	    bind(fd, (struct sockaddr *)&own, sizeof(own)) < 0) {
		perror(interface);
		exit(1);
	}
	return fd;
}

/* DUID-EN with the enterprise number for examples (RFC 5612): no link-layer address in it. */
static void make_clients(struct loop *loop, uint32_t first)
{
	loop->clients = calloc(loop->count, sizeof(*loop->clients));
	if (!loop->clients) {
		perror("clients");
		exit(1);
	}
	for (size_t i = 0; i < loop->count; i++) {
		struct duid *duid = &loop->clients[i].duid;
		struct wire_writer w = wire_writer(duid->bytes, sizeof(duid->bytes));

		wire_put_u16(&w, DUID_EN);
		wire_put_u32(&w, 32473);
		wire_put_u32(&w, first + (uint32_t)i);
		duid->len = (uint8_t)w.at;
	}
}

static int report(const struct loop *loop, int64_t took)
{
	size_t held = 0;

	for (size_t i = 0; i < loop->count; i++) {
		if (loop->clients[i].holds) {
			print_lease("held", &loop->clients[i]);
			held++;
		}
	}
	fflush(stdout);
	fprintf(stderr,
		"%zu of %zu clients hold a lease after %lld ms: %zu bound, %zu renewed, "
		"%zu released, %zu retransmissions\n",
		held, loop->count, (long long)took, loop->bound, loop->renewed, loop->released,
		loop->repeated);
	if (loop->every)
		fprintf(stderr, "%zu renewals: the longest took %lld us, %zu above %d us\n",
			loop->renewed, (long long)loop->longest, loop->late, LATE_US);
	if (loop->clash)
		fprintf(stderr, "an address was given to two clients\n");
	return loop->clash || (!loop->forever && held < loop->count);
}

static uint32_t number(const char *text)
{
	char *end;
	unsigned long value = strtoul(text, &end, 10);

	if (*text == '\0' || *end != '\0' || value > UINT32_MAX) {
		fprintf(stderr, "bindloop: not a number: %s\n", text);
		exit(2);
	}
	return (uint32_t)value;
}

int main(int argc, char **argv)
{
	struct loop loop = {.count = 1, .window = 128, .random = 88172645463325252U};
	struct sigaction term = {.sa_handler = on_term};
	const char *interface = NULL, *server = NULL;
	uint32_t first = 0, seconds = 30, rate = 0;
	int opt;

	while ((opt = getopt(argc, argv, "i:f:n:w:t:le:x:r:d:")) != -1) {
		switch (opt) {
		case 'i':
			interface = optarg;
			break;
		case 'f':
			first = number(optarg);
			break;
		case 'n':
			loop.count = number(optarg);
			break;
		case 'w':
			loop.window = number(optarg);
			break;
		case 't':
			seconds = number(optarg);
			break;
		case 'l':
			loop.forever = true;
			break;
		case 'e':
			loop.every = number(optarg);
			loop.forever = true;
			break;
		case 'r':
			loop.relayed = inet_pton(AF_INET6, optarg, &loop.link) == 1;
			break;
		case 'd':
			server = optarg;
			break;
		case 'x':
			rate = number(optarg);
			break;
		default:
			return 2;
		}
	}
	if (!interface || loop.relayed != (server != NULL)) {
		fprintf(stderr, "usage: bindloop -i INTERFACE [-f FIRST] [-n CLIENTS] [-w WINDOW] "
				"[-t SECONDS] [-l] [-e MS] [-x RATE] "
				"[-r LINK-ADDRESS -d SERVER]\n");
		return 2;
	}
	sigaction(SIGTERM, &term, NULL);
	loop.fd = open_socket(interface, server, &loop.servers);
	make_clients(&loop, first);
	int64_t began = now_ms();
	int status = 0;

	if (rate) {
		flood(&loop, rate, began + (int64_t)seconds * 1000);
	} else {
		run(&loop, began + (int64_t)seconds * 1000);
		status = report(&loop, now_ms() - began);
	}
	free(loop.clients);
	close(loop.fd);
	return status;
}

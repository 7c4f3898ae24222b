/* SPDX-License-Identifier: ISC */
/*
 * null: answers load's messages without any state, as the limit of what a server of one thread in
 * user space can do: read a batch, copy a template for each datagram, fill in five fields found by
 * offset, send the batch. It keeps no rule of RFC 8415 and understands nothing but load.
 *
 * With -d it is durable as well, as the limit of such a server that answers nobody before the lease
 * is on disk: for a batch with Replies that change a lease, it writes so many records to a file and
 * syncs them, once, between composing the batch and sending it.
 *
 * With -x it spoils every second answer in one way, to see that load notices (bench/selftest).
 *
 * A lease is made of the client's link-layer address, so that it is always the same and no other
 * client's.
 */
#include "config.h"

#include <err.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/ip6.h"
#include "base/mem.h"
#include "batch.h"
#include "journal.h"
#include "message.h"
#include "wire/wire.h"

/* Where a template has its fields. */
enum {
	AT_IAID = AT_IA + 4,
	AT_LEASE_HOST = AT_AFTER_IA + 4 + 8,       /* second half of the address of an IAADDR */
	AT_LEASE_PREFIX = AT_AFTER_IA + 4 + 9 + 4, /* second 32 bits of the prefix of an IAPREFIX */
	TEMPLATE_ROOM = 192,
};

enum template_kind {
	TEMPLATE_ADDRESS,
	TEMPLATE_PREFIX,
	TEMPLATE_RELEASED,
	TEMPLATE_INFO,
	TEMPLATE_COUNT,
};

struct template
{
	uint8_t bytes[TEMPLATE_ROOM];
	size_t len;
	size_t rapid_len; /* with the Rapid Commit option at its end */
};

/* What -x does to an octet of an address's Reply: first `keep` of its bits, then `flip` some. */
struct spoil {
	const char *name;
	size_t at;
	size_t len;
	uint8_t keep;
	uint8_t flip;
};

/* clang-format off */
static const struct spoil spoils[] = {
	{"type", 0, 1, 0x00, 0x0a},
	{"xid", 3, 1, 0xff, 0x80},
	{"client-id", AT_MAC + 5, 1, 0xff, 0x01},
	{"iaid", AT_IAID + 3, 1, 0xff, 0x01},
	{"t1", AT_IAID + 4, 1, 0xff, 0x01},
	{"length", AT_AFTER_IA + 3, 1, 0xff, 0x80},
	{"duplicate", AT_LEASE_HOST, 8, 0x00, 0x00},
	{"changed", AT_LEASE_HOST, 1, 0xff, 0x01},
	{"no-lease", AT_LEASE_HOST + 12, 4, 0x00, 0x00},
	{"server-id", AT_LEASE_HOST + 16 + 8 + 5, 1, 0xff, 0x01},
};
/* clang-format on */

static void lease_put(struct wire_writer *w, enum template_kind kind)
{
	static const struct in6_addr net = {.s6_addr = {0x20, 0x01, 0x0d, 0xb8, 0, 1}};
	static const struct in6_addr delegated = {.s6_addr = {0x20, 0x01, 0x0d, 0xb8}};
	bool prefix = kind == TEMPLATE_PREFIX;

	wire_put_u16(w, prefix ? OPT_IA_PD : OPT_IA_NA);
	wire_put_u16(w, prefix ? 12 + 29 : 12 + 28);
	wire_put_u32(w, 0);
	wire_put_u32(w, 1800);
	wire_put_u32(w, 2880);
	wire_put_u16(w, prefix ? OPT_IAPREFIX : OPT_IAADDR);
	wire_put_u16(w, prefix ? 25 : 24);
	if (!prefix)
		wire_put_ip6(w, &net);
	wire_put_u32(w, 3600);
	wire_put_u32(w, 7200);
	if (prefix) {
		wire_put_u8(w, 64);
		wire_put_ip6(w, &delegated);
	}
}

static void template_make(struct template *t, enum template_kind kind)
{
	static const uint8_t mac[6] = {0x02, 0, 0, 0, 0, 1};
	struct wire_writer w = wire_writer(t->bytes, sizeof(t->bytes));
	struct duid duid = duid_make_ll(mac);

	wire_put_u8(&w, MSG_REPLY);
	wire_put_zeros(&w, 3 + LEN_CLIENTID);
	if (kind == TEMPLATE_ADDRESS || kind == TEMPLATE_PREFIX)
		lease_put(&w, kind);
	wire_put_u16(&w, OPT_SERVERID);
	wire_put_u16(&w, duid.len);
	wire_put_bytes(&w, duid.bytes, duid.len);
	if (kind != TEMPLATE_RELEASED) {
		wire_put_u16(&w, OPT_DNS_SERVERS);
		wire_put_u16(&w, 16);
		wire_put_zeros(&w, 16);
	}
	t->len = w.at;
	wire_put_u16(&w, OPT_RAPID_COMMIT);
	wire_put_u16(&w, 0);
	t->rapid_len = w.at;
	if (w.bad)
		errx(1, "a template does not fit");
}

/* Answers a message of a client; returns the octets written. */
static size_t answer(const struct template *templates, const uint8_t *query, uint8_t *out)
{
	enum template_kind kind = TEMPLATE_ADDRESS;
	bool solicit = query[0] == MSG_SOLICIT;
	bool rapid = solicit && query[AT_AFTER_IA + 1] == OPT_RAPID_COMMIT;

	if (query[0] == MSG_INFORMATION_REQUEST)
		kind = TEMPLATE_INFO;
	else if (query[0] == MSG_RELEASE)
		kind = TEMPLATE_RELEASED;
	else if (query[AT_IA + 1] == OPT_IA_PD)
		kind = TEMPLATE_PREFIX;
	const struct template *t = &templates[kind];

	memcpy(out, t->bytes, t->rapid_len);
	memcpy(out + 1, query + 1, 3 + LEN_CLIENTID);
	if (solicit && !rapid)
		out[0] = MSG_ADVERTISE;
	if (kind == TEMPLATE_ADDRESS || kind == TEMPLATE_PREFIX)
		memcpy(out + AT_IAID, query + AT_IAID, 4);
	if (kind == TEMPLATE_ADDRESS)
		memcpy(out + AT_LEASE_HOST + 2, query + AT_MAC, 6);
	else if (kind == TEMPLATE_PREFIX)
		memcpy(out + AT_LEASE_PREFIX, query + AT_MAC + 2, 4);
	return rapid ? t->rapid_len : t->len;
}

/* The same inside the envelope of a relay. */
static size_t answer_relayed(const struct template *templates, const uint8_t *query, uint8_t *out)
{
	size_t len = answer(templates, query + AT_RELAYED, out + AT_RELAYED);

	memcpy(out, query, AT_RELAYED);
	out[0] = MSG_RELAY_REPL;
	out[AT_RELAYED - 2] = (uint8_t)(len >> 8);
	out[AT_RELAYED - 1] = (uint8_t)len;
	return AT_RELAYED + len;
}

static const struct spoil *spoil_find(const char *name)
{
	for (size_t i = 0; i < sizeof(spoils) / sizeof(spoils[0]); i++)
		if (strcmp(spoils[i].name, name) == 0)
			return &spoils[i];
	errx(2, "-x %s: no such way", name);
}

static void spoil_batch(const struct spoil *spoil, struct batch *out)
{
	for (unsigned int i = 1; i < out->n; i += 2)
		for (size_t k = 0; k < spoil->len; k++) {
			uint8_t *octet = &out->bytes[i][spoil->at + k];

			*octet = (uint8_t)((*octet & spoil->keep) ^ spoil->flip);
		}
}

/* Whether a durable server stores something before it gives this answer to this message. */
static bool changes_lease(const uint8_t *query, const uint8_t *reply)
{
	return reply[0] == MSG_REPLY && query[0] != MSG_INFORMATION_REQUEST;
}

static void serve(int fd, const struct template *templates, const struct spoil *spoil,
		  struct journal *journal, struct batch *in, struct batch *out)
{
	for (;;) {
		batch_receive(fd, in);
		for (unsigned int i = 0; i < in->n; i++) {
			const uint8_t *query = in->bytes[i];
			bool relayed = query[0] == MSG_RELAY_FORW;

			/* Too short for what is read by offset: not from load. */
			if (in->msgs[i].msg_len < (relayed ? AT_RELAYED + AT_IA : AT_IA))
				continue;
			uint8_t *reply = batch_next(out, &in->peers[i]);
			size_t inner = relayed ? AT_RELAYED : 0;

			batch_push(out, relayed ? answer_relayed(templates, query, reply)
						: answer(templates, query, reply));
			if (journal && changes_lease(query + inner, reply + inner))
				journal_add(journal, reply + inner);
		}
		if (journal)
			journal_commit(journal);
		if (spoil)
			spoil_batch(spoil, out);
		batch_send(fd, out);
	}
}

static int usage(void)
{
	fprintf(stderr, "Usage: null [-d FILE] [-x WAY] INTERFACE\n");
	return 2;
}

int main(int argc, char **argv)
{
	struct template *templates = mem_new(TEMPLATE_COUNT, sizeof(*templates));
	struct batch *in = mem_new(1, sizeof(*in)), *out = mem_new(1, sizeof(*out));
	const struct spoil *spoil = NULL;
	struct journal *journal = NULL;
	int c;

	while ((c = getopt(argc, argv, "d:x:")) != -1) {
		if (c == 'd') {
			journal = mem_new(1, sizeof(*journal));
			journal_open(journal, optarg);
		} else if (c == 'x') {
			spoil = spoil_find(optarg);
		} else {
			return usage();
		}
	}
	if (argc - optind != 1)
		return usage();
	for (int kind = 0; kind < TEMPLATE_COUNT; kind++)
		template_make(&templates[kind], (enum template_kind)kind);
	batch_init(in);
	batch_init(out);
	int fd = batch_socket(argv[optind], 547, 1000);

	batch_join(fd, argv[optind]);
	fprintf(stderr, "event=ready\n");
	serve(fd, templates, spoil, journal, in, out);
}

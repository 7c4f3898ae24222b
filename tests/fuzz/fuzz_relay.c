/* SPDX-License-Identifier: ISC */
/*
 * Datagrams of any octets to a server that has relays, several one after the other. An answer to a
 * Relay-forward goes back to its source with the same levels, each with what it sent and lengths
 * that add up; nothing is said to who is no relay; every log line is printable.
 *
 * The input: an octet that chooses how the datagram came, two that are its length, the datagram;
 * again.
 */
#include "config.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/fx.h"
#include "base/ip6.h"
#include "dhcp6/dhcp6_server.h"
#include "lease/lease.h"
#include "wire/wire.h"

enum {
	FORWARD = 12,
	REPLY = 13,
	MESSAGE = 9,
	INTERFACE_ID = 18,
	PAYLOAD_MAX = 65527,
	SPORT = 1547,
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct in6_addr addr_of(const char *text)
{
	struct in6_addr addr;

	if (!ip6_parse(text, &addr))
		abort();
	return addr;
}

static struct ip6_prefix prefix_of(const char *text)
{
	struct ip6_prefix prefix;

	if (!ip6_prefix_parse(text, &prefix, NULL))
		abort();
	return prefix;
}

/* --- a server ------------------------------------------------------------------------------- */

struct bench {
	struct arena arena;
	struct dhcp6_conf conf;
	struct dhcp6_network networks[2];
	struct dhcp6_prefix prefixes[2];
	struct dhcp6_relay_conf relays[3];
	uint16_t rsoo[2];
	struct lease_table *table;
	struct dhcp6_server *srv;
	struct fx *fx;
	mtime now;
};

static void bench_init(struct bench *bench)
{
	static const struct siphash_key key = {{1, 2, 3}};

	*bench = (struct bench){.now = 1000 * SEC, .rsoo = {65, 82}};
	bench->relays[0].address = (struct dhcp6_relay_within){true, prefix_of("2001:db8:ff::/64")};
	bench->relays[1].address = (struct dhcp6_relay_within){true, prefix_of("fe80::/10")};
	bench->relays[2] = bench->relays[0];
	bench->relays[2].interface_id = (struct dhcp6_relay_id){(const uint8_t *)"port7", 5};
	bench->prefixes[0].prefix = prefix_of("2001:db8:1::/64");
	bench->prefixes[1].prefix = prefix_of("2001:db8:2::/64");
	for (size_t i = 0; i < 2; i++)
		bench->networks[i] = (struct dhcp6_network){
			.name = i ? "port" : "lan",
			.serve = true,
			.stateful = true,
			.prefixes = &bench->prefixes[i],
			.n_prefixes = 1,
			.relays = i ? &bench->relays[2] : bench->relays,
			.n_relays = i ? 1 : 2,
		};
	for (size_t i = 0; i < 2; i++)
		dhcp6_network_complete(&bench->networks[i], &bench->arena);
	bench->conf.networks = bench->networks;
	bench->conf.n_networks = 2;
	bench->conf.relays.rsoo = bench->rsoo;
	bench->conf.relays.n_rsoo = 2;
	if (!duid_parse("00:04:11:11:11:11:11:11:11:11:11:11:11:11:11:11:11:11",
			&bench->conf.server_duid))
		abort();
	bench->table = lease_table_new(&key);
	bench->srv = dhcp6_server_new(bench->table, /* seed= */ 1);
	bench->fx = fx_new(LOG_LEVEL_DEBUG);
	dhcp6_server_configure(bench->srv, &bench->conf, bench->now);
}

static void bench_fini(struct bench *bench)
{
	dhcp6_server_free(bench->srv);
	lease_table_free(bench->table);
	arena_free(&bench->arena);
	free(bench->fx);
}

/* --- what must hold ------------------------------------------------------------------------- */

/* A relay's message, read apart from the code under test. */
struct level {
	uint8_t type;
	const uint8_t *header; /* hop count and addresses */
	struct wire_reader message, interface_id;
	bool has_interface_id;
};

static bool read_level(struct wire_reader *r, struct level *ret)
{
	*ret = (struct level){.type = wire_get_u8(r)};
	if (ret->type != FORWARD && ret->type != REPLY)
		return false;
	ret->header = wire_get_bytes(r, 33);
	while (wire_left(r) && !r->bad) {
		uint16_t code = wire_get_u16(r);
		uint16_t len = wire_get_u16(r);
		struct wire_reader part = wire_get_part(r, len);

		if (code == MESSAGE)
			ret->message = part;
		if (code == INTERFACE_ID && !ret->has_interface_id) {
			ret->has_interface_id = true;
			ret->interface_id = part;
		}
	}
	return true;
}

static void check_same(struct wire_reader a, struct wire_reader b)
{
	size_t len = wire_left(&a);

	assert(len == wire_left(&b));
	assert(len == 0 || memcmp(a.bytes + a.at, b.bytes + b.at, len) == 0);
}

/* R1, R2, Z9 */
static void check_levels(const struct dhcp6_packet *packet, const struct fx_send *send)
{
	struct wire_reader asked = wire_reader(packet->data, packet->len);
	struct wire_reader said = wire_reader(send->data, send->len);
	struct level forward, reply;

	while (read_level(&asked, &forward)) {
		assert(read_level(&said, &reply));
		assert(!said.bad && reply.type == REPLY && forward.type == FORWARD);
		assert(memcmp(reply.header, forward.header, 33) == 0);
		assert(reply.has_interface_id == forward.has_interface_id);
		if (reply.has_interface_id)
			check_same(reply.interface_id, forward.interface_id);
		asked = forward.message;
		said = reply.message;
	}
	uint8_t type = wire_get_u8(&said);

	assert(type == 2 || type == 7);
}

/* R3, R4, R19, C5 */
static void check_send(const struct bench *bench, const struct dhcp6_packet *packet, bool trusted)
{
	const struct fx_send *send = &bench->fx->sends[0];
	struct wire_reader r = wire_reader(packet->data, packet->len);
	bool relayed = wire_get_u8(&r) == FORWARD;

	assert(bench->fx->n_sends == 1 && trusted);
	assert(send->proto == FX_UDP && send->link == packet->link && send->len <= PAYLOAD_MAX);
	assert(ip6_equal(&send->dst, &packet->src));
	assert(relayed ? send->port == 547 || send->port == SPORT : send->port == 546);
	check_levels(packet, send);
}

static void check_lines(const struct fx *fx)
{
	for (size_t i = 0; i < fx->n_lines; i++) {
		for (const char *c = fx->lines[i].bytes; *c; c++)
			assert(*c >= ' ' && *c < 0x7f);
	}
}

static void take(struct bench *bench, uint8_t how, const uint8_t *data, size_t len)
{
	static const char *const sources[] = {"2001:db8:ff::9", "fe80::a", "2001:db8:fe::9", "::1"};
	static const char *const groups[] = {"ff02::1:2", "ff05::1:3", "2001:db8::1", "fe80::1"};
	struct dhcp6_event ev = {.type = DHCP6_EV_PACKET,
				 .packet = {.data = data,
					    .len = len,
					    .src = addr_of(sources[how & 3]),
					    .dst = addr_of(groups[how >> 2 & 3]),
					    .sport = SPORT,
					    .link = 7,
					    .link_name = "eth0",
					    .network = how & 0x10 ? DHCP6_NETWORK_NONE : 0}};
	struct lease_batch *batch;

	fx_clear(bench->fx, bench->now);
	dhcp6_server_step(bench->srv, &ev, bench->now, bench->fx);
	if (bench->fx->n_sends)
		check_send(bench, &ev.packet, /* trusted= */ (how & 3) < 2);
	check_lines(bench->fx);
	batch = lease_batch_seal(bench->table, 0);
	if (batch)
		lease_batch_done(bench->table, batch, /* stored= */ how & 0x20);
	bench->now += SEC;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct wire_reader r = wire_reader(data, size);
	struct bench bench;

	bench_init(&bench);
	for (int i = 0; i < 8 && wire_left(&r) >= 3; i++) {
		uint8_t how = wire_get_u8(&r);
		size_t len = wire_get_u16(&r);
		struct wire_reader part =
			wire_get_part(&r, len < wire_left(&r) ? len : wire_left(&r));
		/* A copy of its own, so that a sanitizer sees what reads past it. */
		uint8_t *copy = malloc(wire_left(&part) + 1);

		len = wire_left(&part);
		if (len)
			memcpy(copy, part.bytes + part.at, len);
		take(&bench, how, copy, len);
		free(copy);
	}
	bench_fini(&bench);
	return 0;
}

/* SPDX-License-Identifier: ISC */
/*
 * Relays on the wire: chains of every depth, cut everywhere, with lengths that lie, and answers of
 * the largest sizes. What comes out is read by a walker of its own that knows nothing of the code
 * under test but the numbers of RFC 8415.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "dhcp6/dhcp6_answer.h"
#include "dhcp6/dhcp6_relay.h"
#include "rig.h"

enum {
	LEVELS_MAX = 9,
	PAYLOAD_MAX = 65527,
	HEADER = 34,      /* of a relay's message */
	OPTION = 4,       /* code and length of an option */
	SOLICIT_LEN = 34, /* of the client's message below */
};

/* A Solicit with a DUID-LL and an IA_NA. */
static const uint8_t solicit[SOLICIT_LEN] =
	"\x01\x00\x01\x02"                                 /* type, transaction id */
	"\x00\x01\x00\x0a\x00\x03\x00\x01\x02\0\0\0\0\x0a" /* client identifier */
	"\x00\x03\x00\x0c\x00\x00\x00\x01\0\0\0\0\0\0\0";  /* IA_NA 1, T1, T2 */

static const char link_addr[] = "2001:db8:1::1";

/* Where the 16-bit lengths of a packet are. */
struct lengths {
	size_t at[3 * LEVELS_MAX + 2];
	size_t n;
};

static void put_length(struct wire_writer *w, struct lengths *lengths, size_t len)
{
	lengths->at[lengths->n++] = w->at;
	wire_put_u16(w, (uint16_t)len);
}

/* What level i (0: the outermost) of n has: its hop count and an Interface-Id of i + 1 octets. */
static void put_relay_header(struct wire_writer *w, uint8_t type, size_t i, size_t n)
{
	struct in6_addr link = peer_addr(i == n - 1 ? link_addr : "::");
	struct in6_addr peer = peer_addr("fe80::a");

	peer.s6_addr[8] = (uint8_t)i;
	wire_put_u8(w, type);
	wire_put_u8(w, (uint8_t)(n - 1 - i));
	wire_put_ip6(w, &link);
	wire_put_ip6(w, &peer);
}

/* A Relay-forward of n levels: Interface-Id, Subscriber-ID and message each. Returns its length. */
static size_t make_chain(uint8_t *bytes, size_t room, size_t n, struct lengths *lengths)
{
	struct wire_writer w = wire_writer(bytes, room);
	size_t inner[LEVELS_MAX + 1];

	lengths->n = 0;
	inner[n] = SOLICIT_LEN;
	for (size_t i = n; i-- > 0;)
		inner[i] = HEADER + OPTION + i + 1 + OPTION + 2 + OPTION + inner[i + 1];
	for (size_t i = 0; i < n; i++) {
		put_relay_header(&w, 12, i, n);
		wire_put_u16(&w, 18);
		put_length(&w, lengths, i + 1);
		for (size_t k = 0; k <= i; k++)
			wire_put_u8(&w, (uint8_t)(0xa0 + i));
		wire_put_u16(&w, 38);
		put_length(&w, lengths, 2);
		wire_put_u16(&w, 0x5555);
		wire_put_u16(&w, 9);
		put_length(&w, lengths, inner[i + 1]);
	}
	wire_put_bytes(&w, solicit, SOLICIT_LEN);
	assert_false(w.bad);
	return w.at;
}

/* Decodes a copy of exactly its length, so that a sanitizer sees what reads past it. */
static enum dhcp6_drop decode_copy(const uint8_t *bytes, size_t len,
				   struct dhcp6_relay_chain *chain)
{
	struct in6_addr source = peer_addr("2001:db8:ff::9");
	uint8_t *copy = malloc(len);
	size_t offset;

	memcpy(copy, bytes, len);
	enum dhcp6_drop drop = dhcp6_relay_decode(copy, len, &source, chain, &offset);

	assert_true(offset <= len);
	/* Every octet that the chain says it has is there. */
	for (size_t i = 0; drop == DHCP6_DROP_NONE && i < chain->n; i++) {
		const struct dhcp6_relay_level *level = &chain->levels[i];

		assert_true(level->options.bytes >= copy &&
			    level->options.bytes + level->options.len <= copy + len);
		assert_true(level->message.bytes + level->message.len <= copy + len);
	}
	free(copy);
	return drop;
}

/* R1, R2, R6, R7 */
static void chains_of_one_to_nine_come_back_as_they_were(void **state)
{
	struct in6_addr source = peer_addr("2001:db8:ff::9"), link = peer_addr(link_addr);

	(void)state;
	for (size_t n = 1; n <= LEVELS_MAX; n++) {
		uint8_t forward[2048], reply[2048], expected[2048];
		struct wire_writer w = wire_writer(reply, sizeof(reply));
		struct wire_writer e = wire_writer(expected, sizeof(expected));
		struct dhcp6_relay_chain chain;
		struct lengths lengths;
		size_t offset, len = make_chain(forward, sizeof(forward), n, &lengths), rest;

		assert_int_equal(dhcp6_relay_decode(forward, len, &source, &chain, &offset), 0);
		assert_int_equal(chain.n, n);
		assert_int_equal(chain.message_len, SOLICIT_LEN);
		assert_int_equal(chain.message_at, len - SOLICIT_LEN);
		assert_memory_equal(chain.message, solicit, SOLICIT_LEN);
		assert_true(ip6_equal(&chain.path.link, &link));
		assert_int_equal(chain.path.interface_id.len, n);
		assert_int_equal(chain.path.subscriber_id.len, 2);

		struct dhcp6_relay_marks marks = dhcp6_relay_open(&chain, &w);

		wire_put_bytes(&w, "answer", 6);
		dhcp6_relay_close(&chain, &marks, &w);
		assert_false(w.bad);

		/* W1: the length of each Relay Message is that of all that is inside it. */
		rest = 6;
		for (size_t i = n; i-- > 1;)
			rest += HEADER + OPTION + i + 1 + OPTION;
		for (size_t i = 0; i < n; i++) {
			put_relay_header(&e, 13, i, n);
			wire_put_u16(&e, 18);
			wire_put_u16(&e, (uint16_t)(i + 1));
			for (size_t k = 0; k <= i; k++)
				wire_put_u8(&e, (uint8_t)(0xa0 + i));
			wire_put_u16(&e, 9);
			wire_put_u16(&e, (uint16_t)rest);
			rest -= HEADER + OPTION + i + 2 + OPTION;
		}
		wire_put_bytes(&e, "answer", 6);
		assert_int_equal(w.at, e.at);
		assert_memory_equal(reply, expected, e.at);
	}
}

/* R6 */
static void ten_levels_are_too_many(void **state)
{
	uint8_t forward[2048], ten[2048];
	struct dhcp6_relay_chain chain;
	struct lengths lengths;
	size_t len = make_chain(forward, sizeof(forward), LEVELS_MAX, &lengths);
	struct wire_writer w = wire_writer(ten, sizeof(ten));

	(void)state;
	put_relay_header(&w, 12, 0, 1);
	wire_put_u16(&w, 9);
	wire_put_u16(&w, (uint16_t)len);
	wire_put_bytes(&w, forward, len);
	assert_int_equal(decode_copy(ten, w.at, &chain), DHCP6_DROP_RELAY_DEPTH);
	/* A hop count above the limit is no better than too many levels. */
	forward[1] = 9;
	assert_int_equal(decode_copy(forward, len, &chain), DHCP6_DROP_RELAY_DEPTH);
	forward[1] = 8;
	assert_int_equal(decode_copy(forward, len, &chain), DHCP6_DROP_NONE);
}

/* Z8 */
static void chains_cut_at_every_length_are_malformed(void **state)
{
	(void)state;
	for (size_t n = 1; n <= LEVELS_MAX; n++) {
		uint8_t forward[2048];
		struct dhcp6_relay_chain chain;
		struct lengths lengths;
		size_t len = make_chain(forward, sizeof(forward), n, &lengths);

		for (size_t cut = 1; cut < len; cut++) {
			enum dhcp6_drop drop = decode_copy(forward, cut, &chain);

			/* Without a message when it is cut between two options of the first. */
			assert_true(drop == DHCP6_DROP_MALFORMED ||
				    (drop == DHCP6_DROP_RELAY_MESSAGE && cut < HEADER + 20));
		}
	}
}

/* Z8, Z9 */
static void lengths_that_lie_are_found_out_or_harmless(void **state)
{
	static const uint16_t lies[] = {0, 1, 2, 3, 33, 0x7fff, 0x8000, 0xfffe, 0xffff};
	uint8_t forward[2048], reply[65536];
	struct dhcp6_relay_chain chain;
	struct lengths lengths;
	size_t len = make_chain(forward, sizeof(forward), LEVELS_MAX, &lengths), refused = 0;
	struct in6_addr source = peer_addr("2001:db8:ff::9");

	(void)state;
	for (size_t i = 0; i < lengths.n; i++) {
		uint8_t *at = forward + lengths.at[i], saved[2] = {at[0], at[1]};

		for (size_t k = 0; k < sizeof(lies) / sizeof(lies[0]); k++) {
			struct wire_writer w = wire_writer(reply, sizeof(reply));
			size_t offset;

			at[0] = (uint8_t)(lies[k] >> 8);
			at[1] = (uint8_t)lies[k];
			if (decode_copy(forward, len, &chain) != DHCP6_DROP_NONE) {
				refused++;
				continue;
			}
			/* What is taken can be answered. */
			dhcp6_relay_decode(forward, len, &source, &chain, &offset);
			struct dhcp6_relay_marks marks = dhcp6_relay_open(&chain, &w);

			dhcp6_relay_close(&chain, &marks, &w);
			assert_false(w.bad);
			assert_true(w.at <= len);
		}
		memcpy(at, saved, 2);
	}
	assert_int_equal(decode_copy(forward, len, &chain), DHCP6_DROP_NONE);
	/* All that say more than there is. */
	assert_true(refused >= lengths.n * 4);
}

/* --- the largest sizes ---------------------------------------------------------------------- */

/*
 * A Relay-forward of n levels whose Interface-Ids make the Relay-reply, without the answer,
 * `overhead` octets long. The client's message is a Solicit. Returns its length.
 */
static size_t make_large(uint8_t *bytes, size_t n, size_t overhead)
{
	struct wire_writer w = wire_writer(bytes, PAYLOAD_MAX);
	size_t ids = overhead - n * (HEADER + OPTION + OPTION), marks[LEVELS_MAX];

	for (size_t i = 0; i < n; i++) {
		size_t id = i == n - 1 ? ids - (n - 1) * (ids / n) : ids / n;

		put_relay_header(&w, 12, i, n);
		wire_put_u16(&w, 18);
		wire_put_u16(&w, (uint16_t)id);
		for (size_t k = 0; k < id; k++)
			wire_put_u8(&w, (uint8_t)k);
		wire_put_u16(&w, 9);
		marks[i] = wire_put_open(&w, WIRE_LEN_U16);
	}
	wire_put_bytes(&w, solicit, SOLICIT_LEN);
	for (size_t i = n; i-- > 0;)
		wire_put_close(&w, marks[i], WIRE_LEN_U16);
	assert_false(w.bad);
	return w.at;
}

/* Reads down the levels of an answer: every length is exactly that of what is inside. */
static void check_nesting(const struct fx_send *send, size_t n)
{
	struct wire_reader r = wire_reader(send->data, send->len);

	for (size_t i = 0; i < n; i++) {
		assert_int_equal(wire_get_u8(&r), 13);
		assert_int_equal(wire_get_u8(&r), n - 1 - i);
		wire_get_bytes(&r, 32);
		assert_int_equal(wire_get_u16(&r), 18);
		uint16_t len = wire_get_u16(&r);

		wire_get_bytes(&r, len);
		assert_int_equal(wire_get_u16(&r), 9);
		len = wire_get_u16(&r);
		assert_int_equal(len, wire_left(&r));
		assert_false(r.bad);
	}
	assert_int_equal(wire_get_u8(&r), DHCP6_ADVERTISE);
}

static size_t step(struct rig *rig, const uint8_t *data, size_t len)
{
	struct dhcp6_event ev = {.type = DHCP6_EV_PACKET, .packet = rig->packet};

	ev.packet.data = data;
	ev.packet.len = len;
	fx_clear(rig->fx, rig->now);
	dhcp6_server_step(rig->srv, &ev, rig->now, rig->fx);
	return rig->fx->n_sends;
}

static void start_relayed(struct rig *rig)
{
	static const struct dhcp6_relay_conf any = {.address = {.given = true}};

	rig->network.relays = &any;
	rig->network.n_relays = 1;
	rig->packet.src = peer_addr("2001:db8:ff::9");
	rig->packet.dst = peer_addr("2001:db8::1");
	rig->packet.sport = 1000;
	rig_start(rig);
}

/* Z9, R3 */
static void the_largest_answers_fit_and_larger_ones_change_nothing(void **state)
{
	struct rig *rig = *state;
	uint8_t *forward = malloc(PAYLOAD_MAX);
	size_t fits = PAYLOAD_MAX - DHCP6_ANSWER_ROOM;

	start_relayed(rig);
	for (size_t n = 1; n <= LEVELS_MAX; n++) {
		size_t len = make_large(forward, n, fits + 1);

		assert_int_equal(step(rig, forward, len), 0);
		assert_int_equal(dhcp6_server_drops(rig->srv, DHCP6_DROP_NO_ROOM), 2 * n - 1);
		assert_string_equal(rig_state(rig, "2001:db8:1::10"), n == 1 ? "none" : "offered");
		len = make_large(forward, n, PAYLOAD_MAX - SOLICIT_LEN);
		assert_int_equal(len, PAYLOAD_MAX);
		assert_int_equal(step(rig, forward, len), 0);
		len = make_large(forward, n, fits);
		assert_int_equal(step(rig, forward, len), 1);
		assert_string_equal(rig_state(rig, "2001:db8:1::10"), "offered");
		const struct fx_send *send = &rig->fx->sends[0];

		assert_int_equal(send->port, 547);
		assert_true(ip6_equal(&send->dst, &rig->packet.src));
		assert_true(ip6_equal(&send->src, &rig->packet.dst));
		assert_int_equal(send->link, rig->packet.link);
		check_nesting(send, n);
	}
	free(forward);
}

/* R15: an Echo Request of all codes there are, around as many options as fit. */
static void an_echo_request_costs_one_pass(void **state)
{
	struct rig *rig = *state;
	uint8_t *forward = malloc(PAYLOAD_MAX);
	struct wire_writer w = wire_writer(forward, PAYLOAD_MAX);

	start_relayed(rig);
	put_relay_header(&w, 12, 0, 1);
	wire_put_u16(&w, 43);
	wire_put_u16(&w, 40000);
	for (unsigned int code = 0; code < 20000; code++)
		wire_put_u16(&w, (uint16_t)(code + 100));
	for (unsigned int code = 0; code < 4000; code++) {
		wire_put_u16(&w, (uint16_t)(code + 200));
		wire_put_u16(&w, 0);
	}
	wire_put_u16(&w, 9);
	wire_put_u16(&w, SOLICIT_LEN);
	wire_put_bytes(&w, solicit, SOLICIT_LEN);
	assert_false(w.bad);
	assert_int_equal(step(rig, forward, w.at), 1);
	/* The Echo Request does not name itself; all others came back. */
	struct wire_reader r = wire_reader(rig->fx->sends[0].data, rig->fx->sends[0].len);

	wire_get_bytes(&r, HEADER);
	for (unsigned int code = 0; code < 4000; code++) {
		assert_int_equal(wire_get_u16(&r), code + 200);
		assert_int_equal(wire_get_u16(&r), 0);
	}
	assert_int_equal(wire_get_u16(&r), 9);
	free(forward);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(chains_of_one_to_nine_come_back_as_they_were),
		cmocka_unit_test(ten_levels_are_too_many),
		cmocka_unit_test(chains_cut_at_every_length_are_malformed),
		cmocka_unit_test(lengths_that_lie_are_found_out_or_harmless),
		cmocka_unit_test_setup_teardown(
			the_largest_answers_fit_and_larger_ones_change_nothing, rig_setup,
			rig_teardown),
		cmocka_unit_test_setup_teardown(an_echo_request_costs_one_pass, rig_setup,
						rig_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

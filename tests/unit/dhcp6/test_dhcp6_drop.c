/* SPDX-License-Identifier: ISC */
/*
 * Every reason for which messages are dropped: one that provokes it, counted by it and by no other.
 * A reason without a row here fails the test; tests/drops.sh sees to it that each is in the manual.
 */
#include "config.h"

#include <string.h>

#include "../base/check_drop.h"
#include "rig.h"

/* clang-format off */
#define FORWARD_BY(hops, link) "\14" hops "\40\1\15\270" link "\0\0\0\0\0\0\0\0\0\1" \
	"\376\200\0\0\0\0\0\0\0\0\0\0\0\0\0\12"
#define FORWARD(hops) FORWARD_BY(hops, "\0\1")
#define INFORMATION_REQUEST "\0\11\0\4\13\0\1\2"
/* clang-format on */

/* A message that is dropped. */
struct provocation {
	void (*set_up)(struct rig *rig); /* starts the server; NULL: rig_start() does */
	enum dhcp6_type type;
	const char *words; /* of the message */
	/* Without words: */
	const char *bytes;
	size_t len;
	const char *(*ask)(struct rig *rig); /* without bytes */
};

static void no_network(struct rig *rig)
{
	rig_start(rig);
	rig->packet.network = DHCP6_NETWORK_NONE;
}

static void no_service(struct rig *rig)
{
	rig->network.serve = false;
	rig_start(rig);
}

static void stateless(struct rig *rig)
{
	rig->network.stateful = false;
	rig_start(rig);
}

static void to_unicast(struct rig *rig)
{
	rig_start(rig);
	rig->packet.dst = peer_addr("fe80::1");
}

static void from_global(struct rig *rig)
{
	rig_start(rig);
	rig->packet.src = peer_addr("2001:db8:1::c1");
}

/* From an address that registers itself, 2001:db8:1::77. */
static void registering(struct rig *rig)
{
	rig->network.dhcp6.registration = true;
	rig_start(rig);
	rig->packet.src = peer_addr("2001:db8:1::77");
}

static void registering_elsewhere(struct rig *rig)
{
	registering(rig);
	rig->packet.src = peer_addr("2001:db8:1::78");
}

static void registering_off_link(struct rig *rig)
{
	rig->prefixes[0].prefix.addr = peer_addr("2001:db8:7::");
	registering(rig);
}

static void registering_what_is_leased(struct rig *rig)
{
	rig->pools[0].range =
		(struct dhcp6_range){peer_addr("2001:db8:1::77"), peer_addr("2001:db8:1::77")};
	registering(rig);
	rig->packet.src = peer_addr("fe80::c1");
	assert_non_null(strstr(rig_ask(rig, DHCP6_REQUEST, "cid:2 sid na:1"), "::77="));
	rig->packet.src = peer_addr("2001:db8:1::77");
}

static void relay_known(struct rig *rig)
{
	static const struct dhcp6_relay_conf relay = {
		.address = {true, {.len = 0}},
	};

	rig->network.relays = &relay;
	rig->network.n_relays = 1;
	rig_start(rig);
	rig->packet.src = peer_addr("2001:db8:ff::9");
}

static void relay_of_nobody(struct rig *rig)
{
	rig_start(rig);
	rig->packet.src = peer_addr("2001:db8:ff::9");
}

static const char *ask_registering(struct rig *rig, const char *addr)
{
	struct in6_addr own = peer_addr(addr);
	struct peer_msg msg;
	uint8_t option[24] = {0};

	memcpy(option, &own, sizeof(own));
	option[18] = option[22] = 14; /* lifetimes of an hour */
	peer_begin(&msg, DHCP6_ADDR_REG_INFORM);
	peer_put_client_id(&msg, "00:03:00:01:02:00:00:00:00:01");
	peer_put_option(&msg, DHCP6_OPT_IAADDR, option, sizeof(option));
	return rig_ask_bytes(rig, msg.bytes, msg.w.at);
}

static const char *ask_registering_77(struct rig *rig)
{
	return ask_registering(rig, "2001:db8:1::77");
}

static void registering_too_many(struct rig *rig)
{
	rig->conf.limits.registrations = 1;
	registering(rig);
	rig->packet.src = peer_addr("2001:db8:1::76");
	ask_registering(rig, "2001:db8:1::76");
	assert_string_equal(rig_state(rig, "2001:db8:1::76"), "none");
	assert_int_equal(lease_registrations(rig->table), 1);
	rig->packet.src = peer_addr("2001:db8:1::77");
}

static const char *ask_for_too_many(struct rig *rig)
{
	struct peer_msg msg;

	peer_begin(&msg, DHCP6_SOLICIT);
	peer_put_client_id(&msg, "00:03:00:01:02:00:00:00:00:01");
	for (uint32_t iaid = 0; iaid <= DHCP6_MSG_IAS; iaid++) {
		peer_open_ia(&msg, DHCP6_OPT_IA_NA, iaid);
		peer_close_ia(&msg);
	}
	return rig_ask_bytes(rig, msg.bytes, msg.w.at);
}

/* A relay with an Interface-Id that leaves no room beside it. */
static const char *ask_without_room(struct rig *rig)
{
	enum { LEN = 65100 };
	static uint8_t bytes[LEN + 64];
	struct wire_writer w = wire_writer(bytes, sizeof(bytes));

	wire_put_bytes(&w, FORWARD("\0"), sizeof(FORWARD("\0")) - 1);
	wire_put_u16(&w, DHCP6_OPT_INTERFACE_ID);
	wire_put_u16(&w, LEN);
	for (size_t i = 0; i < LEN; i++)
		wire_put_u8(&w, 'x');
	wire_put_bytes(&w, INFORMATION_REQUEST, sizeof(INFORMATION_REQUEST) - 1);
	assert_false(w.bad);
	return rig_ask_bytes(rig, bytes, w.at);
}

static void busy(struct rig *rig)
{
	rig_start(rig);
	dhcp6_server_set_busy(rig->srv, true);
}

static void impatient(struct rig *rig)
{
	rig->conf.limits.messages_per_client = 1;
	rig_start(rig);
	for (int i = 0; i < 5; i++)
		assert_null(strstr(rig_ask(rig, DHCP6_INFORMATION_REQUEST, "cid:1"), "drop"));
}

static void cloned(struct rig *rig)
{
	rig->pools[0].range.last = peer_addr("2001:db8:1::ffff");
	rig->knows_mac = true;
	rig_start(rig);
	for (int i = 0; i < 1024; i++)
		rig_ask_as_clone(rig, i);
	rig->packet.mac[3] = 4;
}

/* clang-format off */
#define BYTES(s) .bytes = (s), .len = sizeof(s) - 1
#define SAY(what, text) .type = (what), .words = (text)

static const struct provocation provocations[DHCP6_DROPS] = {
	[DHCP6_DROP_MALFORMED] = {BYTES("\1\0\1\2\0\1\0\144")},
	[DHCP6_DROP_TOO_MANY] = {.ask = ask_for_too_many},
	[DHCP6_DROP_DUPLICATE_IA] = {SAY(DHCP6_SOLICIT, "cid:1 na:1 na:1")},
	[DHCP6_DROP_BAD_DUID] = {BYTES("\1\0\1\2\0\1\0\2\0\3")},
	[DHCP6_DROP_UNKNOWN_TYPE] = {SAY((enum dhcp6_type)99, "cid:1")},
	[DHCP6_DROP_NOT_FOR_SERVERS] = {SAY(DHCP6_REPLY, "cid:1 sid")},
	[DHCP6_DROP_UNICAST] = {to_unicast, SAY(DHCP6_SOLICIT, "cid:1 na:1")},
	[DHCP6_DROP_NOT_LINK_LOCAL] = {from_global, SAY(DHCP6_SOLICIT, "cid:1 na:1")},
	[DHCP6_DROP_NO_NETWORK] = {no_network, SAY(DHCP6_SOLICIT, "cid:1 na:1")},
	[DHCP6_DROP_NOT_SERVED] = {no_service, SAY(DHCP6_SOLICIT, "cid:1 na:1")},
	[DHCP6_DROP_NO_CLIENT_ID] = {SAY(DHCP6_SOLICIT, "na:1")},
	[DHCP6_DROP_NO_SERVER_ID] = {SAY(DHCP6_REQUEST, "cid:1 na:1")},
	[DHCP6_DROP_OTHER_SERVER] = {SAY(DHCP6_REQUEST, "cid:1 sid:other na:1")},
	[DHCP6_DROP_WITH_SERVER_ID] = {SAY(DHCP6_SOLICIT, "cid:1 sid na:1")},
	[DHCP6_DROP_WITH_IA] = {SAY(DHCP6_INFORMATION_REQUEST, "cid:1 na:1")},
	[DHCP6_DROP_NO_ADDRESSES] = {SAY(DHCP6_CONFIRM, "cid:1 na:1")},
	[DHCP6_DROP_NOT_STATEFUL] = {stateless, SAY(DHCP6_SOLICIT, "cid:1 na:1")},
	[DHCP6_DROP_NOTHING_TO_SAY] = {stateless, SAY(DHCP6_REBIND, "cid:1 na:1")},
	[DHCP6_DROP_RELAY_UNKNOWN] = {relay_of_nobody, BYTES(FORWARD("\0") INFORMATION_REQUEST)},
	[DHCP6_DROP_RELAY_NETWORK] = {relay_known, BYTES(FORWARD_BY("\0", "\0\7") INFORMATION_REQUEST)},
	[DHCP6_DROP_RELAY_MESSAGE] = {relay_known, BYTES(FORWARD("\0"))},
	[DHCP6_DROP_RELAY_DEPTH] = {relay_known, BYTES(FORWARD("\11") INFORMATION_REQUEST)},
	[DHCP6_DROP_REG_FORM] = {registering, SAY(DHCP6_ADDR_REG_INFORM, "cid:1")},
	[DHCP6_DROP_REG_SOURCE] = {registering_elsewhere, .ask = ask_registering_77},
	[DHCP6_DROP_REG_PREFIX] = {registering_off_link, .ask = ask_registering_77},
	[DHCP6_DROP_REG_LEASED] = {registering_what_is_leased, .ask = ask_registering_77},
	[DHCP6_DROP_REG_LIMIT] = {registering_too_many, .ask = ask_registering_77},
	[DHCP6_DROP_DUID_CLONES] = {cloned, SAY(DHCP6_SOLICIT, "cid:1 na:1")},
	[DHCP6_DROP_STORE_BUSY] = {busy, SAY(DHCP6_REQUEST, "cid:1 sid na:1")},
	[DHCP6_DROP_RATE_LIMIT] = {impatient, SAY(DHCP6_INFORMATION_REQUEST, "cid:1")},
	[DHCP6_DROP_NO_ROOM] = {relay_known, .ask = ask_without_room},
};
/* clang-format on */

static void provoke(const struct provocation *by, struct rig *rig)
{
	if (by->set_up)
		by->set_up(rig);
	else
		rig_start(rig);
	if (by->words)
		rig_ask(rig, by->type, by->words);
	else if (by->bytes)
		rig_ask_bytes(rig, by->bytes, by->len);
	else
		by->ask(rig);
}

static void each_reason_is_provoked_and_counted(void **state)
{
	(void)state;
	for (int i = DHCP6_DROP_NONE + 1; i < DHCP6_DROPS; i++) {
		const enum dhcp6_drop drop = (enum dhcp6_drop)i;
		const struct provocation *by = &provocations[drop];
		void *rig;
		char expected[64];
		struct text text;

		if (!by->words && !by->bytes && !by->ask)
			fail_msg("nothing provokes %s", dhcp6_drop_name(drop));
		text_init(&text, expected, sizeof(expected));
		text_put_str(&text, "drop ");
		text_put_str(&text, dhcp6_drop_name(drop));
		rig_setup(&rig);
		provoke(by, rig);
		assert_string_equal(((struct rig *)rig)->answer, expected);
		assert_int_equal(dhcp6_server_drops(((struct rig *)rig)->srv, drop), 1);
		rig_teardown(&rig);
	}
}

static void each_reason_has_a_sentence(void **state)
{
	(void)state;
	for (int i = DHCP6_DROP_NONE; i < DHCP6_DROPS; i++)
		check_drop_reason(dhcp6_drop_reason((enum dhcp6_drop)i));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_reason_is_provoked_and_counted),
		cmocka_unit_test(each_reason_has_a_sentence),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

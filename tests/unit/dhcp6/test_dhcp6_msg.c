/* SPDX-License-Identifier: ISC */
/*
 * Decoding what clients send: every type, every place to cut, lengths that contradict each other.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "dhcp6/dhcp6_msg.h"
#include "peer.h"

#define CLIENT "00:03:00:01:02:00:00:00:00:01"
#define SERVER "00:04:00:01:02:03:04:05:06:07:08:09:0a:0b:0c:0d:0e:0f"

static enum dhcp6_drop decode(const struct peer_msg *peer, struct dhcp6_msg *ret_msg,
			      size_t *ret_offset)
{
	return dhcp6_msg_decode(peer->bytes, peer->w.at, ret_msg, ret_offset);
}

static void put_everything(struct peer_msg *peer, enum dhcp6_type type)
{
	peer_begin(peer, type);
	peer_put_elapsed_time(peer, 100);
	peer_open_ia(peer, DHCP6_OPT_IA_NA, 7);
	peer_put_address(peer, "2001:db8::1");
	peer_put_address(peer, "2001:db8::2");
	peer_close_ia(peer);
	peer_open_ia(peer, DHCP6_OPT_IA_PD, 7);
	peer_put_prefix(peer, "2001:db8:100::/56");
	peer_close_ia(peer);
	peer_put_oro(peer, (const uint16_t[]){23, 24, 23, 300}, 4);
	peer_put_rapid_commit(peer);
	peer_put_option(peer, 16, "\x00\x00\x00\x09\x00\x02hi", 8);
	peer_put_option(peer, 15, "\x00\x02hi\x00\x00", 6);
	peer_put_option(peer, 17, "\x00\x00\x00\x09\x00\x01\x00\x01x", 9);
	peer_put_option(peer, 4711, "unknown", 7);
	peer_put_server_id(peer, SERVER);
	peer_put_client_id(peer, CLIENT);
}

/* G1, G3, U1: any order of options, unknown ones passed over, one IAID in two kinds of IA. */
static void every_type_is_decoded(void **state)
{
	struct duid client = peer_duid(CLIENT), server = peer_duid(SERVER);

	(void)state;
	for (uint8_t type = 1; type <= 11; type++) {
		struct peer_msg peer;
		struct dhcp6_msg msg;
		size_t offset;

		put_everything(&peer, (enum dhcp6_type)type);
		assert_int_equal(decode(&peer, &msg, &offset), DHCP6_DROP_NONE);
		assert_int_equal(msg.type, type);
		assert_int_equal(msg.xid, PEER_XID);
		assert_true(duid_equal(&msg.client_id, &client));
		assert_true(duid_equal(&msg.server_id, &server));
		assert_true(msg.rapid_commit);
		assert_int_equal(msg.n_ias, 2);
		assert_int_equal(msg.ias[0].kind, LEASE_NA);
		assert_int_equal(msg.ias[0].iaid, 7);
		assert_int_equal(msg.ias[0].count, 2);
		assert_int_equal(msg.ias[1].kind, LEASE_PD);
		assert_int_equal(msg.ias[1].first, 2);
		assert_int_equal(msg.ias[1].count, 1);
		assert_int_equal(msg.leases[2].plen, 56);
		assert_true(dhcp6_msg_wants(&msg, 23) && dhcp6_msg_wants(&msg, 300));
		assert_false(dhcp6_msg_wants(&msg, 25) || dhcp6_msg_wants(&msg, 301));
	}
}

/* G2, Z8: a message cut anywhere but between two options is malformed, and is never read past. */
static void cuts_are_noticed(void **state)
{
	struct peer_msg peer;
	size_t whole = 0;

	(void)state;
	put_everything(&peer, DHCP6_REQUEST);
	for (size_t len = 0; len < peer.w.at; len++) {
		/* Memory of exactly this size: a sanitizer sees an octet too many. */
		uint8_t *bytes = malloc(len ? len : 1);
		struct dhcp6_msg msg;
		size_t offset;

		memcpy(bytes, peer.bytes, len);
		enum dhcp6_drop drop = dhcp6_msg_decode(bytes, len, &msg, &offset);

		assert_true(drop == DHCP6_DROP_NONE || drop == DHCP6_DROP_MALFORMED);
		assert_true(offset <= len);
		whole += drop == DHCP6_DROP_NONE;
		free(bytes);
	}
	/* After the header and after each of the eleven options but the last. */
	assert_int_equal(whole, 11);
}

/* G2, O3, Z8: lengths that contradict their content, each with where that is noticed. */
static void malformed_lengths_are_refused(void **state)
{
	static const struct {
		const char *name;
		uint16_t code;
		const char *bytes;
		size_t len;
		enum dhcp6_drop drop;
		size_t offset;
	} cases[] = {
		/* clang-format off */
		{"IA_NA of 11 octets", 3, "\0\0\0\1\0\0\0\0\0\0\0", 11, DHCP6_DROP_MALFORMED, 8},
		{"IA_PD of 11 octets", 25, "\0\0\0\1\0\0\0\0\0\0\0", 11, DHCP6_DROP_MALFORMED, 8},
		{"empty IA_NA", 3, "", 0, DHCP6_DROP_MALFORMED, 8},
		{"IAADDR of 23 octets", 3, "\0\0\0\1\0\0\0\0\0\0\0\0" "\0\5\0\x17"
		 "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0" "\0\0\0\0\0\0\0", 39, DHCP6_DROP_MALFORMED, 24},
		{"IAADDR longer than its IA", 3, "\0\0\0\1\0\0\0\0\0\0\0\0" "\0\5\0\x18"
		 "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0" "\0\0\0\0\0\0\0", 39, DHCP6_DROP_MALFORMED, 20},
		{"IAPREFIX of 24 octets", 25, "\0\0\0\1\0\0\0\0\0\0\0\0" "\0\x1a\0\x18"
		 "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0" "\0\0\0\0\0\0\0\0", 40, DHCP6_DROP_MALFORMED, 24},
		{"IAPREFIX of /129", 25, "\0\0\0\1\0\0\0\0\0\0\0\0" "\0\x1a\0\x19"
		 "\0\0\0\0\0\0\0\0" "\x81" "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 41,
		 DHCP6_DROP_MALFORMED, 24},
		{"option in IAADDR too long", 3, "\0\0\0\1\0\0\0\0\0\0\0\0" "\0\5\0\x1c"
		 "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0" "\0\0\0\0\0\0\0\0" "\0\xd\0\1", 44,
		 DHCP6_DROP_MALFORMED, 48},
		{"odd ORO", 6, "\0\x17\0", 3, DHCP6_DROP_MALFORMED, 8},
		{"elapsed time of 1 octet", 8, "\0", 1, DHCP6_DROP_MALFORMED, 8},
		{"rapid commit with content", 14, "\0", 1, DHCP6_DROP_MALFORMED, 8},
		{"user class item too long", 15, "\0\2x", 3, DHCP6_DROP_MALFORMED, 8},
		{"vendor class without enterprise", 16, "\0\0\0", 3, DHCP6_DROP_MALFORMED, 8},
		{"vendor class item too long", 16, "\0\0\0\1\0\1", 6, DHCP6_DROP_MALFORMED, 12},
		{"vendor option too long", 17, "\0\0\0\1\0\1\0\1", 8, DHCP6_DROP_MALFORMED, 12},
		{"DUID of 2 octets", 1, "\0\1", 2, DHCP6_DROP_BAD_DUID, 8},
		{"empty DUID", 1, "", 0, DHCP6_DROP_BAD_DUID, 8},
		{"server DUID of 1 octet", 2, "\0", 1, DHCP6_DROP_BAD_DUID, 8},
		/* clang-format on */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct peer_msg peer;
		struct dhcp6_msg msg;
		size_t offset;

		peer_begin(&peer, DHCP6_SOLICIT);
		peer_put_option(&peer, cases[i].code, cases[i].bytes, cases[i].len);
		enum dhcp6_drop drop = decode(&peer, &msg, &offset);

		if (drop != cases[i].drop || offset != cases[i].offset)
			fail_msg("%s: %s at %zu", cases[i].name, dhcp6_drop_name(drop), offset);
	}
}

/* U1: DUIDs of 3 and of 130 octets, not of 131; the type does not matter (U2). */
static void duids_of_any_type_and_length(void **state)
{
	uint8_t bytes[140] = {0xff, 0xfe};
	struct peer_msg peer;
	struct dhcp6_msg msg;
	size_t offset;

	(void)state;
	for (size_t len = 3; len <= 131; len += len < 130 ? 127 : 1) {
		peer_begin(&peer, DHCP6_SOLICIT);
		peer_put_option(&peer, DHCP6_OPT_CLIENT_ID, bytes, len);
		assert_int_equal(decode(&peer, &msg, &offset),
				 len <= 130 ? DHCP6_DROP_NONE : DHCP6_DROP_BAD_DUID);
		if (len <= 130)
			assert_int_equal(msg.client_id.len, len);
	}
}

/* G7, G8: of an option that may stand once, the first copy counts; they are never joined. */
static void first_copy_counts(void **state)
{
	struct duid client = peer_duid(CLIENT);
	struct peer_msg peer;
	struct dhcp6_msg msg;
	size_t offset;

	(void)state;
	peer_begin(&peer, DHCP6_SOLICIT);
	peer_put_client_id(&peer, CLIENT);
	peer_put_oro(&peer, (const uint16_t[]){23}, 1);
	peer_put_client_id(&peer, SERVER);
	peer_put_oro(&peer, (const uint16_t[]){24}, 1);
	assert_int_equal(decode(&peer, &msg, &offset), DHCP6_DROP_NONE);
	assert_true(duid_equal(&msg.client_id, &client));
	assert_true(dhcp6_msg_wants(&msg, 23));
	assert_false(dhcp6_msg_wants(&msg, 24));
}

/* G9: an IAID twice in one kind of IA is malformed. */
static void an_iaid_stands_once(void **state)
{
	struct peer_msg peer;
	struct dhcp6_msg msg;
	size_t offset;

	(void)state;
	peer_begin(&peer, DHCP6_SOLICIT);
	for (int i = 0; i < 2; i++) {
		peer_open_ia(&peer, DHCP6_OPT_IA_NA, 1);
		peer_close_ia(&peer);
	}
	assert_int_equal(decode(&peer, &msg, &offset), DHCP6_DROP_DUPLICATE_IA);
	assert_int_equal(offset, 24);
}

/* Bounds of what one message may hold: the last that fits, and one more. */
static void counts_are_bounded(void **state)
{
	struct peer_msg peer;
	struct dhcp6_msg msg;
	size_t offset;

	(void)state;
	peer_begin(&peer, DHCP6_SOLICIT);
	for (uint32_t i = 0; i <= DHCP6_MSG_IAS; i++) {
		enum dhcp6_drop drop;

		peer_open_ia(&peer, DHCP6_OPT_IA_NA, i);
		peer_close_ia(&peer);
		drop = decode(&peer, &msg, &offset);
		assert_int_equal(drop, i < DHCP6_MSG_IAS ? DHCP6_DROP_NONE : DHCP6_DROP_TOO_MANY);
	}
	for (size_t n = DHCP6_MSG_LEASES; n <= DHCP6_MSG_LEASES + 1; n++) {
		peer_begin(&peer, DHCP6_SOLICIT);
		peer_open_ia(&peer, DHCP6_OPT_IA_NA, 1);
		for (size_t i = 0; i < n; i++)
			peer_put_address(&peer, "2001:db8::1");
		peer_close_ia(&peer);
		assert_int_equal(decode(&peer, &msg, &offset),
				 n == DHCP6_MSG_LEASES ? DHCP6_DROP_NONE : DHCP6_DROP_TOO_MANY);
	}
}

/* P1: bits of a prefix past its length are ignored. */
static void prefix_tails_are_cleared(void **state)
{
	struct in6_addr expected = peer_addr("2001:db8:100::");
	struct peer_msg peer;
	struct dhcp6_msg msg;
	size_t offset;

	(void)state;
	peer_begin(&peer, DHCP6_SOLICIT);
	peer_open_ia(&peer, DHCP6_OPT_IA_PD, 1);
	peer_put_option(&peer, DHCP6_OPT_IAPREFIX,
			"\0\0\0\0\0\0\0\0\x38\x20\x01\x0d\xb8\x01\x00\x00\xff"
			"\xff\xff\xff\xff\xff\xff\xff\xff",
			25);
	peer_close_ia(&peer);
	assert_int_equal(decode(&peer, &msg, &offset), DHCP6_DROP_NONE);
	assert_int_equal(msg.leases[0].plen, 56);
	assert_true(ip6_equal(&msg.leases[0].addr, &expected));
}

/* G5: an option where it may not stand is passed over: a prefix in an IA_NA, an address outside. */
static void misplaced_options_are_ignored(void **state)
{
	struct peer_msg peer;
	struct dhcp6_msg msg;
	size_t offset;

	(void)state;
	peer_begin(&peer, DHCP6_SOLICIT);
	peer_put_address(&peer, "2001:db8::1");
	peer_open_ia(&peer, DHCP6_OPT_IA_NA, 1);
	peer_put_prefix(&peer, "2001:db8::/56");
	peer_close_ia(&peer);
	peer_open_ia(&peer, DHCP6_OPT_IA_PD, 1);
	peer_put_address(&peer, "2001:db8::1");
	peer_close_ia(&peer);
	assert_int_equal(decode(&peer, &msg, &offset), DHCP6_DROP_NONE);
	assert_int_equal(msg.n_ias, 2);
	assert_int_equal(msg.n_leases, 0);
}

/* C1: IA_TA is obsolete and passed over. */
static void ia_ta_is_ignored(void **state)
{
	struct peer_msg peer;
	struct dhcp6_msg msg;
	size_t offset;

	(void)state;
	peer_begin(&peer, DHCP6_SOLICIT);
	peer_put_option(&peer, 4, "\0\0\0\1", 4);
	assert_int_equal(decode(&peer, &msg, &offset), DHCP6_DROP_NONE);
	assert_int_equal(msg.n_ias, 0);
}

static void every_drop_has_a_name(void **state)
{
	(void)state;
	for (int drop = 0; drop < DHCP6_DROPS; drop++)
		assert_string_not_equal(dhcp6_drop_name((enum dhcp6_drop)drop), "unknown");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_type_is_decoded),
		cmocka_unit_test(cuts_are_noticed),
		cmocka_unit_test(malformed_lengths_are_refused),
		cmocka_unit_test(duids_of_any_type_and_length),
		cmocka_unit_test(first_copy_counts),
		cmocka_unit_test(an_iaid_stands_once),
		cmocka_unit_test(counts_are_bounded),
		cmocka_unit_test(prefix_tails_are_cleared),
		cmocka_unit_test(misplaced_options_are_ignored),
		cmocka_unit_test(ia_ta_is_ignored),
		cmocka_unit_test(every_drop_has_a_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

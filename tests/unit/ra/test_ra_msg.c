/* SPDX-License-Identifier: ISC */
/*
 * Whole messages: the bytes of an RA, sets of several, and the checks of what comes in.
 */
#include "config.h"

#include <string.h>

#include "ra/ra_msg.h"
#include "ra_fixture.h"

/* The first RA that a world sends is enough to look at bytes. */
static const struct sent *first_sent(struct world *world)
{
	world_start(world);
	assert_true(world->n_sent > 0);
	return &world->sent[0];
}

/* S1, V6, V8, V9, V10, V14 */
static void header_is_as_configured(void **state)
{
	/* clang-format off */
	static const uint8_t expected[] = {
		134, 0,			/* type, code */
		0, 0,			/* checksum: by the kernel */
		32,			/* hop limit */
		0xc8,			/* M, O, high */
		0x07, 0x08,		/* router lifetime 1800 */
		0, 0, 0x75, 0x30,	/* reachable time 30,000 ms */
		0, 0, 0x01, 0xf4,	/* retrans time 500 ms */
		1, 1, 2, 0, 0, 0, 0, 1,	/* source link-layer address */
		3, 4, 64, 0xc0,		/* prefix */
		0, 0x27, 0x8d, 0, 0, 0x09, 0x3a, 0x80, 0, 0, 0, 0,
		0x20, 1, 0x0d, 0xb8, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
	};
	/* clang-format on */
	struct world *world = world_new(1);

	(void)state;
	world->conf.managed = world->conf.other = true;
	world->conf.preference = RA_PREFERENCE_HIGH;
	world->conf.hop_limit = 32;
	world->conf.reachable_time = 30000;
	world->conf.retrans_time = 500;
	const struct sent *sent = first_sent(world);

	assert_int_equal(sent->len, sizeof(expected));
	assert_memory_equal(sent->bytes, expected, sizeof(expected));
	struct ra_msg msg = sent_decode(sent);

	assert_int_equal(msg.header.hop_limit, 32);
	assert_int_equal(msg.header.flags, 0xc8);
	assert_int_equal(msg.header.lifetime, 1800);
	assert_int_equal(msg.header.reachable_time, 30000);
	assert_int_equal(msg.header.retrans_time, 500);
	assert_int_equal(ra_header_preference(&msg.header), RA_PREFERENCE_HIGH);
	world_free(world);
}

/* M and O by themselves, no other bit is ever set; S31 */
static void flags_are_independent(void **state)
{
	(void)state;
	for (int bits = 0; bits < 4; bits++) {
		struct world *world = world_new(1);

		world->conf.managed = bits & 1;
		world->conf.other = bits & 2;
		uint8_t flags = sent_decode(first_sent(world)).header.flags;

		assert_int_equal(flags, (bits & 1 ? 0x80 : 0) | (bits & 2 ? 0x40 : 0));
		world_free(world);
	}
}

/* V14: 01 high, 11 low, 00 whenever the router lifetime is 0; 10 reads as medium */
static void preference_is_encoded_and_dropped_with_lifetime_zero(void **state)
{
	static const struct {
		enum ra_preference preference;
		uint32_t lifetime;
		uint8_t flags;
	} cases[] = {
		{RA_PREFERENCE_LOW, 1800, 0x18},  {RA_PREFERENCE_MEDIUM, 1800, 0},
		{RA_PREFERENCE_HIGH, 1800, 0x08}, {RA_PREFERENCE_LOW, 0, 0},
		{RA_PREFERENCE_HIGH, 0, 0},
	};
	const struct ra_header reserved = {.flags = 0x10};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct world *world = world_new(1);

		world->conf.preference = (int)cases[i].preference;
		world->conf.lifetime = cases[i].lifetime;
		assert_int_equal(sent_decode(first_sent(world)).header.flags, cases[i].flags);
		world_free(world);
	}
	assert_int_equal(ra_header_preference(&reserved), RA_PREFERENCE_MEDIUM);
}

/* V5: 16 bits */
static void the_longest_router_lifetime_fits(void **state)
{
	struct world *world = world_new(1);

	(void)state;
	world->conf.lifetime = 65535;
	assert_int_equal(sent_decode(first_sent(world)).header.lifetime, 65535);
	world_free(world);
}

/* V7: absent unless asked for */
static void options_are_absent_unless_asked_for(void **state)
{
	struct world *world = world_new(1);

	(void)state;
	world->conf.source_link_layer = false;
	world->n_prefixes = 0;
	assert_int_equal(first_sent(world)->len, 16);
	world_free(world);
}

static void a_link_without_link_layer_address_sends_none(void **state)
{
	struct world *world = world_new(1);

	(void)state;
	world->facts.mac_len = 0;
	assert_int_equal(sent_count(first_sent(world), RA_OPTION_SOURCE_LINK_LAYER), 0);
	world_free(world);
}

/* S16: for many numbers of prefixes and MTUs nothing is cut, doubled or lost */
static void sets_hold_everything_once(void **state)
{
	static const uint32_t mtus[] = {0, 576, 1280, 1281, 1300, 1500};

	(void)state;
	for (size_t m = 0; m < sizeof(mtus) / sizeof(mtus[0]); m++) {
		for (size_t n = 0; n <= 64; n++) {
			struct world *world = world_new(1);
			size_t prefixes = 0;
			size_t room = (mtus[m] > 1280 ? mtus[m] : 1280) - 40;
			size_t each = (room - 16 - 8) / 32; /* prefixes in one RA */

			for (size_t i = 0; i < n; i++) {
				world->prefixes[i] = world->prefixes[0];
				world->prefixes[i].prefix.addr.s6_addr[7] = (uint8_t)i;
			}
			world->n_prefixes = n;
			world->facts.mtu = mtus[m];
			world_start(world);
			assert_int_equal(world->n_sent, n ? (n - 1) / each + 1 : 1);
			for (size_t i = 0; i < world->n_sent; i++) {
				assert_true(world->sent[i].len <= room);
				assert_memory_equal(world->sent[i].bytes, world->sent[0].bytes, 24);
				prefixes += sent_count(&world->sent[i], RA_OPTION_PREFIX);
			}
			assert_int_equal(prefixes, n);
			world_free(world);
		}
	}
}

/* The MTU that we tell hosts bounds our own packets too. */
static void a_told_mtu_bounds_the_packets(void **state)
{
	struct world *world = world_new(1);

	(void)state;
	for (size_t i = 0; i < 44; i++) {
		world->prefixes[i] = world->prefixes[0];
		world->prefixes[i].prefix.addr.s6_addr[7] = (uint8_t)i;
	}
	world->n_prefixes = 44; /* 1440 octets: fit 1500 - 40, not 1400 - 40 */
	world->conf.mtu = 1500;
	world_start(world);
	assert_int_equal(world->n_sent, 1);
	world->now += 10 * SEC;
	world->conf.mtu = 1400;
	world_stop(world);
	assert_int_equal(world->n_sent, 3);
	assert_true(world->sent[1].len <= 1400 - 40);
	world_free(world);
}

/* An option that fits no RA is left out whole, and the rest is sent. */
static void what_fits_no_advertisement_is_left_out(void **state)
{
	static const uint8_t body[1600];
	struct world *world = world_new(1);
	struct ra_raw raw[2] = {{.type = 200, .body = {body, sizeof(body)}},
				{.type = 201, .body = {body, 6}}};

	(void)state;
	world->conf.options = raw;
	world->conf.n_options = 2;
	const struct sent *sent = first_sent(world);

	for (size_t i = 0; i < world->n_sent; i++)
		assert_int_equal(sent_count(&world->sent[i], 200), 0);
	assert_int_equal(sent_count(&sent[world->n_sent - 1], 201), 1);
	world_free(world);
}

/* clang-format off */
static const uint8_t rs[] = {
	133, 0, 0, 0,			/* type, code, checksum */
	0xff, 0xff, 0xff, 0xff,		/* reserved: ignored (E3) */
	1, 1, 2, 0, 0, 0, 0, 9,		/* source link-layer address */
	253, 2, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14,	/* unknown: ignored */
};

static const uint8_t ra[] = {
	134, 0, 0, 0,
	64, 0, 0x07, 0x08,
	0, 0, 0, 0,
	0, 0, 0, 0,
	253, 1, 1, 2, 3, 4, 5, 6,	/* unknown */
	5, 1, 0, 0, 0, 0, 0x05, 0xdc,	/* MTU 1500 */
};
/* clang-format on */

static enum ra_verdict check_rs(const uint8_t *bytes, size_t len, const char *src, int hop_limit)
{
	struct in6_addr addr = addr_of(src);
	bool has_link_layer;

	return ra_msg_check_rs(bytes, len, &addr, hop_limit, &has_link_layer);
}

static enum ra_verdict check_ra(const uint8_t *bytes, size_t len, const char *src, int hop_limit)
{
	struct in6_addr addr = addr_of(src);
	struct ra_msg msg;

	return ra_msg_decode_ra(bytes, len, &addr, hop_limit, &msg);
}

/* E1, E3 */
static void good_solicitations_are_taken(void **state)
{
	struct in6_addr addr = addr_of("fe80::9");
	bool has_link_layer;

	(void)state;
	assert_int_equal(ra_msg_check_rs(rs, sizeof(rs), &addr, 255, &has_link_layer), RA_OK);
	assert_true(has_link_layer);
	assert_int_equal(ra_msg_check_rs(rs, 8, &addr, 255, &has_link_layer), RA_OK);
	assert_false(has_link_layer);
	assert_int_equal(check_rs(rs, 8, "::", 255), RA_OK);
	assert_int_equal(check_rs(rs, sizeof(rs), "2001:db8::9", 255), RA_OK);
}

/* E1 */
static void bad_solicitations_are_refused(void **state)
{
	uint8_t bytes[sizeof(rs)];

	(void)state;
	memcpy(bytes, rs, sizeof(rs));
	for (int hop_limit = -1; hop_limit < 255; hop_limit++)
		assert_int_equal(check_rs(rs, sizeof(rs), "fe80::9", hop_limit), RA_DROP_HOP_LIMIT);
	assert_int_equal(check_rs(rs, sizeof(rs), "::", 255), RA_DROP_SOURCE_LINK_LAYER);
	assert_int_equal(check_rs(rs, sizeof(rs), "ff02::1", 255), RA_DROP_SOURCE);
	assert_int_equal(check_rs(rs, sizeof(rs), "::1", 255), RA_DROP_SOURCE);
	bytes[1] = 1;
	assert_int_equal(check_rs(bytes, sizeof(bytes), "fe80::9", 255), RA_DROP_CODE);
	bytes[1] = 0;
	bytes[9] = 0;
	assert_int_equal(check_rs(bytes, sizeof(bytes), "fe80::9", 255), RA_DROP_OPTION_LENGTH);
	bytes[9] = 1;
	bytes[17] = 3;
	assert_int_equal(check_rs(bytes, sizeof(bytes), "fe80::9", 255), RA_DROP_OPTION_LENGTH);
}

/* E5 */
static void other_routers_advertisements_are_checked(void **state)
{
	struct in6_addr addr = addr_of("fe80::5");
	struct ra_option option;
	struct ra_msg msg;
	uint8_t bytes[sizeof(ra)];

	(void)state;
	assert_int_equal(ra_msg_decode_ra(ra, sizeof(ra), &addr, 255, &msg), RA_OK);
	assert_int_equal(msg.header.lifetime, 1800);
	assert_true(ra_option_get(&msg.options, &option));
	assert_int_equal(option.type, 253);
	assert_true(ra_option_get(&msg.options, &option));
	assert_int_equal(option.number, 1500);
	assert_false(ra_option_get(&msg.options, &option));

	assert_int_equal(check_ra(ra, sizeof(ra), "2001:db8::5", 255), RA_DROP_SOURCE);
	assert_int_equal(check_ra(ra, sizeof(ra), "::", 255), RA_DROP_SOURCE);
	assert_int_equal(check_ra(ra, sizeof(ra), "fe80::5", 254), RA_DROP_HOP_LIMIT);
	memcpy(bytes, ra, sizeof(ra));
	bytes[1] = 1;
	assert_int_equal(check_ra(bytes, sizeof(bytes), "fe80::5", 255), RA_DROP_CODE);
	bytes[1] = 0;
	bytes[17] = 0;
	assert_int_equal(check_ra(bytes, sizeof(bytes), "fe80::5", 255), RA_DROP_OPTION_LENGTH);
}

/* Every length a message can be cut to: whole options, or refused. */
static void cut_messages_are_refused(void **state)
{
	(void)state;
	for (size_t len = 0; len <= sizeof(rs); len++) {
		uint8_t *copy = test_malloc(len + 1);
		enum ra_verdict expected = len < 8 ? RA_DROP_SHORT
					   : len == 8 || len == 16 || len == 32
						   ? RA_OK
						   : RA_DROP_OPTION_LENGTH;

		memcpy(copy, rs, len);
		assert_int_equal(check_rs(copy, len, "fe80::9", 255), expected);
		test_free(copy);
	}
	for (size_t len = 0; len <= sizeof(ra); len++) {
		uint8_t *copy = test_malloc(len + 1);
		enum ra_verdict expected = len < 16       ? RA_DROP_SHORT
					   : len % 8 == 0 ? RA_OK
							  : RA_DROP_OPTION_LENGTH;

		memcpy(copy, ra, len);
		assert_int_equal(check_ra(copy, len, "fe80::5", 255), expected);
		test_free(copy);
	}
}

static void every_verdict_has_a_name(void **state)
{
	(void)state;
	for (int i = 0; i < RA_VERDICTS; i++)
		assert_non_null(ra_verdict_name((enum ra_verdict)i));
}

/* Random octets end in a verdict. */
static void noise_is_survived(void **state)
{
	struct rng rng;

	(void)state;
	rng_seed(&rng, 1);
	for (int i = 0; i < 20000; i++) {
		size_t len = (size_t)rng_between(&rng, 0, 100);
		uint8_t *bytes = test_malloc(len + 1);
		struct in6_addr addr = addr_of("fe80::5");
		struct ra_option option;
		struct ra_msg msg;
		char text[4096];
		struct text t;

		for (size_t k = 0; k < len; k++)
			bytes[k] = (uint8_t)rng_between(&rng, 0, k > 15 && k % 8 == 1 ? 4 : 255);
		for (size_t k = 16; k < len; k += 8)
			bytes[k] = (uint8_t)(rng_u64(&rng) % 40);
		if (len > 1)
			bytes[1] = 0;
		check_rs(bytes, len, "fe80::9", 255);
		if (ra_msg_decode_ra(bytes, len, &addr, 255, &msg) == RA_OK) {
			text_init(&t, text, sizeof(text));
			while (ra_option_get(&msg.options, &option))
				ra_option_show(&option, &t);
		}
		test_free(bytes);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(header_is_as_configured),
		cmocka_unit_test(flags_are_independent),
		cmocka_unit_test(preference_is_encoded_and_dropped_with_lifetime_zero),
		cmocka_unit_test(the_longest_router_lifetime_fits),
		cmocka_unit_test(options_are_absent_unless_asked_for),
		cmocka_unit_test(a_link_without_link_layer_address_sends_none),
		cmocka_unit_test(sets_hold_everything_once),
		cmocka_unit_test(a_told_mtu_bounds_the_packets),
		cmocka_unit_test(what_fits_no_advertisement_is_left_out),
		cmocka_unit_test(good_solicitations_are_taken),
		cmocka_unit_test(bad_solicitations_are_refused),
		cmocka_unit_test(other_routers_advertisements_are_checked),
		cmocka_unit_test(cut_messages_are_refused),
		cmocka_unit_test(every_verdict_has_a_name),
		cmocka_unit_test(noise_is_survived),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: ISC */
/*
 * Limits: what floods, declines and the impatient cannot do.
 */
#include "config.h"

#include <string.h>

#include "lease/lease_internal.h"
#include "rig.h"

enum {
	FLOOD = 1000000,
	FLOOD_SECONDS = 10,
	KNOWN = 20, /* clients that hold a lease */
};

/* A large pool, limits as they are where nothing is configured. */
static void start(struct rig *rig)
{
	rig->pools[0].range = (struct dhcp6_range){peer_addr("2001:db8:1::1000"),
						   peer_addr("2001:db8:1::ffff:ffff")};
	rig->conf.limits = (struct dhcp6_limits){0};
	rig_start(rig);
	rig->fx->level = LOG_LEVEL_INFO;
}

/* A message of the client with this number; true if it was answered. */
static bool ask(struct rig *rig, enum dhcp6_type type, uint32_t number, const char *words)
{
	const uint8_t mac[6] = {2,
				1,
				(uint8_t)(number >> 24),
				(uint8_t)(number >> 16),
				(uint8_t)(number >> 8),
				(uint8_t)number};
	struct duid duid = duid_make_ll(mac);
	struct dhcp6_event ev = {.type = DHCP6_EV_PACKET, .packet = rig->packet};
	struct peer_msg msg;

	peer_begin(&msg, type);
	peer_put_option(&msg, DHCP6_OPT_CLIENT_ID, duid.bytes, duid.len);
	rig_put_words(rig, &msg, words);
	ev.packet.data = msg.bytes;
	ev.packet.len = msg.w.at;
	fx_clear(rig->fx, rig->now);
	dhcp6_server_step(rig->srv, &ev, rig->now, rig->fx);
	return rig->fx->n_sends == 1;
}

/* Whether the answer has an address. */
static bool is_given(const struct rig *rig)
{
	char shown[512];
	struct text text;

	text_init(&text, shown, sizeof(shown));
	peer_show(rig->fx->sends[0].data, rig->fx->sends[0].len, &text);
	return strstr(shown, "2001:db8:1::") != NULL;
}

static void hold_leases(struct rig *rig)
{
	for (uint32_t i = 0; i < KNOWN; i++)
		assert_true(ask(rig, DHCP6_REQUEST, i, "sid na:1"));
	rig_stored(rig, true);
}

/* Z2, Z3, Z4, I18: a million invented DUIDs change neither memory nor the service to others. */
static void a_flood_of_solicits_changes_nothing(void **state)
{
	struct rig *rig = *state;
	uint32_t answered = 0, renewed = 0;
	mtime begin = rig->now;

	start(rig);
	rig->conf.limits.messages_per_link = 50000;
	rig_start(rig);
	hold_leases(rig);
	for (uint32_t i = 0; i < FLOOD; i++) {
		rig->now = begin + (mtime)i * FLOOD_SECONDS * SEC / FLOOD;
		answered += ask(rig, DHCP6_SOLICIT, 1000 + i, "na:1");
		/* Each of the known renews every second and is heard. */
		if (i % (FLOOD / FLOOD_SECONDS / KNOWN) == 0)
			renewed += ask(rig, DHCP6_RENEW, renewed % KNOWN, "sid na:1");
		if (i % 1000 == 0)
			rig_stored(rig, true);
	}
	assert_int_equal(renewed, KNOWN * FLOOD_SECONDS);
	assert_int_equal(lease_count(rig->table, LEASE_ACTIVE), KNOWN);
	/* Those that one link may have. */
	assert_int_equal(lease_count(rig->table, LEASE_OFFERED), 1024);
	/* No more was ever in use at once. */
	assert_true(rig->table->leases.used <= 1024 + KNOWN + 1);
	assert_true(rig->table->clients.used <= 1024 + KNOWN + 1);
	/* 50,000 a second and as many at once. */
	assert_in_range(answered, 50000 * FLOOD_SECONDS + 49900, 50000 * FLOOD_SECONDS + 50000);
	assert_int_equal(dhcp6_server_drops(rig->srv, DHCP6_DROP_RATE_LIMIT), FLOOD - answered);
	/* A stranger is heard again as soon as it is over. */
	rig->now += 1 * SEC;
	assert_true(ask(rig, DHCP6_SOLICIT, 5, "na:1"));
}

/* Z3: what waits for the store is not all of one link. */
static void a_link_leaves_room_in_a_batch(void **state)
{
	struct rig *rig = *state;
	uint32_t link = rig->packet.link, answered = 0;

	start(rig);
	/* What was stored before is no matter. */
	for (uint32_t i = 0; i < 200; i++) {
		rig->packet.link = link + 1;
		assert_true(ask(rig, DHCP6_REQUEST, 300000 + i, "sid na:1"));
		rig_stored(rig, true);
	}
	rig->packet.link = link;
	for (uint32_t i = 0; i < 2 * LEASE_OPEN_MAX; i++)
		answered += ask(rig, DHCP6_REQUEST, i, "sid na:1");
	assert_int_equal(answered, LEASE_OPEN_MAX / 4 * 3);
	assert_int_equal(dhcp6_server_drops(rig->srv, DHCP6_DROP_STORE_BUSY),
			 2 * LEASE_OPEN_MAX - answered);
	assert_true(ask(rig, DHCP6_SOLICIT, 1, "na:1"));
	for (uint32_t i = 0; i < 100; i++) {
		rig->packet.link = link + 1 + i % 10;
		assert_true(ask(rig, DHCP6_REQUEST, 100000 + i, "sid na:1"));
	}
	rig_stored(rig, true);
	rig->packet.link = link;
	assert_true(ask(rig, DHCP6_REQUEST, 200000, "sid na:1"));
}

/* Z4: a small pool that a flood has all offers of still has leases for who requests them. */
static void offers_keep_nobody_from_a_lease(void **state)
{
	enum { POOL = 20 };
	struct rig *rig = *state;
	uint32_t invented = 1000;

	start(rig);
	rig->pools[0].range.last = peer_addr("2001:db8:1::1013");
	rig_start(rig);
	for (uint32_t client = 0; client < POOL; client++) {
		for (uint32_t end = invented + 100; invented < end; invented++)
			ask(rig, DHCP6_SOLICIT, invented, "na:1");
		assert_int_equal(lease_count(rig->table, LEASE_OFFERED), POOL - client);
		/* Three offers are no flood: a Solicit leaves them to whom they were made. */
		assert_true(ask(rig, DHCP6_SOLICIT, client, "na:1"));
		assert_int_equal(is_given(rig), client <= POOL - 4);
		for (uint32_t end = invented + 100; invented < end; invented++)
			ask(rig, DHCP6_SOLICIT, invented, "na:1");
		assert_true(ask(rig, DHCP6_REQUEST, client, "sid na:1"));
		assert_true(is_given(rig));
		rig_stored(rig, true);
	}
	assert_int_equal(lease_count(rig->table, LEASE_ACTIVE), POOL);
	/* What is leased is nobody else's. */
	assert_true(ask(rig, DHCP6_REQUEST, POOL, "sid na:1"));
	assert_false(is_given(rig));
}

/* Z3: one client that does not stop is held back alone. */
static void an_impatient_client_is_held_back(void **state)
{
	struct rig *rig = *state;
	int answered = 0;

	start(rig);
	hold_leases(rig);
	for (int i = 0; i < 1000; i++)
		answered += ask(rig, DHCP6_RENEW, 1, "sid na:1");
	/* One of its 250 was the Request. */
	assert_int_equal(answered, 249);
	assert_true(ask(rig, DHCP6_RENEW, 2, "sid na:1"));
	rig->now += 40;
	assert_true(ask(rig, DHCP6_RENEW, 1, "sid na:1"));
	assert_true(ask(rig, DHCP6_RENEW, 1, "sid na:1"));
	assert_false(ask(rig, DHCP6_RENEW, 1, "sid na:1"));
}

/* Z3: ten thousand guests that start at once are no flood. */
static void a_boot_storm_is_served(void **state)
{
	struct rig *rig = *state;

	start(rig);
	for (uint32_t i = 0; i < 10000; i++) {
		assert_true(ask(rig, DHCP6_SOLICIT, i, "na:1"));
		assert_true(ask(rig, DHCP6_INFORMATION_REQUEST, i, "oro:23"));
		assert_true(ask(rig, DHCP6_REQUEST, i, "sid na:1"));
		if (i % 1000 == 0)
			rig_stored(rig, true);
	}
	assert_int_equal(lease_count(rig->table, LEASE_ACTIVE), 10000);
}

/* The address of the only lease of client 1 as a word; empty if it has none. */
static const char *address_of(struct rig *rig)
{
	static char word[80];
	uint32_t cursor = 0;
	const struct lease *lease;
	struct text text;

	text_init(&text, word, sizeof(word));
	text_put_str(&text, "sid na:1 ");
	while ((lease = lease_each(rig->table, &cursor))) {
		if (lease->state == LEASE_ACTIVE)
			text_put_ip6(&text, &lease->addr);
	}
	return word;
}

static void request_and_decline(struct rig *rig, uint32_t client)
{
	assert_true(ask(rig, DHCP6_REQUEST, client, "sid na:1"));
	rig_stored(rig, true);
	assert_true(ask(rig, DHCP6_DECLINE, client, address_of(rig)));
	rig_stored(rig, true);
}

/* Z5, I18: one client can decline eight addresses an hour. */
static void declines_of_a_client_are_bounded(void **state)
{
	struct rig *rig = *state;

	start(rig);
	for (int i = 0; i < 12; i++) {
		request_and_decline(rig, 1);
		rig->now += 60 * SEC;
	}
	assert_int_equal(lease_count(rig->table, LEASE_DECLINED), 8);
	assert_int_equal(lease_count(rig->table, LEASE_ACTIVE), 1);
	rig->now += 3600 * SEC;
	request_and_decline(rig, 1);
	assert_int_equal(lease_count(rig->table, LEASE_DECLINED), 9);
}

/* Z5: what is declined takes up a tenth of the pool at most; the first comes free again. */
static void the_quarantine_is_bounded(void **state)
{
	struct rig *rig = *state;
	struct in6_addr first;
	uint32_t oldest;

	start(rig);
	rig->pools[0].range.last = peer_addr("2001:db8:1::104f"); /* 80 addresses */
	rig_start(rig);
	request_and_decline(rig, 100);
	assert_int_equal(lease_declined(rig->table, 0, &oldest), 1);
	first = lease_get(rig->table, oldest)->addr;
	for (uint32_t i = 1; i < 30; i++) {
		rig->now += SEC;
		request_and_decline(rig, 100 + i);
	}
	assert_int_equal(lease_declined(rig->table, 0, &oldest), 8);
	assert_false(ip6_equal(&lease_get(rig->table, oldest)->addr, &first));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, rig_setup, rig_teardown)
	const struct CMUnitTest tests[] = {
		TEST(a_flood_of_solicits_changes_nothing),
		TEST(a_link_leaves_room_in_a_batch),
		TEST(offers_keep_nobody_from_a_lease),
		TEST(an_impatient_client_is_held_back),
		TEST(a_boot_storm_is_served),
		TEST(declines_of_a_client_are_bounded),
		TEST(the_quarantine_is_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

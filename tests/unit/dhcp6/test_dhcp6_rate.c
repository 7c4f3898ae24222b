/* SPDX-License-Identifier: ISC */
/*
 * Messages a second: each limit gives what is configured, to whom it is for, and takes nothing from
 * others.
 */
#include "config.h"

#include <string.h>

#include "dhcp6/dhcp6_rate.h"
#include "peer.h"

enum {
	LIMIT = 40,   /* of the one that is looked at, messages a second */
	ALL = 100000, /* of the others */
	SECONDS = 20,
};

static const struct siphash_key key = {{7}};

/* Who sends: numbers that tell DUIDs, link-layer addresses, relays and their ports apart. */
struct sender {
	uint32_t duid, mac, port, link;
	bool relayed, holds_lease;
	bool anonymous;  /* it shows no DUID, which is the number of its address then */
	bool no_ids;     /* its relay tells ports by link-addresses */
	bool link_local; /* its relay sends from a link-local address, on our link 1 */
	enum lease_mac_source mac_source;
};

static const struct dhcp6_limits wide = {
	.messages_per_client = ALL,
	.messages_per_mac = ALL,
	.messages_per_port = ALL,
	.messages_per_link = ALL,
	.messages = ALL,
};

static struct dhcp6_port port_of(const struct sender *sender, const struct dhcp6_packet *packet)
{
	struct dhcp6_relay_chain chain = {.n = sender->relayed};
	struct dhcp6_relay_level *level = &chain.levels[0];

	memcpy(level->link.s6_addr + 12, &sender->port, sizeof(sender->port));
	if (sender->port && !sender->no_ids)
		level->interface_id = (struct dhcp6_relay_id){
			.bytes = (const uint8_t *)&sender->port, .len = sizeof(sender->port)};
	return dhcp6_port_find(&key, packet, &chain);
}

static const char *take(struct dhcp6_rate *rate, const struct dhcp6_limits *limits,
			const struct sender *sender, mtime now)
{
	struct dhcp6_packet packet = {.src = peer_addr("fe80::1"), .link = 1};
	struct dhcp6_client client = {.mac_source = sender->mac_source};
	uint8_t mac[6] = {2};
	struct duid duid;
	struct dhcp6_port port;

	memcpy(mac + 2, &sender->duid, sizeof(sender->duid));
	duid = duid_make_ll(mac);
	struct dhcp6_relay_path path = {.peer = peer_addr("fe80::2")};

	client.duid = sender->anonymous ? NULL : &duid;
	memcpy(path.peer.s6_addr + 12, &sender->duid, sizeof(sender->duid));
	client.relay = sender->relayed ? &path : NULL;
	memcpy(client.mac, &sender->mac, sizeof(sender->mac));
	if (sender->relayed) {
		packet.src = peer_addr(sender->link_local ? "fe80::" : "2001:db8::");
		memcpy(packet.src.s6_addr + 12, &sender->link, sizeof(sender->link));
	} else {
		packet.link = sender->link;
	}
	port = port_of(sender, &packet);
	return dhcp6_rate_take(rate, limits, &packet, &port, &client, sender->holds_lease, now);
}

/* How many messages are taken of ten times as many as may be, and of as many by a bystander. */
struct taken {
	uint32_t flood, bystander;
	const char *limit; /* that was said of one that was not taken */
};

struct senders {
	const char *name;
	struct sender flood;
	struct sender bystander;
	/* What is another one with every message of the flood. */
	bool new_duids, new_macs, new_ports, new_links;
};

static struct taken flood(const struct dhcp6_limits *limits, const struct senders *senders)
{
	struct dhcp6_rate *rate = dhcp6_rate_new(&key);
	struct taken taken = {0, 0, NULL};
	const char *limit;
	const uint32_t n = 10 * LIMIT * SECONDS;

	for (uint32_t i = 0; i < n; i++) {
		mtime now = 1000 * SEC + (mtime)i * SECONDS * SEC / n;
		struct sender sender = senders->flood;

		sender.duid += senders->new_duids ? 100 + i : 0;
		sender.mac += senders->new_macs ? 100 + i : 0;
		sender.port += senders->new_ports ? 100 + i : 0;
		sender.link += senders->new_links ? 100 + i : 0;
		taken.flood += !(limit = take(rate, limits, &sender, now));
		taken.limit = limit ? limit : taken.limit;
		/* A message a second of somebody else. */
		if (i % (n / SECONDS) == n / SECONDS / 2)
			taken.bystander += !take(rate, limits, &senders->bystander, now);
	}
	dhcp6_rate_free(rate);
	return taken;
}

/* The one that is looked at. */
static const char *name_of(const struct dhcp6_limits *limits)
{
	if (limits->messages_per_client == LIMIT)
		return "messages-per-client";
	if (limits->messages_per_mac == LIMIT)
		return "messages-per-mac";
	if (limits->messages_per_port == LIMIT)
		return "messages-per-port";
	return limits->messages_per_link == LIMIT ? "messages-per-link" : "messages";
}

/* What is configured a second, and as many at once, but for one that came in between. */
static void expect_limited(const struct dhcp6_limits *limits, const struct senders *senders,
			   uint32_t burst)
{
	struct taken taken = flood(limits, senders);

	if (taken.flood < LIMIT * SECONDS + burst - 1 - SECONDS ||
	    taken.flood > LIMIT * SECONDS + burst)
		fail_msg("%s: %u were taken", senders->name, taken.flood);
	if (taken.bystander != SECONDS)
		fail_msg("%s: a bystander had %u of %d", senders->name, taken.bystander, SECONDS);
	assert_string_equal(taken.limit, name_of(limits));
}

#define DIRECT(d, m, l)                                                             \
	{                                                                           \
		.duid = (d), .mac = (m), .link = (l), .mac_source = LEASE_MAC_FRAME \
	}
#define RELAYED(d, p, l)                                               \
	{                                                              \
		.duid = (d), .port = (p), .link = (l), .relayed = true \
	}

/* Z3 */
static void a_client(void **state)
{
	struct dhcp6_limits limits = wide;

	(void)state;
	limits.messages_per_client = LIMIT;
	expect_limited(
		&limits,
		&(struct senders){"a client", DIRECT(1, 1, 1), DIRECT(2, 1, 1), .new_macs = false},
		5 * LIMIT);
	expect_limited(&limits,
		       &(struct senders){"behind a relay", RELAYED(1, 1, 1), RELAYED(2, 1, 1),
					 .new_ports = true},
		       5 * LIMIT);
	/* Its address is that which the relay says, and one of its own port. */
	struct senders senders = {"without a DUID", RELAYED(1, 1, 1), RELAYED(2, 1, 1),
				  .new_macs = false};

	senders.flood.anonymous = senders.bystander.anonymous = true;
	expect_limited(&limits, &senders, 5 * LIMIT);
	senders.bystander.duid = 1;
	senders.bystander.port = 2;
	expect_limited(&limits, &senders, 5 * LIMIT);
}

/* Z3: by its link-layer address, whatever DUIDs it invents. */
static void a_link_layer_address(void **state)
{
	struct senders senders = {"a link-layer address", DIRECT(1, 1, 1), DIRECT(2, 2, 1),
				  .new_duids = true};
	struct dhcp6_limits limits = wide;

	(void)state;
	limits.messages_per_mac = LIMIT;
	expect_limited(&limits, &senders, LIMIT);
	senders.flood.mac_source = LEASE_MAC_RELAY;
	expect_limited(&limits, &senders, LIMIT);
	/* What its DUID says of it is invented too, and limits nobody. */
	senders.flood.mac_source = LEASE_MAC_DUID;
	assert_int_equal(flood(&limits, &senders).flood, 10 * LIMIT * SECONDS);
}

/* Z3 */
static void a_port_of_a_relay(void **state)
{
	struct senders senders = {"a link-address", RELAYED(1, 1, 1), RELAYED(2, 2, 1),
				  .new_duids = true};
	struct dhcp6_limits limits = wide;

	(void)state;
	limits.messages_per_port = LIMIT;
	expect_limited(
		&limits,
		&(struct senders){"a port", RELAYED(1, 1, 1), RELAYED(2, 2, 1), .new_duids = true},
		LIMIT);
	expect_limited(&limits,
		       &(struct senders){"the same port elsewhere", RELAYED(1, 1, 1),
					 RELAYED(2, 1, 2), .new_duids = true},
		       LIMIT);
	expect_limited(&limits,
		       &(struct senders){"beside a client", RELAYED(1, 1, 1), DIRECT(2, 1, 1),
					 .new_duids = true},
		       LIMIT);
	senders.flood.no_ids = senders.bystander.no_ids = true;
	expect_limited(&limits, &senders, LIMIT);
}

/* Z3: an interface, or a relay; neither is of weight for the other. */
static void a_link(void **state)
{
	struct dhcp6_limits limits = wide;

	(void)state;
	limits.messages_per_link = LIMIT;
	expect_limited(&limits,
		       &(struct senders){"a link", DIRECT(1, 1, 1), DIRECT(2, 2, 2),
					 .new_duids = true, .new_macs = true},
		       LIMIT);
	expect_limited(&limits,
		       &(struct senders){"a relay beside a relay", RELAYED(1, 1, 1),
					 RELAYED(2, 1, 2), .new_duids = true, .new_ports = true},
		       LIMIT);
	expect_limited(&limits,
		       &(struct senders){"a relay beside a link", RELAYED(1, 1, 1), DIRECT(2, 2, 1),
					 .new_duids = true, .new_ports = true},
		       LIMIT);
	expect_limited(&limits,
		       &(struct senders){"a link beside a relay", DIRECT(1, 1, 1), RELAYED(2, 1, 1),
					 .new_duids = true, .new_macs = true},
		       LIMIT);

	/* Whoever invents relays on our link has what clients of it have. */
	struct senders senders = {"relays on a link", RELAYED(1, 1, 1), DIRECT(2, 2, 2),
				  .new_duids = true, .new_links = true};

	senders.flood.link_local = true;
	expect_limited(&limits, &senders, LIMIT);
}

/* Z3: all strangers together; who holds a lease is none. */
static void all_strangers(void **state)
{
	struct senders senders = {"all", RELAYED(1, 1, 1), RELAYED(2, 1, 2), .new_duids = true,
				  .new_links = true};
	struct dhcp6_limits limits = wide;

	(void)state;
	limits.messages = LIMIT;
	senders.bystander.holds_lease = true;
	expect_limited(&limits, &senders, LIMIT);
	senders.bystander.holds_lease = false;
	assert_true(flood(&limits, &senders).bystander < SECONDS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_client),          cmocka_unit_test(a_link_layer_address),
		cmocka_unit_test(a_port_of_a_relay), cmocka_unit_test(a_link),
		cmocka_unit_test(all_strangers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

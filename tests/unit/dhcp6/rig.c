/* SPDX-License-Identifier: ISC */
/*
 * The bench that tests of the server stand on.
 */
#include "config.h"

#include "rig.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LINK_ID 7

static struct in6_addr addr_of(const char *text)
{
	return peer_addr(text);
}

static struct ip6_prefix prefix_of(const char *text)
{
	struct ip6_prefix prefix = {.len = 0};
	bool tail;

	assert_true(ip6_prefix_parse(text, &prefix, &tail));
	return prefix;
}

int rig_setup(void **state)
{
	static const struct siphash_key key = {{1, 2, 3}};
	struct rig *rig = calloc(1, sizeof(*rig));

	rig->table = lease_table_new(&key);
	rig->fx = fx_new(LOG_LEVEL_DEBUG);
	rig->now = 1000 * SEC;
	rig->packet = (struct dhcp6_packet){
		.src = addr_of("fe80::c1"),
		.dst = addr_of("ff02::1:2"),
		.sport = 546,
		.link = LINK_ID,
	};
	rig->prefixes[0] = (struct dhcp6_prefix){
		.prefix = prefix_of("2001:db8:1::/64"), .preferred = 14400, .valid = 86400};
	rig->pools[0] = (struct dhcp6_pool){
		.range = {addr_of("2001:db8:1::10"), addr_of("2001:db8:1::10")},
		.policy = LEASE_STABLE,
	};
	rig->delegations[0] =
		(struct dhcp6_delegation){.prefix = prefix_of("2001:db8:100::/56"), .length = 56};
	rig->network = (struct dhcp6_network){
		.name = "lan",
		.serve = true,
		.stateful = true,
		.prefixes = rig->prefixes,
		.n_prefixes = 1,
		.dhcp6 = {.n_pools = 1, .n_delegations = 1, .preferred = 3600, .valid = 7200},
	};
	rig->conf.server_duid = peer_duid(RIG_SERVER);
	/* Time stands still in most tests. */
	rig->conf.limits.messages_per_client = 100000;
	rig->conf.limits.declines_per_hour = 1000;
	rig->conf.limits.quarantine_share = 100;
	*state = rig;
	return 0;
}

int rig_teardown(void **state)
{
	struct rig *rig = *state;

	dhcp6_server_free(rig->srv);
	lease_table_free(rig->table);
	free(rig->fx);
	arena_free(&rig->arena);
	free(rig);
	return 0;
}

/* The server keeps what it was told until it is told anew: every start has a copy of its own. */
static void copy_network(struct rig *rig, struct dhcp6_network *net)
{
	struct dhcp6_net *dhcp6 = &net->dhcp6;

	net->prefixes = arena_copy(&rig->arena, net->prefixes, sizeof(rig->prefixes));
	net->hosts = arena_copy(&rig->arena, rig->hosts, sizeof(rig->hosts));
	dhcp6->pools = arena_copy(&rig->arena, rig->pools, sizeof(rig->pools));
	dhcp6->delegations = arena_copy(&rig->arena, rig->delegations, sizeof(rig->delegations));
	dhcp6_network_complete(net, &rig->arena);
}

void rig_start(struct rig *rig)
{
	struct dhcp6_conf *conf = arena_copy(&rig->arena, &rig->conf, sizeof(rig->conf));
	struct dhcp6_network *net = arena_copy(&rig->arena, &rig->network, sizeof(rig->network));

	copy_network(rig, net);
	conf->networks = net;
	conf->n_networks = 1;
	if (!rig->srv)
		rig->srv = dhcp6_server_new(rig->table, 42);
	dhcp6_server_configure(rig->srv, conf, rig->now);
}

static struct duid client_duid(const char *number)
{
	char text[64];

	if (strchr(number, '\''))
		snprintf(text, sizeof(text),
			 "00:04:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:0%c", number[0]);
	else
		snprintf(text, sizeof(text), "00:03:00:01:02:00:00:00:00:0%c", number[0]);
	return peer_duid(text);
}

struct dhcp6_host *rig_reserve(struct rig *rig, size_t i, const char *who, const char *addr,
			       const char *prefix)
{
	struct dhcp6_host *host = &rig->hosts[i];

	*host = (struct dhcp6_host){.name = "host"};
	if (strncmp(who, "mac ", 4) == 0)
		host->mac = (struct cfg_mac){true, {2, 0, 0, 0, 0, (uint8_t)(who[4] - '0')}};
	else
		host->duid = client_duid(who + 4);
	if (addr) {
		host->addresses = arena_new(&rig->arena, 1, sizeof(*host->addresses));
		host->addresses[0] = addr_of(addr);
		host->n_addresses = 1;
	}
	if (prefix) {
		host->delegate = arena_new(&rig->arena, 1, sizeof(*host->delegate));
		host->delegate[0] = prefix_of(prefix);
		host->n_delegate = 1;
	}
	if (rig->network.n_hosts <= i)
		rig->network.n_hosts = i + 1;
	return host;
}

static void put_codes(struct peer_msg *msg, const char *list)
{
	uint16_t codes[32];
	size_t n = 0;

	while (*list) {
		char *end;

		codes[n++] = (uint16_t)strtoul(list, &end, 10);
		list = *end ? end + 1 : end;
	}
	peer_put_oro(msg, codes, n);
}

static bool starts(const char *word, const char *with)
{
	return strncmp(word, with, strlen(with)) == 0;
}

/* Writes one word; `in_ia` tells whether an IA is open. */
static bool put_word(struct rig *rig, struct peer_msg *msg, const char *word, bool in_ia)
{
	bool opens = starts(word, "na:") || starts(word, "pd:");
	bool lease = !opens && in_ia && (strchr(word, '/') || strstr(word, "::"));

	if (in_ia && !lease)
		peer_close_ia(msg);
	if (opens) {
		peer_open_ia(msg, word[0] == 'n' ? DHCP6_OPT_IA_NA : DHCP6_OPT_IA_PD,
			     (uint32_t)strtoul(word + 3, NULL, 10));
	} else if (lease && strchr(word, '/')) {
		peer_put_prefix(msg, word);
	} else if (lease) {
		peer_put_address(msg, word);
	} else if (starts(word, "cid:")) {
		struct duid duid = client_duid(word + 4);

		peer_put_option(msg, DHCP6_OPT_CLIENT_ID, duid.bytes, duid.len);
		rig->packet.mac[5] = rig->mac ? rig->mac : (uint8_t)(word[4] - '0');
	} else if (strcmp(word, "sid") == 0) {
		peer_put_server_id(msg, RIG_SERVER);
	} else if (strcmp(word, "sid:other") == 0) {
		peer_put_server_id(msg, "00:02:00:00:00:01:aa");
	} else if (starts(word, "oro:")) {
		put_codes(msg, word + 4);
	} else if (strcmp(word, "accept") == 0) {
		peer_put_option(msg, DHCP6_OPT_RECONF_ACCEPT, NULL, 0);
	} else if (strcmp(word, "rc") == 0) {
		peer_put_rapid_commit(msg);
	} else if (starts(word, "ta:")) {
		peer_put_option(msg, 4, "\0\0\0\1", 4);
	} else {
		fail_msg("unknown word %s", word);
	}
	return opens || lease;
}

void rig_put_words(struct rig *rig, struct peer_msg *msg, const char *words)
{
	char copy[512], *rest = copy, *word;
	bool in_ia = false;

	assert_true(strlen(words) < sizeof(copy));
	memcpy(copy, words, strlen(words) + 1);
	while ((word = strtok_r(rest, " ", &rest)))
		in_ia = put_word(rig, msg, word, in_ia);
	if (in_ia)
		peer_close_ia(msg);
}

/* What the server's counters say of the last message. */
static void show_drop(const struct rig *rig, const uint64_t *before, struct text *text)
{
	for (int i = 0; i < DHCP6_DROPS; i++) {
		uint64_t now = dhcp6_server_drops(rig->srv, (enum dhcp6_drop)i);

		if (now == before[i])
			continue;
		assert_int_equal(now, before[i] + 1);
		text_put_str(text, "drop ");
		text_put_str(text, dhcp6_drop_name((enum dhcp6_drop)i));
	}
}

/* G19, C5: where an answer goes. */
static void check_send(const struct rig *rig, const struct fx_send *send)
{
	assert_int_equal(send->proto, FX_UDP);
	assert_int_equal(send->port, 546);
	assert_int_equal(send->link, rig->packet.link);
	assert_true(ip6_equal(&send->dst, &rig->packet.src));
	assert_true(ip6_is_unspecified(&send->src));
}

const char *rig_ask_bytes(struct rig *rig, const void *bytes, size_t len)
{
	struct dhcp6_event ev = {.type = DHCP6_EV_PACKET, .packet = rig->packet};
	uint64_t before[DHCP6_DROPS];
	struct text text;

	ev.packet.data = bytes;
	ev.packet.len = len;
	ev.packet.mac[0] = 2;
	ev.packet.mac_source = rig->knows_mac ? LEASE_MAC_FRAME : LEASE_MAC_NONE;
	for (int i = 0; i < DHCP6_DROPS; i++)
		before[i] = dhcp6_server_drops(rig->srv, (enum dhcp6_drop)i);
	fx_clear(rig->fx, rig->now);
	dhcp6_server_step(rig->srv, &ev, rig->now, rig->fx);
	text_init(&text, rig->answer, sizeof(rig->answer));
	assert_true(rig->fx->n_sends <= 1);
	show_drop(rig, before, &text);
	if (rig->fx->n_sends == 1) {
		const struct fx_send *send = &rig->fx->sends[0];

		check_send(rig, send);
		text_put_str(&text, send->held ? "held " : "");
		peer_show(send->data, send->len, &text);
	}
	return rig->answer;
}

const char *rig_ask(struct rig *rig, enum dhcp6_type type, const char *words)
{
	struct peer_msg msg;

	peer_begin(&msg, type);
	rig_put_words(rig, &msg, words);
	return rig_ask_bytes(rig, msg.bytes, msg.w.at);
}

const char *rig_ask_as_clone(struct rig *rig, int number)
{
	rig->packet.mac[3] = (uint8_t)(number >> 8);
	rig->packet.mac[4] = (uint8_t)number;
	rig->now += SEC / 100;
	return rig_ask(rig, DHCP6_SOLICIT, "cid:1 na:1");
}

void rig_stored(struct rig *rig, bool stored)
{
	struct lease_batch *batch = lease_batch_seal(rig->table, 0);

	if (batch)
		lease_batch_done(rig->table, batch, stored);
}

void rig_wait_until(struct rig *rig, mtime now)
{
	struct dhcp6_event ev = {.type = DHCP6_EV_TIMER};

	while (dhcp6_server_wake(rig->srv) <= now) {
		mtime wake = dhcp6_server_wake(rig->srv);

		rig->now = wake > rig->now ? wake : rig->now;
		fx_clear(rig->fx, rig->now);
		dhcp6_server_step(rig->srv, &ev, rig->now, rig->fx);
	}
	rig->now = now;
}

const char *rig_state(const struct rig *rig, const char *text)
{
	struct ip6_prefix what = {.len = 128};
	enum lease_kind kind = LEASE_NA;
	const struct lease *lease;

	if (strchr(text, '/')) {
		what = prefix_of(text);
		kind = LEASE_PD;
	} else {
		what.addr = addr_of(text);
	}
	lease = lease_find(rig->table, lease_network(rig->table, "lan"), kind, &what.addr,
			   what.len);
	return lease ? lease_state_name((enum lease_state)lease->state) : "none";
}

/* SPDX-License-Identifier: ISC */
/*
 * The link in simulated time that the tests of the advertiser share.
 */
#include "config.h"

#include "ra_fixture.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

struct in6_addr addr_of(const char *text)
{
	struct in6_addr addr;

	assert_true(ip6_parse(text, &addr));
	return addr;
}

struct ip6_prefix prefix_of(const char *text)
{
	struct ip6_prefix prefix;
	bool tail;

	assert_true(ip6_prefix_parse(text, &prefix, &tail));
	return prefix;
}

struct world *world_new(uint64_t seed)
{
	struct world *world = mem_new(1, sizeof(*world));

	world->fx = fx_new(LOG_LEVEL_DEBUG);
	world->sent = mem_new(FIXTURE_SENDS, sizeof(*world->sent));
	world->now = 1000 * SEC;
	world->conf = (struct ra_conf){
		.enabled = true,
		.interval = {.min = 198, .max = 600},
		.solicited_delay = 500,
		.lifetime = 1800,
		.hop_limit = 64,
		.source_link_layer = true,
		.dns_lifetime = 1800,
		.search_lifetime = 1800,
	};
	world->prefixes[0] = (struct ra_prefix){
		.prefix = prefix_of("2001:db8:1::/64"),
		.on_link = true,
		.autonomous = true,
		.preferred = 604800,
		.valid = 2592000,
	};
	world->n_prefixes = 1;
	world->facts = (struct ra_facts){
		.up = true,
		.have_link_local = true,
		.link_local = addr_of("fe80::1"),
		.mac = {2, 0, 0, 0, 0, 1},
		.mac_len = 6,
		.mtu = 1500,
		.forwarding = true,
	};
	ra_link_init(&world->link, 7, "eth7", seed);
	return world;
}

void world_free(struct world *world)
{
	ra_link_fini(&world->link);
	free(world->fx);
	free(world->sent);
	free(world);
}

void world_step(struct world *world, const struct ra_event *ev)
{
	fx_clear(world->fx, world->now);
	ra_link_step(&world->link, ev, world->now, world->fx);
	for (size_t i = 0; i < world->fx->n_sends; i++) {
		const struct fx_send *send = &world->fx->sends[i];

		assert_int_equal(send->proto, FX_ICMP6);
		assert_int_equal(send->link, 7);
		assert_true(send->len <= sizeof(world->sent[0].bytes));
		assert_true(world->n_sent < FIXTURE_SENDS);
		struct sent *sent = &world->sent[world->n_sent++];

		sent->at = world->now;
		sent->src = send->src;
		sent->src_gone = send->src_gone;
		sent->dst = send->dst;
		sent->len = send->len;
		memcpy(sent->bytes, send->data, send->len);
	}
}

void world_conf(struct world *world)
{
	struct ra_event ev = {
		.kind = RA_EV_CONF,
		.plan = {.net = "lan",
			 .conf = &world->conf,
			 .prefixes = world->prefixes,
			 .n_prefixes = world->n_prefixes},
	};

	world_step(world, &ev);
}

void world_facts(struct world *world)
{
	struct ra_event ev = {.kind = RA_EV_FACTS, .facts = world->facts};

	world_step(world, &ev);
}

void world_start(struct world *world)
{
	world_conf(world);
	world_facts(world);
}

void world_timer(struct world *world)
{
	struct ra_event ev = {.kind = RA_EV_TIMER};

	world_step(world, &ev);
}

void world_stop(struct world *world)
{
	struct ra_event ev = {.kind = RA_EV_STOP};

	world_step(world, &ev);
}

void world_run(struct world *world, mtime until)
{
	while (ra_link_wake(&world->link) <= until) {
		world->now = mtime_max(world->now, ra_link_wake(&world->link));
		world_timer(world);
	}
	world->now = until;
}

void world_receive(struct world *world, const char *src, const uint8_t *bytes, size_t len,
		   int hop_limit)
{
	struct ra_event ev = {
		.kind = RA_EV_RECEIVE,
		.packet = {.data = bytes,
			   .len = len,
			   .src = addr_of(src),
			   .dst = addr_of("ff02::2"),
			   .hop_limit = hop_limit},
	};

	world_step(world, &ev);
}

void world_solicit(struct world *world, const char *src, bool link_layer)
{
	static const uint8_t rs[] = {
		133, 0, 0, 0,             /* type, code, checksum */
		0,   0, 0, 0,             /* reserved */
		1,   1, 2, 0, 0, 0, 0, 9, /* source link-layer address */
	};

	world_receive(world, src, rs, link_layer ? sizeof(rs) : 8, 255);
}

bool sent_is_multicast(const struct sent *sent)
{
	return ip6_is_multicast(&sent->dst);
}

struct ra_msg sent_decode(const struct sent *sent)
{
	struct ra_msg msg;

	assert_int_equal(ra_msg_decode_ra(sent->bytes, sent->len, &sent->src, 255, &msg), RA_OK);
	return msg;
}

bool sent_find(const struct sent *sent, uint8_t type, struct ra_option *ret)
{
	struct ra_msg msg = sent_decode(sent);

	while (ra_option_get(&msg.options, ret)) {
		if (ret->type == type)
			return true;
	}
	return false;
}

size_t sent_count(const struct sent *sent, uint8_t type)
{
	struct ra_msg msg = sent_decode(sent);
	struct ra_option option;
	size_t n = 0;

	while (ra_option_get(&msg.options, &option))
		n += option.type == type;
	return n;
}

/* SPDX-License-Identifier: ISC */
/*
 * Hosts that are told one by one, in simulated time: each of them all there is, however much that
 * is and however many they are.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "ra_fixture.h"

enum {
	HOSTS = 40,
	PREFIXES = 200, /* five RAs at an MTU of 1500 */
};

/* What one host was told in all. */
struct told {
	size_t prefixes;
	size_t parts;
};

static struct world *world_of_many(struct ra_prefix *prefixes)
{
	struct world *world = world_new(1);
	struct ra_event ev = {.kind = RA_EV_CONF};

	for (size_t i = 0; i < PREFIXES; i++) {
		prefixes[i] = world->prefixes[0];
		prefixes[i].prefix.addr.s6_addr[7] = (uint8_t)i;
	}
	world->conf.multicast = RA_MULTICAST_OFF;
	ev.plan = (struct ra_plan){
		.net = "lan", .conf = &world->conf, .prefixes = prefixes, .n_prefixes = PREFIXES};
	world_step(world, &ev);
	world_facts(world);
	return world;
}

static void host_addr(size_t i, char text[16])
{
	snprintf(text, 16, "fe80::%zx", 0x100 + i);
}

/* What was sent to the host from the n-th packet on. */
static struct told told_since(const struct world *world, size_t host, size_t n)
{
	struct told told = {.parts = 0};
	struct in6_addr addr;
	char text[16];

	host_addr(host, text);
	addr = addr_of(text);
	for (; n < world->n_sent; n++) {
		if (!ip6_equal(&world->sent[n].dst, &addr))
			continue;
		told.prefixes += sent_count(&world->sent[n], RA_OPTION_PREFIX);
		told.parts++;
	}
	return told;
}

/* S15, S16, H12: those who solicit in one moment, and those who are told again */
static void every_host_is_told_all(void **state)
{
	struct ra_prefix *prefixes = mem_new(PREFIXES, sizeof(*prefixes));
	struct world *world = world_of_many(prefixes);
	char text[16];

	(void)state;
	world->conf.solicited_delay = 0;
	for (size_t i = 0; i < HOSTS; i++) {
		host_addr(i, text);
		world->now += SEC; /* within the rate of answers */
		world_solicit(world, text, true);
	}
	world_run(world, world->now + 60 * SEC);
	for (size_t i = 0; i < HOSTS; i++)
		assert_true(told_since(world, i, 0).prefixes >= PREFIXES);
	size_t before = world->n_sent;

	world->conf.managed = true;
	struct ra_conf changed = world->conf;
	struct ra_event ev = {.kind = RA_EV_CONF,
			      .plan = {.net = "lan",
				       .conf = &changed,
				       .prefixes = prefixes,
				       .n_prefixes = PREFIXES}};

	changed.managed = false;
	world_step(world, &ev);
	world_run(world, world->now + 2 * SEC);
	for (size_t i = 0; i < HOSTS; i++) {
		assert_true(told_since(world, i, before).prefixes >= PREFIXES);
		assert_true(told_since(world, i, before).parts <= 10);
	}
	world_free(world);
	free(prefixes);
}

/* S4: what changes while they are told is told to the first of them as soon as to the last. */
static void a_change_within_a_round_is_told_to_all(void **state)
{
	struct world *world = world_new(1);
	struct ra_conf confs[2];
	char text[16];

	(void)state;
	world->conf.multicast = RA_MULTICAST_OFF;
	world_start(world);
	for (size_t i = 0; i < HOSTS; i++) {
		host_addr(i, text);
		world->now += SEC;
		world_solicit(world, text, true);
	}
	world_run(world, world->now + 60 * SEC);
	for (size_t i = 0; i < 2; i++) {
		struct ra_event ev = {.kind = RA_EV_CONF,
				      .plan = {.net = "lan",
					       .conf = &confs[i],
					       .prefixes = world->prefixes,
					       .n_prefixes = 1}};

		confs[i] = world->conf;
		confs[i].hop_limit = (uint8_t)(1 + i);
		world_step(world, &ev);
	}
	size_t newest = 0;

	world_run(world, world->now + 4 * SEC);
	for (size_t i = 0; i < world->n_sent; i++)
		newest += sent_decode(&world->sent[i]).header.hop_limit == 2;
	assert_int_equal(newest, HOSTS);
	world_free(world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_host_is_told_all),
		cmocka_unit_test(a_change_within_a_round_is_told_to_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

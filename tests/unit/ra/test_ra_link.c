/* SPDX-License-Identifier: ISC */
/*
 * The advertiser of a link, in simulated time: when it sends, to whom, and what changes do.
 */
#include "config.h"

#include <string.h>

#include "ra/ra_withdrawn.h"
#include "ra_fixture.h"

enum { SEEDS = 1000 };

#define ALL_NODES "ff02::1"

static const struct sent *last_sent(const struct world *world)
{
	assert_true(world->n_sent > 0);
	return &world->sent[world->n_sent - 1];
}

static void assert_addr(const struct in6_addr *addr, const char *text)
{
	struct in6_addr expected = addr_of(text);

	assert_true(ip6_equal(addr, &expected));
}

static uint16_t sent_lifetime(const struct sent *sent)
{
	return sent_decode(sent).header.lifetime;
}

/* Past the initial burst, at a quiet moment: no advertisement for the next 100 s. */
static struct world *quiet_world(uint64_t seed)
{
	struct world *world = world_new(seed);

	world_start(world);
	world_run(world, world->now + 60 * SEC);
	assert_int_equal(world->n_sent, 3);
	assert_true(ra_link_wake(&world->link) > world->now + 100 * SEC);
	return world;
}

/* S1 */
static void advertises_from_the_link_local_to_all_nodes(void **state)
{
	struct world *world = world_new(1);

	(void)state;
	world_start(world);
	assert_int_equal(world->n_sent, 1);
	assert_addr(&world->sent[0].src, "fe80::1");
	assert_addr(&world->sent[0].dst, ALL_NODES);
	assert_int_equal(world->sent[0].at, world->now);
	assert_int_equal(world->sent[0].bytes[0], 134);
	assert_int_equal(world->sent[0].bytes[1], 0);
	world_free(world);
}

/* S2 */
static void waits_for_the_link_local(void **state)
{
	struct world *world = world_new(1);

	(void)state;
	world->facts.have_link_local = false;
	world_start(world);
	world_solicit(world, "::", false);
	world_run(world, world->now + 3600 * SEC);
	assert_int_equal(world->n_sent, 0);
	assert_int_equal(world->link.counters.drops[RA_DROP_IDLE], 1);
	world->facts.have_link_local = true;
	world_facts(world);
	assert_int_equal(world->n_sent, 1);
	world_free(world);
}

/* V1 */
static void says_nothing_unless_asked_to(void **state)
{
	struct world *world = world_new(1);

	(void)state;
	world->conf.enabled = false;
	world_start(world);
	world_solicit(world, "fe80::9", true);
	world_run(world, world->now + 3600 * SEC);
	assert_int_equal(world->n_sent, 0);
	world_stop(world);
	assert_int_equal(world->n_sent, 0);
	world_free(world);
}

/* S3, S4: three at most 16 s apart, then intervals spread over [min, max] */
static void intervals_are_random_after_an_initial_burst(void **state)
{
	mtime low = MTIME_NEVER, high = 0;

	(void)state;
	for (uint64_t seed = 0; seed < SEEDS; seed++) {
		struct world *world = world_new(seed);

		world_start(world);
		world_run(world, world->now + 2000 * SEC);
		assert_true(world->n_sent >= 5);
		assert_int_equal(world->sent[1].at - world->sent[0].at, 16 * SEC);
		assert_int_equal(world->sent[2].at - world->sent[1].at, 16 * SEC);
		for (size_t i = 3; i < world->n_sent; i++) {
			mtime gap = world->sent[i].at - world->sent[i - 1].at;

			assert_true(gap >= 198 * SEC && gap <= 600 * SEC);
			low = mtime_min(low, gap);
			high = mtime_max(high, gap);
		}
		world_free(world);
	}
	assert_true(low < 200 * SEC);
	assert_true(high > 598 * SEC);
}

/* S3: an interval below 16 s is kept in the burst */
static void short_intervals_are_not_stretched_by_the_burst(void **state)
{
	(void)state;
	for (uint64_t seed = 0; seed < SEEDS; seed++) {
		struct world *world = world_new(seed);

		world->conf.interval.min = 3;
		world->conf.interval.max = 4;
		world_start(world);
		world_run(world, world->now + 60 * SEC);
		for (size_t i = 1; i < world->n_sent; i++) {
			mtime gap = world->sent[i].at - world->sent[i - 1].at;

			assert_true(gap >= 3 * SEC && gap <= 4 * SEC);
		}
		world_free(world);
	}
}

/* S5, S9: to the solicitor alone, within half a second, without moving the next multicast (S8) */
static void solicitation_with_link_layer_address_is_answered_by_unicast(void **state)
{
	mtime low = MTIME_NEVER, high = 0;

	(void)state;
	for (uint64_t seed = 0; seed < SEEDS; seed++) {
		struct world *world = quiet_world(seed);
		mtime asked = world->now;
		mtime next = ra_link_wake(&world->link);

		world_solicit(world, "fe80::9", true);
		world_run(world, asked + 10 * SEC);
		assert_int_equal(world->n_sent, 4);
		assert_addr(&world->sent[3].dst, "fe80::9");
		assert_addr(&world->sent[3].src, "fe80::1");
		assert_true(world->sent[3].at >= asked && world->sent[3].at <= asked + 500);
		assert_true(ra_link_wake(&world->link) == next);
		low = mtime_min(low, world->sent[3].at - asked);
		high = mtime_max(high, world->sent[3].at - asked);
		world_free(world);
	}
	assert_true(low < 10);
	assert_true(high > 490);
}

/* S5, S8, S9 */
static void solicitation_from_nobody_is_answered_by_multicast(void **state)
{
	(void)state;
	for (uint64_t seed = 0; seed < SEEDS; seed++) {
		struct world *world = quiet_world(seed);
		mtime asked = world->now;

		world_solicit(world, "::", false);
		world_run(world, asked + 190 * SEC);
		assert_int_equal(world->n_sent, 4);
		assert_addr(&world->sent[3].dst, ALL_NODES);
		assert_true(world->sent[3].at <= asked + 500);
		/* the interval starts again */
		mtime gap = ra_link_wake(&world->link) - world->sent[3].at;

		assert_true(gap >= 198 * SEC && gap <= 600 * SEC);
		world_free(world);
	}
}

/* S9: an address alone is not enough */
static void solicitation_without_link_layer_address_is_answered_by_multicast(void **state)
{
	struct world *world = quiet_world(1);

	(void)state;
	world_solicit(world, "fe80::9", false);
	world_run(world, world->now + SEC);
	assert_int_equal(world->n_sent, 4);
	assert_addr(&world->sent[3].dst, ALL_NODES);
	world_free(world);
}

/* S9: nor is one that there may be no route to on the link */
static void solicitation_from_a_global_address_is_answered_by_multicast(void **state)
{
	struct world *world = quiet_world(1);

	(void)state;
	world_solicit(world, "2001:db8:1::9", true);
	world_run(world, world->now + SEC);
	assert_int_equal(world->n_sent, 4);
	assert_addr(&world->sent[3].dst, ALL_NODES);
	world_free(world);
}

/* S5: one answer, timed from the first */
static void solicitations_share_one_answer(void **state)
{
	(void)state;
	for (uint64_t seed = 0; seed < SEEDS; seed++) {
		struct world *world = quiet_world(seed);
		mtime asked = world->now;

		for (int i = 0; i < 10; i++) {
			world_solicit(world, "::", false);
			world_run(world, world->now + 10);
		}
		world_run(world, asked + 600);
		assert_int_equal(world->n_sent, 4);
		assert_true(world->sent[3].at <= asked + 500);
		world_free(world);
	}
}

/* S5: the same for one solicitor that asks again and again, by unicast */
static void one_solicitor_gets_one_unicast_answer(void **state)
{
	struct world *world = quiet_world(3);
	mtime asked = world->now;
	mtime first;

	(void)state;
	world_solicit(world, "fe80::9", true);
	first = ra_link_wake(&world->link);
	while (world->now < first - 10) {
		world_solicit(world, "fe80::9", true);
		world_run(world, world->now + 10);
	}
	world_run(world, asked + 550);
	assert_int_equal(world->n_sent, 4);
	assert_true(world->sent[3].at == first);
	world_free(world);
}

/* S6: a flood of solicitations of all kinds; Z18 */
static void multicasts_are_three_seconds_apart(void **state)
{
	(void)state;
	for (uint64_t seed = 0; seed < SEEDS / 10; seed++) {
		struct world *world = world_new(seed);
		mtime last = -1;

		world_start(world);
		for (int i = 0; i < 3000; i++) {
			world_solicit(world, i % 3 ? "::" : "fe80::9", i % 3 == 2);
			world_run(world, world->now + 10);
		}
		for (size_t i = 0; i < world->n_sent; i++) {
			if (!sent_is_multicast(&world->sent[i]))
				continue;
			if (last >= 0)
				assert_true(world->sent[i].at - last >= 3 * SEC);
			if (last >= 0)
				assert_true(world->sent[i].at - last <= 3500);
			last = world->sent[i].at;
		}
		world_free(world);
	}
}

/* S6: inside the window the answer goes out at last + 3 s + random */
static void solicitation_just_after_a_multicast_waits(void **state)
{
	mtime high = 0;

	(void)state;
	for (uint64_t seed = 0; seed < SEEDS; seed++) {
		struct world *world = world_new(seed);
		mtime started = world->now;

		world_start(world);
		world_run(world, started + SEC);
		world_solicit(world, "::", false);
		world_run(world, started + 10 * SEC);
		assert_int_equal(world->n_sent, 2);
		assert_true(world->sent[1].at >= started + 3 * SEC);
		assert_true(world->sent[1].at <= started + 3500);
		high = mtime_max(high, world->sent[1].at - started);
		world_free(world);
	}
	assert_true(high > 3490);
}

/* S7 */
static void an_advertisement_that_comes_anyway_is_the_answer(void **state)
{
	(void)state;
	for (uint64_t seed = 0; seed < SEEDS; seed++) {
		struct world *world = quiet_world(seed);
		mtime next = ra_link_wake(&world->link);

		world_run(world, next - 1);
		world_solicit(world, "fe80::9", true);
		world_solicit(world, "::", false);
		world_run(world, next + 20 * SEC);
		size_t multicasts = 0;

		for (size_t i = 3; i < world->n_sent; i++)
			multicasts += sent_is_multicast(&world->sent[i]);
		assert_int_equal(multicasts, 1);
		assert_true(last_sent(world)->at <= next);
		world_free(world);
	}
}

/* S10: past the rate of one source its answer is the multicast one, which has a rate of its own */
static void unicast_answers_are_limited(void **state)
{
	struct world *world = quiet_world(5);
	size_t unicasts = 0;

	(void)state;
	for (int i = 0; i < 1000; i++) {
		world_solicit(world, "fe80::9", true);
		world_run(world, world->now + 10);
	}
	for (size_t i = 3; i < world->n_sent; i++)
		unicasts += !sent_is_multicast(&world->sent[i]);
	assert_true(unicasts >= 4);
	assert_true(unicasts <= 14);
	assert_true(world->n_sent - 3 - unicasts <= 4);
	world_free(world);
}

/* S10: many solicitors at once are answered together */
static void a_crowd_is_answered_by_multicast(void **state)
{
	struct world *world = quiet_world(6);
	char addr[] = "fe80::a0";

	(void)state;
	for (int i = 0; i < 10; i++) {
		addr[7] = (char)('0' + i);
		world_solicit(world, addr, true);
	}
	mtime asked = world->now;

	world_run(world, asked + 500);
	size_t multicasts = 0;

	for (size_t i = 3; i < world->n_sent; i++)
		multicasts += sent_is_multicast(&world->sent[i]);
	assert_int_equal(multicasts, 1);
	assert_true(world->n_sent - 3 <= 1 + RA_LINK_PENDING);
	world_free(world);
}

/* S11, W14 */
static void goes_on_with_router_lifetime_zero(void **state)
{
	struct world *world = world_new(1);

	(void)state;
	world->conf.lifetime = 0;
	world_start(world);
	world_run(world, world->now + 3600 * SEC);
	assert_true(world->n_sent > 6);
	assert_int_equal(sent_lifetime(last_sent(world)), 0);
	assert_int_equal(sent_count(last_sent(world), RA_OPTION_PREFIX), 1);
	world_free(world);
}

/* S12: one set, at once, and silence; routes end too */
static void stop_sends_a_final_advertisement(void **state)
{
	struct world *world = world_new(1);
	struct ra_route route = {.prefix = prefix_of("2001:db8:5::/48"), .lifetime = 1800};
	struct ra_option option;

	(void)state;
	world->conf.routes = &route;
	world->conf.n_routes = 1;
	world->conf.preference = RA_PREFERENCE_HIGH;
	world_start(world);
	assert_int_equal(sent_lifetime(last_sent(world)), 1800);
	world->now += SEC;
	world_stop(world);
	assert_int_equal(world->n_sent, 2);
	assert_int_equal(sent_lifetime(last_sent(world)), 0);
	/* V14 */
	assert_int_equal(sent_decode(last_sent(world)).header.flags & RA_FLAG_PREFERENCE, 0);
	assert_true(sent_find(last_sent(world), RA_OPTION_ROUTE, &option));
	assert_int_equal(option.route.lifetime, 0);
	assert_true(sent_find(last_sent(world), RA_OPTION_PREFIX, &option));
	assert_int_equal(option.prefix.valid, 2592000);
	assert_true(ra_link_wake(&world->link) == MTIME_NEVER);
	world_free(world);
}

/* S12: switched off by configuration */
static void switching_off_sends_three_final_advertisements(void **state)
{
	struct world *world = quiet_world(1);
	mtime off = world->now;
	struct ra_conf disabled = world->conf;
	struct ra_event ev = {.kind = RA_EV_CONF, .plan = {.conf = &disabled}};

	(void)state;
	disabled.enabled = false;

	world_step(world, &ev);
	world_solicit(world, "fe80::9", true);
	world_run(world, off + 3600 * SEC);
	assert_int_equal(world->n_sent, 6);
	for (size_t i = 3; i < 6; i++) {
		assert_int_equal(sent_lifetime(&world->sent[i]), 0);
		assert_true(world->sent[i].at == off + (mtime)(i - 3) * 3 * SEC);
	}
	world_free(world);
}

/* S12: by the address that hosts know, which the configuration may not name any longer */
static void what_is_switched_off_ends_by_the_address_it_had(void **state)
{
	struct world *world = world_new(1);

	(void)state;
	world->conf.source = addr_of("fe80::a");
	world->facts.link_locals[0] = addr_of("fe80::1");
	world->facts.link_locals[1] = addr_of("fe80::a");
	world->facts.n_link_locals = 2;
	world_start(world);
	world_run(world, world->now + 60 * SEC);
	assert_int_equal(world->n_sent, 3);
	struct ra_conf off = world->conf;
	struct ra_event ev = {.kind = RA_EV_CONF, .plan = {.conf = &off}};

	off.enabled = false;
	off.source = addr_of("::");
	world_step(world, &ev);
	world_run(world, world->now + 4 * SEC);
	world->facts.mtu = 1400;
	world_facts(world);
	world_run(world, world->now + 60 * SEC);
	assert_int_equal(world->n_sent, 6);
	for (size_t i = 3; i < 6; i++) {
		assert_addr(&world->sent[i].src, "fe80::a");
		assert_int_equal(sent_lifetime(&world->sent[i]), 0);
	}
	world_conf(world);
	assert_addr(&last_sent(world)->src, "fe80::a");
	/* It goes while the end is told: another router has it, which did not end. */
	world_run(world, world->now + 60 * SEC);
	world_step(world, &ev);
	size_t before = world->n_sent;

	world->facts.n_link_locals = 1;
	world_facts(world);
	world_run(world, world->now + 60 * SEC);
	assert_int_equal(world->n_sent, before);
	world_free(world);
}

/* S12: a network that is gone has no plan to make later ones from */
static void a_plan_that_is_gone_ends_with_one_final_advertisement(void **state)
{
	struct world *world = quiet_world(1);
	struct ra_event ev = {.kind = RA_EV_CONF};

	(void)state;
	world_step(world, &ev);
	world_run(world, world->now + 3600 * SEC);
	assert_int_equal(world->n_sent, 4);
	assert_int_equal(sent_lifetime(last_sent(world)), 0);
	world_free(world);
}

/* S13, W12 */
static void the_same_configuration_again_changes_nothing(void **state)
{
	struct world *world = quiet_world(1);
	mtime next = ra_link_wake(&world->link);
	struct ra_conf copy = world->conf;
	struct ra_event ev = {
		.kind = RA_EV_CONF,
		.plan = {.net = "lan", .conf = &copy, .prefixes = world->prefixes, .n_prefixes = 1},
	};

	(void)state;
	world_step(world, &ev);
	assert_int_equal(world->n_sent, 3);
	assert_true(ra_link_wake(&world->link) == next);
	world_free(world);
}

/* S4, S13: what changes is told soon, and never with router lifetime 0 */
static void a_changed_configuration_is_told_in_a_burst(void **state)
{
	struct world *world = quiet_world(1);
	mtime at = world->now;
	struct ra_conf changed = world->conf;
	struct ra_event ev = {
		.kind = RA_EV_CONF,
		.plan = {.net = "lan",
			 .conf = &changed,
			 .prefixes = world->prefixes,
			 .n_prefixes = 1},
	};

	(void)state;
	changed.managed = true;
	world_step(world, &ev);
	world_run(world, at + 40 * SEC);
	assert_int_equal(world->n_sent, 6);
	assert_true(world->sent[3].at == at);
	for (size_t i = 3; i < 6; i++) {
		assert_int_equal(sent_lifetime(&world->sent[i]), 1800);
		assert_true(sent_decode(&world->sent[i]).header.flags & RA_FLAG_MANAGED);
	}
	assert_true(world->sent[5].at - world->sent[4].at <= 16 * SEC);
	world_free(world);
}

/* S6: reloads in a row */
static void changes_in_a_row_keep_three_seconds(void **state)
{
	struct world *world = world_new(1);
	struct ra_conf confs[2];

	(void)state;
	world_start(world);
	confs[0] = confs[1] = world->conf;
	confs[1].managed = true;
	for (int i = 0; i < 100; i++) {
		struct ra_event ev = {.kind = RA_EV_CONF, .plan = {.conf = &confs[i % 2]}};

		world_step(world, &ev);
		world_run(world, world->now + 100);
	}
	assert_int_equal(world->n_sent, 4);
	for (size_t i = 1; i < world->n_sent; i++)
		assert_true(world->sent[i].at - world->sent[i - 1].at >= 3 * SEC);
	world_free(world);
}

/* A shorter interval does not wait for the end of a long one. */
static void a_shorter_interval_is_followed_at_once(void **state)
{
	struct world *world = quiet_world(1);
	struct ra_conf faster = world->conf;
	struct ra_event ev = {
		.kind = RA_EV_CONF,
		.plan = {.net = "lan",
			 .conf = &faster,
			 .prefixes = world->prefixes,
			 .n_prefixes = 1},
	};

	(void)state;
	faster.interval.min = 3;
	faster.interval.max = 10;
	world_step(world, &ev);
	assert_int_equal(world->n_sent, 3);
	assert_true(ra_link_wake(&world->link) <= world->now + 10 * SEC);
	world_free(world);
}

/* S14 */
static void without_forwarding_the_router_lifetime_is_zero(void **state)
{
	struct world *world = quiet_world(1);

	(void)state;
	world->facts.forwarding = false;
	world_facts(world);
	assert_int_equal(world->n_sent, 4);
	assert_int_equal(sent_lifetime(last_sent(world)), 0);
	world->now += 5 * SEC;
	world->facts.forwarding = true;
	world_facts(world);
	assert_int_equal(sent_lifetime(last_sent(world)), 1800);
	world_free(world);
}

/* S15: a solicited answer says everything */
static void answers_carry_all_options(void **state)
{
	struct world *world = world_new(1);
	struct in6_addr dns = addr_of("2001:db8::53");

	(void)state;
	world->conf.dns = &dns;
	world->conf.n_dns = 1;
	world->conf.mtu = 1450;
	world_start(world);
	world_run(world, world->now + 60 * SEC);
	world_solicit(world, "fe80::9", true);
	world_run(world, world->now + SEC);
	const struct sent *sent = last_sent(world);

	assert_addr(&sent->dst, "fe80::9");
	assert_int_equal(sent->len, world->sent[0].len);
	assert_memory_equal(sent->bytes, world->sent[0].bytes, sent->len);
	assert_int_equal(sent_count(sent, RA_OPTION_SOURCE_LINK_LAYER), 1);
	assert_int_equal(sent_count(sent, RA_OPTION_MTU), 1);
	assert_int_equal(sent_count(sent, RA_OPTION_PREFIX), 1);
	assert_int_equal(sent_count(sent, RA_OPTION_RDNSS), 1);
	world_free(world);
}

/* S16, S17: 40 prefixes at an MTU of 1280 */
static void what_does_not_fit_goes_into_several(void **state)
{
	struct world *world = world_new(1);
	size_t prefixes = 0;

	(void)state;
	for (size_t i = 0; i < 40; i++) {
		world->prefixes[i] = world->prefixes[0];
		world->prefixes[i].prefix.addr.s6_addr[7] = (uint8_t)i;
	}
	world->n_prefixes = 40;
	world->facts.mtu = 1280;
	world_start(world);
	assert_int_equal(world->n_sent, 2);
	for (size_t i = 0; i < 2; i++) {
		assert_true(world->sent[i].len <= 1280 - 40);
		assert_memory_equal(world->sent[i].bytes, world->sent[0].bytes, 16);
		assert_int_equal(sent_count(&world->sent[i], RA_OPTION_SOURCE_LINK_LAYER), 1);
		prefixes += sent_count(&world->sent[i], RA_OPTION_PREFIX);
	}
	assert_int_equal(prefixes, 40);
	assert_int_equal(world->link.counters.multicasts, 2);
	world_run(world, world->now + 60 * SEC);
	assert_int_equal(world->n_sent, 6);
	assert_int_equal(world->sent[2].at, world->sent[3].at);
	world_free(world);
}

/* S16: IPv6 may be set to less than the interface carries; what was too large is told again. */
static void a_smaller_mtu_of_ipv6_cuts_the_set(void **state)
{
	struct world *world = world_new(1);

	(void)state;
	for (size_t i = 0; i < 40; i++) {
		world->prefixes[i] = world->prefixes[0];
		world->prefixes[i].prefix.addr.s6_addr[7] = (uint8_t)i;
	}
	world->n_prefixes = 40;
	world->facts.ip6_mtu = 1500;
	world_start(world);
	assert_int_equal(world->n_sent, 1);
	world_run(world, world->now + 60 * SEC);
	assert_int_equal(world->n_sent, 3);
	world->facts.ip6_mtu = 1280;
	world_facts(world);
	assert_int_equal(world->n_sent, 5);
	assert_true(world->sent[3].len <= 1280 - 40);
	assert_true(world->sent[4].len <= 1280 - 40);
	world_run(world, world->now + 60 * SEC);
	assert_int_equal(world->n_sent, 9);
	/* That more fits is nothing to speak of. */
	world->facts.ip6_mtu = 1500;
	world_facts(world);
	assert_int_equal(world->n_sent, 9);
	world_free(world);
}

/* S19 */
static void a_new_link_layer_address_is_told(void **state)
{
	struct world *world = quiet_world(1);
	struct ra_option option;

	(void)state;
	world_facts(world);
	assert_int_equal(world->n_sent, 3); /* nothing new */
	world->facts.mac[5] = 0x77;
	world_facts(world);
	assert_int_equal(world->n_sent, 4);
	assert_true(sent_find(last_sent(world), RA_OPTION_SOURCE_LINK_LAYER, &option));
	assert_int_equal(option.octets.bytes[5], 0x77);
	world_free(world);
}

/* S19: the option follows the link where that carries less than is written */
static void another_mtu_of_the_link_is_told(void **state)
{
	struct world *world = world_new(1);
	struct ra_option option;

	(void)state;
	world->conf.mtu = 1500;
	world->facts.mtu = 1500;
	world_start(world);
	world_run(world, world->now + 60 * SEC);
	size_t before = world->n_sent;

	world->facts.mtu = 1400;
	world_facts(world);
	assert_int_equal(world->n_sent, before + 1);
	assert_true(sent_find(last_sent(world), RA_OPTION_MTU, &option));
	assert_int_equal(option.number, 1400);
	world_run(world, world->now + 40 * SEC);
	assert_int_equal(world->n_sent, before + 3);
	world->facts.mtu = 9000;
	world_facts(world);
	assert_true(sent_find(last_sent(world), RA_OPTION_MTU, &option));
	assert_int_equal(option.number, 1500);
	world_free(world);
}

/* S20: a link that was away starts as a new one */
static void a_link_that_comes_back_starts_again(void **state)
{
	struct world *world = quiet_world(1);

	(void)state;
	world->facts.up = false;
	world_facts(world);
	assert_true(ra_link_wake(&world->link) == MTIME_NEVER);
	world_run(world, world->now + 3600 * SEC);
	assert_int_equal(world->n_sent, 3);
	world->facts.up = true;
	world_facts(world);
	world_run(world, world->now + 40 * SEC);
	assert_int_equal(world->n_sent, 6);
	world_free(world);
}

/* S6: however fast it flaps */
static void a_flapping_link_keeps_three_seconds(void **state)
{
	struct world *world = world_new(1);

	(void)state;
	world_start(world);
	for (int i = 0; i < 200; i++) {
		world->facts.up = i % 2;
		world_facts(world);
		world_run(world, world->now + 100);
	}
	assert_true(world->n_sent > 1);
	for (size_t i = 1; i < world->n_sent; i++)
		assert_true(world->sent[i].at - world->sent[i - 1].at >= 3 * SEC);
	world_free(world);
}

/* S21: preferred 0 and valid 0, L and A as they were, for the former valid lifetime */
static void a_prefix_that_is_gone_is_withdrawn(void **state)
{
	struct world *world = world_new(1);
	struct ra_prefix kept = world->prefixes[0];
	struct ra_option option;
	struct ra_event ev = {
		.kind = RA_EV_CONF,
		.plan = {.conf = &world->conf, .prefixes = &kept, .n_prefixes = 1},
	};

	(void)state;
	world->prefixes[1] = world->prefixes[0];
	world->prefixes[1].prefix = prefix_of("2001:db8:2::/64");
	world->prefixes[1].on_link = false;
	world->prefixes[1].valid = 7200;
	world->prefixes[1].preferred = 3600;
	world->n_prefixes = 2;
	world_start(world);
	world_run(world, world->now + 60 * SEC);
	mtime at = world->now;

	world_step(world, &ev);
	for (;;) {
		struct ra_msg msg = sent_decode(last_sent(world));

		assert_int_equal(msg.header.lifetime, 1800);
		assert_int_equal(sent_count(last_sent(world), RA_OPTION_PREFIX), 2);
		while (ra_option_get(&msg.options, &option)) {
			if (option.type == RA_OPTION_PREFIX &&
			    !ip6_prefix_equal(&option.prefix.prefix, &kept.prefix))
				break;
		}
		assert_int_equal(option.prefix.flags, RA_PREFIX_AUTONOMOUS);
		assert_int_equal(option.prefix.valid, 0);
		assert_int_equal(option.prefix.preferred, 0);
		if (ra_link_wake(&world->link) >= at + 7200 * SEC)
			break;
		world_run(world, ra_link_wake(&world->link));
	}
	world_run(world, ra_link_wake(&world->link));
	assert_int_equal(sent_count(last_sent(world), RA_OPTION_PREFIX), 1);
	assert_null(world->link.withdrawn);
	world_free(world);
}

/* S21: it comes back before hosts have forgotten it */
static void a_prefix_that_returns_is_no_longer_withdrawn(void **state)
{
	struct world *world = quiet_world(1);
	struct ra_event without = {.kind = RA_EV_CONF, .plan = {.conf = &world->conf}};
	struct ra_option option;

	(void)state;
	world_step(world, &without);
	assert_true(sent_find(last_sent(world), RA_OPTION_PREFIX, &option));
	assert_int_equal(option.prefix.valid, 0);
	world->now += 10 * SEC;
	world_conf(world);
	assert_int_equal(sent_count(last_sent(world), RA_OPTION_PREFIX), 1);
	assert_true(sent_find(last_sent(world), RA_OPTION_PREFIX, &option));
	assert_int_equal(option.prefix.valid, 2592000);
	assert_null(world->link.withdrawn);
	world_free(world);
}

/* N1: one server of two, one search domain, a route */
static void dns_and_routes_that_are_gone_are_withdrawn(void **state)
{
	struct world *world = world_new(1);
	struct in6_addr dns[2] = {addr_of("2001:db8::53"), addr_of("2001:db8::54")};
	struct dns_name names[2];
	struct ra_route route = {.prefix = prefix_of("2001:db8:5::/48"), .lifetime = 1800};
	struct ra_pref64 pref64 = {.prefix = prefix_of("64:ff9b::/96"), .lifetime = 1800};
	struct ra_conf less;
	struct ra_option option;
	const char *why;
	struct ra_event ev = {
		.kind = RA_EV_CONF,
		.plan = {.conf = &less, .prefixes = world->prefixes, .n_prefixes = 1},
	};

	(void)state;
	assert_true(dns_name_parse("example.org", &names[0], &why));
	assert_true(dns_name_parse("example.net", &names[1], &why));
	world->conf.dns = dns;
	world->conf.n_dns = 2;
	world->conf.search = names;
	world->conf.n_search = 2;
	world->conf.routes = &route;
	world->conf.n_routes = 1;
	world->conf.pref64 = &pref64;
	world->conf.n_pref64 = 1;
	world_start(world);
	world->now += 60 * SEC;
	less = world->conf;
	less.n_dns = less.n_search = 1;
	less.n_routes = less.n_pref64 = 0;
	world_step(world, &ev);

	struct ra_msg msg = sent_decode(last_sent(world));
	size_t ended = 0, alive = 0;

	while (ra_option_get(&msg.options, &option)) {
		if (option.type == RA_OPTION_RDNSS)
			assert_int_equal(option.list.items.len, 16);
		if (option.type == RA_OPTION_RDNSS || option.type == RA_OPTION_DNSSL)
			*(option.list.lifetime ? &alive : &ended) += 1;
		if (option.type == RA_OPTION_ROUTE || option.type == RA_OPTION_PREF64)
			*(option.route.lifetime ? &alive : &ended) += 1;
	}
	assert_int_equal(alive, 2);
	assert_int_equal(ended, 4);
	world_free(world);
}

/* What is withdrawn is bounded, however often prefixes change. */
static void withdrawn_prefixes_are_bounded(void **state)
{
	struct world *world = world_new(1);
	struct ra_prefix prefixes[2] = {world->prefixes[0], world->prefixes[0]};
	size_t n = 0;

	(void)state;
	world_start(world);
	for (int i = 0; i < 300; i++) {
		struct ra_prefix *prefix = &prefixes[i % 2];
		struct ra_event ev = {
			.kind = RA_EV_CONF,
			.plan = {.conf = &world->conf, .prefixes = prefix, .n_prefixes = 1},
		};

		prefix->prefix.addr.s6_addr[4] = (uint8_t)i;
		prefix->prefix.addr.s6_addr[5] = (uint8_t)(i >> 8);
		world_step(world, &ev);
		world->now += SEC;
	}
	for (const struct ra_withdrawn *item = world->link.withdrawn; item; item = item->next)
		n++;
	assert_int_equal(n, RA_WITHDRAWN_MAX);
	world_free(world);
}

/* Timers are data: wake-ups that are early, doubled or late do no harm (S6 holds). */
static void wakeups_at_wrong_times_do_no_harm(void **state)
{
	(void)state;
	for (uint64_t seed = 0; seed < 100; seed++) {
		struct world *world = world_new(seed);
		struct rng rng;

		rng_seed(&rng, seed);
		world->conf.interval.min = 3;
		world->conf.interval.max = 30;
		world_start(world);
		for (int i = 0; i < 200; i++) {
			world->now += rng_between(&rng, 0, i % 20 ? 2000 : 100000);
			if (i % 7 == 0)
				world_solicit(world, "::", false);
			world_timer(world);
			world_timer(world);
		}
		assert_true(world->n_sent > 10);
		for (size_t i = 1; i < world->n_sent; i++)
			assert_true(world->sent[i].at - world->sent[i - 1].at >= 3 * SEC);
		world_free(world);
	}
}

/* E1, E3 */
static void bad_solicitations_are_dropped_by_reason(void **state)
{
	static const uint8_t good[] = {133, 0, 0, 0, 0xde, 0xad, 0xbe, 0xef,
				       99,  1, 0, 0, 0,    0,    0,    0};
	static const uint8_t code[] = {133, 1, 0, 0, 0, 0, 0, 0};
	static const uint8_t zero[] = {133, 0, 0, 0, 0, 0, 0, 0, 99, 0, 0, 0, 0, 0, 0, 0};
	static const uint8_t past[] = {133, 0, 0, 0, 0, 0, 0, 0, 99, 2, 0, 0, 0, 0, 0, 0};
	static const uint8_t slla[] = {133, 0, 0, 0, 0, 0, 0, 0, 1, 1, 2, 0, 0, 0, 0, 9};
	static const uint8_t echo[] = {128, 0, 0, 0, 0, 0, 0, 0};
	struct world *world = quiet_world(1);
	const uint64_t *drops = world->link.counters.drops;

	(void)state;
	world_receive(world, "::", good, sizeof(good), 254);
	world_receive(world, "::", good, sizeof(good), -1);
	assert_int_equal(drops[RA_DROP_HOP_LIMIT], 2);
	world_receive(world, "::", code, sizeof(code), 255);
	assert_int_equal(drops[RA_DROP_CODE], 1);
	world_receive(world, "::", good, 7, 255);
	assert_int_equal(drops[RA_DROP_SHORT], 1);
	world_receive(world, "::", zero, sizeof(zero), 255);
	world_receive(world, "::", past, sizeof(past), 255);
	world_receive(world, "::", good, 9, 255);
	assert_int_equal(drops[RA_DROP_OPTION_LENGTH], 3);
	world_receive(world, "::", slla, sizeof(slla), 255);
	assert_int_equal(drops[RA_DROP_SOURCE_LINK_LAYER], 1);
	world_receive(world, "ff02::1", good, sizeof(good), 255);
	assert_int_equal(drops[RA_DROP_SOURCE], 1);
	world_receive(world, "fe80::1", good, sizeof(good), 255);
	assert_int_equal(drops[RA_DROP_OWN], 1);
	world_receive(world, "fe80::9", echo, sizeof(echo), 255);
	world_receive(world, "fe80::9", echo, 0, 255);
	assert_int_equal(drops[RA_DROP_TYPE], 2);
	assert_int_equal(world->link.counters.rs_received, 0);
	world_run(world, world->now + SEC);
	assert_int_equal(world->n_sent, 3);

	world_receive(world, "::", good, sizeof(good), 255);
	world_run(world, world->now + SEC);
	assert_int_equal(world->link.counters.rs_received, 1);
	assert_int_equal(world->n_sent, 4);
	world_free(world);
}

static bool logged(const struct world *world, const char *what)
{
	for (size_t i = 0; i < world->fx->n_lines; i++) {
		if (strstr(world->fx->lines[i].bytes, what))
			return true;
	}
	return false;
}

/* E5, E6, E8, E9 */
static void other_routers_are_watched_and_not_followed(void **state)
{
	struct world *world = quiet_world(1);
	mtime next = ra_link_wake(&world->link);
	struct sent ra = world->sent[0];

	(void)state;
	world_receive(world, "fe80::1", ra.bytes, ra.len, 255);
	assert_int_equal(world->link.counters.drops[RA_DROP_OWN], 1);
	world_receive(world, "2001:db8::1", ra.bytes, ra.len, 255);
	assert_int_equal(world->link.counters.drops[RA_DROP_SOURCE], 1);
	world_receive(world, "fe80::5", ra.bytes, 15, 255);
	assert_int_equal(world->link.counters.drops[RA_DROP_SHORT], 1);
	world_receive(world, "fe80::5", ra.bytes, ra.len, 255);
	assert_int_equal(world->link.counters.ra_received, 1);
	assert_int_equal(world->link.counters.inconsistent, 0);
	ra.bytes[5] |= RA_FLAG_MANAGED;
	world_receive(world, "fe80::5", ra.bytes, ra.len, 255);
	assert_int_equal(world->link.counters.inconsistent, 1);
	assert_true(logged(world, "event=ra-inconsistent"));
	assert_true(logged(world, "field=managed"));
	assert_true(ra_link_wake(&world->link) == next);
	world_free(world);
}

/* E9: the address alone does not make it ours */
static void our_address_with_another_link_layer_address(void **state)
{
	struct world *world = quiet_world(1);
	struct sent ra = world->sent[0];

	(void)state;
	world->conf.routers_given = true;
	/* The Source Link-Layer Address option stands behind the header. */
	assert_int_equal(ra.bytes[16], RA_OPTION_SOURCE_LINK_LAYER);
	ra.bytes[16 + 7] ^= 1;
	world_receive(world, "fe80::1", ra.bytes, ra.len, 255);
	assert_int_equal(world->link.counters.drops[RA_DROP_OWN], 0);
	assert_int_equal(world->link.counters.ra_received, 1);
	assert_true(logged(world, "event=rogue-router"));
	world_free(world);
}

/* Every line names link and network, as docs/log.md has it. */
static void log_lines_name_the_link(void **state)
{
	struct world *world = world_new(1);

	(void)state;
	world->conf.managed = true;
	world_start(world);
	assert_true(logged(world, "event=ra-link-up"));
	assert_true(logged(world, "link=eth7 net=lan src=fe80::1 lifetime=1800 flags=M"));
	world_stop(world);
	assert_true(logged(world, "event=ra-final"));
	assert_true(logged(world, "lifetime=0"));
	world_free(world);
}

/* V7 */
static void an_mtu_above_the_link_is_cut_and_reported(void **state)
{
	struct world *world = world_new(1);
	struct ra_option option;

	(void)state;
	world->conf.mtu = 9000;
	world_start(world);
	assert_true(logged(world, "event=ra-mtu-above-link"));
	assert_true(sent_find(last_sent(world), RA_OPTION_MTU, &option));
	assert_int_equal(option.number, 1500);
	world_free(world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(advertises_from_the_link_local_to_all_nodes),
		cmocka_unit_test(waits_for_the_link_local),
		cmocka_unit_test(says_nothing_unless_asked_to),
		cmocka_unit_test(intervals_are_random_after_an_initial_burst),
		cmocka_unit_test(short_intervals_are_not_stretched_by_the_burst),
		cmocka_unit_test(solicitation_with_link_layer_address_is_answered_by_unicast),
		cmocka_unit_test(solicitation_from_nobody_is_answered_by_multicast),
		cmocka_unit_test(solicitation_without_link_layer_address_is_answered_by_multicast),
		cmocka_unit_test(solicitation_from_a_global_address_is_answered_by_multicast),
		cmocka_unit_test(solicitations_share_one_answer),
		cmocka_unit_test(one_solicitor_gets_one_unicast_answer),
		cmocka_unit_test(multicasts_are_three_seconds_apart),
		cmocka_unit_test(solicitation_just_after_a_multicast_waits),
		cmocka_unit_test(an_advertisement_that_comes_anyway_is_the_answer),
		cmocka_unit_test(unicast_answers_are_limited),
		cmocka_unit_test(a_crowd_is_answered_by_multicast),
		cmocka_unit_test(goes_on_with_router_lifetime_zero),
		cmocka_unit_test(stop_sends_a_final_advertisement),
		cmocka_unit_test(switching_off_sends_three_final_advertisements),
		cmocka_unit_test(what_is_switched_off_ends_by_the_address_it_had),
		cmocka_unit_test(a_plan_that_is_gone_ends_with_one_final_advertisement),
		cmocka_unit_test(the_same_configuration_again_changes_nothing),
		cmocka_unit_test(a_changed_configuration_is_told_in_a_burst),
		cmocka_unit_test(changes_in_a_row_keep_three_seconds),
		cmocka_unit_test(a_shorter_interval_is_followed_at_once),
		cmocka_unit_test(without_forwarding_the_router_lifetime_is_zero),
		cmocka_unit_test(answers_carry_all_options),
		cmocka_unit_test(what_does_not_fit_goes_into_several),
		cmocka_unit_test(a_smaller_mtu_of_ipv6_cuts_the_set),
		cmocka_unit_test(a_new_link_layer_address_is_told),
		cmocka_unit_test(another_mtu_of_the_link_is_told),
		cmocka_unit_test(a_link_that_comes_back_starts_again),
		cmocka_unit_test(a_flapping_link_keeps_three_seconds),
		cmocka_unit_test(a_prefix_that_is_gone_is_withdrawn),
		cmocka_unit_test(a_prefix_that_returns_is_no_longer_withdrawn),
		cmocka_unit_test(dns_and_routes_that_are_gone_are_withdrawn),
		cmocka_unit_test(withdrawn_prefixes_are_bounded),
		cmocka_unit_test(wakeups_at_wrong_times_do_no_harm),
		cmocka_unit_test(bad_solicitations_are_dropped_by_reason),
		cmocka_unit_test(other_routers_are_watched_and_not_followed),
		cmocka_unit_test(our_address_with_another_link_layer_address),
		cmocka_unit_test(log_lines_name_the_link),
		cmocka_unit_test(an_mtu_above_the_link_is_cut_and_reported),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

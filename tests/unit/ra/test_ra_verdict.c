/* SPDX-License-Identifier: ISC */
/*
 * Every reason for which messages of Router Discovery are dropped: one that provokes it, counted by
 * it. A reason without a row here fails the test; tests/drops.sh sees to it that each is in the
 * manual.
 */
#include "config.h"

#include "../base/check_drop.h"
#include "ra/ra_verdict.h"
#include "ra_fixture.h"

struct provocation {
	const char *src;
	uint8_t bytes[16];
	size_t len; /* 0: nothing provokes it */
	int hop_limit;
	bool idle;                   /* nothing is advertised */
	enum ra_multicast multicast; /* where it comes */
	int times;                   /* before it is dropped */
};

/* clang-format off */
static const struct provocation provocations[RA_VERDICTS] = {
	[RA_DROP_HOP_LIMIT] = {.src = "fe80::9", .bytes = {133}, .len = 8, .hop_limit = 254},
	[RA_DROP_CODE] = {.src = "fe80::9", .bytes = {133, 1}, .len = 8, .hop_limit = 255},
	[RA_DROP_SHORT] = {.src = "fe80::9", .bytes = {133}, .len = 7, .hop_limit = 255},
	[RA_DROP_OPTION_LENGTH] = {.src = "fe80::9", .bytes = {133}, .len = 16, .hop_limit = 255},
	[RA_DROP_SOURCE_LINK_LAYER] = {.src = "::", .bytes = {133, 0, 0, 0, 0, 0, 0, 0, 1, 1, 2}, .len = 16, .hop_limit = 255},
	[RA_DROP_SOURCE] = {.src = "2001:db8::9", .bytes = {134}, .len = 16, .hop_limit = 255},
	[RA_DROP_TYPE] = {.src = "fe80::9", .bytes = {128}, .len = 8, .hop_limit = 255},
	[RA_DROP_OWN] = {.src = "fe80::1", .bytes = {134}, .len = 16, .hop_limit = 255},
	[RA_DROP_IDLE] = {.src = "fe80::9", .bytes = {133}, .len = 8, .hop_limit = 255, .idle = true},
	[RA_DROP_UNSPECIFIED] = {.src = "::", .bytes = {133}, .len = 8, .hop_limit = 255, .multicast = RA_MULTICAST_OFF},
	[RA_DROP_RATE] = {.src = "fe80::9", .bytes = {133}, .len = 8, .hop_limit = 255, .multicast = RA_MULTICAST_OFF, .times = 7},
};
/* clang-format on */

static uint64_t provoke(enum ra_verdict verdict)
{
	const struct provocation *by = &provocations[verdict];
	struct world *world = world_new(1);
	uint64_t drops;

	world->conf.enabled = !by->idle;
	world->conf.multicast = (int)by->multicast;
	world_start(world);
	for (int i = 0; i < by->times; i++) {
		world_receive(world, by->src, by->bytes, by->len, by->hop_limit);
		world_run(world, world->now + SEC / 2);
	}
	assert_int_equal(world->link.counters.drops[verdict], 0);
	world_receive(world, by->src, by->bytes, by->len, by->hop_limit);
	drops = world->link.counters.drops[verdict];
	world_free(world);
	return drops;
}

static void each_reason_is_provoked_and_counted(void **state)
{
	(void)state;
	for (int i = RA_OK + 1; i < RA_VERDICTS; i++) {
		const enum ra_verdict verdict = (enum ra_verdict)i;

		if (!provocations[verdict].len)
			fail_msg("nothing provokes %s", ra_verdict_name(verdict));
		if (provoke(verdict) != 1)
			fail_msg("%s was not provoked", ra_verdict_name(verdict));
	}
}

static void each_reason_has_a_sentence(void **state)
{
	(void)state;
	for (int i = RA_OK; i < RA_VERDICTS; i++)
		check_drop_reason(ra_verdict_reason((enum ra_verdict)i));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_reason_is_provoked_and_counted),
		cmocka_unit_test(each_reason_has_a_sentence),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

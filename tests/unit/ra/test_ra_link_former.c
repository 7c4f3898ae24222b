/* SPDX-License-Identifier: ISC */
/*
 * The end of the router that hosts knew by another link-local address, in simulated time: told a
 * few times where nobody else can speak by the address, else not at all.
 */
#include "config.h"

#include <string.h>

#include "ra_fixture.h"

/* Of the link-layer address that the fixture has, and of another. */
#define OWN   "fe80::ff:fe00:1"
#define OTHER "fe80::ff:fe00:77"

static void set_link_locals(struct world *world, const char *used, const char *other)
{
	world->facts.have_link_local = used != NULL;
	world->facts.n_link_locals = 0;
	if (!used)
		return;
	world->facts.link_local = addr_of(used);
	world->facts.link_locals[world->facts.n_link_locals++] = addr_of(used);
	if (other)
		world->facts.link_locals[world->facts.n_link_locals++] = addr_of(other);
}

/* Advertises by the address, past the initial burst. */
static struct world *world_by(const char *used)
{
	struct world *world = world_new(1);

	set_link_locals(world, used, NULL);
	world_start(world);
	world_run(world, world->now + 60 * SEC);
	world->n_sent = 0;
	return world;
}

static void change(struct world *world, const char *used, const char *other)
{
	set_link_locals(world, used, other);
	world_facts(world);
}

/* How many of what was sent came from the address; all of them are ends, or none is. */
static size_t count_from(const struct world *world, const char *text, bool ends)
{
	struct in6_addr addr = addr_of(text);
	size_t n = 0;

	for (size_t i = 0; i < world->n_sent; i++) {
		const struct sent *sent = &world->sent[i];

		if (!ip6_equal(&sent->src, &addr))
			continue;
		assert_int_equal(sent_decode(sent).header.lifetime, ends ? 0 : 1800);
		n++;
	}
	return n;
}

static void assert_ends(struct world *world, const char *former, const char *used, size_t ends)
{
	mtime at = world->now;

	world_run(world, at + 40 * SEC);
	assert_int_equal(count_from(world, former, /* ends= */ true), ends);
	assert_int_equal(count_from(world, used, /* ends= */ false), 3);
	assert_int_equal(world->n_sent, ends + 3);
	for (size_t i = 0, k = 0; i < world->n_sent; i++) {
		if (sent_decode(&world->sent[i]).header.lifetime == 0)
			assert_int_equal(world->sent[i].at, at + (mtime)k++ * 3 * SEC);
	}
}

/* S18: it is on the interface still */
static void a_former_address_that_is_there_ends(void **state)
{
	struct world *world = world_by("fe80::1");

	(void)state;
	change(world, "fe80::2", "fe80::1");
	assert_ends(world, "fe80::1", "fe80::2", 3);
	assert_false(world->sent[0].src_gone);
	world_free(world);
}

/* S6: as far from its last advertisement as any other. */
static void the_end_of_a_former_address_keeps_three_seconds(void **state)
{
	struct world *world = world_new(1);

	(void)state;
	set_link_locals(world, "fe80::1", NULL);
	world_start(world);
	mtime first = world->now;

	world_run(world, first + SEC);
	change(world, "fe80::2", "fe80::1");
	assert_int_equal(world->n_sent, 1);
	world_run(world, first + 3 * SEC);
	assert_int_equal(world->n_sent, 3);
	assert_int_equal(world->sent[1].at, first + 3 * SEC);
	assert_int_equal(sent_decode(&world->sent[1]).header.lifetime, 0);
	world_free(world);
}

/* S18: what is not on the interface any longer may be somebody else's. */
static void a_former_address_that_went_ends_silently(void **state)
{
	struct world *world = world_by("fe80::1");

	(void)state;
	change(world, "fe80::2", NULL);
	assert_ends(world, "fe80::1", "fe80::2", 0);
	world_free(world);
}

/* S18: so may what goes between two of the last advertisements. */
static void a_former_address_that_goes_later_ends_silently_then(void **state)
{
	struct world *world = world_by("fe80::1");

	(void)state;
	change(world, "fe80::2", "fe80::1");
	world_run(world, world->now + SEC);
	change(world, "fe80::2", NULL);
	world_run(world, world->now + 40 * SEC);
	assert_int_equal(count_from(world, "fe80::1", /* ends= */ true), 1);
	world_free(world);
}

/* S18: nobody else has what is made of our link-layer address */
static void an_address_of_our_own_ends_although_it_went(void **state)
{
	struct world *world = world_by(OWN);

	(void)state;
	change(world, "fe80::2", NULL);
	assert_ends(world, OWN, "fe80::2", 3);
	assert_true(world->sent[0].src_gone);
	assert_false(world->sent[1].src_gone);
	world_free(world);
}

/* ... and there was none for a moment */
static void an_address_of_our_own_ends_once_there_is_another(void **state)
{
	struct world *world = world_by(OWN);

	(void)state;
	change(world, NULL, NULL);
	world_run(world, world->now + 10 * SEC);
	assert_int_equal(world->n_sent, 0);
	change(world, "fe80::2", NULL);
	assert_ends(world, OWN, "fe80::2", 3);
	world_free(world);
}

/* ... as when the link-layer address was changed, for which the link goes down */
static void an_address_of_another_link_layer_address_ends(void **state)
{
	struct world *world = world_by(OWN);

	(void)state;
	world->facts.up = false;
	change(world, NULL, NULL);
	world->facts.up = true;
	world->facts.mac[5] = 0x77;
	change(world, OTHER, NULL);
	assert_ends(world, OWN, OTHER, 3);
	assert_true(world->sent[0].src_gone);
	world_free(world);
}

/* The same where it had no address before it went down. */
static void a_duplicate_may_be_found_without_an_address_too(void **state)
{
	struct world *world = world_by(OWN);

	(void)state;
	change(world, NULL, NULL);
	world->facts.up = false;
	change(world, NULL, NULL);
	world->facts.up = true;
	change(world, "fe80::2", NULL);
	assert_ends(world, OWN, "fe80::2", 0);
	world_free(world);
}

/* After a link was down another node may turn out to have our address, and so our own is bad. */
static void an_address_that_may_be_a_duplicate_ends_silently(void **state)
{
	struct world *world = world_by(OWN);

	(void)state;
	world->facts.up = false;
	change(world, NULL, NULL);
	world->facts.up = true;
	change(world, "fe80::2", NULL);
	assert_ends(world, OWN, "fe80::2", 0);
	world_free(world);
}

/* The link-layer address of a virtual router goes from one to the other. */
static void an_address_of_a_virtual_router_ends_silently(void **state)
{
	static const uint8_t virtual[6] = {0x00, 0x00, 0x5e, 0x00, 0x02, 0x01};
	struct world *world = world_new(1);

	(void)state;
	memcpy(world->facts.mac, virtual, sizeof(virtual));
	set_link_locals(world, "fe80::200:5eff:fe00:201", NULL);
	world_start(world);
	world_run(world, world->now + 60 * SEC);
	world->n_sent = 0;
	change(world, "fe80::2", NULL);
	assert_ends(world, "fe80::200:5eff:fe00:201", "fe80::2", 0);
	world_free(world);
}

/* The end of what is used again is not told any further. */
static void an_address_that_comes_back_does_not_end(void **state)
{
	struct world *world = world_by(OWN);

	(void)state;
	change(world, "fe80::2", OWN);
	assert_int_equal(count_from(world, OWN, /* ends= */ true), 1);
	world_run(world, world->now + 4 * SEC);
	world->n_sent = 0;
	change(world, OWN, "fe80::2");
	assert_ends(world, "fe80::2", OWN, 3);
	world_free(world);
}

/* Who was told that we are no router is not told again when we are one by another address. */
static void a_router_that_ended_does_not_end_again(void **state)
{
	struct world *world = world_by("fe80::1");

	(void)state;
	world->conf.enabled = false;
	world_conf(world);
	world_run(world, world->now + 20 * SEC);
	assert_int_equal(count_from(world, "fe80::1", /* ends= */ true), 3);
	world->n_sent = 0;
	change(world, "fe80::2", "fe80::1");
	world->conf.enabled = true;
	world_conf(world);
	assert_ends(world, "fe80::1", "fe80::2", 0);
	world_free(world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_former_address_that_is_there_ends),
		cmocka_unit_test(the_end_of_a_former_address_keeps_three_seconds),
		cmocka_unit_test(a_former_address_that_went_ends_silently),
		cmocka_unit_test(a_former_address_that_goes_later_ends_silently_then),
		cmocka_unit_test(an_address_of_our_own_ends_although_it_went),
		cmocka_unit_test(an_address_of_our_own_ends_once_there_is_another),
		cmocka_unit_test(an_address_of_another_link_layer_address_ends),
		cmocka_unit_test(a_duplicate_may_be_found_without_an_address_too),
		cmocka_unit_test(an_address_that_may_be_a_duplicate_ends_silently),
		cmocka_unit_test(an_address_of_a_virtual_router_ends_silently),
		cmocka_unit_test(an_address_that_comes_back_does_not_end),
		cmocka_unit_test(a_router_that_ended_does_not_end_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

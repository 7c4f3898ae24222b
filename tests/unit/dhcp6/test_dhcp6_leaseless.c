/* SPDX-License-Identifier: ISC */
/*
 * Clients without leases: many of them, who come, are heard of again, and go.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "dhcp6/dhcp6_leaseless.h"

enum { CLIENTS = 5000 };

#define DAY (86400 * SEC)

static const struct siphash_key key = {{7}};

/* Some differ in their DUID, some in their address alone, some in their network. */
static struct dhcp6_leaseless_id id_of(uint32_t i)
{
	struct dhcp6_leaseless_id id = {.network = i % 3, .duid.len = 10};
	uint32_t machine = i / 5, image = i % 5;

	memcpy(id.duid.bytes, &machine, sizeof(machine));
	memcpy(&id.peer, &image, sizeof(image));
	return id;
}

static uint32_t put(struct dhcp6_leaseless *all, uint32_t i, size_t max, mtime now, bool is_new)
{
	const struct dhcp6_leaseless_id id = id_of(i);
	bool was_new = !is_new;
	uint32_t number = dhcp6_leaseless_put(all, &id, max, now, &was_new);

	assert_int_equal(was_new, is_new);
	return number;
}

static uint32_t find(const struct dhcp6_leaseless *all, uint32_t i)
{
	const struct dhcp6_leaseless_id id = id_of(i);

	return dhcp6_leaseless_find(all, &id);
}

/* Every third goes again. */
static void who_came_is_found_until_it_goes(void **state)
{
	struct dhcp6_leaseless *all = dhcp6_leaseless_new(&key);
	uint32_t numbers[CLIENTS];

	(void)state;
	for (uint32_t i = 0; i < CLIENTS; i++)
		numbers[i] = put(all, i, CLIENTS, 0, /* is_new= */ true);
	for (uint32_t i = 0; i < CLIENTS; i += 3)
		dhcp6_leaseless_drop(all, numbers[i]);
	for (uint32_t i = 0; i < CLIENTS; i++) {
		assert_int_equal(find(all, i), i % 3 ? numbers[i] : LEASE_NONE);
		assert_int_equal(dhcp6_leaseless_get(all, numbers[i]) != NULL, i % 3 != 0);
	}
	for (uint32_t i = 0; i < CLIENTS; i++)
		put(all, i, CLIENTS, 0, /* is_new= */ i % 3 == 0);
	assert_int_equal(dhcp6_leaseless_end(all), CLIENTS);
	dhcp6_leaseless_free(all);
}

static void a_full_table_takes_the_place_of_who_was_silent(void **state)
{
	struct dhcp6_leaseless *all = dhcp6_leaseless_new(&key);

	(void)state;
	for (uint32_t i = 0; i < 100; i++)
		put(all, i, 100, 0, /* is_new= */ true);
	assert_int_equal(put(all, 100, 100, 2 * DAY - 1, /* is_new= */ true), LEASE_NONE);
	put(all, 0, 100, 2 * DAY - 1, /* is_new= */ false);
	assert_int_not_equal(put(all, 100, 100, 2 * DAY, /* is_new= */ true), LEASE_NONE);
	assert_int_not_equal(find(all, 0), LEASE_NONE);
	assert_int_equal(find(all, 1), LEASE_NONE);
	assert_int_not_equal(find(all, 2), LEASE_NONE);
	dhcp6_leaseless_free(all);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_came_is_found_until_it_goes),
		cmocka_unit_test(a_full_table_takes_the_place_of_who_was_silent),
	};

	return cmocka_run_group_tests_name("dhcp6_leaseless", tests, NULL, NULL);
}

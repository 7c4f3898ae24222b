/* SPDX-License-Identifier: ISC */
/*
 * The load generator's own bookkeeping: percentiles, who holds which lease, and its codec against
 * bytes written by hand.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/ip6.h"
#include "base/mem.h"
#include "clients.h"
#include "histogram.h"
#include "message.h"

static void percentiles_are_within_one_percent(void **state)
{
	struct histogram *h = mem_new(1, sizeof(*h));

	(void)state;
	for (int64_t us = 1; us <= 100000; us++)
		histogram_add(h, us * 1000);
	assert_int_equal(h->n, 100000);
	assert_in_range(histogram_at(h, 0.5), 49900000, 50600000);
	assert_in_range(histogram_at(h, 0.999), 99800000, 100000000);
	assert_int_equal(histogram_at(h, 1), 100000000);
	free(h);
}

static void times_of_any_size_are_counted(void **state)
{
	struct histogram *h = mem_new(1, sizeof(*h));

	(void)state;
	assert_int_equal(histogram_at(h, 0.5), 0);
	histogram_add(h, -1);
	assert_int_equal(histogram_at(h, 1), 0);
	histogram_add(h, 127);
	histogram_add(h, INT64_MAX);
	assert_int_equal(histogram_at(h, 0.5), 127);
	assert_true(histogram_at(h, 1) == INT64_MAX);
	free(h);
}

static struct in6_addr address(uint32_t i)
{
	struct in6_addr base;

	assert_true(ip6_parse("2001:db8::", &base));
	return ip6_add(&base, i, 0);
}

static void a_lease_has_one_holder(void **state)
{
	struct clients c;
	struct in6_addr lease = address(1);

	(void)state;
	clients_init(&c, 4, 1);
	assert_true(clients_bind(&c, 0, &lease, 128));
	assert_true(clients_bind(&c, 0, &lease, 128));
	assert_false(clients_bind(&c, 1, &lease, 128));
	clients_unbind(&c, 0);
	assert_true(clients_bind(&c, 1, &lease, 128));
	clients_fini(&c);
}

static void holders_are_found_after_many_came_and_went(void **state)
{
	enum {
		N = 5000,
	};
	struct clients c;

	(void)state;
	clients_init(&c, N + 1, 1);
	c.fresh = N + 1;
	for (uint32_t i = 0; i < N; i++) {
		struct in6_addr lease = address(i * 7);

		assert_true(clients_bind(&c, i, &lease, 128));
	}
	for (uint32_t i = 0; i < N; i += 2)
		clients_unbind(&c, i);
	for (uint32_t i = 0; i < N; i++) {
		struct in6_addr lease = address(i * 7);

		/* One more client gets what was given back and nothing else. */
		assert_int_equal(clients_bind(&c, N, &lease, 128), i % 2 == 0);
		clients_unbind(&c, N);
	}
	uint32_t n, *holders = clients_holders(&c, &n);

	assert_int_equal(n, N / 2);
	free(holders);
	clients_fini(&c);
}

static void no_two_clients_have_one_mac(void **state)
{
	struct clients c;
	uint8_t a[6], b[6];

	(void)state;
	clients_init(&c, 2, 1);
	clients_mac(&c, 0, a);
	for (uint32_t i = 1; i < 100000; i++) {
		clients_mac(&c, i, b);
		assert_memory_not_equal(a, b, 6);
	}
	clients_fini(&c);
}

static void what_is_asked_stands_where_the_null_responder_looks(void **state)
{
	struct in6_addr lease = address(1), link = address(2);
	struct query q = {.type = MSG_RENEW,
			  .xid = 0x123456,
			  .mac = {2, 0, 0, 0, 0, 9},
			  .ia = OPT_IA_NA,
			  .iaid = 7,
			  .lease = &lease,
			  .plen = 128};
	uint8_t bytes[512];

	(void)state;
	message_put(&q, bytes, sizeof(bytes));
	assert_memory_equal(bytes + AT_MAC, q.mac, 6);
	assert_memory_equal(bytes + AT_AFTER_IA + 4, &lease, 16);
	message_put_relayed(&q, &link, bytes, sizeof(bytes));
	assert_int_equal(bytes[AT_RELAYED], MSG_RENEW);
	assert_memory_equal(bytes + AT_RELAYED + AT_MAC, q.mac, 6);
}

/* clang-format off */
static const uint8_t reply[] = {
	MSG_REPLY, 0x12, 0x34, 0x56,
	0, OPT_CLIENTID, 0, 3, 0, 4, 9,
	0, OPT_SERVERID, 0, 3, 0, 4, 8,
	0, OPT_IA_NA, 0, 40, 0, 0, 0, 7, 0, 0, 0, 1, 0, 0, 0, 2,
		0, OPT_IAADDR, 0, 24,
		0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1,
		0, 0, 0, 3, 0, 0, 0, 4,
};
/* clang-format on */

static void an_answer_is_read(void **state)
{
	struct in6_addr lease = address(1);
	struct answer a;

	(void)state;
	assert_true(message_get(reply, sizeof(reply), &a));
	assert_int_equal(a.type, MSG_REPLY);
	assert_int_equal(a.xid, 0x123456);
	assert_int_equal(a.client_len, 3);
	assert_int_equal(a.server[2], 8);
	assert_int_equal(a.iaid, 7);
	assert_true(a.has_lease && ip6_equal(&a.lease, &lease));
	assert_int_equal(a.t1, 1);
	assert_int_equal(a.t2, 2);
	assert_int_equal(a.preferred, 3);
	assert_int_equal(a.valid, 4);
}

/* Cut anywhere but between two options it is malformed, never read past. */
static void a_cut_answer_is_malformed(void **state)
{
	struct answer a;

	(void)state;
	for (size_t len = 0; len < sizeof(reply); len++) {
		uint8_t *cut = mem_new(1, len + 1);
		bool whole = len == 4 || len == 11 || len == 18;

		memcpy(cut, reply, len);
		assert_int_equal(message_get(cut, len, &a), whole);
		free(cut);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(percentiles_are_within_one_percent),
		cmocka_unit_test(times_of_any_size_are_counted),
		cmocka_unit_test(a_lease_has_one_holder),
		cmocka_unit_test(holders_are_found_after_many_came_and_went),
		cmocka_unit_test(no_two_clients_have_one_mac),
		cmocka_unit_test(what_is_asked_stands_where_the_null_responder_looks),
		cmocka_unit_test(an_answer_is_read),
		cmocka_unit_test(a_cut_answer_is_malformed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: ISC */
/*
 * Thousands of messages in no order from a handful of clients, with stores that fail, time that
 * passes and configurations that change. After each: what a Reply gives is recorded for its client
 * and nobody else (I6), the Reply waits for the store, T1 <= T2 <= valid, preferred <= valid
 * (I3, I4), and no T1 without a lease (I19). And the same with octets flipped (Z8).
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "dhcp6/dhcp6_host.h"
#include "rig.h"

enum { STEPS = 20000 };

static const char *one_of(struct rng *rng, const char *const *words, int n)
{
	return words[rng_between(rng, 0, n - 1)];
}

#define ONE_OF(rng, ...)                                \
	one_of(rng, (const char *const[]){__VA_ARGS__}, \
	       (int)(sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *)))

/* A pool of four addresses, two of them reserved in one of the configurations; two lengths. */
static void configure(struct rig *rig, struct rng *rng)
{
	rig->pools[0] = (struct dhcp6_pool){
		.range = {peer_addr("2001:db8:1::10"), peer_addr("2001:db8:1::13")},
		.policy = (int)rng_between(rng, LEASE_STABLE, LEASE_FROM_MAC),
		.valid = (uint32_t)rng_between(rng, 1, 7200),
	};
	rig->delegations[0].prefix.len = 54;
	rig->delegations[1] = (struct dhcp6_delegation){.prefix = {peer_addr("2001:db8:200::"), 58},
							.length = 60};
	rig->network.dhcp6.n_delegations = (size_t)rng_between(rng, 1, 2);
	rig->network.dhcp6.rapid_commit = rng_between(rng, 0, 1);
	rig->network.n_hosts = 0;
	rig->conf.limits.leases_per_client = (uint32_t)rng_between(rng, 2, 6);
	rig->conf.limits.offers = (uint32_t)rng_between(rng, 1, 5);
	if (rng_between(rng, 0, 1)) {
		rig_reserve(rig, 0, "mac 1", "2001:db8:1::10", "2001:db8:100::/60");
		rig_reserve(rig, 1, "cid 2", "2001:db8:1::11", "2001:db8:200::/59");
	}
	rig_start(rig);
}

static const char *random_words(struct rng *rng, char *words, size_t room)
{
	const char *client = ONE_OF(rng, "1", "2", "3", "4", "1'", "2'", "3'");

	snprintf(words, room, "cid:%s %s", client, ONE_OF(rng, "sid", "sid", ""));
	for (int64_t i = rng_between(rng, 0, 2); i >= 0; i--) {
		bool na = rng_between(rng, 0, 1);
		size_t len = strlen(words);

		snprintf(words + len, room - len, " %s:%d", na ? "na" : "pd", (int)i);
		for (int64_t k = rng_between(rng, 0, 2); k > 0; k--) {
			len = strlen(words);
			snprintf(words + len, room - len, " %s",
				 na ? ONE_OF(rng, "2001:db8:1::10", "2001:db8:1::11",
					     "2001:db8:1::12", "2001:db8:1::99", "2001:db8:9::1")
				    : ONE_OF(rng, "::/60", "::/58", "2001:db8:100::/56",
					     "2001:db8:100::/60", "2001:db8:200::/60",
					     "2001:db8:9::/56"));
		}
	}
	strncat(words, ONE_OF(rng, "", " rc", " oro:23"), room - strlen(words) - 1);
	return words;
}

/* Each "what=preferred/valid" of an IA whose text is from `ia` to its ')'. */
static void check_leases(struct rig *rig, const char *ia, unsigned long t1, unsigned long t2,
			 bool reply)
{
	const char *end = strchr(ia, ')');
	bool live = false;

	for (const char *eq = strchr(ia, '='); eq && eq < end; eq = strchr(eq + 1, '=')) {
		const char *start = eq;
		unsigned long preferred, valid;
		char what[64];

		while (start[-1] != ' ')
			start--;
		snprintf(what, sizeof(what), "%.*s", (int)(eq - start), start);
		if (strcmp(what, "status") == 0 ||
		    sscanf(eq + 1, "%lu/%lu", &preferred, &valid) != 2)
			continue;
		assert_true(preferred <= valid);
		if (!valid)
			continue;
		live = true;
		assert_true(t1 <= t2 && t2 <= valid);
		if (reply)
			assert_string_equal(rig_state(rig, what), "active");
	}
	assert_true(live == (t1 != 0));
	if (reply && live)
		assert_int_equal(strncmp(rig->answer, "held ", 5), 0);
}

static void check_answer(struct rig *rig)
{
	bool reply = strstr(rig->answer, "reply ") != NULL;

	assert_null(strstr(rig->answer, "malformed"));
	for (const char *ia = strchr(rig->answer, '('); ia; ia = strchr(ia + 1, '(')) {
		unsigned long iaid, t1, t2;

		if (sscanf(ia, "(%lu %lu/%lu", &iaid, &t1, &t2) == 3)
			check_leases(rig, ia, t1, t2, reply);
	}
}

/* What a test of its own would never think of happens between messages. */
static void happen(struct rig *rig, struct rng *rng)
{
	switch (rng_between(rng, 0, 40)) {
	case 0:
		configure(rig, rng);
		break;
	case 1:
		rig_stored(rig, false);
		break;
	case 2:
		rig_wait_until(rig, rig->now + rng_between(rng, 0, 8000) * SEC);
		break;
	case 3:
		rig_wait_until(rig, rig->now + rng_between(rng, 0, 100000) * SEC);
		break;
	case 4:
	case 5:
	case 6:
	case 7:
		rig_stored(rig, true);
		break;
	case 8:
		rig->knows_mac = !rig->knows_mac;
		break;
	default:
		rig->now += rng_between(rng, 0, 5000);
	}
}

static void replies_are_backed_by_leases(void **state)
{
	struct rig *rig = *state;
	struct rng rng;
	char words[512];

	rng_seed(&rng, 7);
	configure(rig, &rng);
	for (int i = 0; i < STEPS; i++) {
		happen(rig, &rng);
		rig_ask(rig, (enum dhcp6_type)rng_between(&rng, 1, 11),
			random_words(&rng, words, sizeof(words)));
		check_answer(rig);
	}
}

/* Z8: octets flipped, messages cut. Nothing but an answer that decodes, or a drop. */
static void mangled_messages_do_no_harm(void **state)
{
	struct rig *rig = *state;
	struct rng rng;
	char words[512];

	rng_seed(&rng, 8);
	configure(rig, &rng);
	for (int i = 0; i < STEPS; i++) {
		struct peer_msg msg;
		uint8_t *bytes;
		size_t len;

		happen(rig, &rng);
		peer_begin(&msg, (enum dhcp6_type)rng_between(&rng, 1, 11));
		rig_put_words(rig, &msg, random_words(&rng, words, sizeof(words)));
		for (int64_t k = rng_between(&rng, 0, 3); k > 0; k--)
			msg.bytes[rng_between(&rng, 0, (int64_t)msg.w.at - 1)] =
				(uint8_t)rng_u64(&rng);
		len = (size_t)rng_between(&rng, (int64_t)msg.w.at / 2, (int64_t)msg.w.at);
		bytes = malloc(len);
		memcpy(bytes, msg.bytes, len);
		rig_ask_bytes(rig, bytes, len);
		free(bytes);
		assert_true(rig->answer[0] != '\0');
	}
}

/* The index finds each of many hosts, and nobody else. */
static void many_hosts_are_found(void **state)
{
	enum { N = 1000 };
	static const struct siphash_key key = {{9}};
	struct dhcp6_host *list = calloc(N, sizeof(*list));
	struct dhcp6_hosts *hosts;

	(void)state;
	for (int i = 0; i < N; i++) {
		list[i].mac = (struct cfg_mac){true, {2, 0, 0, 0, (uint8_t)(i >> 8), (uint8_t)i}};
		if (i % 2) {
			list[i].duid = duid_make_ll(list[i].mac.bytes);
			list[i].mac.set = i % 4 == 1;
		}
	}
	hosts = dhcp6_hosts_new(list, N, &key);
	for (int i = 0; i < 2 * N; i++) {
		uint8_t mac[6] = {2, 0, 0, 0, (uint8_t)(i >> 8), (uint8_t)i};
		struct duid duid = duid_make_ll(mac);
		const struct dhcp6_host *expected = i < N ? &list[i] : NULL;
		bool by_duid = i < N && i % 2;

		struct dhcp6_who who = {.mac = mac};

		assert_ptr_equal(dhcp6_hosts_find(hosts, &who), by_duid ? NULL : expected);
		who.duid = &duid;
		assert_ptr_equal(dhcp6_hosts_find(hosts, &who), expected);
		who.mac = NULL;
		assert_ptr_equal(dhcp6_hosts_find(hosts, &who),
				 by_duid && !expected->mac.set ? expected : NULL);
	}
	dhcp6_hosts_free(hosts);
	free(list);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, rig_setup, rig_teardown)
	const struct CMUnitTest tests[] = {
		TEST(replies_are_backed_by_leases),
		TEST(mangled_messages_do_no_harm),
		cmocka_unit_test(many_hosts_are_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: ISC */
/*
 * Paths as text: what an answer's way was comes back from the text, octet for octet; a text that
 * somebody edited leads nowhere, and never to a packet that is no Relay-reply.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "dhcp6/dhcp6_path.h"
#include "rig.h"

enum { ROOM = 4096 };

/* Relays in front of a client, the first nearest to us, with Interface-Ids of `id_len` octets. */
static void make_chain(struct dhcp6_relay_chain *chain, size_t n, size_t id_len)
{
	static const uint8_t id[2048] = "port7";

	*chain = (struct dhcp6_relay_chain){.n = n};
	for (size_t i = 0; i < n; i++)
		chain->levels[i] = (struct dhcp6_relay_level){
			.hops = (uint8_t)(n - 1 - i),
			.link = peer_addr("2001:db8:1::1"),
			.peer = peer_addr("fe80::a"),
			.interface_id = {id, id_len},
		};
}

/* R1, R2, R18 */
static void a_path_leads_where_the_answer_went(void **state)
{
	const struct fx_send how = {
		.dst = peer_addr("2001:db8:9::1"), .src = peer_addr("2001:db8:1::5"), .port = 547};
	const struct dhcp6_packet packet = {.link_name = "eth0", .netns = "qrouter-1"};
	uint8_t expected[ROOM], got[ROOM];
	struct dhcp6_relay_chain chain;
	char text[LEASE_PATH_ROOM];
	struct dhcp6_path path;

	(void)state;
	for (size_t n = 0; n <= DHCP6_RELAY_LEVELS; n++) {
		struct wire_writer w = wire_writer(expected, ROOM), out = wire_writer(got, ROOM);

		make_chain(&chain, n, n);
		assert_true(dhcp6_path_print(&packet, &how, &chain, text));
		assert_true(dhcp6_path_parse(text, &path));
		assert_string_equal(path.netns, "qrouter-1");
		assert_string_equal(path.link, "eth0");
		assert_true(ip6_equal(&path.dst, &how.dst));
		assert_true(ip6_equal(&path.src, &how.src));
		assert_int_equal(path.port, 547);
		struct dhcp6_relay_marks marks = dhcp6_relay_open(&chain, &w);

		wire_put_u32(&w, 0x0a000000);
		dhcp6_relay_close(&chain, &marks, &w);
		dhcp6_path_open(&path, &out);
		wire_put_u32(&out, 0x0a000000);
		dhcp6_path_close(&path, &out);
		assert_false(out.bad);
		assert_int_equal(out.at, w.at);
		assert_memory_equal(got, expected, w.at);
		/* Room for one octet less is none, and nothing is written past it. */
		out = wire_writer(got, w.at - 1);
		dhcp6_path_open(&path, &out);
		wire_put_u32(&out, 0x0a000000);
		dhcp6_path_close(&path, &out);
		assert_true(out.bad);
	}
}

static void what_cannot_be_kept_is_not(void **state)
{
	static const char *const odd[] = {"", "a b", "a/b", "sixteen-octets-1", "tab\there"};
	const struct fx_send how = {.dst = peer_addr("fe80::1"), .port = 546};
	struct dhcp6_packet packet = {.link_name = NULL};
	struct dhcp6_relay_chain chain = {.n = 0};
	char text[LEASE_PATH_ROOM];

	(void)state;
	assert_false(dhcp6_path_print(&packet, &how, &chain, text));
	for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
		packet.link_name = odd[i];
		assert_false(dhcp6_path_print(&packet, &how, &chain, text));
	}
	packet.link_name = "eth0";
	packet.netns = "two words";
	assert_false(dhcp6_path_print(&packet, &how, &chain, text));
	packet.netns = NULL;
	assert_true(dhcp6_path_print(&packet, &how, &chain, text));
	assert_string_equal(text, "eth0 fe80::1 546 ::");
	/* Relays that say more of themselves than is kept, and the most that is. */
	make_chain(&chain, 1, 1024 - 34 - 4 - 4);
	assert_true(dhcp6_path_print(&packet, &how, &chain, text));
	make_chain(&chain, 1, 1024 - 34 - 4 - 3);
	assert_false(dhcp6_path_print(&packet, &how, &chain, text));
}

#define LEVEL                              \
	"0d00"                             \
	"20010db8000100000000000000000001" \
	"fe80000000000000000000000000000a" \
	"0009"

static void what_is_no_path_leads_nowhere(void **state)
{
	static const char *const no_path[] = {
		"",
		"eth0",
		"eth0 fe80::1",
		"eth0 fe80::1 546",
		"eth0 fe80::1 546 nowhere",
		"eth0 fe80::1 0 ::",
		"eth0 fe80::1 65536 ::",
		"eth0 fe80::1 5a ::",
		"eth0 fe80::1 123456789012 ::",
		"eth0 :: 546 ::",
		"eth0 ff02::1 546 ::",
		"eth0  fe80::1 546 ::",
		"/eth0 fe80::1 546 ::",
		"one/two/eth0 fe80::1 546 ::",
		"netns/ fe80::1 546 ::",
		"name-of-sixteen- fe80::1 546 ::",
	};
	static const char *const no_levels[] = {
		"eth0 fe80::1 547 :: 0d",
		"eth0 fe80::1 547 :: " LEVEL ",",
		"eth0 fe80::1 547 :: ," LEVEL,
		"eth0 fe80::1 547 :: " LEVEL "0",
		"eth0 fe80::1 547 :: " LEVEL "0g",
		"eth0 fe80::1 547 :: " LEVEL " " LEVEL,
		"eth0 fe80::1 547 :: 07" LEVEL,
		"eth0 fe80::1 547 :: " LEVEL "," LEVEL "," LEVEL "," LEVEL "," LEVEL "," LEVEL
		"," LEVEL "," LEVEL "," LEVEL "," LEVEL,
	};
	struct dhcp6_path path;
	uint8_t bytes[ROOM];

	(void)state;
	for (size_t i = 0; i < sizeof(no_path) / sizeof(no_path[0]); i++)
		assert_false(dhcp6_path_parse(no_path[i], &path));
	for (size_t i = 0; i < sizeof(no_levels) / sizeof(no_levels[0]); i++) {
		struct wire_writer w = wire_writer(bytes, ROOM);

		assert_true(dhcp6_path_parse(no_levels[i], &path));
		dhcp6_path_open(&path, &w);
		assert_true(w.bad);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_path_leads_where_the_answer_went),
		cmocka_unit_test(what_cannot_be_kept_is_not),
		cmocka_unit_test(what_is_no_path_leads_nowhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

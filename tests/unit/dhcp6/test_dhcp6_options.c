/* SPDX-License-Identifier: ISC */
/*
 * From the text of `options:` to the bytes of each option in an answer; where several places say
 * one; and what is sent unasked.
 */
#include "config.h"

#include <string.h>

#include "dhcp6/dhcp6_option.h"
#include "rig.h"

#define ANSWER(type) type " xid=000102 sid cid"

/* Reads `options:` as a file would have it; fails the test when it is in error. */
static struct dhcp6_options read_options(struct rig *rig, const char *yaml)
{
	struct cfg *cfg = cfg_open_text("options.yaml", yaml, strlen(yaml));
	struct dhcp6_options options = {.n_dns = 0};

	cfg_read(cfg, &dhcp6_options_schema, &options, &rig->arena);
	dhcp6_options_check(cfg, &options);
	if (cfg_error_count(cfg))
		fail_msg("%s", cfg_message(cfg, 0, &(bool){false}));
	cfg_close(cfg);
	return options;
}

/* O5, O12, O15 to O21, G7, G8: the bytes of each option. */
static void each_option_from_its_text(void **state)
{
	static const struct {
		const char *yaml, *oro, *expected;
	} cases[] = {
		{"{ntp: {servers: 2001:db8::1, multicast: ff05::101, names: t.example}}", "56",
		 /* suboption, length, value: one an instance */
		 " 56(0001001020010db8000000000000000000000001)"
		 " 56(00020010ff050000000000000000000000000101)"
		 " 56(0003000b017407"
		 "6578616d706c6500)"},
		{"{boot-url: 'tftp://[::1]/b', boot-params: [a, bc]}", "59,60",
		 " 59(746674703a2f2f5b3a3a315d2f62) 60(00016100026263)"},
		{"{aftr: aftr.example}", "64", " 64(0461667472076578616d706c6500)"},
		{"{andsf: [2001:db8::1, 2001:db8::2]}", "143",
		 " 143(20010db800000000000000000000000120010db8000000000000000000000002)"},
		{"{captive-portal: 'https://x.example/'}", "103",
		 " 103(68747470733a2f2f782e6578616d706c652f)"},
		{"{vendor: [{enterprise: 9, options: [{code: 1, string: a}, {code: 2, u16: 3}]},"
		 "{enterprise: 4491, options: {code: 37, addresses: '::1'}}]}",
		 "17",
		 /* enterprise; code, length, value */
		 " 17(00000009"
		 "0001"
		 "0001"
		 "61"
		 "0002"
		 "0002"
		 "0003)"
		 " 17(0000118b"
		 "0025"
		 "0010"
		 "00000000000000000000000000000001)"},
		{"{raw: [{code: 200, u8: [1, 2]}, {code: 201, u32: 7}, {code: 202, string: hi},"
		 "{code: 203, names: [a.b]}, {code: 204, hex: 'ff:00'}, {code: 205}]}",
		 "200,201,202,203,204,205",
		 " 200(0102) 201(00000007) 202(6869) 203(0161016200) 204(ff00) 205()"},
		/* The name alone, then with address and service, which has no length. */
		{"{encrypted-dns: [{name: d.example, priority: 2}]}", "144",
		 " 144(0002"
		 "000b"
		 "0164076578616d706c6500)"},
		{"{encrypted-dns: [{name: d.example, addresses: 2001:db8::1,"
		 " service: 'alpn=dot port=853'}]}",
		 "144",
		 " 144(0001"
		 "000b"
		 "0164076578616d706c6500"
		 "0010"
		 "20010db8000000000000000000000001"
		 "0001000403646f74"
		 "000300020355)"},
		{"{map-e: [{rules: [{ipv4: 192.0.2.0/24, ipv6: 2001:db8::/33, ea-length: 16,"
		 " forwarding: true, ports: {offset: 4, psid-length: 8, psid: 18}}],"
		 " border-relays: 2001:db8:ffff::1}]}",
		 "94",
		 /* 89: flags, EA, IPv4 length and prefix, IPv6 length and prefix; 93 in it; 90 */
		 " 94(0059"
		 "0015"
		 "01"
		 "10"
		 "18"
		 "c0000200"
		 "21"
		 "20010db800"
		 "005d"
		 "0004"
		 "04"
		 "08"
		 "1200"
		 "005a"
		 "0010"
		 "20010db8ffff00000000000000000001)"},
		{"{map-t: [{rules: [{ipv4: 192.0.2.1, ipv6: 2001:db8::/32, ea-length: 0}],"
		 " dmr: 64:ff9b::/96}]}",
		 "95",
		 " 95(0059"
		 "000c"
		 "00"
		 "00"
		 "20"
		 "c0000201"
		 "20"
		 "20010db8"
		 "005b"
		 "000d"
		 "60"
		 "0064ff9b0000000000000000)"},
		{"{lw4o6: [{border-relays: 2001:db8::a,"
		 " binding: {ipv4: 192.0.2.1, ipv6: 2001:db8:1::/56, ports: {psid-length: 4, psid: 15}}}]}",
		 "96",
		 " 96(005a"
		 "0010"
		 "20010db800000000000000000000000a"
		 "005c"
		 "0014"
		 "c0000201"
		 "38"
		 "20010db8000100"
		 "005d"
		 "0004"
		 "06"
		 "04"
		 "f000)"},
	};
	struct rig *rig = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char words[128] = "cid:1 oro:", expected[1024] = ANSWER("reply");

		rig->network.dhcp6.options = read_options(rig, cases[i].yaml);
		rig_start(rig);
		strcat(words, cases[i].oro);
		strcat(expected, cases[i].expected);
		rig_expect(rig, DHCP6_INFORMATION_REQUEST, words, expected);
		/* O1: and nothing of it when it is not asked for. */
		rig_expect(rig, DHCP6_INFORMATION_REQUEST, "cid:1", ANSWER("reply"));
	}
}

/* An Information-request with some option more. */
static const char *ask_with(struct rig *rig, const char *words, uint16_t code, const void *bytes,
			    size_t len)
{
	struct peer_msg msg;

	peer_begin(&msg, DHCP6_INFORMATION_REQUEST);
	rig_put_words(rig, &msg, words);
	peer_put_option(&msg, code, bytes, len);
	return rig_ask_bytes(rig, msg.bytes, msg.w.at);
}

/* O16: by the architecture that the client likes best of those there is a boot file for. */
static void boot_by_architecture(void **state)
{
	struct rig *rig = *state;

	rig->network.dhcp6.options = read_options(
		rig,
		"{boot-url: 'b://x', boot: [{architecture: [x64-uefi, 9], url: 'b://7', params: p},"
		"{architecture: 16, url: 'b://16'}]}");
	rig_start(rig);
	assert_string_equal(ask_with(rig, "cid:1 oro:59,60", 61, "\0\7", 2),
			    ANSWER("reply") " 59(623a2f2f37) 60(000170) 61(0007)");
	/* The list holds those of the client's that it is for, in the client's order. */
	assert_string_equal(ask_with(rig, "cid:1 oro:59", 61, "\0\1\0\11\0\20\0\7", 8),
			    ANSWER("reply") " 59(623a2f2f37) 61(00090007)");
	assert_string_equal(ask_with(rig, "cid:1 oro:59,60", 61, "\0\20\0\7", 4),
			    ANSWER("reply") " 59(623a2f2f3136) 61(0010)");
	/* None that is known: what is for all, of which nobody knows the architecture. */
	assert_string_equal(ask_with(rig, "cid:1 oro:59", 61, "\0\1", 2),
			    ANSWER("reply") " 59(623a2f2f78)");
	assert_string_equal(ask_with(rig, "cid:1", 61, "\0\7", 2), ANSWER("reply"));
	rig_expect(rig, DHCP6_INFORMATION_REQUEST, "cid:1 oro:59",
		   ANSWER("reply") " 59(623a2f2f78)");
	assert_string_equal(ask_with(rig, "cid:1", 61, "\0\7\0", 3), "drop malformed");
	assert_string_equal(ask_with(rig, "cid:1", 61, "", 0), "drop malformed");
}

/* Server, network and host: the narrowest place that says an option; O26 */
static void places_by_narrowness(void **state)
{
	struct rig *rig = *state;
	struct dhcp6_host *host = rig_reserve(rig, 0, "cid 1", NULL, NULL);

	rig->conf.options = read_options(
		rig,
		"{raw: [{code: 200, u8: 1}, {code: 201, u8: 1}, {code: 202, u8: 1}],"
		" ntp: {servers: ['::1', '::2']},"
		" vendor: [{enterprise: 1, options: {code: 1}}, {enterprise: 2, options: {code: 1}}]}");
	rig->network.dhcp6.options = read_options(
		rig, "{raw: [{code: 201, u8: 2}, {code: 202, u8: 2}], ntp: {servers: '::3'},"
		     " vendor: {enterprise: 2, options: {code: 2}}}");
	host->options = read_options(rig, "{raw: [{code: 202, u8: 3}]}");
	rig_start(rig);
	rig_expect(rig, DHCP6_INFORMATION_REQUEST, "cid:1 oro:200,201,202",
		   ANSWER("reply") " 202(03) 201(02) 200(01)");
	rig_expect(rig, DHCP6_INFORMATION_REQUEST, "cid:2 oro:200,201,202",
		   ANSWER("reply") " 201(02) 202(02) 200(01)");
	/* All instances of an option give way at once; of vendors those of the enterprise. */
	rig_expect(rig, DHCP6_INFORMATION_REQUEST, "cid:2 oro:56",
		   ANSWER("reply") " 56(0001001000000000000000000000000000000003)");
	rig_expect(rig, DHCP6_INFORMATION_REQUEST, "cid:2 oro:17",
		   ANSWER("reply") " 17(0000000200020000) 17(0000000100010000)");
}

/* O1: what the operator forces, once, whoever says it. */
static void forced_options(void **state)
{
	struct rig *rig = *state;

	rig->conf.options = read_options(
		rig,
		"{raw: [{code: 200, u8: 1}, {code: 201, u8: 1}], force: [201, captive-portal]}");
	rig->network.dhcp6.options = read_options(
		rig,
		"{raw: {code: 201, u8: 2}, captive-portal: 'https://x.example/', force: [201]}");
	rig_start(rig);
	rig_expect(rig, DHCP6_INFORMATION_REQUEST, "cid:1",
		   ANSWER("reply") " 201(02) 103(68747470733a2f2f782e6578616d706c652f)");
	rig_expect(rig, DHCP6_INFORMATION_REQUEST, "cid:1 oro:103,200,201",
		   ANSWER("reply") " 103(68747470733a2f2f782e6578616d706c652f) 201(02) 200(01)");
}

/* G20: what nobody asked for does not make an answer longer than every link takes. */
static void forced_options_that_do_not_fit(void **state)
{
	static char yaml[8192] = "{raw: [{code: 200, u8: [0";
	struct rig *rig = *state;
	const char *answer;

	for (int i = 1; i < 700; i++)
		strcat(yaml, ", 1");
	strcat(yaml, "]}, {code: 201, u8: [0");
	for (int i = 1; i < 700; i++)
		strcat(yaml, ", 2");
	strcat(yaml, "]}, {code: 202, u8: 3}], force: [200, 201, 202]}");
	rig->network.dhcp6.options = read_options(rig, yaml);
	rig_start(rig);
	answer = rig_ask(rig, DHCP6_INFORMATION_REQUEST, "cid:1");
	assert_non_null(strstr(answer, " 200(0001"));
	assert_null(strstr(answer, " 201("));
	assert_non_null(strstr(answer, " 202(03)"));
	assert_true(rig->fx->sends[0].len <= 1232);
	/* Who asks for it gets it, in fragments if need be. */
	rig_ask(rig, DHCP6_INFORMATION_REQUEST, "cid:1 oro:200,201,202");
	assert_true(rig->fx->sends[0].len > 1400);
}

/* O14: a link-local address is not told beyond its link. */
static void link_local_addresses_stay(void **state)
{
	struct rig *rig = *state;
	struct dhcp6_options options =
		read_options(rig, "{dns: ['fe80::1', 2001:db8::53, 'fe80::2']}");
	struct dhcp6_optset *set = dhcp6_optset_new(&options);
	struct dhcp6_layers layers = {.relayed = true};
	const struct dhcp6_msg msg = {.oro = {1u << 23}};
	static const uint8_t expected[] = {0, 23, 0, 16, 0x20, 1, 0x0d, 0xb8, 0, 0,
					   0, 0,  0, 0,  0,    0, 0,    0,    0, 0x53};
	uint8_t bytes[128];
	struct wire_writer w = wire_writer(bytes, sizeof(bytes));

	dhcp6_layers_add(&layers, set);
	dhcp6_layers_put(&layers, &msg, DHCP6_IN_REPLY, SIZE_MAX, &w);
	assert_int_equal(w.at, sizeof(expected));
	assert_memory_equal(bytes, expected, sizeof(expected));
	layers.relayed = false;
	w = wire_writer(bytes, sizeof(bytes));
	dhcp6_layers_put(&layers, &msg, DHCP6_IN_REPLY, SIZE_MAX, &w);
	assert_int_equal(w.at, 4 + 48);
	dhcp6_optset_free(set);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, rig_setup, rig_teardown)
	const struct CMUnitTest tests[] = {
		TEST(each_option_from_its_text),      TEST(boot_by_architecture),
		TEST(places_by_narrowness),           TEST(forced_options),
		TEST(forced_options_that_do_not_fit), TEST(link_local_addresses_stay),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

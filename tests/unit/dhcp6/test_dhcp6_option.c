/* SPDX-License-Identifier: ISC */
/*
 * Options in answers: the bytes of each, which answers they stand in, and that they are sent only
 * when they are asked for.
 */
#include "config.h"

#include <string.h>

#include "dhcp6/dhcp6_option.h"
#include "rig.h"

#define ANSWER(type) type " xid=000102 sid cid"
#define DNS          " 23(20010db8000000000000000000000053fe800000000000000000000000000001)"
#define SEARCH       " 24(076578616d706c65036f72670003776562076578616d706c65036f726700)"

static struct dns_name name_of(const char *text)
{
	struct dns_name name = {.len = 0};
	const char *why;

	assert_true(dns_name_parse(text, &name, &why));
	return name;
}

/* One option of each row. */
static void fill(struct rig *rig, struct dhcp6_options *options)
{
	struct in6_addr *addrs = arena_new(&rig->arena, 2, sizeof(*addrs));
	struct dns_name *names = arena_new(&rig->arena, 2, sizeof(*names));
	struct dhcp6_raw_option *raw = arena_new(&rig->arena, 2, sizeof(*raw));

	addrs[0] = peer_addr("2001:db8::53");
	addrs[1] = peer_addr("fe80::1");
	names[0] = name_of("example.org");
	names[1] = name_of("web.example.org");
	raw[0] = (struct dhcp6_raw_option){.code = 300, .hex = {(const uint8_t *)"\1\2", 2}};
	raw[1] = (struct dhcp6_raw_option){.code = 300};
	*options = (struct dhcp6_options){
		.dns = addrs,
		.n_dns = 2,
		.search = names,
		.n_search = 2,
		.sip_domains = names,
		.n_sip_domains = 1,
		.sip_servers = addrs,
		.n_sip_servers = 1,
		.sntp = addrs,
		.n_sntp = 1,
		.information_refresh_time = 600,
		.posix_timezone = "UTC",
		.tzdb_timezone = "Etc/UTC",
		.boot_url = "tftp://[::1]/b",
		.aftr = names[0],
		.sol_max_rt = 60,
		.inf_max_rt = 86400,
		.captive_portal = "https://x/",
		.raw = raw,
		.n_raw = 2,
	};
}

/* O5, O13, G13: the bytes of each option. */
static void each_option_is_encoded(void **state)
{
	static const struct {
		const char *oro, *expected;
	} cases[] = {
		{"oro:21", " 21(076578616d706c65036f726700)"},
		{"oro:22", " 22(20010db8000000000000000000000053)"},
		{"oro:23", DNS},
		{"oro:24", SEARCH},
		{"oro:31", " 31(20010db8000000000000000000000053)"},
		{"oro:32", " 32(00000258)"},
		{"oro:41", " 41(555443)"},
		{"oro:42", " 42(4574632f555443)"},
		{"oro:59", " 59(746674703a2f2f5b3a3a315d2f62)"},
		{"oro:64", " 64(076578616d706c65036f726700)"},
		{"oro:82", " 82(0000003c)"},
		{"oro:83", " 83(00015180)"},
		{"oro:103", " 103(68747470733a2f2f782f)"},
		{"oro:300", " 300(0102) 300()"},
	};
	struct rig *rig = *state;

	fill(rig, &rig->network.dhcp6.options);
	rig_start(rig);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char words[64] = "cid:1 ", expected[256] = ANSWER("reply");

		strcat(words, cases[i].oro);
		strcat(expected, cases[i].expected);
		rig_expect(rig, DHCP6_INFORMATION_REQUEST, words, expected);
	}
}

/* O1: what is not asked for is not sent. O2, C2: what may not be asked for is passed over. */
static void only_what_is_asked_for(void **state)
{
	struct rig *rig = *state;

	fill(rig, &rig->network.dhcp6.options);
	rig_start(rig);
	rig_expect(rig, DHCP6_INFORMATION_REQUEST, "cid:1", ANSWER("reply"));
	rig_expect(rig, DHCP6_INFORMATION_REQUEST,
		   "cid:1 oro:1,2,3,4,5,6,7,8,9,11,12,13,14,15,16,18,19,20,25,26", ANSWER("reply"));
	/* O3: asked twice, sent once; unknown codes are passed over. */
	rig_expect(rig, DHCP6_INFORMATION_REQUEST, "cid:1 oro:23,23,4711,23", ANSWER("reply") DNS);
}

/* O4: the same in Advertise and Reply, but for what belongs in one of them (O6, O7). */
static void where_options_stand(void **state)
{
	struct rig *rig = *state;

	fill(rig, &rig->network.dhcp6.options);
	rig->network.dhcp6.rapid_commit = true;
	rig_start(rig);
	rig_expect(rig, DHCP6_SOLICIT, "cid:1 oro:23,24,32,82,83",
		   ANSWER("advertise") DNS SEARCH " 82(0000003c)");
	rig_expect(rig, DHCP6_SOLICIT, "cid:1 rc oro:23,24,32,82,83",
		   ANSWER("reply") " rapid-commit" DNS SEARCH " 82(0000003c) 83(00015180)");
	for (const enum dhcp6_type *type =
		     (const enum dhcp6_type[]){DHCP6_REQUEST, DHCP6_RENEW, (enum dhcp6_type)0};
	     *type; type++)
		rig_expect(rig, *type, "cid:1 sid oro:23,24,32,82,83",
			   ANSWER("reply") DNS SEARCH " 82(0000003c) 83(00015180)");
	rig_expect(rig, DHCP6_INFORMATION_REQUEST, "cid:1 oro:23,24,32,82,83",
		   ANSWER("reply") DNS SEARCH " 32(00000258) 82(0000003c) 83(00015180)");
	/* M4, M7, M8: none. */
	rig_expect(rig, DHCP6_CONFIRM, "cid:1 na:1 2001:db8:1::10 oro:23",
		   ANSWER("reply") " status=0");
	rig_expect(rig, DHCP6_RELEASE, "cid:1 sid oro:23", ANSWER("reply") " status=0");
	rig_expect(rig, DHCP6_DECLINE, "cid:1 sid oro:23", ANSWER("reply") " status=0");
}

/* A host's options stand in for those of the network, code by code. O26: nobody else gets them. */
static void options_of_a_host(void **state)
{
	struct rig *rig = *state;
	struct in6_addr dns = peer_addr("2001:db8::54");
	struct dhcp6_host *host = rig_reserve(rig, 0, "cid 1", NULL, NULL);

	fill(rig, &rig->network.dhcp6.options);
	host->options.dns = &dns;
	host->options.n_dns = 1;
	rig_start(rig);
	rig_expect(rig, DHCP6_INFORMATION_REQUEST, "cid:1 oro:23,24",
		   ANSWER("reply") " 23(20010db8000000000000000000000054)" SEARCH);
	rig_expect(rig, DHCP6_INFORMATION_REQUEST, "cid:2 oro:23,24", ANSWER("reply") DNS SEARCH);
	/* Z14: who does not say who it is gets those of the network. */
	rig_expect(rig, DHCP6_INFORMATION_REQUEST, "oro:23", "reply xid=000102 sid" DNS);
}

/* What does not fit into the answer is left out whole. */
static void what_does_not_fit_is_left_out(void **state)
{
	struct rig *rig = *state;
	struct dhcp6_options options;
	struct dhcp6_optset *set;
	struct dhcp6_layers layers = {.n = 0};
	struct dhcp6_msg msg = {.oro = {1u << 23 | 1u << 24}};
	uint8_t bytes[32 + 4 + 13 + 16 + 10];

	fill(rig, &options);
	set = dhcp6_optset_new(&options);
	dhcp6_layers_add(&layers, NULL);
	dhcp6_layers_add(&layers, set);
	for (size_t room = 0; room <= sizeof(bytes); room++) {
		struct wire_writer w = wire_writer(bytes, room);

		dhcp6_layers_put(&layers, &msg, DHCP6_IN_REPLY, SIZE_MAX, &w);
		assert_false(w.bad);
		assert_int_equal(w.at, room >= 70 ? 70 : room >= 36 ? 36 : room >= 34 ? 34 : 0);
	}
	dhcp6_optset_free(set);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, rig_setup, rig_teardown)
	const struct CMUnitTest tests[] = {
		TEST(each_option_is_encoded),        TEST(only_what_is_asked_for),
		TEST(where_options_stand),           TEST(options_of_a_host),
		TEST(what_does_not_fit_is_left_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: ISC */
/*
 * What the configuration engine reads: every type of row, from YAML and from JSON, defaults, lists
 * and shorthands; and that no text, cut anywhere, does harm.
 */
#include "config.h"

/* cmocka.h uses what the others declare. */
/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cfg_reading.h"

/* In tests/fuzz/fuzz_config.c: reads any octets by the same rows, and checks what comes out. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The same configuration twice. */
static const char yaml_text[] = "# every type\n"
				"enterprise: 4294967295\n"
				"user: \"r\\u00f6ot\"\n"
				"numbers: [5, 5]\n"
				"networks:\n"
				"- interfaces:\n"
				"  - eth0\n"
				"  - 'tap*'\n"
				"  mode: off\n"
				"  ra:\n"
				"    managed: yes\n"
				"    other: Off\n"
				"    interval: {min: 3s, max: 18h}\n"
				"    hop-limit: 255\n"
				"    mtu: 1280\n"
				"    retrans: 1s\n"
				"    dns: []\n"
				"    search: [example.com, sub.example.com.]\n"
				"  prefixes:\n"
				"  - prefix: 2001:db8:1::/64\n"
				"    valid: infinite\n"
				"  - 2001:db8:2::/64\n"
				"  hosts:\n"
				"  - name: web1\n"
				"    mac: 02-00-5E-10-00-0a\n"
				"    duid: \"00:03:00:01:02:00:5e:10:00:01\"\n"
				"    address: 2001:db8:1::10\n"
				"    domain: example.net\n"
				"  span: 3-7\n";

static const char json_text[] =
	"{\"enterprise\": 4294967295, \"user\": \"r\\u00f6ot\", \"numbers\": [5, 5],\n"
	" \"networks\": [{\n"
	"\t\"interfaces\": [\"eth0\", \"tap*\"], \"mode\":\"off\",\n"
	"\t\"ra\": {\"managed\": true, \"other\": false, \"interval\": {\"min\": \"3s\", \"max\": "
	"\"18h\"},\n"
	"\t\t\"hop-limit\": 255, \"mtu\": 1280, \"retrans\": \"1s\", \"dns\": [],\n"
	"\t\t\"search\": [\"example.com\", \"sub.example.com.\"]},\n"
	"\t\"prefixes\": [{\"prefix\": \"2001:db8:1::\\/64\", \"valid\": \"infinite\"},\n"
	"\t\t\"2001:db8:2::/64\"],\n"
	"\t\"hosts\": [{\"name\": \"\\u0077eb1\", \"mac\": \"02-00-5E-10-00-0a\",\n"
	"\t\t\"duid\": \"00:03:00:01:02:00:5e:10:00:01\", \"address\": \"2001:db8:1::10\",\n"
	"\t\t\"domain\": \"example.net\"}],\n"
	"\t\"span\": \"3-7\"}]}\n";

static void expect_ip6(const struct in6_addr *addr, const char *expected)
{
	char buf[IP6_TEXT_LEN];
	struct text text;

	text_init(&text, buf, sizeof(buf));
	text_put_ip6(&text, addr);
	assert_string_equal(buf, expected);
}

static void expect_prefix(const struct ip6_prefix *prefix, const char *expected)
{
	char buf[IP6_PREFIX_TEXT_LEN];
	struct text text;

	text_init(&text, buf, sizeof(buf));
	text_put_ip6_prefix(&text, prefix);
	assert_string_equal(buf, expected);
}

static void expect_name(const struct dns_name *name, const char *expected)
{
	char buf[DNS_TEXT_MAX];
	struct text text;

	text_init(&text, buf, sizeof(buf));
	dns_name_text(name, &text);
	assert_string_equal(buf, expected);
}

static void expect_ra(const struct example_ra *ra)
{
	assert_true(ra->managed);
	assert_false(ra->other);
	assert_int_equal(ra->interval.min, 3);
	assert_int_equal(ra->interval.max, 64800);
	assert_int_equal(ra->hop_limit, 255);
	assert_int_equal(ra->mtu, 1280);
	assert_int_equal(ra->retrans, 1000);
	assert_int_equal(ra->n_dns, 0);
	assert_int_equal(ra->n_search, 2);
	expect_name(&ra->search[0], "example.com");
	expect_name(&ra->search[1], "sub.example.com");
	assert_true(cfg_is_set(ra->node, "dns"));
}

static void expect_host(const struct example_host *host)
{
	static const uint8_t mac[] = {0x02, 0x00, 0x5e, 0x10, 0x00, 0x0a};
	static const uint8_t duid[] = {0, 3, 0, 1, 0x02, 0x00, 0x5e, 0x10, 0x00, 0x01};

	assert_string_equal(host->name, "web1");
	assert_true(host->mac.set);
	assert_memory_equal(host->mac.bytes, mac, sizeof(mac));
	assert_int_equal(host->duid.len, sizeof(duid));
	assert_memory_equal(host->duid.bytes, duid, sizeof(duid));
	expect_ip6(&host->address, "2001:db8:1::10");
	expect_name(&host->domain, "example.net");
}

static void expect_everything(const struct reading *r)
{
	const struct example *example = &r->example;
	const struct example_network *network = example->networks;

	assert_int_equal(example->enterprise, UINT32_MAX);
	assert_string_equal(example->user, "r\xc3\xb6ot");
	assert_int_equal(example->n_numbers, 2);
	assert_int_equal(example->numbers[1], 5);
	assert_int_equal(example->n_networks, 1);
	assert_int_equal(network->n_interfaces, 2);
	assert_string_equal(network->interfaces[0], "eth0");
	assert_string_equal(network->interfaces[1], "tap*");
	assert_int_equal(network->mode, MODE_OFF);
	expect_ra(&network->ra);
	assert_int_equal(network->n_prefixes, 2);
	expect_prefix(&network->prefixes[0].prefix, "2001:db8:1::/64");
	assert_int_equal(network->prefixes[0].valid, UINT32_MAX);
	expect_prefix(&network->prefixes[1].prefix, "2001:db8:2::/64");
	assert_int_equal(network->prefixes[1].valid, 86400);
	assert_int_equal(network->n_hosts, 1);
	expect_host(&network->hosts[0]);
	assert_int_equal(network->span.first, 3);
	assert_int_equal(network->span.last, 7);
}

static void every_type_is_read_from_yaml(void **state)
{
	struct reading r = read_text(yaml_text);

	(void)state;
	expect_messages("yaml", r.cfg, "");
	expect_everything(&r);
	reading_end(&r);
}

static void json_is_read_by_the_same_rows(void **state)
{
	struct reading r = read_text(json_text);

	(void)state;
	expect_messages("json", r.cfg, "");
	expect_everything(&r);
	reading_end(&r);
}

static void a_mark_of_byte_order_and_other_ends_of_line_are_no_matter(void **state)
{
	struct reading r = read_text("\xef\xbb\xbfuser: me\r\nnetworks: []\r\n...\r\n");

	(void)state;
	expect_messages("mark", r.cfg, "");
	assert_string_equal(r.example.user, "me");
	reading_end(&r);
}

static void expect_defaults(const struct example_network *network)
{
	assert_int_equal(network->n_interfaces, 0);
	assert_int_equal(network->mode, MODE_STATEFUL);
	assert_false(network->ra.managed);
	assert_true(network->ra.other);
	assert_int_equal(network->ra.interval.min, 200);
	assert_int_equal(network->ra.interval.max, 600);
	assert_int_equal(network->ra.hop_limit, 64);
	assert_int_equal(network->ra.mtu, 0);
	assert_int_equal(network->ra.retrans, 500);
	assert_int_equal(network->ra.n_dns, 2);
	expect_ip6(&network->ra.dns[1], "2001:db8::54");
	assert_int_equal(network->ra.n_search, 1);
	expect_name(&network->ra.search[0], "example.org");
	assert_int_equal(network->n_prefixes, 0);
	assert_int_equal(network->span.last, 2);
}

static void what_is_not_written_has_its_default(void **state)
{
	struct reading r = read_text("networks: [{}]");
	const struct example_network *network = r.example.networks;

	(void)state;
	expect_messages("defaults", r.cfg, "");
	assert_int_equal(r.example.enterprise, 32473);
	assert_string_equal(r.example.user, "sextant");
	assert_int_equal(r.example.n_networks, 1);
	expect_defaults(network);
	assert_false(cfg_is_set(network->node, "ra"));
	assert_false(cfg_is_set(network->ra.node, "other"));
	assert_false(cfg_is_set(network->ra.interval.node, "max"));
	assert_true(cfg_is_set(r.example.node, "networks"));
	assert_false(cfg_is_set(NULL, "networks"));
	reading_end(&r);
}

static void what_is_in_error_has_its_default(void **state)
{
	struct reading r = read_text(
		"enterprise: x\n"
		"user: [a]\n"
		"networks:\n"
		"- mode: banana\n"
		"  interface: {}\n"
		"  ra: {other: 7, interval: [1], hop-limit: -1, mtu: 1, retrans: x, dns: {},\n"
		"       search: {}}\n"
		"  span: 7-3\n");

	(void)state;
	assert_int_equal(cfg_error_count(r.cfg), 12);
	assert_int_equal(r.example.enterprise, 32473);
	assert_string_equal(r.example.user, "sextant");
	assert_int_equal(r.example.networks[0].ra.interval.max, 600);
	assert_true(r.example.networks[0].ra.other);
	assert_int_equal(r.example.networks[0].mode, MODE_STATEFUL);
	assert_int_equal(r.example.networks[0].ra.hop_limit, 64);
	assert_int_equal(r.example.networks[0].span.last, 2);
	reading_end(&r);
}

static void a_file_that_cannot_be_read_leaves_defaults(void **state)
{
	struct reading r = read_text("[");

	(void)state;
	assert_int_equal(cfg_error_count(r.cfg), 1);
	assert_int_equal(r.example.enterprise, 32473);
	assert_int_equal(r.example.n_networks, 0);
	assert_false(cfg_is_set(r.example.node, "networks"));
	reading_end(&r);
}

static void items_keep_their_index_when_one_is_in_error(void **state)
{
	struct reading r = read_text("networks:\n"
				     "- interfaces: [eth0, []]\n"
				     "  ra: {dns: [2001:db8::1, x, 2001:db8::3]}\n"
				     "  prefixes: [2001:db8:1::/64, [], 2001:db8:3::/64]\n");
	const struct example_network *network = r.example.networks;

	(void)state;
	assert_int_equal(cfg_error_count(r.cfg), 3);
	assert_int_equal(network->n_interfaces, 2);
	assert_string_equal(network->interfaces[1], "");
	assert_int_equal(network->ra.n_dns, 3);
	expect_ip6(&network->ra.dns[2], "2001:db8::3");
	assert_int_equal(network->n_prefixes, 3);
	assert_int_equal(network->prefixes[1].valid, 86400);
	expect_prefix(&network->prefixes[2].prefix, "2001:db8:3::/64");
	reading_end(&r);
}

static void one_item_may_stand_without_brackets(void **state)
{
	struct reading r = read_text("networks: {interface: eth1, prefix: \"2001:db8:1::/64\",\n"
				     "  ra: {interval: 20s, dns: \"2001:db8::53\"}}\n");
	const struct example_network *network = r.example.networks;

	(void)state;
	expect_messages("single", r.cfg, "");
	assert_int_equal(r.example.n_networks, 1);
	assert_int_equal(network->n_interfaces, 1);
	assert_string_equal(network->interfaces[0], "eth1");
	assert_int_equal(network->n_prefixes, 1);
	expect_prefix(&network->prefixes[0].prefix, "2001:db8:1::/64");
	assert_int_equal(network->ra.interval.max, 20);
	assert_int_equal(network->ra.n_dns, 1);
	/* By the other name too: the rows are names of one value. */
	assert_true(cfg_is_set(network->node, "prefix"));
	assert_true(cfg_is_set(network->node, "prefixes"));
	assert_true(cfg_is_set(network->ra.interval.node, "max"));
	assert_false(cfg_is_set(network->ra.interval.node, "min"));
	reading_end(&r);
}

static void aliases_stand_for_what_they_name(void **state)
{
	struct reading r = read_text("networks:\n"
				     "- ra: &ra {mtu: 1400, dns: &dns [2001:db8::1]}\n"
				     "- ra: *ra\n"
				     "- ra: {dns: *dns}\n");

	(void)state;
	expect_messages("aliases", r.cfg, "");
	assert_int_equal(r.example.networks[1].ra.mtu, 1400);
	assert_int_equal(r.example.networks[2].ra.mtu, 0);
	expect_ip6(&r.example.networks[2].ra.dns[0], "2001:db8::1");
	reading_end(&r);
}

static void durations_are_read_in_every_unit(void **state)
{
	static const struct {
		const char *text;
		uint32_t seconds;
	} cases[] = {{"60s", 60},
		     {"1m", 60},
		     {"24h", 86400},
		     {"7d", 604800},
		     {"4294967294s", 0xfffffffe},
		     {"49710d", 4294944000},
		     {"infinite", UINT32_MAX}};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char text[100];

		snprintf(text, sizeof(text),
			 "networks: {prefix: {prefix: '2001:db8::/64', valid: %s}}", cases[i].text);
		struct reading r = read_text(text);

		expect_messages(cases[i].text, r.cfg, "");
		assert_int_equal(r.example.networks[0].prefixes[0].valid, cases[i].seconds);
		reading_end(&r);
	}
	struct reading r = read_text("networks: [{ra: {retrans: 0}}, {ra: {retrans: 1m}}]");

	expect_messages("milliseconds", r.cfg, "");
	assert_int_equal(r.example.networks[0].ra.retrans, 0);
	assert_int_equal(r.example.networks[1].ra.retrans, 60000);
	reading_end(&r);
}

static void any_cut_of_a_file_does_no_harm(void **state)
{
	(void)state;
	for (size_t n = 0; n < sizeof(yaml_text); n++)
		LLVMFuzzerTestOneInput((const uint8_t *)yaml_text, n);
	for (size_t n = 0; n < sizeof(json_text); n++)
		LLVMFuzzerTestOneInput((const uint8_t *)json_text, n);
}

static void any_changed_octet_does_no_harm(void **state)
{
	static const char octets[] = {0,   '\n', ' ', '"', '[', ']',   '{',
				      ':', '-',  '&', '*', '!', '\xff'};
	uint8_t text[sizeof(yaml_text) - 1];

	(void)state;
	for (size_t i = 0; i < sizeof(text); i++) {
		memcpy(text, yaml_text, sizeof(text));
		text[i] = (uint8_t)octets[i % sizeof(octets)];
		LLVMFuzzerTestOneInput(text, sizeof(text));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_type_is_read_from_yaml),
		cmocka_unit_test(json_is_read_by_the_same_rows),
		cmocka_unit_test(a_mark_of_byte_order_and_other_ends_of_line_are_no_matter),
		cmocka_unit_test(what_is_not_written_has_its_default),
		cmocka_unit_test(what_is_in_error_has_its_default),
		cmocka_unit_test(a_file_that_cannot_be_read_leaves_defaults),
		cmocka_unit_test(items_keep_their_index_when_one_is_in_error),
		cmocka_unit_test(one_item_may_stand_without_brackets),
		cmocka_unit_test(aliases_stand_for_what_they_name),
		cmocka_unit_test(durations_are_read_in_every_unit),
		cmocka_unit_test(any_cut_of_a_file_does_no_harm),
		cmocka_unit_test(any_changed_octet_does_no_harm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

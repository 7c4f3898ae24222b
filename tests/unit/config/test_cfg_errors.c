/* SPDX-License-Identifier: ISC */
/*
 * What the configuration engine says of files that are wrong: every message, word for word.
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

struct bad_case {
	const char *name;
	const char *text;
	const char *messages;
};

/* clang-format off */
static const struct bad_case bad_cases[] = {
	{"unknown key, near one known",
	 "networks:\n- ra:\n    managd: true\n",
	 "t.yaml:3:5: networks[0].ra: unknown key 'managd', did you mean 'managed'?\n"},
	{"unknown key, none near",
	 "networks:\n- ra: {xyzzy: true}\n",
	 "t.yaml:2:8: networks[0].ra: unknown key 'xyzzy', known are managed, other, interval, hop-limit, mtu, retrans, dns, search\n"},
	{"unknown key of a map inside",
	 "networks:\n- managed: true\n",
	 "t.yaml:2:3: networks[0]: unknown key 'managed', it belongs under 'ra'\n"},
	{"key in another case and style",
	 "networks:\n- ra: {hopLimit: 3, hop_limit: 3}\n",
	 "t.yaml:2:8: networks[0].ra: unknown key 'hopLimit', did you mean 'hop-limit'?\n"
	 "t.yaml:2:21: networks[0].ra: unknown key 'hop_limit', did you mean 'hop-limit'?\n"},
	{"unknown key with control characters",
	 "\"\\e[31mred\\0\": 1\nnetworks: []\n",
	 "t.yaml:1:1: unknown key '\\x1b[31mred\\x00', known are enterprise, user, numbers, networks\n"},
	{"overlong key",
	 "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz: 1\nnetworks: []\n",
	 "t.yaml:1:1: unknown key 'abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijkl...', known are enterprise, user, numbers, networks\n"},
	{"key that is a list",
	 "[a, b]: 1\nnetworks: []\n",
	 "t.yaml:1:1: a key must be a word, not a list or map\n"},
	{"merge key",
	 "networks:\n- &a {mode: off}\n- <<: *a\n",
	 "t.yaml:3:3: networks[1]: merge keys are not supported, write the keys out\n"},
	{"key twice",
	 "networks:\n- mode: off\n  mode: slaac\n",
	 "t.yaml:3:3: networks[0].mode: is written twice, first at t.yaml:2:9; remove one\n"},
	{"two names of one value",
	 "networks:\n- interface: eth0\n  interfaces: [eth1]\n",
	 "t.yaml:3:3: networks[0].interfaces: is another name of 'interface' at t.yaml:2:14; remove one\n"},
	{"required key missing",
	 "networks:\n- prefixes:\n  - valid: 2h\n",
	 "t.yaml:3:5: networks[0].prefixes[0].prefix: is missing, must be an IPv6 prefix such as 2001:db8:1::/64\n"},
	{"value that is a map by its shorthand",
	 "networks:\n- ra: {interval: 2s}\n  prefix: {}\n",
	 "t.yaml:2:18: networks[0].ra.interval: 2s is too short, allowed are 4s to 65535s (RFC 4861 6.2.1)\n"
	 "t.yaml:3:11: networks[0].prefix.prefix: is missing, must be an IPv6 prefix such as 2001:db8:1::/64\n"},
	{"required key missing in the file",
	 "user: me\n",
	 "t.yaml:1:1: networks: is missing, must be a list, each item a map with the keys interfaces, interface, mode, ra, prefixes, prefix, hosts, span, inner\n"},
	{"no value",
	 "networks:\n",
	 "t.yaml:1:10: networks: has no value, must be a list, each item a map with the keys interfaces, interface, mode, ra, prefixes, prefix, hosts, span, inner\n"},
	{"no value, in words",
	 "networks:\n- mode: ~\n  ra: {mtu: null, interval: }\n  prefix: [null]\n",
	 "t.yaml:2:9: networks[0].mode: has no value, must be one of slaac, dhcpv6-stateful, off\n"
	 "t.yaml:3:13: networks[0].ra.mtu: has no value, must be a whole number\n"
	 "t.yaml:3:29: networks[0].ra.interval: has no value, must be a map with the keys min, max\n"
	 "t.yaml:4:12: networks[0].prefix[0]: has no value, must be a map with the keys prefix, valid\n"},
	{"list for a single value",
	 "networks:\n- mode: [off]\n",
	 "t.yaml:2:9: networks[0].mode: must be one of slaac, dhcpv6-stateful, off, not a list\n"},
	{"map for a single value",
	 "networks:\n- mode: {off: 1}\n",
	 "t.yaml:2:9: networks[0].mode: must be one of slaac, dhcpv6-stateful, off, not a map\n"},
	{"map for a list of values",
	 "networks:\n- ra: {dns: {a: b}}\n",
	 "t.yaml:2:13: networks[0].ra.dns: must be a list, each item an IPv6 address such as 2001:db8::1, not a map\n"},
	{"list in a list",
	 "networks:\n- ra: {dns: [[2001:db8::1]]}\n",
	 "t.yaml:2:14: networks[0].ra.dns[0]: must be an IPv6 address such as 2001:db8::1, not a list\n"},
	{"value for a map",
	 "networks:\n- ra: true\n",
	 "t.yaml:2:7: networks[0].ra: must be a map with the keys managed, other, interval, hop-limit, mtu, retrans, dns, search, not true\n"},
	{"list for a map",
	 "networks:\n- ra: [managed]\n",
	 "t.yaml:2:7: networks[0].ra: must be a map with the keys managed, other, interval, hop-limit, mtu, retrans, dns, search, not a list\n"},
	{"value for a map in a list",
	 "networks:\n- hosts: [web1]\n",
	 "t.yaml:2:11: networks[0].hosts[0]: must be a map with the keys name, mac, duid, address, domain, not web1\n"},
	{"value for a list of maps",
	 "networks: eth0\n",
	 "t.yaml:1:11: networks: must be a list, each item a map with the keys interfaces, interface, mode, ra, prefixes, prefix, hosts, span, inner, not eth0\n"},
	{"list for the file",
	 "- a\n- b\n",
	 "t.yaml:1:1: the file must be a map with the keys enterprise, user, numbers, networks\n"},
	{"value for the file",
	 "hello\n",
	 "t.yaml:1:1: the file must be a map with the keys enterprise, user, numbers, networks\n"},
	{"bool",
	 "networks:\n- ra: {managed: maybe}\n",
	 "t.yaml:2:17: networks[0].ra.managed: maybe is not true or false (yes, no, on and off do as well)\n"},
	{"number too large",
	 "networks:\n- ra: {hop-limit: 256}\n",
	 "t.yaml:2:19: networks[0].ra.hop-limit: 256 is too large, allowed are 0 to 255\n"},
	{"number too small",
	 "networks:\n- ra: {mtu: 1279}\n",
	 "t.yaml:2:13: networks[0].ra.mtu: 1279 is too small, allowed are 1280 to 65535\n"},
	{"number below zero",
	 "enterprise: -1\nnetworks: []\n",
	 "t.yaml:1:13: enterprise: -1 is too small, allowed are 0 to 4294967295\n"},
	{"number past 64 bits",
	 "enterprise: 99999999999999999999999\nnetworks: []\n",
	 "t.yaml:1:13: enterprise: 99999999999999999999999 is too large, allowed are 0 to 4294967295\n"},
	{"number that is a word",
	 "enterprise: many\nnetworks: []\n",
	 "t.yaml:1:13: enterprise: many is not a whole number, allowed are 0 to 4294967295\n"},
	{"number with a fraction",
	 "networks:\n- ra: {mtu: 1.5e3}\n",
	 "t.yaml:2:13: networks[0].ra.mtu: 1.5e3 is not a whole number, allowed are 1280 to 65535\n"},
	{"number that begins with 0",
	 "networks:\n- ra: {hop-limit: 010}\n",
	 "t.yaml:2:19: networks[0].ra.hop-limit: 010 begins with 0, write 10\n"},
	{"number with one value allowed",
	 "numbers: [5, 6]\nnetworks: []\n",
	 "t.yaml:1:14: numbers[1]: 6 is too large, allowed is 5\n"},
	{"duration too short",
	 "networks:\n- ra:\n    interval:\n      max: 3s\n",
	 "t.yaml:4:12: networks[0].ra.interval.max: 3s is too short, allowed are 4s to 65535s (RFC 4861 6.2.1)\n"},
	{"duration too long",
	 "networks:\n- ra: {interval: {min: 10h}}\n",
	 "t.yaml:2:24: networks[0].ra.interval.min: 10h is too long, allowed are 3s to 1350s (RFC 4861 6.2.1)\n"},
	{"duration without unit",
	 "networks:\n- ra: {interval: {min: 200}}\n",
	 "t.yaml:2:24: networks[0].ra.interval.min: 200 has no unit, write 200s\n"},
	{"duration with a strange unit",
	 "networks:\n- ra: {interval: {min: 2y}}\n",
	 "t.yaml:2:24: networks[0].ra.interval.min: 2y is not a duration such as 30s, 10m, 4h or 7d\n"},
	{"duration in milliseconds where seconds are counted",
	 "networks:\n- ra: {interval: {min: 5000ms}}\n",
	 "t.yaml:2:24: networks[0].ra.interval.min: 5000ms is not a duration such as 30s, 10m, 4h or 7d\n"},
	{"duration in words",
	 "networks:\n- ra: {interval: {min: often}}\n",
	 "t.yaml:2:24: networks[0].ra.interval.min: often is not a duration such as 30s, 10m, 4h or 7d\n"},
	{"duration infinite where it cannot be",
	 "networks:\n- ra: {interval: {max: infinite}}\n",
	 "t.yaml:2:24: networks[0].ra.interval.max: infinite is too long, allowed are 4s to 65535s (RFC 4861 6.2.1)\n"},
	{"duration past 32 bits",
	 "networks:\n- prefix: {prefix: \"2001:db8::/64\", valid: 9999999999d}\n",
	 "t.yaml:2:44: networks[0].prefix.valid: 9999999999d is too long, allowed are 1m to 4294967294s, or infinite\n"},
	{"duration that would be infinite",
	 "networks:\n- prefix: {prefix: \"2001:db8::/64\", valid: 4294967295s}\n",
	 "t.yaml:2:44: networks[0].prefix.valid: 4294967295s is too long, allowed are 1m to 4294967294s, or infinite\n"},
	{"milliseconds out of bounds",
	 "networks:\n- ra: {retrans: 2h}\n",
	 "t.yaml:2:17: networks[0].ra.retrans: 2h is too long, allowed are 0 to 1h\n"},
	{"milliseconds without unit",
	 "networks:\n- ra: {retrans: 7}\n",
	 "t.yaml:2:17: networks[0].ra.retrans: 7 has no unit, write 7ms or 7s\n"},
	{"empty text",
	 "user: ''\nnetworks: []\n",
	 "t.yaml:1:7: user: '' is empty, write a text\n"},
	{"text with a control character",
	 "user: \"a\\nb\"\nnetworks: []\n",
	 "t.yaml:1:7: user: 'a\\x0ab' holds a control character, leave it out\n"},
	{"text with a NUL",
	 "user: \"a\\0b\"\nnetworks: []\n",
	 "t.yaml:1:7: user: 'a\\x00b' holds a NUL character, leave it out\n"},
	{"text too long",
	 "networks:\n- hosts: {name: superlongname}\n",
	 "t.yaml:2:17: networks[0].hosts.name: superlongname is too long, allowed are 1 to 8 octets\n"},
	{"address",
	 "networks:\n- ra: {dns: [192.0.2.1, \"2001:db8::g\", \"2001:db8::1/64\", fe80::1%eth0]}\n",
	 "t.yaml:2:14: networks[0].ra.dns[0]: 192.0.2.1 is not an IPv6 address such as 2001:db8::1\n"
	 "t.yaml:2:25: networks[0].ra.dns[1]: 2001:db8::g is not an IPv6 address such as 2001:db8::1\n"
	 "t.yaml:2:40: networks[0].ra.dns[2]: 2001:db8::1/64 has a length, write the address alone: 2001:db8::1\n"
	 "t.yaml:2:58: networks[0].ra.dns[3]: fe80::1%eth0 is not an IPv6 address such as 2001:db8::1\n"},
	{"prefix with host bits",
	 "networks:\n- prefix: 2001:db8:1::5/64\n",
	 "t.yaml:2:11: networks[0].prefix: 2001:db8:1::5/64 has bits past its length, write 2001:db8:1::/64\n"},
	{"prefix without length",
	 "networks:\n- prefix: \"2001:db8:1::\"\n",
	 "t.yaml:2:11: networks[0].prefix: 2001:db8:1:: has no length, write it behind a slash such as /64\n"},
	{"prefix too long",
	 "networks:\n- prefix: 2001:db8:1::/129\n",
	 "t.yaml:2:11: networks[0].prefix: 2001:db8:1::/129 is not an IPv6 prefix such as 2001:db8:1::/64\n"},
	{"prefix shorter than allowed",
	 "networks:\n- prefix: \"::/2\"\n",
	 "t.yaml:2:11: networks[0].prefix: ::/2 is too short, allowed are /3 to /128\n"},
	{"prefix of the other family",
	 "networks:\n- prefix: 10.0.0.0/8\n",
	 "t.yaml:2:11: networks[0].prefix: 10.0.0.0/8 is not an IPv6 prefix such as 2001:db8:1::/64\n"},
	{"MAC address",
	 "networks:\n- hosts:\n  - {name: a, mac: 02:00:5e:10:00}\n  - {name: b, mac: 02:00:5e-10:00:01}\n  - {name: c, mac: 02:00:5e:10:00:0g}\n",
	 "t.yaml:3:20: networks[0].hosts[0].mac: 02:00:5e:10:00 is not a MAC address such as 02:00:5e:10:00:01\n"
	 "t.yaml:4:20: networks[0].hosts[1].mac: 02:00:5e-10:00:01 is not a MAC address such as 02:00:5e:10:00:01\n"
	 "t.yaml:5:20: networks[0].hosts[2].mac: 02:00:5e:10:00:0g is not a MAC address such as 02:00:5e:10:00:01\n"},
	{"DUID",
	 "networks:\n- hosts: [{name: a, duid: xyz}, {name: b, duid: 00:03}]\n",
	 "t.yaml:2:27: networks[0].hosts[0].duid: xyz is not a DUID such as 00:03:00:01:02:00:5e:10:00:01\n"
	 "t.yaml:2:49: networks[0].hosts[1].duid: 00:03 is not a DUID such as 00:03:00:01:02:00:5e:10:00:01\n"},
	{"DNS name",
	 "networks:\n- ra: {search: [foo..bar, \"a b\", .]}\n",
	 "t.yaml:2:17: networks[0].ra.search[0]: foo..bar is not a DNS name such as example.org: a label is empty\n"
	 "t.yaml:2:27: networks[0].ra.search[1]: 'a b' is not a DNS name such as example.org: labels are made of letters, digits, '-' and '_'\n"
	 "t.yaml:2:34: networks[0].ra.search[2]: . is not a DNS name such as example.org: a label is empty\n"},
	{"enum, near one known",
	 "networks:\n- mode: slac\n",
	 "t.yaml:2:9: networks[0].mode: slac is not known, did you mean slaac?\n"},
	{"enum, part of one known",
	 "networks:\n- mode: stateful\n",
	 "t.yaml:2:9: networks[0].mode: stateful is not known, did you mean dhcpv6-stateful?\n"},
	{"enum, none near",
	 "networks:\n- mode: banana\n",
	 "t.yaml:2:9: networks[0].mode: banana is not one of slaac, dhcpv6-stateful, off\n"},
	{"room's own type",
	 "networks:\n- span: 7\n- span: 7-3\n",
	 "t.yaml:2:9: networks[0].span: 7 is not a span, write it as 3-7\n"
	 "t.yaml:3:9: networks[1].span: 7-3 ends before it begins, write the smaller number first\n"},
	{"tag",
	 "networks:\n- mode: !secret off\n- !!set {mode: off}\n",
	 "t.yaml:2:9: networks[0].mode: the tag '!secret' is not known here, leave it out\n"
	 "t.yaml:3:3: networks[1]: the tag 'tag:yaml.org,2002:set' is not known here, leave it out\n"},
	{"YAML, bad indentation",
	 "networks:\n  - mode: off\n ra: true\n",
	 "t.yaml:3:2: not YAML: did not find expected key, while parsing a block mapping that begins at 1:1\n"},
	{"YAML, a bracket is missing",
	 "networks: [\n",
	 "t.yaml:2:1: not YAML: did not find expected node content\n"},
	{"YAML, tab",
	 "networks:\n\011- mode: off\n",
	 "t.yaml:2:1: not YAML: found character that cannot start any token, indent with blanks instead of tabs\n"},
	{"YAML, unknown alias",
	 "networks: *there\n",
	 "t.yaml:1:11: not YAML: found undefined alias\n"},
	{"YAML, quote not closed",
	 "user: \"abc\n",
	 "t.yaml:2:1: not YAML: found unexpected end of stream, while scanning a quoted scalar that begins at 1:7\n"},
	{"JSON, comma missing",
	 "{\"user\": \"a\"\n \"networks\": []}\n",
	 "t.yaml:2:2: not YAML: did not find expected ',' or '}', while parsing a flow mapping that begins at 1:1\n"},
	{"empty file",
	 "",
	 "t.yaml: the file is empty, it holds no configuration\n"},
	{"file of comments",
	 "# nothing\n",
	 "t.yaml: the file is empty, it holds no configuration\n"},
	{"empty document",
	 "---\n",
	 "t.yaml:2:1: the file is empty, it holds no configuration\n"},
	{"two documents",
	 "networks: []\n---\nnetworks: []\n",
	 "t.yaml:3:1: a second document begins here, a file holds one: remove the line ---\n"},
	{"second document that is no YAML",
	 "networks: []\n---\n[\n",
	 "t.yaml:4:1: not YAML: did not find expected node content\n"},
	{"not UTF-8",
	 "networks: []\nuser: \"gr\374\337e\"\n",
	 "t.yaml:2:10: octet 0xfc is not UTF-8, save the file as UTF-8\n"},
	{"control character",
	 "networks: []\nuser: a\007\n",
	 "t.yaml:2:8: the control character 0x07 is not allowed, remove it or write it as an escape in double quotes\n"},
	{"UTF-8 where text is ASCII",
	 "networks: []\nuser: me\ngr\303\274\303\237e: 1\n",
	 "t.yaml:3:1: unknown key 'gr\\xc3\\xbc\\xc3\\x9fe', known are enterprise, user, numbers, networks\n"},
	{"columns after UTF-8",
	 "{\"user\": \"\303\274\", \"usr\": 1, networks: []}",
	 "t.yaml:1:15: unknown key 'usr', did you mean 'user'?\n"},
	{"many at once, in order of place",
	 "user: ''\nnetworks:\n- mode: on\n  ra:\n    mtu: 3\n    other: 2\n- span: x\n  prefixes: [1, 2]\nenterprise: x\nnumber: 1\n",
	 "t.yaml:1:7: user: '' is empty, write a text\n"
	 "t.yaml:3:9: networks[0].mode: on is not one of slaac, dhcpv6-stateful, off\n"
	 "t.yaml:5:10: networks[0].ra.mtu: 3 is too small, allowed are 1280 to 65535\n"
	 "t.yaml:6:12: networks[0].ra.other: 2 is not true or false (yes, no, on and off do as well)\n"
	 "t.yaml:7:9: networks[1].span: x is not a span, write it as 3-7\n"
	 "t.yaml:8:14: networks[1].prefixes[0]: 1 is not an IPv6 prefix such as 2001:db8:1::/64\n"
	 "t.yaml:8:17: networks[1].prefixes[1]: 2 is not an IPv6 prefix such as 2001:db8:1::/64\n"
	 "t.yaml:9:13: enterprise: x is not a whole number, allowed are 0 to 4294967295\n"
	 "t.yaml:10:1: unknown key 'number', did you mean 'numbers'?\n"},
};
/* clang-format on */

static void every_mistake_is_named_with_its_place(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(bad_cases) / sizeof(bad_cases[0]); i++) {
		struct reading r = read_text(bad_cases[i].text);

		expect_messages(bad_cases[i].name, r.cfg, bad_cases[i].messages);
		assert_true(cfg_error_count(r.cfg) > 0);
		assert_int_equal(cfg_warning_count(r.cfg), 0);
		reading_end(&r);
	}
}

static void what_cannot_be_read_is_said_without_a_place(void **state)
{
	struct cfg *cfg = cfg_open("/nonexistent/a\x1b.yaml");

	(void)state;
	expect_messages("no file", cfg,
			"/nonexistent/a\\x1b.yaml: cannot be read: No such file or directory\n");
	cfg_close(cfg);
	cfg = cfg_open("/");
	expect_messages("directory", cfg, "/: cannot be read: Is a directory\n");
	cfg_close(cfg);
}

static void a_file_of_another_encoding_is_named(void **state)
{
	struct reading r = read_bytes("\xff\xfen\0e\0", 6);

	(void)state;
	expect_messages("UTF-16", r.cfg, "t.yaml:1:1: the file is UTF-16, save it as UTF-8\n");
	reading_end(&r);
	r = read_bytes("networks: []\n\0", 14);
	expect_messages("NUL", r.cfg,
			"t.yaml:2:1: the control character 0x00 is not allowed, remove it or write "
			"it as an escape in double quotes\n");
	reading_end(&r);
	/* An overlong form, a surrogate, a number past Unicode, a sequence cut short. */
	static const char *const wrong[] = {"\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80",
					    "\xe2\x82"};

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		r = read_text(wrong[i]);
		assert_int_equal(cfg_error_count(r.cfg), 1);
		reading_end(&r);
	}
}

static void a_file_too_large_is_refused(void **state)
{
	size_t len = 16 * 1024 * 1024 + 1;
	char *text = malloc(len);

	(void)state;
	assert_non_null(text);
	memset(text, '\n', len);
	struct reading r = read_bytes(text, len);

	expect_messages("size", r.cfg, "t.yaml: the file is too large, allowed are 16 MiB\n");
	reading_end(&r);
	free(text);
}

static void brackets_within_brackets_end_somewhere(void **state)
{
	char text[100000];

	(void)state;
	memset(text, '[', sizeof(text));
	struct reading r = read_bytes(text, sizeof(text));

	expect_messages("depth", r.cfg,
			"t.yaml:1:1022: too many brackets within brackets, allowed are 64\n");
	reading_end(&r);
}

static void an_alias_of_itself_is_nested_too_deeply(void **state)
{
	struct reading r = read_text("networks: &a\n- inner: *a\n");
	bool is_error;

	(void)state;
	assert_int_equal(cfg_error_count(r.cfg), 1);
	assert_non_null(strstr(cfg_message(r.cfg, 0, &is_error), "is nested too deeply"));
	reading_end(&r);
}

static void aliases_that_multiply_are_cut_off(void **state)
{
	char text[2048] = "networks:\n- &a0 {mode: off}\n";
	struct reading r;
	bool is_error;

	(void)state;
	for (int i = 0; i < 9; i++) {
		size_t n = strlen(text);

		snprintf(text + n, sizeof(text) - n,
			 "- &a%d {inner: [*a%d, *a%d, *a%d, *a%d, *a%d, *a%d, *a%d, *a%d]}\n",
			 i + 1, i, i, i, i, i, i, i, i);
	}
	r = read_text(text);
	assert_int_equal(cfg_error_count(r.cfg), 1);
	assert_non_null(strstr(cfg_message(r.cfg, 0, &is_error), "aliases stand for too much"));
	reading_end(&r);
}

static void a_thousand_messages_are_kept_and_more_counted(void **state)
{
	struct reading r;
	char *text = NULL, *said;
	size_t len;
	FILE *out = open_memstream(&text, &len);
	bool is_error;

	(void)state;
	assert_non_null(out);
	for (int i = 0; i < 1003; i++)
		fprintf(out, "k%d: 1\n", i);
	fputs("networks: []\n", out);
	fclose(out);
	r = read_bytes(text, len);
	assert_int_equal(cfg_error_count(r.cfg), 1003);
	assert_non_null(cfg_message(r.cfg, 999, &is_error));
	assert_null(cfg_message(r.cfg, 1000, &is_error));
	said = messages_of(r.cfg);
	assert_non_null(strstr(said, "\nt.yaml: 3 more messages are not shown\n"));
	free(said);
	reading_end(&r);
	free(text);
}

/* networks[0]: written in the block style; [1]: with shorthands and without brackets. */
static const char places_text[] = "networks:\n"
				  "- interfaces: [eth0, eth1]\n"
				  "  prefixes:\n"
				  "  - prefix: 2001:db8::/64\n"
				  "    valid: 2h\n"
				  "  - {prefix: \"2001:db8:1::/64\"}\n"
				  "- prefix: 2001:db8:2::/64\n"
				  "  interface: eth2\n";

static void checks_name_places_by_struct_key_and_index(void **state)
{
	struct reading r = read_text(places_text);
	const struct example_network *n = r.example.networks;

	(void)state;
	assert_int_equal(cfg_error_count(r.cfg), 0);
	cfg_error(r.cfg, n[0].prefixes[0].node, "valid", -1, "is %s", "odd");
	cfg_error(r.cfg, n[0].prefixes[1].node, "valid", -1, "defaulted");
	cfg_error(r.cfg, n[0].prefixes[1].node, NULL, -1, "the struct");
	cfg_error(r.cfg, n[0].node, "interfaces", 1, "an item");
	cfg_error(r.cfg, n[0].node, "interfaces", 7, "no such item");
	cfg_error(r.cfg, n[0].node, "prefixes", 1, "a map in a list");
	cfg_error(r.cfg, n[0].ra.interval.node, "max", -1, "in a map that is not written");
	cfg_error(r.cfg, n[1].prefixes[0].node, "prefix", -1, "a shorthand");
	cfg_error(r.cfg, n[1].prefixes[0].node, "valid", -1, "beside a shorthand");
	cfg_error(r.cfg, n[1].node, "interfaces", 0, "by its other name");
	cfg_error(r.cfg, r.example.node, "user", -1, "of the file");
	cfg_error(r.cfg, NULL, NULL, -1, "nowhere");
	expect_messages("places", r.cfg,
			"t.yaml: nowhere\n"
			"t.yaml:1:1: user: of the file\n"
			"t.yaml:2:3: networks[0].ra.interval.max: in a map that is not written\n"
			"t.yaml:2:15: networks[0].interfaces[7]: no such item\n"
			"t.yaml:2:22: networks[0].interfaces[1]: an item\n"
			"t.yaml:5:12: networks[0].prefixes[0].valid: is odd\n"
			"t.yaml:6:5: networks[0].prefixes[1].valid: defaulted\n"
			"t.yaml:6:5: networks[0].prefixes[1]: the struct\n"
			"t.yaml:6:5: networks[0].prefixes[1]: a map in a list\n"
			"t.yaml:7:11: networks[1].prefix: a shorthand\n"
			"t.yaml:7:11: networks[1].prefix.valid: beside a shorthand\n"
			"t.yaml:8:14: networks[1].interface: by its other name\n");
	assert_string_equal(cfg_where(r.cfg, n[0].node, "interfaces", 1), "t.yaml:2:22");
	assert_string_equal(cfg_where(r.cfg, NULL, NULL, -1), "t.yaml");
	reading_end(&r);
}

static void warnings_stand_among_errors_and_are_no_errors(void **state)
{
	struct reading r = read_text("networks:\n- mode: off\n  span: x\n");
	bool is_error = true;

	(void)state;
	cfg_warning(r.cfg, r.example.networks[0].node, "mode", -1, "nothing %s\n\x1b[0m", "to do");
	expect_messages("warning", r.cfg,
			"t.yaml:2:9: warning: networks[0].mode: nothing to do\\x0a\\x1b[0m\n"
			"t.yaml:3:9: networks[0].span: x is not a span, write it as 3-7\n");
	assert_int_equal(cfg_warning_count(r.cfg), 1);
	assert_int_equal(cfg_error_count(r.cfg), 1);
	assert_non_null(cfg_message(r.cfg, 0, &is_error));
	assert_false(is_error);
	assert_non_null(cfg_message(r.cfg, 1, &is_error));
	assert_true(is_error);
	reading_end(&r);
}

static void checks_do_not_repeat_what_is_known_to_be_wrong(void **state)
{
	struct reading r = read_text("networks:\n"
				     "- mode: banana\n"
				     "  ra: {mtu: 7, dns: [x, 2001:db8::1], other: true}\n"
				     "  hosts: [{mac: 02:00:5e:10:00:01}]\n");
	const struct example_network *n = r.example.networks;

	(void)state;
	assert_int_equal(cfg_error_count(r.cfg), 4);
	assert_true(cfg_is_bad(n->node, "mode"));
	assert_true(cfg_is_bad(n->node, "ra"));
	assert_true(cfg_is_bad(n->ra.node, "dns"));
	assert_false(cfg_is_bad(n->ra.node, "other"));
	assert_false(cfg_is_bad(n->ra.node, "search"));
	assert_true(cfg_is_bad(n->hosts[0].node, "name"));
	assert_false(cfg_is_bad(n->hosts[0].node, "mac"));
	assert_true(cfg_is_bad(r.example.node, "networks"));
	assert_false(cfg_is_bad(r.example.node, "user"));
	assert_false(cfg_is_bad(NULL, "user"));
	cfg_error(r.cfg, n->node, "mode", -1, "again");
	cfg_warning(r.cfg, n->ra.node, "mtu", -1, "again");
	cfg_error(r.cfg, n->ra.node, "dns", 0, "again");
	assert_int_equal(cfg_error_count(r.cfg), 4);
	assert_int_equal(cfg_warning_count(r.cfg), 0);
	cfg_error(r.cfg, n->node, "hosts", -1, "another error");
	cfg_error(r.cfg, n->ra.node, "dns", 1, "of a good item");
	assert_int_equal(cfg_error_count(r.cfg), 6);
	reading_end(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_mistake_is_named_with_its_place),
		cmocka_unit_test(what_cannot_be_read_is_said_without_a_place),
		cmocka_unit_test(a_file_of_another_encoding_is_named),
		cmocka_unit_test(a_file_too_large_is_refused),
		cmocka_unit_test(brackets_within_brackets_end_somewhere),
		cmocka_unit_test(an_alias_of_itself_is_nested_too_deeply),
		cmocka_unit_test(aliases_that_multiply_are_cut_off),
		cmocka_unit_test(a_thousand_messages_are_kept_and_more_counted),
		cmocka_unit_test(checks_name_places_by_struct_key_and_index),
		cmocka_unit_test(warnings_stand_among_errors_and_are_no_errors),
		cmocka_unit_test(checks_do_not_repeat_what_is_known_to_be_wrong),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

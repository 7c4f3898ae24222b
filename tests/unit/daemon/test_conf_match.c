/* SPDX-License-Identifier: ISC */
/* Which network an interface belongs to, and which namespaces are served. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "daemon/conf.h"

static struct daemon_conf *read_conf(const char *text)
{
	char path[] = "/tmp/sextant-test-conf-XXXXXX", *messages = NULL;
	size_t len = 0;
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
	FILE *out = open_memstream(&messages, &len);
	struct daemon_conf *conf = daemon_conf_read(path, out);

	fclose(out);
	unlink(path);
	if (!conf)
		print_message("%s", messages);
	free(messages);
	return conf;
}

static const char *name_of(const struct daemon_conf *conf, const char *netns, const char *ifname)
{
	uint32_t network = daemon_conf_match(conf, netns, ifname);

	return network == UINT32_MAX ? "none" : conf->networks[network].name;
}

static void the_most_exact_name_wins(void **state)
{
	static const struct {
		const char *netns, *ifname, *network;
	} cases[] = {
		{NULL, "tap7", "taps"},       {NULL, "tap-7", "dashed"},
		{NULL, "tap-up", "uplink"},   {NULL, "tap-x1", "classes"},
		{NULL, "tap-x", "dashed"},    {NULL, "eth0", "any"},
		{NULL, "e1", "first of two"}, {"q-1", "tap-up", "in pattern"},
		{"q-1", "other", "none"},     {"q-2", "tap-up", "in q-2"},
		{"q", "tap-up", "none"},
	};
	struct daemon_conf *conf =
		read_conf("networks:\n"
			  "- {name: any, interfaces: ['*'], mode: slaac}\n"
			  "- {name: taps, interfaces: ['tap*', lo], mode: slaac}\n"
			  "- {name: dashed, interfaces: ['tap-*'], mode: slaac}\n"
			  "- {name: classes, interfaces: ['tap-x[0-9]'], mode: slaac}\n"
			  "- {name: uplink, interfaces: ['other*', tap-up], mode: slaac}\n"
			  "- {name: first of two, interfaces: ['e?'], mode: slaac}\n"
			  "- {name: second of two, interfaces: ['?1'], mode: slaac}\n"
			  "- {name: in pattern, netns: 'q-*', interfaces: [tap-up], mode: slaac}\n"
			  "- {name: in q-2, netns: q-2, interfaces: ['*'], mode: slaac}\n");

	(void)state;
	assert_non_null(conf);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_string_equal(name_of(conf, cases[i].netns, cases[i].ifname),
				    cases[i].network);
	daemon_conf_free(conf);
}

static void namespaces_that_are_wanted(void **state)
{
	struct daemon_conf *conf =
		read_conf("networks:\n"
			  "- {name: a, netns: 'q-*', interface: x, mode: dhcpv6-stateful,"
			  " prefix: '2001:db8::/64'}\n"
			  "- {name: b, netns: here, interface: x, mode: slaac}\n");

	(void)state;
	assert_non_null(conf);
	assert_true(daemon_conf_has_netns_pattern(conf));
	assert_true(daemon_conf_wants_netns(conf, "q-1"));
	assert_true(daemon_conf_wants_netns(conf, "here"));
	assert_false(daemon_conf_wants_netns(conf, "q"));
	/* What stands in the file is served in namespaces only. */
	assert_false(conf->dhcp6.networks[0].serve);
	assert_true(conf->networks[0].pattern->serve);
	assert_true(conf->networks[0].pattern->stateful);
	assert_null(conf->networks[1].pattern);
	daemon_conf_free(conf);
	conf = read_conf("networks: [{name: b, netns: here, interface: x, mode: slaac}]");
	assert_non_null(conf);
	assert_false(daemon_conf_has_netns_pattern(conf));
	daemon_conf_free(conf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_most_exact_name_wins),
		cmocka_unit_test(namespaces_that_are_wanted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: ISC */
/*
 * The rows of `dhcp6:` and `hosts:`, and the errors that need two values, each with its place.
 */
#include "config.h"

#include <string.h>

#include "base/arena.h"
#include "config/cfg.h"
#include "dhcp6/dhcp6_conf.h"
#include "peer.h"

/* As the daemon joins them. */
struct network {
	struct dhcp6_net dhcp6;
	struct dhcp6_host *hosts;
	size_t n_hosts;
	const struct cfg_node *node;
};

static const struct cfg_row rows[] = {
	{"dhcp6", CFG_MAP, CFG_AT(struct network, dhcp6), .sub = &dhcp6_net_schema, .doc = "."},
	{"hosts", CFG_MAPS, CFG_AT(struct network, hosts), .count = CFG_AT(struct network, n_hosts),
	 .sub = &dhcp6_host_schema, .doc = "."},
	{0},
};

static const struct cfg_schema schema = {
	.name = "network",
	.size = sizeof(struct network),
	.node = CFG_AT(struct network, node),
	.rows = rows,
	.doc = ".",
};

struct reading {
	struct cfg *cfg;
	struct arena arena;
	struct network read;
	struct dhcp6_network net;
};

/* The network has 2001:db8:1::/64 and 2001:db8:2::/64, preferred 100s, valid 200s. */
static void read_text(struct reading *reading, const char *text)
{
	static const char *const prefixes[] = {"2001:db8:1::/64", "2001:db8:2::/64"};
	static struct dhcp6_prefix on_link[2];

	for (size_t i = 0; i < 2; i++) {
		assert_true(ip6_prefix_parse(prefixes[i], &on_link[i].prefix, NULL));
		on_link[i].preferred = 100;
		on_link[i].valid = 200;
	}
	memset(reading, 0, sizeof(*reading));
	reading->cfg = cfg_open_text("t.yaml", text, strlen(text));
	cfg_read(reading->cfg, &schema, &reading->read, &reading->arena);
	reading->net = (struct dhcp6_network){
		.name = "lan",
		.serve = true,
		.stateful = true,
		.prefixes = on_link,
		.n_prefixes = 2,
		.dhcp6 = reading->read.dhcp6,
		.hosts = reading->read.hosts,
		.n_hosts = reading->read.n_hosts,
	};
	dhcp6_network_complete(&reading->net, &reading->arena);
	dhcp6_conf_check(reading->cfg, &reading->net);
}

static void end(struct reading *reading)
{
	cfg_close(reading->cfg);
	arena_free(&reading->arena);
}

static void assert_no_errors(const struct reading *reading)
{
	bool is_error;

	if (cfg_error_count(reading->cfg))
		fail_msg("%s", cfg_message(reading->cfg, 0, &is_error));
}

static void everything_is_read(void **state)
{
	struct reading r;
	struct in6_addr last = peer_addr("2001:db8:1::ffff:ffff");

	(void)state;
	read_text(&r, "dhcp6:\n"
		      "  pools:\n"
		      "    - {range: '2001:db8:1::1000-2001:db8:1::1fff', allocate: random}\n"
		      "    - {range: '2001:db8:1::/96', preferred: 10m, valid: 20m}\n"
		      "  delegate: [{prefix: '2001:db8:100::/40', length: 56}]\n"
		      "  rapid-commit: true\n"
		      "  preference: 7\n"
		      "  valid: 1h\n"
		      "  options:\n"
		      "    dns: [2001:db8::53]\n"
		      "    search: [example.org, example.net]\n"
		      "    information-refresh-time: 10m\n"
		      "    sol-max-rt: 60s\n"
		      "    raw: [{code: 300, hex: '00:1f'}, {code: 301}]\n"
		      "hosts:\n"
		      "  - {name: a, mac: '02:00:00:00:00:01', address: '2001:db8:2::1'}\n"
		      "  - {duid: '00:03:00:01:02:00:00:00:00:02', addresses: ['2001:db8:1::2', "
		      "'2001:db8:1::3'], delegate: ['2001:db8:100:1100::/56']}\n");
	/* The two pools overlap: the only error. */
	assert_int_equal(cfg_error_count(r.cfg), 1);
	assert_int_equal(r.net.dhcp6.n_pools, 2);
	assert_int_equal(r.net.dhcp6.pools[0].policy, LEASE_RANDOM);
	assert_int_equal(r.net.dhcp6.pools[0].preferred, 100);
	assert_int_equal(r.net.dhcp6.pools[0].valid, 3600);
	assert_int_equal(r.net.dhcp6.pools[1].policy, LEASE_STABLE);
	assert_int_equal(r.net.dhcp6.pools[1].preferred, 600);
	assert_true(ip6_equal(&r.net.dhcp6.pools[1].range.last, &last));
	assert_int_equal(r.net.dhcp6.pools[1].prefix.len, 64);
	assert_int_equal(r.net.dhcp6.delegations[0].length, 56);
	assert_int_equal(r.net.dhcp6.delegations[0].valid, 3600);
	assert_true(r.net.dhcp6.rapid_commit);
	assert_int_equal(r.net.dhcp6.preference, 7);
	assert_int_equal(r.net.dhcp6.options.n_dns, 1);
	assert_int_equal(r.net.dhcp6.options.n_search, 2);
	assert_int_equal(r.net.dhcp6.options.information_refresh_time, 600);
	assert_int_equal(r.net.dhcp6.options.sol_max_rt, 60);
	assert_int_equal(r.net.dhcp6.options.raw[0].hex.len, 2);
	assert_memory_equal(r.net.dhcp6.options.raw[0].hex.bytes, "\x00\x1f", 2);
	assert_int_equal(r.net.dhcp6.options.raw[1].hex.len, 0);
	assert_int_equal(r.net.hosts[0].n_addresses, 1);
	assert_int_equal(r.net.hosts[1].n_addresses, 2);
	assert_int_equal(r.net.hosts[1].n_delegate, 1);
	end(&r);
}

/* A network that says nothing leases from its prefixes, for their lifetimes. */
static void nothing_said(void **state)
{
	struct reading r;

	(void)state;
	read_text(&r, "{}\n");
	assert_no_errors(&r);
	assert_int_equal(r.net.dhcp6.n_pools, 2);
	assert_int_equal(r.net.dhcp6.pools[1].preferred, 100);
	assert_int_equal(r.net.dhcp6.pools[1].valid, 200);
	assert_true(ip6_equal(&r.net.dhcp6.pools[1].range.first, &r.net.prefixes[1].prefix.addr));
	end(&r);
}

/* O6, O7, P12, M1 of the issue: each with where it is. */
static void errors_say_where_and_what(void **state)
{
	static const struct {
		const char *text, *expected;
	} cases[] = {
		{"dhcp6:\n  pools:\n    - range: 2001:db8:3::1-2001:db8:3::2\n",
		 "t.yaml:3:14: dhcp6.pools[0].range: the pool is in none of the network's "
		 "prefixes; write what is in one, such as 2001:db8:1::/64, or add its prefix"},
		{"dhcp6:\n  pools:\n    - range: 2001:db8:1::1-2001:db8:2::2\n",
		 "t.yaml:3:14: dhcp6.pools[0].range: the pool is in none of the network's "
		 "prefixes; write what is in one, such as 2001:db8:1::/64, or add its prefix"},
		{"dhcp6:\n  pools:\n    - range: 2001:db8:1::2-2001:db8:1::1\n",
		 "t.yaml:3:14: dhcp6.pools[0].range: 2001:db8:1::2-2001:db8:1::1 is backwards, the "
		 "lower address stands first"},
		{"dhcp6:\n  pools: [2001:db8:1::1-2001:db8:1::5, 2001:db8:1::5-2001:db8:1::9]\n",
		 "t.yaml:2:40: dhcp6.pools[1]: the pool overlaps the one at t.yaml:2:11; give each "
		 "its own addresses"},
		{"dhcp6:\n  pools: [{range: '2001:db8:1::/96', preferred: 2h, valid: 1h}]\n",
		 "t.yaml:2:49: dhcp6.pools[0].preferred: the preferred lifetime (7200s) is longer "
		 "than the valid one (3600s); it may be as long at most"},
		{"dhcp6: {delegate: [{prefix: '2001:db8:100::/56', length: 48}]}\n",
		 "t.yaml:1:58: dhcp6.delegate[0].length: prefixes of /48 cannot be delegated from a "
		 "/56; allowed are 56 to 128"},
		{"dhcp6: {delegate: [{prefix: '2001:db8:1::/48', length: 56}]}\n",
		 "t.yaml:1:29: dhcp6.delegate[0].prefix: overlaps 2001:db8:1::/64, which is on the "
		 "link; write another prefix"},
		{"dhcp6:\n  delegate:\n    - {prefix: '2001:db8:100::/40', length: 56}\n"
		 "    - {prefix: '2001:db8:100::/48', length: 60}\n",
		 "t.yaml:4:16: dhcp6.delegate[1].prefix: overlaps the delegation at t.yaml:3:16; "
		 "give each its own prefix"},
		{"dhcp6: {options: {raw: [{code: 25}]}}\n",
		 "t.yaml:1:32: dhcp6.options.raw[0].code: option 25 is made by the server itself; "
		 "leave it out"},
		{"dhcp6: {options: {raw: [{code: 23}]}}\n",
		 "t.yaml:1:32: dhcp6.options.raw[0].code: option 23 has a key: write dns"},
		{"hosts:\n  - {mac: '02:00:00:00:00:01', address: 2001:db8:3::1}\n",
		 "t.yaml:2:41: hosts[0].address: 2001:db8:3::1 is in none of the network's "
		 "prefixes; write what is in one, such as 2001:db8:1::/64, or add its prefix"},
		{"hosts:\n  - {address: 2001:db8:1::1}\n",
		 "t.yaml:2:5: hosts[0]: the host names nothing that it is known by; write its mac or "
		 "duid, or its interface, interface-id, remote-id or subscriber-id"},
		{"hosts:\n  - {mac: '02:00:00:00:00:01', address: 2001:db8:1::1}\n"
		 "  - {mac: '02:00:00:00:00:02', addresses: [2001:db8:1::2, 2001:db8:1::1]}\n",
		 "t.yaml:3:59: hosts[1].addresses[1]: this address is already used at "
		 "t.yaml:2:41; give each host its own"},
		{"hosts:\n  - {mac: '02:00:00:00:00:01'}\n  - {mac: '02:00:00:00:00:01'}\n",
		 "t.yaml:3:11: hosts[1].mac: this mac is already used at t.yaml:2:11; write one host "
		 "with all that it gets"},
		{"hosts:\n  - {duid: '00:02:aa'}\n  - {duid: '0002aa'}\n",
		 "t.yaml:3:12: hosts[1].duid: this duid is already used at t.yaml:2:12; write one "
		 "host with all that it gets"},
		{"hosts:\n  - {mac: '02:00:00:00:00:01', delegate: '2001:db8:9::/48'}\n"
		 "  - {mac: '02:00:00:00:00:02', delegate: '2001:db8:9:1::/64'}\n",
		 "t.yaml:3:42: hosts[1].delegate: overlaps the prefix reserved at t.yaml:2:42; give "
		 "each host its own"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct reading r;
		bool is_error = false;

		read_text(&r, cases[i].text);
		if (cfg_error_count(r.cfg) == 0)
			fail_msg("no error in: %s", cases[i].text);
		assert_string_equal(cfg_message(r.cfg, 0, &is_error), cases[i].expected);
		assert_true(is_error);
		if (cfg_error_count(r.cfg) != 1)
			fail_msg("also: %s", cfg_message(r.cfg, 1, &is_error));
		end(&r);
	}
}

/* Values by themselves: out of bounds. O6: 60 to 86400 s; O7: not below 600 s. */
static void values_out_of_bounds(void **state)
{
	static const char *const cases[] = {
		"dhcp6: {options: {sol-max-rt: 59s}}",
		"dhcp6: {options: {inf-max-rt: 2d}}",
		"dhcp6: {options: {information-refresh-time: 599s}}",
		"dhcp6: {pools: [nonsense]}",
		"dhcp6: {pools: ['2001:db8:1::1/64']}",
		"dhcp6: {pools: ['2001:db8:1::1-']}",
		"dhcp6: {options: {raw: [{code: 300, hex: '0'}]}}",
		"dhcp6: {options: {raw: [{code: 300, hex: '00:1f:'}]}}",
		"dhcp6: {delegate: [{prefix: '2001:db8:100::/56'}]}",
		"hosts: [{mac: '02:00:00:00:00:01', addresses: [nonsense]}]",
		"hosts: [{mac: '02:00:00:00:00:01', delegate: [nonsense]}]",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct reading r;

		read_text(&r, cases[i]);
		if (cfg_error_count(r.cfg) != 1)
			fail_msg("%zu errors in: %s", cfg_error_count(r.cfg), cases[i]);
		end(&r);
	}
}

/* What the manual tells of each limit is what holds where none is written. */
static void limits_are_as_they_are_told(void **state)
{
	static const char text[] = "{}\n";
	const struct dhcp6_limits nothing = {0};
	struct dhcp6_limits told = {0}, held = dhcp6_limits_complete(&nothing);
	struct arena arena = {0};
	struct cfg *cfg = cfg_open_text("t.yaml", text, strlen(text));

	(void)state;
	cfg_read(cfg, &dhcp6_limits_schema, &told, &arena);
	assert_int_equal(cfg_error_count(cfg), 0);
	/* All numbers: what is between the last and the pointer after it is anything. */
	assert_memory_equal(&told, &held,
			    offsetof(struct dhcp6_limits, remember) + sizeof(told.remember));
	cfg_close(cfg);
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(everything_is_read),
		cmocka_unit_test(nothing_said),
		cmocka_unit_test(errors_say_where_and_what),
		cmocka_unit_test(values_out_of_bounds),
		cmocka_unit_test(limits_are_as_they_are_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

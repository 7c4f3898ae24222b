/* SPDX-License-Identifier: ISC */
/*
 * The configuration of Router Advertisements: defaults that follow from others, and refusals.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mtime.h"
#include "config/cfg.h"
#include "ra/ra_conf.h"

/* A network as far as this room knows it. */
struct net {
	struct cfg_node *node;
	struct ra_conf ra;
	struct ra_prefix *prefixes;
	size_t n_prefixes;
};

static const struct cfg_row net_rows[] = {
	{.key = "ra",
	 .type = CFG_MAP,
	 .offset = CFG_AT(struct net, ra),
	 .sub = &ra_conf_schema,
	 .doc = "Router Advertisements."},
	{.key = "prefixes",
	 .type = CFG_MAPS,
	 .list = true,
	 .offset = CFG_AT(struct net, prefixes),
	 .count = CFG_AT(struct net, n_prefixes),
	 .sub = &ra_prefix_schema,
	 .doc = "Prefixes."},
	{.key = NULL},
};

static const struct cfg_schema net_schema = {
	.name = "network",
	.size = sizeof(struct net),
	.node = CFG_AT(struct net, node),
	.rows = net_rows,
	.doc = "A network.",
};

struct file {
	struct arena arena;
	struct cfg *cfg;
	struct net net;
};

static void file_open(struct file *file, const char *text)
{
	*file = (struct file){.cfg = cfg_open_text("f", text, strlen(text))};
	cfg_read(file->cfg, &net_schema, &file->net, &file->arena);
	ra_conf_finish(&file->net.ra, file->net.prefixes, file->net.n_prefixes);
	ra_conf_check(file->cfg, &file->net.ra, file->net.prefixes, file->net.n_prefixes);
}

static void file_close(struct file *file)
{
	cfg_close(file->cfg);
	arena_free(&file->arena);
}

/* All messages, to see them where a test fails. */
static void assert_says(struct file *file, size_t n_errors, size_t n_warnings)
{
	bool is_error;

	if (cfg_error_count(file->cfg) != n_errors || cfg_warning_count(file->cfg) != n_warnings) {
		for (size_t i = 0; cfg_message(file->cfg, i, &is_error); i++)
			print_message("%s\n", cfg_message(file->cfg, i, &is_error));
		fail_msg("%zu errors and %zu warnings", cfg_error_count(file->cfg),
			 cfg_warning_count(file->cfg));
	}
}

/* The file has one message, and it holds `part`. */
static void assert_refused(const char *text, bool is_error, const char *part)
{
	struct file file;
	bool was_error;

	file_open(&file, text);
	assert_says(&file, is_error, !is_error);
	if (!strstr(cfg_message(file.cfg, 0, &was_error), part))
		fail_msg("%s", cfg_message(file.cfg, 0, &was_error));
	file_close(&file);
}

/* V2, V3, V5, V6, V8 to V12, V14; RFC 4861 section 6.2.1 */
static void defaults_are_those_of_the_standard(void **state)
{
	struct file file;

	(void)state;
	file_open(&file, "prefixes: ['2001:db8:1::/64']");
	assert_says(&file, 0, 0);
	const struct ra_conf *ra = &file.net.ra;

	assert_false(ra->enabled); /* V1 */
	assert_false(ra->managed);
	assert_false(ra->other);
	assert_int_equal(ra->interval.max, 600);
	assert_int_equal(ra->interval.min, 198);
	assert_int_equal(ra->lifetime, 1800);
	assert_int_equal(ra->dns_lifetime, 1800);
	assert_int_equal(ra->search_lifetime, 1800);
	assert_int_equal(ra->preference, RA_PREFERENCE_MEDIUM);
	assert_int_equal(ra->hop_limit, 64);
	assert_int_equal(ra->reachable_time, 0);
	assert_int_equal(ra->retrans_time, 0);
	assert_int_equal(ra->mtu, 0);
	assert_true(ra->source_link_layer);
	assert_true(file.net.prefixes[0].on_link);
	assert_true(file.net.prefixes[0].autonomous);
	assert_int_equal(file.net.prefixes[0].preferred, 604800);
	assert_int_equal(file.net.prefixes[0].valid, 2592000);
	file_close(&file);
}

/* V3, V4, V5 */
static void lifetimes_and_shortest_interval_follow_from_the_longest(void **state)
{
	static const struct {
		const char *text;
		uint32_t min, lifetime;
	} cases[] = {
		{"ra: {interval: {max: 4s}}", 3, 12},
		{"ra: {interval: {max: 8s}}", 6, 24},
		{"ra: {interval: {max: 9s}}", 3, 27},
		{"ra: {interval: {max: 10s}}", 3, 30},
		{"ra: {interval: {max: 1800s}}", 594, 5400},
		{"ra: {interval: {max: 60000s}}", 19800, 65535},
		{"ra: {interval: {min: 500s}}", 500, 667 * 3},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct file file;

		file_open(&file, cases[i].text);
		assert_says(&file, 0, 0);
		assert_int_equal(file.net.ra.interval.min, cases[i].min);
		assert_int_equal(file.net.ra.lifetime, cases[i].lifetime);
		file_close(&file);
	}
}

/* S11: what is short makes the interval short */
static void a_short_lifetime_shortens_the_interval(void **state)
{
	struct file file;

	(void)state;
	file_open(&file, "ra: {advertise: true}\n"
			 "prefixes: [{prefix: '2001:db8:1::/64', preferred: 1m, valid: 2m}]");
	assert_says(&file, 0, 0);
	assert_int_equal(file.net.ra.interval.max, 20);
	assert_int_equal(file.net.ra.interval.min, 6);
	assert_int_equal(file.net.ra.lifetime, 60);
	file_close(&file);

	/* a prefix that is being withdrawn asks for nothing */
	file_open(&file, "ra: {advertise: true}\n"
			 "prefixes: [{prefix: '2001:db8:1::/64', preferred: 0s, valid: 0s}]");
	assert_says(&file, 0, 0);
	assert_int_equal(file.net.ra.interval.max, 600);
	file_close(&file);
}

/* V11: one lifetime written alone, beyond the default of the other */
static void a_prefix_lifetime_alone_moves_the_other(void **state)
{
	struct file file;

	(void)state;
	file_open(&file, "prefixes:\n"
			 "  - {prefix: '2001:db8::/64', valid: 1d}\n"
			 "  - {prefix: '2001:db8:1::/64', preferred: infinite}\n");
	assert_says(&file, 0, 0);
	assert_int_equal(file.net.prefixes[0].valid, 86400);
	assert_int_equal(file.net.prefixes[0].preferred, 86400);
	assert_true(file.net.prefixes[1].valid == LIFETIME_INFINITE);
	file_close(&file);
}

static void everything_can_be_written(void **state)
{
	static const uint8_t service[] = {0,   1,   0, 7, 2, 'h', '2', 3, 'd',
					  'o', 't', 0, 3, 0, 2,   3,   85};
	struct file file;

	(void)state;
	file_open(&file, "ra:\n"
			 "  advertise: true\n"
			 "  managed: true\n"
			 "  other: true\n"
			 "  interval: {min: 200s, max: 600s}\n"
			 "  lifetime: 1800s\n"
			 "  preference: high\n"
			 "  hop-limit: 32\n"
			 "  reachable-time: 30s\n"
			 "  retrans-time: 500ms\n"
			 "  mtu: 1450\n"
			 "  source-link-layer-address: false\n"
			 "  advertisement-interval: true\n"
			 "  dns: ['2001:db8::53', 'fe80::1']\n"
			 "  dns-lifetime: infinite\n"
			 "  search: example.org\n"
			 "  search-lifetime: 1h\n"
			 "  routes: [{prefix: '2001:db8:5::/48', preference: low}, '::/0']\n"
			 "  pref64: 64:ff9b::/96\n"
			 "  encrypted-dns:\n"
			 "    - name: dns.example.org\n"
			 "      addresses: '2001:db8::53'\n"
			 "      service: 'port=853 alpn=h2,dot'\n"
			 "  captive-portal: https://example.org/api\n"
			 "  options: [{type: 200, hex: '01:02'}]\n");
	assert_says(&file, 0, 0);
	const struct ra_conf *ra = &file.net.ra;

	assert_true(ra->enabled && ra->managed && ra->other && ra->interval_option);
	assert_false(ra->source_link_layer);
	assert_int_equal(ra->preference, RA_PREFERENCE_HIGH);
	assert_int_equal(ra->hop_limit, 32);
	assert_int_equal(ra->reachable_time, 30000);
	assert_int_equal(ra->retrans_time, 500);
	assert_int_equal(ra->mtu, 1450);
	assert_int_equal(ra->n_dns, 2);
	assert_true(ra->dns_lifetime == LIFETIME_INFINITE);
	assert_int_equal(ra->n_search, 1);
	assert_int_equal(ra->search_lifetime, 3600);
	assert_int_equal(ra->n_routes, 2);
	assert_int_equal(ra->routes[0].preference, RA_PREFERENCE_LOW);
	assert_int_equal(ra->routes[0].lifetime, 1800);
	assert_int_equal(ra->n_pref64, 1);
	assert_int_equal(ra->pref64[0].lifetime, 1800);
	assert_int_equal(ra->n_resolvers, 1);
	assert_int_equal(ra->resolvers[0].priority, 1);
	assert_int_equal(ra->resolvers[0].lifetime, 1800);
	assert_int_equal(ra->resolvers[0].service.len, sizeof(service));
	assert_memory_equal(ra->resolvers[0].service.bytes, service, sizeof(service));
	assert_string_equal(ra->captive_portal, "https://example.org/api");
	assert_int_equal(ra->n_options, 1);
	assert_int_equal(ra->options[0].type, 200);
	assert_int_equal(ra->options[0].body.len, 2);
	assert_int_equal(ra->options[0].body.bytes[1], 2);
	file_close(&file);
}

#define ON "ra: {advertise: true, "

static void what_is_wrong_is_refused_with_its_reason(void **state)
{
	static const struct {
		const char *text, *part;
	} cases[] = {
		/* V2 */
		{"ra: {interval: {max: 3s}}",
		 "f:1:22: ra.interval.max: 3s is too short, allowed are 4s to 65535s"},
		{"ra: {interval: {max: 65536s}}", "too long"},
		/* V3 */
		{"ra: {interval: {min: 2s}}", "allowed are 3s to"},
		{"ra: {interval: {min: 451s, max: 600s}}",
		 "ra.interval.min: 451s is too long for a max of 600s, allowed are 3s to 450s"},
		/* V5 */
		{"ra: {interval: {max: 600s}, lifetime: 599s}",
		 "ra.lifetime: 599s is shorter than the longest interval"},
		{"ra: {lifetime: 65536s}", "too long"},
		/* V7, V8 */
		{"ra: {mtu: 1279}", "too small"},
		{"ra: {reachable-time: 3600001ms}", "too long"},
		/* V11 */
		{"prefixes: [{prefix: '2001:db8::/64', preferred: 2h, valid: 1h}]",
		 "prefixes[0].preferred: is longer than valid; write at most 3600s"},
		/* V15 */
		{"prefixes: ['fe80::/64']", "link-local"},
		{"prefixes: ['ff02::/64']", "multicast"},
		{"prefixes: ['::1/128']", "loopback"},
		{"prefixes: ['2001:db8::/64', '2001:db8::/64']",
		 "prefixes[1]: is the same as at f:1:12"},
		/* S11 */
		{ON "interval: {max: 600s}}\nprefixes: [{prefix: '2001:db8::/64', preferred: 5m}]",
		 "300s runs out before the next advertisement"},
		{ON "interval: {max: 600s}, dns: '2001:db8::1', dns-lifetime: 599s}",
		 "ra.dns-lifetime: 599s runs out"},
		{ON "interval: {max: 600s}, search: a.example, search-lifetime: 599s}",
		 "ra.search-lifetime: 599s runs out"},
		{ON "interval: {max: 600s}, routes: [{prefix: '::/0', lifetime: 1s}]}",
		 "ra.routes[0].lifetime: 1s runs out"},
		/* table 2.4 */
		{"ra: {routes: ['2001:db8::/48', '2001:db8::/48']}", "is the same as"},
		{"ra: {routes: ['fe80::/64']}", "link-local"},
		{"ra: {pref64: '64:ff9b::/95'}", "has 95 bits"},
		{"ra: {pref64: '2001:db8::/60'}", "has 60 bits"},
		{"ra: {pref64: ['64:ff9b::/96', '64:ff9b::/96']}", "is the same as"},
		{"ra: {pref64: {prefix: '64:ff9b::/96', lifetime: 65529s}}", "too long"},
		{"ra: {dns: 'ff02::fb'}", "no address of a server"},
		{"ra: {dns: '::1'}", "no address of a server"},
		{"ra: {dns: ['2001:db8::1', '2001:db8::1']}", "ra.dns[1]: is the same as"},
		{"ra: {options: [{type: 3, hex: '00'}]}",
		 "ra.options[0].type: 3 has a key of its own"},
		{"ra: {options: [{type: 200, hex: '0'}]}", "pairs of hex digits"},
		{"ra: {options: [{type: 200, hex: 'zz'}]}", "pairs of hex digits"},
		{"ra: {encrypted-dns: [{name: a.example, service: 'alpn='}]}", "without a value"},
		{"ra: {encrypted-dns: [{name: a.example, service: 'alpn=a,,b'}]}", "alpn must be"},
		{"ra: {encrypted-dns: [{name: a.example, service: 'port=65536'}]}", "port must be"},
		{"ra: {encrypted-dns: [{name: a.example, service: 'port=99999999999'}]}",
		 "port must be"},
		{"ra: {encrypted-dns: [{name: a.example, service: 'port=1 port=2'}]}", "twice"},
		{"ra: {encrypted-dns: [{name: a.example, service: 'dohpath=/x'}]}", "{?dns}"},
		{"ra: {encrypted-dns: [{name: a.example, service: 'ipv6hint=::1'}]}",
		 "must be made of"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_refused(cases[i].text, /* is_error= */ true, cases[i].part);
}

static void what_is_doubtful_is_warned_of(void **state)
{
	static const struct {
		const char *text, *part;
	} cases[] = {
		/* S26 */
		{ON "}\nprefixes: ['2001:db8::/56']",
		 "prefixes[0]: hosts form no addresses of their own in a /56"},
		{ON "}\nprefixes: ['2001:db8::/80']", "in a /80"},
		/* S11 */
		{ON "interval: {max: 600s}, dns: '2001:db8::1', dns-lifetime: 1799s}",
		 "write 1800s or more"},
		/* RFC 9463 section 6.1 */
		{ON "encrypted-dns: [{name: a.example, addresses: '2001:db8::1'}]}",
		 "write service"},
		{ON "encrypted-dns: [{name: a.example, service: 'alpn=dot'}]}",
		 "is not sent without addresses"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_refused(cases[i].text, /* is_error= */ false, cases[i].part);
}

/* S26, S29: other lengths are fine when no host is to form an address in them */
static void other_lengths_are_fine_without_autonomous(void **state)
{
	struct file file;

	(void)state;
	file_open(&file, ON "}\n"
			    "prefixes:\n"
			    "  - {prefix: '2001:db8::/80', autonomous: false}\n"
			    "  - {prefix: '2001:db8:1::/56', autonomous: false, on-link: false}\n"
			    "  - {prefix: '2001:db8::1/128', autonomous: false}\n");
	assert_says(&file, 0, 0);
	file_close(&file);
}

/* What does not fit an RA at the smallest MTU is refused: it would never be sent. */
static void options_that_fit_no_advertisement_are_refused(void **state)
{
	char text[4096] = "ra: {options: [{type: 200, hex: '";

	(void)state;
	for (int i = 0; i < 1215; i++)
		strcat(text, "00");
	strcat(text, "'}]}");
	assert_refused(text, /* is_error= */ true,
		       "ra.options[0].hex: makes an option of 1217 octets");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(defaults_are_those_of_the_standard),
		cmocka_unit_test(lifetimes_and_shortest_interval_follow_from_the_longest),
		cmocka_unit_test(a_short_lifetime_shortens_the_interval),
		cmocka_unit_test(a_prefix_lifetime_alone_moves_the_other),
		cmocka_unit_test(everything_can_be_written),
		cmocka_unit_test(what_is_wrong_is_refused_with_its_reason),
		cmocka_unit_test(what_is_doubtful_is_warned_of),
		cmocka_unit_test(other_lengths_are_fine_without_autonomous),
		cmocka_unit_test(options_that_fit_no_advertisement_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

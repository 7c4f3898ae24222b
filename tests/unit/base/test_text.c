/* SPDX-License-Identifier: ISC */
/*
 * Text, escaping and log lines.
 */
#include "config.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/logline.h"
#include "base/rng.h"
#include "base/text.h"

static void numbers_are_written_in_full(void **state)
{
	static const int64_t numbers[] = {0,   1,          -1,        9,         10,           99,
					  100, 4294967295, INT64_MAX, INT64_MIN, INT64_MIN + 1};
	char buf[64], expected[64];
	struct text t;

	(void)state;
	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++) {
		text_init(&t, buf, sizeof(buf));
		text_put_i64(&t, numbers[i]);
		text_put_char(&t, ' ');
		text_put_u64(&t, (uint64_t)numbers[i]);
		snprintf(expected, sizeof(expected), "%" PRId64 " %" PRIu64, numbers[i],
			 (uint64_t)numbers[i]);
		assert_string_equal(buf, expected);
		assert_int_equal(t.len, strlen(expected));
		assert_false(t.cut);
	}
}

static void hex_has_its_separator_between_bytes_only(void **state)
{
	static const uint8_t bytes[] = {0x00, 0x9f, 0xa0, 0xff};
	char buf[32];
	struct text t;

	(void)state;
	text_init(&t, buf, sizeof(buf));
	text_put_hex(&t, bytes, sizeof(bytes), ':');
	assert_string_equal(buf, "00:9f:a0:ff");
	text_put_hex(&t, bytes, sizeof(bytes), '\0');
	text_put_hex(&t, bytes, 0, ':');
	assert_string_equal(buf, "00:9f:a0:ff009fa0ff");
}

static void text_that_does_not_fit_is_cut_and_ends(void **state)
{
	(void)state;
	for (size_t room = 1; room < 12; room++) {
		char *buf = malloc(room);
		struct text t;

		assert_non_null(buf);
		text_init(&t, buf, room);
		assert_string_equal(buf, "");
		text_put_str(&t, "12345");
		text_put_u64(&t, 67890);
		assert_int_equal(t.len, room > 10 ? 10 : room - 1);
		assert_int_equal(strlen(buf), t.len);
		assert_memory_equal(buf, "1234567890", t.len);
		assert_int_equal(t.cut, room <= 10);
		text_put_char(&t, 'x');
		assert_int_equal(t.cut, room <= 11);
		free(buf);
	}
}

/* RFC 5952 sections 4 and 5. */
static void addresses_are_written_in_their_one_form(void **state)
{
	static const char *const forms[] = {
		"::",
		"::1",
		"1::",
		"2001:db8::1",
		"2001:db8:0:1:1:1:1:1", /* 4.2.2: one group is not shortened */
		"2001:0:0:1::1",        /* 4.2.3: the longest run */
		"2001:db8::1:0:0:1",    /* 4.2.3: of two, the first */
		"2001:db8:aaaa:bbbb:cccc:dddd:eeee:aaaa",
		"::ffff:192.0.2.1", /* section 5 */
		"::ffff:0.0.0.0",
		"0:1::",
		"1:0:1::",
		"fe80::200:5eff:fe00:5213",
		"::1:2:3:4:5:6:7",
		"1:2:3:4:5:6:7::",
		"1:2:3:4:5:6:7:8",
	};
	static const char *const same[][2] = {{"::1:2:3:4:5:6:7", "0:1:2:3:4:5:6:7"},
					      {"1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"}};
	char buf[IP6_TEXT_LEN];
	struct in6_addr addr;
	struct text t;

	(void)state;
	for (size_t i = 0; i < sizeof(forms) / sizeof(*forms); i++) {
		const char *expected = forms[i];

		for (size_t k = 0; k < 2; k++)
			expected = strcmp(expected, same[k][0]) ? expected : same[k][1];
		assert_int_equal(inet_pton(AF_INET6, forms[i], &addr), 1);
		text_init(&t, buf, sizeof(buf));
		text_put_ip6(&t, &addr);
		assert_string_equal(buf, expected);
		assert_false(t.cut);
	}
}

/* An address that is zero in about half of its octets. */
static struct in6_addr some_address(struct rng *rng)
{
	uint64_t zeros = rng_u64(rng);
	struct in6_addr addr;

	for (size_t i = 0; i < 16; i++) {
		uint64_t x = rng_u64(rng);

		addr.s6_addr[i] = zeros >> (i / 2) & 1 ? 0 : (uint8_t)(x >> 8 & (x & 1 ? 15 : 255));
	}
	return addr;
}

static void any_address_reads_back_and_is_as_the_library_writes_it(void **state)
{
	char ours[IP6_TEXT_LEN], theirs[INET6_ADDRSTRLEN];
	struct rng rng;
	struct text t;

	(void)state;
	rng_seed(&rng, 3);
	for (int i = 0; i < 50000; i++) {
		struct in6_addr addr = some_address(&rng), back;

		text_init(&t, ours, sizeof(ours));
		text_put_ip6(&t, &addr);
		assert_false(t.cut);
		assert_int_equal(inet_pton(AF_INET6, ours, &back), 1);
		assert_memory_equal(&back, &addr, sizeof(addr));
		/* The library writes the deprecated ::192.0.2.1 with dots as well. */
		if (IN6_IS_ADDR_V4COMPAT(&addr))
			continue;
		assert_non_null(inet_ntop(AF_INET6, &addr, theirs, sizeof(theirs)));
		assert_string_equal(ours, theirs);
	}
}

static void every_octet_of_a_peer_is_escaped_or_plain(void **state)
{
	static const char special[] = " \"=\\";
	char buf[8], expected[8];
	struct text t;

	(void)state;
	for (unsigned int c = 0; c < 256; c++) {
		uint8_t octet = (uint8_t)c;
		bool plain = c > 0x20 && c < 0x7f && !strchr(special, (int)c);

		text_init(&t, buf, sizeof(buf));
		text_put_escaped(&t, &octet, 1);
		snprintf(expected, sizeof(expected), plain ? "%c" : "\\x%02x", c);
		assert_string_equal(buf, expected);
	}
}

static void an_escape_is_never_cut_in_two(void **state)
{
	(void)state;
	for (size_t room = 1; room < 20; room++) {
		char *buf = malloc(room);
		struct text t;

		assert_non_null(buf);
		text_init(&t, buf, room);
		text_put_escaped(&t, "a\n\nb\n", 5);
		/* a, \x0a, \x0a, b, \x0a end after 1, 5, 9, 10 and 14 characters. */
		size_t whole = room > 14 ? 14 : room > 10 ? 10 : room > 9 ? 9 : room > 5 ? 5 : 1;

		assert_int_equal(strlen(buf), room == 1 ? 0 : whole);
		assert_int_equal(t.cut, room <= 14);
		free(buf);
	}
}

static void a_line_holds_its_fields(void **state)
{
	static const uint8_t mac[] = {2, 0, 0, 0, 0, 0x1f};
	struct in6_addr addr = {.s6_addr = {0x20, 0x01, 0x0d, 0xb8, [15] = 1}};
	struct ip6_prefix prefix = ip6_prefix_make(&addr, 64);
	struct logline line;

	(void)state;
	logline_begin(&line, LOG_LEVEL_INFO, "lease-bound");
	logline_str(&line, "net", "a b=\"c");
	logline_u64(&line, "valid", 86400);
	logline_i64(&line, "skew", -5);
	logline_ip6(&line, "addr", &addr);
	logline_prefix(&line, "prefix", &prefix);
	logline_hex(&line, "mac", mac, sizeof(mac));
	logline_quoted(&line, "why", "say \"no\" \\ now\n");
	logline_peer(&line, "host", "a b\n", 4);
	assert_string_equal(
		line.bytes,
		"event=lease-bound level=info net=a\\x20b\\x3d\\x22c valid=86400 skew=-5 "
		"addr=2001:db8::1 prefix=2001:db8::/64 mac=02:00:00:00:00:1f "
		"why=\"say \\\"no\\\" \\\\ now \" host=a\\x20b\\x0a");
}

static void nobody_s_line_takes_everything(void **state)
{
	struct in6_addr addr = {0};
	struct ip6_prefix prefix = {.len = 0};

	(void)state;
	logline_begin(NULL, LOG_LEVEL_INFO, "x");
	logline_str(NULL, "a", "b");
	logline_u64(NULL, "a", 1);
	logline_i64(NULL, "a", 1);
	logline_ip6(NULL, "a", &addr);
	logline_prefix(NULL, "a", &prefix);
	logline_hex(NULL, "a", "b", 1);
	logline_quoted(NULL, "a", "b");
	logline_peer(NULL, "a", "b", 1);
}

static void a_peer_cannot_forge_a_field_or_a_line(void **state)
{
	static const char evil[] = "x\nevent=lease-bound level=info addr=::1 \"";
	struct logline line;

	(void)state;
	logline_begin(&line, LOG_LEVEL_DEBUG, "request");
	logline_peer(&line, "host", evil, sizeof(evil));
	const char *value = strstr(line.bytes, "host=") + 5;

	assert_null(strpbrk(value, " \n\"="));
}

static void a_long_line_is_cut_at_its_size(void **state)
{
	char value[LOGLINE_MAX + 100];
	struct logline line;

	(void)state;
	memset(value, 'v', sizeof(value));
	logline_begin(&line, LOG_LEVEL_ERROR, "long");
	logline_peer(&line, "host", value, sizeof(value));
	logline_u64(&line, "n", 1);
	assert_int_equal(strlen(line.bytes), LOGLINE_MAX - 1);
	assert_true(line.text.cut);
}

static void levels_have_names(void **state)
{
	(void)state;
	assert_string_equal(log_level_name(LOG_LEVEL_ERROR), "error");
	assert_string_equal(log_level_name(LOG_LEVEL_WARNING), "warning");
	assert_string_equal(log_level_name(LOG_LEVEL_INFO), "info");
	assert_string_equal(log_level_name(LOG_LEVEL_DEBUG), "debug");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_are_written_in_full),
		cmocka_unit_test(hex_has_its_separator_between_bytes_only),
		cmocka_unit_test(text_that_does_not_fit_is_cut_and_ends),
		cmocka_unit_test(addresses_are_written_in_their_one_form),
		cmocka_unit_test(any_address_reads_back_and_is_as_the_library_writes_it),
		cmocka_unit_test(every_octet_of_a_peer_is_escaped_or_plain),
		cmocka_unit_test(an_escape_is_never_cut_in_two),
		cmocka_unit_test(a_line_holds_its_fields),
		cmocka_unit_test(nobody_s_line_takes_everything),
		cmocka_unit_test(a_peer_cannot_forge_a_field_or_a_line),
		cmocka_unit_test(a_long_line_is_cut_at_its_size),
		cmocka_unit_test(levels_have_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

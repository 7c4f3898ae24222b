/* SPDX-License-Identifier: ISC */
/*
 * DUIDs: any type, octets only, and the ones we make (U1, U2, U5, U6).
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "duid/duid.h"

static const uint8_t mac[6] = {0x02, 0x02, 0x14, 0x01, 0x01, 0x03};

static struct duid duid(const char *s)
{
	struct duid d;

	if (!duid_parse(s, &d))
		fail_msg("%s is no DUID", s);
	return d;
}

static void assert_text(const struct duid *d, const char *expected)
{
	char buf[DUID_TEXT_LEN];
	struct text t;

	text_init(&t, buf, sizeof(buf));
	duid_text(d, &t);
	assert_string_equal(buf, expected);
	assert_false(t.cut);
}

/* U1: two octets of type and 1 to 128 more, whatever the type. */
static void any_type_of_3_to_130_octets_is_one(void **state)
{
	uint8_t bytes[200];

	(void)state;
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)(i * 31 + 0x99);
	for (size_t len = 0; len <= sizeof(bytes); len++) {
		struct duid d = {.len = 77};

		assert_int_equal(duid_from_bytes(bytes, len, &d), len >= 3 && len <= 130);
		assert_int_equal(d.len, len >= 3 && len <= 130 ? len : 77);
		if (d.len == len)
			assert_memory_equal(d.bytes, bytes, len);
	}
}

static void text_is_read_in_each_usual_form(void **state)
{
	static const char *const forms[] = {"00:03:00:01:02:02:14:01:01:03", "00030001020214010103",
					    "00-03-00-01-02-02-14-01-01-03",
					    "0003:0001:0202:1401:0103"};
	struct duid first = duid(forms[0]), upper = duid("00:03:AB:CD:EF"),
		    lower = duid("00:03:ab:cd:ef");

	(void)state;
	assert_int_equal(first.len, 10);
	assert_text(&first, forms[0]);
	for (size_t i = 1; i < sizeof(forms) / sizeof(*forms); i++) {
		struct duid d = duid(forms[i]);

		assert_true(duid_equal(&first, &d));
	}
	assert_true(duid_equal(&upper, &lower));
	assert_text(&upper, "00:03:ab:cd:ef");
}

static void text_that_is_no_duid_is_refused(void **state)
{
	static const char *const bad[] = {
		"",          "00",        "00:03",     "00:03:",    "00:03:0",
		"00:03:00:", "00:03:0g",  ":00:03:00", "00::03:00", "0:3:0:1",
		"00 03 00",  "00:03:00-", "00:03:00 ", "0x000300"};
	struct duid d = {.len = 77};
	char text[131 * 2 + 1];

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		assert_false(duid_parse(bad[i], &d));
		assert_int_equal(d.len, 77);
	}
	memset(text, 'a', sizeof(text));
	text[131 * 2] = '\0';
	assert_false(duid_parse(text, &d));
	assert_int_equal(d.len, 77);
	text[130 * 2] = '\0';
	assert_true(duid_parse(text, &d));
	assert_int_equal(d.len, 130);
	/* The longest has room as text. */
	char buf[DUID_TEXT_LEN];
	struct text t;

	text_init(&t, buf, sizeof(buf));
	duid_text(&d, &t);
	assert_false(t.cut);
}

/* U2 */
static void equal_octets_make_equal_duids_and_nothing_else_does(void **state)
{
	static const char *const ordered[] = {"00:01:00", "00:01:00:00",       "00:01:00:01",
					      "00:02:00", "00:03:00:01:02:03", "00:03:00:01:02:04",
					      "fe:dc:ba"}; /* a type nobody defined */
	const struct siphash_key key = {{1, 2, 3}}, other_key = {{1, 2, 4}};

	(void)state;
	for (size_t i = 0; i < sizeof(ordered) / sizeof(*ordered); i++) {
		struct duid a = duid(ordered[i]);

		for (size_t k = 0; k < sizeof(ordered) / sizeof(*ordered); k++) {
			struct duid b = duid(ordered[k]);
			int order = duid_compare(&a, &b);

			assert_int_equal(duid_equal(&a, &b), i == k);
			assert_int_equal(order < 0, i < k);
			assert_int_equal(order > 0, i > k);
			assert_int_equal(duid_hash(&a, &key) == duid_hash(&b, &key), i == k);
		}
		assert_true(duid_hash(&a, &key) != duid_hash(&a, &other_key));
	}
}

/* What is behind the octets of a DUID is not part of it. */
static void only_the_octets_count(void **state)
{
	struct duid a, b;
	const struct siphash_key key = {{0}};

	(void)state;
	memset(&a, 0x11, sizeof(a));
	memset(&b, 0x22, sizeof(b));
	assert_true(duid_from_bytes("\0\3\0\1\2\3\4", 7, &a));
	assert_true(duid_from_bytes("\0\3\0\1\2\3\4", 7, &b));
	assert_true(duid_equal(&a, &b));
	assert_int_equal(duid_compare(&a, &b), 0);
	assert_true(duid_hash(&a, &key) == duid_hash(&b, &key));
}

/* U3, U6: hardware type and length have to be right. */
static void a_mac_is_found_only_where_there_is_one(void **state)
{
	static const struct {
		const char *duid;
		bool has;
	} cases[] = {
		{"00:03:00:01:02:02:14:01:01:03", true},
		{"00:01:00:01:2a:bb:cc:dd:02:02:14:01:01:03", true},
		{"00:03:00:01:02:02:14:01:01", false},
		{"00:03:00:01:02:02:14:01:01:03:00", false},
		{"00:01:00:01:2a:bb:cc:dd:02:02:14:01:01", false},
		{"00:01:00:01:2a:bb:cc:dd:02:02:14:01:01:03:04", false},
		{"00:03:00:20:02:02:14:01:01:03", false},
		{"00:03:01:00:02:02:14:01:01:03", false},
		{"00:02:00:01:02:02:14:01:01:03", false},
		{"00:04:00:01:02:02:14:01:01:03", false},
		{"00:03:00", false},
		{"00:01:00", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct duid d = duid(cases[i].duid);
		uint8_t found[6] = {0};

		if (duid_mac(&d, found) != cases[i].has)
			fail_msg("%s", cases[i].duid);
		if (cases[i].has)
			assert_memory_equal(found, mac, sizeof(mac));
	}
}

static void the_type_is_the_first_two_octets(void **state)
{
	struct duid en = duid("00:02:00:00:ab:11:0c"), unknown = duid("12:34:56");

	(void)state;
	assert_int_equal(duid_type(&en), DUID_EN);
	assert_int_equal(duid_type(&unknown), 0x1234);
}

/* U6 */
static void a_duid_ll_and_a_uuid_are_made(void **state)
{
	static const uint8_t uuid[16] = {0x12, 0x3e, 0x45, 0x67, [15] = 0xff};
	struct duid ll = duid_make_ll(mac), from_uuid = duid_make_uuid(uuid);

	(void)state;
	assert_text(&ll, "00:03:00:01:02:02:14:01:01:03");
	assert_int_equal(from_uuid.len, 18);
	assert_text(&from_uuid, "00:04:12:3e:45:67:00:00:00:00:00:00:00:00:00:00:00:ff");
}

/* U5: seconds since 2000-01-01 00:00 UTC, modulo 2^32. */
static void a_duid_llt_counts_from_the_year_2000(void **state)
{
	static const struct {
		int64_t unix_seconds;
		const char *text;
	} cases[] = {
		{946684800, "00:01:00:01:00:00:00:00:02:02:14:01:01:03"},
		{946684801, "00:01:00:01:00:00:00:01:02:02:14:01:01:03"},
		{1767225600, "00:01:00:01:30:e8:75:80:02:02:14:01:01:03"}, /* 2026-01-01 */
		{946684800 + 4294967295, "00:01:00:01:ff:ff:ff:ff:02:02:14:01:01:03"},
		{946684800 + 4294967296, "00:01:00:01:00:00:00:00:02:02:14:01:01:03"},
		{0, "00:01:00:01:c7:92:bc:80:02:02:14:01:01:03"}, /* a clock that was never set */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct duid d = duid_make_llt(mac, cases[i].unix_seconds);
		uint8_t found[6];

		assert_text(&d, cases[i].text);
		assert_true(duid_mac(&d, found));
		assert_memory_equal(found, mac, sizeof(mac));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_type_of_3_to_130_octets_is_one),
		cmocka_unit_test(text_is_read_in_each_usual_form),
		cmocka_unit_test(text_that_is_no_duid_is_refused),
		cmocka_unit_test(equal_octets_make_equal_duids_and_nothing_else_does),
		cmocka_unit_test(only_the_octets_count),
		cmocka_unit_test(a_mac_is_found_only_where_there_is_one),
		cmocka_unit_test(the_type_is_the_first_two_octets),
		cmocka_unit_test(a_duid_ll_and_a_uuid_are_made),
		cmocka_unit_test(a_duid_llt_counts_from_the_year_2000),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: ISC */
/*
 * DNS names as options carry them (RFC 1035 section 3.1, RFC 8415 section 10).
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "wire/dns_name.h"

#define LABEL_63 "abcdefghijklmnopqrstuvwxyz0123456789-_ABCDEFGHIJKLMNOPQRSTUVWXY"
/* Three of 64 octets with their lengths and one of 62: 254, and the root. */
#define NAME_255                               \
	LABEL_63 "." LABEL_63 "." LABEL_63 "." \
		 "abcdefghijklmnopqrstuvwxyz0123456789-_ABCDEFGHIJKLMNOPQRSTUVW"

static struct dns_name name_of(const char *s)
{
	const char *why = NULL;
	struct dns_name name;

	if (!dns_name_parse(s, &name, &why))
		fail_msg("%s: %s", s, why);
	return name;
}

/* rows: G13 */
static void assert_text(const struct dns_name *name, const char *expected)
{
	char buf[4 * DNS_TEXT_MAX];
	struct text t;

	text_init(&t, buf, sizeof(buf));
	dns_name_text(name, &t);
	assert_string_equal(buf, expected);
}

static void text_becomes_labels_and_text_again(void **state)
{
	static const char *const names[] = {"example.org",        "a",      "a.b.c.d.e",
					    "_dhcp._udp.Example", LABEL_63, NAME_255};
	struct dns_name name = name_of("example.org");

	(void)state;
	assert_int_equal(name.len, 13);
	assert_memory_equal(name.bytes, "\7example\3org", 13);
	name = name_of("example.org.");
	assert_int_equal(name.len, 13);
	assert_text(&name, "example.org");
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		name = name_of(names[i]);
		assert_text(&name, names[i]);
	}
	assert_int_equal(name.len, DNS_NAME_MAX);
}

static void text_that_is_no_name_is_refused_with_a_reason(void **state)
{
	static const struct {
		const char *name, *why;
	} cases[] = {
		{"", "at least one label"}, {".", "empty"},           {"..", "empty"},
		{".org", "empty"},          {"a..b", "empty"},        {"a.b..", "empty"},
		{"a b", "letters"},         {"a\xc3\xa4", "letters"}, {"a,b", "letters"},
		{"a\\.b", "letters"},       {LABEL_63 "x", "63"},     {"a." LABEL_63 "x.org", "63"},
		{NAME_255 "x", "255"},      {NAME_255 ".x", "255"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct dns_name name = {.len = 77};
		const char *why = NULL;

		assert_false(dns_name_parse(cases[i].name, &name, &why));
		assert_non_null(why);
		if (!strstr(why, cases[i].why))
			fail_msg("%s: %s", cases[i].name, why);
		assert_int_equal(name.len, 77);
	}
}

/* Reads a name of `len` octets that are in a buffer of just that size. */
static bool get(const void *bytes, size_t len, struct dns_name *ret, bool *ret_partial,
		size_t *ret_left)
{
	uint8_t *copy = malloc(len ? len : 1);
	bool ok;

	assert_non_null(copy);
	memcpy(copy, bytes, len);
	struct wire_reader r = wire_reader(copy, len);

	ok = dns_name_get(&r, ret, ret_partial);
	assert_int_equal(r.bad, !ok);
	*ret_left = wire_left(&r);
	free(copy);
	return ok;
}

static void a_name_goes_over_the_wire_and_back(void **state)
{
	static const char *const names[] = {"example.org", "a", NAME_255};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		struct dns_name name = name_of(names[i]), back;
		uint8_t bytes[DNS_NAME_MAX + 2];
		struct wire_writer w = wire_writer(bytes, sizeof(bytes));
		size_t left;

		dns_name_put(&w, &name);
		wire_put_u16(&w, 0);
		assert_false(w.bad);
		assert_true(get(bytes, w.at, &back, NULL, &left));
		assert_int_equal(left, 2);
		assert_int_equal(back.len, name.len);
		assert_memory_equal(back.bytes, name.bytes, name.len);
	}
}

static void a_name_cut_anywhere_is_bad_or_partial(void **state)
{
	struct dns_name name = name_of("ab.cde.f"), back;

	(void)state;
	for (size_t cut = 0; cut < name.len; cut++) {
		bool partial = false, between = cut == 0 || cut == 3 || cut == 7 || cut == 9;
		size_t left;

		back.len = 77;
		assert_false(get(name.bytes, cut, &back, NULL, &left));
		assert_int_equal(back.len, 77);
		/* RFC 4704 section 4.2: between two labels a partial name ends. */
		assert_int_equal(get(name.bytes, cut, &back, &partial, &left), between);
		assert_int_equal(partial, between);
		assert_int_equal(back.len, between ? cut : 77);
	}
}

static void a_whole_name_is_not_partial(void **state)
{
	struct dns_name name = name_of("ab.cde.f"), back;
	bool partial = true;
	size_t left;

	(void)state;
	assert_true(get(name.bytes, name.len, &back, &partial, &left));
	assert_false(partial);
	partial = false;
	assert_true(get(name.bytes, name.len - 1u, &back, &partial, &left));
	assert_true(partial);
	assert_text(&back, "ab.cde.f");
	assert_true(get("", 1, &back, &partial, &left));
	assert_false(partial);
	assert_int_equal(back.len, 1);
	assert_text(&back, "");
}

static void a_pointer_or_an_overlong_label_is_bad(void **state)
{
	uint8_t bytes[300];

	(void)state;
	for (unsigned int n = 1; n < 256; n++) {
		struct dns_name name = {.len = 77};
		bool partial;
		size_t left;

		memset(bytes, 'x', sizeof(bytes));
		bytes[0] = (uint8_t)n;
		bytes[n + 1] = 0;
		assert_int_equal(get(bytes, sizeof(bytes), &name, NULL, &left), n <= 63);
		assert_int_equal(get(bytes, n + 2, &name, &partial, &left), n <= 63);
		if (n > 63)
			assert_int_equal(name.len, 77);
	}
	assert_false(get("\xc0\x00", 2, &(struct dns_name){0}, NULL, &(size_t){0}));
}

static void a_name_of_more_than_255_octets_is_bad(void **state)
{
	struct dns_name longest = name_of(NAME_255), name;
	uint8_t bytes[400] = {0};
	size_t left;

	(void)state;
	memcpy(bytes, longest.bytes, longest.len);
	assert_true(get(bytes, longest.len, &name, NULL, &left));
	/* One octet more in the last label. */
	bytes[192]++;
	bytes[254] = 'x';
	assert_false(get(bytes, sizeof(bytes), &name, NULL, &left));
	memset(bytes, 'a', sizeof(bytes));
	for (size_t i = 0; i < sizeof(bytes); i += 2)
		bytes[i] = 1;
	assert_false(get(bytes, sizeof(bytes), &name, NULL, &left));
	assert_false(get(bytes, sizeof(bytes), &name, &(bool){false}, &left));
}

static void a_peer_s_labels_are_escaped(void **state)
{
	static const uint8_t evil[] = "\4a\n\"=\3b.c";
	struct dns_name name;
	size_t left;

	(void)state;
	assert_true(get(evil, sizeof(evil), &name, NULL, &left));
	/* A dot inside a label is not one between two. */
	assert_text(&name, "a\\x0a\\x22\\x3d.b\\x2ec");
}

static void an_escaped_dot_is_not_cut_in_two(void **state)
{
	struct dns_name name;
	size_t left;

	(void)state;
	assert_true(get("\3a.b", 5, &name, NULL, &left));
	for (size_t room = 1; room < 10; room++) {
		char *buf = malloc(room);
		struct text t;

		assert_non_null(buf);
		text_init(&t, buf, room);
		dns_name_text(&name, &t);
		assert_string_equal(buf, room > 6   ? "a\\x2eb"
					 : room > 5 ? "a\\x2e"
					 : room > 1 ? "a"
						    : "");
		assert_int_equal(t.cut, room <= 6);
		free(buf);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_becomes_labels_and_text_again),
		cmocka_unit_test(text_that_is_no_name_is_refused_with_a_reason),
		cmocka_unit_test(a_name_goes_over_the_wire_and_back),
		cmocka_unit_test(a_name_cut_anywhere_is_bad_or_partial),
		cmocka_unit_test(a_whole_name_is_not_partial),
		cmocka_unit_test(a_pointer_or_an_overlong_label_is_bad),
		cmocka_unit_test(a_name_of_more_than_255_octets_is_bad),
		cmocka_unit_test(a_peer_s_labels_are_escaped),
		cmocka_unit_test(an_escaped_dot_is_not_cut_in_two),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

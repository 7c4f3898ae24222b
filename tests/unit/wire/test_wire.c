/* SPDX-License-Identifier: ISC */
/*
 * The cursor over packet bytes: what it reads and writes, and that nothing is read or written
 * that is not there.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "wire/wire.h"

static const uint8_t all_kinds[] = {
	0x01,                                           /* u8 */
	0x02, 0x03,                                     /* u16 */
	0x04, 0x05, 0x06,                               /* u24 */
	0x07, 0x08, 0x09, 0x0a,                         /* u32 */
	0x0b, 0x0c, 0x0d, 0x0e, 0x0f, 0x10, 0x11, 0x12, /* u64 */
	0x20, 0x01, 0x0d, 0xb8, 0,    0,    0,    0,    /* address */
	0,    0,    0,    0,    0,    0,    0,    0x99, /* ... */
	0xaa, 0xbb,                                     /* bytes */
};

static const struct in6_addr address = {.s6_addr = {0x20, 0x01, 0x0d, 0xb8, [15] = 0x99}};

static void put_all_kinds(struct wire_writer *w)
{
	wire_put_u8(w, 0x01);
	wire_put_u16(w, 0x0203);
	wire_put_u24(w, 0x040506);
	wire_put_u32(w, 0x0708090a);
	wire_put_u64(w, 0x0b0c0d0e0f101112u);
	wire_put_ip6(w, &address);
	wire_put_bytes(w, "\xaa\xbb", 2);
}

static void each_kind_is_read_in_network_order(void **state)
{
	struct wire_reader r = wire_reader(all_kinds, sizeof(all_kinds));
	struct in6_addr addr;

	(void)state;
	assert_int_equal(wire_left(&r), sizeof(all_kinds));
	assert_int_equal(wire_get_u8(&r), 0x01);
	assert_int_equal(wire_get_u16(&r), 0x0203);
	assert_int_equal(wire_get_u24(&r), 0x040506);
	assert_int_equal(wire_get_u32(&r), 0x0708090a);
	assert_true(wire_get_u64(&r) == 0x0b0c0d0e0f101112u);
	addr = wire_get_ip6(&r);
	assert_memory_equal(&addr, &address, sizeof(addr));
	assert_int_equal(wire_left(&r), 2);
	assert_ptr_equal(wire_get_bytes(&r, 2), all_kinds + sizeof(all_kinds) - 2);
	assert_int_equal(wire_left(&r), 0);
	assert_false(r.bad);
	assert_non_null(wire_get_bytes(&r, 0));
	assert_false(r.bad);
}

/* Reads everything and tells how many octets were there. */
static size_t read_all_kinds(struct wire_reader *r)
{
	wire_get_u8(r);
	wire_get_u16(r);
	wire_get_u24(r);
	wire_get_u32(r);
	wire_get_u64(r);
	wire_get_ip6(r);
	wire_get_bytes(r, 2);
	return r->at;
}

static void each_cut_is_noticed_and_nothing_behind_it_is_read(void **state)
{
	static const size_t ends[] = {0, 1, 3, 6, 10, 18, 34, 36};

	(void)state;
	for (size_t cut = 0; cut < sizeof(all_kinds); cut++) {
		uint8_t *copy = malloc(cut ? cut : 1);
		size_t whole = 0;

		assert_non_null(copy);
		memcpy(copy, all_kinds, cut);
		struct wire_reader r = wire_reader(copy, cut);

		for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++)
			whole = ends[i] <= cut ? ends[i] : whole;
		assert_int_equal(read_all_kinds(&r), whole);
		assert_true(r.bad);
		free(copy);
	}
}

static void a_bad_reader_reads_zeros_from_then_on(void **state)
{
	struct wire_reader r = wire_reader(all_kinds, 3);
	struct in6_addr zero = {0}, addr;

	(void)state;
	assert_int_equal(wire_get_u32(&r), 0);
	assert_true(r.bad);
	/* Three octets are left, and none of them is given out. */
	assert_int_equal(wire_get_u8(&r), 0);
	assert_int_equal(wire_get_u16(&r), 0);
	assert_true(wire_get_u64(&r) == 0);
	addr = wire_get_ip6(&r);
	assert_memory_equal(&addr, &zero, sizeof(addr));
	assert_null(wire_get_bytes(&r, 0));
	struct wire_reader part = wire_get_part(&r, 0);

	assert_true(part.bad);
	assert_int_equal(wire_left(&part), 0);
}

static void a_length_that_would_wrap_is_too_long(void **state)
{
	struct wire_reader r = wire_reader(all_kinds, sizeof(all_kinds));

	(void)state;
	wire_get_u8(&r);
	assert_null(wire_get_bytes(&r, SIZE_MAX));
	assert_true(r.bad);
	struct wire_reader again = wire_reader(all_kinds, sizeof(all_kinds));
	struct wire_reader part = wire_get_part(&again, SIZE_MAX - 1);

	assert_true(again.bad && part.bad);
}

static void a_part_ends_where_it_should_and_keeps_offsets(void **state)
{
	struct wire_reader r = wire_reader(all_kinds, sizeof(all_kinds)), part;

	(void)state;
	wire_get_u8(&r);
	part = wire_get_part(&r, 4);
	assert_int_equal(part.at, 1);
	assert_int_equal(wire_left(&part), 4);
	assert_int_equal(wire_get_u16(&part), 0x0203);
	assert_int_equal(part.at, 3);
	/* A part of a part. */
	struct wire_reader inner = wire_get_part(&part, 1);

	assert_int_equal(inner.at, 3);
	assert_int_equal(wire_get_u8(&inner), 0x04);
	assert_int_equal(wire_get_u8(&inner), 0);
	assert_true(inner.bad);
	/* What went wrong inside is not what comes after. */
	assert_false(part.bad);
	assert_int_equal(wire_get_u8(&part), 0x05);
	assert_int_equal(wire_get_u16(&part), 0);
	assert_true(part.bad);
	assert_int_equal(wire_get_u8(&r), 0x06);
	assert_false(r.bad);
	part = wire_get_part(&r, wire_left(&r) + 1);
	assert_true(part.bad && r.bad);
	assert_int_equal(wire_left(&part), 0);
}

static void each_kind_is_written_in_network_order(void **state)
{
	uint8_t bytes[sizeof(all_kinds)];
	struct wire_writer w = wire_writer(bytes, sizeof(bytes));

	(void)state;
	put_all_kinds(&w);
	assert_false(w.bad);
	assert_int_equal(w.at, sizeof(all_kinds));
	assert_memory_equal(bytes, all_kinds, sizeof(all_kinds));
	wire_put_bytes(&w, NULL, 0);
	wire_put_zeros(&w, 0);
	assert_false(w.bad);
	wire_put_u8(&w, 1);
	assert_true(w.bad);
	assert_int_equal(w.at, sizeof(all_kinds));
}

static void nothing_is_written_past_the_room(void **state)
{
	static const size_t ends[] = {0, 1, 3, 6, 10, 18, 34, 36};

	(void)state;
	for (size_t room = 0; room < sizeof(all_kinds); room++) {
		uint8_t *bytes = malloc(room ? room : 1);
		struct wire_writer w = wire_writer(bytes, room);
		size_t whole = 0;

		assert_non_null(bytes);
		for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++)
			whole = ends[i] <= room ? ends[i] : whole;
		put_all_kinds(&w);
		assert_true(w.bad);
		assert_int_equal(w.at, whole);
		assert_memory_equal(bytes, all_kinds, whole);
		/* A bad writer writes nothing more, even what would fit. */
		wire_put_u8(&w, 0xff);
		wire_put_zeros(&w, 1);
		assert_int_equal(w.at, whole);
		free(bytes);
	}
}

static void numbers_can_be_set_later(void **state)
{
	uint8_t bytes[8], expected[8] = {0, 0xab, 0xcd, 0x01, 0x02, 0x03, 0x04, 0};
	struct wire_writer w = wire_writer(bytes, sizeof(bytes));

	(void)state;
	wire_put_zeros(&w, 8);
	wire_set_u16(&w, 1, 0xabcd);
	wire_set_u32(&w, 3, 0x01020304);
	assert_memory_equal(bytes, expected, sizeof(bytes));
	wire_put_u8(&w, 1);
	wire_set_u16(&w, 0, 0xffff);
	wire_set_u32(&w, 0, 0xffffffff);
	assert_memory_equal(bytes, expected, sizeof(bytes));
}

/* RFC 8415 section 21.1: the length counts what follows it. */
static void a_sixteen_bit_length_is_filled_in(void **state)
{
	static const uint8_t expected[] = {
		0, 3,  0, 11, /* outer: code, length */
		9, 9,  9,     /* three octets */
		0, 13, 0, 4,  /* inner: code, length */
		1, 2,  3, 4,
	};
	uint8_t bytes[32];
	struct wire_writer w = wire_writer(bytes, sizeof(bytes));

	(void)state;
	wire_put_u16(&w, 3);
	size_t outer = wire_put_open(&w, WIRE_LEN_U16);

	wire_put_bytes(&w, "\x09\x09\x09", 3);
	wire_put_u16(&w, 13);
	size_t inner = wire_put_open(&w, WIRE_LEN_U16);

	wire_put_u32(&w, 0x01020304);
	wire_put_close(&w, inner, WIRE_LEN_U16);
	wire_put_close(&w, outer, WIRE_LEN_U16);
	assert_int_equal(w.at, sizeof(expected));
	assert_memory_equal(bytes, expected, sizeof(expected));
}

static void a_sixteen_bit_length_has_its_limit(void **state)
{
	enum { ROOM = 70000 };
	uint8_t *bytes = malloc(ROOM);

	(void)state;
	assert_non_null(bytes);
	for (size_t len = 65534; len <= 65537; len++) {
		struct wire_writer w = wire_writer(bytes, ROOM);
		size_t mark = wire_put_open(&w, WIRE_LEN_U16);

		wire_put_zeros(&w, len);
		wire_put_close(&w, mark, WIRE_LEN_U16);
		assert_int_equal(w.bad, len > 65535);
		if (len <= 65535)
			assert_int_equal(bytes[0] << 8 | bytes[1], len);
	}
	free(bytes);
}

/* RFC 4861 section 4.6: units of 8 octets, from the type on, filled up with zeros. */
static void a_length_in_units_is_filled_up(void **state)
{
	(void)state;
	for (size_t body = 0; body <= 2050; body++) {
		uint8_t bytes[2200];
		struct wire_writer w = wire_writer(bytes, sizeof(bytes));
		size_t whole = (body + 2 + 7) / 8 * 8;

		memset(bytes, 0xee, sizeof(bytes));
		wire_put_u8(&w, 31);
		size_t mark = wire_put_open(&w, WIRE_LEN_UNITS8);

		for (size_t i = 0; i < body; i++)
			wire_put_u8(&w, 0x55);
		wire_put_close(&w, mark, WIRE_LEN_UNITS8);
		assert_int_equal(w.bad, whole > 255 * 8);
		if (w.bad)
			continue;
		assert_int_equal(w.at, whole);
		assert_int_equal(bytes[0], 31);
		assert_int_equal(bytes[1], whole / 8);
		for (size_t i = 2; i < whole; i++)
			assert_int_equal(bytes[i], i < body + 2 ? 0x55 : 0);
		assert_int_equal(bytes[whole], 0xee);
	}
}

static void padding_that_does_not_fit_is_an_error(void **state)
{
	(void)state;
	for (size_t room = 3; room <= 8; room++) {
		uint8_t *bytes = malloc(room);
		struct wire_writer w = wire_writer(bytes, room);

		assert_non_null(bytes);
		wire_put_u8(&w, 31);
		size_t mark = wire_put_open(&w, WIRE_LEN_UNITS8);

		wire_put_u8(&w, 1);
		wire_put_close(&w, mark, WIRE_LEN_UNITS8);
		assert_int_equal(w.bad, room < 8);
		free(bytes);
	}
}

static void closing_what_did_not_fit_does_nothing(void **state)
{
	uint8_t bytes[3] = {0, 0xcc, 0xcc};
	struct wire_writer w = wire_writer(bytes, 1);
	size_t mark = wire_put_open(&w, WIRE_LEN_U16);

	(void)state;
	assert_true(w.bad);
	wire_put_close(&w, mark, WIRE_LEN_U16);
	wire_put_close(&w, mark, WIRE_LEN_UNITS8);
	assert_int_equal(bytes[1], 0xcc);
	assert_int_equal(w.at, 0);
}

static void an_option_that_does_not_fit_is_taken_back_whole(void **state)
{
	uint8_t bytes[8];
	struct wire_writer w = wire_writer(bytes, sizeof(bytes));

	(void)state;
	wire_put_u16(&w, 0x1111);
	size_t before = w.at;

	wire_put_u32(&w, 0x22222222);
	wire_put_u32(&w, 0x33333333);
	assert_true(w.bad);
	wire_put_undo(&w, before);
	assert_false(w.bad);
	assert_int_equal(w.at, 2);
	wire_put_u16(&w, 0x4444);
	assert_false(w.bad);
	assert_memory_equal(bytes, "\x11\x11\x44\x44", 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_kind_is_read_in_network_order),
		cmocka_unit_test(each_cut_is_noticed_and_nothing_behind_it_is_read),
		cmocka_unit_test(a_bad_reader_reads_zeros_from_then_on),
		cmocka_unit_test(a_length_that_would_wrap_is_too_long),
		cmocka_unit_test(a_part_ends_where_it_should_and_keeps_offsets),
		cmocka_unit_test(each_kind_is_written_in_network_order),
		cmocka_unit_test(nothing_is_written_past_the_room),
		cmocka_unit_test(numbers_can_be_set_later),
		cmocka_unit_test(a_sixteen_bit_length_is_filled_in),
		cmocka_unit_test(a_sixteen_bit_length_has_its_limit),
		cmocka_unit_test(a_length_in_units_is_filled_up),
		cmocka_unit_test(padding_that_does_not_fit_is_an_error),
		cmocka_unit_test(closing_what_did_not_fit_does_nothing),
		cmocka_unit_test(an_option_that_does_not_fit_is_taken_back_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: ISC */
/*
 * Effects with their bounds, and the memory they and others live in.
 */
#include "config.h"

#include <setjmp.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/fx.h"
#include "base/mem.h"

static bool send_one(struct fx *fx, uint8_t first, size_t len)
{
	const struct fx_send how = {.proto = FX_UDP, .link = 7, .port = 546, .held = true};
	size_t room;
	uint8_t *p = fx_room(fx, &room);

	if (room >= len)
		memset(p, first, len);
	return fx_send(fx, &how, len);
}

/* rows: Z16 */
static void packets_are_kept_one_behind_the_other(void **state)
{
	struct fx *fx = fx_new(LOG_LEVEL_INFO);

	(void)state;
	fx_clear(fx, 5);
	assert_true(send_one(fx, 0xaa, 100));
	assert_true(send_one(fx, 0xbb, 1));
	assert_true(send_one(fx, 0xcc, 50));
	assert_int_equal(fx->n_sends, 3);
	assert_int_equal(fx->sends[0].len, 100);
	assert_int_equal(fx->sends[0].data[99], 0xaa);
	assert_int_equal(fx->sends[1].data[0], 0xbb);
	assert_int_equal(fx->sends[2].data[49], 0xcc);
	assert_int_equal(fx->sends[2].link, 7);
	assert_int_equal(fx->sends[2].port, 546);
	assert_true(fx->sends[2].held);
	fx_clear(fx, 6);
	assert_int_equal(fx->n_sends, 0);
	assert_true(fx->now == 6);
	assert_int_equal(fx->lost, 0);
	free(fx);
}

static void a_packet_that_does_not_fit_is_lost_whole_and_counted(void **state)
{
	struct fx *fx = fx_new(LOG_LEVEL_INFO);
	size_t room;

	(void)state;
	fx_room(fx, &room);
	assert_int_equal(room, FX_BYTES);
	assert_true(send_one(fx, 1, FX_BYTES - 10));
	fx_room(fx, &room);
	assert_int_equal(room, 10);
	assert_false(send_one(fx, 2, 11));
	assert_int_equal(fx->lost, 1);
	assert_int_equal(fx->n_sends, 1);
	assert_true(send_one(fx, 3, 10));
	fx_clear(fx, 0);
	for (int i = 0; i < FX_SENDS; i++)
		assert_true(send_one(fx, 4, 1));
	fx_room(fx, &room);
	assert_int_equal(room, 0);
	assert_false(send_one(fx, 5, 1));
	assert_int_equal(fx->n_sends, FX_SENDS);
	assert_int_equal(fx->lost, 2);
	free(fx);
}

static void a_line_above_the_level_is_not_written(void **state)
{
	struct fx *fx = fx_new(LOG_LEVEL_WARNING);

	(void)state;
	assert_null(fx_log(fx, LOG_LEVEL_DEBUG, "d"));
	assert_null(fx_log(fx, LOG_LEVEL_INFO, "i"));
	assert_non_null(fx_log(fx, LOG_LEVEL_WARNING, "w"));
	assert_non_null(fx_log(fx, LOG_LEVEL_ERROR, "e"));
	assert_int_equal(fx->n_lines, 2);
	assert_int_equal(fx->levels[0], LOG_LEVEL_WARNING);
	assert_string_equal(fx->lines[1].bytes, "event=e level=error");
	assert_int_equal(fx->lost, 0);
	free(fx);
}

static void more_lines_than_places_are_lost_and_counted(void **state)
{
	struct fx *fx = fx_new(LOG_LEVEL_INFO);

	(void)state;
	for (int i = 0; i < FX_LINES; i++)
		assert_non_null(fx_log(fx, LOG_LEVEL_INFO, "x"));
	assert_null(fx_log(fx, LOG_LEVEL_INFO, "x"));
	assert_int_equal(fx->lost, 1);
	free(fx);
}

/* How many of n lines of one event at `now` are written; the text of the first of them. */
static size_t log_many_at(struct fx *fx, enum log_level level, const char *event, mtime now,
			  size_t n, char *ret_first)
{
	size_t written = 0;

	for (size_t i = 0; i < n; i++) {
		fx_clear(fx, now);
		if (!fx_log(fx, level, event))
			continue;
		if (written++ == 0)
			memcpy(ret_first, fx->lines[0].bytes, LOGLINE_MAX);
	}
	return written;
}

static size_t log_many(struct fx *fx, const char *event, mtime now, size_t n, char *ret_first)
{
	return log_many_at(fx, LOG_LEVEL_INFO, event, now, n, ret_first);
}

static void what_a_peer_repeats_is_bounded_and_what_was_left_out_is_told(void **state)
{
	static const char flood[] = "flood", other[] = "other", warning[] = "warning";
	struct fx *fx = fx_new(LOG_LEVEL_INFO);
	char first[LOGLINE_MAX];

	(void)state;
	assert_int_equal(log_many(fx, flood, 0, 10000, first), 500);
	assert_string_equal(first, "event=flood level=info");
	assert_int_equal(log_many(fx, flood, 19, 1, first), 0);
	assert_int_equal(log_many(fx, flood, 20, 10, first), 1);
	assert_string_equal(first, "event=flood level=info suppressed=9501");
	assert_int_equal(log_many(fx, flood, 10000, 10, first), 10);
	assert_string_equal(first, "event=flood level=info suppressed=9");
	/* Another event has a rate of its own, and warnings a lower one. */
	assert_int_equal(log_many(fx, other, 0, 1000, first), 500);
	assert_int_equal(log_many_at(fx, LOG_LEVEL_WARNING, warning, 0, 1000, first), 50);
	assert_int_equal(log_many_at(fx, LOG_LEVEL_WARNING, warning, 999, 10, first), 0);
	assert_int_equal(log_many_at(fx, LOG_LEVEL_WARNING, warning, 3000, 10, first), 3);
	assert_string_equal(first, "event=warning level=warning suppressed=960");
	assert_int_equal(fx->lost, 0);
	free(fx);
}

static void more_events_than_are_counted_still_are_written(void **state)
{
	static char names[FX_EVENTS + 10][8];
	struct fx *fx = fx_new(LOG_LEVEL_INFO);
	char first[LOGLINE_MAX];

	(void)state;
	for (size_t i = 0; i < FX_EVENTS + 10; i++) {
		memcpy(names[i], "event", 6);
		assert_int_equal(log_many(fx, names[i], 0, 1, first), 1);
	}
	assert_int_equal(fx->n_events, FX_EVENTS);
	free(fx);
}

static void an_arena_gives_zeroed_aligned_memory_that_stays(void **state)
{
	struct arena arena = {0};
	unsigned char *all[300];

	(void)state;
	for (int round = 0; round < 2; round++) {
		for (size_t i = 0; i < 300; i++) {
			size_t len = i * 37 % 9000;

			all[i] = arena_new(&arena, len, 1);
			assert_int_equal((uintptr_t)all[i] % alignof(max_align_t), 0);
			for (size_t k = 0; k < len; k++)
				assert_int_equal(all[i][k], 0);
			memset(all[i], (int)(i % 256), len);
		}
		for (size_t i = 0; i < 300; i++) {
			for (size_t k = 0; k < i * 37 % 9000; k++)
				assert_int_equal(all[i][k], i % 256);
		}
		arena_free(&arena);
		assert_null(arena.first);
	}
}

static void an_arena_keeps_copies(void **state)
{
	struct arena arena = {0};
	char text[] = "tenant-a";
	char *s = arena_strdup(&arena, text);
	uint8_t *p = arena_copy(&arena, text, 3);
	uint64_t *numbers = arena_new(&arena, 10, sizeof(*numbers));

	(void)state;
	assert_non_null(arena_copy(&arena, NULL, 0));
	numbers[9] = UINT64_MAX;
	text[0] = 'X';
	assert_string_equal(s, "tenant-a");
	assert_memory_equal(p, "ten", 3);
	arena_free(&arena);
}

static void an_array_grows_with_zeros_and_keeps_what_it_had(void **state)
{
	uint32_t *items = NULL;
	size_t cap = 0;

	(void)state;
	for (size_t n = 1; n <= 1000; n++) {
		items = mem_grow(items, &cap, n, sizeof(*items));
		assert_true(cap >= n);
		for (size_t i = n - 1; i < cap; i++)
			assert_int_equal(items[i], 0);
		items[n - 1] = (uint32_t)n;
	}
	assert_int_equal(cap, 1024);
	for (size_t i = 0; i < 1000; i++)
		assert_int_equal(items[i], i + 1);
	items = mem_grow(items, &cap, 5000, sizeof(*items));
	assert_int_equal(cap, 8192);
	assert_ptr_equal(mem_grow(items, &cap, 8192, sizeof(*items)), items);
	free(items);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(packets_are_kept_one_behind_the_other),
		cmocka_unit_test(a_packet_that_does_not_fit_is_lost_whole_and_counted),
		cmocka_unit_test(a_line_above_the_level_is_not_written),
		cmocka_unit_test(more_lines_than_places_are_lost_and_counted),
		cmocka_unit_test(what_a_peer_repeats_is_bounded_and_what_was_left_out_is_told),
		cmocka_unit_test(more_events_than_are_counted_still_are_written),
		cmocka_unit_test(an_arena_gives_zeroed_aligned_memory_that_stays),
		cmocka_unit_test(an_arena_keeps_copies),
		cmocka_unit_test(an_array_grows_with_zeros_and_keeps_what_it_had),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

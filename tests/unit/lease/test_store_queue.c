/* SPDX-License-Identifier: ISC */
/*
 * The queue to the store thread, with a store that does what the test says.
 */
#include "config.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "check_lease.h"
#include "lease/store_queue.h"

struct fake {
	struct store base;
	pthread_mutex_t gate; /* held: a commit waits */
	int status;
	size_t commits, rows;
	int meta_status;
	size_t metas;
	char meta[64]; /* the last: name=value */
	pthread_t by;
};

static int fake_commit(struct store *store, const struct lease_row *rows, size_t n,
		       struct store_error *ret_error)
{
	struct fake *fake = (struct fake *)store;

	pthread_mutex_lock(&fake->gate);
	fake->commits++;
	fake->rows += n;
	fake->by = pthread_self();
	if (fake->status < 0)
		strcpy(ret_error->text, rows[0].network);
	pthread_mutex_unlock(&fake->gate);
	return fake->status;
}

static int fake_meta_put(struct store *store, const char *name, const void *bytes, size_t len,
			 struct store_error *ret_error)
{
	struct fake *fake = (struct fake *)store;

	(void)ret_error;
	pthread_mutex_lock(&fake->gate);
	fake->metas++;
	snprintf(fake->meta, sizeof(fake->meta), "%s=%.*s", name, (int)len, (const char *)bytes);
	int status = fake->meta_status;

	pthread_mutex_unlock(&fake->gate);
	return status;
}

static const struct store_ops fake_ops = {
	.scheme = "fake", .commit = fake_commit, .meta_put = fake_meta_put};

static const struct lease_row rows[3] = {{.network = "why not"}};

static struct store_queue *start(struct fake *fake)
{
	*fake = (struct fake){.base.ops = &fake_ops, .gate = PTHREAD_MUTEX_INITIALIZER};
	struct store_queue *queue = store_queue_start(&fake->base);

	assert_non_null(queue);
	return queue;
}

static bool is_readable(const struct store_queue *queue, int timeout_ms)
{
	struct pollfd fd = {.fd = store_queue_fd(queue), .events = POLLIN};

	return poll(&fd, 1, timeout_ms) == 1;
}

static void a_result_comes_back_and_the_fd_says_so(void **state)
{
	struct store_error error = {.text = ""};
	struct store_queue *queue;
	struct fake fake;
	int status = 1;

	(void)state;
	queue = start(&fake);
	for (size_t i = 1; i <= 100; i++) {
		assert_false(store_queue_result(queue, &status, &error));
		assert_false(is_readable(queue, 0));
		store_queue_submit(queue, rows, 3);
		assert_true(is_readable(queue, 10000));
		assert_true(store_queue_result(queue, &status, &error));
		assert_int_equal(status, 0);
		assert_int_equal(fake.commits, i);
		assert_int_equal(fake.rows, 3 * i);
		assert_false(pthread_equal(fake.by, pthread_self()));
	}
	assert_false(is_readable(queue, 0));
	store_queue_free(queue);
}

static void a_result_is_not_waited_for(void **state)
{
	struct store_error error = {.text = ""};
	struct store_queue *queue;
	struct fake fake;
	int status = 1;

	(void)state;
	queue = start(&fake);
	pthread_mutex_lock(&fake.gate);
	store_queue_submit(queue, rows, 3);
	assert_false(store_queue_result(queue, &status, &error));
	assert_int_equal(status, 1);
	pthread_mutex_unlock(&fake.gate);
	assert_true(is_readable(queue, 10000));
	assert_true(store_queue_result(queue, &status, &error));
	assert_int_equal(status, 0);
	store_queue_free(queue);
}

static void a_failure_comes_with_its_reason(void **state)
{
	struct store_error error = {.text = ""};
	struct store_queue *queue;
	struct fake fake;
	int status = 1;

	(void)state;
	queue = start(&fake);
	fake.status = -ENOSPC;
	store_queue_submit(queue, rows, 1);
	assert_true(is_readable(queue, 10000));
	assert_true(store_queue_result(queue, &status, &error));
	assert_int_equal(status, -ENOSPC);
	assert_string_equal(error.text, "why not");
	store_queue_free(queue);
}

static void a_stop_waits_for_what_was_submitted(void **state)
{
	struct store_error error = {.text = ""};
	struct store_queue *queue;
	struct fake fake;
	int status = 1;

	(void)state;
	queue = start(&fake);
	store_queue_submit(queue, rows, 3);
	store_queue_stop(queue);
	assert_int_equal(fake.commits, 1);
	assert_true(store_queue_result(queue, &status, &error));
	assert_int_equal(status, 0);
	store_queue_stop(queue);
	store_queue_free(queue);
}

/* A value goes beside the batches, and the later one counts. */
static void values_are_stored_before_the_end(void **state)
{
	struct store_queue *queue;
	struct fake fake;

	(void)state;
	queue = start(&fake);
	pthread_mutex_lock(&fake.gate);
	store_queue_submit(queue, rows, 1);
	for (int i = 0; i < 100; i++)
		store_queue_put_meta(queue, "a", "first", 5);
	store_queue_put_meta(queue, "a", "second", 6);
	pthread_mutex_unlock(&fake.gate);
	store_queue_stop(queue);
	assert_int_equal(fake.commits, 1);
	/* The commit held the thread, unless it had not begun with it. */
	assert_true(fake.metas <= 101);
	assert_string_equal(fake.meta, "a=second");
	store_queue_free(queue);
}

/* One that fails waits for the next turn; it is not tried for ever at the end. */
static void a_value_that_fails_is_tried_with_the_next_batch(void **state)
{
	struct store_error error;
	struct store_queue *queue;
	struct fake fake;
	int status;

	(void)state;
	queue = start(&fake);
	fake.meta_status = -EIO;
	store_queue_put_meta(queue, "a", "1", 1);
	store_queue_submit(queue, rows, 1);
	assert_true(is_readable(queue, 10000));
	assert_true(store_queue_result(queue, &status, &error));
	pthread_mutex_lock(&fake.gate);
	fake.meta_status = 0;
	pthread_mutex_unlock(&fake.gate);
	store_queue_submit(queue, rows, 1);
	assert_true(is_readable(queue, 10000));
	store_queue_stop(queue);
	assert_true(fake.metas >= 1);
	assert_string_equal(fake.meta, "a=1");
	store_queue_free(queue);

	queue = start(&fake);
	fake.meta_status = -EIO;
	store_queue_put_meta(queue, "a", "1", 1);
	store_queue_free(queue);
	assert_int_equal(fake.metas, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_result_comes_back_and_the_fd_says_so),
		cmocka_unit_test(a_result_is_not_waited_for),
		cmocka_unit_test(a_failure_comes_with_its_reason),
		cmocka_unit_test(a_stop_waits_for_what_was_submitted),
		cmocka_unit_test(values_are_stored_before_the_end),
		cmocka_unit_test(a_value_that_fails_is_tried_with_the_next_batch),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

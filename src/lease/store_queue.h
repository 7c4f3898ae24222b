/* SPDX-License-Identifier: ISC */
/*
 * The one place where the two threads meet: batches go to the store thread, results come back.
 */
#ifndef SEXTANT_LEASE_STORE_QUEUE_H
#define SEXTANT_LEASE_STORE_QUEUE_H

#include <stdbool.h>

#include "lease/store.h"

struct store_queue;

/* Starts the store thread, which owns `store` until store_queue_stop(). NULL with errno. */
struct store_queue *store_queue_start(struct store *store);

/* An eventfd that is readable when a result waits; owned by the queue. */
int store_queue_fd(const struct store_queue *queue);

/*
 * Hands rows over; they must stay as they are until their result came. One at a time: the next
 * only after store_queue_result() gave the result of the last.
 */
void store_queue_submit(struct store_queue *queue, const struct lease_row *rows, size_t n);

/*
 * Has a value of store_ops.meta_put stored, after what is under way. Copies both; of two under one
 * name that wait, the later one counts. It is tried again with what is submitted next if it fails.
 */
void store_queue_put_meta(struct store_queue *queue, const char *name, const void *bytes,
			  size_t len);

/*
 * The result of what was submitted: true when there is one, with *ret_status 0 or -errno and
 * *ret_error filled in on failure. Never blocks. Clears the eventfd.
 */
bool store_queue_result(struct store_queue *queue, int *ret_status, struct store_error *ret_error);

/* What store_ops.upkeep said the last time: 0, or -errno with *ret_error filled in. */
int store_queue_upkeep(struct store_queue *queue, struct store_error *ret_error);

/* Waits for what was submitted, ends the thread and gives the store back. Results are kept. */
void store_queue_stop(struct store_queue *queue);
void store_queue_free(struct store_queue *queue);

#endif

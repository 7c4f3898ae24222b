/* SPDX-License-Identifier: ISC */
/*
 * The queue between the two threads. One batch is under way at most, so the queue is one slot that
 * goes round: empty, submitted, done, and empty again. The thread that waits for its state owns
 * what is in the slot.
 */
#include "config.h"

#include "lease/store_queue.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/mem.h"

enum slot {
	SLOT_EMPTY,
	SLOT_SUBMITTED,
	SLOT_DONE,
};

struct store_queue {
	struct store *store;
	pthread_t thread;
	bool running; /* the thread was not joined yet; the main thread's */
	int fd;

	pthread_mutex_t lock; /* guards what follows */
	pthread_cond_t wake;  /* the store thread waits for it */
	bool stop;
	enum slot slot;
	const struct lease_row *rows;
	size_t n;
	int status;
	struct store_error error;
	int upkeep_status; /* of its last step */
	struct store_error upkeep_error;
	struct meta *meta; /* that wait */
	bool meta_failed;  /* the last try; the next comes with a wake */
};

struct meta {
	struct meta *next;
	char *name;
	size_t len;
	uint8_t bytes[];
};

/* Never blocks: the counter is small. */
static void ring(int fd)
{
	uint64_t one = 1;
	ssize_t n = write(fd, &one, sizeof(one));

	assert(n == sizeof(one));
}

/* Rings without the lock: who is woken takes it at once. */
static void commit(struct store_queue *queue)
{
	const struct lease_row *rows = queue->rows;
	struct store_error error = {.text = ""};
	size_t n = queue->n;
	int status;

	pthread_mutex_unlock(&queue->lock);
	status = queue->store->ops->commit(queue->store, rows, n, &error);
	pthread_mutex_lock(&queue->lock);
	queue->status = status;
	if (status < 0)
		queue->error = error;
	queue->slot = SLOT_DONE;
	pthread_mutex_unlock(&queue->lock);
	ring(queue->fd);
	pthread_mutex_lock(&queue->lock);
}

static void free_meta(struct meta *meta)
{
	free(meta->name);
	free(meta);
}

/* Where the value of this name is, or would be. */
static struct meta **find_meta(struct store_queue *queue, const char *name)
{
	struct meta **at = &queue->meta;

	while (*at && strcmp((*at)->name, name) != 0)
		at = &(*at)->next;
	return at;
}

/* Stores the first value that waits. */
static void put_meta(struct store_queue *queue)
{
	struct meta *meta = queue->meta;
	struct store_error error;
	int status;

	queue->meta = meta->next;
	meta->next = NULL;
	pthread_mutex_unlock(&queue->lock);
	status = queue->store->ops->meta_put(queue->store, meta->name, meta->bytes, meta->len,
					     &error);
	pthread_mutex_lock(&queue->lock);
	queue->meta_failed = status < 0;
	struct meta **at = find_meta(queue, meta->name);

	if (status < 0 && !*at)
		*at = meta;
	else
		free_meta(meta);
}

/* A step at a time, so that what is submitted meanwhile does not wait long. */
static bool upkeep(struct store_queue *queue)
{
	const struct store_ops *ops = queue->store->ops;
	struct store_error error;
	bool more;
	int status;

	if (!ops->upkeep)
		return false;
	pthread_mutex_unlock(&queue->lock);
	status = ops->upkeep(queue->store, &more, &error);
	pthread_mutex_lock(&queue->lock);
	queue->upkeep_status = status;
	if (status < 0)
		queue->upkeep_error = error;
	return more;
}

static void *store_thread(void *arg)
{
	struct store_queue *queue = arg;
	bool more = false;

	pthread_mutex_lock(&queue->lock);
	for (;;) {
		if (queue->slot == SLOT_SUBMITTED) {
			commit(queue);
			more = upkeep(queue);
		} else if (queue->meta && !queue->meta_failed) {
			put_meta(queue);
		} else if (queue->stop) {
			break;
		} else if (more) {
			more = upkeep(queue);
		} else {
			pthread_cond_wait(&queue->wake, &queue->lock);
		}
		if (queue->slot == SLOT_SUBMITTED)
			queue->meta_failed = false;
	}
	pthread_mutex_unlock(&queue->lock);
	return NULL;
}

/* Signals are the main thread's. */
static int start_thread(struct store_queue *queue)
{
	sigset_t all, before;
	int error;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	error = pthread_create(&queue->thread, NULL, store_thread, queue);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return error;
}

struct store_queue *store_queue_start(struct store *store)
{
	struct store_queue *queue = mem_new(1, sizeof(*queue));
	int error;

	queue->store = store;
	queue->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (queue->fd < 0) {
		error = errno;
		free(queue);
		errno = error;
		return NULL;
	}
	pthread_mutex_init(&queue->lock, NULL);
	pthread_cond_init(&queue->wake, NULL);
	error = start_thread(queue);
	if (error) {
		store_queue_free(queue);
		errno = error;
		return NULL;
	}
	queue->running = true;
	return queue;
}

int store_queue_fd(const struct store_queue *queue)
{
	return queue->fd;
}

void store_queue_submit(struct store_queue *queue, const struct lease_row *rows, size_t n)
{
	pthread_mutex_lock(&queue->lock);
	assert(queue->slot == SLOT_EMPTY && !queue->stop);
	queue->rows = rows;
	queue->n = n;
	queue->slot = SLOT_SUBMITTED;
	pthread_mutex_unlock(&queue->lock);
	pthread_cond_signal(&queue->wake);
}

void store_queue_put_meta(struct store_queue *queue, const char *name, const void *bytes,
			  size_t len)
{
	struct meta *meta = mem_new(1, sizeof(*meta) + len);

	meta->name = mem_strdup(name);
	meta->len = len;
	if (len)
		memcpy(meta->bytes, bytes, len);
	pthread_mutex_lock(&queue->lock);
	struct meta **at = find_meta(queue, name), *old = *at;

	meta->next = old ? old->next : NULL;
	*at = meta;
	queue->meta_failed = false;
	pthread_mutex_unlock(&queue->lock);
	pthread_cond_signal(&queue->wake);
	if (old)
		free_meta(old);
}

bool store_queue_result(struct store_queue *queue, int *ret_status, struct store_error *ret_error)
{
	uint64_t rung;
	bool done;
	/* Before the slot is looked at, or a result that comes in between would not be told of. */
	ssize_t n = read(queue->fd, &rung, sizeof(rung));

	assert(n == sizeof(rung) || errno == EAGAIN);
	pthread_mutex_lock(&queue->lock);
	done = queue->slot == SLOT_DONE;
	if (done) {
		queue->slot = SLOT_EMPTY;
		*ret_status = queue->status;
		if (queue->status < 0)
			*ret_error = queue->error;
	}
	pthread_mutex_unlock(&queue->lock);
	return done;
}

int store_queue_upkeep(struct store_queue *queue, struct store_error *ret_error)
{
	int status;

	pthread_mutex_lock(&queue->lock);
	status = queue->upkeep_status;
	if (status < 0)
		*ret_error = queue->upkeep_error;
	pthread_mutex_unlock(&queue->lock);
	return status;
}

void store_queue_stop(struct store_queue *queue)
{
	if (!queue->running)
		return;
	pthread_mutex_lock(&queue->lock);
	queue->stop = true;
	pthread_cond_signal(&queue->wake);
	pthread_mutex_unlock(&queue->lock);
	pthread_join(queue->thread, NULL);
	queue->running = false;
}

void store_queue_free(struct store_queue *queue)
{
	if (!queue)
		return;
	store_queue_stop(queue);
	while (queue->meta) {
		struct meta *meta = queue->meta;

		queue->meta = meta->next;
		free_meta(meta);
	}
	pthread_cond_destroy(&queue->wake);
	pthread_mutex_destroy(&queue->lock);
	close(queue->fd);
	free(queue);
}

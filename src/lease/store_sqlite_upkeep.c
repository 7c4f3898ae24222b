/* SPDX-License-Identifier: ISC */
/*
 * What keeps the SQLite store sound and small: writing its log again when it is opened, bringing
 * the log into the database, and giving free pages back to the file system.
 *
 * Linux drops what a failed fsync could not write, and the next one succeeds. What is read from the
 * log then comes from the cache and is not on the disk; leases that are stored behind it would be
 * lost with it in a power cut. So whoever opens the store writes the log's octets once more, before
 * it is used: after a failure of our own, or of the daemon before us.
 *
 * The log is not brought in by commits, which have clients waiting, but after their results were
 * told, and free pages go in steps, so that no commit waits for long. How long the log may become
 * before follows from how long the last time took: SQLite cannot stop in the middle of it.
 */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <time.h>

#include "base/mem.h"
#include "base/text.h"
#include "lease/store_sqlite.h"

enum {
	CHUNK = 64 * 1024,
	/* The log is brought in when it has so many pages, 1 to 16 MiB: a longer one has more pages
	 * that were written again and again, a shorter one takes less time. */
	LOG_PAGES_MIN = 256,
	LOG_PAGES_MAX = 4096,
	BRING_IN_US = 3000,                 /* may take so long; and as long as */
	BRING_IN_COMMITS = 4,               /* so many commits, where the disk is slow */
	LOG_PAGES_LOUD = 2 * LOG_PAGES_MAX, /* this is said */
	STEP_PAGES = 64,                    /* freed at once */
	LOOK_EVERY = 16,                    /* commits */
	FREE_PAGES = 128,                   /* are not worth it; nor is a quarter of the file */
};

static int write_again(sqlite3_file *file, uint8_t *buf)
{
	sqlite3_int64 size;
	int rc = file->pMethods->xFileSize(file, &size);

	for (sqlite3_int64 at = 0; at < size && rc == SQLITE_OK; at += CHUNK) {
		int len = size - at < CHUNK ? (int)(size - at) : CHUNK;

		rc = file->pMethods->xRead(file, buf, len, at);
		if (rc == SQLITE_OK)
			rc = file->pMethods->xWrite(file, buf, len, at);
	}
	if (rc == SQLITE_OK && size > 0)
		rc = file->pMethods->xSync(file, SQLITE_SYNC_NORMAL);
	return rc;
}

int store_sqlite_rewrite_log(struct store_sqlite *store)
{
	sqlite3_file *file = NULL;
	uint8_t *buf;
	/* Nobody else appends meanwhile. */
	int rc = sqlite3_exec(store->db, "BEGIN IMMEDIATE", NULL, NULL, NULL);

	if (rc != SQLITE_OK)
		return rc;
	rc = sqlite3_file_control(store->db, "main", SQLITE_FCNTL_JOURNAL_POINTER, &file);
	buf = mem_new(CHUNK, 1);
	if (rc == SQLITE_OK && file && file->pMethods)
		rc = write_again(file, buf);
	free(buf);
	if (rc == SQLITE_OK)
		rc = sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
	return rc;
}

static int on_commit(void *arg, sqlite3 *db, const char *name, int pages)
{
	struct store_sqlite *store = arg;

	(void)db;
	(void)name;
	/* It was begun anew: all of it had been brought in, and nobody reads it. */
	if (pages < store->log.pages)
		store->log.due = store->log.limit;
	store->log.pages = pages;
	return SQLITE_OK;
}

/* Instead of SQLite's own, which is part of a commit and says nothing when it fails. */
void store_sqlite_watch_log(struct store_sqlite *store)
{
	struct store_log_length *log = &store->log;

	if (!log->limit)
		log->limit = LOG_PAGES_MIN;
	log->pages = 0;
	log->due = log->limit;
	sqlite3_wal_hook(store->db, on_commit, store);
}

static int64_t number(struct store_sqlite *store, const char *sql)
{
	sqlite3_stmt *stmt = NULL;
	int64_t value = 0;

	if (sqlite3_prepare_v2(store->db, sql, -1, &stmt, NULL) == SQLITE_OK &&
	    sqlite3_step(stmt) == SQLITE_ROW)
		value = sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	return value;
}

/* A file made before pages were given back has none to give. */
static bool has_pages_to_free(struct store_sqlite *store)
{
	int64_t pages = number(store, "PRAGMA freelist_count");

	return pages > FREE_PAGES && pages > number(store, "PRAGMA page_count") / 4 &&
	       number(store, "PRAGMA auto_vacuum") == 2;
}

static int free_pages(struct store_sqlite *store)
{
	char sql[64];

	sqlite3_snprintf(sizeof(sql), sql, "PRAGMA incremental_vacuum(%d)", STEP_PAGES);
	return sqlite3_exec(store->db, sql, NULL, NULL, NULL);
}

/* Somebody reads: another time. */
static int unless_busy(int rc)
{
	return rc == SQLITE_BUSY || rc == SQLITE_LOCKED ? SQLITE_OK : rc;
}

int64_t store_sqlite_now_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

/* The log may be longer next time if this was short, and not as long if it was long. */
static void adapt(struct store_log_length *log, int64_t took_us)
{
	int64_t allowed = BRING_IN_US + BRING_IN_COMMITS * log->commit_us;

	if (took_us > allowed)
		log->limit -= log->limit / 4;
	else if (took_us < allowed / 2)
		log->limit += log->limit / 4;
	if (log->limit < LOG_PAGES_MIN)
		log->limit = LOG_PAGES_MIN;
	if (log->limit > LOG_PAGES_MAX)
		log->limit = LOG_PAGES_MAX;
}

/*
 * The file shrinks when the log is brought in after its last page was moved. A reader keeps the log
 * from being begun anew, and what was written since it began from being brought in: what is due
 * next counts from here, until the hook sees it shorter.
 */
static int bring_in(struct store_sqlite *store)
{
	struct store_log_length *log = &store->log;
	int64_t began = store_sqlite_now_us();
	int rc = unless_busy(sqlite3_wal_checkpoint_v2(store->db, "main", SQLITE_CHECKPOINT_PASSIVE,
						       NULL, NULL));

	adapt(log, store_sqlite_now_us() - began);
	log->due = log->pages + log->limit;
	return rc;
}

/* A log that nothing is said about grows until the disk is full. */
static int complain(const struct store_sqlite *store, struct store_error *ret_error)
{
	struct text text;

	if (store->log.pages < LOG_PAGES_LOUD)
		return 0;
	text_init(&text, ret_error->text, sizeof(ret_error->text));
	text_put_str(&text, store->path);
	text_put_str(&text, ": its log has ");
	text_put_i64(&text, store->log.pages);
	text_put_str(&text, " pages and grows, because another program reads the database all the "
			    "time: end that one");
	return -EBUSY;
}

/* One step, bounded. An SQLite result code. */
static int step(struct store_sqlite *store, bool *ret_more)
{
	int rc = SQLITE_OK;

	if (store->log.pages >= store->log.due) {
		rc = bring_in(store);
	} else if (store->freeing) {
		rc = unless_busy(free_pages(store));
		store->freeing = rc == SQLITE_OK && has_pages_to_free(store);
		if (!store->freeing && rc == SQLITE_OK)
			rc = bring_in(store);
	} else if (++store->unlooked >= LOOK_EVERY) {
		store->unlooked = 0;
		store->freeing = has_pages_to_free(store);
	}
	*ret_more = rc == SQLITE_OK && store->freeing;
	return rc;
}

int store_sqlite_upkeep(struct store_sqlite *store, bool *ret_more, struct store_error *ret_error)
{
	int rc = step(store, ret_more);

	return rc == SQLITE_OK ? complain(store, ret_error)
			       : store_sqlite_failed(store, "bring its log in", rc, ret_error);
}

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
 * told, and free pages go in steps, so that no commit waits for long.
 */
#include "config.h"

#include <stdlib.h>

#include "base/mem.h"
#include "lease/store_sqlite.h"

enum {
	CHUNK = 64 * 1024,
	/* Then it is brought in: 4 MiB, some 10 ms. Renewals write the same pages again and again.
	 */
	LOG_PAGES = 1024,
	STEP_PAGES = 64,  /* freed at once */
	LOOK_EVERY = 16,  /* commits */
	FREE_PAGES = 128, /* are not worth it; nor is a quarter of the file */
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
	store->log_pages = pages;
	return SQLITE_OK;
}

/* Instead of SQLite's own, which is part of a commit and says nothing when it fails. */
void store_sqlite_watch_log(struct store_sqlite *store)
{
	store->log_pages = 0;
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

/* The file shrinks when the log is brought in after its last page was moved. */
static int bring_in(struct store_sqlite *store)
{
	store->log_pages = 0;
	return unless_busy(sqlite3_wal_checkpoint_v2(store->db, "main", SQLITE_CHECKPOINT_PASSIVE,
						     NULL, NULL));
}

int store_sqlite_upkeep(struct store_sqlite *store, bool *ret_more)
{
	int rc = SQLITE_OK;

	if (store->log_pages >= LOG_PAGES) {
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

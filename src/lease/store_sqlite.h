/* SPDX-License-Identifier: ISC */
/*
 * The SQLite store from inside: the connection (store_sqlite.c), the rows of leases
 * (store_sqlite_rows.c), and what is said about failures (store_sqlite_error.c).
 */
#ifndef SEXTANT_LEASE_STORE_SQLITE_H
#define SEXTANT_LEASE_STORE_SQLITE_H

#include <sqlite3.h>

#include "lease/store.h"
#include "lease/store_log.h"

enum {
	STORE_NETWORK_CACHE = 64,
};

/* The row id of a network's name, known from before. */
struct store_network {
	char *name; /* NULL: none */
	int64_t id;
};

/* When the log is brought into the database. */
struct store_log_length {
	int pages;         /* as of the last commit */
	int due;           /* it is brought in when it has so many */
	int limit;         /* of one that was begun anew; 0: not known yet */
	int64_t commit_us; /* the last one took so long */
};

struct store_sqlite {
	struct store base;
	char *path;
	int lock_fd; /* keeps other daemons out; -1 before the first use */
	bool opened; /* it was there: from now on, another file in its place is an error */
	struct store_log_length log;
	int unlooked; /* commits since free pages were last counted */
	bool freeing; /* free pages are being given back */
	struct store_log *driver;
	sqlite3 *db; /* NULL after a failure: opened again when it is needed next */
	sqlite3_stmt *begin, *commit, *put, *del, *network_get, *network_put;
	struct store_network networks[STORE_NETWORK_CACHE];
};

/* --- store_sqlite_error.c --- */

/*
 * Says that `doing` ("open it", "store leases") failed with an SQLite result code, and what to do.
 * errno is looked at where SQLite did not keep it. Returns -errno.
 */
int store_sqlite_failed(const struct store_sqlite *store, const char *doing, int rc,
			struct store_error *ret_error);

/* The same for a system call on `path`. */
int store_sqlite_failed_errno(const char *path, const char *doing, int error,
			      struct store_error *ret_error);

/* --- store_sqlite_upkeep.c --- */

/*
 * Writes the log of a connection again and syncs it: what others could not sync may be in the cache
 * only. An SQLite result code.
 */
int store_sqlite_rewrite_log(struct store_sqlite *store);

/* From now on upkeep knows how long the log is; SQLite leaves it alone. */
void store_sqlite_watch_log(struct store_sqlite *store);

/* Monotonic, microseconds. */
int64_t store_sqlite_now_us(void);

/* store_ops.upkeep, on an open connection. What is wrong with the connection ends it. */
int store_sqlite_upkeep(struct store_sqlite *store, bool *ret_more, struct store_error *ret_error);

/* --- store_sqlite_rows.c --- */

/* Prepares the statements of a new connection. An SQLite result code. */
int store_sqlite_prepare(struct store_sqlite *store);
void store_sqlite_unprepare(struct store_sqlite *store);

/* Stores the rows in one transaction. An SQLite result code; the transaction may be left open. */
int store_sqlite_put_rows(struct store_sqlite *store, const struct lease_row *rows, size_t n);

/*
 * Whether a row may stay: one that holds `row`, or, where `what` is not NULL, one that holds no
 * lease and should have that.
 */
typedef bool store_sqlite_judge(void *arg, int64_t id, const struct lease_row *row,
				const char *what);

/*
 * Has each row of table lease judged, those that were changed last first, and removes those that
 * may not stay. An SQLite result code.
 */
int store_sqlite_remove_bad(struct store_sqlite *store, store_sqlite_judge *judge, void *arg);

int store_sqlite_load(struct store_sqlite *store,
		      void (*take)(void *arg, const struct lease_row *row), void *arg,
		      struct store_error *ret_error);

#endif

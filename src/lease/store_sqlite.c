/* SPDX-License-Identifier: ISC */
/*
 * The SQLite store: one file, readable by people with the sqlite3 tool.
 *
 * Write-ahead log, synchronous=FULL: when a commit returns, it is on disk. Others can read it while
 * the daemon runs; a second daemon cannot use it: a lock of our own (flock) is held on the file,
 * which does not meet those that SQLite takes (fcntl).
 *
 * After any failure the connection is closed, and opened again when it is needed next: what the
 * kernel's cache holds after a failed fsync says nothing about the disk, so the log is written
 * again then (store_sqlite_upkeep.c). Whether the transaction that failed is found in the log then
 * is not known; the lease table says all of its rows again in its next batch.
 *
 * The file and its directory belong to the user the daemon runs as: the log is removed and made
 * again whenever the store is closed and opened.
 */
#include "config.h"

#include "lease/store_sqlite.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/text.h"

/* "Sxtn" in the file's header, so that file(1) and we know whose it is. */
#define APPLICATION_ID 0x5378746e
#define SCHEMA         4

/* The key and the leases are nobody else's business. */
#define FILE_MODE 0640

/* How long a commit waits for somebody who writes with the sqlite3 tool, milliseconds. */
#define BUSY_MS 2000

/* For people; without the keys, which are nobody else's business. */
#define VIEW_SQL                                                                               \
	"CREATE VIEW leases AS"                                                                \
	" SELECT lease.id, network.name AS network, kind, address, length, duid, iaid, state," \
	" preferred, valid, datetime(since, 'unixepoch') AS since,"                            \
	" datetime(until, 'unixepoch') AS until, mac, mac_source, hostname, link, via"         \
	" FROM lease JOIN network ON network.id = lease.network;"

static const char schema_sql[] =
	"BEGIN;"
	"PRAGMA application_id = 1400403054;"
	"PRAGMA user_version = 4;"
	"CREATE TABLE meta (name TEXT PRIMARY KEY, value) WITHOUT ROWID;"
	"INSERT INTO meta VALUES ('schema', 4);"
	"CREATE TABLE network (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);"
	"CREATE TABLE lease ("
	" id INTEGER PRIMARY KEY,"
	" network INTEGER NOT NULL REFERENCES network (id),"
	" kind TEXT NOT NULL,"      /* NA, PD or REG */
	" address TEXT NOT NULL,"   /* of a PD: the first of its prefix */
	" length INTEGER NOT NULL," /* of the prefix; NA: 128 */
	" duid TEXT NOT NULL,"      /* 00:03:00:01:... */
	" iaid INTEGER NOT NULL,"
	" state TEXT NOT NULL,"        /* active, released, expired, declined */
	" preferred INTEGER NOT NULL," /* seconds from since; 4294967295: does not end */
	" valid INTEGER NOT NULL,"
	" since INTEGER NOT NULL," /* Unix seconds */
	" until INTEGER,"          /* Unix seconds; NULL: does not end */
	" mac TEXT,"               /* NULL: not known, or the one in the DUID */
	" mac_source TEXT,"        /* frame, relay, duid */
	" hostname TEXT,"          /* NULL: none */
	" reconfigure_key TEXT,"   /* hex; NULL: none */
	" link TEXT," /* the interface where the client is; NULL: no route goes there */
	" via TEXT,"  /* its link-local address, likewise */
	" reconfigure_path TEXT);" /* how a Reconfigure gets there; NULL: not at all */
	VIEW_SQL "COMMIT;";

/* What makes a database of each schema one of the next; the first is that of schema 1. */
static const char *const upgrade_sql[] = {
	"BEGIN;"
	"ALTER TABLE lease ADD COLUMN hostname TEXT;"
	"ALTER TABLE lease ADD COLUMN reconfigure_key TEXT;"
	"DROP VIEW leases;"
	"UPDATE meta SET value = 2 WHERE name = 'schema';"
	"PRAGMA user_version = 2;"
	"COMMIT;",

	/* After the step before there is no view. */
	"BEGIN;"
	"ALTER TABLE lease ADD COLUMN link TEXT;"
	"ALTER TABLE lease ADD COLUMN via TEXT;"
	"DROP VIEW IF EXISTS leases;" VIEW_SQL "UPDATE meta SET value = 3 WHERE name = 'schema';"
	"PRAGMA user_version = 3;"
	"COMMIT;",

	"BEGIN;"
	"ALTER TABLE lease ADD COLUMN reconfigure_path TEXT;"
	"UPDATE meta SET value = 4 WHERE name = 'schema';"
	"PRAGMA user_version = 4;"
	"COMMIT;",
};

static struct store_sqlite *to_sqlite(struct store *store)
{
	return (struct store_sqlite *)store;
}

/* --- the file ------------------------------------------------------------------------------ */

/* The directory part of a path; the caller frees it. */
static char *directory_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *dir;

	if (!slash)
		return mem_strdup(".");
	dir = mem_strdup(slash == path ? "/" : path);
	if (slash != path)
		dir[slash - path] = '\0';
	return dir;
}

/* A new name is on disk only when its directory is. */
static int sync_directory(const char *path)
{
	char *dir = directory_of(path);
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int error = fd < 0 || fsync(fd) < 0 ? errno : 0;

	if (fd >= 0)
		close(fd);
	free(dir);
	return error;
}

/* Makes the file if it is not there: SQLite would make it readable by all. */
static int make_file(const char *path, struct store_error *ret_error)
{
	int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, FILE_MODE);
	int error;

	if (fd < 0 && errno == EEXIST)
		return 0;
	if (fd < 0)
		return store_sqlite_failed_errno(path, "create it", errno, ret_error);
	close(fd);
	error = sync_directory(path);
	return error ? store_sqlite_failed_errno(path, "create it", error, ret_error) : 0;
}

/*
 * Opens the file and locks other daemons out for as long as the descriptor is open. It is closed
 * after the connection only: closing any descriptor of a file ends SQLite's locks on it.
 */
static int lock_file(struct store_sqlite *store, struct store_error *ret_error)
{
	int fd = open(store->path, O_RDWR | O_CLOEXEC);
	int error;

	if (fd < 0)
		return store_sqlite_failed_errno(store->path, "open it", errno, ret_error);
	if (flock(fd, LOCK_EX | LOCK_NB) < 0) {
		error = errno == EWOULDBLOCK ? EBUSY : errno;
		close(fd);
		return store_sqlite_failed_errno(store->path, "lock it", error, ret_error);
	}
	store->lock_fd = fd;
	return 0;
}

/* --- the connection ------------------------------------------------------------------------ */

static void disconnect(struct store_sqlite *store)
{
	store_sqlite_unprepare(store);
	sqlite3_close(store->db);
	store->db = NULL;
}

/* The number that a statement such as "PRAGMA user_version" gives. */
static int get_number(struct store_sqlite *store, const char *sql, int64_t *ret)
{
	sqlite3_stmt *stmt = NULL;
	int rc = sqlite3_prepare_v2(store->db, sql, -1, &stmt, NULL);

	if (rc == SQLITE_OK && (rc = sqlite3_step(stmt)) == SQLITE_ROW) {
		*ret = sqlite3_column_int64(stmt, 0);
		rc = SQLITE_OK;
	}
	sqlite3_finalize(stmt);
	return rc;
}

static int refuse(const struct store_sqlite *store, int64_t schema, struct store_error *ret_error)
{
	struct text text;

	text_init(&text, ret_error->text, sizeof(ret_error->text));
	text_put_str(&text, store->path);
	if (schema < 0) {
		text_put_str(&text, " is a database of another program: name another file in "
				    "server.store");
		return -EINVAL;
	}
	text_put_str(&text, " is schema ");
	text_put_i64(&text, schema);
	text_put_str(&text, ", this sextantd knows ");
	text_put_i64(&text, SCHEMA);
	text_put_str(&text, ": run the sextantd that wrote it, or move the file away to start "
			    "without leases");
	return -EPROTONOSUPPORT;
}

/*
 * Looks whose database it is, before anything in it is changed. *ret_schema: the version of its
 * tables, 0 if it has none yet.
 */
static int check_whose(struct store_sqlite *store, int64_t *ret_schema,
		       struct store_error *ret_error)
{
	int64_t application = 0, schema = 0, tables = 0;
	int rc = get_number(store, "PRAGMA application_id", &application);

	if (rc == SQLITE_OK)
		rc = get_number(store, "PRAGMA user_version", &schema);
	if (rc == SQLITE_OK)
		rc = get_number(store, "SELECT count(*) FROM sqlite_master", &tables);
	if (rc != SQLITE_OK)
		return store_sqlite_failed(store, "open it", rc, ret_error);
	*ret_schema = 0;
	if (application == 0 && schema == 0 && tables == 0 && !store->opened)
		return 0;
	if (application != APPLICATION_ID)
		return refuse(store, -1, ret_error);
	if (schema < 1 || schema > SCHEMA)
		return refuse(store, schema, ret_error);
	*ret_schema = schema;
	return 0;
}

/* Makes the tables in an empty database, and what is new in an older one. */
static int need_tables(struct store_sqlite *store, int64_t schema, struct store_error *ret_error)
{
	const char *doing = schema ? "bring its tables up to date" : "make its tables";
	int rc = SQLITE_OK;

	if (!schema) {
		rc = sqlite3_exec(store->db, schema_sql, NULL, NULL, NULL);
		schema = SCHEMA;
	}
	for (; rc == SQLITE_OK && schema < SCHEMA; schema++)
		rc = sqlite3_exec(store->db, upgrade_sql[schema - 1], NULL, NULL, NULL);
	return rc == SQLITE_OK ? 0 : store_sqlite_failed(store, doing, rc, ret_error);
}

/*
 * SQLite takes a file without a single octet for a new database, and removes the log beside it;
 * which can be all that is left of the leases.
 */
static int check_not_lost(const struct store_sqlite *store, struct store_error *ret_error)
{
	const char *file = sqlite3_db_filename(store->db, "main");
	size_t room = strlen(file) + sizeof("-wal");
	char *name = mem_new(room, 1);
	struct stat st, log;
	struct text text;
	int status = 0;

	text_init(&text, name, room);
	text_put_str(&text, file);
	text_put_str(&text, "-wal");
	if (fstat(store->lock_fd, &st) == 0 && st.st_size == 0 && stat(name, &log) == 0 &&
	    log.st_size > 0) {
		text_init(&text, ret_error->text, sizeof(ret_error->text));
		text_put_str(&text, store->path);
		text_put_str(&text, " is empty, but its log ");
		text_put_str(&text, name);
		text_put_str(&text, " is not: put the database back, or bring out what can be read "
				    "with sextantd --salvage FILE NEW, or remove the log to start "
				    "without leases");
		status = -EBADMSG;
	}
	free(name);
	return status;
}

/* An SQLite without what the log needs keeps another journal, and says so only here. */
static int check_log(struct store_sqlite *store)
{
	sqlite3_stmt *stmt = NULL;
	int rc = sqlite3_prepare_v2(store->db, "PRAGMA journal_mode", -1, &stmt, NULL);

	if (rc == SQLITE_OK && (rc = sqlite3_step(stmt)) == SQLITE_ROW) {
		const char *mode = (const char *)sqlite3_column_text(stmt, 0);

		rc = mode && strcmp(mode, "wal") == 0 ? SQLITE_OK : SQLITE_MISUSE;
	}
	sqlite3_finalize(stmt);
	return rc;
}

static int open_db(struct store_sqlite *store)
{
	int rc = sqlite3_open_v2(store->path, &store->db,
				 SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX,
				 store_log_name(store->driver));

	if (rc == SQLITE_OK)
		rc = sqlite3_extended_result_codes(store->db, 1);
	/* SQLite opens what it cannot write for reading. */
	if (rc == SQLITE_OK && sqlite3_db_readonly(store->db, "main"))
		rc = SQLITE_READONLY;
	return rc == SQLITE_OK ? sqlite3_busy_timeout(store->db, BUSY_MS) : rc;
}

static int use_log(struct store_sqlite *store)
{
	int rc = sqlite3_exec(store->db,
			      "PRAGMA synchronous = FULL;"
			      /* Before there is a first page; later it changes nothing. */
			      "PRAGMA auto_vacuum = INCREMENTAL;"
			      "PRAGMA journal_mode = WAL;"
			      /* What became long while somebody read it is made short again. */
			      "PRAGMA journal_size_limit = 16777216;",
			      NULL, NULL, NULL);

	return rc == SQLITE_OK ? check_log(store) : rc;
}

/* Opens a database that is ours, or that nobody has used yet. */
static int connect_db(struct store_sqlite *store, struct store_error *ret_error)
{
	int rc = open_db(store), status;
	int64_t schema = 0;

	if (rc != SQLITE_OK)
		return store_sqlite_failed(store, "open it", rc, ret_error);
	status = check_not_lost(store, ret_error);
	if (status == 0)
		status = check_whose(store, &schema, ret_error);
	if (status < 0)
		return status;
	rc = use_log(store);
	if (rc != SQLITE_OK)
		return store_sqlite_failed(store, "open it", rc, ret_error);
	return need_tables(store, schema, ret_error);
}

/* Opens the connection if it is not: at first, and again after a failure. */
static int need_db(struct store_sqlite *store, struct store_error *ret_error)
{
	int status = 0, rc;

	if (store->db)
		return 0;
	if (store->lock_fd < 0)
		status = make_file(store->path, ret_error);
	if (status == 0 && store->lock_fd < 0)
		status = lock_file(store, ret_error);
	if (status < 0)
		return status;
	status = connect_db(store, ret_error);
	if (status == 0) {
		rc = store_sqlite_rewrite_log(store);
		if (rc == SQLITE_OK)
			rc = store_sqlite_prepare(store);
		if (rc != SQLITE_OK)
			status = store_sqlite_failed(store, "use its tables", rc, ret_error);
	}
	if (status < 0)
		disconnect(store);
	else
		store_sqlite_watch_log(store);
	store->opened = store->opened || status == 0;
	return status;
}

static int sqlite_open(const char *where, struct store **ret, struct store_error *ret_error)
{
	struct store_sqlite *store = mem_new(1, sizeof(*store));
	/* A name without a directory could mean something else to SQLite (":memory:"). */
	const char *prefix = strchr(where, '/') ? "" : "./";
	size_t room = strlen(where) + sizeof("./");
	struct text path;
	int status;

	store->base.ops = &store_sqlite_ops;
	store->lock_fd = -1;
	store->path = mem_new(room, 1);
	text_init(&path, store->path, room);
	text_put_str(&path, prefix);
	text_put_str(&path, where);
	store->driver = store_log_new();
	status = need_db(store, ret_error);
	if (status == 0)
		*ret = &store->base;
	else
		store_sqlite_ops.close(&store->base);
	return status;
}

static void sqlite_close(struct store *base)
{
	struct store_sqlite *store = to_sqlite(base);

	disconnect(store);
	if (store->lock_fd >= 0)
		close(store->lock_fd);
	store_log_free(store->driver);
	free(store->path);
	free(store);
}

/* --- what is done with it ------------------------------------------------------------------ */

static int sqlite_load(struct store *base, void (*take)(void *arg, const struct lease_row *row),
		       void *arg, struct store_error *ret_error)
{
	struct store_sqlite *store = to_sqlite(base);
	int status = need_db(store, ret_error);

	return status < 0 ? status : store_sqlite_load(store, take, arg, ret_error);
}

static int sqlite_meta_get(struct store *base, const char *name, void *buf, size_t room,
			   struct store_error *ret_error)
{
	struct store_sqlite *store = to_sqlite(base);
	sqlite3_stmt *stmt = NULL;
	int status = need_db(store, ret_error), rc;

	if (status < 0)
		return status;
	rc = sqlite3_prepare_v2(store->db, "SELECT value FROM meta WHERE name = ?", -1, &stmt,
				NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_bind_text(stmt, 1, name, -1, SQLITE_STATIC);
	if (rc == SQLITE_OK && (rc = sqlite3_step(stmt)) == SQLITE_ROW) {
		const void *value = sqlite3_column_blob(stmt, 0);
		size_t len = (size_t)sqlite3_column_bytes(stmt, 0);

		if (len > room)
			len = room;
		if (len > 0)
			memcpy(buf, value, len);
		status = (int)len;
		rc = SQLITE_DONE;
	}
	if (rc != SQLITE_DONE)
		status = store_sqlite_failed(store, "read its settings", rc, ret_error);
	sqlite3_finalize(stmt);
	return status;
}

static int sqlite_meta_put(struct store *base, const char *name, const void *bytes, size_t len,
			   struct store_error *ret_error)
{
	struct store_sqlite *store = to_sqlite(base);
	sqlite3_stmt *stmt = NULL;
	int status = need_db(store, ret_error), rc;

	if (status < 0)
		return status;
	rc = sqlite3_prepare_v2(store->db, "REPLACE INTO meta VALUES (?, ?)", -1, &stmt, NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_bind_text(stmt, 1, name, -1, SQLITE_STATIC);
	if (rc == SQLITE_OK)
		rc = sqlite3_bind_blob64(stmt, 2, bytes, len, SQLITE_STATIC);
	if (rc == SQLITE_OK)
		rc = sqlite3_step(stmt);
	if (rc != SQLITE_DONE)
		status = store_sqlite_failed(store, "store a setting", rc, ret_error);
	sqlite3_finalize(stmt);
	if (status < 0)
		disconnect(store);
	return status;
}

static int sqlite_commit(struct store *base, const struct lease_row *rows, size_t n,
			 struct store_error *ret_error)
{
	struct store_sqlite *store = to_sqlite(base);
	int status = need_db(store, ret_error), rc;
	int64_t began;

	if (status < 0)
		return status;
	began = store_sqlite_now_us();
	rc = store_sqlite_put_rows(store, rows, n);
	store->log.commit_us = store_sqlite_now_us() - began;
	if (rc == SQLITE_OK)
		return 0;
	status = store_sqlite_failed(store, "store leases", rc, ret_error);
	disconnect(store);
	return status;
}

static int sqlite_upkeep(struct store *base, bool *ret_more, struct store_error *ret_error)
{
	struct store_sqlite *store = to_sqlite(base);
	int status;

	*ret_more = false;
	/* The next commit opens it again and, if it cannot, says why. */
	if (!store->db)
		return 0;
	status = store_sqlite_upkeep(store, ret_more, ret_error);
	if (status < 0 && status != -EBUSY)
		disconnect(store);
	return status;
}

const struct store_ops store_sqlite_ops = {
	.scheme = "sqlite",
	.open = sqlite_open,
	.close = sqlite_close,
	.load = sqlite_load,
	.meta_get = sqlite_meta_get,
	.meta_put = sqlite_meta_put,
	.commit = sqlite_commit,
	.upkeep = sqlite_upkeep,
};

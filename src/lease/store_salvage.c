/* SPDX-License-Identifier: ISC */
/*
 * Salvage: records are read from the pages of the damaged file (store_pages.c), told apart by their
 * columns, and put as they are into the tables of a new store. Then each row there is looked at as
 * a start would, those that were changed last first; what is no lease, or contradicts a newer one,
 * is named and removed. So the next start takes all that is left.
 *
 * A network whose name is lost gets a name made of its number, so that its leases are not lost too.
 */
#include "config.h"

#include "lease/store_salvage.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/text.h"
#include "lease/store_pages.h"
#include "lease/store_sqlite.h"

enum {
	META_COLUMNS = 2,
	NETWORK_COLUMNS = 2,
	LEASE_COLUMNS_MIN = 14, /* of schema 1 */
	LEASE_COLUMNS = 19,
};

struct salvage {
	FILE *report;
	struct store_sqlite *store; /* the new one */
	sqlite3_stmt *put_meta, *put_network, *put_lease;
	struct lease_table *taken; /* what a start would take of it */
	size_t settings, left_out;
	int rc; /* the first failure */
};

static void bind_value(sqlite3_stmt *stmt, int column, const struct store_value *value)
{
	switch (value->type) {
	case STORE_NULL:
	case STORE_REAL:
		sqlite3_bind_null(stmt, column);
		break;
	case STORE_INTEGER:
		sqlite3_bind_int64(stmt, column, value->integer);
		break;
	case STORE_TEXT:
		sqlite3_bind_text(stmt, column, (const char *)value->bytes, (int)value->len,
				  SQLITE_STATIC);
		break;
	case STORE_BLOB:
		sqlite3_bind_blob(stmt, column, value->bytes, (int)value->len, SQLITE_STATIC);
		break;
	}
}

/* True if a row was put; what contradicts the table's own rules is not. */
static bool put(struct salvage *salvage, sqlite3_stmt *stmt, const struct store_record *record)
{
	int rc;

	sqlite3_clear_bindings(stmt);
	for (size_t i = 0; i < record->n; i++)
		bind_value(stmt, (int)i + 1, &record->columns[i]);
	/* In a table the first column is the row's number, which is not among its values. */
	if (record->is_row)
		sqlite3_bind_int64(stmt, 1, record->rowid);
	rc = sqlite3_step(stmt);
	sqlite3_reset(stmt);
	if (rc != SQLITE_DONE && rc != SQLITE_CONSTRAINT && salvage->rc == SQLITE_OK)
		salvage->rc = rc;
	return rc == SQLITE_DONE && sqlite3_changes(salvage->store->db) > 0;
}

static void take(void *arg, const struct store_record *record)
{
	struct salvage *salvage = arg;

	if (record->is_row && record->n >= LEASE_COLUMNS_MIN && record->n <= LEASE_COLUMNS) {
		if (!put(salvage, salvage->put_lease, record)) {
			fprintf(salvage->report,
				"row %" PRId64 " is there twice, or not whole: left out\n",
				record->rowid);
			salvage->left_out++;
		}
	} else if (record->is_row && record->n == NETWORK_COLUMNS) {
		put(salvage, salvage->put_network, record);
	} else if (!record->is_row && record->n == META_COLUMNS &&
		   record->columns[0].type == STORE_TEXT && record->columns[1].type == STORE_BLOB) {
		/* The index of networks has numbers there. */
		salvage->settings += put(salvage, salvage->put_meta, record);
	}
}

static bool judge(void *arg, int64_t id, const struct lease_row *row, const char *what)
{
	struct salvage *salvage = arg;
	const char *why;

	if (!what && lease_load(salvage->taken, row, 0, MTIME_NEVER, &why))
		return true;
	salvage->left_out++;
	fprintf(salvage->report, "row %" PRId64 " ", id);
	if (what)
		fprintf(salvage->report, "is not a lease, it should have %s: left out\n", what);
	else
		fprintf(salvage->report, "cannot stand with those that are newer, %s: left out\n",
			why);
	return false;
}

/* --- the new store -------------------------------------------------------------------------- */

static int exec(struct salvage *salvage, const char *sql)
{
	return sqlite3_exec(salvage->store->db, sql, NULL, NULL, NULL);
}

static int64_t number(struct salvage *salvage, const char *sql)
{
	sqlite3_stmt *stmt = NULL;
	int64_t value = 0;

	if (sqlite3_prepare_v2(salvage->store->db, sql, -1, &stmt, NULL) == SQLITE_OK &&
	    sqlite3_step(stmt) == SQLITE_ROW)
		value = sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	return value;
}

/* Its own settings are those of the schema; everything else comes from the old one. */
static int prepare(struct salvage *salvage)
{
	sqlite3 *db = salvage->store->db;
	int rc = exec(salvage, "BEGIN IMMEDIATE");

	if (rc == SQLITE_OK)
		rc = sqlite3_prepare_v2(db, "INSERT OR IGNORE INTO meta VALUES (?, ?)", -1,
					&salvage->put_meta, NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_prepare_v2(db, "INSERT OR IGNORE INTO network VALUES (?, ?)", -1,
					&salvage->put_network, NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_prepare_v2(
			db,
			"INSERT OR IGNORE INTO lease VALUES"
			" (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
			-1, &salvage->put_lease, NULL);
	return rc;
}

static void name_networks(struct salvage *salvage)
{
	static const char sql[] =
		"INSERT OR IGNORE INTO network"
		" SELECT DISTINCT network, 'salvaged-' || network FROM lease"
		" WHERE typeof(network) = 'integer' AND network NOT IN (SELECT id FROM network)";
	static const char lost_sql[] = "SELECT count(*) FROM network WHERE name LIKE 'salvaged-%'";

	salvage->rc = exec(salvage, sql);
	if (number(salvage, lost_sql))
		fprintf(salvage->report,
			"%" PRId64
			" networks have lost their names and are called salvaged-NUMBER: "
			"UPDATE network SET name = 'NAME' WHERE name = 'salvaged-NUMBER'\n",
			number(salvage, lost_sql));
}

static void finish(struct salvage *salvage)
{
	sqlite3_finalize(salvage->put_meta);
	sqlite3_finalize(salvage->put_network);
	sqlite3_finalize(salvage->put_lease);
	if (salvage->rc == SQLITE_OK)
		name_networks(salvage);
	if (salvage->rc == SQLITE_OK)
		salvage->rc = store_sqlite_remove_bad(salvage->store, judge, salvage);
	if (salvage->rc == SQLITE_OK)
		salvage->rc = exec(salvage, "COMMIT");
	/* Closing the store does it too, but would not say that it could not. */
	if (salvage->rc == SQLITE_OK)
		salvage->rc = sqlite3_wal_checkpoint_v2(salvage->store->db, NULL,
							SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
}

static void report(struct salvage *salvage, const char *path, const char *out,
		   const struct store_pages_count *count)
{
	static const char uuid_sql[] = "SELECT count(*) FROM meta WHERE name = 'server-uuid'";

	if (!number(salvage, uuid_sql))
		fputs("the server's DUID is lost: the next start makes another, and clients bind "
		      "anew\n",
		      salvage->report);
	fprintf(salvage->report,
		"%s: %zu pages, %zu of them from its log, %zu damaged, %zu unreadable\n"
		"%s: %" PRId64 " leases of %" PRId64 " networks, and %zu settings; %zu rows left "
		"out\n",
		path, count->pages, count->from_log, count->damaged, count->unreadable, out,
		number(salvage, "SELECT count(*) FROM lease"),
		number(salvage, "SELECT count(*) FROM network"), salvage->settings,
		salvage->left_out);
}

static int bring_out(struct salvage *salvage, int fd, int log_fd, const char *path, const char *out,
		     struct store_error *ret_error)
{
	struct store_pages_count count;
	int status;

	salvage->rc = prepare(salvage);
	status = store_pages_read(fd, log_fd, take, salvage, &count);
	finish(salvage);
	if (status < 0)
		return store_sqlite_failed_errno(path, "read it", -status, ret_error);
	if (salvage->rc != SQLITE_OK)
		return store_sqlite_failed(salvage->store, "write what was read", salvage->rc,
					   ret_error);
	report(salvage, path, out, &count);
	return 0;
}

/* --- files ---------------------------------------------------------------------------------- */

static char *with_suffix(const char *path, const char *suffix)
{
	size_t room = strlen(path) + strlen(suffix) + 1;
	char *name = mem_new(room, 1);
	struct text text;

	text_init(&text, name, room);
	text_put_str(&text, path);
	text_put_str(&text, suffix);
	return name;
}

static const char *const suffixes[] = {"", "-wal", "-shm"};

static bool is_there(const char *out, const char *suffix)
{
	char *name = with_suffix(out, suffix);
	struct stat st;
	bool there = lstat(name, &st) == 0;

	free(name);
	return there;
}

static void remove_out(const char *out)
{
	for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++) {
		char *name = with_suffix(out, suffixes[i]);

		unlink(name);
		free(name);
	}
}

static int check_new(const char *out, struct store_error *ret_error)
{
	struct text text;

	for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++) {
		if (!is_there(out, suffixes[i]))
			continue;
		text_init(&text, ret_error->text, sizeof(ret_error->text));
		text_put_str(&text, out);
		text_put_str(&text, suffixes[i]);
		text_put_str(&text, " is there already: name a file that is not");
		return -EEXIST;
	}
	return 0;
}

/* Its owner is the old one's. */
static int make_out(const char *out, int fd, struct store **ret, struct store_error *ret_error)
{
	char *spec = with_suffix("sqlite:", out);
	int status = store_open(spec, ret, ret_error);
	struct stat st;

	free(spec);
	if (status == 0 && geteuid() == 0 &&
	    (fstat(fd, &st) < 0 || chown(out, st.st_uid, st.st_gid) < 0)) {
		status = store_sqlite_failed_errno(out, "give it its owner", errno, ret_error);
		store_close(*ret);
	}
	return status;
}

/*
 * The log beside a database, which SQLite looks for where the file itself is, not a link to it.
 * *ret_fd -1: there is none.
 */
static int open_log(const char *path, int *ret_fd, struct store_error *ret_error)
{
	char *real = realpath(path, NULL), *name;
	int status = 0;

	*ret_fd = -1;
	if (!real)
		return store_sqlite_failed_errno(path, "open it", errno, ret_error);
	name = with_suffix(real, "-wal");
	*ret_fd = open(name, O_RDONLY | O_CLOEXEC);
	if (*ret_fd < 0 && errno != ENOENT)
		status = store_sqlite_failed_errno(name, "open it", errno, ret_error);
	free(name);
	free(real);
	return status;
}

static int salvage_into(const char *out, const char *path, int fd, int log_fd, FILE *report_to,
			struct store_error *ret_error)
{
	static const struct siphash_key key;
	struct store *store = NULL;
	int status = check_new(out, ret_error);

	if (status < 0)
		return status;
	status = make_out(out, fd, &store, ret_error);
	if (status == 0) {
		struct salvage salvage = {.report = report_to,
					  .store = (struct store_sqlite *)store,
					  .taken = lease_table_new(&key)};

		status = bring_out(&salvage, fd, log_fd, path, out, ret_error);
		lease_table_free(salvage.taken);
		store_close(store);
	}
	if (status < 0)
		remove_out(out);
	return status;
}

int store_salvage(const char *path, const char *out, FILE *report_to, struct store_error *ret_error)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), log_fd = -1, status;

	if (fd < 0)
		return store_sqlite_failed_errno(path, "open it", errno, ret_error);
	if (flock(fd, LOCK_EX | LOCK_NB) < 0)
		status = store_sqlite_failed_errno(path, "lock it",
						   errno == EWOULDBLOCK ? EBUSY : errno, ret_error);
	else
		status = open_log(path, &log_fd, ret_error);
	if (status == 0)
		status = salvage_into(out, path, fd, log_fd, report_to, ret_error);
	close(fd);
	if (log_fd >= 0)
		close(log_fd);
	return status;
}

/* SPDX-License-Identifier: ISC */
/*
 * Failures of the SQLite store in words for the operator: which file, what is wrong, what to do.
 */
#include "config.h"

#include <errno.h>
#include <string.h>

#include "base/text.h"
#include "lease/store_sqlite.h"

/* What a failure means to us; rows of `advice`. */
enum failure {
	FAILED_BUSY,
	FAILED_FULL,
	FAILED_READ_ONLY,
	FAILED_PERMISSION,
	FAILED_MISSING,
	FAILED_DAMAGED,
	FAILED_MEMORY,
	FAILED_FILES,
	FAILED_IO,
	FAILED_OTHER,
};

static const struct {
	int error;
	const char *what;
	const char *advice;
} advice[] = {
	[FAILED_BUSY] = {EBUSY, "another sextantd is using it, or another program has it open",
			 "stop that one, or name another file in server.store"},
	[FAILED_FULL] = {ENOSPC, "there is no space left on its disk",
			 "free some; leases are stored again as soon as there is"},
	[FAILED_READ_ONLY] =
		{EROFS, "it, or its file system, is read-only",
		 "make the file, its -wal and -shm, and its directory writable for sextantd's user"},
	[FAILED_PERMISSION] = {EACCES, "permission denied",
			       "the file and its directory must belong to sextantd's user"},
	[FAILED_MISSING] = {ENOENT, "it, or its directory, does not exist",
			    "create the directory, or put the file back"},
	[FAILED_DAMAGED] =
		{EBADMSG, "it is damaged, or not an SQLite database",
		 "bring out what can be read with sextantd --salvage FILE NEW, or put back a "
		 "copy of it and remove the -wal file beside it"},
	[FAILED_MEMORY] = {ENOMEM, "out of memory", "give sextantd more"},
	[FAILED_FILES] = {EMFILE, "too many files and sockets are open",
			  "raise the limit of sextantd's descriptors (LimitNOFILE=, ulimit -n)"},
	[FAILED_IO] = {EIO, "the disk failed", "look at the kernel's log, and check the disk"},
	[FAILED_OTHER] = {EIO, "SQLite failed", "see the reason in parentheses"},
};

static enum failure failure_of_errno(int error)
{
	switch (error) {
	case ENOSPC:
	case EDQUOT:
	case EFBIG:
		return FAILED_FULL;
	case EROFS:
		return FAILED_READ_ONLY;
	case EACCES:
	case EPERM:
		return FAILED_PERMISSION;
	case ENOENT:
	case ENOTDIR:
		return FAILED_MISSING;
	case ENOMEM:
		return FAILED_MEMORY;
	case EMFILE:
	case ENFILE:
		return FAILED_FILES;
	case EBUSY:
		return FAILED_BUSY;
	default:
		return FAILED_IO;
	}
}

static enum failure failure_of(int rc, int error)
{
	switch (rc & 0xff) {
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return FAILED_BUSY;
	case SQLITE_FULL:
		return FAILED_FULL;
	case SQLITE_READONLY:
		return FAILED_READ_ONLY;
	case SQLITE_PERM:
	case SQLITE_AUTH:
		return FAILED_PERMISSION;
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return FAILED_DAMAGED;
	case SQLITE_NOMEM:
		return FAILED_MEMORY;
	case SQLITE_CANTOPEN:
	case SQLITE_IOERR:
		return error ? failure_of_errno(error) : FAILED_IO;
	default:
		return FAILED_OTHER;
	}
}

static int say(const char *path, const char *doing, enum failure failure, const char *reason,
	       struct store_error *ret_error)
{
	struct text text;

	text_init(&text, ret_error->text, sizeof(ret_error->text));
	text_put_str(&text, path);
	text_put_str(&text, ": cannot ");
	text_put_str(&text, doing);
	text_put_str(&text, ": ");
	text_put_str(&text, advice[failure].what);
	text_put_str(&text, " (");
	text_put_str(&text, reason);
	text_put_str(&text, "): ");
	text_put_str(&text, advice[failure].advice);
	return -advice[failure].error;
}

int store_sqlite_failed(const struct store_sqlite *store, const char *doing, int rc,
			struct store_error *ret_error)
{
	int said = errno, kept = store->db ? sqlite3_system_errno(store->db) : 0;
	int error = kept ? kept : said;
	enum failure failure = failure_of(rc, error);
	struct store_error reason;
	struct text text;

	text_init(&text, reason.text, sizeof(reason.text));
	text_put_str(&text, store->db ? sqlite3_errmsg(store->db) : sqlite3_errstr(rc));
	if (error && (rc & 0xff) == SQLITE_IOERR) {
		text_put_str(&text, ", ");
		text_put_str(&text, strerror(error));
	}
	return say(store->path, doing, failure, reason.text, ret_error);
}

int store_sqlite_failed_errno(const char *path, const char *doing, int error,
			      struct store_error *ret_error)
{
	return say(path, doing, failure_of_errno(error), strerror(error), ret_error);
}

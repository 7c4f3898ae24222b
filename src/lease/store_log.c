/* SPDX-License-Identifier: ISC */
/*
 * SQLite writes a log frame by frame, two system calls each, behind the end of the file; the sync
 * that follows has to bring the file's new size and its new blocks to the disk as well, which the
 * file system does in a transaction of its own. That is most of what a small commit costs.
 *
 * Here what is written one behind the other is gathered and written in one call before anything
 * else happens to the file: a sync, a read, a look at its size. And a file that has to grow grows
 * by more than is needed, in zeros that are really written, so that most syncs find the blocks
 * there. Zeros are no frames: recovery stops at them as it does at what is left of an older log.
 *
 * SQLite tells other connections of frames after they were synced, so nobody looks for what is
 * still held here. What fails later than SQLite asked for it fails the sync, and with it the
 * commit.
 */
#include "config.h"

#include "lease/store_log.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum {
	/* Octets. SQLite's own driver takes no 128 KiB at once. */
	GATHER = 127 * 1024,
	/* The file grows by half of what it has, within these: who commits little has a small one.
	 */
	GROW_MIN = 32 * 1024,
	GROW_MAX = 512 * 1024,
	ZEROS = 16 * 1024,
};

struct store_log {
	sqlite3_vfs vfs; /* known to SQLite */
	sqlite3_vfs *real;
	char name[32];
};

/* An open log. SQLite gives the memory for it: what is behind it is the real file. */
struct log_file {
	sqlite3_file base;
	sqlite3_file *real;
	sqlite3_int64 size; /* of the real file */
	sqlite3_int64 at;   /* where what is gathered belongs */
	size_t gathered;
	size_t room;
	uint8_t *bytes;
};

/* Where the real file begins in the memory that SQLite gives. */
static size_t real_offset(void)
{
	return (sizeof(struct log_file) + 15) / 16 * 16;
}

static struct log_file *log_of(sqlite3_file *file)
{
	return (struct log_file *)file;
}

/* --- writing -------------------------------------------------------------------------------- */

/* Makes the file larger ahead of need. That it cannot be is no failure: the next write will say. */
static void grow(struct log_file *log)
{
	static const uint8_t zeros[ZEROS];
	sqlite3_int64 more = log->size / 2;

	if (more < GROW_MIN)
		more = GROW_MIN;
	if (more > GROW_MAX)
		more = GROW_MAX;
	for (; more > 0; more -= ZEROS) {
		int len = more < ZEROS ? (int)more : ZEROS;

		if (log->real->pMethods->xWrite(log->real, zeros, len, log->size) != SQLITE_OK)
			return;
		log->size += len;
	}
}

static int write_through(struct log_file *log, const void *buf, int len, sqlite3_int64 at)
{
	int rc = log->real->pMethods->xWrite(log->real, buf, len, at);

	if (rc != SQLITE_OK || at + len <= log->size)
		return rc;
	log->size = at + len;
	grow(log);
	return SQLITE_OK;
}

/* Whatever becomes of it, nothing is held afterwards: who failed starts over. */
static int flush(struct log_file *log)
{
	int len = (int)log->gathered;

	if (!len)
		return SQLITE_OK;
	log->gathered = 0;
	return write_through(log, log->bytes, len, log->at);
}

static int log_write(sqlite3_file *file, const void *buf, int len, sqlite3_int64 at)
{
	struct log_file *log = log_of(file);
	size_t n = (size_t)len;
	int rc = SQLITE_OK;

	if (at != log->at + (sqlite3_int64)log->gathered || log->gathered + n > GATHER)
		rc = flush(log);
	if (rc != SQLITE_OK)
		return rc;
	if (n > GATHER)
		return write_through(log, buf, len, at);
	if (!log->gathered)
		log->at = at;
	log->bytes = mem_grow(log->bytes, &log->room, log->gathered + n, 1);
	memcpy(log->bytes + log->gathered, buf, n);
	log->gathered += n;
	return SQLITE_OK;
}

/* --- everything else, which finds the file as it should be ---------------------------------- */

static int log_read(sqlite3_file *file, void *buf, int len, sqlite3_int64 at)
{
	struct log_file *log = log_of(file);
	int rc = flush(log);

	return rc == SQLITE_OK ? log->real->pMethods->xRead(log->real, buf, len, at) : rc;
}

static int log_sync(sqlite3_file *file, int flags)
{
	struct log_file *log = log_of(file);
	int rc = flush(log);

	return rc == SQLITE_OK ? log->real->pMethods->xSync(log->real, flags) : rc;
}

static int log_size(sqlite3_file *file, sqlite3_int64 *ret)
{
	struct log_file *log = log_of(file);
	int rc = flush(log);

	return rc == SQLITE_OK ? log->real->pMethods->xFileSize(log->real, ret) : rc;
}

static int log_truncate(sqlite3_file *file, sqlite3_int64 size)
{
	struct log_file *log = log_of(file);
	int rc = flush(log);

	if (rc == SQLITE_OK)
		rc = log->real->pMethods->xTruncate(log->real, size);
	if (rc == SQLITE_OK)
		log->size = size;
	return rc;
}

static int log_lock(sqlite3_file *file, int lock)
{
	return log_of(file)->real->pMethods->xLock(log_of(file)->real, lock);
}

static int log_unlock(sqlite3_file *file, int lock)
{
	return log_of(file)->real->pMethods->xUnlock(log_of(file)->real, lock);
}

static int log_check_reserved(sqlite3_file *file, int *ret)
{
	return log_of(file)->real->pMethods->xCheckReservedLock(log_of(file)->real, ret);
}

static int log_control(sqlite3_file *file, int op, void *arg)
{
	return log_of(file)->real->pMethods->xFileControl(log_of(file)->real, op, arg);
}

static int log_sector_size(sqlite3_file *file)
{
	return log_of(file)->real->pMethods->xSectorSize(log_of(file)->real);
}

static int log_characteristics(sqlite3_file *file)
{
	return log_of(file)->real->pMethods->xDeviceCharacteristics(log_of(file)->real);
}

static int log_close(sqlite3_file *file)
{
	struct log_file *log = log_of(file);

	/* What is still held was never synced: it is of a transaction that did not end. */
	free(log->bytes);
	return log->real->pMethods->xClose(log->real);
}

static const sqlite3_io_methods log_methods = {
	.iVersion = 1,
	.xClose = log_close,
	.xRead = log_read,
	.xWrite = log_write,
	.xTruncate = log_truncate,
	.xSync = log_sync,
	.xFileSize = log_size,
	.xLock = log_lock,
	.xUnlock = log_unlock,
	.xCheckReservedLock = log_check_reserved,
	.xFileControl = log_control,
	.xSectorSize = log_sector_size,
	.xDeviceCharacteristics = log_characteristics,
};

/* --- the driver ------------------------------------------------------------------------------ */

static sqlite3_vfs *real_of(sqlite3_vfs *vfs)
{
	return ((struct store_log *)vfs)->real;
}

static int open_log(sqlite3_vfs *real, const char *name, struct log_file *log, int flags,
		    int *ret_flags)
{
	int rc;

	*log = (struct log_file){.real = (sqlite3_file *)((uint8_t *)log + real_offset())};
	rc = real->xOpen(real, name, log->real, flags, ret_flags);
	if (rc == SQLITE_OK)
		rc = log->real->pMethods->xFileSize(log->real, &log->size);
	/* SQLite closes what has methods, whether the opening failed or not. */
	if (log->real->pMethods)
		log->base.pMethods = &log_methods;
	return rc;
}

static int vfs_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags,
		    int *ret_flags)
{
	sqlite3_vfs *real = real_of(vfs);

	if (flags & SQLITE_OPEN_WAL)
		return open_log(real, name, log_of(file), flags, ret_flags);
	return real->xOpen(real, name, file, flags, ret_flags);
}

static int vfs_delete(sqlite3_vfs *vfs, const char *name, int sync)
{
	return real_of(vfs)->xDelete(real_of(vfs), name, sync);
}

static int vfs_access(sqlite3_vfs *vfs, const char *name, int flags, int *ret)
{
	return real_of(vfs)->xAccess(real_of(vfs), name, flags, ret);
}

static int vfs_full_name(sqlite3_vfs *vfs, const char *name, int room, char *ret)
{
	return real_of(vfs)->xFullPathname(real_of(vfs), name, room, ret);
}

static int vfs_randomness(sqlite3_vfs *vfs, int len, char *ret)
{
	return real_of(vfs)->xRandomness(real_of(vfs), len, ret);
}

static int vfs_sleep(sqlite3_vfs *vfs, int us)
{
	return real_of(vfs)->xSleep(real_of(vfs), us);
}

static int vfs_time(sqlite3_vfs *vfs, double *ret)
{
	return real_of(vfs)->xCurrentTime(real_of(vfs), ret);
}

static int vfs_last_error(sqlite3_vfs *vfs, int room, char *ret)
{
	return real_of(vfs)->xGetLastError ? real_of(vfs)->xGetLastError(real_of(vfs), room, ret)
					   : 0;
}

struct store_log *store_log_new(void)
{
	sqlite3_vfs *real = sqlite3_vfs_find(NULL);
	struct store_log *log;

	if (!real)
		return NULL;
	log = mem_new(1, sizeof(*log));
	log->real = real;
	/* Each has its own, since it goes with its connections. */
	sqlite3_snprintf(sizeof(log->name), log->name, "sextant-%p", (void *)log);
	log->vfs = (sqlite3_vfs){
		.iVersion = 1,
		.szOsFile = (int)real_offset() + real->szOsFile,
		.mxPathname = real->mxPathname,
		.zName = log->name,
		.xOpen = vfs_open,
		.xDelete = vfs_delete,
		.xAccess = vfs_access,
		.xFullPathname = vfs_full_name,
		.xRandomness = vfs_randomness,
		.xSleep = vfs_sleep,
		.xCurrentTime = vfs_time,
		.xGetLastError = vfs_last_error,
	};
	if (sqlite3_vfs_register(&log->vfs, /* makeDflt= */ 0) == SQLITE_OK)
		return log;
	free(log);
	return NULL;
}

const char *store_log_name(const struct store_log *log)
{
	return log->name;
}

void store_log_free(struct store_log *log)
{
	if (!log)
		return;
	sqlite3_vfs_unregister(&log->vfs);
	free(log);
}

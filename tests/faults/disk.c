/* SPDX-License-Identifier: ISC */
/*
 * The disk in memory as an SQLite VFS. A path's ending says which of three files it is; its
 * directory is not looked at. Locks are those SQLite needs between connections of one process.
 */
#include "config.h"

#include "disk.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum { WRITE_MAX = 4096 };

struct disk_handle {
	sqlite3_file base;
	struct disk *disk;
	enum disk_name name;
	int lock;                  /* SQLITE_LOCK_... */
	bool is_new;               /* made, and not yet synced */
	uint8_t shared, exclusive; /* a bit for each slot of the index that it holds */
};

static struct disk_handle *handle_of(sqlite3_file *file)
{
	return (struct disk_handle *)file;
}

static struct disk_file *file_of(sqlite3_file *file)
{
	return &handle_of(file)->disk->files[handle_of(file)->name];
}

/* --- contents ------------------------------------------------------------------------------- */

static void resize(struct disk_file *file, size_t size)
{
	file->bytes = mem_grow(file->bytes, &file->cap, size, 1);
	if (size > file->size)
		memset(file->bytes + file->size, 0, size - file->size);
	file->size = size;
}

void disk_apply(struct disk_file *file, const struct disk_op *op, size_t len)
{
	switch (op->kind) {
	case DISK_WRITE:
		file->exists = true;
		if (file->size < op->offset + len)
			resize(file, op->offset + len);
		if (len > 0)
			memcpy(file->bytes + op->offset, op->bytes, len);
		break;
	case DISK_TRUNCATE:
		if (file->size > op->offset)
			resize(file, op->offset);
		break;
	case DISK_REMOVE:
		file->exists = false;
		file->size = 0;
		break;
	case DISK_SYNC:
	case DISK_SYNC_DIR:
	case DISK_SYNC_FAILED:
		break;
	}
}

void disk_copy(struct disk_file *to, const struct disk_file *from)
{
	to->exists = from->exists;
	to->size = 0;
	resize(to, from->size);
	if (from->size > 0)
		memcpy(to->bytes, from->bytes, from->size);
}

static void record(struct disk *disk, struct disk_op op)
{
	disk_apply(&disk->files[op.name], &op, op.len);
	if (!disk->recording)
		return;
	if (op.len > 0) {
		const void *bytes = op.bytes;

		op.bytes = mem_new(op.len, 1);
		memcpy(op.bytes, bytes, op.len);
	}
	disk->ops = mem_grow(disk->ops, &disk->cap_ops, disk->n_ops + 1, sizeof(*disk->ops));
	disk->ops[disk->n_ops++] = op;
}

/* --- a file --------------------------------------------------------------------------------- */

static int file_close(sqlite3_file *base)
{
	struct disk *disk = handle_of(base)->disk;

	for (size_t i = 0; i < DISK_OPEN_MAX; i++) {
		if (disk->handles[i] == handle_of(base))
			disk->handles[i] = NULL;
	}
	return SQLITE_OK;
}

static int file_read(sqlite3_file *base, void *buf, int len, sqlite3_int64 offset)
{
	const struct disk_file *file = file_of(base);
	size_t at = (size_t)offset, n = (size_t)len;
	size_t there = at >= file->size ? 0 : file->size - at;

	if (there > n)
		there = n;
	if (there > 0)
		memcpy(buf, file->bytes + at, there);
	memset((uint8_t *)buf + there, 0, n - there);
	return there == n ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}

/* A disk may do the parts of one write in any order: each is an operation. */
static int file_write(sqlite3_file *base, const void *buf, int len, sqlite3_int64 offset)
{
	struct disk_handle *handle = handle_of(base);
	struct disk_op op = {.kind = DISK_WRITE, .name = handle->name};
	size_t n = (size_t)len;

	if (handle->disk->frozen)
		return SQLITE_IOERR_WRITE;
	op.bytes = mem_new(n, 1);
	for (size_t at = 0; at < n; at += op.len) {
		op.offset = (size_t)offset + at;
		op.len = n - at < WRITE_MAX ? n - at : WRITE_MAX;
		memcpy(op.bytes, (const uint8_t *)buf + at, op.len);
		record(handle->disk, op);
	}
	free(op.bytes);
	return SQLITE_OK;
}

static int file_truncate(sqlite3_file *base, sqlite3_int64 size)
{
	struct disk_handle *handle = handle_of(base);

	if (handle->disk->frozen)
		return SQLITE_IOERR_TRUNCATE;
	record(handle->disk, (struct disk_op){.kind = DISK_TRUNCATE,
					      .name = handle->name,
					      .offset = (size_t)size});
	return SQLITE_OK;
}

static int file_sync(sqlite3_file *base, int flags)
{
	struct disk_handle *handle = handle_of(base);
	struct disk *disk = handle->disk;
	bool fails;

	(void)flags;
	if (disk->frozen)
		return SQLITE_IOERR_FSYNC;
	disk->syncs++;
	fails = disk->fail_first != 0 && disk->syncs >= disk->fail_first &&
		disk->syncs - disk->fail_first < disk->fail_count;
	record(disk, (struct disk_op){.kind = fails ? DISK_SYNC_FAILED : DISK_SYNC,
				      .name = handle->name});
	if (fails)
		return SQLITE_IOERR_FSYNC;
	/* With a new journal or log, SQLite's own driver syncs the directory too. */
	if (handle->is_new && handle->name != DISK_DB)
		record(disk, (struct disk_op){.kind = DISK_SYNC_DIR, .name = handle->name});
	handle->is_new = false;
	return SQLITE_OK;
}

static int file_size(sqlite3_file *base, sqlite3_int64 *ret)
{
	*ret = (sqlite3_int64)file_of(base)->size;
	return SQLITE_OK;
}

/* Whether another connection has the database locked at least so. */
static bool others_hold(const struct disk_handle *handle, int lock)
{
	for (size_t i = 0; i < DISK_OPEN_MAX; i++) {
		const struct disk_handle *other = handle->disk->handles[i];

		if (other && other != handle && other->name == handle->name && other->lock >= lock)
			return true;
	}
	return false;
}

static int file_lock(sqlite3_file *base, int lock)
{
	struct disk_handle *handle = handle_of(base);
	int against = lock == SQLITE_LOCK_SHARED     ? SQLITE_LOCK_PENDING
		      : lock == SQLITE_LOCK_RESERVED ? SQLITE_LOCK_RESERVED
						     : SQLITE_LOCK_SHARED;

	if (lock <= handle->lock)
		return SQLITE_OK;
	if (others_hold(handle, against))
		return SQLITE_BUSY;
	handle->lock = lock;
	return SQLITE_OK;
}

static int file_unlock(sqlite3_file *base, int lock)
{
	if (lock < handle_of(base)->lock)
		handle_of(base)->lock = lock;
	return SQLITE_OK;
}

static int file_check_reserved(sqlite3_file *base, int *ret)
{
	*ret = handle_of(base)->lock >= SQLITE_LOCK_RESERVED ||
	       others_hold(handle_of(base), SQLITE_LOCK_RESERVED);
	return SQLITE_OK;
}

static int file_control(sqlite3_file *base, int op, void *arg)
{
	(void)base;
	(void)op;
	(void)arg;
	return SQLITE_NOTFOUND;
}

static int file_sector_size(sqlite3_file *base)
{
	(void)base;
	return 512;
}

/* As SQLite assumes of every disk on Unix. */
static int file_characteristics(sqlite3_file *base)
{
	(void)base;
	return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

/* --- the log's index ------------------------------------------------------------------------ */

static int shm_map(sqlite3_file *base, int region, int size, int extend, void volatile **ret)
{
	void **at = &handle_of(base)->disk->regions[region];

	if (!*at && extend)
		*at = mem_new((size_t)size, 1);
	*ret = *at;
	return SQLITE_OK;
}

static int shm_lock(sqlite3_file *base, int offset, int n, int flags)
{
	struct disk_handle *handle = handle_of(base);
	uint8_t bits = (uint8_t)(((1U << n) - 1U) << offset), shared = 0, exclusive = 0;

	if (flags & SQLITE_SHM_UNLOCK) {
		handle->shared &= (uint8_t)~bits;
		handle->exclusive &= (uint8_t)~bits;
		return SQLITE_OK;
	}
	for (size_t i = 0; i < DISK_OPEN_MAX; i++) {
		const struct disk_handle *other = handle->disk->handles[i];

		if (other && other != handle) {
			shared |= other->shared;
			exclusive |= other->exclusive;
		}
	}
	if (exclusive & bits || (flags & SQLITE_SHM_EXCLUSIVE && shared & bits))
		return SQLITE_BUSY;
	if (flags & SQLITE_SHM_EXCLUSIVE)
		handle->exclusive |= bits;
	else
		handle->shared |= bits;
	return SQLITE_OK;
}

static void shm_barrier(sqlite3_file *base)
{
	(void)base;
}

static void drop_regions(struct disk *disk)
{
	for (size_t i = 0; i < DISK_REGIONS; i++) {
		free(disk->regions[i]);
		disk->regions[i] = NULL;
	}
}

/* The index goes with its last user, as the file does. */
static int shm_unmap(sqlite3_file *base, int remove)
{
	(void)remove;
	for (size_t i = 0; i < DISK_OPEN_MAX; i++) {
		const struct disk_handle *other = handle_of(base)->disk->handles[i];

		if (other && other != handle_of(base) && other->name == DISK_DB)
			return SQLITE_OK;
	}
	drop_regions(handle_of(base)->disk);
	return SQLITE_OK;
}

static const sqlite3_io_methods methods = {
	.iVersion = 2,
	.xClose = file_close,
	.xRead = file_read,
	.xWrite = file_write,
	.xTruncate = file_truncate,
	.xSync = file_sync,
	.xFileSize = file_size,
	.xLock = file_lock,
	.xUnlock = file_unlock,
	.xCheckReservedLock = file_check_reserved,
	.xFileControl = file_control,
	.xSectorSize = file_sector_size,
	.xDeviceCharacteristics = file_characteristics,
	.xShmMap = shm_map,
	.xShmLock = shm_lock,
	.xShmBarrier = shm_barrier,
	.xShmUnmap = shm_unmap,
};

/* --- the disk ------------------------------------------------------------------------------- */

static bool ends_with(const char *s, const char *end)
{
	size_t len = strlen(s), n = strlen(end);

	return len >= n && strcmp(s + len - n, end) == 0;
}

static enum disk_name name_of(const char *path)
{
	if (ends_with(path, "-wal"))
		return DISK_WAL;
	return ends_with(path, "-journal") ? DISK_JOURNAL : DISK_DB;
}

static int disk_open(sqlite3_vfs *vfs, const char *path, sqlite3_file *base, int flags,
		     int *ret_flags)
{
	struct disk *disk = vfs->pAppData;
	struct disk_handle *handle = handle_of(base);

	base->pMethods = NULL;
	if (!path)
		return SQLITE_CANTOPEN;
	for (size_t i = 0; i < DISK_OPEN_MAX; i++) {
		if (disk->handles[i])
			continue;
		*handle = (struct disk_handle){
			.base.pMethods = &methods, .disk = disk, .name = name_of(path)};
		handle->is_new = !disk->files[handle->name].exists;
		disk->handles[i] = handle;
		disk->files[handle->name].exists = true;
		if (ret_flags)
			*ret_flags = flags;
		return SQLITE_OK;
	}
	return SQLITE_CANTOPEN;
}

static int disk_delete(sqlite3_vfs *vfs, const char *path, int sync_dir)
{
	struct disk *disk = vfs->pAppData;
	enum disk_name name = name_of(path);

	if (disk->frozen)
		return SQLITE_IOERR_DELETE;
	if (!disk->files[name].exists)
		return SQLITE_IOERR_DELETE_NOENT;
	record(disk, (struct disk_op){.kind = DISK_REMOVE, .name = name});
	if (sync_dir)
		record(disk, (struct disk_op){.kind = DISK_SYNC_DIR, .name = name});
	return SQLITE_OK;
}

static int disk_access(sqlite3_vfs *vfs, const char *path, int flags, int *ret)
{
	const struct disk *disk = vfs->pAppData;
	const struct disk_file *file = &disk->files[name_of(path)];

	*ret = file->exists && (flags != SQLITE_ACCESS_EXISTS || file->size > 0);
	return SQLITE_OK;
}

static int disk_full_path(sqlite3_vfs *vfs, const char *path, int room, char *ret)
{
	(void)vfs;
	sqlite3_snprintf(room, ret, "%s", path);
	return SQLITE_OK;
}

static int disk_randomness(sqlite3_vfs *vfs, int n, char *buf)
{
	const struct disk *disk = vfs->pAppData;

	return disk->real->xRandomness(disk->real, n, buf);
}

/* Nobody waits here: a busy time-out is over at once. */
static int disk_sleep(sqlite3_vfs *vfs, int us)
{
	(void)vfs;
	return us;
}

static int disk_time(sqlite3_vfs *vfs, double *ret)
{
	const struct disk *disk = vfs->pAppData;

	return disk->real->xCurrentTime(disk->real, ret);
}

static int disk_last_error(sqlite3_vfs *vfs, int len, char *buf)
{
	(void)vfs;
	if (len > 0)
		buf[0] = '\0';
	return 0;
}

void disk_init(struct disk *disk)
{
	*disk = (struct disk){.recording = true, .real = sqlite3_vfs_find("unix")};
	disk->vfs = (sqlite3_vfs){
		.iVersion = 1,
		.szOsFile = (int)sizeof(struct disk_handle),
		.mxPathname = 512,
		.zName = "disk",
		.pAppData = disk,
		.xOpen = disk_open,
		.xDelete = disk_delete,
		.xAccess = disk_access,
		.xFullPathname = disk_full_path,
		.xRandomness = disk_randomness,
		.xSleep = disk_sleep,
		.xCurrentTime = disk_time,
		.xGetLastError = disk_last_error,
	};
	sqlite3_vfs_register(&disk->vfs, /* default */ 1);
}

void disk_fini(struct disk *disk)
{
	sqlite3_vfs_unregister(&disk->vfs);
	drop_regions(disk);
	for (size_t i = 0; i < disk->n_ops; i++)
		free(disk->ops[i].bytes);
	free(disk->ops);
	for (size_t i = 0; i < DISK_NAMES; i++)
		free(disk->files[i].bytes);
}

/* --- after a power cut ---------------------------------------------------------------------- */

/* The last of the pending operations of this name that is to be on the disk now; 0: none. */
static size_t settled(const struct disk_platter *platter, const struct disk *disk,
		      const struct disk_op *sync, enum disk_name name)
{
	size_t last = 0;

	for (size_t i = 0; i < platter->n_pending; i++) {
		const struct disk_op *op = &disk->ops[platter->pending[i]];

		if (op->name != name)
			continue;
		if (sync->kind == DISK_SYNC_DIR ? op->kind == DISK_REMOVE : sync->name == name)
			last = i + 1;
	}
	return last;
}

static void settle(struct disk_platter *platter, const struct disk *disk,
		   const struct disk_op *sync)
{
	size_t last[DISK_NAMES], n = 0;

	for (enum disk_name name = DISK_DB; name < DISK_NAMES; name++)
		last[name] = settled(platter, disk, sync, name);
	for (size_t i = 0; i < platter->n_pending; i++) {
		const struct disk_op *op = &disk->ops[platter->pending[i]];

		if (i >= last[op->name])
			platter->pending[n++] = platter->pending[i];
		else if (sync->kind != DISK_SYNC_FAILED)
			disk_apply(&platter->synced[op->name], op, op->len);
	}
	platter->n_pending = n;
}

void disk_platter_pass(struct disk_platter *platter, const struct disk *disk, size_t at)
{
	const struct disk_op *op = &disk->ops[at];

	switch (op->kind) {
	case DISK_WRITE:
	case DISK_TRUNCATE:
	case DISK_REMOVE:
		platter->pending = mem_grow(platter->pending, &platter->cap_pending,
					    platter->n_pending + 1, sizeof(*platter->pending));
		platter->pending[platter->n_pending++] = at;
		break;
	case DISK_SYNC:
	case DISK_SYNC_DIR:
	case DISK_SYNC_FAILED:
		settle(platter, disk, op);
		break;
	}
}

void disk_platter_show(const struct disk_platter *platter, struct disk *disk)
{
	for (size_t i = 0; i < DISK_NAMES; i++)
		disk_copy(&disk->files[i], &platter->synced[i]);
}

void disk_platter_fini(struct disk_platter *platter)
{
	for (size_t i = 0; i < DISK_NAMES; i++)
		free(platter->synced[i].bytes);
	free(platter->pending);
}

/* SPDX-License-Identifier: ISC */
/*
 * A disk in memory, for SQLite: it remembers every write and every sync in order, so that what a
 * power cut at any moment would have left can be made from them; its syncs can be told to fail.
 */
#ifndef SEXTANT_TEST_FAULTS_DISK_H
#define SEXTANT_TEST_FAULTS_DISK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sqlite3.h>

enum disk_name {
	DISK_DB,
	DISK_WAL,
	DISK_JOURNAL,
	DISK_NAMES,
};

enum disk_op_kind {
	DISK_WRITE,
	DISK_TRUNCATE, /* to `offset` */
	DISK_REMOVE,
	DISK_SYNC,        /* all before it in this file is on the disk */
	DISK_SYNC_DIR,    /* every removal before it is on the disk */
	DISK_SYNC_FAILED, /* all before it will never be (what Linux does) */
};

struct disk_op {
	enum disk_op_kind kind;
	enum disk_name name;
	size_t offset, len;
	uint8_t *bytes;
};

struct disk_file {
	uint8_t *bytes;
	size_t size, cap;
	bool exists;
};

enum {
	DISK_SLOTS = 8, /* locks of the log's index (SQLITE_SHM_NLOCK) */
	DISK_OPEN_MAX = 8,
	DISK_REGIONS = 64,
};

struct disk {
	sqlite3_vfs vfs;
	sqlite3_vfs *real; /* for time and randomness */
	struct disk_file files[DISK_NAMES];
	struct disk_op *ops;
	size_t n_ops, cap_ops;
	bool recording;
	bool frozen;              /* every write fails */
	unsigned long syncs;      /* so far */
	unsigned long fail_first; /* the syncs with numbers from this on fail; 0: none */
	unsigned long fail_count; /* so many of them */
	void *regions[DISK_REGIONS];
	struct disk_handle *handles[DISK_OPEN_MAX];
};

/* What is on the disk for certain, and the operations that may or may not be. */
struct disk_platter {
	struct disk_file synced[DISK_NAMES];
	size_t *pending, n_pending, cap_pending; /* numbers of operations */
};

/* Becomes SQLite's default; one at a time. */
void disk_init(struct disk *disk);
void disk_fini(struct disk *disk);

/* Makes one change to a file. A write takes its first `len` octets alone. */
void disk_apply(struct disk_file *file, const struct disk_op *op, size_t len);

/* Makes `to` a copy of `from`. */
void disk_copy(struct disk_file *to, const struct disk_file *from);

/* Goes past operation `at`: the next one in order. */
void disk_platter_pass(struct disk_platter *platter, const struct disk *disk, size_t at);
void disk_platter_fini(struct disk_platter *platter);

/* Makes the disk's files what is on it for certain. */
void disk_platter_show(const struct disk_platter *platter, struct disk *disk);

#endif

/* SPDX-License-Identifier: ISC */
/*
 * The records of an SQLite database that SQLite itself does not want to read any more: page by
 * page, whatever the tree above them looks like.
 */
#ifndef SEXTANT_LEASE_STORE_PAGES_H
#define SEXTANT_LEASE_STORE_PAGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	STORE_COLUMNS_MAX = 19,
};

enum store_value_type {
	STORE_NULL,
	STORE_INTEGER,
	STORE_REAL, /* we store none: its value is not read */
	STORE_TEXT,
	STORE_BLOB,
};

struct store_value {
	enum store_value_type type;
	int64_t integer;
	const uint8_t *bytes; /* of text and blobs; good until `take` returns */
	size_t len;
};

struct store_record {
	bool is_row; /* of a table with row ids; else of an index, or a table without them */
	int64_t rowid;
	size_t n; /* columns */
	struct store_value columns[STORE_COLUMNS_MAX];
};

struct store_pages_count {
	size_t pages;
	size_t unreadable; /* the disk did not give them */
	size_t damaged;    /* are no pages, or have records that cannot be */
	size_t from_log;   /* newer ones, taken from the log beside the database */
};

/*
 * Calls `take` for each record of each page of the database `fd` as its log `log_fd` (-1: none)
 * left it, in no order. Pages that are free are left out where the database says which. 0 or
 * -errno.
 */
int store_pages_read(int fd, int log_fd, void (*take)(void *arg, const struct store_record *record),
		     void *arg, struct store_pages_count *ret);

#endif

/* SPDX-License-Identifier: ISC */
/*
 * The file of SQLite's write-ahead log, written the way a commit wants it: at once, and into blocks
 * that are there already.
 */
#ifndef SEXTANT_LEASE_STORE_LOG_H
#define SEXTANT_LEASE_STORE_LOG_H

#include <sqlite3.h>

struct store_log;

/*
 * A driver for sqlite3_open_v2(), by its name, that is SQLite's default one but for the log. It is
 * freed after the last connection that uses it was closed. NULL: SQLite refused it.
 */
struct store_log *store_log_new(void);
const char *store_log_name(const struct store_log *log);
void store_log_free(struct store_log *log);

#endif

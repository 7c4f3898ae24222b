/* SPDX-License-Identifier: ISC */
/*
 * Leases that come, change and go through the lease table and the SQLite store on a disk in memory,
 * and what a later reader of that disk may find.
 */
#ifndef SEXTANT_TEST_FAULTS_HISTORY_H
#define SEXTANT_TEST_FAULTS_HISTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/rng.h"
#include "disk.h"
#include "lease/lease.h"
#include "lease/store.h"

/* All rows of a database, in no order. */
struct digest {
	uint64_t sum;
	size_t rows;
};

/* One commit: where in the disk's operations it began and returned, and what it should leave. */
struct attempt {
	size_t began, ended;
	int status;
	struct digest after;
};

struct history {
	struct disk disk;
	char dir[64], path[96], spec[128];
	struct store *store;
	struct lease_table *table;
	uint32_t network;
	mtime now;
	uint32_t clients;
	struct rng rng;
	uint64_t *hashes; /* of the stored rows, by row id; 0: none */
	size_t cap_hashes;
	struct digest stored;
	struct attempt *attempts;
	size_t n_attempts, cap_attempts;
	size_t failed;
};

/* Opens an empty store. */
void history_begin(struct history *history);

/* Some clients bind, renew, release, or are forgotten, in one commit. 0 or the commit's error. */
int history_step(struct history *history);

/* The log is brought into the database in the middle of it, as upkeep does when it is long. */
void history_checkpoint(struct history *history);

/* Closes the store; the disk's operations stay. */
void history_close(struct history *history);
void history_free(struct history *history);

/*
 * Reads the disk's files, whatever they are now, as a daemon would at its start. False if the
 * store refuses them; *ret_error says why. With `go_on` it also stores one more row and finds it.
 */
bool history_read(struct history *history, bool go_on, struct digest *ret,
		  struct store_error *ret_error);

/*
 * Whether a reader may find this after operation `op`: what was stored last, or what was tried
 * since, whole.
 */
bool history_allows(const struct history *history, size_t op, const struct digest *found);

#endif

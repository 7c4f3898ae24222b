/* SPDX-License-Identifier: ISC */
/*
 * What null -d writes and syncs before it sends: records of one size, one behind the other in a
 * file whose blocks are all there before the first of them, from its beginning again at its end.
 * Nothing is ever read from it. Errors end the process: a measurement without its disk is none.
 */
#ifndef SEXTANT_BENCH_JOURNAL_H
#define SEXTANT_BENCH_JOURNAL_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "batch.h"

enum {
	JOURNAL_RECORD = 128,      /* octets, about what a lease needs */
	JOURNAL_OCTETS = 16 << 20, /* of the file */
};

struct journal {
	const char *path;
	int fd;
	off_t at; /* where the next batch goes */
	size_t n; /* octets of the batch so far */
	uint8_t octets[BATCH_MAX * JOURNAL_RECORD];
};

/* Makes the file, or empties it, writes it in full and syncs it; borrows `path`. */
void journal_open(struct journal *journal, const char *path);

/* Adds a record, the first JOURNAL_RECORD octets at `octets`, to the batch: at most BATCH_MAX. */
void journal_add(struct journal *journal, const uint8_t *octets);

/* Writes the batch in one call, if it holds anything, syncs it and begins the next. */
void journal_commit(struct journal *journal);

#endif

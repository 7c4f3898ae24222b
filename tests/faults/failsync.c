/* SPDX-License-Identifier: ISC */
/*
 * Syncs that fail. Linux forgets what it could not write: the next sync succeeds, and what readers
 * see in the cache never reaches the disk. So after a failure nothing of the log may be built upon.
 *
 * Each sync of a history fails once in turn, and two in a row, alone and with somebody reading the
 * database at that moment. The commit whose sync failed must say so or be found; later ones must
 * succeed; and after each operation a power cut leaves every row whose commit had returned.
 */
/* I6, I15 */
#include "config.h"

#include <err.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "history.h"

enum {
	COMMITS = 14,
	READER_FROM = 4, /* commits; the reader stays until one failed, and a little longer */
	READER_STAYS = 3,
};

struct total {
	size_t runs, failed_commits, images, bad;
};

/* What is on the disk now, after a cut that dropped what was not synced. */
static void judge_all(struct history *history, struct total *total, const char *how)
{
	struct disk_platter platter = {.n_pending = 0};

	for (size_t at = 0; at < history->disk.n_ops; at++) {
		struct store_error error = {
			.text = "rows are missing, half there, or from nowhere"};
		enum disk_op_kind kind = history->disk.ops[at].kind;
		struct digest found = {.rows = 0};

		disk_platter_pass(&platter, &history->disk, at);
		if (kind == DISK_WRITE || kind == DISK_TRUNCATE)
			continue;
		disk_platter_show(&platter, &history->disk);
		total->images++;
		/* The cut is after this operation. A commit that ended with it had returned. */
		if (history_read(history, /* go_on= */ false, &found, &error) &&
		    history_allows(history, at + 1, &found))
			continue;
		if (total->bad++ < 10)
			printf("bad: %s: operation %zu of %zu: %zu rows: %s\n", how, at,
			       history->disk.n_ops, found.rows, error.text);
	}
	disk_platter_fini(&platter);
}

static sqlite3 *start_reading(const struct history *history)
{
	sqlite3 *db;

	if (sqlite3_open_v2(history->path, &db, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK ||
	    sqlite3_exec(db, "BEGIN; SELECT count(*) FROM lease", NULL, NULL, NULL) != SQLITE_OK)
		errx(1, "the reader cannot read: %s", sqlite3_errmsg(db));
	return db;
}

/* False when the history has no sync of that number. */
static bool run(struct total *total, unsigned long first, unsigned long count, bool with_reader)
{
	struct history *history = mem_new(1, sizeof(*history));
	sqlite3 *reader = NULL;
	size_t stays = READER_STAYS;
	bool happened;
	char how[64];

	snprintf(how, sizeof(how), "sync %lu, %lu times%s", first, count,
		 with_reader ? ", with a reader" : "");
	history_begin(history);
	/* The first start is another matter: nobody was told anything yet. */
	first += history->disk.syncs;
	history->disk.fail_first = first;
	history->disk.fail_count = count;
	for (int i = 0; i < COMMITS || (history->failed && i < 2 * COMMITS); i++) {
		if (with_reader && i == READER_FROM)
			reader = start_reading(history);
		history_step(history);
		if (reader && history->failed && stays-- == 0) {
			sqlite3_close(reader);
			reader = NULL;
		}
	}
	happened = history->disk.syncs >= first;
	history->disk.fail_first = 0;
	if (history->n_attempts && history->attempts[history->n_attempts - 1].status < 0 &&
	    total->bad++ < 10)
		printf("bad: %s: commits go on to fail\n", how);
	total->runs++;
	total->failed_commits += history->failed;
	sqlite3_close(reader);
	history_close(history);
	judge_all(history, total, how);
	history_free(history);
	free(history);
	return happened;
}

int main(void)
{
	struct total total = {.runs = 0};

	for (unsigned long count = 1; count <= 2; count++) {
		for (unsigned long first = 1; run(&total, first, count, false); first++)
			run(&total, first, count, true);
	}
	printf("%zu runs, %zu commits failed and said so, %zu images after power cuts: %zu bad\n",
	       total.runs, total.failed_commits, total.images, total.bad);
	return total.bad == 0 && total.failed_commits > 0 ? 0 : 1;
}

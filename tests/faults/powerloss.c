/* SPDX-License-Identifier: ISC */
/*
 * Power cuts. A history of commits, with checkpoints of the log, runs on a disk in memory. Then for
 * each moment of it images are made of what a cut there could have left, and each must open and
 * hold every row whose commit had returned, and nothing half:
 *
 *	dropped   everything that was not synced is gone
 *	cut       all of it is there, the last write only up to some octet: every octet of writes of
 *	          up to 64, else both ends and every 64th
 *	mixed     unsynced writes reached the disk in any order: each 512-octet sector of each of
 *them did or did not, by chance
 *
 *	powerloss [COMMITS]
 */
/* I6, I15 */
#include "config.h"

#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "history.h"

enum {
	SECTOR = 512,
	EVERY_OCTET_UP_TO = 64,
	MIXED_PER_MOMENT = 2,
	GO_ON_EVERY = 8, /* images in which leases are stored again afterwards */
	LONG_WRITES_EVERY = 16,
	CHECKPOINT_EVERY = 40, /* commits */
};

struct cuts {
	struct history history;
	struct disk_platter platter;
	struct rng rng;
	size_t dropped, cut, mixed, went_on;
	size_t bad;
};

static struct disk *disk_of(struct cuts *cuts)
{
	return &cuts->history.disk;
}

static void apply(struct cuts *cuts, size_t number, size_t len)
{
	const struct disk_op *op = &disk_of(cuts)->ops[number];

	disk_apply(&disk_of(cuts)->files[op->name], op, len);
}

/* Opens the image of a cut at operation `at`, of which something may have been done. */
static void judge(struct cuts *cuts, const char *how, size_t at, size_t detail)
{
	size_t images = cuts->dropped + cuts->cut + cuts->mixed;
	bool go_on = images % GO_ON_EVERY == 0;
	struct store_error error = {.text = "rows are missing, half there, or from nowhere"};
	struct digest found = {.rows = 0};

	cuts->went_on += go_on;
	if (history_read(&cuts->history, go_on, &found, &error) &&
	    history_allows(&cuts->history, at, &found))
		return;
	if (cuts->bad++ < 10)
		printf("bad: %s at operation %zu (%zu): %zu rows: %s\n", how, at, detail,
		       found.rows, error.text);
}

static void cut_dropped(struct cuts *cuts, size_t at)
{
	disk_platter_show(&cuts->platter, disk_of(cuts));
	cuts->dropped++;
	judge(cuts, "dropped", at, 0);
}

static void cut_after(struct cuts *cuts, size_t at, size_t octets)
{
	disk_platter_show(&cuts->platter, disk_of(cuts));
	for (size_t i = 0; i < cuts->platter.n_pending; i++)
		apply(cuts, cuts->platter.pending[i],
		      disk_of(cuts)->ops[cuts->platter.pending[i]].len);
	apply(cuts, at, octets);
	cuts->cut++;
	judge(cuts, "cut", at, octets);
}

static void mix_write(struct cuts *cuts, const struct disk_op *op)
{
	for (size_t from = 0, n; from < op->len; from += n) {
		size_t sector_end = SECTOR - (op->offset + from) % SECTOR;
		struct disk_op part = *op;

		n = op->len - from < sector_end ? op->len - from : sector_end;
		part.offset += from;
		part.bytes += from;
		if (rng_between(&cuts->rng, 0, 1))
			disk_apply(&disk_of(cuts)->files[op->name], &part, n);
	}
}

static void cut_mixed(struct cuts *cuts, size_t at)
{
	disk_platter_show(&cuts->platter, disk_of(cuts));
	for (size_t i = 0; i <= cuts->platter.n_pending; i++) {
		const struct disk_op *op =
			&disk_of(cuts)
				 ->ops[i < cuts->platter.n_pending ? cuts->platter.pending[i] : at];

		if (op->kind == DISK_WRITE)
			mix_write(cuts, op);
		else if (rng_between(&cuts->rng, 0, 1))
			disk_apply(&disk_of(cuts)->files[op->name], op, 0);
	}
	cuts->mixed++;
	judge(cuts, "mixed", at, 0);
}

/* Longer writes are all alike: pages. One in so many is cut at every 64th octet. */
static void cut_write(struct cuts *cuts, size_t at)
{
	size_t len = disk_of(cuts)->ops[at].len, step = 1;

	if (len > EVERY_OCTET_UP_TO)
		step = rng_between(&cuts->rng, 1, LONG_WRITES_EVERY) == 1 ? EVERY_OCTET_UP_TO
									  : len / 2;
	else if (rng_between(&cuts->rng, 1, LONG_WRITES_EVERY) != 1)
		step = len;
	for (size_t octets = 0; octets <= len; octets += step)
		cut_after(cuts, at, octets);
	if (len > 1)
		cut_after(cuts, at, len - 1);
}

static void cut_everywhere(struct cuts *cuts)
{
	for (size_t at = 0; at < disk_of(cuts)->n_ops; at++) {
		const struct disk_op *op = &disk_of(cuts)->ops[at];

		if (op->kind == DISK_SYNC || op->kind == DISK_SYNC_DIR) {
			cut_dropped(cuts, at);
			disk_platter_pass(&cuts->platter, disk_of(cuts), at);
			cut_dropped(cuts, at);
			continue;
		}
		if (op->kind == DISK_WRITE)
			cut_write(cuts, at);
		for (int i = 0; i < MIXED_PER_MOMENT; i++)
			cut_mixed(cuts, at);
		disk_platter_pass(&cuts->platter, disk_of(cuts), at);
	}
}

int main(int argc, char **argv)
{
	long commits = argc > 1 ? strtol(argv[1], NULL, 10) : 150;
	struct cuts *cuts = mem_new(1, sizeof(*cuts));
	size_t to_db = 0;

	rng_seed(&cuts->rng, 7);
	history_begin(&cuts->history);
	for (long i = 0; i < commits; i++) {
		if (history_step(&cuts->history) < 0)
			errx(1, "a commit failed");
		if (i % CHECKPOINT_EVERY == CHECKPOINT_EVERY - 1)
			history_checkpoint(&cuts->history);
	}
	history_close(&cuts->history);
	for (size_t i = 0; i < disk_of(cuts)->n_ops; i++)
		to_db += disk_of(cuts)->ops[i].kind == DISK_WRITE &&
			 disk_of(cuts)->ops[i].name == DISK_DB;
	cut_everywhere(cuts);
	printf("%zu commits, %zu rows, %zu operations (%zu pages by checkpoints): images: "
	       "%zu dropped, %zu cut, %zu mixed; stored again in %zu: %zu bad\n",
	       cuts->history.n_attempts, cuts->history.stored.rows, disk_of(cuts)->n_ops, to_db,
	       cuts->dropped, cuts->cut, cuts->mixed, cuts->went_on, cuts->bad);
	bool good = cuts->bad == 0 && cuts->dropped > 0 && cuts->cut > 0 && cuts->mixed > 0;

	disk_platter_fini(&cuts->platter);
	history_free(&cuts->history);
	free(cuts);
	return good ? 0 : 1;
}

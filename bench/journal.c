/* SPDX-License-Identifier: ISC */
/*
 * The least that a durable server does with its disk: one write and one sync for a batch of leases,
 * into blocks that the file has already, so that no sync has more to store than them.
 */
#include "config.h"

#include "journal.h"

#include <assert.h>
#include <err.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static void journal_write(struct journal *journal, size_t len)
{
	if (journal->at + (off_t)len > JOURNAL_OCTETS)
		journal->at = 0;
	if (pwrite(journal->fd, journal->octets, len, journal->at) != (ssize_t)len)
		err(1, "%s", journal->path);
	journal->at += (off_t)len;
}

void journal_open(struct journal *journal, const char *path)
{
	*journal = (struct journal){.path = path};
	journal->fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (journal->fd < 0)
		err(1, "%s", path);
	for (off_t done = 0; done < JOURNAL_OCTETS; done += (off_t)sizeof(journal->octets))
		journal_write(journal, sizeof(journal->octets));
	if (fsync(journal->fd) < 0)
		err(1, "%s", path);
}

void journal_add(struct journal *journal, const uint8_t *octets)
{
	assert(journal->n + JOURNAL_RECORD <= sizeof(journal->octets));
	memcpy(journal->octets + journal->n, octets, JOURNAL_RECORD);
	journal->n += JOURNAL_RECORD;
}

void journal_commit(struct journal *journal)
{
	if (journal->n == 0)
		return;
	journal_write(journal, journal->n);
	if (fdatasync(journal->fd) < 0)
		err(1, "%s", journal->path);
	journal->n = 0;
}

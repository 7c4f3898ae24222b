/* SPDX-License-Identifier: ISC */
/*
 * The history: a seeded stream of changes through the lease table, with a note of what each commit
 * should have left. Rows are compared by a digest over all of their columns.
 */
#include "config.h"

#include "history.h"

#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"

enum {
	CHANGES_MAX = 12,
	FORGET_AFTER = 30 * SEC,
	STEP = 5 * SEC,
};

/* 2026-11-21 */
static const int64_t unix_offset = INT64_C(1795219200000);

static uint64_t mix(uint64_t hash, const void *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++)
		hash = (hash ^ ((const uint8_t *)bytes)[i]) * UINT64_C(1099511628211);
	return hash;
}

static uint64_t mix_number(uint64_t hash, int64_t value)
{
	return mix(hash, &value, sizeof(value));
}

static uint64_t hash_row(const struct lease_row *row)
{
	uint64_t hash = UINT64_C(14695981039346656037);

	hash = mix_number(hash, (int64_t)row->rowid);
	hash = mix_number(hash, row->kind);
	hash = mix_number(hash, row->state);
	hash = mix_number(hash, row->mac_source);
	hash = mix(hash, row->network, strlen(row->network));
	hash = mix(hash, &row->addr, sizeof(row->addr));
	hash = mix_number(hash, row->plen);
	hash = mix(hash, row->duid.bytes, row->duid.len);
	hash = mix_number(hash, row->iaid);
	hash = mix_number(hash, row->preferred);
	hash = mix_number(hash, row->valid);
	hash = mix_number(hash, row->since);
	return mix_number(hash, row->until) | 1;
}

/* --- the store ------------------------------------------------------------------------------ */

static void open_store(struct history *history)
{
	struct store_error error = {.text = ""};

	if (store_open(history->spec, &history->store, &error) < 0)
		errx(1, "%s", error.text);
}

void history_begin(struct history *history)
{
	static const struct siphash_key key = {.bytes = {1, 2, 3}};

	*history = (struct history){.now = 3600 * SEC};
	disk_init(&history->disk);
	snprintf(history->dir, sizeof(history->dir), "/tmp/sextant-faults-XXXXXX");
	if (!mkdtemp(history->dir))
		err(1, "%s", history->dir);
	snprintf(history->path, sizeof(history->path), "%s/leases.db", history->dir);
	snprintf(history->spec, sizeof(history->spec), "sqlite:%s", history->path);
	rng_seed(&history->rng, 5);
	history->table = lease_table_new(&key);
	history->network = lease_network(history->table, "tenant-a");
	open_store(history);
}

void history_close(struct history *history)
{
	store_close(history->store);
	history->store = NULL;
}

void history_free(struct history *history)
{
	store_close(history->store);
	lease_table_free(history->table);
	disk_fini(&history->disk);
	/* Only its name was used. */
	unlink(history->path);
	rmdir(history->dir);
	free(history->hashes);
	free(history->attempts);
}

/* --- changes -------------------------------------------------------------------------------- */

static void bind_client(struct history *history, uint32_t number)
{
	const uint8_t mac[6] = {2, 0, 0, 0, (uint8_t)(number >> 8), (uint8_t)number};
	struct duid duid = {
		.len = 10,
		.bytes = {0, 3, 0, 1, 2, 0, 0, 0, (uint8_t)(number >> 8), (uint8_t)number}};
	struct lease_grant grant = {
		.kind = LEASE_NA, .plen = 128, .iaid = 1, .preferred = 1800, .valid = 3600};
	const struct lease_client *known =
		lease_client_find(history->table, history->network, &duid);

	grant.addr.s6_addr[0] = 0x20;
	grant.addr.s6_addr[1] = 0x01;
	grant.addr.s6_addr[14] = (uint8_t)(number >> 8);
	grant.addr.s6_addr[15] = (uint8_t)number;
	grant.client = known ? known->id
			     : lease_client_new(history->table, history->network, &duid, mac,
						LEASE_MAC_FRAME);
	if (lease_available(history->table, grant.client, LEASE_NA, &grant.addr, 128))
		lease_bind(history->table, &grant, history->now);
	else
		lease_client_drop_idle(history->table, grant.client);
}

static void change(struct history *history)
{
	uint32_t cursor = (uint32_t)rng_between(&history->rng, 0, 300);
	const struct lease *lease = lease_each(history->table, &cursor);

	switch (rng_between(&history->rng, 0, 3)) {
	case 0:
		if (lease && lease->state == LEASE_ACTIVE)
			lease_release(history->table, lease->id, history->now + FORGET_AFTER,
				      history->now);
		break;
	case 1: /* again */
		bind_client(history, (uint32_t)rng_between(&history->rng, 0, history->clients));
		break;
	default:
		bind_client(history, history->clients++);
	}
}

/* --- what is stored ------------------------------------------------------------------------- */

/* Replaces the hash of a row in the digest. */
static void set_hash(struct history *history, struct digest *digest, uint64_t rowid, uint64_t hash)
{
	uint64_t was;

	history->hashes = mem_grow(history->hashes, &history->cap_hashes, rowid + 1,
				   sizeof(*history->hashes));
	was = history->hashes[rowid];
	digest->sum ^= was ^ hash;
	digest->rows += (hash != 0);
	digest->rows -= (was != 0);
	history->hashes[rowid] = hash;
}

static uint64_t hash_after(const struct lease_row *row)
{
	return row->op == LEASE_ROW_PUT ? hash_row(row) : 0;
}

/* What the rows would leave; taken in if they are stored, else undone. */
static struct digest put_hashes(struct history *history, const struct lease_row *rows, size_t n,
				bool stored)
{
	struct digest after = history->stored;
	uint64_t *was = mem_new(n, sizeof(*was));

	for (size_t i = 0; i < n; i++) {
		was[i] = rows[i].rowid < history->cap_hashes ? history->hashes[rows[i].rowid] : 0;
		set_hash(history, &after, rows[i].rowid, hash_after(&rows[i]));
	}
	if (stored)
		history->stored = after;
	for (size_t i = n; !stored && i > 0; i--)
		history->hashes[rows[i - 1].rowid] = was[i - 1];
	free(was);
	return after;
}

int history_step(struct history *history)
{
	int64_t changes = rng_between(&history->rng, 1, CHANGES_MAX);
	struct store_error error = {.text = ""};
	struct attempt attempt;
	bool more;
	struct lease_batch *batch;
	size_t n;

	history->now += STEP;
	lease_expire(history->table, history->now, FORGET_AFTER, 100, NULL, NULL);
	while (changes-- > 0)
		change(history);
	batch = lease_batch_seal(history->table, unix_offset);
	if (!batch)
		return 0;
	const struct lease_row *rows = lease_batch_rows(batch, &n);

	attempt.began = history->disk.n_ops;
	attempt.status = history->store->ops->commit(history->store, rows, n, &error);
	attempt.ended = history->disk.n_ops;
	if (attempt.status == 0)
		history->store->ops->upkeep(history->store, &more, &error);
	attempt.after = put_hashes(history, rows, n, attempt.status == 0);
	lease_batch_done(history->table, batch, attempt.status == 0);
	history->failed += attempt.status < 0;
	history->attempts = mem_grow(history->attempts, &history->cap_attempts,
				     history->n_attempts + 1, sizeof(*history->attempts));
	history->attempts[history->n_attempts++] = attempt;
	return attempt.status;
}

void history_checkpoint(struct history *history)
{
	sqlite3 *db;

	if (sqlite3_open_v2(history->path, &db, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK ||
	    sqlite3_exec(db, "SELECT 1 FROM lease", NULL, NULL, NULL) != SQLITE_OK ||
	    sqlite3_wal_checkpoint_v2(db, "main", SQLITE_CHECKPOINT_PASSIVE, NULL, NULL) !=
		    SQLITE_OK)
		errx(1, "checkpoint: %s", sqlite3_errmsg(db));
	sqlite3_close(db);
}

/* --- reading -------------------------------------------------------------------------------- */

static void take(void *arg, const struct lease_row *row)
{
	struct digest *digest = arg;

	digest->sum ^= hash_row(row);
	digest->rows++;
}

static bool read_once(struct history *history, const struct lease_row *more, struct digest *ret,
		      struct store_error *ret_error)
{
	struct store *store = NULL;
	bool good;

	*ret = (struct digest){.rows = 0};
	if (store_open(history->spec, &store, ret_error) < 0)
		return false;
	good = store->ops->load(store, take, ret, ret_error) == 0;
	if (good && more)
		good = store->ops->commit(store, more, 1, ret_error) == 0;
	/* What a close would tidy up is none of the reader's business, and takes long. */
	history->disk.frozen = !more;
	store_close(store);
	history->disk.frozen = false;
	return good;
}

bool history_read(struct history *history, bool go_on, struct digest *ret,
		  struct store_error *ret_error)
{
	const struct lease_row more = {.op = LEASE_ROW_PUT,
				       .rowid = 1000000,
				       .network = "tenant-b",
				       .plen = 128,
				       .state = LEASE_ACTIVE,
				       .duid = {.len = 4, .bytes = {0, 3, 0, 1}}};
	struct digest again;

	history->disk.recording = false;
	if (!read_once(history, go_on ? &more : NULL, ret, ret_error))
		return false;
	if (!go_on)
		return true;
	if (!read_once(history, NULL, &again, ret_error))
		return false;
	if (again.sum == (ret->sum ^ hash_row(&more)) && again.rows == ret->rows + 1)
		return true;
	snprintf(ret_error->text, sizeof(ret_error->text), "a row stored afterwards is not there");
	return false;
}

bool history_allows(const struct history *history, size_t op, const struct digest *found)
{
	const struct digest empty = {.rows = 0}, *stored = &empty;
	size_t first = 0;

	for (size_t i = 0; i < history->n_attempts && history->attempts[i].ended <= op; i++) {
		if (history->attempts[i].status == 0) {
			stored = &history->attempts[i].after;
			first = i + 1;
		}
	}
	if (found->sum == stored->sum && found->rows == stored->rows)
		return true;
	for (size_t i = first; i < history->n_attempts && history->attempts[i].began <= op; i++) {
		const struct digest *after = &history->attempts[i].after;

		if (found->sum == after->sum && found->rows == after->rows)
			return true;
	}
	return false;
}

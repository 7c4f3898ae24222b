/* SPDX-License-Identifier: ISC */
/*
 * Batches: what reaches the store in one transaction, and how it is taken back.
 *
 * The first change of a lease in a batch notes what the lease was before (lease_batch_note). A
 * sealed batch says what each of its leases is then, however often it was changed. Undoing goes
 * through the notes from the last to the first: first those of the open batch, then those of the
 * sealed one.
 *
 * Offers are not noted. One that was made on top of an undone change ends with it.
 *
 * A commit that failed may have reached the disk all the same, and be found there when the store
 * is opened again. So the rows of a failed batch stay in doubt until a later batch is stored: that
 * one begins with what each of them should be.
 *
 * A slot whose lease is gone stays unused, and a client without leases stays known, for as long as
 * a note may need them.
 */
#include "config.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "lease/lease_internal.h"

static struct lease_batch *open_batch(struct lease_table *table)
{
	return &table->batches[table->open];
}

static void pin(struct lease_table *table, struct lease_batch *batch, uint32_t client)
{
	struct lease_client_rec *rec = lease_client_rec(table, client);

	if (rec->marks & LEASE_MARK_OPEN)
		return;
	rec->marks |= LEASE_MARK_OPEN;
	batch->clients = mem_grow_raw(batch->clients, &batch->cap_clients, batch->n_clients + 1,
				      sizeof(*batch->clients));
	batch->clients[batch->n_clients++] = client;
}

void lease_batch_pin(struct lease_table *table, uint32_t client)
{
	pin(table, open_batch(table), client);
}

void lease_batch_note(struct lease_table *table, struct lease_rec *rec)
{
	struct lease_batch *batch = open_batch(table);
	struct lease_image was = lease_image_of(rec);
	bool first = !(rec->pub.marks & LEASE_MARK_OPEN);

	if (first) {
		batch->notes = mem_grow_raw(batch->notes, &batch->cap_notes, batch->n_notes + 1,
					    sizeof(*batch->notes));
		batch->notes[batch->n_notes++] = (struct lease_note){.was = was, .id = rec->pub.id};
		rec->pub.marks |= LEASE_MARK_OPEN;
	}
	if (was.client != LEASE_NONE)
		pin(table, batch, was.client);
	/* What is below an offer now belongs to the note, or to nobody. */
	if (was.under != LEASE_NONE) {
		rec->rowid = lease_under(table, was.under)->rowid;
		rec->pub.marks &= (uint8_t)~LEASE_MARK_OVER;
		if (!first)
			lease_under_drop(table, was.under);
	}
}

bool lease_restate(struct lease_table *table, uint32_t *cursor, size_t max)
{
	for (; *cursor < table->leases.used; ++*cursor) {
		struct lease_rec *rec = lease_rec(table, *cursor);

		if (rec->pub.state == LEASE_GONE || rec->pub.state == LEASE_OFFERED)
			continue;
		if (max-- == 0)
			return true;
		lease_batch_note(table, rec);
	}
	return false;
}

void lease_client_restate(struct lease_table *table, uint32_t client)
{
	const struct lease_client *pub = lease_client_get(table, client);

	lease_client_rec(table, client)->undone = false;
	for (uint32_t id = pub->first_lease; id != LEASE_NONE;
	     id = lease_rec(table, id)->client_next) {
		if (lease_rec(table, id)->pub.state == LEASE_ACTIVE)
			lease_batch_note(table, lease_rec(table, id));
	}
}

size_t lease_open_changes(const struct lease_table *table)
{
	return table->batches[table->open].n_notes;
}

/* Rounded so that the store never says that a lease ends before its client was told. */
static int64_t unix_until(mtime t, int64_t unix_offset)
{
	if (t == MTIME_NEVER)
		return INT64_MAX;
	int64_t ms = t + unix_offset;

	return ms / SEC + (ms % SEC > 0);
}

static int64_t unix_since(mtime t, int64_t unix_offset)
{
	int64_t ms = t + unix_offset;

	return ms / SEC - (ms % SEC < 0);
}

static struct lease_row *new_row(struct lease_batch *batch)
{
	batch->rows = mem_grow_raw(batch->rows, &batch->cap_rows, batch->n_rows + 1,
				   sizeof(*batch->rows));
	return &batch->rows[batch->n_rows++];
}

/* Copied, for the store reads them while the client may change. */
static void put_extra(const struct lease_table *table, struct lease_batch *batch,
		      struct lease_row *row, uint32_t client)
{
	const char *hostname = lease_client_hostname(table, client);
	const uint8_t *key = lease_client_key(table, client);
	const struct lease_way *way = lease_client_way(table, client);
	const char *path = lease_client_path(table, client);

	row->hostname = hostname ? arena_strdup(&batch->texts, hostname) : NULL;
	row->key = key ? arena_copy(&batch->texts, key, LEASE_KEY_LEN) : NULL;
	row->way = way ? arena_copy(&batch->texts, way, sizeof(*way)) : NULL;
	row->path = path ? arena_strdup(&batch->texts, path) : NULL;
}

static void put_row(struct lease_table *table, struct lease_batch *batch,
		    const struct lease_rec *rec, const struct lease_image *image, int64_t offset)
{
	const struct lease_client *client = lease_client_get(table, image->client);
	struct lease_row *row = new_row(batch);

	row->op = LEASE_ROW_PUT;
	row->kind = rec->pub.kind;
	row->state = image->state;
	row->mac_source = client->mac_source;
	row->rowid = image->rowid;
	row->network = lease_network_name(table, client->network);
	row->addr = rec->pub.addr;
	row->plen = rec->pub.plen;
	memcpy(row->mac, client->mac, sizeof(row->mac));
	row->iaid = image->iaid;
	row->preferred = image->preferred;
	row->valid = image->valid;
	row->since = unix_since(image->since, offset);
	row->until = unix_until(image->until, offset);
	row->duid.len = client->duid_len;
	memcpy(row->duid.bytes, client->duid, client->duid_len);
	put_extra(table, batch, row, image->client);
}

/* What the store should say of a lease: of an offer, what is below it. */
static struct lease_image stored_image(const struct lease_table *table, const struct lease_rec *rec)
{
	if (rec->pub.marks & LEASE_MARK_OVER)
		return *lease_under(table, (uint32_t)rec->rowid);
	return lease_image_of(rec);
}

static void set_rowid(struct lease_table *table, struct lease_rec *rec, uint64_t rowid)
{
	if (rec->pub.marks & LEASE_MARK_OVER)
		lease_under(table, (uint32_t)rec->rowid)->rowid = rowid;
	else
		rec->rowid = rowid;
}

static void add_doubt(struct lease_table *table, uint64_t rowid, uint32_t id)
{
	table->doubts = mem_grow_raw(table->doubts, &table->cap_doubts, table->n_doubts + 1,
				     sizeof(*table->doubts));
	table->doubts[table->n_doubts++] = (struct lease_doubt){.rowid = rowid, .id = id};
}

static void del_row(struct lease_batch *batch, uint64_t rowid)
{
	*new_row(batch) = (struct lease_row){.op = LEASE_ROW_DELETE, .rowid = rowid};
}

static void seal_rec(struct lease_table *table, struct lease_batch *batch, struct lease_rec *rec,
		     int64_t offset)
{
	struct lease_image image = stored_image(table, rec);

	if (image.state == LEASE_GONE) {
		if (!image.rowid)
			return;
		del_row(batch, image.rowid);
	} else {
		assert(image.state != LEASE_OFFERED);
		if (!image.rowid) {
			image.rowid = table->next_rowid++;
			set_rowid(table, rec, image.rowid);
		}
		put_row(table, batch, rec, &image, offset);
	}
	add_doubt(table, image.rowid, rec->pub.id);
}

/* Says again what the rows of failed batches are now, before any of them is used anew. */
static void seal_doubts(struct lease_table *table, struct lease_batch *batch, int64_t offset)
{
	for (size_t i = 0; i < table->n_doubts; i++) {
		const struct lease_doubt *doubt = &table->doubts[i];
		struct lease_rec *rec = lease_rec(table, doubt->id);
		struct lease_image image = stored_image(table, rec);

		if (image.state == LEASE_GONE || image.rowid != doubt->rowid)
			del_row(batch, doubt->rowid);
		else if (!(rec->pub.marks & LEASE_MARK_OPEN))
			put_row(table, batch, rec, &image, offset);
	}
}

static void to_sealed(uint8_t *marks)
{
	*marks = (uint8_t)((*marks & ~LEASE_MARK_OPEN) | LEASE_MARK_SEALED);
}

struct lease_batch *lease_batch_seal(struct lease_table *table, int64_t unix_offset)
{
	struct lease_batch *batch = open_batch(table);

	assert(!table->sealed);
	if (batch->n_notes == 0)
		return NULL;
	table->sealed = true;
	table->open ^= 1;
	batch->n_rows = 0;
	arena_free(&batch->texts);
	table->sealed_rowid = table->next_rowid;
	seal_doubts(table, batch, unix_offset);
	for (size_t i = 0; i < batch->n_notes; i++) {
		struct lease_rec *rec = lease_rec(table, batch->notes[i].id);

		to_sealed(&rec->pub.marks);
		seal_rec(table, batch, rec, unix_offset);
	}
	for (size_t i = 0; i < batch->n_clients; i++)
		to_sealed(&lease_client_rec(table, batch->clients[i])->marks);
	if (batch->n_rows > 0)
		return batch;
	/* Only what came and went within it: there is nothing to wait for. */
	lease_batch_done(table, batch, /* stored= */ true);
	return NULL;
}

const struct lease_row *lease_batch_rows(const struct lease_batch *batch, size_t *ret_n)
{
	*ret_n = batch->n_rows;
	return batch->rows;
}

/* Offers that were made where an undone change left room. */
static void end_offers_at(struct lease_table *table, const struct lease_rec *rec)
{
	struct ip6_prefix prefix = lease_prefix(rec);
	uint32_t network = lease_rec_network(table, rec), id;
	struct lease_rec *other = lease_rec_find(table, network, lease_pool_kind(rec), &prefix);

	if (other)
		lease_offer_end(table, other);
	if (rec->pub.kind != LEASE_PD)
		return;
	while ((id = lease_tree_overlap(table->nets[network].tree, &prefix)) != LEASE_NONE)
		lease_offer_end(table, lease_rec(table, id));
}

static void undo(struct lease_table *table, const struct lease_note *note, uint8_t mark)
{
	struct lease_rec *rec = lease_rec(table, note->id);
	struct lease_image is = lease_image_of(rec);
	bool was_there = note->was.state != LEASE_GONE, is_there = is.state != LEASE_GONE;

	rec->pub.marks &= (uint8_t)~mark;
	if (is_there) {
		lease_leave(table, rec);
		if (!was_there)
			lease_unplace(table, rec);
	}
	lease_image_set(rec, &note->was);
	if (was_there) {
		if (!is_there) {
			end_offers_at(table, rec);
			lease_place(table, rec);
		}
		lease_join(table, rec);
	}
	if (is_there) {
		if (is.under != LEASE_NONE)
			lease_under_drop(table, is.under);
		lease_client_drop_idle(table, is.client);
	}
	lease_rec_check(table, rec);
}

static void keep(struct lease_table *table, const struct lease_note *note)
{
	struct lease_rec *rec = lease_rec(table, note->id);

	rec->pub.marks &= (uint8_t)~LEASE_MARK_SEALED;
	if (note->was.under != LEASE_NONE)
		lease_under_drop(table, note->was.under);
	lease_rec_check(table, rec);
}

static void end_batch(struct lease_table *table, struct lease_batch *batch, uint8_t mark)
{
	for (size_t i = 0; i < batch->n_clients; i++) {
		lease_client_rec(table, batch->clients[i])->marks &= (uint8_t)~mark;
		lease_client_drop_idle(table, batch->clients[i]);
	}
	batch->n_clients = 0;
	batch->n_notes = 0;
}

static void undo_batch(struct lease_table *table, struct lease_batch *batch, uint8_t mark)
{
	for (size_t i = batch->n_notes; i > 0; i--)
		undo(table, &batch->notes[i - 1], mark);
	for (size_t i = 0; i < batch->n_clients; i++)
		lease_client_rec(table, batch->clients[i])->undone = true;
	end_batch(table, batch, mark);
}

static int compare_doubts(const void *a, const void *b)
{
	const struct lease_doubt *x = a, *y = b;

	return x->rowid < y->rowid ? -1 : x->rowid > y->rowid;
}

/* Row ids of an undone batch are given again, so that doubts do not grow while commits fail. */
static void settle_doubts(struct lease_table *table, bool stored)
{
	size_t n = 0;

	if (stored) {
		table->n_doubts = 0;
		return;
	}
	table->next_rowid = table->sealed_rowid;
	if (table->n_doubts > 1)
		qsort(table->doubts, table->n_doubts, sizeof(*table->doubts), compare_doubts);
	for (size_t i = 0; i < table->n_doubts; i++) {
		if (n == 0 || table->doubts[n - 1].rowid != table->doubts[i].rowid)
			table->doubts[n++] = table->doubts[i];
	}
	table->n_doubts = n;
}

void lease_batch_done(struct lease_table *table, struct lease_batch *batch, bool stored)
{
	assert(table->sealed && batch != open_batch(table));
	if (stored) {
		for (size_t i = 0; i < batch->n_notes; i++)
			keep(table, &batch->notes[i]);
		end_batch(table, batch, LEASE_MARK_SEALED);
	} else {
		undo_batch(table, open_batch(table), LEASE_MARK_OPEN);
		undo_batch(table, batch, LEASE_MARK_SEALED);
	}
	settle_doubts(table, stored);
	table->sealed = false;
}

void lease_batches_free(struct lease_table *table)
{
	free(table->doubts);
	for (size_t i = 0; i < 2; i++) {
		free(table->batches[i].notes);
		free(table->batches[i].clients);
		free(table->batches[i].rows);
		arena_free(&table->batches[i].texts);
	}
}

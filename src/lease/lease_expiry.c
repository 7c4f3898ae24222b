/* SPDX-License-Identifier: ISC */
/*
 * What happens when a time is over. The heap holds for each lease when it ends, or an earlier time:
 * a lease that was renewed since is put further back when its old time comes.
 */
#include "config.h"

#include <assert.h>
#include <stddef.h>

#include "lease/lease_internal.h"

static void expire_active(struct lease_table *table, struct lease_rec *rec, mtime remember)
{
	lease_batch_note(table, rec);

	struct lease_image to = lease_image_of(rec);

	to.state = LEASE_EXPIRED;
	if (lease_ports_remember(table, to.client))
		to.until = mtime_add(to.until, remember);
	lease_leave(table, rec);
	lease_image_set(rec, &to);
	lease_join(table, rec);
}

static void end(struct lease_table *table, struct lease_rec *rec, mtime remember)
{
	switch ((enum lease_state)rec->pub.state) {
	case LEASE_OFFERED:
		lease_offer_end(table, rec);
		break;
	case LEASE_ACTIVE:
		if (rec->pub.kind == LEASE_REG)
			lease_forget(table, rec->pub.id);
		else
			expire_active(table, rec, remember);
		break;
	case LEASE_RELEASED:
	case LEASE_EXPIRED:
	case LEASE_DECLINED:
		lease_forget(table, rec->pub.id);
		break;
	}
}

mtime lease_expire(struct lease_table *table, mtime now, mtime remember, size_t max,
		   void (*ended)(void *arg, const struct lease *lease), void *arg)
{
	struct lease_heap *heap = &table->expiry;

	for (; heap->n > 0 && max > 0; max--) {
		mtime key = heap->items[0].key;
		struct lease_rec *rec = lease_rec(table, heap->items[0].id);

		if (key > now)
			break;
		if (rec->pub.until == MTIME_NEVER) {
			lease_heap_del(heap, rec->pub.id);
		} else if (rec->pub.until > now) {
			lease_heap_rekey(heap, rec->pub.id, rec->pub.until);
		} else {
			if (ended)
				ended(arg, &rec->pub);
			end(table, rec, remember);
		}
	}
	return heap->n > 0 ? heap->items[0].key : MTIME_NEVER;
}

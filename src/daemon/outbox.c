/* SPDX-License-Identifier: ISC */
/*
 * The outbox. It grows to the largest burst there was and allocates nothing after that.
 */
#include "config.h"

#include "daemon/outbox.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

void outbox_add(struct outbox *box, const struct fx_send *send)
{
	box->sends = mem_grow_raw(box->sends, &box->cap, box->n + 1, sizeof(*box->sends));
	box->bytes = mem_grow_raw(box->bytes, &box->room, box->used + send->len, 1);
	box->sends[box->n] = *send;
	if (send->len)
		memcpy(box->bytes + box->used, send->data, send->len);
	box->used += send->len;
	box->n++;
}

const struct fx_send *outbox_sends(struct outbox *box, size_t *ret_n)
{
	size_t at = 0;

	for (size_t i = 0; i < box->n; i++) {
		box->sends[i].data = box->bytes + at;
		at += box->sends[i].len;
	}
	*ret_n = box->n;
	return box->sends;
}

size_t outbox_drop_late(struct outbox *box, mtime now)
{
	size_t n = 0, at = 0, used = 0;

	for (size_t i = 0; i < box->n; i++) {
		const struct fx_send send = box->sends[i];

		if (!send.late || now <= send.late) {
			if (send.len && used != at)
				memmove(box->bytes + used, box->bytes + at, send.len);
			box->sends[n++] = send;
			used += send.len;
		}
		at += send.len;
	}
	size_t dropped = box->n - n;

	box->n = n;
	box->used = used;
	return dropped;
}

void outbox_clear(struct outbox *box)
{
	box->n = 0;
	box->used = 0;
}

void outbox_free(struct outbox *box)
{
	free(box->sends);
	free(box->bytes);
	*box = (struct outbox){0};
}

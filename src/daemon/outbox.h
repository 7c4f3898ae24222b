/* SPDX-License-Identifier: ISC */
/*
 * Packets on their way out: copies of what steps want sent, in order, in memory that is used again.
 */
#ifndef SEXTANT_DAEMON_OUTBOX_H
#define SEXTANT_DAEMON_OUTBOX_H

#include <stddef.h>
#include <stdint.h>

#include "base/fx.h"
#include "base/mtime.h"

/* All zero is an empty outbox. */
struct outbox {
	struct fx_send *sends; /* `data` is set by outbox_sends() only */
	size_t n, cap;
	uint8_t *bytes;
	size_t used, room;
};

/* Copies the packet. */
void outbox_add(struct outbox *box, const struct fx_send *send);

/* The packets, with `data` pointing into the outbox; good until the next outbox_add(). */
const struct fx_send *outbox_sends(struct outbox *box, size_t *ret_n);

/* Drops what may not leave any more at `now`; how many packets. */
size_t outbox_drop_late(struct outbox *box, mtime now);

/* Empties it, keeps its memory. */
void outbox_clear(struct outbox *box);
void outbox_free(struct outbox *box);

#endif

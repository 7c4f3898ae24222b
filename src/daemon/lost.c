/* SPDX-License-Identifier: ISC */
/*
 * The reasons for which answers do not leave: their names, and what the manual says of each.
 */
#include "config.h"

#include "daemon/lost.h"

static const struct drop_reason reasons[DAEMON_LOSTS] = {
	/* clang-format off */
	[DAEMON_LOST_STORE] = {"replies-dropped",
		"The store failed, so no client was told of what could not be kept."},
	[DAEMON_LOST_SEND] = {"sends-lost",
		"An answer or an advertisement could not be sent for half a second, or its link "
		"went meanwhile."},
	/* clang-format on */
};

const struct drop_reason *daemon_lost_reason(enum daemon_lost lost)
{
	return &reasons[lost];
}

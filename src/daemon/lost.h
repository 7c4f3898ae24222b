/* SPDX-License-Identifier: ISC */
/*
 * What was decided and did not leave: each reason has a name and a counter.
 */
#ifndef SEXTANT_DAEMON_LOST_H
#define SEXTANT_DAEMON_LOST_H

#include "base/drop.h"

enum daemon_lost {
	DAEMON_LOST_STORE, /* the commit failed that it had to wait for */
	DAEMON_LOST_SEND,  /* it could not be sent, at once or later, or its link went */
	DAEMON_LOSTS
};

const struct drop_reason *daemon_lost_reason(enum daemon_lost lost);

#endif

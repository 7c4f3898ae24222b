/* SPDX-License-Identifier: ISC */
/*
 * The daemon: joins sockets, timers, netlink and the store to the pure rooms.
 */
#ifndef SEXTANT_DAEMON_DAEMON_H
#define SEXTANT_DAEMON_DAEMON_H

#include <stdbool.h>

#include "base/logline.h"
#include "daemon/conf.h"

/* A level given on the command line stands above the configuration's. */
struct daemon_log_level {
	bool set;
	enum log_level level;
};

/*
 * From here on SIGHUP and SIGUSR1 wait until daemon_run() can answer them, and SIGPIPE does
 * nothing.
 */
void daemon_hold_signals(void);

/*
 * Runs until it is told to stop. Takes over `conf`; reads `path` again on SIGHUP. False when it
 * could not start or go on; the log says why.
 */
bool daemon_run(const char *path, struct daemon_conf *conf, const struct daemon_log_level *level);

#endif

/* SPDX-License-Identifier: ISC */
/*
 * Where log lines leave the daemon: standard error, one line an event, without ever blocking.
 */
#ifndef SEXTANT_DAEMON_LOG_H
#define SEXTANT_DAEMON_LOG_H

#include <stdbool.h>

#include "base/fx.h"
#include "base/logid.h"
#include "base/logline.h"

/* Before the first line. */
void log_init(void);

/* What is above this level is not written. Set once from the command line or the configuration. */
void log_set_level(enum log_level level);
enum log_level log_get_level(void);

/* How clients' identifiers are written; copied. Until it is said, as they are. */
void log_set_ids(const struct logid *ids);
const struct logid *log_get_ids(void);

/* "error", "warning", "info" or "debug". */
bool log_level_parse(const char *name, enum log_level *ret);

/*
 * A line of the shell's own: log_begin() gives one to fill in (NULL when nobody wants it; the
 * logline functions take NULL), log_end() writes it.
 */
struct logline *log_begin(struct logline *line, enum log_level level, const char *event);
void log_end(struct logline *line);

/* Writes the lines that a step left in the fx. */
void log_fx(const struct fx *fx);

#endif

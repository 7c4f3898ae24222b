/* SPDX-License-Identifier: ISC */
/*
 * Log lines: one line an event, "event=NAME level=LEVEL key=value ...". The pure rooms write
 * them into an fx; the shell writes them out. Keys are listed in docs/log.md.
 */
#ifndef SEXTANT_BASE_LOGLINE_H
#define SEXTANT_BASE_LOGLINE_H

#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ip6.h"
#include "base/text.h"

enum log_level {
	LOG_LEVEL_ERROR,   /* somebody should act */
	LOG_LEVEL_WARNING, /* we did less than configured */
	LOG_LEVEL_INFO,    /* a lease or a link changed */
	LOG_LEVEL_DEBUG,   /* a packet */
};

#define LOGLINE_MAX 1024 /* octets of one line with its NUL; what is longer is cut */

struct logid;

struct logline {
	struct text text;
	const struct logid *ids; /* how clients' identifiers are written; NULL: as they are */
	char bytes[LOGLINE_MAX];
};

const char *log_level_name(enum log_level level);

/* Starts a line. Every function below does nothing when `line` is NULL: a line nobody wants. */
void logline_begin(struct logline *line, enum log_level level, const char *event);

/* A word; what is none, such as a network's name with blanks, is escaped. */
void logline_str(struct logline *line, const char *key, const char *value);
void logline_u64(struct logline *line, const char *key, uint64_t value);
void logline_i64(struct logline *line, const char *key, int64_t value);
void logline_ip6(struct logline *line, const char *key, const struct in6_addr *addr);
void logline_prefix(struct logline *line, const char *key, const struct ip6_prefix *prefix);
/* "02:00:..", as DUIDs and link-layer addresses are written. */
void logline_hex(struct logline *line, const char *key, const void *bytes, size_t len);
/* Text of ours with blanks: quoted. */
void logline_quoted(struct logline *line, const char *key, const char *value);
/* What a peer chose: escaped. */
void logline_peer(struct logline *line, const char *key, const void *bytes, size_t len);

#endif

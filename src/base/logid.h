/* SPDX-License-Identifier: ISC */
/*
 * What tells one client from another in the log: its DUID, its link-layer address, the addresses it
 * has. Written as it is, or as a hash that is the same for the same client, or not at all (RFC 8415
 * section 23, RFC 7824).
 */
#ifndef SEXTANT_BASE_LOGID_H
#define SEXTANT_BASE_LOGID_H

#include "base/logline.h"
#include "base/siphash.h"

enum logid_how {
	LOGID_FULL,
	LOGID_HASHED, /* duid=#16 hex digits */
	LOGID_NONE,   /* duid=- */
};

struct logid {
	enum logid_how how;
	struct siphash_key key; /* of LOGID_HASHED: who has it can find out who is meant */
};

/* As the functions of the same names in logline.h, for what belongs to a client. */
void logid_hex(struct logline *line, const char *key, const void *bytes, size_t len);
void logid_ip6(struct logline *line, const char *key, const struct in6_addr *addr);
void logid_prefix(struct logline *line, const char *key, const struct ip6_prefix *prefix);
void logid_u64(struct logline *line, const char *key, uint64_t value);
void logid_str(struct logline *line, const char *key, const char *value);
void logid_peer(struct logline *line, const char *key, const void *bytes, size_t len);

#endif

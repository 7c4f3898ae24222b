/* SPDX-License-Identifier: ISC */
/*
 * The ledgers of prefixes that come and go or count down, one a network as it is served: they have
 * the names that leases have, so that each namespace of a pattern has its own.
 */
#ifndef SEXTANT_DAEMON_LEDGERS_H
#define SEXTANT_DAEMON_LEDGERS_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/mtime.h"
#include "daemon/conf.h"
#include "ra/ra_ledger.h"

/* An address of an interface in the namespace of a network. */
struct daemon_address {
	const char *interface;
	bool own; /* the interface belongs to the network */
	struct in6_addr addr;
	uint8_t len;                    /* of its prefix */
	mtime preferred_end, valid_end; /* MTIME_NEVER: not at all */
};

struct daemon_ledger {
	struct daemon_ledger *next;
	char *network; /* owned */
	bool updated;  /* since daemon_ledgers_begin() */
	struct ra_ledger entries;
};

/* All zero is an empty one. */
struct daemon_ledgers {
	struct daemon_ledger *first;
};

void daemon_ledgers_fini(struct daemon_ledgers *ledgers);

/*
 * That of a network, made when it has none. It stays where it is until daemon_ledgers_keep(), or
 * daemon_ledgers_end() when it was not brought up to date and has nothing in it.
 */
struct daemon_ledger *daemon_ledgers_get(struct daemon_ledgers *ledgers, const char *network);

/* NULL: it has none. */
struct daemon_ledger *daemon_ledgers_find(const struct daemon_ledgers *ledgers,
					  const char *network);

/* Drops those of networks that the configuration does not have. */
void daemon_ledgers_keep(struct daemon_ledgers *ledgers, const struct daemon_conf *conf);

/* Whether the file has the prefix as it is: then it does not come and go with interfaces. */
bool daemon_ledger_is_written(const struct daemon_network *net, const struct ip6_prefix *prefix);

/* Brings one up to date. Whether its network has to be looked at anew. */
bool daemon_ledger_update(struct daemon_ledger *ledger, const struct daemon_network *net,
			  const struct daemon_address *addrs, size_t n, mtime now);

/*
 * Between them all ledgers whose networks are served are brought up to date: the prefixes of the
 * others, in namespaces that went, are gone. Whether one of those changed.
 */
void daemon_ledgers_begin(struct daemon_ledgers *ledgers);
bool daemon_ledgers_end(struct daemon_ledgers *ledgers, mtime now);

/* When time alone changes one; MTIME_NEVER: not at all. */
mtime daemon_ledgers_wake(const struct daemon_ledgers *ledgers, mtime now);

/*
 * As text, a line a prefix, to be kept over a restart (RFC 9096 section 3.5). `unix_offset`: what
 * makes Unix milliseconds of an mtime. daemon_ledgers_save() gives a string that the caller frees.
 * daemon_ledgers_load() takes all prefixes as gone, and passes over lines that are none or belong
 * to no network of the configuration.
 */
char *daemon_ledgers_save(const struct daemon_ledgers *ledgers, int64_t unix_offset);
void daemon_ledgers_load(struct daemon_ledgers *ledgers, const struct daemon_conf *conf,
			 const char *text, int64_t unix_offset, mtime now);

#endif

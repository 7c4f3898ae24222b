/* SPDX-License-Identifier: ISC */
/*
 * The configuration as it is in force: what the file says, with the prefixes that come from
 * interfaces or count down as they are now. Rebuilt whole when these change; the configuration
 * itself never does.
 */
#ifndef SEXTANT_DAEMON_VIEW_H
#define SEXTANT_DAEMON_VIEW_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
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

/* Brings the ledger of a network up to date. Whether the view has to be built anew. */
bool daemon_ledger_update(struct ra_ledger *ledger, const struct daemon_network *net,
			  const struct daemon_address *addrs, size_t n, mtime now);

/*
 * Ledgers as text, a line a prefix, to be kept over a restart (RFC 9096 section 3.5).
 * `unix_offset`: what makes Unix milliseconds of an mtime. daemon_ledgers_save() gives a string
 * that the caller frees. daemon_ledgers_load() takes all prefixes as gone, and passes over lines
 * that are none or belong to no network.
 */
char *daemon_ledgers_save(const struct ra_ledger *ledgers, const struct daemon_conf *conf,
			  int64_t unix_offset);
void daemon_ledgers_load(struct ra_ledger *ledgers, const struct daemon_conf *conf,
			 const char *text, int64_t unix_offset, mtime now);

/*
 * Ledgers for a new configuration: those of its networks move over, by name. `old` is emptied.
 * The caller frees the result, of new_conf->n_networks items.
 */
struct ra_ledger *daemon_ledgers_move(struct ra_ledger *old, const struct daemon_conf *old_conf,
				      const struct daemon_conf *new_conf);

struct daemon_view {
	struct arena arena;
	struct daemon_view_network {
		const struct ra_prefix *prefixes;
		size_t n_prefixes;
	} * networks; /* as those of the configuration */
	struct dhcp6_conf dhcp6;
};

/* Borrows from conf; ledgers are one a network. The caller frees it with daemon_view_free(). */
struct daemon_view *daemon_view_new(const struct daemon_conf *conf, const struct ra_ledger *ledgers,
				    mtime now);
void daemon_view_free(struct daemon_view *view);

#endif

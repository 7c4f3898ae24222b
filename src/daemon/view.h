/* SPDX-License-Identifier: ISC */
/*
 * The configuration as it is in force: what the file says, with the prefixes that come from
 * interfaces or count down as they are now. Rebuilt whole when these change; the configuration
 * itself never does.
 */
#ifndef SEXTANT_DAEMON_VIEW_H
#define SEXTANT_DAEMON_VIEW_H

#include <stddef.h>

#include "base/arena.h"
#include "base/mtime.h"
#include "daemon/conf.h"
#include "daemon/ledgers.h"

/* What Router Advertisements tell of a network. */
struct daemon_view_network {
	const struct ra_prefix *prefixes;
	size_t n_prefixes;
	const struct in6_addr *dns; /* as of a struct ra_plan */
	size_t n_dns;
};

/* Prefixes of a network with what its ledger has; borrows from the configuration and the arena. */
void daemon_view_prefixes(const struct daemon_network *net, const struct ra_ledger *ledger,
			  mtime now, struct arena *arena, struct daemon_view_network *ret);

/*
 * What DHCPv6 serves, where it depends on the ledger; *ret is left alone where not. links[0] is
 * what daemon_view_prefixes() gave for it, the others those of other networks in its namespace.
 * Name and namespace are those of the configuration.
 */
void daemon_view_dhcp6(const struct daemon_network *net, const struct ra_ledger *ledger,
		       const struct daemon_view_network *const *links, size_t n_links, mtime now,
		       struct arena *arena, struct dhcp6_network *ret);

struct daemon_view {
	struct arena arena;
	struct daemon_view_network *networks; /* as those of the configuration */
	struct dhcp6_conf dhcp6;
	mtime ends; /* when time alone makes another one of it */
};

/* Borrows from conf, not from the ledgers. The caller frees it with daemon_view_free(). */
struct daemon_view *daemon_view_new(const struct daemon_conf *conf, struct daemon_ledgers *ledgers,
				    mtime now);
void daemon_view_free(struct daemon_view *view);

#endif

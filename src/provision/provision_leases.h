/* SPDX-License-Identifier: ISC */
/*
 * Routes that follow leases: which leases are on disk, where their holders are, and so which routes
 * the plans of their namespaces should have. Pure; fed with the rows that the store has.
 */
#ifndef SEXTANT_PROVISION_PROVISION_LEASES_H
#define SEXTANT_PROVISION_PROVISION_LEASES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/siphash.h"
#include "lease/lease.h"
#include "provision/provision_plan.h"

enum {
	/* That of routes which are added without saying one. */
	PROVISION_METRIC_LEASE = 1024,
	/* What no lease covers: any other route to the same prefix goes before it. */
	PROVISION_METRIC_REST = 0x7fffffff,
};

/* What is routed to a link of a network now. */
struct provision_place {
	struct provision_plan *plan; /* NULL: nothing is */
	unsigned int ifindex;        /* 0: the interface is not there, or down */
	bool addresses;              /* to leased addresses too, not only delegated prefixes */
};

/* Where a link of a network is now; asked when it may have changed. */
typedef struct provision_place provision_place_fn(void *arg, const char *network, const char *link);

struct provision_leases;

/* Copies the key. Plans that `place` gives live until it gives them no longer for any link, and
 * that was looked at. */
struct provision_leases *provision_leases_new(const struct siphash_key *key,
					      provision_place_fn *place, void *arg);
void provision_leases_free(struct provision_leases *leases);

/* A row as the store has it from now on, or had it at the start. */
void provision_leases_row(struct provision_leases *leases, const struct lease_row *row);

/* A link of a network came, went or changed; all of them may have. */
void provision_leases_look_at(struct provision_leases *leases, const char *network,
			      const char *link);
void provision_leases_look(struct provision_leases *leases);

/* How many leases have a way. */
size_t provision_leases_count(const struct provision_leases *leases);

#endif

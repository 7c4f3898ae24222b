/* SPDX-License-Identifier: ISC */
/*
 * What keeps leases: a driver is one struct of functions. A store is used by one thread at a time:
 * the main thread until store_queue_start(), the store thread from then on.
 */
#ifndef SEXTANT_LEASE_STORE_H
#define SEXTANT_LEASE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lease/lease.h"

struct store;

/* What went wrong, in words for the operator: what is wrong and what to do. */
struct store_error {
	char text[512];
};

struct store_ops {
	const char *scheme; /* "sqlite" */

	/*
	 * Opens or makes the store named by `where` (what follows "sqlite:"). 0, or -errno with
	 * *ret_error filled in; a store of another schema version is refused.
	 */
	int (*open)(const char *where, struct store **ret, struct store_error *ret_error);
	void (*close)(struct store *store);

	/*
	 * Calls `take` for each stored lease, by row id; stops at the first error. A row that does
	 * not hold a lease is an error: to skip it could give its address to a second client.
	 */
	int (*load)(struct store *store, void (*take)(void *arg, const struct lease_row *row),
		    void *arg, struct store_error *ret_error);

	/*
	 * Small values kept with the leases (the server's DUID, the key). get: the number of octets
	 * copied, 0 if there is none, -errno on failure. put: on disk when it returns 0.
	 */
	int (*meta_get)(struct store *store, const char *name, void *buf, size_t room,
			struct store_error *ret_error);
	int (*meta_put)(struct store *store, const char *name, const void *bytes, size_t len,
			struct store_error *ret_error);

	/*
	 * Stores all rows in one transaction; they are on disk when it returns 0. On failure none
	 * is stored, and the store has been brought to a state from which a later commit can
	 * succeed (after a failed sync: reopened).
	 */
	int (*commit)(struct store *store, const struct lease_row *rows, size_t n,
		      struct store_error *ret_error);

	/*
	 * One step of what keeps the store small; called after a commit, when its result is known,
	 * and while nothing waits. Takes some milliseconds at most. *ret_more: there is more to do.
	 * 0, or -errno with *ret_error filled in: leases are stored all the same, but somebody
	 * should know. NULL: there is never anything to do.
	 */
	int (*upkeep)(struct store *store, bool *ret_more, struct store_error *ret_error);
};

/* Every driver begins with this. */
struct store {
	const struct store_ops *ops;
};

extern const struct store_ops store_sqlite_ops;

/*
 * Opens the store of a specification such as "sqlite:/var/lib/sextant/leases.db". 0, or -errno
 * with *ret_error filled in.
 */
int store_open(const char *spec, struct store **ret, struct store_error *ret_error);
void store_close(struct store *store);

#endif

/* SPDX-License-Identifier: ISC */
/*
 * The plan for the routes of one namespace: which there should be, which the kernel has, and what
 * is to be done about the difference. Pure: the shell carries out what provision_plan_next() gives
 * and tells how it went.
 *
 * A route is known by its prefix and its metric. All of them are ours: those of others are never
 * told to a plan, and nothing it gives touches them.
 */
#ifndef SEXTANT_PROVISION_PROVISION_PLAN_H
#define SEXTANT_PROVISION_PROVISION_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ip6_route.h"
#include "base/mtime.h"
#include "base/siphash.h"

struct provision_plan;

/* `todo` is called when provision_plan_next() may have something that it had not. Copies the key.
 */
struct provision_plan *provision_plan_new(const struct siphash_key *key, void (*todo)(void *arg),
					  void *arg);
void provision_plan_free(struct provision_plan *plan);

/* --- what should be ------------------------------------------------------------------------ */

/*
 * The route should be there, for `owner`; it takes the place of what was wanted to this prefix with
 * this metric. With a hop of ifindex 0 that is not unreachable it cannot be made now: what the
 * kernel has stays as it is.
 */
void provision_plan_want(struct provision_plan *plan, uint64_t owner,
			 const struct ip6_route *route);

/* Likewise, but only if nobody else wants one to this prefix with this metric. */
void provision_plan_keep(struct provision_plan *plan, uint64_t owner,
			 const struct ip6_route *route);

/* The owner wants it no longer; nothing if somebody else does by now. */
void provision_plan_unwant(struct provision_plan *plan, uint64_t owner, const struct ip6_prefix *to,
			   uint32_t metric);

/* --- what is ------------------------------------------------------------------------------- */

/* The kernel has the route. */
void provision_plan_see(struct provision_plan *plan, const struct ip6_route *route);

/* It was taken away, by somebody else or with its interface. One that is wanted is made again a
 * moment later: not at once, so that two who disagree do not spin. */
void provision_plan_lose(struct provision_plan *plan, const struct ip6_route *route, mtime now);

/*
 * Around a listing of all routes there are, each told by provision_plan_see(): what was not told
 * between them is not there. Nothing may be under way when it begins, and until it ends there is
 * nothing to do.
 */
void provision_plan_list_begin(struct provision_plan *plan);
void provision_plan_list_end(struct provision_plan *plan);

/* --- what is to be done -------------------------------------------------------------------- */

/* The next thing to do, which then is under way until provision_plan_done(). False: nothing now. */
bool provision_plan_next(struct provision_plan *plan, mtime now, struct ip6_route_op *ret);

/* When provision_plan_next() may have something without being told anything; MTIME_NEVER. */
mtime provision_plan_wake(const struct provision_plan *plan);

enum provision_result {
	PROVISION_DONE,
	PROVISION_FAILED,   /* it is tried again, less and less often */
	PROVISION_DOUBTFUL, /* likewise; the kernel may have what is not known here: list it */
};

/* What became of it: 0, or an errno. */
enum provision_result provision_plan_done(struct provision_plan *plan, uint32_t id, int error,
					  mtime now);

struct provision_counts {
	size_t wanted, present, failing; /* now */
	uint64_t added, moved, removed, failures, lost;
};

const struct provision_counts *provision_plan_counts(const struct provision_plan *plan);

#endif

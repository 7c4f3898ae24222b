/* SPDX-License-Identifier: ISC */
/*
 * A set of prefixes that do not overlap, for the files of the lease table: finds whatever covers,
 * or is covered by, a given one in a single descent.
 */
#ifndef SEXTANT_LEASE_LEASE_TREE_H
#define SEXTANT_LEASE_LEASE_TREE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/ip6.h"

/* The prefix of the item with this number, below 2^31; the tree keeps numbers only. */
typedef struct ip6_prefix lease_tree_key(const void *owner, uint32_t id);

/* Whether the item of this number is held, by somebody who has it now. */
typedef bool lease_tree_held(const void *owner, uint32_t id);

struct lease_tree;

/* Without `held` nothing ever is. */
struct lease_tree *lease_tree_new(lease_tree_key *key, lease_tree_held *held, const void *owner);
void lease_tree_free(struct lease_tree *tree);

/* An item that overlaps the prefix, LEASE_NONE if there is none. */
uint32_t lease_tree_overlap(const struct lease_tree *tree, const struct ip6_prefix *prefix);

/*
 * An item of the tree is held from now on, or no longer is: to be said whenever it changes. What is
 * put in or taken out is not held at that moment.
 */
void lease_tree_hold(struct lease_tree *tree, uint32_t id, bool held);

/* Whether an item that overlaps the prefix is held. Costs the same however many there are. */
bool lease_tree_is_held(const struct lease_tree *tree, const struct ip6_prefix *prefix);

/* Nothing in the tree may overlap it. */
void lease_tree_put(struct lease_tree *tree, uint32_t id);
void lease_tree_del(struct lease_tree *tree, uint32_t id);

#endif

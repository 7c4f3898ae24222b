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

struct lease_tree;

struct lease_tree *lease_tree_new(lease_tree_key *key, const void *owner);
void lease_tree_free(struct lease_tree *tree);

/* An item that overlaps the prefix, LEASE_NONE if there is none. */
uint32_t lease_tree_overlap(const struct lease_tree *tree, const struct ip6_prefix *prefix);

/* Whether `is` is true of every item that overlaps the prefix; stops at the first of which not. */
bool lease_tree_all(const struct lease_tree *tree, const struct ip6_prefix *prefix,
		    bool (*is)(const void *owner, uint32_t id));

/* Nothing in the tree may overlap it. */
void lease_tree_put(struct lease_tree *tree, uint32_t id);
void lease_tree_del(struct lease_tree *tree, uint32_t id);

#endif

/* SPDX-License-Identifier: ISC */
/*
 * A crit-bit tree. A node names the first bit in which the two halves below it differ; all that is
 * below agrees on the bits before. As no prefix in the tree covers another, that bit lies within
 * the length of every prefix below. Therefore a descent along the bits of a prefix P passes, where
 * the bits of P end, a node above everything that P covers, and ends in one of those (past its
 * length P has zeros); or it ends at the one that covers P.
 */
#include "config.h"

#include "lease/lease_tree.h"

#include <assert.h>
#include <stdlib.h>

#include "base/mem.h"
#include "lease/lease.h"

/* A reference is a node's number, or an item's number with the highest bit set. */
#define ITEM UINT32_C(0x80000000)

struct node {
	uint32_t child[2]; /* child[0] chains free nodes */
	uint32_t held;     /* items below that are */
	uint8_t bit;       /* 0 is the highest of the address */
};

struct lease_tree {
	lease_tree_key *key;
	lease_tree_held *held; /* NULL: nothing is */
	const void *owner;
	struct node *nodes;
	size_t cap;
	uint32_t used;
	uint32_t free;
	uint32_t root; /* a reference; LEASE_NONE: empty */
};

struct lease_tree *lease_tree_new(lease_tree_key *key, lease_tree_held *held, const void *owner)
{
	struct lease_tree *tree = mem_new(1, sizeof(*tree));

	*tree = (struct lease_tree){
		.key = key, .held = held, .owner = owner, .free = LEASE_NONE, .root = LEASE_NONE};
	return tree;
}

void lease_tree_free(struct lease_tree *tree)
{
	if (!tree)
		return;
	free(tree->nodes);
	free(tree);
}

static unsigned int bit_of(const struct in6_addr *addr, unsigned int bit)
{
	return (unsigned int)addr->s6_addr[bit / 8] >> (7 - bit % 8) & 1u;
}

/* The first bit in which two different addresses differ. */
static unsigned int first_difference(const struct in6_addr *a, const struct in6_addr *b)
{
	unsigned int bit = 0;

	while (a->s6_addr[bit / 8] == b->s6_addr[bit / 8])
		bit += 8;
	while (bit_of(a, bit) == bit_of(b, bit))
		bit++;
	return bit;
}

/* The reference at which a descent along the first `len` bits of addr ends. */
static uint32_t *descend(struct lease_tree *tree, const struct in6_addr *addr, unsigned int len)
{
	uint32_t *ref = &tree->root;

	while (!(*ref & ITEM) && tree->nodes[*ref].bit < len) {
		struct node *node = &tree->nodes[*ref];

		ref = &node->child[bit_of(addr, node->bit)];
	}
	return ref;
}

uint32_t lease_tree_overlap(const struct lease_tree *tree, const struct ip6_prefix *prefix)
{
	uint32_t ref = tree->root;

	if (ref == LEASE_NONE)
		return LEASE_NONE;
	while (!(ref & ITEM)) {
		const struct node *node = &tree->nodes[ref];

		ref = node->child[bit_of(&prefix->addr, node->bit)];
	}
	struct ip6_prefix found = tree->key(tree->owner, ref & ~ITEM);

	return ip6_prefix_overlaps(&found, prefix) ? ref & ~ITEM : LEASE_NONE;
}

void lease_tree_hold(struct lease_tree *tree, uint32_t id, bool held)
{
	struct ip6_prefix prefix = tree->key(tree->owner, id);
	uint32_t ref = tree->root;

	while (!(ref & ITEM)) {
		struct node *node = &tree->nodes[ref];

		assert(held || node->held > 0);
		node->held += held ? 1 : UINT32_MAX;
		ref = node->child[bit_of(&prefix.addr, node->bit)];
	}
	assert(ref == (id | ITEM));
}

/* Of what is in the tree at a reference. */
static uint32_t held_below(const struct lease_tree *tree, uint32_t ref)
{
	if (!(ref & ITEM))
		return tree->nodes[ref].held;
	return tree->held && tree->held(tree->owner, ref & ~ITEM);
}

bool lease_tree_is_held(const struct lease_tree *tree, const struct ip6_prefix *prefix)
{
	uint32_t ref = tree->root;

	if (lease_tree_overlap(tree, prefix) == LEASE_NONE)
		return false;
	while (!(ref & ITEM) && tree->nodes[ref].bit < prefix->len)
		ref = tree->nodes[ref].child[bit_of(&prefix->addr, tree->nodes[ref].bit)];
	/* All that is below now overlaps it. */
	return held_below(tree, ref) > 0;
}

static uint32_t new_node(struct lease_tree *tree)
{
	uint32_t at = tree->free;

	if (at != LEASE_NONE) {
		tree->free = tree->nodes[at].child[0];
		return at;
	}
	tree->nodes =
		mem_grow_raw(tree->nodes, &tree->cap, (size_t)tree->used + 1, sizeof(*tree->nodes));
	return tree->used++;
}

void lease_tree_put(struct lease_tree *tree, uint32_t id)
{
	struct ip6_prefix prefix = tree->key(tree->owner, id);

	assert(id < (LEASE_NONE & ~ITEM));
	if (tree->root == LEASE_NONE) {
		tree->root = id | ITEM;
		return;
	}
	uint32_t near = *descend(tree, &prefix.addr, 128) & ~ITEM;
	struct ip6_prefix other = tree->key(tree->owner, near);

	assert(!ip6_prefix_overlaps(&prefix, &other));
	unsigned int bit = first_difference(&prefix.addr, &other.addr);
	uint32_t at = new_node(tree); /* may move the nodes: references only after it */
	uint32_t *ref = descend(tree, &prefix.addr, bit);
	unsigned int side = bit_of(&prefix.addr, bit);

	tree->nodes[at].bit = (uint8_t)bit;
	tree->nodes[at].held = held_below(tree, *ref);
	tree->nodes[at].child[side] = id | ITEM;
	tree->nodes[at].child[!side] = *ref;
	*ref = at;
}

void lease_tree_del(struct lease_tree *tree, uint32_t id)
{
	struct ip6_prefix prefix = tree->key(tree->owner, id);
	uint32_t *parent = NULL, *ref = &tree->root;
	unsigned int side = 0;

	while (!(*ref & ITEM)) {
		struct node *node = &tree->nodes[*ref];

		parent = ref;
		side = bit_of(&prefix.addr, node->bit);
		ref = &node->child[side];
	}
	assert(*ref == (id | ITEM));
	if (!parent) {
		tree->root = LEASE_NONE;
		return;
	}
	uint32_t at = *parent;

	*parent = tree->nodes[at].child[!side];
	tree->nodes[at].child[0] = tree->free;
	tree->free = at;
}

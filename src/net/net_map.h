/* SPDX-License-Identifier: ISC */
/*
 * A map from interface index to whatever is kept of the interface.
 */
#ifndef SEXTANT_NET_NET_MAP_H
#define SEXTANT_NET_NET_MAP_H

#include <stddef.h>

struct net_map_slot {
	unsigned int key;
	void *value; /* NULL: the slot is empty */
};

/* All zero is an empty map. Walk it by its slots; nothing may be put or taken meanwhile. */
struct net_map {
	struct net_map_slot *slots;
	size_t n_slots; /* 0 or a power of two */
	size_t n;
};

/* NULL: there is none. */
void *net_map_get(const struct net_map *map, unsigned int key);

/* Puts value, which is not NULL, under a key that has none. */
void net_map_put(struct net_map *map, unsigned int key, void *value);

/* Takes the value out of the map; NULL: there was none. */
void *net_map_take(struct net_map *map, unsigned int key);

/* Frees the map; the values are the caller's. */
void net_map_fini(struct net_map *map);

#endif

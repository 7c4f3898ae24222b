/* SPDX-License-Identifier: ISC */
/*
 * Open addressing with linear probing. The kernel numbers interfaces, no peer does, so the hash
 * needs no key. What is taken out is closed up by moving later values forward: no tombstones.
 */
#include "config.h"

#include "net/net_map.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/mem.h"

static size_t home_of(const struct net_map *map, unsigned int key)
{
	return (uint32_t)(key * 0x9e3779b1u) & (map->n_slots - 1);
}

/* The slot that holds key, or the empty one where it would be put. */
static struct net_map_slot *slot_of(const struct net_map *map, unsigned int key)
{
	size_t at = home_of(map, key);

	while (map->slots[at].value && map->slots[at].key != key)
		at = (at + 1) & (map->n_slots - 1);
	return &map->slots[at];
}

void *net_map_get(const struct net_map *map, unsigned int key)
{
	return map->n ? slot_of(map, key)->value : NULL;
}

static void grow(struct net_map *map)
{
	struct net_map old = *map;

	map->n_slots = old.n_slots ? old.n_slots * 2 : 4;
	map->slots = mem_new(map->n_slots, sizeof(*map->slots));
	for (size_t i = 0; i < old.n_slots; i++) {
		if (old.slots[i].value)
			*slot_of(map, old.slots[i].key) = old.slots[i];
	}
	free(old.slots);
}

void net_map_put(struct net_map *map, unsigned int key, void *value)
{
	assert(value && !net_map_get(map, key));
	if (map->n * 2 >= map->n_slots)
		grow(map);
	*slot_of(map, key) = (struct net_map_slot){key, value};
	map->n++;
}

void *net_map_take(struct net_map *map, unsigned int key)
{
	if (!net_map_get(map, key))
		return NULL;
	struct net_map_slot *slot = slot_of(map, key);
	void *value = slot->value;
	size_t hole = (size_t)(slot - map->slots);
	const size_t mask = map->n_slots - 1;

	map->n--;
	for (size_t at = (hole + 1) & mask; map->slots[at].value; at = (at + 1) & mask) {
		size_t home = home_of(map, map->slots[at].key);

		/* It may move into the hole unless its home lies after the hole. */
		if (((at - home) & mask) >= ((at - hole) & mask)) {
			map->slots[hole] = map->slots[at];
			hole = at;
		}
	}
	map->slots[hole].value = NULL;
	return value;
}

void net_map_fini(struct net_map *map)
{
	free(map->slots);
	*map = (struct net_map){.n = 0};
}

/* SPDX-License-Identifier: ISC */
/*
 * Slabs: a chunk more when all items are in use, and nothing is moved or given back.
 */
#include "config.h"

#include "lease/lease_slab.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "lease/lease.h"

void lease_slab_init(struct lease_slab *slab, size_t item)
{
	*slab = (struct lease_slab){.item = item, .free = LEASE_NONE};
}

void lease_slab_fini(struct lease_slab *slab)
{
	for (size_t i = 0; i < slab->n_chunks; i++)
		free(slab->chunks[i]);
	free(slab->chunks);
}

uint32_t lease_slab_new(struct lease_slab *slab)
{
	uint32_t id = slab->free;

	if (id != LEASE_NONE) {
		void *item = lease_slab_at(slab, id);

		memcpy(&slab->free, item, sizeof(slab->free));
		memset(item, 0, slab->item);
		return id;
	}
	assert(slab->used < LEASE_NONE);
	if (slab->used == slab->n_chunks << LEASE_SLAB_SHIFT) {
		slab->chunks = mem_grow(slab->chunks, &slab->cap_chunks, slab->n_chunks + 1,
					sizeof(void *));
		slab->chunks[slab->n_chunks++] = mem_new((size_t)1 << LEASE_SLAB_SHIFT, slab->item);
	}
	return slab->used++;
}

void lease_slab_drop(struct lease_slab *slab, uint32_t id)
{
	memcpy(lease_slab_at(slab, id), &slab->free, sizeof(slab->free));
	slab->free = id;
}

/* SPDX-License-Identifier: ISC */
/*
 * Binary heaps: items[0] has the smallest key. Every move of an item writes its place back.
 */
#include "config.h"

#include "lease/lease_heap.h"

#include <assert.h>
#include <stdlib.h>

#include "base/mem.h"
#include "lease/lease.h"

void lease_heap_init(struct lease_heap *heap, const struct lease_slab *leases, size_t place)
{
	*heap = (struct lease_heap){.leases = leases, .place = place};
}

static uint32_t *place_of(const struct lease_heap *heap, uint32_t id)
{
	return (void *)((char *)lease_slab_at(heap->leases, id) + heap->place);
}

void lease_heap_fini(struct lease_heap *heap)
{
	for (size_t i = 0; i < heap->n; i++)
		*place_of(heap, heap->items[i].id) = LEASE_NONE;
	free(heap->items);
}

static void set(struct lease_heap *heap, size_t at, struct lease_heap_item item)
{
	heap->items[at] = item;
	*place_of(heap, item.id) = (uint32_t)at;
}

static void sift_up(struct lease_heap *heap, size_t at, struct lease_heap_item item)
{
	while (at > 0 && heap->items[(at - 1) / 2].key > item.key) {
		set(heap, at, heap->items[(at - 1) / 2]);
		at = (at - 1) / 2;
	}
	set(heap, at, item);
}

static void sift_down(struct lease_heap *heap, size_t at, struct lease_heap_item item)
{
	for (;;) {
		size_t child = 2 * at + 1;

		if (child >= heap->n)
			break;
		if (child + 1 < heap->n && heap->items[child + 1].key < heap->items[child].key)
			child++;
		if (heap->items[child].key >= item.key)
			break;
		set(heap, at, heap->items[child]);
		at = child;
	}
	set(heap, at, item);
}

/* Puts an item where another one was: it may belong higher or lower. */
static void settle(struct lease_heap *heap, size_t at, struct lease_heap_item item)
{
	if (at > 0 && heap->items[(at - 1) / 2].key > item.key)
		sift_up(heap, at, item);
	else
		sift_down(heap, at, item);
}

void lease_heap_put(struct lease_heap *heap, uint32_t id, mtime key)
{
	heap->items = mem_grow_raw(heap->items, &heap->cap, heap->n + 1, sizeof(*heap->items));
	heap->n++;
	sift_up(heap, heap->n - 1, (struct lease_heap_item){.key = key, .id = id});
}

void lease_heap_del(struct lease_heap *heap, uint32_t id)
{
	size_t at = *place_of(heap, id);

	assert(at < heap->n && heap->items[at].id == id);
	heap->n--;
	if (at < heap->n)
		settle(heap, at, heap->items[heap->n]);
	*place_of(heap, id) = LEASE_NONE;
}

mtime lease_heap_key(const struct lease_heap *heap, uint32_t id)
{
	return heap->items[*place_of(heap, id)].key;
}

void lease_heap_rekey(struct lease_heap *heap, uint32_t id, mtime key)
{
	settle(heap, *place_of(heap, id), (struct lease_heap_item){.key = key, .id = id});
}

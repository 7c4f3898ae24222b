/* SPDX-License-Identifier: ISC */
/*
 * The heap: its own account, which sees what a few octets left behind each time add up to long
 * before the process gets larger, and how it deals with large arrays.
 *
 * A mapped array grows by being mapped elsewhere, without its octets being copied, and leaves
 * nothing behind. glibc maps only what is larger than the largest mapped block that was ever freed:
 * after a while arrays of megabytes grow in the heap, and each doubling leaves a hole of the old
 * size, which makes twice the memory while a burst waits for a disk that hangs.
 */
#include "config.h"

#include "daemon/heap.h"

#include <stdlib.h>

#if defined(HAVE_MALLINFO2) || defined(HAVE_MALLOPT)
#include <malloc.h>
#endif

void heap_init(void)
{
#if defined(HAVE_MALLOPT) && defined(M_MMAP_THRESHOLD)
	/* glibc's own first choice; that it was set keeps it from moving. */
	mallopt(M_MMAP_THRESHOLD, 128 * 1024);
#endif
}

#ifdef HAVE_MALLINFO2
size_t heap_used(void)
{
	const struct mallinfo2 info = mallinfo2();

	return info.uordblks + info.hblkhd;
}
#else
size_t heap_used(void)
{
	return 0;
}
#endif

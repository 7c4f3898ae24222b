/* SPDX-License-Identifier: ISC */
/*
 * The heap's own account, which sees what a few octets left behind each time add up to long before
 * the process gets larger.
 */
#include "config.h"

#include "daemon/heap.h"

#include <stdlib.h>

#ifdef HAVE_MALLINFO2
#include <malloc.h>

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

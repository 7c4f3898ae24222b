/* SPDX-License-Identifier: ISC */
/*
 * Loaded into the daemon (LD_PRELOAD): sendmmsg(2) fails with EINVAL while the file that BADLINK
 * names is there, as it does when the kernel's neighbour table is full. That table is one for the
 * whole machine, so a test does not fill it.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

int sendmmsg(int fd, struct mmsghdr *msgs, unsigned int n, int flags)
{
	typedef int send_fn(int, struct mmsghdr *, unsigned int, int);
	static send_fn *real;
	const char *path = getenv("BADLINK");

	if (path && access(path, F_OK) == 0) {
		errno = EINVAL;
		return -1;
	}
	if (!real)
		real = (send_fn *)dlsym(RTLD_NEXT, "sendmmsg");
	return real(fd, msgs, n, flags);
}

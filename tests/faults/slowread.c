/* SPDX-License-Identifier: ISC */
/*
 * Loaded into the daemon (LD_PRELOAD): each packet that recvmmsg(2) gives takes 60 us more, as on a
 * slow machine. So a flood that is more than can be answered needs no more than this machine has.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <sys/socket.h>
#include <unistd.h>

enum { PACKET_US = 60 };

int recvmmsg(int fd, struct mmsghdr *msgs, unsigned int n, int flags, struct timespec *timeout)
{
	typedef int read_fn(int, struct mmsghdr *, unsigned int, int, struct timespec *);
	static read_fn *real;
	int got;

	if (!real)
		real = (read_fn *)dlsym(RTLD_NEXT, "recvmmsg");
	got = real(fd, msgs, n, flags, timeout);
	if (got > 0)
		(void)usleep((useconds_t)got * PACKET_US);
	return got;
}

/* SPDX-License-Identifier: ISC */
/*
 * Loaded into the daemon (LD_PRELOAD): a wall clock that a test can set while the daemon runs,
 * without that of the machine. It is ahead of the real one by as many seconds as the file that
 * BADCLOCK names says. What the kernel does for who waits with TFD_TIMER_CANCEL_ON_SET is done by a
 * FIFO of the same name and ".step": what the test writes into it cancels the timer, as
 * timerfd_create(2) has it: the descriptor is readable, and read(2) gives ECANCELED.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

static int timer_fd = -1;

static long long ahead(void)
{
	const char *path = getenv("BADCLOCK");
	char text[32] = "";
	int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;

	if (fd < 0)
		return 0;
	if (pread(fd, text, sizeof(text) - 1, 0) < 0)
		text[0] = '\0';
	close(fd);
	return atoll(text);
}

int clock_gettime(clockid_t id, struct timespec *t)
{
	typedef int clock_fn(clockid_t, struct timespec *);
	static clock_fn *real;

	if (!real)
		real = (clock_fn *)dlsym(RTLD_NEXT, "clock_gettime");
	if (real(id, t) < 0)
		return -1;
	if (id == CLOCK_REALTIME)
		t->tv_sec += ahead();
	return 0;
}

int timerfd_create(int clockid, int flags)
{
	typedef int create_fn(int, int);
	create_fn *real = (create_fn *)dlsym(RTLD_NEXT, "timerfd_create");
	char path[PATH_MAX];

	if (clockid != CLOCK_REALTIME)
		return real(clockid, flags);
	snprintf(path, sizeof(path), "%s.step", getenv("BADCLOCK"));
	/* For writing too: it does not end when the test closes it. */
	timer_fd = open(path, O_RDWR | O_CLOEXEC | O_NONBLOCK);
	return timer_fd;
}

int timerfd_settime(int fd, int flags, const struct itimerspec *to, struct itimerspec *was)
{
	typedef int settime_fn(int, int, const struct itimerspec *, struct itimerspec *);
	settime_fn *real = (settime_fn *)dlsym(RTLD_NEXT, "timerfd_settime");

	if (fd != timer_fd)
		return real(fd, flags, to, was);
	/* Without either the kernel would tell of no step. */
	if (!(flags & TFD_TIMER_ABSTIME) || !(flags & TFD_TIMER_CANCEL_ON_SET)) {
		errno = EINVAL;
		return -1;
	}
	/* What is over rings at once. */
	if (to->it_value.tv_sec <= time(NULL) + ahead() && write(fd, "", 1) != 1)
		return -1;
	return 0;
}

ssize_t read(int fd, void *buf, size_t len)
{
	typedef ssize_t read_fn(int, void *, size_t);
	static read_fn *real;
	ssize_t got;

	if (!real)
		real = (read_fn *)dlsym(RTLD_NEXT, "read");
	got = real(fd, buf, len);
	if (fd != timer_fd || got < 0)
		return got;
	errno = ECANCELED;
	return -1;
}

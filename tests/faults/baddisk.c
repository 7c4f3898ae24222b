/* SPDX-License-Identifier: ISC */
/*
 * LD_PRELOAD library: a disk that a test can make bad while the daemon runs. The first words of the
 * file $BADDISK say how it is; without the file it is good.
 *
 *	stall        syncs do not return until the file says something else
 *	fail N TAG   the next N syncs fail with EIO; another TAG counts anew
 *	readonly     writes, and opening a database for writing, fail with EROFS
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

enum { LOOK_EVERY_US = 10000 };

static struct {
	pthread_mutex_t lock;
	char said[64]; /* by the file when `left` was set */
	int left;
} state = {.lock = PTHREAD_MUTEX_INITIALIZER};

/* By system calls: what is called by name here would come back to us. */
static void look(char said[64])
{
	const char *path = getenv("BADDISK");
	int fd = path ? (int)syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC) : -1;
	ssize_t n = fd < 0 ? 0 : read(fd, said, 63);

	said[n > 0 ? n : 0] = '\0';
	if (fd >= 0)
		close(fd);
}

static bool says(const char *word)
{
	char said[64];

	look(said);
	return strncmp(said, word, strlen(word)) == 0;
}

static bool sync_fails(void)
{
	char said[64];
	bool fails;

	look(said);
	if (strncmp(said, "fail ", 5) != 0)
		return false;
	pthread_mutex_lock(&state.lock);
	if (strcmp(said, state.said) != 0) {
		memcpy(state.said, said, sizeof(said));
		state.left = atoi(said + 5);
	}
	fails = state.left > 0;
	if (fails)
		state.left--;
	pthread_mutex_unlock(&state.lock);
	return fails;
}

static int sync_by(long number, int fd)
{
	while (says("stall"))
		usleep(LOOK_EVERY_US);
	if (!sync_fails())
		return (int)syscall(number, fd);
	/* What the kernel could not write it forgets; here it is written all the same. */
	errno = EIO;
	return -1;
}

int fsync(int fd)
{
	return sync_by(SYS_fsync, fd);
}

int fdatasync(int fd)
{
	return sync_by(SYS_fdatasync, fd);
}

ssize_t pwrite64(int fd, const void *buf, size_t len, off64_t offset)
{
	if (says("readonly")) {
		errno = EROFS;
		return -1;
	}
	return syscall(SYS_pwrite64, fd, buf, len, offset);
}

int open64(const char *path, int flags, ...)
{
	mode_t mode = 0;
	va_list args;

	va_start(args, flags);
	if (flags & O_CREAT)
		mode = va_arg(args, mode_t);
	va_end(args);
	if ((flags & O_ACCMODE) != O_RDONLY && strstr(path, ".db") && says("readonly")) {
		errno = EROFS;
		return -1;
	}
	return (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}

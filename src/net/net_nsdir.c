/* SPDX-License-Identifier: ISC */
/*
 * Names of namespaces are files on which a namespace is mounted. inotify tells of the files; it
 * does not tell of the mount, which follows a moment later, and after many events it tells only
 * that it lost some. So an event says no more than "look again", and net_nsdir_each() says what is
 * there: a few microseconds a name.
 */
#include "config.h"

#include "net/net_nsdir.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"

static const char path[] = "/run/netns";

struct net_nsdir {
	int fd;     /* of inotify */
	dev_t nsfs; /* the file system of namespaces */
};

static int watch(int fd)
{
	const uint32_t what =
		IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_ATTRIB | IN_ONLYDIR;

	/* As ip-netns(8) does for the first one. */
	if (mkdir(path, 0755) < 0 && errno != EEXIST)
		return -errno;
	return inotify_add_watch(fd, path, what) < 0 ? -errno : 0;
}

int net_nsdir_open(struct net_nsdir **ret, char *why, size_t why_len)
{
	int fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	int err = fd < 0 ? -errno : watch(fd);
	struct stat own;

	if (!err && stat("/proc/self/ns/net", &own) < 0)
		err = -errno;
	if (err) {
		snprintf(why, why_len, "cannot watch %s for network namespaces: %s", path,
			 strerror(-err));
		if (fd >= 0)
			close(fd);
		return err;
	}
	struct net_nsdir *dir = mem_new(1, sizeof(*dir));

	dir->fd = fd;
	dir->nsfs = own.st_dev;
	*ret = dir;
	return 0;
}

void net_nsdir_close(struct net_nsdir *dir)
{
	if (!dir)
		return;
	close(dir->fd);
	free(dir);
}

int net_nsdir_fd(const struct net_nsdir *dir)
{
	return dir->fd;
}

bool net_nsdir_read(struct net_nsdir *dir)
{
	char events[4096];
	bool any = false;

	while (read(dir->fd, events, sizeof(events)) > 0)
		any = true;
	return any;
}

int net_nsdir_each(const struct net_nsdir *dir, net_nsdir_fn *fn, void *arg)
{
	DIR *names = opendir(path);

	if (!names)
		return -errno;
	for (const struct dirent *file = readdir(names); file; file = readdir(names)) {
		struct stat st;

		if (file->d_name[0] == '.' ||
		    fstatat(dirfd(names), file->d_name, &st, AT_SYMLINK_NOFOLLOW) < 0)
			continue;
		const struct net_nsdir_entry entry = {
			.name = file->d_name,
			.inode = st.st_ino,
			.ready = st.st_dev == dir->nsfs,
		};

		fn(arg, &entry);
	}
	closedir(names);
	return 0;
}

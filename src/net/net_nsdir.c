/* SPDX-License-Identifier: ISC */
/*
 * Names of namespaces are files on which a namespace is mounted. inotify tells of the files; it
 * does not tell of the mount, which follows a moment later, and after many events it tells only
 * that it lost some. So an event says no more than "look again", and net_nsdir_each() says what is
 * there: a few microseconds a name.
 *
 * Before the first namespace there may be no directory, and no right to make it: then /run is
 * watched for it. So it is when somebody has removed it.
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
static const char parent_path[] = "/run";

struct net_nsdir {
	int fd;     /* of inotify */
	int wd;     /* the watch on the directory; -1: none */
	int parent; /* the watch on /run, while the directory is not there; else -1 */
	dev_t nsfs; /* the file system of namespaces */
};

/* Begins to watch the directory. False: it is not there, or errno says what else. */
static bool arrive(struct net_nsdir *dir)
{
	const uint32_t what =
		IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_ATTRIB | IN_ONLYDIR;

	dir->wd = inotify_add_watch(dir->fd, path, what);
	if (dir->wd < 0)
		return false;
	if (dir->parent >= 0)
		inotify_rm_watch(dir->fd, dir->parent);
	dir->parent = -1;
	return true;
}

/* ip-netns(8) makes the directory with the first namespace; so do we, if we may. */
static int watch(struct net_nsdir *dir)
{
	int err = mkdir(path, 0755) < 0 ? errno : 0;

	if (err == EACCES || err == EPERM || err == EROFS) {
		dir->parent = inotify_add_watch(dir->fd, parent_path,
						IN_CREATE | IN_MOVED_TO | IN_ONLYDIR);
		if (dir->parent < 0)
			return -errno;
		/* It may have come meanwhile. */
		return arrive(dir) || errno == ENOENT ? 0 : -errno;
	}
	if (err && err != EEXIST)
		return -err;
	return arrive(dir) ? 0 : -errno;
}

int net_nsdir_open(struct net_nsdir **ret, char *why, size_t why_len)
{
	struct net_nsdir dir = {
		.fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC), .wd = -1, .parent = -1};
	int err = dir.fd < 0 ? -errno : watch(&dir);
	struct stat own;

	if (!err && stat("/proc/self/ns/net", &own) < 0)
		err = -errno;
	if (err) {
		snprintf(why, why_len, "cannot watch %s for network namespaces: %s", path,
			 strerror(-err));
		if (dir.fd >= 0)
			close(dir.fd);
		return err;
	}
	dir.nsfs = own.st_dev;
	*ret = mem_new(1, sizeof(dir));
	**ret = dir;
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

/* Whether the watch has ended, with the directory. */
static bool is_removed(const struct net_nsdir *dir, const char *events, size_t len)
{
	struct inotify_event event;

	for (size_t at = 0; at + sizeof(event) <= len; at += sizeof(event) + event.len) {
		memcpy(&event, events + at, sizeof(event));
		if (event.wd == dir->wd && event.mask & IN_IGNORED)
			return true;
	}
	return false;
}

bool net_nsdir_read(struct net_nsdir *dir)
{
	char events[4096];
	bool any = false, removed = false;
	ssize_t n;

	while ((n = read(dir->fd, events, sizeof(events))) > 0) {
		any = true;
		removed = removed || is_removed(dir, events, (size_t)n);
	}
	if (removed) {
		/* Made again, it is another one. */
		watch(dir);
		return true;
	}
	return dir->parent >= 0 ? any && arrive(dir) : any;
}

int net_nsdir_each(const struct net_nsdir *dir, net_nsdir_fn *fn, void *arg)
{
	DIR *names = opendir(path);

	if (!names)
		return errno == ENOENT ? 0 : -errno;
	errno = 0;
	for (const struct dirent *file = readdir(names); file; file = readdir(names)) {
		struct stat st;

		if (file->d_name[0] == '.')
			continue;
		if (fstatat(dirfd(names), file->d_name, &st, AT_SYMLINK_NOFOLLOW) < 0) {
			/* It has just gone; else what is there cannot be told. */
			if (errno != ENOENT)
				break;
			errno = 0;
			continue;
		}
		const struct net_nsdir_entry entry = {
			.name = file->d_name,
			.inode = st.st_ino,
			.ready = st.st_dev == dir->nsfs,
		};

		fn(arg, &entry);
		errno = 0;
	}
	int err = errno;

	closedir(names);
	return -err;
}

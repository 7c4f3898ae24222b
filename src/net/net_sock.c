/* SPDX-License-Identifier: ISC */
/*
 * A socket belongs for its whole life to the namespace it was made in, wherever the thread that
 * uses it is. So a namespace is entered for one socket() call and left at once.
 */
#include "config.h"

#include "net/net_sock.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { RECEIVE_BUFFER = 4 * 1024 * 1024 };

int net_sock_ns(const char *name, int *ret_fd, char *why, size_t why_len)
{
	char path[256];
	int fd = -1;

	if (!name) {
		*ret_fd = -1;
		return 0;
	}
	if (!*name || strchr(name, '/') || !strcmp(name, ".") || !strcmp(name, "..") ||
	    (size_t)snprintf(path, sizeof(path), "/run/netns/%s", name) >= sizeof(path)) {
		snprintf(why, why_len, "\"%.64s\" cannot be the name of a network namespace", name);
		return -EINVAL;
	}
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		*ret_fd = fd;
		return 0;
	}
	int err = errno;

	if (err == ENOENT)
		snprintf(why, why_len,
			 "there is no network namespace \"%s\": make it with "
			 "`ip netns add %s`, or take `netns` out of the network",
			 name, name);
	else
		snprintf(why, why_len, "cannot open %s: %s", path, strerror(err));
	return -err;
}

/* Goes back to the namespace we came from. Going on in a foreign one would serve its links. */
static void come_back(int home)
{
	if (setns(home, CLONE_NEWNET) == 0)
		return;
	fputs("event=namespace-lost level=error\n", stderr);
	abort();
}

int net_sock_open(int ns_fd, int family, int type, int protocol)
{
	int home = -1;

	if (ns_fd >= 0) {
		home = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
		if (home < 0)
			return -errno;
		if (setns(ns_fd, CLONE_NEWNET) < 0) {
			int err = errno == EPERM ? EXDEV : errno;

			close(home);
			return -err;
		}
	}
	int fd = socket(family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol);
	int err = errno;

	if (home >= 0) {
		come_back(home);
		close(home);
	}
	return fd >= 0 ? fd : -err;
}

void net_sock_why(int err, const char *what, const char *right, char *why, size_t why_len)
{
	switch (-err) {
	case EXDEV:
		snprintf(why, why_len,
			 "no right to enter the network namespace for %s: start as root or with "
			 "CAP_SYS_ADMIN",
			 what);
		break;
	case EPERM:
	case EACCES:
		snprintf(why, why_len, "no right to open %s: start as root or with %s", what,
			 right);
		break;
	case EAFNOSUPPORT:
		snprintf(why, why_len, "cannot open %s: this kernel does not have it", what);
		break;
	default:
		snprintf(why, why_len, "cannot open %s: %s", what, strerror(-err));
	}
}

void net_sock_big_receive(int fd)
{
	const int size = RECEIVE_BUFFER;

	/* With CAP_NET_ADMIN past net.core.rmem_max; without, the kernel takes the smaller one. */
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)) < 0)
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
}

int net_sock_set(int fd, const struct net_sock_option *options, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct net_sock_option *o = &options[i];

		if (setsockopt(fd, o->level, o->name, &o->value, sizeof(o->value)) < 0)
			return -errno;
	}
	return 0;
}

/* SPDX-License-Identifier: ISC */
/*
 * The directory of named network namespaces, /run/netns, watched as they come and go
 * (ip-netns(8), inotify(7)).
 */
#ifndef SEXTANT_NET_NET_NSDIR_H
#define SEXTANT_NET_NET_NSDIR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct net_nsdir;

struct net_nsdir_entry {
	const char *name; /* borrowed while it is told */
	uint64_t inode;   /* net_ns_inode() of the namespace; the same for two names of one */
	bool ready;       /* false: the name is there, the namespace not yet */
};

typedef void net_nsdir_fn(void *arg, const struct net_nsdir_entry *entry);

/* Makes the directory if it is not there and may be made, else waits for it. `why` as
 * net_ns_open(). */
int net_nsdir_open(struct net_nsdir **ret, char *why, size_t why_len);
void net_nsdir_close(struct net_nsdir *dir);

/* The descriptor to watch for reading; the dir owns it. */
int net_nsdir_fd(const struct net_nsdir *dir);

/* Takes in what waits: whether anything may have changed since the last time. Never blocks. */
bool net_nsdir_read(struct net_nsdir *dir);

/* Tells of all names that are there now, in no order. 0 or -errno. */
int net_nsdir_each(const struct net_nsdir *dir, net_nsdir_fn *fn, void *arg);

#endif

/* SPDX-License-Identifier: ISC */
/*
 * What a net_ns is made of: for the files of this room that work on it.
 */
#ifndef SEXTANT_NET_NET_NS_PRIV_H
#define SEXTANT_NET_NET_NS_PRIV_H

#include "net/net_map.h"
#include "net/net_ns.h"

enum { NET_PROTOS = 2 };

/*
 * The memberships. They are held by sockets that do nothing else: the kernel gives a datagram for
 * a group to every socket that is bound for it, whichever socket joined (IPV6_MULTICAST_ALL).
 */
struct net_groups {
	struct net_map members; /* struct net_member by ifindex */
	int *helpers;           /* the sockets that hold memberships, oldest first */
	size_t n_helpers, room_helpers;
};

struct net_ns {
	char *name; /* NULL: our own */
	int ns_fd;  /* -1: our own */
	int fds[NET_PROTOS];
	struct net_counters counters[NET_PROTOS];
	int errors[NET_PROTOS];         /* of the last net_recv(), -errno; 0: none */
	uint32_t overflows[NET_PROTOS]; /* the kernel's count as last seen; it wraps */
	struct net_groups groups;
};

/* Makes the first helper sockets, while there are rights to. 0 or -errno. */
int net_groups_init(struct net_ns *ns);
void net_groups_fini(struct net_ns *ns);

#endif

/* SPDX-License-Identifier: ISC */
/*
 * Multicast groups. A socket can hold as many memberships as fit its option memory
 * (net.core.optmem_max); when that is used up the next ones go to another socket.
 *
 * In a foreign namespace net_reserve() makes as many sockets as will be needed: once rights are
 * given up it cannot be entered again.
 */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/mem.h"
#include "net/net_ns.h"
#include "net/net_ns_priv.h"
#include "net/net_sock.h"

enum {
	GROUPS = 3,
	MEMBERSHIP_BYTES = 56, /* of the kernel's option memory, for one (64-bit Linux) */
	OPTMEM_LEAST = 20480,  /* the default of net.core.optmem_max before Linux 6.7 */
};

struct net_member {
	int helpers[GROUPS]; /* the socket that holds the membership, or -1 */
};

static const struct {
	unsigned int bit;
	struct in6_addr addr;
} groups[GROUPS] = {
	/* clang-format off */
	{NET_GROUP_ROUTERS,	  {.s6_addr = {0xff, 0x02, [15] = 2}}},
	{NET_GROUP_DHCP6,	  {.s6_addr = {0xff, 0x02, [13] = 1, [15] = 2}}},
	{NET_GROUP_DHCP6_SERVERS, {.s6_addr = {0xff, 0x05, [13] = 1, [15] = 3}}},
	/* clang-format on */
};

static int add_helper(struct net_ns *ns)
{
	struct net_groups *g = &ns->groups;
	int fd = net_sock_open(ns->ns_fd, AF_INET6, SOCK_DGRAM, IPPROTO_UDP);

	if (fd < 0)
		return fd;
	g->helpers = mem_grow(g->helpers, &g->room_helpers, g->n_helpers + 1, sizeof(*g->helpers));
	g->helpers[g->n_helpers++] = fd;
	return 0;
}

int net_groups_init(struct net_ns *ns)
{
	return add_helper(ns);
}

/* Memberships that fit one socket, at least. */
static size_t memberships_per_socket(void)
{
	FILE *file = fopen("/proc/sys/net/core/optmem_max", "re");
	size_t bytes = OPTMEM_LEAST;

	if (!file)
		return bytes / MEMBERSHIP_BYTES;
	if (fscanf(file, "%zu", &bytes) != 1 || bytes < OPTMEM_LEAST)
		bytes = OPTMEM_LEAST;
	fclose(file);
	return bytes / MEMBERSHIP_BYTES;
}

int net_reserve(struct net_ns *ns, size_t n)
{
	const size_t each = memberships_per_socket();
	const size_t sockets = (n * GROUPS + each - 1) / each;
	int err = 0;

	/* Further sockets in our own namespace need no right. */
	while (ns->ns_fd >= 0 && !err && ns->groups.n_helpers < sockets)
		err = add_helper(ns);
	return err;
}

void net_groups_fini(struct net_ns *ns)
{
	struct net_groups *g = &ns->groups;

	for (size_t i = 0; i < g->members.n_slots; i++)
		free(g->members.slots[i].value);
	net_map_fini(&g->members);
	for (size_t i = 0; i < g->n_helpers; i++)
		close(g->helpers[i]);
	free(g->helpers);
}

static int change(int fd, int option, unsigned int ifindex, const struct in6_addr *group)
{
	const struct ipv6_mreq mreq = {.ipv6mr_multiaddr = *group, .ipv6mr_interface = ifindex};

	return setsockopt(fd, IPPROTO_IPV6, option, &mreq, sizeof(mreq)) < 0 ? -errno : 0;
}

/* Joins on any socket that has memory left: its descriptor, or -errno. */
static int join_somewhere(struct net_ns *ns, unsigned int ifindex, const struct in6_addr *group)
{
	struct net_groups *g = &ns->groups;

	/* The newest first: older ones are full, unless interfaces went away since. */
	for (size_t i = g->n_helpers; i-- > 0;) {
		int err = change(g->helpers[i], IPV6_JOIN_GROUP, ifindex, group);

		if (!err || err == -EADDRINUSE)
			return g->helpers[i];
		if (err != -ENOBUFS && err != -ENOMEM)
			return err;
	}
	if (add_helper(ns) < 0)
		return -ENOBUFS;
	int fd = g->helpers[g->n_helpers - 1];
	int err = change(fd, IPV6_JOIN_GROUP, ifindex, group);

	return err ? err : fd;
}

static struct net_member *member_of(struct net_groups *g, unsigned int ifindex)
{
	struct net_member *member = net_map_get(&g->members, ifindex);

	if (member)
		return member;
	member = mem_new(1, sizeof(*member));
	for (size_t i = 0; i < GROUPS; i++)
		member->helpers[i] = -1;
	net_map_put(&g->members, ifindex, member);
	return member;
}

int net_join(struct net_ns *ns, unsigned int ifindex, unsigned int wanted)
{
	struct net_member *member = member_of(&ns->groups, ifindex);
	int first_err = 0;
	bool any = false;

	for (size_t i = 0; i < GROUPS; i++) {
		any = any || member->helpers[i] >= 0;
		if (!(wanted & groups[i].bit) || member->helpers[i] >= 0)
			continue;
		int fd = join_somewhere(ns, ifindex, &groups[i].addr);

		if (fd < 0) {
			first_err = first_err ? first_err : fd;
			continue;
		}
		member->helpers[i] = fd;
		any = true;
	}
	if (!any)
		free(net_map_take(&ns->groups.members, ifindex));
	return first_err;
}

void net_leave(struct net_ns *ns, unsigned int ifindex)
{
	struct net_member *member = net_map_take(&ns->groups.members, ifindex);

	if (!member)
		return;
	for (size_t i = 0; i < GROUPS; i++) {
		if (member->helpers[i] >= 0)
			change(member->helpers[i], IPV6_LEAVE_GROUP, ifindex, &groups[i].addr);
	}
	free(member);
}

/* SPDX-License-Identifier: ISC */
/*
 * Opening the sockets of a namespace: two for packets, whatever the number of interfaces, that of
 * port 547 where DHCPv6 is served, for the port may be another server's or a relay's. Which
 * interface a packet came by, and is to leave by, is in IPV6_PKTINFO (RFC 3542 section 6).
 *
 * The ICMPv6 socket lets only Router Solicitations and Advertisements in, sends with hop limit 255
 * (RFC 4861 section 6.1) and never fragments (RFC 6980 section 5); the kernel fills in checksums
 * and checks them.
 */
#include "config.h"

#include "net/net_ns.h"

#include <errno.h>
#include <netinet/icmp6.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "net/net_ns_priv.h"
#include "net/net_sock.h"

static const struct net_sock_option icmp6_options[] = {
	{SOL_SOCKET, SO_RXQ_OVFL, 1},
	{IPPROTO_IPV6, IPV6_RECVPKTINFO, 1},
	{IPPROTO_IPV6, IPV6_RECVHOPLIMIT, 1},
	{IPPROTO_IPV6, IPV6_UNICAST_HOPS, 255},
	{IPPROTO_IPV6, IPV6_MULTICAST_HOPS, 255},
	{IPPROTO_IPV6, IPV6_MULTICAST_LOOP, 0},
	{IPPROTO_IPV6, IPV6_DONTFRAG, 1},
	{IPPROTO_IPV6, IPV6_RECVFRAGSIZE, 1},
};

static const struct net_sock_option udp_options[] = {
	{SOL_SOCKET, SO_RXQ_OVFL, 1},
	{IPPROTO_IPV6, IPV6_V6ONLY, 1},
	{IPPROTO_IPV6, IPV6_RECVPKTINFO, 1},
	{IPPROTO_IPV6, IPV6_MULTICAST_LOOP, 0},
};

static int open_icmp6(struct net_ns *ns, char *why, size_t why_len)
{
	int fd = net_sock_open(ns->ns_fd, AF_INET6, SOCK_RAW, IPPROTO_ICMPV6);
	struct icmp6_filter filter;
	int err;

	if (fd < 0) {
		net_sock_why(fd, "a raw ICMPv6 socket", "CAP_NET_RAW", why, why_len);
		return fd;
	}
	ns->fds[NET_ICMP6] = fd;
	ICMP6_FILTER_SETBLOCKALL(&filter);
	ICMP6_FILTER_SETPASS(ND_ROUTER_SOLICIT, &filter);
	ICMP6_FILTER_SETPASS(ND_ROUTER_ADVERT, &filter);
	err = net_sock_set(fd, icmp6_options, sizeof(icmp6_options) / sizeof(*icmp6_options));
	if (!err && setsockopt(fd, IPPROTO_ICMPV6, ICMP6_FILTER, &filter, sizeof(filter)) < 0)
		err = -errno;
	if (err)
		snprintf(why, why_len, "cannot set up the ICMPv6 socket: %s", strerror(-err));
	else
		net_sock_big_receive(fd);
	return err;
}

static void bind_why(int err, char *why, size_t why_len)
{
	switch (-err) {
	case EADDRINUSE:
		snprintf(why, why_len,
			 "another DHCPv6 server or relay is bound to port 547: stop it "
			 "(`ss -lunp` tells which it is), or serve no DHCPv6 here");
		break;
	case EACCES:
	case EPERM:
		snprintf(why, why_len,
			 "no right to use port 547: start as root or with CAP_NET_BIND_SERVICE");
		break;
	default:
		snprintf(why, why_len, "cannot use port 547: %s", strerror(-err));
	}
}

int net_ns_open_dhcp6(struct net_ns *ns, char *why, size_t why_len)
{
	const struct sockaddr_in6 any = {.sin6_family = AF_INET6,
					 .sin6_port = htons(NET_DHCP6_SERVER_PORT)};
	int fd = net_sock_open(ns->ns_fd, AF_INET6, SOCK_DGRAM, IPPROTO_UDP);
	int err;

	if (fd < 0) {
		net_sock_why(fd, "a UDP socket for IPv6", "more rights", why, why_len);
		return fd;
	}
	err = net_sock_set(fd, udp_options, sizeof(udp_options) / sizeof(*udp_options));
	if (err) {
		snprintf(why, why_len, "cannot set up the UDP socket: %s", strerror(-err));
	} else if (bind(fd, (const struct sockaddr *)&any, sizeof(any)) < 0) {
		err = -errno;
		bind_why(err, why, why_len);
	}
	if (err) {
		close(fd);
		return err;
	}
	net_sock_big_receive(fd);
	ns->fds[NET_UDP] = fd;
	return 0;
}

void net_ns_close_dhcp6(struct net_ns *ns)
{
	close(ns->fds[NET_UDP]);
	ns->fds[NET_UDP] = -1;
}

int net_ns_open(const char *name, struct net_ns **ret, char *why, size_t why_len)
{
	int ns_fd = -1;
	int err = net_sock_ns(name, &ns_fd, why, why_len);

	if (err)
		return err;
	struct net_ns *ns = mem_new(1, sizeof(*ns));

	ns->name = name ? mem_strdup(name) : NULL;
	ns->ns_fd = ns_fd;
	for (int i = 0; i < NET_PROTOS; i++)
		ns->fds[i] = -1;
	err = open_icmp6(ns, why, why_len);
	if (!err) {
		err = net_groups_init(ns);
		if (err)
			net_sock_why(err, "a socket for multicast groups", "more rights", why,
				     why_len);
	}
	if (err)
		net_ns_close(ns);
	else
		*ret = ns;
	return err;
}

void net_ns_close(struct net_ns *ns)
{
	if (!ns)
		return;
	net_groups_fini(ns);
	for (int i = 0; i < NET_PROTOS; i++) {
		if (ns->fds[i] >= 0)
			close(ns->fds[i]);
	}
	if (ns->ns_fd >= 0)
		close(ns->ns_fd);
	free(ns->name);
	free(ns);
}

const char *net_ns_name(const struct net_ns *ns)
{
	return ns->name;
}

uint64_t net_ns_inode(const struct net_ns *ns)
{
	struct stat st;

	return ns->ns_fd >= 0 && fstat(ns->ns_fd, &st) == 0 ? st.st_ino : 0;
}

int net_ns_fd(const struct net_ns *ns, enum net_proto proto)
{
	return ns->fds[proto];
}

const struct net_counters *net_ns_counters(const struct net_ns *ns, enum net_proto proto)
{
	return &ns->counters[proto];
}

void net_ns_count_drop(struct net_ns *ns, enum net_proto proto, enum net_drop drop)
{
	ns->counters[proto].drops[drop]++;
}

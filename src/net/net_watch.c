/* SPDX-License-Identifier: ISC */
/*
 * The netlink socket of the watch. It follows the groups from the moment it is bound, then asks
 * for everything: interfaces, addresses and forwarding, one listing after the other because the
 * kernel does one at a time for a socket. When it had to drop messages (ENOBUFS), or the state
 * changed under a listing, everything is asked for again.
 */
#include "config.h"

#include "net/net_watch.h"

#include <errno.h>
#include <linux/if_addr.h>
#include <linux/netconf.h>
#include <linux/rtnetlink.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "net/net_links.h"
#include "net/net_ns_priv.h"
#include "net/net_sock.h"

enum {
	READ_BUFFER = 64 * 1024,
	SYNC_PATIENCE_MS = 5000, /* the kernel answers at once; this ends a wait for nothing */
};

/* The listings in their order. */
enum stage {
	STAGE_LINKS,
	STAGE_ADDRS,
	STAGE_CONF,
	STAGE_IDLE, /* none is under way */
};

struct net_watch {
	int fd;
	struct net_links *links;
	enum stage stage;
	struct net_listing listing;
	bool again; /* messages were lost: list everything once more */
};

/* The fixed parts differ; the kernel wants all of them zero but for the family. */
union request_body {
	struct ifinfomsg link;
	struct ifaddrmsg addr;
	struct netconfmsg conf;
};

static int ask(struct net_watch *watch, enum stage stage)
{
	static const struct {
		uint16_t type;
		uint8_t family;
		size_t len;
	} requests[] = {
		[STAGE_LINKS] = {RTM_GETLINK, AF_UNSPEC, sizeof(struct ifinfomsg)},
		[STAGE_ADDRS] = {RTM_GETADDR, AF_INET6, sizeof(struct ifaddrmsg)},
		[STAGE_CONF] = {RTM_GETNETCONF, AF_INET6, sizeof(struct netconfmsg)},
	};
	struct {
		struct nlmsghdr head;
		union request_body body;
	} request = {.head = {.nlmsg_type = requests[stage].type,
			      .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP}};
	uint32_t seq = watch->listing.seq + 1;

	request.body.link.ifi_family = requests[stage].family; /* the first octet of each */
	request.head.nlmsg_len = (uint32_t)NLMSG_LENGTH(requests[stage].len);
	request.head.nlmsg_seq = seq ? seq : 1;
	watch->stage = stage;
	watch->listing = (struct net_listing){.seq = request.head.nlmsg_seq};
	return send(watch->fd, &request, request.head.nlmsg_len, 0) < 0 ? -errno : 0;
}

static int start_over(struct net_watch *watch)
{
	watch->again = false;
	net_links_begin(watch->links);
	return ask(watch, STAGE_LINKS);
}

/* Goes on after a datagram: to the next listing, or to the first again. */
static int advance(struct net_watch *watch)
{
	if (watch->stage == STAGE_IDLE)
		return watch->again ? start_over(watch) : 0;
	if (!watch->listing.done)
		return 0;
	if (watch->listing.error)
		return watch->listing.error;
	if (watch->again || watch->listing.interrupted)
		return start_over(watch);
	if (watch->stage != STAGE_CONF)
		return ask(watch, watch->stage + 1);
	watch->stage = STAGE_IDLE;
	net_links_end(watch->links);
	return 0;
}

/* Takes in one datagram by way of a buffer of READ_BUFFER octets. 0, or -EAGAIN when none waits, or
 * another -errno. */
static int read_one(struct net_watch *watch, uint8_t *buffer)
{
	struct sockaddr_nl from = {.nl_pid = 0};
	struct iovec iov = {buffer, READ_BUFFER};
	struct msghdr msg = {
		.msg_name = &from, .msg_namelen = sizeof(from), .msg_iov = &iov, .msg_iovlen = 1};
	ssize_t n = recvmsg(watch->fd, &msg, MSG_DONTWAIT);

	if (n < 0) {
		if (errno == EINTR)
			return 0;
		if (errno != ENOBUFS)
			return -errno;
		watch->again = true;
		return 0;
	}
	if (from.nl_pid != 0) /* not the kernel */
		return 0;
	if (msg.msg_flags & MSG_TRUNC)
		watch->again = true;
	net_links_feed(watch->links, buffer, (size_t)n, &watch->listing);
	return 0;
}

static int64_t boottime_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_BOOTTIME, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Reads until nothing waits. */
static int read_all(struct net_watch *watch, uint8_t *buffer)
{
	for (;;) {
		int err = read_one(watch, buffer);

		if (err == -EAGAIN)
			return 0;
		if (!err)
			err = advance(watch);
		if (err)
			return err;
	}
}

int net_watch_read(struct net_watch *watch, net_link_fn *fn, void *arg)
{
	/*
	 * Not kept: there are as many watches as namespaces, and news are rare. Nor from the heap:
	 * what is allocated while it is there would leave a hole of its size.
	 */
	uint8_t buffer[READ_BUFFER];
	int err;

	net_links_set_time(watch->links, boottime_ms());
	err = read_all(watch, buffer);
	if (err)
		return err;
	if (watch->stage == STAGE_IDLE)
		net_links_report(watch->links, fn, arg);
	return 0;
}

int net_watch_look(struct net_watch *watch)
{
	int err = 0;

	if (watch->stage == STAGE_IDLE)
		err = start_over(watch);
	else
		watch->again = true;
	/* With the next message that comes. */
	if (err) {
		watch->stage = STAGE_IDLE;
		watch->again = true;
	}
	return err;
}

int net_watch_sync(struct net_watch *watch, net_link_fn *fn, void *arg)
{
	for (;;) {
		struct pollfd p = {.fd = watch->fd, .events = POLLIN};
		int err = net_watch_read(watch, fn, arg);

		if (err || watch->stage == STAGE_IDLE)
			return err;
		int ready = poll(&p, 1, SYNC_PATIENCE_MS);

		if (ready == 0)
			return -ETIMEDOUT;
		if (ready < 0 && errno != EINTR)
			return -errno;
	}
}

static int subscribe(int fd)
{
	const struct sockaddr_nl groups = {.nl_family = AF_NETLINK,
					   .nl_groups = 1u << (RTNLGRP_LINK - 1) |
							1u << (RTNLGRP_IPV6_IFADDR - 1) |
							1u << (RTNLGRP_IPV6_NETCONF - 1)};

	net_sock_big_receive(fd);
	return bind(fd, (const struct sockaddr *)&groups, sizeof(groups)) < 0 ? -errno : 0;
}

int net_watch_open(const struct net_ns *ns, struct net_watch **ret, char *why, size_t why_len)
{
	int fd = net_sock_open(ns->ns_fd, AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
	struct net_watch *watch;
	int err;

	if (fd < 0) {
		net_sock_why(fd, "a netlink socket", "more rights", why, why_len);
		return fd;
	}
	watch = mem_new(1, sizeof(*watch));
	watch->fd = fd;
	watch->links = net_links_new();
	err = subscribe(fd);
	if (!err)
		err = start_over(watch);
	if (err) {
		snprintf(why, why_len, "cannot watch the interfaces: %s", strerror(-err));
		net_watch_close(watch);
		return err;
	}
	*ret = watch;
	return 0;
}

void net_watch_close(struct net_watch *watch)
{
	if (!watch)
		return;
	close(watch->fd);
	net_links_free(watch->links);
	free(watch);
}

int net_watch_fd(const struct net_watch *watch)
{
	return watch->fd;
}

const struct net_link *net_watch_find(const struct net_watch *watch, unsigned int ifindex)
{
	return net_links_find(watch->links, ifindex);
}

const struct net_link *net_watch_find_name(const struct net_watch *watch, const char *name)
{
	return net_links_find_name(watch->links, name);
}

void net_watch_each(const struct net_watch *watch, net_link_fn *fn, void *arg)
{
	net_links_each(watch->links, fn, arg);
}

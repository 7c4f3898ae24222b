/* SPDX-License-Identifier: ISC */
/*
 * Two netlink sockets. Requests go out by one, and their answers come back by it; the kernel does
 * the work within the call that sends them, a batch in well under a millisecond. The other hears
 * what happens to routes of our protocol: a filter in the kernel keeps out all others, of which a
 * router with many can have very many.
 */
#include "config.h"

#include "net/net_routes.h"

#include <assert.h>
#include <errno.h>
#include <linux/filter.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/mem.h"
#include "net/net_ns_priv.h"
#include "net/net_route_msg.h"
#include "net/net_sock.h"

enum {
	READ_BUFFER = 64 * 1024,
	SETTLE_MS = 1000, /* the kernel has answered by then */
	/* Octets that are read before others have their turn: a listing is made while it is read.
	 */
	READ_AT_ONCE = 256 * 1024,
};

#ifndef SOL_NETLINK
enum { SOL_NETLINK = 270 };
#endif

struct net_routes {
	int fd, news_fd;
	uint32_t seq; /* the last one used */
	/* Changes under way: those with sequence numbers from `first` on that are not answered. */
	struct ip6_route_op ops[NET_ROUTES_BATCH];
	bool answered[NET_ROUTES_BATCH];
	uint32_t first;
	size_t n_ops, n_waiting;
	uint32_t listing; /* its sequence number; 0: none */
	bool interrupted;
	uint8_t *out;
};

/* The protocol stands at the same place of every message about a route. */
static int filter_news(int fd)
{
	const unsigned int at = NLMSG_HDRLEN + offsetof(struct rtmsg, rtm_protocol);
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_B | BPF_ABS, at),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, NET_ROUTE_PROTOCOL, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, UINT32_MAX),
		BPF_STMT(BPF_RET | BPF_K, 0),
	};
	const struct sock_fprog program = {.len = sizeof(code) / sizeof(code[0]), .filter = code};

	return setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program)) < 0 ? -errno
											   : 0;
}

static int follow_news(int fd)
{
	const struct sockaddr_nl groups = {.nl_family = AF_NETLINK,
					   .nl_groups = 1u << (RTNLGRP_IPV6_ROUTE - 1)};
	int err = filter_news(fd);

	if (err)
		return err;
	net_sock_big_receive(fd);
	return bind(fd, (const struct sockaddr *)&groups, sizeof(groups)) < 0 ? -errno : 0;
}

static void prepare(int fd)
{
	const int on = 1;

	net_sock_big_receive(fd);
	/* Answers without the request they are to; a listing of what is asked for alone. Kernels
	 * that do not know these do it the long way. */
	(void)setsockopt(fd, SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof(on));
	(void)setsockopt(fd, SOL_NETLINK, NETLINK_GET_STRICT_CHK, &on, sizeof(on));
}

int net_routes_open(const struct net_ns *ns, struct net_routes **ret, char *why, size_t why_len)
{
	struct net_routes *routes = mem_new(1, sizeof(*routes));
	int err;

	routes->fd = net_sock_open(ns->ns_fd, AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
	routes->news_fd = net_sock_open(ns->ns_fd, AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
	routes->out = mem_new(NET_ROUTES_BATCH, NET_ROUTE_MSG_MAX);
	err = routes->fd < 0 ? routes->fd : routes->news_fd < 0 ? routes->news_fd : 0;
	if (!err) {
		prepare(routes->fd);
		err = follow_news(routes->news_fd);
	}
	if (err) {
		net_sock_why(err, "a netlink socket for routes", "more rights", why, why_len);
		net_routes_close(routes);
		return err;
	}
	*ret = routes;
	return 0;
}

void net_routes_close(struct net_routes *routes)
{
	if (!routes)
		return;
	if (routes->fd >= 0)
		close(routes->fd);
	if (routes->news_fd >= 0)
		close(routes->news_fd);
	free(routes->out);
	free(routes);
}

int net_routes_fd(const struct net_routes *routes)
{
	return routes->fd;
}

int net_routes_news_fd(const struct net_routes *routes)
{
	return routes->news_fd;
}

bool net_routes_is_waiting(const struct net_routes *routes)
{
	return routes->n_waiting || routes->listing;
}

int net_routes_change(struct net_routes *routes, const struct ip6_route_op *ops, size_t n)
{
	size_t len = 0;

	assert(!net_routes_is_waiting(routes) && n <= NET_ROUTES_BATCH);
	/* Numbers without a gap, none of them 0. */
	if (routes->seq > UINT32_MAX - NET_ROUTES_BATCH)
		routes->seq = 0;
	routes->first = routes->seq + 1;
	for (size_t i = 0; i < n; i++) {
		routes->ops[i] = ops[i];
		routes->answered[i] = false;
		len += net_route_msg_put(routes->out + len, &ops[i], ++routes->seq);
	}
	if (n && send(routes->fd, routes->out, len, 0) < 0)
		return -errno;
	routes->n_ops = routes->n_waiting = n;
	return 0;
}

int net_routes_list(struct net_routes *routes)
{
	uint8_t request[NET_ROUTE_MSG_MAX];
	size_t len;

	assert(!net_routes_is_waiting(routes));
	if (++routes->seq == 0) /* is for what was not asked for */
		routes->seq++;
	len = net_route_msg_list(request, routes->seq);
	if (send(routes->fd, request, len, 0) < 0)
		return -errno;
	routes->listing = routes->seq;
	routes->interrupted = false;
	return 0;
}

/* --- reading ------------------------------------------------------------------------------- */

struct reader {
	struct net_routes *routes;
	const struct net_routes_events *events;
	void *arg;
	uint8_t *buffer;
};

static void end_op(struct reader *r, size_t i, int error)
{
	struct net_routes *routes = r->routes;

	if (i >= routes->n_ops || routes->answered[i])
		return;
	routes->answered[i] = true;
	routes->n_waiting--;
	r->events->done(r->arg, &routes->ops[i], error);
}

static void end_listing(struct reader *r, bool whole)
{
	r->routes->listing = 0;
	r->events->listed(r->arg, whole && !r->routes->interrupted);
}

static void take_route(struct reader *r, uint16_t type, const uint8_t *body, size_t len)
{
	struct ip6_route route;

	if (!net_route_msg_get(body, len, &route))
		return;
	if (type == RTM_NEWROUTE)
		r->events->there(r->arg, &route);
	else
		r->events->gone(r->arg, &route);
}

/* An answer with an error, or with 0; also the end of a listing that was refused. */
static void take_answer(struct reader *r, uint32_t seq, const uint8_t *body, size_t len)
{
	int32_t error = -EPROTO;

	if (len >= sizeof(error))
		memcpy(&error, body, sizeof(error));
	if (r->routes->listing && seq == r->routes->listing)
		end_listing(r, /* whole= */ false);
	else if (r->routes->n_waiting)
		end_op(r, seq - r->routes->first, -error);
}

static void take_message(struct reader *r, const struct nlmsghdr *head, const uint8_t *body,
			 size_t len)
{
	bool of_listing = r->routes->listing && head->nlmsg_seq == r->routes->listing;

	if (of_listing && head->nlmsg_flags & NLM_F_DUMP_INTR)
		r->routes->interrupted = true;
	switch (head->nlmsg_type) {
	case NLMSG_ERROR:
		take_answer(r, head->nlmsg_seq, body, len);
		break;
	case NLMSG_DONE:
		if (of_listing)
			end_listing(r, /* whole= */ true);
		break;
	case RTM_NEWROUTE:
	case RTM_DELROUTE:
		take_route(r, head->nlmsg_type, body, len);
		break;
	}
}

static void take_datagram(struct reader *r, size_t left)
{
	const uint8_t *at = r->buffer;
	struct nlmsghdr head;

	while (left >= sizeof(head)) {
		memcpy(&head, at, sizeof(head));
		if (head.nlmsg_len < sizeof(head) || head.nlmsg_len > left)
			return;
		take_message(r, &head, at + NLMSG_HDRLEN, head.nlmsg_len - NLMSG_HDRLEN);
		size_t step = NLMSG_ALIGN((size_t)head.nlmsg_len);

		step = step < left ? step : left;
		at += step;
		left -= step;
	}
}

/* The kernel had no room for answers, or for news. */
static void take_overflow(struct reader *r, int fd)
{
	struct net_routes *routes = r->routes;

	if (fd == routes->fd && routes->listing)
		end_listing(r, /* whole= */ false);
	for (size_t i = 0; fd == routes->fd && routes->n_waiting && i < routes->n_ops; i++)
		end_op(r, i, ENOBUFS);
	r->events->lost(r->arg);
}

/* What waits; *ret_more: there may be more of it. What was not lost is taken in first. */
static int read_socket(struct reader *r, int fd, bool *ret_more)
{
	bool overflow = false;
	size_t left = READ_AT_ONCE;

	while (left > 0) {
		struct sockaddr_nl from = {.nl_pid = 0};
		struct iovec iov = {r->buffer, READ_BUFFER};
		struct msghdr msg = {.msg_name = &from,
				     .msg_namelen = sizeof(from),
				     .msg_iov = &iov,
				     .msg_iovlen = 1};
		ssize_t n = recvmsg(fd, &msg, MSG_DONTWAIT);

		if (n < 0 && errno == EAGAIN)
			break;
		if (n < 0 && errno != EINTR && errno != ENOBUFS)
			return -errno;
		if (n < 0 ? errno == ENOBUFS : (msg.msg_flags & MSG_TRUNC) != 0)
			overflow = true;
		else if (n > 0 && from.nl_pid == 0)
			take_datagram(r, (size_t)n);
		left -= n > 0 && (size_t)n < left ? (size_t)n : n > 0 ? left : 0;
	}
	*ret_more = left == 0;
	if (overflow)
		take_overflow(r, fd);
	return 0;
}

int net_routes_read(struct net_routes *routes, const struct net_routes_events *events, void *arg)
{
	struct reader r = {routes, events, arg, mem_new(READ_BUFFER, 1)};
	bool more = false;
	int err = read_socket(&r, routes->fd, &more);

	if (!err && !more)
		err = read_socket(&r, routes->news_fd, &more);
	free(r.buffer);
	return err;
}

int net_routes_settle(struct net_routes *routes, const struct net_routes_events *events, void *arg)
{
	while (net_routes_is_waiting(routes)) {
		struct pollfd p = {.fd = routes->fd, .events = POLLIN};
		int ready = poll(&p, 1, SETTLE_MS);
		int err;

		if (ready == 0)
			return -ETIMEDOUT;
		if (ready < 0 && errno != EINTR)
			return -errno;
		err = net_routes_read(routes, events, arg);
		if (err)
			return err;
	}
	return 0;
}

/* SPDX-License-Identifier: ISC */
/*
 * Reading and writing messages about routes. The kernel gives every attribute that was set and some
 * that were not; what has none of those that matter here is not one of ours, or not as we made it.
 */
#include "config.h"

#include "net/net_route_msg.h"

#include <assert.h>
#include <linux/rtnetlink.h>
#include <string.h>

enum { MAIN_TABLE = RT_TABLE_MAIN };

struct message {
	uint8_t *buf;
	size_t at;
};

static void put(struct message *message, const void *data, size_t len)
{
	size_t padded = NLMSG_ALIGN(len);

	assert(message->at + padded <= NET_ROUTE_MSG_MAX);
	memset(message->buf + message->at, 0, padded);
	memcpy(message->buf + message->at, data, len);
	message->at += padded;
}

static void put_attr(struct message *message, unsigned short type, const void *data, size_t len)
{
	const struct rtattr attr = {.rta_len = (unsigned short)RTA_LENGTH(len), .rta_type = type};

	put(message, &attr, sizeof(attr));
	put(message, data, len);
}

/* The header's length is filled in last. */
static size_t finish(struct message *message)
{
	uint32_t len = (uint32_t)message->at;

	memcpy(message->buf + offsetof(struct nlmsghdr, nlmsg_len), &len, sizeof(len));
	return message->at;
}

static void put_head(struct message *message, uint16_t type, uint16_t flags, uint32_t seq,
		     const struct rtmsg *rtm)
{
	const struct nlmsghdr head = {.nlmsg_type = type,
				      .nlmsg_flags = (uint16_t)(NLM_F_REQUEST | flags),
				      .nlmsg_seq = seq};

	put(message, &head, sizeof(head));
	put(message, rtm, sizeof(*rtm));
}

static uint16_t flags_of(enum ip6_route_do what)
{
	switch (what) {
	case IP6_ROUTE_ADD:
		return NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL;
	case IP6_ROUTE_REPLACE:
		return NLM_F_ACK | NLM_F_CREATE | NLM_F_REPLACE;
	case IP6_ROUTE_REMOVE:
		return NLM_F_ACK;
	}
	return 0;
}

size_t net_route_msg_put(uint8_t buf[NET_ROUTE_MSG_MAX], const struct ip6_route_op *op,
			 uint32_t seq)
{
	const struct ip6_route *route = &op->route;
	const uint32_t oif = route->hop.ifindex;
	const struct rtmsg rtm = {
		.rtm_family = AF_INET6,
		.rtm_dst_len = route->to.len,
		.rtm_table = MAIN_TABLE,
		.rtm_protocol = NET_ROUTE_PROTOCOL,
		.rtm_scope = RT_SCOPE_UNIVERSE,
		.rtm_type = route->hop.unreachable ? RTN_UNREACHABLE : RTN_UNICAST,
	};
	struct message message = {.buf = buf};

	put_head(&message, op->what == IP6_ROUTE_REMOVE ? RTM_DELROUTE : RTM_NEWROUTE,
		 flags_of(op->what), seq, &rtm);
	put_attr(&message, RTA_DST, &route->to.addr, sizeof(route->to.addr));
	put_attr(&message, RTA_PRIORITY, &route->metric, sizeof(route->metric));
	if (!route->hop.unreachable) {
		put_attr(&message, RTA_GATEWAY, &route->hop.via, sizeof(route->hop.via));
		put_attr(&message, RTA_OIF, &oif, sizeof(oif));
	}
	return finish(&message);
}

size_t net_route_msg_list(uint8_t buf[NET_ROUTE_MSG_MAX], uint32_t seq)
{
	const struct rtmsg rtm = {.rtm_family = AF_INET6,
				  .rtm_table = MAIN_TABLE,
				  .rtm_protocol = NET_ROUTE_PROTOCOL};
	struct message message = {.buf = buf};

	put_head(&message, RTM_GETROUTE, NLM_F_DUMP, seq, &rtm);
	return finish(&message);
}

/* --- reading ------------------------------------------------------------------------------- */

struct reading {
	struct ip6_route route;
	uint32_t table;
	bool bad, is_multipath;
};

static void get(struct reading *reading, const uint8_t *data, size_t len, void *ret, size_t want)
{
	if (len == want)
		memcpy(ret, data, want);
	else
		reading->bad = true;
}

static void get_attrs(struct reading *reading, const uint8_t *at, size_t left);

/*
 * Somebody has appended a next hop of his own: the kernel tells both as one route, by the protocol
 * of the first, which so is ours.
 */
static void get_first_hop(struct reading *reading, const uint8_t *data, size_t len)
{
	struct rtnexthop hop = {.rtnh_len = 0};

	if (len >= sizeof(hop))
		memcpy(&hop, data, sizeof(hop));
	if (hop.rtnh_len < sizeof(hop) || hop.rtnh_len > len) {
		reading->bad = true;
		return;
	}
	reading->route.hop.ifindex = (unsigned int)hop.rtnh_ifindex;
	get_attrs(reading, data + sizeof(hop), hop.rtnh_len - sizeof(hop));
}

static void get_attr(struct reading *reading, unsigned int type, const uint8_t *data, size_t len)
{
	struct ip6_route *route = &reading->route;
	uint32_t oif = 0;

	switch (type) {
	case RTA_DST:
		get(reading, data, len, &route->to.addr, sizeof(route->to.addr));
		break;
	case RTA_PRIORITY:
		get(reading, data, len, &route->metric, sizeof(route->metric));
		break;
	case RTA_GATEWAY:
		get(reading, data, len, &route->hop.via, sizeof(route->hop.via));
		break;
	case RTA_OIF:
		get(reading, data, len, &oif, sizeof(oif));
		route->hop.ifindex = oif;
		break;
	case RTA_MULTIPATH:
		/* One within itself is none. */
		if (!reading->is_multipath) {
			reading->is_multipath = true;
			get_first_hop(reading, data, len);
		}
		break;
	case RTA_TABLE:
		get(reading, data, len, &reading->table, sizeof(reading->table));
		break;
	}
}

static void get_attrs(struct reading *reading, const uint8_t *at, size_t left)
{
	struct rtattr attr;

	while (left >= sizeof(attr)) {
		memcpy(&attr, at, sizeof(attr));
		if (attr.rta_len < sizeof(attr) || attr.rta_len > left) {
			reading->bad = true;
			return;
		}
		get_attr(reading, attr.rta_type & (unsigned int)NLA_TYPE_MASK, at + sizeof(attr),
			 attr.rta_len - sizeof(attr));
		size_t step = RTA_ALIGN((size_t)attr.rta_len);

		step = step < left ? step : left;
		at += step;
		left -= step;
	}
}

bool net_route_msg_get(const uint8_t *body, size_t len, struct ip6_route *ret)
{
	struct reading reading = {.table = RT_TABLE_UNSPEC};
	struct rtmsg rtm;

	if (len < sizeof(rtm))
		return false;
	memcpy(&rtm, body, sizeof(rtm));
	if (rtm.rtm_family != AF_INET6 || rtm.rtm_protocol != NET_ROUTE_PROTOCOL ||
	    rtm.rtm_dst_len > 128 || rtm.rtm_flags & RTM_F_CLONED)
		return false;
	reading.table = rtm.rtm_table;
	get_attrs(&reading, body + sizeof(rtm), len - sizeof(rtm));
	if (reading.bad || reading.table != MAIN_TABLE)
		return false;
	reading.route.to = ip6_prefix_make(&reading.route.to.addr, rtm.rtm_dst_len);
	/* The kernel says the loopback interface for what leads nowhere. */
	if (rtm.rtm_type == RTN_UNREACHABLE)
		reading.route.hop = (struct ip6_hop){.unreachable = true};
	*ret = reading.route;
	return true;
}

/* SPDX-License-Identifier: ISC */
/*
 * A flood must not fill the receive buffer that all share: while that is nearly full, datagrams of
 * whoever sends most are let in by chance only. That is a relay, or all clients on a link, or where
 * there is no telling, all that an interface brings from beyond the link.
 */
#ifndef SEXTANT_NET_NET_SHED_H
#define SEXTANT_NET_NET_SHED_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	NET_SHED_PLACES = 64, /* interfaces, and sources, that are told apart; more share a place */
	NET_SHED_PERIOD = 100, /* milliseconds between looks */
	NET_SHED_MAX = 10,     /* one in 2^10 datagrams is let in at least */
};

/* Whose datagrams of an interface. */
enum net_shed_whose {
	NET_SHED_CLIENTS, /* from link-local addresses: clients, and relays beside them */
	NET_SHED_FAR,     /* from others: relays */
	NET_SHED_ONE,     /* of those, from one address */
};

struct net_shed_target {
	unsigned int interface; /* 0: nobody */
	enum net_shed_whose whose;
	struct in6_addr src; /* NET_SHED_ONE */
};

/* Who may have sent most from beyond an interface, and by how much more than the others here. */
struct net_shed_source {
	unsigned int interface;
	struct in6_addr src;
	uint32_t votes;
};

/* What came in one period. */
struct net_shed_counts {
	struct {
		unsigned int interface;
		uint32_t n[2]; /* NET_SHED_CLIENTS, NET_SHED_FAR */
	} links[NET_SHED_PLACES];
	struct net_shed_source sources[NET_SHED_PLACES]; /* of NET_SHED_FAR */
};

/* Somebody who is held back, or was lately. */
struct net_shed_hold {
	struct net_shed_target target; /* interface 0: nobody */
	unsigned int strength;         /* one in 2^strength of the datagrams is let in */
	int64_t loudest;               /* when it last was, as net_shed.next has it */
};

enum { NET_SHED_HOLDS = 4 };

struct net_shed {
	struct net_shed_counts counts;
	int64_t next; /* when to look again, milliseconds */
	struct net_shed_hold holds[NET_SHED_HOLDS];
	unsigned int quiet; /* looks since the buffer was nearly full */
};

/* A datagram came by this interface. */
void net_shed_count(struct net_shed *shed, unsigned int ifindex, const struct in6_addr *src);

/*
 * Who sent most, if that is more than a quarter of all that was counted: less can fill no buffer
 * but together with others. interface 0: nobody.
 */
struct net_shed_target net_shed_loudest(const struct net_shed *shed);

/* Lets only one in 2^strength datagrams of each of the targets into the socket. */
void net_shed_filter(int fd, const struct net_shed_hold holds[NET_SHED_HOLDS]);

/* Whether somebody is held back, or was lately: then net_shed_look() is to be called in time. */
bool net_shed_is_holding(const struct net_shed *shed);

/* What a look has changed. */
enum net_shed_change { NET_SHED_NOTHING, NET_SHED_BEGAN, NET_SHED_ENDED };

/*
 * Looks, if it is time to, how full the receive buffer of the socket `fd` is, and changes its
 * filter if that helps. `now` in milliseconds, of any clock that only goes forward. *ret_target:
 * who is held back from now on, or no longer.
 */
enum net_shed_change net_shed_look(struct net_shed *shed, int fd, int64_t now,
				   struct net_shed_target *ret_target);

#endif

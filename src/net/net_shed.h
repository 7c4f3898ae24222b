/* SPDX-License-Identifier: ISC */
/*
 * A flood by one interface must not fill the receive buffer that all share: while that is nearly
 * full, datagrams of the interface that sends most are let in by chance only.
 */
#ifndef SEXTANT_NET_NET_SHED_H
#define SEXTANT_NET_NET_SHED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	NET_SHED_SOURCES = 64, /* interfaces that are told apart; more share a place */
	NET_SHED_MAX = 10,     /* one in 2^10 datagrams is let in at least */
};

struct net_shed {
	uint32_t counts[NET_SHED_SOURCES]; /* datagrams in this period, by place */
	unsigned int interfaces[NET_SHED_SOURCES];
	int64_t next;           /* when to look again, milliseconds */
	unsigned int interface; /* that is held back, or was lately; 0: none */
	unsigned int strength;  /* one in 2^strength of its datagrams is let in */
	unsigned int quiet;     /* looks since the buffer was nearly full */
};

/* A datagram came by this interface. */
void net_shed_count(struct net_shed *shed, unsigned int ifindex);

/*
 * Looks, if it is time to, how full the receive buffer of the socket `fd` is, and changes its
 * filter if that helps. `now` in milliseconds, of any clock that only goes forward. True when it
 * began or ended to hold an interface back (shed->interface).
 */
bool net_shed_look(struct net_shed *shed, int fd, int64_t now);

#endif

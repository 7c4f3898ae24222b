/* SPDX-License-Identifier: ISC */
/*
 * What only frames tell: the link-layer source address of everything that comes in for UDP port
 * 547, and the beginnings of what DHCPv6 servers send to clients. Learnt from a packet socket that
 * keeps no more than that.
 */
#ifndef SEXTANT_NET_NET_FRAMES_H
#define SEXTANT_NET_NET_FRAMES_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "net/net_ns.h"

struct net_frames;

/*
 * Opens the packet socket in the namespace of ns (CAP_NET_RAW), which hears nothing yet. `why` as
 * net_ns_open().
 */
int net_frames_open(const struct net_ns *ns, struct net_frames **ret, char *why, size_t why_len);
void net_frames_close(struct net_frames *frames);

/* Begins to hear, which costs all IPv6 packets of the namespace a little. Needs no right. */
int net_frames_listen(struct net_frames *frames, char *why, size_t why_len);

/* The beginning of a datagram from port 547 to port 546 that passed by. */
struct net_overheard {
	const uint8_t *data; /* of its payload; gone when the function returns */
	size_t len;
	struct in6_addr src, dst;
	unsigned int ifindex;
	uint8_t mac[6]; /* of the frame's sender */
	bool has_mac;   /* it is Ethernet */
};
typedef void net_overheard_fn(void *arg, const struct net_overheard *heard);

/* Has net_frames_read() tell of these from now on. */
void net_frames_overhear(struct net_frames *frames, net_overheard_fn *fn, void *arg);

/* The descriptor to watch for reading; the frames own it. */
int net_frames_fd(const struct net_frames *frames);

/*
 * Takes in some of the headers that wait, the oldest first; true if others may wait. The kernel
 * hands a frame to the packet socket before it hands the datagram to the UDP socket: so that of a
 * datagram is found after net_recv(), and not sooner, once this was called until then. Who reads
 * much further has others forgotten, whose datagrams still wait. Never blocks, false for NULL.
 */
bool net_frames_read(struct net_frames *frames);

/*
 * The Ethernet address that the newest datagram from src on this interface came from. False: not
 * seen, no longer remembered, not Ethernet, or frames is NULL.
 */
bool net_frames_find(const struct net_frames *frames, unsigned int ifindex,
		     const struct in6_addr *src, uint8_t ret_mac[6]);

#endif

/* SPDX-License-Identifier: ISC */
/*
 * The sockets of one network namespace: a raw ICMPv6 socket, a UDP socket on port 547, and the
 * multicast groups of its interfaces. Packets go in and out in batches.
 *
 * Nothing here knows an event loop: the caller watches the descriptors and calls when they are
 * readable. Nothing here blocks. Functions that can fail give 0 or -errno.
 */
#ifndef SEXTANT_NET_NET_NS_H
#define SEXTANT_NET_NET_NS_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "net/net_drop.h"

struct net_ns;

#define NET_DHCP6_CLIENT_PORT 546
#define NET_DHCP6_SERVER_PORT 547

/* Room that is enough for every `why` text. */
#define NET_WHY_LEN 320

enum net_proto {
	NET_ICMP6, /* Router Solicitations and Advertisements only; hop limit 255 */
	NET_UDP,   /* port 547 */
};

/*
 * Opens the sockets but that of port 547 in the namespace /run/netns/NAME, or in our own when name
 * is NULL. The calling thread enters a named namespace (CAP_SYS_ADMIN) and is back in its own on
 * return. On failure `why` is a sentence for the operator: which right is missing.
 */
int net_ns_open(const char *name, struct net_ns **ret, char *why, size_t why_len);

/*
 * Opens the socket of port 547, which no other DHCPv6 server or relay can have then. Needs
 * CAP_NET_BIND_SERVICE, and CAP_SYS_ADMIN for a named namespace. -errno with `why`, and it is as it
 * was; -EADDRINUSE: another has the port.
 */
int net_ns_open_dhcp6(struct net_ns *ns, char *why, size_t why_len);
void net_ns_close_dhcp6(struct net_ns *ns);

/* Closes the sockets, which leaves every group. NULL is fine. */
void net_ns_close(struct net_ns *ns);

/* As it was given to net_ns_open(); NULL: our own. */
const char *net_ns_name(const struct net_ns *ns);

/* The number that tells the namespace from all others while it exists; 0: our own. */
uint64_t net_ns_inode(const struct net_ns *ns);

/* The descriptor to watch for reading; the ns owns it. NET_UDP: -1 before net_ns_open_dhcp6(). */
int net_ns_fd(const struct net_ns *ns, enum net_proto proto);

/* What was received and not given out, and what was sent; only ever counts up. */
struct net_counters {
	uint64_t received;
	uint64_t sent;
	uint64_t send_later;  /* net_send() failures that may pass */
	uint64_t sent_direct; /* net_direct_send() */
	uint64_t drops[NET_DROPS];
};

const struct net_counters *net_ns_counters(const struct net_ns *ns, enum net_proto proto);

/* Counts a packet that was given out, and then was of no use to the caller. */
void net_ns_count_drop(struct net_ns *ns, enum net_proto proto, enum net_drop drop);

/* Multicast groups to hear on an interface, as bits. */
enum net_group {
	NET_GROUP_ROUTERS = 1,       /* ff02::2, All-Routers: Router Solicitations */
	NET_GROUP_DHCP6 = 2,         /* ff02::1:2, All_DHCP_Relay_Agents_and_Servers */
	NET_GROUP_DHCP6_SERVERS = 4, /* ff05::1:3, All_DHCP_Servers: from relays */
};

/*
 * Joins the groups on the interface. Joining again does nothing. -ENODEV: the interface is gone;
 * -ENOBUFS: the kernel's memory for memberships is used up and no further socket can be had.
 * What had been joined before a failure stays joined.
 */
int net_join(struct net_ns *ns, unsigned int ifindex, unsigned int groups);

/*
 * Makes sure that n interfaces can be joined on without further rights: the number of sockets that
 * hold memberships follows the kernel's memory for one (net.core.optmem_max). 0 or -errno.
 */
int net_reserve(struct net_ns *ns, size_t n);

/*
 * Leaves all groups of the interface, which may be gone already. To be called when an interface is
 * gone or has lost its link-local address: the kernel forgets its memberships then, and only what
 * was left here can be joined again.
 */
void net_leave(struct net_ns *ns, unsigned int ifindex);

enum { NET_BATCH = 64 };

struct net_packet {
	const uint8_t *data; /* in the net_rx: until it is next received into */
	size_t len;          /* UDP: of the payload; ICMPv6: from the type on */
	struct in6_addr src;
	struct in6_addr dst; /* which of our addresses, or which group */
	uint16_t sport;      /* UDP: source port, host order; ICMPv6: 0 */
	unsigned int ifindex;
	uint8_t hop_limit; /* ICMPv6; UDP: 0 */
};

/*
 * Buffers for one batch of the largest packets there are. One is enough for a thread, whatever the
 * number of namespaces; the memory of what was never received costs nothing.
 */
struct net_rx;
struct net_rx *net_rx_new(void);
void net_rx_free(struct net_rx *rx);

/*
 * Receives up to NET_BATCH packets. *ret_packets is in rx. Returns their number; 0: none are
 * waiting. *ret_more is true if the socket may hold more. Drops are in the counters.
 */
size_t net_recv(struct net_ns *ns, enum net_proto proto, struct net_rx *rx,
		const struct net_packet **ret_packets, bool *ret_more);

/* What kept the last net_recv() from reading: -errno, or 0. */
int net_recv_error(const struct net_ns *ns, enum net_proto proto);

struct net_out {
	const uint8_t *data; /* ICMPv6: from the type on; the kernel fills in the checksum */
	size_t len;
	struct in6_addr src; /* ::, and the kernel chooses */
	bool src_gone;       /* src is sent from although it is no address of the interface */
	struct in6_addr dst;
	enum net_proto proto;
	unsigned int ifindex; /* where to send; 0, for a unicast dst only: the kernel routes */
	int status;           /* set by net_send(): 0 sent, else -errno */
	uint16_t port;        /* UDP: destination port, host order */
};

/*
 * Sends the packets in their order, both protocols mixed, and sets the status of each. A packet
 * that fails does not keep the others. Returns how many were sent.
 */
size_t net_send(struct net_ns *ns, struct net_out *outs, size_t n);

/*
 * Whether a failed packet is worth sending again a little later: the socket or the device queue is
 * full, or the kernel's neighbour table is, which it reports as EINVAL. The caller bounds the
 * tries: EINVAL is also what an unusable source address gives.
 */
bool net_is_transient(int status);

#endif

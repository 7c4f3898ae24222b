/* SPDX-License-Identifier: ISC */
/*
 * The watch on the interfaces of one namespace: their state, addresses and forwarding, as
 * rtnetlink tells it (rtnetlink(7)).
 */
#ifndef SEXTANT_NET_NET_WATCH_H
#define SEXTANT_NET_NET_WATCH_H

#include <net/if.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "net/net_ns.h"

enum { NET_MAC_MAX = 32 };

struct net_addr {
	struct in6_addr addr; /* ours, not the peer's */
	uint8_t prefix_len;
	uint32_t flags; /* IFA_F_* */
	/* When it is deprecated, and gone: milliseconds of CLOCK_BOOTTIME, INT64_MAX: never. */
	int64_t preferred_end, valid_end;
};

/* Whether packets may be sent from it (RFC 4862 section 5.4, RFC 4429 section 3). */
bool net_addr_is_usable(const struct net_addr *addr);

/* What is known of an interface. Borrowed from the watch until it is next read. */
struct net_link {
	unsigned int ifindex;
	char name[IF_NAMESIZE];
	bool up; /* administratively, and it has carrier */
	bool loopback;
	bool multicast;
	bool forwarding;     /* packets that come in here are forwarded */
	bool has_link_local; /* a usable one: not tentative (unless optimistic), no duplicate */
	struct in6_addr link_local; /* if has_link_local; stays the same while it is usable */
	uint8_t mac[NET_MAC_MAX];
	uint8_t mac_len;  /* 6: Ethernet; 0: none */
	uint32_t mtu;     /* of the interface */
	uint32_t ip6_mtu; /* of IPv6 on it, which may be less; 0: not known */
	const struct net_addr
		*addrs; /* all IPv6 addresses, the link-local and tentative ones too */
	size_t n_addrs;
};

/* What changed about an interface, as bits. */
enum net_change {
	NET_CHANGE_NEW = 1, /* first seen; the other bits are set as far as they differ from zero */
	NET_CHANGE_GONE = 2, /* what is given is the last that was known */
	NET_CHANGE_NAME = 4,
	NET_CHANGE_UP = 8, /* became up, or is no longer */
	NET_CHANGE_MAC = 16,
	NET_CHANGE_MTU = 32,
	NET_CHANGE_LINK_LOCAL = 64,
	NET_CHANGE_ADDRS = 128,
	NET_CHANGE_FORWARDING = 256,
	NET_CHANGE_GROUPS = 512, /* IPv6 was off, and it is in no group that it was in */
};

/*
 * Called once for each interface that changed since the last time. An interface that went and came
 * back under the same number in the meantime is given twice: gone, then new.
 */
typedef void net_link_fn(void *arg, const struct net_link *link, unsigned int changed);

struct net_watch;

/* Opens the watch in the namespace of ns and asks for all interfaces. `why` as net_ns_open(). */
int net_watch_open(const struct net_ns *ns, struct net_watch **ret, char *why, size_t why_len);
void net_watch_close(struct net_watch *watch);

/* The descriptor to watch for reading; the watch owns it. */
int net_watch_fd(const struct net_watch *watch);

/*
 * Reads all that waits and reports it. While a listing of all interfaces is under way (at first,
 * and after the kernel had to drop messages) nothing is reported before it is complete. Never
 * blocks. -errno when the socket is unusable.
 */
int net_watch_read(struct net_watch *watch, net_link_fn *fn, void *arg);

/* As net_watch_read(), but waits until the listing is complete: for the start. */
int net_watch_sync(struct net_watch *watch, net_link_fn *fn, void *arg);

/*
 * Lists everything anew: for what the kernel does not tell of by itself, as that the MTU of IPv6
 * was changed. What comes of it is reported by net_watch_read(). 0 or -errno.
 */
int net_watch_look(struct net_watch *watch);

/* The interface with this index or name, or NULL. */
const struct net_link *net_watch_find(const struct net_watch *watch, unsigned int ifindex);
const struct net_link *net_watch_find_name(const struct net_watch *watch, const char *name);

/* Every interface that is there, in no order; fn gets changed = 0. */
void net_watch_each(const struct net_watch *watch, net_link_fn *fn, void *arg);

#endif

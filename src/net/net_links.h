/* SPDX-License-Identifier: ISC */
/*
 * What rtnetlink messages say about interfaces: the state behind net_watch, without its socket.
 */
#ifndef SEXTANT_NET_NET_LINKS_H
#define SEXTANT_NET_NET_LINKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "net/net_watch.h"

struct net_links;

struct net_links *net_links_new(void);
void net_links_free(struct net_links *links);

/* The time, in milliseconds of CLOCK_BOOTTIME: lifetimes in what is fed count from it. */
void net_links_set_time(struct net_links *links, int64_t now);

/* How the listing with a sequence number stands after some messages. */
struct net_listing {
	uint32_t seq;     /* in: which request; 0: none is under way */
	bool done;        /* its last message came */
	bool interrupted; /* something changed meanwhile: it has to be asked for again */
	int error;        /* -errno, if the kernel refused it; then done too */
};

/*
 * Takes in the messages of one datagram. What is not one, or is cut, is left out with everything
 * behind it; unknown messages and attributes are passed over.
 */
void net_links_feed(struct net_links *links, const void *messages, size_t len,
		    struct net_listing *listing);

/* A listing of everything begins; what it did not name is gone once it ends. */
void net_links_begin(struct net_links *links);
void net_links_end(struct net_links *links);

/* Tells what changed since the last time, as net_link_fn says. */
void net_links_report(struct net_links *links, net_link_fn *fn, void *arg);

const struct net_link *net_links_find(const struct net_links *links, unsigned int ifindex);
const struct net_link *net_links_find_name(const struct net_links *links, const char *name);
void net_links_each(const struct net_links *links, net_link_fn *fn, void *arg);

#endif

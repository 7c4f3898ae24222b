/* SPDX-License-Identifier: ISC */
/*
 * The routes of one namespace that are ours: setting them in batches, listing them, and hearing
 * when the kernel or somebody else takes one away. Nothing here blocks for an answer.
 */
#ifndef SEXTANT_NET_NET_ROUTES_H
#define SEXTANT_NET_NET_ROUTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ip6_route.h"
#include "net/net_ns.h"

struct net_routes;

enum { NET_ROUTES_BATCH = 128 };

/* Opens the sockets in the namespace of ns. `why` as net_ns_open(). */
int net_routes_open(const struct net_ns *ns, struct net_routes **ret, char *why, size_t why_len);
void net_routes_close(struct net_routes *routes);

/* The descriptors to watch for reading: of answers, and of news. */
int net_routes_fd(const struct net_routes *routes);
int net_routes_news_fd(const struct net_routes *routes);

/*
 * Asks for up to NET_ROUTES_BATCH changes, in their order; each is answered by an event. Nothing
 * may be under way. CAP_NET_ADMIN. 0, or -errno when none of them was asked for.
 */
int net_routes_change(struct net_routes *routes, const struct ip6_route_op *ops, size_t n);

/* Asks for a listing of all that are ours; likewise. 0 or -errno. */
int net_routes_list(struct net_routes *routes);

/* Whether answers are still to come. */
bool net_routes_is_waiting(const struct net_routes *routes);

/* What net_routes_read() tells; `arg` is its own. */
struct net_routes_events {
	void (*done)(void *arg, const struct ip6_route_op *op, int error); /* 0, or an errno */
	void (*there)(void *arg, const struct ip6_route *route);           /* listed, or new */
	void (*gone)(void *arg, const struct ip6_route *route);
	void (*listed)(void *arg, bool whole); /* the listing has ended; not whole: ask again */
	void (*lost)(void *arg); /* news were lost: what is known may be wrong; ask for a listing */
};

/*
 * Reads what waits, of a long listing a part: answers before news, so that news are never older
 * than what was done. What is left keeps the descriptors readable. 0, or -errno when a socket is
 * unusable.
 */
int net_routes_read(struct net_routes *routes, const struct net_routes_events *events, void *arg);

/* Waits until the changes that were asked for are done, and tells of them; for the end. */
int net_routes_settle(struct net_routes *routes, const struct net_routes_events *events, void *arg);

#endif

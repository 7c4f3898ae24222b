/* SPDX-License-Identifier: ISC */
/*
 * The state of the daemon, for the files of this room only.
 */
#ifndef SEXTANT_DAEMON_STATE_H
#define SEXTANT_DAEMON_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <event2/event.h>

#include "base/fx.h"
#include "base/rng.h"
#include "daemon/conf.h"
#include "daemon/outbox.h"
#include "daemon/pipeline.h"
#include "daemon/view.h"
#include "dhcp6/dhcp6_server.h"
#include "lease/lease.h"
#include "lease/store.h"
#include "net/net_frames.h"
#include "net/net_ns.h"
#include "net/net_watch.h"
#include "ra/ra_link.h"

enum {
	LINK_BUCKETS = 4096, /* of the index by interface */

	/* What is done first when several things wait: advertisements are on time whatever DHCPv6
	 * has to do. */
	PRIORITY_FIRST = 0,
	PRIORITY_BULK = 1,
	PRIORITIES = 2,
};

struct daemon;

/* A namespace with its sockets. Lives as long as the daemon. */
struct daemon_ns {
	struct daemon *daemon;
	char *name; /* owned; NULL: our own */
	struct net_ns *net;
	struct net_watch *watch;
	struct net_frames *frames; /* or NULL */
	struct event *icmp_event, *udp_event, *watch_event;
};

/* An interface that belongs to a network, or hears relays. */
struct daemon_link {
	struct daemon *daemon;
	uint32_t id; /* what fx_send.link says; for links_get() */
	struct daemon_ns *ns;
	unsigned int ifindex;
	char name[IF_NAMESIZE];
	uint32_t network;       /* index into the configuration's; UINT32_MAX: only hears relays */
	unsigned int joined;    /* groups, enum net_group */
	struct in6_addr *addrs; /* its own addresses, owned */
	size_t n_addrs;
	struct ra_link ra;
	struct event *timer;
	struct daemon_link *next; /* in the index */
};

struct daemon {
	const char *path; /* of the configuration */
	bool log_level_fixed;
	struct daemon_conf *conf;
	struct ra_ledger *ledgers; /* one a network of the configuration */
	struct daemon_view *view;  /* the configuration as it is in force */
	mtime view_ends;           /* when time alone makes another one of it */
	char *saved;               /* the ledgers as the store has them */
	struct event *prefix_timer, *save_timer;
	struct event_base *base;
	struct fx *fx;
	struct rng rng;
	struct net_rx *rx;

	struct daemon_ns *namespaces;
	size_t n_namespaces;

	struct daemon_link **links; /* slots; NULL: free */
	size_t n_links, links_cap;
	uint32_t links_made; /* how many there ever were */
	struct daemon_link *index[LINK_BUCKETS];

	struct store *store;
	struct lease_table *leases;
	struct dhcp6_server *dhcp6;
	struct event *dhcp6_timer;
	struct pipeline *pipeline;

	struct net_out *outs; /* for one net_send() */
	size_t outs_cap;
	struct outbox later; /* could not be sent now */
	unsigned int later_tries;
	struct event *later_timer;
	bool sending_fails; /* said once */
	uint64_t sends_lost;

	struct event *signals[5];
	bool stopping;
	bool failed; /* it cannot go on */
};

/* links.c */
struct daemon_link *links_get(const struct daemon *d, uint32_t id); /* NULL: it has gone */
struct daemon_link *links_find(struct daemon *d, const struct daemon_ns *ns, unsigned int ifindex);
/* What the watch reports of an interface; a net_link_fn with the daemon_ns as its argument. */
void links_changed(void *arg, const struct net_link *link, unsigned int changed);
/* After the configuration was replaced; the old one is still there. */
void links_reconfigure(struct daemon *d);
/* An ICMPv6 message that came in. */
void links_receive(struct daemon_ns *ns, const struct net_packet *packet);
/* The interfaces of a namespace that are there and belong to a network become links. */
void links_match(struct daemon_ns *ns);
/* Final advertisements everywhere. */
void links_stop(struct daemon *d);
void links_free(struct daemon *d);

/* prefixes.c */
/* Ledgers as the store has them, and the first view; before anything is served. */
bool prefixes_init(struct daemon *d);
void prefixes_fini(struct daemon *d);
/* Looks at the addresses of all interfaces; for the start, when links are not told of yet. */
void prefixes_look(struct daemon *d);
/* An interface of a namespace changed: prefixes may have, too. */
void prefixes_touch(struct daemon *d);
/*
 * A configuration takes the place of d->conf: ledgers and view follow. Returns the old view, which
 * is still used until links and server were configured anew.
 */
struct daemon_view *prefixes_replace(struct daemon *d, struct daemon_conf *conf);
/* Has the store keep the ledgers, if they changed. */
void prefixes_save(struct daemon *d);

/* serve.c */
void serve_configure(struct daemon *d);
void serve_own_addresses(struct daemon *d, uint32_t network);
/* Reads DHCPv6 packets of a namespace until none is left or a fair share was served. */
void serve_receive(struct daemon_ns *ns);
bool serve_init(struct daemon *d);
void serve_fini(struct daemon *d);

/* transmit.c; a pipeline_send_fn with the daemon as its argument. */
void transmit(void *arg, const struct fx_send *sends, size_t n);
/* Sends and logs what a step left in daemon.fx that waits for no commit. */
void transmit_fx(struct daemon *d);
bool transmit_init(struct daemon *d);
void transmit_fini(struct daemon *d);

/* counters.c: all counters that are not 0, as log lines. */
void counters_log(struct daemon *d);

#endif

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

#include "base/arena.h"
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
#include "net/net_nsdir.h"
#include "net/net_shed.h"
#include "net/net_watch.h"
#include "ra/ra_link.h"

enum {
	LINK_BUCKETS = 4096, /* of the index by interface */

	/* What is done first when several things wait: advertisements are on time whatever DHCPv6
	 * has to do. */
	PRIORITY_FIRST = 0,
	PRIORITY_BULK = 1, /* what libevent gives events by itself, the middle one */
	PRIORITY_LAST = 2,
	PRIORITIES = 3,
};

struct daemon;
struct daemon_flood;
struct daemon_host_route;
struct daemon_routes;
struct provision_leases;

/* A network of the configuration as it is served in one namespace; see instances.c. */
struct daemon_instance {
	struct daemon_instance *next;
	uint32_t network;             /* index into the configuration's */
	uint32_t served;              /* dhcp6_server_add_network() */
	char *name;                   /* NETWORK@NAMESPACE, owned */
	struct daemon_ledger *ledger; /* NULL: it has none and needs none */
	bool stale;                   /* while the namespace is followed: to be made anew */
	/* As it is in force: the server and the links borrow it. */
	struct daemon_instance_view {
		struct arena arena;
		struct dhcp6_network dhcp6;
		struct daemon_view_network ra;
		mtime ends; /* when time alone makes another one of it */
	} * view;
};

/* A namespace with its sockets. */
struct daemon_ns {
	struct daemon *daemon;
	uint32_t id; /* of no other namespace, ever */
	char *name;  /* owned; NULL: our own */
	struct net_ns *net;
	struct net_watch *watch;
	struct net_frames *frames;
	struct daemon_flood *floods[NET_UDP + 1]; /* by socket; NULL: never was much to read */
	struct event *icmp_event, *udp_event, *watch_event;
	struct event *frames_event; /* of overhear.c */
	struct event *rest_event;   /* of listen.c; NULL: it was not needed yet */
	bool unread[NET_UDP + 1];   /* a socket cannot be read, and that was said */
	struct bucket overheard;
	struct daemon_instance *instances;
	struct daemon_routes *routes; /* NULL: none are set here */
	bool stale;                   /* links were added since delegations were looked at */
	bool touched;                 /* its addresses have changed since they were looked at */
	bool present;                 /* while the directory is looked through: it is there */
};

/* A namespace that could not be opened. */
struct daemon_refused {
	uint64_t inode;
	mtime again;  /* when it is tried again */
	bool present; /* as of a daemon_ns */
};

/* An interface that belongs to a network, or hears relays. */
struct daemon_link {
	struct daemon *daemon;
	uint32_t id; /* what fx_send.link says; for links_get() */
	struct daemon_ns *ns;
	unsigned int ifindex;
	char name[IF_NAMESIZE];
	uint32_t network; /* index into the configuration's; UINT32_MAX: only hears relays */
	uint32_t served;  /* the network's number at the DHCPv6 server, likewise */
	const struct daemon_view_network *view; /* of the network; NULL: it has none */
	const char *net_name;   /* as leases and logs name it: a network's or an instance's */
	unsigned int joined;    /* groups, enum net_group */
	struct in6_addr *addrs; /* its own addresses, owned */
	size_t n_addrs;
	/* Of these, to send from: a link-local and another one; ::, there is none that can be used.
	 */
	struct in6_addr near, far;
	struct ra_link ra;
	struct event *timer;
	mtime due;                /* when the timer was to run */
	mtime late;               /* how late it ran at worst */
	bool sending_fails;       /* it was said */
	uint64_t sends_lost;      /* since it works again */
	struct daemon_link *next; /* in the index */
};

/* What was seen of the wall clock. */
struct daemon_wallclock {
	int64_t offset;  /* clock_unix_offset() when it was looked at last */
	bool stepped;    /* since the start */
	uint32_t cursor; /* how far leases were stored again since the last step */
	struct event *cancel_event, *walk_event;
};

struct daemon {
	const char *path; /* of the configuration */
	bool log_level_fixed;
	struct daemon_conf *conf;
	struct daemon_ledgers ledgers;
	struct daemon_view *view; /* the configuration as it is in force */
	mtime prefixes_due;       /* when time alone changes a ledger */
	bool prefixes_touched;    /* a look at addresses is due at once */
	char *saved;              /* the ledgers as the store has them */
	struct event *prefix_timer, *save_timer;
	struct event_base *base;
	struct fx *fx;
	struct rng rng;
	struct net_rx *rx;

	struct daemon_ns **namespaces;
	size_t n_namespaces, namespaces_cap;
	uint32_t namespaces_made; /* how many there ever were */
	struct net_nsdir *nsdir;  /* NULL: no network names a namespace */
	struct event *nsdir_event, *scan_timer;
	mtime scan_at;              /* when the timer is to run, if it is */
	unsigned int unready_scans; /* in a row that found a name without its namespace */
	bool unseen;                /* the directory cannot be read, and that was said */
	bool enters;                /* has kept the rights to enter namespaces */
	bool listening;
	struct daemon_refused *refused; /* namespaces that could not be opened, said once */
	size_t n_refused, refused_cap;

	struct daemon_link **links; /* slots; NULL: free */
	size_t n_links, links_cap;
	uint32_t *free_slots; /* those below n_links that are empty */
	size_t n_free_slots, free_slots_cap;
	uint32_t links_made; /* how many there ever were */
	struct daemon_link *index[LINK_BUCKETS];

	struct store *store;
	struct lease_table *leases;
	bool sets_routes; /* has kept the right to */
	bool routes_off;  /* had none, and said so */
	struct siphash_key routes_key;
	struct provision_leases *routed; /* those that routes follow */
	struct daemon_host_route *host_routes;
	size_t n_host_routes, room_host_routes;
	struct dhcp6_server *dhcp6;
	uint64_t replay; /* above which values of this run are (RFC 8415 section 20.3) */
	struct event *dhcp6_timer;
	struct pipeline *pipeline;
	struct daemon_wallclock wallclock;

	struct net_out *outs; /* for one net_send() */
	size_t outs_cap;
	struct outbox later; /* could not be sent now */
	unsigned int later_tries;
	struct event *later_timer;
	void (*when_sent)(struct daemon *d); /* NULL: nobody waits for it */
	struct bucket send_lines;
	uint64_t sends_lost;

	struct event *overhear_timer;

	struct event *signals[4];
	struct event *reload_event, *counters_event; /* what signals asked for */
	bool stopping;
	bool failed; /* it cannot go on */
};

/* links.c */
struct daemon_link *links_get(const struct daemon *d, uint32_t id); /* NULL: it has gone */
struct daemon_link *links_find(struct daemon *d, const struct daemon_ns *ns, unsigned int ifindex);
/* What the watch reports of an interface; a net_link_fn with the daemon_ns as its argument. */
void links_changed(void *arg, const struct net_link *link, unsigned int changed);
/* Server and links follow the configuration and the view; the old ones are still there. */
void links_reconfigure(struct daemon *d);
/* An ICMPv6 message that came in. */
void links_receive(struct daemon_ns *ns, const struct net_packet *packet);
/* The interfaces of a namespace that are there and belong to a network become links. */
void links_match(struct daemon_ns *ns);
/* Links of a network in a namespace follow another view; the old one is still there. */
void links_replan(const struct daemon_ns *ns, uint32_t network,
		  const struct daemon_view_network *view);
/* The namespace goes: nothing is sent. */
void links_forget(const struct daemon_ns *ns);
/* missing.c: logs which interfaces that are named, not matched, are not there. */
void links_tell_missing(const struct daemon *d);
/* Final advertisements everywhere. */
void links_stop(struct daemon *d);
void links_free(struct daemon *d);

/* namespaces.c */
/* Opens sockets in every namespace that is there, with the rights of the start; logs failures. */
bool namespaces_open(struct daemon *d);
/* Takes in their interfaces and packets, and follows namespaces as they come and go. */
void namespaces_listen(struct daemon *d);
/* After links_reconfigure(). */
void namespaces_reconfigure(struct daemon *d);
/* Takes in no more. */
void namespaces_stop(struct daemon *d);
void namespaces_free(struct daemon *d);

/* The namespace of this name (NULL: our own), if it is open. */
struct daemon_ns *namespaces_find(const struct daemon *d, const char *name);

/* instances.c */
/* Sets what the link's network is served as, which is made if need be. */
void instances_serve(struct daemon_link *link);
/* Relays may be heard before there is any link of their networks: makes those of the namespace. */
void instances_hear_relays(struct daemon_ns *ns);
/* Takes all instances away before a new configuration is served; to be freed once links follow it.
 */
struct daemon_instance *instances_detach(struct daemon *d);
void instances_free(struct daemon_instance *instances);
/* Serves those of a namespace no longer. */
void instances_drop(struct daemon_ns *ns);
/* Brings the prefixes of those of a namespace up to date, and what follows from them. */
void instances_follow(struct daemon_ns *ns, mtime now);

/* prefixes.c */
/* Ledgers as the store has them, and the first view; before anything is served. */
bool prefixes_init(struct daemon *d);
void prefixes_fini(struct daemon *d);
/* Looks at the addresses of all interfaces; for the start, when links are not told of yet. */
void prefixes_look(struct daemon *d);
/* An interface of a namespace changed: prefixes may have, too. */
void prefixes_touch(struct daemon_ns *ns);
/* Brings the ledger of a network in a namespace (NULL: it is not there) up to date; whether it
 * changed. */
bool prefixes_see(struct daemon *d, const struct daemon_ns *ns, uint32_t network,
		  struct daemon_ledger *ledger, mtime now);
/* Something changed in a ledger: says what there is, and has it kept. */
void prefixes_changed(struct daemon *d, const struct daemon_ledger *ledger, mtime now);
/* Follows the ledgers again when time changes one. */
void prefixes_arm(struct daemon *d, mtime now);
/*
 * A configuration takes the place of d->conf: ledgers and view follow. Returns the old view, which
 * is still used until links and server were configured anew.
 */
struct daemon_view *prefixes_replace(struct daemon *d, struct daemon_conf *conf);
/* Has the store keep the ledgers, if they changed. */
void prefixes_save(struct daemon *d);

/* floods.c */
/* Counts what was read from a socket, and holds back or lets in who sends too much of it. */
void floods_look(struct daemon_ns *ns, enum net_proto proto, const struct net_packet *packets,
		 size_t n, mtime now);
void floods_free(struct daemon_ns *ns);

/* serve.c */
void serve_configure(struct daemon *d);
/* The server learns of the link's own addresses, or that they are no longer there. */
void serve_own_add(const struct daemon_link *link);
void serve_own_remove(const struct daemon_link *link);
/* Reads DHCPv6 packets of a namespace until none is left or a fair share was served. */
void serve_receive(struct daemon_ns *ns);
bool serve_init(struct daemon *d);
void serve_fini(struct daemon *d);

/* transmit.c; a pipeline_send_fn with the daemon as its argument. */
void transmit(void *arg, const struct fx_send *sends, size_t n);
/* Sends and logs what a step left in daemon.fx that waits for no commit. */
void transmit_fx(struct daemon *d);
/* Calls it once nothing waits to be sent again: at once, or half a second later at most. */
void transmit_when_sent(struct daemon *d, void (*sent)(struct daemon *d));
bool transmit_init(struct daemon *d);
void transmit_fini(struct daemon *d);

/* overhear.c: what other DHCPv6 servers send. */
bool overhear_init(struct daemon *d);
void overhear_begin(struct daemon_ns *ns);
void overhear_stop(struct daemon *d);
void overhear_fini(struct daemon *d);

/* wallclock.c */
bool wallclock_init(struct daemon *d);
/* A commit failed: what was to be stored again was not. */
void wallclock_undone(struct daemon *d);
/* Before the last commit: what is left of the walk at once. */
void wallclock_finish(struct daemon *d);
void wallclock_fini(struct daemon *d);

/* routes.c */
/* Before sockets are opened. False, and logged, where a right that is asked for is missing. */
bool routes_init(struct daemon *d);
/* The sockets, if routes are set in the namespace. 0 or -errno with a sentence in `why`. */
int routes_open(struct daemon_ns *ns, char *why, size_t why_len);
void routes_listen(struct daemon_ns *ns);
/* The routes themselves stay. */
void routes_close(struct daemon_ns *ns);
/* A lease that the store had at the start. */
void routes_load(struct daemon *d, const struct lease_row *row, int64_t unix_offset);
/* A pipeline_stored_fn with the daemon as its argument. */
void routes_committed(void *arg, const struct lease_row *rows, size_t n);
/* The link came, changed, or goes. */
void routes_link(const struct daemon_link *link);
/* What is served in the namespace has changed. */
void routes_replan(const struct daemon_ns *ns);
/* After links_reconfigure(), or when all that is known at the start is. */
void routes_configure(struct daemon *d);
/* Finishes what was begun and closes the sockets. */
void routes_fini(struct daemon *d);
/* Counters as a log line. */
void routes_log(const struct daemon_ns *ns);

/* host_routes.c */
/* A solicitation that was good came by the link. */
void host_routes_solicited(const struct daemon_link *link, const struct net_packet *packet);
/* The prefixes of a network that single hosts are told of. */
void host_routes_each(const struct daemon_network *net,
		      void (*fn)(void *arg, const struct ip6_prefix *prefix), void *arg);
/* Forgets those that are no longer in the configuration. */
void host_routes_configure(struct daemon *d);
void host_routes_fini(struct daemon *d);

/* counters.c: all counters that are not 0, as log lines. */
void counters_log(struct daemon *d);

#endif

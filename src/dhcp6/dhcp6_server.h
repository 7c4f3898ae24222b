/* SPDX-License-Identifier: ISC */
/*
 * The DHCPv6 server as a function: a packet or a moment goes in; answers and log lines come out in
 * an fx, lease changes in the open batch of the lease table. Pure: no I/O, no clock.
 */
#ifndef SEXTANT_DHCP6_DHCP6_SERVER_H
#define SEXTANT_DHCP6_DHCP6_SERVER_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fx.h"
#include "base/mtime.h"
#include "dhcp6/dhcp6_conf.h"
#include "dhcp6/dhcp6_drop.h"
#include "dhcp6/dhcp6_others.h"
#include "dhcp6/dhcp6_packet.h"
#include "dhcp6/dhcp6_proto.h"
#include "duid/duid.h"
#include "lease/lease.h"

struct dhcp6_server;

/* Borrows the table, which outlives the server; `seed` is for what need not be secret. */
struct dhcp6_server *dhcp6_server_new(struct lease_table *table, uint64_t seed);
void dhcp6_server_free(struct dhcp6_server *srv);

/*
 * Serves by this configuration from now on: conf must outlive the next call of this, or the
 * server. Leases are kept. Own addresses are forgotten: tell them again.
 */
void dhcp6_server_configure(struct dhcp6_server *srv, const struct dhcp6_conf *conf, mtime now);

/*
 * The address is one more time, or one time less, on a link of the network that is the router's
 * own: while it is there it is not leased. Costs the same whatever the number of links, unless an
 * address goes that lies in a pool. What was not added is not removed.
 */
void dhcp6_server_own_add(struct dhcp6_server *srv, uint32_t network, const struct in6_addr *addr);
void dhcp6_server_own_remove(struct dhcp6_server *srv, uint32_t network,
			     const struct in6_addr *addr);

/*
 * Serves one more network, which must outlive it, beside those of the configuration; its number.
 * The next dhcp6_server_configure() forgets it. If it has the name of one that was served before,
 * with other prefixes, pools or options, its clients are asked to come back.
 */
uint32_t dhcp6_server_add_network(struct dhcp6_server *srv, const struct dhcp6_network *net,
				  mtime now);

/*
 * Serves it in another way from now on; both are there until this returns. Its leases and the
 * router's own addresses are kept.
 */
void dhcp6_server_replace_network(struct dhcp6_server *srv, uint32_t network,
				  const struct dhcp6_network *net, mtime now);

/* Serves it no longer; its leases are kept. The number may come back for another one. */
void dhcp6_server_remove_network(struct dhcp6_server *srv, uint32_t network);

/*
 * While busy (the store has all it can take), messages that would change leases are dropped before
 * they change anything; others are answered, and no lease runs out. Ask dhcp6_server_wake() again.
 */
void dhcp6_server_set_busy(struct dhcp6_server *srv, bool busy);

/*
 * Without this no client gets a key for Reconfigures. `random` gives octets that nobody can guess;
 * every replay value will be above `replay`, which must be above all of earlier runs (RFC 8415
 * section 20.3): Unix seconds in its upper 32 bits, and never going back, will do.
 */
void dhcp6_server_seed(struct dhcp6_server *srv, void (*random)(void *buf, size_t len),
		       uint64_t replay);

/*
 * How a link is found by its name and that of its namespace ("": our own): its number for struct
 * fx_send, UINT32_MAX if it is not there. Without this no Reconfigure is sent.
 */
void dhcp6_server_set_links(struct dhcp6_server *srv,
			    uint32_t (*find)(void *arg, const char *netns, const char *name),
			    void *arg);

/*
 * Has clients come back before their time (RFC 8415 section 18.3.11): those of a network (its
 * index; DHCP6_NETWORK_NONE: of all) and with this DUID (NULL: any). `ask` is DHCP6_RENEW,
 * DHCP6_REBIND or DHCP6_INFORMATION_REQUEST. Returns how many can be asked: they accepted it, and
 * hold a lease or are asked for what takes none. Ask dhcp6_server_wake() after it.
 */
size_t dhcp6_server_reconfigure(struct dhcp6_server *srv, uint32_t network, const struct duid *duid,
				enum dhcp6_type ask, mtime now);

enum dhcp6_event_type {
	DHCP6_EV_PACKET,
	DHCP6_EV_TIMER,     /* it is `now`: early, late and doubled ones do no harm */
	DHCP6_EV_OVERHEARD, /* `packet` is a server's to a client, and may be cut at its end */
};

struct dhcp6_event {
	enum dhcp6_event_type type;
	struct dhcp6_packet packet; /* not with DHCP6_EV_TIMER */
};

/*
 * At most one packet is sent for each that came. One that depends on changes which are not on disk
 * yet, of this or an earlier step, has `held` set.
 */
void dhcp6_server_step(struct dhcp6_server *srv, const struct dhcp6_event *ev, mtime now,
		       struct fx *fx);

/*
 * When the next DHCP6_EV_TIMER is wanted; MTIME_NEVER for none. To be asked after each step and
 * each end of a batch.
 */
mtime dhcp6_server_wake(const struct dhcp6_server *srv);

/* How many messages were dropped for this reason; names are those of dhcp6_drop_name(). */
uint64_t dhcp6_server_drops(const struct dhcp6_server *srv, enum dhcp6_drop drop);

/* The other servers that were seen; NULL: none ever was. Valid until the next step. */
const struct dhcp6_others *dhcp6_server_others(const struct dhcp6_server *srv);

/* How many clients turned out to show the DUID and the IAID of another one (cloned machines). */
uint64_t dhcp6_server_duid_clashes(const struct dhcp6_server *srv);

#endif

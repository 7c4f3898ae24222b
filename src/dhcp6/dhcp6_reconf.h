/* SPDX-License-Identifier: ISC */
/*
 * Which clients can be reconfigured, by which way, and the Reconfigures that are under way.
 */
#ifndef SEXTANT_DHCP6_DHCP6_RECONF_H
#define SEXTANT_DHCP6_DHCP6_RECONF_H

#include <stdbool.h>
#include <stdint.h>

#include "base/fx.h"
#include "base/mtime.h"
#include "base/rng.h"
#include "base/siphash.h"
#include "dhcp6/dhcp6_exchange.h"
#include "dhcp6/dhcp6_link.h"
#include "dhcp6/dhcp6_proto.h"
#include "dhcp6/dhcp6_relay.h"
#include "duid/duid.h"
#include "lease/lease.h"

struct dhcp6_reconf;

/* Borrows the table, the generator of jitter, and the key of an index, which may come later. */
struct dhcp6_reconf *dhcp6_reconf_new(struct lease_table *table, struct rng *rng,
				      const struct siphash_key *key);
void dhcp6_reconf_free(struct dhcp6_reconf *reconf);

/* From where keys come (octets that nobody can guess), and above what replay values are to be. */
void dhcp6_reconf_seed(struct dhcp6_reconf *reconf, void (*random)(void *buf, size_t len),
		       uint64_t replay);

/*
 * How a link is found by its name and that of its namespace ("": our own): its number for struct
 * fx_send, UINT32_MAX if it is not there.
 */
void dhcp6_reconf_set_links(struct dhcp6_reconf *reconf,
			    uint32_t (*find)(void *arg, const char *netns, const char *name),
			    void *arg);

/*
 * To be called with each answer before it is encoded, and with how it will be sent, through the
 * relays of the chain if there are any: gives a key to a client that begins and accepts
 * Reconfigures, keeps the path to it, and ends asking when what was asked for has come.
 */
void dhcp6_reconf_note(struct dhcp6_reconf *reconf, const struct dhcp6_exchange *x,
		       const struct fx_send *how, const struct dhcp6_relay_chain *chain);

/*
 * Begins to ask clients for a message: those of a network (lease_network(); LEASE_NONE: of all),
 * and with this DUID (NULL: any). Those without leases are asked for Information-requests only.
 * Returns how many can be asked.
 */
size_t dhcp6_reconf_begin(struct dhcp6_reconf *reconf, uint32_t network, const struct duid *duid,
			  enum dhcp6_type ask, mtime now);

/*
 * What clients of the link's network are told from now on, as dhcp6_told_hash() has it: if they
 * were told something else before, each is asked for what brings it that. In the first seconds
 * nobody is asked: what is told may not be complete.
 */
void dhcp6_reconf_told(struct dhcp6_reconf *reconf, const struct dhcp6_link *link, uint64_t what,
		       mtime now);

/*
 * To be called with all links before each dhcp6_reconf_step(): when those seconds are over, it asks
 * clients that hold a lease of a prefix that their link does not have (RFC 9096 section 3.5).
 */
void dhcp6_reconf_settle(struct dhcp6_reconf *reconf, const struct dhcp6_link *links, size_t n,
			 mtime now);

/* Sends what is due, a bounded number; when to call again. */
void dhcp6_reconf_step(struct dhcp6_reconf *reconf, const struct duid *server_id, mtime now,
		       struct fx *fx);
mtime dhcp6_reconf_wake(const struct dhcp6_reconf *reconf);

#endif

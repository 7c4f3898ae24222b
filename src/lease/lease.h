/* SPDX-License-Identifier: ISC */
/*
 * The lease table: who holds which address or delegated prefix, in which state, until when; the
 * pools they come from; and the batches in which changes reach the store.
 *
 * Pure: no I/O, no clock, no randomness of its own. Decisions are made on monotonic time; wall
 * clock time appears only in the rows for the store.
 *
 * A change takes effect in memory at once and is noted in the open batch, so that it can be undone
 * until the batch is on disk. Offers are never stored and never part of a batch.
 *
 * A pointer to a lease or a client is good until the next call that changes the table.
 */
#ifndef SEXTANT_LEASE_LEASE_H
#define SEXTANT_LEASE_LEASE_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ip6.h"
#include "base/mtime.h"
#include "base/siphash.h"
#include "duid/duid.h"

struct lease_table;
struct lease_pool;
struct lease_batch;

enum lease_kind {
	LEASE_NA, /* an address, plen 128 */
	LEASE_PD, /* a delegated prefix */

	/*
	 * An address that a host made itself and told us of (RFC 9686), plen 128. Never offered,
	 * never remembered; a lease of the same address cannot be beside it.
	 */
	LEASE_REG,
};

enum lease_state {
	LEASE_OFFERED,  /* advertised; in memory only, for a short time */
	LEASE_ACTIVE,   /* the client was told, or is about to be */
	LEASE_RELEASED, /* given back; remembered for its client until somebody needs it */
	LEASE_EXPIRED,  /* ran out; remembered likewise */
	LEASE_DECLINED, /* somebody else uses the address: not given out until its time is over */
};

const char *lease_kind_name(enum lease_kind kind);    /* "NA", "PD", "REG" */
const char *lease_state_name(enum lease_state state); /* "active", ... */

/* No lease, no client. */
#define LEASE_NONE UINT32_MAX

/* Where a link-layer address was learnt, in order of trust (best first). */
enum lease_mac_source {
	LEASE_MAC_NONE,
	LEASE_MAC_FRAME, /* the frame itself */
	LEASE_MAC_RELAY, /* option 79 of a trusted relay */
	LEASE_MAC_DUID,  /* inside a DUID-LL or DUID-LLT */
};

/* Where a client is, the wider place first. */
enum lease_port_level {
	LEASE_PORT_LINK,     /* an interface of ours, or a relay */
	LEASE_PORT_OF_RELAY, /* what a relay calls one of its interfaces */
	LEASE_PORT_LEVELS,
};

/*
 * A client on a network: a DUID, and the link-layer address it was seen from. Several clients can
 * have one DUID (cloned machines); which of them a message is from is for the caller to decide.
 * Exists while it has a lease or an unfinished batch needs it.
 */
struct lease_client {
	const uint8_t *duid;
	uint32_t id;
	uint32_t network;     /* lease_network() */
	uint32_t first_lease; /* id of its first lease, LEASE_NONE if none */
	uint32_t leases; /* how many it has, in any state; those offered to others meanwhile too */
	uint32_t ports[LEASE_PORT_LEVELS]; /* the table's own numbers of them; LEASE_NONE: none */
	uint8_t mac[6];                    /* all zero with LEASE_MAC_NONE */
	uint8_t mac_source;                /* enum lease_mac_source */
	uint8_t duid_len;                  /* DUID_MIN to DUID_MAX */
};

struct lease {
	struct in6_addr addr; /* of a prefix: bits past plen are zero */
	uint8_t plen;
	uint8_t kind;  /* enum lease_kind */
	uint8_t state; /* enum lease_state */
	uint8_t marks; /* the table's own */
	uint32_t id;
	uint32_t client; /* id */
	uint32_t iaid;
	uint32_t preferred; /* lifetimes as last told to the client, seconds */
	uint32_t valid;
	mtime since; /* last change by the client: lifetimes count from here */
	mtime until; /* when the state ends: offer, valid lifetime, memory of it, quarantine */
};

/* `key` hashes indices and chooses stable addresses (RFC 7943); copied. */
struct lease_table *lease_table_new(const struct siphash_key *key);
void lease_table_free(struct lease_table *table);

/* The number of a network's name, the same for the life of the table; names are compared bytewise.
 */
uint32_t lease_network(struct lease_table *table, const char *name);
const char *lease_network_name(const struct lease_table *table, uint32_t network);

/* --- clients ------------------------------------------------------------------------------- */

/* The clients of a network with this DUID, one after the other; NULL when there are no more. */
const struct lease_client *lease_client_find(const struct lease_table *table, uint32_t network,
					     const struct duid *duid);
const struct lease_client *lease_client_next(const struct lease_table *table,
					     const struct lease_client *client);

/*
 * A new client without leases. It goes away by lease_client_drop_idle() or with its last lease;
 * a step that made one and gave it nothing must call lease_client_drop_idle().
 */
uint32_t lease_client_new(struct lease_table *table, uint32_t network, const struct duid *duid,
			  const uint8_t mac[6], enum lease_mac_source source);
void lease_client_drop_idle(struct lease_table *table, uint32_t client);

/* What is known of its link-layer address now; kept with its leases from their next change on. */
void lease_client_set_mac(struct lease_table *table, uint32_t client, const uint8_t mac[6],
			  enum lease_mac_source source);

/* What the clients of a port have; of all networks, since they were heard of at this port. */
struct lease_port {
	uint32_t leases; /* active addresses and prefixes */
	uint32_t offers;
	uint32_t remembered; /* released, or ran out */
	uint32_t declined;
	uint32_t registrations;
};

/*
 * Where the client is now: a name for each level, which nobody can choose (a keyed hash); 0: it is
 * at none. Neither stored nor part of a batch.
 */
void lease_client_set_ports(struct lease_table *table, uint32_t client,
			    const uint64_t names[LEASE_PORT_LEVELS]);

/*
 * At most so many leases are remembered for the clients of one LEASE_PORT_LINK: those that end when
 * there are as many are forgotten at once. Without this, any number.
 */
void lease_limit_remembered(struct lease_table *table, uint32_t per_link);

/* The counts of its port; all zero where it is at none. Good until the table changes. */
const struct lease_port *lease_client_port(const struct lease_table *table, uint32_t client,
					   enum lease_port_level level);

enum {
	LEASE_HOSTNAME_ROOM = 254, /* octets of a hostname with its NUL */
	LEASE_KEY_LEN = 16,        /* octets of a key for Reconfigure (RFC 8415 section 20.4) */
};

/*
 * Its hostname (of letters, digits, '-' and '.'), and the key it verifies Reconfigures with. NULL:
 * it has none; to set a name of NULL takes it away. Kept with its leases as above.
 */
const char *lease_client_hostname(const struct lease_table *table, uint32_t client);
void lease_client_set_hostname(struct lease_table *table, uint32_t client, const char *name);
const uint8_t *lease_client_key(const struct lease_table *table, uint32_t client);
/* A key of NULL takes it away. */
void lease_client_set_key(struct lease_table *table, uint32_t client,
			  const uint8_t key[LEASE_KEY_LEN]);

enum { LEASE_LINK_ROOM = 16 }; /* octets of an interface's name with its NUL */

/* Where a client was last heard: on which interface, from which link-local address. */
struct lease_way {
	char link[LEASE_LINK_ROOM]; /* with zeros to its end: ways are compared as memory */
	struct in6_addr via;
};

/*
 * For who routes to its leases (RFC 8987 section 3.1). NULL: not known, or behind a relay; to set
 * NULL takes it away. Kept with its leases as above: whoever sets another way calls
 * lease_client_restate() where the leases may not change besides.
 */
const struct lease_way *lease_client_way(const struct lease_table *table, uint32_t client);
void lease_client_set_way(struct lease_table *table, uint32_t client, const struct lease_way *way);

/* Octets of a path with its NUL: so few that a row stays on one page of the database. */
enum { LEASE_PATH_ROOM = 2560 };

/*
 * How a message gets to the client unasked (RFC 8415 section 18.3.11), as text that dhcp6_path.h
 * makes and reads: printable ASCII. NULL: not known; to set NULL takes it away. Kept with its
 * leases as above, from their next change on.
 */
const char *lease_client_path(const struct lease_table *table, uint32_t client);
void lease_client_set_path(struct lease_table *table, uint32_t client, const char *path);

/* The clients that have a key: *cursor starts at 0; LEASE_NONE at the end. */
uint32_t lease_client_each_key(const struct lease_table *table, uint32_t *cursor);

/* Says again in the open batch what its active leases are; nothing else of them changes. */
void lease_client_restate(struct lease_table *table, uint32_t client);

/*
 * Whether a change of its leases was undone since they were restated last: what is kept with them
 * is known here, but may not be stored.
 */
bool lease_client_undone(const struct lease_table *table, uint32_t client);

/* The client must exist: it does as long as it has a lease, or is new and was not dropped. */
const struct lease_client *lease_client_get(const struct lease_table *table, uint32_t client);

/* Whether there is a client of this number. */
bool lease_client_is(const struct lease_table *table, uint32_t client);

/* Whether a change of one of the client's leases is not yet on disk. */
bool lease_client_pending(const struct lease_table *table, uint32_t client);

/* --- leases -------------------------------------------------------------------------------- */

/* NULL when it is gone (or LEASE_NONE); an id may come back for another lease after that. */
const struct lease *lease_get(const struct lease_table *table, uint32_t id);

/* By what was leased; PD with its exact length. NULL if nobody has or had it. */
const struct lease *lease_find(const struct lease_table *table, uint32_t network,
			       enum lease_kind kind, const struct in6_addr *addr, uint8_t plen);

/*
 * A delegated prefix, whoever has it and in whatever state, that overlaps this one without being
 * the same; NULL if there is none. Where a reservation must win over what is only remembered, its
 * owner forgets those first.
 */
const struct lease *lease_overlapping(const struct lease_table *table, uint32_t network,
				      const struct in6_addr *addr, uint8_t plen);

/* Whether all that overlaps a delegated prefix, or is it, is only remembered. */
bool lease_only_past(const struct lease_table *table, uint32_t network, const struct in6_addr *addr,
		     uint8_t plen);

/* The leases of a client that is there: the first, then the next; NULL at the end. */
const struct lease *lease_first_of_client(const struct lease_table *table, uint32_t client);
const struct lease *lease_next_of_client(const struct lease_table *table,
					 const struct lease *lease);

/* Every lease, in no order: *cursor starts at 0; NULL at the end. */
const struct lease *lease_each(const struct lease_table *table, uint32_t *cursor);
size_t lease_count(const struct lease_table *table, enum lease_state state);
size_t lease_registrations(const struct lease_table *table); /* of kind LEASE_REG */

/* How many leases of a network are declined; *ret_oldest: which was first, LEASE_NONE if none. */
size_t lease_declined(const struct lease_table *table, uint32_t network, uint32_t *ret_oldest);

/* What a lease should be; see struct lease. */
struct lease_grant {
	uint32_t client;
	enum lease_kind kind;
	struct in6_addr addr;
	uint8_t plen;
	uint32_t iaid;
	uint32_t preferred, valid; /* seconds */
};

/*
 * Whether this client could be given it: nobody has it, or the client itself has it, or who had it
 * released it or let it expire. Does not look at pools. False for what is declined, held or offered
 * to others, and for a prefix for which lease_overlapping() finds one. Addresses and delegated
 * prefixes are not compared with each other.
 */
bool lease_available(const struct lease_table *table, uint32_t client, enum lease_kind kind,
		     const struct in6_addr *addr, uint8_t plen);

/*
 * Holds it for the client until `until` without storing anything. An active lease of the client's
 * own stays active. What was remembered of it comes back when the offer ends unused. At most
 * `max_offers` exist: the oldest is dropped for a new one. The grant must be available. Returns the
 * id.
 */
uint32_t lease_offer(struct lease_table *table, const struct lease_grant *grant, mtime until,
		     size_t max_offers, mtime now);

/*
 * Makes it the client's active lease, counting lifetimes from now: a new one, its offer, or a
 * renewal. Takes over what another client released or let expire. It must be available. Part of
 * the open batch. Returns the id.
 */
uint32_t lease_bind(struct lease_table *table, const struct lease_grant *grant, mtime now);

/* Part of the open batch; the record is remembered until `until`. */
void lease_release(struct lease_table *table, uint32_t id, mtime until, mtime now);
void lease_decline(struct lease_table *table, uint32_t id, mtime until, mtime now);

/* Drops the record altogether. Part of the open batch. */
void lease_forget(struct lease_table *table, uint32_t id);

/*
 * Moves on what is over: offers vanish, active leases expire and are remembered for `remember`
 * (mtime difference), remembered and declined ones are forgotten. At most `max` of them, so that a
 * million at once do not stop the daemon; `ended` is called for each lease before it changes.
 * Returns when to call again.
 */
mtime lease_expire(struct lease_table *table, mtime now, mtime remember, size_t max,
		   void (*ended)(void *arg, const struct lease *lease), void *arg);

/* --- pools --------------------------------------------------------------------------------- */

enum lease_policy {
	LEASE_STABLE,     /* keyed hash of who asks (RFC 7943): the same client, the same address */
	LEASE_RANDOM,     /* unpredictable, another one each time */
	LEASE_SEQUENTIAL, /* the lowest free one above the last given */
	LEASE_FROM_MAC,   /* EUI-64 of the client's link-layer address; else as LEASE_STABLE */
};

struct lease_pool_conf {
	uint32_t network;
	enum lease_kind kind;
	struct ip6_prefix
		prefix; /* the on-link prefix the range is in, or what is delegated from */
	struct in6_addr first, last; /* NA: the range, both included. PD: those of `prefix` */
	uint8_t plen;                /* PD: length of what is given out; NA: 128 */
	enum lease_policy policy;
};

/*
 * A pool over the addresses, or the prefixes of plen, of its range. From now on it knows which of
 * them the table's leases use. Pools of one network and kind may not overlap, but for those that
 * delegate prefixes of different lengths from one range. To be freed before the table. Costs at
 * most 1/7 octet an address, and nothing an address where it has more than 2^24; picking costs the
 * same however full it is.
 */
struct lease_pool *lease_pool_new(struct lease_table *table, const struct lease_pool_conf *conf);
void lease_pool_free(struct lease_pool *pool);
const struct lease_pool_conf *lease_pool_conf(const struct lease_pool *pool);

/* How many addresses or prefixes it is made of, excluded ones too; UINT64_MAX if that or more. */
uint64_t lease_pool_size(const struct lease_pool *pool);

/* What lies in `out` is never picked (a reservation, our own address, an excluded part). */
void lease_pool_exclude(struct lease_pool *pool, const struct ip6_prefix *out);

/* Whether the address, or the prefix of exactly the pool's length, is one of the pool and not
 * excluded and not a reserved interface identifier. */
bool lease_pool_has(const struct lease_pool *pool, const struct in6_addr *addr, uint8_t plen);

/*
 * Picks what the client may be given for this IAID: free, not excluded, no reserved identifier
 * (RFC 5453). When nothing is free, what was released or has expired longest ago. `random` is used
 * by LEASE_RANDOM, and to look elsewhere where a place is crowded. False when everything is held;
 * in a pool of more than 2^24 units, also when nothing free was found in a bounded search. Nothing
 * is changed.
 */
bool lease_pool_pick(const struct lease_pool *pool, uint32_t client, uint32_t iaid, uint64_t random,
		     struct in6_addr *ret);

/*
 * What a pool that delegates can give only if others are forgotten: a unit against which nothing
 * stands but what is remembered, of other lengths; for when lease_pool_pick() finds nothing. A
 * bounded search among what ended longest ago. Nothing is changed.
 */
bool lease_pool_pick_past(const struct lease_pool *pool, struct in6_addr *ret);

/*
 * Forgets delegated prefixes, up to `max` and those that ended longest ago first, which are
 * remembered in the range of the network's pools but are of lengths that none of them gives out
 * (any longer): they only take room. How many there were. Part of the open batch.
 */
size_t lease_forget_useless(struct lease_table *table, uint32_t network, size_t max);

/*
 * Ends the oldest offer of what the pool gives out to another client than this one, so that there
 * is room for it; false if there is none. A bounded search: in a pool of more than a few hundred,
 * among a few hundred of the oldest offers of all pools.
 */
bool lease_pool_end_offer(const struct lease_pool *pool, uint32_t client);

/* --- batches ------------------------------------------------------------------------------- */

/* What the store is told of one lease. */
enum lease_row_op {
	LEASE_ROW_PUT,    /* insert, or replace the row with this id */
	LEASE_ROW_DELETE, /* only `rowid` is set; it need not be there */
};

struct lease_row {
	enum lease_row_op op;
	enum lease_kind kind;
	enum lease_state state; /* never LEASE_OFFERED */
	enum lease_mac_source mac_source;
	uint64_t rowid;      /* 1 and up, given in order of first storing */
	const char *network; /* lives as long as the table */
	struct in6_addr addr;
	uint8_t plen;
	uint8_t mac[6];
	uint32_t iaid;
	uint32_t preferred, valid;
	int64_t since, until; /* Unix seconds; INT64_MAX: does not end */
	struct duid duid;
	const char
		*hostname;  /* NULL: none. Lives as long as the batch, or the call that gives it. */
	const uint8_t *key; /* LEASE_KEY_LEN octets; as hostname */
	const struct lease_way *way; /* NULL: none; as hostname */
	const char *path;            /* likewise */
};

/* Changes that the shell lets an open batch have: beyond it nobody's are decided. */
enum { LEASE_OPEN_MAX = 16384 };

/* Changes noted since the last seal, whether any, and how many; for the shell to bound it. */
size_t lease_open_changes(const struct lease_table *table);

/*
 * Closes the open batch and hands it out: one row for each lease that it changed. `unix_offset` is
 * Unix milliseconds minus monotonic ones, now. The batch stays the table's; it must be ended by
 * lease_batch_done() before the next seal. NULL when nothing was changed.
 */
struct lease_batch *lease_batch_seal(struct lease_table *table, int64_t unix_offset);
const struct lease_row *lease_batch_rows(const struct lease_batch *batch, size_t *ret_n);

/*
 * Says again in the open batch what leases are, at most `max` of them, from *cursor on, which
 * starts at 0: after the wall clock was set, what is stored has times by the old one. Nothing else
 * of them changes. False when all were done; offers, and what is remembered below them, are not.
 */
bool lease_restate(struct lease_table *table, uint32_t *cursor, size_t max);

/*
 * Ends a sealed batch. When it was not stored, all its changes are undone, newest first, after
 * those of the open batch, which then is empty: the caller drops the replies of both. What is over
 * comes back too: call lease_expire() afterwards. Whether a failed commit is on disk or not does
 * not matter: the next batch says again what its rows are.
 */
void lease_batch_done(struct lease_table *table, struct lease_batch *batch, bool stored);

/*
 * Takes in a row that the store had at start; not part of a batch. What is over is taken in too:
 * lease_expire() deals with it. What was changed after `now` is taken for changed now: so long it
 * lasts from then on, and not as long as the clock is behind besides. False, and nothing taken in,
 * if it contradicts an earlier one or is not a lease; *ret_why says why (a static string).
 */
bool lease_load(struct lease_table *table, const struct lease_row *row, int64_t unix_offset,
		mtime now, const char **ret_why);

#endif

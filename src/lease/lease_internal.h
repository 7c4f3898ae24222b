/* SPDX-License-Identifier: ISC */
/*
 * What the files of the lease table share. Leases, clients and remembered states live in slabs
 * and are named by 32-bit numbers, so that an index entry costs four octets and nothing moves.
 *
 * A lease is, from the outside in:
 *   placed:  in the index by address, in the tree of delegated prefixes, in the pools' free sets;
 *   joined:  in its client's chain, the expiry heap, the heap of its state, the counts.
 * A change of state leaves and joins; a lease that comes or goes is placed or unplaced as well.
 */
#ifndef SEXTANT_LEASE_LEASE_INTERNAL_H
#define SEXTANT_LEASE_LEASE_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/index.h"
#include "base/ip6.h"
#include "lease/lease.h"
#include "lease/lease_heap.h"
#include "lease/lease_tree.h"

enum {
	LEASE_STATES = LEASE_DECLINED + 1,
	LEASE_KINDS = LEASE_PD + 1, /* that pools give out */

	/* A slot without a lease: free, or kept while a batch may bring its lease back. */
	LEASE_GONE = LEASE_STATES,
};

/* Marks of a lease (struct lease) and of a client: which batches hold it. */
enum {
	LEASE_MARK_OPEN = 1,
	LEASE_MARK_SEALED = 2,
	LEASE_MARK_OVER = 4,    /* leases only: an offer of what is remembered for somebody */
	LEASE_MARK_USELESS = 8, /* leases only: in the heap `useless` of its network */
};

struct lease_rec {
	struct lease pub;
	uint32_t hash_next;
	uint32_t client_next;
	uint32_t expiry_at; /* place in the expiry heap; LEASE_NONE: not in it */
	uint32_t state_at;  /* place in the heap of its state: offers, declined, or its pool's
			       reclaimable */

	/* 0: never stored. With LEASE_MARK_OVER, the number of the state below in `unders`. */
	uint64_t rowid;
};

#define LEASE_DUID_INLINE 18 /* what fills the record; a DUID-UUID takes 18 */

struct lease_client_rec {
	struct lease_client pub;
	uint32_t hash_next;
	uint8_t marks;
	bool has_extra : 1;              /* lease_extra.c */
	bool undone : 1;                 /* lease_client_undone() */
	uint8_t duid[LEASE_DUID_INLINE]; /* longer ones are allocated */
};

struct lease_port_rec {
	uint32_t hash_next;
	uint32_t clients;
	uint64_t name;
	struct lease_port pub;
};

/* All that can change of a lease. */
struct lease_image {
	mtime since, until;
	uint64_t rowid;
	uint32_t client;
	uint32_t iaid;
	uint32_t preferred, valid;
	uint32_t under; /* of an offer of something remembered: its state below; else LEASE_NONE */
	uint8_t state;
};

struct lease_note {
	struct lease_image was; /* before the first change in this batch */
	uint32_t id;
};

struct lease_batch {
	struct lease_note *notes;
	size_t n_notes, cap_notes;
	uint32_t *clients; /* that must not go before the batch is done */
	size_t n_clients, cap_clients;
	struct lease_row *rows;
	size_t n_rows, cap_rows;
	struct arena texts; /* that the rows point to */
};

/* A row of a batch that failed: whether the store has it is not known. */
struct lease_doubt {
	uint64_t rowid;
	uint32_t id; /* of the lease it was about */
};

struct lease_net {
	char *name;
	uint32_t hash_next;
	struct lease_pool **pools[LEASE_KINDS]; /* by first address */
	size_t n_pools[LEASE_KINDS], cap_pools[LEASE_KINDS];
	struct lease_heap declined; /* by when */
	struct lease_tree *tree;    /* of delegated prefixes; they never overlap */
	struct lease_heap useless;  /* remembered across pools that cannot give them; by when */
};

struct lease_table {
	struct siphash_key key;
	struct lease_slab leases;  /* struct lease_rec */
	struct lease_slab clients; /* struct lease_client_rec */
	struct lease_slab unders;  /* struct lease_image */
	struct lease_slab extras;  /* struct lease_extra */
	struct index by_extra;
	struct lease_slab ports; /* struct lease_port_rec */
	struct index by_port;
	uint32_t max_remembered; /* of the clients of one link */
	struct index by_addr, by_duid, by_name;
	struct lease_net *nets;
	size_t n_nets, cap_nets;
	struct lease_heap expiry; /* by when it ends, or before: renewals do not touch it */
	struct lease_heap offers; /* by when it was made */
	size_t counts[LEASE_STATES];
	size_t n_registered;        /* of kind LEASE_REG */
	size_t n_pools, n_unfilled; /* unfilled: their free sets are not built yet */
	uint64_t next_rowid;
	uint64_t sealed_rowid;      /* next_rowid before the sealed batch */
	struct lease_doubt *doubts; /* rows of the sealed batch, and of failed ones before it */
	size_t n_doubts, cap_doubts;
	struct lease_batch batches[2];
	unsigned int open; /* which of them is open */
	bool sealed;       /* whether the other one waits for its end */
};

static inline struct lease_rec *lease_rec(const struct lease_table *table, uint32_t id)
{
	return lease_slab_at(&table->leases, id);
}

static inline struct lease_client_rec *lease_client_rec(const struct lease_table *table,
							uint32_t id)
{
	return lease_slab_at(&table->clients, id);
}

static inline struct lease_image *lease_under(const struct lease_table *table, uint32_t id)
{
	return lease_slab_at(&table->unders, id);
}

static inline bool lease_is_reclaimable(uint8_t state)
{
	return state == LEASE_RELEASED || state == LEASE_EXPIRED;
}

static inline struct ip6_prefix lease_prefix(const struct lease_rec *rec)
{
	return (struct ip6_prefix){rec->pub.addr, rec->pub.plen};
}

/* The kind of the pools that it lies in. */
static inline enum lease_kind lease_pool_kind(const struct lease_rec *rec)
{
	return rec->pub.kind == LEASE_PD ? LEASE_PD : LEASE_NA;
}

static inline uint32_t lease_rec_network(const struct lease_table *table,
					 const struct lease_rec *rec)
{
	return lease_client_rec(table, rec->pub.client)->pub.network;
}

/* --- lease_table.c --- */

struct lease_rec *lease_rec_find(const struct lease_table *table, uint32_t network,
				 enum lease_kind kind, const struct ip6_prefix *prefix);

/* An address leased where it is to be registered, or registered where it is to be leased. */
struct lease_rec *lease_rec_against(const struct lease_table *table, uint32_t network,
				    enum lease_kind kind, const struct ip6_prefix *prefix);

/* A gone lease with its address filled in; to be placed and joined. */
struct lease_rec *lease_rec_new(struct lease_table *table, enum lease_kind kind,
				const struct ip6_prefix *prefix);

/* Gives the slot back if nothing needs it any more. */
void lease_rec_check(struct lease_table *table, struct lease_rec *rec);

/* The lease's client says in which network. */
void lease_place(struct lease_table *table, struct lease_rec *rec);
void lease_unplace(struct lease_table *table, struct lease_rec *rec);

struct lease_image lease_image_of(const struct lease_rec *rec);

/* Into a lease that is in no state index: it has left, or is gone. */
void lease_image_set(struct lease_rec *rec, const struct lease_image *image);

/* --- lease_state.c --- */

void lease_join(struct lease_table *table, struct lease_rec *rec);
void lease_leave(struct lease_table *table, struct lease_rec *rec);

/* `until` of a joined lease was changed. */
void lease_until_changed(struct lease_table *table, const struct lease_rec *rec);

/* When a reclaimable lease was released or ran out. */
mtime lease_ended_at(const struct lease *lease);

/* --- lease_offer.c --- */

/* Ends an offer: what was remembered comes back, or the lease is gone. */
void lease_offer_end(struct lease_table *table, struct lease_rec *rec);

/* Frees the state below an offer, whose client may go. */
void lease_under_drop(struct lease_table *table, uint32_t under);

/* --- lease_client.c --- */

uint64_t lease_client_hash(const void *owner, uint32_t id);
uint32_t *lease_client_hash_next(const void *owner, uint32_t id);

/* The client that a stored lease belongs to, perhaps a new one. */
uint32_t lease_client_load(struct lease_table *table, uint32_t network, const struct duid *duid,
			   const uint8_t mac[6], enum lease_mac_source source);
void lease_clients_free(struct lease_table *table);

/* --- lease_port.c --- */

void lease_ports_init(struct lease_table *table);
void lease_ports_fini(struct lease_table *table);

/* A lease joins or leaves. */
void lease_ports_count(struct lease_table *table, const struct lease_rec *rec, bool joins);

/* Whether a lease of the client's that ends is remembered. */
bool lease_ports_remember(const struct lease_table *table, uint32_t client);

/* The client, which has no leases, goes. */
void lease_ports_leave(struct lease_table *table, struct lease_client *client);

/* --- lease_extra.c --- */

void lease_extras_init(struct lease_table *table);
void lease_extras_fini(struct lease_table *table);
void lease_extra_drop(struct lease_table *table, uint32_t client);

/* --- lease_batch.c --- */

/* To be called before a change that is to be stored. The lease's rowid is good after it. */
void lease_batch_note(struct lease_table *table, struct lease_rec *rec);

/* After it: the client's change is not on disk. */
void lease_batch_pin(struct lease_table *table, uint32_t client);
void lease_batches_free(struct lease_table *table);

/* --- lease_pool.c --- */

/* A placed lease came or goes (when it was unplaced elsewhere). */
void lease_pools_use(struct lease_table *table, uint32_t network, const struct lease_rec *rec);
void lease_pools_unuse(struct lease_table *table, uint32_t network, const struct lease_rec *rec);

/* A reclaimable lease joins and leaves. */
void lease_pools_remember(struct lease_table *table, struct lease_rec *rec);
void lease_pools_unremember(struct lease_table *table, struct lease_rec *rec);

#endif

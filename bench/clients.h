/* SPDX-License-Identifier: ISC */
/*
 * The clients of a load: a number gives a DUID-LL, and the table keeps what each of them holds and
 * who holds what, so that nothing goes to two of them unnoticed.
 */
#ifndef SEXTANT_BENCH_CLIENTS_H
#define SEXTANT_BENCH_CLIENTS_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

#include "duid/duid.h"

struct client {
	struct in6_addr lease;
	uint8_t plen; /* of the lease; 0: holds none */
	bool busy;    /* has an exchange going on */
};

struct clients {
	uint8_t seed;
	uint32_t max;        /* clients there can be */
	uint32_t fresh;      /* the first that was never used */
	struct client *all;  /* max */
	uint32_t *owners;    /* hash of leases: number of the client + 1, or 0 */
	uint32_t owner_mask; /* slots of it, less 1 */
};

/* Ends the process if there is not enough memory. */
void clients_init(struct clients *c, uint32_t max, uint8_t seed);
void clients_fini(struct clients *c);

/* The link-layer address of client i; no two of one seed have the same. */
void clients_mac(const struct clients *c, uint32_t i, uint8_t ret_mac[6]);

/* Notes that client i holds the lease, in place of what it held. False if another one holds it. */
bool clients_bind(struct clients *c, uint32_t i, const struct in6_addr *lease, uint8_t plen);
void clients_unbind(struct clients *c, uint32_t i);

/* The numbers of all that hold a lease, in random order: *ret_n of them; the caller frees it. */
uint32_t *clients_holders(const struct clients *c, uint32_t *ret_n);

/*
 * What is held, and from which server, as text: "seed S", "server DUID", "NUMBER ADDRESS LENGTH".
 * Errors end the process with a sentence.
 */
void clients_save(const struct clients *c, const struct duid *server, const char *path);
void clients_load(struct clients *c, struct duid *ret_server, const char *path);

#endif

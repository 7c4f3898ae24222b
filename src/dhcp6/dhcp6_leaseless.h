/* SPDX-License-Identifier: ISC */
/*
 * Clients that hold no lease but can be reconfigured: those that sent an Information-request with
 * Reconfigure Accept. In memory only, and not more than a number.
 */
#ifndef SEXTANT_DHCP6_DHCP6_LEASELESS_H
#define SEXTANT_DHCP6_DHCP6_LEASELESS_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/mtime.h"
#include "base/siphash.h"
#include "duid/duid.h"
#include "lease/lease.h"

struct dhcp6_leaseless;

/* Borrows the key of its index, which may be filled in before the first client. */
struct dhcp6_leaseless *dhcp6_leaseless_new(const struct siphash_key *key);
void dhcp6_leaseless_free(struct dhcp6_leaseless *all);

/* Machines with one DUID are told apart by the address that they or their relay name. */
struct dhcp6_leaseless_id {
	struct duid duid;
	struct in6_addr peer;
	uint32_t network; /* lease_network() */
};

struct dhcp6_leaseless_client {
	struct dhcp6_leaseless_id id;
	char *path; /* owned; see dhcp6_path.h */
	uint8_t key[LEASE_KEY_LEN];
};

/* Its number; LEASE_NONE if it is not known. */
uint32_t dhcp6_leaseless_find(const struct dhcp6_leaseless *all,
			      const struct dhcp6_leaseless_id *id);

/*
 * The client's number, heard of at `now`: it is known, or new with a zero key and no path. A new
 * one takes the place of one that has not been heard of for two days; where there is none and `max`
 * are known, LEASE_NONE. So who floods us with new clients puts out nobody.
 */
uint32_t dhcp6_leaseless_put(struct dhcp6_leaseless *all, const struct dhcp6_leaseless_id *id,
			     size_t max, mtime now, bool *ret_new);
void dhcp6_leaseless_drop(struct dhcp6_leaseless *all, uint32_t number);

/* NULL: there is none. To be freed by nobody; good until it is dropped or another one is put. */
struct dhcp6_leaseless_client *dhcp6_leaseless_get(const struct dhcp6_leaseless *all,
						   uint32_t number);
void dhcp6_leaseless_set_path(struct dhcp6_leaseless *all, uint32_t number, const char *path);

/* Numbers are below this. */
uint32_t dhcp6_leaseless_end(const struct dhcp6_leaseless *all);

#endif

/* SPDX-License-Identifier: ISC */
/*
 * A lease as a line of text, for stories that people read.
 */
#ifndef SEXTANT_TESTS_SIM_SIM_SHOW_H
#define SEXTANT_TESTS_SIM_SIM_SHOW_H

#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>

#include "lease/lease.h"

/* What one lease says, in memory or in the store. */
struct sim_shown {
	const char *network;
	enum lease_kind kind;
	enum lease_state state;
	const struct in6_addr *addr;
	uint8_t plen;
	const uint8_t *duid;
	size_t duid_len;
	uint32_t iaid, preferred, valid;
	const uint8_t *mac;
	int mac_source;
	const char *hostname;
	const uint8_t *key;
	const struct lease_way *way;
	const char *path;
};

/* To be freed. */
char *sim_show(const struct sim_shown *shown);

#endif

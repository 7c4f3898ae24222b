/* SPDX-License-Identifier: ISC */
/*
 * A link in simulated time: what the advertiser sends is kept with the time it was sent at.
 */
#ifndef SEXTANT_TESTS_RA_FIXTURE_H
#define SEXTANT_TESTS_RA_FIXTURE_H

/* cmocka.h wants the others before it. */
/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include "base/fx.h"
#include "ra/ra_link.h"

enum { FIXTURE_SENDS = 4096 };

struct sent {
	mtime at;
	struct in6_addr src;
	bool src_gone;
	struct in6_addr dst;
	size_t len;
	uint8_t bytes[1500];
};

struct world {
	struct ra_link link;
	struct ra_conf conf;
	struct ra_prefix prefixes[64];
	size_t n_prefixes;
	struct ra_facts facts;
	struct fx *fx;
	mtime now;
	struct sent *sent;
	size_t n_sent;
};

struct in6_addr addr_of(const char *text);
struct ip6_prefix prefix_of(const char *text);

/* A conf with the defaults of ra_conf.c, enabled, and one prefix; a link that is ready. */
struct world *world_new(uint64_t seed);
void world_free(struct world *world);

void world_step(struct world *world, const struct ra_event *ev);
void world_conf(struct world *world);  /* conf and prefixes as they are now */
void world_facts(struct world *world); /* facts as they are now */
void world_start(struct world *world); /* both */
void world_timer(struct world *world); /* at world->now */
void world_stop(struct world *world);
/* Lets time pass, waking the link exactly when it asks for it. */
void world_run(struct world *world, mtime until);

/* A solicitation as hosts send it, from `src` ("::" too), with a link-layer address or not. */
void world_solicit(struct world *world, const char *src, bool link_layer);
void world_receive(struct world *world, const char *src, const uint8_t *bytes, size_t len,
		   int hop_limit);

bool sent_is_multicast(const struct sent *sent);
struct ra_msg sent_decode(const struct sent *sent);
/* The first option of the type in the message; false when there is none. */
bool sent_find(const struct sent *sent, uint8_t type, struct ra_option *ret);
/* How many of the options of the type the message has. */
size_t sent_count(const struct sent *sent, uint8_t type);

#endif

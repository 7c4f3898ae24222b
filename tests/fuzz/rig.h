/* SPDX-License-Identifier: ISC */
/*
 * What the fuzz targets of the whole core share: a simulated shell with a configuration, and what
 * must hold whatever happens to it.
 */
#ifndef SEXTANT_TESTS_FUZZ_RIG_H
#define SEXTANT_TESTS_FUZZ_RIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/sim.h"

struct fuzz_reply {
	uint8_t *data;
	size_t len;
};

struct fuzz_rig {
	struct sim *sim;
	size_t max_offers;          /* by the configurations until now */
	struct fuzz_reply *replies; /* that left since the last check */
	size_t n_replies, cap_replies;
};

void fuzz_rig_init(struct fuzz_rig *rig);
void fuzz_rig_fini(struct fuzz_rig *rig);

/* Another configuration in place of the first, or the first again. */
void fuzz_rig_reload(struct fuzz_rig *rig, bool other);

/* A datagram of a client on the link, in memory of exactly its length. */
void fuzz_rig_receive(struct fuzz_rig *rig, uint8_t client, const uint8_t *data, size_t len);

/*
 * To be called after each step. No address and no overlapping prefix is held twice, what is kept of
 * clients is bounded by what there is to lease, and each Reply that left promises what is stored.
 */
void fuzz_rig_check(struct fuzz_rig *rig);

#endif

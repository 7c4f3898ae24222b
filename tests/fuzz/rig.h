/* SPDX-License-Identifier: ISC */
/*
 * What the fuzz targets of the whole core share: a simulated shell with a configuration, and what
 * must hold whatever happens to it.
 */
#ifndef SEXTANT_TESTS_FUZZ_RIG_H
#define SEXTANT_TESTS_FUZZ_RIG_H

#include <stddef.h>
#include <stdint.h>

#include "sim/sim.h"

struct fuzz_rig {
	struct sim *sim;
	size_t answers;
};

void fuzz_rig_init(struct fuzz_rig *rig);
void fuzz_rig_fini(struct fuzz_rig *rig);

/* Another configuration in place of the first, or the first again. */
void fuzz_rig_reload(struct fuzz_rig *rig, bool other);

/* A datagram of a client on the link, in memory of exactly its length. */
void fuzz_rig_receive(struct fuzz_rig *rig, uint8_t client, const uint8_t *data, size_t len);

/*
 * No address and no overlapping prefix is held by two clients, and offers are bounded. That no
 * Reply leaves before its leases are stored is checked when it leaves.
 */
void fuzz_rig_check(const struct fuzz_rig *rig);

#endif

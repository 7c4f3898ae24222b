/* SPDX-License-Identifier: ISC */
/*
 * Messages of any octets from a client: an octet that says which client, two that are a length,
 * the message; again.
 */
#include "config.h"

#include "fuzz/rig.h"
#include "wire/wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct wire_reader r = wire_reader(data, size);
	struct fuzz_rig rig;

	fuzz_rig_init(&rig);
	for (int i = 0; i < 8 && wire_left(&r) >= 3; i++) {
		uint8_t client = wire_get_u8(&r);
		size_t len = wire_get_u16(&r);
		struct wire_reader part =
			wire_get_part(&r, len < wire_left(&r) ? len : wire_left(&r));

		fuzz_rig_receive(&rig, client, part.bytes + part.at, wire_left(&part));
		fuzz_rig_check(&rig);
		sim_advance(rig.sim, sim_now(rig.sim) + SEC);
	}
	fuzz_rig_fini(&rig);
	return 0;
}

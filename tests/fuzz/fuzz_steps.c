/* SPDX-License-Identifier: ISC */
/*
 * Octets as a story: few clients say sensible things in any order, time goes on, commits succeed,
 * wait and fail, all are asked to come back, the daemon is killed and its configuration replaced.
 * After each step no address is held twice, what is kept is bounded, and no Reply promised what was
 * not stored.
 */
#include "config.h"

#include "fuzz/rig.h"
#include "wire/wire.h"

enum {
	CLIENTS = 5,
	STEPS_MAX = 200,
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t open_option(struct wire_writer *w, uint16_t code)
{
	wire_put_u16(w, code);
	return wire_put_open(w, WIRE_LEN_U16);
}

static void put_duid(struct wire_writer *w, uint8_t client)
{
	size_t mark = open_option(w, 1);

	/* Two machines have one DUID. */
	wire_put_u32(w, 0x00030001);
	wire_put_u32(w, 0x02000000);
	wire_put_u16(w, client == 4 ? 3 : client);
	wire_put_close(w, mark, WIRE_LEN_U16);
}

/* An address or prefix that may be in a pool, reserved, or off the link. */
static void put_lease(struct wire_writer *w, bool pd, uint8_t which)
{
	struct in6_addr addr = {.s6_addr = {0x20, 0x01, 0x0d, 0xb8, 0, 1}};
	size_t mark = open_option(w, pd ? 26 : 5);

	if (pd) {
		addr.s6_addr[4] = 1;
		addr.s6_addr[5] = which & 3;
		wire_put_u64(w, 0);
		wire_put_u8(w, (uint8_t)(47 + (which >> 2 & 3)));
		if (which & 0x10)
			addr = (struct in6_addr){0};
	} else {
		addr.s6_addr[5] = which & 0x20 ? 2 : 1;
		addr.s6_addr[15] = (uint8_t)(0x10 + (which & 0x1f) % 8);
	}
	wire_put_ip6(w, &addr);
	if (!pd)
		wire_put_u64(w, 0);
	wire_put_close(w, mark, WIRE_LEN_U16);
}

static void put_ia(struct wire_writer *w, uint8_t how, uint8_t which)
{
	bool pd = how & 0x10;
	size_t mark = open_option(w, pd ? 25 : 3);

	wire_put_u32(w, how >> 5 & 1);
	wire_put_u64(w, 0);
	if (how & 0x40)
		put_lease(w, pd, which);
	wire_put_close(w, mark, WIRE_LEN_U16);
}

static void say(struct fuzz_rig *rig, uint8_t how, uint8_t who, uint8_t which)
{
	static const uint8_t types[] = {1, 3, 5, 6, 8, 9, 4, 11};
	const struct duid *server = sim_server_duid(rig->sim);
	uint8_t type = types[how & 7], client = who % CLIENTS, buf[256];
	struct wire_writer w = wire_writer(buf, sizeof(buf));

	wire_put_u8(&w, type);
	wire_put_u24(&w, 1);
	put_duid(&w, client);
	if (type == 3 || type == 5 || type == 8 || type == 9) {
		size_t mark = open_option(&w, 2);

		wire_put_bytes(&w, server->bytes, server->len);
		wire_put_close(&w, mark, WIRE_LEN_U16);
	}
	if (how & 8)
		wire_put_close(&w, open_option(&w, 14), WIRE_LEN_U16);
	if (which & 0x40)
		wire_put_close(&w, open_option(&w, 20), WIRE_LEN_U16);
	/* An Information-request has no IA. */
	if (type != 11)
		put_ia(&w, how, which);
	if (type != 11 && who & 0x80)
		put_ia(&w, how ^ 0x10, which);
	fuzz_rig_receive(rig, client, buf, w.at);
}

static void step(struct fuzz_rig *rig, struct wire_reader *r)
{
	uint8_t op = wire_get_u8(r), how = wire_get_u8(r);

	switch (op & 15) {
	case 0:
	case 1:
		sim_advance(rig->sim, sim_now(rig->sim) + (SEC << (how % 12)));
		break;
	case 2:
		sim_store(rig->sim, (enum sim_store)(how % 3));
		break;
	case 3:
		sim_commit(rig->sim, how & 1);
		break;
	case 4:
		sim_restart(rig->sim);
		break;
	case 5:
		fuzz_rig_reload(rig, how & 1);
		break;
	case 6:
		sim_step_clock(rig->sim, (how & 1 ? 1 : -1) * (int64_t)(how >> 1) * 3600 * 1000);
		break;
	case 7:
		dhcp6_server_reconfigure(sim_server(rig->sim), DHCP6_NETWORK_NONE, NULL,
					 how & 1 ? DHCP6_RENEW : DHCP6_INFORMATION_REQUEST,
					 sim_now(rig->sim));
		break;
	default: {
		uint8_t which = wire_get_u8(r);

		say(rig, how, op >> 4 | (op & 1 ? 0x80 : 0), which);
	}
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct wire_reader r = wire_reader(data, size);
	struct fuzz_rig rig;

	fuzz_rig_init(&rig);
	for (int i = 0; i < STEPS_MAX && wire_left(&r) >= 3; i++) {
		step(&rig, &r);
		fuzz_rig_check(&rig);
	}
	fuzz_rig_fini(&rig);
	return 0;
}

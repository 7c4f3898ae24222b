/* SPDX-License-Identifier: ISC */
/*
 * The rig of the fuzz targets. A violated invariant ends the process by assert().
 */
#include "config.h"

#include "fuzz/rig.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/ip6.h"
#include "wire/wire.h"

/* Few addresses, so that clients get into each other's way; few offers. */
static const char first_conf[] =
	"server: {limits: {offers: 16, remember: 1h, decline-quarantine: 2h}}\n"
	"networks:\n"
	"  - name: lan\n"
	"    interface: eth0\n"
	"    mode: dhcpv6-stateful\n"
	"    prefix: 2001:db8:1::/64\n"
	"    dns: 2001:db8::53\n"
	"    dhcp6:\n"
	"      pools: [{range: '2001:db8:1::10-2001:db8:1::14'}]\n"
	"      delegate: [{prefix: '2001:db8:100::/46', length: 48}]\n"
	"      rapid-commit: true\n"
	"      valid: 1h\n"
	"      preferred: 30m\n"
	"    hosts:\n"
	"      - {mac: '02:00:00:00:00:01', address: '2001:db8:1::11', delegate: '2001:db8:100::/48'}\n"
	"      - {duid: '00:03:00:01:02:00:00:00:00:02', address: '2001:db8:1::20'}\n";

static const char other_conf[] =
	"networks:\n"
	"  - name: lan\n"
	"    interface: eth0\n"
	"    mode: dhcpv6-stateful\n"
	"    prefixes: ['2001:db8:1::/64', '2001:db8:2::/64']\n"
	"    dhcp6:\n"
	"      pools: [{range: '2001:db8:1::12-2001:db8:1::16'}, {range: '2001:db8:2::/125', allocate: sequential}]\n"
	"      delegate: [{prefix: '2001:db8:100::/46', length: 50}]\n"
	"    hosts:\n"
	"      - {mac: '02:00:00:00:00:03', address: '2001:db8:1::12'}\n";

static struct daemon_conf *read_conf(const char *text)
{
	char path[64];
	int fd = memfd_create("conf", 0);
	ssize_t n = write(fd, text, strlen(text));

	assert(n == (ssize_t)strlen(text));
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	struct daemon_conf *conf = daemon_conf_read(path, stderr);

	close(fd);
	assert(conf);
	return conf;
}

/* Each lease of a Reply with a lifetime is in the store by now, for this client. I6 */
static void check_reply(const struct fuzz_rig *rig, const struct sim_output *output)
{
	struct wire_reader r = wire_reader(output->data, output->len), client = {0};
	uint8_t type = wire_get_u8(&r);

	wire_get_u24(&r);
	for (struct wire_reader pass = r; wire_left(&pass) && !pass.bad;) {
		uint16_t code = wire_get_u16(&pass);
		struct wire_reader part = wire_get_part(&pass, wire_get_u16(&pass));

		if (code == 1)
			client = part;
	}
	while (wire_left(&r)) {
		uint16_t code = wire_get_u16(&r);
		struct wire_reader ia = wire_get_part(&r, wire_get_u16(&r));

		assert(!r.bad);
		if (type != 7 || (code != 3 && code != 25))
			continue;
		wire_get_bytes(&ia, 12);
		while (wire_left(&ia)) {
			uint16_t inner = wire_get_u16(&ia);
			struct wire_reader lease = wire_get_part(&ia, wire_get_u16(&ia));
			uint8_t plen = 128;
			struct in6_addr addr;
			uint32_t valid;

			assert(!ia.bad);
			if (inner == 5) {
				addr = wire_get_ip6(&lease);
				wire_get_u32(&lease);
				valid = wire_get_u32(&lease);
			} else if (inner == 26) {
				wire_get_u32(&lease);
				valid = wire_get_u32(&lease);
				plen = wire_get_u8(&lease);
				addr = wire_get_ip6(&lease);
			} else {
				continue;
			}
			assert(!lease.bad);
			assert(valid == 0 ||
			       sim_stores(rig->sim, &addr, plen, client.bytes + client.at,
					  wire_left(&client)));
		}
	}
}

static void on_sent(void *arg, const struct sim_output *output)
{
	struct fuzz_rig *rig = arg;

	if (output->icmp6)
		return;
	rig->answers++;
	check_reply(rig, output);
}

static void on_logged(void *arg, const char *line)
{
	(void)arg;
	for (; *line; line++)
		assert(*line >= ' ' && *line < 0x7f);
}

void fuzz_rig_init(struct fuzz_rig *rig)
{
	const struct sim_observer observer = {on_sent, on_logged, rig};
	const struct sim_link_facts facts = {
		.up = true,
		.have_link_local = true,
		.link_local = {.s6_addr = {0xfe, 0x80, [15] = 1}},
		.mac = {2, 0, 0, 0, 0, 0xff},
		.mtu = 1500,
		.forwarding = true,
	};

	*rig = (struct fuzz_rig){0};
	rig->sim = sim_new(read_conf(first_conf), &observer);
	sim_link(rig->sim, "eth0", &facts);
}

void fuzz_rig_fini(struct fuzz_rig *rig)
{
	sim_free(rig->sim);
}

void fuzz_rig_reload(struct fuzz_rig *rig, bool other)
{
	sim_reload(rig->sim, read_conf(other ? other_conf : first_conf));
}

void fuzz_rig_receive(struct fuzz_rig *rig, uint8_t client, const uint8_t *data, size_t len)
{
	const struct in6_addr src = {.s6_addr = {0xfe, 0x80, [15] = (uint8_t)(client + 2)}};
	const struct in6_addr dst = {.s6_addr = {0xff, 2, [13] = 1, [15] = 2}};
	const uint8_t mac[6] = {2, 0, 0, 0, 0, client};
	uint8_t *exact = malloc(len + !len);

	assert(exact);
	if (len)
		memcpy(exact, data, len);
	sim_receive_udp(rig->sim, "eth0", &src, &dst, 546, mac, exact, len);
	free(exact);
}

static bool held(const struct lease *lease)
{
	return lease->state == LEASE_ACTIVE || lease->state == LEASE_OFFERED;
}

void fuzz_rig_check(const struct fuzz_rig *rig)
{
	struct lease_table *table = sim_leases(rig->sim);
	uint32_t outer = 0;

	assert(lease_count(table, LEASE_OFFERED) <= 4096);
	for (const struct lease *a = lease_each(table, &outer); a; a = lease_each(table, &outer)) {
		struct ip6_prefix mine = {a->addr, a->plen};
		uint32_t inner = outer;

		for (const struct lease *b = lease_each(table, &inner); b;
		     b = lease_each(table, &inner)) {
			struct ip6_prefix theirs = {b->addr, b->plen};

			if (a->client == b->client || a->kind != b->kind || !held(a) || !held(b))
				continue;
			assert(!ip6_prefix_overlaps(&mine, &theirs));
		}
	}
}

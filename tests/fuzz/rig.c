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
#include "base/mem.h"
#include "wire/wire.h"

enum {
	REPLY = 7,
	CLIENT_ID = 1,
	IA_NA = 3,
	IAADDR = 5,
	IA_PD = 25,
	IAPREFIX = 26,
};

/*
 * What both configurations have together: 15 addresses in pools or reserved, 16 prefixes of the
 * longest length. All of them can be leases at once, held or remembered, and no more.
 */
enum { LEASES_MAX = 15 + 16, OFFERS = 16, CLIENTS_MAX = 128 };

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
	"      delegate: [{prefix: '2001:db8:100::/46', length: 48, shortest: 47, longest: 50}]\n"
	"      rapid-commit: true\n"
	"      reconfigure: true\n"
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

static struct wire_reader find_client_id(const struct fuzz_reply *reply)
{
	struct wire_reader r = wire_reader(reply->data, reply->len), none = {0};

	wire_get_u32(&r);
	while (wire_left(&r) && !r.bad) {
		uint16_t code = wire_get_u16(&r);
		struct wire_reader part = wire_get_part(&r, wire_get_u16(&r));

		if (code == CLIENT_ID)
			return part;
	}
	return none;
}

/* The address or prefix of an option in an IA; false if it is something else. */
static bool read_lease(struct wire_reader *ia, struct ip6_prefix *ret, uint32_t *ret_valid)
{
	uint16_t code = wire_get_u16(ia);
	struct wire_reader r = wire_get_part(ia, wire_get_u16(ia));

	assert(!ia->bad);
	ret->len = 128;
	if (code == IAADDR)
		ret->addr = wire_get_ip6(&r);
	wire_get_u32(&r);
	*ret_valid = wire_get_u32(&r);
	if (code == IAPREFIX) {
		ret->len = wire_get_u8(&r);
		ret->addr = wire_get_ip6(&r);
	}
	assert(!r.bad || (code != IAADDR && code != IAPREFIX));
	return code == IAADDR || code == IAPREFIX;
}

/* Each lease of a Reply with a lifetime is in the store by now, for this client. I6 */
static void check_reply(const struct fuzz_rig *rig, const struct fuzz_reply *reply)
{
	struct wire_reader r = wire_reader(reply->data, reply->len);
	struct wire_reader client = find_client_id(reply);

	wire_get_u32(&r);
	while (wire_left(&r)) {
		uint16_t code = wire_get_u16(&r);
		struct wire_reader ia = wire_get_part(&r, wire_get_u16(&r));

		assert(!r.bad);
		if (code != IA_NA && code != IA_PD)
			continue;
		wire_get_bytes(&ia, 12);
		while (wire_left(&ia)) {
			struct ip6_prefix lease;
			uint32_t valid;

			if (!read_lease(&ia, &lease, &valid) || !valid)
				continue;
			assert(sim_stores(rig->sim, &lease.addr, lease.len,
					  client.bytes + client.at, wire_left(&client)));
		}
	}
}

static bool same_client(const struct fuzz_reply *a, const struct fuzz_reply *b)
{
	struct wire_reader x = find_client_id(a), y = find_client_id(b);

	return x.bytes && y.bytes && wire_left(&x) == wire_left(&y) &&
	       memcmp(x.bytes + x.at, y.bytes + y.at, wire_left(&x)) == 0;
}

/*
 * What one commit let go, but for what a later Reply of it to the same client may have taken back:
 * a store that waits long lets go of whole conversations.
 */
static void check_replies(struct fuzz_rig *rig)
{
	for (size_t i = 0; i < rig->n_replies; i++) {
		size_t later = i + 1;

		while (later < rig->n_replies &&
		       !same_client(&rig->replies[i], &rig->replies[later]))
			later++;
		if (later == rig->n_replies)
			check_reply(rig, &rig->replies[i]);
	}
	for (size_t i = 0; i < rig->n_replies; i++)
		free(rig->replies[i].data);
	rig->n_replies = 0;
}

static void on_sent(void *arg, const struct sim_output *output)
{
	struct fuzz_rig *rig = arg;

	if (output->icmp6 || !output->len || output->data[0] != REPLY)
		return;
	rig->replies = mem_grow(rig->replies, &rig->cap_replies, rig->n_replies + 1,
				sizeof(*rig->replies));
	struct fuzz_reply *reply = &rig->replies[rig->n_replies++];

	*reply = (struct fuzz_reply){mem_new(output->len, 1), output->len};
	memcpy(reply->data, output->data, output->len);
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

	*rig = (struct fuzz_rig){.max_offers = OFFERS};
	rig->sim = sim_new(read_conf(first_conf), &observer);
	sim_link(rig->sim, "eth0", &facts);
}

void fuzz_rig_fini(struct fuzz_rig *rig)
{
	for (size_t i = 0; i < rig->n_replies; i++)
		free(rig->replies[i].data);
	free(rig->replies);
	sim_free(rig->sim);
}

void fuzz_rig_reload(struct fuzz_rig *rig, bool other)
{
	/* Without a limit in the other configuration; those that are there stay. */
	rig->max_offers = LEASES_MAX;
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

/* Nothing that is held overlaps anything else that is, whoever has it. */
static void check_apart(const struct lease_table *table)
{
	uint32_t outer = 0;

	for (const struct lease *a = lease_each(table, &outer); a; a = lease_each(table, &outer)) {
		struct ip6_prefix mine = {a->addr, a->plen};
		uint32_t inner = outer;

		for (const struct lease *b = lease_each(table, &inner); b && held(a);
		     b = lease_each(table, &inner)) {
			struct ip6_prefix theirs = {b->addr, b->plen};

			assert(!held(b) || !ip6_prefix_overlaps(&mine, &theirs));
		}
	}
}

/*
 * As many leases as there is to lease, and rows; nobody is known without a lease, unless a batch
 * may bring one back.
 */
static void check_bounds(const struct fuzz_rig *rig)
{
	const struct lease_table *table = sim_leases(rig->sim);
	size_t leases = 0;

	for (int state = LEASE_OFFERED; state <= LEASE_DECLINED; state++)
		leases += lease_count(table, (enum lease_state)state);
	assert(leases <= LEASES_MAX);
	assert(lease_count(table, LEASE_OFFERED) <= rig->max_offers);
	assert(sim_stored(rig->sim) <= LEASES_MAX);
	/* Numbers come back, so they stay low. */
	assert(!lease_client_is(table, CLIENTS_MAX));
	for (uint32_t id = 0; id < CLIENTS_MAX; id++) {
		if (!lease_client_is(table, id))
			continue;
		assert(lease_client_get(table, id)->leases || lease_client_pending(table, id));
	}
}

void fuzz_rig_check(struct fuzz_rig *rig)
{
	check_replies(rig);
	check_apart(sim_leases(rig->sim));
	check_bounds(rig);
}

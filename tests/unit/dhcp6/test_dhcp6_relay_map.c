/* SPDX-License-Identifier: ISC */
/*
 * The choice of a network for a relayed message: thousands of rules and paths of a small world, in
 * which everything meets everything, against a search that looks at each rule in turn.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/rng.h"
#include "dhcp6/dhcp6_relay_map.h"
#include "peer.h"

enum {
	NETWORKS = 40,
	RELAYS_MAX = 4,
	PREFIXES_MAX = 2,
	WORLDS = 60,
	PATHS = 400,
};

struct world {
	struct dhcp6_network networks[NETWORKS];
	struct dhcp6_relay_conf relays[NETWORKS][RELAYS_MAX];
	struct dhcp6_prefix prefixes[NETWORKS][PREFIXES_MAX];
};

static const char *const interfaces[] = {"eth0", "eth1"};
static const uint8_t octets[] = "ab";

/* An address of the few there are: 2001:db8:X:Y::Z, or fe80::Z. */
static struct in6_addr random_addr(struct rng *rng)
{
	struct in6_addr addr = peer_addr(rng_between(rng, 0, 5) ? "2001:db8::" : "fe80::");

	if (addr.s6_addr[0] == 0x20) {
		addr.s6_addr[5] = (uint8_t)rng_between(rng, 0, 3);
		addr.s6_addr[7] = (uint8_t)rng_between(rng, 0, 3);
	}
	addr.s6_addr[15] = (uint8_t)rng_between(rng, 1, 2);
	return addr;
}

static struct ip6_prefix random_prefix(struct rng *rng)
{
	static const uint8_t lens[] = {0, 10, 32, 48, 47, 64, 63, 128};
	struct in6_addr addr = random_addr(rng);

	return ip6_prefix_make(&addr, lens[rng_between(rng, 0, sizeof(lens) - 1)]);
}

static struct dhcp6_relay_within random_within(struct rng *rng, int64_t one_in)
{
	if (rng_between(rng, 1, one_in) > 1)
		return (struct dhcp6_relay_within){.given = false};
	return (struct dhcp6_relay_within){true, random_prefix(rng)};
}

/* "", "a", "b", "ab", or not there. */
static struct dhcp6_relay_id random_id(struct rng *rng, int64_t one_in)
{
	if (rng_between(rng, 1, one_in) > 1)
		return (struct dhcp6_relay_id){NULL, 0};
	size_t at = (size_t)rng_between(rng, 0, 1);

	return (struct dhcp6_relay_id){octets + at, (size_t)rng_between(rng, 0, at ? 1 : 2)};
}

static void make_world(struct world *world, struct rng *rng)
{
	memset(world, 0, sizeof(*world));
	for (size_t i = 0; i < NETWORKS; i++) {
		struct dhcp6_network *net = &world->networks[i];

		net->netns = rng_between(rng, 0, 4) ? NULL : "other";
		net->prefixes = world->prefixes[i];
		net->n_prefixes = (size_t)rng_between(rng, 0, PREFIXES_MAX);
		for (size_t k = 0; k < net->n_prefixes; k++)
			world->prefixes[i][k].prefix = random_prefix(rng);
		net->relays = world->relays[i];
		net->n_relays = (size_t)rng_between(rng, 0, RELAYS_MAX);
		for (size_t k = 0; k < net->n_relays; k++)
			world->relays[i][k] = (struct dhcp6_relay_conf){
				.address = {true, random_prefix(rng)},
				.interface = rng_between(rng, 0, 3)
						     ? NULL
						     : interfaces[rng_between(rng, 0, 1)],
				.relay = random_within(rng, 4),
				.link_address = random_within(rng, 3),
				.interface_id = random_id(rng, 3),
				.remote_id = {(uint32_t)rng_between(rng, 1, 2), random_id(rng, 4)},
			};
	}
}

/* --- the plain search ------------------------------------------------------------------------ */

static bool same_text(const char *a, const char *b)
{
	return (!a && !b) || (a && b && strcmp(a, b) == 0);
}

static bool within(const struct dhcp6_relay_within *within, const struct in6_addr *addr)
{
	return !within->given || ip6_prefix_contains(&within->prefix, addr);
}

/* How well a rule fits: 0 not at all, else what is larger is better. */
static unsigned int fit(const struct world *world, size_t network,
			const struct dhcp6_relay_conf *rule, const struct dhcp6_packet *packet,
			const struct dhcp6_relay_path *path)
{
	const struct dhcp6_network *net = &world->networks[network];
	const bool iid = rule->interface_id.bytes != NULL, rid = rule->remote_id.id.bytes != NULL;
	unsigned int best = 0;

	if (!same_text(net->netns, packet->netns) || !within(&rule->address, &packet->src) ||
	    (rule->interface ? !same_text(rule->interface, packet->link_name)
			     : ip6_is_link_local(&packet->src) && packet->network != network))
		return 0;
	if ((iid && !dhcp6_relay_id_equal(&rule->interface_id, &path->interface_id)) ||
	    (rid && (!dhcp6_relay_id_equal(&rule->remote_id.id, &path->remote_id) ||
		     rule->remote_id.enterprise != path->remote_enterprise)))
		return 0;
	if (!within(&rule->relay, &path->relay) || !within(&rule->link_address, &path->link))
		return 0;
	if (ip6_is_unspecified(&path->link))
		return packet->network == network;
	if (rule->link_address.given)
		best = 1u + rule->link_address.prefix.len;
	else if (iid || rid)
		best = 1;
	for (size_t i = 0; !rule->link_address.given && !iid && !rid && i < net->n_prefixes; i++) {
		const struct ip6_prefix *prefix = &net->prefixes[i].prefix;

		if (ip6_prefix_contains(prefix, &path->link) && 1u + prefix->len > best)
			best = 1u + prefix->len;
	}
	return best ? best + (iid ? 2000u : 0) + (rid ? 1000u : 0) : 0;
}

static uint32_t search(const struct world *world, const struct dhcp6_packet *packet,
		       const struct dhcp6_relay_path *path)
{
	uint32_t network = DHCP6_NETWORK_NONE;
	unsigned int best = 0;

	for (size_t i = 0; i < NETWORKS; i++) {
		for (size_t k = 0; k < world->networks[i].n_relays; k++) {
			unsigned int this = fit(world, i, &world->relays[i][k], packet, path);

			if (this > best) {
				best = this;
				network = (uint32_t)i;
			}
		}
	}
	return network;
}

static bool search_allows(const struct world *world, const struct dhcp6_packet *packet)
{
	for (size_t i = 0; i < NETWORKS; i++) {
		for (size_t k = 0; k < world->networks[i].n_relays; k++) {
			if (same_text(world->networks[i].netns, packet->netns) &&
			    within(&world->relays[i][k].address, &packet->src))
				return true;
		}
	}
	return false;
}

/* R7, R8, R10, R11, R12, R19 */
static void the_same_network_as_by_looking_at_each_rule(void **state)
{
	static struct world world;
	size_t found = 0;
	struct rng rng;

	(void)state;
	rng_seed(&rng, 6);
	for (int w = 0; w < WORLDS; w++) {
		make_world(&world, &rng);
		const struct dhcp6_network *networks[NETWORKS];

		for (size_t i = 0; i < NETWORKS; i++)
			networks[i] = &world.networks[i];
		struct dhcp6_relay_map *map = dhcp6_relay_map_new(networks, NETWORKS);

		for (int p = 0; p < PATHS; p++) {
			struct dhcp6_packet packet = {
				.src = random_addr(&rng),
				.netns = rng_between(&rng, 0, 4) ? NULL : "other",
				.link_name = interfaces[rng_between(&rng, 0, 1)],
				.network = rng_between(&rng, 0, 1)
						   ? DHCP6_NETWORK_NONE
						   : (uint32_t)rng_between(&rng, 0, NETWORKS - 1),
			};

			/* An interface of a network is in its namespace. */
			if (packet.network != DHCP6_NETWORK_NONE)
				packet.netns = world.networks[packet.network].netns;
			const struct dhcp6_relay_path path = {
				.source = packet.src,
				.relay = random_addr(&rng),
				.link = rng_between(&rng, 0, 3) ? random_addr(&rng)
								: peer_addr("::"),
				.interface_id = random_id(&rng, 2),
				.remote_id = random_id(&rng, 2),
				.remote_enterprise = (uint32_t)rng_between(&rng, 1, 2),
			};
			uint32_t network = dhcp6_relay_map_find(map, &packet, &path);

			assert_int_equal(network, search(&world, &packet, &path));
			assert_int_equal(dhcp6_relay_map_allows(map, &packet),
					 search_allows(&world, &packet));
			found += network != DHCP6_NETWORK_NONE;
		}
		dhcp6_relay_map_free(map);
	}
	/* Both kinds of answers were seen, often. */
	assert_true(found > WORLDS * PATHS / 10 && found < WORLDS * PATHS * 9 / 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_same_network_as_by_looking_at_each_rule),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

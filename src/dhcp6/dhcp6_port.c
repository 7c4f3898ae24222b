/* SPDX-License-Identifier: ISC */
/*
 * The names of ports. A relay is its address (RFC 8415 section 19.1), and namespaces can have the
 * same addresses. One that sends from a link-local address is counted with the clients of our link:
 * they can invent such addresses, and one in a switch has that of each client (RFC 6221).
 *
 * What relays call their interfaces are all Interface-Ids of the way together, or link-addresses
 * where there is none: two access nodes behind one relay may number their ports alike, and a node
 * that says nothing of its own has the port of the relay above it.
 *
 * A client can put a relay's message around its own, and invent an Interface-Id in it. It gets a
 * port of its own by that, and stays within what its relay may have.
 */
#include "config.h"

#include "dhcp6/dhcp6_port.h"

#include <string.h>

#include "base/ip6.h"

/* The hash of one thing more after others. */
static uint64_t add(const struct siphash_key *key, uint64_t name, const void *bytes, size_t len)
{
	uint64_t both[2] = {name, siphash(key, bytes, len)};

	return siphash(key, both, sizeof(both));
}

static uint64_t not_zero(uint64_t name)
{
	return name ? name : 1;
}

/* Whether the source is one that clients can invent, or is the client's own (RFC 6221 section 7.1).
 */
static bool is_of_clients(const struct dhcp6_packet *packet, const struct dhcp6_relay_chain *chain)
{
	return !chain->n || chain->path.is_on_link || ip6_is_link_local(&packet->src);
}

static uint64_t link_name(const struct siphash_key *key, const struct dhcp6_packet *packet,
			  const struct dhcp6_relay_chain *chain)
{
	const char *netns = packet->netns ? packet->netns : "";

	if (is_of_clients(packet, chain))
		return add(key, 0, &packet->link, sizeof(packet->link));
	return add(key, add(key, 1, &packet->src, sizeof(packet->src)), netns, strlen(netns));
}

struct dhcp6_port dhcp6_port_find(const struct siphash_key *key, const struct dhcp6_packet *packet,
				  const struct dhcp6_relay_chain *chain)
{
	uint64_t name = link_name(key, packet, chain);
	struct dhcp6_port port = {.names = {[LEASE_PORT_LINK] = not_zero(name)}};
	bool is_told = false;

	if (chain->n && !chain->path.is_on_link)
		name = add(key, name, &packet->src, sizeof(packet->src));
	for (size_t i = 0; i < chain->n; i++) {
		const struct dhcp6_relay_level *level = &chain->levels[i];
		const struct dhcp6_relay_id *id = &level->interface_id;

		is_told |= id->bytes || !ip6_is_unspecified(&level->link);
		/* RFC 8415 section 19.1.1: where the link-address tells, none need be sent. */
		name = id->bytes ? add(key, name, id->bytes, id->len)
				 : add(key, name, &level->link, sizeof(level->link));
	}
	if (is_told)
		port.names[LEASE_PORT_OF_RELAY] = not_zero(name);
	return port;
}

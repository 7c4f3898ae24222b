/* SPDX-License-Identifier: ISC */
/*
 * The names of ports. A relay is its address (RFC 8415 section 19.1); a link-local one counts on
 * one of our links, and namespaces can have the same addresses. What relays call their interfaces
 * are all Interface-Ids of the way together: two access nodes behind one relay may number their
 * ports alike, and a node that says none of its own has that of the relay above it.
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

struct dhcp6_port dhcp6_port_find(const struct siphash_key *key, const struct dhcp6_packet *packet,
				  const struct dhcp6_relay_chain *chain)
{
	const char *netns = packet->netns ? packet->netns : "";
	struct dhcp6_port port = {{0}};
	uint64_t name;
	bool has_id = false;

	if (!chain->n) {
		name = add(key, 0, &packet->link, sizeof(packet->link));
		port.names[LEASE_PORT_LINK] = not_zero(name);
		return port;
	}
	name = add(key, 1, &packet->src, sizeof(packet->src));
	if (ip6_is_link_local(&packet->src))
		name = add(key, name, &packet->link, sizeof(packet->link));
	else
		name = add(key, name, netns, strlen(netns));
	port.names[LEASE_PORT_LINK] = not_zero(name);
	for (size_t i = 0; i < chain->n; i++) {
		const struct dhcp6_relay_id *id = &chain->levels[i].interface_id;

		name = add(key, name, id->bytes ? (const void *)id->bytes : "", id->len);
		has_id |= id->bytes != NULL;
	}
	if (has_id)
		port.names[LEASE_PORT_OF_RELAY] = not_zero(name);
	return port;
}

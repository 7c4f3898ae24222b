/* SPDX-License-Identifier: ISC */
/*
 * Which network a relayed message is of, by what the configuration says of relays.
 */
#ifndef SEXTANT_DHCP6_DHCP6_RELAY_MAP_H
#define SEXTANT_DHCP6_DHCP6_RELAY_MAP_H

#include <stdbool.h>
#include <stdint.h>

#include "dhcp6/dhcp6_conf.h"
#include "dhcp6/dhcp6_link.h"
#include "dhcp6/dhcp6_packet.h"
#include "dhcp6/dhcp6_relay.h"

struct dhcp6_relay_map;

/* For networks by their numbers at the server, of which some may serve nobody. Borrows them. */
struct dhcp6_relay_map *dhcp6_relay_map_new(const struct dhcp6_network *const *networks, size_t n);
struct dhcp6_relay_map *dhcp6_relay_map_of_links(const struct dhcp6_link *links, size_t n);
void dhcp6_relay_map_free(struct dhcp6_relay_map *map);

/* Whether any network of the packet's namespace has a relay of the address that it came from. */
bool dhcp6_relay_map_allows(const struct dhcp6_relay_map *map, const struct dhcp6_packet *packet);

/* The number of the network of a packet and its path, or DHCP6_NETWORK_NONE. */
uint32_t dhcp6_relay_map_find(const struct dhcp6_relay_map *map, const struct dhcp6_packet *packet,
			      const struct dhcp6_relay_path *path);

#endif

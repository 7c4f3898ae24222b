/* SPDX-License-Identifier: ISC */
/*
 * Which network a relayed message is of, by what the configuration says of relays.
 */
#ifndef SEXTANT_DHCP6_DHCP6_RELAY_MAP_H
#define SEXTANT_DHCP6_DHCP6_RELAY_MAP_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

#include "dhcp6/dhcp6_conf.h"
#include "dhcp6/dhcp6_relay.h"

struct dhcp6_relay_map;

/* Borrows the configuration. */
struct dhcp6_relay_map *dhcp6_relay_map_new(const struct dhcp6_conf *conf);
void dhcp6_relay_map_free(struct dhcp6_relay_map *map);

/* Whether any network of the namespace has a relay of this address. */
bool dhcp6_relay_map_allows(const struct dhcp6_relay_map *map, const char *netns,
			    const struct in6_addr *source);

/*
 * The network of a message: an index into the configuration's, or DHCP6_NETWORK_NONE. `arrived` is
 * the one whose link it came by, or DHCP6_NETWORK_NONE.
 */
uint32_t dhcp6_relay_map_find(const struct dhcp6_relay_map *map, const char *netns,
			      const struct dhcp6_relay_path *path, uint32_t arrived);

#endif

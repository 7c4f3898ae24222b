/* SPDX-License-Identifier: ISC */
/*
 * Which host reservation a client is: an index over the hosts of a network.
 */
#ifndef SEXTANT_DHCP6_DHCP6_HOST_H
#define SEXTANT_DHCP6_DHCP6_HOST_H

#include <stddef.h>
#include <stdint.h>

#include "base/siphash.h"
#include "dhcp6/dhcp6_conf.h"

struct dhcp6_hosts;

/* Borrows the hosts. `key` keeps clients from choosing where they are looked for. */
struct dhcp6_hosts *dhcp6_hosts_new(const struct dhcp6_host *hosts, size_t n,
				    const struct siphash_key *key);
void dhcp6_hosts_free(struct dhcp6_hosts *hosts);

/*
 * The host that names this DUID, and this link-layer address if it names one. `mac` may be NULL:
 * not known. NULL if there is none.
 */
const struct dhcp6_host *dhcp6_hosts_by_duid(const struct dhcp6_hosts *hosts,
					     const struct duid *duid, const uint8_t *mac);

/* The host that names this link-layer address and no DUID; NULL if there is none. */
const struct dhcp6_host *dhcp6_hosts_by_mac(const struct dhcp6_hosts *hosts, const uint8_t *mac);

#endif

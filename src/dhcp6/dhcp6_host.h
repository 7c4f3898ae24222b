/* SPDX-License-Identifier: ISC */
/*
 * Which host reservation a client is: an index over the hosts of a network.
 */
#ifndef SEXTANT_DHCP6_DHCP6_HOST_H
#define SEXTANT_DHCP6_DHCP6_HOST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/siphash.h"
#include "dhcp6/dhcp6_conf.h"
#include "dhcp6/dhcp6_relay.h"

/* What is seen of a client; all borrowed, NULL: not known. */
struct dhcp6_who {
	const struct duid *duid;
	const uint32_t *iaid; /* of one of its IAs */
	const uint8_t *mac;
	const char *interface; /* name of the link that it is on itself */
	const struct dhcp6_relay_path *relay;
};

struct dhcp6_hosts;

/* Borrows the hosts. `key` keeps clients from choosing where they are looked for. */
struct dhcp6_hosts *dhcp6_hosts_new(const struct dhcp6_host *hosts, size_t n,
				    const struct siphash_key *key);
void dhcp6_hosts_free(struct dhcp6_hosts *hosts);

/*
 * The host of which all that it names is seen; of several the most specific: who names an IAID
 * stands before who does not, then likewise for DUID, link-layer address, Remote-ID,
 * Subscriber-ID, Interface-Id and interface. NULL if there is none.
 */
const struct dhcp6_host *dhcp6_hosts_find(const struct dhcp6_hosts *hosts,
					  const struct dhcp6_who *who);

/* Whether a host names an IAID, so that it depends on the IA which one is found. */
bool dhcp6_hosts_need_iaid(const struct dhcp6_hosts *hosts);

/* The first in the list that names the same as this one of it: itself, or one too many. */
const struct dhcp6_host *dhcp6_hosts_twin(const struct dhcp6_hosts *hosts,
					  const struct dhcp6_host *host);

/* Whether it names anything that clients are known by. */
bool dhcp6_host_names_any(const struct dhcp6_host *host);

#endif

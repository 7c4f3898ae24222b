/* SPDX-License-Identifier: ISC */
/*
 * Prefix Exclude (RFC 6603): the part of a delegated prefix that the client does not get, because
 * it is the link between it and us.
 */
#ifndef SEXTANT_DHCP6_DHCP6_EXCLUDE_H
#define SEXTANT_DHCP6_DHCP6_EXCLUDE_H

#include <stdbool.h>

#include "base/ip6.h"
#include "dhcp6/dhcp6_conf.h"
#include "wire/wire.h"

/*
 * What is excluded of a prefix that the network delegates, to anybody or to a host. False, and
 * nothing written, when that is nothing.
 */
bool dhcp6_exclude_find(const struct dhcp6_network *net, const struct ip6_prefix *delegated,
			struct ip6_prefix *ret_excluded);

/*
 * Whether clients could use an address of `prefix` because the network delegates it to them: it
 * overlaps a delegation and is not excluded from all that could be given out of it.
 */
bool dhcp6_exclude_gives(const struct dhcp6_delegation *delegation,
			 const struct ip6_prefix *prefix);

/* Writes the option; `excluded` is longer than `delegated` and lies in it. */
void dhcp6_exclude_put(struct wire_writer *w, const struct ip6_prefix *delegated,
		       const struct ip6_prefix *excluded);

#endif

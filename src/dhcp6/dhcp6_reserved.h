/* SPDX-License-Identifier: ISC */
/*
 * What the configuration reserves for a host, and an IA that may get it.
 */
#ifndef SEXTANT_DHCP6_DHCP6_RESERVED_H
#define SEXTANT_DHCP6_DHCP6_RESERVED_H

#include <stdbool.h>
#include <stddef.h>

#include "base/ip6.h"
#include "dhcp6/dhcp6_exchange.h"

struct dhcp6_reserved {
	struct dhcp6_exchange *x;
	const struct dhcp6_msg_ia *asked; /* of the message */
	const struct dhcp6_host *host;    /* what is reserved for the IA; NULL: nothing */
	bool renews;                      /* the client goes on with what it has */
	bool commits;                     /* it is given now, not offered */
};

/* How many addresses or prefixes are reserved, by the kind of the IA. */
size_t dhcp6_reserved_count(const struct dhcp6_reserved *r);

/* One of them; an address is a prefix of length 128. */
struct ip6_prefix dhcp6_reserved_at(const struct dhcp6_reserved *r, size_t i);

/* Whether they are for this IA of the client's; there is a host then. */
bool dhcp6_reserved_is_for_ia(const struct dhcp6_reserved *r);

/* Whether the client may have this one of them now. With `commits`, it is free of others after. */
bool dhcp6_reserved_make_way(const struct dhcp6_reserved *r, const struct ip6_prefix *prefix);

#endif

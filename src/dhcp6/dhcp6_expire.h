/* SPDX-License-Identifier: ISC */
/*
 * Leases that run out.
 */
#ifndef SEXTANT_DHCP6_DHCP6_EXPIRE_H
#define SEXTANT_DHCP6_DHCP6_EXPIRE_H

#include <stddef.h>

#include "base/fx.h"
#include "base/mtime.h"
#include "dhcp6/dhcp6_conf.h"
#include "dhcp6/dhcp6_link.h"
#include "lease/lease.h"

/* Lets some of those that are over by now run out; lease_expire() tells whether there are more. */
void dhcp6_expire(struct lease_table *table, const struct dhcp6_link *links, size_t n_links,
		  const struct dhcp6_limits *limits, mtime now, struct fx *fx);

#endif

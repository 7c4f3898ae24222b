/* SPDX-License-Identifier: ISC */
/*
 * What single hosts, and those of classes, are told in Router Advertisements: for conf.c.
 */
#ifndef SEXTANT_DAEMON_CONF_HOSTS_H
#define SEXTANT_DAEMON_CONF_HOSTS_H

#include <stddef.h>

#include "daemon/conf.h"

/* Gives a prefix the flags of these that are not written with it. */
void daemon_hosts_flags(struct ra_prefix *prefix, const struct ra_prefix *flags);

/*
 * Sets net->ra_hosts of hosts and classes, those of the network before those of the file, and
 * checks them. net->ra is finished; `flags` are those of prefixes for which none are written.
 */
void daemon_hosts_finish(struct cfg *cfg, struct daemon_network *net,
			 const struct dhcp6_class *classes, size_t n_classes,
			 const struct ra_prefix *flags, struct arena *arena);

#endif

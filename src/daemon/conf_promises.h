/* SPDX-License-Identifier: ISC */
/*
 * Whether a network does what it says.
 */
#ifndef SEXTANT_DAEMON_CONF_PROMISES_H
#define SEXTANT_DAEMON_CONF_PROMISES_H

#include "config/cfg.h"
#include "daemon/conf.h"

/*
 * Warns of what is promised or reserved and not done. `dhcp6` is the network as it is completed,
 * before one of a namespace pattern is taken out of service.
 */
void daemon_promises_check(struct cfg *cfg, const struct daemon_network *net,
			   const struct dhcp6_network *dhcp6);

#endif

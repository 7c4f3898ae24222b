/* SPDX-License-Identifier: ISC */
/*
 * The rows of Softwire46 domains (RFC 7598), in libsextant-conf.
 */
#ifndef SEXTANT_DHCP6_DHCP6_S46_CONF_H
#define SEXTANT_DHCP6_DHCP6_S46_CONF_H

#include "dhcp6/dhcp6_options.h"

extern const struct cfg_schema dhcp6_map_e_schema;
extern const struct cfg_schema dhcp6_map_t_schema;
extern const struct cfg_schema dhcp6_lw4o6_schema;

/* What clients would drop, and what contradicts itself; errors go to cfg. */
void dhcp6_s46_check(struct cfg *cfg, const struct dhcp6_options *options);

#endif

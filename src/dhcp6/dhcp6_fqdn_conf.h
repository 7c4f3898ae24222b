/* SPDX-License-Identifier: ISC */
/*
 * What is done with the names that clients send (RFC 4704): plain data, immutable once checked.
 */
#ifndef SEXTANT_DHCP6_DHCP6_FQDN_CONF_H
#define SEXTANT_DHCP6_DHCP6_FQDN_CONF_H

#include <stdbool.h>

#include "config/cfg.h"
#include "wire/dns_name.h"

/* Whether records are to follow the leases; what is done about it is the shell's. */
enum dhcp6_fqdn_update {
	DHCP6_UPDATE_NO,
	DHCP6_UPDATE_ASKED,  /* as the client wants it */
	DHCP6_UPDATE_ALWAYS, /* whatever it wants */
};

struct dhcp6_fqdn_conf {
	bool enabled;
	struct dns_name domain; /* len 0: none */
	int update;             /* enum dhcp6_fqdn_update */
	const struct cfg_node *node;
};

extern const struct cfg_schema dhcp6_fqdn_schema;

#endif

/* SPDX-License-Identifier: ISC */
/*
 * One message being answered: all that the parts of the server that decide on it share.
 */
#ifndef SEXTANT_DHCP6_DHCP6_EXCHANGE_H
#define SEXTANT_DHCP6_DHCP6_EXCHANGE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/fx.h"
#include "base/mtime.h"
#include "base/rng.h"
#include "dhcp6/dhcp6_answer.h"
#include "dhcp6/dhcp6_client.h"
#include "dhcp6/dhcp6_conf.h"
#include "dhcp6/dhcp6_link.h"
#include "dhcp6/dhcp6_msg.h"
#include "dhcp6/dhcp6_packet.h"
#include "dhcp6/dhcp6_port.h"
#include "dhcp6/dhcp6_relay.h"
#include "lease/lease.h"

struct dhcp6_exchange {
	const struct dhcp6_msg *msg;
	const struct dhcp6_link *link;
	const struct dhcp6_limits *limits; /* without zeros */
	struct lease_table *table;
	struct rng *rng;
	struct dhcp6_client client;
	uint64_t classes;                     /* dhcp6_link_classes() */
	const struct dhcp6_packet *packet;    /* how it came, for the log */
	const struct dhcp6_relay_path *relay; /* NULL: the client is on the link itself */
	struct dhcp6_port port;               /* where that is */
	mtime now;
	struct fx *fx;
	struct dhcp6_answer *answer;
	uint64_t *duid_clashes; /* the server's counter */
};

#endif

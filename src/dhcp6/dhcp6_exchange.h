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
#include "lease/lease.h"

struct dhcp6_exchange {
	const struct dhcp6_msg *msg;
	const struct dhcp6_link *link;
	const struct dhcp6_limits *limits; /* without zeros */
	struct lease_table *table;
	struct rng *rng;
	struct dhcp6_client client;
	uint32_t link_id; /* where it came by, for the log */
	mtime now;
	struct fx *fx;
	struct dhcp6_answer *answer;
	bool changed; /* the open batch holds something that the answer depends on */
	mtime wake;   /* when the earliest state begun here ends */
};

#endif

/* SPDX-License-Identifier: ISC */
/*
 * What the store has not taken yet is bounded, and one link can fill it: then the messages of all
 * are dropped. So the last part of a batch is for those who have put little into it; who has put in
 * most waits for the next one, as all would have to.
 */
#include "config.h"

#include "dhcp6/dhcp6_share.h"

#include "lease/lease.h"

enum { NEARLY_FULL = LEASE_OPEN_MAX / 4 * 3 };

bool dhcp6_share_take(struct dhcp6_share *share, const struct dhcp6_port *port, size_t changes)
{
	uint32_t *count = &share->counts[port->names[LEASE_PORT_LINK] % DHCP6_SHARE_PLACES];

	/* Another batch. */
	if (changes == 0 || changes < share->changes)
		*share = (struct dhcp6_share){.all = 0};
	share->changes = changes;
	if (changes >= NEARLY_FULL && *count >= share->all / 4)
		return false;
	++*count;
	share->all++;
	return true;
}

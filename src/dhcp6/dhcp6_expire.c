/* SPDX-License-Identifier: ISC */
/*
 * Leases that run out: each is said in the log, and its name in DNS goes. What ended stays known
 * for its client for a while.
 */
#include "config.h"

#include "dhcp6/dhcp6_expire.h"

#include "base/logid.h"
#include "dhcp6/dhcp6_fqdn.h"
#include "dhcp6/dhcp6_log.h"

/* Leases that one timer event lets run out: as many as lines can be logged. */
enum { EXPIRE_MAX = FX_LINES };

struct expiry {
	const struct dhcp6_link *links;
	size_t n_links;
	const struct lease_table *table;
	struct fx *fx;
};

static void lease_ended(void *arg, const struct lease *lease)
{
	struct expiry *expiry = arg;
	const struct lease_client *client = lease_client_get(expiry->table, lease->client);
	struct logline *line;

	if (lease->state != LEASE_ACTIVE)
		return;
	for (size_t i = 0; i < expiry->n_links; i++) {
		const struct dhcp6_link *link = &expiry->links[i];

		if (link->network == client->network)
			dhcp6_fqdn_ended(link->conf, expiry->table, lease, expiry->fx);
	}
	line = fx_log(expiry->fx, LOG_LEVEL_INFO, "lease-expired");
	logline_str(line, "net", lease_network_name(expiry->table, client->network));
	logid_hex(line, "duid", client->duid, client->duid_len);
	if (client->mac_source != LEASE_MAC_NONE)
		logid_hex(line, "mac", client->mac, sizeof(client->mac));
	dhcp6_log_ia(line, (enum lease_kind)lease->kind, lease->iaid);
	dhcp6_log_lease(line, (enum lease_kind)lease->kind, &lease->addr, lease->plen);
}

void dhcp6_expire(struct lease_table *table, const struct dhcp6_link *links, size_t n_links,
		  const struct dhcp6_limits *limits, mtime now, struct fx *fx)
{
	struct expiry expiry = {.links = links, .n_links = n_links, .table = table, .fx = fx};

	lease_expire(table, now, (mtime)limits->remember * SEC, EXPIRE_MAX, lease_ended, &expiry);
}

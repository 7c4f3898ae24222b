/* SPDX-License-Identifier: ISC */
/*
 * Who the client is. A client is known by its DUID (RFC 8415 section 11); its link-layer address
 * is what the frame or a trusted relay says, and else what a DUID-LL or DUID-LLT says.
 *
 * A reservation by DUID comes before one by link-layer address.
 */
#include "config.h"

#include "dhcp6/dhcp6_client.h"

#include <string.h>

static const struct dhcp6_host *find_host(const struct dhcp6_link *link, const struct duid *duid,
					  const uint8_t *mac, bool *ret_sure)
{
	const struct dhcp6_host *host = duid ? dhcp6_hosts_by_duid(link->hosts, duid, mac) : NULL;
	uint8_t inside[6];

	*ret_sure = true;
	if (!host && mac)
		host = dhcp6_hosts_by_mac(link->hosts, mac);
	if (!host && duid && duid_mac(duid, inside)) {
		*ret_sure = !mac || memcmp(mac, inside, sizeof(inside)) == 0;
		host = dhcp6_hosts_by_mac(link->hosts, inside);
	}
	return host;
}

void dhcp6_client_identify(struct dhcp6_client *client, const struct dhcp6_link *link,
			   struct lease_table *table, const struct duid *duid, const uint8_t mac[6],
			   enum lease_mac_source source)
{
	*client = (struct dhcp6_client){.duid = duid, .id = LEASE_NONE};
	if (source != LEASE_MAC_NONE) {
		client->mac_source = source;
		memcpy(client->mac, mac, sizeof(client->mac));
	} else if (duid && duid_mac(duid, client->mac)) {
		client->mac_source = LEASE_MAC_DUID;
	}
	client->host =
		find_host(link, duid, client->mac_source == LEASE_MAC_NONE ? NULL : client->mac,
			  &client->host_is_sure);
	if (!duid)
		return;
	const struct lease_client *known = lease_client_find(table, link->network, duid);

	if (known)
		client->id = known->id;
}

void dhcp6_client_keep(struct dhcp6_client *client, const struct dhcp6_link *link,
		       struct lease_table *table)
{
	const struct lease_client *known;

	if (client->id == LEASE_NONE) {
		client->id = lease_client_new(table, link->network, client->duid, client->mac,
					      client->mac_source);
		client->is_new = true;
		return;
	}
	known = lease_client_get(table, client->id);
	/* What a DUID says does not replace what was seen. */
	if (client->mac_source == LEASE_MAC_NONE ||
	    (client->mac_source == LEASE_MAC_DUID && known->mac_source != LEASE_MAC_NONE))
		return;
	if (known->mac_source != client->mac_source ||
	    memcmp(known->mac, client->mac, sizeof(known->mac)) != 0)
		lease_client_set_mac(table, client->id, client->mac, client->mac_source);
}

bool dhcp6_client_shares_host(const struct dhcp6_client *client, const struct dhcp6_link *link,
			      const struct lease_client *other)
{
	struct duid duid;
	bool sure;

	if (!client->host || !duid_from_bytes(other->duid, other->duid_len, &duid))
		return false;
	return find_host(link, &duid, other->mac_source == LEASE_MAC_NONE ? NULL : other->mac,
			 &sure) == client->host;
}

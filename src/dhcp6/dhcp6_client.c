/* SPDX-License-Identifier: ISC */
/*
 * Who the client is. A client is known by its DUID (RFC 8415 section 11); its link-layer address
 * is what the frame or a trusted relay says, and else what a DUID-LL or DUID-LLT says.
 *
 * Cloned machines show one DUID, and often one IAID. So a link-layer address that was seen, rather
 * than told by a DUID, makes a client of its own while another one with the same DUID has leases
 * (RFC 8987 section 3.2, G-4). Once that one's leases have ended, its record is taken over: a
 * machine whose network card was replaced gets what it had.
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

static bool is_seen(enum lease_mac_source source)
{
	return source == LEASE_MAC_FRAME || source == LEASE_MAC_RELAY;
}

/* Whether it holds, or is offered, anything. */
static bool is_alive(const struct lease_table *table, const struct lease_client *known)
{
	for (const struct lease *lease = lease_get(table, known->first_lease); lease;
	     lease = lease_next_of_client(table, lease)) {
		if (lease->state == LEASE_ACTIVE || lease->state == LEASE_OFFERED)
			return true;
	}
	return false;
}

/* How well a client of the lease table fits what is seen now; 0: it is another. */
static int fit(const struct dhcp6_client *client, const struct lease_table *table,
	       const struct lease_client *known)
{
	if (client->mac_source != LEASE_MAC_NONE && known->mac_source != LEASE_MAC_NONE &&
	    memcmp(client->mac, known->mac, sizeof(client->mac)) == 0)
		return 3;
	if (!is_seen(client->mac_source) || !is_seen(known->mac_source))
		return 2;
	return is_alive(table, known) ? 0 : 1;
}

static uint32_t find_client(const struct dhcp6_client *client, const struct dhcp6_link *link,
			    const struct lease_table *table)
{
	uint32_t id = LEASE_NONE;
	int best = 0;

	for (const struct lease_client *known =
		     lease_client_find(table, link->network, client->duid);
	     known && best < 3; known = lease_client_next(table, known)) {
		int how = fit(client, table, known);

		if (how <= best)
			continue;
		best = how;
		id = known->id;
	}
	return id;
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
	if (duid)
		client->id = find_client(client, link, table);
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

	/* One DUID and two link-layer addresses: two machines. */
	if (other->duid_len == client->duid->len &&
	    memcmp(other->duid, client->duid->bytes, other->duid_len) == 0)
		return false;
	if (!client->host || !duid_from_bytes(other->duid, other->duid_len, &duid))
		return false;
	return find_host(link, &duid, other->mac_source == LEASE_MAC_NONE ? NULL : other->mac,
			 &sure) == client->host;
}

static bool holds_ia(const struct lease_table *table, const struct lease_client *known,
		     const struct dhcp6_msg_ia *ia)
{
	for (const struct lease *lease = lease_get(table, known->first_lease); lease;
	     lease = lease_next_of_client(table, lease)) {
		if ((lease->state == LEASE_ACTIVE || lease->state == LEASE_OFFERED) &&
		    (enum lease_kind)lease->kind == ia->kind && lease->iaid == ia->iaid)
			return true;
	}
	return false;
}

const struct lease_client *dhcp6_client_clash(const struct dhcp6_client *client,
					      const struct dhcp6_link *link,
					      const struct lease_table *table,
					      const struct dhcp6_msg *msg)
{
	if (!client->is_new || !is_seen(client->mac_source))
		return NULL;
	for (const struct lease_client *known =
		     lease_client_find(table, link->network, client->duid);
	     known; known = lease_client_next(table, known)) {
		for (size_t i = 0; known->id != client->id && i < msg->n_ias; i++) {
			if (holds_ia(table, known, &msg->ias[i]))
				return known;
		}
	}
	return NULL;
}

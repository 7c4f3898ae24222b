/* SPDX-License-Identifier: ISC */
/*
 * Who the client is. A client is known by its DUID (RFC 8415 section 11); its link-layer address
 * is what the frame or a trusted relay says, and else what a DUID-LL or DUID-LLT says.
 *
 * Cloned machines show one DUID, and often one IAID. So a link-layer address that was seen, rather
 * than told by a DUID, makes a client of its own while another one with the same DUID has leases
 * (RFC 8987 section 3.2, G-4). Once that one's leases have ended, its record is taken over: a
 * machine whose network card was replaced gets what it had.
 */
#include "config.h"

#include "dhcp6/dhcp6_client.h"

#include <string.h>

/*
 * The reservation. What the DUID says of the link-layer address comes last: it is the client's word
 * only, and below what was seen.
 */
static const struct dhcp6_host *find_host(const struct dhcp6_client *client,
					  const struct dhcp6_link *link, const uint32_t *iaid,
					  bool *ret_sure)
{
	struct dhcp6_who who = {
		.duid = client->duid,
		.iaid = iaid,
		.mac = client->mac_source == LEASE_MAC_NONE ? NULL : client->mac,
		.interface = client->interface,
		.relay = client->relay,
	};
	const struct dhcp6_host *host = dhcp6_hosts_find(link->hosts, &who);
	uint8_t inside[6];

	*ret_sure = true;
	if (!host && client->duid && duid_mac(client->duid, inside) &&
	    memcmp(client->mac, inside, sizeof(inside)) != 0) {
		who.mac = inside;
		*ret_sure = false;
		host = dhcp6_hosts_find(link->hosts, &who);
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
	if (!is_seen(client->mac_source) || !is_seen((enum lease_mac_source)known->mac_source))
		return 2;
	return is_alive(table, known) ? 0 : 1;
}

/* Clients that can have one DUID: a message looks at all of them. */
enum { CLONES_MAX = 1024 };

/* Whether an IA of the client's has the lease, or is offered it. */
static bool is_of(const struct lease_table *table, const struct lease *lease,
		  const struct duid *duid, uint32_t iaid)
{
	const struct lease_client *owner = lease_client_get(table, lease->client);

	return lease->iaid == iaid &&
	       (lease->state == LEASE_ACTIVE || lease->state == LEASE_OFFERED) &&
	       owner->duid_len == duid->len && memcmp(owner->duid, duid->bytes, duid->len) == 0;
}

/*
 * Of several with the DUID, when the link-layer address was not seen, it is the one that has what
 * the message names: a frame can be missed, and a relay may not tell.
 */
static uint32_t find_holder(const struct dhcp6_client *client, const struct dhcp6_link *link,
			    const struct lease_table *table, const struct dhcp6_msg *msg)
{
	for (const struct dhcp6_msg_ia *ia = msg->ias; ia < msg->ias + msg->n_ias; ia++) {
		for (size_t i = ia->first; i < ia->first + ia->count; i++) {
			const struct lease *lease =
				lease_find(table, link->network, ia->kind, &msg->leases[i].addr,
					   msg->leases[i].plen);

			if (lease && is_of(table, lease, client->duid, ia->iaid))
				return lease->client;
		}
	}
	return LEASE_NONE;
}

static uint32_t find_client(const struct dhcp6_client *client, const struct lease_table *table,
			    const struct lease_client *first, bool *ret_full)
{
	uint32_t id = LEASE_NONE;
	size_t seen = 0;
	int best = 0;

	for (const struct lease_client *known = first; known && best < 3 && seen < CLONES_MAX;
	     known = lease_client_next(table, known), seen++) {
		int how = fit(client, table, known);

		if (how <= best)
			continue;
		best = how;
		id = known->id;
	}
	*ret_full = id == LEASE_NONE && seen == CLONES_MAX;
	return id;
}

/* The client of the lease table; LEASE_NONE: it is none of those there are. */
static uint32_t find_known(const struct dhcp6_client *client, const struct dhcp6_link *link,
			   const struct lease_table *table, const struct dhcp6_msg *msg,
			   bool *ret_full)
{
	const struct lease_client *first = lease_client_find(table, link->network, client->duid);
	uint32_t holder = LEASE_NONE;

	if (first && !is_seen(client->mac_source) && lease_client_next(table, first))
		holder = find_holder(client, link, table, msg);
	return holder == LEASE_NONE ? find_client(client, table, first, ret_full) : holder;
}

void dhcp6_client_identify(struct dhcp6_client *client, const struct dhcp6_link *link,
			   struct lease_table *table, const struct dhcp6_msg *msg,
			   const struct dhcp6_packet *packet, const struct dhcp6_relay_path *relay)
{
	const struct duid *duid = msg->client_id.len ? &msg->client_id : NULL;
	const uint32_t *iaid = msg->n_ias ? &msg->ias[0].iaid : NULL;

	*client = (struct dhcp6_client){
		.duid = duid,
		.id = LEASE_NONE,
		.interface = relay ? NULL : packet->link_name,
		.relay = relay,
	};
	if (packet->mac_source != LEASE_MAC_NONE) {
		client->mac_source = packet->mac_source;
		memcpy(client->mac, packet->mac, sizeof(client->mac));
	} else if (duid && duid_mac(duid, client->mac)) {
		client->mac_source = LEASE_MAC_DUID;
	}
	client->host = find_host(client, link, iaid, &client->host_is_sure);
	if (duid)
		client->id = find_known(client, link, table, msg, &client->too_many);
}

const struct dhcp6_host *dhcp6_client_ia_host(const struct dhcp6_client *client,
					      const struct dhcp6_link *link, uint32_t iaid)
{
	bool sure;

	return dhcp6_hosts_need_iaid(link->hosts) ? find_host(client, link, &iaid, &sure)
						  : client->host;
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

static bool is_mac(const struct dhcp6_host *host, const uint8_t *mac)
{
	return memcmp(host->mac.bytes, mac, sizeof(host->mac.bytes)) == 0;
}

bool dhcp6_client_shares_host(const struct dhcp6_client *client, const struct dhcp6_host *host,
			      const struct lease_client *other)
{
	uint8_t inside[6];
	struct duid duid;

	/* One DUID and two link-layer addresses: two machines. */
	if (other->duid_len == client->duid->len &&
	    memcmp(other->duid, client->duid->bytes, other->duid_len) == 0)
		return false;
	if (!host->mac.set || host->duid.len)
		return false;
	return (other->mac_source != LEASE_MAC_NONE && is_mac(host, other->mac)) ||
	       (duid_from_bytes(other->duid, other->duid_len, &duid) && duid_mac(&duid, inside) &&
		is_mac(host, inside));
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

/* SPDX-License-Identifier: ISC */
/*
 * What lines about leases have in common. A DUID is written as hex digits, so nothing that a peer
 * chose reaches the log as it is.
 */
#include "config.h"

#include "dhcp6/dhcp6_log.h"

void dhcp6_log_link(struct logline *line, const struct dhcp6_packet *packet)
{
	if (packet->link_name)
		logline_str(line, "link", packet->link_name);
	else
		logline_u64(line, "link", packet->link);
}

struct logline *dhcp6_log_client(const struct dhcp6_exchange *x, enum log_level level,
				 const char *event)
{
	struct logline *line = fx_log(x->fx, level, event);
	const struct dhcp6_client *client = &x->client;

	logline_str(line, "net", x->link->conf->name);
	dhcp6_log_link(line, x->packet);
	if (x->relay)
		logline_ip6(line, "relay", &x->relay->relay);
	if (x->relay && x->relay->interface_id.bytes)
		logline_peer(line, "interface-id", x->relay->interface_id.bytes,
			     x->relay->interface_id.len);
	if (client->duid)
		logline_hex(line, "duid", client->duid->bytes, client->duid->len);
	if (client->mac_source != LEASE_MAC_NONE)
		logline_hex(line, "mac", client->mac, sizeof(client->mac));
	if (client->host && client->host->name)
		logline_quoted(line, "host", client->host->name);
	return line;
}

void dhcp6_log_ia(struct logline *line, enum lease_kind kind, uint32_t iaid)
{
	logline_str(line, "kind", lease_kind_name(kind));
	logline_u64(line, "iaid", iaid);
}

void dhcp6_log_lease(struct logline *line, enum lease_kind kind, const struct in6_addr *addr,
		     uint8_t plen)
{
	struct ip6_prefix prefix = {*addr, plen};

	if (kind != LEASE_PD)
		logline_ip6(line, "addr", addr);
	else
		logline_prefix(line, "prefix", &prefix);
}

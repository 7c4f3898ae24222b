/* SPDX-License-Identifier: ISC */
/*
 * What lines about leases have in common. A DUID is written as hex digits, so nothing that a peer
 * chose reaches the log as it is.
 */
#include "config.h"

#include "dhcp6/dhcp6_log.h"

#include <string.h>

#include "base/logid.h"

enum { ID_TEXT_MAX = 160 }; /* of an identifier in a line; what is longer is cut */

static const char *const type_names[] = {
	[DHCP6_SOLICIT] = "solicit",
	[DHCP6_ADVERTISE] = "advertise",
	[DHCP6_REQUEST] = "request",
	[DHCP6_CONFIRM] = "confirm",
	[DHCP6_RENEW] = "renew",
	[DHCP6_REBIND] = "rebind",
	[DHCP6_REPLY] = "reply",
	[DHCP6_RELEASE] = "release",
	[DHCP6_DECLINE] = "decline",
	[DHCP6_RECONFIGURE] = "reconfigure",
	[DHCP6_INFORMATION_REQUEST] = "information-request",
	[DHCP6_RELAY_FORWARD] = "relay-forward",
	[DHCP6_RELAY_REPLY] = "relay-reply",
	[DHCP6_LEASEQUERY_REPLY] = "leasequery-reply",
	[DHCP6_ADDR_REG_INFORM] = "addr-reg-inform",
	[DHCP6_ADDR_REG_REPLY] = "addr-reg-reply",
};

void dhcp6_log_type(struct logline *line, uint8_t type)
{
	if (type < sizeof(type_names) / sizeof(type_names[0]) && type_names[type])
		logline_str(line, "type", type_names[type]);
	else
		logline_u64(line, "type", type);
}

/* Whether the configuration can have it as text, and a line splits at its blanks all the same. */
static bool is_plain(const struct dhcp6_relay_id *id)
{
	for (size_t i = 0; i < id->len; i++) {
		if (id->bytes[i] <= ' ' || id->bytes[i] > '~' || strchr("\"\\\\'", id->bytes[i]))
			return false;
	}
	return id->len && !(id->len >= 2 && memcmp(id->bytes, "0x", 2) == 0);
}

static void put_id(struct text *text, const struct dhcp6_relay_id *id)
{
	if (is_plain(id)) {
		text_put_escaped(text, id->bytes, id->len);
		return;
	}
	text_put_str(text, "0x");
	text_put_hex(text, id->bytes, id->len, '\0');
}

void dhcp6_log_path(struct logline *line, const struct dhcp6_relay_path *path)
{
	char buf[ID_TEXT_MAX];
	struct text text;

	logline_ip6(line, "relay", &path->relay);
	if (path->interface_id.bytes) {
		text_init(&text, buf, sizeof(buf));
		put_id(&text, &path->interface_id);
		logid_str(line, "interface-id", buf);
	}
	if (path->remote_id.bytes) {
		text_init(&text, buf, sizeof(buf));
		text_put_u64(&text, path->remote_enterprise);
		text_put_char(&text, ':');
		put_id(&text, &path->remote_id);
		logid_str(line, "remote-id", buf);
	}
}

void dhcp6_log_link(struct logline *line, const struct dhcp6_packet *packet)
{
	if (packet->link_name)
		logline_str(line, "link", packet->link_name);
	else
		logline_u64(line, "link", packet->link);
}

/* The names of classes, with commas between them. */
static void put_classes(struct text *text, const struct dhcp6_exchange *x, uint64_t classes)
{
	const char *comma = "";

	for (size_t i = 0; i < DHCP6_CLASSES; i++) {
		if (!(classes >> i & 1))
			continue;
		text_put_str(text, comma);
		text_put_str(text, dhcp6_link_class(x->link, i)->name);
		comma = ",";
	}
}

static void log_classes(struct logline *line, const struct dhcp6_exchange *x)
{
	char buf[256];
	struct text names;

	if (!line || !x->classes)
		return;
	text_init(&names, buf, sizeof(buf));
	put_classes(&names, x, x->classes);
	logline_quoted(line, "class", buf);
}

void dhcp6_log_why(struct logline *line, const struct dhcp6_exchange *x, const char *rule,
		   uint64_t classes)
{
	char buf[256];
	struct text why;

	if (!line)
		return;
	if (!classes) {
		logline_str(line, "why", rule);
		return;
	}
	text_init(&why, buf, sizeof(buf));
	text_put_str(&why, rule);
	text_put_str(&why, " class:");
	put_classes(&why, x, classes);
	logline_quoted(line, "why", buf);
}

struct logline *dhcp6_log_client(const struct dhcp6_exchange *x, enum log_level level,
				 const char *event)
{
	struct logline *line = fx_log(x->fx, level, event);
	const struct dhcp6_client *client = &x->client;

	logline_str(line, "net", x->link->conf->name);
	dhcp6_log_link(line, x->packet);
	if (x->relay)
		dhcp6_log_path(line, x->relay);
	if (client->duid)
		logid_hex(line, "duid", client->duid->bytes, client->duid->len);
	if (client->mac_source != LEASE_MAC_NONE)
		logid_hex(line, "mac", client->mac, sizeof(client->mac));
	if (client->host && client->host->name)
		logline_quoted(line, "host", client->host->name);
	log_classes(line, x);
	return line;
}

void dhcp6_log_ia(struct logline *line, enum lease_kind kind, uint32_t iaid)
{
	logline_str(line, "kind", lease_kind_name(kind));
	logid_u64(line, "iaid", iaid);
}

void dhcp6_log_lease(struct logline *line, enum lease_kind kind, const struct in6_addr *addr,
		     uint8_t plen)
{
	struct ip6_prefix prefix = {*addr, plen};

	if (kind != LEASE_PD)
		logid_ip6(line, "addr", addr);
	else
		logid_prefix(line, "prefix", &prefix);
}

void dhcp6_log_moved(const struct dhcp6_exchange *x, const struct lease *lease, uint32_t iaid)
{
	const struct lease_client *other = lease_client_get(x->table, lease->client);
	struct logline *line = dhcp6_log_client(x, LOG_LEVEL_INFO, "reservation-moved");

	logid_hex(line, "other-duid", other->duid, other->duid_len);
	dhcp6_log_ia(line, (enum lease_kind)lease->kind, iaid);
	dhcp6_log_lease(line, (enum lease_kind)lease->kind, &lease->addr, lease->plen);
}

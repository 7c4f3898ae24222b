/* SPDX-License-Identifier: ISC */
/*
 * Other DHCPv6 servers. They are seen in two ways: by their own messages, where the network brings
 * those here (a hub, a mirrored port, a bridge that does not know the client yet), and by the
 * messages of clients that name them, which go to ff02::1:2 and so reach every server of the link.
 *
 * A server is told from others by its DUID, or by its address while that is not known. Both are
 * easily forged: what is counted says what was seen, not who spoke. Links have no other servers as
 * a rule, so the table is made with the first.
 */
#include "config.h"

#include "dhcp6/dhcp6_others.h"

#include "base/ip6.h"
#include "base/logid.h"
#include "base/mem.h"
#include "dhcp6/dhcp6_log.h"
#include "wire/wire.h"

/* Who was silent for longer is new when it speaks again. */
#define SILENCE (24 * 3600 * SEC)

/* Something that tells of a server. */
struct sign {
	const struct dhcp6_packet *packet;
	const struct dhcp6_link *link;
	const struct duid *duid; /* len 0: not seen */
	bool by_client;          /* a client's message to it: who sent it is not the server */
};

static bool is_of_server(uint8_t type)
{
	return type == DHCP6_ADVERTISE || type == DHCP6_REPLY || type == DHCP6_RECONFIGURE ||
	       type == DHCP6_RELAY_REPLY;
}

/* The server's DUID, as far as the message is there; len 0: it is not in that. */
static struct duid server_of(const struct dhcp6_packet *packet)
{
	struct wire_reader r = wire_reader(packet->data, packet->len);
	struct duid duid = {.len = 0};

	/* What a relay passes on has its options further inside. */
	if (wire_get_u8(&r) == DHCP6_RELAY_REPLY)
		return duid;
	wire_get_bytes(&r, 3);
	while (!r.bad && wire_left(&r) && !duid.len) {
		uint16_t code = wire_get_u16(&r);
		uint16_t len = wire_get_u16(&r);
		const uint8_t *bytes = wire_get_bytes(&r, len);

		if (bytes && code == DHCP6_OPT_SERVER_ID)
			duid_from_bytes(bytes, len, &duid);
	}
	return duid;
}

static bool is_known(const struct dhcp6_net *net, const struct dhcp6_other *other)
{
	for (size_t i = 0; i < net->n_servers; i++) {
		const struct dhcp6_known_server *known = &net->servers[i];

		if (known->duid.len ? duid_equal(&known->duid, &other->duid)
				    : ip6_equal(&known->addr, &other->addr))
			return true;
	}
	return false;
}

static bool matches(const struct dhcp6_other *other, const struct sign *sign)
{
	if (other->network != sign->link->network)
		return false;
	if (sign->duid->len && other->duid.len)
		return duid_equal(&other->duid, sign->duid);
	return !sign->by_client && ip6_equal(&other->addr, &sign->packet->src);
}

static struct dhcp6_other *find(struct dhcp6_others *others, const struct sign *sign)
{
	for (size_t i = 0; i < others->n; i++) {
		if (matches(&others->list[i], sign))
			return &others->list[i];
	}
	return NULL;
}

static struct dhcp6_other *add(struct dhcp6_others *others)
{
	struct dhcp6_other *oldest = &others->list[0];

	if (others->n < DHCP6_OTHERS_MAX)
		return &others->list[others->n++];
	for (size_t i = 1; i < others->n; i++) {
		if (others->list[i].seen < oldest->seen)
			oldest = &others->list[i];
	}
	*oldest = (struct dhcp6_other){.seen = 0};
	return oldest;
}

/* The client that spoke of a server is named as `client`: `src` is the server's. */
static void log_rogue(const struct sign *sign, const struct dhcp6_other *other, struct fx *fx)
{
	const struct dhcp6_packet *packet = sign->packet;
	struct logline *line = fx_log(fx, LOG_LEVEL_WARNING, "rogue-server");
	struct wire_reader r = wire_reader(packet->data, packet->len);

	logline_str(line, "net", sign->link->conf->name);
	dhcp6_log_link(line, packet);
	if (!ip6_is_unspecified(&other->addr))
		logline_ip6(line, "src", &other->addr);
	if (!sign->by_client && packet->mac_source == LEASE_MAC_FRAME)
		logline_hex(line, "mac", packet->mac, sizeof(packet->mac));
	if (other->duid.len)
		logline_hex(line, "duid", other->duid.bytes, other->duid.len);
	dhcp6_log_type(line, wire_get_u8(&r));
	if (sign->by_client)
		logid_ip6(line, "client", &packet->src);
}

static void note(struct dhcp6_others **others, const struct sign *sign, mtime now, struct fx *fx)
{
	if (!*others)
		*others = mem_new(1, sizeof(**others));
	struct dhcp6_other *other = find(*others, sign);
	bool is_new = !other || now - other->seen > SILENCE;
	bool was_rogue = other && other->rogue;

	if (!other)
		other = add(*others);
	other->network = sign->link->network;
	other->seen = now;
	if (sign->duid->len)
		other->duid = *sign->duid;
	if (sign->by_client) {
		other->asked++;
	} else {
		other->answers++;
		other->addr = sign->packet->src;
	}
	other->rogue = !is_known(&sign->link->conf->dhcp6, other);
	if (other->rogue && (is_new || !was_rogue))
		log_rogue(sign, other, fx);
}

void dhcp6_others_hear(struct dhcp6_others **others, const struct dhcp6_link *link,
		       const struct dhcp6_packet *packet, const struct duid *own, mtime now,
		       struct fx *fx)
{
	struct wire_reader r = wire_reader(packet->data, packet->len);
	const struct duid duid = server_of(packet);
	const struct sign sign = {.packet = packet, .link = link, .duid = &duid};

	if (!is_of_server(wire_get_u8(&r)) || !link->conf->serve)
		return;
	/* Ourselves, come back by another way. */
	if (dhcp6_link_is_own(link, &packet->src) || (duid.len && duid_equal(&duid, own)))
		return;
	note(others, &sign, now, fx);
}

void dhcp6_others_named(struct dhcp6_others **others, const struct dhcp6_link *link,
			const struct dhcp6_packet *packet, const struct duid *server, mtime now,
			struct fx *fx)
{
	const struct sign sign = {
		.packet = packet, .link = link, .duid = server, .by_client = true};

	note(others, &sign, now, fx);
}

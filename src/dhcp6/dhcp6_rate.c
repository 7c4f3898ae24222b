/* SPDX-License-Identifier: ISC */
/*
 * Token buckets in tables of a fixed size, found by a keyed hash of who sends. A place is one of
 * WAYS that a hash may be in; who finds none takes that of the bucket which has been full for
 * longest, or is nearest to it. So a flood of invented DUIDs makes the server forget those who
 * have not sent much, which does them no harm, and never those who have.
 *
 * Strangers share the limits of their link-layer address, their port, their link and the server. A
 * client that holds a lease has its own limit only: it renews during a flood as at any other time.
 */
#include "config.h"

#include "dhcp6/dhcp6_rate.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/bucket.h"
#include "base/mem.h"

enum {
	WAYS = 4,
	CLIENT_SETS = 2048,
	PORT_SETS = 1024,
	CLIENT_BURST_SECONDS = 5, /* a client that begins says several things at once */
};

struct slot {
	uint64_t hash; /* of who it is for */
	struct bucket bucket;
};

struct dhcp6_rate {
	struct siphash_key key;
	struct slot clients[CLIENT_SETS][WAYS];
	struct slot ports[PORT_SETS][WAYS];
	struct bucket all;
};

struct dhcp6_rate *dhcp6_rate_new(const struct siphash_key *key)
{
	struct dhcp6_rate *rate = mem_new(1, sizeof(*rate));

	rate->key = *key;
	return rate;
}

void dhcp6_rate_free(struct dhcp6_rate *rate)
{
	free(rate);
}

static struct bucket *find(struct slot set[WAYS], uint64_t hash)
{
	struct slot *oldest = &set[0];

	for (size_t i = 0; i < WAYS; i++) {
		if (set[i].hash == hash)
			return &set[i].bucket;
		if (set[i].bucket.full_at < oldest->bucket.full_at)
			oldest = &set[i];
	}
	*oldest = (struct slot){.hash = hash};
	return &oldest->bucket;
}

/* What is hashed: as much as fits of what tells senders apart. */
struct who {
	uint8_t bytes[192];
	size_t len;
};

static void who_put(struct who *who, const void *bytes, size_t len)
{
	size_t room = sizeof(who->bytes) - who->len;

	if (len > room)
		len = room;
	if (len)
		memcpy(who->bytes + who->len, bytes, len);
	who->len += len;
}

/* Who shows no DUID is its address, which is one of its own link only. */
static void who_put_address(struct who *who, const struct dhcp6_packet *packet,
			    const struct dhcp6_port *port, const struct dhcp6_client *client)
{
	who_put(who, port->names, sizeof(port->names));
	if (client->relay)
		who_put(who, &client->relay->peer, sizeof(client->relay->peer));
	else
		who_put(who, &packet->src, sizeof(packet->src));
}

/* Cloned machines have one DUID, and behind some bridges all have one link-layer address. */
static struct bucket *client_bucket(struct dhcp6_rate *rate, const struct dhcp6_packet *packet,
				    const struct dhcp6_port *port,
				    const struct dhcp6_client *client)
{
	MEM_UNINITIALIZED struct who who;

	who.len = 0;
	who_put(&who, &packet->network, sizeof(packet->network));
	if (client->duid)
		who_put(&who, client->duid->bytes, client->duid->len);
	else
		who_put_address(&who, packet, port, client);
	who_put(&who, client->mac, sizeof(client->mac));

	uint64_t hash = siphash_table(&rate->key, who.bytes, who.len);

	return find(rate->clients[hash % CLIENT_SETS], hash);
}

static bool is_seen(enum lease_mac_source source)
{
	return source == LEASE_MAC_FRAME || source == LEASE_MAC_RELAY;
}

/* Who shows ever new DUIDs is found by the link-layer address that was seen; one that a DUID says
 * is as new as the DUID. */
static bool take_mac(struct dhcp6_rate *rate, uint32_t limit, const struct dhcp6_port *port,
		     const struct dhcp6_client *client, mtime now)
{
	MEM_UNINITIALIZED struct who who;

	if (!is_seen(client->mac_source))
		return true;
	who.len = 0;
	who_put(&who, &port->names[LEASE_PORT_LINK], sizeof(port->names[LEASE_PORT_LINK]));
	who_put(&who, client->mac, sizeof(client->mac));

	uint64_t hash = siphash_table(&rate->key, who.bytes, who.len);

	return bucket_take(find(rate->clients[hash % CLIENT_SETS], hash), now, limit, limit);
}

static bool take_port(struct dhcp6_rate *rate, uint32_t limit, const struct dhcp6_port *port,
		      enum lease_port_level level, mtime now)
{
	uint64_t name = port->names[level];

	return !name || bucket_take(find(rate->ports[name % PORT_SETS], name), now, limit, limit);
}

const char *dhcp6_rate_take(struct dhcp6_rate *rate, const struct dhcp6_limits *limits,
			    const struct dhcp6_packet *packet, const struct dhcp6_port *port,
			    const struct dhcp6_client *client, bool is_known, mtime now)
{
	if (!bucket_take(client_bucket(rate, packet, port, client), now,
			 limits->messages_per_client,
			 CLIENT_BURST_SECONDS * limits->messages_per_client))
		return "messages-per-client";
	if (is_known)
		return NULL;
	/* The narrowest first: who is held back takes nothing from those beside it. */
	if (!take_mac(rate, limits->messages_per_mac, port, client, now))
		return "messages-per-mac";
	if (!take_port(rate, limits->messages_per_port, port, LEASE_PORT_OF_RELAY, now))
		return "messages-per-port";
	if (!take_port(rate, limits->messages_per_link, port, LEASE_PORT_LINK, now))
		return "messages-per-link";
	return bucket_take(&rate->all, now, limits->messages, limits->messages) ? NULL : "messages";
}

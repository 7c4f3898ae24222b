/* SPDX-License-Identifier: ISC */
/*
 * Ports: where clients are, so that what the clients of one place hold can be bounded. A client is
 * at one port of each level; each port counts what its clients have, by joining and leaving, so the
 * counts are right whatever an undone batch or the end of a lease brings back or takes away.
 *
 * A port is known by a name of 64 bits, a keyed hash of what it is; it exists while clients are
 * there. It is not stored: after a restart a client is at no port until it is heard of again.
 */
#include "config.h"

#include <assert.h>

#include "lease/lease_internal.h"

static struct lease_port_rec *port_rec(const struct lease_table *table, uint32_t id)
{
	return lease_slab_at(&table->ports, id);
}

static uint64_t port_hash(const void *owner, uint32_t id)
{
	return port_rec(owner, id)->name;
}

static uint32_t *port_hash_next(const void *owner, uint32_t id)
{
	return &port_rec(owner, id)->hash_next;
}

static const struct index_ops by_port_ops = {port_hash, port_hash_next};

void lease_ports_init(struct lease_table *table)
{
	lease_slab_init(&table->ports, sizeof(struct lease_port_rec));
	index_init(&table->by_port, &by_port_ops);
	table->max_remembered = UINT32_MAX;
}

void lease_ports_fini(struct lease_table *table)
{
	index_fini(&table->by_port);
	lease_slab_fini(&table->ports);
}

static uint32_t *count_of(struct lease_port *port, const struct lease_rec *rec)
{
	switch ((enum lease_state)rec->pub.state) {
	case LEASE_OFFERED:
		return &port->offers;
	case LEASE_ACTIVE:
		return rec->pub.kind == LEASE_REG ? &port->registrations : &port->leases;
	case LEASE_RELEASED:
	case LEASE_EXPIRED:
		return &port->remembered;
	case LEASE_DECLINED:
		break;
	}
	return &port->declined;
}

void lease_ports_count(struct lease_table *table, const struct lease_rec *rec, bool joins)
{
	const struct lease_client *client = &lease_client_rec(table, rec->pub.client)->pub;

	for (size_t level = 0; level < LEASE_PORT_LEVELS; level++) {
		uint32_t *count;

		if (client->ports[level] == LEASE_NONE)
			continue;
		count = count_of(&port_rec(table, client->ports[level])->pub, rec);
		assert(joins || *count > 0);
		*count += joins ? 1 : UINT32_MAX;
	}
}

static uint32_t find(const struct lease_table *table, uint64_t name)
{
	uint32_t id = index_first(&table->by_port, name);

	while (id != LEASE_NONE && port_rec(table, id)->name != name)
		id = port_rec(table, id)->hash_next;
	return id;
}

static uint32_t enter(struct lease_table *table, uint64_t name)
{
	uint32_t id = find(table, name);

	if (id == LEASE_NONE) {
		id = lease_slab_new(&table->ports);
		port_rec(table, id)->name = name;
		index_put(&table->by_port, table, id);
	}
	port_rec(table, id)->clients++;
	return id;
}

static void leave(struct lease_table *table, uint32_t id)
{
	if (id == LEASE_NONE || --port_rec(table, id)->clients > 0)
		return;
	index_del(&table->by_port, table, id);
	lease_slab_drop(&table->ports, id);
}

/* All that the client has comes to, or goes from, its ports. */
static void count_all(struct lease_table *table, const struct lease_client *client, bool joins)
{
	for (uint32_t id = client->first_lease; id != LEASE_NONE;
	     id = lease_rec(table, id)->client_next)
		lease_ports_count(table, lease_rec(table, id), joins);
}

static bool is_at(const struct lease_table *table, const struct lease_client *client, size_t level,
		  uint64_t name)
{
	uint32_t id = client->ports[level];

	return id == LEASE_NONE ? name == 0 : port_rec(table, id)->name == name;
}

void lease_client_set_ports(struct lease_table *table, uint32_t client,
			    const uint64_t names[LEASE_PORT_LEVELS])
{
	struct lease_client *pub = &lease_client_rec(table, client)->pub;

	if (is_at(table, pub, LEASE_PORT_LINK, names[LEASE_PORT_LINK]) &&
	    is_at(table, pub, LEASE_PORT_OF_RELAY, names[LEASE_PORT_OF_RELAY]))
		return;
	count_all(table, pub, /* joins= */ false);
	for (size_t level = 0; level < LEASE_PORT_LEVELS; level++) {
		leave(table, pub->ports[level]);
		pub->ports[level] = names[level] ? enter(table, names[level]) : LEASE_NONE;
	}
	count_all(table, pub, /* joins= */ true);
}

void lease_ports_leave(struct lease_table *table, struct lease_client *client)
{
	for (size_t level = 0; level < LEASE_PORT_LEVELS; level++) {
		leave(table, client->ports[level]);
		client->ports[level] = LEASE_NONE;
	}
}

void lease_limit_remembered(struct lease_table *table, uint32_t per_link)
{
	table->max_remembered = per_link;
}

bool lease_ports_remember(const struct lease_table *table, uint32_t client)
{
	return lease_client_port(table, client, LEASE_PORT_LINK)->remembered <
	       table->max_remembered;
}

const struct lease_port *lease_client_port(const struct lease_table *table, uint32_t client,
					   enum lease_port_level level)
{
	static const struct lease_port nowhere;
	uint32_t id = lease_client_rec(table, client)->pub.ports[level];

	return id == LEASE_NONE ? &nowhere : &port_rec(table, id)->pub;
}

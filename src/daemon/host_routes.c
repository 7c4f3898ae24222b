/* SPDX-License-Identifier: ISC */
/*
 * Routes to the prefixes that one host alone is told of (RFC 8273 section 5): all of each prefix by
 * the link-local address that the host solicited from, so that it may use as many addresses as it
 * likes and takes one entry of the neighbour table. They stand beside the leases as leases that do
 * not end; nothing of them is stored. Until the host solicits, a route that is there is kept.
 *
 * Such a route stays when the host goes: whose the prefix is, is configured. It is moved when the
 * host solicits elsewhere, and goes when the prefix is taken out of the configuration.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "daemon/state.h"
#include "provision/provision_leases.h"
#include "ra/ra_msg.h"

/* Row numbers that no store gives. */
#define ROW_BASE (UINT64_C(1) << 63)

struct daemon_host_route {
	uint64_t rowid;
	char *network; /* owned */
	struct ip6_prefix prefix;
};

static uint64_t rowid_of(const struct daemon *d, const char *network,
			 const struct ip6_prefix *prefix)
{
	const uint64_t both[] = {siphash(&d->routes_key, network, strlen(network)),
				 siphash(&d->routes_key, &prefix->addr, sizeof(prefix->addr))};

	return siphash(&d->routes_key, both, sizeof(both)) | ROW_BASE;
}

/* --- who solicits --------------------------------------------------------------------------- */

/* The link-layer address of the host, by which it is told what it is told; NULL: not known. */
static const uint8_t *mac_of(const struct daemon_link *link, const struct net_packet *packet,
			     uint8_t room[6])
{
	const struct ra_client *client = ra_clients_find(link->ra.clients, &packet->src);

	if (client)
		return client->has_mac ? client->mac : NULL;
	if (link->ra.has_guest && ra_msg_link_layer(packet->data, packet->len, room) &&
	    memcmp(room, link->ra.guest, sizeof(link->ra.guest)) == 0)
		return room;
	return NULL;
}

static void note(struct daemon *d, uint64_t rowid, const char *network,
		 const struct ip6_prefix *prefix)
{
	for (size_t i = 0; i < d->n_host_routes; i++) {
		if (d->host_routes[i].rowid == rowid)
			return;
	}
	d->host_routes = mem_grow(d->host_routes, &d->room_host_routes, d->n_host_routes + 1,
				  sizeof(*d->host_routes));
	d->host_routes[d->n_host_routes++] = (struct daemon_host_route){
		.rowid = rowid, .network = mem_strdup(network), .prefix = *prefix};
}

static void route_to(const struct daemon_link *link, const struct ip6_prefix *prefix,
		     const struct in6_addr *via)
{
	struct daemon *d = link->daemon;
	struct lease_way way = {.via = *via};
	const struct lease_row row = {
		.op = LEASE_ROW_PUT,
		.kind = LEASE_PD,
		.state = LEASE_ACTIVE,
		.rowid = rowid_of(d, link->net_name, prefix),
		.network = link->net_name,
		.addr = prefix->addr,
		.plen = prefix->len,
		.way = &way,
	};

	memcpy(way.link, link->name, strlen(link->name));
	note(d, row.rowid, row.network, prefix);
	provision_leases_row(d->routed, &row);
}

void host_routes_solicited(const struct daemon_link *link, const struct net_packet *packet)
{
	const struct daemon_network *net;
	const uint8_t *mac;
	uint8_t room[6];

	if (!link->ns->routes || link->network == UINT32_MAX || !ip6_is_link_local(&packet->src))
		return;
	net = &link->daemon->conf->networks[link->network];
	mac = mac_of(link, packet, room);
	for (size_t i = 0; i < net->n_ra_hosts; i++) {
		const struct ra_host *host = &net->ra_hosts[i];

		if (!ra_host_fits(host, link->name, mac))
			continue;
		for (size_t k = 0; daemon_conf_has_own_prefixes(net, host) && k < host->n_prefixes;
		     k++)
			route_to(link, &host->prefixes[k].prefix, &packet->src);
		return;
	}
}

/* --- what is configured --------------------------------------------------------------------- */

void host_routes_each(const struct daemon_network *net,
		      void (*fn)(void *arg, const struct ip6_prefix *prefix), void *arg)
{
	for (size_t i = 0; i < net->n_ra_hosts; i++) {
		const struct ra_host *host = &net->ra_hosts[i];

		for (size_t k = 0; daemon_conf_has_own_prefixes(net, host) && k < host->n_prefixes;
		     k++)
			fn(arg, &host->prefixes[k].prefix);
	}
}

struct search {
	const struct ip6_prefix *prefix;
	bool found;
};

static void compare(void *arg, const struct ip6_prefix *prefix)
{
	struct search *search = arg;

	search->found = search->found || ip6_prefix_equal(prefix, search->prefix);
}

static bool is_configured(const struct daemon *d, const struct daemon_host_route *route)
{
	struct search search = {.prefix = &route->prefix};

	for (size_t i = 0; i < d->conf->n_networks; i++) {
		const struct daemon_network *net = &d->conf->networks[i];

		if (net->pattern ? daemon_conf_is_instance(net, route->network)
				 : strcmp(net->name, route->network) == 0)
			host_routes_each(net, compare, &search);
	}
	return search.found;
}

void host_routes_configure(struct daemon *d)
{
	size_t kept = 0;

	for (size_t i = 0; i < d->n_host_routes; i++) {
		struct daemon_host_route *route = &d->host_routes[i];

		if (is_configured(d, route)) {
			d->host_routes[kept++] = *route;
			continue;
		}
		provision_leases_row(d->routed, &(struct lease_row){.op = LEASE_ROW_DELETE,
								    .rowid = route->rowid});
		free(route->network);
	}
	d->n_host_routes = kept;
}

void host_routes_fini(struct daemon *d)
{
	for (size_t i = 0; i < d->n_host_routes; i++)
		free(d->host_routes[i].network);
	free(d->host_routes);
}

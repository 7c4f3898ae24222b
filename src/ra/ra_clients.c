/* SPDX-License-Identifier: ISC */
/*
 * The table of hosts that are told one by one (RFC 8273 section 4). It is bounded: a flood of
 * solicitations can push hosts out of it, which then have to solicit again.
 */
#include "config.h"

#include "ra/ra_clients.h"

#include <string.h>

#include "base/ip6.h"
#include "base/mem.h"

static const struct ra_client *find(const struct ra_clients *clients, const struct in6_addr *addr)
{
	for (size_t i = 0; i < clients->n; i++) {
		if (ip6_equal(&clients->list[i].addr, addr))
			return &clients->list[i];
	}
	return NULL;
}

const struct ra_client *ra_clients_find(const struct ra_clients *clients,
					const struct in6_addr *addr)
{
	return clients ? find(clients, addr) : NULL;
}

static struct ra_client *add(struct ra_clients *clients)
{
	struct ra_client *oldest = &clients->list[0];

	if (clients->n < RA_CLIENTS_MAX)
		return &clients->list[clients->n++];
	for (size_t i = 1; i < clients->n; i++) {
		if (clients->list[i].seen < oldest->seen)
			oldest = &clients->list[i];
	}
	return oldest;
}

struct ra_client *ra_clients_note(struct ra_clients **clients, const struct in6_addr *addr,
				  const uint8_t *mac, mtime now)
{
	struct ra_clients *all = *clients ? *clients : mem_new(1, sizeof(*all));
	const struct ra_client *known = find(all, addr);
	struct ra_client *client = known ? &all->list[known - all->list] : add(all);

	*clients = all;
	if (!known)
		*client = (struct ra_client){.addr = *addr, .answer = MTIME_NEVER};
	client->seen = now;
	if (mac) {
		memcpy(client->mac, mac, sizeof(client->mac));
		client->has_mac = true;
	}
	return client;
}

mtime ra_clients_wake(const struct ra_clients *clients)
{
	mtime wake = MTIME_NEVER;

	for (size_t i = 0; clients && i < clients->n; i++)
		wake = mtime_min(wake, clients->list[i].answer);
	return wake;
}

const struct ra_client *ra_clients_due(struct ra_clients *clients, mtime now)
{
	for (size_t i = 0; clients && i < clients->n; i++) {
		if (clients->list[i].answer > now)
			continue;
		clients->list[i].answer = MTIME_NEVER;
		return &clients->list[i];
	}
	return NULL;
}

struct ra_plan ra_plan_for(const struct ra_plan *plan, const uint8_t *mac)
{
	struct ra_plan own = *plan;

	for (size_t i = 0; mac && i < plan->n_hosts; i++) {
		const struct ra_host *host = &plan->hosts[i];

		if (memcmp(host->mac, mac, sizeof(host->mac)) != 0)
			continue;
		own.conf = &host->conf;
		if (host->has_prefixes) {
			own.prefixes = host->prefixes;
			own.n_prefixes = host->n_prefixes;
		}
		break;
	}
	return own;
}

/* SPDX-License-Identifier: ISC */
/*
 * The table of hosts that are told one by one (RFC 8273 section 4). It is bounded: a flood of
 * solicitations can push hosts out of it, which then have to solicit again. Each has a list of its
 * own of what is gone: nobody else is told what was for it alone.
 */
#include "config.h"

#include "ra/ra_clients.h"

#include <stdlib.h>
#include <string.h>

#include "base/ip6.h"
#include "base/mem.h"
#include "ra/ra_msg.h"

static struct ra_client *find(struct ra_clients *clients, const struct in6_addr *addr)
{
	for (size_t i = 0; clients && i < clients->n; i++) {
		if (ip6_equal(&clients->list[i].addr, addr))
			return &clients->list[i];
	}
	return NULL;
}

const struct ra_client *ra_clients_find(struct ra_clients *clients, const struct in6_addr *addr)
{
	return find(clients, addr);
}

/* A place in the table; who had it is forgotten. */
static struct ra_client *add(struct ra_clients *clients)
{
	struct ra_client *oldest = &clients->list[0];

	if (clients->n < RA_CLIENTS_MAX)
		return &clients->list[clients->n++];
	for (size_t i = 1; i < clients->n; i++) {
		if (clients->list[i].seen < oldest->seen)
			oldest = &clients->list[i];
	}
	ra_withdrawn_free(&oldest->withdrawn);
	return oldest;
}

struct ra_plan ra_clients_plan(const struct ra_client *client, const char *link,
			       const struct ra_plan *plan)
{
	return ra_plan_for(plan, link, client->has_mac ? client->mac : NULL);
}

/*
 * Notes whose it is. It may turn out to be one that is told something else, and what it was told
 * until now is gone then.
 */
static void note_mac(struct ra_client *client, const char *link, const struct ra_source *source,
		     const uint8_t *mac, bool is_new)
{
	struct ra_plan was_plan = ra_clients_plan(client, link, source->plan);
	struct ra_source was = *source, is = *source;

	if (mac) {
		memcpy(client->mac, mac, sizeof(client->mac));
		client->has_mac = true;
	}
	struct ra_plan is_plan = ra_clients_plan(client, link, source->plan);

	was.plan = &was_plan;
	is.plan = &is_plan;
	was.withdrawn = is.withdrawn = NULL;
	ra_withdrawn_update(&client->withdrawn, is_new ? NULL : &was, &is, source->now);
}

struct ra_client *ra_clients_note(struct ra_clients **clients, const char *link,
				  const struct ra_source *source, const struct in6_addr *addr,
				  const uint8_t *mac)
{
	struct ra_clients *all = *clients ? *clients : mem_new(1, sizeof(*all));
	struct ra_client *client = find(all, addr);
	bool is_new = !client;

	*clients = all;
	if (is_new) {
		client = add(all);
		*client = (struct ra_client){.addr = *addr, .answer = MTIME_NEVER};
		client->withdrawn = ra_withdrawn_copy(source->withdrawn);
	}
	client->seen = source->now;
	note_mac(client, link, source, mac, is_new);
	return client;
}

void ra_clients_free(struct ra_clients **clients)
{
	for (size_t i = 0; *clients && i < (*clients)->n; i++)
		ra_withdrawn_free(&(*clients)->list[i].withdrawn);
	free(*clients);
	*clients = NULL;
}

static bool follow(struct ra_client *client, const char *link, const struct ra_source *was,
		   const struct ra_source *is, struct ra_withdrawn **withdrawn)
{
	struct ra_plan was_plan = ra_clients_plan(client, link, was->plan);
	struct ra_plan is_plan = ra_clients_plan(client, link, is->plan);
	struct ra_source own_was = *was, own_is = *is;

	own_was.plan = &was_plan;
	/* What all are told from now on, by multicast, is what this one is told. */
	if (!withdrawn)
		own_is.plan = &is_plan;
	ra_withdrawn_update(withdrawn ? withdrawn : &client->withdrawn, &own_was, &own_is, is->now);
	own_was.steady = own_is.steady = true;
	return !ra_msg_same(&own_was, &own_is);
}

bool ra_clients_follow(struct ra_clients *clients, const char *link, const struct ra_source *was,
		       const struct ra_source *is, struct ra_withdrawn **withdrawn)
{
	bool changed = false;

	for (size_t i = 0; clients && i < clients->n; i++)
		changed = follow(&clients->list[i], link, was, is, withdrawn) || changed;
	return changed;
}

mtime ra_clients_wake(const struct ra_clients *clients)
{
	mtime wake = MTIME_NEVER;

	for (size_t i = 0; clients && i < clients->n; i++)
		wake = mtime_min(wake, clients->list[i].answer);
	return wake;
}

struct ra_client *ra_clients_due(struct ra_clients *clients, mtime now)
{
	for (size_t i = 0; clients && i < clients->n; i++) {
		if (clients->list[i].answer > now)
			continue;
		clients->list[i].answer = MTIME_NEVER;
		return &clients->list[i];
	}
	return NULL;
}

bool ra_host_fits(const struct ra_host *host, const char *link, const uint8_t *mac)
{
	if (host->interface && strcmp(host->interface, link) != 0)
		return false;
	return !host->mac_len || (mac && memcmp(host->mac, mac, host->mac_len) == 0);
}

struct ra_plan ra_plan_for(const struct ra_plan *plan, const char *link, const uint8_t *mac)
{
	struct ra_plan own = *plan;

	for (size_t i = 0; i < plan->n_hosts; i++) {
		const struct ra_host *host = &plan->hosts[i];

		if (!ra_host_fits(host, link, mac))
			continue;
		own.conf = &host->conf;
		if (host->has_prefixes) {
			own.net_prefixes = plan->prefixes;
			own.n_net_prefixes = plan->n_prefixes;
			own.prefixes = host->prefixes;
			own.n_prefixes = host->n_prefixes;
		}
		break;
	}
	return own;
}

static size_t add_routes(const struct ra_conf *conf, struct ra_route *routes, size_t n, size_t room)
{
	for (size_t i = 0; i < conf->n_routes; i++) {
		size_t k = 0;

		while (k < n && !ip6_prefix_equal(&routes[k].prefix, &conf->routes[i].prefix))
			k++;
		if (k == n && n < room)
			routes[n++] = conf->routes[i];
	}
	return n;
}

size_t ra_plan_routes(const struct ra_plan *plan, struct ra_route *routes, size_t room)
{
	size_t n = add_routes(plan->conf, routes, 0, room);

	for (size_t i = 0; i < plan->n_hosts; i++)
		n = add_routes(&plan->hosts[i].conf, routes, n, room);
	return n;
}

/* SPDX-License-Identifier: ISC */
/*
 * A network whose namespaces are given by a pattern is served once for each namespace: an instance
 * with leases of its own, under the name NETWORK@NAMESPACE. Instances are made when the first link
 * needs one and dropped with the namespace, one by one, so that what a namespace costs does not
 * grow with their number. So each has a view and a ledger of its own, too, and a prefix that comes
 * or goes in one namespace concerns no other. The configuration itself does not change.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "daemon/clock.h"
#include "daemon/state.h"

/* Networks of one namespace whose prefixes are not delegated by each other. */
enum { LINKS_SEEN = 64 };

static void view_free(struct daemon_instance_view *view)
{
	if (!view)
		return;
	arena_free(&view->arena);
	free(view);
}

/* Makes the instance's view; the old one, which is still in use. */
static struct daemon_instance_view *replace_view(const struct daemon_ns *ns,
						 struct daemon_instance *instance, mtime now)
{
	static const struct ra_ledger none;
	const struct daemon_network *net = &ns->daemon->conf->networks[instance->network];
	const struct ra_ledger *ledger = instance->ledger ? &instance->ledger->entries : &none;
	struct daemon_instance_view *old = instance->view, *view = mem_new(1, sizeof(*view));

	const struct daemon_view_network *links[LINKS_SEEN] = {&view->ra};
	size_t n = 1;

	for (const struct daemon_instance *i = ns->instances; i && n < LINKS_SEEN; i = i->next) {
		if (i != instance)
			links[n++] = &i->view->ra;
	}
	view->dhcp6 = *net->pattern;
	daemon_view_prefixes(net, ledger, now, &view->arena, &view->ra);
	daemon_view_dhcp6(net, ledger, links, n, now, &view->arena, &view->dhcp6);
	view->dhcp6.name = instance->name;
	view->dhcp6.netns = ns->name;
	view->ends = ra_ledger_wake(ledger, now);
	instance->view = view;
	return old;
}

/* Whether the instance's ledger is another one now. */
static bool update_ledger(struct daemon_ns *ns, const struct daemon_instance *instance, mtime now)
{
	if (!instance->ledger ||
	    !prefixes_see(ns->daemon, ns, instance->network, instance->ledger, now))
		return false;
	prefixes_changed(ns->daemon, instance->ledger, now);
	return true;
}

/* Whether an instance of the namespace delegates of prefixes of interfaces. */
static bool any_delegates(const struct daemon_ns *ns)
{
	const struct daemon_instance *i = ns->instances;

	while (i && !ns->daemon->conf->networks[i->network].n_sources)
		i = i->next;
	return i;
}

static struct daemon_instance *instance_new(struct daemon_ns *ns, uint32_t network)
{
	struct daemon *d = ns->daemon;
	const struct daemon_network *net = &d->conf->networks[network];
	size_t len = strlen(net->name) + strlen(ns->name) + 2;
	struct daemon_instance *instance = mem_new(1, sizeof(*instance));
	mtime now = clock_now();

	instance->network = network;
	instance->name = mem_new(len, 1);
	snprintf(instance->name, len, "%s@%s", net->name, ns->name);
	instance->ledger = net->learns ? daemon_ledgers_get(&d->ledgers, instance->name)
				       : daemon_ledgers_find(&d->ledgers, instance->name);
	if (update_ledger(ns, instance, now))
		prefixes_arm(d, now);
	replace_view(ns, instance, now);
	instance->served = dhcp6_server_add_network(d->dhcp6, &instance->view->dhcp6, now);
	/* What the others delegate may be on its links. */
	if (ns->instances && any_delegates(ns)) {
		ns->stale = true;
		prefixes_touch(ns);
	}
	instance->next = ns->instances;
	ns->instances = instance;
	return instance;
}

void instances_follow(struct daemon_ns *ns, mtime now)
{
	bool delegates = any_delegates(ns), all = ns->stale;

	for (struct daemon_instance *i = ns->instances; i; i = i->next) {
		i->stale = update_ledger(ns, i, now) || i->view->ends <= now;
		all = all || (delegates && i->stale);
	}
	ns->stale = false;
	for (struct daemon_instance *i = ns->instances; i; i = i->next) {
		struct daemon_instance_view *old;

		if (!i->stale && !(all && ns->daemon->conf->networks[i->network].n_sources))
			continue;
		old = replace_view(ns, i, now);
		dhcp6_server_replace_network(ns->daemon->dhcp6, i->served, &i->view->dhcp6, now);
		links_replan(ns, i->network, &i->view->ra);
		view_free(old);
	}
}

static const struct daemon_instance *instance_of(struct daemon_ns *ns, uint32_t network)
{
	const struct daemon_instance *instance = ns->instances;

	while (instance && instance->network != network)
		instance = instance->next;
	return instance ? instance : instance_new(ns, network);
}

void instances_serve(struct daemon_link *link)
{
	link->served = link->network;
	link->net_name = NULL;
	link->view = NULL;
	if (link->network == UINT32_MAX)
		return;
	const struct daemon_network *net = &link->daemon->conf->networks[link->network];

	link->net_name = net->name;
	link->view = &link->daemon->view->networks[link->network];
	if (!net->pattern)
		return;
	const struct daemon_instance *instance = instance_of(link->ns, link->network);

	link->served = instance->served;
	link->net_name = instance->name;
	link->view = &instance->view->ra;
}

void instances_hear_relays(struct daemon_ns *ns)
{
	const struct daemon_conf *conf = ns->daemon->conf;

	for (uint32_t i = 0; i < conf->n_networks; i++) {
		const struct daemon_network *net = &conf->networks[i];

		if (net->pattern && net->n_relays && daemon_conf_is_in(net, ns->name))
			instance_of(ns, i);
	}
}

struct daemon_instance *instances_detach(struct daemon *d)
{
	struct daemon_instance *all = NULL;

	for (size_t i = 0; i < d->n_namespaces; i++) {
		while (d->namespaces[i]->instances) {
			struct daemon_instance *instance = d->namespaces[i]->instances;

			d->namespaces[i]->instances = instance->next;
			instance->next = all;
			all = instance;
		}
	}
	return all;
}

void instances_free(struct daemon_instance *instances)
{
	while (instances) {
		struct daemon_instance *next = instances->next;

		view_free(instances->view);
		free(instances->name);
		free(instances);
		instances = next;
	}
}

void instances_drop(struct daemon_ns *ns)
{
	struct daemon *d = ns->daemon;
	mtime now = clock_now();

	for (const struct daemon_instance *i = ns->instances; i; i = i->next) {
		dhcp6_server_remove_network(d->dhcp6, i->served);
		/* Should it come back: what its hosts know is gone meanwhile. */
		if (i->ledger && prefixes_see(d, NULL, i->network, i->ledger, now))
			prefixes_changed(d, i->ledger, now);
	}
	instances_free(ns->instances);
	ns->instances = NULL;
	prefixes_arm(d, now);
}

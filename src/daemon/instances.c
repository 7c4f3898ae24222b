/* SPDX-License-Identifier: ISC */
/*
 * A network whose namespaces are given by a pattern is served once for each namespace: an instance
 * with leases of its own, under the name NETWORK@NAMESPACE. Instances are made when the first link
 * needs one and dropped with the namespace, one by one, so that what a namespace costs does not
 * grow with their number. The configuration itself does not change.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "daemon/clock.h"
#include "daemon/state.h"

static struct daemon_instance *instance_new(struct daemon_ns *ns, uint32_t network)
{
	const struct daemon_network *net = &ns->daemon->conf->networks[network];
	size_t len = strlen(net->name) + strlen(ns->name) + 2;
	struct daemon_instance *instance = mem_new(1, sizeof(*instance));

	instance->network = network;
	instance->name = mem_new(len, 1);
	snprintf(instance->name, len, "%s@%s", net->name, ns->name);
	instance->conf = *net->pattern;
	instance->conf.name = instance->name;
	instance->served =
		dhcp6_server_add_network(ns->daemon->dhcp6, &instance->conf, clock_now());
	instance->next = ns->instances;
	ns->instances = instance;
	return instance;
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
	if (link->network == UINT32_MAX)
		return;
	const struct daemon_network *net = &link->daemon->conf->networks[link->network];

	link->net_name = net->name;
	if (!net->pattern)
		return;
	const struct daemon_instance *instance = instance_of(link->ns, link->network);

	link->served = instance->served;
	link->net_name = instance->name;
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

		free(instances->name);
		free(instances);
		instances = next;
	}
}

void instances_drop(struct daemon_ns *ns)
{
	for (const struct daemon_instance *i = ns->instances; i; i = i->next)
		dhcp6_server_remove_network(ns->daemon->dhcp6, i->served);
	instances_free(ns->instances);
	ns->instances = NULL;
}

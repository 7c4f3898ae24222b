/* SPDX-License-Identifier: ISC */
/*
 * What single hosts are told in Router Advertisements. A solicitation says less of who sends it
 * than a DHCPv6 message: the link, and a link-layer address. So a host must be known by these, and
 * a class by the beginning of a link-layer address alone. Who fits several gets what is said most
 * exactly: address and interface, address, interface, then classes as they stand in the file.
 */
#include "config.h"

#include "daemon/conf_hosts.h"

#include <string.h>

void daemon_hosts_flags(struct ra_prefix *prefix, const struct ra_prefix *flags)
{
	if (!cfg_is_set(prefix->node, "on-link"))
		prefix->on_link = flags->on_link;
	if (!cfg_is_set(prefix->node, "autonomous"))
		prefix->autonomous = flags->autonomous;
}

/* Adds what is said, with what follows from the network; a class may be of several networks. */
static void add(struct cfg *cfg, struct daemon_network *net, const struct ra_host *who,
		const struct ra_host_conf *said, const struct ra_prefix *flags, struct arena *arena)
{
	struct ra_host *host = &net->ra_hosts[net->n_ra_hosts++];
	struct ra_host_conf own = *said;

	if (own.n_prefixes)
		own.prefixes = arena_copy(arena, said->prefixes,
					  said->n_prefixes * sizeof(*said->prefixes));
	if (own.n_routes)
		own.routes =
			arena_copy(arena, said->routes, said->n_routes * sizeof(*said->routes));
	for (size_t i = 0; i < own.n_prefixes; i++)
		daemon_hosts_flags(&own.prefixes[i], flags);
	*host = *who;
	host->conf = ra_host_finish(&net->ra, &own);
	host->has_prefixes = cfg_is_set(own.node, "prefixes");
	host->prefixes = own.prefixes;
	host->n_prefixes = own.n_prefixes;
	ra_host_check(cfg, &host->conf, &own);
}

static void add_host(struct cfg *cfg, struct daemon_network *net, const struct dhcp6_host *host,
		     const struct ra_prefix *flags, struct arena *arena)
{
	struct ra_host who = {
		.mac_len = host->mac.set ? sizeof(who.mac) : 0,
		.interface = host->interface,
	};

	memcpy(who.mac, host->mac.bytes, sizeof(who.mac));
	add(cfg, net, &who, &host->ra, flags, arena);
}

/* Hosts that are known by these, and tell of it. */
static void add_hosts(struct cfg *cfg, struct daemon_network *net, bool by_mac, bool by_interface,
		      const struct ra_prefix *flags, struct arena *arena)
{
	for (size_t i = 0; i < net->n_hosts; i++) {
		const struct dhcp6_host *host = &net->hosts[i];

		if (cfg_is_set(host->node, "ra") && host->mac.set == by_mac &&
		    !host->interface == !by_interface)
			add_host(cfg, net, host, flags, arena);
	}
}

static void add_class(struct cfg *cfg, struct daemon_network *net, const struct dhcp6_class *class,
		      const struct ra_prefix *flags, struct arena *arena)
{
	for (size_t i = 0; cfg_is_set(class->node, "ra") && i < class->n_macs; i++) {
		struct ra_host who = {.mac_len = class->macs[i].len};

		if (who.mac_len == 0 || who.mac_len > sizeof(who.mac))
			continue; /* found wrong when it was read */
		memcpy(who.mac, class->macs[i].bytes, who.mac_len);
		add(cfg, net, &who, &class->ra, flags, arena);
	}
}

static void check_host(struct cfg *cfg, const struct dhcp6_host *host)
{
	if (cfg_is_set(host->node, "ra") && !host->mac.set && !host->interface &&
	    !cfg_is_bad(host->node, "mac"))
		cfg_error(
			cfg, host->node, "ra", -1,
			"a solicitation tells the link-layer address and the interface only; write "
			"mac or interface");
}

static size_t count_macs(const struct dhcp6_class *classes, size_t n)
{
	size_t macs = 0;

	for (size_t i = 0; i < n; i++)
		macs += classes[i].n_macs;
	return macs;
}

void daemon_hosts_finish(struct cfg *cfg, struct daemon_network *net,
			 const struct dhcp6_class *classes, size_t n_classes,
			 const struct ra_prefix *flags, struct arena *arena)
{
	size_t room = net->n_hosts + count_macs(net->classes, net->n_classes) +
		      count_macs(classes, n_classes);

	net->ra_hosts = arena_new(arena, room, sizeof(*net->ra_hosts));
	for (size_t i = 0; i < net->n_hosts; i++)
		check_host(cfg, &net->hosts[i]);
	add_hosts(cfg, net, /* by_mac= */ true, /* by_interface= */ true, flags, arena);
	add_hosts(cfg, net, /* by_mac= */ true, /* by_interface= */ false, flags, arena);
	add_hosts(cfg, net, /* by_mac= */ false, /* by_interface= */ true, flags, arena);
	for (size_t i = 0; i < net->n_classes; i++)
		add_class(cfg, net, &net->classes[i], flags, arena);
	/* Those of the file are also of networks where all hosts are told the same. */
	for (size_t i = 0; net->ra.multicast != RA_MULTICAST_ON && i < n_classes; i++)
		add_class(cfg, net, &classes[i], flags, arena);
}

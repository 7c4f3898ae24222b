/* SPDX-License-Identifier: ISC */
/*
 * What a network says that it will do, and what it does: flags without the service that they
 * promise, pools and reservations of which nothing is leased, and networks of which nobody hears.
 * All of it may be meant, so daemon_promises_check() warns.
 */
#include "config.h"

#include "daemon/conf_promises.h"

/* standards.md S27: what the flags promise, and what DHCPv6 does. */
static void check_flags(struct cfg *cfg, const struct daemon_network *net,
			const struct dhcp6_network *dhcp6)
{
	bool leases = dhcp6->stateful && (dhcp6->dhcp6.n_pools || dhcp6->n_hosts || net->learns);

	/* With `service: off` it is said that somebody else serves. */
	bool elsewhere = cfg_is_set(net->dhcp6.node, "service") && !dhcp6->serve;

	if (!net->ra.enabled || elsewhere)
		return;
	if (net->ra.managed && !leases)
		cfg_warning(
			cfg, net->node, "ra", -1,
			"M is on, but there is no address to lease: give the network a prefix or "
			"'dhcp6: {pools: ...}', or turn 'managed' off");
	if (!net->ra.managed && dhcp6->stateful && net->dhcp6.n_pools)
		cfg_warning(
			cfg, net->dhcp6.node, "pools", -1,
			"there are pools, but M is off, so hosts will not ask for addresses: set "
			"'mode: dhcpv6-stateful' or 'ra: {managed: true}'");
	if (net->ra.other && !net->ra.managed && !dhcp6->serve)
		cfg_warning(
			cfg, net->node, "ra", -1,
			"O is on, but DHCPv6 is not served here: set 'mode: dhcpv6-stateless' or "
			"turn 'other' off");
}

/* A network of which nothing is told to anybody, and nobody said so. */
static void check_idle(struct cfg *cfg, const struct daemon_network *net,
		       const struct dhcp6_network *dhcp6)
{
	bool makes_own = net->mode == DAEMON_MODE_SLAAC || net->mode == DAEMON_MODE_STATELESS;

	if (cfg_error_count(cfg))
		return; /* first what is wrong */
	if (net->mode == DAEMON_MODE_CUSTOM && !cfg_is_bad(net->node, "mode") &&
	    !cfg_is_set(net->node, "ra") && !cfg_is_set(net->node, "dhcp6"))
		cfg_warning(cfg, net->node, NULL, -1,
			    "nothing is advertised and nothing is served: write a mode, such as "
			    "'mode: slaac', or 'mode: off' if that is meant");
	if (makes_own && net->ra.enabled && !dhcp6->stateful && !net->n_prefixes &&
	    !net->n_ra_hosts && !cfg_is_bad(net->node, "prefixes"))
		cfg_warning(cfg, net->node, "mode", -1,
			    "hosts have no prefix to make addresses in: add it, as in 'prefix: "
			    "2001:db8:1::/64'");
}

/* What is written to be leased, where nothing is. */
static void check_unleased(struct cfg *cfg, const struct daemon_network *net,
			   const struct dhcp6_network *dhcp6)
{
	static const char hint[] = "nothing is leased here: set 'mode: dhcpv6-stateful' or "
				   "'dhcp6: {service: stateful}', or take it out";

	if (dhcp6->stateful || net->mode == DAEMON_MODE_OFF)
		return;
	if (net->dhcp6.n_pools)
		cfg_warning(cfg, net->dhcp6.node, "pools", -1, hint);
	if (net->dhcp6.n_delegations)
		cfg_warning(cfg, net->dhcp6.node, "delegate", -1, hint);
	for (size_t i = 0; i < net->n_hosts; i++) {
		const struct dhcp6_host *host = &net->hosts[i];

		if (!host->n_addresses && !host->n_delegate)
			continue;
		/* Of many hosts the first says it for all. */
		cfg_warning(cfg, host->node, host->n_addresses ? "addresses" : "delegate", -1,
			    hint);
		break;
	}
}

void daemon_promises_check(struct cfg *cfg, const struct daemon_network *net,
			   const struct dhcp6_network *dhcp6)
{
	check_flags(cfg, net, dhcp6);
	check_unleased(cfg, net, dhcp6);
	check_idle(cfg, net, dhcp6);
}

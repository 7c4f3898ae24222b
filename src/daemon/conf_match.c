/* SPDX-License-Identifier: ISC */
/*
 * Which network an interface of a namespace belongs to: names and patterns of the configuration
 * against those of the machine. A name goes before a pattern, a pattern that says more before one
 * that says less.
 */
#include "config.h"

#include <fnmatch.h>
#include <string.h>

#include "daemon/conf.h"

/* How exactly a name names what it matches: more than any pattern. */
enum { EXACT = 1024 };

bool daemon_conf_is_pattern(const char *name)
{
	return strpbrk(name, "*?[") != NULL;
}

bool daemon_conf_is_instance(const struct daemon_network *net, const char *name)
{
	return net->netns && daemon_conf_is_pattern(net->netns) && net->name && name &&
	       strncmp(name, net->name, strlen(net->name)) == 0 && name[strlen(net->name)] == '@';
}

/* How exactly a name or pattern names what it matches; 0: it does not match. */
static unsigned int exactness(const char *pattern, const char *name)
{
	unsigned int said = 1;

	if (!daemon_conf_is_pattern(pattern))
		return strcmp(pattern, name) == 0 ? EXACT : 0;
	if (fnmatch(pattern, name, 0) != 0)
		return 0;
	for (const char *at = pattern; *at && said < EXACT - 1; at++) {
		if (*at == '[' && strchr(at, ']'))
			at = strchr(at, ']');
		else if (*at != '*' && *at != '?')
			said++;
	}
	return said;
}

static unsigned int netns_exactness(const char *pattern, const char *netns)
{
	if (!pattern || !netns)
		return pattern == netns ? EXACT : 0;
	return exactness(pattern, netns);
}

/* Of the best of several patterns. */
static unsigned int exactness_of(const char *const *patterns, size_t n, const char *ifname)
{
	unsigned int best = 0;

	for (size_t i = 0; i < n; i++) {
		unsigned int said = exactness(patterns[i], ifname);

		best = said > best ? said : best;
	}
	return best;
}

uint32_t daemon_conf_match(const struct daemon_conf *conf, const char *netns, const char *ifname)
{
	uint32_t best = UINT32_MAX;
	unsigned int best_said = 0;

	for (size_t i = 0; i < conf->n_networks; i++) {
		const struct daemon_network *net = &conf->networks[i];
		unsigned int said = netns_exactness(net->netns, netns);
		unsigned int said_interface =
			said ? exactness_of(net->interfaces, net->n_interfaces, ifname) : 0;

		if (!said_interface || said * (EXACT + 1) + said_interface <= best_said)
			continue;
		best_said = said * (EXACT + 1) + said_interface;
		best = (uint32_t)i;
	}
	return best;
}

bool daemon_conf_is_in(const struct daemon_network *net, const char *netns)
{
	return netns_exactness(net->netns, netns) > 0;
}

bool daemon_conf_wants_netns(const struct daemon_conf *conf, const char *netns)
{
	for (size_t i = 0; i < conf->n_networks; i++) {
		if (daemon_conf_is_in(&conf->networks[i], netns))
			return true;
	}
	return false;
}

bool daemon_conf_serves_in(const struct daemon_conf *conf, const char *netns)
{
	for (size_t i = 0; i < conf->n_networks; i++) {
		const struct daemon_network *net = &conf->networks[i];

		if (net->dhcp6.service != DHCP6_SERVICE_OFF && daemon_conf_is_in(net, netns))
			return true;
	}
	return false;
}

bool daemon_conf_has_netns_pattern(const struct daemon_conf *conf)
{
	for (size_t i = 0; i < conf->n_networks; i++) {
		if (conf->networks[i].pattern)
			return true;
	}
	return false;
}

bool daemon_conf_has_own_prefixes(const struct daemon_network *net, const struct ra_host *host)
{
	if (!host->has_prefixes)
		return false;
	switch ((enum ra_multicast)net->ra.multicast) {
	case RA_MULTICAST_ON:
		return false;
	case RA_MULTICAST_OFF:
		return host->mac_len == sizeof(host->mac);
	case RA_MULTICAST_PRIVATE:
		return host->mac_len == sizeof(host->mac) || host->interface;
	}
	return false;
}

bool daemon_conf_sets_routes(const struct daemon_conf *conf)
{
	for (size_t i = 0; i < conf->n_networks; i++) {
		if (conf->networks[i].dhcp6.routes != DHCP6_ROUTES_OFF)
			return true;
	}
	return false;
}

bool daemon_conf_routes_in(const struct daemon_conf *conf, const char *netns)
{
	for (size_t i = 0; i < conf->n_networks; i++) {
		const struct daemon_network *net = &conf->networks[i];

		if (net->dhcp6.routes != DHCP6_ROUTES_OFF && daemon_conf_is_in(net, netns))
			return true;
	}
	return false;
}

bool daemon_conf_hears_relays(const struct daemon_conf *conf, const char *ifname, uint32_t network)
{
	if (network != UINT32_MAX && conf->networks[network].n_relays)
		return true;
	return exactness_of(conf->server.relays.interfaces, conf->server.relays.n_interfaces,
			    ifname) > 0;
}

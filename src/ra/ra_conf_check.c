/* SPDX-License-Identifier: ISC */
/*
 * The checks of what is configured of Router Advertisements that need more than one value, or
 * knowledge of the protocol. ra_conf_check() and ra_host_check() find all that is wrong, each at
 * its place in the file.
 */
#include "config.h"

#include "config/cfg.h"
#include "ra/ra_conf.h"
#include "ra/ra_conf_internal.h"
#include "ra/ra_option.h"

static void check_interval(struct cfg *cfg, const struct ra_conf *conf)
{
	const struct ra_interval *interval = &conf->interval;
	uint32_t most = ra_interval_most_min(interval->max);

	if (interval->min > most)
		cfg_error(cfg, interval->node, "min", -1,
			  "%us is too long for a max of %us, allowed are %us to %us, three "
			  "quarters of it (RFC 4861 6.2.1)",
			  interval->min, interval->max, RA_INTERVAL_LEAST, most);
	if (conf->lifetime && conf->lifetime < interval->max)
		cfg_error(cfg, conf->node, "lifetime", -1,
			  "%us is shorter than the longest interval, allowed are 0s and %us to "
			  "%us (RFC 8319 4)",
			  conf->lifetime, interval->max, RA_LIFETIME_MOST);
}

/* S11: nothing may run out between two advertisements, nor because one is lost. */
static void check_lifetime(struct cfg *cfg, const struct ra_conf *conf, const struct cfg_node *node,
			   const char *key, uint32_t lifetime)
{
	uint32_t max = conf->interval.max;

	if (!conf->enabled || lifetime == 0 || lifetime >= RA_MISSED * max)
		return;
	if (lifetime < max)
		cfg_error(
			cfg, node, key, -1,
			"%us runs out before the next advertisement, which may be %us away; write "
			"%us or more, or a shorter ra.interval.max (RFC 4861 6.2.4)",
			lifetime, max, RA_MISSED * max);
	else
		cfg_warning(cfg, node, key, -1,
			    "%us is less than three times the longest interval: hosts lose it when "
			    "they miss an advertisement; write %us or more, or a shorter "
			    "ra.interval.max",
			    lifetime, RA_MISSED * max);
}

/* V15; what is said of a host, a group or this link is no prefix of a network. */
static const char *wrong_kind(const struct ip6_prefix *prefix)
{
	if (ip6_is_link_local(&prefix->addr))
		return "is link-local, which every link has by itself";
	if (ip6_is_multicast(&prefix->addr))
		return "is multicast";
	if (ip6_is_loopback(&prefix->addr) || (ip6_is_unspecified(&prefix->addr) && prefix->len))
		return "is loopback or unspecified";
	return NULL;
}

static void check_prefix_lifetimes(struct cfg *cfg, const struct ra_conf *conf,
				   const struct ra_prefix *prefix)
{
	if (prefix->preferred > prefix->valid) {
		cfg_error(cfg, prefix->node, "preferred", -1,
			  "is longer than valid; write at most %us (RFC 4861 4.6.2)",
			  prefix->valid);
		return;
	}
	check_lifetime(cfg, conf, prefix->node, "valid", prefix->valid);
	if (prefix->preferred < prefix->valid)
		check_lifetime(cfg, conf, prefix->node, "preferred", prefix->preferred);
}

/* Which of the keys that tell the prefix are there. */
static void check_prefix_place(struct cfg *cfg, const struct ra_prefix *prefix)
{
	static const char *const only_learned[] = {"length", "subnet"};
	bool has_prefix = cfg_is_set(prefix->node, "prefix");

	if (!has_prefix && !prefix->from_interface)
		cfg_error(cfg, prefix->node, NULL, -1,
			  "has no prefix; write prefix, such as 2001:db8:1::/64, or "
			  "from-interface");
	if (has_prefix && prefix->from_interface)
		cfg_error(cfg, prefix->node, "from-interface", -1,
			  "a prefix is given as well; write one of them");
	for (size_t i = 0; i < sizeof(only_learned) / sizeof(only_learned[0]); i++) {
		if (!prefix->from_interface && cfg_is_set(prefix->node, only_learned[i]))
			cfg_error(cfg, prefix->node, only_learned[i], -1,
				  "is for from-interface; leave it out");
	}
	if (prefix->from_interface && cfg_is_set(prefix->node, "decrementing"))
		cfg_error(cfg, prefix->node, "decrementing", -1,
			  "lifetimes from an interface always count down; leave it out");
}

static void check_learned(struct cfg *cfg, const struct ra_conf *conf,
			  const struct ra_prefix *prefix)
{
	if (prefix->has_subnet && prefix->length < 32 && prefix->subnet >> prefix->length)
		cfg_error(cfg, prefix->node, "subnet", -1,
			  "there are not so many /%u; write at most %u", prefix->length,
			  (1U << prefix->length) - 1);
	if (conf->enabled && prefix->autonomous && prefix->length != 64)
		cfg_warning(cfg, prefix->node, "length", -1,
			    "hosts form no addresses of their own in a /%u, only in a /64; write "
			    "64, or autonomous: false (RFC 4862 5.5.3)",
			    prefix->length);
}

static void check_prefix(struct cfg *cfg, const struct ra_conf *conf,
			 const struct ra_prefix *prefixes, size_t i)
{
	const struct ra_prefix *prefix = &prefixes[i];
	const char *wrong = wrong_kind(&prefix->prefix);

	check_prefix_lifetimes(cfg, conf, prefix);
	check_prefix_place(cfg, prefix);
	if (prefix->from_interface || !cfg_is_set(prefix->node, "prefix")) {
		check_learned(cfg, conf, prefix);
		return;
	}
	if (wrong && ip6_is_unspecified(&prefix->prefix.addr))
		cfg_error(cfg, prefix->node, "prefix", -1,
			  "is unspecified; write the prefix, or 'from-interface: self' for those "
			  "that the interface has");
	else if (wrong)
		cfg_error(cfg, prefix->node, "prefix", -1,
			  "%s; write a global or unique local prefix (RFC 4861 6.2.1)", wrong);
	/* RFC 4862 section 5.5.3 d: prefix and interface identifier are 128 bits together. */
	if (conf->enabled && prefix->autonomous && prefix->prefix.len != 64 && !wrong)
		cfg_warning(cfg, prefix->node, "prefix", -1,
			    "hosts form no addresses of their own in a /%u, only in a /64; write a "
			    "/64, or autonomous: false (RFC 4862 5.5.3)",
			    prefix->prefix.len);
	for (size_t k = 0; k < i; k++) {
		if (!prefixes[k].from_interface &&
		    ip6_prefix_equal(&prefixes[k].prefix, &prefix->prefix)) {
			cfg_error(cfg, prefix->node, "prefix", -1,
				  "is the same as at %s; remove one",
				  cfg_where(cfg, prefixes[k].node, "prefix", -1));
			break;
		}
	}
}

static void check_route(struct cfg *cfg, const struct ra_conf *conf, size_t i)
{
	const struct ra_route *route = &conf->routes[i];
	const char *wrong = wrong_kind(&route->prefix);

	check_lifetime(cfg, conf, route->node, "lifetime", route->lifetime);
	if (wrong)
		cfg_error(cfg, route->node, "prefix", -1,
			  "%s; write a prefix that can be routed to (RFC 4191 2.3)", wrong);
	for (size_t k = 0; k < i; k++) {
		/* RFC 4191 section 4: no two with the same prefix. */
		if (ip6_prefix_equal(&conf->routes[k].prefix, &route->prefix)) {
			cfg_error(cfg, route->node, "prefix", -1,
				  "is the same as at %s; remove one",
				  cfg_where(cfg, conf->routes[k].node, "prefix", -1));
			break;
		}
	}
}

static void check_pref64(struct cfg *cfg, const struct ra_conf *conf, size_t i)
{
	const struct ra_pref64 *pref64 = &conf->pref64[i];
	uint8_t len = pref64->prefix.len;

	check_lifetime(cfg, conf, pref64->node, "lifetime", pref64->lifetime);
	if (len != 96 && (len % 8 || len < 32 || len > 64))
		cfg_error(cfg, pref64->node, "prefix", -1,
			  "has %u bits, allowed are /96, /64, /56, /48, /40 and /32 (RFC 8781 4)",
			  len);
	for (size_t k = 0; k < i; k++) {
		if (ip6_prefix_equal(&conf->pref64[k].prefix, &pref64->prefix)) {
			cfg_error(cfg, pref64->node, "prefix", -1,
				  "is the same as at %s; remove one",
				  cfg_where(cfg, conf->pref64[k].node, "prefix", -1));
			break;
		}
	}
}

static void check_addresses(struct cfg *cfg, const struct cfg_node *node, const char *key,
			    const struct in6_addr *addrs, size_t n, bool learns)
{
	for (size_t i = 0; i < n; i++) {
		/* An item that could not be read is zero; that was said already. */
		if (ip6_is_unspecified(&addrs[i]) && cfg_is_bad(node, key))
			continue;
		if (ip6_is_multicast(&addrs[i]) || ip6_is_unspecified(&addrs[i]) ||
		    (ip6_is_loopback(&addrs[i]) && !learns))
			cfg_error(cfg, node, key, (int)i,
				  "is no address of a server that hosts can reach; write a global, "
				  "unique local or link-local one");
		else if (ip6_is_relative(&addrs[i]) && !learns)
			cfg_error(cfg, node, key, (int)i,
				  "has no prefix, which only those of a network with prefixes from "
				  "interfaces need not have; write a whole address");
		for (size_t k = 0; k < i; k++) {
			if (ip6_equal(&addrs[i], &addrs[k])) {
				cfg_error(cfg, node, key, (int)i,
					  "is the same as at %s; remove one",
					  cfg_where(cfg, node, key, (int)k));
				break;
			}
		}
	}
}

/* Whether it fits into an RA of the smallest MTU: it is never cut. */
static void check_size(struct cfg *cfg, const struct cfg_node *node, const char *key, size_t len)
{
	if (len > RA_OPTION_FITS)
		cfg_error(cfg, node, key, -1,
			  "makes an option of %zu octets, allowed are %d, which fit an "
			  "advertisement on every link",
			  len, RA_OPTION_FITS);
}

static void check_resolver(struct cfg *cfg, const struct ra_conf *conf,
			   const struct ra_resolver *resolver)
{
	const size_t fixed = 14; /* octets of header and lengths (RFC 9463 section 6.1) */

	check_lifetime(cfg, conf, resolver->node, "lifetime", resolver->lifetime);
	check_addresses(cfg, resolver->node, "addresses", resolver->addresses,
			resolver->n_addresses, /* learns= */ false);
	check_size(cfg, resolver->node, "addresses",
		   fixed + resolver->name.len + resolver->n_addresses * 16 + resolver->service.len);
	/* RFC 9463 section 6.1: "alpn" should be there; and without addresses none of it is sent.
	 */
	if (resolver->n_addresses && resolver->service.len == 0)
		cfg_warning(cfg, resolver->node, "addresses", -1,
			    "hosts do not know how to speak to the resolver; write service, such "
			    "as \"alpn=dot\" (RFC 9463 6.1)");
	if (resolver->n_addresses == 0 && resolver->service.len)
		cfg_warning(cfg, resolver->node, "service", -1,
			    "is not sent without addresses; write them, or leave it out (RFC 9463 "
			    "3.1.6)");
}

static void check_raw(struct cfg *cfg, const struct ra_raw *raw)
{
	if (ra_option_is_known(raw->type))
		cfg_error(cfg, raw->node, "type", -1,
			  "%u has a key of its own, or is made from `prefixes`; write that",
			  raw->type);
	check_size(cfg, raw->node, "hex", RA_OPTION_HEADER + raw->body.len);
}

/* RFC 7772 section 5.1: at most 7 advertisements an hour that wake everybody. */
static void check_profile(struct cfg *cfg, const struct ra_conf *conf)
{
	const uint32_t least = RA_BATTERY_INTERVAL;

	if (conf->profile == RA_PROFILE_BATTERY && conf->interval.min < least)
		cfg_warning(cfg, conf->node, "profile", -1,
			    "hosts are woken every %us; write lifetimes and an interval of %us or "
			    "more (RFC 7772 5.1)",
			    conf->interval.min, least);
}

/* RFC 4861 section 6.1.2: hosts take advertisements from link-local addresses only. */
static void check_routers(struct cfg *cfg, const struct ra_conf *conf)
{
	if (cfg_is_set(conf->node, "source") && !ip6_is_link_local(&conf->source))
		cfg_error(cfg, conf->node, "source", -1,
			  "is no link-local address, such as fe80::1 (RFC 4861 4.2)");
	for (size_t i = 0; i < conf->n_routers; i++) {
		if (!ip6_is_link_local(&conf->routers[i]))
			cfg_error(cfg, conf->node, "routers", (int)i,
				  "is no link-local address, such as fe80::1 (RFC 4861 4.2)");
	}
}

void ra_conf_check(struct cfg *cfg, const struct ra_conf *conf, const struct ra_prefix *prefixes,
		   size_t n_prefixes)
{
	bool learns = false;

	check_interval(cfg, conf);
	for (size_t i = 0; i < n_prefixes; i++) {
		check_prefix(cfg, conf, prefixes, i);
		learns = learns || prefixes[i].from_interface;
	}
	for (size_t i = 0; i < conf->n_routes; i++)
		check_route(cfg, conf, i);
	for (size_t i = 0; i < conf->n_pref64; i++)
		check_pref64(cfg, conf, i);
	for (size_t i = 0; i < conf->n_resolvers; i++)
		check_resolver(cfg, conf, &conf->resolvers[i]);
	for (size_t i = 0; i < conf->n_options; i++)
		check_raw(cfg, &conf->options[i]);
	if (conf->expanded_flags.len > RA_EXPANDED_FLAGS)
		cfg_error(cfg, conf->node, "expanded-flags", -1,
			  "has %zu octets, allowed are %d (RFC 5175 4)", conf->expanded_flags.len,
			  RA_EXPANDED_FLAGS);
	check_profile(cfg, conf);
	check_routers(cfg, conf);
	/* Of those of the network it is said there. */
	check_addresses(cfg, conf->node, "dns", conf->dns, conf->n_dns,
			learns || !cfg_is_set(conf->node, "dns"));
	if (conf->n_dns)
		check_lifetime(cfg, conf, conf->node, "dns-lifetime", conf->dns_lifetime);
	if (conf->n_search)
		check_lifetime(cfg, conf, conf->node, "search-lifetime", conf->search_lifetime);
}

void ra_host_check(struct cfg *cfg, const struct ra_conf *merged, const struct ra_host_conf *host)
{
	if (merged->multicast == RA_MULTICAST_ON)
		cfg_error(cfg, host->node, NULL, -1,
			  "all hosts of the link are told the same by multicast; write ra: "
			  "{multicast: off} for the network, or private for links with one host");
	if (merged->lifetime && merged->lifetime < merged->interval.max)
		cfg_error(cfg, host->node, "lifetime", -1,
			  "%us is shorter than the longest interval, allowed are 0s and %us to %us "
			  "(RFC 8319 4)",
			  merged->lifetime, merged->interval.max, RA_LIFETIME_MOST);
	for (size_t i = 0; i < host->n_prefixes; i++) {
		check_prefix(cfg, merged, host->prefixes, i);
		if (host->prefixes[i].from_interface || host->prefixes[i].decrementing)
			cfg_error(cfg, host->node, "prefixes", (int)i,
				  "comes and goes or counts down, which only prefixes of a network "
				  "can; write a prefix");
	}
	for (size_t i = 0; cfg_is_set(host->node, "routes") && i < merged->n_routes; i++)
		check_route(cfg, merged, i);
}

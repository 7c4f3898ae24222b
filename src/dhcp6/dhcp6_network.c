/* SPDX-License-Identifier: ISC */
/*
 * What follows from a network's configuration: pools where none are named, lifetimes from the next
 * wider place that names them.
 */
#include "config.h"

#include "dhcp6/dhcp6_conf.h"

/* Lifetimes where neither the pool, the network nor a prefix of its names any, seconds. */
enum {
	PREFERRED_DEFAULT = 4 * 3600,
	VALID_DEFAULT = 86400,
};

static void default_pools(struct dhcp6_network *net, struct arena *arena)
{
	struct dhcp6_net *dhcp6 = &net->dhcp6;

	if (!net->stateful || net->pools_given || dhcp6->n_pools || !net->n_prefixes)
		return;
	dhcp6->pools = arena_new(arena, net->n_prefixes, sizeof(*dhcp6->pools));
	for (size_t i = 0; i < net->n_prefixes; i++) {
		const struct ip6_prefix *prefix = &net->prefixes[i].prefix;
		size_t k = 0;

		/* Of two around one another, which interfaces may bring, the first is one. */
		while (k < i && !ip6_prefix_overlaps(&net->prefixes[k].prefix, prefix))
			k++;
		if (k < i)
			continue;
		dhcp6->pools[dhcp6->n_pools++] = (struct dhcp6_pool){
			.range = {prefix->addr, ip6_prefix_last(prefix)},
			.policy = LEASE_STABLE,
		};
	}
}

const struct dhcp6_prefix *dhcp6_network_prefix_of(const struct dhcp6_network *net,
						   const struct in6_addr *addr)
{
	for (size_t i = 0; i < net->n_prefixes; i++) {
		if (ip6_prefix_contains(&net->prefixes[i].prefix, addr))
			return &net->prefixes[i];
	}
	return NULL;
}

bool dhcp6_prefix_has_anycast(const struct dhcp6_prefix *prefix)
{
	return prefix->prefix.len < 127;
}

static bool has(const struct ip6_prefix *list, size_t n, const struct in6_addr *addr)
{
	for (size_t i = 0; i < n; i++) {
		if (ip6_prefix_contains(&list[i], addr))
			return true;
	}
	return false;
}

bool dhcp6_network_is_former(const struct dhcp6_network *net, enum lease_kind kind,
			     const struct in6_addr *addr)
{
	return kind == LEASE_PD ? has(net->former_sources, net->n_former_sources, addr)
				: has(net->former, net->n_former, addr);
}

bool dhcp6_pool_is_relative(const struct dhcp6_pool *pool)
{
	const struct ip6_prefix none = {.len = 16};

	return ip6_prefix_contains(&none, &pool->range.first);
}

/* When what the address is of ends; false: it does not. */
static bool find_end(const struct dhcp6_network *net, enum lease_kind kind,
		     const struct in6_addr *addr, mtime *ret_preferred, mtime *ret_valid)
{
	const struct dhcp6_prefix *in = dhcp6_network_prefix_of(net, addr);

	for (size_t i = 0; kind == LEASE_PD && i < net->dhcp6.n_delegations; i++) {
		const struct dhcp6_delegation *delegation = &net->dhcp6.delegations[i];

		if (!ip6_prefix_contains(&delegation->prefix, addr))
			continue;
		*ret_preferred = delegation->preferred_end;
		*ret_valid = delegation->valid_end;
		return delegation->decrementing;
	}
	if (kind == LEASE_PD || !in)
		return false;
	*ret_preferred = in->preferred_end;
	*ret_valid = in->valid_end;
	return in->decrementing;
}

void dhcp6_network_cap(const struct dhcp6_network *net, enum lease_kind kind,
		       const struct in6_addr *addr, mtime now, uint32_t *preferred, uint32_t *valid)
{
	mtime preferred_end, valid_end;

	if (!find_end(net, kind, addr, &preferred_end, &valid_end))
		return;
	uint32_t most_preferred = mtime_remaining(preferred_end, now);
	uint32_t most_valid = mtime_remaining(valid_end, now);

	*valid = *valid < most_valid ? *valid : most_valid;
	*preferred = *preferred < most_preferred ? *preferred : most_preferred;
	*preferred = *preferred < *valid ? *preferred : *valid;
}

/*
 * Lifetimes that are not given are those of the next wider place, if it gives them, within what is
 * given here.
 */
static void default_lifetimes(uint32_t *preferred, uint32_t *valid, uint32_t dflt_preferred,
			      uint32_t dflt_valid)
{
	if (!*valid && dflt_valid)
		*valid = *preferred > dflt_valid ? *preferred : dflt_valid;
	if (!*preferred && dflt_preferred)
		*preferred = *valid && *valid < dflt_preferred ? *valid : dflt_preferred;
}

static void complete_pool(const struct dhcp6_network *net, struct dhcp6_pool *pool)
{
	const struct dhcp6_prefix *in = dhcp6_network_prefix_of(net, &pool->range.first);
	uint32_t preferred = net->dhcp6.preferred, valid = net->dhcp6.valid;

	if (in) {
		pool->prefix = in->prefix;
		default_lifetimes(&preferred, &valid, in->preferred, in->valid);
	}
	default_lifetimes(&preferred, &valid, PREFERRED_DEFAULT, VALID_DEFAULT);
	default_lifetimes(&pool->preferred, &pool->valid, preferred, valid);
}

static void complete_delegation(const struct dhcp6_net *dhcp6, struct dhcp6_delegation *delegation)
{
	if (!delegation->shortest)
		delegation->shortest = delegation->length;
	if (!delegation->longest)
		delegation->longest = delegation->length;
	default_lifetimes(&delegation->preferred, &delegation->valid, dhcp6->preferred,
			  dhcp6->valid);
}

static uint64_t classes_of(const struct dhcp6_network *net, const char *const *names, size_t n)
{
	uint64_t classes = 0;

	for (size_t i = 0; i < n; i++)
		classes |= dhcp6_class_bit(net->classes, net->n_classes, net->wide_classes,
					   net->n_wide_classes, names[i]);
	return classes;
}

static void complete_classes(const struct dhcp6_network *net)
{
	for (size_t i = 0; i < net->dhcp6.n_pools; i++) {
		struct dhcp6_pool *pool = &net->dhcp6.pools[i];

		pool->classes = classes_of(net, pool->class_names, pool->n_class_names);
	}
	for (size_t i = 0; i < net->dhcp6.n_delegations; i++) {
		struct dhcp6_delegation *delegation = &net->dhcp6.delegations[i];

		delegation->classes =
			classes_of(net, delegation->class_names, delegation->n_class_names);
	}
}

void dhcp6_network_complete(struct dhcp6_network *net, struct arena *arena)
{
	struct dhcp6_net *dhcp6 = &net->dhcp6;

	default_pools(net, arena);
	complete_classes(net);
	for (size_t i = 0; i < dhcp6->n_pools; i++)
		complete_pool(net, &dhcp6->pools[i]);
	/* From here on those of the network, for delegations and reservations outside of pools. */
	if (net->n_prefixes)
		default_lifetimes(&dhcp6->preferred, &dhcp6->valid, net->prefixes[0].preferred,
				  net->prefixes[0].valid);
	default_lifetimes(&dhcp6->preferred, &dhcp6->valid, PREFERRED_DEFAULT, VALID_DEFAULT);
	for (size_t i = 0; i < dhcp6->n_delegations; i++)
		complete_delegation(dhcp6, &dhcp6->delegations[i]);
}

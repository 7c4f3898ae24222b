/* SPDX-License-Identifier: ISC */
/*
 * What the clients of a network are told, as a hash over its prefixes, pools and options. Lifetimes
 * are left out: clients learn of them in time.
 */
#include "config.h"

#include "dhcp6/dhcp6_told.h"

#include <string.h>

#include "base/mem.h"

static uint64_t mix(const struct siphash_key *key, uint64_t hash, const void *data, size_t len)
{
	const uint64_t both[] = {hash, siphash(key, data, len)};

	return siphash(key, both, sizeof(both));
}

static uint64_t mix_prefix(const struct siphash_key *key, uint64_t hash,
			   const struct ip6_prefix *prefix)
{
	hash = mix(key, hash, &prefix->addr, sizeof(prefix->addr));
	return mix(key, hash, &prefix->len, sizeof(prefix->len));
}

uint64_t dhcp6_told_hash(const struct dhcp6_link *link, const struct dhcp6_optset *options,
			 const struct siphash_key *key)
{
	const struct dhcp6_network *net = link->conf;
	uint64_t ours = dhcp6_optset_hash(options, key);
	uint64_t what = mix(key, dhcp6_optset_hash(link->options, key), &ours, sizeof(ours));

	for (size_t i = 0; i < net->n_prefixes; i++)
		what = mix_prefix(key, what, &net->prefixes[i].prefix);
	for (size_t i = 0; i < net->dhcp6.n_pools; i++) {
		what = mix(key, what, &net->dhcp6.pools[i].range.first, sizeof(struct in6_addr));
		what = mix(key, what, &net->dhcp6.pools[i].range.last, sizeof(struct in6_addr));
	}
	for (size_t i = 0; i < net->dhcp6.n_delegations; i++)
		what = mix_prefix(key, what, &net->dhcp6.delegations[i].prefix);
	return what ? what : 1;
}

uint64_t dhcp6_told_set(struct dhcp6_told *told, uint32_t network, uint64_t what)
{
	uint64_t before;

	if (network >= told->n) {
		told->all = mem_grow(told->all, &told->cap, network + 1u, sizeof(*told->all));
		memset(told->all + told->n, 0, (network + 1u - told->n) * sizeof(*told->all));
		told->n = network + 1u;
	}
	before = told->all[network];
	told->all[network] = what;
	return before;
}

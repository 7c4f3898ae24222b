/* SPDX-License-Identifier: ISC */
/*
 * Prefix Exclude. A delegation names what follows the delegated prefix in the excluded one: with
 * `::ff:0:0:0:0/64` each client with a /56 leaves the last /64 of it to the link it is on.
 */
#include "config.h"

#include "dhcp6/dhcp6_exclude.h"

#include <assert.h>

#include "dhcp6/dhcp6_proto.h"

/* The excluded part of what a delegation gives out; its `exclude` is set. */
static struct ip6_prefix excluded_of(const struct dhcp6_delegation *delegation,
				     const struct ip6_prefix *delegated)
{
	struct ip6_prefix above = ip6_prefix_make(&delegation->exclude.addr, delegation->longest);
	struct ip6_prefix excluded = {delegated->addr, delegation->exclude.len};

	/* Only the bits past the longest prefix count: those before may be the delegation's own. */
	for (size_t i = 0; i < sizeof(excluded.addr.s6_addr); i++)
		excluded.addr.s6_addr[i] |=
			delegation->exclude.addr.s6_addr[i] ^ above.addr.s6_addr[i];
	return excluded;
}

bool dhcp6_exclude_find(const struct dhcp6_network *net, const struct ip6_prefix *delegated,
			struct ip6_prefix *ret_excluded)
{
	for (size_t i = 0; i < net->dhcp6.n_delegations; i++) {
		const struct dhcp6_delegation *delegation = &net->dhcp6.delegations[i];

		if (!ip6_prefix_covers(&delegation->prefix, delegated))
			continue;
		/* A host's prefix may be too long to leave anything out. */
		if (!delegation->exclude.len || delegated->len > delegation->longest)
			return false;
		*ret_excluded = excluded_of(delegation, delegated);
		return true;
	}
	return false;
}

bool dhcp6_exclude_gives(const struct dhcp6_delegation *delegation, const struct ip6_prefix *prefix)
{
	if (!ip6_prefix_overlaps(&delegation->prefix, prefix))
		return false;
	if (!delegation->exclude.len)
		return true;
	for (unsigned int len = delegation->shortest; len <= delegation->longest; len++) {
		struct ip6_prefix delegated = ip6_prefix_make(&prefix->addr, (uint8_t)len);
		struct ip6_prefix excluded = excluded_of(delegation, &delegated);

		if (!ip6_prefix_covers(&excluded, prefix))
			return true;
	}
	return false;
}

/* Eight bits of an address from bit `at` on; zeros past its end. */
static uint8_t bits_at(const struct in6_addr *addr, unsigned int at)
{
	unsigned int octet = at / 8, shift = at % 8;
	unsigned int two = octet < 16 ? (unsigned int)addr->s6_addr[octet] << 8 : 0;

	if (octet + 1 < 16)
		two |= addr->s6_addr[octet + 1];
	return (uint8_t)(two << shift >> 8);
}

void dhcp6_exclude_put(struct wire_writer *w, const struct ip6_prefix *delegated,
		       const struct ip6_prefix *excluded)
{
	struct ip6_prefix whole = ip6_prefix_make(&excluded->addr, excluded->len);

	assert(excluded->len > delegated->len);
	/* RFC 6603 section 4.2: the bits between the two lengths, shifted to the left, padded. */
	wire_put_u16(w, DHCP6_OPT_PD_EXCLUDE);
	size_t mark = wire_put_open(w, WIRE_LEN_U16);

	wire_put_u8(w, whole.len);
	for (unsigned int at = delegated->len; at < whole.len; at += 8)
		wire_put_u8(w, bits_at(&whole.addr, at));
	wire_put_close(w, mark, WIRE_LEN_U16);
}

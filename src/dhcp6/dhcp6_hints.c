/* SPDX-License-Identifier: ISC */
/*
 * Hints of a length: an IAPREFIX with the address :: and a length. A hint of a whole prefix is
 * dealt with where leases are given.
 */
#include "config.h"

#include "dhcp6/dhcp6_hints.h"

unsigned int dhcp6_hints_distance(const struct dhcp6_source *source, uint8_t plen)
{
	uint8_t have = lease_pool_conf(source->pool)->plen;

	return have <= plen ? (unsigned int)(plen - have) : 128u + have - plen;
}

static uint8_t nearest_length(const struct dhcp6_link *link, uint8_t plen)
{
	const struct dhcp6_source *list = link->sources[LEASE_PD].list;
	unsigned int best = UINT32_MAX;
	uint8_t nearest = 0;

	for (size_t i = 0; i < link->sources[LEASE_PD].n; i++) {
		if (dhcp6_hints_distance(&list[i], plen) < best) {
			best = dhcp6_hints_distance(&list[i], plen);
			nearest = lease_pool_conf(list[i].pool)->plen;
		}
	}
	return nearest;
}

struct dhcp6_hints dhcp6_hints_read(const struct dhcp6_link *link, const struct dhcp6_msg *msg,
				    const struct dhcp6_msg_ia *asked)
{
	struct dhcp6_hints hints = {.n = 0};

	if (!link->sources[LEASE_PD].n)
		return hints;
	for (size_t i = 0; i < asked->count && hints.n < DHCP6_HINTS_MAX; i++) {
		const struct dhcp6_msg_lease *hint = &msg->leases[asked->first + i];

		if (hint->plen && ip6_is_unspecified(&hint->addr))
			hints.lengths[hints.n++] = nearest_length(link, hint->plen);
	}
	return hints;
}

bool dhcp6_hints_met(const struct dhcp6_hints *hints, size_t i, const struct dhcp6_answer *answer,
		     const struct dhcp6_answer_ia *ia, bool preferred)
{
	uint8_t plen = hints->lengths[i];
	size_t wanted = 0, given = 0;

	for (size_t k = 0; k <= i; k++)
		wanted += hints->lengths[k] == plen;
	for (size_t k = ia->first; k < ia->first + ia->count; k++) {
		const struct dhcp6_answer_lease *lease = &answer->leases[k];

		given += (preferred ? lease->preferred : lease->valid) && lease->plen == plen;
	}
	return given >= wanted;
}

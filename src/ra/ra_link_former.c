/* SPDX-License-Identifier: ISC */
/*
 * The router that hosts knew by another link-local address. To them the link has two routers when
 * the address changes, so the old one's end is told by its own address a few times, 3 s apart, with
 * what the link's advertisements say now (RFC 4861 section 6.2.8).
 *
 * That needs an address nobody else speaks by. One that is still on the interface is ours. One that
 * is not may have been moved to another router, which did not end; but not if the kernel had made
 * it of the interface's own link-layer address. Where the link was down in between, this address
 * may have been found to be somebody else's too, unless the link-layer address is another as well.
 */
#include "config.h"

#include <string.h>

#include "ra/ra_link_internal.h"

/* RFC 5798 section 7.3: of a virtual router, which all that back each other up have. */
static bool is_virtual(const uint8_t mac[6])
{
	static const uint8_t vrrp[] = {0x00, 0x00, 0x5e, 0x00};

	return memcmp(mac, vrrp, sizeof(vrrp)) == 0;
}

static bool is_made_of_mac(const struct ra_former *former)
{
	const struct ip6_prefix prefix = {.addr = {{{0xfe, 0x80}}}, .len = 64};
	struct in6_addr made = ip6_from_mac(&prefix, former->mac);

	return former->mac_len == sizeof(former->mac) && !is_virtual(former->mac) &&
	       ip6_equal(&made, &former->addr);
}

/* Whether what comes from it now comes from us alone. */
static bool is_ours(const struct ra_link *link, const struct ra_former *former)
{
	const struct ra_facts *facts = &link->facts;

	if (ra_facts_have(facts, &former->addr))
		return true;
	return is_made_of_mac(former) &&
	       (!former->was_down || memcmp(former->mac, facts->mac, sizeof(facts->mac)) != 0);
}

void ra_link_former_follow(struct ra_link *link, mtime now)
{
	const struct ra_facts *facts = &link->facts;

	if (!ip6_is_unspecified(&link->spoke.addr) &&
	    !ip6_equal(&link->spoke.addr, &facts->link_local)) {
		link->former = link->spoke;
		link->former.left = MAX_FINAL_RTR_ADVERTISEMENTS;
		link->former.next = mtime_max(now, link->last + MIN_DELAY_BETWEEN_RAS);
	}
	if (ip6_equal(&link->former.addr, &facts->link_local))
		link->former.left = 0;
	link->spoke = (struct ra_former){.addr = facts->link_local, .mac_len = facts->mac_len};
	memcpy(link->spoke.mac, facts->mac, sizeof(facts->mac));
}

void ra_link_former_forget(struct ra_link *link)
{
	link->spoke = (struct ra_former){.left = 0};
}

void ra_link_former_down(struct ra_link *link)
{
	link->spoke.was_down = true;
	link->former.was_down = true;
}

mtime ra_link_former_wake(const struct ra_link *link)
{
	bool ends = link->former.left > 0 && link->state == RA_STATE_ADVERTISING;

	return ends ? link->former.next : MTIME_NEVER;
}

bool ra_link_former_due(struct ra_link *link, mtime now, struct ra_facts *ret)
{
	struct ra_former *former = &link->former;

	if (ra_link_former_wake(link) > now)
		return false;
	former->left--;
	former->next = now + MIN_DELAY_BETWEEN_RAS;
	if (!is_ours(link, former)) {
		former->left = 0;
		return false;
	}
	*ret = link->facts;
	ret->link_local = former->addr;
	ret->link_local_gone = !ra_facts_have(&link->facts, &former->addr);
	return true;
}

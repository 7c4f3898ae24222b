/* SPDX-License-Identifier: ISC */
/*
 * The table of interfaces, fed with rtnetlink messages (rtnetlink(7)). net_links_feed() changes
 * the table, net_links_report() compares each interface it touched with what was last told of it.
 *
 * A listing of everything (at first, and when messages were lost) carries a generation number:
 * what still has an older one when it ends is gone.
 *
 * Notes on what the kernel sends: a new interface's forwarding comes before the interface itself;
 * messages of family AF_BRIDGE are about bridge ports, not about interfaces that come and go; an
 * interface forwards if its own switch and the one for all are on. That the MTU of IPv6 was set
 * (net.ipv6.conf.*.mtu) is not told, but what it is stands in every message of its interface. What
 * the switch force_forwarding of Linux 6.17 is set to, the kernel does not say.
 */
#include "config.h"

#include "net/net_links.h"

#include <linux/if_addr.h>
#include <linux/netconf.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>

#include "base/ip6.h"
#include "base/mem.h"
#include "net/net_map.h"

/* IFF_LOWER_UP; <linux/if.h> and <net/if.h> do not go together. */
enum { LOWER_UP = 1 << 16 };

/* DEVCONF_MTU6, the place in the settings; nor does <linux/ipv6.h> go with <netinet/in.h>. */
enum { SETTING_MTU = 2 };

struct entry {
	struct net_link link;
	struct net_link told; /* what was last reported; its addrs are not */
	bool present;         /* the interface itself was seen, not only what belongs to it */
	bool was_told;
	bool dirty; /* is in the list of what may have changed */
	bool addrs_changed;
	bool groups_lost;
	bool conf_forwarding; /* its own switch */
	uint32_t generation;
	struct net_addr *addrs;
	uint32_t *addr_generations; /* beside addrs */
	size_t room_addrs, room_generations;
	struct entry *next_gone;
};

struct net_links {
	struct net_map entries; /* struct entry by ifindex */
	uint32_t generation;
	int64_t now; /* ms, as told */
	bool all_forwarding;
	unsigned int *dirty;
	size_t n_dirty, room_dirty;
	struct entry *gone; /* told of, and gone since */
};

/* The attributes of a message, one after the other, each within what is left. */
struct attr_walk {
	const uint8_t *at;
	size_t left;
	unsigned int type;
	const uint8_t *data;
	size_t len;
};

static bool next_attr(struct attr_walk *walk)
{
	struct rtattr attr;

	if (walk->left < sizeof(attr))
		return false;
	memcpy(&attr, walk->at, sizeof(attr));
	if (attr.rta_len < sizeof(attr) || attr.rta_len > walk->left)
		return false;
	walk->type = attr.rta_type & (uint16_t)NLA_TYPE_MASK;
	walk->data = walk->at + sizeof(attr);
	walk->len = attr.rta_len - sizeof(attr);
	size_t step = RTA_ALIGN((size_t)attr.rta_len);

	step = step < walk->left ? step : walk->left;
	walk->at += step;
	walk->left -= step;
	return true;
}

static bool attr_u32(const struct attr_walk *walk, uint32_t *ret)
{
	if (walk->len != sizeof(*ret))
		return false;
	memcpy(ret, walk->data, sizeof(*ret));
	return true;
}

static bool attr_ip6(const struct attr_walk *walk, struct in6_addr *ret)
{
	if (walk->len != sizeof(*ret))
		return false;
	memcpy(ret, walk->data, sizeof(*ret));
	return true;
}

/* Copies the fixed part of a message and gives the walk over what follows it. */
static bool open_message(const uint8_t *body, size_t len, void *fixed, size_t fixed_len,
			 struct attr_walk *ret)
{
	size_t skip = NLMSG_ALIGN(fixed_len);

	if (len < fixed_len)
		return false;
	memcpy(fixed, body, fixed_len);
	skip = skip < len ? skip : len;
	*ret = (struct attr_walk){.at = body + skip, .left = len - skip};
	return true;
}

struct net_links *net_links_new(void)
{
	return mem_new(1, sizeof(struct net_links));
}

static void free_entry(struct entry *entry)
{
	free(entry->addrs);
	free(entry->addr_generations);
	free(entry);
}

/* Empties the list of those gone, and tells of them if there is somebody to tell. */
static void free_gone(struct net_links *links, net_link_fn *fn, void *arg)
{
	while (links->gone) {
		struct entry *entry = links->gone;

		links->gone = entry->next_gone;
		if (fn)
			fn(arg, &entry->link, NET_CHANGE_GONE);
		free_entry(entry);
	}
}

void net_links_free(struct net_links *links)
{
	if (!links)
		return;
	for (size_t i = 0; i < links->entries.n_slots; i++) {
		if (links->entries.slots[i].value)
			free_entry(links->entries.slots[i].value);
	}
	free_gone(links, NULL, NULL);
	net_map_fini(&links->entries);
	free(links->dirty);
	free(links);
}

static void touch(struct net_links *links, struct entry *entry)
{
	if (entry->dirty)
		return;
	entry->dirty = true;
	links->dirty = mem_grow(links->dirty, &links->room_dirty, links->n_dirty + 1,
				sizeof(*links->dirty));
	links->dirty[links->n_dirty++] = entry->link.ifindex;
}

static struct entry *entry_of(struct net_links *links, unsigned int ifindex)
{
	struct entry *entry = net_map_get(&links->entries, ifindex);

	if (!entry) {
		entry = mem_new(1, sizeof(*entry));
		entry->link.ifindex = ifindex;
		entry->generation = links->generation;
		net_map_put(&links->entries, ifindex, entry);
	}
	return entry;
}

static void remove_entry(struct net_links *links, unsigned int ifindex)
{
	struct entry *entry = net_map_take(&links->entries, ifindex);

	if (!entry)
		return;
	if (!entry->was_told) {
		free_entry(entry);
		return;
	}
	entry->next_gone = links->gone;
	links->gone = entry;
}

/* Of one address family: what IPv6 is set to on the interface, an array of 32-bit numbers. */
static void take_ip6_settings(struct net_link *link, const struct attr_walk *family)
{
	struct attr_walk walk = {.at = family->data, .left = family->len};

	while (next_attr(&walk)) {
		if (walk.type == IFLA_INET6_CONF &&
		    walk.len >= (SETTING_MTU + 1) * sizeof(uint32_t))
			memcpy(&link->ip6_mtu, walk.data + SETTING_MTU * sizeof(uint32_t),
			       sizeof(link->ip6_mtu));
	}
}

/* Without those of IPv6 it is off on the interface. */
static void take_families(struct net_link *link, const struct attr_walk *families)
{
	struct attr_walk walk = {.at = families->data, .left = families->len};

	link->ip6_mtu = 0;
	while (next_attr(&walk)) {
		if (walk.type == AF_INET6)
			take_ip6_settings(link, &walk);
	}
}

static void take_link_attr(struct net_link *link, const struct attr_walk *walk)
{
	switch (walk->type) {
	case IFLA_IFNAME:
		if (walk->len > 0 && walk->len <= sizeof(link->name)) {
			memcpy(link->name, walk->data, walk->len);
			link->name[walk->len - 1] = '\0';
		}
		break;
	case IFLA_MTU:
		attr_u32(walk, &link->mtu);
		break;
	case IFLA_AF_SPEC:
		take_families(link, walk);
		break;
	case IFLA_ADDRESS:
		if (walk->len <= sizeof(link->mac)) {
			memset(link->mac, 0, sizeof(link->mac));
			memcpy(link->mac, walk->data, walk->len);
			link->mac_len = (uint8_t)walk->len;
		}
		break;
	}
}

static void take_link(struct net_links *links, bool removed, const uint8_t *body, size_t len)
{
	struct ifinfomsg info;
	struct attr_walk walk;

	if (!open_message(body, len, &info, sizeof(info), &walk) || info.ifi_index <= 0 ||
	    info.ifi_family != AF_UNSPEC)
		return;
	if (removed) {
		remove_entry(links, (unsigned int)info.ifi_index);
		return;
	}
	struct entry *entry = entry_of(links, (unsigned int)info.ifi_index);

	entry->present = true;
	entry->generation = links->generation;
	/* A bridge or a TAP without anybody behind it is up, but nobody hears us. */
	entry->link.up = (info.ifi_flags & IFF_UP) && (info.ifi_flags & LOWER_UP);
	entry->link.loopback = info.ifi_flags & IFF_LOOPBACK;
	entry->link.multicast = info.ifi_flags & IFF_MULTICAST;
	while (next_attr(&walk))
		take_link_attr(&entry->link, &walk);
	touch(links, entry);
}

static void remove_addr(struct entry *entry, size_t i)
{
	size_t last = --entry->link.n_addrs;

	entry->addrs[i] = entry->addrs[last];
	entry->addr_generations[i] = entry->addr_generations[last];
	entry->addrs_changed = true;
}

bool net_addr_is_usable(const struct net_addr *addr)
{
	if (addr->flags & IFA_F_DADFAILED)
		return false;
	return !(addr->flags & IFA_F_TENTATIVE) || (addr->flags & IFA_F_OPTIMISTIC);
}

/*
 * The link-local address to send from: the one it was while it is usable, for routers are known by
 * it (RFC 4861 section 6.2.8); else the lowest, so that it is the same after a restart.
 */
static void choose_link_local(struct net_link *link)
{
	const struct net_addr *best = NULL;

	for (size_t i = 0; i < link->n_addrs; i++) {
		const struct net_addr *addr = &link->addrs[i];

		if (!ip6_is_link_local(&addr->addr) || !net_addr_is_usable(addr))
			continue;
		if (link->has_link_local && ip6_equal(&addr->addr, &link->link_local))
			return;
		if (!best || ip6_compare(&addr->addr, &best->addr) < 0)
			best = addr;
	}
	link->has_link_local = best != NULL;
	link->link_local = best ? best->addr : (struct in6_addr){0};
}

/* The place of the address; n_addrs if it is not there. */
static size_t addr_place(const struct entry *entry, const struct net_addr *addr)
{
	size_t i = 0;

	while (i < entry->link.n_addrs && !ip6_equal(&entry->addrs[i].addr, &addr->addr))
		i++;
	return i;
}

void net_links_set_time(struct net_links *links, int64_t now)
{
	links->now = now;
}

static int64_t end_of(const struct net_links *links, uint32_t lifetime)
{
	return lifetime == UINT32_MAX ? INT64_MAX : links->now + (int64_t)lifetime * 1000;
}

static void take_lifetimes(const struct net_links *links, const struct attr_walk *walk,
			   struct net_addr *addr)
{
	struct ifa_cacheinfo info;

	if (walk->len < sizeof(info))
		return;
	memcpy(&info, walk->data, sizeof(info));
	addr->preferred_end = end_of(links, info.ifa_prefered);
	addr->valid_end = end_of(links, info.ifa_valid);
}

/* The kernel counts in whole seconds, so the same end is told as one a little off. */
static bool is_same_end(int64_t a, int64_t b)
{
	const int64_t jitter = 2000;

	return a == b || (a != INT64_MAX && b != INT64_MAX && a - b < jitter && b - a < jitter);
}

static void put_addr(struct net_links *links, struct entry *entry, const struct net_addr *addr)
{
	size_t i = addr_place(entry, addr);

	if (i == entry->link.n_addrs) {
		entry->addrs =
			mem_grow(entry->addrs, &entry->room_addrs, i + 1, sizeof(*entry->addrs));
		entry->addr_generations =
			mem_grow(entry->addr_generations, &entry->room_generations, i + 1,
				 sizeof(*entry->addr_generations));
		entry->link.addrs = entry->addrs;
		entry->link.n_addrs++;
		entry->addrs_changed = true;
	} else if (entry->addrs[i].flags != addr->flags ||
		   entry->addrs[i].prefix_len != addr->prefix_len ||
		   !is_same_end(entry->addrs[i].preferred_end, addr->preferred_end) ||
		   !is_same_end(entry->addrs[i].valid_end, addr->valid_end)) {
		entry->addrs_changed = true;
	}
	entry->addrs[i] = *addr;
	entry->addr_generations[i] = links->generation;
}

static void take_addr(struct net_links *links, bool removed, const uint8_t *body, size_t len)
{
	struct net_addr addr = {.preferred_end = INT64_MAX, .valid_end = INT64_MAX};
	struct ifaddrmsg info;
	struct attr_walk walk;
	bool has_local = false, has_addr = false;

	if (!open_message(body, len, &info, sizeof(info), &walk) || info.ifa_index == 0 ||
	    info.ifa_family != AF_INET6 || info.ifa_prefixlen > 128)
		return;
	addr.prefix_len = info.ifa_prefixlen;
	addr.flags = info.ifa_flags;
	while (next_attr(&walk)) {
		/* With a peer, IFA_ADDRESS is the peer's and IFA_LOCAL is ours. */
		if (walk.type == IFA_LOCAL)
			has_local = attr_ip6(&walk, &addr.addr) || has_local;
		else if (walk.type == IFA_ADDRESS && !has_local)
			has_addr = attr_ip6(&walk, &addr.addr) || has_addr;
		else if (walk.type == IFA_FLAGS)
			attr_u32(&walk, &addr.flags);
		else if (walk.type == IFA_CACHEINFO)
			take_lifetimes(links, &walk, &addr);
	}
	if (!has_local && !has_addr)
		return;
	struct entry *entry = removed ? net_map_get(&links->entries, info.ifa_index)
				      : entry_of(links, info.ifa_index);

	if (!entry)
		return;
	if (!removed)
		put_addr(links, entry, &addr);
	else if (addr_place(entry, &addr) < entry->link.n_addrs)
		remove_addr(entry, addr_place(entry, &addr));
	choose_link_local(&entry->link);
	touch(links, entry);
}

static void refresh_forwarding(struct net_links *links, struct entry *entry)
{
	entry->link.forwarding = entry->conf_forwarding && links->all_forwarding;
	touch(links, entry);
}

static void refresh_all_forwarding(struct net_links *links, bool forwarding)
{
	links->all_forwarding = forwarding;
	for (size_t i = 0; i < links->entries.n_slots; i++) {
		if (links->entries.slots[i].value)
			refresh_forwarding(links, links->entries.slots[i].value);
	}
}

static void take_conf_of(struct net_links *links, unsigned int ifindex, bool removed,
			 bool forwarding)
{
	struct entry *entry =
		removed ? net_map_get(&links->entries, ifindex) : entry_of(links, ifindex);

	if (!entry)
		return;
	if (removed && !entry->present) {
		remove_entry(links, ifindex);
		return;
	}
	/* Without its settings IPv6 is taken from an interface, as by an MTU below 1280. */
	entry->groups_lost = entry->groups_lost || removed;
	entry->conf_forwarding = !removed && forwarding;
	refresh_forwarding(links, entry);
}

static void take_conf(struct net_links *links, bool removed, const uint8_t *body, size_t len)
{
	bool has_forwarding = false, has_index = false;
	uint32_t forwarding = 0, index = 0;
	struct netconfmsg info;
	struct attr_walk walk;

	if (!open_message(body, len, &info, sizeof(info), &walk) || info.ncm_family != AF_INET6)
		return;
	while (next_attr(&walk)) {
		if (walk.type == NETCONFA_IFINDEX)
			has_index = attr_u32(&walk, &index);
		else if (walk.type == NETCONFA_FORWARDING)
			has_forwarding = attr_u32(&walk, &forwarding);
	}
	/* Other switches have messages of their own. */
	if (!has_index || (!has_forwarding && !removed))
		return;
	if ((int32_t)index == NETCONFA_IFINDEX_ALL)
		refresh_all_forwarding(links, !removed && forwarding);
	else if ((int32_t)index > 0)
		take_conf_of(links, index, removed, forwarding != 0);
}

static void take_control(const struct nlmsghdr *head, const uint8_t *body, size_t len,
			 struct net_listing *listing)
{
	int error = 0;

	if (listing->seq == 0 || head->nlmsg_seq != listing->seq)
		return;
	/* Both carry a number first; of a listing that ended well it is 0. */
	if (len >= sizeof(error))
		memcpy(&error, body, sizeof(error));
	listing->done = true;
	listing->error = error < 0 ? error : 0;
}

static void take_message(struct net_links *links, const struct nlmsghdr *head, const uint8_t *body,
			 size_t len, struct net_listing *listing)
{
	if (head->nlmsg_seq == listing->seq && (head->nlmsg_flags & NLM_F_DUMP_INTR))
		listing->interrupted = true;
	switch (head->nlmsg_type) {
	case NLMSG_DONE:
	case NLMSG_ERROR:
		take_control(head, body, len, listing);
		break;
	case RTM_NEWLINK:
	case RTM_DELLINK:
		take_link(links, head->nlmsg_type == RTM_DELLINK, body, len);
		break;
	case RTM_NEWADDR:
	case RTM_DELADDR:
		take_addr(links, head->nlmsg_type == RTM_DELADDR, body, len);
		break;
	case RTM_NEWNETCONF:
	case RTM_DELNETCONF:
		take_conf(links, head->nlmsg_type == RTM_DELNETCONF, body, len);
		break;
	}
}

void net_links_feed(struct net_links *links, const void *messages, size_t len,
		    struct net_listing *listing)
{
	const uint8_t *at = messages;
	struct nlmsghdr head;

	while (len >= sizeof(head)) {
		memcpy(&head, at, sizeof(head));
		if (head.nlmsg_len < sizeof(head) || head.nlmsg_len > len)
			return;
		take_message(links, &head, at + sizeof(head), head.nlmsg_len - sizeof(head),
			     listing);
		size_t step = NLMSG_ALIGN((size_t)head.nlmsg_len);

		step = step < len ? step : len;
		at += step;
		len -= step;
	}
}

void net_links_begin(struct net_links *links)
{
	links->generation++;
}

static void sweep_addrs(struct net_links *links, struct entry *entry)
{
	for (size_t i = entry->link.n_addrs; i-- > 0;) {
		if (entry->addr_generations[i] != links->generation)
			remove_addr(entry, i);
	}
	choose_link_local(&entry->link);
	touch(links, entry);
}

void net_links_end(struct net_links *links)
{
	unsigned int *gone = NULL;
	size_t n = 0, room = 0;

	for (size_t i = 0; i < links->entries.n_slots; i++) {
		struct entry *entry = links->entries.slots[i].value;

		if (!entry)
			continue;
		if (entry->generation == links->generation) {
			/* What is not there yet may be announced by the very next message. */
			if (entry->present)
				sweep_addrs(links, entry);
			continue;
		}
		gone = mem_grow(gone, &room, n + 1, sizeof(*gone));
		gone[n++] = entry->link.ifindex;
	}
	for (size_t i = 0; i < n; i++)
		remove_entry(links, gone[i]);
	free(gone);
}

static unsigned int compare(const struct net_link *old, const struct net_link *link)
{
	unsigned int changed = 0;

	if (strcmp(old->name, link->name) != 0)
		changed |= NET_CHANGE_NAME;
	if (old->up != link->up)
		changed |= NET_CHANGE_UP;
	if (old->mac_len != link->mac_len || memcmp(old->mac, link->mac, sizeof(link->mac)) != 0)
		changed |= NET_CHANGE_MAC;
	if (old->mtu != link->mtu || old->ip6_mtu != link->ip6_mtu)
		changed |= NET_CHANGE_MTU;
	if (old->has_link_local != link->has_link_local ||
	    !ip6_equal(&old->link_local, &link->link_local))
		changed |= NET_CHANGE_LINK_LOCAL;
	if (old->forwarding != link->forwarding)
		changed |= NET_CHANGE_FORWARDING;
	return changed;
}

static void report_one(struct entry *entry, net_link_fn *fn, void *arg)
{
	unsigned int changed = compare(&entry->told, &entry->link);

	entry->dirty = false;
	if (!entry->present)
		return;
	if (entry->addrs_changed)
		changed |= NET_CHANGE_ADDRS;
	if (!entry->was_told)
		changed |= NET_CHANGE_NEW;
	else if (entry->groups_lost)
		changed |= NET_CHANGE_GROUPS;
	entry->groups_lost = false;
	entry->addrs_changed = false;
	entry->was_told = true;
	entry->told = entry->link;
	if (changed)
		fn(arg, &entry->link, changed);
}

void net_links_report(struct net_links *links, net_link_fn *fn, void *arg)
{
	free_gone(links, fn, arg);
	for (size_t i = 0; i < links->n_dirty; i++) {
		struct entry *entry = net_map_get(&links->entries, links->dirty[i]);

		if (entry)
			report_one(entry, fn, arg);
	}
	links->n_dirty = 0;
}

const struct net_link *net_links_find(const struct net_links *links, unsigned int ifindex)
{
	const struct entry *entry = net_map_get(&links->entries, ifindex);

	return entry && entry->present ? &entry->link : NULL;
}

const struct net_link *net_links_find_name(const struct net_links *links, const char *name)
{
	for (size_t i = 0; i < links->entries.n_slots; i++) {
		const struct entry *entry = links->entries.slots[i].value;

		if (entry && entry->present && strcmp(entry->link.name, name) == 0)
			return &entry->link;
	}
	return NULL;
}

void net_links_each(const struct net_links *links, net_link_fn *fn, void *arg)
{
	for (size_t i = 0; i < links->entries.n_slots; i++) {
		const struct entry *entry = links->entries.slots[i].value;

		if (entry && entry->present)
			fn(arg, &entry->link, 0);
	}
}

/* SPDX-License-Identifier: ISC */
/*
 * What rtnetlink messages make of the table of interfaces: canned messages, no socket.
 */
#include "config.h"

#include <errno.h>
#include <linux/if_addr.h>
#include <linux/netconf.h>
#include <linux/rtnetlink.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/ip6.h"
#include "net/net_links.h"

enum {
	UP = 1 | 0x10000, /* IFF_UP, IFF_LOWER_UP */
	ADMIN_UP = 1,
};

struct message {
	union {
		struct nlmsghdr head;
		uint8_t bytes[512];
	};
};

struct seen {
	struct net_link links[16];
	unsigned int changed[16];
	size_t n;
};

static void put(struct message *m, const void *bytes, size_t len)
{
	assert_true(NLMSG_ALIGN(m->head.nlmsg_len) + len <= sizeof(m->bytes));
	m->head.nlmsg_len = (uint32_t)NLMSG_ALIGN(m->head.nlmsg_len);
	memcpy(m->bytes + m->head.nlmsg_len, bytes, len);
	m->head.nlmsg_len += (uint32_t)len;
}

static void put_attr(struct message *m, uint16_t type, const void *bytes, size_t len)
{
	const struct rtattr attr = {(unsigned short)(sizeof(attr) + len), type};

	put(m, &attr, sizeof(attr));
	put(m, bytes, len);
}

static struct message start(uint16_t type, const void *fixed, size_t len)
{
	struct message m = {.head = {.nlmsg_len = sizeof(m.head), .nlmsg_type = type}};

	put(&m, fixed, len);
	return m;
}

static struct message link_message(uint16_t type, int ifindex, unsigned int flags, const char *name)
{
	const struct ifinfomsg info = {.ifi_index = ifindex, .ifi_flags = flags};
	static const uint8_t mac[6] = {2, 0, 0, 0, 0, 1};
	const uint32_t mtu = 1500;
	struct message m = start(type, &info, sizeof(info));

	put_attr(&m, IFLA_IFNAME, name, strlen(name) + 1);
	put_attr(&m, 0x3ff, "whatever comes later", 20);
	put_attr(&m, IFLA_ADDRESS, mac, sizeof(mac));
	put_attr(&m, IFLA_MTU, &mtu, sizeof(mtu));
	return m;
}

static struct message addr_message(uint16_t type, unsigned int ifindex, const char *text,
				   uint8_t len, uint32_t flags)
{
	const struct ifaddrmsg info = {.ifa_family = AF_INET6,
				       .ifa_prefixlen = len,
				       .ifa_flags = (uint8_t)flags,
				       .ifa_index = ifindex};
	struct message m = start(type, &info, sizeof(info));
	struct in6_addr addr;

	assert_true(ip6_parse(text, &addr));
	put_attr(&m, IFA_ADDRESS, &addr, sizeof(addr));
	put_attr(&m, IFA_FLAGS, &flags, sizeof(flags));
	return m;
}

static struct message conf_message(uint16_t type, int32_t ifindex, uint32_t forwarding)
{
	const struct netconfmsg info = {.ncm_family = AF_INET6};
	struct message m = start(type, &info, sizeof(info));

	put_attr(&m, NETCONFA_IFINDEX, &ifindex, sizeof(ifindex));
	put_attr(&m, NETCONFA_FORWARDING, &forwarding, sizeof(forwarding));
	return m;
}

static void feed(struct net_links *links, struct message m)
{
	struct net_listing none = {.seq = 0};

	net_links_feed(links, m.bytes, m.head.nlmsg_len, &none);
}

static void see(void *arg, const struct net_link *link, unsigned int changed)
{
	struct seen *seen = arg;

	assert_true(seen->n < 16);
	seen->links[seen->n] = *link;
	seen->changed[seen->n++] = changed;
}

static struct seen report(struct net_links *links)
{
	struct seen seen = {.n = 0};

	net_links_report(links, see, &seen);
	return seen;
}

/* The one change there was. */
static unsigned int changed(struct net_links *links)
{
	struct seen seen = report(links);

	assert_int_equal(seen.n, 1);
	return seen.changed[0];
}

static struct net_links *with_eth0(void)
{
	struct net_links *links = net_links_new();

	feed(links, link_message(RTM_NEWLINK, 3, UP, "eth0"));
	assert_int_equal(changed(links), NET_CHANGE_NEW | NET_CHANGE_NAME | NET_CHANGE_UP |
						 NET_CHANGE_MAC | NET_CHANGE_MTU);
	return links;
}

static void an_interface_is_told_once_with_its_facts(void **state)
{
	struct net_links *links = with_eth0();
	const struct net_link *link = net_links_find(links, 3);

	(void)state;
	assert_non_null(link);
	assert_ptr_equal(link, net_links_find_name(links, "eth0"));
	assert_string_equal(link->name, "eth0");
	assert_true(link->up);
	assert_int_equal(link->mtu, 1500);
	assert_int_equal(link->mac_len, 6);
	assert_int_equal(link->mac[5], 1);
	assert_false(link->has_link_local);
	assert_null(net_links_find(links, 4));
	assert_null(net_links_find_name(links, "eth1"));
	feed(links, link_message(RTM_NEWLINK, 3, UP, "eth0"));
	assert_int_equal(report(links).n, 0);
	net_links_free(links);
}

/* A message of eth0 that tells the first `n` of what IPv6 is set to: 0, 640, 1280 and so on. */
static struct message settings_message(size_t n)
{
	struct message m = link_message(RTM_NEWLINK, 3, UP, "eth0");
	const unsigned short len = (unsigned short)(n * sizeof(uint32_t));
	const struct rtattr conf = {(unsigned short)(sizeof(conf) + len), IFLA_INET6_CONF};
	const struct rtattr family = {(unsigned short)(sizeof(family) + conf.rta_len), AF_INET6};
	const struct rtattr families = {(unsigned short)(sizeof(families) + family.rta_len),
					IFLA_AF_SPEC};

	put(&m, &families, sizeof(families));
	put(&m, &family, sizeof(family));
	put(&m, &conf, sizeof(conf));
	for (uint32_t i = 0; i < n; i++) {
		const uint32_t setting = 640 * i;

		put(&m, &setting, sizeof(setting));
	}
	return m;
}

/* S16 */
static void the_mtu_of_ipv6_may_be_less(void **state)
{
	struct net_links *links = with_eth0();

	(void)state;
	assert_int_equal(net_links_find(links, 3)->ip6_mtu, 0);
	feed(links, settings_message(8));
	assert_int_equal(changed(links), NET_CHANGE_MTU);
	assert_int_equal(net_links_find(links, 3)->ip6_mtu, 1280);
	assert_int_equal(net_links_find(links, 3)->mtu, 1500);
	/* What is not told stays; what is told without it is not known. */
	feed(links, link_message(RTM_NEWLINK, 3, UP, "eth0"));
	assert_int_equal(report(links).n, 0);
	feed(links, settings_message(2));
	assert_int_equal(changed(links), NET_CHANGE_MTU);
	assert_int_equal(net_links_find(links, 3)->ip6_mtu, 0);
	net_links_free(links);
}

static void an_interface_without_carrier_is_not_up(void **state)
{
	struct net_links *links = with_eth0();

	(void)state;
	feed(links, link_message(RTM_NEWLINK, 3, ADMIN_UP, "eth0"));
	assert_int_equal(changed(links), NET_CHANGE_UP);
	assert_false(net_links_find(links, 3)->up);
	feed(links, link_message(RTM_NEWLINK, 3, UP, "wan"));
	assert_int_equal(changed(links), NET_CHANGE_UP | NET_CHANGE_NAME);
	net_links_free(links);
}

/* S2 */
static void a_link_local_counts_once_it_is_usable(void **state)
{
	static const struct {
		uint32_t flags;
		bool usable;
	} cases[] = {
		{IFA_F_TENTATIVE | IFA_F_PERMANENT, false},
		{IFA_F_PERMANENT, true},
		{IFA_F_TENTATIVE | IFA_F_OPTIMISTIC, true},
		{IFA_F_DADFAILED | IFA_F_TENTATIVE, false},
		{IFA_F_DADFAILED | IFA_F_OPTIMISTIC | IFA_F_TENTATIVE, false},
		{IFA_F_DEPRECATED | IFA_F_NOPREFIXROUTE, true},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct net_links *links = with_eth0();

		feed(links, addr_message(RTM_NEWADDR, 3, "fe80::1", 64, cases[i].flags));
		assert_int_equal(changed(links),
				 NET_CHANGE_ADDRS | (cases[i].usable ? NET_CHANGE_LINK_LOCAL : 0));
		assert_int_equal(net_links_find(links, 3)->has_link_local, cases[i].usable);
		net_links_free(links);
	}
}

/* S18: routers are known by the address, so it is not given up without need. */
static void the_link_local_stays_while_it_is_usable(void **state)
{
	struct net_links *links = with_eth0();
	char text[IP6_TEXT_LEN];
	struct text t;

	(void)state;
	feed(links, addr_message(RTM_NEWADDR, 3, "fe80::5", 64, 0));
	assert_int_equal(changed(links), NET_CHANGE_ADDRS | NET_CHANGE_LINK_LOCAL);
	feed(links, addr_message(RTM_NEWADDR, 3, "fe80::3", 64, 0));
	feed(links, addr_message(RTM_NEWADDR, 3, "fe80::2", 64, 0));
	assert_int_equal(changed(links), NET_CHANGE_ADDRS);
	feed(links, addr_message(RTM_DELADDR, 3, "fe80::5", 64, 0));
	assert_int_equal(changed(links), NET_CHANGE_ADDRS | NET_CHANGE_LINK_LOCAL);
	text_init(&t, text, sizeof(text));
	text_put_ip6(&t, &net_links_find(links, 3)->link_local);
	assert_string_equal(text, "fe80::2");
	feed(links, addr_message(RTM_DELADDR, 3, "fe80::2", 64, 0));
	feed(links, addr_message(RTM_DELADDR, 3, "fe80::3", 64, 0));
	assert_int_equal(changed(links), NET_CHANGE_ADDRS | NET_CHANGE_LINK_LOCAL);
	assert_false(net_links_find(links, 3)->has_link_local);
	assert_int_equal(net_links_find(links, 3)->n_addrs, 0);
	net_links_free(links);
}

/* V13, S21: what is left of lifetimes counts from when it was told. */
static void lifetimes_of_addresses_have_ends(void **state)
{
	static const struct {
		uint32_t preferred, valid;
		int64_t now, preferred_end, valid_end;
		bool told;
	} cases[] = {
		{100, 200, 5000, 105000, 205000, true},
		{90, 190, 15500, 105500, 205500, false}, /* the same ends, in whole seconds */
		{300, 400, 16000, 316000, 416000, true}, /* renewed */
		{0, 400, 16000, 16000, 416000, true},    /* deprecated */
		{UINT32_MAX, UINT32_MAX, 17000, INT64_MAX, INT64_MAX, true},
	};
	struct net_links *links = with_eth0();

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct ifa_cacheinfo info = {.ifa_prefered = cases[i].preferred,
						   .ifa_valid = cases[i].valid};
		struct message m = addr_message(RTM_NEWADDR, 3, "2001:db8::1", 64, 0);

		put_attr(&m, IFA_CACHEINFO, &info, sizeof(info));
		net_links_set_time(links, cases[i].now);
		feed(links, m);
		assert_int_equal(report(links).n, cases[i].told);
		assert_int_equal(net_links_find(links, 3)->addrs[0].preferred_end,
				 cases[i].preferred_end);
		assert_int_equal(net_links_find(links, 3)->addrs[0].valid_end, cases[i].valid_end);
	}
	net_links_free(links);
}

/* I8: the daemon's own addresses, tentative ones too. */
static void all_addresses_are_kept_with_their_length(void **state)
{
	struct net_links *links = with_eth0();
	const struct net_link *link = net_links_find(links, 3);

	(void)state;
	feed(links, addr_message(RTM_NEWADDR, 3, "2001:db8::1", 64, IFA_F_TENTATIVE));
	feed(links, addr_message(RTM_NEWADDR, 3, "fd00::1", 128, 0));
	assert_int_equal(changed(links), NET_CHANGE_ADDRS);
	assert_int_equal(link->n_addrs, 2);
	assert_int_equal(link->addrs[0].prefix_len, 64);
	assert_int_equal(link->addrs[1].prefix_len, 128);
	/* Only its lifetimes were refreshed. */
	feed(links, addr_message(RTM_NEWADDR, 3, "fd00::1", 128, 0));
	assert_int_equal(report(links).n, 0);
	feed(links, addr_message(RTM_NEWADDR, 3, "2001:db8::1", 64, 0));
	assert_int_equal(changed(links), NET_CHANGE_ADDRS);
	net_links_free(links);
}

/* S20: nothing else is another than before. */
static void an_interface_that_ipv6_was_taken_from_is_in_no_group(void **state)
{
	const uint32_t ifindex = 3;
	const struct netconfmsg info = {.ncm_family = AF_INET6};
	struct net_links *links = with_eth0();
	struct message gone = start(RTM_DELNETCONF, &info, sizeof(info));

	(void)state;
	put_attr(&gone, NETCONFA_IFINDEX, &ifindex, sizeof(ifindex));
	feed(links, gone);
	assert_int_equal(changed(links), NET_CHANGE_GROUPS);
	feed(links, link_message(RTM_NEWLINK, 3, UP, "eth0"));
	assert_int_equal(report(links).n, 0);
	net_links_free(links);
}

static void of_a_pair_of_addresses_ours_is_taken(void **state)
{
	const struct ifaddrmsg info = {
		.ifa_family = AF_INET6, .ifa_prefixlen = 128, .ifa_index = 3};
	struct in6_addr ours = {.s6_addr = {0xfd, [15] = 1}}, peer = {.s6_addr = {0xfd, [15] = 2}};

	(void)state;
	for (int local_first = 0; local_first < 2; local_first++) {
		struct net_links *links = with_eth0();
		struct message m = start(RTM_NEWADDR, &info, sizeof(info));

		if (local_first)
			put_attr(&m, IFA_LOCAL, &ours, sizeof(ours));
		put_attr(&m, IFA_ADDRESS, &peer, sizeof(peer));
		if (!local_first)
			put_attr(&m, IFA_LOCAL, &ours, sizeof(ours));
		feed(links, m);
		assert_true(ip6_equal(&net_links_find(links, 3)->addrs[0].addr, &ours));
		net_links_free(links);
	}
}

/* S14 */
static void an_interface_forwards_if_it_and_the_namespace_do(void **state)
{
	struct net_links *links = with_eth0();
	const struct net_link *link = net_links_find(links, 3);

	(void)state;
	feed(links, conf_message(RTM_NEWNETCONF, 3, 1));
	assert_int_equal(report(links).n, 0);
	feed(links, conf_message(RTM_NEWNETCONF, NETCONFA_IFINDEX_DEFAULT, 1));
	assert_int_equal(report(links).n, 0);
	feed(links, conf_message(RTM_NEWNETCONF, NETCONFA_IFINDEX_ALL, 1));
	assert_int_equal(changed(links), NET_CHANGE_FORWARDING);
	assert_true(link->forwarding);
	feed(links, conf_message(RTM_NEWNETCONF, 3, 0));
	assert_int_equal(changed(links), NET_CHANGE_FORWARDING);
	assert_false(link->forwarding);
	feed(links, conf_message(RTM_NEWNETCONF, 3, 1));
	assert_int_equal(changed(links), NET_CHANGE_FORWARDING);
	feed(links, conf_message(RTM_DELNETCONF, 3, 1));
	assert_int_equal(changed(links), NET_CHANGE_FORWARDING | NET_CHANGE_GROUPS);
	assert_false(link->forwarding);
	net_links_free(links);
}

static void what_belongs_to_an_interface_may_come_before_it(void **state)
{
	struct net_links *links = net_links_new();

	(void)state;
	feed(links, conf_message(RTM_NEWNETCONF, NETCONFA_IFINDEX_ALL, 1));
	feed(links, conf_message(RTM_NEWNETCONF, 3, 1));
	assert_int_equal(report(links).n, 0);
	assert_null(net_links_find(links, 3));
	feed(links, link_message(RTM_NEWLINK, 3, UP, "eth0"));
	assert_true(changed(links) & NET_CHANGE_FORWARDING);
	feed(links, conf_message(RTM_NEWNETCONF, 4, 1));
	feed(links, conf_message(RTM_DELNETCONF, 4, 1));
	feed(links, addr_message(RTM_DELADDR, 5, "fe80::1", 64, 0));
	assert_int_equal(report(links).n, 0);
	net_links_free(links);
}

static void what_went_is_told_as_it_last_was(void **state)
{
	struct net_links *links = with_eth0();

	(void)state;
	feed(links, addr_message(RTM_NEWADDR, 3, "fe80::5", 64, 0));
	report(links);
	feed(links, link_message(RTM_DELLINK, 3, 0, "eth0"));
	struct seen seen = report(links);

	assert_int_equal(seen.n, 1);
	assert_int_equal(seen.changed[0], NET_CHANGE_GONE);
	assert_string_equal(seen.links[0].name, "eth0");
	assert_true(seen.links[0].has_link_local);
	assert_null(net_links_find(links, 3));
	net_links_free(links);
}

/* S20 */
static void back_under_the_same_number_is_gone_and_new(void **state)
{
	struct net_links *links = with_eth0();

	(void)state;
	feed(links, link_message(RTM_DELLINK, 3, 0, "eth0"));
	feed(links, link_message(RTM_NEWLINK, 3, UP, "eth0"));
	struct seen seen = report(links);

	assert_int_equal(seen.n, 2);
	assert_int_equal(seen.changed[0], NET_CHANGE_GONE);
	assert_true(seen.changed[1] & NET_CHANGE_NEW);
	/* Come and gone between two reports: nobody needs to know. */
	feed(links, link_message(RTM_NEWLINK, 9, UP, "tap9"));
	feed(links, link_message(RTM_DELLINK, 9, UP, "tap9"));
	assert_int_equal(report(links).n, 0);
	net_links_free(links);
}

static void a_bridge_port_that_leaves_is_not_an_interface_gone(void **state)
{
	const struct ifinfomsg info = {.ifi_family = AF_BRIDGE, .ifi_index = 3};
	struct net_links *links = with_eth0();

	(void)state;
	feed(links, start(RTM_DELLINK, &info, sizeof(info)));
	feed(links, start(RTM_NEWLINK, &info, sizeof(info)));
	assert_int_equal(report(links).n, 0);
	assert_true(net_links_find(links, 3)->up);
	net_links_free(links);
}

static void a_listing_sweeps_what_it_does_not_name(void **state)
{
	struct net_links *links = with_eth0();

	(void)state;
	feed(links, link_message(RTM_NEWLINK, 4, UP, "eth1"));
	feed(links, addr_message(RTM_NEWADDR, 3, "fe80::5", 64, 0));
	feed(links, addr_message(RTM_NEWADDR, 3, "fd00::5", 64, 0));
	report(links);
	net_links_begin(links);
	feed(links, link_message(RTM_NEWLINK, 3, UP, "eth0"));
	feed(links, addr_message(RTM_NEWADDR, 3, "fd00::5", 64, 0));
	net_links_end(links);
	struct seen seen = report(links);

	assert_int_equal(seen.n, 2);
	assert_int_equal(seen.changed[0], NET_CHANGE_GONE);
	assert_int_equal(seen.links[0].ifindex, 4);
	assert_int_equal(seen.changed[1], NET_CHANGE_ADDRS | NET_CHANGE_LINK_LOCAL);
	assert_int_equal(seen.links[1].n_addrs, 1);
	net_links_free(links);
}

static void a_listing_that_ends_keeps_what_was_just_announced(void **state)
{
	struct net_links *links = net_links_new();

	(void)state;
	net_links_begin(links);
	feed(links, conf_message(RTM_NEWNETCONF, NETCONFA_IFINDEX_ALL, 1));
	feed(links, conf_message(RTM_NEWNETCONF, 3, 1));
	net_links_end(links);
	feed(links, link_message(RTM_NEWLINK, 3, UP, "eth0"));
	assert_true(changed(links) & NET_CHANGE_FORWARDING);
	net_links_free(links);
}

static void the_end_of_a_listing_is_seen(void **state)
{
	static const struct {
		uint16_t type;
		int value, error;
	} cases[] = {
		{NLMSG_DONE, 0, 0}, {NLMSG_DONE, -EINVAL, -EINVAL}, {NLMSG_ERROR, -EBUSY, -EBUSY}};
	struct net_links *links = net_links_new();

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct message m = start(cases[i].type, &cases[i].value, sizeof(int));
		struct net_listing listing = {.seq = 7};

		m.head.nlmsg_seq = 6;
		net_links_feed(links, m.bytes, m.head.nlmsg_len, &listing);
		assert_false(listing.done);
		m.head.nlmsg_seq = 7;
		net_links_feed(links, m.bytes, m.head.nlmsg_len, &listing);
		assert_true(listing.done);
		assert_int_equal(listing.error, cases[i].error);
		assert_false(listing.interrupted);
		m.head.nlmsg_flags = NLM_F_DUMP_INTR;
		net_links_feed(links, m.bytes, m.head.nlmsg_len, &listing);
		assert_true(listing.interrupted);
	}
	net_links_free(links);
}

/* A copy of exactly len octets, so that a sanitizer sees one read too many. */
static void feed_cut(struct net_links *links, const uint8_t *bytes, size_t len)
{
	struct net_listing none = {.seq = 0};
	uint8_t *copy = malloc(len ? len : 1);

	assert_non_null(copy);
	memcpy(copy, bytes, len);
	net_links_feed(links, copy, len, &none);
	free(copy);
}

static void a_cut_message_is_left_out(void **state)
{
	struct message m = link_message(RTM_NEWLINK, 3, UP, "eth0");

	(void)state;
	for (size_t cut = 0; cut < m.head.nlmsg_len; cut++) {
		struct net_links *links = net_links_new();

		feed_cut(links, m.bytes, cut);
		assert_int_equal(report(links).n, 0);
		net_links_free(links);
	}
}

static void an_attribute_that_is_cut_is_left_out(void **state)
{
	const struct message whole = link_message(RTM_NEWLINK, 3, UP, "eth0");
	const size_t fixed = sizeof(struct nlmsghdr) + sizeof(struct ifinfomsg);

	(void)state;
	for (uint32_t len = (uint32_t)fixed; len <= whole.head.nlmsg_len; len++) {
		struct net_links *links = net_links_new();
		struct message m = whole;

		m.head.nlmsg_len = len;
		feed_cut(links, m.bytes, len);
		/* The name is first, the MTU last. */
		assert_int_equal(net_links_find(links, 3)->mtu,
				 len == whole.head.nlmsg_len ? 1500 : 0);
		assert_string_equal(net_links_find(links, 3)->name,
				    len >= fixed + 4 + 5 ? "eth0" : "");
		net_links_free(links);
	}
}

static void a_message_that_lies_about_a_length_does_no_harm(void **state)
{
	static const uint16_t types[] = {RTM_NEWLINK, RTM_NEWADDR, RTM_NEWNETCONF, NLMSG_DONE};
	const struct message samples[] = {link_message(RTM_NEWLINK, 3, UP, "eth0"),
					  addr_message(RTM_NEWADDR, 3, "fe80::1", 64, 0),
					  conf_message(RTM_NEWNETCONF, 3, 1)};

	(void)state;
	for (size_t s = 0; s < 3; s++) {
		for (size_t at = 0; at + 1 < samples[s].head.nlmsg_len; at++) {
			for (size_t t = 0; t < 4; t++) {
				struct message m = samples[s];
				struct net_links *links = net_links_new();

				m.head.nlmsg_type = types[t];
				m.bytes[at] ^= 0xff;
				feed_cut(links, m.bytes, samples[s].head.nlmsg_len);
				m.bytes[at] = 0;
				feed_cut(links, m.bytes, samples[s].head.nlmsg_len);
				report(links);
				net_links_free(links);
			}
		}
	}
}

static void thousands_of_interfaces_come_and_go(void **state)
{
	enum { N = 5000 };
	struct net_links *links = net_links_new();
	size_t n = 0;

	(void)state;
	for (int i = 1; i <= N; i++) {
		feed(links, link_message(RTM_NEWLINK, i * 3, UP, "tap"));
		n += report(links).n;
	}
	assert_int_equal(n, N);
	for (int i = 1; i <= N; i += 2) {
		feed(links, link_message(RTM_DELLINK, i * 3, UP, "tap"));
		n += report(links).n;
	}
	assert_int_equal(n, N + N / 2);
	for (unsigned int i = 1; i <= N; i++)
		assert_int_equal(net_links_find(links, i * 3) != NULL, i % 2 == 0);
	net_links_free(links);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_interface_is_told_once_with_its_facts),
		cmocka_unit_test(the_mtu_of_ipv6_may_be_less),
		cmocka_unit_test(an_interface_without_carrier_is_not_up),
		cmocka_unit_test(a_link_local_counts_once_it_is_usable),
		cmocka_unit_test(the_link_local_stays_while_it_is_usable),
		cmocka_unit_test(lifetimes_of_addresses_have_ends),
		cmocka_unit_test(all_addresses_are_kept_with_their_length),
		cmocka_unit_test(an_interface_that_ipv6_was_taken_from_is_in_no_group),
		cmocka_unit_test(of_a_pair_of_addresses_ours_is_taken),
		cmocka_unit_test(an_interface_forwards_if_it_and_the_namespace_do),
		cmocka_unit_test(what_belongs_to_an_interface_may_come_before_it),
		cmocka_unit_test(what_went_is_told_as_it_last_was),
		cmocka_unit_test(back_under_the_same_number_is_gone_and_new),
		cmocka_unit_test(a_bridge_port_that_leaves_is_not_an_interface_gone),
		cmocka_unit_test(a_listing_sweeps_what_it_does_not_name),
		cmocka_unit_test(a_listing_that_ends_keeps_what_was_just_announced),
		cmocka_unit_test(the_end_of_a_listing_is_seen),
		cmocka_unit_test(a_cut_message_is_left_out),
		cmocka_unit_test(an_attribute_that_is_cut_is_left_out),
		cmocka_unit_test(a_message_that_lies_about_a_length_does_no_harm),
		cmocka_unit_test(thousands_of_interfaces_come_and_go),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

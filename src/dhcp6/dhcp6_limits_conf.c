/* SPDX-License-Identifier: ISC */
/*
 * The rows of `limits:` of the server. The defaults they tell are those of dhcp6_limits.c.
 */
#include "config.h"

#include "dhcp6/dhcp6_conf.h"

/* clang-format off */
static const struct cfg_row limits_rows[] = {
	{"leases-per-client", CFG_U32, CFG_AT(struct dhcp6_limits, leases_per_client), .min = 1,
	 .max = 64, .dflt = "16", .rfc = "8415 22",
	 .doc = "Addresses and prefixes that one client can hold."},
	{"prefixes-per-client", CFG_U32, CFG_AT(struct dhcp6_limits, prefixes_per_client),
	 .min = 1, .max = 64, .dflt = "8", .rfc = "8987 4.1",
	 .doc = "Of those, delegated prefixes."},
	{"leases-per-link", CFG_U32, CFG_AT(struct dhcp6_limits, leases_per_link), .min = 1,
	 .max = 100000000, .dflt = "2000000", .rfc = "8415 22",
	 .doc = "Addresses and prefixes that the clients of one link can hold: of one of our interfaces, with "
		"relays that send from link-local addresses there, or of one other relay. Who would have "
		"more is told that none is available; what is reserved is given all the same. After a "
		"restart clients count from when they are heard of."},
	{"leases-per-port", CFG_U32, CFG_AT(struct dhcp6_limits, leases_per_port), .min = 1,
	 .max = 100000000, .dflt = "262144", .rfc = "8415 22",
	 .doc = "The same for one port: an interface of a relay, by its Interface-Id, or by the "
		"link-address where the relay sends none. That is a whole network with some relays, and "
		"one subscriber with others: write what one can have."},
	{"registrations", CFG_U32, CFG_AT(struct dhcp6_limits, registrations), .min = 1,
	 .max = 10000000, .dflt = "65536", .rfc = "9686 6",
	 .doc = "Addresses of their own that all hosts together can register; one host can register as "
		"many as it can hold leases."},
	{"registrations-per-link", CFG_U32, CFG_AT(struct dhcp6_limits, registrations_per_link), .min = 1,
	 .max = 10000000, .dflt = "16384", .rfc = "9686 6", .doc = "Of those, by hosts of one link."},
	{"registrations-per-port", CFG_U32, CFG_AT(struct dhcp6_limits, registrations_per_port), .min = 1,
	 .max = 10000000, .dflt = "8192", .rfc = "9686 6", .doc = "Of those, by hosts of one port."},
	{"reconfigurable", CFG_U32, CFG_AT(struct dhcp6_limits, leaseless), .min = 16,
	 .max = 1000000, .dflt = "4096", .rfc = "8415 20.4",
	 .doc = "Clients without leases that can be reconfigured; more of them are served, but get no "
		"key."},
	{"offers", CFG_U32, CFG_AT(struct dhcp6_limits, offers), .min = 16, .max = 1000000,
	 .dflt = "4096", .doc = "Offers that are kept until they are requested; the oldest goes first."},
	{"offers-per-link", CFG_U32, CFG_AT(struct dhcp6_limits, offers_per_link), .min = 1,
	 .max = 1000000, .dflt = "1024",
	 .doc = "Of those, to clients of one link; more are made, and not kept for who got them."},
	{"offer-time", CFG_DURATION, CFG_AT(struct dhcp6_limits, offer_time), .min = 1, .max = 3600,
	 .dflt = "60s", .doc = "How long an offer is kept."},
	{"messages-per-client", CFG_U32, CFG_AT(struct dhcp6_limits, messages_per_client),
	 .min = 1, .max = 100000, .dflt = "50", .rfc = "8415 22",
	 .doc = "Messages a second that are taken from one client; five times as many at once."},
	{"messages-per-mac", CFG_U32, CFG_AT(struct dhcp6_limits, messages_per_mac), .min = 1,
	 .max = 1000000, .dflt = "20000", .rfc = "8415 22",
	 .doc = "Messages a second that are taken from one link-layer address, whatever DUIDs it shows, "
		"from clients that hold no lease; as many at once."},
	{"messages-per-port", CFG_U32, CFG_AT(struct dhcp6_limits, messages_per_port), .min = 1,
	 .max = 1000000, .dflt = "50000", .rfc = "8415 22", .doc = "The same for one port of a relay."},
	{"messages-per-link", CFG_U32, CFG_AT(struct dhcp6_limits, messages_per_link), .min = 1,
	 .max = 1000000, .dflt = "200000", .rfc = "8415 22",
	 .doc = "The same for one link: an interface, or a relay."},
	{"messages", CFG_U32, CFG_AT(struct dhcp6_limits, messages), .min = 1, .max = 1000000,
	 .dflt = "500000", .rfc = "8415 22", .doc = "The same for all links together."},
	{"declines-per-hour", CFG_U32, CFG_AT(struct dhcp6_limits, declines_per_hour), .min = 1,
	 .max = 1000, .dflt = "8", .rfc = "8415 22",
	 .doc = "Addresses that one client can decline in an hour; more are not heeded."},
	{"declines-per-link", CFG_U32, CFG_AT(struct dhcp6_limits, declines_per_link), .min = 1,
	 .max = 1000000, .dflt = "1024", .rfc = "8415 22",
	 .doc = "Addresses that the clients of one link can have declined at a time; more are not heeded."},
	{"quarantine-share", CFG_U32, CFG_AT(struct dhcp6_limits, quarantine_share), .min = 1,
	 .max = 100, .dflt = "10", .rfc = "8415 22",
	 .doc = "How much of a network's pools declined addresses can take up, in percent; what "
		"was declined first is given out again before it is more."},
	{"decline-quarantine", CFG_DURATION, CFG_AT(struct dhcp6_limits, decline_quarantine),
	 .min = 1, .max = LIFETIME_INFINITE, .dflt = "1d", .rfc = "8415 18.3.8",
	 .doc = "How long an address that a client found in use is not given out."},
	{"remember", CFG_DURATION, CFG_AT(struct dhcp6_limits, remember), .min = 1,
	 .max = LIFETIME_INFINITE - 1, .dflt = "1d", .rfc = "8415 18.3.7",
	 .doc = "How long a lease that ended is kept for its client, unless it is needed, or its link has "
		"as many of them as `leases-per-link`."},
	{0},
};

const struct cfg_schema dhcp6_limits_schema = {
	.name = "limits",
	.size = sizeof(struct dhcp6_limits),
	.node = CFG_AT(struct dhcp6_limits, node),
	.rows = limits_rows,
	.doc = "Bounds on what clients can make the server keep.",
};
/* clang-format on */

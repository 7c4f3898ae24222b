/* SPDX-License-Identifier: ISC */
/*
 * What clients are told beside their leases: plain data, read by dhcp6_options_schema. Everything
 * pointed to is borrowed: it lives as long as the configuration.
 */
#ifndef SEXTANT_DHCP6_DHCP6_OPTIONS_H
#define SEXTANT_DHCP6_DHCP6_OPTIONS_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/ip6.h"
#include "config/cfg.h"
#include "wire/dns_name.h"

/* An option of which only its bytes are known. */
struct dhcp6_hex {
	const uint8_t *bytes;
	size_t len; /* up to 65535 */
};

/* An option, or one inside a vendor's, by its number; one of the values, or none: it is empty. */
struct dhcp6_raw_option {
	uint16_t code;
	struct dhcp6_hex hex;
	uint8_t *u8;
	size_t n_u8;
	uint16_t *u16;
	size_t n_u16;
	uint32_t *u32;
	size_t n_u32;
	struct in6_addr *addresses;
	size_t n_addresses;
	struct dns_name *names;
	size_t n_names;
	const char *string; /* NULL: none */
	const struct cfg_node *node;
};

/* Vendor options of one enterprise (17). */
struct dhcp6_vendor {
	uint32_t enterprise;
	struct dhcp6_raw_option *options;
	size_t n_options;
	const struct cfg_node *node;
};

/* NTP servers (56). */
struct dhcp6_ntp {
	struct in6_addr *servers;
	size_t n_servers;
	struct in6_addr *multicast;
	size_t n_multicast;
	struct dns_name *names;
	size_t n_names;
	const struct cfg_node *node;
};

/* What machines of some architectures boot (59, 60). */
struct dhcp6_boot {
	uint16_t *archs; /* RFC 5970 section 3.3; at least one */
	size_t n_archs;
	const char *url;
	const char **params;
	size_t n_params;
	const struct cfg_node *node;
};

/* A DNS resolver that is spoken to in encrypted form (144). */
struct dhcp6_resolver {
	uint16_t priority; /* 1 and up */
	struct dns_name name;
	struct in6_addr *addresses; /* none: clients find them by the name */
	size_t n_addresses;
	struct dhcp6_hex service; /* SvcParams as on the wire (RFC 9460 section 2.2) */
	const struct cfg_node *node;
};

struct dhcp6_ip4_prefix {
	uint8_t addr[4]; /* bits past len are zero */
	uint8_t len;
};

/* A set of ports (93). */
struct dhcp6_s46_ports {
	uint8_t offset; /* 0 to 15 */
	uint8_t psid_len;
	uint16_t psid; /* of psid_len bits */
	const struct cfg_node *node;
};

/* A mapping rule (89). */
struct dhcp6_s46_rule {
	struct dhcp6_ip4_prefix ipv4;
	struct ip6_prefix ipv6;
	uint8_t ea_length;
	bool forwarding;
	struct dhcp6_s46_ports *ports; /* one, or none */
	size_t n_ports;
	const struct cfg_node *node;
};

/* A MAP-E domain (94). */
struct dhcp6_map_e {
	struct dhcp6_s46_rule *rules;
	size_t n_rules;
	struct in6_addr *relays; /* border relays (90) */
	size_t n_relays;
	const struct cfg_node *node;
};

/* A MAP-T domain (95). */
struct dhcp6_map_t {
	struct dhcp6_s46_rule *rules;
	size_t n_rules;
	struct ip6_prefix dmr; /* default mapping rule (91) */
	const struct cfg_node *node;
};

/* An IPv4 address for a client (92). */
struct dhcp6_s46_binding {
	struct dhcp6_ip4_prefix ipv4; /* of length 32 */
	struct ip6_prefix ipv6;
	struct dhcp6_s46_ports *ports; /* one, or none */
	size_t n_ports;
	const struct cfg_node *node;
};

/* A Lightweight 4over6 domain (96). */
struct dhcp6_lw4o6 {
	struct in6_addr *relays;
	size_t n_relays;
	struct dhcp6_s46_binding *bindings; /* one, or none */
	size_t n_bindings;
	const struct cfg_node *node;
};

/*
 * Options for clients; which member is which option is in the table of dhcp6_option.c. What is
 * absent (no items, NULL, 0) is not sent.
 */
struct dhcp6_options {
	struct in6_addr *dns; /* 23 */
	size_t n_dns;
	struct dns_name *search; /* 24 */
	size_t n_search;
	struct dns_name *sip_domains; /* 21 */
	size_t n_sip_domains;
	struct in6_addr *sip_servers; /* 22 */
	size_t n_sip_servers;
	struct in6_addr *sntp; /* 31 */
	size_t n_sntp;
	struct dhcp6_vendor *vendors; /* 17 */
	size_t n_vendors;
	uint32_t information_refresh_time; /* 32, seconds */
	const char *posix_timezone;        /* 41 */
	const char *tzdb_timezone;         /* 42 */
	struct dhcp6_ntp ntp;              /* 56 */
	const char *boot_url;              /* 59, where none of boots fits */
	const char **boot_params;          /* 60, likewise */
	size_t n_boot_params;
	struct dhcp6_boot *boots; /* 59 and 60 */
	size_t n_boots;
	struct dns_name aftr;      /* 64; len 0: absent */
	uint32_t sol_max_rt;       /* 82, seconds */
	uint32_t inf_max_rt;       /* 83, seconds */
	struct dhcp6_map_e *map_e; /* 94 */
	size_t n_map_e;
	struct dhcp6_map_t *map_t; /* 95 */
	size_t n_map_t;
	struct dhcp6_lw4o6 *lw4o6; /* 96 */
	size_t n_lw4o6;
	const char *captive_portal; /* 103 */
	struct in6_addr *andsf;     /* 143 */
	size_t n_andsf;
	struct dhcp6_resolver *resolvers; /* 144 */
	size_t n_resolvers;
	struct dhcp6_raw_option *raw;
	size_t n_raw;
	uint16_t *force; /* codes that are sent though nobody asks, the important ones first */
	size_t n_force;
	const struct cfg_node *node;
};

/* The configuration engine's table, in libsextant-conf. */
extern const struct cfg_schema dhcp6_options_schema;

/* What needs two values; errors and warnings go to cfg. */
void dhcp6_options_check(struct cfg *cfg, const struct dhcp6_options *options);

#endif

/* SPDX-License-Identifier: ISC */
/*
 * A little schema with every type of row, for the tests of the configuration engine and its
 * fuzzer.
 */
#ifndef SEXTANT_TESTS_CFG_EXAMPLE_H
#define SEXTANT_TESTS_CFG_EXAMPLE_H

#include "config/cfg.h"

enum example_mode { MODE_SLAAC, MODE_STATEFUL, MODE_OFF };

struct example_interval {
	uint32_t min, max; /* seconds */
	const struct cfg_node *node;
};

struct example_ra {
	const struct cfg_node *node;
	bool managed;
	bool other;
	struct example_interval interval;
	uint8_t hop_limit;
	uint16_t mtu;
	uint32_t retrans; /* milliseconds */
	struct in6_addr *dns;
	size_t n_dns;
	struct dns_name *search;
	size_t n_search;
};

struct example_prefix {
	const struct cfg_node *node;
	struct ip6_prefix prefix;
	uint32_t valid; /* seconds */
};

struct example_span {
	uint32_t first, last;
};

struct example_host {
	const struct cfg_node *node;
	const char *name;
	struct cfg_mac mac;
	struct duid duid;
	struct in6_addr address;
	struct dns_name domain;
};

struct example_network {
	const struct cfg_node *node;
	const char **interfaces;
	size_t n_interfaces;
	int mode; /* enum example_mode */
	struct example_ra ra;
	struct example_prefix *prefixes;
	size_t n_prefixes;
	struct example_host *hosts;
	size_t n_hosts;
	struct example_span span;
	struct example_network *inner; /* rows that hold themselves */
	size_t n_inner;
};

struct example {
	const struct cfg_node *node;
	uint32_t enterprise;
	const char *user;
	uint8_t *numbers;
	size_t n_numbers;
	struct example_network *networks;
	size_t n_networks;
};

extern const struct cfg_schema example_schema;

#endif

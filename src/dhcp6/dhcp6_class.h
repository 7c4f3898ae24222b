/* SPDX-License-Identifier: ISC */
/*
 * Classes of clients: named conditions over what a client sends and where it is. A class gives
 * options, and pools may be for classes only.
 */
#ifndef SEXTANT_DHCP6_DHCP6_CLASS_H
#define SEXTANT_DHCP6_DHCP6_CLASS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ip6.h"
#include "dhcp6/dhcp6_msg.h"
#include "dhcp6/dhcp6_options.h"
#include "dhcp6/dhcp6_relay_conf.h"
#include "duid/duid.h"
#include "ra/ra_conf.h"

/* Classes of the server and of one network together: a bit each in a set. */
enum { DHCP6_CLASSES = 64 };

/* Octets that must be these, or begin with these. */
struct dhcp6_pattern {
	struct dhcp6_relay_id octets;
	bool begins;
};

struct dhcp6_remote_pattern {
	uint32_t enterprise;
	struct dhcp6_pattern pattern;
};

/*
 * A class, by dhcp6_class_schema: all conditions that are given must hold, each by one of its
 * values. One without conditions has every client.
 */
struct dhcp6_class {
	const char *name;
	struct dhcp6_pattern *user_classes; /* an item of the User Class option */
	size_t n_user_classes;
	struct dhcp6_pattern *vendor_classes; /* an item of a Vendor Class option ... */
	size_t n_vendor_classes;
	uint32_t *enterprises; /* ... of one of these, or any of theirs */
	size_t n_enterprises;
	uint16_t *archs; /* one of those that the client names */
	size_t n_archs;
	int *duid_types; /* enum duid_type */
	size_t n_duid_types;
	struct dhcp6_hex *duids; /* what the DUID begins with */
	size_t n_duids;
	struct dhcp6_hex *macs; /* what the link-layer address begins with, 1 to 6 octets */
	size_t n_macs;
	struct ip6_prefix *relays; /* the relay's address */
	size_t n_relays;
	struct dhcp6_pattern *interface_ids;
	size_t n_interface_ids;
	struct dhcp6_remote_pattern *remote_ids;
	size_t n_remote_ids;
	struct dhcp6_pattern *subscriber_ids;
	size_t n_subscriber_ids;
	struct dhcp6_options options;
	struct ra_host_conf ra; /* what they are told in Router Advertisements */
	const struct cfg_node *node;
};

/* What of a client its classes are found by. */
struct dhcp6_relay_path;
struct dhcp6_class_facts {
	const struct dhcp6_msg *msg;
	const uint8_t *mac;                   /* NULL: not known */
	const struct dhcp6_relay_path *relay; /* NULL: none */
};

/* Whether the client is of the class. */
bool dhcp6_class_has(const struct dhcp6_class *class, const struct dhcp6_class_facts *facts);

/* The bit of a class by its name, of `own` and then `wide` ones; 0 if there is none. */
uint64_t dhcp6_class_bit(const struct dhcp6_class *own, size_t n_own,
			 const struct dhcp6_class *wide, size_t n_wide, const char *name);

/* The configuration engine's table, in libsextant-conf. */
extern const struct cfg_schema dhcp6_class_schema;

/* What needs two values; `wide` are the classes of the server, beside those of a network. */
void dhcp6_classes_check(struct cfg *cfg, const struct dhcp6_class *own, size_t n_own,
			 const struct dhcp6_class *wide, size_t n_wide);

#endif

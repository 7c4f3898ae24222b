/* SPDX-License-Identifier: ISC */
/*
 * Which relays a network is reached through: plain data, immutable once checked.
 */
#ifndef SEXTANT_DHCP6_DHCP6_RELAY_CONF_H
#define SEXTANT_DHCP6_DHCP6_RELAY_CONF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/ip6.h"
#include "config/cfg.h"

/* What a relay says of the client's place: opaque octets. NULL: not said, not asked for. */
struct dhcp6_relay_id {
	const uint8_t *bytes;
	size_t len;
};

/* Whether both are given and the same (RFC 8415 section 21.18: never parsed). */
bool dhcp6_relay_id_equal(const struct dhcp6_relay_id *a, const struct dhcp6_relay_id *b);

/* A Remote-ID as RFC 4649 section 3 has it; id.bytes NULL: not asked for. */
struct dhcp6_remote_id {
	uint32_t enterprise;
	struct dhcp6_relay_id id;
};

/* An address that must be in a prefix, if that is given. */
struct dhcp6_relay_within {
	bool given;
	struct ip6_prefix prefix;
};

/* An item of `relays:` of a network: all that it names must hold. */
struct dhcp6_relay_conf {
	struct dhcp6_relay_within address; /* of the relay that sends to the server */
	const char *interface;             /* that it is heard on; NULL: any */
	struct dhcp6_relay_within relay;   /* of the one that says the link-address */
	struct dhcp6_relay_within link_address;
	struct dhcp6_relay_id interface_id;
	struct dhcp6_remote_id remote_id;
	const struct cfg_node *node;
};

enum { DHCP6_RSOO_MAX = 64 };

/* `relays:` of the server. */
struct dhcp6_relays {
	const char **interfaces; /* names or patterns of those that relays are heard on */
	size_t n_interfaces;
	uint16_t *rsoo; /* options that relays may supply, up to DHCP6_RSOO_MAX */
	size_t n_rsoo;
	const struct cfg_node *node;
};

/* The configuration engine's tables, in libsextant-conf. */
extern const struct cfg_schema dhcp6_relay_schema;
extern const struct cfg_schema dhcp6_relays_schema;

/*
 * For rows of CFG_OTHER: octets of an option as text, or as hex digits after 0x, into a
 * struct dhcp6_relay_id; the same after an enterprise number and a colon, into a
 * struct dhcp6_remote_id.
 */
bool dhcp6_relay_id_parse(const char *text, void *dst, struct arena *arena, const char **ret_why);
bool dhcp6_remote_id_parse(const char *text, void *dst, struct arena *arena, const char **ret_why);

#define DHCP6_RELAY_ID_WHAT  "text, or 0x and hex digits"
#define DHCP6_REMOTE_ID_WHAT "enterprise number, a colon, and text or 0x and hex digits"

struct dhcp6_network;

/* What needs two values of `relays:` of all networks, of the server; errors go to cfg. */
void dhcp6_relay_check(struct cfg *cfg, const struct dhcp6_network *networks, size_t n);
void dhcp6_relays_check(struct cfg *cfg, const struct dhcp6_relays *relays);

#endif

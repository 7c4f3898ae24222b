/* SPDX-License-Identifier: ISC */
/*
 * The rows of `relays:`, of a network and of the server, and the checks that need two values.
 */
#include "config.h"

#include "dhcp6/dhcp6_relay_conf.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "dhcp6/dhcp6_conf.h"
#include "dhcp6/dhcp6_option.h"
#include "dhcp6/dhcp6_relay.h"

/* --- values of our own --------------------------------------------------------------------- */

static int nibble(char c)
{
	static const char digits[] = "0123456789abcdef0123456789ABCDEF";
	const char *at = c ? strchr(digits, c) : NULL;

	return at ? (int)(at - digits) % 16 : -1;
}

static bool hex_parse(const char *text, uint8_t *bytes, size_t *ret_len)
{
	size_t n = 0;

	while (*text) {
		int high = nibble(text[0]), low = nibble(text[1]);

		if (high < 0 || low < 0)
			return false;
		bytes[n++] = (uint8_t)(high << 4 | low);
		text += 2;
		if (*text == ':' && text[1])
			text++;
	}
	*ret_len = n;
	return n > 0;
}

bool dhcp6_relay_id_parse(const char *text, void *dst, struct arena *arena, const char **ret_why)
{
	struct dhcp6_relay_id *id = dst;
	size_t len = strlen(text);
	uint8_t *bytes = arena_new(arena, len + 1, 1);

	memcpy(bytes, text, len);
	if (len == 0 || len > UINT16_MAX ||
	    (strncmp(text, "0x", 2) == 0 && !hex_parse(text + 2, bytes, &len))) {
		*ret_why = "is not an identifier, write its text, or its octets as 0x and two hex "
			   "digits each, such as 0x0001af";
		return false;
	}
	*id = (struct dhcp6_relay_id){bytes, len};
	return true;
}

bool dhcp6_remote_id_parse(const char *text, void *dst, struct arena *arena, const char **ret_why)
{
	struct dhcp6_remote_id *remote = dst;
	struct dhcp6_relay_id id;
	char *end;

	errno = 0;
	unsigned long long number = strtoull(text, &end, 10);

	if (*text < '0' || *text > '9' || errno || number > UINT32_MAX || *end != ':') {
		*ret_why = "is not a Remote-ID, write the enterprise number, a colon and the "
			   "identifier, such as 3561:port7 or 3561:0x0001af (RFC 4649 3)";
		return false;
	}
	if (!dhcp6_relay_id_parse(end + 1, &id, arena, ret_why))
		return false;
	*remote = (struct dhcp6_remote_id){(uint32_t)number, id};
	return true;
}

static bool within_parse(const char *text, void *dst, struct arena *arena, const char **ret_why)
{
	struct dhcp6_relay_within *within = dst;
	struct ip6_prefix prefix = {.len = 128};

	(void)arena;
	if (!ip6_parse(text, &prefix.addr) && !ip6_prefix_parse(text, &prefix, NULL)) {
		*ret_why = "is neither an address nor a prefix, write it as 2001:db8::1 or as "
			   "2001:db8::/32 without bits past its length";
		return false;
	}
	*within = (struct dhcp6_relay_within){true, prefix};
	return true;
}

/* --- rows ---------------------------------------------------------------------------------- */

#define RELAY(member) CFG_AT(struct dhcp6_relay_conf, member)
#define WITHIN                                                                 \
	.parse = within_parse, .item_size = sizeof(struct dhcp6_relay_within), \
	.what = "address or prefix"

/* clang-format off */

static const struct cfg_row relay_rows[] = {
	{"address", CFG_OTHER, RELAY(address), .required = true, WITHIN, .rfc = "8415 22.2",
	 .doc = "Where its messages come from: the address of the relay that sends to this server, "
		"or a prefix that has it. Others are not served. A relay in a switch (LDRA) sends "
		"from the client's address: `fe80::/10`."},
	{"interface", CFG_STRING, RELAY(interface), .rfc = "8415 22.2",
	 .doc = "The interface of this machine by which its messages come. When absent, any for a "
		"global address; for a link-local one, which others can have on other links, those "
		"of the network."},
	{"relay", CFG_OTHER, RELAY(relay), WITHIN,
	 .doc = "The address of the relay that says the link-address, where others stand between it "
		"and the server."},
	{"link-address", CFG_OTHER, RELAY(link_address), WITHIN, .rfc = "8415 13.1",
	 .doc = "What its link-address must be or be in. When absent, one of the network's prefixes; "
		"any with an `interface-id` or `remote-id`."},
	{"interface-id", CFG_OTHER, RELAY(interface_id), .parse = dhcp6_relay_id_parse,
	 .item_size = sizeof(struct dhcp6_relay_id), .what = DHCP6_RELAY_ID_WHAT, .rfc = "8415 21.18",
	 .doc = "The Interface-Id that the relay nearest the client must send, octet for octet: the "
		"text, or 0x and hex digits."},
	{"remote-id", CFG_OTHER, RELAY(remote_id), .parse = dhcp6_remote_id_parse,
	 .item_size = sizeof(struct dhcp6_remote_id), .what = DHCP6_REMOTE_ID_WHAT, .rfc = "4649 3",
	 .doc = "The Remote-ID likewise, after its enterprise number and a colon: `3561:port7`, "
		"`3561:0x0001af`."},
	{0},
};

const struct cfg_schema dhcp6_relay_schema = {
	.name = "relay",
	.size = sizeof(struct dhcp6_relay_conf),
	.node = RELAY(node),
	.shorthand = "address",
	.rows = relay_rows,
	.doc = "A relay that the network is reached through; all that is written must hold. The most "
	       "specific one decides: identifiers before link-addresses, longer prefixes before "
	       "shorter ones.",
};

static const struct cfg_row relays_rows[] = {
	{"interfaces", CFG_STRING, CFG_AT(struct dhcp6_relays, interfaces), .list = true,
	 .count = CFG_AT(struct dhcp6_relays, n_interfaces), .rfc = "8415 7.1",
	 .doc = "Interfaces on which relays are heard beside those of the networks: names, or "
		"patterns with *, ? and [], in every namespace that a network names. Also where an "
		"interface of a network is to hear relays of others by multicast (ff05::1:3)."},
	{"rsoo", CFG_U16, CFG_AT(struct dhcp6_relays, rsoo), .list = true,
	 .count = CFG_AT(struct dhcp6_relays, n_rsoo), .min = 1, .max = UINT16_MAX, .dflt = "[65]",
	 .rfc = "6422 6",
	 .doc = "Options that relays may supply for clients (RSOO), by their numbers; what the server "
		"has a value for itself is not taken."},
	{0},
};

const struct cfg_schema dhcp6_relays_schema = {
	.name = "relays",
	.size = sizeof(struct dhcp6_relays),
	.node = CFG_AT(struct dhcp6_relays, node),
	.rows = relays_rows,
	.doc = "What holds for all relays.",
};

/* clang-format on */

/* --- checks between values ----------------------------------------------------------------- */

static bool has_ids(const struct dhcp6_relay_conf *relay)
{
	return relay->interface_id.bytes || relay->remote_id.id.bytes;
}

static bool same_within(const struct dhcp6_relay_within *a, const struct dhcp6_relay_within *b)
{
	return a->given == b->given && ip6_prefix_equal(&a->prefix, &b->prefix);
}

static bool same_id(const struct dhcp6_relay_id *a, const struct dhcp6_relay_id *b)
{
	return (!a->bytes && !b->bytes) || dhcp6_relay_id_equal(a, b);
}

static bool same_text(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

static bool same_relay(const struct dhcp6_relay_conf *a, const struct dhcp6_relay_conf *b)
{
	return same_within(&a->address, &b->address) && same_text(a->interface, b->interface) &&
	       same_within(&a->relay, &b->relay) &&
	       same_within(&a->link_address, &b->link_address) &&
	       same_id(&a->interface_id, &b->interface_id) &&
	       a->remote_id.enterprise == b->remote_id.enterprise &&
	       same_id(&a->remote_id.id, &b->remote_id.id);
}

/* Whether the rule says by itself which network it is of. */
static bool is_distinct(const struct dhcp6_relay_conf *relay)
{
	return has_ids(relay) || relay->link_address.given;
}

static void check_relay(struct cfg *cfg, const struct dhcp6_network *net,
			const struct dhcp6_relay_conf *relay)
{
	const struct in6_addr *addr = &relay->address.prefix.addr;

	if (relay->address.given && (ip6_is_multicast(addr) || ip6_is_loopback(addr)))
		cfg_error(cfg, relay->node, "address", -1,
			  "no relay sends from there; write the address it has on the side of the "
			  "server");
	if (!is_distinct(relay) && !net->n_prefixes)
		cfg_error(cfg, relay->node, NULL, -1,
			  "nothing tells which messages are of this network: give it a prefix, or "
			  "write link-address, interface-id or remote-id here");
}

static bool is_bad(const struct dhcp6_relay_conf *relay)
{
	bool bad = false;

	for (const struct cfg_row *row = relay_rows; row->key && !bad; row++)
		bad = cfg_is_bad(relay->node, row->key);
	return bad;
}

/* Two rules that hold for the same messages: only one of the networks would ever get any. */
static void check_pair(struct cfg *cfg, const struct dhcp6_network *net,
		       const struct dhcp6_relay_conf *relay, const struct dhcp6_network *other)
{
	for (size_t i = 0; i < other->n_relays && &other->relays[i] != relay; i++) {
		if (!same_relay(relay, &other->relays[i]) ||
		    (net != other && !is_distinct(relay)) || is_bad(relay) ||
		    is_bad(&other->relays[i]))
			continue;
		cfg_error(cfg, relay->node, NULL, -1,
			  "the relay at %s says the same; what tells them apart is link-address, "
			  "interface-id, remote-id, relay or interface",
			  cfg_where(cfg, other->relays[i].node, NULL, -1));
	}
}

void dhcp6_relay_check(struct cfg *cfg, const struct dhcp6_network *networks, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		for (size_t r = 0; r < networks[i].n_relays; r++) {
			check_relay(cfg, &networks[i], &networks[i].relays[r]);
			for (size_t k = 0; k <= i; k++) {
				if (same_text(networks[i].netns, networks[k].netns))
					check_pair(cfg, &networks[i], &networks[i].relays[r],
						   &networks[k]);
			}
		}
	}
}

void dhcp6_relays_check(struct cfg *cfg, const struct dhcp6_relays *relays)
{
	if (relays->n_rsoo > DHCP6_RSOO_MAX)
		cfg_error(cfg, relays->node, "rsoo", -1, "%zu options are too many, %d can be",
			  relays->n_rsoo, DHCP6_RSOO_MAX);
	for (size_t i = 0; i < relays->n_rsoo; i++) {
		if (dhcp6_option_is_ours(relays->rsoo[i]))
			cfg_error(
				cfg, relays->node, "rsoo", (int)i,
				"option %u is made by the server itself; a relay cannot supply it",
				(unsigned int)relays->rsoo[i]);
	}
}

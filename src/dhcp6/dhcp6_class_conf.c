/* SPDX-License-Identifier: ISC */
/*
 * The rows of `classes:`. There is no language of expressions: the keys of a class must all hold,
 * the values of a key are alternatives, and what is more than that takes two classes.
 */
#include "config.h"

#include <string.h>

#include "dhcp6/dhcp6_class.h"
#include "dhcp6/dhcp6_option_conf.h"

/* The text without a star at its end. */
static const char *cut_star(const char *text, bool *ret_star, struct arena *arena)
{
	size_t len = strlen(text);
	char *cut;

	*ret_star = len && text[len - 1] == '*';
	if (!*ret_star)
		return text;
	cut = arena_copy(arena, text, len);
	cut[len - 1] = '\0';
	return cut;
}

static bool pattern_parse(const char *text, void *dst, struct arena *arena, const char **ret_why)
{
	struct dhcp6_pattern *pattern = dst;

	text = cut_star(text, &pattern->begins, arena);
	return dhcp6_relay_id_parse(text, &pattern->octets, arena, ret_why);
}

static bool remote_parse(const char *text, void *dst, struct arena *arena, const char **ret_why)
{
	struct dhcp6_remote_pattern *remote = dst;
	struct dhcp6_remote_id id;

	text = cut_star(text, &remote->pattern.begins, arena);
	if (!dhcp6_remote_id_parse(text, &id, arena, ret_why))
		return false;
	remote->enterprise = id.enterprise;
	remote->pattern.octets = id.id;
	return true;
}

static bool mac_parse(const char *text, void *dst, struct arena *arena, const char **ret_why)
{
	struct dhcp6_hex hex;

	if (!dhcp6_hex_parse(text, &hex, arena, ret_why) || !hex.len || hex.len > 6) {
		*ret_why = "is not the beginning of a link-layer address, write 1 to 6 octets such "
			   "as 52:54:00";
		return false;
	}
	if (hex.bytes[0] & 1) {
		*ret_why = "is how addresses of groups begin, the first octet of a host's is even";
		return false;
	}
	*(struct dhcp6_hex *)dst = hex;
	return true;
}

static bool duid_parse_beginning(const char *text, void *dst, struct arena *arena,
				 const char **ret_why)
{
	struct dhcp6_hex hex;

	if (!dhcp6_hex_parse(text, &hex, arena, ret_why) || !hex.len || hex.len > DUID_MAX) {
		*ret_why = "is not the beginning of a DUID, write octets such as 00:03:00:01:52:54";
		return false;
	}
	*(struct dhcp6_hex *)dst = hex;
	return true;
}

static bool relay_parse(const char *text, void *dst, struct arena *arena, const char **ret_why)
{
	struct ip6_prefix prefix = {.len = 128};

	(void)arena;
	if (!ip6_parse(text, &prefix.addr) && !ip6_prefix_parse(text, &prefix, NULL)) {
		*ret_why = "is neither an address nor a prefix, write it as 2001:db8::1 or as "
			   "2001:db8::/32 without bits past its length";
		return false;
	}
	*(struct ip6_prefix *)dst = prefix;
	return true;
}

#define CLASS(member)      CFG_AT(struct dhcp6_class, member)
#define CLASS_LIST(member) CLASS(member), .list = true, .count = CLASS(n_##member)
#define PATTERN                                                            \
	.parse = pattern_parse, .item_size = sizeof(struct dhcp6_pattern), \
	.what = "text, or 0x and hex digits, with * behind the beginning of more"
#define BEGINNING .item_size = sizeof(struct dhcp6_hex), .what = "row of octets in hex such as 00:1f:a0"

/* clang-format off */

static const struct cfg_name duid_types[] = {
	{"llt", DUID_LLT, "Link-layer address and time."},
	{"en", DUID_EN, "Enterprise number."},
	{"ll", DUID_LL, "Link-layer address."},
	{"uuid", DUID_UUID, "UUID."},
	{0},
};

static const struct cfg_row class_rows[] = {
	{"name", CFG_STRING, CLASS(name), .required = true, .doc = "What pools and the log call it."},
	{"user-class", CFG_OTHER, CLASS_LIST(user_classes), PATTERN, .rfc = "8415 21.15",
	 .doc = "An item of its User Class option: the text, or 0x and hex digits; with * at the end, what it begins with."},
	{"vendor-class", CFG_OTHER, CLASS_LIST(vendor_classes), PATTERN, .rfc = "8415 21.16",
	 .doc = "An item of its Vendor Class option, such as `PXEClient*`."},
	{"enterprise", CFG_U32, CLASS_LIST(enterprises), .rfc = "8415 21.16",
	 .doc = "The enterprise number of its Vendor Class option; with `vendor-class`, of the option that has the item."},
	{"architecture", CFG_OTHER, CLASS_LIST(archs), .parse = dhcp6_arch_parse, .item_size = sizeof(uint16_t),
	 .what = DHCP6_ARCH_WHAT, .rfc = "5970 3.3", .doc = "An architecture that it can boot, by name or number."},
	{"duid-type", CFG_ENUM, CLASS_LIST(duid_types), .names = duid_types, .rfc = "8415 11", .doc = "The type of its DUID."},
	{"duid", CFG_OTHER, CLASS_LIST(duids), .parse = duid_parse_beginning, BEGINNING,
	 .doc = "What its DUID begins with."},
	{"mac", CFG_OTHER, CLASS_LIST(macs), .parse = mac_parse, BEGINNING,
	 .doc = "What its link-layer address begins with, such as `52:54:00`."},
	{"relay", CFG_OTHER, CLASS_LIST(relays), .parse = relay_parse, .item_size = sizeof(struct ip6_prefix),
	 .what = "address or prefix", .doc = "The address of the relay that sends to this server or that says the link-address, or a prefix that has it."},
	{"interface-id", CFG_OTHER, CLASS_LIST(interface_ids), PATTERN, .rfc = "8415 21.18",
	 .doc = "The Interface-Id of the relay nearest the client."},
	{"remote-id", CFG_OTHER, CLASS_LIST(remote_ids), .parse = remote_parse, .item_size = sizeof(struct dhcp6_remote_pattern),
	 .what = DHCP6_REMOTE_ID_WHAT, .rfc = "4649 3", .doc = "The Remote-ID likewise, after its enterprise number and a colon: `3561:port7`, `3561:0x01*`."},
	{"subscriber-id", CFG_OTHER, CLASS_LIST(subscriber_ids), PATTERN, .rfc = "4580 2", .doc = "The Subscriber-ID likewise."},
	{"options", CFG_MAP, CLASS(options), .sub = &dhcp6_options_schema,
	 .doc = "Options for its clients, in place of those of the network. Of two classes the one that stands first counts, and those of the network before those of the server."},
	{"ra", CFG_MAP, CLASS(ra), .sub = &ra_host_schema, .rfc = "8273 4",
	 .doc = "What they are told in Router Advertisements, where `multicast` of `ra` is off or private. A "
		"solicitation tells the link-layer address only, so `mac` must be the one condition."},
	{0},
};

const struct cfg_schema dhcp6_class_schema = {
	.name = "class",
	.size = sizeof(struct dhcp6_class),
	.node = CLASS(node),
	.rows = class_rows,
	.doc = "A class of clients: those for whom all that is written holds; of several values, one. "
	       "Without any condition it has every client.",
};

/* clang-format on */

static void check_name(struct cfg *cfg, const struct dhcp6_class *class,
		       const struct dhcp6_class *others, size_t n)
{
	for (size_t i = 0; class->name && i < n; i++) {
		if (others[i].name && strcmp(others[i].name, class->name) == 0)
			cfg_error(cfg, class->node, "name", -1,
				  "the name is that of the class at %s; give this one another",
				  cfg_where(cfg, others[i].node, "name", -1));
	}
}

/* Conditions on what only DHCPv6 messages tell. */
static const char *const dhcp6_conditions[] = {
	"user-class", "vendor-class", "enterprise",   "architecture", "duid-type",
	"duid",       "relay",        "interface-id", "remote-id",    "subscriber-id"};

static void check_ra(struct cfg *cfg, const struct dhcp6_class *class)
{
	if (!cfg_is_set(class->node, "ra"))
		return;
	if (!class->n_macs && !cfg_is_bad(class->node, "mac"))
		cfg_error(cfg, class->node, "ra", -1,
			  "a solicitation tells the link-layer address only; write mac");
	for (size_t i = 0; i < sizeof(dhcp6_conditions) / sizeof(dhcp6_conditions[0]); i++) {
		if (cfg_is_set(class->node, dhcp6_conditions[i]))
			cfg_error(cfg, class->node, dhcp6_conditions[i], -1,
				  "a solicitation does not tell it, and the class has ra; make two "
				  "classes of it");
	}
}

void dhcp6_classes_check(struct cfg *cfg, const struct dhcp6_class *own, size_t n_own,
			 const struct dhcp6_class *wide, size_t n_wide)
{
	for (size_t i = 0; i < n_own; i++) {
		check_name(cfg, &own[i], own, i);
		check_name(cfg, &own[i], wide, n_wide);
		dhcp6_options_check(cfg, &own[i].options);
		check_ra(cfg, &own[i]);
	}
	if (n_own + n_wide > DHCP6_CLASSES && n_own)
		cfg_error(cfg, own[n_own - 1].node, NULL, -1,
			  "there are %zu classes, with those of the server; %d can be",
			  n_own + n_wide, (int)DHCP6_CLASSES);
}

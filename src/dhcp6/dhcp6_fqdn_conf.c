/* SPDX-License-Identifier: ISC */
/*
 * The rows of `fqdn:`.
 */
#include "config.h"

#include "dhcp6/dhcp6_fqdn_conf.h"

/* clang-format off */

static const struct cfg_name updates[] = {
	{"no", DHCP6_UPDATE_NO, "None; clients are told so."},
	{"asked", DHCP6_UPDATE_ASKED, "Those that the client leaves to the server."},
	{"always", DHCP6_UPDATE_ALWAYS, "All, whatever the client wants."},
	{0},
};

static const struct cfg_row fqdn_rows[] = {
	{"enabled", CFG_BOOL, CFG_AT(struct dhcp6_fqdn_conf, enabled), .dflt = "false",
	 .rfc = "4704 6", .doc = "Whether names are answered and kept with the leases."},
	{"domain", CFG_DNS_NAME, CFG_AT(struct dhcp6_fqdn_conf, domain), .rfc = "4704 4.2",
	 .doc = "What completes a name. Of a complete name in another domain the first label is "
		"taken. When absent, names stay as they came."},
	{"update", CFG_ENUM, CFG_AT(struct dhcp6_fqdn_conf, update), .dflt = "no",
	 .names = updates, .rfc = "4704 6.1",
	 .doc = "Which DNS records are to follow the leases. The daemon does not speak to DNS servers "
		"itself: at log level debug it says what is to be added and removed."},
	{0},
};

const struct cfg_schema dhcp6_fqdn_schema = {
	.name = "fqdn",
	.size = sizeof(struct dhcp6_fqdn_conf),
	.node = CFG_AT(struct dhcp6_fqdn_conf, node),
	.rows = fqdn_rows,
	.doc = "Names that clients send (option 39). Labels are made of letters, digits and hyphens. Who "
	       "sends an empty name gets that of its reservation, else one of its address.",
};

/* clang-format on */

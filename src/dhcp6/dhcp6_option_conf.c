/* SPDX-License-Identifier: ISC */
/*
 * The rows of `options:` of a server, a network, a class and a host, and what needs more than one
 * value of them. Which option a key becomes is in the table of dhcp6_option.c.
 */
#include "config.h"

#include "dhcp6/dhcp6_option_conf.h"

#include <stdlib.h>
#include <string.h>

#include "dhcp6/dhcp6_option.h"
#include "dhcp6/dhcp6_s46_conf.h"
#include "ra/ra_conf.h"
#include "ra/ra_conf_text.h"

/* --- values of our own --------------------------------------------------------------------- */

static int nibble(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool dhcp6_hex_parse(const char *text, void *dst, struct arena *arena, const char **ret_why)
{
	struct dhcp6_hex *hex = dst;
	uint8_t *bytes = arena_new(arena, strlen(text) / 2 + 1, 1);
	size_t n = 0;

	while (*text) {
		if (nibble(text[0]) < 0 || nibble(text[1]) < 0 || n == UINT16_MAX) {
			*ret_why =
				"is not octets in hex, write two digits an octet such as 00:1f:a0";
			return false;
		}
		bytes[n++] = (uint8_t)(nibble(text[0]) << 4 | nibble(text[1]));
		text += 2;
		if (*text == ':' && text[1])
			text++;
	}
	*hex = (struct dhcp6_hex){bytes, n};
	return true;
}

/* A decimal number of 16 bits; false if it is none. */
static bool number_parse(const char *text, uint16_t *ret)
{
	unsigned long value;
	char *end;

	if (text[0] < '0' || text[0] > '9' || strlen(text) > 5)
		return false;
	value = strtoul(text, &end, 10);
	if (*end || value > UINT16_MAX)
		return false;
	*ret = (uint16_t)value;
	return true;
}

/* The registry of RFC 5970 section 6. */
static const struct {
	const char *name;
	uint16_t arch;
} archs[] = {
	{"x86-bios", 0},    {"x86-uefi", 6},      {"x64-uefi", 7},      {"arm32-uefi", 10},
	{"arm64-uefi", 11}, {"x86-http", 15},     {"x64-http", 16},     {"arm32-http", 18},
	{"arm64-http", 19}, {"riscv64-uefi", 27}, {"riscv64-http", 28},
};

bool dhcp6_arch_parse(const char *text, void *dst, struct arena *arena, const char **ret_why)
{
	(void)arena;
	for (size_t i = 0; i < sizeof(archs) / sizeof(archs[0]); i++) {
		if (strcmp(archs[i].name, text) == 0) {
			*(uint16_t *)dst = archs[i].arch;
			return true;
		}
	}
	*ret_why =
		"is no architecture, write a number of the IANA registry, or x86-bios, x86-uefi, "
		"x64-uefi, arm32-uefi, arm64-uefi, riscv64-uefi, and the same with -http";
	return number_parse(text, dst);
}

static bool force_parse(const char *text, void *dst, struct arena *arena, const char **ret_why)
{
	uint16_t code = dhcp6_option_code(text);

	(void)arena;
	*ret_why = "is no option, write one of the keys here or the number of an option";
	if (!code && (!number_parse(text, &code) || !code))
		return false;
	*(uint16_t *)dst = code;
	return true;
}

static bool service_parse(const char *text, void *dst, struct arena *arena, const char **ret_why)
{
	struct ra_octets octets;

	if (!ra_conf_parse_service(text, &octets, arena, ret_why))
		return false;
	*(struct dhcp6_hex *)dst = (struct dhcp6_hex){octets.bytes, octets.len};
	return true;
}

/* --- rows ---------------------------------------------------------------------------------- */

#define OPTION(member)        CFG_AT(struct dhcp6_options, member)
#define LIST_OF(type, member) CFG_AT(type, member), .list = true, .count = CFG_AT(type, n_##member)
#define OPTION_LIST(member)   LIST_OF(struct dhcp6_options, member)
#define RAW_LIST(member)      LIST_OF(struct dhcp6_raw_option, member)

/* clang-format off */

static const struct cfg_row raw_rows[] = {
	{"code", CFG_U16, CFG_AT(struct dhcp6_raw_option, code), .required = true, .min = 1,
	 .max = UINT16_MAX, .doc = "Number of the option."},
	{"hex", CFG_OTHER, CFG_AT(struct dhcp6_raw_option, hex), .parse = dhcp6_hex_parse,
	 .item_size = sizeof(struct dhcp6_hex), .what = "row of octets in hex such as 00:1f:a0",
	 .doc = "Its content, as octets. Without any content the option is empty."},
	{"u8", CFG_U8, RAW_LIST(u8), .doc = "Its content, as numbers of 8 bits."},
	{"u16", CFG_U16, RAW_LIST(u16), .doc = "Its content, as numbers of 16 bits."},
	{"u32", CFG_U32, RAW_LIST(u32), .doc = "Its content, as numbers of 32 bits."},
	{"addresses", CFG_IP6, RAW_LIST(addresses), .doc = "Its content, as IPv6 addresses."},
	{"names", CFG_DNS_NAME, RAW_LIST(names), .doc = "Its content, as domain names."},
	{"string", CFG_STRING, CFG_AT(struct dhcp6_raw_option, string), .doc = "Its content, as text."},
	{0},
};

static const struct cfg_schema raw_schema = {
	.name = "raw option",
	.size = sizeof(struct dhcp6_raw_option),
	.node = CFG_AT(struct dhcp6_raw_option, node),
	.rows = raw_rows,
	.doc = "An option that has no key of its own.",
};

static const struct cfg_row vendor_rows[] = {
	{"enterprise", CFG_U32, CFG_AT(struct dhcp6_vendor, enterprise), .required = true,
	 .doc = "The vendor's IANA enterprise number."},
	{"options", CFG_MAPS, CFG_AT(struct dhcp6_vendor, options), .required = true,
	 .count = CFG_AT(struct dhcp6_vendor, n_options), .sub = &raw_schema,
	 .doc = "Its options, by the numbers that the vendor gave them."},
	{0},
};

static const struct cfg_schema vendor_schema = {
	.name = "vendor",
	.size = sizeof(struct dhcp6_vendor),
	.node = CFG_AT(struct dhcp6_vendor, node),
	.rows = vendor_rows,
	.doc = "Options that a vendor made.",
};

static const struct cfg_row ntp_rows[] = {
	{"servers", CFG_IP6, LIST_OF(struct dhcp6_ntp, servers), .rfc = "5908 4.1", .doc = "Addresses of servers."},
	{"multicast", CFG_IP6, LIST_OF(struct dhcp6_ntp, multicast), .rfc = "5908 4.2",
	 .doc = "Groups that servers send the time to."},
	{"names", CFG_DNS_NAME, LIST_OF(struct dhcp6_ntp, names), .rfc = "5908 4.3", .doc = "Names of servers."},
	{0},
};

static const struct cfg_schema ntp_schema = {
	.name = "NTP",
	.size = sizeof(struct dhcp6_ntp),
	.node = CFG_AT(struct dhcp6_ntp, node),
	.rows = ntp_rows,
	.doc = "NTP servers.",
};

static const struct cfg_row boot_rows[] = {
	{"architecture", CFG_OTHER, LIST_OF(struct dhcp6_boot, archs), .required = true,
	 .parse = dhcp6_arch_parse, .item_size = sizeof(uint16_t), .what = DHCP6_ARCH_WHAT, .rfc = "5970 3.3",
	 .doc = "Architectures that it is for: numbers of the IANA registry, or `x86-bios`, `x86-uefi`, "
		"`x64-uefi`, `arm32-uefi`, `arm64-uefi`, `riscv64-uefi`, and those with `-http` for HTTP boot."},
	{"url", CFG_STRING, CFG_AT(struct dhcp6_boot, url), .required = true, .rfc = "5970 3.1",
	 .doc = "URL of the boot file."},
	{"params", CFG_STRING, LIST_OF(struct dhcp6_boot, params), .rfc = "5970 3.2",
	 .doc = "Parameters of the boot file."},
	{0},
};

static const struct cfg_schema boot_schema = {
	.name = "boot file",
	.size = sizeof(struct dhcp6_boot),
	.node = CFG_AT(struct dhcp6_boot, node),
	.rows = boot_rows,
	.doc = "What machines of some architectures boot.",
};

static const struct cfg_row resolver_rows[] = {
	{"name", CFG_DNS_NAME, CFG_AT(struct dhcp6_resolver, name), .required = true, .rfc = "9463 3.1",
	 .doc = "The name that the resolver's certificate holds."},
	{"addresses", CFG_IP6, LIST_OF(struct dhcp6_resolver, addresses), .rfc = "9463 3.1.6",
	 .doc = "Its addresses. Without any, clients resolve the name themselves."},
	{"service", CFG_OTHER, CFG_AT(struct dhcp6_resolver, service), .parse = service_parse,
	 .item_size = sizeof(struct dhcp6_hex), .what = "list of alpn=, port= and dohpath=", .rfc = "9463 3.1.8",
	 .doc = "How it is spoken to, such as \"alpn=h2,dot dohpath=/dns-query{?dns}\"."},
	{"priority", CFG_U16, CFG_AT(struct dhcp6_resolver, priority), .min = 1, .max = 65535, .dflt = "1",
	 .rfc = "9463 3.1.4", .doc = "Clients take the resolver with the lowest."},
	{0},
};

static const struct cfg_schema resolver_schema = {
	.name = "encrypted resolver",
	.size = sizeof(struct dhcp6_resolver),
	.node = CFG_AT(struct dhcp6_resolver, node),
	.shorthand = "name",
	.rows = resolver_rows,
	.doc = "A DNS resolver that is spoken to in encrypted form.",
};

static const struct cfg_row option_rows[] = {
	{"dns", CFG_IP6, OPTION_LIST(dns), .rfc = "3646 3",
	 .doc = "Recursive DNS servers, the preferred one first."},
	{"search", CFG_DNS_NAME, OPTION_LIST(search), .rfc = "3646 4",
	 .doc = "Domains that names without dots are searched in."},
	{"encrypted-dns", CFG_MAPS, OPTION(resolvers), .count = OPTION(n_resolvers), .sub = &resolver_schema,
	 .rfc = "9463 4", .doc = "DNS resolvers that are spoken to in encrypted form."},
	{"ntp", CFG_MAP, OPTION(ntp), .sub = &ntp_schema, .rfc = "5908", .doc = "NTP servers."},
	{"sntp", CFG_IP6, OPTION_LIST(sntp), .rfc = "4075 4", .doc = "SNTP servers, for old clients."},
	{"sip-domains", CFG_DNS_NAME, OPTION_LIST(sip_domains), .rfc = "3319 3.1",
	 .doc = "Domains of SIP outbound proxies."},
	{"sip-servers", CFG_IP6, OPTION_LIST(sip_servers), .rfc = "3319 3.2",
	 .doc = "Addresses of SIP outbound proxies."},
	{"posix-timezone", CFG_STRING, OPTION(posix_timezone), .rfc = "4833 3",
	 .doc = "Time zone as a POSIX TZ string."},
	{"tzdb-timezone", CFG_STRING, OPTION(tzdb_timezone), .rfc = "4833 3",
	 .doc = "Time zone as a name of the TZ database, such as Europe/Berlin."},
	{"boot-url", CFG_STRING, OPTION(boot_url), .rfc = "5970 3.1",
	 .doc = "URL of a boot file; an IPv6 address in it stands in brackets."},
	{"boot-params", CFG_STRING, OPTION_LIST(boot_params), .rfc = "5970 3.2",
	 .doc = "Parameters of the boot file."},
	{"boot", CFG_MAPS, OPTION(boots), .count = OPTION(n_boots), .sub = &boot_schema, .rfc = "5970 3.3",
	 .doc = "Boot files by the client's architecture; for others there is `boot-url`."},
	{"aftr", CFG_DNS_NAME, OPTION(aftr), .rfc = "6334 3",
	 .doc = "Name of the AFTR for Dual-Stack Lite."},
	{"map-e", CFG_MAPS, OPTION(map_e), .count = OPTION(n_map_e), .sub = &dhcp6_map_e_schema,
	 .rfc = "7598 5.1", .doc = "Domains of MAP-E."},
	{"map-t", CFG_MAPS, OPTION(map_t), .count = OPTION(n_map_t), .sub = &dhcp6_map_t_schema,
	 .rfc = "7598 5.2", .doc = "Domains of MAP-T."},
	{"lw4o6", CFG_MAPS, OPTION(lw4o6), .count = OPTION(n_lw4o6), .sub = &dhcp6_lw4o6_schema,
	 .rfc = "7598 5.3", .doc = "Domains of Lightweight 4over6."},
	{"captive-portal", CFG_STRING, OPTION(captive_portal), .max = 255, .rfc = "8910 2.2",
	 .doc = "URI of the captive portal API; the same as in Router Advertisements. "
		"`urn:ietf:params:capport:unrestricted` says that there is none."},
	{"andsf", CFG_IP6, OPTION_LIST(andsf), .rfc = "6153 3", .doc = "ANDSF servers."},
	{"information-refresh-time", CFG_DURATION, OPTION(information_refresh_time), .min = 600,
	 .max = LIFETIME_INFINITE, .rfc = "8415 21.23",
	 .doc = "How long a client without leases goes by these options before it asks again; when absent a day, "
		"or 10m where prefixes are learned from an uplink."},
	{"sol-max-rt", CFG_DURATION, OPTION(sol_max_rt), .min = 60, .max = 86400,
	 .rfc = "8415 21.24", .doc = "Longest time between a client's Solicits."},
	{"inf-max-rt", CFG_DURATION, OPTION(inf_max_rt), .min = 60, .max = 86400,
	 .rfc = "8415 21.25", .doc = "Longest time between a client's Information-requests."},
	{"vendor", CFG_MAPS, OPTION(vendors), .count = OPTION(n_vendors), .sub = &vendor_schema,
	 .rfc = "8415 21.17", .doc = "Options that vendors made. What a narrower place says stands in for those of the same enterprise."},
	{"raw", CFG_MAPS, OPTION(raw), .count = OPTION(n_raw), .sub = &raw_schema,
	 .doc = "Options that have no key of their own, by their numbers."},
	{"force", CFG_OTHER, OPTION_LIST(force), .parse = force_parse, .item_size = sizeof(uint16_t),
	 .what = "key or number of an option", .rfc = "8415 18.3",
	 .doc = "Options that are sent to who does not ask for them too, the most important one first: "
		"where an answer would be longer than 1280 octets, the last are left out."},
	{0},
};

const struct cfg_schema dhcp6_options_schema = {
	.name = "DHCPv6 options",
	.size = sizeof(struct dhcp6_options),
	.node = CFG_AT(struct dhcp6_options, node),
	.rows = option_rows,
	.doc = "What clients are told beside their leases, if they ask for it.",
};

/* clang-format on */

/* --- checks between values ----------------------------------------------------------------- */

static void check_value(struct cfg *cfg, const struct dhcp6_raw_option *raw)
{
	int values = (raw->hex.len > 0) + (raw->n_u8 > 0) + (raw->n_u16 > 0) + (raw->n_u32 > 0) +
		     (raw->n_addresses > 0) + (raw->n_names > 0) + (raw->string != NULL);

	if (values > 1)
		cfg_error(cfg, raw->node, NULL, -1,
			  "the option has %d contents, one of them can be", values);
}

static void check_raw(struct cfg *cfg, const struct dhcp6_options *options)
{
	for (size_t i = 0; i < options->n_raw; i++) {
		const struct dhcp6_raw_option *raw = &options->raw[i];
		const char *name = dhcp6_option_name(raw->code);

		check_value(cfg, raw);
		if (dhcp6_option_is_ours(raw->code))
			cfg_error(cfg, raw->node, "code", -1,
				  "option %u is made by the server itself; leave it out",
				  (unsigned int)raw->code);
		else if (name)
			cfg_error(cfg, raw->node, "code", -1, "option %u has a key: write %s",
				  (unsigned int)raw->code, name);
	}
}

static void check_vendors(struct cfg *cfg, const struct dhcp6_options *options)
{
	for (size_t i = 0; i < options->n_vendors; i++) {
		const struct dhcp6_vendor *vendor = &options->vendors[i];

		for (size_t k = 0; k < vendor->n_options; k++)
			check_value(cfg, &vendor->options[k]);
		for (size_t k = 0; k < i; k++) {
			if (vendor->enterprise == options->vendors[k].enterprise)
				cfg_error(
					cfg, vendor->node, "enterprise", -1,
					"the enterprise is already at %s; an answer holds its "
					"options once (RFC 8415 21.17)",
					cfg_where(cfg, options->vendors[k].node, "enterprise", -1));
		}
	}
}

static void check_force(struct cfg *cfg, const struct dhcp6_options *options)
{
	for (size_t i = 0; i < options->n_force; i++) {
		unsigned int code = options->force[i];

		if (dhcp6_option_is_ours(options->force[i]))
			cfg_error(cfg, options->node, "force", (int)i,
				  "option %u is made by the server itself; leave it out", code);
		else if (dhcp6_option_is_asked_only(options->force[i]))
			cfg_error(cfg, options->node, "force", (int)i,
				  "option %u may be sent only to who asks for it (RFC 8415 21.23 "
				  "to 21.25)",
				  code);
	}
}

static void check_ntp(struct cfg *cfg, const struct dhcp6_ntp *ntp)
{
	for (size_t i = 0; i < ntp->n_servers; i++) {
		if (ip6_is_multicast(&ntp->servers[i]))
			cfg_error(cfg, ntp->node, "servers", (int)i,
				  "is a group, which belongs under multicast");
	}
	for (size_t i = 0; i < ntp->n_multicast; i++) {
		if (!ip6_is_multicast(&ntp->multicast[i]))
			cfg_error(cfg, ntp->node, "multicast", (int)i,
				  "is no group such as ff05::101; a server belongs under servers");
	}
}

/* The host of a URL: what is behind "//" and before a path; NULL if it has none. */
static const char *host_of(const char *url, size_t *ret_len)
{
	const char *host = strstr(url, "://");

	if (!host)
		return NULL;
	host += 3;
	size_t len = strcspn(host, "/?#");
	const char *at = memchr(host, '@', len);

	if (at) {
		len -= (size_t)(at + 1 - host);
		host = at + 1;
	}
	*ret_len = len;
	return host;
}

/* RFC 5970 section 3.1, RFC 3986 section 3.2.2. */
static void check_url(struct cfg *cfg, const struct cfg_node *node, const char *key,
		      const char *url)
{
	size_t len = 0, colons = 0;
	const char *host;

	if (!url || !*url)
		return;
	host = host_of(url, &len);
	if (!host) {
		cfg_error(cfg, node, key, -1, "is not a URL such as tftp://[2001:db8::1]/boot.efi");
		return;
	}
	for (size_t i = 0; i < len; i++)
		colons += host[i] == ':';
	if (*host != '[' && colons > 1)
		cfg_error(cfg, node, key, -1,
			  "an IPv6 address in a URL stands in brackets, as in "
			  "tftp://[2001:db8::1]/boot.efi (RFC 5970 3.1)");
}

/* RFC 8910 section 2: a name, for the API is spoken to by TLS. */
static void check_portal(struct cfg *cfg, const struct dhcp6_options *options)
{
	const char *uri = options->captive_portal, *host;
	size_t len = 0;

	if (!uri || strcmp(uri, "urn:ietf:params:capport:unrestricted") == 0)
		return;
	host = host_of(uri, &len);
	if (!host || strncmp(uri, "https://", 8) != 0)
		cfg_error(cfg, options->node, "captive-portal", -1,
			  "is not the URI of an API, such as https://example.org/captive (RFC 8908 "
			  "4.1)");
	else if (*host == '[' || strspn(host, "0123456789.:") >= len)
		cfg_error(cfg, options->node, "captive-portal", -1,
			  "names an address, and should name a host (RFC 8910 2)");
}

/* RFC 6334 section 3: a whole name, and not an address. */
static void check_aftr(struct cfg *cfg, const struct dhcp6_options *options)
{
	const struct dns_name *name = &options->aftr;
	bool digits = true;

	for (size_t i = 0; i < name->len;) {
		size_t end = i + 1 + name->bytes[i];

		for (size_t k = i + 1; k < end; k++)
			digits &= name->bytes[k] >= '0' && name->bytes[k] <= '9';
		i = end;
	}
	if (name->len && (name->len <= 3 || digits))
		cfg_error(cfg, options->node, "aftr", -1,
			  "is no name of a host, such as aftr.example.org (RFC 6334 3)");
}

static void check_resolvers(struct cfg *cfg, const struct dhcp6_options *options)
{
	for (size_t i = 0; i < options->n_resolvers; i++) {
		const struct dhcp6_resolver *resolver = &options->resolvers[i];

		/* RFC 9463 section 3.1.8: "alpn" should be there; without addresses nothing is. */
		if (resolver->n_addresses && !resolver->service.len)
			cfg_warning(cfg, resolver->node, "addresses", -1,
				    "clients do not know how to speak to the resolver; write "
				    "service, such as \"alpn=dot\" (RFC 9463 3.1.8)");
		if (!resolver->n_addresses && resolver->service.len)
			cfg_warning(cfg, resolver->node, "service", -1,
				    "is not sent without addresses; write them, or leave it out "
				    "(RFC 9463 3.1.6)");
	}
}

void dhcp6_options_check(struct cfg *cfg, const struct dhcp6_options *options)
{
	uint16_t too_long = dhcp6_options_too_long(options);

	check_raw(cfg, options);
	check_vendors(cfg, options);
	check_force(cfg, options);
	check_ntp(cfg, &options->ntp);
	check_url(cfg, options->node, "boot-url", options->boot_url);
	for (size_t i = 0; i < options->n_boots; i++)
		check_url(cfg, options->boots[i].node, "url", options->boots[i].url);
	check_portal(cfg, options);
	check_aftr(cfg, options);
	check_resolvers(cfg, options);
	dhcp6_s46_check(cfg, options);
	if (too_long)
		cfg_error(cfg, options->node, NULL, -1,
			  "option %u is longer than 65535 octets, which an option can hold",
			  (unsigned int)too_long);
}

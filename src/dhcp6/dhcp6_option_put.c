/* SPDX-License-Identifier: ISC */
/*
 * The values of options that are more than one of the plain shapes: vendor options, NTP servers,
 * network boot, encrypted resolvers, and options known by their numbers alone.
 */
#include "config.h"

#include <string.h>

#include "dhcp6/dhcp6_option_row.h"

static void put_text(struct wire_writer *w, const char *text)
{
	wire_put_bytes(w, text, strlen(text));
}

/* --- numbers ------------------------------------------------------------------------------- */

static void put_value(struct wire_writer *w, const struct dhcp6_raw_option *raw)
{
	wire_put_bytes(w, raw->hex.bytes, raw->hex.len);
	for (size_t i = 0; i < raw->n_u8; i++)
		wire_put_u8(w, raw->u8[i]);
	for (size_t i = 0; i < raw->n_u16; i++)
		wire_put_u16(w, raw->u16[i]);
	for (size_t i = 0; i < raw->n_u32; i++)
		wire_put_u32(w, raw->u32[i]);
	for (size_t i = 0; i < raw->n_addresses; i++)
		wire_put_ip6(w, &raw->addresses[i]);
	for (size_t i = 0; i < raw->n_names; i++)
		dns_name_put(w, &raw->names[i]);
	if (raw->string)
		put_text(w, raw->string);
}

bool dhcp6_raw_put(const struct dhcp6_options *options, size_t index, struct wire_writer *w,
		   uint16_t *ret_code)
{
	if (index >= options->n_raw)
		return false;
	put_value(w, &options->raw[index]);
	*ret_code = options->raw[index].code;
	return true;
}

/* RFC 8415 section 21.17: options of the vendor's own, with codes and lengths of 16 bits. */
bool dhcp6_vendor_put(const struct dhcp6_options *options, size_t index, struct wire_writer *w,
		      struct dhcp6_option_mark *ret_mark)
{
	const struct dhcp6_vendor *vendor;

	if (index >= options->n_vendors)
		return false;
	vendor = &options->vendors[index];
	wire_put_u32(w, vendor->enterprise);
	for (size_t i = 0; i < vendor->n_options; i++) {
		wire_put_u16(w, vendor->options[i].code);
		size_t mark = wire_put_open(w, WIRE_LEN_U16);

		put_value(w, &vendor->options[i]);
		wire_put_close(w, mark, WIRE_LEN_U16);
	}
	ret_mark->instance = vendor->enterprise;
	return true;
}

/* --- NTP: RFC 5908 section 4 ------------------------------------------------------------------ */

enum ntp_suboption {
	NTP_SERVER = 1,
	NTP_MULTICAST = 2,
	NTP_NAME = 3,
};

static void put_ntp_address(struct wire_writer *w, enum ntp_suboption code,
			    const struct in6_addr *addr)
{
	wire_put_u16(w, (uint16_t)code);
	wire_put_u16(w, sizeof(*addr));
	wire_put_ip6(w, addr);
}

/* Exactly one suboption an instance. */
bool dhcp6_ntp_put(const struct dhcp6_options *options, size_t index, struct wire_writer *w,
		   struct dhcp6_option_mark *ret_mark)
{
	const struct dhcp6_ntp *ntp = &options->ntp;

	(void)ret_mark;
	if (index < ntp->n_servers) {
		put_ntp_address(w, NTP_SERVER, &ntp->servers[index]);
		return true;
	}
	index -= ntp->n_servers;
	if (index < ntp->n_multicast) {
		put_ntp_address(w, NTP_MULTICAST, &ntp->multicast[index]);
		return true;
	}
	index -= ntp->n_multicast;
	if (index >= ntp->n_names)
		return false;
	wire_put_u16(w, NTP_NAME);
	wire_put_u16(w, ntp->names[index].len);
	dns_name_put(w, &ntp->names[index]);
	return true;
}

/* --- network boot: RFC 5970 ------------------------------------------------------------------- */

bool dhcp6_boot_url_put(const struct dhcp6_options *options, size_t index, struct wire_writer *w,
			struct dhcp6_option_mark *ret_mark)
{
	const char *url;

	if (index > options->n_boots)
		return false;
	ret_mark->boot = index;
	url = index ? options->boots[index - 1].url : options->boot_url;
	if (url)
		put_text(w, url);
	return true;
}

bool dhcp6_boot_params_put(const struct dhcp6_options *options, size_t index, struct wire_writer *w,
			   struct dhcp6_option_mark *ret_mark)
{
	const char *const *params = (const char *const *)options->boot_params;
	size_t n = options->n_boot_params;

	if (index > options->n_boots)
		return false;
	ret_mark->boot = index;
	if (index) {
		params = (const char *const *)options->boots[index - 1].params;
		n = options->boots[index - 1].n_params;
	}
	for (size_t i = 0; i < n; i++) {
		wire_put_u16(w, (uint16_t)strlen(params[i]));
		put_text(w, params[i]);
	}
	return true;
}

/* --- encrypted DNS: RFC 9463 section 4.1 ------------------------------------------------------ */

bool dhcp6_resolver_put(const struct dhcp6_options *options, size_t index, struct wire_writer *w,
			struct dhcp6_option_mark *ret_mark)
{
	const struct dhcp6_resolver *resolver;

	(void)ret_mark;
	if (index >= options->n_resolvers)
		return false;
	resolver = &options->resolvers[index];
	wire_put_u16(w, resolver->priority);
	wire_put_u16(w, resolver->name.len);
	dns_name_put(w, &resolver->name);
	/* RFC 9463 section 3.1.6: the name alone, and nothing follows. */
	if (!resolver->n_addresses)
		return true;
	wire_put_u16(w, (uint16_t)(resolver->n_addresses * sizeof(struct in6_addr)));
	for (size_t i = 0; i < resolver->n_addresses; i++)
		wire_put_ip6(w, &resolver->addresses[i]);
	/* To the end of the option: no length of its own. */
	wire_put_bytes(w, resolver->service.bytes, resolver->service.len);
	return true;
}

/* SPDX-License-Identifier: ISC */
/*
 * The options of Router Advertisements: one table. Making options from what is configured,
 * writing, reading, showing and withdrawing them all walk it; nothing else knows an option.
 *
 * A new option is a row here (or in ra_option_dns.c) with its small functions above it, a
 * configuration row in ra_conf.c and a vector in test_ra_option.c.
 *
 * A `get` reads the body only, within its own length, and makes the reader bad when the content
 * is wrong; a `put` writes the body only. Serves RFC 4861 section 4.6, 4191, 6275, 8106, 8781,
 * 8910 and 9463.
 */
#include "config.h"

#include "ra/ra_option.h"

#include <assert.h>
#include <string.h>

#include "ra/ra_option_row.h"
#include "ra/ra_withdrawn.h"

enum { ADDR_LEN = 16 };

static void show_prefix_text(const struct ip6_prefix *prefix, struct text *text)
{
	text_put_char(text, ' ');
	text_put_ip6_prefix(text, prefix);
}

/* --- Source link-layer address: RFC 4861 section 4.6.1 --- */

static bool link_layer_make(const struct ra_source *source, size_t index, struct ra_option *ret)
{
	const struct ra_facts *facts = source->facts;

	if (index > 0 || !source->plan->conf->source_link_layer || facts->mac_len == 0)
		return false;
	ret->octets = (struct ra_octets){.bytes = facts->mac, .len = facts->mac_len};
	return true;
}

static void body_get(struct wire_reader *r, struct ra_option *ret)
{
	ret->octets = octets_get(r, wire_left(r));
}

static void body_put(struct wire_writer *w, const struct ra_option *option)
{
	octets_put(w, &option->octets);
}

static void link_layer_show(const struct ra_option *option, struct text *text)
{
	text_put_char(text, ' ');
	text_put_hex(text, option->octets.bytes, option->octets.len, ':');
}

/* --- MTU: RFC 4861 section 4.6.4 --- */

static bool mtu_make(const struct ra_source *source, size_t index, struct ra_option *ret)
{
	uint32_t mtu = source->plan->conf->mtu;
	uint32_t link_mtu = source->facts->mtu;

	if (index > 0 || mtu == 0)
		return false;
	/* RFC 4861 section 6.2.1: AdvLinkMTU must not exceed the MTU of the link. */
	ret->number = link_mtu && mtu > link_mtu ? link_mtu : mtu;
	return true;
}

static void number_get(struct wire_reader *r, struct ra_option *ret)
{
	wire_get_u16(r); /* reserved */
	ret->number = wire_get_u32(r);
}

static void number_put(struct wire_writer *w, const struct ra_option *option)
{
	wire_put_u16(w, 0);
	wire_put_u32(w, option->number);
}

static void number_show(const struct ra_option *option, struct text *text)
{
	text_put_char(text, ' ');
	text_put_u64(text, option->number);
}

/* --- Advertisement interval: RFC 6275 section 7.3 --- */

static bool interval_make(const struct ra_source *source, size_t index, struct ra_option *ret)
{
	const struct ra_conf *conf = source->plan->conf;

	if (index > 0 || !conf->interval_option)
		return false;
	ret->number = conf->interval.max * (uint32_t)SEC;
	return true;
}

/* --- Flags expansion: RFC 5175 section 4 --- */

static bool flags_make(const struct ra_source *source, size_t index, struct ra_option *ret)
{
	const struct ra_octets *flags = &source->plan->conf->expanded_flags;
	bool any = false;

	for (size_t i = 0; i < flags->len; i++)
		any = any || flags->bytes[i];
	/* RFC 5175 section 4: without a flag that is set there is nothing to send. */
	if (index > 0 || !any)
		return false;
	ret->octets = *flags;
	return true;
}

static void flags_get(struct wire_reader *r, struct ra_option *ret)
{
	body_get(r, ret);
	if (ret->octets.len < RA_EXPANDED_FLAGS)
		r->bad = true;
}

static void octets_show(const struct ra_option *option, struct text *text)
{
	text_put_char(text, ' ');
	text_put_hex(text, option->octets.bytes, option->octets.len, 0);
}

/* --- Prefix information: RFC 4861 section 4.6.2 --- */

/* The index-th prefix that is told; NULL past the last. */
static const struct ra_prefix *find_told(const struct ra_plan *plan, size_t index)
{
	for (size_t i = 0; i < plan->n_prefixes; i++) {
		if (!plan->prefixes[i].hidden && index-- == 0)
			return &plan->prefixes[i];
	}
	return NULL;
}

static bool prefix_make(const struct ra_source *source, size_t index, struct ra_option *ret)
{
	const struct ra_prefix *prefix = find_told(source->plan, index);

	if (!prefix)
		return false;
	ret->prefix.prefix = prefix->prefix;
	ret->prefix.flags = (uint8_t)((prefix->on_link ? RA_PREFIX_ON_LINK : 0) |
				      (prefix->autonomous ? RA_PREFIX_AUTONOMOUS : 0) |
				      (prefix->pd_preferred ? RA_PREFIX_PD_PREFERRED : 0));
	struct ra_lifetimes lifetimes = ra_prefix_lifetimes(prefix, source->now);

	ret->prefix.valid = lifetimes.valid;
	ret->prefix.preferred = lifetimes.preferred;
	if (source->steady && prefix->decrementing) {
		ret->prefix.valid = lifetimes.valid > 0;
		ret->prefix.preferred = lifetimes.preferred > 0;
	}
	return true;
}

static void prefix_get(struct wire_reader *r, struct ra_option *ret)
{
	uint8_t len = wire_get_u8(r);

	ret->prefix.flags = wire_get_u8(r);
	ret->prefix.valid = wire_get_u32(r);
	ret->prefix.preferred = wire_get_u32(r);
	wire_get_u32(r); /* reserved */
	struct in6_addr addr = wire_get_ip6(r);

	if (len > 128)
		r->bad = true;
	else
		ret->prefix.prefix = ip6_prefix_make(&addr, len);
}

static void prefix_put(struct wire_writer *w, const struct ra_option *option)
{
	wire_put_u8(w, option->prefix.prefix.len);
	wire_put_u8(w, option->prefix.flags);
	wire_put_u32(w, option->prefix.valid);
	wire_put_u32(w, option->prefix.preferred);
	wire_put_u32(w, 0);
	wire_put_ip6(w, &option->prefix.prefix.addr);
}

static void prefix_show(const struct ra_option *option, struct text *text)
{
	show_prefix_text(&option->prefix.prefix, text);
	text_put_str(text, " flags=");
	text_put_char(text, option->prefix.flags & RA_PREFIX_ON_LINK ? 'L' : '-');
	text_put_char(text, option->prefix.flags & RA_PREFIX_AUTONOMOUS ? 'A' : '-');
	if (option->prefix.flags & RA_PREFIX_PD_PREFERRED)
		text_put_char(text, 'P');
	show_number("preferred", option->prefix.preferred, text);
	show_number("valid", option->prefix.valid, text);
}

static bool prefix_same(const struct ra_option *a, const struct ra_option *b)
{
	return ip6_prefix_equal(&a->prefix.prefix, &b->prefix.prefix);
}

/* --- Route information: RFC 4191 section 2.3 --- */

static bool route_make(const struct ra_source *source, size_t index, struct ra_option *ret)
{
	const struct ra_conf *conf = source->plan->conf;

	if (index >= conf->n_routes)
		return false;
	const struct ra_route *route = &conf->routes[index];

	ret->route.prefix = route->prefix;
	ret->route.preference = (enum ra_preference)route->preference;
	/* RFC 4191 section 4: who ceases to route says so of its routes too. */
	ret->route.lifetime = source->final || !source->facts->forwarding
				      ? 0
				      : ra_source_cap(source, route->lifetime);
	return true;
}

static size_t route_prefix_octets(uint8_t prefix_len)
{
	return prefix_len == 0 ? 0 : prefix_len <= 64 ? 8 : 16;
}

static void route_get(struct wire_reader *r, struct ra_option *ret)
{
	struct in6_addr addr = {0};
	uint8_t len = wire_get_u8(r);
	uint8_t preference = wire_get_u8(r) >> 3 & 3;

	ret->route.lifetime = wire_get_u32(r);
	struct ra_octets octets = octets_get(r, wire_left(r));

	/* RFC 4191 section 2.3: a receiver must ignore the option with the reserved preference. */
	if (len > 128 || preference == 2 || octets.len < route_prefix_octets(len) ||
	    octets.len > ADDR_LEN) {
		r->bad = true;
		return;
	}
	if (octets.len)
		memcpy(addr.s6_addr, octets.bytes, octets.len);
	ret->route.preference = (enum ra_preference)preference;
	ret->route.prefix = ip6_prefix_make(&addr, len);
}

static void route_put(struct wire_writer *w, const struct ra_option *option)
{
	const struct ip6_prefix *prefix = &option->route.prefix;

	wire_put_u8(w, prefix->len);
	wire_put_u8(w, (uint8_t)((unsigned int)option->route.preference << 3));
	wire_put_u32(w, option->route.lifetime);
	wire_put_bytes(w, prefix->addr.s6_addr, route_prefix_octets(prefix->len));
}

static const char *const preference_names[] = {"medium", "high", "reserved", "low"};

static void route_show(const struct ra_option *option, struct text *text)
{
	show_prefix_text(&option->route.prefix, text);
	text_put_str(text, " preference=");
	text_put_str(text, preference_names[option->route.preference]);
	show_number("lifetime", option->route.lifetime, text);
}

static bool route_same(const struct ra_option *a, const struct ra_option *b)
{
	return ip6_prefix_equal(&a->route.prefix, &b->route.prefix);
}

/* --- Captive portal: RFC 8910 section 2.3 --- */

static bool portal_make(const struct ra_source *source, size_t index, struct ra_option *ret)
{
	const char *uri = source->plan->conf->captive_portal;

	if (index > 0 || !uri)
		return false;
	ret->octets = (struct ra_octets){.bytes = (const uint8_t *)uri, .len = strlen(uri)};
	return true;
}

static void portal_get(struct wire_reader *r, struct ra_option *ret)
{
	body_get(r, ret);
	while (ret->octets.len && ret->octets.bytes[ret->octets.len - 1] == 0)
		ret->octets.len--;
}

static void portal_show(const struct ra_option *option, struct text *text)
{
	text_put_char(text, ' ');
	text_put_escaped(text, option->octets.bytes, option->octets.len);
}

/* --- NAT64 prefix: RFC 8781 section 4 --- */

static const uint8_t pref64_lens[] = {96, 64, 56, 48, 40, 32}; /* by prefix length code */

enum {
	PREF64_CODES = sizeof(pref64_lens),
	PREF64_SCALED_MAX = 8191,
	PREF64_OCTETS = 12,
};

static bool pref64_make(const struct ra_source *source, size_t index, struct ra_option *ret)
{
	const struct ra_conf *conf = source->plan->conf;

	if (index >= conf->n_pref64)
		return false;
	uint32_t lifetime = conf->pref64[index].lifetime;
	/* RFC 8781 section 4.1: units of 8 s, rounded up, so that what is not 0 stays so. */
	uint32_t scaled = lifetime / 8 + (lifetime % 8 ? 1 : 0);

	ret->route.prefix = conf->pref64[index].prefix;
	ret->route.preference = RA_PREFERENCE_MEDIUM;
	ret->route.lifetime = (scaled < PREF64_SCALED_MAX ? scaled : PREF64_SCALED_MAX) * 8;
	return true;
}

static void pref64_get(struct wire_reader *r, struct ra_option *ret)
{
	struct in6_addr addr = {0};
	uint16_t scaled = wire_get_u16(r);
	struct ra_octets octets = octets_get(r, wire_left(r));
	uint8_t code = scaled & 7;

	/* RFC 8781 section 4: a receiver must ignore other lengths and codes. */
	if (octets.len != PREF64_OCTETS || code >= PREF64_CODES) {
		r->bad = true;
		return;
	}
	memcpy(addr.s6_addr, octets.bytes, PREF64_OCTETS);
	ret->route.prefix = ip6_prefix_make(&addr, pref64_lens[code]);
	ret->route.preference = RA_PREFERENCE_MEDIUM;
	ret->route.lifetime = (scaled >> 3) * 8u;
}

static void pref64_put(struct wire_writer *w, const struct ra_option *option)
{
	const struct ip6_prefix *prefix = &option->route.prefix;
	uint8_t code = 0;

	while (code < PREF64_CODES && pref64_lens[code] != prefix->len)
		code++;
	assert(code < PREF64_CODES);
	wire_put_u16(w, (uint16_t)(option->route.lifetime / 8 << 3 | code));
	wire_put_bytes(w, prefix->addr.s6_addr, PREF64_OCTETS);
}

static void pref64_show(const struct ra_option *option, struct text *text)
{
	show_prefix_text(&option->route.prefix, text);
	show_number("lifetime", option->route.lifetime, text);
}

/* --- Options of other types --- */

static bool raw_make(const struct ra_source *source, size_t index, struct ra_option *ret)
{
	const struct ra_conf *conf = source->plan->conf;

	if (index >= conf->n_options)
		return false;
	assert(!ra_option_is_known(conf->options[index].type));
	ret->type = conf->options[index].type;
	ret->octets = conf->options[index].body;
	return true;
}

static void raw_show(const struct ra_option *option, struct text *text)
{
	show_number("type", option->type, text);
	text_put_char(text, ' ');
	text_put_hex(text, option->octets.bytes, option->octets.len, 0);
}

/* What is gone goes out after everything else, whatever type it is. */
static bool withdrawn_make(const struct ra_source *source, size_t index, struct ra_option *ret)
{
	const struct ra_withdrawn *item = source->withdrawn;

	while (item && index-- > 0)
		item = item->next;
	if (!item)
		return false;
	struct wire_reader r = wire_reader(item->bytes, item->len);

	return ra_option_get(&r, ret);
}

/* --- The table --- */

/* In the order of an RA. The row of type 0 stands for all types that have none of their own. */
/* clang-format off */
static const struct ra_option_row link_layer_row = {
	.type = RA_OPTION_SOURCE_LINK_LAYER, .name = "source-link-layer-address",
	.rfc = "4861 4.6.1", .common = true,
	.make = link_layer_make, .get = body_get, .put = body_put, .show = link_layer_show,
};
static const struct ra_option_row mtu_row = {
	.type = RA_OPTION_MTU, .name = "mtu", .rfc = "4861 4.6.4",
	.make = mtu_make, .get = number_get, .put = number_put, .show = number_show,
};
static const struct ra_option_row interval_row = {
	.type = RA_OPTION_INTERVAL, .name = "advertisement-interval", .rfc = "6275 7.3",
	.make = interval_make, .get = number_get, .put = number_put, .show = number_show,
};
static const struct ra_option_row flags_row = {
	.type = RA_OPTION_EXPANDED_FLAGS, .name = "expanded-flags", .rfc = "5175 4",
	.make = flags_make, .get = flags_get, .put = body_put, .show = octets_show,
};
static const struct ra_option_row prefix_row = {
	.type = RA_OPTION_PREFIX, .name = "prefix", .rfc = "4861 4.6.2",
	.make = prefix_make, .get = prefix_get, .put = prefix_put, .show = prefix_show,
	.lifetime = RA_OPTION_AT(prefix.valid), .lifetime_too = RA_OPTION_AT(prefix.preferred),
	.same = prefix_same,
};
static const struct ra_option_row route_row = {
	.type = RA_OPTION_ROUTE, .name = "route", .rfc = "4191 2.3",
	.make = route_make, .get = route_get, .put = route_put, .show = route_show,
	.lifetime = RA_OPTION_AT(route.lifetime), .same = route_same,
};
static const struct ra_option_row pref64_row = {
	.type = RA_OPTION_PREF64, .name = "pref64", .rfc = "8781 4",
	.make = pref64_make, .get = pref64_get, .put = pref64_put, .show = pref64_show,
	.lifetime = RA_OPTION_AT(route.lifetime), .same = route_same,
};
static const struct ra_option_row portal_row = {
	.type = RA_OPTION_CAPTIVE_PORTAL, .name = "captive-portal", .rfc = "8910 2.3",
	.make = portal_make, .get = portal_get, .put = body_put, .show = portal_show,
};
static const struct ra_option_row other_row = {
	.type = 0, .name = "option",
	.make = raw_make, .get = body_get, .put = body_put, .show = raw_show,
};
static const struct ra_option_row withdrawn_row = {
	.type = 0, .name = "withdrawn", .make = withdrawn_make,
};

static const struct ra_option_row *const rows[] = {
	&link_layer_row,
	&mtu_row,
	&interval_row,
	&flags_row,
	&prefix_row,
	&route_row,
	&ra_option_rdnss,
	&ra_option_dnssl,
	&pref64_row,
	&portal_row,
	&ra_option_encrypted_dns,
	&other_row,
	&withdrawn_row,
};
/* clang-format on */

enum { ROWS = sizeof(rows) / sizeof(rows[0]) };

static const struct ra_option_row *find_row(uint8_t type)
{
	size_t i = 0;

	while (rows[i]->type && rows[i]->type != type)
		i++;
	return rows[i];
}

struct ra_lifetimes ra_prefix_lifetimes(const struct ra_prefix *prefix, mtime now)
{
	struct ra_lifetimes told = {prefix->preferred, prefix->valid};

	if (prefix->decrementing) {
		uint32_t preferred = mtime_remaining(prefix->preferred_end, now);
		uint32_t valid = mtime_remaining(prefix->valid_end, now);

		told.preferred = preferred < told.preferred ? preferred : told.preferred;
		told.valid = valid < told.valid ? valid : told.valid;
	}
	/* RFC 4861 section 4.6.2: never the longer one. */
	if (told.preferred > told.valid)
		told.preferred = told.valid;
	return told;
}

/* RFC 9096 section 3.4: no longer than the prefix that lasts longest, if there is any. */
uint32_t ra_source_cap(const struct ra_source *source, uint32_t lifetime)
{
	uint32_t longest = 0;

	if (source->plan->conf->profile != RA_PROFILE_CE || source->steady)
		return lifetime;
	for (size_t i = 0; i < source->plan->n_prefixes; i++) {
		uint32_t valid = ra_prefix_lifetimes(&source->plan->prefixes[i], source->now).valid;

		longest = valid > longest ? valid : longest;
	}
	return longest && longest < lifetime ? longest : lifetime;
}

/* RFC 9096 section 3.4: what is in a prefix that ends, or is gone, ends with it. */
uint32_t ra_source_cap_at(const struct ra_source *source, uint32_t lifetime,
			  const struct in6_addr *addr)
{
	const struct ra_plan *plan = source->plan;
	const struct ra_prefix *prefixes =
		plan->n_net_prefixes ? plan->net_prefixes : plan->prefixes;
	size_t n = plan->n_net_prefixes ? plan->n_net_prefixes : plan->n_prefixes;
	uint32_t longest = 0;
	bool is_in = false;

	for (size_t i = 0; i < n; i++) {
		const struct ra_prefix *prefix = &prefixes[i];

		if (!ip6_prefix_contains(&prefix->prefix, addr))
			continue;
		uint32_t valid = ra_prefix_lifetimes(prefix, source->now).valid;

		/* What only counts down is no change. */
		if (source->steady && valid && prefix->decrementing)
			valid = lifetime;
		is_in = true;
		longest = valid > longest ? valid : longest;
	}
	lifetime = is_in && longest < lifetime ? longest : lifetime;
	return lifetime ? ra_source_cap(source, lifetime) : 0;
}

bool ra_option_about(size_t i, struct ra_option_about *ret)
{
	if (i >= ROWS || rows[i]->type == 0)
		return false;
	*ret = (struct ra_option_about){rows[i]->type, rows[i]->name, rows[i]->rfc};
	return true;
}

bool ra_option_is_known(uint8_t type)
{
	return find_row(type)->type != 0;
}

static bool next_made(const struct ra_source *source, bool common, struct ra_option_walk *walk,
		      struct ra_option *ret)
{
	for (; walk->row < ROWS; walk->row++, walk->index = 0) {
		const struct ra_option_row *row = rows[walk->row];

		ret->type = row->type;
		if (row->common == common && row->make(source, walk->index, ret)) {
			walk->index++;
			return true;
		}
	}
	return false;
}

bool ra_option_next_made(const struct ra_source *source, struct ra_option_walk *walk,
			 struct ra_option *ret)
{
	return next_made(source, /* common= */ false, walk, ret);
}

bool ra_option_next_common(const struct ra_source *source, struct ra_option_walk *walk,
			   struct ra_option *ret)
{
	return next_made(source, /* common= */ true, walk, ret);
}

void ra_option_put(struct wire_writer *w, const struct ra_option *option)
{
	wire_put_u8(w, option->type);
	size_t mark = wire_put_open(w, WIRE_LEN_UNITS8);

	find_row(option->type)->put(w, option);
	wire_put_close(w, mark, WIRE_LEN_UNITS8);
}

bool ra_option_get(struct wire_reader *r, struct ra_option *ret)
{
	while (!r->bad && wire_left(r) > 0) {
		ret->type = wire_get_u8(r);
		size_t len = wire_get_u8(r) * (size_t)8;

		if (len == 0)
			break;
		struct wire_reader body = wire_get_part(r, len - RA_OPTION_HEADER);

		find_row(ret->type)->get(&body, ret);
		if (!body.bad)
			return true;
	}
	return false;
}

void ra_option_show(const struct ra_option *option, struct text *text)
{
	const struct ra_option_row *row = find_row(option->type);

	text_put_str(text, row->name);
	row->show(option, text);
}

bool ra_option_split(const struct ra_option *option, size_t i, struct ra_option *ret)
{
	const struct ra_option_row *row = find_row(option->type);

	if (!row->lifetime)
		return false;
	*ret = *option;
	return row->split ? row->split(option, i, ret) : i == 0;
}

bool ra_option_same(const struct ra_option *a, const struct ra_option *b)
{
	const struct ra_option_row *row = find_row(a->type);

	return a->type == b->type && row->same && row->same(a, b);
}

static uint32_t get_lifetime(const struct ra_option *option, size_t at)
{
	uint32_t lifetime = 0;

	if (at)
		memcpy(&lifetime, (const uint8_t *)option + at, sizeof(lifetime));
	return lifetime;
}

uint32_t ra_option_lifetime(const struct ra_option *option)
{
	return get_lifetime(option, find_row(option->type)->lifetime);
}

static void end_lifetime(struct ra_option *option, size_t at)
{
	if (at)
		memset((uint8_t *)option + at, 0, sizeof(uint32_t));
}

void ra_option_end(struct ra_option *option)
{
	end_lifetime(option, find_row(option->type)->lifetime);
	end_lifetime(option, find_row(option->type)->lifetime_too);
}

bool ra_option_source_has(const struct ra_source *source, const struct ra_option *thing)
{
	struct ra_option_walk walk = {0};
	struct ra_option option, part;

	while (ra_option_next_made(source, &walk, &option)) {
		for (size_t i = 0; option.type == thing->type && ra_option_split(&option, i, &part);
		     i++) {
			if (ra_option_same(&part, thing))
				return true;
		}
	}
	return false;
}

bool ra_option_source_tells(const struct ra_source *source, uint8_t type)
{
	struct ra_option option;

	return find_row(type)->make(source, 0, &option);
}

const char *ra_option_name(uint8_t type)
{
	return find_row(type)->name;
}

/* SPDX-License-Identifier: ISC */
/*
 * The table of options that carry configuration. An option is a row: its code, its name, the shape
 * of its value, where that is in struct dhcp6_options, and which answers it may stand in. A row of
 * dhcp6_option_conf.c reads the value from the file; docs/options.md is printed from the table.
 *
 * dhcp6_layers_put() writes what the client's Option Request option names (RFC 8415 section 21.7),
 * and then what the operator says is to be sent unasked. Values come from the configuration alone,
 * never from clients. An option may have several instances; a narrower place stands in for all
 * those of a wider one, but of vendor options for those of its enterprise only.
 */
#include "config.h"

#include "dhcp6/dhcp6_option.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/ip6.h"
#include "base/mem.h"
#include "dhcp6/dhcp6_option_row.h"

#define AT(member)    offsetof(struct dhcp6_options, member)
#define LIST(member)  AT(member), AT(n_##member)
#define VALUE(member) AT(member), 0
#define OWN           DHCP6_SHAPE_OWN, 0, 0
#define ADDRS         DHCP6_SHAPE_ADDRS
#define NAMES         DHCP6_SHAPE_NAMES
#define TEXT          DHCP6_SHAPE_TEXT
#define U32           DHCP6_SHAPE_U32
#define ANY           (DHCP6_IN_ADVERTISE | DHCP6_IN_REPLY | DHCP6_IN_INFORMATION)
#define REPLIES       (DHCP6_IN_REPLY | DHCP6_IN_INFORMATION)

static const struct dhcp6_option_row rows[] = {
	/* clang-format off */
	{DHCP6_OPT_VENDOR_OPTS, "vendor", OWN, ANY, false, "8415 21.17", "enterprise, options", dhcp6_vendor_put},
	{DHCP6_OPT_SIP_DOMAINS, "sip-domains", NAMES, LIST(sip_domains), ANY, false, "3319 3.1", "names", NULL},
	{DHCP6_OPT_SIP_SERVERS, "sip-servers", ADDRS, LIST(sip_servers), ANY, false, "3319 3.2", "addresses", NULL},
	{DHCP6_OPT_DNS, "dns", ADDRS, LIST(dns), ANY, false, "3646 3", "addresses", NULL},
	{DHCP6_OPT_SEARCH, "search", NAMES, LIST(search), ANY, false, "3646 4", "names", NULL},
	{DHCP6_OPT_SNTP, "sntp", ADDRS, LIST(sntp), ANY, false, "4075 4", "addresses", NULL},
	/* Only where the client has no lifetimes to go by. */
	{DHCP6_OPT_INFORMATION_REFRESH_TIME, "information-refresh-time", U32,
	 VALUE(information_refresh_time), DHCP6_IN_INFORMATION, true, "8415 21.23", "seconds", NULL},
	{DHCP6_OPT_POSIX_TIMEZONE, "posix-timezone", TEXT, VALUE(posix_timezone), ANY, false, "4833 3", "text", NULL},
	{DHCP6_OPT_TZDB_TIMEZONE, "tzdb-timezone", TEXT, VALUE(tzdb_timezone), ANY, false, "4833 3", "text", NULL},
	{DHCP6_OPT_NTP, "ntp", OWN, ANY, false, "5908 4", "an address or a name", dhcp6_ntp_put},
	{DHCP6_OPT_BOOT_URL, "boot-url", OWN, ANY, false, "5970 3.1", "text", dhcp6_boot_url_put},
	{DHCP6_OPT_BOOT_PARAMS, "boot-params", OWN, ANY, false, "5970 3.2", "texts", dhcp6_boot_params_put},
	{DHCP6_OPT_AFTR, "aftr", DHCP6_SHAPE_NAME, VALUE(aftr), ANY, false, "6334 3", "name", NULL},
	{DHCP6_OPT_SOL_MAX_RT, "sol-max-rt", U32, VALUE(sol_max_rt), ANY, true, "8415 21.24", "seconds", NULL},
	{DHCP6_OPT_INF_MAX_RT, "inf-max-rt", U32, VALUE(inf_max_rt), REPLIES, true, "8415 21.25", "seconds", NULL},
	{DHCP6_OPT_S46_MAP_E, "map-e", OWN, ANY, false, "7598 5.1", "rules, border relays", dhcp6_map_e_put},
	{DHCP6_OPT_S46_MAP_T, "map-t", OWN, ANY, false, "7598 5.2", "rules, default mapping rule", dhcp6_map_t_put},
	{DHCP6_OPT_S46_LW4O6, "lw4o6", OWN, ANY, false, "7598 5.3", "border relays, binding", dhcp6_lw4o6_put},
	{DHCP6_OPT_CAPTIVE_PORTAL, "captive-portal", TEXT, VALUE(captive_portal), ANY, false, "8910 2.2", "text", NULL},
	{DHCP6_OPT_ANDSF, "andsf", ADDRS, LIST(andsf), ANY, false, "6153 3", "addresses", NULL},
	{DHCP6_OPT_ENCRYPTED_DNS, "encrypted-dns", OWN, ANY, false, "9463 4.1",
	 "priority, name, addresses, service", dhcp6_resolver_put},
	/* clang-format on */
};

#define N_ROWS (sizeof(rows) / sizeof(rows[0]))

/* Codes up to this, but one, are not asked for by name (RFC 8415 section 21.7). */
enum { LAST_OF_OURS = 20 };

/* --- encoding ------------------------------------------------------------------------------ */

/* To whom an item may go. */
enum {
	TO_LINK = 1,    /* a client on the link itself */
	TO_RELAYED = 2, /* one behind relays */
};

struct item {
	uint16_t code;
	uint8_t in; /* enum dhcp6_option_in, or-ed */
	uint8_t to;
	struct dhcp6_option_mark mark;
	size_t at, len; /* in the set's bytes: code, length and value */
};

struct dhcp6_optset {
	const struct dhcp6_options *options;
	struct item *items;
	size_t n_items, items_cap;
	uint8_t *bytes;
	size_t n_bytes, bytes_cap;
};

/*
 * RFC 3646 section 3, RFC 8106 section 5.1: a link-local address means nothing on another link, so
 * it is not told through a relay.
 */
static void put_addrs(struct wire_writer *w, const struct in6_addr *addrs, size_t n,
		      unsigned int to)
{
	for (size_t i = 0; i < n; i++) {
		if (to & TO_LINK || !ip6_is_link_local(&addrs[i]))
			wire_put_ip6(w, &addrs[i]);
	}
}

static void put_names(struct wire_writer *w, const struct dns_name *names, size_t n)
{
	for (size_t i = 0; i < n; i++)
		dns_name_put(w, &names[i]);
}

/* The value of a row of a plain shape; nothing is written when it is absent. */
static void put_value(struct wire_writer *w, const struct dhcp6_option_row *row,
		      const void *options, unsigned int to)
{
	const uint8_t *base = options;
	const void *at = base + row->at;
	size_t n = row->count ? *(const size_t *)(const void *)(base + row->count) : 1;

	switch (row->shape) {
	case DHCP6_SHAPE_ADDRS:
		put_addrs(w, *(struct in6_addr *const *)at, n, to);
		break;
	case DHCP6_SHAPE_NAMES:
		put_names(w, *(struct dns_name *const *)at, n);
		break;
	case DHCP6_SHAPE_NAME:
		put_names(w, at, n);
		break;
	case DHCP6_SHAPE_TEXT: {
		const char *text = *(const char *const *)at;

		wire_put_bytes(w, text, text ? strlen(text) : 0);
		break;
	}
	case DHCP6_SHAPE_U32:
		if (*(const uint32_t *)at)
			wire_put_u32(w, *(const uint32_t *)at);
		break;
	case DHCP6_SHAPE_OWN:
		break;
	}
}

/* Adds the option whose value was written; `item` gives everything but where it is. */
static void add(struct dhcp6_optset *set, struct item item, const struct wire_writer *value)
{
	set->items = mem_grow(set->items, &set->items_cap, set->n_items + 1, sizeof(*set->items));
	set->bytes = mem_grow(set->bytes, &set->bytes_cap, set->n_bytes + value->at + 4, 1);
	struct wire_writer w = wire_writer(set->bytes + set->n_bytes, value->at + 4);

	wire_put_u16(&w, item.code);
	wire_put_u16(&w, (uint16_t)value->at);
	wire_put_bytes(&w, value->bytes, value->at);
	assert(!w.bad);
	item.at = set->n_bytes;
	item.len = w.at;
	set->items[set->n_items++] = item;
	set->n_bytes += w.at;
}

static bool has_link_local(const struct dhcp6_option_row *row, const void *options)
{
	const uint8_t *base = options;
	const struct in6_addr *addrs;
	size_t n;

	if (row->shape != DHCP6_SHAPE_ADDRS)
		return false;
	addrs = *(struct in6_addr *const *)(const void *)(base + row->at);
	n = *(const size_t *)(const void *)(base + row->count);
	while (n && !ip6_is_link_local(&addrs[n - 1]))
		n--;
	return n > 0;
}

static void add_plain(struct dhcp6_optset *set, const struct dhcp6_option_row *row,
		      const struct wire_writer *empty)
{
	struct item item = {.code = row->code, .in = (uint8_t)row->in, .to = TO_LINK | TO_RELAYED};
	bool two = has_link_local(row, set->options);

	for (unsigned int to = TO_LINK; to <= (two ? TO_RELAYED : TO_LINK); to++) {
		struct wire_writer w = *empty;

		put_value(&w, row, set->options, to);
		if (two)
			item.to = (uint8_t)to;
		if (w.at && !w.bad)
			add(set, item, &w);
	}
}

static void add_own(struct dhcp6_optset *set, const struct dhcp6_option_row *row,
		    struct wire_writer empty)
{
	struct wire_writer w = empty;
	struct item item = {.code = row->code, .in = (uint8_t)row->in, .to = TO_LINK | TO_RELAYED};

	for (size_t i = 0; row->put(set->options, i, &w, &item.mark); i++, w = empty) {
		if (w.at && !w.bad)
			add(set, item, &w);
	}
}

static void add_raw(struct dhcp6_optset *set, struct wire_writer empty)
{
	struct wire_writer w = empty;
	struct item item = {.in = ANY, .to = TO_LINK | TO_RELAYED};

	for (size_t i = 0; dhcp6_raw_put(set->options, i, &w, &item.code); i++, w = empty) {
		if (!w.bad)
			add(set, item, &w);
	}
}

struct dhcp6_optset *dhcp6_optset_new(const struct dhcp6_options *options)
{
	struct dhcp6_optset *set = mem_new(1, sizeof(*set));
	uint8_t *value = mem_new(1, UINT16_MAX);
	struct wire_writer w = wire_writer(value, UINT16_MAX);

	set->options = options;
	for (size_t i = 0; i < N_ROWS; i++) {
		if (rows[i].put)
			add_own(set, &rows[i], w);
		else
			add_plain(set, &rows[i], &w);
	}
	add_raw(set, w);
	free(value);
	if (set->n_items || options->n_force)
		return set;
	dhcp6_optset_free(set);
	return NULL;
}

uint64_t dhcp6_optset_hash(const struct dhcp6_optset *set, const struct siphash_key *key)
{
	uint64_t hash = set ? siphash(key, set->bytes, set->n_bytes) : 0;

	for (size_t i = 0; set && i < set->n_items; i++) {
		const uint64_t more[] = {hash, set->items[i].code};

		hash = siphash(key, more, sizeof(more));
	}
	return hash;
}

void dhcp6_optset_free(struct dhcp6_optset *set)
{
	if (!set)
		return;
	free(set->items);
	free(set->bytes);
	free(set);
}

/* --- answers ------------------------------------------------------------------------------- */

void dhcp6_layers_add(struct dhcp6_layers *layers, const struct dhcp6_optset *set)
{
	if (!set)
		return;
	assert(layers->n < DHCP6_LAYERS);
	layers->sets[layers->n++] = set;
}

/* An answer's options being written. */
struct put {
	const struct dhcp6_layers *layers;
	const struct dhcp6_msg *msg;
	unsigned int in, to;
	size_t boots[DHCP6_LAYERS]; /* what each place has for the client's architecture */
	size_t booted;              /* the place whose boot file was told, plus one; 0: none */
	struct wire_writer *w;
};

static bool boots_arch(const struct dhcp6_boot *boot, uint16_t arch)
{
	for (size_t i = 0; i < boot->n_archs; i++) {
		if (boot->archs[i] == arch)
			return true;
	}
	return false;
}

/* RFC 5970 section 3.3: the client's architectures in its order; 0: what is for all. */
static size_t choose_boot(const struct dhcp6_options *options, const struct dhcp6_msg *msg)
{
	for (size_t i = 0; i < msg->n_archs; i++) {
		for (size_t k = 0; k < options->n_boots; k++) {
			if (boots_arch(&options->boots[k], msg->archs[i]))
				return k + 1;
		}
	}
	return 0;
}

static bool is_boot(uint16_t code)
{
	return code == DHCP6_OPT_BOOT_URL || code == DHCP6_OPT_BOOT_PARAMS;
}

/* Whether the item of a place is for this answer. */
static bool is_for(const struct put *put, size_t place, const struct item *item)
{
	return item->in & put->in && item->to & put->to &&
	       (!is_boot(item->code) || item->mark.boot == put->boots[place]);
}

/* Whether a narrower place says this option. */
static bool is_said(const struct put *put, size_t place, const struct item *item)
{
	for (size_t i = 0; i < place; i++) {
		const struct dhcp6_optset *set = put->layers->sets[i];

		for (size_t k = 0; k < set->n_items; k++) {
			if (set->items[k].code == item->code &&
			    set->items[k].mark.instance == item->mark.instance &&
			    is_for(put, i, &set->items[k]))
				return true;
		}
	}
	return false;
}

static void put_item(struct put *put, size_t place, const struct item *item, size_t limit)
{
	const struct dhcp6_optset *set = put->layers->sets[place];
	size_t at = put->w->at;

	if (at + item->len > limit)
		return;
	wire_put_bytes(put->w, set->bytes + item->at, item->len);
	if (put->w->bad)
		wire_put_undo(put->w, at);
	else if (item->code == DHCP6_OPT_BOOT_URL)
		put->booted = place + 1;
}

/*
 * RFC 8415 section 21.7: whether the Option Request option names it. What may not stand there is
 * passed over.
 */
static bool is_asked(const struct put *put, uint16_t code)
{
	bool may_be = code > LAST_OF_OURS || code == DHCP6_OPT_VENDOR_OPTS;

	return may_be && dhcp6_msg_wants(put->msg, code);
}

static void put_asked(struct put *put)
{
	for (size_t i = 0; i < put->layers->n; i++) {
		const struct dhcp6_optset *set = put->layers->sets[i];

		for (size_t k = 0; k < set->n_items; k++) {
			const struct item *item = &set->items[k];

			if (is_asked(put, item->code) && is_for(put, i, item) &&
			    !is_said(put, i, item))
				put_item(put, i, item, SIZE_MAX);
		}
	}
}

static void put_code(struct put *put, uint16_t code, size_t limit)
{
	for (size_t i = 0; i < put->layers->n; i++) {
		const struct dhcp6_optset *set = put->layers->sets[i];

		for (size_t k = 0; k < set->n_items; k++) {
			if (set->items[k].code == code && is_for(put, i, &set->items[k]) &&
			    !is_said(put, i, &set->items[k]))
				put_item(put, i, &set->items[k], limit);
		}
	}
}

/* Whether it was forced before: by a narrower place, or earlier in this one. */
static bool was_forced(const struct put *put, size_t place, size_t index)
{
	uint16_t code = put->layers->sets[place]->options->force[index];

	for (size_t i = 0; i <= place; i++) {
		const struct dhcp6_options *options = put->layers->sets[i]->options;

		for (size_t k = 0; k < (i == place ? index : options->n_force); k++) {
			if (options->force[k] == code)
				return true;
		}
	}
	return false;
}

static void put_forced(struct put *put, size_t limit)
{
	for (size_t i = 0; i < put->layers->n; i++) {
		const struct dhcp6_options *options = put->layers->sets[i]->options;

		for (size_t k = 0; k < options->n_force; k++) {
			if (!is_asked(put, options->force[k]) && !was_forced(put, i, k))
				put_code(put, options->force[k], limit);
		}
	}
}

/*
 * RFC 5970 section 3.3: those of the client's architectures that the boot file is for, in the
 * client's order.
 */
static void put_archs(struct put *put)
{
	const struct dhcp6_options *options;
	size_t at = put->w->at, mark;

	if (!put->booted || !put->boots[put->booted - 1])
		return;
	options = put->layers->sets[put->booted - 1]->options;
	wire_put_u16(put->w, DHCP6_OPT_CLIENT_ARCH);
	mark = wire_put_open(put->w, WIRE_LEN_U16);
	for (size_t i = 0; i < put->msg->n_archs; i++) {
		if (boots_arch(&options->boots[put->boots[put->booted - 1] - 1],
			       put->msg->archs[i]))
			wire_put_u16(put->w, put->msg->archs[i]);
	}
	wire_put_close(put->w, mark, WIRE_LEN_U16);
	if (put->w->bad)
		wire_put_undo(put->w, at);
}

void dhcp6_layers_put(const struct dhcp6_layers *layers, const struct dhcp6_msg *msg,
		      enum dhcp6_option_in in, size_t limit, struct wire_writer *w)
{
	struct put put = {
		.layers = layers,
		.msg = msg,
		.in = in,
		.to = layers->relayed ? TO_RELAYED : TO_LINK,
		.w = w,
	};

	for (size_t i = 0; i < layers->n; i++)
		put.boots[i] = choose_boot(layers->sets[i]->options, msg);
	put_asked(&put);
	put_forced(&put, limit);
	put_archs(&put);
}

/* --- the table ----------------------------------------------------------------------------- */

const char *dhcp6_option_name(uint16_t code)
{
	for (size_t i = 0; i < N_ROWS; i++) {
		if (rows[i].code == code)
			return rows[i].name;
	}
	return NULL;
}

uint16_t dhcp6_option_code(const char *name)
{
	for (size_t i = 0; i < N_ROWS; i++) {
		if (strcmp(rows[i].name, name) == 0)
			return rows[i].code;
	}
	return 0;
}

/* RFC 8415 sections 21.15 and 21.16: what servers may repeat, though nobody can ask for it. */
static bool is_class(uint16_t code)
{
	return code == DHCP6_OPT_USER_CLASS || code == DHCP6_OPT_VENDOR_CLASS;
}

bool dhcp6_option_is_ours(uint16_t code)
{
	if (code == DHCP6_OPT_VENDOR_OPTS || is_class(code))
		return false;
	return code <= LAST_OF_OURS || code == DHCP6_OPT_IA_PD || code == DHCP6_OPT_IAPREFIX ||
	       code == DHCP6_OPT_CLIENT_ARCH || code == DHCP6_OPT_CLIENT_FQDN ||
	       code == DHCP6_OPT_ADDR_REG_ENABLE;
}

bool dhcp6_option_is_asked_only(uint16_t code)
{
	for (size_t i = 0; i < N_ROWS; i++) {
		if (rows[i].code == code)
			return rows[i].asked_only;
	}
	return false;
}

static bool is_too_long(const struct dhcp6_options *options, const struct dhcp6_option_row *row,
			struct wire_writer empty)
{
	struct dhcp6_option_mark mark;
	struct wire_writer w = empty;

	if (!row->put)
		put_value(&w, row, options, TO_LINK);
	for (size_t i = 0; row->put && !w.bad && row->put(options, i, &w, &mark); i++) {
		if (!w.bad)
			w = empty;
	}
	return w.bad;
}

uint16_t dhcp6_options_too_long(const struct dhcp6_options *options)
{
	uint8_t *value = mem_new(1, UINT16_MAX);
	struct wire_writer w = wire_writer(value, UINT16_MAX), raw = w;
	uint16_t found = 0, code = 0;

	for (size_t i = 0; i < N_ROWS && !found; i++) {
		if (is_too_long(options, &rows[i], w))
			found = rows[i].code;
	}
	for (size_t i = 0; !found && dhcp6_raw_put(options, i, &raw, &code); i++) {
		found = raw.bad ? code : 0;
		raw = w;
	}
	free(value);
	return found;
}

const struct dhcp6_option_row *dhcp6_option_row(size_t i)
{
	return i < N_ROWS ? &rows[i] : NULL;
}

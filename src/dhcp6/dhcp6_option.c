/* SPDX-License-Identifier: ISC */
/*
 * The table of options that carry configuration. An option is a row: its code, its name, the shape
 * of its value, where that is in struct dhcp6_options, and which answers it may stand in. A row of
 * dhcp6_conf.c reads the value from the file.
 *
 * Everything here is sent only when the client's Option Request option names it (RFC 8415 section
 * 21.7). Values come from the configuration alone, never from clients.
 */
#include "config.h"

#include "dhcp6/dhcp6_option.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum shape {
	ADDRS, /* addresses one after the other */
	NAMES, /* domain names, uncompressed */
	NAME,  /* one domain name */
	TEXT,  /* a string without its NUL */
	U32,
};

struct row {
	uint16_t code;
	const char *name;
	enum shape shape;
	size_t at, count; /* in struct dhcp6_options */
	unsigned int in;  /* enum dhcp6_option_in, or-ed */
};

#define AT(member)    offsetof(struct dhcp6_options, member)
#define LIST(member)  AT(member), AT(n_##member)
#define VALUE(member) AT(member), 0
#define ANY           (DHCP6_IN_ADVERTISE | DHCP6_IN_REPLY | DHCP6_IN_INFORMATION)
#define REPLIES       (DHCP6_IN_REPLY | DHCP6_IN_INFORMATION)

static const struct row rows[] = {
	/* clang-format off */
	{DHCP6_OPT_SIP_DOMAINS,     "sip-domains",     NAMES, LIST(sip_domains),      ANY}, /* 3319 */
	{DHCP6_OPT_SIP_SERVERS,     "sip-servers",     ADDRS, LIST(sip_servers),      ANY}, /* 3319 */
	{DHCP6_OPT_DNS,             "dns",             ADDRS, LIST(dns),              ANY}, /* 3646 3 */
	{DHCP6_OPT_SEARCH,          "search",          NAMES, LIST(search),           ANY}, /* 3646 4 */
	{DHCP6_OPT_SNTP,            "sntp",            ADDRS, LIST(sntp),             ANY}, /* 4075 4 */
	/* RFC 8415 section 21.23: only where the client has no lifetimes to go by. */
	{DHCP6_OPT_INFORMATION_REFRESH_TIME, "information-refresh-time", U32,
	                            VALUE(information_refresh_time),   DHCP6_IN_INFORMATION},
	{DHCP6_OPT_POSIX_TIMEZONE,  "posix-timezone",  TEXT,  VALUE(posix_timezone),  ANY}, /* 4833 3 */
	{DHCP6_OPT_TZDB_TIMEZONE,   "tzdb-timezone",   TEXT,  VALUE(tzdb_timezone),   ANY}, /* 4833 3 */
	{DHCP6_OPT_BOOT_URL,        "boot-url",        TEXT,  VALUE(boot_url),        ANY}, /* 5970 3.1 */
	{DHCP6_OPT_AFTR,            "aftr",            NAME,  VALUE(aftr),            ANY}, /* 6334 3 */
	{DHCP6_OPT_SOL_MAX_RT,      "sol-max-rt",      U32,   VALUE(sol_max_rt),      ANY}, /* 21.24 */
	{DHCP6_OPT_INF_MAX_RT,      "inf-max-rt",      U32,   VALUE(inf_max_rt),  REPLIES}, /* 21.25 */
	{DHCP6_OPT_CAPTIVE_PORTAL,  "captive-portal",  TEXT,  VALUE(captive_portal),  ANY}, /* 8910 2.2 */
	/* clang-format on */
};

#define N_ROWS (sizeof(rows) / sizeof(rows[0]))

struct encoded {
	uint16_t code;
	unsigned int in;
	size_t at, len; /* in the set's bytes: code, length and value */
};

struct dhcp6_optset {
	struct encoded *items;
	size_t n_items, items_cap;
	uint8_t *bytes;
	size_t n_bytes, bytes_cap;
};

static void put_addrs(struct wire_writer *w, const struct in6_addr *addrs, size_t n)
{
	for (size_t i = 0; i < n; i++)
		wire_put_ip6(w, &addrs[i]);
}

static void put_names(struct wire_writer *w, const struct dns_name *names, size_t n)
{
	for (size_t i = 0; i < n; i++)
		dns_name_put(w, &names[i]);
}

/* The value of a row; nothing is written when it is absent. */
static void put_value(struct wire_writer *w, const struct row *row, const void *options)
{
	const uint8_t *base = options;
	const void *at = base + row->at;
	size_t n = row->count ? *(const size_t *)(const void *)(base + row->count) : 1;

	switch (row->shape) {
	case ADDRS:
		put_addrs(w, *(struct in6_addr *const *)at, n);
		break;
	case NAMES:
		put_names(w, *(struct dns_name *const *)at, n);
		break;
	case NAME:
		put_names(w, at, n);
		break;
	case TEXT: {
		const char *text = *(const char *const *)at;

		wire_put_bytes(w, text, text ? strlen(text) : 0);
		break;
	}
	case U32:
		if (*(const uint32_t *)at)
			wire_put_u32(w, *(const uint32_t *)at);
		break;
	}
}

/* Adds the option whose value is in `value`. */
static void add(struct dhcp6_optset *set, uint16_t code, unsigned int in, const void *value,
		size_t len)
{
	set->items = mem_grow(set->items, &set->items_cap, set->n_items + 1, sizeof(*set->items));
	set->bytes = mem_grow(set->bytes, &set->bytes_cap, set->n_bytes + len + 4, 1);
	struct wire_writer w = wire_writer(set->bytes + set->n_bytes, len + 4);

	wire_put_u16(&w, code);
	wire_put_u16(&w, (uint16_t)len);
	wire_put_bytes(&w, value, len);
	assert(!w.bad);
	set->items[set->n_items++] =
		(struct encoded){.code = code, .in = in, .at = set->n_bytes, .len = w.at};
	set->n_bytes += w.at;
}

static void add_rows(struct dhcp6_optset *set, const struct dhcp6_options *options)
{
	uint8_t *value = mem_new(1, UINT16_MAX);

	for (size_t i = 0; i < N_ROWS; i++) {
		struct wire_writer w = wire_writer(value, UINT16_MAX);

		put_value(&w, &rows[i], options);
		if (w.at && !w.bad)
			add(set, rows[i].code, rows[i].in, value, w.at);
	}
	free(value);
}

struct dhcp6_optset *dhcp6_optset_new(const struct dhcp6_options *options)
{
	struct dhcp6_optset *set = mem_new(1, sizeof(*set));

	add_rows(set, options);
	for (size_t i = 0; i < options->n_raw; i++) {
		const struct dhcp6_raw_option *raw = &options->raw[i];

		add(set, raw->code, ANY, raw->hex.bytes, raw->hex.len);
	}
	if (set->n_items)
		return set;
	dhcp6_optset_free(set);
	return NULL;
}

void dhcp6_optset_free(struct dhcp6_optset *set)
{
	if (!set)
		return;
	free(set->items);
	free(set->bytes);
	free(set);
}

static bool has(const struct dhcp6_optset *set, uint16_t code)
{
	for (size_t i = 0; set && i < set->n_items; i++) {
		if (set->items[i].code == code)
			return true;
	}
	return false;
}

static void put_item(const struct dhcp6_optset *set, const struct encoded *item,
		     struct wire_writer *w)
{
	size_t at = w->at;

	wire_put_bytes(w, set->bytes + item->at, item->len);
	if (w->bad)
		wire_put_undo(w, at);
}

void dhcp6_optset_put(const struct dhcp6_optset *first, const struct dhcp6_optset *then,
		      const struct dhcp6_msg *msg, enum dhcp6_option_in in, struct wire_writer *w)
{
	const struct dhcp6_optset *sets[] = {first, then};

	for (size_t s = 0; s < 2; s++) {
		for (size_t i = 0; sets[s] && i < sets[s]->n_items; i++) {
			const struct encoded *item = &sets[s]->items[i];

			if (!(item->in & in) || !dhcp6_msg_wants(msg, item->code))
				continue;
			if (s == 0 || !has(first, item->code))
				put_item(sets[s], item, w);
		}
	}
}

const char *dhcp6_option_name(uint16_t code)
{
	for (size_t i = 0; i < N_ROWS; i++) {
		if (rows[i].code == code)
			return rows[i].name;
	}
	return NULL;
}

bool dhcp6_option_is_ours(uint16_t code)
{
	if (code == DHCP6_OPT_VENDOR_OPTS)
		return false;
	return code <= 20 || code == DHCP6_OPT_IA_PD || code == DHCP6_OPT_IAPREFIX;
}

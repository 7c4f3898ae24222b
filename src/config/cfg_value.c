/* SPDX-License-Identifier: ISC */
/*
 * Scalars: cfg_value_parse() turns a text into a value of the row's type, or says what is wrong
 * with it and what would be right. Defaults go the same way. YAML's own types do not matter here:
 * the row alone says what a text means, so "off" may be a name and 1500 a string.
 */
#include "config.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "config/cfg_internal.h"

/* Lengths of time that a unit stands for, longest first; in milliseconds. */
static const struct unit {
	const char *name;
	uint64_t msec;
} units[] = {{"d", 86400000}, {"h", 3600000}, {"m", 60000}, {"s", 1000}, {"ms", 1}};

enum { N_UNITS = sizeof(units) / sizeof(units[0]) };

struct limits {
	uint64_t min, max;
};

size_t cfg_value_size(const struct cfg_row *row)
{
	switch (row->type) {
	case CFG_BOOL:
		return sizeof(bool);
	case CFG_U8:
		return sizeof(uint8_t);
	case CFG_U16:
		return sizeof(uint16_t);
	case CFG_U32:
	case CFG_DURATION:
	case CFG_MSEC:
		return sizeof(uint32_t);
	case CFG_STRING:
		return sizeof(const char *);
	case CFG_IP6:
		return sizeof(struct in6_addr);
	case CFG_PREFIX:
		return sizeof(struct ip6_prefix);
	case CFG_DNS_NAME:
		return sizeof(struct dns_name);
	case CFG_MAC:
		return sizeof(struct cfg_mac);
	case CFG_DUID:
		return sizeof(struct duid);
	case CFG_ENUM:
		return sizeof(int);
	case CFG_OTHER:
		return row->item_size;
	case CFG_MAP:
	case CFG_MAPS:
		break;
	}
	return row->sub->size;
}

/* The largest value the type holds. */
static uint64_t type_max(enum cfg_type type)
{
	if (type == CFG_U8)
		return UINT8_MAX;
	if (type == CFG_U16)
		return UINT16_MAX;
	if (type == CFG_PREFIX)
		return 128;
	return UINT32_MAX;
}

static struct limits limits_of(const struct cfg_row *row)
{
	return (struct limits){row->min, row->max ? row->max : type_max(row->type)};
}

static bool is_time(const struct cfg_row *row)
{
	return row->type == CFG_DURATION || row->type == CFG_MSEC;
}

/* A time in the largest unit that divides it. */
static void put_time(struct text *text, uint64_t msec)
{
	size_t i = 0;

	while (msec % units[i].msec)
		i++;
	text_put_u64(text, msec / units[i].msec);
	text_put_str(text, units[i].name);
}

static void put_limit(struct text *text, const struct cfg_row *row, uint64_t value)
{
	if (is_time(row) && value) {
		put_time(text, value * (row->type == CFG_MSEC ? 1 : 1000));
		return;
	}
	if (row->type == CFG_PREFIX)
		text_put_char(text, '/');
	text_put_u64(text, value);
}

/* "4s to 65535s"; the number that stands for infinity is no finite time. */
static void put_limits(struct text *text, const struct cfg_row *row)
{
	struct limits limits = limits_of(row);
	bool infinite = is_time(row) && limits.max == UINT32_MAX;

	put_limit(text, row, limits.min);
	if (limits.min != limits.max) {
		text_put_str(text, " to ");
		put_limit(text, row, limits.max - infinite);
	}
	if (infinite)
		text_put_str(text, ", or infinite");
	if (row->type == CFG_STRING)
		text_put_str(text, " octets");
}

/* Whether the row allows less than its type holds; that of the small types is worth saying too. */
static bool is_limited(const struct cfg_row *row)
{
	struct limits limits = limits_of(row);

	switch (row->type) {
	case CFG_U8:
	case CFG_U16:
		return true;
	case CFG_U32:
	case CFG_DURATION:
	case CFG_MSEC:
	case CFG_STRING:
	case CFG_PREFIX:
		return limits.min > 0 || limits.max < type_max(row->type);
	case CFG_BOOL:
	case CFG_IP6:
	case CFG_DNS_NAME:
	case CFG_MAC:
	case CFG_DUID:
	case CFG_ENUM:
	case CFG_OTHER:
	case CFG_MAP:
	case CFG_MAPS:
		break;
	}
	return false;
}

void cfg_value_limits(const struct cfg_row *row, struct cfg_why *ret)
{
	struct limits limits = limits_of(row);
	struct text text;

	text_init(&text, ret->text, sizeof(ret->text));
	if (is_time(row) && limits.max == UINT32_MAX) {
		if (limits.min > 0) {
			text_put_str(&text, "at least ");
			put_limit(&text, row, limits.min);
			text_put_str(&text, "; ");
		}
		text_put_str(&text, "may be infinite");
		return;
	}
	if (limits.min == limits.max)
		text_put_str(&text, "only ");
	if (is_limited(row))
		put_limits(&text, row);
}

static void names_wanted(const struct cfg_row *row, struct cfg_why *ret)
{
	struct cfg_why list;

	cfg_list_names(row->names, &list);
	cfg_why(ret, "one of %.*s", 300, list.text);
}

static void map_wanted(const struct cfg_row *row, struct cfg_why *ret)
{
	struct cfg_why list;

	cfg_list_keys(row->sub, &list);
	cfg_why(ret, "a map with the keys %.*s", 300, list.text);
}

static void other_wanted(const struct cfg_row *row, struct cfg_why *ret)
{
	bool vowel = row->what[0] && strchr("aeiouAEIOU", row->what[0]);

	cfg_why(ret, "%s %s", vowel ? "an" : "a", row->what);
}

void cfg_value_wanted(const struct cfg_row *row, struct cfg_why *ret)
{
	static const char *const words[] = {
		[CFG_BOOL] = "true or false",
		[CFG_U8] = "a whole number",
		[CFG_U16] = "a whole number",
		[CFG_U32] = "a whole number",
		[CFG_DURATION] = "a duration such as 30s, 10m, 4h or 7d",
		[CFG_MSEC] = "a duration such as 500ms, 30s, 10m or 4h",
		[CFG_STRING] = "a text",
		[CFG_IP6] = "an IPv6 address such as 2001:db8::1",
		[CFG_PREFIX] = "an IPv6 prefix such as 2001:db8:1::/64",
		[CFG_DNS_NAME] = "a DNS name such as example.org",
		[CFG_MAC] = "a MAC address such as 02:00:5e:10:00:01",
		[CFG_DUID] = "a DUID such as 00:03:00:01:02:00:5e:10:00:01",
	};

	if (row->type == CFG_ENUM)
		names_wanted(row, ret);
	else if (row->type == CFG_OTHER)
		other_wanted(row, ret);
	else if (row->type == CFG_MAP || row->type == CFG_MAPS)
		map_wanted(row, ret);
	else
		cfg_why(ret, "%s", words[row->type]);
}

void cfg_row_wanted(const struct cfg_row *row, struct cfg_why *ret)
{
	struct cfg_why item;

	if (!row->list && row->type != CFG_MAPS) {
		cfg_value_wanted(row, ret);
		return;
	}
	cfg_value_wanted(row, &item);
	cfg_why(ret, "a list, each item %.400s", item.text);
}

static bool is_word(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		char c = text[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
		      (c && strchr("._:/%+-", c))))
			return false;
	}
	return len > 0;
}

/* Escapes what a message may not hold; a NUL too, which would end it. */
static void put_shown(struct text *out, const char *text, size_t len)
{
	for (size_t i = 0; i < len && i < CFG_SHOW_LEN; i++) {
		if (text[i] >= ' ' && text[i] < 0x7f)
			text_put_char(out, text[i]);
		else
			text_put_escaped(out, text + i, 1);
	}
	if (len > CFG_SHOW_LEN)
		text_put_str(out, "...");
}

const char *cfg_quote(const char *text, size_t len, struct cfg_why *buf)
{
	struct text out;

	text_init(&out, buf->text, sizeof(buf->text));
	text_put_char(&out, '\'');
	put_shown(&out, text, len);
	text_put_char(&out, '\'');
	return buf->text;
}

const char *cfg_show(const char *text, size_t len, struct cfg_why *buf)
{
	struct text out;

	if (!is_word(text, len))
		return cfg_quote(text, len, buf);
	text_init(&out, buf->text, sizeof(buf->text));
	put_shown(&out, text, len);
	return buf->text;
}

/* The text is not of the type at all. */
static bool not_wanted(const struct cfg_row *row, const char *s, struct cfg_why *why)
{
	struct cfg_why shown, wanted;

	cfg_value_wanted(row, &wanted);
	return cfg_why(why, "%.300s is not %.200s", cfg_show(s, strlen(s), &shown), wanted.text);
}

/* The text is of the type, and `how` ("too small") it is not among those allowed. */
static bool not_allowed(const struct cfg_row *row, const char *s, const char *how,
			struct cfg_why *why)
{
	struct limits limits = limits_of(row);
	struct cfg_why shown;
	char range[80];
	struct text text;

	text_init(&text, range, sizeof(range));
	put_limits(&text, row);
	return cfg_why(why, "%.300s is %s, allowed %s %s%s%.60s%s", cfg_show(s, strlen(s), &shown),
		       how, limits.min == limits.max ? "is" : "are", range,
		       row->rfc ? " (RFC " : "", row->rfc ? row->rfc : "", row->rfc ? ")" : "");
}

static bool check_limits(const struct cfg_row *row, const char *s, uint64_t value,
			 struct cfg_why *why)
{
	bool is_length = is_time(row) || row->type == CFG_STRING || row->type == CFG_PREFIX;
	struct limits limits = limits_of(row);

	if (value < limits.min)
		return not_allowed(row, s, is_length ? "too short" : "too small", why);
	if (value > limits.max)
		return not_allowed(row, s, is_length ? "too long" : "too large", why);
	return true;
}

/* Reads digits, and goes past them; what 64 bits do not hold is UINT64_MAX. False: none there. */
static bool get_digits(const char **s, uint64_t *ret)
{
	const char *start = *s;
	uint64_t value = 0;
	bool over = false;

	for (; **s >= '0' && **s <= '9'; (*s)++) {
		over = over || __builtin_mul_overflow(value, 10, &value) ||
		       __builtin_add_overflow(value, (uint64_t)(**s - '0'), &value);
	}
	*ret = over ? UINT64_MAX : value;
	return *s != start;
}

static void store_number(const struct cfg_row *row, uint64_t value, void *dst)
{
	if (row->type == CFG_U8)
		*(uint8_t *)dst = (uint8_t)value;
	else if (row->type == CFG_U16)
		*(uint16_t *)dst = (uint16_t)value;
	else
		*(uint32_t *)dst = (uint32_t)value;
}

static bool parse_number(const struct cfg_row *row, const char *s, void *dst, struct cfg_why *why)
{
	bool negative = *s == '-';
	const char *at = s + negative;
	struct cfg_why shown;
	uint64_t value;

	if (!get_digits(&at, &value) || *at)
		return not_allowed(row, s, "not a whole number", why);
	if (negative)
		return not_allowed(row, s, "too small", why);
	/* YAML 1.1 takes such a number for an octal one, JSON for none. */
	if (s[0] == '0' && s[1])
		return cfg_why(why, "%.300s begins with 0, write %" PRIu64,
			       cfg_show(s, strlen(s), &shown), value);
	if (!check_limits(row, s, value, why))
		return false;
	store_number(row, value, dst);
	return true;
}

static const struct unit *find_unit(const struct cfg_row *row, const char *name)
{
	for (size_t i = 0; i < N_UNITS; i++) {
		if (strcmp(units[i].name, name) == 0 &&
		    (units[i].msec >= 1000 || row->type == CFG_MSEC))
			return &units[i];
	}
	return NULL;
}

/* A number and its unit, in the unit of the row. */
static bool get_duration(const struct cfg_row *row, const char *s, uint64_t *ret,
			 struct cfg_why *why)
{
	bool msec = row->type == CFG_MSEC;
	struct cfg_why shown;
	const char *at = s;
	uint64_t value;

	if (!get_digits(&at, &value))
		return not_wanted(row, s, why);
	const struct unit *unit = find_unit(row, *at ? at : "s");

	if (!unit)
		return not_wanted(row, s, why);
	if (!*at && value)
		return cfg_why(why, "%.200s has no unit, write %.100s%s%.100ss",
			       cfg_show(s, strlen(s), &shown), msec ? shown.text : "",
			       msec ? "ms or " : "", shown.text);
	if (__builtin_mul_overflow(value, unit->msec, &value))
		value = UINT64_MAX;
	if (!msec)
		value /= 1000;
	/* The number that stands for infinity is no finite time. */
	*ret = value == UINT32_MAX ? value + 1 : value;
	return true;
}

static bool parse_duration(const struct cfg_row *row, const char *s, void *dst, struct cfg_why *why)
{
	uint64_t value = UINT32_MAX;

	if (strcmp(s, "infinite") != 0 && !get_duration(row, s, &value, why))
		return false;
	if (!check_limits(row, s, value, why))
		return false;
	store_number(row, value, dst);
	return true;
}

static bool parse_bool(const char *s, void *dst, struct cfg_why *why)
{
	static const char *const words[] = {"false", "true", "no", "yes", "off", "on"};
	struct cfg_why shown;

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcasecmp(s, words[i]) == 0) {
			*(bool *)dst = i % 2;
			return true;
		}
	}
	return cfg_why(why, "%.300s is not true or false (yes, no, on and off do as well)",
		       cfg_show(s, strlen(s), &shown));
}

static bool parse_string(const struct cfg_row *row, const char *s, void *dst, struct arena *arena,
			 struct cfg_why *why)
{
	struct cfg_why shown;

	if (!*s)
		return cfg_why(why, "'' is empty, write a text");
	for (const char *p = s; *p; p++) {
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			return cfg_why(why, "%.300s holds a control character, leave it out",
				       cfg_show(s, strlen(s), &shown));
	}
	if (!check_limits(row, s, strlen(s), why))
		return false;
	*(const char **)dst = arena_strdup(arena, s);
	return true;
}

static bool parse_ip6(const struct cfg_row *row, const char *s, void *dst, struct cfg_why *why)
{
	struct cfg_why shown;
	struct ip6_prefix prefix;
	bool tail;

	if (ip6_parse(s, dst))
		return true;
	if (ip6_prefix_parse(s, &prefix, &tail))
		return cfg_why(why, "%.300s has a length, write the address alone: %.*s",
			       cfg_show(s, strlen(s), &shown), (int)strcspn(s, "/"), s);
	return not_wanted(row, s, why);
}

static bool parse_prefix(const struct cfg_row *row, const char *s, void *dst, struct cfg_why *why)
{
	char right[IP6_PREFIX_TEXT_LEN];
	struct ip6_prefix prefix;
	struct cfg_why shown;
	struct in6_addr addr;
	struct text text;
	bool tail;

	cfg_show(s, strlen(s), &shown);
	if (ip6_parse(s, &addr))
		return cfg_why(why, "%.300s has no length, write it behind a slash such as /64",
			       shown.text);
	if (!ip6_prefix_parse(s, &prefix, &tail))
		return not_wanted(row, s, why);
	if (tail) {
		text_init(&text, right, sizeof(right));
		text_put_ip6_prefix(&text, &prefix);
		return cfg_why(why, "%.300s has bits past its length, write %s", shown.text, right);
	}
	if (!check_limits(row, s, prefix.len, why))
		return false;
	*(struct ip6_prefix *)dst = prefix;
	return true;
}

static bool parse_dns_name(const char *s, void *dst, struct cfg_why *why)
{
	const char *reason;
	struct cfg_why shown;

	if (dns_name_parse(s, dst, &reason))
		return true;
	return cfg_why(why, "%.300s is not a DNS name such as example.org: %s",
		       cfg_show(s, strlen(s), &shown), reason);
}

static int hex_value(char c)
{
	const char *digits = "0123456789abcdefABCDEF";
	const char *at = c ? strchr(digits, c) : NULL;

	if (!at)
		return -1;
	return (int)(at - digits) - (at - digits > 15 ? 6 : 0);
}

static bool parse_mac(const struct cfg_row *row, const char *s, void *dst, struct cfg_why *why)
{
	static const uint8_t zero[6];
	struct cfg_mac mac = {.set = true};

	if (strlen(s) != 17)
		return not_wanted(row, s, why);
	for (size_t i = 0; i < 6; i++) {
		const char *two = s + 3 * i;
		char end = i < 5 ? s[2] : '\0';

		int high = hex_value(two[0]), low = hex_value(two[1]);

		if (high < 0 || low < 0 || two[2] != end)
			return not_wanted(row, s, why);
		mac.bytes[i] = (uint8_t)(high << 4 | low);
	}
	if (s[2] != ':' && s[2] != '-')
		return not_wanted(row, s, why);
	/* Nobody sends from one: what is written for it would never be found. */
	if (mac.bytes[0] & 1)
		return cfg_why(
			why,
			"%s is the address of a group, write that of a host: its first octet "
			"is even",
			s);
	if (memcmp(mac.bytes, zero, sizeof(zero)) == 0)
		return cfg_why(why, "%s is the address of nobody, write that of a host", s);
	*(struct cfg_mac *)dst = mac;
	return true;
}

static bool parse_duid(const struct cfg_row *row, const char *s, void *dst, struct cfg_why *why)
{
	return duid_parse(s, dst) || not_wanted(row, s, why);
}

static bool parse_enum(const struct cfg_row *row, const char *s, void *dst, struct cfg_why *why)
{
	struct cfg_why shown;

	for (const struct cfg_name *name = row->names; name->name; name++) {
		if (strcmp(name->name, s) == 0) {
			*(int *)dst = name->value;
			return true;
		}
	}
	const char *near = cfg_near_name(row->names, s, strlen(s));

	if (near)
		return cfg_why(why, "%.300s is not known, did you mean %.100s?",
			       cfg_show(s, strlen(s), &shown), near);
	return not_wanted(row, s, why);
}

static bool parse_other(const struct cfg_row *row, const char *s, void *dst, struct arena *arena,
			struct cfg_why *why)
{
	const char *reason = NULL;
	struct cfg_why shown;

	if (row->parse(s, dst, arena, &reason))
		return true;
	if (!reason)
		return not_wanted(row, s, why);
	return cfg_why(why, "%.150s %s", cfg_show(s, strlen(s), &shown), reason);
}

bool cfg_value_parse(const struct cfg_row *row, const char *text, size_t len, void *dst,
		     struct arena *arena, struct cfg_why *why)
{
	struct cfg_why shown;

	if (strlen(text) != len)
		return cfg_why(why, "%.300s holds a NUL character, leave it out",
			       cfg_show(text, len, &shown));
	switch (row->type) {
	case CFG_BOOL:
		return parse_bool(text, dst, why);
	case CFG_U8:
	case CFG_U16:
	case CFG_U32:
		return parse_number(row, text, dst, why);
	case CFG_DURATION:
	case CFG_MSEC:
		return parse_duration(row, text, dst, why);
	case CFG_STRING:
		return parse_string(row, text, dst, arena, why);
	case CFG_IP6:
		return parse_ip6(row, text, dst, why);
	case CFG_PREFIX:
		return parse_prefix(row, text, dst, why);
	case CFG_DNS_NAME:
		return parse_dns_name(text, dst, why);
	case CFG_MAC:
		return parse_mac(row, text, dst, why);
	case CFG_DUID:
		return parse_duid(row, text, dst, why);
	case CFG_ENUM:
		return parse_enum(row, text, dst, why);
	case CFG_OTHER:
		return parse_other(row, text, dst, arena, why);
	case CFG_MAP:
	case CFG_MAPS:
		break;
	}
	assert(false); /* a map is no scalar */
	return false;
}

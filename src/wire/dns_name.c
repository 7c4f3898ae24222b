/* SPDX-License-Identifier: ISC */
/*
 * DNS names: text, wire form and back.
 */
#include "config.h"

#include "wire/dns_name.h"

#include <assert.h>
#include <string.h>

enum { DNS_LABEL_MAX = 63 };

static bool is_label_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '-' || c == '_';
}

bool dns_name_parse(const char *s, struct dns_name *ret, const char **ret_why)
{
	struct dns_name name = {.len = 0};

	*ret_why = "a name has at least one label";
	while (*s) {
		size_t n = 0;

		while (is_label_char(s[n]))
			n++;
		if (s[n] && s[n] != '.') {
			*ret_why = "labels are made of letters, digits, '-' and '_'";
			return false;
		}
		if (n == 0) {
			*ret_why = "a label is empty";
			return false;
		}
		if (n > DNS_LABEL_MAX) {
			*ret_why = "a label is longer than 63 octets";
			return false;
		}
		if (name.len + n + 2 > DNS_NAME_MAX) {
			*ret_why = "the name is longer than 255 octets";
			return false;
		}
		name.bytes[name.len] = (uint8_t)n;
		memcpy(name.bytes + name.len + 1, s, n);
		name.len = (uint8_t)(name.len + n + 1);
		s += n;
		if (*s == '.')
			s++;
	}
	if (name.len == 0)
		return false;
	name.bytes[name.len++] = 0;
	*ret = name;
	return true;
}

bool dns_name_get(struct wire_reader *r, struct dns_name *ret, bool *ret_partial)
{
	struct dns_name name = {.len = 0};
	bool partial = false;

	for (;;) {
		if (ret_partial && wire_left(r) == 0) {
			partial = true;
			break;
		}
		uint8_t n = wire_get_u8(r);
		/* RFC 8415 section 10: compressed names are not allowed, so no pointers. */
		if (r->bad || n > DNS_LABEL_MAX || name.len + 1u + n > DNS_NAME_MAX) {
			r->bad = true;
			return false;
		}
		name.bytes[name.len++] = n;
		if (n == 0)
			break;
		const uint8_t *label = wire_get_bytes(r, n);

		if (!label)
			return false;
		memcpy(name.bytes + name.len, label, n);
		name.len = (uint8_t)(name.len + n);
	}
	if (ret_partial)
		*ret_partial = partial;
	*ret = name;
	return true;
}

void dns_name_put(struct wire_writer *w, const struct dns_name *name)
{
	wire_put_bytes(w, name->bytes, name->len);
}

/* A dot inside a label would be read as one between two labels; half an escape as something else.
 */
static void put_label(struct text *text, const uint8_t *label, size_t len)
{
	static const char dot[] = "\\x2e";

	for (size_t i = 0; i < len; i++) {
		if (label[i] != '.') {
			text_put_escaped(text, label + i, 1);
		} else if (text->room - text->len < sizeof(dot)) {
			text->cut = true;
			return;
		} else {
			text_put_str(text, dot);
		}
	}
}

void dns_name_text(const struct dns_name *name, struct text *text)
{
	size_t at = 0;

	while (at < name->len && name->bytes[at]) {
		uint8_t n = name->bytes[at];

		assert(at + 1 + n <= name->len);
		if (at)
			text_put_char(text, '.');
		put_label(text, name->bytes + at + 1, n);
		at += 1u + n;
	}
}

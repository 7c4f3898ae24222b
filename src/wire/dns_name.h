/* SPDX-License-Identifier: ISC */
/*
 * DNS names in the uncompressed form of RFC 1035 section 3.1, as RFC 8415 section 10 and RFC 8106
 * section 5.2 want them: labels of up to 63 octets, 255 octets in all, no pointers.
 */
#ifndef SEXTANT_WIRE_DNS_NAME_H
#define SEXTANT_WIRE_DNS_NAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"
#include "wire/wire.h"

#define DNS_NAME_MAX 255 /* octets of a whole name with its root label */
#define DNS_TEXT_MAX 256 /* octets of a name as text without escapes, with its NUL */

struct dns_name {
	uint8_t bytes[DNS_NAME_MAX];
	uint8_t len; /* with the root label; of a partial name, without */
};

/*
 * Text such as "example.org" or "example.org." to a whole name. Labels are letters, digits, '-'
 * and '_'. False, with *ret_why (a static string: what is wrong) and *ret left alone, if not one.
 */
bool dns_name_parse(const char *s, struct dns_name *ret, const char **ret_why);

/*
 * Reads one name. It ends at its root label; where `partial` is allowed (RFC 4704 section 4.2), at
 * the end of the reader too, and *ret_partial tells which. A pointer or an overlong label makes
 * the reader bad.
 */
bool dns_name_get(struct wire_reader *r, struct dns_name *ret, bool *ret_partial);

void dns_name_put(struct wire_writer *w, const struct dns_name *name);

/* The name as text: labels joined with dots, no dot at the end, octets of peers escaped. */
void dns_name_text(const struct dns_name *name, struct text *text);

#endif

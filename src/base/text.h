/* SPDX-License-Identifier: ISC */
/*
 * Text into a buffer of the caller's, without printf: addresses, numbers, hex and what peers sent.
 *
 * A writer that runs out of room writes as much as fits, remembers that it was cut, and never
 * fails; the text always ends in NUL.
 */
#ifndef SEXTANT_BASE_TEXT_H
#define SEXTANT_BASE_TEXT_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct text {
	char *buf;   /* borrowed; NUL-terminated after every call */
	size_t len;  /* bytes written, without the NUL */
	size_t room; /* bytes of buf, at least 1 */
	bool cut;    /* something did not fit */
};

void text_init(struct text *text, char *buf, size_t room);

void text_put_char(struct text *text, char c);
void text_put_str(struct text *text, const char *s);
void text_put_u64(struct text *text, uint64_t value);
void text_put_i64(struct text *text, int64_t value);

/* Lower-case hex digits, two a byte, with `sep` between bytes (0 for none). */
void text_put_hex(struct text *text, const void *bytes, size_t len, char sep);

/* An address as RFC 5952 writes it. */
void text_put_ip6(struct text *text, const struct in6_addr *addr);

/*
 * Bytes that a peer chose: printable ASCII without blank, '"', '=' and '\\' as it is, everything
 * else as \xNN. The result never holds a blank, a quote or a control character.
 */
void text_put_escaped(struct text *text, const void *bytes, size_t len);

#endif

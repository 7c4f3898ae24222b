/* SPDX-License-Identifier: ISC */
/*
 * The text writer. Logs and the store format every address and DUID through it, so it is written
 * for speed: no printf, no second pass.
 */
#include "config.h"

#include "base/text.h"

#include <assert.h>
#include <string.h>

static const char hex_digits[] = "0123456789abcdef";

void text_init(struct text *text, char *buf, size_t room)
{
	assert(room > 0);
	*text = (struct text){.buf = buf, .room = room};
	buf[0] = '\0';
}

static void put_bytes(struct text *text, const char *bytes, size_t n)
{
	size_t left = text->room - 1 - text->len;

	if (n > left) {
		n = left;
		text->cut = true;
	}
	memcpy(text->buf + text->len, bytes, n);
	text->len += n;
	text->buf[text->len] = '\0';
}

void text_put_char(struct text *text, char c)
{
	if (text->len + 1 == text->room) {
		text->cut = true;
		return;
	}
	text->buf[text->len++] = c;
	text->buf[text->len] = '\0';
}

void text_put_str(struct text *text, const char *s)
{
	put_bytes(text, s, strlen(s));
}

void text_put_u64(struct text *text, uint64_t value)
{
	char digits[20];
	size_t at = sizeof(digits);

	do {
		digits[--at] = (char)('0' + value % 10);
		value /= 10;
	} while (value);
	put_bytes(text, digits + at, sizeof(digits) - at);
}

void text_put_i64(struct text *text, int64_t value)
{
	if (value < 0) {
		text_put_char(text, '-');
		text_put_u64(text, 0 - (uint64_t)value);
	} else {
		text_put_u64(text, (uint64_t)value);
	}
}

/* As below, where all of it fits. */
static void put_whole_hex(struct text *text, const uint8_t *bytes, size_t len, char sep)
{
	char *out = text->buf + text->len;

	for (size_t i = 0; i < len; i++) {
		if (sep && i)
			*out++ = sep;
		*out++ = hex_digits[bytes[i] >> 4];
		*out++ = hex_digits[bytes[i] & 15];
	}
	*out = '\0';
	text->len = (size_t)(out - text->buf);
}

void text_put_hex(struct text *text, const void *bytes, size_t len, char sep)
{
	const uint8_t *p = bytes;

	if (len <= (text->room - 1 - text->len) / 3) {
		put_whole_hex(text, p, len, sep);
		return;
	}
	for (size_t i = 0; i < len; i++) {
		if (sep && i)
			text_put_char(text, sep);
		if (text->room - 1 - text->len < 2) {
			/* A digit alone would be read as another octet. */
			text->cut = true;
			return;
		}
		text->buf[text->len++] = hex_digits[p[i] >> 4];
		text->buf[text->len++] = hex_digits[p[i] & 15];
		text->buf[text->len] = '\0';
	}
}

/* Finds the longest run of at least two zero groups (RFC 5952 section 4.2); length 0: none. */
static int longest_zero_run(const uint16_t groups[8], int *ret_len)
{
	int best = 0, best_len = 0;

	for (int i = 0; i < 8;) {
		int n = 0;

		while (i + n < 8 && groups[i + n] == 0)
			n++;
		if (n > best_len) {
			best = i;
			best_len = n;
		}
		i += n ? n : 1;
	}
	*ret_len = best_len >= 2 ? best_len : 0;
	return best;
}

static size_t format_group(char *out, unsigned int group)
{
	size_t n = group > 0xfff ? 4 : group > 0xff ? 3 : group > 0xf ? 2 : 1;

	for (size_t i = n; i-- > 0; group >>= 4)
		out[i] = hex_digits[group & 15];
	return n;
}

void text_put_ip6(struct text *text, const struct in6_addr *addr)
{
	char out[INET6_ADDRSTRLEN];
	uint16_t groups[8];
	size_t n = 0;
	int run_len;

	/* RFC 5952 section 5: the mapped prefix is written with a dotted address behind it. */
	if (IN6_IS_ADDR_V4MAPPED(addr)) {
		text_put_str(text, "::ffff:");
		for (int i = 12; i < 16; i++) {
			if (i > 12)
				text_put_char(text, '.');
			text_put_u64(text, addr->s6_addr[i]);
		}
		return;
	}
	for (int i = 0; i < 8; i++)
		groups[i] = (uint16_t)(addr->s6_addr[2 * i] << 8 | addr->s6_addr[2 * i + 1]);
	int run = longest_zero_run(groups, &run_len);

	for (int i = 0; i < 8; i++) {
		if (run_len && i == run) {
			out[n++] = ':';
			out[n++] = ':';
			i += run_len - 1;
			continue;
		}
		if (i && out[n - 1] != ':')
			out[n++] = ':';
		n += format_group(out + n, groups[i]);
	}
	put_bytes(text, out, n);
}

static bool is_plain(uint8_t c)
{
	return c > ' ' && c < 0x7f && c != '"' && c != '=' && c != '\\';
}

void text_put_escaped(struct text *text, const void *bytes, size_t len)
{
	const uint8_t *p = bytes;

	for (size_t i = 0; i < len; i++) {
		if (is_plain(p[i])) {
			text_put_char(text, (char)p[i]);
			continue;
		}
		char four[4] = {'\\', 'x', hex_digits[p[i] >> 4], hex_digits[p[i] & 15]};

		/* Half an escape would be read as something else. */
		if (text->room - 1 - text->len < sizeof(four)) {
			text->cut = true;
			return;
		}
		put_bytes(text, four, sizeof(four));
	}
}

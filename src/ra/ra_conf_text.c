/* SPDX-License-Identifier: ISC */
/*
 * Octets and service parameters, from text.
 */
#include "config.h"

#include "ra/ra_conf_text.h"

#include <stdint.h>
#include <string.h>

#include "ra/ra_conf.h"
#include "wire/wire.h"

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

bool ra_conf_parse_hex(const char *text, void *dst, struct arena *arena, const char **ret_why)
{
	uint8_t *bytes = arena_new(arena, strlen(text) / 2 + 1, 1);
	struct ra_octets octets = {.bytes = bytes};

	*ret_why = "must be pairs of hex digits, such as 0a0b or 0a:0b";
	while (*text) {
		int high = hex_value(text[0]);
		int low = high < 0 ? -1 : hex_value(text[1]);

		if (low < 0)
			return false;
		bytes[octets.len++] = (uint8_t)(high << 4 | low);
		text += 2;
		if (*text == ':' && text[1])
			text++;
	}
	memcpy(dst, &octets, sizeof(octets));
	return true;
}

/* Keys of service parameters (RFC 9460 section 14.3.2, RFC 9461 section 5). */
enum service_key {
	SERVICE_ALPN = 1,
	SERVICE_PORT = 3,
	SERVICE_DOHPATH = 7,
	SERVICE_KEYS = 8,
};

enum { SERVICE_MAX = 1024 }; /* octets of all parameters */

/* A value of the text: not ended by NUL. */
struct piece {
	const char *text;
	size_t len;
};

static bool take_key(const char **text, enum service_key *ret)
{
	static const struct {
		const char *name;
		enum service_key key;
	} keys[] = {
		{"alpn=", SERVICE_ALPN}, {"port=", SERVICE_PORT}, {"dohpath=", SERVICE_DOHPATH}};

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		size_t len = strlen(keys[i].name);

		if (strncmp(*text, keys[i].name, len) == 0) {
			*text += len;
			*ret = keys[i].key;
			return true;
		}
	}
	return false;
}

static bool split_service(const char *text, struct piece pieces[SERVICE_KEYS], const char **ret_why)
{
	for (text += strspn(text, " "); *text; text += strspn(text, " ")) {
		enum service_key key;

		*ret_why = "must be made of alpn=, port= and dohpath=, with blanks between";
		if (!take_key(&text, &key))
			return false;
		*ret_why = "has a parameter twice, write it once";
		if (pieces[key].text)
			return false;
		*ret_why = "has a parameter without a value";
		pieces[key] = (struct piece){text, strcspn(text, " ")};
		if (pieces[key].len == 0)
			return false;
		text += pieces[key].len;
	}
	return true;
}

/* RFC 9460 section 7.1.1: each protocol behind its length. */
static bool put_alpn(struct wire_writer *w, struct piece value, const char **ret_why)
{
	*ret_why = "alpn must be protocols of 1 to 255 octets, such as alpn=h2,dot";
	for (size_t at = 0; at <= value.len;) {
		size_t len = 0;

		while (at + len < value.len && value.text[at + len] != ',')
			len++;
		if (len == 0 || len > UINT8_MAX)
			return false;
		wire_put_u8(w, (uint8_t)len);
		wire_put_bytes(w, value.text + at, len);
		at += len + 1;
	}
	return true;
}

static bool put_port(struct wire_writer *w, struct piece value, const char **ret_why)
{
	uint32_t port = 0;

	*ret_why = "port must be 1 to 65535";
	for (size_t i = 0; i < value.len; i++) {
		if (value.text[i] < '0' || value.text[i] > '9' || port > UINT16_MAX)
			return false;
		port = port * 10 + (uint32_t)(value.text[i] - '0');
	}
	if (port == 0 || port > UINT16_MAX)
		return false;
	wire_put_u16(w, (uint16_t)port);
	return true;
}

static bool put_dohpath(struct wire_writer *w, struct piece value, const char **ret_why)
{
	static const char variable[] = "{?dns}";

	/* RFC 9461 section 5: a relative URI template with the variable dns. */
	*ret_why = "dohpath must begin with / and hold {?dns}, such as /dns-query{?dns}";
	if (value.text[0] != '/' || !memmem(value.text, value.len, variable, strlen(variable)))
		return false;
	wire_put_bytes(w, value.text, value.len);
	return true;
}

static bool put_value(struct wire_writer *w, enum service_key key, struct piece value,
		      const char **ret_why)
{
	if (key == SERVICE_ALPN)
		return put_alpn(w, value, ret_why);
	if (key == SERVICE_PORT)
		return put_port(w, value, ret_why);
	return put_dohpath(w, value, ret_why);
}

bool ra_conf_parse_service(const char *text, void *dst, struct arena *arena, const char **ret_why)
{
	struct piece pieces[SERVICE_KEYS] = {{NULL, 0}};
	uint8_t *bytes = arena_new(arena, SERVICE_MAX, 1);
	struct wire_writer w = wire_writer(bytes, SERVICE_MAX);

	if (!split_service(text, pieces, ret_why))
		return false;
	/* RFC 9460 section 2.2: in the order of their keys. */
	for (enum service_key key = 0; key < SERVICE_KEYS; key++) {
		if (!pieces[key].text)
			continue;
		wire_put_u16(&w, (uint16_t)key);
		size_t mark = wire_put_open(&w, WIRE_LEN_U16);

		if (!put_value(&w, key, pieces[key], ret_why))
			return false;
		wire_put_close(&w, mark, WIRE_LEN_U16);
	}
	*ret_why = "is longer than the 1024 octets that an option can hold";
	if (w.bad)
		return false;
	struct ra_octets octets = {.bytes = bytes, .len = w.at};

	memcpy(dst, &octets, sizeof(octets));
	return true;
}

/* SPDX-License-Identifier: ISC */
/*
 * DUIDs. Everything treats them as opaque octets, but for duid_mac() and the makers.
 */
#include "config.h"

#include "duid/duid.h"

#include <assert.h>
#include <string.h>

#include "wire/wire.h"

bool duid_from_bytes(const void *bytes, size_t len, struct duid *ret)
{
	if (len < DUID_MIN || len > DUID_MAX)
		return false;
	ret->len = (uint8_t)len;
	memcpy(ret->bytes, bytes, len);
	return true;
}

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

bool duid_parse(const char *s, struct duid *ret)
{
	uint8_t bytes[DUID_MAX];
	size_t n = 0;

	while (*s) {
		if (n == sizeof(bytes) || hex_value(s[0]) < 0 || hex_value(s[1]) < 0)
			return false;
		bytes[n++] = (uint8_t)(hex_value(s[0]) << 4 | hex_value(s[1]));
		s += 2;
		if ((*s == ':' || *s == '-') && s[1])
			s++;
	}
	return duid_from_bytes(bytes, n, ret);
}

void duid_text(const struct duid *duid, struct text *text)
{
	text_put_hex(text, duid->bytes, duid->len, ':');
}

bool duid_equal(const struct duid *a, const struct duid *b)
{
	return a->len == b->len && memcmp(a->bytes, b->bytes, a->len) == 0;
}

int duid_compare(const struct duid *a, const struct duid *b)
{
	uint8_t shorter = a->len < b->len ? a->len : b->len;
	int order = memcmp(a->bytes, b->bytes, shorter);

	return order ? order : (int)a->len - (int)b->len;
}

uint64_t duid_hash(const struct duid *duid, const struct siphash_key *key)
{
	return siphash(key, duid->bytes, duid->len);
}

uint16_t duid_type(const struct duid *duid)
{
	struct wire_reader r = wire_reader(duid->bytes, duid->len);

	return wire_get_u16(&r);
}

bool duid_mac(const struct duid *duid, uint8_t ret_mac[6])
{
	struct wire_reader r = wire_reader(duid->bytes, duid->len);
	uint16_t type = wire_get_u16(&r);
	uint16_t htype = wire_get_u16(&r);

	if (type == DUID_LLT)
		wire_get_u32(&r);
	else if (type != DUID_LL)
		return false;
	const uint8_t *mac = wire_get_bytes(&r, 6);

	if (!mac || htype != DUID_HTYPE_ETHERNET || wire_left(&r) != 0)
		return false;
	memcpy(ret_mac, mac, 6);
	return true;
}

struct duid duid_make_ll(const uint8_t mac[6])
{
	struct duid duid = {.len = 0};
	struct wire_writer w = wire_writer(duid.bytes, sizeof(duid.bytes));

	wire_put_u16(&w, DUID_LL);
	wire_put_u16(&w, DUID_HTYPE_ETHERNET);
	wire_put_bytes(&w, mac, 6);
	duid.len = (uint8_t)w.at;
	return duid;
}

struct duid duid_make_llt(const uint8_t mac[6], int64_t unix_seconds)
{
	struct duid duid = {.len = 0};
	struct wire_writer w = wire_writer(duid.bytes, sizeof(duid.bytes));

	wire_put_u16(&w, DUID_LLT);
	wire_put_u16(&w, DUID_HTYPE_ETHERNET);
	wire_put_u32(&w, (uint32_t)(unix_seconds - DUID_LLT_EPOCH)); /* modulo 2^32 (11.2) */
	wire_put_bytes(&w, mac, 6);
	duid.len = (uint8_t)w.at;
	return duid;
}

struct duid duid_make_uuid(const uint8_t uuid[16])
{
	struct duid duid = {.len = 0};
	struct wire_writer w = wire_writer(duid.bytes, sizeof(duid.bytes));

	wire_put_u16(&w, DUID_UUID);
	wire_put_bytes(&w, uuid, 16);
	duid.len = (uint8_t)w.at;
	return duid;
}

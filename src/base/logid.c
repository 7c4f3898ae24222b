/* SPDX-License-Identifier: ISC */
/*
 * Identifiers of clients in log lines. The shell says how they are written; a hash is keyed, for
 * there are few link-layer addresses of one vendor, and few addresses in a small pool: without a
 * key everybody could try them all.
 */
#include "config.h"

#include "base/logid.h"

#include <string.h>

/* Whether something else is written in place of the value, and that done. */
static bool is_hidden(struct logline *line, const char *key, const void *bytes, size_t len)
{
	char text[1 + 16 + 1];
	struct text out;
	uint64_t hash;

	if (!line || !line->ids || line->ids->how == LOGID_FULL)
		return false;
	if (line->ids->how == LOGID_NONE) {
		logline_str(line, key, "-");
		return true;
	}
	text_init(&out, text, sizeof(text));
	text_put_char(&out, '#');
	hash = siphash(&line->ids->key, bytes, len);
	for (int shift = 60; shift >= 0; shift -= 4)
		text_put_char(&out, "0123456789abcdef"[hash >> shift & 0xf]);
	logline_str(line, key, text);
	return true;
}

void logid_hex(struct logline *line, const char *key, const void *bytes, size_t len)
{
	if (!is_hidden(line, key, bytes, len))
		logline_hex(line, key, bytes, len);
}

void logid_ip6(struct logline *line, const char *key, const struct in6_addr *addr)
{
	/* These are nobody's. */
	bool is_common = ip6_is_multicast(addr) || ip6_is_unspecified(addr);

	if (is_common || !is_hidden(line, key, addr, sizeof(*addr)))
		logline_ip6(line, key, addr);
}

void logid_prefix(struct logline *line, const char *key, const struct ip6_prefix *prefix)
{
	uint8_t bytes[17];

	memcpy(bytes, &prefix->addr, 16);
	bytes[16] = prefix->len;
	if (!is_hidden(line, key, bytes, sizeof(bytes)))
		logline_prefix(line, key, prefix);
}

void logid_u64(struct logline *line, const char *key, uint64_t value)
{
	if (!is_hidden(line, key, &value, sizeof(value)))
		logline_u64(line, key, value);
}

void logid_str(struct logline *line, const char *key, const char *value)
{
	if (!is_hidden(line, key, value, strlen(value)))
		logline_str(line, key, value);
}

void logid_peer(struct logline *line, const char *key, const void *bytes, size_t len)
{
	if (!is_hidden(line, key, bytes, len))
		logline_peer(line, key, bytes, len);
}

/* SPDX-License-Identifier: ISC */
/*
 * Log lines in logfmt. Values that can hold blanks are quoted or escaped, so that a line splits at
 * its blanks into exactly the fields that were put in, whatever a peer sent.
 */
#include "config.h"

#include "base/logline.h"

#include <string.h>

const char *log_level_name(enum log_level level)
{
	switch (level) {
	case LOG_LEVEL_ERROR:
		return "error";
	case LOG_LEVEL_WARNING:
		return "warning";
	case LOG_LEVEL_INFO:
		return "info";
	case LOG_LEVEL_DEBUG:
		return "debug";
	}
	return "unknown";
}

void logline_begin(struct logline *line, enum log_level level, const char *event)
{
	if (!line)
		return;
	line->ids = NULL;
	text_init(&line->text, line->bytes, sizeof(line->bytes));
	text_put_str(&line->text, "event=");
	text_put_str(&line->text, event);
	text_put_str(&line->text, " level=");
	text_put_str(&line->text, log_level_name(level));
}

static void put_key(struct logline *line, const char *key)
{
	text_put_char(&line->text, ' ');
	text_put_str(&line->text, key);
	text_put_char(&line->text, '=');
}

void logline_str(struct logline *line, const char *key, const char *value)
{
	if (!line)
		return;
	put_key(line, key);
	text_put_escaped(&line->text, value, strlen(value));
}

void logline_u64(struct logline *line, const char *key, uint64_t value)
{
	if (!line)
		return;
	put_key(line, key);
	text_put_u64(&line->text, value);
}

void logline_i64(struct logline *line, const char *key, int64_t value)
{
	if (!line)
		return;
	put_key(line, key);
	text_put_i64(&line->text, value);
}

void logline_ip6(struct logline *line, const char *key, const struct in6_addr *addr)
{
	if (!line)
		return;
	put_key(line, key);
	text_put_ip6(&line->text, addr);
}

void logline_prefix(struct logline *line, const char *key, const struct ip6_prefix *prefix)
{
	if (!line)
		return;
	put_key(line, key);
	text_put_ip6_prefix(&line->text, prefix);
}

void logline_hex(struct logline *line, const char *key, const void *bytes, size_t len)
{
	if (!line)
		return;
	put_key(line, key);
	text_put_hex(&line->text, bytes, len, ':');
}

void logline_quoted(struct logline *line, const char *key, const char *value)
{
	if (!line)
		return;
	put_key(line, key);
	text_put_char(&line->text, '"');
	for (; *value; value++) {
		if (*value == '"' || *value == '\\')
			text_put_char(&line->text, '\\');
		text_put_char(&line->text, (unsigned char)*value < ' ' ? ' ' : *value);
	}
	text_put_char(&line->text, '"');
}

void logline_peer(struct logline *line, const char *key, const void *bytes, size_t len)
{
	if (!line)
		return;
	put_key(line, key);
	text_put_escaped(&line->text, bytes, len);
}

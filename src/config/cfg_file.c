/* SPDX-License-Identifier: ISC */
/*
 * From a file to a document: cfg_load_file() and cfg_load() check that the text is UTF-8 and hand
 * it to libyaml. YAML 1.1 holds JSON but for a few corners, so JSON takes the same way.
 *
 * A text that is no YAML has one error, that of the parser: what follows it would be guesswork.
 */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "config/cfg_internal.h"

/* The text on its way into the parser. */
struct feed {
	const yaml_parser_t *parser;
	const char *text;
	size_t len, at;
	bool too_deep;
};

/*
 * Hands out the next piece. libyaml's scanner does work for every open bracket at every token, so
 * a file of brackets alone would keep it busy for hours: the feed ends when too many are open.
 */
static int feed_next(void *data, unsigned char *buffer, size_t size, size_t *ret_len)
{
	struct feed *feed = data;
	size_t n = feed->len - feed->at;

	if (feed->parser->flow_level > CFG_FLOW_MAX) {
		feed->too_deep = true;
		return 0;
	}
	if (n > size)
		n = size;
	if (n > CFG_FEED_LEN)
		n = CFG_FEED_LEN;
	memcpy(buffer, feed->text + feed->at, n);
	feed->at += n;
	*ret_len = n;
	return 1;
}

/* Octets of the UTF-8 sequence at p of `len` (at least 1) octets, and its code point; 0: none. */
static size_t utf8_get(const unsigned char *p, size_t len, uint32_t *ret)
{
	static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
	size_t n = p[0] < 0x80       ? 1
		   : p[0] >> 5 == 6  ? 2
		   : p[0] >> 4 == 14 ? 3
		   : p[0] >> 3 == 30 ? 4
				     : 0;
	uint32_t c = n == 1 ? p[0] : n == 0 ? 0 : p[0] & (0x7fu >> n);

	if (n == 0 || n > len)
		return 0;
	for (size_t i = 1; i < n; i++) {
		if (p[i] >> 6 != 2)
			return 0;
		c = c << 6 | (p[i] & 0x3fu);
	}
	if (c < smallest[n] || c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
		return 0;
	*ret = c;
	return n;
}

/* What YAML 1.1 section 5.1 calls printable. */
static bool is_printable(uint32_t c)
{
	return c == '\t' || c == '\n' || c == '\r' || (c >= ' ' && c < 0x7f) || c == 0x85 ||
	       (c >= 0xa0 && c != 0xfeff && c != 0xfffe && c != 0xffff);
}

/* Finds the first octet that cannot be in a text, so that it is named better than libyaml does. */
static bool check_octets(struct cfg *cfg, const char *text, size_t len)
{
	const unsigned char *p = (const unsigned char *)text;
	struct cfg_place place = {1, 1};

	for (size_t i = 0, n; i < len; i += n) {
		uint32_t c;

		n = utf8_get(p + i, len - i, &c);
		if (n == 0) {
			cfg_add_error(cfg, place, "",
				      "octet 0x%02x is not UTF-8, save the file as UTF-8", p[i]);
			return false;
		}
		if (!is_printable(c)) {
			cfg_add_error(
				cfg, place, "",
				"the control character 0x%02x is not allowed, remove it or write it "
				"as an escape in double quotes",
				(unsigned int)c);
			return false;
		}
		place.column++;
		if (c == '\n')
			place = (struct cfg_place){place.line + 1, 1};
	}
	return true;
}

static struct cfg_place place_of_mark(const yaml_mark_t *mark)
{
	return (struct cfg_place){mark->line + 1, mark->column + 1};
}

/* Whether the line (from 0) is indented with a tab, which YAML forbids. */
static bool has_tab(const char *text, size_t len, size_t line)
{
	const char *end = text + len;

	for (; line > 0; line--) {
		text = memchr(text, '\n', (size_t)(end - text));
		if (!text)
			return false;
		text++;
	}
	while (text < end && *text == ' ')
		text++;
	return text < end && *text == '\t';
}

/* The parser's own words, which name what it expected, and where the thing it was in begins. */
static void add_syntax_error(struct cfg *cfg, const struct feed *feed)
{
	const yaml_parser_t *parser = feed->parser;
	const yaml_mark_t *mark = &parser->problem_mark;
	const char *hint = has_tab(feed->text, feed->len, mark->line)
				   ? ", indent with blanks instead of tabs"
				   : "";
	const char *problem = parser->problem ? parser->problem : "cannot be parsed";

	if (feed->too_deep) {
		cfg_add_error(cfg, place_of_mark(&parser->mark), "",
			      "too many brackets within brackets, allowed are %d", CFG_FLOW_MAX);
		return;
	}
	if (parser->context && parser->context_mark.index < mark->index)
		cfg_add_error(cfg, place_of_mark(mark), "",
			      "not YAML: %s, %s that begins at %zu:%zu%s", problem, parser->context,
			      parser->context_mark.line + 1, parser->context_mark.column + 1, hint);
	else
		cfg_add_error(cfg, place_of_mark(mark), "", "not YAML: %s%s", problem, hint);
}

/* A second document would be left unread, and so would its errors. */
static void check_end(struct cfg *cfg, yaml_parser_t *parser, const struct feed *feed)
{
	yaml_document_t more;

	if (!yaml_parser_load(parser, &more)) {
		add_syntax_error(cfg, feed);
		return;
	}
	const yaml_node_t *root = yaml_document_get_root_node(&more);

	if (root)
		cfg_add_error(
			cfg, place_of_mark(&root->start_mark), "",
			"a second document begins here, a file holds one: remove the line ---");
	yaml_document_delete(&more);
}

static void load_document(struct cfg *cfg, yaml_parser_t *parser, const struct feed *feed)
{
	if (!yaml_parser_load(parser, &cfg->document)) {
		add_syntax_error(cfg, feed);
		return;
	}
	if (!yaml_document_get_root_node(&cfg->document)) {
		cfg_add_error(cfg, (struct cfg_place){0, 0}, "",
			      "the file is empty, it holds no configuration");
		yaml_document_delete(&cfg->document);
		return;
	}
	cfg->has_document = true;
	check_end(cfg, parser, feed);
}

void cfg_load(struct cfg *cfg, const char *text, size_t len)
{
	yaml_parser_t parser;

	if (len > CFG_FILE_MAX) {
		cfg_add_error(cfg, (struct cfg_place){0, 0}, "",
			      "the file is too large, allowed are %d MiB", CFG_FILE_MAX >> 20);
		return;
	}
	if (len >= 2 && (memcmp(text, "\xff\xfe", 2) == 0 || memcmp(text, "\xfe\xff", 2) == 0)) {
		cfg_add_error(cfg, (struct cfg_place){1, 1}, "",
			      "the file is UTF-16, save it as UTF-8");
		return;
	}
	if (len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) {
		text += 3;
		len -= 3;
	}
	if (!check_octets(cfg, text, len))
		return;
	if (!yaml_parser_initialize(&parser))
		mem_out();
	yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
	struct feed feed = {.parser = &parser, .text = text, .len = len};

	yaml_parser_set_input(&parser, feed_next, &feed);
	load_document(cfg, &parser, &feed);
	yaml_parser_delete(&parser);
}

static void add_system_error(struct cfg *cfg, int error)
{
	cfg_add_error(cfg, (struct cfg_place){0, 0}, "", "cannot be read: %s", strerror(error));
}

void cfg_load_file(struct cfg *cfg, const char *path)
{
	FILE *in = fopen(path, "re");
	char *text = NULL;
	size_t len = 0, room = 0, n;

	if (!in) {
		add_system_error(cfg, errno);
		return;
	}
	do {
		text = mem_grow(text, &room, len + 65536, 1);
		n = fread(text + len, 1, room - len, in);
		len += n;
	} while (n > 0 && len <= CFG_FILE_MAX);
	if (ferror(in))
		add_system_error(cfg, errno);
	else
		cfg_load(cfg, text, len);
	free(text);
	fclose(in);
}

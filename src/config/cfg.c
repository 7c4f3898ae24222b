/* SPDX-License-Identifier: ISC */
/*
 * Messages and places. A message is put in order as it comes; a place is a node of the document,
 * and of what is not written the nearest map around it that is.
 *
 * Whatever a message repeats from the file is escaped here once more, so that nothing in a file
 * can drive the terminal it is shown on.
 */
#include "config.h"

#include "config/cfg.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "config/cfg_internal.h"

/* What an error is about: a node of the document, and its path. */
struct spot {
	struct cfg_place place;
	char path[256];
};

/* Blanks stay; control characters and what is not ASCII become \xNN. */
static const char *escape(struct arena *arena, const char *s)
{
	static const char hex[] = "0123456789abcdef";
	char *out = arena_new(arena, strlen(s) + 1, 4), *at = out;

	for (; *s; s++) {
		unsigned char c = (unsigned char)*s;

		if (c >= ' ' && c < 0x7f) {
			*at++ = *s;
			continue;
		}
		*at++ = '\\';
		*at++ = 'x';
		*at++ = hex[c >> 4];
		*at++ = hex[c & 15];
	}
	return out;
}

static struct cfg *cfg_new(const char *name)
{
	struct cfg *cfg = mem_new(1, sizeof(*cfg));

	cfg->name = escape(&cfg->arena, name);
	return cfg;
}

struct cfg *cfg_open(const char *path)
{
	struct cfg *cfg = cfg_new(path);

	cfg_load_file(cfg, path);
	return cfg;
}

struct cfg *cfg_open_text(const char *name, const char *text, size_t len)
{
	struct cfg *cfg = cfg_new(name);

	cfg_load(cfg, text, len);
	return cfg;
}

void cfg_close(struct cfg *cfg)
{
	if (!cfg)
		return;
	if (cfg->has_document)
		yaml_document_delete(&cfg->document);
	arena_free(&cfg->arena);
	free(cfg->messages);
	free(cfg);
}

bool cfg_why(struct cfg_why *why, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(why->text, sizeof(why->text), format, args);
	va_end(args);
	return false;
}

static const char *print_place(struct cfg *cfg, struct cfg_place place)
{
	size_t room = strlen(cfg->name) + 48;
	char *out = arena_new(&cfg->arena, room, 1);

	if (place.line)
		snprintf(out, room, "%s:%zu:%zu", cfg->name, place.line, place.column);
	else
		snprintf(out, room, "%s", cfg->name);
	return out;
}

static bool is_after(const struct cfg_message *message, struct cfg_place place)
{
	return message->line > place.line ||
	       (message->line == place.line && message->column > place.column);
}

static void keep(struct cfg *cfg, bool is_error, struct cfg_place place, const char *text)
{
	size_t at = cfg->n_messages;

	cfg->messages = mem_grow(cfg->messages, &cfg->cap_messages, cfg->n_messages + 1,
				 sizeof(*cfg->messages));
	while (at > 0 && is_after(&cfg->messages[at - 1], place))
		at--;
	memmove(cfg->messages + at + 1, cfg->messages + at,
		(cfg->n_messages - at) * sizeof(*cfg->messages));
	cfg->messages[at] = (struct cfg_message){place.line, place.column, is_error, text};
	cfg->n_messages++;
}

void cfg_vadd(struct cfg *cfg, bool is_error, struct cfg_place place, const char *path,
	      const char *format, va_list args)
{
	char *text = NULL, *line = NULL;

	if (is_error)
		cfg->n_errors++;
	else
		cfg->n_warnings++;
	if (cfg->n_messages == CFG_MESSAGES_MAX) {
		cfg->n_unkept++;
		return;
	}
	if (vasprintf(&text, format, args) < 0 ||
	    asprintf(&line, "%s: %s%s%s%s", print_place(cfg, place),
		     is_error ? "" : "warning: ", path, *path ? ": " : "", text) < 0)
		mem_out();
	keep(cfg, is_error, place, escape(&cfg->arena, line));
	free(line);
	free(text);
}

void cfg_add_error(struct cfg *cfg, struct cfg_place place, const char *path, const char *format,
		   ...)
{
	va_list args;

	va_start(args, format);
	cfg_vadd(cfg, /* is_error= */ true, place, path, format, args);
	va_end(args);
}

const struct cfg_row *cfg_row_find(const struct cfg_schema *schema, const char *key, size_t len)
{
	for (const struct cfg_row *row = schema->rows; row->key; row++) {
		if (strlen(row->key) == len && memcmp(row->key, key, len) == 0)
			return row;
	}
	return NULL;
}

bool cfg_row_is_twin(const struct cfg_row *a, const struct cfg_row *b)
{
	return a != b && a->type != CFG_MAP && a->type == b->type && a->list == b->list &&
	       a->offset == b->offset;
}

static struct cfg_slot *slot_of(const struct cfg_node *node, const struct cfg_row *row)
{
	return &node->slots[row - node->schema->rows];
}

/* The row by whose key the value is written; `row` itself when by none. */
static const struct cfg_row *written_row(const struct cfg_node *node, const struct cfg_row *row)
{
	if (slot_of(node, row)->id)
		return row;
	for (const struct cfg_row *other = node->schema->rows; other->key; other++) {
		if (cfg_row_is_twin(row, other) && slot_of(node, other)->id)
			return other;
	}
	return row;
}

static struct cfg_place place_of_id(struct cfg *cfg, int id)
{
	const yaml_node_t *yaml = id ? yaml_document_get_node(&cfg->document, id) : NULL;

	if (!yaml)
		return (struct cfg_place){0, 0};
	return (struct cfg_place){yaml->start_mark.line + 1, yaml->start_mark.column + 1};
}

/* Depth is bounded by CFG_DEPTH_MAX. */
static void put_path(struct text *text, const struct cfg_node *node, const char *key, int index)
{
	if (node->parent)
		put_path(text, node->parent, node->row->key, node->index);
	if (!key)
		return;
	if (text->len)
		text_put_char(text, '.');
	text_put_str(text, key);
	if (index < 0)
		return;
	text_put_char(text, '[');
	text_put_i64(text, index);
	text_put_char(text, ']');
}

/* The id in the document of a value, or of its item; *index becomes -1 if it has no brackets. */
static int id_of(const struct cfg_node *node, const struct cfg_row *row, int *index)
{
	int id = slot_of(node, row)->id;
	const yaml_node_t *yaml = id ? yaml_document_get_node(&node->cfg->document, id) : NULL;

	if (!yaml || *index < 0)
		return id;
	if (yaml->type != YAML_SEQUENCE_NODE) {
		*index = -1;
		return id;
	}
	const yaml_node_item_t *item = yaml->data.sequence.items.start + *index;

	return item < yaml->data.sequence.items.top ? *item : id;
}

/* Whether messages about the key leave it out: the file has only the scalar that stands for it. */
static bool is_tacit(const struct cfg_node *node, const char *key)
{
	return node->shorthand && strcmp(key, node->schema->shorthand) == 0;
}

/* What is not written has the place of the map around it, and its own path all the same. */
static struct spot find_spot(const struct cfg_node *node, const char *key, int index)
{
	const struct cfg_row *row = NULL;
	struct spot spot = {.place = {0, 0}};
	struct text text;
	int id = 0;

	text_init(&text, spot.path, sizeof(spot.path));
	if (!node)
		return spot;
	if (key)
		row = cfg_row_find(node->schema, key, strlen(key));
	if (row) {
		row = written_row(node, row);
		key = row->key;
		id = id_of(node, row, &index);
	}
	put_path(&text, node, key && !is_tacit(node, key) ? key : NULL, index);
	for (const struct cfg_node *map = node; !id && map; map = map->parent)
		id = map->id;
	spot.place = place_of_id(node->cfg, id);
	return spot;
}

static void mark_bad(const struct cfg_node *node, const struct cfg_row *row)
{
	while (node) {
		if (row)
			slot_of(node, row)->bad = true;
		row = node->row;
		node = node->parent;
	}
}

void cfg_fault(const struct cfg_node *node, const struct cfg_row *row, int index, int id,
	       const char *format, ...)
{
	const char *key = row && !is_tacit(node, row->key) ? row->key : NULL;
	char path[256];
	struct text text;
	va_list args;

	text_init(&text, path, sizeof(path));
	put_path(&text, node, key, index);
	mark_bad(node, row);
	va_start(args, format);
	cfg_vadd(node->cfg, /* is_error= */ true, place_of_id(node->cfg, id), path, format, args);
	va_end(args);
}

static bool has_error_at(const struct cfg *cfg, struct cfg_place place)
{
	for (size_t i = 0; i < cfg->n_messages; i++) {
		const struct cfg_message *message = &cfg->messages[i];

		if (message->is_error && message->line == place.line &&
		    message->column == place.column)
			return true;
	}
	return false;
}

/*
 * Whether the value, or the item, is one whose error was already said: a check would speak of what
 * stands in for it.
 */
static bool is_known_bad(const struct cfg_node *node, const char *key, struct cfg_place place)
{
	const struct cfg_row *row =
		node && key ? cfg_row_find(node->schema, key, strlen(key)) : NULL;

	if (!row || row->type == CFG_MAP || row->type == CFG_MAPS || !cfg_is_bad(node, key))
		return false;
	return !row->list || has_error_at(node->cfg, place);
}

void cfg_error(struct cfg *cfg, const struct cfg_node *node, const char *key, int index,
	       const char *format, ...)
{
	struct spot spot = find_spot(node, key, index);
	va_list args;

	if (is_known_bad(node, key, spot.place))
		return;
	va_start(args, format);
	cfg_vadd(cfg, /* is_error= */ true, spot.place, spot.path, format, args);
	va_end(args);
}

void cfg_warning(struct cfg *cfg, const struct cfg_node *node, const char *key, int index,
		 const char *format, ...)
{
	struct spot spot = find_spot(node, key, index);
	va_list args;

	if (is_known_bad(node, key, spot.place))
		return;
	va_start(args, format);
	cfg_vadd(cfg, /* is_error= */ false, spot.place, spot.path, format, args);
	va_end(args);
}

bool cfg_is_set(const struct cfg_node *node, const char *key)
{
	if (!node)
		return false;
	const struct cfg_row *row = cfg_row_find(node->schema, key, strlen(key));

	assert(row);
	return slot_of(node, written_row(node, row))->id != 0;
}

bool cfg_is_bad(const struct cfg_node *node, const char *key)
{
	if (!node)
		return false;
	const struct cfg_row *row = cfg_row_find(node->schema, key, strlen(key));

	assert(row);
	return slot_of(node, row)->bad || slot_of(node, written_row(node, row))->bad;
}

const char *cfg_where(struct cfg *cfg, const struct cfg_node *node, const char *key, int index)
{
	return print_place(cfg, find_spot(node, key, index).place);
}

size_t cfg_error_count(const struct cfg *cfg)
{
	return cfg->n_errors;
}

size_t cfg_warning_count(const struct cfg *cfg)
{
	return cfg->n_warnings;
}

const char *cfg_message(const struct cfg *cfg, size_t i, bool *ret_is_error)
{
	if (i >= cfg->n_messages)
		return NULL;
	*ret_is_error = cfg->messages[i].is_error;
	return cfg->messages[i].text;
}

void cfg_print(const struct cfg *cfg, FILE *out)
{
	for (size_t i = 0; i < cfg->n_messages; i++)
		fprintf(out, "%s\n", cfg->messages[i].text);
	if (cfg->n_unkept)
		fprintf(out, "%s: %zu more messages are not shown\n", cfg->name, cfg->n_unkept);
}

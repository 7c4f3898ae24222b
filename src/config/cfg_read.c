/* SPDX-License-Identifier: ISC */
/*
 * The walk: cfg_read() goes through rows and document together. Each map is read in three steps:
 * its keys are sorted to rows, every row gets its default, then what is written is read over it.
 * So whatever is in error keeps its default, and reading goes on to find the other errors.
 *
 * The rows lead, and only what they know is descended into: aliases cannot make the walk endless,
 * but may make it long; so values are counted, and depth is bounded for rows that hold themselves.
 */
#include "config.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "config/cfg_internal.h"

struct reader {
	struct cfg *cfg;
	struct arena *arena; /* of the caller, for what the structs point to */
	int depth;
};

enum kind {
	KIND_NONE, /* refused, and said so */
	KIND_NULL,
	KIND_SCALAR,
	KIND_LIST,
	KIND_MAP,
};

static void read_map(struct reader *reader, struct cfg_node *node, void *dst);

static void *at(void *dst, size_t offset)
{
	return (char *)dst + offset;
}

static yaml_node_t *yaml_of(struct cfg *cfg, int id)
{
	return yaml_document_get_node(&cfg->document, id);
}

static const char *scalar_text(const yaml_node_t *yaml)
{
	return (const char *)yaml->data.scalar.value;
}

/* A value that is not there: nothing after the colon, or the null of YAML and JSON. */
static bool is_null(const yaml_node_t *yaml)
{
	static const char *const words[] = {"", "~", "null", "Null", "NULL"};

	if (yaml->data.scalar.style != YAML_PLAIN_SCALAR_STYLE)
		return false;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcmp(scalar_text(yaml), words[i]) == 0)
			return true;
	}
	return false;
}

/* The types of YAML itself say nothing that the row does not know better; others are refused. */
static bool is_plain_tag(const yaml_node_t *yaml)
{
	static const char *const tags[] = {YAML_STR_TAG,   YAML_INT_TAG, YAML_BOOL_TAG,
					   YAML_FLOAT_TAG, YAML_SEQ_TAG, YAML_MAP_TAG};

	for (size_t i = 0; i < sizeof(tags) / sizeof(tags[0]); i++) {
		if (strcmp((const char *)yaml->tag, tags[i]) == 0)
			return true;
	}
	return false;
}

/* Counts a value that is read; false once aliases have made too many of them. */
static bool count_visit(const struct cfg_node *node, const struct cfg_row *row, int index, int id)
{
	struct cfg *cfg = node->cfg;
	size_t n_nodes = (size_t)(cfg->document.nodes.top - cfg->document.nodes.start);

	if (cfg->too_much)
		return false;
	if (++cfg->visits <= n_nodes + CFG_ALIAS_MAX)
		return true;
	cfg->too_much = true;
	cfg_fault(node, row, index, id,
		  "the file's aliases stand for too much, they may add %d values; write it out",
		  CFG_ALIAS_MAX);
	return false;
}

/* What is at `id`; what nobody can read is said here. */
static enum kind kind_of(const struct cfg_node *node, const struct cfg_row *row, int index, int id)
{
	const yaml_node_t *yaml = yaml_of(node->cfg, id);
	struct cfg_why tag;

	if (!count_visit(node, row, index, id))
		return KIND_NONE;
	if (!is_plain_tag(yaml)) {
		cfg_quote((const char *)yaml->tag, strlen((const char *)yaml->tag), &tag);
		cfg_fault(node, row, index, id, "the tag %s is not known here, leave it out",
			  tag.text);
		return KIND_NONE;
	}
	switch (yaml->type) {
	case YAML_SCALAR_NODE:
		return is_null(yaml) ? KIND_NULL : KIND_SCALAR;
	case YAML_SEQUENCE_NODE:
		return KIND_LIST;
	case YAML_MAPPING_NODE:
		return KIND_MAP;
	case YAML_NO_NODE:
		break;
	}
	return KIND_NULL;
}

/* A value of another kind than the row's, or than an item's if there is an index. */
static void fault_kind(const struct cfg_node *node, const struct cfg_row *row, int index, int id,
		       enum kind kind)
{
	const yaml_node_t *yaml = yaml_of(node->cfg, id);
	struct cfg_why wanted, shown = {"a list"};

	if (index < 0)
		cfg_row_wanted(row, &wanted);
	else
		cfg_value_wanted(row, &wanted);
	if (kind == KIND_MAP)
		cfg_why(&shown, "a map");
	if (kind == KIND_SCALAR)
		cfg_show(scalar_text(yaml), yaml->data.scalar.length, &shown);
	if (kind == KIND_NULL)
		cfg_fault(node, row, index, id, "has no value, must be %s", wanted.text);
	else if (kind != KIND_NONE)
		cfg_fault(node, row, index, id, "must be %s, not %s", wanted.text, shown.text);
}

static struct cfg_node *node_new(struct cfg *cfg, const struct cfg_node *parent,
				 const struct cfg_row *row, int index,
				 const struct cfg_schema *schema)
{
	struct cfg_node *node = arena_new(&cfg->arena, 1, sizeof(*node));
	size_t n = 0;

	while (schema->rows[n].key)
		n++;
	*node = (struct cfg_node){
		.cfg = cfg, .parent = parent, .row = row, .index = index, .schema = schema};
	node->slots = arena_new(&cfg->arena, n, sizeof(*node->slots));
	return node;
}

static struct cfg_slot *slot_of(const struct cfg_node *node, const struct cfg_row *row)
{
	return &node->slots[row - node->schema->rows];
}

/* The row of another name of the value that is written too, or NULL. */
static const struct cfg_row *written_twin(const struct cfg_node *node, const struct cfg_row *row)
{
	for (const struct cfg_row *other = node->schema->rows; other->key; other++) {
		if (cfg_row_is_twin(row, other) && slot_of(node, other)->id)
			return other;
	}
	return NULL;
}

/* The row under which a key would be right that is not one of this map, or NULL. */
static const struct cfg_row *row_below(const struct cfg_schema *schema, const char *key, size_t len)
{
	for (const struct cfg_row *row = schema->rows; row->key; row++) {
		if (row->sub && cfg_row_find(row->sub, key, len))
			return row;
	}
	return NULL;
}

static void fault_unknown(const struct cfg_node *node, const yaml_node_t *yaml, int id)
{
	const char *key = scalar_text(yaml);
	size_t len = yaml->data.scalar.length;
	const struct cfg_row *below = row_below(node->schema, key, len);
	const char *near = cfg_near_key(node->schema, key, len);
	struct cfg_why shown, list;

	cfg_quote(key, len, &shown);
	cfg_list_keys(node->schema, &list);
	if (strcmp(key, "<<") == 0)
		cfg_fault(node, NULL, -1, id, "merge keys are not supported, write the keys out");
	else if (below)
		cfg_fault(node, NULL, -1, id, "unknown key %s, it belongs under '%s'", shown.text,
			  below->key);
	else if (near)
		cfg_fault(node, NULL, -1, id, "unknown key %s, did you mean '%s'?", shown.text,
			  near);
	else
		cfg_fault(node, NULL, -1, id, "unknown key %s, known are %s", shown.text,
			  list.text);
}

static void take_pair(struct cfg_node *node, const yaml_node_pair_t *pair)
{
	const yaml_node_t *key = yaml_of(node->cfg, pair->key);
	const struct cfg_row *row, *twin;

	if (key->type != YAML_SCALAR_NODE) {
		cfg_fault(node, NULL, -1, pair->key, "a key must be a word, not a list or map");
		return;
	}
	row = cfg_row_find(node->schema, scalar_text(key), key->data.scalar.length);
	if (!row) {
		fault_unknown(node, key, pair->key);
		return;
	}
	twin = written_twin(node, row);
	if (slot_of(node, row)->id)
		cfg_fault(node, row, -1, pair->key, "is written twice, first at %s; remove one",
			  cfg_where(node->cfg, node, row->key, -1));
	else if (twin)
		cfg_fault(node, row, -1, pair->key, "is another name of '%s' at %s; remove one",
			  twin->key, cfg_where(node->cfg, node, twin->key, -1));
	else
		slot_of(node, row)->id = pair->value;
}

/* Sorts the pairs of the map at `id` to the rows. */
static void take_map(struct cfg_node *node, int id)
{
	yaml_node_t *yaml = yaml_of(node->cfg, id);

	node->id = id;
	for (yaml_node_pair_t *pair = yaml->data.mapping.pairs.start;
	     pair < yaml->data.mapping.pairs.top; pair++)
		take_pair(node, pair);
}

/* A scalar that stands for a map of one key. */
static void take_shorthand(struct cfg_node *node, int id)
{
	const char *key = node->schema->shorthand;
	const struct cfg_row *row = cfg_row_find(node->schema, key, strlen(key));

	assert(row);
	node->id = id;
	node->shorthand = true;
	slot_of(node, row)->id = id;
}

/* One item in a default such as "[a, b]", or the only one. */
static void default_item(struct reader *reader, const struct cfg_row *row, const yaml_node_t *yaml,
			 void *dst)
{
	struct cfg_why why;
	bool ok = yaml->type == YAML_SCALAR_NODE &&
		  cfg_value_parse(row, scalar_text(yaml), yaml->data.scalar.length, dst,
				  reader->arena, &why);

	assert(ok && "a default is a value of its row");
	(void)ok;
}

static void set_list(const struct cfg_row *row, void *dst, void *items, size_t n)
{
	memcpy(at(dst, row->offset), &items, sizeof(items));
	memcpy(at(dst, row->count), &n, sizeof(n));
}

static void default_list(struct reader *reader, const struct cfg_row *row, void *dst)
{
	size_t size = cfg_value_size(row), n = 1;
	yaml_document_t document;
	yaml_parser_t parser;
	char *items;

	if (!yaml_parser_initialize(&parser))
		mem_out();
	yaml_parser_set_input_string(&parser, (const unsigned char *)row->dflt, strlen(row->dflt));
	bool ok = yaml_parser_load(&parser, &document);

	assert(ok && "a default is YAML");
	yaml_parser_delete(&parser);
	const yaml_node_t *root = ok ? yaml_document_get_root_node(&document) : NULL;

	if (!root)
		return;
	if (root->type == YAML_SEQUENCE_NODE) {
		yaml_node_item_t *ids = root->data.sequence.items.start;

		n = (size_t)(root->data.sequence.items.top - ids);
		items = arena_new(reader->arena, n, size);
		for (size_t i = 0; i < n; i++)
			default_item(reader, row, yaml_document_get_node(&document, ids[i]),
				     items + i * size);
	} else {
		items = arena_new(reader->arena, n, size);
		default_item(reader, row, root, items);
	}
	set_list(row, dst, items, n);
	yaml_document_delete(&document);
}

static void default_row(struct reader *reader, struct cfg_node *node, const struct cfg_row *row,
			void *dst)
{
	struct cfg_why why;

	if (row->type == CFG_MAP) {
		/* A map that is written fills its own defaults. */
		if (!slot_of(node, row)->id)
			read_map(reader, node_new(node->cfg, node, row, -1, row->sub),
				 at(dst, row->offset));
		return;
	}
	if (!row->dflt)
		return;
	if (row->list) {
		default_list(reader, row, dst);
		return;
	}
	bool ok = cfg_value_parse(row, row->dflt, strlen(row->dflt), at(dst, row->offset),
				  reader->arena, &why);

	assert(ok && "a default is a value of its row");
	(void)ok;
}

/* False, and dst left alone, if there is no such value; that was said then. */
static bool read_scalar(struct reader *reader, struct cfg_node *node, const struct cfg_row *row,
			int index, int id, void *dst)
{
	enum kind kind = kind_of(node, row, index, id);
	const yaml_node_t *yaml = yaml_of(node->cfg, id);
	struct cfg_why why;

	if (kind != KIND_SCALAR) {
		fault_kind(node, row, index, id, kind);
		return false;
	}
	if (!cfg_value_parse(row, scalar_text(yaml), yaml->data.scalar.length, dst, reader->arena,
			     &why)) {
		cfg_fault(node, row, index, id, "%s", why.text);
		return false;
	}
	return true;
}

/* A map of a row's, single or in a list. Always leaves a whole struct with defaults behind. */
static void read_sub(struct reader *reader, struct cfg_node *node, const struct cfg_row *row,
		     int index, int id, void *dst)
{
	struct cfg_node *sub = node_new(node->cfg, node, row, index, row->sub);
	enum kind kind = kind_of(node, row, index, id);

	if (kind == KIND_MAP)
		take_map(sub, id);
	else if (kind == KIND_SCALAR && sub->schema->shorthand)
		take_shorthand(sub, id);
	else
		fault_kind(node, row, index, id, kind);
	read_map(reader, sub, dst);
}

static void read_item(struct reader *reader, struct cfg_node *node, const struct cfg_row *row,
		      int index, int id, void *dst)
{
	static const char *const nothing = "";

	if (row->type == CFG_MAPS) {
		read_sub(reader, node, row, index, id, dst);
		return;
	}
	/* Items keep their places in the list, and no check has to look for a NULL among them. */
	if (!read_scalar(reader, node, row, index, id, dst) && row->type == CFG_STRING)
		memcpy(dst, &nothing, sizeof(nothing));
}

static void read_list(struct reader *reader, struct cfg_node *node, const struct cfg_row *row,
		      void *dst)
{
	int id = slot_of(node, row)->id;
	const yaml_node_t *yaml = yaml_of(node->cfg, id);
	const yaml_node_item_t *ids = yaml->data.sequence.items.start;
	size_t size = cfg_value_size(row), n = 1;
	bool brackets = yaml->type == YAML_SEQUENCE_NODE;
	char *items = NULL;

	if (brackets && kind_of(node, row, -1, id) == KIND_NONE)
		return;
	if (brackets)
		n = (size_t)(yaml->data.sequence.items.top - ids);
	if (n)
		items = arena_new(reader->arena, n, size);
	for (size_t i = 0; i < n && !node->cfg->too_much; i++)
		read_item(reader, node, row, brackets ? (int)i : -1, brackets ? ids[i] : id,
			  items + i * size);
	if (!node->cfg->too_much)
		set_list(row, dst, items, n);
}

static void read_row(struct reader *reader, struct cfg_node *node, const struct cfg_row *row,
		     void *dst)
{
	int id = slot_of(node, row)->id;

	if (row->list || row->type == CFG_MAPS)
		read_list(reader, node, row, dst);
	else if (row->type == CFG_MAP)
		read_sub(reader, node, row, -1, id, at(dst, row->offset));
	else
		read_scalar(reader, node, row, -1, id, at(dst, row->offset));
}

static void check_required(const struct cfg_node *node, const struct cfg_row *row)
{
	struct cfg_why wanted;

	if (!row->required || slot_of(node, row)->bad || written_twin(node, row))
		return;
	cfg_row_wanted(row, &wanted);
	cfg_fault(node, row, -1, node->id, "is missing, must be %s", wanted.text);
}

/* Fills a struct from the slots of its node, which are all empty for a map that is not written. */
static void read_map(struct reader *reader, struct cfg_node *node, void *dst)
{
	memset(dst, 0, node->schema->size);
	memcpy(at(dst, node->schema->node), &node, sizeof(node));
	if (reader->depth == CFG_DEPTH_MAX) {
		if (node->id)
			cfg_fault(node, NULL, -1, node->id, "is nested too deeply");
		return;
	}
	reader->depth++;
	for (const struct cfg_row *row = node->schema->rows; row->key; row++)
		default_row(reader, node, row, dst);
	for (const struct cfg_row *row = node->schema->rows; row->key; row++) {
		if (slot_of(node, row)->id)
			read_row(reader, node, row, dst);
		else if (node->id)
			check_required(node, row);
	}
	reader->depth--;
}

static void take_root(struct cfg_node *root)
{
	const int id = 1; /* the first node of a document is its root */
	struct cfg_why list;

	switch (kind_of(root, NULL, -1, id)) {
	case KIND_MAP:
		take_map(root, id);
		return;
	case KIND_NULL:
		cfg_fault(root, NULL, -1, id, "the file is empty, it holds no configuration");
		return;
	case KIND_SCALAR:
	case KIND_LIST:
		cfg_list_keys(root->schema, &list);
		cfg_fault(root, NULL, -1, id, "the file must be a map with the keys %s", list.text);
		return;
	case KIND_NONE:
		return;
	}
}

void cfg_read(struct cfg *cfg, const struct cfg_schema *schema, void *dst, struct arena *arena)
{
	struct reader reader = {cfg, arena, 0};
	struct cfg_node *root = node_new(cfg, NULL, NULL, -1, schema);

	if (cfg->has_document)
		take_root(root);
	read_map(&reader, root, dst);
}

/* SPDX-License-Identifier: ISC */
/*
 * The reference, printed from the rows: as Markdown for docs/config.md, as the body of an mdoc(7)
 * page for sextant.yaml(5). One section a map, in the order of the rows, maps inside maps after
 * the map that holds them; a schema that is met again is only referred to. The same rows always
 * print the same text.
 */
#include "config.h"

#include <string.h>

#include "base/text.h"
#include "config/cfg_internal.h"

enum {
	SECTIONS_MAX = 64,
	PATH_MAX_LEN = 160,
	LINE_MAX_LEN = 76, /* of mdoc source, which its checker wants short */
};

/* A map of the file, as the reference calls it: "networks[].ra". */
struct section {
	const struct cfg_schema *schema;
	char path[PATH_MAX_LEN];
	bool printed;
};

/* How one form of the reference writes its parts. */
struct form {
	void (*section)(FILE *out, const char *title, const char *doc);
	void (*entry)(FILE *out, const struct cfg_row *row, const char *facts, const char *keys_at);
	void (*section_end)(FILE *out);
};

struct book {
	const struct form *form;
	FILE *out;
	struct section sections[SECTIONS_MAX]; /* each schema once, by its first mention */
	size_t n;
};

static bool is_list(const struct cfg_row *row)
{
	return row->list || row->type == CFG_MAPS;
}

static void put_type(struct text *text, const struct cfg_row *row)
{
	struct cfg_why wanted;

	if (is_list(row))
		text_put_str(text, "list, each item ");
	if (row->sub) {
		text_put_str(text, "a map");
		if (row->sub->shorthand) {
			text_put_str(text, " or its ");
			text_put_str(text, row->sub->shorthand);
			text_put_str(text, " alone");
		}
	} else if (row->type == CFG_ENUM) {
		text_put_str(text, "one of the names below");
	} else {
		cfg_value_wanted(row, &wanted);
		if (row->type == CFG_DURATION || row->type == CFG_MSEC)
			*strstr(wanted.text, " such as") = '\0';
		text_put_str(text, wanted.text);
	}
}

static void put_fact(struct text *text, const char *word, const char *value)
{
	text_put_str(text, "; ");
	text_put_str(text, word);
	text_put_str(text, value);
}

/* The row of which this one is another name, or NULL. */
static const struct cfg_row *first_twin(const struct cfg_schema *schema, const struct cfg_row *row)
{
	for (const struct cfg_row *other = schema->rows; other < row; other++) {
		if (cfg_row_is_twin(row, other))
			return other;
	}
	return NULL;
}

/* "a duration such as ...; from 4s to 65535s; default 600s; RFC 4861 6.2.1" */
static void put_facts(struct text *text, const struct cfg_schema *schema, const struct cfg_row *row)
{
	const struct cfg_row *twin = first_twin(schema, row);
	struct cfg_why limits;

	put_type(text, row);
	cfg_value_limits(row, &limits);
	if (limits.text[0])
		put_fact(text, "", limits.text);
	if (row->required)
		put_fact(text, "required", "");
	if (row->dflt)
		put_fact(text, "default ", row->dflt);
	if (row->rfc)
		put_fact(text, "RFC ", row->rfc);
	if (twin)
		put_fact(text, "another name of ", twin->key);
}

/* The section of a schema, made at its first mention; NULL when there is no more room. */
static struct section *section_of(struct book *book, const struct cfg_schema *schema,
				  const char *path, const struct cfg_row *row)
{
	struct text text;

	for (size_t i = 0; i < book->n; i++) {
		if (book->sections[i].schema == schema)
			return &book->sections[i];
	}
	if (book->n == SECTIONS_MAX)
		return NULL;
	struct section *section = &book->sections[book->n++];

	section->schema = schema;
	text_init(&text, section->path, sizeof(section->path));
	if (!row)
		return section;
	text_put_str(&text, path);
	if (*path)
		text_put_char(&text, '.');
	text_put_str(&text, row->key);
	if (is_list(row))
		text_put_str(&text, "[]");
	return section;
}

static void print_row(struct book *book, const struct section *section, const struct cfg_row *row)
{
	const struct section *below = NULL;
	char facts[1024];
	struct text text;

	text_init(&text, facts, sizeof(facts));
	put_facts(&text, section->schema, row);
	if (facts[0] >= 'a' && facts[0] <= 'z')
		facts[0] = (char)(facts[0] - 'a' + 'A');
	if (row->sub)
		below = section_of(book, row->sub, section->path, row);
	book->form->entry(book->out, row, facts, below ? below->path : NULL);
}

/* A section and then those of the maps in it; each once, so the recursion ends. */
static void print_section(struct book *book, struct section *section)
{
	const struct cfg_schema *schema = section->schema;

	section->printed = true;
	book->form->section(book->out, *section->path ? section->path : schema->name, schema->doc);
	for (const struct cfg_row *row = schema->rows; row->key; row++)
		print_row(book, section, row);
	book->form->section_end(book->out);
	for (const struct cfg_row *row = schema->rows; row->key; row++) {
		struct section *below =
			row->sub ? section_of(book, row->sub, section->path, row) : NULL;

		if (below && !below->printed)
			print_section(book, below);
	}
}

static void print_book(const struct form *form, const struct cfg_schema *schema, FILE *out)
{
	struct book book = {.form = form, .out = out};

	print_section(&book, section_of(&book, schema, "", NULL));
}

/* Prose in Markdown: what would be markup is escaped, but for code in backticks. */
static void md_text(FILE *out, const char *s)
{
	bool code = false;

	for (; *s; s++) {
		if (*s == '`')
			code = !code;
		else if (!code && strchr("\\*_<>[]", *s))
			fputc('\\', out);
		fputc(*s, out);
	}
}

static void md_section(FILE *out, const char *title, const char *doc)
{
	fprintf(out, "## %s\n\n", title);
	if (doc) {
		md_text(out, doc);
		fputs("\n\n", out);
	}
}

static void md_entry(FILE *out, const struct cfg_row *row, const char *facts, const char *keys_at)
{
	fprintf(out, "- **`%s`**: ", row->key);
	md_text(out, row->doc ? row->doc : "");
	fputs("\n  ", out);
	md_text(out, facts);
	fputs(".\n", out);
	if (keys_at)
		fprintf(out, "  Its keys: `%s`.\n", keys_at);
	for (const struct cfg_name *name = row->names; name && name->name; name++) {
		fprintf(out, "  - `%s`%s", name->name, name->doc ? ": " : "");
		md_text(out, name->doc ? name->doc : "");
		fputc('\n', out);
	}
}

static void md_section_end(FILE *out)
{
	fputc('\n', out);
}

/* One character of roff input, so that it prints as itself; returns its length in the source. */
static size_t man_char(FILE *out, char c)
{
	const char *as = NULL;

	if (c == '`')
		return 0; /* only marks code */
	if (c == '\\')
		as = "\\e";
	else if (c == '-')
		as = "\\-";
	else if (c == '~')
		as = "\\(ti";
	else if (c == '^')
		as = "\\(ha";
	else if (c == '"')
		as = "\\(dq";
	if (!as) {
		fputc(c, out);
		return 1;
	}
	fputs(as, out);
	return strlen(as);
}

static size_t man_word(FILE *out, const char *word, size_t len)
{
	size_t column = 0;

	/* A line that begins with one of these would be a request. */
	if (*word == '.' || *word == '\'')
		column += (size_t)fprintf(out, "\\&");
	for (size_t i = 0; i < len; i++)
		column += man_char(out, word[i]);
	return column;
}

/* Prose in lines of source: short ones, each sentence on a line of its own, as mdoc(7) asks. */
static void man_text(FILE *out, const char *s)
{
	size_t column = 0;
	bool sentence = false;

	while (*s) {
		size_t n = strcspn(s, " \n");

		if (n == 0) {
			s++;
			continue;
		}
		if (column && (sentence || column + 1 + n > LINE_MAX_LEN)) {
			fputc('\n', out);
			column = 0;
		} else if (column) {
			fputc(' ', out);
			column++;
		}
		column += man_word(out, s, n);
		sentence = strchr(".!?", s[n - 1]) || (n > 1 && s[n - 1] == ')' && s[n - 2] == '.');
		s += n;
	}
	if (column)
		fputc('\n', out);
}

static void man_macro(FILE *out, const char *macro, const char *word)
{
	fprintf(out, "%s ", macro);
	man_word(out, word, strlen(word));
	/* A bracket at the end would be taken for punctuation. */
	fputs(strchr(word, ']') ? "\\&\n" : "\n", out);
}

static void man_section(FILE *out, const char *title, const char *doc)
{
	man_macro(out, ".Ss", title);
	if (doc)
		man_text(out, doc);
	fputs(".Bl -tag -width Ds\n", out);
}

static void man_entry(FILE *out, const struct cfg_row *row, const char *facts, const char *keys_at)
{
	char line[1100];

	man_macro(out, ".It Cm", row->key);
	if (row->doc)
		man_text(out, row->doc);
	snprintf(line, sizeof(line), "%s.", facts);
	man_text(out, line);
	if (keys_at) {
		snprintf(line, sizeof(line), "Its keys: %s.", keys_at);
		man_text(out, line);
	}
	if (!row->names || !row->names->name)
		return;
	fputs(".Bl -tag -width Ds -compact\n", out);
	for (const struct cfg_name *name = row->names; name->name; name++) {
		man_macro(out, ".It Cm", name->name);
		man_text(out, name->doc ? name->doc : "");
	}
	fputs(".El\n", out);
}

static void man_section_end(FILE *out)
{
	fputs(".El\n", out);
}

void cfg_print_markdown(const struct cfg_schema *schema, FILE *out)
{
	static const struct form form = {md_section, md_entry, md_section_end};

	print_book(&form, schema, out);
}

void cfg_print_man(const struct cfg_schema *schema, FILE *out)
{
	static const struct form form = {man_section, man_entry, man_section_end};

	print_book(&form, schema, out);
}

/* SPDX-License-Identifier: ISC */
/*
 * What the files of the configuration engine share: cfg_file.c loads and checks the text, cfg.c
 * keeps messages and places, cfg_read.c walks document and rows together, cfg_value.c reads
 * scalars, cfg_near.c finds what was probably meant, cfg_doc.c prints the reference.
 */
#ifndef SEXTANT_CONFIG_CFG_INTERNAL_H
#define SEXTANT_CONFIG_CFG_INTERNAL_H

#include <stdarg.h>

#include <yaml.h>

#include "config/cfg.h"

enum {
	CFG_FILE_MAX = 16 * 1024 * 1024, /* octets of a file */
	CFG_FEED_LEN = 1024,             /* octets that the parser is given at once */
	CFG_FLOW_MAX = 64,       /* open brackets, looked at whenever the parser wants more */
	CFG_DEPTH_MAX = 32,      /* maps within maps that are read */
	CFG_ALIAS_MAX = 100000,  /* values that aliases may add to those in the file */
	CFG_MESSAGES_MAX = 1000, /* that are kept; more are counted */
	CFG_SHOW_LEN = 64,       /* octets of a value that a message repeats */
};

/* What is written for a row in one map. */
struct cfg_slot {
	int id;   /* of the value in the document; 0: not written */
	bool bad; /* missing though required, or an error in it or below */
};

/* A struct that is filled: a map of the file, a shorthand for one, or one that is not written. */
struct cfg_node {
	struct cfg *cfg;
	const struct cfg_node *parent; /* NULL: the file itself */
	const struct cfg_row *row;     /* in the parent's schema */
	int index; /* in the parent's list; -1: none or written without brackets */
	const struct cfg_schema *schema;
	int id;                 /* of the map in the document; 0: not written */
	bool shorthand;         /* the value is a scalar that stands for the shorthand key */
	struct cfg_slot *slots; /* one a row */
};

struct cfg_message {
	size_t line, column; /* from 1; line 0: about the file as a whole */
	bool is_error;
	const char *text;
};

struct cfg {
	const char *name; /* of the file, escaped */
	struct arena arena;
	yaml_document_t document;
	bool has_document;
	size_t visits;                /* values read so far */
	bool too_much;                /* aliases added more values than are read */
	struct cfg_message *messages; /* sorted by place; within one, by time */
	size_t n_messages, cap_messages;
	size_t n_errors, n_warnings, n_unkept;
};

/* Words for a message, cut to fit. */
struct cfg_why {
	char text[512];
};

/* Writes the words; always false, for "return cfg_why(...)". */
bool cfg_why(struct cfg_why *why, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* cfg.c: a message at line and column (line 0: none); path may be "". */
struct cfg_place {
	size_t line, column;
};
void cfg_vadd(struct cfg *cfg, bool is_error, struct cfg_place place, const char *path,
	      const char *format, va_list args) __attribute__((format(printf, 5, 0)));
void cfg_add_error(struct cfg *cfg, struct cfg_place place, const char *path, const char *format,
		   ...) __attribute__((format(printf, 4, 5)));

/*
 * An error found while reading: at the document's node `id`; in `node`, about its `row` (NULL: the
 * map itself) and the index in a list (-1: none). Marks the row bad, and those that hold the map.
 */
void cfg_fault(const struct cfg_node *node, const struct cfg_row *row, int index, int id,
	       const char *format, ...) __attribute__((format(printf, 5, 6)));

/* cfg_file.c: fills cfg->document, or adds errors. */
void cfg_load(struct cfg *cfg, const char *text, size_t len);
void cfg_load_file(struct cfg *cfg, const char *path);

/* The row of a key, or NULL. */
const struct cfg_row *cfg_row_find(const struct cfg_schema *schema, const char *key, size_t len);
/* Whether two rows are names of one value. */
bool cfg_row_is_twin(const struct cfg_row *a, const struct cfg_row *b);

/* cfg_value.c: octets of one value of the row. */
size_t cfg_value_size(const struct cfg_row *row);

/*
 * Reads `len` octets of text, which end in a NUL, into dst. False leaves dst alone; *why then says
 * what is wrong and what would be right, and begins with the text.
 */
bool cfg_value_parse(const struct cfg_row *row, const char *text, size_t len, void *dst,
		     struct arena *arena, struct cfg_why *why);

/* What a value is: "an IPv6 prefix such as 2001:db8:1::/64"; of lists, what one item is. */
void cfg_value_wanted(const struct cfg_row *row, struct cfg_why *ret);
/* The same of the whole row: "a list, each item an IPv6 prefix such as 2001:db8:1::/64". */
void cfg_row_wanted(const struct cfg_row *row, struct cfg_why *ret);
/* The row's limits for the reference: "4s to 65535s"; empty if they are not worth saying. */
void cfg_value_limits(const struct cfg_row *row, struct cfg_why *ret);

/* A peer's or file's text, escaped and cut: plain words bare, all others in quotes. */
const char *cfg_show(const char *text, size_t len, struct cfg_why *buf);
const char *cfg_quote(const char *text, size_t len, struct cfg_why *buf);

/* cfg_near.c: what was probably meant, or NULL. */
const char *cfg_near_key(const struct cfg_schema *schema, const char *text, size_t len);
const char *cfg_near_name(const struct cfg_name *names, const char *text, size_t len);
/* The keys, the names, joined with ", "; a few of them if they are many. */
void cfg_list_keys(const struct cfg_schema *schema, struct cfg_why *ret);
void cfg_list_names(const struct cfg_name *names, struct cfg_why *ret);

#endif

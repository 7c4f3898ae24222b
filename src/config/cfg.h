/* SPDX-License-Identifier: ISC */
/*
 * The configuration engine: reads YAML (and so JSON) into plain structs by tables of rows, and
 * reports every error with line and column. It knows no protocol: rooms own their rows.
 *
 * A row parses, checks, defaults, explains and documents one key.
 */
#ifndef SEXTANT_CONFIG_CFG_H
#define SEXTANT_CONFIG_CFG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/ip6.h"
#include "duid/duid.h"
#include "wire/dns_name.h"

struct cfg;      /* one file being read: its errors, its document, its arena */
struct cfg_node; /* a place in the file; valid until cfg_close() */
struct cfg_schema;

enum cfg_type {
	CFG_BOOL,     /* bool */
	CFG_U8,       /* uint8_t, within min and max */
	CFG_U16,      /* uint16_t */
	CFG_U32,      /* uint32_t */
	CFG_DURATION, /* uint32_t seconds: "30s" "10m" "4h" "7d"; "infinite" is UINT32_MAX */
	CFG_MSEC,     /* uint32_t milliseconds: as CFG_DURATION and "500ms" */
	CFG_STRING,   /* const char *, in the arena; never empty, NULL when absent */
	CFG_IP6,      /* struct in6_addr */
	CFG_PREFIX,   /* struct ip6_prefix; bits past the length are an error */
	CFG_DNS_NAME, /* struct dns_name; len 0 when absent */
	CFG_MAC,      /* struct cfg_mac */
	CFG_DUID,     /* struct duid; len 0 when absent */
	CFG_ENUM,     /* int, one of `names` */
	CFG_OTHER,    /* a scalar of a room's own, read by `parse` */
	CFG_MAP,      /* a struct inside this one, by `sub` */
	CFG_MAPS,     /* a list of structs by `sub`: a pointer to an array in the arena */
};

struct cfg_mac {
	bool set;
	uint8_t bytes[6];
};

struct cfg_name {
	const char *name; /* NULL ends the list */
	int value;
	const char *doc;
};

/*
 * Rows that share offset, type and list (CFG_MAP aside) are names of one value ("prefix" and
 * "prefixes"): only one of them may be written, and cfg_is_set() and the places of errors find it
 * by either.
 */
struct cfg_row {
	const char *key; /* NULL ends the rows */
	enum cfg_type type;
	size_t offset; /* of the value in the struct; of lists: of the pointer to the items */

	/*
	 * With `list`, the value is a list of `type` (one item may stand without brackets): a
	 * pointer to an array in the arena at `offset`, its size_t count at `count`. CFG_MAPS is
	 * always a list.
	 */
	bool list;
	size_t count;

	bool required;
	/*
	 * Both included, max 0: what the type holds. Of numbers; of durations in the unit of the
	 * value; of strings their octets; of prefixes their length.
	 */
	uint64_t min, max;
	/* As written in the file ("[a, b]" for a list); NULL: the zero value. Maps have none. */
	const char *dflt;
	const struct cfg_name *names;
	const struct cfg_schema *sub;

	/*
	 * CFG_OTHER: reads `text` into `dst` (item_size octets). False with *ret_why: what is wrong
	 * and what would be right, static or in the arena, as words that go on after the text
	 * itself: "is not a range, write it as 2001:db8::10-2001:db8::ff".
	 */
	bool (*parse)(const char *text, void *dst, struct arena *arena, const char **ret_why);
	size_t item_size;

	const char *what; /* CFG_OTHER: what is expected, for the documentation: "address range" */
	const char *rfc;  /* "4861 6.2.1" or NULL */
	const char *doc;  /* one or two whole sentences; keys and values stand in `backticks` */
};

#define CFG_AT(type, member) offsetof(type, member)

struct cfg_schema {
	const char *name; /* for the documentation: "network", "prefix" */
	size_t size;      /* of the struct */
	size_t node;      /* offset in it of a `const struct cfg_node *`, its place in the file */
	const char *shorthand; /* the key that a plain scalar stands for, or NULL */
	const struct cfg_row *rows;
	const char *doc;
};

/*
 * Reads and parses a file. Never NULL; a file that cannot be read or is not YAML is an error in
 * it. `name` is what messages call it. cfg_open_text() takes the text itself (for tests).
 */
struct cfg *cfg_open(const char *path);
struct cfg *cfg_open_text(const char *name, const char *text, size_t len);
void cfg_close(struct cfg *cfg);

/*
 * Fills *dst, a struct of the schema, from the whole file; what it points to is in `arena`. Goes
 * on after errors, so that all are found; values in error have their defaults.
 */
void cfg_read(struct cfg *cfg, const struct cfg_schema *schema, void *dst, struct arena *arena);

/*
 * For checks between values. `node` is that of the struct; key (may be NULL: the struct itself)
 * and index (of a list, -1: none) say which value in it. The message says what is wrong and what
 * would be right; the engine puts "file:line:column: path.of.the.key: " in front.
 */
void cfg_error(struct cfg *cfg, const struct cfg_node *node, const char *key, int index,
	       const char *format, ...) __attribute__((format(printf, 5, 6)));
void cfg_warning(struct cfg *cfg, const struct cfg_node *node, const char *key, int index,
		 const char *format, ...) __attribute__((format(printf, 5, 6)));

/* Whether the key is written in the file, rather than defaulted. False for a NULL node. */
bool cfg_is_set(const struct cfg_node *node, const char *key);

/*
 * Whether reading found an error in the key or below it, so that its value says nothing: it is
 * missing though required, or defaulted; a list's items in error are zero, texts among them "".
 * For checks that would only repeat it. cfg_error() and cfg_warning() leave out by themselves what
 * is about such a value or such an item of values, but not what is about maps.
 */
bool cfg_is_bad(const struct cfg_node *node, const char *key);

/* "file:line:column" of a place, for "already used at ..."; in the cfg, valid until cfg_close(). */
const char *cfg_where(struct cfg *cfg, const struct cfg_node *node, const char *key, int index);

/* Errors and warnings found so far, sorted by line and column; each a line without its end. */
size_t cfg_error_count(const struct cfg *cfg);
size_t cfg_warning_count(const struct cfg *cfg);
void cfg_print(const struct cfg *cfg, FILE *out);
/* The i-th message, errors and warnings together; NULL past the last. */
const char *cfg_message(const struct cfg *cfg, size_t i, bool *ret_is_error);

/* The reference: the rows as Markdown (docs/config.md), or as the body of a man page. */
void cfg_print_markdown(const struct cfg_schema *schema, FILE *out);
void cfg_print_man(const struct cfg_schema *schema, FILE *out);

#endif

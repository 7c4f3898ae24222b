/* SPDX-License-Identifier: ISC */
/*
 * What was probably meant by a word that is not known: the known one with the fewest wrong,
 * missing, surplus or swapped characters, if those are few for its length; else one that holds the
 * word.
 */
#include "config.h"

#include <string.h>

#include "base/text.h"
#include "config/cfg_internal.h"

enum { WORD_MAX = 40 };

struct nearest {
	const char *word;
	unsigned int distance;
};

static unsigned int least(unsigned int a, unsigned int b)
{
	return a < b ? a : b;
}

/* The distance of Damerau and Levenshtein, in its form that edits no part twice. */
static unsigned int distance(const char *a, size_t na, const char *b, size_t nb)
{
	unsigned int rows[3][WORD_MAX + 1];
	unsigned int *before = rows[0], *last = rows[1], *row = rows[2];

	for (size_t j = 0; j <= nb; j++)
		last[j] = (unsigned int)j;
	for (size_t i = 1; i <= na; i++) {
		row[0] = (unsigned int)i;
		for (size_t j = 1; j <= nb; j++) {
			unsigned int cost = a[i - 1] != b[j - 1];

			row[j] = least(least(last[j], row[j - 1]) + 1, last[j - 1] + cost);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				row[j] = least(row[j], before[j - 2] + 1);
		}
		unsigned int *spare = before;

		before = last;
		last = row;
		row = spare;
	}
	return last[nb];
}

static void consider(struct nearest *nearest, const char *word, const char *text, size_t len)
{
	size_t n = strlen(word);
	unsigned int d;

	if (n > WORD_MAX || len > WORD_MAX || len == 0)
		return;
	d = distance(text, len, word, n);
	if (d > (len + 2) / 3)
		d = len >= 4 && memmem(word, n, text, len) ? WORD_MAX : WORD_MAX + 1;
	if (d < nearest->distance)
		*nearest = (struct nearest){word, d};
}

const char *cfg_near_key(const struct cfg_schema *schema, const char *text, size_t len)
{
	struct nearest nearest = {NULL, WORD_MAX + 1};

	for (const struct cfg_row *row = schema->rows; row->key; row++)
		consider(&nearest, row->key, text, len);
	return nearest.word;
}

const char *cfg_near_name(const struct cfg_name *names, const char *text, size_t len)
{
	struct nearest nearest = {NULL, WORD_MAX + 1};

	for (; names->name; names++)
		consider(&nearest, names->name, text, len);
	return nearest.word;
}

/* Adds the i-th word of a list; false once it is long enough. */
static bool list_word(struct text *text, const char *word)
{
	if (text->len > 100) {
		text_put_str(text, ", ...");
		return false;
	}
	if (text->len)
		text_put_str(text, ", ");
	text_put_str(text, word);
	return true;
}

void cfg_list_keys(const struct cfg_schema *schema, struct cfg_why *ret)
{
	struct text text;

	text_init(&text, ret->text, sizeof(ret->text));
	for (const struct cfg_row *row = schema->rows; row->key; row++) {
		if (!list_word(&text, row->key))
			return;
	}
}

void cfg_list_names(const struct cfg_name *names, struct cfg_why *ret)
{
	struct text text;

	text_init(&text, ret->text, sizeof(ret->text));
	for (; names->name; names++) {
		if (!list_word(&text, names->name))
			return;
	}
}

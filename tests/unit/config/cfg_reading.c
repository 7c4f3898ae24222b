/* SPDX-License-Identifier: ISC */
/*
 * Reading a text by the example's rows, and comparing what is said of it.
 */
#include "config.h"

#include "cfg_reading.h"

/* cmocka.h uses what the others declare. */
/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include <stdlib.h>
#include <string.h>

struct reading read_bytes(const char *text, size_t len)
{
	struct reading r = {.cfg = cfg_open_text("t.yaml", text, len)};

	cfg_read(r.cfg, &example_schema, &r.example, &r.arena);
	return r;
}

struct reading read_text(const char *text)
{
	return read_bytes(text, strlen(text));
}

void reading_end(struct reading *r)
{
	cfg_close(r->cfg);
	arena_free(&r->arena);
}

char *messages_of(const struct cfg *cfg)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	assert_non_null(out);
	cfg_print(cfg, out);
	fclose(out);
	return text;
}

void expect_messages(const char *name, const struct cfg *cfg, const char *expected)
{
	char *text = messages_of(cfg);

	if (strcmp(text, expected) != 0)
		fail_msg("%s: said\n%sinstead of\n%s", name, text, expected);
	free(text);
}

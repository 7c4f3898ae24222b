/* SPDX-License-Identifier: ISC */
/*
 * The reference that is printed from the rows.
 */
#include "config.h"

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

#include "cfg_example.h"

static char *print(void (*reference)(const struct cfg_schema *schema, FILE *out))
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	assert_non_null(out);
	reference(&example_schema, out);
	fclose(out);
	return text;
}

static void expect_part(const char *text, const char *part)
{
	if (!strstr(text, part))
		fail_msg("no\n%sin\n%s", part, text);
}

static size_t count(const char *text, const char *part)
{
	size_t n = 0;

	for (; (text = strstr(text, part)) != NULL; text++)
		n++;
	return n;
}

static void markdown_tells_all_that_rows_know(void **state)
{
	char *text = print(cfg_print_markdown);

	(void)state;
	expect_part(text, "## example.yaml\n\nThe file.\n\n- **`enterprise`**: A number.\n"
			  "  A whole number; default 32473.\n");
	expect_part(text, "- **`networks`**: The networks.\n  List, each item a map; required.\n"
			  "  Its keys: `networks[]`.\n");
	expect_part(text, "- **`mode`**: A preset.\n"
			  "  One of the names below; default dhcpv6-stateful.\n"
			  "  - `slaac`: Hosts make their own addresses.\n");
	expect_part(text, "  A duration; 4s to 65535s; default 600s; RFC 4861 6.2.1.\n");
	expect_part(text, "  A duration; at least 1m; may be infinite; default 1d.\n");
	expect_part(text,
		    "  List, each item a map or its prefix alone; another name of prefixes.\n");
	expect_part(text, "looked up: \\*all\\* of them, in\\_order, with `a_b*` as they are.\n");
	free(text);
}

static void a_schema_is_printed_once_and_after_the_map_that_holds_it(void **state)
{
	char *text = print(cfg_print_markdown);

	(void)state;
	assert_int_equal(count(text, "## networks[].prefixes[]\n"), 1);
	assert_int_equal(count(text, "inner[]"), 0);
	assert_int_equal(count(text, "\n## "), 5);
	assert_true(strstr(text, "## networks[].ra\n") <
		    strstr(text, "## networks[].ra.interval\n"));
	assert_true(strstr(text, "## networks[].ra.interval\n") <
		    strstr(text, "## networks[].prefixes[]\n"));
	free(text);
}

/* Whether a line of roff source is text, or one of the macros that the reference uses. */
static bool is_sound(const char *line)
{
	static const char *const macros[] = {".Ss ", ".Bl -tag -width Ds", ".It Cm ", ".El\n"};

	for (size_t i = 0; i < sizeof(macros) / sizeof(macros[0]); i++) {
		if (strncmp(line, macros[i], strlen(macros[i])) == 0)
			return true;
	}
	return *line != '.' && *line != '\'' && *line != '\n';
}

static void the_manual_holds_no_markup_but_its_own(void **state)
{
	char *text = print(cfg_print_man);

	(void)state;
	expect_part(text, ".Ss networks[]\\&\nOne network.\n"
			  "\\&'Quoted' words and \\-options\\- print as they are.\n");
	expect_part(text, "*all* of them, in_order, with a_b* as");
	expect_part(text, ".It Cm max\nLongest time between two of them.\n"
			  "Not below \\&.min times 1.33.\n"
			  "A duration; 4s to 65535s; default 600s; RFC 4861 6.2.1.\n");
	for (const char *line = text; line && *line;
	     line = strchr(line, '\n'), line += line != NULL) {
		assert_true(is_sound(line));
		assert_true(strcspn(line, "\n") <= 80);
	}
	assert_int_equal(count(text, ".Bl "), count(text, ".El\n"));
	free(text);
}

static void the_same_rows_print_the_same_text(void **state)
{
	char *once = print(cfg_print_man), *twice = print(cfg_print_man);

	(void)state;
	assert_string_equal(once, twice);
	free(once);
	free(twice);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(markdown_tells_all_that_rows_know),
		cmocka_unit_test(a_schema_is_printed_once_and_after_the_map_that_holds_it),
		cmocka_unit_test(the_manual_holds_no_markup_but_its_own),
		cmocka_unit_test(the_same_rows_print_the_same_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: ISC */
/*
 * A text read by the example's rows, for the tests of the configuration engine.
 */
#ifndef SEXTANT_TESTS_CFG_READING_H
#define SEXTANT_TESTS_CFG_READING_H

#include "cfg_example.h"

struct reading {
	struct cfg *cfg;
	struct arena arena; /* of what the example points to */
	struct example example;
};

struct reading read_bytes(const char *text, size_t len);
struct reading read_text(const char *text);
void reading_end(struct reading *r);

/* All messages, each with its end of line; the caller frees them. */
char *messages_of(const struct cfg *cfg);

/* Fails the test named `name` unless these are the messages. */
void expect_messages(const char *name, const struct cfg *cfg, const char *expected);

#endif

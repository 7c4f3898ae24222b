/* SPDX-License-Identifier: ISC */
/*
 * What every room's reasons for dropping packets have in common.
 */
#ifndef SEXTANT_TESTS_UNIT_BASE_CHECK_DROP_H
#define SEXTANT_TESTS_UNIT_BASE_CHECK_DROP_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/drop.h"

/* It has a name, and tells the operator something in whole sentences. */
static inline void check_drop_reason(const struct drop_reason *reason)
{
	assert_true(reason->name && *reason->name);
	assert_true(reason->doc && reason->doc[strlen(reason->doc) - 1] == '.');
}

#endif

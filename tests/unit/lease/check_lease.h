/* SPDX-License-Identifier: ISC */
/*
 * What must always hold inside a lease table, checked the slow way. For tests alone.
 */
#ifndef SEXTANT_TESTS_UNIT_LEASE_CHECK_LEASE_H
#define SEXTANT_TESTS_UNIT_LEASE_CHECK_LEASE_H

/* cmocka.h needs the ones above it. */
/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include "lease/lease_internal.h"

/* Fails the running test with what is wrong. */
void check_lease_table(const struct lease_table *table);

#endif

/* SPDX-License-Identifier: ISC */
/*
 * Brings what can be read of a damaged database into a new one.
 */
#ifndef SEXTANT_LEASE_STORE_SALVAGE_H
#define SEXTANT_LEASE_STORE_SALVAGE_H

#include <stdio.h>

#include "lease/store.h"

/*
 * Reads the SQLite database `path` and its log, which nobody may be using, and makes `out`, which
 * must not exist and gets the same owner. What is left out or missing is named on `report`, and at
 * the end the counts. 0, or -errno with *ret_error filled in; then `out` is not there.
 */
int store_salvage(const char *path, const char *out, FILE *report, struct store_error *ret_error);

#endif

/* SPDX-License-Identifier: ISC */
/*
 * A reason for which packets are dropped, as a row of a table. Each room has one; each row is a
 * counter, and sextantd(8) is printed from them.
 */
#ifndef SEXTANT_BASE_DROP_H
#define SEXTANT_BASE_DROP_H

struct drop_reason {
	const char *name; /* of the counter: "no-client-id" */
	const char *doc;  /* sentences for the operator: what it was, and what it may mean */
};

#endif

/* SPDX-License-Identifier: ISC */
/*
 * Values of the configuration that only this room knows how to read: octets in hex, and the
 * service parameters of an encrypted resolver. For rows of CFG_OTHER; both fill a struct ra_octets.
 */
#ifndef SEXTANT_RA_RA_CONF_TEXT_H
#define SEXTANT_RA_RA_CONF_TEXT_H

#include <stdbool.h>

#include "base/arena.h"

/* "0a0b0c" or "0a:0b:0c". */
bool ra_conf_parse_hex(const char *text, void *dst, struct arena *arena, const char **ret_why);

/*
 * "alpn=h2,dot port=853 dohpath=/dns-query{?dns}", in any order, to SvcParams as RFC 9460 section
 * 2.2 has them on the wire.
 */
bool ra_conf_parse_service(const char *text, void *dst, struct arena *arena, const char **ret_why);

#endif

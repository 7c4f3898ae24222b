/* SPDX-License-Identifier: ISC */
/*
 * Values of options that other rows read too: for rows of CFG_OTHER, in libsextant-conf.
 */
#ifndef SEXTANT_DHCP6_DHCP6_OPTION_CONF_H
#define SEXTANT_DHCP6_DHCP6_OPTION_CONF_H

#include <stdbool.h>

#include "base/arena.h"

/* Octets in hex, into a struct dhcp6_hex. */
bool dhcp6_hex_parse(const char *text, void *dst, struct arena *arena, const char **ret_why);

/* An architecture of RFC 5970 section 3.3 by name or number, into a uint16_t. */
bool dhcp6_arch_parse(const char *text, void *dst, struct arena *arena, const char **ret_why);

#define DHCP6_ARCH_WHAT "architecture such as x64-uefi, or its number"

#endif

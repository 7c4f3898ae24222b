/* SPDX-License-Identifier: ISC */
/*
 * A row of the option table, for the files that hold what odd options put.
 */
#ifndef SEXTANT_DHCP6_DHCP6_OPTION_ROW_H
#define SEXTANT_DHCP6_DHCP6_OPTION_ROW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dhcp6/dhcp6_options.h"
#include "wire/wire.h"

enum dhcp6_option_shape {
	DHCP6_SHAPE_ADDRS, /* addresses one after the other */
	DHCP6_SHAPE_NAMES, /* domain names, uncompressed */
	DHCP6_SHAPE_NAME,  /* one domain name */
	DHCP6_SHAPE_TEXT,  /* a string without its NUL */
	DHCP6_SHAPE_U32,
	DHCP6_SHAPE_OWN, /* what `put` writes */
};

/* What tells an instance from the others of its code. */
struct dhcp6_option_mark {
	uint32_t instance; /* of vendor options: the enterprise; a wider place adds what is not here
			    */
	size_t boot;       /* 0, or one more than the index of what it is for in `boots` */
};

struct dhcp6_option_row {
	uint16_t code;
	const char *name; /* as the configuration calls it */
	enum dhcp6_option_shape shape;
	size_t at, count; /* in struct dhcp6_options */
	unsigned int in;  /* enum dhcp6_option_in, or-ed */
	bool asked_only;  /* may not be forced */
	const char *rfc;
	const char *form; /* of the value, for the documentation */
	/* Writes the value of the index-th instance; false when there are no more. */
	bool (*put)(const struct dhcp6_options *options, size_t index, struct wire_writer *w,
		    struct dhcp6_option_mark *ret_mark);
};

/* dhcp6_option_s46.c */
bool dhcp6_map_e_put(const struct dhcp6_options *options, size_t index, struct wire_writer *w,
		     struct dhcp6_option_mark *ret_mark);
bool dhcp6_map_t_put(const struct dhcp6_options *options, size_t index, struct wire_writer *w,
		     struct dhcp6_option_mark *ret_mark);
bool dhcp6_lw4o6_put(const struct dhcp6_options *options, size_t index, struct wire_writer *w,
		     struct dhcp6_option_mark *ret_mark);

/* dhcp6_option_put.c */
bool dhcp6_vendor_put(const struct dhcp6_options *options, size_t index, struct wire_writer *w,
		      struct dhcp6_option_mark *ret_mark);
bool dhcp6_ntp_put(const struct dhcp6_options *options, size_t index, struct wire_writer *w,
		   struct dhcp6_option_mark *ret_mark);
bool dhcp6_boot_url_put(const struct dhcp6_options *options, size_t index, struct wire_writer *w,
			struct dhcp6_option_mark *ret_mark);
bool dhcp6_boot_params_put(const struct dhcp6_options *options, size_t index, struct wire_writer *w,
			   struct dhcp6_option_mark *ret_mark);
bool dhcp6_resolver_put(const struct dhcp6_options *options, size_t index, struct wire_writer *w,
			struct dhcp6_option_mark *ret_mark);
/* The value of an option that is known by its number; false: there is none with this index. */
bool dhcp6_raw_put(const struct dhcp6_options *options, size_t index, struct wire_writer *w,
		   uint16_t *ret_code);

#endif

/* SPDX-License-Identifier: ISC */
/*
 * The shape of a row of the option table, and the rows that are not in ra_option.c. For the files
 * of the table alone: everybody else uses ra_option.h.
 */
#ifndef SEXTANT_RA_RA_OPTION_ROW_H
#define SEXTANT_RA_RA_OPTION_ROW_H

#include <stddef.h>

#include "ra/ra_option.h"
#include "wire/wire.h"

struct ra_option_row {
	uint8_t type;
	const char *name;
	const char *rfc;
	bool common; /* stands in every RA of a set */

	/* The index-th option of this row that the source gives; false past the last. */
	bool (*make)(const struct ra_source *source, size_t index, struct ra_option *ret);
	void (*get)(struct wire_reader *r, struct ra_option *ret);
	void (*put)(struct wire_writer *w, const struct ra_option *option);
	void (*show)(const struct ra_option *option, struct text *text);

	/* Of options that can be withdrawn: where the lifetimes are, and what they are about. */
	size_t lifetime;
	size_t lifetime_too; /* 0: there is one only */
	bool (*same)(const struct ra_option *a, const struct ra_option *b);
	bool (*split)(const struct ra_option *option, size_t i,
		      struct ra_option *ret); /* NULL: one */
};

#define RA_OPTION_AT(member) offsetof(struct ra_option, member)

/* ra_option.c: a lifetime of what the prefixes of the source carry. */
uint32_t ra_source_cap(const struct ra_source *source, uint32_t lifetime);
/* And of what has this address: none longer than the prefix that it is in, if it is in one. */
uint32_t ra_source_cap_at(const struct ra_source *source, uint32_t lifetime,
			  const struct in6_addr *addr);

/* ra_option_dns.c */
extern const struct ra_option_row ra_option_rdnss;
extern const struct ra_option_row ra_option_dnssl;
extern const struct ra_option_row ra_option_encrypted_dns;

static inline void octets_put(struct wire_writer *w, const struct ra_octets *octets)
{
	wire_put_bytes(w, octets->bytes, octets->len);
}

static inline struct ra_octets octets_get(struct wire_reader *r, size_t len)
{
	const uint8_t *bytes = wire_get_bytes(r, len);

	return (struct ra_octets){.bytes = bytes, .len = bytes ? len : 0};
}

static inline void show_number(const char *key, uint64_t value, struct text *text)
{
	text_put_char(text, ' ');
	text_put_str(text, key);
	text_put_char(text, '=');
	text_put_u64(text, value);
}

#endif

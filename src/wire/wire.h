/* SPDX-License-Identifier: ISC */
/*
 * A bounds-checked reader and writer over packet bytes: the only code that touches them.
 *
 * Both remember their first error: a reader then reads zeros, a writer writes nothing more, so
 * that code goes straight down and checks once at the end. All numbers are in network order on
 * the wire and in host order here.
 */
#ifndef SEXTANT_WIRE_WIRE_H
#define SEXTANT_WIRE_WIRE_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct wire_reader {
	const uint8_t *bytes; /* the whole packet, borrowed */
	size_t at;            /* offset of the next octet in the packet */
	size_t end;           /* offset past the last octet of this part */
	bool bad;             /* something was read that is not there */
};

struct wire_reader wire_reader(const void *bytes, size_t len);

/* Octets not yet read. */
size_t wire_left(const struct wire_reader *r);

uint8_t wire_get_u8(struct wire_reader *r);
uint16_t wire_get_u16(struct wire_reader *r);
uint32_t wire_get_u24(struct wire_reader *r);
uint32_t wire_get_u32(struct wire_reader *r);
uint64_t wire_get_u64(struct wire_reader *r);
struct in6_addr wire_get_ip6(struct wire_reader *r);

/* Points at `len` octets in the packet and skips them; NULL, and the reader bad, if too few. */
const uint8_t *wire_get_bytes(struct wire_reader *r, size_t len);

/*
 * The next `len` octets as a part of its own, skipped here; its offsets stay those of the whole
 * packet. If too few are left, both are bad and the part is empty.
 */
struct wire_reader wire_get_part(struct wire_reader *r, size_t len);

struct wire_writer {
	uint8_t *bytes; /* borrowed */
	size_t at;      /* octets written */
	size_t room;    /* octets of `bytes` */
	bool bad;       /* something did not fit */
};

struct wire_writer wire_writer(void *bytes, size_t room);

void wire_put_u8(struct wire_writer *w, uint8_t v);
void wire_put_u16(struct wire_writer *w, uint16_t v);
void wire_put_u24(struct wire_writer *w, uint32_t v);
void wire_put_u32(struct wire_writer *w, uint32_t v);
void wire_put_u64(struct wire_writer *w, uint64_t v);
void wire_put_ip6(struct wire_writer *w, const struct in6_addr *addr);
void wire_put_bytes(struct wire_writer *w, const void *bytes, size_t len);
void wire_put_zeros(struct wire_writer *w, size_t len);

/* Overwrites the 16 or 32 bits at offset `at`, which must have been written before. */
void wire_set_u16(struct wire_writer *w, size_t at, uint16_t v);
void wire_set_u32(struct wire_writer *w, size_t at, uint32_t v);

/* A length that is known only when what it counts has been written. */
enum wire_len {
	WIRE_LEN_U16,    /* DHCPv6: 16 bits, octets that follow it */
	WIRE_LEN_UNITS8, /* Neighbor Discovery: 8 bits, units of 8 octets from the octet before it;
			    wire_put_close() pads with zeros (RFC 4861 section 4.6) */
};

/* Writes the place of a length; the mark goes to wire_put_close(), which fills it in. */
size_t wire_put_open(struct wire_writer *w, enum wire_len kind);
void wire_put_close(struct wire_writer *w, size_t mark, enum wire_len kind);

/* Takes back all that was written since the writer was at `at`, and its error. */
void wire_put_undo(struct wire_writer *w, size_t at);

#endif

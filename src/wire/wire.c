/* SPDX-License-Identifier: ISC */
/*
 * The cursor over packet bytes. No other file computes an offset into a packet.
 */
#include "config.h"

#include "wire/wire.h"

#include <assert.h>
#include <string.h>

#include "base/octets.h"

struct wire_reader wire_reader(const void *bytes, size_t len)
{
	return (struct wire_reader){.bytes = bytes, .end = len};
}

size_t wire_left(const struct wire_reader *r)
{
	return r->end - r->at;
}

const uint8_t *wire_get_bytes(struct wire_reader *r, size_t len)
{
	if (r->bad || len > wire_left(r)) {
		r->bad = true;
		return NULL;
	}
	const uint8_t *p = r->bytes + r->at;

	r->at += len;
	return p;
}

uint8_t wire_get_u8(struct wire_reader *r)
{
	const uint8_t *p = wire_get_bytes(r, 1);

	return p ? *p : 0;
}

uint16_t wire_get_u16(struct wire_reader *r)
{
	const uint8_t *p = wire_get_bytes(r, 2);

	return p ? octets_be16(p) : 0;
}

uint32_t wire_get_u24(struct wire_reader *r)
{
	const uint8_t *p = wire_get_bytes(r, 3);

	return p ? (uint32_t)p[0] << 16 | octets_be16(p + 1) : 0;
}

uint32_t wire_get_u32(struct wire_reader *r)
{
	const uint8_t *p = wire_get_bytes(r, 4);

	return p ? octets_be32(p) : 0;
}

uint64_t wire_get_u64(struct wire_reader *r)
{
	const uint8_t *p = wire_get_bytes(r, 8);

	return p ? octets_be64(p) : 0;
}

struct in6_addr wire_get_ip6(struct wire_reader *r)
{
	const uint8_t *p = wire_get_bytes(r, 16);
	struct in6_addr addr = {0};

	if (p)
		memcpy(addr.s6_addr, p, 16);
	return addr;
}

struct wire_reader wire_get_part(struct wire_reader *r, size_t len)
{
	size_t at = r->at;

	if (!wire_get_bytes(r, len))
		return (struct wire_reader){.bytes = r->bytes, .at = at, .end = at, .bad = true};
	return (struct wire_reader){.bytes = r->bytes, .at = at, .end = at + len};
}

struct wire_writer wire_writer(void *bytes, size_t room)
{
	return (struct wire_writer){.bytes = bytes, .room = room};
}

/* Where `len` octets can be written, counted as written; NULL, and bad, if they do not fit. */
static uint8_t *take(struct wire_writer *w, size_t len)
{
	if (w->bad || len > w->room - w->at) {
		w->bad = true;
		return NULL;
	}
	uint8_t *p = w->bytes + w->at;

	w->at += len;
	return p;
}

void wire_put_u8(struct wire_writer *w, uint8_t v)
{
	uint8_t *p = take(w, 1);

	if (p)
		*p = v;
}

void wire_put_u16(struct wire_writer *w, uint16_t v)
{
	uint8_t *p = take(w, 2);

	if (p)
		octets_put_be16(p, v);
}

void wire_put_u24(struct wire_writer *w, uint32_t v)
{
	uint8_t *p = take(w, 3);

	if (!p)
		return;
	p[0] = (uint8_t)(v >> 16);
	octets_put_be16(p + 1, (uint16_t)v);
}

void wire_put_u32(struct wire_writer *w, uint32_t v)
{
	uint8_t *p = take(w, 4);

	if (p)
		octets_put_be32(p, v);
}

void wire_put_u64(struct wire_writer *w, uint64_t v)
{
	uint8_t *p = take(w, 8);

	if (p)
		octets_put_be64(p, v);
}

void wire_put_ip6(struct wire_writer *w, const struct in6_addr *addr)
{
	wire_put_bytes(w, addr->s6_addr, 16);
}

void wire_put_bytes(struct wire_writer *w, const void *bytes, size_t len)
{
	uint8_t *p = take(w, len);

	if (p && len)
		memcpy(p, bytes, len);
}

void wire_put_zeros(struct wire_writer *w, size_t len)
{
	uint8_t *p = take(w, len);

	if (p)
		memset(p, 0, len);
}

void wire_set_u16(struct wire_writer *w, size_t at, uint16_t v)
{
	if (w->bad)
		return;
	assert(at + 2 <= w->at);
	octets_put_be16(w->bytes + at, v);
}

void wire_set_u32(struct wire_writer *w, size_t at, uint32_t v)
{
	if (w->bad)
		return;
	assert(at + 4 <= w->at);
	octets_put_be32(w->bytes + at, v);
}

size_t wire_put_open(struct wire_writer *w, enum wire_len kind)
{
	size_t mark = w->at;

	wire_put_zeros(w, kind == WIRE_LEN_U16 ? 2 : 1);
	return mark;
}

void wire_put_close(struct wire_writer *w, size_t mark, enum wire_len kind)
{
	if (w->bad)
		return;
	switch (kind) {
	case WIRE_LEN_U16: {
		size_t len = w->at - mark - 2;

		if (len > UINT16_MAX)
			w->bad = true;
		else
			octets_put_be16(w->bytes + mark, (uint16_t)len);
		break;
	}
	case WIRE_LEN_UNITS8: {
		/* The type octet stands before the length and counts. */
		size_t len = w->at - mark + 1;

		wire_put_zeros(w, (8 - len % 8) % 8);
		len = (len + 7) / 8;
		if (len > UINT8_MAX)
			w->bad = true;
		else if (!w->bad)
			w->bytes[mark] = (uint8_t)len;
		break;
	}
	}
}

void wire_put_undo(struct wire_writer *w, size_t at)
{
	assert(at <= w->at);
	w->at = at;
	w->bad = false;
}

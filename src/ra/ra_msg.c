/* SPDX-License-Identifier: ISC */
/*
 * Router Advertisements as bytes, and the checks of what others send.
 *
 * ra_msg_encode() is called until it says that the set is complete: options that do not fit into
 * one packet go into several that each can stand alone, because a host may lose any of them and
 * because Neighbor Discovery must not be fragmented (RFC 6980 section 5).
 */
#include "config.h"

#include "ra/ra_msg.h"

#include <string.h>

#include "ra/ra_option.h"

enum {
	HOP_LIMIT = 255, /* RFC 4861 section 6.1: no router was between us */
	RS_HEADER = 8,
	RA_HEADER = 16,
};

/*
 * RFC 7084 section 4.1 G-4 and 4.2 L-4: an edge router whose prefixes are gone, or unique local
 * only, leads nowhere.
 */
static bool lacks_uplink(const struct ra_source *source)
{
	const struct ra_plan *plan = source->plan;

	if (plan->conf->profile != RA_PROFILE_CE)
		return false;
	for (size_t i = 0; i < plan->n_prefixes; i++) {
		bool unique_local = (plan->prefixes[i].prefix.addr.s6_addr[0] & 0xfe) == 0xfc;

		if (!unique_local && ra_prefix_lifetimes(&plan->prefixes[i], source->now).valid)
			return false;
	}
	return true;
}

struct ra_header ra_header_make(const struct ra_source *source)
{
	const struct ra_conf *conf = source->plan->conf;
	struct ra_header header = {
		.hop_limit = conf->hop_limit,
		.flags = (uint8_t)((conf->managed ? RA_FLAG_MANAGED : 0) |
				   (conf->other ? RA_FLAG_OTHER : 0)),
		.lifetime = (uint16_t)(conf->lifetime < UINT16_MAX ? conf->lifetime : UINT16_MAX),
		.reachable_time = conf->reachable_time,
		.retrans_time = conf->retrans_time,
	};

	/* RFC 4861 section 6.2.5: who does not forward is no default router. */
	if (source->final || !source->facts->forwarding || lacks_uplink(source))
		header.lifetime = 0;
	/* RFC 4191 section 2.2: the preference must be 00 when the lifetime is 0. */
	if (header.lifetime)
		header.flags |= (uint8_t)(conf->preference << 3 & RA_FLAG_PREFERENCE);
	return header;
}

enum ra_preference ra_header_preference(const struct ra_header *header)
{
	unsigned int bits = (header->flags & RA_FLAG_PREFERENCE) >> 3;

	/* RFC 4191 section 2.2: the reserved value is to be read as medium. */
	return bits == 2 ? RA_PREFERENCE_MEDIUM : (enum ra_preference)bits;
}

static void put_header(struct wire_writer *w, const struct ra_header *header)
{
	wire_put_u8(w, RA_TYPE_RA);
	wire_put_u8(w, 0);  /* code */
	wire_put_u16(w, 0); /* checksum, by the kernel */
	wire_put_u8(w, header->hop_limit);
	wire_put_u8(w, header->flags);
	wire_put_u16(w, header->lifetime);
	wire_put_u32(w, header->reachable_time);
	wire_put_u32(w, header->retrans_time);
}

static void put_common(struct wire_writer *w, const struct ra_source *source)
{
	struct ra_header header = ra_header_make(source);
	struct ra_option_walk walk = {0};
	struct ra_option option;

	put_header(w, &header);
	while (ra_option_next_common(source, &walk, &option))
		ra_option_put(w, &option);
}

bool ra_msg_encode(const struct ra_source *source, struct ra_cursor *cursor, uint8_t *buf,
		   size_t room, size_t *ret_len)
{
	struct wire_writer w = wire_writer(buf, room);
	struct ra_option_walk before;
	struct ra_option option;

	if (cursor->done)
		return false;
	put_common(&w, source);
	if (w.bad)
		return false;
	const size_t empty = w.at;

	while (before = cursor->walk, ra_option_next_made(source, &cursor->walk, &option)) {
		size_t at = w.at;

		ra_option_put(&w, &option);
		if (!w.bad)
			continue;
		wire_put_undo(&w, at);
		if (at == empty)
			continue; /* fits no RA: left out whole */
		cursor->walk = before;
		cursor->sent = true;
		*ret_len = w.at;
		return true;
	}
	cursor->done = true;
	/* A set of several ends with an RA that says something; one alone may be bare. */
	if (w.at == empty && cursor->sent)
		return false;
	*ret_len = w.at;
	return true;
}

typedef bool next_fn(const struct ra_source *, struct ra_option_walk *, struct ra_option *);

/* The next option of a walk, encoded; 0 past the last. */
static size_t encode_next(next_fn *next, const struct ra_source *source,
			  struct ra_option_walk *walk, uint8_t bytes[RA_OPTION_MAX])
{
	struct wire_writer w = wire_writer(bytes, RA_OPTION_MAX);
	struct ra_option option;

	if (next(source, walk, &option))
		ra_option_put(&w, &option);
	return w.at;
}

static bool same_options(next_fn *next, struct ra_source a, struct ra_source b)
{
	uint8_t a_bytes[RA_OPTION_MAX], b_bytes[RA_OPTION_MAX];
	struct ra_option_walk a_walk = {0}, b_walk = {0};
	size_t len;

	a.withdrawn = NULL;
	b.withdrawn = NULL;
	do {
		len = encode_next(next, &a, &a_walk, a_bytes);
		if (len != encode_next(next, &b, &b_walk, b_bytes) ||
		    memcmp(a_bytes, b_bytes, len) != 0)
			return false;
	} while (len > 0);
	return true;
}

bool ra_msg_same(const struct ra_source *a, const struct ra_source *b)
{
	struct ra_header x = ra_header_make(a);
	struct ra_header y = ra_header_make(b);

	return x.hop_limit == y.hop_limit && x.flags == y.flags && x.lifetime == y.lifetime &&
	       x.reachable_time == y.reachable_time && x.retrans_time == y.retrans_time &&
	       same_options(ra_option_next_common, *a, *b) &&
	       same_options(ra_option_next_made, *a, *b);
}

/*
 * RFC 4861 section 6.1.1 and 6.1.2: all options have a length above 0. Whether one of them is a
 * source link-layer address goes to *ret_has_link_layer.
 */
static enum ra_verdict check_options(struct wire_reader options, bool *ret_has_link_layer)
{
	*ret_has_link_layer = false;
	while (wire_left(&options) > 0) {
		uint8_t type = wire_get_u8(&options);
		size_t len = wire_get_u8(&options) * (size_t)8;

		if (len == 0)
			return RA_DROP_OPTION_LENGTH;
		wire_get_part(&options, len - RA_OPTION_HEADER);
		if (options.bad)
			return RA_DROP_OPTION_LENGTH;
		if (type == RA_OPTION_SOURCE_LINK_LAYER)
			*ret_has_link_layer = true;
	}
	return RA_OK;
}

/* What both messages have in common; leaves the reader after the checksum. */
static enum ra_verdict check_start(struct wire_reader *r, size_t header_len, int hop_limit)
{
	if (hop_limit != HOP_LIMIT)
		return RA_DROP_HOP_LIMIT;
	if (wire_left(r) < header_len)
		return RA_DROP_SHORT;
	wire_get_u8(r); /* type: the caller has looked */
	if (wire_get_u8(r) != 0)
		return RA_DROP_CODE;
	wire_get_u16(r);
	return RA_OK;
}

enum ra_verdict ra_msg_check_rs(const uint8_t *data, size_t len, const struct in6_addr *src,
				int hop_limit, bool *ret_has_link_layer)
{
	struct wire_reader r = wire_reader(data, len);
	enum ra_verdict verdict = check_start(&r, RS_HEADER, hop_limit);
	bool has_link_layer = false;

	if (verdict != RA_OK)
		return verdict;
	if (ip6_is_multicast(src) || ip6_is_loopback(src))
		return RA_DROP_SOURCE;
	wire_get_u32(&r); /* reserved */
	verdict = check_options(r, &has_link_layer);
	if (verdict != RA_OK)
		return verdict;
	if (has_link_layer && ip6_is_unspecified(src))
		return RA_DROP_SOURCE_LINK_LAYER;
	*ret_has_link_layer = has_link_layer;
	return RA_OK;
}

bool ra_msg_link_layer(const uint8_t *data, size_t len, uint8_t ret_mac[6])
{
	struct wire_reader r = wire_reader(data, len);
	struct ra_option option;

	wire_get_bytes(&r, RS_HEADER);
	while (ra_option_get(&r, &option)) {
		if (option.type != RA_OPTION_SOURCE_LINK_LAYER || option.octets.len != 6)
			continue;
		memcpy(ret_mac, option.octets.bytes, 6);
		return true;
	}
	return false;
}

enum ra_verdict ra_msg_decode_ra(const uint8_t *data, size_t len, const struct in6_addr *src,
				 int hop_limit, struct ra_msg *ret)
{
	struct wire_reader r = wire_reader(data, len);
	enum ra_verdict verdict = check_start(&r, RA_HEADER, hop_limit);
	struct ra_header header;
	bool has_link_layer;

	if (verdict != RA_OK)
		return verdict;
	if (!ip6_is_link_local(src))
		return RA_DROP_SOURCE;
	header.hop_limit = wire_get_u8(&r);
	header.flags = wire_get_u8(&r);
	header.lifetime = wire_get_u16(&r);
	header.reachable_time = wire_get_u32(&r);
	header.retrans_time = wire_get_u32(&r);
	verdict = check_options(r, &has_link_layer);
	if (verdict != RA_OK)
		return verdict;
	*ret = (struct ra_msg){.header = header, .options = r};
	return RA_OK;
}

/* SPDX-License-Identifier: ISC */
/*
 * The client's side of the codec, over the reader and writer of the wire room.
 */
#include "config.h"

#include "message.h"

#include <assert.h>

#include "base/ip6.h"
#include "wire/wire.h"

static void lease_put(struct wire_writer *w, const struct query *q)
{
	bool prefix = q->ia == OPT_IA_PD;

	wire_put_u16(w, prefix ? OPT_IAPREFIX : OPT_IAADDR);
	wire_put_u16(w, prefix ? 25 : 24);
	if (!prefix)
		wire_put_ip6(w, q->lease);
	wire_put_zeros(w, 8); /* RFC 8415 sections 21.6, 21.22: lifetimes are the server's to say */
	if (prefix) {
		wire_put_u8(w, q->plen);
		wire_put_ip6(w, q->lease);
	}
}

static void ia_put(struct wire_writer *w, const struct query *q)
{
	wire_put_u16(w, q->ia);
	size_t mark = wire_put_open(w, WIRE_LEN_U16);

	wire_put_u32(w, q->iaid);
	wire_put_zeros(w, 8); /* T1 and T2 likewise (RFC 8415 section 21.4) */
	if (q->lease)
		lease_put(w, q);
	wire_put_close(w, mark, WIRE_LEN_U16);
}

static void tail_put(struct wire_writer *w, const struct query *q)
{
	if (q->rapid) {
		wire_put_u16(w, OPT_RAPID_COMMIT);
		wire_put_u16(w, 0);
	}
	if (q->server) {
		wire_put_u16(w, OPT_SERVERID);
		wire_put_u16(w, q->server->len);
		wire_put_bytes(w, q->server->bytes, q->server->len);
	}
	wire_put_u16(w, OPT_ELAPSED_TIME);
	wire_put_u16(w, 2);
	wire_put_u16(w, q->elapsed);
	if (q->type == MSG_RELEASE)
		return;
	wire_put_u16(w, OPT_ORO);
	wire_put_u16(w, 4);
	wire_put_u16(w, OPT_DNS_SERVERS);
	wire_put_u16(w, OPT_DOMAIN_LIST);
}

static void query_put(struct wire_writer *w, const struct query *q)
{
	struct duid duid = duid_make_ll(q->mac);

	wire_put_u8(w, q->type);
	wire_put_u24(w, q->xid);
	wire_put_u16(w, OPT_CLIENTID);
	wire_put_u16(w, duid.len);
	wire_put_bytes(w, duid.bytes, duid.len);
	if (q->ia)
		ia_put(w, q);
	tail_put(w, q);
}

size_t message_put(const struct query *q, void *bytes, size_t room)
{
	struct wire_writer w = wire_writer(bytes, room);

	query_put(&w, q);
	assert(!w.bad);
	return w.at;
}

struct in6_addr message_peer(const uint8_t mac[6])
{
	static const struct ip6_prefix link_local = {.addr = {.s6_addr = {0xfe, 0x80}}, .len = 64};

	return ip6_from_mac(&link_local, mac);
}

size_t message_put_relayed(const struct query *q, const struct in6_addr *link_address, void *bytes,
			   size_t room)
{
	struct wire_writer w = wire_writer(bytes, room);
	struct in6_addr peer = message_peer(q->mac);

	wire_put_u8(&w, MSG_RELAY_FORW);
	wire_put_u8(&w, 0);
	wire_put_ip6(&w, link_address);
	wire_put_ip6(&w, &peer);
	wire_put_u16(&w, OPT_INTERFACE_ID);
	wire_put_u16(&w, 4);
	wire_put_u32(&w, 7);
	wire_put_u16(&w, OPT_RELAY_MSG);
	size_t mark = wire_put_open(&w, WIRE_LEN_U16);

	assert(w.at == AT_RELAYED);
	query_put(&w, q);
	wire_put_close(&w, mark, WIRE_LEN_U16);
	assert(!w.bad);
	return w.at;
}

static void status_get(struct wire_reader *r, struct answer *a)
{
	uint16_t status = wire_get_u16(r);

	if (a->status == STATUS_SUCCESS)
		a->status = status;
}

static void lease_get(struct wire_reader *r, bool prefix, struct answer *a)
{
	struct in6_addr lease = {0};
	uint8_t plen = 128;

	if (!prefix)
		lease = wire_get_ip6(r);
	uint32_t preferred = wire_get_u32(r);
	uint32_t valid = wire_get_u32(r);

	if (prefix) {
		plen = wire_get_u8(r);
		lease = wire_get_ip6(r);
	}
	/* RFC 8415 section 18.2.10.1: a valid lifetime of 0 takes the address away. */
	if (a->has_lease || valid == 0)
		return;
	a->has_lease = true;
	a->lease = lease;
	a->plen = plen;
	a->preferred = preferred;
	a->valid = valid;
}

static void ia_get(struct wire_reader *r, uint16_t ia, struct answer *a)
{
	a->ia = ia;
	a->iaid = wire_get_u32(r);
	a->t1 = wire_get_u32(r);
	a->t2 = wire_get_u32(r);
	while (!r->bad && wire_left(r) > 0) {
		uint16_t code = wire_get_u16(r);
		struct wire_reader part = wire_get_part(r, wire_get_u16(r));

		if (code == OPT_STATUS_CODE)
			status_get(&part, a);
		else if (code == (ia == OPT_IA_PD ? OPT_IAPREFIX : OPT_IAADDR))
			lease_get(&part, ia == OPT_IA_PD, a);
		r->bad |= part.bad;
	}
}

/* Points at all of a part. */
static const uint8_t *whole(struct wire_reader *part, size_t *ret_len)
{
	*ret_len = wire_left(part);
	return wire_get_bytes(part, *ret_len);
}

static void option_get(uint16_t code, struct wire_reader *part, struct answer *a)
{
	switch (code) {
	case OPT_CLIENTID:
		a->client = whole(part, &a->client_len);
		break;
	case OPT_SERVERID:
		a->server = whole(part, &a->server_len);
		break;
	case OPT_IA_NA:
	case OPT_IA_PD:
		ia_get(part, code, a);
		break;
	case OPT_STATUS_CODE:
		status_get(part, a);
		break;
	case OPT_RAPID_COMMIT:
		a->rapid = true;
		break;
	case OPT_DNS_SERVERS:
		a->has_dns = wire_left(part) >= 16;
		break;
	default:
		break;
	}
}

static bool answer_get(struct wire_reader *r, struct answer *ret)
{
	struct answer a = {.type = wire_get_u8(r), .xid = wire_get_u24(r)};

	while (!r->bad && wire_left(r) > 0) {
		uint16_t code = wire_get_u16(r);
		struct wire_reader part = wire_get_part(r, wire_get_u16(r));

		option_get(code, &part, &a);
		r->bad |= part.bad;
	}
	if (!r->bad)
		*ret = a;
	return !r->bad;
}

bool message_get(const void *bytes, size_t len, struct answer *ret)
{
	struct wire_reader r = wire_reader(bytes, len);

	return answer_get(&r, ret);
}

bool message_get_relayed(const void *bytes, size_t len, struct answer *ret,
			 struct in6_addr *ret_peer)
{
	struct wire_reader r = wire_reader(bytes, len);
	bool found = false;

	if (wire_get_u8(&r) != MSG_RELAY_REPL)
		return false;
	wire_get_bytes(&r, 1 + 16);
	struct in6_addr peer = wire_get_ip6(&r);

	while (!r.bad && wire_left(&r) > 0) {
		uint16_t code = wire_get_u16(&r);
		struct wire_reader part = wire_get_part(&r, wire_get_u16(&r));

		if (code == OPT_RELAY_MSG)
			found = answer_get(&part, ret);
		r.bad |= part.bad;
	}
	if (found && !r.bad)
		*ret_peer = peer;
	return found && !r.bad;
}

/* SPDX-License-Identifier: ISC */
/*
 * The client of the tests. It decodes answers by itself, with nothing of the server's code, and
 * checks every length.
 */
#include "config.h"

#include "peer.h"

#include "base/ip6.h"

struct duid peer_duid(const char *text)
{
	struct duid duid = {.len = 0};

	assert_true(duid_parse(text, &duid));
	return duid;
}

struct in6_addr peer_addr(const char *text)
{
	struct in6_addr addr = {0};

	assert_true(ip6_parse(text, &addr));
	return addr;
}

void peer_begin(struct peer_msg *msg, enum dhcp6_type type)
{
	msg->w = wire_writer(msg->bytes, sizeof(msg->bytes));
	wire_put_u8(&msg->w, (uint8_t)type);
	wire_put_u24(&msg->w, PEER_XID);
}

void peer_put_option(struct peer_msg *msg, uint16_t code, const void *bytes, size_t len)
{
	wire_put_u16(&msg->w, code);
	wire_put_u16(&msg->w, (uint16_t)len);
	wire_put_bytes(&msg->w, bytes, len);
	assert_false(msg->w.bad);
}

static void put_duid(struct peer_msg *msg, uint16_t code, const char *text)
{
	struct duid duid = peer_duid(text);

	peer_put_option(msg, code, duid.bytes, duid.len);
}

void peer_put_client_id(struct peer_msg *msg, const char *duid)
{
	put_duid(msg, DHCP6_OPT_CLIENT_ID, duid);
}

void peer_put_server_id(struct peer_msg *msg, const char *duid)
{
	put_duid(msg, DHCP6_OPT_SERVER_ID, duid);
}

void peer_put_oro(struct peer_msg *msg, const uint16_t *codes, size_t n)
{
	wire_put_u16(&msg->w, DHCP6_OPT_ORO);
	wire_put_u16(&msg->w, (uint16_t)(2 * n));
	for (size_t i = 0; i < n; i++)
		wire_put_u16(&msg->w, codes[i]);
}

void peer_put_elapsed_time(struct peer_msg *msg, uint16_t centiseconds)
{
	wire_put_u16(&msg->w, DHCP6_OPT_ELAPSED_TIME);
	wire_put_u16(&msg->w, 2);
	wire_put_u16(&msg->w, centiseconds);
}

void peer_put_rapid_commit(struct peer_msg *msg)
{
	peer_put_option(msg, DHCP6_OPT_RAPID_COMMIT, NULL, 0);
}

void peer_open_ia(struct peer_msg *msg, enum dhcp6_code code, uint32_t iaid)
{
	wire_put_u16(&msg->w, (uint16_t)code);
	msg->mark = wire_put_open(&msg->w, WIRE_LEN_U16);
	wire_put_u32(&msg->w, iaid);
	wire_put_u32(&msg->w, 3600); /* T1 and T2 as dhclient sends them: to be ignored */
	wire_put_u32(&msg->w, 5400);
}

void peer_put_address(struct peer_msg *msg, const char *text)
{
	struct in6_addr addr = peer_addr(text);

	wire_put_u16(&msg->w, DHCP6_OPT_IAADDR);
	wire_put_u16(&msg->w, 24);
	wire_put_ip6(&msg->w, &addr);
	wire_put_u32(&msg->w, 7200); /* preferred: to be ignored */
	wire_put_u32(&msg->w, 7500); /* valid: likewise */
}

void peer_put_prefix(struct peer_msg *msg, const char *text)
{
	struct ip6_prefix prefix = {.len = 0};
	bool tail;

	assert_true(ip6_prefix_parse(text, &prefix, &tail));
	wire_put_u16(&msg->w, DHCP6_OPT_IAPREFIX);
	wire_put_u16(&msg->w, 25);
	wire_put_u32(&msg->w, 7200); /* preferred */
	wire_put_u32(&msg->w, 7500); /* valid */
	wire_put_u8(&msg->w, prefix.len);
	wire_put_ip6(&msg->w, &prefix.addr);
}

void peer_close_ia(struct peer_msg *msg)
{
	wire_put_close(&msg->w, msg->mark, WIRE_LEN_U16);
	assert_false(msg->w.bad);
}

/* --- answers ------------------------------------------------------------------------------- */

static bool next_option(struct wire_reader *r, uint16_t *ret_code, struct wire_reader *ret_part)
{
	if (wire_left(r) == 0 || r->bad)
		return false;
	*ret_code = wire_get_u16(r);
	uint16_t len = wire_get_u16(r);

	*ret_part = wire_get_part(r, len);
	return !r->bad;
}

static void show_lifetimes(uint32_t first, uint32_t second, struct text *text)
{
	text_put_u64(text, first);
	text_put_char(text, '/');
	text_put_u64(text, second);
}

static void show_address(struct wire_reader *r, struct text *text)
{
	struct in6_addr addr = wire_get_ip6(r);
	uint32_t preferred = wire_get_u32(r), valid = wire_get_u32(r);

	text_put_ip6(text, &addr);
	text_put_char(text, '=');
	show_lifetimes(preferred, valid, text);
	r->bad |= wire_left(r) != 0;
}

static void show_prefix(struct wire_reader *r, struct text *text)
{
	uint32_t preferred = wire_get_u32(r), valid = wire_get_u32(r);
	struct ip6_prefix prefix = {.len = wire_get_u8(r)};

	prefix.addr = wire_get_ip6(r);
	text_put_ip6_prefix(text, &prefix);
	text_put_char(text, '=');
	show_lifetimes(preferred, valid, text);
	r->bad |= wire_left(r) != 0;
}

static void show_status(struct wire_reader *r, struct text *text)
{
	text_put_str(text, "status=");
	text_put_u64(text, wire_get_u16(r));
	wire_get_bytes(r, wire_left(r)); /* words for people */
}

static void show_ia(struct wire_reader *r, const char *name, struct text *text)
{
	struct wire_reader part;
	uint16_t code;

	text_put_str(text, name);
	text_put_char(text, '(');
	text_put_u64(text, wire_get_u32(r));
	uint32_t t1 = wire_get_u32(r), t2 = wire_get_u32(r);

	text_put_char(text, ' ');
	show_lifetimes(t1, t2, text);
	while (next_option(r, &code, &part)) {
		text_put_char(text, ' ');
		if (code == DHCP6_OPT_IAADDR)
			show_address(&part, text);
		else if (code == DHCP6_OPT_IAPREFIX)
			show_prefix(&part, text);
		else if (code == DHCP6_OPT_STATUS)
			show_status(&part, text);
		else
			text_put_u64(text, code);
		r->bad |= part.bad;
	}
	text_put_char(text, ')');
}

static void show_option(uint16_t code, struct wire_reader *r, struct text *text)
{
	size_t len = wire_left(r);

	switch (code) {
	case DHCP6_OPT_CLIENT_ID:
		text_put_str(text, "cid");
		break;
	case DHCP6_OPT_SERVER_ID:
		text_put_str(text, "sid");
		break;
	case DHCP6_OPT_IA_NA:
		show_ia(r, "na", text);
		break;
	case DHCP6_OPT_IA_PD:
		show_ia(r, "pd", text);
		break;
	case DHCP6_OPT_STATUS:
		show_status(r, text);
		break;
	case DHCP6_OPT_RAPID_COMMIT:
		text_put_str(text, "rapid-commit");
		break;
	default:
		text_put_u64(text, code);
		text_put_char(text, '(');
		text_put_hex(text, wire_get_bytes(r, len), len, 0);
		text_put_char(text, ')');
	}
}

void peer_show(const void *bytes, size_t len, struct text *text)
{
	struct wire_reader r = wire_reader(bytes, len), part;
	uint8_t type = wire_get_u8(&r), xid[3];
	uint32_t number = wire_get_u24(&r);
	struct wire_writer w = wire_writer(xid, sizeof(xid));
	uint16_t code;

	wire_put_u24(&w, number);
	text_put_str(text, type == DHCP6_REPLY       ? "reply"
			   : type == DHCP6_ADVERTISE ? "advertise"
						     : "other");
	text_put_str(text, " xid=");
	text_put_hex(text, xid, sizeof(xid), 0);
	while (next_option(&r, &code, &part)) {
		text_put_char(text, ' ');
		show_option(code, &part, text);
		r.bad |= part.bad;
	}
	if (r.bad)
		text_put_str(text, " malformed");
}

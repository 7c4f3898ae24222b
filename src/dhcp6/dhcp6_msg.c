/* SPDX-License-Identifier: ISC */
/*
 * Decodes what clients send (RFC 8415 sections 8 and 21). dhcp6_msg_decode() walks the options by
 * one table; an option is checked against its own length and that of what contains it, never
 * against the packet.
 *
 * Of an option that may stand once, the first copy counts. A known option in a place where it may
 * not be is ignored (section 16 leaves the choice); one whose length contradicts its content makes
 * the whole message malformed. IA_TA and Server Unicast are obsolete and unknown here (RFC 9915).
 */
#include "config.h"

#include "dhcp6/dhcp6_msg.h"

#include <string.h>

#include "base/ip6.h"
#include "wire/wire.h"

/* A decoder that goes through one message. */
struct decoder {
	struct dhcp6_msg *msg;
	enum dhcp6_drop drop;
	size_t offset;
};

static void refuse(struct decoder *d, enum dhcp6_drop drop, size_t offset)
{
	if (d->drop != DHCP6_DROP_NONE)
		return;
	d->drop = drop;
	d->offset = offset;
}

/* The next option: its code and its content. False at the end, or when it is malformed. */
static bool next_option(struct decoder *d, struct wire_reader *r, uint16_t *ret_code,
			struct wire_reader *ret_part)
{
	size_t at = r->at;

	if (d->drop != DHCP6_DROP_NONE || r->bad || wire_left(r) == 0)
		return false;
	uint16_t code = wire_get_u16(r);
	uint16_t len = wire_get_u16(r);
	struct wire_reader part = wire_get_part(r, len);

	if (r->bad) {
		refuse(d, DHCP6_DROP_MALFORMED, at);
		return false;
	}
	*ret_code = code;
	*ret_part = part;
	return true;
}

/* Options that we have no use for here, but whose lengths must hold (RFC 8415 section 21.1). */
static void skip_options(struct decoder *d, struct wire_reader *r)
{
	struct wire_reader part;
	uint16_t code;

	while (next_option(d, r, &code, &part))
		;
}

static void get_duid(struct decoder *d, struct wire_reader *r, struct duid *ret)
{
	size_t at = r->at, len = wire_left(r);
	const uint8_t *bytes = wire_get_bytes(r, len);

	/* RFC 8415 section 11.1: 3 to 130 octets. */
	if (!bytes || !duid_from_bytes(bytes, len, ret))
		refuse(d, DHCP6_DROP_BAD_DUID, at);
}

static void client_id_get(struct decoder *d, struct wire_reader *r)
{
	get_duid(d, r, &d->msg->client_id);
}

static void server_id_get(struct decoder *d, struct wire_reader *r)
{
	get_duid(d, r, &d->msg->server_id);
}

static void add_lease(struct decoder *d, size_t at, const struct in6_addr *addr, uint8_t plen)
{
	struct dhcp6_msg *msg = d->msg;

	if (msg->n_leases == DHCP6_MSG_LEASES) {
		refuse(d, DHCP6_DROP_TOO_MANY, at);
		return;
	}
	/* RFC 8415 section 21.22: bits past the length are ignored. */
	msg->leases[msg->n_leases].addr = ip6_prefix_make(addr, plen).addr;
	msg->leases[msg->n_leases++].plen = plen;
	msg->ias[msg->n_ias - 1].count++;
}

static void iaaddr_get(struct decoder *d, struct wire_reader *r)
{
	size_t at = r->at;
	struct in6_addr addr = wire_get_ip6(r);

	wire_get_u32(r); /* preferred */
	wire_get_u32(r); /* valid */
	skip_options(d, r);
	if (r->bad)
		refuse(d, DHCP6_DROP_MALFORMED, at);
	else
		add_lease(d, at, &addr, 128);
}

static void iaprefix_get(struct decoder *d, struct wire_reader *r)
{
	size_t at = r->at;

	wire_get_u32(r); /* preferred */
	wire_get_u32(r); /* valid */
	uint8_t plen = wire_get_u8(r);
	struct in6_addr addr = wire_get_ip6(r);

	skip_options(d, r);
	if (r->bad || plen > 128)
		refuse(d, DHCP6_DROP_MALFORMED, at);
	else
		add_lease(d, at, &addr, plen);
}

static bool has_ia(const struct dhcp6_msg *msg, enum lease_kind kind, uint32_t iaid)
{
	for (size_t i = 0; i < msg->n_ias; i++) {
		if (msg->ias[i].kind == kind && msg->ias[i].iaid == iaid)
			return true;
	}
	return false;
}

static void get_ia(struct decoder *d, struct wire_reader *r, enum lease_kind kind)
{
	struct dhcp6_msg *msg = d->msg;
	struct wire_reader part;
	size_t at = r->at;
	uint16_t code;
	uint32_t iaid = wire_get_u32(r);

	wire_get_u32(r); /* T1, */
	wire_get_u32(r); /* T2: ignored in what clients send (RFC 8415 sections 21.4, 21.21) */
	if (r->bad)
		refuse(d, DHCP6_DROP_MALFORMED, at);
	else if (has_ia(msg, kind, iaid))
		refuse(d, DHCP6_DROP_DUPLICATE_IA, at);
	else if (msg->n_ias == DHCP6_MSG_IAS)
		refuse(d, DHCP6_DROP_TOO_MANY, at);
	if (d->drop != DHCP6_DROP_NONE)
		return;
	msg->ias[msg->n_ias++] =
		(struct dhcp6_msg_ia){.kind = kind, .iaid = iaid, .first = msg->n_leases};
	while (next_option(d, r, &code, &part)) {
		if (kind == LEASE_NA && code == DHCP6_OPT_IAADDR)
			iaaddr_get(d, &part);
		else if (kind == LEASE_PD && code == DHCP6_OPT_IAPREFIX)
			iaprefix_get(d, &part);
	}
}

static void ia_na_get(struct decoder *d, struct wire_reader *r)
{
	get_ia(d, r, LEASE_NA);
}

static void ia_pd_get(struct decoder *d, struct wire_reader *r)
{
	get_ia(d, r, LEASE_PD);
}

static void want(struct dhcp6_msg *msg, uint16_t code)
{
	if (code < 256)
		msg->oro[code / 64] |= UINT64_C(1) << (code % 64);
	else if (msg->n_oro_high < DHCP6_MSG_ORO_HIGH)
		msg->oro_high[msg->n_oro_high++] = code;
}

static void oro_get(struct decoder *d, struct wire_reader *r)
{
	d->msg->has_oro = true;
	if (wire_left(r) % 2)
		refuse(d, DHCP6_DROP_MALFORMED, r->at);
	while (wire_left(r) >= 2)
		want(d->msg, wire_get_u16(r));
}

static void rapid_commit_get(struct decoder *d, struct wire_reader *r)
{
	d->msg->rapid_commit = true;
	if (wire_left(r))
		refuse(d, DHCP6_DROP_MALFORMED, r->at);
}

/* RFC 9686 section 4.2: the only message with an address outside of an IA. */
static void own_addr_get(struct decoder *d, struct wire_reader *r)
{
	struct wire_reader whole = *r;
	size_t at = r->at, len = wire_left(r);

	if (d->msg->type != DHCP6_ADDR_REG_INFORM)
		return;
	d->msg->own_addr = wire_get_ip6(r);
	d->msg->own_preferred = wire_get_u32(r);
	d->msg->own_valid = wire_get_u32(r);
	skip_options(d, r);
	d->msg->own = (struct dhcp6_msg_data){wire_get_bytes(&whole, len), len};
	if (r->bad)
		refuse(d, DHCP6_DROP_MALFORMED, at);
}

/* RFC 4704 section 4: flags and a name, which is partial without its root. */
static void fqdn_get(struct decoder *d, struct wire_reader *r)
{
	size_t at = r->at;

	d->msg->has_fqdn = true;
	d->msg->fqdn_flags = wire_get_u8(r);
	if (r->bad || !dns_name_get(r, &d->msg->fqdn, &d->msg->fqdn_partial) || wire_left(r))
		refuse(d, DHCP6_DROP_MALFORMED, at);
}

static void reconf_accept_get(struct decoder *d, struct wire_reader *r)
{
	d->msg->reconf_accept = true;
	if (wire_left(r))
		refuse(d, DHCP6_DROP_MALFORMED, r->at);
}

static void elapsed_time_get(struct decoder *d, struct wire_reader *r)
{
	if (wire_left(r) != 2)
		refuse(d, DHCP6_DROP_MALFORMED, r->at);
}

/* Items of 16 bits of length and as many octets (RFC 8415 sections 21.15, 21.16). */
static struct dhcp6_msg_data get_class_data(struct decoder *d, struct wire_reader *r)
{
	struct wire_reader items = *r;
	size_t len = wire_left(r);

	while (wire_left(&items) && !items.bad)
		wire_get_part(&items, wire_get_u16(&items));
	if (items.bad)
		refuse(d, DHCP6_DROP_MALFORMED, r->at);
	return (struct dhcp6_msg_data){wire_get_bytes(r, len), len};
}

static void user_class_get(struct decoder *d, struct wire_reader *r)
{
	d->msg->user_class = get_class_data(d, r);
}

static void vendor_class_get(struct decoder *d, struct wire_reader *r)
{
	struct dhcp6_msg *msg = d->msg;
	struct dhcp6_msg_vendor_class got = {.enterprise = wire_get_u32(r)};

	got.data = get_class_data(d, r);
	if (r->bad)
		refuse(d, DHCP6_DROP_MALFORMED, r->at);
	if (msg->n_vendor_classes < DHCP6_MSG_VENDOR_CLASSES)
		msg->vendor_classes[msg->n_vendor_classes++] = got;
}

/* RFC 5970 section 3.3: an even length above zero. */
static void client_arch_get(struct decoder *d, struct wire_reader *r)
{
	struct dhcp6_msg *msg = d->msg;

	if (!wire_left(r) || wire_left(r) % 2)
		refuse(d, DHCP6_DROP_MALFORMED, r->at);
	while (wire_left(r) >= 2 && msg->n_archs < DHCP6_MSG_ARCHS)
		msg->archs[msg->n_archs++] = wire_get_u16(r);
}

static void vendor_opts_get(struct decoder *d, struct wire_reader *r)
{
	wire_get_u32(r); /* enterprise */
	if (r->bad)
		refuse(d, DHCP6_DROP_MALFORMED, r->at);
	skip_options(d, r);
}

static const struct {
	uint16_t code;
	bool many; /* copies are separate; of the others the first counts */
	void (*get)(struct decoder *d, struct wire_reader *r);
} options[] = {
	/* clang-format off */
	{DHCP6_OPT_CLIENT_ID,    false, client_id_get},
	{DHCP6_OPT_SERVER_ID,    false, server_id_get},
	{DHCP6_OPT_IA_NA,        true,  ia_na_get},
	{DHCP6_OPT_IA_PD,        true,  ia_pd_get},
	{DHCP6_OPT_ORO,          false, oro_get},
	{DHCP6_OPT_ELAPSED_TIME, false, elapsed_time_get},
	{DHCP6_OPT_RAPID_COMMIT, false, rapid_commit_get},
	{DHCP6_OPT_USER_CLASS,   false, user_class_get},
	{DHCP6_OPT_VENDOR_CLASS, true,  vendor_class_get},
	{DHCP6_OPT_VENDOR_OPTS,  true,  vendor_opts_get},
	{DHCP6_OPT_RECONF_ACCEPT, false, reconf_accept_get},
	{DHCP6_OPT_CLIENT_FQDN,  false, fqdn_get},
	{DHCP6_OPT_IAADDR,       false, own_addr_get},
	{DHCP6_OPT_CLIENT_ARCH,  false, client_arch_get},
	/* clang-format on */
};

static void get_option(struct decoder *d, uint16_t code, struct wire_reader *r, uint32_t *seen)
{
	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
		if (options[i].code != code)
			continue;
		if (options[i].many || !(*seen & UINT32_C(1) << i))
			options[i].get(d, r);
		*seen |= UINT32_C(1) << i;
		return;
	}
}

enum dhcp6_drop dhcp6_msg_decode(const void *data, size_t len, struct dhcp6_msg *ret_msg,
				 size_t *ret_offset)
{
	struct wire_reader r = wire_reader(data, len), part;
	struct decoder d = {.msg = ret_msg};
	uint32_t seen = 0;
	uint16_t code;

	/* The arrays are valid up to their counts only: clearing them would cost every packet. */
	ret_msg->client_id.len = ret_msg->server_id.len = 0;
	ret_msg->rapid_commit = ret_msg->has_fqdn = ret_msg->has_oro = false;
	ret_msg->reconf_accept = false;
	ret_msg->own.bytes = NULL;
	ret_msg->n_ias = ret_msg->n_leases = ret_msg->n_oro_high = 0;
	ret_msg->n_archs = ret_msg->n_vendor_classes = 0;
	ret_msg->user_class = (struct dhcp6_msg_data){0};
	memset(ret_msg->oro, 0, sizeof(ret_msg->oro));
	ret_msg->type = wire_get_u8(&r);
	ret_msg->xid = wire_get_u24(&r);
	if (r.bad)
		refuse(&d, DHCP6_DROP_MALFORMED, 0);
	while (next_option(&d, &r, &code, &part))
		get_option(&d, code, &part, &seen);
	*ret_offset = d.offset;
	return d.drop;
}

bool dhcp6_msg_wants(const struct dhcp6_msg *msg, uint16_t code)
{
	if (code < 256)
		return msg->oro[code / 64] >> (code % 64) & 1;
	for (size_t i = 0; i < msg->n_oro_high; i++) {
		if (msg->oro_high[i] == code)
			return true;
	}
	return false;
}

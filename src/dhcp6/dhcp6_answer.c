/* SPDX-License-Identifier: ISC */
/*
 * Builds Advertise and Reply (RFC 8415 sections 18.3.9 and 21). dhcp6_answer_encode() writes what
 * others decided; of its own it decides only T1 and T2.
 *
 * An answer is built anew for each message and never kept (section 18.3.2). Option values come
 * from the configuration; of the client's message only the client identifier, the IAIDs and the
 * transaction id are copied.
 */
#include "config.h"

#include "dhcp6/dhcp6_answer.h"

#include "dhcp6/dhcp6_exclude.h"
#include "dhcp6/dhcp6_fqdn.h"
#include "dhcp6/dhcp6_register.h"
#include "dhcp6/dhcp6_rkap.h"

void dhcp6_answer_begin(struct dhcp6_answer *answer, enum dhcp6_type type, enum dhcp6_option_in in)
{
	/* The arrays are valid up to their counts only: clearing them would cost every packet. */
	answer->type = (uint8_t)type;
	answer->in = in;
	answer->rapid_commit = answer->bare = false;
	answer->status = DHCP6_NO_STATUS;
	answer->reconf_accept = false;
	answer->key = NULL;
	answer->fqdn.len = 0;
	answer->n_ias = answer->n_leases = 0;
}

struct dhcp6_answer_ia *dhcp6_answer_add_ia(struct dhcp6_answer *answer, enum lease_kind kind,
					    uint32_t iaid)
{
	if (answer->n_ias == DHCP6_MSG_IAS)
		return NULL;
	struct dhcp6_answer_ia *ia = &answer->ias[answer->n_ias++];

	*ia = (struct dhcp6_answer_ia){
		.kind = kind, .iaid = iaid, .status = DHCP6_NO_STATUS, .first = answer->n_leases};
	return ia;
}

struct dhcp6_answer_lease *dhcp6_answer_add_lease(struct dhcp6_answer *answer,
						  const struct in6_addr *addr, uint8_t plen,
						  uint32_t preferred, uint32_t valid)
{
	if (answer->n_leases == DHCP6_ANSWER_LEASES)
		return NULL;
	struct dhcp6_answer_lease *lease = &answer->leases[answer->n_leases++];

	*lease = (struct dhcp6_answer_lease){
		.addr = *addr, .plen = plen, .preferred = preferred, .valid = valid};
	answer->ias[answer->n_ias - 1].count++;
	return lease;
}

bool dhcp6_answer_has(const struct dhcp6_answer *answer, const struct in6_addr *addr, uint8_t plen)
{
	const struct dhcp6_answer_ia *ia = &answer->ias[answer->n_ias - 1];

	for (size_t i = ia->first; i < ia->first + ia->count; i++) {
		if (answer->leases[i].plen == plen && ip6_equal(&answer->leases[i].addr, addr))
			return true;
	}
	return false;
}

static bool ia_overlaps(const struct dhcp6_answer *answer, const struct dhcp6_answer_ia *ia,
			const struct ip6_prefix *what)
{
	for (size_t i = ia->first; i < ia->first + ia->count; i++) {
		struct ip6_prefix given = {answer->leases[i].addr, answer->leases[i].plen};

		if (answer->leases[i].valid && ip6_prefix_overlaps(&given, what))
			return true;
	}
	return false;
}

bool dhcp6_answer_overlaps(const struct dhcp6_answer *answer, enum lease_kind kind,
			   const struct in6_addr *addr, uint8_t plen)
{
	struct ip6_prefix what = {*addr, plen};

	for (size_t i = 0; i < answer->n_ias; i++) {
		if (answer->ias[i].kind == kind && ia_overlaps(answer, &answer->ias[i], &what))
			return true;
	}
	return false;
}

/* `tenths` of a lifetime, never 0, which would leave it to the client. */
static uint32_t part_of(uint32_t lifetime, uint32_t tenths)
{
	uint32_t part = (uint32_t)((uint64_t)lifetime * tenths / 10);

	return part ? part : 1;
}

void dhcp6_answer_times(const struct dhcp6_answer *answer, uint32_t *ret_t1, uint32_t *ret_t2)
{
	uint32_t shortest = LIFETIME_INFINITE, shortest_valid = LIFETIME_INFINITE;
	bool any = false, any_preferred = false;

	/* Revoked leases are not renewed, so they do not count. */
	for (size_t i = 0; i < answer->n_leases; i++) {
		const struct dhcp6_answer_lease *lease = &answer->leases[i];

		if (!lease->valid)
			continue;
		any = true;
		if (lease->valid < shortest_valid)
			shortest_valid = lease->valid;
		/* Nor can those be extended that are not preferred any longer. */
		if (!lease->preferred)
			continue;
		any_preferred = true;
		if (lease->preferred < shortest)
			shortest = lease->preferred;
	}
	if (!any) {
		*ret_t1 = *ret_t2 = 0;
	} else if (!any_preferred) {
		/* RFC 8415 section 18.3.4: to ask before they end is of no use. */
		*ret_t1 = *ret_t2 = shortest_valid;
	} else if (shortest == LIFETIME_INFINITE) {
		*ret_t1 = *ret_t2 = LIFETIME_INFINITE;
	} else {
		/* RFC 8415 section 21.4: 0.5 and 0.8 of the shortest preferred lifetime. */
		*ret_t1 = part_of(shortest, 5);
		*ret_t2 = part_of(shortest, 8);
	}
}

mtime dhcp6_answer_patience(const struct dhcp6_answer *answer)
{
	uint32_t shortest = LIFETIME_INFINITE;

	for (size_t i = 0; i < answer->n_leases; i++) {
		if (answer->leases[i].valid && answer->leases[i].valid < shortest)
			shortest = answer->leases[i].valid;
	}
	return shortest == LIFETIME_INFINITE ? MTIME_NEVER : shortest * SEC / 4;
}

static void put_text(struct wire_writer *w, const char *text)
{
	while (*text)
		wire_put_u8(w, (uint8_t)*text++);
}

static const char *status_text(int status)
{
	switch ((enum dhcp6_status)status) {
	case DHCP6_SUCCESS:
		return "success";
	case DHCP6_NO_ADDRS_AVAIL:
		return "no addresses available";
	case DHCP6_NO_BINDING:
		return "no binding for this IA";
	case DHCP6_NOT_ON_LINK:
		return "not appropriate for this link";
	case DHCP6_NO_PREFIX_AVAIL:
		return "no prefixes available";
	}
	return "";
}

static void put_status(struct wire_writer *w, int status)
{
	size_t mark;

	if (status == DHCP6_NO_STATUS)
		return;
	wire_put_u16(w, DHCP6_OPT_STATUS);
	mark = wire_put_open(w, WIRE_LEN_U16);
	wire_put_u16(w, (uint16_t)status);
	put_text(w, status_text(status));
	wire_put_close(w, mark, WIRE_LEN_U16);
}

static void put_lease(struct wire_writer *w, enum lease_kind kind,
		      const struct dhcp6_answer_lease *lease)
{
	size_t mark;

	wire_put_u16(w, kind == LEASE_NA ? DHCP6_OPT_IAADDR : DHCP6_OPT_IAPREFIX);
	mark = wire_put_open(w, WIRE_LEN_U16);
	if (kind == LEASE_NA)
		wire_put_ip6(w, &lease->addr);
	wire_put_u32(w, lease->preferred);
	wire_put_u32(w, lease->valid);
	if (kind == LEASE_PD) {
		wire_put_u8(w, lease->plen);
		wire_put_ip6(w, &lease->addr);
	}
	if (kind == LEASE_PD && lease->exclude.len) {
		struct ip6_prefix delegated = {lease->addr, lease->plen};

		dhcp6_exclude_put(w, &delegated, &lease->exclude);
	}
	wire_put_close(w, mark, WIRE_LEN_U16);
}

/* Leases first that live, then those that the client must give up. */
static void put_leases(struct wire_writer *w, const struct dhcp6_answer *answer,
		       const struct dhcp6_answer_ia *ia, bool live)
{
	for (size_t i = ia->first; i < ia->first + ia->count; i++) {
		if ((answer->leases[i].valid != 0) == live)
			put_lease(w, ia->kind, &answer->leases[i]);
	}
}

static bool has_live(const struct dhcp6_answer *answer, const struct dhcp6_answer_ia *ia)
{
	for (size_t i = ia->first; i < ia->first + ia->count; i++) {
		if (answer->leases[i].valid)
			return true;
	}
	return false;
}

static void put_ia(struct wire_writer *w, const struct dhcp6_answer *answer,
		   const struct dhcp6_answer_ia *ia, uint32_t t1, uint32_t t2)
{
	/* An IA without a lease to extend has nothing to renew: both 0. */
	bool live = has_live(answer, ia);
	size_t mark;

	wire_put_u16(w, ia->kind == LEASE_NA ? DHCP6_OPT_IA_NA : DHCP6_OPT_IA_PD);
	mark = wire_put_open(w, WIRE_LEN_U16);
	wire_put_u32(w, ia->iaid);
	wire_put_u32(w, live ? t1 : 0);
	wire_put_u32(w, live ? t2 : 0);
	put_leases(w, answer, ia, /* live= */ true);
	put_leases(w, answer, ia, /* live= */ false);
	put_status(w, ia->status);
	wire_put_close(w, mark, WIRE_LEN_U16);
}

static void put_duid(struct wire_writer *w, enum dhcp6_code code, const struct duid *duid)
{
	wire_put_u16(w, (uint16_t)code);
	wire_put_u16(w, duid->len);
	wire_put_bytes(w, duid->bytes, duid->len);
}

void dhcp6_answer_encode(const struct dhcp6_answer *answer, const struct dhcp6_msg *msg,
			 const struct dhcp6_link *link, const struct dhcp6_layers *layers,
			 const struct duid *server_duid, struct wire_writer *w)
{
	uint32_t t1, t2;

	if (answer->type == DHCP6_ADDR_REG_REPLY) {
		dhcp6_register_encode(msg, w);
		return;
	}
	wire_put_u8(w, answer->type);
	wire_put_u24(w, msg->xid);
	put_duid(w, DHCP6_OPT_SERVER_ID, server_duid);
	/* RFC 8415 section 18.3.6: copied when, and only when, it was sent. */
	if (msg->client_id.len)
		put_duid(w, DHCP6_OPT_CLIENT_ID, &msg->client_id);
	put_status(w, answer->status);
	if (answer->type == DHCP6_ADVERTISE && link->conf->dhcp6.preference) {
		wire_put_u16(w, DHCP6_OPT_PREFERENCE);
		wire_put_u16(w, 1);
		wire_put_u8(w, link->conf->dhcp6.preference);
	}
	if (answer->rapid_commit) {
		wire_put_u16(w, DHCP6_OPT_RAPID_COMMIT);
		wire_put_u16(w, 0);
	}
	if (answer->reconf_accept) {
		wire_put_u16(w, DHCP6_OPT_RECONF_ACCEPT);
		wire_put_u16(w, 0);
	}
	if (answer->key)
		dhcp6_rkap_put_key(w, answer->replay, answer->key);
	dhcp6_answer_times(answer, &t1, &t2);
	for (size_t i = 0; i < answer->n_ias; i++)
		put_ia(w, answer, &answer->ias[i], t1, t2);
	dhcp6_fqdn_put(answer, w);
	if (!answer->bare)
		dhcp6_register_put(link, msg, w);
	if (!answer->bare)
		dhcp6_layers_put(layers, msg, answer->in, DHCP6_ANSWER_UNFRAGMENTED, w);
}

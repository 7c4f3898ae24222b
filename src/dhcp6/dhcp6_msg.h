/* SPDX-License-Identifier: ISC */
/*
 * A client's message as the server sees it: decoded once, bounded, apart from how it came here.
 */
#ifndef SEXTANT_DHCP6_DHCP6_MSG_H
#define SEXTANT_DHCP6_DHCP6_MSG_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dhcp6/dhcp6_drop.h"
#include "dhcp6/dhcp6_proto.h"
#include "duid/duid.h"
#include "lease/lease.h"
#include "wire/dns_name.h"

/* What one message may hold; a message with more is dropped. */
enum {
	DHCP6_MSG_IAS = 16,
	DHCP6_MSG_LEASES = 64, /* of all IAs together */
	DHCP6_MSG_ORO_HIGH = 16,
	DHCP6_MSG_ARCHS = 8,
	DHCP6_MSG_VENDOR_CLASSES = 4,
};

/* Octets in the packet; NULL: not sent. */
struct dhcp6_msg_data {
	const uint8_t *bytes;
	size_t len;
};

struct dhcp6_msg_vendor_class {
	uint32_t enterprise;
	struct dhcp6_msg_data data; /* as in struct dhcp6_msg */
};

/*
 * An address, or a prefix with its bits past plen cleared. Lifetimes that clients send are ignored
 * (RFC 8415 sections 21.6, 21.22). A prefix hint of the length alone has the address ::.
 */
struct dhcp6_msg_lease {
	struct in6_addr addr;
	uint8_t plen;
};

struct dhcp6_msg_ia {
	enum lease_kind kind;
	uint32_t iaid;
	size_t first, count; /* its leases in the message's */
};

struct dhcp6_msg {
	uint8_t type;                     /* enum dhcp6_type, or another */
	uint32_t xid;                     /* 24 bits */
	struct duid client_id, server_id; /* len 0: not sent */
	bool rapid_commit, has_oro, reconf_accept;
	bool has_fqdn, fqdn_partial;
	uint8_t fqdn_flags;
	struct dns_name fqdn; /* with has_fqdn; empty: the server is to choose one */
	/* Of an ADDR-REG-INFORM: its IA Address option, without code and length. */
	struct dhcp6_msg_data own;
	struct in6_addr own_addr;
	uint32_t own_preferred, own_valid;
	struct dhcp6_msg_ia ias[DHCP6_MSG_IAS]; /* in the order sent */
	size_t n_ias;
	struct dhcp6_msg_lease leases[DHCP6_MSG_LEASES];
	size_t n_leases;
	uint64_t oro[4];                       /* a bit a code up to 255 */
	uint16_t oro_high[DHCP6_MSG_ORO_HIGH]; /* codes above; what is past the room is not asked */
	size_t n_oro_high;
	uint16_t archs[DHCP6_MSG_ARCHS]; /* what it boots, the preferred first (RFC 5970 3.3) */
	size_t n_archs;                  /* what is past the room is not heeded */
	/* Items of 16 bits of length and as many octets, whose lengths hold (21.15, 21.16). */
	struct dhcp6_msg_data user_class;
	struct dhcp6_msg_vendor_class vendor_classes[DHCP6_MSG_VENDOR_CLASSES];
	size_t n_vendor_classes;
};

/*
 * Decodes a message that is not from a relay; borrows from the packet. DHCP6_DROP_NONE, or what is
 * wrong with it and the offset where; *ret_msg then holds what was read before.
 */
enum dhcp6_drop dhcp6_msg_decode(const void *data, size_t len, struct dhcp6_msg *ret_msg,
				 size_t *ret_offset);

/* Whether the client's Option Request option names the code. */
bool dhcp6_msg_wants(const struct dhcp6_msg *msg, uint16_t code);

#endif

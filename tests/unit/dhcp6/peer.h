/* SPDX-License-Identifier: ISC */
/*
 * A DHCPv6 client for tests: writes messages one field a line, and prints answers as text so that
 * a test says in one string what it expects.
 *
 *	reply xid=000102 sid cid na(1 1800/2880 2001:db8:1::10=3600/7200) 23(20010db8...)
 *
 * An IA is its kind, IAID, T1/T2, its leases with preferred/valid lifetimes, and its status, if it
 * has one, as status=N.
 */
#ifndef SEXTANT_TESTS_DHCP6_PEER_H
#define SEXTANT_TESTS_DHCP6_PEER_H

/* cmocka.h needs what stands before it. */
/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include "base/text.h"
#include "dhcp6/dhcp6_proto.h"
#include "duid/duid.h"
#include "wire/wire.h"

#define PEER_XID 0x000102

struct peer_msg {
	struct wire_writer w; /* over bytes */
	size_t mark;          /* of the IA that is open */
	uint8_t bytes[4096];
};

/* The DUID of a colon-separated text; fails the test if it is none. */
struct duid peer_duid(const char *text);
struct in6_addr peer_addr(const char *text);

void peer_begin(struct peer_msg *msg, enum dhcp6_type type);
void peer_put_client_id(struct peer_msg *msg, const char *duid);
void peer_put_server_id(struct peer_msg *msg, const char *duid);
void peer_put_oro(struct peer_msg *msg, const uint16_t *codes, size_t n);
void peer_put_elapsed_time(struct peer_msg *msg, uint16_t centiseconds);
void peer_put_rapid_commit(struct peer_msg *msg);
void peer_put_option(struct peer_msg *msg, uint16_t code, const void *bytes, size_t len);

/* An IA: open it, put its leases, close it. */
void peer_open_ia(struct peer_msg *msg, enum dhcp6_code code, uint32_t iaid);
void peer_put_address(struct peer_msg *msg, const char *addr);
void peer_put_prefix(struct peer_msg *msg, const char *prefix);
void peer_close_ia(struct peer_msg *msg);

/* The text of a server's message; what does not decode is "malformed at N". */
void peer_show(const void *bytes, size_t len, struct text *text);

#endif

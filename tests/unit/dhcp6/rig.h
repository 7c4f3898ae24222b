/* SPDX-License-Identifier: ISC */
/*
 * A server to test, with a real lease table: one network, time that the test sets, and messages
 * and answers as text.
 *
 * A message is written as words:
 *
 *	cid:1 sid na:1 2001:db8:1::10 pd:2 ::/60 oro:23,24 rc
 *
 * cid:N is the DUID-LL of 02:00:00:00:00:N, cid:N' the same machine's DUID-UUID; sid the server's
 * identifier, sid:other another's; na:IAID and pd:IAID begin an IA, and the addresses and prefixes
 * that follow are in it; ta:1 is an obsolete IA_TA; rc is Rapid Commit,
 * accept Reconfigure Accept.
 */
#ifndef SEXTANT_TESTS_DHCP6_RIG_H
#define SEXTANT_TESTS_DHCP6_RIG_H

#include "base/arena.h"
#include "base/fx.h"
#include "dhcp6/dhcp6_conf.h"
#include "dhcp6/dhcp6_server.h"
#include "lease/lease.h"
#include "peer.h"

#define RIG_SERVER "00:04:00:01:02:03:04:05:06:07:08:09:0a:0b:0c:0d:0e:0f"

struct rig {
	struct lease_table *table;
	struct dhcp6_server *srv;
	struct fx *fx;
	struct arena arena;
	struct dhcp6_conf conf;
	/*
	 * "lan": 2001:db8:1::/64, whose pool is 2001:db8:1::10 alone, for 3600s/7200s, and one
	 * delegation, 2001:db8:100::/56 as it is. Changed by the test before rig_start().
	 */
	struct dhcp6_network network;
	struct dhcp6_prefix prefixes[2];
	struct dhcp6_pool pools[2];
	struct dhcp6_delegation delegations[2];
	struct dhcp6_host hosts[3];
	mtime now;
	struct dhcp6_packet packet; /* how messages come; data and mac are filled in by rig_ask() */
	bool knows_mac;             /* whether the frame's address is told, that of cid:N */
	uint8_t mac;                /* its last octet, 0: that of cid */
	char answer[8192];
};

/* cmocka's setup and teardown. */
int rig_setup(void **state);
int rig_teardown(void **state);

/* (Re)starts the server by what the configuration is now. */
void rig_start(struct rig *rig);

/* Reserves addresses or prefixes (either may be NULL) for the i-th host; by "mac N" or "cid N". */
struct dhcp6_host *rig_reserve(struct rig *rig, size_t i, const char *who, const char *addr,
			       const char *prefix);

/*
 * The server's answer as peer_show() prints it, after "held " if it has to wait for the store; or
 * "drop REASON". Checks where it goes. In the rig until the next call.
 */
const char *rig_ask(struct rig *rig, enum dhcp6_type type, const char *words);
/*
 * Asks as one of many hosts with the same DUID does, which differ in the frame's address only, a
 * while after the one before.
 */
const char *rig_ask_as_clone(struct rig *rig, int number);

/* Writes the words of a message; it was begun. */
void rig_put_words(struct rig *rig, struct peer_msg *msg, const char *words);
const char *rig_ask_bytes(struct rig *rig, const void *bytes, size_t len);

/* Fails the test unless the answer is this, but for its beginning: "reply xid=000102 ". */
#define rig_expect(rig, type, words, expected) \
	assert_string_equal(rig_ask(rig, type, words), expected)

/* The store has taken the open batch, or it has not. */
void rig_stored(struct rig *rig, bool stored);

/* Lets it be `now` for the server as often as it asks; the time moves to `now`. */
void rig_wait_until(struct rig *rig, mtime now);

/* The state of a lease, or "none". */
const char *rig_state(const struct rig *rig, const char *addr_or_prefix);

#endif

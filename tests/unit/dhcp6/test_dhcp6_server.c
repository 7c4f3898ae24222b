/* SPDX-License-Identifier: ISC */
/*
 * The server's part in each message exchange, with a real lease table: rows M1 to M9 of the
 * standards, what is discarded, and what waits for the store.
 */
#include "config.h"

#include <string.h>

#include "rig.h"

#define ANSWER(type)      type " xid=000102 sid cid"
#define NA10(iaid)        " na(" iaid " 1800/2880 2001:db8:1::10=3600/7200)"
#define PD100(iaid)       " pd(" iaid " 1800/2880 2001:db8:100::/56=3600/7200)"
#define NO_ADDRS(iaid)    " na(" iaid " 0/0 status=2)"
#define NO_PREFIXES(iaid) " pd(" iaid " 0/0 status=6)"

/* M1, Z4: an offer is what a Request would give; nothing is committed. */
static void a_solicit_is_offered_a_lease(void **state)
{
	struct rig *rig = *state;

	rig_start(rig);
	for (int i = 0; i < 3; i++)
		rig_expect(rig, DHCP6_SOLICIT, "cid:1 na:1 pd:1",
			   ANSWER("advertise") NA10("1") PD100("1"));
	assert_string_equal(rig_state(rig, "2001:db8:1::10"), "offered");
	assert_int_equal(lease_open_changes(rig->table), 0);
	/* Offered to one, it is not offered to another. */
	rig_expect(rig, DHCP6_SOLICIT, "cid:2 na:1 pd:1",
		   ANSWER("advertise") NO_ADDRS("1") NO_PREFIXES("1"));
	rig_expect(rig, DHCP6_REQUEST, "cid:1 sid na:1 pd:1",
		   "held " ANSWER("reply") NA10("1") PD100("1"));
}

/* Z4: an offer that is not taken up is over after its time. */
static void offers_end(void **state)
{
	struct rig *rig = *state;

	rig_start(rig);
	rig_expect(rig, DHCP6_SOLICIT, "cid:1 na:1", ANSWER("advertise") NA10("1"));
	rig_wait_until(rig, rig->now + 61 * SEC);
	assert_string_equal(rig_state(rig, "2001:db8:1::10"), "none");
	rig_expect(rig, DHCP6_SOLICIT, "cid:2 na:1", ANSWER("advertise") NA10("1"));
}

/* M1: a hint that is not granted is not echoed; one for another link is passed over. */
static void hints_are_not_echoed(void **state)
{
	struct rig *rig = *state;

	rig_start(rig);
	rig_expect(rig, DHCP6_SOLICIT, "cid:1 na:1 2001:db8:1::77 2001:db8:2::1",
		   ANSWER("advertise") NA10("1"));
	rig_expect(rig, DHCP6_SOLICIT, "cid:2 na:1 2001:db8:1::77",
		   ANSWER("advertise") NO_ADDRS("1"));
}

/* M2: Rapid Commit commits where it is allowed, and is passed over where not. */
static void rapid_commit_commits(void **state)
{
	struct rig *rig = *state;

	rig_start(rig);
	rig_expect(rig, DHCP6_SOLICIT, "cid:1 na:1 rc", ANSWER("advertise") NA10("1"));
	rig->network.dhcp6.rapid_commit = true;
	rig_start(rig);
	rig_expect(rig, DHCP6_SOLICIT, "cid:1 na:1 rc",
		   "held " ANSWER("reply") " rapid-commit" NA10("1"));
	assert_string_equal(rig_state(rig, "2001:db8:1::10"), "active");
	rig_expect(rig, DHCP6_SOLICIT, "cid:1 na:1", "held " ANSWER("advertise") NA10("1"));
}

/* M3, I6: a Request commits; the answer waits for the store; asked again, it is the same. */
static void a_request_is_committed(void **state)
{
	struct rig *rig = *state;

	rig_start(rig);
	rig_expect(rig, DHCP6_REQUEST, "cid:1 sid na:1", "held " ANSWER("reply") NA10("1"));
	assert_string_equal(rig_state(rig, "2001:db8:1::10"), "active");
	rig_stored(rig, true);
	/* G17: built anew, with lifetimes that begin anew. */
	rig->now += 1000 * SEC;
	rig_expect(rig, DHCP6_REQUEST, "cid:1 sid na:1 2001:db8:1::10",
		   "held " ANSWER("reply") NA10("1"));
	rig_stored(rig, true);
	rig_expect(rig, DHCP6_REQUEST, "cid:2 sid na:1 pd:5",
		   "held " ANSWER("reply") NO_ADDRS("1") PD100("5"));
}

/* M3: one address that is off this link refuses its IA, and only that. */
static void a_request_off_link(void **state)
{
	struct rig *rig = *state;

	rig_start(rig);
	rig_expect(rig, DHCP6_REQUEST, "cid:1 sid na:1 2001:db8:1::10 2001:db8:2::1 na:2",
		   "held " ANSWER(
			   "reply") " na(1 0/0 status=4) na(2 1800/2880 2001:db8:1::10=3600/7200)");
}

/* The store did not take the batch: the client's next message finds things as they were. */
static void an_undone_batch_leaves_nothing(void **state)
{
	struct rig *rig = *state;

	rig_start(rig);
	rig_expect(rig, DHCP6_REQUEST, "cid:1 sid na:1", "held " ANSWER("reply") NA10("1"));
	rig_stored(rig, false);
	assert_string_equal(rig_state(rig, "2001:db8:1::10"), "none");
	rig_expect(rig, DHCP6_REQUEST, "cid:2 sid na:1", "held " ANSWER("reply") NA10("1"));
}

/* M4: one status for the whole message, silence without addresses or without prefixes known. */
static void a_confirm_is_tested(void **state)
{
	struct rig *rig = *state;

	rig_start(rig);
	rig_expect(rig, DHCP6_CONFIRM, "cid:1 na:1 2001:db8:1::99", ANSWER("reply") " status=0");
	rig_expect(rig, DHCP6_CONFIRM, "cid:1 na:1 2001:db8:1::99 na:2 2001:db8:2::1 oro:23",
		   ANSWER("reply") " status=4");
	rig_expect(rig, DHCP6_CONFIRM, "cid:1 na:1", "drop no-addresses");
	rig_expect(rig, DHCP6_CONFIRM, "cid:1 pd:1 2001:db8:100::/56", "drop no-addresses");
	rig->network.n_prefixes = 0;
	rig->network.dhcp6.n_pools = 0;
	rig_start(rig);
	rig_expect(rig, DHCP6_CONFIRM, "cid:1 na:1 2001:db8:1::99", "drop nothing-to-say");
}

/* M5: what is known is extended. */
static void a_renew_extends(void **state)
{
	struct rig *rig = *state;

	rig_start(rig);
	rig_ask(rig, DHCP6_REQUEST, "cid:1 sid na:1 pd:1");
	rig_stored(rig, true);
	rig_wait_until(rig, rig->now + 3600 * SEC);
	rig_expect(rig, DHCP6_RENEW, "cid:1 sid na:1 2001:db8:1::10 pd:1 2001:db8:100::/56",
		   "held " ANSWER("reply") NA10("1") PD100("1"));
	rig_stored(rig, true);
	rig_wait_until(rig, rig->now + 7100 * SEC);
	assert_string_equal(rig_state(rig, "2001:db8:1::10"), "active");
	assert_string_equal(rig_state(rig, "2001:db8:100::/56"), "active");
}

/* M5: what is off this link goes back with lifetimes of 0, beside what the IA has now. */
static void a_renew_revokes_off_link(void **state)
{
	struct rig *rig = *state;

	rig_start(rig);
	rig_expect(rig, DHCP6_RENEW, "cid:1 sid na:1 2001:db8:2::1",
		   "held " ANSWER(
			   "reply") " na(1 1800/2880 2001:db8:1::10=3600/7200 2001:db8:2::1=0/0)");
	/* I19: with nothing beside it there is nothing to renew. */
	rig_expect(rig, DHCP6_RENEW, "cid:2 sid na:1 2001:db8:2::1",
		   ANSWER("reply") " na(1 0/0 2001:db8:2::1=0/0)");
}

/* M5, M6: what fits the link and is not the client's: a Renew's is ours to know, a Rebind's not. */
static void what_is_not_the_clients(void **state)
{
	struct rig *rig = *state;

	rig_start(rig);
	rig_ask(rig, DHCP6_REQUEST, "cid:1 sid na:1");
	rig_stored(rig, true);
	rig_expect(rig, DHCP6_RENEW, "cid:1 sid na:1 2001:db8:1::10 2001:db8:1::77",
		   "held " ANSWER(
			   "reply") " na(1 1800/2880 2001:db8:1::10=3600/7200 2001:db8:1::77=0/0)");
	rig_expect(rig, DHCP6_REBIND, "cid:1 na:1 2001:db8:1::10 2001:db8:1::77",
		   "held " ANSWER("reply") NA10("1"));
}

/* M5: an IA that is not known is made; with nothing free that is said. */
static void a_renew_creates(void **state)
{
	struct rig *rig = *state;

	rig_start(rig);
	rig_expect(rig, DHCP6_RENEW, "cid:1 sid na:1 pd:1",
		   "held " ANSWER("reply") NA10("1") PD100("1"));
	rig_expect(rig, DHCP6_RENEW, "cid:2 sid na:1 pd:1",
		   ANSWER("reply") NO_ADDRS("1") NO_PREFIXES("1"));
}

/* M6, W7: a Rebind extends what is known. */
static void a_rebind_extends(void **state)
{
	struct rig *rig = *state;

	rig_start(rig);
	rig_ask(rig, DHCP6_REQUEST, "cid:1 sid na:1");
	rig_stored(rig, true);
	rig_expect(rig, DHCP6_REBIND, "cid:1 na:1 2001:db8:1::10",
		   "held " ANSWER("reply") NA10("1"));
}

/* M6, W8: an unknown IA: created only with Rapid Commit; off-link leases end in any case. */
static void a_rebind_of_the_unknown(void **state)
{
	struct rig *rig = *state;

	rig_start(rig);
	rig_expect(rig, DHCP6_REBIND, "cid:1 na:1 2001:db8:1::10",
		   ANSWER("reply") " na(1 0/0 status=3)");
	rig_expect(rig, DHCP6_REBIND, "cid:1 na:1 2001:db8:2::1 2001:db8:1::10",
		   ANSWER("reply") " na(1 0/0 2001:db8:2::1=0/0)");
	rig_expect(rig, DHCP6_REBIND, "cid:1", "drop nothing-to-say");
	rig->network.dhcp6.rapid_commit = true;
	rig_start(rig);
	rig_expect(rig, DHCP6_REBIND, "cid:1 na:1 pd:1",
		   "held " ANSWER("reply") NA10("1") PD100("1"));
}

/* M6: where only options are served, nothing is said of others' leases that fit the link. */
static void a_rebind_on_a_stateless_link(void **state)
{
	struct rig *rig = *state;

	rig->network.stateful = false;
	rig_start(rig);
	rig_expect(rig, DHCP6_REBIND, "cid:1 na:1 2001:db8:1::10", "drop nothing-to-say");
	rig_expect(rig, DHCP6_REBIND, "cid:1 na:1 2001:db8:2::1",
		   ANSWER("reply") " na(1 0/0 2001:db8:2::1=0/0)");
}

/* M7: released, the lease is remembered for its client until another one needs it. */
static void a_release_frees(void **state)
{
	struct rig *rig = *state;

	rig_start(rig);
	rig_ask(rig, DHCP6_REQUEST, "cid:1 sid na:1 pd:1");
	rig_stored(rig, true);
	/* Not the client's, not this IAID's: passed over. */
	rig_expect(rig, DHCP6_RELEASE, "cid:2 sid na:1 2001:db8:1::10",
		   ANSWER("reply") " status=0 na(1 0/0 status=3)");
	rig_expect(rig, DHCP6_RELEASE, "cid:1 sid na:2 2001:db8:1::10",
		   ANSWER("reply") " status=0 na(2 0/0 status=3)");
	assert_string_equal(rig_state(rig, "2001:db8:1::10"), "active");
	rig_expect(rig, DHCP6_RELEASE,
		   "cid:1 sid na:1 2001:db8:1::10 2001:db8:1::11 pd:1 2001:db8:100::/56 oro:23",
		   "held " ANSWER("reply") " status=0");
	assert_string_equal(rig_state(rig, "2001:db8:1::10"), "released");
	assert_string_equal(rig_state(rig, "2001:db8:100::/56"), "released");
	rig_stored(rig, true);
	rig_expect(rig, DHCP6_RELEASE, "cid:1 sid na:1 2001:db8:1::10",
		   ANSWER("reply") " status=0 na(1 0/0 status=3)");
	rig_expect(rig, DHCP6_REQUEST, "cid:1 sid na:1", "held " ANSWER("reply") NA10("1"));
}

/* M7: a lease of another IAID, or of another client, is not released with one's own. */
static void a_release_of_what_is_not_there(void **state)
{
	struct rig *rig = *state;

	rig->pools[0].range.last = peer_addr("2001:db8:1::12");
	rig_start(rig);
	rig_ask(rig, DHCP6_REQUEST, "cid:1 sid na:1 2001:db8:1::10 na:2 2001:db8:1::11");
	rig_ask(rig, DHCP6_REQUEST, "cid:2 sid na:1 2001:db8:1::12");
	rig_stored(rig, true);
	rig_expect(rig, DHCP6_RELEASE, "cid:1 sid na:1 2001:db8:1::11 2001:db8:1::12",
		   ANSWER("reply") " status=0");
	rig_expect(rig, DHCP6_DECLINE, "cid:1 sid na:1 2001:db8:1::11 2001:db8:1::12",
		   ANSWER("reply") " status=0");
	assert_int_equal(lease_count(rig->table, LEASE_ACTIVE), 3);
}

/* M8: declined, an address is nobody's until its quarantine is over; prefixes are not declined. */
static void a_decline_quarantines(void **state)
{
	struct rig *rig = *state;

	rig_start(rig);
	rig_ask(rig, DHCP6_REQUEST, "cid:1 sid na:1 pd:1");
	rig_stored(rig, true);
	rig_expect(rig, DHCP6_DECLINE, "cid:2 sid na:1 2001:db8:1::10",
		   ANSWER("reply") " status=0 na(1 0/0 status=3)");
	rig_expect(rig, DHCP6_DECLINE, "cid:1 sid na:1 2001:db8:1::10 pd:1 2001:db8:100::/56",
		   "held " ANSWER("reply") " status=0");
	assert_string_equal(rig_state(rig, "2001:db8:1::10"), "declined");
	assert_string_equal(rig_state(rig, "2001:db8:100::/56"), "active");
	rig_stored(rig, true);
	rig_expect(rig, DHCP6_SOLICIT, "cid:1 na:1", ANSWER("advertise") NO_ADDRS("1"));
	rig_expect(rig, DHCP6_SOLICIT, "cid:2 na:1", ANSWER("advertise") NO_ADDRS("1"));
	rig_wait_until(rig, rig->now + 86401 * SEC);
	rig_expect(rig, DHCP6_SOLICIT, "cid:2 na:1", ANSWER("advertise") NA10("1"));
}

/* M9, Z14: options alone; the client identifier is copied when, and only when, it came. */
static void an_information_request_is_answered(void **state)
{
	struct rig *rig = *state;

	rig->network.stateful = false;
	rig_start(rig);
	rig_expect(rig, DHCP6_INFORMATION_REQUEST, "cid:1", ANSWER("reply"));
	rig_expect(rig, DHCP6_INFORMATION_REQUEST, "", "reply xid=000102 sid");
	rig_expect(rig, DHCP6_INFORMATION_REQUEST, "sid", "reply xid=000102 sid");
	rig_expect(rig, DHCP6_INFORMATION_REQUEST, "sid:other", "drop other-server");
	rig_expect(rig, DHCP6_INFORMATION_REQUEST, "cid:1 na:1", "drop with-ia");
	rig_expect(rig, DHCP6_INFORMATION_REQUEST, "cid:1 pd:1", "drop with-ia");
}

/* C1, C9: beside an obsolete IA_TA the rest is answered; alone it is as no IA at all. */
static void ia_ta_is_no_ia(void **state)
{
	struct rig *rig = *state;

	rig_start(rig);
	rig_expect(rig, DHCP6_SOLICIT, "cid:1 ta:1 na:1 oro:12", ANSWER("advertise") NA10("1"));
	rig_expect(rig, DHCP6_SOLICIT, "cid:1 ta:1", ANSWER("advertise"));
	rig_expect(rig, DHCP6_INFORMATION_REQUEST, "cid:1 ta:1", ANSWER("reply"));
}

/* M1 to M9, "discard if"; G4, G6. */
static void messages_that_are_discarded(void **state)
{
	static const struct {
		uint8_t type;
		const char *words, *expected;
	} cases[] = {
		{DHCP6_SOLICIT, "na:1", "drop no-client-id"},
		{DHCP6_SOLICIT, "cid:1 sid na:1", "drop with-server-id"},
		{DHCP6_SOLICIT, "cid:1 sid:other na:1", "drop with-server-id"},
		{DHCP6_REQUEST, "sid na:1", "drop no-client-id"},
		{DHCP6_REQUEST, "cid:1 na:1", "drop no-server-id"},
		{DHCP6_REQUEST, "cid:1 sid:other na:1", "drop other-server"},
		{DHCP6_CONFIRM, "na:1 2001:db8:1::10", "drop no-client-id"},
		{DHCP6_CONFIRM, "cid:1 sid na:1 2001:db8:1::10", "drop with-server-id"},
		{DHCP6_RENEW, "sid na:1", "drop no-client-id"},
		{DHCP6_RENEW, "cid:1 na:1", "drop no-server-id"},
		{DHCP6_RENEW, "cid:1 sid:other na:1", "drop other-server"},
		{DHCP6_REBIND, "na:1", "drop no-client-id"},
		{DHCP6_REBIND, "cid:1 sid na:1", "drop with-server-id"},
		{DHCP6_RELEASE, "sid na:1", "drop no-client-id"},
		{DHCP6_RELEASE, "cid:1 na:1", "drop no-server-id"},
		{DHCP6_RELEASE, "cid:1 sid:other na:1", "drop other-server"},
		{DHCP6_DECLINE, "sid na:1", "drop no-client-id"},
		{DHCP6_DECLINE, "cid:1 na:1", "drop no-server-id"},
		{DHCP6_DECLINE, "cid:1 sid:other na:1", "drop other-server"},
		{DHCP6_ADVERTISE, "cid:1 sid", "drop not-for-servers"},
		{DHCP6_REPLY, "cid:1 sid", "drop not-for-servers"},
		{DHCP6_RECONFIGURE, "cid:1 sid", "drop not-for-servers"},
		{DHCP6_RELAY_REPLY, "cid:1 sid", "drop not-for-servers"},
		{DHCP6_LEASEQUERY_REPLY, "cid:1 sid", "drop not-for-servers"},
		{DHCP6_ADDR_REG_REPLY, "cid:1 sid", "drop not-for-servers"},
		{0, "cid:1", "drop unknown-type"},
		{36, "cid:1", "drop unknown-type"},
		{255, "cid:1", "drop unknown-type"},
		{DHCP6_SOLICIT, "cid:1 na:1 na:1", "drop duplicate-ia"},
	};
	struct rig *rig = *state;

	rig_start(rig);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		rig_expect(rig, (enum dhcp6_type)cases[i].type, cases[i].words, cases[i].expected);
	assert_string_equal(rig_ask_bytes(rig, "", 0), "drop malformed");
	assert_string_equal(rig_ask_bytes(rig, "\1\0\0", 3), "drop malformed");
	assert_int_equal(lease_open_changes(rig->table), 0);
}

/* C4, Z6: what was not sent to a group by a link-local address is not answered. C5: any port. */
static void where_messages_may_come_from(void **state)
{
	struct rig *rig = *state;
	struct in6_addr own[] = {peer_addr("fe80::1"), peer_addr("2001:db8:1::1")};

	rig_start(rig);
	rig->packet.sport = 40000;
	rig_expect(rig, DHCP6_INFORMATION_REQUEST, "", "reply xid=000102 sid");
	rig->packet.dst = peer_addr("ff05::1:3");
	rig_expect(rig, DHCP6_INFORMATION_REQUEST, "", "reply xid=000102 sid");
	rig->packet.dst = peer_addr("fe80::1");
	rig_expect(rig, DHCP6_INFORMATION_REQUEST, "", "drop unicast");
	rig->packet.dst = peer_addr("ff02::1:2");
	for (const char *const *src =
		     (const char *const[]){"::", "::1", "2001:db8:1::9", "ff02::1", NULL};
	     *src; src++) {
		rig->packet.src = peer_addr(*src);
		rig_expect(rig, DHCP6_INFORMATION_REQUEST, "", "drop not-link-local");
	}
	for (size_t i = 0; i < 2; i++)
		dhcp6_server_own_add(rig->srv, 0, &own[i]);
	rig->packet.src = peer_addr("fe80::1");
	rig_expect(rig, DHCP6_INFORMATION_REQUEST, "", "drop not-link-local");
}

static void networks_that_are_not_served(void **state)
{
	struct rig *rig = *state;

	rig_start(rig);
	rig->packet.network = DHCP6_NETWORK_NONE;
	rig_expect(rig, DHCP6_SOLICIT, "cid:1 na:1", "drop no-network");
	rig->packet.network = 0;
	rig->network.serve = false;
	rig_start(rig);
	rig_expect(rig, DHCP6_INFORMATION_REQUEST, "", "drop not-served");
	rig->network.serve = true;
	rig->network.stateful = false;
	rig_start(rig);
	rig_expect(rig, DHCP6_SOLICIT, "cid:1 na:1", "drop not-stateful");
	rig_expect(rig, DHCP6_REQUEST, "cid:1 sid na:1", ANSWER("reply") NO_ADDRS("1"));
}

/* Networks beside those of the configuration, with leases of their own. */
static void networks_come_and_go(void **state)
{
	struct rig *rig = *state;
	struct dhcp6_network first, second;

	rig_start(rig);
	first = rig->network;
	first.dhcp6.pools = rig->pools;
	first.dhcp6.delegations = rig->delegations;
	dhcp6_network_complete(&first, &rig->arena);
	second = first;
	first.name = "lan@one";
	second.name = "lan@two";
	uint32_t one = dhcp6_server_add_network(rig->srv, &first, rig->now);
	uint32_t two = dhcp6_server_add_network(rig->srv, &second, rig->now);

	/* The pool has one address: it is given out in each. */
	for (uint32_t network = 0; network <= two; network++) {
		rig->packet.network = network;
		rig_expect(rig, DHCP6_REQUEST, "cid:1 sid na:1", "held " ANSWER("reply") NA10("1"));
	}
	rig_expect(rig, DHCP6_SOLICIT, "cid:2 na:1", ANSWER("advertise") NO_ADDRS("1"));
	dhcp6_server_remove_network(rig->srv, one);
	rig->packet.network = one;
	rig_expect(rig, DHCP6_REQUEST, "cid:1 sid na:1", "drop not-served");
	/* Back under another number or the same: its leases are where they were. */
	one = dhcp6_server_add_network(rig->srv, &first, rig->now);
	rig->packet.network = one;
	rig_expect(rig, DHCP6_RENEW, "cid:1 sid na:1 2001:db8:1::10",
		   "held " ANSWER("reply") NA10("1"));
	/* A new configuration forgets all of them. */
	rig_start(rig);
	rig_expect(rig, DHCP6_SOLICIT, "cid:1 na:1", "drop no-network");
}

/* Never the same twice, and known to the test. */
static void counted_secret(void *buf, size_t len)
{
	static uint8_t calls;

	memset(buf, ++calls, len);
}

static void assert_key(const struct rig *rig, const char *duid, uint8_t octet)
{
	const struct duid client = peer_duid(duid);
	uint8_t key[LEASE_KEY_LEN];

	memset(key, octet, sizeof(key));
	assert_memory_equal(
		lease_client_key(
			rig->table,
			lease_client_find(rig->table, lease_network(rig->table, "lan"), &client)
				->id),
		key, sizeof(key));
}

/* K4, Z19: a key for each client, of the source of secrets alone; not one more is drawn. */
static void keys_are_secret(void **state)
{
	struct rig *rig = *state;

	rig->network.dhcp6.reconfigure = true;
	rig_start(rig);
	dhcp6_server_seed(rig->srv, counted_secret, UINT64_C(1) << 32);
	rig->packet.link_name = "eth0";
	rig_ask(rig, DHCP6_REQUEST, "cid:1 sid na:1 accept");
	rig_ask(rig, DHCP6_REQUEST, "cid:2 sid pd:1 accept");
	rig_ask(rig, DHCP6_REQUEST, "cid:1 sid na:1 accept");
	assert_key(rig, "00:03:00:01:02:00:00:00:00:01", 1);
	assert_key(rig, "00:03:00:01:02:00:00:00:00:02", 2);
}

static void no_secret(void *buf, size_t len)
{
	memset(buf, 7, len);
}

static uint32_t find_link(void *arg, const char *netns, const char *name)
{
	const struct rig *rig = arg;

	assert_string_equal(netns, "one");
	assert_string_equal(name, "tap1");
	return rig->packet.link;
}

/* Whether a Reconfigure for a Renew is sent now. */
static bool is_called_back(struct rig *rig)
{
	const struct dhcp6_event ev = {.type = DHCP6_EV_TIMER};

	fx_clear(rig->fx, rig->now);
	dhcp6_server_step(rig->srv, &ev, rig->now, rig->fx);
	if (rig->fx->n_sends == 0)
		return false;
	assert_int_equal(rig->fx->n_sends, 1);
	assert_int_equal(rig->fx->sends[0].data[0], DHCP6_RECONFIGURE);
	assert_true(ip6_equal(&rig->fx->sends[0].dst, &rig->packet.src));
	return true;
}

/* M10, I14: a network that comes back with another prefix has its clients come back. */
static void a_network_that_changed_calls_its_clients(void **state)
{
	struct rig *rig = *state;
	struct dhcp6_network *net = arena_copy(&rig->arena, &rig->network, sizeof(*net));

	rig_start(rig);
	dhcp6_server_seed(rig->srv, no_secret, UINT64_C(1) << 32);
	dhcp6_server_set_links(rig->srv, find_link, rig);
	net->name = "lan@one";
	net->dhcp6.pools = rig->pools;
	net->dhcp6.delegations = rig->delegations;
	net->dhcp6.reconfigure = net->dhcp6.reconfigure_on_change = true;
	dhcp6_network_complete(net, &rig->arena);
	rig->packet.link_name = "tap1";
	rig->packet.netns = "one";
	rig->packet.network = dhcp6_server_add_network(rig->srv, net, rig->now);
	rig_ask(rig, DHCP6_REQUEST, "cid:1 sid na:1 accept");
	rig_stored(rig, true);
	/* What comes first may not be all; later, as it was: nothing to say. */
	rig_wait_until(rig, rig->now + 10 * SEC);
	dhcp6_server_remove_network(rig->srv, rig->packet.network);
	rig->packet.network = dhcp6_server_add_network(rig->srv, net, rig->now);
	assert_false(is_called_back(rig));
	dhcp6_server_remove_network(rig->srv, rig->packet.network);
	rig->prefixes[0].prefix = (struct ip6_prefix){peer_addr("2001:db8:2::"), 64};
	rig->pools[0].range.first = rig->pools[0].range.last = peer_addr("2001:db8:2::10");
	rig->pools[0].prefix = rig->prefixes[0].prefix;
	rig->packet.network = dhcp6_server_add_network(rig->srv, net, rig->now);
	assert_true(is_called_back(rig));
	rig_expect(rig, DHCP6_RENEW, "cid:1 sid na:1 2001:db8:1::10",
		   "held " ANSWER("reply") " na(1 1800/2880 2001:db8:2::10=3600/7200"
					   " 2001:db8:1::10=0/0)");
	rig->now += 60 * SEC;
	assert_false(is_called_back(rig));
}

/* While the store is busy, what would change leases is dropped; the rest goes on. */
static void a_busy_store(void **state)
{
	struct rig *rig = *state;

	rig->network.dhcp6.rapid_commit = true;
	rig_start(rig);
	dhcp6_server_set_busy(rig->srv, true);
	for (const enum dhcp6_type *type =
		     (const enum dhcp6_type[]){DHCP6_REQUEST, DHCP6_RENEW, DHCP6_RELEASE,
					       DHCP6_DECLINE, (enum dhcp6_type)0};
	     *type; type++)
		rig_expect(rig, *type, "cid:1 sid na:1", "drop store-busy");
	rig_expect(rig, DHCP6_REBIND, "cid:1 na:1", "drop store-busy");
	rig_expect(rig, DHCP6_SOLICIT, "cid:1 na:1 rc", "drop store-busy");
	assert_int_equal(lease_open_changes(rig->table), 0);
	rig_expect(rig, DHCP6_SOLICIT, "cid:1 na:1", ANSWER("advertise") NA10("1"));
	rig_expect(rig, DHCP6_CONFIRM, "cid:1 na:1 2001:db8:1::10", ANSWER("reply") " status=0");
	rig_expect(rig, DHCP6_INFORMATION_REQUEST, "cid:1", ANSWER("reply"));
	assert_true(dhcp6_server_wake(rig->srv) == MTIME_NEVER);
	dhcp6_server_set_busy(rig->srv, false);
	rig_expect(rig, DHCP6_REQUEST, "cid:1 sid na:1", "held " ANSWER("reply") NA10("1"));
}

/* Without room for an answer nothing is changed. */
static void no_room_for_an_answer(void **state)
{
	struct rig *rig = *state;
	struct dhcp6_event ev = {.type = DHCP6_EV_PACKET, .packet = rig->packet};
	struct peer_msg msg;

	rig_start(rig);
	peer_begin(&msg, DHCP6_REQUEST);
	rig_put_words(rig, &msg, "cid:1 sid na:1");
	ev.packet.data = msg.bytes;
	ev.packet.len = msg.w.at;
	fx_clear(rig->fx, rig->now);
	for (int i = 0; i < FX_SENDS; i++)
		assert_true(fx_send(rig->fx, &(struct fx_send){.link = 1}, 1));
	dhcp6_server_step(rig->srv, &ev, rig->now, rig->fx);
	assert_int_equal(dhcp6_server_drops(rig->srv, DHCP6_DROP_NO_ROOM), 1);
	assert_int_equal(lease_open_changes(rig->table), 0);
}

/* Nothing overtakes a held answer of the same client; others do not wait for it. */
static void answers_stay_in_order(void **state)
{
	struct rig *rig = *state;

	rig_start(rig);
	rig_ask(rig, DHCP6_REQUEST, "cid:1 sid na:1");
	rig_expect(rig, DHCP6_INFORMATION_REQUEST, "cid:1", "held " ANSWER("reply"));
	rig_expect(rig, DHCP6_CONFIRM, "cid:1 na:1 2001:db8:1::10",
		   "held " ANSWER("reply") " status=0");
	rig_expect(rig, DHCP6_INFORMATION_REQUEST, "cid:2", ANSWER("reply"));
	rig_stored(rig, true);
	rig_expect(rig, DHCP6_INFORMATION_REQUEST, "cid:1", ANSWER("reply"));
}

/* O9: in an Advertise, and only when it is not 0. */
static void preference_is_advertised(void **state)
{
	struct rig *rig = *state;

	rig->network.dhcp6.preference = 255;
	rig_start(rig);
	rig_expect(rig, DHCP6_SOLICIT, "cid:1", ANSWER("advertise") " 7(ff)");
	rig_expect(rig, DHCP6_REQUEST, "cid:1 sid", ANSWER("reply"));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, rig_setup, rig_teardown)
	const struct CMUnitTest tests[] = {
		TEST(a_solicit_is_offered_a_lease),
		TEST(offers_end),
		TEST(hints_are_not_echoed),
		TEST(rapid_commit_commits),
		TEST(a_request_is_committed),
		TEST(a_request_off_link),
		TEST(an_undone_batch_leaves_nothing),
		TEST(a_confirm_is_tested),
		TEST(a_renew_extends),
		TEST(a_renew_revokes_off_link),
		TEST(a_renew_creates),
		TEST(a_rebind_extends),
		TEST(a_rebind_of_the_unknown),
		TEST(a_rebind_on_a_stateless_link),
		TEST(a_release_frees),
		TEST(a_release_of_what_is_not_there),
		TEST(a_decline_quarantines),
		TEST(what_is_not_the_clients),
		TEST(no_room_for_an_answer),
		TEST(an_information_request_is_answered),
		TEST(ia_ta_is_no_ia),
		TEST(messages_that_are_discarded),
		TEST(where_messages_may_come_from),
		TEST(networks_that_are_not_served),
		TEST(networks_come_and_go),
		TEST(keys_are_secret),
		TEST(a_network_that_changed_calls_its_clients),
		TEST(a_busy_store),
		TEST(answers_stay_in_order),
		TEST(preference_is_advertised),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

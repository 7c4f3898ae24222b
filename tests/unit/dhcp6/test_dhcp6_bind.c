/* SPDX-License-Identifier: ISC */
/*
 * Which leases an IA gets: reservations, what the client had, what it asks for, what pools pick;
 * lifetimes, T1 and T2; prefix hints; limits.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "rig.h"

#define ANSWER(type)      type " xid=000102 sid cid"
#define NA(iaid, leases)  " na(" iaid " 1800/2880 " leases ")"
#define PD(iaid, leases)  " pd(" iaid " 1800/2880 " leases ")"
#define NO_ADDRS(iaid)    " na(" iaid " 0/0 status=2)"
#define NO_PREFIXES(iaid) " pd(" iaid " 0/0 status=6)"
#define LONG              "=3600/7200"

static struct dhcp6_pool pool(const char *first, const char *last)
{
	return (struct dhcp6_pool){.range = {peer_addr(first), peer_addr(last)},
				   .policy = LEASE_STABLE};
}

/* A pool of two addresses. */
static void start_with_two(struct rig *rig)
{
	rig->pools[0] = pool("2001:db8:1::10", "2001:db8:1::11");
	rig_start(rig);
}

static void give_to(struct rig *rig, const char *words)
{
	const char *answer = rig_ask(rig, DHCP6_REQUEST, words);

	assert_non_null(strstr(answer, LONG));
	rig_stored(rig, true);
}

/* I1: the same IAID in two kinds, two IAIDs of one kind: four bindings of one client. */
static void bindings_are_kept_by_iaid(void **state)
{
	struct rig *rig = *state;

	rig->delegations[0].prefix.len = 55;
	start_with_two(rig);
	give_to(rig, "cid:1 sid na:1 2001:db8:1::10 na:2 2001:db8:1::11 pd:1 2001:db8:100::/56 "
		     "pd:2 2001:db8:100:100::/56");
	rig_expect(rig, DHCP6_RENEW, "cid:1 sid pd:2 na:2 pd:1 na:1",
		   "held " ANSWER("reply") PD("2", "2001:db8:100:100::/56" LONG)
			   NA("2", "2001:db8:1::11" LONG) PD("1", "2001:db8:100::/56" LONG)
				   NA("1", "2001:db8:1::10" LONG));
}

/* I2, I5: one T1 and one T2, of the shortest preferred lifetime of all that can be extended. */
static void t1_and_t2_are_the_same_everywhere(void **state)
{
	struct rig *rig = *state;

	rig->delegations[0].preferred = 1000;
	rig->delegations[0].valid = 2000;
	rig_start(rig);
	rig_expect(rig, DHCP6_SOLICIT, "cid:1 na:1 pd:1 na:2",
		   ANSWER("advertise") " na(1 500/800 2001:db8:1::10=3600/7200)"
				       " pd(1 500/800 2001:db8:100::/56=1000/2000)"
				       " na(2 0/0 status=2)");
}

/* I3, G14: infinity stays infinity, and never shortens what is finite. */
static void infinite_lifetimes(void **state)
{
	struct rig *rig = *state;

	rig->pools[0].preferred = rig->pools[0].valid = LIFETIME_INFINITE;
	rig_start(rig);
	rig_expect(rig, DHCP6_REQUEST, "cid:1 sid na:1",
		   "held " ANSWER("reply") " na(1 4294967295/4294967295 "
					   "2001:db8:1::10=4294967295/4294967295)");
	rig_expect(rig, DHCP6_RENEW, "cid:1 sid na:1 pd:1",
		   "held " ANSWER("reply") " na(1 1800/2880 2001:db8:1::10=4294967295/4294967295)"
					   " pd(1 1800/2880 2001:db8:100::/56=3600/7200)");
	rig_stored(rig, true);
	rig_wait_until(rig, rig->now + (mtime)LIFETIME_INFINITE * SEC);
	assert_string_equal(rig_state(rig, "2001:db8:1::10"), "active");
	assert_string_equal(rig_state(rig, "2001:db8:100::/56"), "none");
}

/* I3: even of one second T1 and T2 are not 0, which would leave them to the client. */
static void tiny_lifetimes(void **state)
{
	struct rig *rig = *state;

	rig->pools[0].preferred = rig->pools[0].valid = 1;
	rig_start(rig);
	rig_expect(rig, DHCP6_SOLICIT, "cid:1 na:1",
		   ANSWER("advertise") " na(1 1/1 2001:db8:1::10=1/1)");
}

/*
 * I4, dhcp6_network_complete(): a lifetime is that of the pool, the network or the prefix, and a
 * preferred one that is not given is not above the valid one. 0: not given.
 */
static void lifetimes_follow_the_next_wider_place(void **state)
{
	static const struct {
		struct {
			uint32_t preferred, valid;
		} prefix, network, pool, addr, delegated;
	} cases[] = {
		{{0, 0}, {0, 0}, {0, 0}, {14400, 86400}, {14400, 86400}},
		{{100, 200}, {0, 0}, {0, 7000}, {100, 7000}, {100, 200}},
		{{100, 200}, {0, 0}, {300, 0}, {300, 300}, {100, 200}},
		{{100, 200}, {50, 0}, {0, 0}, {50, 200}, {50, 200}},
		{{100, 200}, {0, 60}, {0, 0}, {60, 60}, {60, 60}},
		{{0, 0}, {1800, 0}, {0, 0}, {1800, 86400}, {1800, 86400}},
		{{1800, 0}, {0, 0}, {0, 0}, {1800, 86400}, {1800, 86400}},
		{{0, 1800}, {0, 0}, {0, 0}, {1800, 1800}, {1800, 1800}},
		{{0, 0}, {0, 0}, {0, 10}, {10, 10}, {14400, 86400}},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct rig *rig;
		char expected[128];

		rig_teardown(state);
		rig_setup(state);
		rig = *state;
		rig->prefixes[0].preferred = cases[i].prefix.preferred;
		rig->prefixes[0].valid = cases[i].prefix.valid;
		rig->network.dhcp6.preferred = cases[i].network.preferred;
		rig->network.dhcp6.valid = cases[i].network.valid;
		rig->pools[0].preferred = cases[i].pool.preferred;
		rig->pools[0].valid = cases[i].pool.valid;
		rig_start(rig);
		rig_ask(rig, DHCP6_SOLICIT, "cid:1 na:1 pd:1");
		snprintf(expected, sizeof(expected), "2001:db8:1::10=%u/%u)",
			 cases[i].addr.preferred, cases[i].addr.valid);
		assert_non_null(strstr(rig->answer, expected));
		snprintf(expected, sizeof(expected), "/56=%u/%u)", cases[i].delegated.preferred,
			 cases[i].delegated.valid);
		assert_non_null(strstr(rig->answer, expected));
	}
}

/* I7, I8, I9: without pools each prefix is one; what is picked fits and is not reserved. */
static void a_prefix_is_a_pool(void **state)
{
	struct rig *rig = *state;
	const char *first;
	char once[256];

	rig->network.dhcp6.n_pools = rig->network.dhcp6.n_delegations = 0;
	rig_start(rig);
	first = strstr(rig_ask(rig, DHCP6_SOLICIT, "cid:1 na:1"), "2001:db8:1:0:");
	assert_non_null(first);
	strcpy(once, first);
	/* The same client gets the same, from a server that never saw it, and another another. */
	rig_wait_until(rig, rig->now + 61 * SEC);
	assert_non_null(strstr(rig_ask(rig, DHCP6_SOLICIT, "cid:1 na:1"), once));
	assert_null(strstr(rig_ask(rig, DHCP6_SOLICIT, "cid:2 na:1"), once));
	/* Not the subnet-router anycast address, nor the router's own, asked for or not. */
	struct in6_addr own = peer_addr("2001:db8:1::1");

	dhcp6_server_own_add(rig->srv, 0, &own);
	dhcp6_server_own_add(rig->srv, 0, &own);
	assert_null(strstr(rig_ask(rig, DHCP6_SOLICIT, "cid:3 na:1 2001:db8:1::"), "db8:1::="));
	assert_null(strstr(rig_ask(rig, DHCP6_SOLICIT, "cid:4 na:1 2001:db8:1::1"), "db8:1::1="));
	assert_non_null(
		strstr(rig_ask(rig, DHCP6_SOLICIT, "cid:5 na:1 2001:db8:1::2"), "db8:1::2="));
	/* It is free again when no interface of the router has it any longer. */
	dhcp6_server_own_remove(rig->srv, 0, &own);
	assert_null(strstr(rig_ask(rig, DHCP6_SOLICIT, "cid:6 na:1 2001:db8:1::1"), "db8:1::1="));
	dhcp6_server_own_remove(rig->srv, 0, &own);
	assert_non_null(
		strstr(rig_ask(rig, DHCP6_SOLICIT, "cid:7 na:1 2001:db8:1::1"), "db8:1::1="));
}

/* What a client asks for, it gets where it is free; what another has, it does not. */
static void wishes_are_granted_where_free(void **state)
{
	struct rig *rig = *state;

	start_with_two(rig);
	rig_expect(rig, DHCP6_SOLICIT, "cid:1 na:1 2001:db8:1::11",
		   ANSWER("advertise") NA("1", "2001:db8:1::11" LONG));
	rig_expect(rig, DHCP6_SOLICIT, "cid:2 na:1 2001:db8:1::11",
		   ANSWER("advertise") NA("1", "2001:db8:1::10" LONG));
	/* An offer comes before another wish. */
	rig_expect(rig, DHCP6_SOLICIT, "cid:1 na:1 2001:db8:1::10",
		   ANSWER("advertise") NA("1", "2001:db8:1::11" LONG));
}

/* The first pool with room. */
static void pools_in_order(void **state)
{
	struct rig *rig = *state;

	rig->pools[1] = pool("2001:db8:1::20", "2001:db8:1::20");
	rig->network.dhcp6.n_pools = 2;
	rig_start(rig);
	rig_expect(rig, DHCP6_SOLICIT, "cid:1 na:1",
		   ANSWER("advertise") NA("1", "2001:db8:1::10" LONG));
	rig_expect(rig, DHCP6_SOLICIT, "cid:2 na:1",
		   ANSWER("advertise") NA("1", "2001:db8:1::20" LONG));
	rig_expect(rig, DHCP6_SOLICIT, "cid:3 na:1", ANSWER("advertise") NO_ADDRS("1"));
}

/* I16: what ran out comes back to its client, whatever it asks for, and to others when needed. */
static void what_ran_out_is_remembered(void **state)
{
	struct rig *rig = *state;

	start_with_two(rig);
	give_to(rig, "cid:1 sid na:1 2001:db8:1::11");
	rig_wait_until(rig, rig->now + 7201 * SEC);
	assert_string_equal(rig_state(rig, "2001:db8:1::11"), "expired");
	rig_expect(rig, DHCP6_REBIND, "cid:1 na:1 2001:db8:1::11",
		   "held " ANSWER("reply") NA("1", "2001:db8:1::11" LONG));
	rig_stored(rig, true);
	rig_wait_until(rig, rig->now + 7201 * SEC);
	rig_stored(rig, true);
	rig_expect(rig, DHCP6_SOLICIT, "cid:1 na:1 2001:db8:1::10",
		   ANSWER("advertise") NA("1", "2001:db8:1::11" LONG));
	rig_wait_until(rig, rig->now + 61 * SEC);
	give_to(rig, "cid:2 sid na:1");
	give_to(rig, "cid:3 sid na:1");
	assert_string_equal(rig_state(rig, "2001:db8:1::11"), "active");
	rig_wait_until(rig, rig->now + (7201 + 86400) * SEC);
	assert_string_equal(rig_state(rig, "2001:db8:1::11"), "none");
}

/* The pool is gone with a new configuration: the lease ends at the next Renew, with a new one. */
static void a_pool_that_is_gone(void **state)
{
	struct rig *rig = *state;

	rig_start(rig);
	give_to(rig, "cid:1 sid na:1");
	rig->pools[0] = pool("2001:db8:1::50", "2001:db8:1::50");
	rig_start(rig);
	rig_expect(rig, DHCP6_RENEW, "cid:1 sid na:1 2001:db8:1::10",
		   "held " ANSWER("reply") NA("1", "2001:db8:1::50" LONG " 2001:db8:1::10=0/0"));
	assert_string_equal(rig_state(rig, "2001:db8:1::10"), "released");
}

/* --- reservations -------------------------------------------------------------------------- */

static void a_reservation_by_duid(void **state)
{
	struct rig *rig = *state;

	rig_reserve(rig, 0, "cid 2", "2001:db8:1::10", "2001:db8:100::/56");
	rig_start(rig);
	/* Nobody else gets it, even while it is not used, even who asks for it. */
	rig_expect(rig, DHCP6_SOLICIT, "cid:1 na:1 2001:db8:1::10 pd:1 2001:db8:100::/56",
		   ANSWER("advertise") NO_ADDRS("1") NO_PREFIXES("1"));
	rig_expect(rig, DHCP6_SOLICIT, "cid:2 na:1 pd:1",
		   ANSWER("advertise") NA("1", "2001:db8:1::10" LONG)
			   PD("1", "2001:db8:100::/56" LONG));
	/* It needs no record. */
	assert_int_equal(lease_count(rig->table, LEASE_OFFERED), 0);
	rig_expect(rig, DHCP6_REQUEST, "cid:2 sid na:1 pd:1",
		   "held " ANSWER("reply") NA("1", "2001:db8:1::10" LONG)
			   PD("1", "2001:db8:100::/56" LONG));
}

/* By the MAC in a DUID-LL, and by that of the frame. */
static void a_reservation_by_mac(void **state)
{
	struct rig *rig = *state;

	rig_reserve(rig, 0, "mac 2", "2001:db8:1::20", NULL);
	rig_start(rig);
	rig_expect(rig, DHCP6_SOLICIT, "cid:2 na:1",
		   ANSWER("advertise") NA("1", "2001:db8:1::20" LONG));
	rig_expect(rig, DHCP6_SOLICIT, "cid:1 na:1",
		   ANSWER("advertise") NA("1", "2001:db8:1::10" LONG));
	rig_expect(rig, DHCP6_SOLICIT, "cid:2' na:1", ANSWER("advertise") NO_ADDRS("1"));
	rig->knows_mac = true;
	rig_expect(rig, DHCP6_SOLICIT, "cid:2' na:1",
		   ANSWER("advertise") NA("1", "2001:db8:1::20" LONG));
}

/* A host that names both is the one that has both. */
static void a_reservation_by_duid_and_mac(void **state)
{
	struct rig *rig = *state;

	rig_reserve(rig, 0, "cid 2", "2001:db8:1::20", NULL)->mac =
		(struct cfg_mac){true, {2, 0, 0, 0, 0, 5}};
	rig_reserve(rig, 1, "cid 2", "2001:db8:1::21", NULL)->mac =
		(struct cfg_mac){true, {2, 0, 0, 0, 0, 6}};
	rig_start(rig);
	rig->knows_mac = true;
	rig->mac = 5;
	rig_expect(rig, DHCP6_SOLICIT, "cid:2 na:1",
		   ANSWER("advertise") NA("1", "2001:db8:1::20" LONG));
	rig->mac = 6;
	rig_expect(rig, DHCP6_SOLICIT, "cid:2 na:1",
		   ANSWER("advertise") NA("1", "2001:db8:1::21" LONG));
	rig->mac = 7;
	rig_expect(rig, DHCP6_SOLICIT, "cid:2 na:1",
		   ANSWER("advertise") NA("1", "2001:db8:1::10" LONG));
}

/* All addresses of a reservation are given, to one IA; another IA gets one from the pool. */
static void a_reservation_of_several_addresses(void **state)
{
	struct rig *rig = *state;
	struct in6_addr all[] = {peer_addr("2001:db8:1::20"), peer_addr("2001:db8:1::21"),
				 peer_addr("2001:db8:1::22")};
	struct dhcp6_host *host = rig_reserve(rig, 0, "cid 1", NULL, NULL);

	host->addresses = all;
	host->n_addresses = 3;
	rig_start(rig);
	rig_expect(rig, DHCP6_REQUEST, "cid:1 sid na:1 na:2",
		   "held " ANSWER("reply") NA("1", "2001:db8:1::20" LONG " 2001:db8:1::21" LONG
						   " 2001:db8:1::22" LONG)
			   NA("2", "2001:db8:1::10" LONG));
	/* The IA that has it keeps it, wherever it stands in the message. */
	rig_expect(rig, DHCP6_RENEW, "cid:1 sid na:2 na:1",
		   "held " ANSWER("reply") NA("2", "2001:db8:1::10" LONG)
			   NA("1",
			      "2001:db8:1::20" LONG " 2001:db8:1::21" LONG " 2001:db8:1::22" LONG));
}

/* A reservation that changed: the new address, and the old one with lifetimes of 0. */
static void a_reservation_that_changes(void **state)
{
	struct rig *rig = *state;

	rig_reserve(rig, 0, "cid 1", "2001:db8:1::20", NULL);
	rig_start(rig);
	give_to(rig, "cid:1 sid na:1");
	rig_reserve(rig, 0, "cid 1", "2001:db8:1::30", NULL);
	rig_start(rig);
	rig_expect(rig, DHCP6_RENEW, "cid:1 sid na:1 2001:db8:1::20",
		   "held " ANSWER("reply") NA("1", "2001:db8:1::30" LONG " 2001:db8:1::20=0/0"));
	assert_string_equal(rig_state(rig, "2001:db8:1::20"), "released");
	assert_string_equal(rig_state(rig, "2001:db8:1::30"), "active");
}

/* The address of one client is reserved for another: each moves when it next speaks. */
static void a_reservation_of_what_another_has(void **state)
{
	struct rig *rig = *state;

	start_with_two(rig);
	give_to(rig, "cid:1 sid na:1 2001:db8:1::10");
	rig_reserve(rig, 0, "cid 2", "2001:db8:1::10", NULL);
	rig_start(rig);
	/* Until then the host gets another one. */
	rig_expect(rig, DHCP6_REQUEST, "cid:2 sid na:1",
		   "held " ANSWER("reply") NA("1", "2001:db8:1::11" LONG));
	rig_stored(rig, true);
	rig_expect(rig, DHCP6_RENEW, "cid:1 sid na:1 2001:db8:1::10",
		   "held " ANSWER("reply") " na(1 0/0 2001:db8:1::10=0/0)");
	rig_stored(rig, true);
	rig_expect(rig, DHCP6_RENEW, "cid:2 sid na:1 2001:db8:1::11",
		   "held " ANSWER("reply") NA("1", "2001:db8:1::10" LONG " 2001:db8:1::11=0/0"));
}

/* One machine, another DUID (an installer and then its system): the new one takes over at once. */
static void a_reservation_moves_with_the_machine(void **state)
{
	struct rig *rig = *state;

	rig_reserve(rig, 0, "mac 2", "2001:db8:1::20", NULL);
	rig_start(rig);
	rig->knows_mac = true;
	give_to(rig, "cid:2 sid na:1");
	rig_expect(rig, DHCP6_SOLICIT, "cid:2' na:9",
		   ANSWER("advertise") NA("9", "2001:db8:1::20" LONG));
	assert_int_equal(lease_open_changes(rig->table), 0);
	rig_expect(rig, DHCP6_REQUEST, "cid:2' sid na:9",
		   "held " ANSWER("reply") NA("9", "2001:db8:1::20" LONG));
	rig_stored(rig, true);
	/* A clone that only says it has the MAC does not. */
	rig->mac = 7;
	rig_expect(rig, DHCP6_SOLICIT, "cid:2 na:1",
		   ANSWER("advertise") NA("1", "2001:db8:1::10" LONG));
}

/* Another IAID takes the reservation over when it begins anew, not when it renews. */
static void a_reservation_moves_between_iaids(void **state)
{
	struct rig *rig = *state;

	rig_reserve(rig, 0, "cid 1", "2001:db8:1::20", NULL);
	rig_start(rig);
	give_to(rig, "cid:1 sid na:1");
	rig_expect(rig, DHCP6_RENEW, "cid:1 sid na:2",
		   "held " ANSWER("reply") NA("2", "2001:db8:1::10" LONG));
	rig_stored(rig, true);
	rig_expect(rig, DHCP6_REQUEST, "cid:1 sid na:3",
		   "held " ANSWER("reply") NA("3", "2001:db8:1::20" LONG));
}

/* --- delegated prefixes -------------------------------------------------------------------- */

/* Two lengths: /56 from 100::/55, /60 from 200::/59. */
static void start_with_lengths(struct rig *rig)
{
	rig->delegations[0].prefix.len = 55;
	rig->delegations[1] = (struct dhcp6_delegation){.prefix = {peer_addr("2001:db8:200::"), 60},
							.length = 60};
	rig->network.dhcp6.n_delegations = 2;
	rig_start(rig);
}

/* P2, P5: a hint of a length: that length, else the next shorter one; length 0 is no hint. */
static void hints_of_a_length(void **state)
{
	struct rig *rig = *state;

	start_with_lengths(rig);
	rig_expect(rig, DHCP6_SOLICIT, "cid:1 pd:1 ::/60",
		   ANSWER("advertise") PD("1", "2001:db8:200::/60" LONG));
	assert_non_null(strstr(rig_ask(rig, DHCP6_SOLICIT, "cid:2 pd:1 ::/0"), "/56" LONG));
	/* The only /60 is offered: the next shorter length has one more. */
	assert_non_null(strstr(rig_ask(rig, DHCP6_SOLICIT, "cid:3 pd:1 ::/60"), "/56" LONG));
	rig_expect(rig, DHCP6_SOLICIT, "cid:4 pd:1 ::/60", ANSWER("advertise") NO_PREFIXES("1"));
}

/* P2: the nearest length there is, shorter before longer, and the same one when asked again. */
static void hints_between_lengths(void **state)
{
	struct rig *rig = *state;
	char once[256];

	start_with_lengths(rig);
	strcpy(once, rig_ask(rig, DHCP6_REQUEST, "cid:1 sid pd:1 ::/58"));
	assert_non_null(strstr(once, "/56" LONG));
	rig_stored(rig, true);
	assert_string_equal(rig_ask(rig, DHCP6_REQUEST, "cid:1 sid pd:1 ::/58"), once);
	rig_stored(rig, true);
	assert_non_null(strstr(rig_ask(rig, DHCP6_REQUEST, "cid:1 sid pd:1 ::/48"), "/56" LONG));
	rig_stored(rig, true);
	/* Another length than it has: the client begins anew, and has one prefix after it. */
	rig_expect(rig, DHCP6_REQUEST, "cid:1 sid pd:1 ::/64",
		   "held " ANSWER("reply") PD("1", "2001:db8:200::/60" LONG));
	assert_int_equal(lease_count(rig->table, LEASE_ACTIVE), 1);
}

/* P5: a hint of length 0 is none: the client keeps what it has. */
static void a_hint_of_no_length(void **state)
{
	struct rig *rig = *state;

	start_with_lengths(rig);
	give_to(rig, "cid:1 sid pd:1 ::/60");
	rig_expect(rig, DHCP6_SOLICIT, "cid:1 pd:1 ::/0",
		   ANSWER("advertise") PD("1", "2001:db8:200::/60" LONG));
}

/* A reserved prefix in what another has: it is the host's once the other is gone. */
static void a_reserved_prefix_in_another(void **state)
{
	struct rig *rig = *state;

	rig_start(rig);
	give_to(rig, "cid:1 sid pd:1 2001:db8:100::/56");
	rig_reserve(rig, 0, "cid 2", NULL, "2001:db8:100:80::/60");
	rig_start(rig);
	rig_expect(rig, DHCP6_SOLICIT, "cid:2 pd:1", ANSWER("advertise") NO_PREFIXES("1"));
	rig_expect(rig, DHCP6_REQUEST, "cid:2 sid pd:1", ANSWER("reply") NO_PREFIXES("1"));
	rig_expect(rig, DHCP6_RELEASE, "cid:1 sid pd:1 2001:db8:100::/56",
		   "held " ANSWER("reply") " status=0");
	rig_expect(rig, DHCP6_SOLICIT, "cid:2 pd:1",
		   ANSWER("advertise") PD("1", "2001:db8:100:80::/60" LONG));
	rig_expect(rig, DHCP6_REQUEST, "cid:2 sid pd:1",
		   "held " ANSWER("reply") PD("1", "2001:db8:100:80::/60" LONG));
	assert_string_equal(rig_state(rig, "2001:db8:100::/56"), "none");
}

/* P3: a prefix that is asked for is given where it is free. */
static void hints_of_a_prefix(void **state)
{
	struct rig *rig = *state;

	start_with_lengths(rig);
	rig_expect(rig, DHCP6_SOLICIT, "cid:1 pd:1 2001:db8:100:100::/56",
		   ANSWER("advertise") PD("1", "2001:db8:100:100::/56" LONG));
	rig_expect(rig, DHCP6_SOLICIT, "cid:2 pd:1 2001:db8:100:100::/56 ::/60",
		   ANSWER("advertise") PD("1", "2001:db8:200::/60" LONG));
	rig_expect(rig, DHCP6_SOLICIT, "cid:3 pd:1 2001:db8:100:100::/56",
		   ANSWER("advertise") PD("1", "2001:db8:100::/56" LONG));
}

/* P4: a Renew with a new length keeps the old prefix beside the new one. */
static void a_renew_with_another_length(void **state)
{
	struct rig *rig = *state;

	start_with_lengths(rig);
	give_to(rig, "cid:1 sid pd:1 2001:db8:100::/56");
	rig_expect(rig, DHCP6_RENEW, "cid:1 sid pd:1 2001:db8:100::/56 ::/60",
		   "held " ANSWER("reply")
			   PD("1", "2001:db8:100::/56" LONG " 2001:db8:200::/60" LONG));
	rig_stored(rig, true);
	rig_expect(rig, DHCP6_RENEW, "cid:1 sid pd:1 2001:db8:100::/56 2001:db8:200::/60 ::/60",
		   "held " ANSWER("reply")
			   PD("1", "2001:db8:200::/60" LONG " 2001:db8:100::/56" LONG));
}

/* M5: a prefix that is none of ours goes back with lifetimes of 0. */
static void a_foreign_prefix_is_revoked(void **state)
{
	struct rig *rig = *state;

	rig_start(rig);
	rig_expect(rig, DHCP6_RENEW, "cid:1 sid pd:1 2001:db8:900::/56",
		   "held " ANSWER("reply")
			   PD("1", "2001:db8:100::/56" LONG " 2001:db8:900::/56=0/0"));
}

/* --- limits -------------------------------------------------------------------------------- */

/* I18: a client holds so many leases and no more; what it has is still extended. */
static void leases_of_a_client_are_bounded(void **state)
{
	struct rig *rig = *state;

	rig->conf.limits.leases_per_client = 2;
	rig->pools[0] = pool("2001:db8:1::10", "2001:db8:1::1f");
	rig_start(rig);
	give_to(rig, "cid:1 sid na:1 2001:db8:1::10 na:2 2001:db8:1::11");
	rig_expect(rig, DHCP6_REQUEST, "cid:1 sid na:3", ANSWER("reply") NO_ADDRS("3"));
	rig_expect(rig, DHCP6_RENEW, "cid:1 sid na:1 na:2 pd:1",
		   "held " ANSWER("reply") NA("1", "2001:db8:1::10" LONG)
			   NA("2", "2001:db8:1::11" LONG) NO_PREFIXES("1"));
}

/* What a client gave back is remembered up to a bound. */
static void what_is_remembered_is_bounded(void **state)
{
	struct rig *rig = *state;

	rig->conf.limits.leases_per_client = 2;
	rig->pools[0] = pool("2001:db8:1::1", "2001:db8:1::ff");
	rig_start(rig);
	for (int i = 1; i <= 40; i++) {
		char words[96];

		snprintf(words, sizeof(words), "cid:1 sid na:%d 2001:db8:1::%x", i, i);
		give_to(rig, words);
		rig_ask(rig, DHCP6_RELEASE, words);
		rig_stored(rig, true);
		rig->now += SEC;
	}
	assert_int_equal(lease_count(rig->table, LEASE_RELEASED), 8);
	assert_string_equal(rig_state(rig, "2001:db8:1::28"), "released");
}

/* Z5: a client that declines all it is given is given nothing after so many. */
static void declines_are_bounded(void **state)
{
	struct rig *rig = *state;

	rig->conf.limits.leases_per_client = 1;
	rig->pools[0] = pool("2001:db8:1::1", "2001:db8:1::ff");
	rig_start(rig);
	for (int i = 1; i <= 4; i++) {
		char words[96];

		snprintf(words, sizeof(words), "cid:1 sid na:1 2001:db8:1::%x", i);
		give_to(rig, words);
		rig_ask(rig, DHCP6_DECLINE, words);
		rig_stored(rig, true);
	}
	rig_expect(rig, DHCP6_SOLICIT, "cid:1 na:1", ANSWER("advertise") NO_ADDRS("1"));
	rig_expect(rig, DHCP6_REQUEST, "cid:1 sid na:1", ANSWER("reply") NO_ADDRS("1"));
}

/* What is known of a client's link-layer address: what was seen stays over what a DUID says. */
static void link_layer_addresses_are_kept(void **state)
{
	static const uint8_t seen[] = {2, 0, 0, 0, 0, 9};
	struct rig *rig = *state;
	struct duid duid = peer_duid("00:03:00:01:02:00:00:00:00:01");
	const struct lease_client *client;

	rig_start(rig);
	give_to(rig, "cid:1 sid na:1");
	client = lease_client_find(rig->table, lease_network(rig->table, "lan"), &duid);
	assert_int_equal(client->mac_source, LEASE_MAC_DUID);
	assert_int_equal(client->mac[5], 1);
	rig->knows_mac = true;
	rig->mac = 9;
	give_to(rig, "cid:1 sid na:1");
	client = lease_client_find(rig->table, lease_network(rig->table, "lan"), &duid);
	assert_int_equal(client->mac_source, LEASE_MAC_FRAME);
	assert_memory_equal(client->mac, seen, 6);
	rig->knows_mac = false;
	give_to(rig, "cid:1 sid na:1");
	client = lease_client_find(rig->table, lease_network(rig->table, "lan"), &duid);
	assert_memory_equal(client->mac, seen, 6);
}

/* Z4: so many offers and no more; the oldest goes. */
static void offers_are_bounded(void **state)
{
	struct rig *rig = *state;

	rig->conf.limits.offers = 2;
	rig->pools[0] = pool("2001:db8:1::10", "2001:db8:1::1f");
	rig_start(rig);
	for (int i = 1; i <= 5; i++) {
		char words[64];

		snprintf(words, sizeof(words), "cid:%d na:1 2001:db8:1::%x", i, 0x10 + i);
		rig_ask(rig, DHCP6_SOLICIT, words);
		rig->now += SEC;
	}
	assert_int_equal(lease_count(rig->table, LEASE_OFFERED), 2);
	assert_string_equal(rig_state(rig, "2001:db8:1::15"), "offered");
	assert_string_equal(rig_state(rig, "2001:db8:1::11"), "none");
}

/* U9, Z2: clients with one DUID are told apart, up to a bound. */
static void clones_are_bounded(void **state)
{
	struct rig *rig = *state;

	rig->pools[0] = pool("2001:db8:1::1000", "2001:db8:1::1fff");
	rig->knows_mac = true;
	rig_start(rig);
	for (int i = 0; i < 1024; i++) {
		rig_ask_as_clone(rig, i);
		assert_int_equal(lease_count(rig->table, LEASE_OFFERED), i + 1);
	}
	assert_int_equal(dhcp6_server_duid_clashes(rig->srv), 1023);
	rig->packet.mac[3] = 4;
	rig_expect(rig, DHCP6_SOLICIT, "cid:1 na:1", "drop duid-clones");
	/* Those that are known, and other DUIDs, are served. */
	rig->packet.mac[3] = 3;
	assert_non_null(strstr(rig_ask(rig, DHCP6_SOLICIT, "cid:1 na:1"), "advertise"));
	assert_non_null(strstr(rig_ask(rig, DHCP6_SOLICIT, "cid:2 na:1"), "advertise"));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, rig_setup, rig_teardown)
	const struct CMUnitTest tests[] = {
		TEST(bindings_are_kept_by_iaid),
		TEST(t1_and_t2_are_the_same_everywhere),
		TEST(infinite_lifetimes),
		TEST(tiny_lifetimes),
		TEST(lifetimes_follow_the_next_wider_place),
		TEST(a_prefix_is_a_pool),
		TEST(wishes_are_granted_where_free),
		TEST(pools_in_order),
		TEST(what_ran_out_is_remembered),
		TEST(a_pool_that_is_gone),
		TEST(a_reservation_by_duid),
		TEST(a_reservation_by_mac),
		TEST(a_reservation_by_duid_and_mac),
		TEST(a_reservation_of_several_addresses),
		TEST(a_reservation_that_changes),
		TEST(a_reservation_of_what_another_has),
		TEST(a_reservation_moves_with_the_machine),
		TEST(a_reservation_moves_between_iaids),
		TEST(hints_of_a_length),
		TEST(hints_between_lengths),
		TEST(hints_of_a_prefix),
		TEST(a_renew_with_another_length),
		TEST(a_foreign_prefix_is_revoked),
		TEST(leases_of_a_client_are_bounded),
		TEST(what_is_remembered_is_bounded),
		TEST(a_hint_of_no_length),
		TEST(a_reserved_prefix_in_another),
		TEST(declines_are_bounded),
		TEST(link_layer_addresses_are_kept),
		TEST(offers_are_bounded),
		TEST(clones_are_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

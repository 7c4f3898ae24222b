/* SPDX-License-Identifier: ISC */
/*
 * Pools: what each policy picks, what is never picked, and what happens when a pool is full.
 */
#include "config.h"

#include <string.h>

#include "base/rng.h"
#include "check_lease.h"
#include "lease/lease_pool.h"

#define DAY (86400 * SEC)

static const struct siphash_key key = {{1, 2, 3}};

struct world {
	struct lease_table *table;
	uint32_t network;
	uint32_t clients; /* made so far */
};

static struct world new_world(void)
{
	struct world w = {.table = lease_table_new(&key)};

	w.network = lease_network(w.table, "net");
	return w;
}

static uint32_t new_client(struct world *w)
{
	uint32_t n = ++w->clients;
	uint8_t mac[6] = {2, 0, 0, (uint8_t)(n >> 16), (uint8_t)(n >> 8), (uint8_t)n};
	struct duid duid = duid_make_ll(mac);

	return lease_client_new(w->table, w->network, &duid, mac, LEASE_MAC_DUID);
}

static struct in6_addr addr_of(const char *text)
{
	struct in6_addr addr;

	assert_true(ip6_parse(text, &addr));
	return addr;
}

static struct ip6_prefix prefix_of(const char *text)
{
	struct ip6_prefix prefix;

	assert_true(ip6_prefix_parse(text, &prefix, NULL));
	return prefix;
}

static struct lease_pool *new_na(struct world *w, const char *prefix, const char *first,
				 const char *last, enum lease_policy policy)
{
	struct lease_pool_conf conf = {.network = w->network,
				       .kind = LEASE_NA,
				       .prefix = prefix_of(prefix),
				       .first = addr_of(first),
				       .last = addr_of(last),
				       .plen = 128,
				       .policy = policy};

	return lease_pool_new(w->table, &conf);
}

static struct lease_pool *new_pd(struct world *w, const char *prefix, uint8_t plen,
				 enum lease_policy policy)
{
	struct lease_pool_conf conf = {.network = w->network,
				       .kind = LEASE_PD,
				       .prefix = prefix_of(prefix),
				       .plen = plen,
				       .policy = policy};

	return lease_pool_new(w->table, &conf);
}

static uint32_t bind_addr(struct world *w, const struct lease_pool *pool, uint32_t client,
			  struct in6_addr addr, uint8_t plen)
{
	struct lease_grant grant = {.client = client,
				    .kind = lease_pool_conf(pool)->kind,
				    .addr = addr,
				    .plen = plen,
				    .valid = 100};

	assert_true(lease_available(w->table, client, grant.kind, &addr, plen));
	return lease_bind(w->table, &grant, 0);
}

/* A new client gets what is picked; false if nothing is. */
static bool take(struct world *w, struct lease_pool *pool, uint64_t random, struct in6_addr *ret)
{
	uint32_t client = new_client(w);

	if (!lease_pool_pick(pool, client, 1, random, ret)) {
		lease_client_drop_idle(w->table, client);
		return false;
	}
	assert_true(lease_pool_has(pool, ret, lease_pool_conf(pool)->plen));
	assert_null(lease_find(w->table, w->network, lease_pool_conf(pool)->kind, ret,
			       lease_pool_conf(pool)->plen));
	bind_addr(w, pool, client, *ret, lease_pool_conf(pool)->plen);
	return true;
}

static void end_world(struct world *w, struct lease_pool *pool)
{
	check_lease_table(w->table);
	lease_pool_free(pool);
	lease_table_free(w->table);
}

/* I11: by a hash, at random, iteratively, by identifier; `allocate` says what each shows. */
static void every_policy_gives_out_the_whole_pool(void **state)
{
	static const enum lease_policy policies[] = {LEASE_STABLE, LEASE_RANDOM, LEASE_SEQUENTIAL,
						     LEASE_FROM_MAC};

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		struct world w = new_world();
		struct lease_pool *pool = new_na(&w, "2001:db8::/64", "2001:db8::1000",
						 "2001:db8::13e8", policies[i]);
		struct rng rng;
		struct in6_addr addr;

		rng_seed(&rng, 1);
		for (size_t n = 0; n < 1001; n++)
			assert_true(take(&w, pool, rng_u64(&rng), &addr));
		assert_false(take(&w, pool, rng_u64(&rng), &addr));
		end_world(&w, pool);
	}
}

/* RFC 7943: the same client gets the same address, as long as nobody else has it. */
static void stable_is_the_same_with_the_same_key_and_client(void **state)
{
	struct in6_addr first[20], addr;

	(void)state;
	for (size_t run = 0; run < 2; run++) {
		struct world w = new_world();
		/* Another range in the same prefix: only what it holds is told. */
		struct lease_pool *pool = new_na(&w, "2001:db8::/64", "2001:db8::10:0",
						 "2001:db8::1f:ffff", LEASE_STABLE);

		for (size_t i = 0; i < 20; i++) {
			uint32_t client = new_client(&w);

			assert_true(lease_pool_pick(pool, client, 7, run, &addr));
			if (run == 0)
				first[i] = addr;
			assert_true(ip6_equal(&addr, &first[i]));
			assert_true(lease_pool_pick(pool, client, 8, run, &addr));
			assert_false(ip6_equal(&addr, &first[i]));
			lease_client_drop_idle(w.table, client);
		}
		end_world(&w, pool);
	}
}

static void random_is_another_one_each_time(void **state)
{
	struct world w = new_world();
	struct lease_pool *pool =
		new_na(&w, "2001:db8::/64", "2001:db8::1:0", "2001:db8::ffff:ffff", LEASE_RANDOM);
	uint32_t client = new_client(&w);
	struct in6_addr a, b;

	(void)state;
	assert_true(lease_pool_pick(pool, client, 1, 1, &a));
	assert_true(lease_pool_pick(pool, client, 1, 2, &b));
	assert_false(ip6_equal(&a, &b));
	lease_client_drop_idle(w.table, client);
	end_world(&w, pool);
}

static void sequential_goes_up_and_round(void **state)
{
	struct world w = new_world();
	struct lease_pool *pool =
		new_na(&w, "2001:db8::/64", "2001:db8::1", "2001:db8::4", LEASE_SEQUENTIAL);
	struct in6_addr addr;

	(void)state;
	for (unsigned int i = 1; i <= 3; i++) {
		assert_true(take(&w, pool, 0, &addr));
		assert_int_equal(addr.s6_addr[15], i);
	}
	addr.s6_addr[15] = 1;
	lease_forget(w.table, lease_find(w.table, w.network, LEASE_NA, &addr, 128)->id);
	assert_true(take(&w, pool, 0, &addr));
	assert_int_equal(addr.s6_addr[15], 4);
	assert_true(take(&w, pool, 0, &addr));
	assert_int_equal(addr.s6_addr[15], 1);
	assert_false(take(&w, pool, 0, &addr));
	end_world(&w, pool);
}

static void from_mac_is_eui_64_where_it_is_free(void **state)
{
	struct world w = new_world();
	struct lease_pool *pool = new_na(
		&w, "2001:db8::/64", "2001:db8::", "2001:db8::ffff:ffff:ffff:ffff", LEASE_FROM_MAC);
	struct in6_addr expected = addr_of("2001:db8::ff:fe00:1"), addr;
	uint32_t client = new_client(&w);

	(void)state;
	assert_true(lease_pool_pick(pool, client, 1, 0, &addr));
	assert_true(ip6_equal(&addr, &expected));
	bind_addr(&w, pool, client, addr, 128);
	assert_true(lease_pool_pick(pool, client, 2, 0, &addr));
	assert_false(ip6_equal(&addr, &expected));
	end_world(&w, pool);
}

/* RFC 5453: never, however full it is. */
static void reserved_identifiers_are_never_picked(void **state)
{
	static const struct {
		const char *first, *last;
		size_t free;
	} cases[] = {
		{"2001:db8::", "2001:db8::f", 15},
		{"2001:db8::fdff:ffff:ffff:ff70", "2001:db8::fe00:0:0:f", 32},
		{"2001:db8::200:5eff:fdff:fff0", "2001:db8::200:5eff:fe00:ff", 16},
		{"2001:db8::200:5eff:feff:0", "2001:db8::200:5eff:feff:ff", 0},
		/* Without a bitmap, and both ends outside of what is reserved. */
		{"2001:db8::200:5eff:fdff:fff0", "2001:db8::200:5eff:ff00:f", 32},
		{"2001:db8::ffff:ffff:ffff:fff0", "2001:db8:0:1::f", 31},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		for (int policy = LEASE_STABLE; policy <= LEASE_FROM_MAC; policy++) {
			struct world w = new_world();
			struct lease_pool *pool = new_na(&w, "2001:db8::/48", cases[i].first,
							 cases[i].last, (enum lease_policy)policy);
			struct in6_addr addr;
			size_t n = 0;

			while (take(&w, pool, n, &addr)) {
				assert_false(ip6_is_reserved_iid(&addr));
				n++;
			}
			assert_int_equal(n, cases[i].free);
			end_world(&w, pool);
		}
	}
}

static void what_is_excluded_is_never_picked(void **state)
{
	struct world w = new_world();
	struct lease_pool *pool =
		new_na(&w, "2001:db8::/64", "2001:db8::100", "2001:db8::1ff", LEASE_STABLE);
	static const char *const outs[] = {"2001:db8::110/128", "2001:db8::120/124",
					   "2001:db8::128/128", "2001:db8::110/127",
					   "2001:db8::300/120", "2001:db8::1f0/128"};
	struct in6_addr addr = addr_of("2001:db8::110");
	uint32_t client = new_client(&w);
	size_t n = 0;

	(void)state;
	for (size_t i = 0; i < 6; i++) {
		struct ip6_prefix out = prefix_of(outs[i]);

		lease_pool_exclude(pool, &out);
		if (i == 3) /* half of them once it is filled */
			assert_true(lease_pool_pick(pool, client, 1, 0, &addr));
	}
	addr = addr_of("2001:db8::110");
	assert_false(lease_pool_has(pool, &addr, 128));
	/* A reservation's own lease comes and goes there. */
	lease_forget(w.table, bind_addr(&w, pool, client, addr, 128));
	while (take(&w, pool, 0, &addr)) {
		struct ip6_prefix out = prefix_of("2001:db8::120/124");

		assert_false(ip6_prefix_contains(&out, &addr));
		n++;
	}
	assert_int_equal(n, 256 - 2 - 16 - 1);
	lease_client_drop_idle(w.table, client);
	end_world(&w, pool);
}

static void a_full_pool_takes_back_the_oldest(void **state)
{
	struct world w = new_world();
	struct lease_pool *pool =
		new_na(&w, "2001:db8::/64", "2001:db8::1", "2001:db8::8", LEASE_SEQUENTIAL);
	struct in6_addr addr = addr_of("2001:db8::");
	uint32_t ids[9], client;
	struct ip6_prefix out;

	(void)state;
	for (uint8_t i = 1; i <= 8; i++) {
		addr.s6_addr[15] = i;
		ids[i] = bind_addr(&w, pool, new_client(&w), addr, 128);
	}
	client = new_client(&w);
	assert_false(lease_pool_pick(pool, client, 1, 0, &addr));
	lease_release(w.table, ids[5], DAY, 50 * SEC);
	lease_release(w.table, ids[3], 2 * DAY, 40 * SEC);
	lease_decline(w.table, ids[7], DAY, 10 * SEC);
	assert_true(lease_pool_pick(pool, client, 1, 0, &addr));
	assert_int_equal(addr.s6_addr[15], 3);
	/* Excluded meanwhile: the next oldest. */
	out = (struct ip6_prefix){addr, 128};
	lease_pool_exclude(pool, &out);
	assert_true(lease_pool_pick(pool, client, 1, 0, &addr));
	assert_int_equal(addr.s6_addr[15], 5);
	lease_forget(w.table, ids[3]);
	lease_forget(w.table, ids[8]);
	assert_true(lease_pool_pick(pool, client, 1, 0, &addr));
	assert_int_equal(addr.s6_addr[15], 8);
	lease_client_drop_idle(w.table, client);
	end_world(&w, pool);
}

static void a_new_pool_knows_the_leases_there_are(void **state)
{
	struct world w = new_world();
	struct lease_pool *pool =
		new_na(&w, "2001:db8::/64", "2001:db8::1", "2001:db8::8", LEASE_STABLE);
	struct lease_pool *other =
		new_na(&w, "2001:db8::/64", "2001:db8::9", "2001:db8::f", LEASE_STABLE);
	struct in6_addr addr;

	(void)state;
	for (int i = 0; i < 7; i++)
		assert_true(take(&w, pool, 0, &addr));
	lease_pool_free(pool);
	pool = new_na(&w, "2001:db8::/64", "2001:db8::1", "2001:db8::8", LEASE_STABLE);
	assert_true(take(&w, pool, 0, &addr));
	assert_false(take(&w, pool, 0, &addr));
	assert_true(take(&w, other, 0, &addr));
	lease_pool_free(other);
	end_world(&w, pool);
}

/* P12: of two delegated prefixes none is in the other, whatever their lengths. */
static void prefixes_of_another_length_use_what_they_cover(void **state)
{
	struct world w = new_world();
	struct lease_pool *pool = new_pd(&w, "2001:db8::/48", 56, LEASE_STABLE);
	struct in6_addr addr = addr_of("2001:db8:0:1000::");
	uint32_t wide, narrow, narrow2;
	size_t n = 0;

	(void)state;
	wide = bind_addr(&w, pool, new_client(&w), addr, 52);
	addr = addr_of("2001:db8:0:ff00::");
	narrow = bind_addr(&w, pool, new_client(&w), addr, 60);
	addr = addr_of("2001:db8:0:ff10::");
	narrow2 = bind_addr(&w, pool, new_client(&w), addr, 60);
	while (take(&w, pool, 0, &addr))
		n++;
	assert_int_equal(n, 256 - 16 - 1);
	lease_forget(w.table, narrow);
	assert_false(take(&w, pool, 0, &addr));
	lease_forget(w.table, narrow2);
	assert_true(take(&w, pool, 0, &addr));
	assert_int_equal(addr.s6_addr[6], 0xff);
	lease_forget(w.table, wide);
	for (n = 0; take(&w, pool, 0, &addr); n++)
		assert_int_equal(addr.s6_addr[6] & 0xf0, 0x10);
	assert_int_equal(n, 16);
	end_world(&w, pool);
}

static void delegating_the_whole_prefix_is_one_unit(void **state)
{
	struct world w = new_world();
	struct lease_pool *pool = new_pd(&w, "2001:db8::/48", 48, LEASE_STABLE);
	struct in6_addr addr;

	(void)state;
	assert_true(take(&w, pool, 0, &addr));
	assert_false(take(&w, pool, 0, &addr));
	end_world(&w, pool);
}

static void a_pool_can_be_a_whole_64(void **state)
{
	static const enum lease_policy policies[] = {LEASE_STABLE, LEASE_RANDOM, LEASE_SEQUENTIAL};

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct world w = new_world();
		struct lease_pool *pool =
			new_na(&w, "2001:db8::/64", "2001:db8::", "2001:db8::ffff:ffff:ffff:ffff",
			       policies[i]);
		struct ip6_prefix low = prefix_of("2001:db8::/65");
		struct in6_addr addr;

		lease_pool_exclude(pool, &low);
		for (uint64_t n = 0; n < 500; n++) {
			assert_true(take(&w, pool, n, &addr));
			assert_false(ip6_prefix_contains(&low, &addr));
		}
		end_world(&w, pool);
	}
}

/* A pool too large for a bitmap, in which almost everything is excluded or delegated. */
static void a_large_pool_finds_the_last_free_one(void **state)
{
	struct world w = new_world();
	struct lease_pool *pool = new_pd(&w, "2001:db8::/32", 64, LEASE_STABLE);
	struct ip6_prefix out = prefix_of("2001:db8::/33");
	struct in6_addr addr = addr_of("2001:db8:c000::");

	(void)state;
	lease_pool_exclude(pool, &out);
	bind_addr(&w, pool, new_client(&w), addr, 34);
	out = prefix_of("2001:db8:8000::/35");
	lease_pool_exclude(pool, &out);
	/* 2001:db8:a000::/35 is left; take all of it but for four. */
	for (uint8_t len = 36; len <= 62; len++) {
		addr = addr_of("2001:db8:a000::");
		addr = ip6_add(&addr, 1, 128u - len);
		bind_addr(&w, pool, new_client(&w), addr, len);
	}
	for (int i = 0; i < 4; i++) {
		assert_true(take(&w, pool, 0, &addr));
		assert_int_equal(addr.s6_addr[4] << 8 | addr.s6_addr[5], 0xa000);
	}
	assert_false(take(&w, pool, 0, &addr));
	end_world(&w, pool);
}

/* P2: from one prefix; what one length uses, the others cannot give. */
static void lengths_of_one_prefix_never_overlap(void **state)
{
	static const uint8_t lengths[] = {60, 56, 64};
	struct world w = new_world();
	struct lease_pool *pools[3];
	struct in6_addr addr;
	struct rng rng;
	uint32_t ids[700];
	size_t n = 0;

	(void)state;
	rng_seed(&rng, 3);
	for (size_t i = 0; i < 3; i++)
		pools[i] = new_pd(&w, "2001:db8:100::/54", lengths[i], LEASE_RANDOM);
	for (int step = 0; step < 700; step++) {
		struct lease_pool *pool = pools[rng_between(&rng, 0, 2)];

		if (n > 0 && rng_between(&rng, 0, 3) == 0) {
			size_t at = (size_t)rng_between(&rng, 0, (int64_t)n - 1);

			lease_forget(w.table, ids[at]);
			ids[at] = ids[--n];
		} else if (take(&w, pool, rng_u64(&rng), &addr)) {
			ids[n++] = lease_find(w.table, w.network, LEASE_PD, &addr,
					      lease_pool_conf(pool)->plen)
					   ->id;
		}
		/* Compares each lease with each other one, and all pools with them. */
		check_lease_table(w.table);
	}
	while (take(&w, pools[2], 1, &addr))
		;
	assert_false(take(&w, pools[0], 1, &addr));
	lease_pool_free(pools[1]);
	lease_pool_free(pools[2]);
	end_world(&w, pools[0]);
}

/*
 * Where there is no bitmap the search is bounded: it goes on from where the sequence is, then from
 * a random place, and then gives up although there is room. Another place has it.
 */
static void a_search_without_a_bitmap_has_an_end(void **state)
{
	struct world w = new_world();
	struct lease_pool *pool = new_na(&w, "2001:db8::/64", "2001:db8::1:0:0:0",
					 "2001:db8::1:0:1ff:ffff", LEASE_SEQUENTIAL);
	struct in6_addr first = lease_pool_conf(pool)->first, addr;
	struct ip6_prefix out = {.len = 128};

	(void)state;
	assert_null(pool->used);
	for (uint64_t i = 0; i < 2000; i++) {
		out.addr = ip6_add(&first, i, 0);
		lease_pool_exclude(pool, &out);
	}
	assert_false(take(&w, pool, 100, &addr));
	assert_true(take(&w, pool, 1900, &addr));
	out.addr = ip6_add(&first, 2000, 0);
	assert_true(ip6_equal(&addr, &out.addr));
	/* The sequence goes on from there. */
	assert_true(take(&w, pool, 100, &addr));
	out.addr = ip6_add(&first, 2001, 0);
	assert_true(ip6_equal(&addr, &out.addr));
	end_world(&w, pool);
}

static uint32_t offer_addr(struct world *w, uint32_t client, struct in6_addr addr, mtime now)
{
	struct lease_grant grant = {
		.client = client, .kind = LEASE_NA, .addr = addr, .plen = 128, .valid = 100};

	return lease_offer(w->table, &grant, now + 60 * SEC, 100000, now);
}

/* A rush on another network, with older offers, keeps nobody from the last address here. */
static void the_oldest_offer_of_a_small_pool_is_found(void **state)
{
	struct world w = new_world();
	struct lease_pool *pool =
		new_na(&w, "2001:db8::/64", "2001:db8::10", "2001:db8::13", LEASE_STABLE);
	struct in6_addr first = addr_of("2001:db8::10"), far = addr_of("2001:db8:1::1"), addr;
	uint32_t here = w.network, client;

	(void)state;
	w.network = lease_network(w.table, "another");
	for (uint64_t i = 0; i < 1000; i++)
		offer_addr(&w, new_client(&w), ip6_add(&far, i, 0), (mtime)i);
	w.network = here;
	for (uint64_t i = 0; i < 4; i++)
		offer_addr(&w, new_client(&w), ip6_add(&first, i, 0), 2000 - (mtime)i);
	client = new_client(&w);
	assert_false(lease_pool_pick(pool, client, 1, 1, &addr));
	assert_true(lease_pool_end_offer(pool, client));
	assert_true(lease_pool_pick(pool, client, 1, 1, &addr));
	assert_true(ip6_equal(&addr, &lease_pool_conf(pool)->last));
	assert_int_equal(lease_count(w.table, LEASE_OFFERED), 1003);
	/* Its own are left to it. */
	offer_addr(&w, client, addr, 0);
	assert_true(lease_pool_end_offer(pool, client));
	assert_true(lease_pool_pick(pool, client, 1, 1, &addr));
	assert_false(ip6_equal(&addr, &lease_pool_conf(pool)->last));
	lease_client_drop_idle(w.table, client);
	end_world(&w, pool);
}

static void the_bitmap_agrees_with_an_array(void **state)
{
	static const uint32_t sizes[] = {1, 63, 64, 65, 4095, 4096, 4097, 300000};

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		uint32_t n = sizes[i], n_free = n;
		struct lease_bitmap *bitmap = lease_bitmap_new(n);
		struct rng rng;

		rng_seed(&rng, i);
		for (int step = 0; step < 2000; step++) {
			uint32_t at = (uint32_t)rng_between(&rng, 0, (int64_t)n - 1);
			bool was = lease_bitmap_is_used(bitmap, at);

			if (rng_between(&rng, 0, 3) == 0) {
				lease_bitmap_unuse(bitmap, at);
				n_free += was;
			} else {
				lease_bitmap_use(bitmap, at);
				n_free -= !was;
			}
			uint32_t next = lease_bitmap_next_free(bitmap, at), slow = at;

			while (n_free && lease_bitmap_is_used(bitmap, slow))
				slow = (slow + 1) % n;
			assert_int_equal(next, n_free ? slow : LEASE_NONE);
		}
		lease_bitmap_use_range(bitmap, 0, n - 1);
		assert_int_equal(lease_bitmap_next_free(bitmap, 0), LEASE_NONE);
		lease_bitmap_unuse(bitmap, n / 2);
		assert_int_equal(lease_bitmap_next_free(bitmap, n / 2), n / 2);
		assert_int_equal(lease_bitmap_next_free(bitmap, n - 1), n / 2);
		lease_bitmap_use_range(bitmap, n / 3, n / 2);
		assert_int_equal(lease_bitmap_next_free(bitmap, 0), LEASE_NONE);
		lease_bitmap_unuse_range(bitmap, n / 3, n / 2);
		assert_int_equal(lease_bitmap_next_free(bitmap, 0), n / 3);
		for (uint32_t at = 0; at < n; at++)
			assert_int_equal(lease_bitmap_is_used(bitmap, at),
					 at < n / 3 || at > n / 2);
		lease_bitmap_free(bitmap);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_policy_gives_out_the_whole_pool),
		cmocka_unit_test(stable_is_the_same_with_the_same_key_and_client),
		cmocka_unit_test(random_is_another_one_each_time),
		cmocka_unit_test(sequential_goes_up_and_round),
		cmocka_unit_test(from_mac_is_eui_64_where_it_is_free),
		cmocka_unit_test(reserved_identifiers_are_never_picked),
		cmocka_unit_test(what_is_excluded_is_never_picked),
		cmocka_unit_test(a_full_pool_takes_back_the_oldest),
		cmocka_unit_test(a_new_pool_knows_the_leases_there_are),
		cmocka_unit_test(prefixes_of_another_length_use_what_they_cover),
		cmocka_unit_test(delegating_the_whole_prefix_is_one_unit),
		cmocka_unit_test(a_pool_can_be_a_whole_64),
		cmocka_unit_test(a_large_pool_finds_the_last_free_one),
		cmocka_unit_test(lengths_of_one_prefix_never_overlap),
		cmocka_unit_test(a_search_without_a_bitmap_has_an_end),
		cmocka_unit_test(the_oldest_offer_of_a_small_pool_is_found),
		cmocka_unit_test(the_bitmap_agrees_with_an_array),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

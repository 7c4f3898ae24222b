/* SPDX-License-Identifier: ISC */
/*
 * How fast addresses are picked and bound, and what a lease costs: pools of several sizes, empty
 * and 99.9 % full, and the memory of a table of 1,000,000 leases. Prints one line each.
 */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "lease/lease.h"

enum {
	LEASES = 1000000,
	BINDS = 200000,
};

static double seconds(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

/* Octets of memory in use, from the kernel. */
static double resident(void)
{
	unsigned long total, pages = 0;
	FILE *file = fopen("/proc/self/statm", "r");

	if (file) {
		if (fscanf(file, "%lu %lu", &total, &pages) != 2)
			pages = 0;
		fclose(file);
	}
	return (double)pages * (double)sysconf(_SC_PAGESIZE);
}

static uint32_t new_client(struct lease_table *table, uint32_t network, uint32_t n)
{
	uint8_t mac[6] = {2,         0, (uint8_t)(n >> 24), (uint8_t)(n >> 16), (uint8_t)(n >> 8),
			  (uint8_t)n};
	struct duid duid = duid_make_ll(mac);

	return lease_client_new(table, network, &duid, mac, LEASE_MAC_DUID);
}

/* Ends the open batch as stored, as the daemon does every few hundred changes. */
static void store(struct lease_table *table)
{
	struct lease_batch *batch = lease_batch_seal(table, 0);

	if (batch)
		lease_batch_done(table, batch, true);
}

static struct lease_pool *new_pool(struct lease_table *table, uint32_t network, uint64_t units)
{
	struct lease_pool_conf conf = {
		.network = network, .kind = LEASE_NA, .plen = 128, .policy = LEASE_STABLE};

	ip6_prefix_parse("2001:db8::/64", &conf.prefix, NULL);
	ip6_parse("2001:db8::1:0:0:0", &conf.first);
	conf.last = ip6_add(&conf.first, units - 1, 0);
	return lease_pool_new(table, &conf);
}

/* Picks and binds for a new client. */
static uint32_t bind_one(struct lease_table *table, struct lease_pool *pool, uint32_t i)
{
	struct lease_grant grant = {.client = new_client(table, 0, i),
				    .kind = LEASE_NA,
				    .plen = 128,
				    .iaid = 1,
				    .preferred = 1800,
				    .valid = 3600};

	if (!lease_pool_pick(pool, grant.client, 1, i, &grant.addr))
		abort();
	return lease_bind(table, &grant, (mtime)i);
}

static void bind_many(struct lease_table *table, struct lease_pool *pool, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		bind_one(table, pool, i);
		if (i % 256 == 255)
			store(table);
	}
	store(table);
}

/*
 * Uses the first 99.9 % of the units: the worst case for a search from a random place. Excluded
 * units are used as leased ones are, without 16 million leases.
 */
static void fill(struct lease_pool *pool, uint64_t units)
{
	const struct lease_pool_conf *conf = lease_pool_conf(pool);
	uint64_t left = units - units / 1000;

	for (uint64_t at = 0; left > 0;) {
		unsigned int shift = 0;

		while (shift < 24 && at % (UINT64_C(2) << shift) == 0 &&
		       (UINT64_C(2) << shift) <= left)
			shift++;
		struct ip6_prefix out = {ip6_add(&conf->first, at, 0), (uint8_t)(128 - shift)};

		lease_pool_exclude(pool, &out);
		at += UINT64_C(1) << shift;
		left -= UINT64_C(1) << shift;
	}
}

/* In a pool that is to stay as full as it is, each lease is forgotten at once. */
static void bind_and_forget(struct lease_table *table, struct lease_pool *pool, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		lease_forget(table, bind_one(table, pool, i));
		if (i % 256 == 255)
			store(table);
	}
	store(table);
}

static void measure(uint64_t units, bool full)
{
	struct siphash_key key = {{1}};
	struct lease_table *table = lease_table_new(&key);
	uint32_t network = lease_network(table, "bench");
	struct lease_pool *pool = new_pool(table, network, units);
	uint32_t n = !full && units / 2 < BINDS ? (uint32_t)(units / 2) : BINDS;
	double start;

	if (full)
		fill(pool, units);
	/* The first choice builds the free set. */
	bind_and_forget(table, pool, 1);
	start = seconds();
	if (full)
		bind_and_forget(table, pool, n);
	else
		bind_many(table, pool, n);
	printf("pool=%" PRIu64 " full=%s binds=%" PRIu32 " rate=%.0f/s\n", units,
	       full ? "99.9%" : "0%", n, (double)n / (seconds() - start));
	lease_pool_free(pool);
	lease_table_free(table);
}

static void measure_memory(void)
{
	struct siphash_key key = {{1}};
	double before = resident(), start = seconds();
	struct lease_table *table = lease_table_new(&key);
	uint32_t network = lease_network(table, "bench");
	struct lease_pool *pool = new_pool(table, network, UINT64_C(1) << 40);

	bind_many(table, pool, LEASES);
	printf("leases=%d octets-each=%.0f rate=%.0f/s\n", LEASES, (resident() - before) / LEASES,
	       LEASES / (seconds() - start));
	lease_pool_free(pool);
	lease_table_free(table);
}

int main(void)
{
	static const uint64_t sizes[] = {1024, 65536, 16777216};

	measure_memory();
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		measure(sizes[i], /* full= */ false);
		measure(sizes[i], /* full= */ true);
	}
	return 0;
}

/* SPDX-License-Identifier: ISC */
/*
 * A host of containers: clients that nobody saw before, all the time, each with a lease that nobody
 * renews. Once as many leases end as begin, nothing grows any longer: no memory, no file, and no
 * address is refused, in a pool that has plenty and in one that only has those of others.
 *
 *	test_lease_churn [MINUTES]
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/rng.h"
#include "check_lease.h"
#include "lease/store.h"

enum {
	A_MINUTE = 40, /* new clients */
	VALID = 600,
	REMEMBER = 1800 * SEC,
	STEADY = 90, /* minutes, of which 40 would do */
};

static unsigned int minutes = 400;

struct host {
	char dir[64], path[80], spec[96];
	struct store *store;
	struct lease_table *table;
	struct lease_pool *pool;
	uint32_t network, clients;
	struct rng rng;
	mtime now;
};

/* All that is allocated, and the file. */
struct sizes {
	size_t leases, clients, expiry, by_addr, by_duid, notes, rows, file;
};

static void begin(struct host *host, const char *range)
{
	static const struct siphash_key key = {{1}};
	struct lease_pool_conf conf = {.kind = LEASE_NA, .plen = 128, .policy = LEASE_STABLE};
	struct store_error error;

	*host = (struct host){.now = 1000 * SEC};
	snprintf(host->dir, sizeof(host->dir), "%s/sextant-churn-XXXXXX",
		 access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
	assert_non_null(mkdtemp(host->dir));
	snprintf(host->path, sizeof(host->path), "%s/leases.db", host->dir);
	snprintf(host->spec, sizeof(host->spec), "sqlite:%s", host->path);
	if (store_open(host->spec, &host->store, &error) < 0)
		fail_msg("%s", error.text);
	rng_seed(&host->rng, 1);
	host->table = lease_table_new(&key);
	host->network = conf.network = lease_network(host->table, "containers");
	assert_true(ip6_prefix_parse(range, &conf.prefix, NULL));
	conf.first = conf.prefix.addr;
	conf.last = ip6_prefix_last(&conf.prefix);
	host->pool = lease_pool_new(host->table, &conf);
}

static void end(struct host *host)
{
	lease_pool_free(host->pool);
	lease_table_free(host->table);
	store_close(host->store);
	unlink(host->path);
	rmdir(host->dir);
}

static void come(struct host *host)
{
	uint32_t n = ++host->clients;
	uint8_t mac[6] = {2,         0, (uint8_t)(n >> 24), (uint8_t)(n >> 16), (uint8_t)(n >> 8),
			  (uint8_t)n};
	struct duid duid = duid_make_ll(mac);
	struct lease_grant grant = {
		.kind = LEASE_NA, .plen = 128, .iaid = 1, .preferred = VALID / 2, .valid = VALID};

	grant.client = lease_client_new(host->table, host->network, &duid, mac, LEASE_MAC_FRAME);
	assert_true(lease_pool_pick(host->pool, grant.client, 1, rng_u64(&host->rng), &grant.addr));
	lease_bind(host->table, &grant, host->now);
}

static void commit(struct host *host)
{
	struct lease_batch *batch = lease_batch_seal(host->table, 1700000000000);
	struct store_error error;
	bool more = true;
	size_t n;
	const struct lease_row *rows = lease_batch_rows(batch, &n);

	if (host->store->ops->commit(host->store, rows, n, &error) < 0)
		fail_msg("%s", error.text);
	lease_batch_done(host->table, batch, /* stored= */ true);
	while (more)
		assert_int_equal(host->store->ops->upkeep(host->store, &more, &error), 0);
}

static void minute(struct host *host)
{
	host->now += 60 * SEC;
	while (lease_expire(host->table, host->now, REMEMBER, 64, NULL, NULL) <= host->now)
		continue;
	for (int i = 0; i < A_MINUTE; i++)
		come(host);
	commit(host);
}

static struct sizes sizes_of(const struct host *host)
{
	const struct lease_table *table = host->table;
	struct stat st;

	assert_int_equal(stat(host->path, &st), 0);
	return (struct sizes){.leases = table->leases.used,
			      .clients = table->clients.used,
			      .expiry = table->expiry.cap,
			      .by_addr = table->by_addr.n_buckets,
			      .by_duid = table->by_duid.n_buckets,
			      .notes = table->batches[0].cap_notes,
			      .rows = table->batches[0].cap_rows,
			      .file = (size_t)st.st_size};
}

static void count(void *arg, const struct lease_row *row)
{
	size_t *n = arg;

	(void)row;
	(*n)++;
}

static size_t stored(const struct host *host)
{
	struct store_error error;
	size_t n = 0;

	assert_int_equal(host->store->ops->load(host->store, count, &n, &error), 0);
	return n;
}

static void run(const char *range)
{
	struct host host;
	struct sizes steady = {.leases = 0}, last;

	begin(&host, range);
	for (unsigned int at = 0; at < minutes; at++) {
		minute(&host);
		if (at == STEADY)
			steady = sizes_of(&host);
	}
	last = sizes_of(&host);
	assert_int_equal(last.leases, steady.leases);
	assert_int_equal(last.clients, steady.clients);
	assert_int_equal(last.expiry, steady.expiry);
	assert_int_equal(last.by_addr, steady.by_addr);
	assert_int_equal(last.by_duid, steady.by_duid);
	assert_int_equal(last.notes, steady.notes);
	assert_int_equal(last.rows, steady.rows);
	assert_int_equal(stored(&host), lease_count(host.table, LEASE_ACTIVE) +
						lease_count(host.table, LEASE_EXPIRED));
	/* A part of it may be free, but no more than a third of what is not. */
	assert_true(last.file <= steady.file * 4 / 3 + 1024 * 1024);
	end(&host);
}

static void nothing_grows_where_there_is_room(void **state)
{
	(void)state;
	run("2001:db8::1:0:0/100");
}

/* 1024 addresses for 400 leases that run and 1200 that are remembered. */
static void nothing_grows_where_others_must_be_forgotten(void **state)
{
	(void)state;
	run("2001:db8::1:0/118");
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_grows_where_there_is_room),
		cmocka_unit_test(nothing_grows_where_others_must_be_forgotten),
	};

	if (argc > 1)
		minutes = (unsigned int)atoi(argv[1]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: ISC */
/*
 * Damaged databases. Octets or bits are flipped, or rubbish is written, on every page in turn,
 * with and without a log beside it. A start refuses what it cannot read and names --salvage, or
 * reads every lease. Salvage brings out every lease that was not on that page, as it was, and
 * nothing that a start would refuse.
 *
 *	salvage [BITS]
 */
/* I15 */
#include "config.h"

#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sqlite3.h>

#include "base/mem.h"
#include "base/rng.h"
#include "lease/store.h"
#include "lease/store_salvage.h"

enum {
	PAGE = 4096,
	LEASES = 3000,
	FLIPS = 16, /* octets, in a row from somewhere on the page */
	LEASES_A_PAGE_MAX = 64,
	WAYS = 2,
	ONE_BITS = 2, /* more ways: so many of a page, each flipped alone */
};

struct test {
	char dir[64], path[96], out[96], spec[128], out_spec[128];
	uint8_t *bytes, *log; /* of the good one */
	size_t size, log_size;
	struct rng rng;
	FILE *report;
	int ways;
	size_t images, refused, read_whole, rows_least;
	size_t bad;
};

static struct lease_row row_of(uint64_t number)
{
	struct lease_row row = {.op = LEASE_ROW_PUT,
				.kind = LEASE_NA,
				.state = LEASE_ACTIVE,
				.mac_source = LEASE_MAC_DUID,
				.rowid = number,
				.network = number % 2 ? "tenant-a" : "tenant-b",
				.plen = 128,
				.iaid = 1,
				.preferred = 1800,
				.valid = 3600,
				.since = 1795219200,
				.until = 1795222800,
				.duid = {.len = 10, .bytes = {0, 3, 0, 1, 2}}};

	row.addr.s6_addr[0] = 0x20;
	row.addr.s6_addr[14] = (uint8_t)(number >> 8);
	row.addr.s6_addr[15] = (uint8_t)number;
	row.duid.bytes[8] = (uint8_t)(number >> 8);
	row.duid.bytes[9] = (uint8_t)number;
	return row;
}

static bool row_is(const struct lease_row *row, bool names_lost)
{
	struct lease_row should = row_of(row->rowid);

	return (names_lost || strcmp(row->network, should.network) == 0) &&
	       memcmp(&row->addr, &should.addr, sizeof(row->addr)) == 0 &&
	       duid_equal(&row->duid, &should.duid) && row->state == should.state &&
	       row->since == should.since && row->until == should.until;
}

/* --- files ---------------------------------------------------------------------------------- */

static uint8_t *read_file(const char *path, size_t *ret_size)
{
	FILE *file = fopen(path, "re");
	uint8_t *bytes;

	if (!file || fseek(file, 0, SEEK_END) != 0)
		err(1, "%s", path);
	*ret_size = (size_t)ftell(file);
	rewind(file);
	bytes = mem_new(*ret_size, 1);
	if (fread(bytes, 1, *ret_size, file) != *ret_size)
		err(1, "%s", path);
	fclose(file);
	return bytes;
}

static void write_file(const char *path, const char *suffix, const uint8_t *bytes, size_t size)
{
	char name[160];
	FILE *file;

	snprintf(name, sizeof(name), "%s%s", path, suffix);
	if (!bytes) {
		unlink(name);
		return;
	}
	file = fopen(name, "we");
	if (!file || fwrite(bytes, 1, size, file) != size || fclose(file) != 0)
		err(1, "%s", name);
}

static void remove_store(const char *path)
{
	static const char *const suffixes[] = {"", "-wal", "-shm"};

	for (size_t i = 0; i < 3; i++)
		write_file(path, suffixes[i], NULL, 0);
}

/* --- a good one ----------------------------------------------------------------------------- */

static struct store *open_store(const char *spec)
{
	struct store_error error;
	struct store *store;

	if (store_open(spec, &store, &error) < 0)
		errx(1, "%s", error.text);
	return store;
}

static void fill(struct store *store, uint64_t from, uint64_t to)
{
	struct lease_row *rows = mem_new(to - from, sizeof(*rows));
	struct store_error error;

	for (uint64_t i = from; i < to; i++)
		rows[i - from] = row_of(i);
	if (store->ops->commit(store, rows, to - from, &error) < 0)
		errx(1, "%s", error.text);
	free(rows);
}

/* Half of the leases in the file, half in its log alone. */
static void make_good(struct test *test)
{
	struct store *store = open_store(test->spec);
	struct store_error error;
	char log[128];

	if (store->ops->meta_put(store, "server-uuid", "0123456789abcdef", 16, &error) < 0)
		errx(1, "%s", error.text);
	fill(store, 1, LEASES / 2);
	store_close(store);
	store = open_store(test->spec);
	fill(store, LEASES / 2, LEASES + 1);
	snprintf(log, sizeof(log), "%s-wal", test->path);
	test->bytes = read_file(test->path, &test->size);
	test->log = read_file(log, &test->log_size);
	store_close(store);
}

/* --- judging -------------------------------------------------------------------------------- */

struct found {
	struct lease_table *table; /* as of a daemon that starts with it; NULL: not looked at */
	bool names_lost;
	size_t right, wrong, refused;
	const char *why; /* the last one was */
};

static void take(void *arg, const struct lease_row *row)
{
	struct found *found = arg;
	const char *why;

	if (found->table && !lease_load(found->table, row, 0, MTIME_NEVER, &why)) {
		found->refused++;
		found->why = why;
	}
	if (row_is(row, /* names_lost= */ false) || (found->names_lost && row_is(row, true)))
		found->right++;
	else
		found->wrong++;
}

/* A start: reads every lease, or refuses and says what to do. */
static void start(struct test *test, size_t page)
{
	struct store_error error = {.text = ""};
	struct store *store = NULL;
	struct found found = {.right = 0};
	int status = store_open(test->spec, &store, &error);

	if (status == 0)
		status = store->ops->load(store, take, &found, &error);
	store_close(store);
	if (status == 0) {
		test->read_whole++;
		return;
	}
	test->refused++;
	/* A number of another version or program is also a page's damage, and has its own words. */
	if (!strstr(error.text, "--salvage") && !strstr(error.text, "is not a lease") &&
	    page != 0) {
		printf("bad: page %zu: refused with: %s\n", page + 1, error.text);
		test->bad++;
	}
}

/* At most what was on the page is missing, and what came out is right but for that page. */
static void salvage(struct test *test, size_t page, size_t least, bool names_lost)
{
	struct store_error error = {.text = ""};
	static const struct siphash_key key = {.bytes = {1}};
	struct found found = {.names_lost = names_lost, .table = lease_table_new(&key)};
	struct store *store;
	int status;

	remove_store(test->out);
	status = store_salvage(test->path, test->out, test->report, &error);
	if (status == 0) {
		store = open_store(test->out_spec);
		status = store->ops->load(store, take, &found, &error);
		store_close(store);
	}
	if (found.right < test->rows_least)
		test->rows_least = found.right;
	lease_table_free(found.table);
	if (status == 0 && found.right >= least && found.wrong <= LEASES_A_PAGE_MAX &&
	    !found.refused)
		return;
	printf("bad: page %zu: %zu rows right, %zu wrong, %zu refused by a start (%s): %s\n",
	       page + 1, found.right, found.wrong, found.refused, found.why, error.text);
	test->bad++;
}

static void damage(struct test *test, uint8_t *bytes, size_t page, int way)
{
	size_t from = page * PAGE, n = way == 0 ? FLIPS : PAGE;

	if (way >= WAYS) {
		bytes[from + (size_t)rng_between(&test->rng, 0, PAGE - 1)] ^=
			(uint8_t)(1 << rng_between(&test->rng, 0, 7));
		return;
	}
	if (way == 0)
		from += (size_t)rng_between(&test->rng, 0, PAGE - FLIPS);
	for (size_t i = 0; i < n; i++)
		bytes[from + i] =
			way == 0 ? (uint8_t)~bytes[from + i] : (uint8_t)rng_u64(&test->rng);
}

/* The page of the table of networks: with it go their names. */
static bool has_names(const uint8_t *page)
{
	return memmem(page, PAGE, "tenant-a", 8) && page[0] == 13;
}

static void run(struct test *test, bool with_log)
{
	const uint8_t *good = test->bytes;

	for (size_t page = 0; page < test->size / PAGE; page++) {
		for (int way = 0; way < test->ways; way++) {
			uint8_t *bytes = mem_new(test->size, 1);
			size_t there = with_log ? LEASES : LEASES / 2 - 1;

			memcpy(bytes, good, test->size);
			damage(test, bytes, page, way);
			remove_store(test->path);
			write_file(test->path, "", bytes, test->size);
			write_file(test->path, "-wal", with_log ? test->log : NULL, test->log_size);
			test->images++;
			salvage(test, page, there - LEASES_A_PAGE_MAX,
				has_names(good + page * PAGE));
			start(test, page);
			free(bytes);
		}
	}
}

int main(int argc, char **argv)
{
	struct test *test = mem_new(1, sizeof(*test));

	test->ways = WAYS + (argc > 1 ? atoi(argv[1]) : ONE_BITS);
	rng_seed(&test->rng, 11);
	test->rows_least = LEASES;
	/* Where syncs cost nothing, if there is such a place. */
	snprintf(test->dir, sizeof(test->dir), "%s/sextant-salvage-XXXXXX",
		 access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
	if (!mkdtemp(test->dir))
		err(1, "%s", test->dir);
	snprintf(test->path, sizeof(test->path), "%s/leases.db", test->dir);
	snprintf(test->out, sizeof(test->out), "%s/out.db", test->dir);
	snprintf(test->spec, sizeof(test->spec), "sqlite:%s", test->path);
	snprintf(test->out_spec, sizeof(test->out_spec), "sqlite:%s", test->out);
	test->report = fopen("/dev/null", "we");
	make_good(test);
	run(test, /* with_log= */ false);
	run(test, /* with_log= */ true);
	printf("%zu pages, %zu damaged images: %zu read whole by a start, %zu refused with what to "
	       "do; salvage brought out %zu leases at least: %zu bad\n",
	       test->size / PAGE, test->images, test->read_whole, test->refused, test->rows_least,
	       test->bad);
	bool good = test->bad == 0 && test->refused > 0;

	remove_store(test->path);
	remove_store(test->out);
	rmdir(test->dir);
	fclose(test->report);
	free(test->bytes);
	free(test->log);
	free(test);
	return good ? 0 : 1;
}

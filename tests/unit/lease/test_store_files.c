/* SPDX-License-Identifier: ISC */
/*
 * The files of the store where they are not as it left them: what could hold leases is not taken
 * for a new database, and what belongs to others is not changed.
 */
/* I15 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <sqlite3.h>

#include "base/mem.h"
#include "check_lease.h"
#include "lease/store.h"
#include "lease/store_salvage.h"

struct place {
	char dir[64];
	char path[96];
	char spec[128];
};

static void name_in(const struct place *place, const char *name, char ret[160])
{
	snprintf(ret, 160, "%s/%s", place->dir, name);
}

static int setup(void **state)
{
	struct place *place = mem_new(1, sizeof(*place));

	strcpy(place->dir, "/tmp/sextant-files-XXXXXX");
	if (!mkdtemp(place->dir))
		return -1;
	snprintf(place->path, sizeof(place->path), "%s/leases.db", place->dir);
	snprintf(place->spec, sizeof(place->spec), "sqlite:%s", place->path);
	*state = place;
	return 0;
}

static int teardown(void **state)
{
	static const char *const names[] = {"leases.db", "leases.db-wal", "leases.db-shm",
					    "out.db",    "out.db-wal",    "out.db-shm",
					    "link.db"};
	struct place *place = *state;
	char name[160];

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		name_in(place, names[i], name);
		unlink(name);
	}
	rmdir(place->dir);
	free(place);
	return 0;
}

static struct store *open_store(const struct place *place)
{
	struct store_error error = {.text = ""};
	struct store *store = NULL;

	if (store_open(place->spec, &store, &error) < 0)
		fail_msg("%s", error.text);
	return store;
}

/* Opens it, expects to be refused with this in the message, and returns the status. */
static int refused(const struct place *place, const char *expected)
{
	struct store_error error = {.text = ""};
	struct store *store = NULL;
	int status = store_open(place->spec, &store, &error);

	assert_true(status < 0);
	assert_null(store);
	if (!strstr(error.text, expected))
		fail_msg("\"%s\" is not in \"%s\"", expected, error.text);
	return status;
}

static struct lease_row row_of(uint64_t rowid)
{
	struct lease_row row = {.op = LEASE_ROW_PUT,
				.kind = LEASE_NA,
				.state = LEASE_ACTIVE,
				.mac_source = LEASE_MAC_DUID,
				.rowid = rowid,
				.network = "tenant-a",
				.plen = 128,
				.iaid = 7,
				.preferred = 1800,
				.valid = 3600,
				.since = 1700000000,
				.until = 1700003600};
	uint8_t mac[6] = {2, 0, 0, 0, (uint8_t)(rowid >> 8), (uint8_t)rowid};

	assert_true(ip6_parse("2001:db8:1:2::", &row.addr));
	row.addr = ip6_add(&row.addr, 0x1000 + rowid, 0);
	row.duid = duid_make_ll(mac);
	return row;
}

/* A daemon stores leases and is killed: the last ones are in the log only. */
static void store_and_die(const struct place *place, uint64_t from, uint64_t to)
{
	pid_t child = fork();
	int status;

	assert_true(child >= 0);
	if (child == 0) {
		struct store *store = open_store(place);
		struct store_error error;

		for (uint64_t i = from; i < to; i++) {
			struct lease_row row = row_of(i);

			if (store->ops->commit(store, &row, 1, &error) < 0)
				_exit(1);
		}
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

static off_t size_of(const struct place *place, const char *name)
{
	char path[160];
	struct stat st;

	name_in(place, name, path);
	return stat(path, &st) == 0 ? st.st_size : -1;
}

static void an_empty_database_with_a_log_is_refused(void **state)
{
	struct place *place = *state;
	off_t log;

	store_and_die(place, 1, 10);
	log = size_of(place, "leases.db-wal");
	assert_true(log > 0);
	assert_int_equal(truncate(place->path, 0), 0);
	assert_int_equal(refused(place, "is empty, but its log"), -EBADMSG);
	assert_int_equal(refused(place, "--salvage"), -EBADMSG);
	assert_int_equal(size_of(place, "leases.db-wal"), log);

	/* Likewise where the database is gone. */
	assert_int_equal(unlink(place->path), 0);
	assert_int_equal(refused(place, "is empty, but its log"), -EBADMSG);
	assert_int_equal(size_of(place, "leases.db-wal"), log);
}

static void an_empty_log_is_none(void **state)
{
	struct place *place = *state;
	char name[160];
	int fd;

	name_in(place, "leases.db-wal", name);
	fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	close(fd);
	store_close(open_store(place));
}

/* The octets of the database; the caller frees them. */
static uint8_t *read_all(const struct place *place, size_t *ret_len)
{
	FILE *file = fopen(place->path, "re");
	uint8_t *bytes;

	assert_non_null(file);
	*ret_len = (size_t)size_of(place, "leases.db");
	bytes = mem_new(*ret_len, 1);
	assert_int_equal(fread(bytes, 1, *ret_len, file), *ret_len);
	fclose(file);
	return bytes;
}

static void a_database_of_another_program_stays_as_it_is(void **state)
{
	struct place *place = *state;
	uint8_t *before, *after;
	size_t len_before, len_after;
	sqlite3 *db = NULL;

	assert_int_equal(sqlite3_open(place->path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, "CREATE TABLE songs (name TEXT)", NULL, NULL, NULL),
			 SQLITE_OK);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
	before = read_all(place, &len_before);
	refused(place, "is a database of another program");
	after = read_all(place, &len_after);
	assert_int_equal(len_before, len_after);
	assert_memory_equal(before, after, len_before);
	free(before);
	free(after);
}

/* --- salvage -------------------------------------------------------------------------------- */

/* From a file of the place into another; its status. */
static int salvage(const struct place *place, const char *from, struct store_error *ret_error)
{
	char path[160], out[160];
	FILE *report = fopen("/dev/null", "we");
	int status;

	assert_non_null(report);
	name_in(place, from, path);
	name_in(place, "out.db", out);
	*ret_error = (struct store_error){.text = ""};
	status = store_salvage(path, out, report, ret_error);
	fclose(report);
	return status;
}

static void count(void *arg, const struct lease_row *row)
{
	size_t *n = arg;

	(void)row;
	(*n)++;
}

static size_t leases_in_out(const struct place *place)
{
	struct place out = *place;
	struct store_error error;
	struct store *store;
	size_t n = 0;

	snprintf(out.spec, sizeof(out.spec), "sqlite:%s/out.db", place->dir);
	store = open_store(&out);
	assert_int_equal(store->ops->load(store, count, &n, &error), 0);
	store_close(store);
	return n;
}

/* SQLite keeps the log beside the file that a link leads to. */
static void salvage_finds_the_log_of_a_link(void **state)
{
	struct place *place = *state;
	struct store_error error;
	char link[160];

	store_and_die(place, 1, 10);
	name_in(place, "link.db", link);
	assert_int_equal(symlink(place->path, link), 0);
	if (salvage(place, "link.db", &error) < 0)
		fail_msg("%s", error.text);
	assert_int_equal(leases_in_out(place), 9);
}

/* Where it is there, leases are lost without it. */
static void salvage_does_not_go_on_without_a_log_it_cannot_open(void **state)
{
	struct place *place = *state;
	struct store_error error;
	char log[160];

	store_and_die(place, 1, 10);
	name_in(place, "leases.db-wal", log);
	assert_int_equal(unlink(log), 0);
	assert_int_equal(symlink("leases.db-wal", log), 0);
	assert_true(salvage(place, "leases.db", &error) < 0);
	assert_non_null(strstr(error.text, "leases.db-wal: cannot open it"));
	assert_int_equal(size_of(place, "out.db"), -1);
}

static void what_salvage_could_not_finish_is_not_there(void **state)
{
	struct rlimit before, small = {.rlim_cur = 20 * 1024};
	struct place *place = *state;
	struct store_error error;

	store_and_die(place, 1, 10);
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	small.rlim_max = before.rlim_max;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	assert_true(salvage(place, "leases.db", &error) < 0);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	assert_int_equal(size_of(place, "out.db"), -1);
	assert_int_equal(size_of(place, "out.db-wal"), -1);
	if (salvage(place, "leases.db", &error) < 0)
		fail_msg("%s", error.text);
	assert_int_equal(leases_in_out(place), 9);
}

static void salvage_does_not_write_over_anything(void **state)
{
	struct place *place = *state;
	struct store_error error;
	char out[160];

	store_and_die(place, 1, 10);
	name_in(place, "out.db-wal", out);
	assert_int_equal(symlink("nowhere", out), 0);
	assert_int_equal(salvage(place, "leases.db", &error), -EEXIST);
	assert_non_null(strstr(error.text, "out.db-wal is there already"));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(an_empty_database_with_a_log_is_refused),
		TEST(an_empty_log_is_none),
		TEST(a_database_of_another_program_stays_as_it_is),
		TEST(salvage_finds_the_log_of_a_link),
		TEST(salvage_does_not_go_on_without_a_log_it_cannot_open),
		TEST(what_salvage_could_not_finish_is_not_there),
		TEST(salvage_does_not_write_over_anything),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: ISC */
/*
 * The SQLite store: what goes in comes out; what cannot be used is refused with what to do; a
 * commit that fails stores nothing and says why, and the next one succeeds. Files are made in a
 * temporary directory. Proves I6 (what is committed is there after a restart).
 */
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
#include "lease/store_pages.h"

struct place {
	char dir[64];
	char path[96];
	char spec[128];
};

static int setup(void **state)
{
	struct place *place = mem_new(1, sizeof(*place));

	strcpy(place->dir, "/tmp/sextant-store-XXXXXX");
	if (!mkdtemp(place->dir))
		return -1;
	snprintf(place->path, sizeof(place->path), "%s/leases.db", place->dir);
	snprintf(place->spec, sizeof(place->spec), "sqlite:%s", place->path);
	*state = place;
	return 0;
}

static int teardown(void **state)
{
	struct place *place = *state;
	static const char *const suffixes[] = {"", "-wal", "-shm", "-journal"};

	for (size_t i = 0; i < 4; i++) {
		char path[128];

		snprintf(path, sizeof(path), "%s%s", place->path, suffixes[i]);
		unlink(path);
	}
	chmod(place->dir, 0700);
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

/* Runs SQL as an operator with the sqlite3 tool would; the text of its last value. */
static void sql(const struct place *place, const char *text, char *ret, size_t room)
{
	sqlite3_stmt *stmt = NULL;
	sqlite3 *db = NULL;

	assert_int_equal(sqlite3_open(place->path, &db), SQLITE_OK);
	while (*text) {
		assert_int_equal(sqlite3_prepare_v2(db, text, -1, &stmt, &text), SQLITE_OK);
		if (sqlite3_step(stmt) == SQLITE_ROW && ret)
			snprintf(ret, room, "%s", (const char *)sqlite3_column_text(stmt, 0));
		sqlite3_finalize(stmt);
	}
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
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

static void commit(struct store *store, const struct lease_row *rows, size_t n)
{
	struct store_error error = {.text = ""};

	if (store->ops->commit(store, rows, n, &error) < 0)
		fail_msg("%s", error.text);
}

struct loaded {
	struct lease_row rows[64];
	char network[64][32];
	char hostname[64][32];
	uint8_t key[64][LEASE_KEY_LEN];
	struct lease_way way[64]; /* without a link: none */
	char path[64][64];
	size_t n;
};

static void take(void *arg, const struct lease_row *row)
{
	struct loaded *loaded = arg;

	snprintf(loaded->network[loaded->n], 32, "%s", row->network);
	snprintf(loaded->hostname[loaded->n], 32, "%s", row->hostname ? row->hostname : "");
	snprintf(loaded->path[loaded->n], 64, "%s", row->path ? row->path : "");
	memset(loaded->key[loaded->n], 0, LEASE_KEY_LEN);
	loaded->way[loaded->n] = row->way ? *row->way : (struct lease_way){.link = ""};
	if (row->key)
		memcpy(loaded->key[loaded->n], row->key, LEASE_KEY_LEN);
	loaded->rows[loaded->n++] = *row;
}

static void load(struct store *store, struct loaded *ret)
{
	struct store_error error = {.text = ""};

	ret->n = 0;
	if (store->ops->load(store, take, ret, &error) < 0)
		fail_msg("%s", error.text);
}

static void assert_row(const struct loaded *loaded, size_t i, const struct lease_row *row)
{
	const struct lease_row *got = &loaded->rows[i];

	assert_int_equal(got->kind, row->kind);
	assert_int_equal(got->state, row->state);
	assert_int_equal(got->mac_source, row->mac_source);
	assert_true(got->rowid == row->rowid);
	assert_string_equal(loaded->network[i], row->network);
	assert_true(ip6_equal(&got->addr, &row->addr));
	assert_int_equal(got->plen, row->plen);
	assert_memory_equal(got->mac, row->mac, 6);
	assert_int_equal(got->iaid, row->iaid);
	assert_int_equal(got->preferred, row->preferred);
	assert_int_equal(got->valid, row->valid);
	assert_true(got->since == row->since);
	assert_true(got->until == row->until);
	assert_true(duid_equal(&got->duid, &row->duid));
}

static void rows_come_back_as_they_were(void **state)
{
	struct lease_row rows[4] = {row_of(1), row_of(2), row_of(3), row_of(9)};
	struct loaded *loaded = mem_new(1, sizeof(*loaded));
	struct store *store = open_store(*state);

	rows[1].kind = LEASE_PD;
	rows[1].plen = 56;
	assert_true(ip6_parse("2001:db8:ff00::", &rows[1].addr));
	rows[1].network = "it's \"b\"";
	rows[1].until = INT64_MAX;
	rows[1].valid = rows[1].preferred = UINT32_MAX;
	rows[1].iaid = UINT32_MAX;
	rows[1].mac_source = LEASE_MAC_NONE;
	rows[2].state = LEASE_DECLINED;
	rows[2].mac_source = LEASE_MAC_RELAY;
	memcpy(rows[2].mac, "\x02\xff\0\x01\x80\x09", 6);
	rows[2].since = -5;
	rows[3].state = LEASE_EXPIRED;
	rows[3].duid.len = DUID_MAX;
	memset(rows[3].duid.bytes, 0xfe, DUID_MAX);
	commit(store, rows, 4);
	load(store, loaded);
	assert_int_equal(loaded->n, 4);
	store_close(store);

	store = open_store(*state);
	load(store, loaded);
	assert_int_equal(loaded->n, 4);
	for (size_t i = 0; i < 4; i++)
		assert_row(loaded, i, &rows[i]);
	store_close(store);
	free(loaded);
}

static void a_row_is_replaced_and_deleted_by_its_id(void **state)
{
	struct lease_row rows[3] = {row_of(1), row_of(2), row_of(3)};
	struct loaded *loaded = mem_new(1, sizeof(*loaded));
	struct store *store = open_store(*state);

	commit(store, rows, 3);
	rows[0].state = LEASE_RELEASED;
	rows[1] = (struct lease_row){.op = LEASE_ROW_DELETE, .rowid = 2};
	rows[2] = (struct lease_row){.op = LEASE_ROW_DELETE, .rowid = 77};
	commit(store, rows, 3);
	load(store, loaded);
	assert_int_equal(loaded->n, 2);
	assert_row(loaded, 0, &rows[0]);
	assert_int_equal(loaded->rows[1].rowid, 3);
	store_close(store);
	free(loaded);
}

static void people_can_read_it(void **state)
{
	struct lease_row row = row_of(1);
	struct store *store = open_store(*state);
	char text[256];

	commit(store, &row, 1);
	store_close(store);
	sql(*state,
	    "SELECT network || ' ' || kind || ' ' || address || '/' || length || ' ' || duid || ' '"
	    " || iaid || ' ' || state || ' ' || since || ' ' || until || ' ' || mac_source"
	    " FROM leases",
	    text, sizeof(text));
	assert_string_equal(text, "tenant-a NA 2001:db8:1:2::1001/128 00:03:00:01:02:00:00:00:00:01"
				  " 7 active 2023-11-14 22:13:20 2023-11-14 23:13:20 duid");
	sql(*state, "SELECT value FROM meta WHERE name = 'schema'", text, sizeof(text));
	assert_string_equal(text, "4");
}

static void a_lease_takes_at_most_150_octets(void **state)
{
	struct lease_row *rows = mem_new(4096, sizeof(*rows));
	struct place *place = *state;
	struct store *store = open_store(place);
	struct stat st;

	for (size_t i = 0; i < 4096; i++)
		rows[i] = row_of(1000000 + i);
	commit(store, rows, 4096);
	store_close(store);
	assert_int_equal(stat(place->path, &st), 0);
	assert_true(st.st_size < 150 * 4096);
	free(rows);
}

static void the_file_is_not_for_everybody(void **state)
{
	struct place *place = *state;
	struct store *store = open_store(place);
	struct stat st;

	assert_int_equal(stat(place->path, &st), 0);
	assert_int_equal(st.st_mode & 07, 0);
	store_close(store);
}

static void settings_are_kept(void **state)
{
	struct store_error error = {.text = ""};
	struct store *store = open_store(*state);
	uint8_t key[16];

	assert_int_equal(store->ops->meta_get(store, "key", key, sizeof(key), &error), 0);
	assert_int_equal(store->ops->meta_put(store, "key", "\0one", 4, &error), 0);
	assert_int_equal(store->ops->meta_put(store, "key", "\0two!", 5, &error), 0);
	store_close(store);
	store = open_store(*state);
	assert_int_equal(store->ops->meta_get(store, "key", key, sizeof(key), &error), 5);
	assert_memory_equal(key, "\0two!", 5);
	assert_int_equal(store->ops->meta_get(store, "key", key, 2, &error), 2);
	store_close(store);
}

static void hostnames_and_keys_are_kept(void **state)
{
	static const uint8_t key[LEASE_KEY_LEN] = "\x01key of sixteen";
	struct lease_row rows[2] = {row_of(1), row_of(2)};
	struct store *store = open_store(*state);
	struct loaded loaded;
	char text[64];

	rows[0].hostname = "web1.example.org";
	rows[0].key = key;
	commit(store, rows, 2);
	store_close(store);
	sql(*state, "SELECT hostname FROM leases WHERE id = 1", text, sizeof(text));
	assert_string_equal(text, "web1.example.org");
	store = open_store(*state);
	load(store, &loaded);
	assert_int_equal(loaded.n, 2);
	assert_string_equal(loaded.hostname[0], "web1.example.org");
	assert_memory_equal(loaded.key[0], key, LEASE_KEY_LEN);
	assert_string_equal(loaded.hostname[1], "");
	assert_null(loaded.rows[1].key);
	store_close(store);
}

static void ways_are_kept(void **state)
{
	struct lease_way way = {.link = "tap0123456789ab", .via.s6_addr = {0xfe, 0x80, [15] = 7}};
	struct lease_row rows[2] = {row_of(1), row_of(2)};
	struct store *store = open_store(*state);
	struct loaded loaded;
	char text[64];

	rows[0].way = &way;
	commit(store, rows, 2);
	store_close(store);
	sql(*state, "SELECT link || ' ' || via FROM leases WHERE id = 1", text, sizeof(text));
	assert_string_equal(text, "tap0123456789ab fe80::7");
	store = open_store(*state);
	load(store, &loaded);
	assert_int_equal(loaded.n, 2);
	assert_memory_equal(&loaded.way[0], &way, sizeof(way));
	assert_string_equal(loaded.way[1].link, "");
	store_close(store);
}

static void paths_are_kept(void **state)
{
	static const char path[] = "eth0 2001:db8:9::1 547 :: 0d00,0d01";
	struct lease_row rows[2] = {row_of(1), row_of(2)};
	struct store *store = open_store(*state);
	struct loaded loaded;

	rows[0].path = path;
	commit(store, rows, 2);
	store_close(store);
	store = open_store(*state);
	load(store, &loaded);
	assert_int_equal(loaded.n, 2);
	assert_string_equal(loaded.path[0], path);
	assert_string_equal(loaded.path[1], "");
	store_close(store);
}

static void count_lease(void *arg, const struct store_record *record)
{
	size_t *count = arg;

	*count += record->is_row && record->n == STORE_COLUMNS_MAX &&
		  record->columns[STORE_COLUMNS_MAX - 1].len == LEASE_PATH_ROOM - 1;
}

/* Salvage reads no record that goes on on another page. */
static void the_longest_row_stays_on_its_page(void **state)
{
	const struct place *place = *state;
	struct lease_way way = {.link = "tap0123456789ab", .via.s6_addr = {0xfe, 0x80, [15] = 7}};
	char hostname[LEASE_HOSTNAME_ROOM], path[LEASE_PATH_ROOM];
	uint8_t key[LEASE_KEY_LEN] = {1};
	struct lease_row row = row_of(1);
	struct store *store = open_store(place);
	struct store_pages_count pages;
	size_t count = 0;
	int fd;

	memset(hostname, 'x', sizeof(hostname) - 1);
	memset(path, 'x', sizeof(path) - 1);
	hostname[sizeof(hostname) - 1] = path[sizeof(path) - 1] = '\0';
	row.duid.len = DUID_MAX;
	memset(row.duid.bytes, 0xff, DUID_MAX);
	row.mac_source = LEASE_MAC_RELAY;
	row.iaid = row.preferred = row.valid = UINT32_MAX;
	row.since = row.until = INT64_C(1) << 40;
	row.hostname = hostname;
	row.key = key;
	row.way = &way;
	row.path = path;
	commit(store, &row, 1);
	store_close(store);
	fd = open(place->path, O_RDONLY);
	assert_int_equal(store_pages_read(fd, -1, count_lease, &count, &pages), 0);
	close(fd);
	assert_int_equal(count, 1);
}

static void a_bad_way_stops_the_load(void **state)
{
	static const char *const bad[] = {
		"link = 'eth1', via = NULL",
		"link = NULL, via = 'fe80::1'",
		"link = 'longer-than-fifteen', via = 'fe80::1'",
		"link = 'eth1', via = 'somewhere'",
	};
	struct lease_row row = row_of(1);
	struct store *store = open_store(*state);

	commit(store, &row, 1);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct store_error error = {.text = ""};
		struct loaded loaded = {.n = 0};
		char update[128];

		snprintf(update, sizeof(update), "UPDATE lease SET %s", bad[i]);
		sql(*state, update, NULL, 0);
		assert_true(store->ops->load(store, take, &loaded, &error) < 0);
		assert_non_null(strstr(error.text, "link and via: an interface"));
	}
	store_close(store);
}

/* The tables as the first version made them, with a lease in them. */
static const char schema_1[] =
	"PRAGMA journal_mode = WAL;"
	"PRAGMA application_id = 1400403054;"
	"PRAGMA user_version = 1;"
	"CREATE TABLE meta (name TEXT PRIMARY KEY, value) WITHOUT ROWID;"
	"INSERT INTO meta VALUES ('schema', 1);"
	"CREATE TABLE network (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);"
	"CREATE TABLE lease (id INTEGER PRIMARY KEY,"
	" network INTEGER NOT NULL REFERENCES network (id), kind TEXT NOT NULL,"
	" address TEXT NOT NULL, length INTEGER NOT NULL, duid TEXT NOT NULL,"
	" iaid INTEGER NOT NULL, state TEXT NOT NULL, preferred INTEGER NOT NULL,"
	" valid INTEGER NOT NULL, since INTEGER NOT NULL, until INTEGER, mac TEXT,"
	" mac_source TEXT);"
	"CREATE VIEW leases AS"
	" SELECT lease.id, network.name AS network, kind, address, length, duid, iaid, state,"
	" preferred, valid, datetime(since, 'unixepoch') AS since,"
	" datetime(until, 'unixepoch') AS until, mac, mac_source"
	" FROM lease JOIN network ON network.id = lease.network;"
	"INSERT INTO network VALUES (1, 'tenant-a');"
	"INSERT INTO lease VALUES (1, 1, 'NA', '2001:db8:1:2::1001', 128,"
	" '00:03:00:01:02:00:00:00:00:01', 7, 'active', 1800, 3600, 1700000000, 1700003600, NULL,"
	" 'duid');";

static void assert_present_schema(struct place *place)
{
	char text[64];

	sql(place, "PRAGMA user_version", text, sizeof(text));
	assert_string_equal(text, "4");
	sql(place, "SELECT value FROM meta WHERE name = 'schema'", text, sizeof(text));
	assert_string_equal(text, "4");
	sql(place, "SELECT count(*) FROM leases WHERE link IS NULL", text, sizeof(text));
}

static void schema_1_becomes_the_present_one(void **state)
{
	struct lease_row old = row_of(1), new = row_of(2);
	struct store *store;
	struct loaded loaded;
	char text[64];

	sql(*state, schema_1, NULL, 0);
	store = open_store(*state);
	new.hostname = "new.example.org";
	commit(store, &new, 1);
	load(store, &loaded);
	assert_int_equal(loaded.n, 2);
	assert_row(&loaded, 0, &old);
	assert_string_equal(loaded.hostname[0], "");
	assert_row(&loaded, 1, &new);
	assert_string_equal(loaded.hostname[1], "new.example.org");
	store_close(store);
	assert_present_schema(*state);
	sql(*state, "SELECT hostname FROM leases WHERE id = 2", text, sizeof(text));
	assert_string_equal(text, "new.example.org");
	store_close(open_store(*state));
}

static void schema_2_becomes_the_present_one(void **state)
{
	struct lease_way way = {.link = "eth1", .via.s6_addr = {0xfe, 0x80, [15] = 9}};
	struct lease_row old = row_of(1), new = row_of(2);
	struct store *store;
	struct loaded loaded;

	sql(*state, schema_1, NULL, 0);
	sql(*state,
	    "ALTER TABLE lease ADD COLUMN hostname TEXT;"
	    "ALTER TABLE lease ADD COLUMN reconfigure_key TEXT;"
	    "UPDATE meta SET value = 2 WHERE name = 'schema'; PRAGMA user_version = 2;",
	    NULL, 0);
	store = open_store(*state);
	new.way = &way;
	commit(store, &new, 1);
	load(store, &loaded);
	assert_int_equal(loaded.n, 2);
	assert_row(&loaded, 0, &old);
	assert_string_equal(loaded.way[0].link, "");
	assert_row(&loaded, 1, &new);
	assert_memory_equal(&loaded.way[1], &way, sizeof(way));
	store_close(store);
	assert_present_schema(*state);
}

static void schema_3_becomes_the_present_one(void **state)
{
	struct lease_row old = row_of(1), new = row_of(2);
	struct store *store;
	struct loaded loaded;
	char text[64];

	sql(*state, schema_1, NULL, 0);
	sql(*state,
	    "ALTER TABLE lease ADD COLUMN hostname TEXT;"
	    "ALTER TABLE lease ADD COLUMN reconfigure_key TEXT;"
	    "ALTER TABLE lease ADD COLUMN link TEXT;"
	    "ALTER TABLE lease ADD COLUMN via TEXT;"
	    "DROP VIEW leases; CREATE VIEW leases AS SELECT *, hostname AS seen FROM lease;"
	    "UPDATE lease SET link = 'eth1', via = 'fe80::9';"
	    "UPDATE meta SET value = 3 WHERE name = 'schema'; PRAGMA user_version = 3;",
	    NULL, 0);
	store = open_store(*state);
	new.path = "eth1 fe80::9 546 ::";
	commit(store, &new, 1);
	load(store, &loaded);
	assert_int_equal(loaded.n, 2);
	assert_row(&loaded, 0, &old);
	assert_string_equal(loaded.way[0].link, "eth1");
	assert_string_equal(loaded.path[0], "");
	assert_row(&loaded, 1, &new);
	assert_string_equal(loaded.path[1], new.path);
	store_close(store);
	assert_present_schema(*state);
	/* The view that people have is left as it was. */
	sql(*state, "SELECT count(*) FROM leases WHERE seen IS NULL", text, sizeof(text));
	assert_string_equal(text, "2");
}

static void a_bad_key_stops_the_load(void **state)
{
	struct lease_row row = row_of(1);
	struct store *store = open_store(*state);
	struct store_error error = {.text = ""};
	struct loaded loaded = {.n = 0};

	commit(store, &row, 1);
	sql(*state, "UPDATE lease SET reconfigure_key = '00:01'", NULL, 0);
	assert_true(store->ops->load(store, take, &loaded, &error) < 0);
	assert_non_null(strstr(error.text, "reconfigure_key: 16 octets"));
	store_close(store);
}

/* --- refusals ------------------------------------------------------------------------------ */

static void an_unknown_driver_is_refused(void **state)
{
	struct store_error error;
	struct store *store;

	(void)state;
	assert_int_equal(store_open("pgsql:x y", &store, &error), -EINVAL);
	assert_string_equal(error.text, "no driver for the store \"pgsql:x\\x20y\": write "
					"sqlite:PATH, such as sqlite:/var/lib/sextant/leases.db");
	assert_int_equal(store_open("/var/lib/sextant/leases.db", &store, &error), -EINVAL);
	assert_int_equal(store_open("sqlite", &store, &error), -EINVAL);
}

static void another_schema_is_refused(void **state)
{
	store_close(open_store(*state));
	sql(*state, "PRAGMA user_version = 5", NULL, 0);
	assert_int_equal(refused(*state, "is schema 5, this sextantd knows 4: run the sextantd "
					 "that wrote it, or move the file away"),
			 -EPROTONOSUPPORT);
}

static void a_database_of_another_program_is_refused(void **state)
{
	sql(*state, "CREATE TABLE songs (name TEXT)", NULL, 0);
	refused(*state, "is a database of another program");
}

static void what_is_no_database_is_refused(void **state)
{
	struct place *place = *state;
	FILE *file = fopen(place->path, "w");

	assert_non_null(file);
	for (int i = 0; i < 1000; i++)
		fputs("this is not a database\n", file);
	fclose(file);
	assert_int_equal(refused(place, "damaged, or not an SQLite database"), -EBADMSG);
}

static void a_missing_directory_is_named(void **state)
{
	struct place place = *(struct place *)*state;

	snprintf(place.spec, sizeof(place.spec), "sqlite:%s/none/leases.db", place.dir);
	assert_int_equal(refused(&place, "it, or its directory, does not exist"), -ENOENT);
}

static void a_directory_is_refused(void **state)
{
	struct place place = *(struct place *)*state;

	snprintf(place.spec, sizeof(place.spec), "sqlite:%s", place.dir);
	refused(&place, "cannot open it");
}

static void a_second_daemon_is_refused(void **state)
{
	struct store *store = open_store(*state);
	int status;
	pid_t child = fork();

	assert_true(child >= 0);
	if (child == 0) {
		struct store_error error = {.text = ""};
		struct store *second = NULL;
		struct place *place = *state;

		status = store_open(place->spec, &second, &error);
		_exit(status == -EBUSY && strstr(error.text, "another sextantd is using it") ? 0
											     : 1);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	store_close(store);
}

static void what_cannot_be_written_is_refused(void **state)
{
	struct place *place = *state;

	if (geteuid() == 0)
		skip();
	store_close(open_store(place));
	assert_int_equal(chmod(place->path, 0400), 0);
	refused(place, "must belong to sextantd's user");
}

static void a_row_that_is_no_lease_is_named(void **state)
{
	static const struct {
		const char *change;
		const char *message;
	} cases[] = {
		{"address = '2001:db8::g'", "address: an IPv6 address"},
		{"address = NULL", "address: an IPv6 address"},
		{"kind = 'TA'", "kind: NA, PD or REG"},
		{"length = 129", "length: 1 to 128"},
		{"length = 'x'", "length: 1 to 128"},
		{"duid = '00'", "duid: 3 to 130 octets"},
		{"iaid = -1", "iaid: 0 to 4294967295"},
		{"state = 'offered'", "state: active, released, expired or declined"},
		{"valid = 4294967296", "valid: seconds"},
		{"preferred = 1.5", "preferred: seconds"},
		{"since = NULL", "since: Unix seconds"},
		{"until = 'tomorrow'", "until: Unix seconds, or NULL"},
		{"mac_source = 'guess'", "mac_source: frame, relay, duid or NULL"},
		{"mac_source = 'frame'", "mac: six octets"},
		{"network = 5", "network: the id of a row of table network"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct lease_row rows[2] = {row_of(1), row_of(2)};
		struct store_error error = {.text = ""};
		struct store *store = open_store(*state);
		struct loaded *loaded = mem_new(1, sizeof(*loaded));
		char change[128];

		rows[1].until = INT64_MAX;
		commit(store, rows, 2);
		store_close(store);
		snprintf(change, sizeof(change),
			 "CREATE TABLE new AS SELECT * FROM lease;"
			 "DROP VIEW leases; DROP TABLE lease;");
		sql(*state, change, NULL, 0);
		snprintf(change, sizeof(change),
			 "ALTER TABLE new RENAME TO lease; UPDATE lease SET %s WHERE id = 2",
			 cases[i].change);
		sql(*state, change, NULL, 0);
		store = open_store(*state);
		assert_int_equal(store->ops->load(store, take, loaded, &error), -EBADMSG);
		if (!strstr(error.text, cases[i].message) ||
		    !strstr(error.text, "'DELETE FROM lease WHERE id = 2'"))
			fail_msg("%s: %s", cases[i].change, error.text);
		store_close(store);
		free(loaded);
		unlink(((struct place *)*state)->path);
	}
}

/* --- commits that fail --------------------------------------------------------------------- */

static void limit_files(rlim_t octets)
{
	struct rlimit limit;

	assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
	limit.rlim_cur = octets;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void a_full_disk_stores_nothing_and_is_survived(void **state)
{
	struct lease_row *rows = mem_new(2000, sizeof(*rows));
	struct loaded *loaded = mem_new(1, sizeof(*loaded));
	struct store_error error = {.text = ""};
	struct store *store = open_store(*state);

	signal(SIGXFSZ, SIG_IGN);
	for (size_t i = 0; i < 2000; i++)
		rows[i] = row_of(i + 1);
	commit(store, rows, 1);
	limit_files(64 * 1024);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(store->ops->commit(store, rows + 1, 1999, &error), -ENOSPC);
		assert_non_null(strstr(error.text, "no space left on its disk"));
	}
	limit_files(RLIM_INFINITY);
	load(store, loaded);
	assert_int_equal(loaded->n, 1);
	commit(store, rows + 1, 10);
	store_close(store);
	store = open_store(*state);
	load(store, loaded);
	assert_int_equal(loaded->n, 11);
	store_close(store);
	free(loaded);
	free(rows);
}

/* A new, empty file would silently be without what was stored before. */
static void a_file_that_went_away_is_not_made_again(void **state)
{
	struct place *place = *state;
	struct lease_row *rows = mem_new(2000, sizeof(*rows));
	struct store_error error = {.text = ""};
	struct store *store = open_store(place);

	signal(SIGXFSZ, SIG_IGN);
	for (size_t i = 0; i < 2000; i++)
		rows[i] = row_of(i + 1);
	limit_files(64 * 1024);
	assert_true(store->ops->commit(store, rows, 2000, &error) < 0);
	limit_files(RLIM_INFINITY);
	assert_int_equal(unlink(place->path), 0);
	assert_int_equal(store->ops->commit(store, rows, 1, &error), -ENOENT);
	assert_non_null(strstr(error.text, "put the file back"));
	store_close(store);
	free(rows);
}

static void a_commit_is_there_after_a_kill(void **state)
{
	struct loaded *loaded = mem_new(1, sizeof(*loaded));
	int status;
	pid_t child = fork();

	assert_true(child >= 0);
	if (child == 0) {
		struct lease_row rows[2] = {row_of(1), row_of(2)};
		struct store_error error = {.text = ""};
		struct place *place = *state;
		struct store *store = NULL;

		if (store_open(place->spec, &store, &error) == 0 &&
		    store->ops->commit(store, rows, 2, &error) == 0)
			raise(SIGKILL);
		_exit(1);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status));
	struct store *store = open_store(*state);

	load(store, loaded);
	assert_int_equal(loaded->n, 2);
	store_close(store);
	free(loaded);
}

static void others_can_read_it_meanwhile(void **state)
{
	struct place *place = *state;
	struct lease_row row = row_of(1);
	struct store *store = open_store(place);
	sqlite3_stmt *stmt;
	sqlite3 *db;

	commit(store, &row, 1);
	assert_int_equal(sqlite3_open_v2(place->path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(db, "SELECT count(*) FROM leases", -1, &stmt, NULL),
			 SQLITE_OK);
	assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
	assert_int_equal(sqlite3_column_int(stmt, 0), 1);
	/* A reader in the middle of a transaction does not keep leases from being stored. */
	row = row_of(2);
	commit(store, &row, 1);
	sqlite3_finalize(stmt);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
	store_close(store);
}

static sqlite3_int64 log_size(const struct place *place)
{
	char name[sizeof(place->path) + sizeof("-wal")];
	struct stat st;

	snprintf(name, sizeof(name), "%s-wal", place->path);
	assert_int_equal(stat(name, &st), 0);
	return st.st_size;
}

/* Commits rows of their own, with the upkeep after it; what that said. */
static int commit_and_keep(struct store *store, struct lease_row *rows, size_t n)
{
	struct store_error error = {.text = ""};
	bool more;
	int status;

	for (size_t i = 0; i < n; i++)
		rows[i].since++;
	commit(store, rows, n);
	status = store->ops->upkeep(store, &more, &error);
	assert_int_equal(status < 0, strstr(error.text, "another program reads") != NULL);
	return status;
}

static void the_log_is_brought_in(void **state)
{
	struct lease_row *rows = mem_new(2048, sizeof(*rows));
	struct store *store = open_store(*state);

	for (size_t i = 0; i < 2048; i++)
		rows[i] = row_of(i + 1);
	/* Far more in all than the longest log there may be: 17 MiB, and what it grows ahead. */
	for (size_t i = 0; i < 200; i++)
		assert_int_equal(commit_and_keep(store, rows, 2048), 0);
	assert_in_range(log_size(*state), 1, 18 << 20);
	store_close(store);
	free(rows);
}

static void a_log_that_a_reader_keeps_growing_is_said(void **state)
{
	enum { ROWS = 16384 };
	struct lease_row *rows = mem_new(ROWS, sizeof(*rows));
	struct place *place = *state;
	struct store *store = open_store(place);
	int status = 0, commits = 0;
	sqlite3_stmt *stmt;
	sqlite3 *db;

	for (size_t i = 0; i < ROWS; i++)
		rows[i] = row_of(i + 1);
	commit(store, rows, 2);
	assert_int_equal(sqlite3_open_v2(place->path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(db, "SELECT * FROM leases", -1, &stmt, NULL),
			 SQLITE_OK);
	assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
	while (status == 0 && ++commits < 100)
		status = commit_and_keep(store, rows, ROWS);
	assert_int_equal(status, -EBUSY);
	assert_in_range(log_size(place), 32 << 20, 48 << 20);
	assert_int_equal(commit_and_keep(store, rows, 1), -EBUSY);
	sqlite3_finalize(stmt);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
	/* What is left is brought in now, and the log begun anew, and short. */
	commits = 0;
	while (commit_and_keep(store, rows, ROWS) < 0)
		assert_true(++commits < 20);
	assert_in_range(log_size(place), 1, 18 << 20);
	store_close(store);
	free(rows);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(rows_come_back_as_they_were),
		TEST(a_row_is_replaced_and_deleted_by_its_id),
		TEST(people_can_read_it),
		TEST(a_lease_takes_at_most_150_octets),
		TEST(the_file_is_not_for_everybody),
		TEST(settings_are_kept),
		TEST(an_unknown_driver_is_refused),
		TEST(hostnames_and_keys_are_kept),
		TEST(ways_are_kept),
		TEST(paths_are_kept),
		TEST(the_longest_row_stays_on_its_page),
		TEST(a_bad_way_stops_the_load),
		TEST(schema_1_becomes_the_present_one),
		TEST(schema_2_becomes_the_present_one),
		TEST(schema_3_becomes_the_present_one),
		TEST(a_bad_key_stops_the_load),
		TEST(another_schema_is_refused),
		TEST(a_database_of_another_program_is_refused),
		TEST(what_is_no_database_is_refused),
		TEST(a_missing_directory_is_named),
		TEST(a_directory_is_refused),
		TEST(a_second_daemon_is_refused),
		TEST(what_cannot_be_written_is_refused),
		TEST(a_row_that_is_no_lease_is_named),
		TEST(a_full_disk_stores_nothing_and_is_survived),
		TEST(a_file_that_went_away_is_not_made_again),
		TEST(a_commit_is_there_after_a_kill),
		TEST(others_can_read_it_meanwhile),
		TEST(the_log_is_brought_in),
		TEST(a_log_that_a_reader_keeps_growing_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: ISC */
/*
 * Leases as rows of the SQLite store: writing them, and reading them back with suspicion, since
 * people can edit the file.
 *
 * A row that does not hold a lease stops the load: whoever skipped it could give an address away
 * that a client was told it has. The message names the row, what is wrong, and how to remove it.
 */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "lease/store_sqlite.h"

#define MAC_TEXT_LEN 18
#define KEY_TEXT_LEN (3 * LEASE_KEY_LEN)

/* Columns of `put` and of LOAD_SQL, in this order. */
enum column {
	COL_ID,
	COL_NETWORK, /* put: its number; load: its name */
	COL_KIND,
	COL_ADDRESS,
	COL_LENGTH,
	COL_DUID,
	COL_IAID,
	COL_STATE,
	COL_PREFERRED,
	COL_VALID,
	COL_SINCE,
	COL_UNTIL,
	COL_MAC,
	COL_MAC_SOURCE,
	COL_HOSTNAME,
	COL_KEY,
	COL_LINK,
	COL_VIA,
	COL_PATH,
};

static const char put_sql[] =
	"REPLACE INTO lease VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

#define LOAD_SQL                                                                                     \
	"SELECT lease.id, network.name, kind, address, length, duid, iaid, state, preferred, valid," \
	" since, until, mac, mac_source, hostname, reconfigure_key, link, via,"                      \
	" reconfigure_path"                                                                          \
	" FROM lease LEFT JOIN network ON network.id = lease.network "

static const char *const mac_sources[] = {
	[LEASE_MAC_FRAME] = "frame",
	[LEASE_MAC_RELAY] = "relay",
	[LEASE_MAC_DUID] = "duid",
};

/* --- statements ---------------------------------------------------------------------------- */

int store_sqlite_prepare(struct store_sqlite *store)
{
	const struct {
		sqlite3_stmt **stmt;
		const char *sql;
	} all[] = {
		{&store->begin, "BEGIN IMMEDIATE"},
		{&store->commit, "COMMIT"},
		{&store->put, put_sql},
		{&store->del, "DELETE FROM lease WHERE id = ?"},
		{&store->network_get, "SELECT id FROM network WHERE name = ?"},
		{&store->network_put, "INSERT INTO network (name) VALUES (?)"},
	};
	int rc = SQLITE_OK;

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]) && rc == SQLITE_OK; i++)
		rc = sqlite3_prepare_v3(store->db, all[i].sql, -1, SQLITE_PREPARE_PERSISTENT,
					all[i].stmt, NULL);
	return rc;
}

void store_sqlite_unprepare(struct store_sqlite *store)
{
	sqlite3_stmt **all[] = {&store->begin, &store->commit,      &store->put,
				&store->del,   &store->network_get, &store->network_put};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		sqlite3_finalize(*all[i]);
		*all[i] = NULL;
	}
	/* A network that was new in a transaction that failed is not there. */
	for (size_t i = 0; i < STORE_NETWORK_CACHE; i++) {
		free(store->networks[i].name);
		store->networks[i].name = NULL;
	}
}

/*
 * Runs a statement that gives no rows, and makes it ready for its next use. On failure errno is
 * what the system said, or 0: SQLite does not keep it when it is COMMIT that fails.
 */
static int run(sqlite3_stmt *stmt)
{
	int rc, error;

	errno = 0;
	rc = sqlite3_step(stmt);
	error = errno;
	sqlite3_reset(stmt);
	errno = error;
	return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

/* --- writing ------------------------------------------------------------------------------- */

static int find_network(struct store_sqlite *store, const char *name, int64_t *ret)
{
	sqlite3_stmt *get = store->network_get;
	int rc = sqlite3_bind_text(get, 1, name, -1, SQLITE_STATIC);

	if (rc == SQLITE_OK)
		rc = sqlite3_step(get);
	if (rc == SQLITE_ROW)
		*ret = sqlite3_column_int64(get, 0);
	sqlite3_reset(get);
	if (rc != SQLITE_DONE)
		return rc == SQLITE_ROW ? SQLITE_OK : rc;
	rc = sqlite3_bind_text(store->network_put, 1, name, -1, SQLITE_STATIC);
	if (rc == SQLITE_OK)
		rc = run(store->network_put);
	*ret = sqlite3_last_insert_rowid(store->db);
	return rc;
}

/* Names are those of the lease table, so their addresses tell them apart almost always. */
static int need_network(struct store_sqlite *store, const char *name, int64_t *ret)
{
	struct store_network *known =
		&store->networks[((uintptr_t)name >> 4) % STORE_NETWORK_CACHE];
	int rc;

	if (!known->name || strcmp(known->name, name) != 0) {
		rc = find_network(store, name, ret);
		if (rc != SQLITE_OK)
			return rc;
		free(known->name);
		*known = (struct store_network){.name = mem_strdup(name), .id = *ret};
	}
	*ret = known->id;
	return SQLITE_OK;
}

/* The text must stay until the statement has run. */
static int bind_text(sqlite3_stmt *stmt, enum column column, const char *s)
{
	return sqlite3_bind_text(stmt, (int)column + 1, s, -1, SQLITE_STATIC);
}

static int bind_number(sqlite3_stmt *stmt, enum column column, int64_t value)
{
	return sqlite3_bind_int64(stmt, (int)column + 1, value);
}

static int bind_null(sqlite3_stmt *stmt, enum column column)
{
	return sqlite3_bind_null(stmt, (int)column + 1);
}

static int bind_mac(sqlite3_stmt *put, const struct lease_row *row, char mac[MAC_TEXT_LEN])
{
	struct text text;
	int rc;

	text_init(&text, mac, MAC_TEXT_LEN);
	text_put_hex(&text, row->mac, sizeof(row->mac), ':');
	if (row->mac_source == LEASE_MAC_NONE || row->mac_source == LEASE_MAC_DUID)
		rc = bind_null(put, COL_MAC);
	else
		rc = bind_text(put, COL_MAC, mac);
	rc |= row->mac_source == LEASE_MAC_NONE
		      ? bind_null(put, COL_MAC_SOURCE)
		      : bind_text(put, COL_MAC_SOURCE, mac_sources[row->mac_source]);
	return rc;
}

static int bind_extra(sqlite3_stmt *put, const struct lease_row *row, char key[KEY_TEXT_LEN])
{
	struct text text;
	int rc;

	text_init(&text, key, KEY_TEXT_LEN);
	if (row->key)
		text_put_hex(&text, row->key, LEASE_KEY_LEN, ':');
	rc = row->hostname ? bind_text(put, COL_HOSTNAME, row->hostname)
			   : bind_null(put, COL_HOSTNAME);
	rc |= row->key ? bind_text(put, COL_KEY, key) : bind_null(put, COL_KEY);
	return rc;
}

static int bind_way(sqlite3_stmt *put, const struct lease_way *way, char via[IP6_TEXT_LEN])
{
	struct text text;

	if (!way)
		return bind_null(put, COL_LINK) | bind_null(put, COL_VIA);
	text_init(&text, via, IP6_TEXT_LEN);
	text_put_ip6(&text, &way->via);
	return bind_text(put, COL_LINK, way->link) | bind_text(put, COL_VIA, via);
}

static int put_row(struct store_sqlite *store, const struct lease_row *row)
{
	MEM_UNINITIALIZED char address[IP6_TEXT_LEN], duid[DUID_TEXT_LEN];
	MEM_UNINITIALIZED char mac[MAC_TEXT_LEN], key[KEY_TEXT_LEN], via[IP6_TEXT_LEN];
	sqlite3_stmt *put = store->put;
	struct text text;
	int64_t network = 0;
	int rc = need_network(store, row->network, &network);

	if (rc != SQLITE_OK)
		return rc;
	text_init(&text, address, sizeof(address));
	text_put_ip6(&text, &row->addr);
	text_init(&text, duid, sizeof(duid));
	duid_text(&row->duid, &text);
	rc = bind_number(put, COL_ID, (int64_t)row->rowid);
	rc |= bind_number(put, COL_NETWORK, network);
	rc |= bind_text(put, COL_KIND, lease_kind_name(row->kind));
	rc |= bind_text(put, COL_ADDRESS, address);
	rc |= bind_number(put, COL_LENGTH, row->plen);
	rc |= bind_text(put, COL_DUID, duid);
	rc |= bind_number(put, COL_IAID, row->iaid);
	rc |= bind_text(put, COL_STATE, lease_state_name(row->state));
	rc |= bind_number(put, COL_PREFERRED, row->preferred);
	rc |= bind_number(put, COL_VALID, row->valid);
	rc |= bind_number(put, COL_SINCE, row->since);
	rc |= row->until == INT64_MAX ? bind_null(put, COL_UNTIL)
				      : bind_number(put, COL_UNTIL, row->until);
	rc |= bind_mac(put, row, mac);
	rc |= bind_extra(put, row, key);
	rc |= bind_way(put, row->way, via);
	rc |= row->path ? bind_text(put, COL_PATH, row->path) : bind_null(put, COL_PATH);
	return rc == SQLITE_OK ? run(put) : SQLITE_NOMEM;
}

static int del_row(struct store_sqlite *store, const struct lease_row *row)
{
	int rc = sqlite3_bind_int64(store->del, 1, (int64_t)row->rowid);

	return rc == SQLITE_OK ? run(store->del) : rc;
}

int store_sqlite_put_rows(struct store_sqlite *store, const struct lease_row *rows, size_t n)
{
	int rc = run(store->begin);

	for (size_t i = 0; i < n && rc == SQLITE_OK; i++)
		rc = rows[i].op == LEASE_ROW_PUT ? put_row(store, &rows[i])
						 : del_row(store, &rows[i]);
	return rc == SQLITE_OK ? run(store->commit) : rc;
}

/* --- reading ------------------------------------------------------------------------------- */

static bool get_text(sqlite3_stmt *stmt, enum column column, const char **ret)
{
	if (sqlite3_column_type(stmt, (int)column) != SQLITE_TEXT)
		return false;
	*ret = (const char *)sqlite3_column_text(stmt, (int)column);
	return *ret != NULL;
}

static bool get_number(sqlite3_stmt *stmt, enum column column, int64_t max, int64_t *ret)
{
	if (sqlite3_column_type(stmt, (int)column) != SQLITE_INTEGER)
		return false;
	*ret = sqlite3_column_int64(stmt, (int)column);
	return *ret <= max && (max == INT64_MAX || *ret >= 0);
}

static bool get_u32(sqlite3_stmt *stmt, enum column column, uint32_t *ret)
{
	int64_t value;

	if (!get_number(stmt, column, UINT32_MAX, &value))
		return false;
	*ret = (uint32_t)value;
	return true;
}

static bool get_kind(sqlite3_stmt *stmt, enum lease_kind *ret)
{
	const char *s;

	if (!get_text(stmt, COL_KIND, &s))
		return false;
	for (*ret = LEASE_NA; strcmp(s, lease_kind_name(*ret)) != 0; (*ret)++) {
		if (*ret == LEASE_REG)
			return false;
	}
	return true;
}

static bool get_state(sqlite3_stmt *stmt, enum lease_state *ret)
{
	const char *s;

	if (!get_text(stmt, COL_STATE, &s))
		return false;
	for (*ret = LEASE_ACTIVE; strcmp(s, lease_state_name(*ret)) != 0; (*ret)++) {
		if (*ret == LEASE_DECLINED)
			return false;
	}
	return true;
}

static bool get_mac_source(sqlite3_stmt *stmt, enum lease_mac_source *ret)
{
	const char *s;

	*ret = LEASE_MAC_NONE;
	if (sqlite3_column_type(stmt, COL_MAC_SOURCE) == SQLITE_NULL)
		return true;
	if (!get_text(stmt, COL_MAC_SOURCE, &s))
		return false;
	for (*ret = LEASE_MAC_FRAME; strcmp(s, mac_sources[*ret]) != 0; (*ret)++) {
		if (*ret == LEASE_MAC_DUID)
			return false;
	}
	return true;
}

static bool get_mac(sqlite3_stmt *stmt, struct lease_row *row)
{
	struct duid octets; /* a link-layer address is written as a DUID is */
	const char *s;

	if (row->mac_source == LEASE_MAC_NONE || row->mac_source == LEASE_MAC_DUID)
		return sqlite3_column_type(stmt, COL_MAC) == SQLITE_NULL;
	if (!get_text(stmt, COL_MAC, &s) || !duid_parse(s, &octets) ||
	    octets.len != sizeof(row->mac))
		return false;
	memcpy(row->mac, octets.bytes, sizeof(row->mac));
	return true;
}

static bool get_until(sqlite3_stmt *stmt, int64_t *ret)
{
	*ret = INT64_MAX;
	return sqlite3_column_type(stmt, COL_UNTIL) == SQLITE_NULL ||
	       get_number(stmt, COL_UNTIL, INT64_MAX, ret);
}

/* What a row points to. */
struct room {
	uint8_t key[LEASE_KEY_LEN];
	struct lease_way way;
};

static bool get_key(sqlite3_stmt *stmt, struct lease_row *row, uint8_t key[LEASE_KEY_LEN])
{
	struct duid octets;
	const char *s;

	if (sqlite3_column_type(stmt, COL_KEY) == SQLITE_NULL)
		return true;
	if (!get_text(stmt, COL_KEY, &s) || !duid_parse(s, &octets) || octets.len != LEASE_KEY_LEN)
		return false;
	memcpy(key, octets.bytes, LEASE_KEY_LEN);
	row->key = key;
	return true;
}

static bool get_way(sqlite3_stmt *stmt, struct lease_row *row, struct lease_way *way)
{
	const char *link, *via;

	if (sqlite3_column_type(stmt, COL_LINK) == SQLITE_NULL &&
	    sqlite3_column_type(stmt, COL_VIA) == SQLITE_NULL)
		return true;
	if (!get_text(stmt, COL_LINK, &link) || strlen(link) >= sizeof(way->link) ||
	    !get_text(stmt, COL_VIA, &via) || !ip6_parse(via, &way->via))
		return false;
	memset(way->link, 0, sizeof(way->link));
	memcpy(way->link, link, strlen(link));
	row->way = way;
	return true;
}

/* What the client said of itself, or was given. NULL, or what is wrong. */
static const char *get_extra(sqlite3_stmt *stmt, struct lease_row *row, struct room *room)
{
	if (sqlite3_column_type(stmt, COL_HOSTNAME) != SQLITE_NULL &&
	    !get_text(stmt, COL_HOSTNAME, &row->hostname))
		return "hostname: text or NULL";
	if (!get_key(stmt, row, room->key))
		return "reconfigure_key: 16 octets in hex, or NULL";
	if (!get_way(stmt, row, &room->way))
		return "link and via: an interface and a link-local address, or both NULL";
	if (sqlite3_column_type(stmt, COL_PATH) != SQLITE_NULL &&
	    !get_text(stmt, COL_PATH, &row->path))
		return "reconfigure_path: text or NULL";
	return NULL;
}

/* Fills in the row; NULL, or what it should hold but does not. */
static const char *get_row(sqlite3_stmt *stmt, struct lease_row *row, struct room *room)
{
	int64_t rowid, plen;
	const char *s;

	*row = (struct lease_row){.op = LEASE_ROW_PUT};
	if (!get_number(stmt, COL_ID, INT64_MAX, &rowid) || rowid < 1)
		return "id: a number from 1 up";
	row->rowid = (uint64_t)rowid;
	if (!get_text(stmt, COL_NETWORK, &row->network))
		return "network: the id of a row of table network";
	if (!get_kind(stmt, &row->kind))
		return "kind: NA, PD or REG";
	if (!get_text(stmt, COL_ADDRESS, &s) || !ip6_parse(s, &row->addr))
		return "address: an IPv6 address";
	if (!get_number(stmt, COL_LENGTH, 128, &plen))
		return "length: 1 to 128";
	row->plen = (uint8_t)plen;
	if (!get_text(stmt, COL_DUID, &s) || !duid_parse(s, &row->duid))
		return "duid: 3 to 130 octets in hex";
	if (!get_u32(stmt, COL_IAID, &row->iaid))
		return "iaid: 0 to 4294967295";
	if (!get_state(stmt, &row->state))
		return "state: active, released, expired or declined";
	if (!get_u32(stmt, COL_PREFERRED, &row->preferred))
		return "preferred: seconds, 0 to 4294967295";
	if (!get_u32(stmt, COL_VALID, &row->valid))
		return "valid: seconds, 0 to 4294967295";
	if (!get_number(stmt, COL_SINCE, INT64_MAX, &row->since))
		return "since: Unix seconds";
	if (!get_until(stmt, &row->until))
		return "until: Unix seconds, or NULL";
	if (!get_mac_source(stmt, &row->mac_source))
		return "mac_source: frame, relay, duid or NULL";
	if (!get_mac(stmt, row))
		return "mac: six octets in hex with source frame or relay, else NULL";
	return get_extra(stmt, row, room);
}

static int bad_row(const struct store_sqlite *store, int64_t id, const char *what,
		   struct store_error *ret_error)
{
	struct text text;

	text_init(&text, ret_error->text, sizeof(ret_error->text));
	text_put_str(&text, store->path);
	text_put_str(&text, ": row ");
	text_put_i64(&text, id);
	text_put_str(&text, " of table lease is not a lease, it should have ");
	text_put_str(&text, what);
	text_put_str(&text, ": correct it, or remove it with: sqlite3 ");
	text_put_str(&text, store->path);
	text_put_str(&text, " 'DELETE FROM lease WHERE id = ");
	text_put_i64(&text, id);
	text_put_str(&text, "'");
	return -EBADMSG;
}

int store_sqlite_load(struct store_sqlite *store,
		      void (*take)(void *arg, const struct lease_row *row), void *arg,
		      struct store_error *ret_error)
{
	sqlite3_stmt *stmt = NULL;
	int rc = sqlite3_prepare_v2(store->db, LOAD_SQL "ORDER BY lease.id", -1, &stmt, NULL);
	int status = 0;

	while (rc == SQLITE_OK && (rc = sqlite3_step(stmt)) == SQLITE_ROW) {
		struct room room;
		struct lease_row row;
		const char *what = get_row(stmt, &row, &room);

		if (what) {
			status =
				bad_row(store, sqlite3_column_int64(stmt, COL_ID), what, ret_error);
			break;
		}
		take(arg, &row);
		rc = SQLITE_OK;
	}
	if (status == 0 && rc != SQLITE_DONE)
		status = store_sqlite_failed(store, "read its leases", rc, ret_error);
	sqlite3_finalize(stmt);
	return status;
}

int store_sqlite_remove_bad(struct store_sqlite *store, store_sqlite_judge *judge, void *arg)
{
	sqlite3_stmt *stmt = NULL;
	int rc = sqlite3_prepare_v2(store->db, LOAD_SQL "ORDER BY since DESC, lease.id DESC", -1,
				    &stmt, NULL);
	int failed = SQLITE_OK;

	while (rc == SQLITE_OK && (rc = sqlite3_step(stmt)) == SQLITE_ROW) {
		struct room room;
		struct lease_row row;
		const char *what = get_row(stmt, &row, &room);

		rc = SQLITE_OK;
		if (judge(arg, sqlite3_column_int64(stmt, COL_ID), &row, what))
			continue;
		/* Removing a row that was passed does not disturb the others. */
		failed = sqlite3_bind_int64(store->del, 1, sqlite3_column_int64(stmt, COL_ID));
		if (failed == SQLITE_OK)
			failed = run(store->del);
		if (failed != SQLITE_OK)
			break;
	}
	sqlite3_finalize(stmt);
	if (failed != SQLITE_OK)
		return failed;
	return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

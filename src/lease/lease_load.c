/* SPDX-License-Identifier: ISC */
/*
 * Taking in what the store had at start. A row is somebody's lease or nothing: the first one for an
 * address stands, and whatever contradicts it is refused with a reason.
 */
#include "config.h"

#include <stddef.h>
#include <string.h>

#include "lease/lease_internal.h"

/* Unix seconds that are taken for a time: about 34,000 years around the epoch. */
#define TIME_LIMIT (INT64_C(1) << 40)

/* Row ids go up to what SQL databases can hold. */
#define ROWID_LIMIT ((uint64_t)INT64_MAX - 1)

static bool is_time(int64_t t)
{
	return t >= -TIME_LIMIT && t <= TIME_LIMIT;
}

static bool is_hostname(const char *s)
{
	size_t len = strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.");

	return len > 0 && len < LEASE_HOSTNAME_ROOM && s[len] == '\0';
}

static bool is_way(const struct lease_way *way)
{
	return way->link[0] && memchr(way->link, '\0', sizeof(way->link)) &&
	       ip6_is_link_local(&way->via);
}

static bool is_path(const char *s)
{
	size_t len = 0;

	while (s[len] >= ' ' && s[len] <= '~')
		len++;
	return len > 0 && len < LEASE_PATH_ROOM && s[len] == '\0';
}

/* What is wrong with the row alone; NULL if nothing is. */
static const char *check_row(const struct lease_row *row, const struct ip6_prefix *prefix)
{
	if (row->rowid == 0 || row->rowid > ROWID_LIMIT)
		return "its row id is out of range";
	if (row->duid.len < DUID_MIN || row->duid.len > DUID_MAX)
		return "its DUID has no valid length";
	if (row->kind == LEASE_REG && row->state != LEASE_ACTIVE)
		return "what is registered is active or gone";
	if (row->state == LEASE_OFFERED)
		return "offers are not stored";
	if (row->kind == LEASE_PD ? prefix->len == 0 : prefix->len != 128)
		return "its length does not fit its kind";
	if (!ip6_equal(&prefix->addr, &row->addr))
		return "its prefix has bits set past its length";
	if (ip6_is_unspecified(&row->addr) || ip6_is_multicast(&row->addr) ||
	    ip6_is_loopback(&row->addr) || ip6_is_link_local(&row->addr))
		return "its address is not one that can be leased";
	if (row->hostname && !is_hostname(row->hostname))
		return "its hostname is not one";
	if (row->way && !is_way(row->way))
		return "its link and link-local address are no way to a client";
	if (row->path && !is_path(row->path))
		return "its path is not one";
	if (!is_time(row->since) || (row->until != INT64_MAX && !is_time(row->until)))
		return "its times are out of range";
	return NULL;
}

static mtime to_mtime(int64_t seconds, int64_t unix_offset)
{
	return seconds == INT64_MAX ? MTIME_NEVER : seconds * SEC - unix_offset;
}

/*
 * A machine without a clock of its own starts in the past until somebody tells it the time. What
 * its leases have left is not known then, but it is not more than they were given.
 */
static void set_times(struct lease_image *image, const struct lease_row *row, int64_t unix_offset,
		      mtime now)
{
	mtime since = to_mtime(row->since, unix_offset), until = to_mtime(row->until, unix_offset);
	mtime ahead = since > now ? since - now : 0;

	image->since = since - ahead;
	image->until = until == MTIME_NEVER ? MTIME_NEVER : until - ahead;
}

/* A link-layer address from the DUID is not in the store: the DUID is. */
static bool row_mac(const struct lease_row *row, uint8_t ret_mac[6])
{
	memset(ret_mac, 0, 6);
	if (row->mac_source == LEASE_MAC_DUID)
		return duid_mac(&row->duid, ret_mac);
	if (row->mac_source != LEASE_MAC_NONE)
		memcpy(ret_mac, row->mac, 6);
	return true;
}

bool lease_load(struct lease_table *table, const struct lease_row *row, int64_t unix_offset,
		mtime now, const char **ret_why)
{
	uint8_t plen = row->plen <= 128 ? row->plen : 0;
	struct ip6_prefix prefix = ip6_prefix_make(&row->addr, plen);
	uint8_t mac[6];

	/* Even a refused row keeps its id until the operator has looked at it. */
	if (row->rowid >= table->next_rowid && row->rowid <= ROWID_LIMIT)
		table->next_rowid = row->rowid + 1;
	if ((*ret_why = check_row(row, &prefix)))
		return false;
	if (!row_mac(row, mac)) {
		*ret_why = "its DUID does not hold the link-layer address it is said to hold";
		return false;
	}
	uint32_t network = lease_network(table, row->network);

	if (lease_rec_find(table, network, row->kind, &prefix) ||
	    lease_rec_against(table, network, row->kind, &prefix)) {
		*ret_why = "an earlier row holds the same address or prefix";
		return false;
	}
	if (row->kind == LEASE_PD &&
	    lease_tree_overlap(table->nets[network].tree, &prefix) != LEASE_NONE) {
		*ret_why = "its prefix overlaps that of an earlier row";
		return false;
	}
	struct lease_image is = {
		.rowid = row->rowid,
		.client = lease_client_load(table, network, &row->duid, mac, row->mac_source),
		.iaid = row->iaid,
		.preferred = row->preferred,
		.valid = row->valid,
		.under = LEASE_NONE,
		.state = (uint8_t)row->state};
	struct lease_rec *rec = lease_rec_new(table, row->kind, &prefix);

	set_times(&is, row, unix_offset, now);
	if (row->hostname)
		lease_client_set_hostname(table, is.client, row->hostname);
	if (row->key)
		lease_client_set_key(table, is.client, row->key);
	if (row->way)
		lease_client_set_way(table, is.client, row->way);
	if (row->path)
		lease_client_set_path(table, is.client, row->path);
	lease_image_set(rec, &is);
	lease_place(table, rec);
	lease_join(table, rec);
	return true;
}

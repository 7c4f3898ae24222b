/* SPDX-License-Identifier: ISC */
/*
 * Leases as text: network, kind, what is leased, state, DUID, and what else is known, each with its
 * name.
 */
#include "config.h"

#include "sim/sim_show.h"

#include "base/mem.h"
#include "base/text.h"

char *sim_show(const struct sim_shown *shown)
{
	char buf[1024 + LEASE_PATH_ROOM];
	struct text text;

	text_init(&text, buf, sizeof(buf));
	text_put_str(&text, shown->network);
	text_put_char(&text, ' ');
	text_put_str(&text, lease_kind_name(shown->kind));
	text_put_char(&text, ' ');
	text_put_ip6(&text, shown->addr);
	if (shown->kind == LEASE_PD) {
		text_put_char(&text, '/');
		text_put_u64(&text, shown->plen);
	}
	text_put_char(&text, ' ');
	text_put_str(&text, lease_state_name(shown->state));
	text_put_char(&text, ' ');
	text_put_hex(&text, shown->duid, shown->duid_len, ':');
	text_put_str(&text, " iaid=");
	text_put_u64(&text, shown->iaid);
	text_put_str(&text, " preferred=");
	text_put_u64(&text, shown->preferred);
	text_put_str(&text, " valid=");
	text_put_u64(&text, shown->valid);
	if (shown->mac_source != LEASE_MAC_NONE) {
		text_put_str(&text, " mac=");
		text_put_hex(&text, shown->mac, 6, ':');
	}
	if (shown->hostname) {
		text_put_str(&text, " hostname=");
		text_put_str(&text, shown->hostname);
	}
	if (shown->key) {
		text_put_str(&text, " key=");
		text_put_hex(&text, shown->key, LEASE_KEY_LEN, 0);
	}
	if (shown->way) {
		text_put_str(&text, " via=");
		text_put_ip6(&text, &shown->way->via);
		text_put_char(&text, '%');
		text_put_str(&text, shown->way->link);
	}
	if (shown->path) {
		text_put_str(&text, " path=");
		text_put_str(&text, shown->path);
	}
	return mem_strdup(buf);
}

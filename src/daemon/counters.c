/* SPDX-License-Identifier: ISC */
/*
 * Counters as log lines: at SIGUSR1 and at the end. What is 0 is left out, so that "my client gets
 * nothing" is answered by what is there.
 */
#include "config.h"

#include <stdio.h>

#include "base/ip6.h"
#include "daemon/heap.h"
#include "daemon/log.h"
#include "daemon/lost.h"
#include "daemon/state.h"

static void put(struct logline *line, const char *key, uint64_t value)
{
	if (value)
		logline_u64(line, key, value);
}

static void log_dhcp6(struct daemon *d)
{
	struct logline line, *l = log_begin(&line, LOG_LEVEL_INFO, "dhcp6-counters");
	const struct pipeline_stats *stats = pipeline_stats(d->pipeline);

	for (int drop = DHCP6_DROP_NONE + 1; drop < DHCP6_DROPS; drop++) {
		char key[48];

		snprintf(key, sizeof(key), "drop-%s", dhcp6_drop_name((enum dhcp6_drop)drop));
		put(l, key, dhcp6_server_drops(d->dhcp6, (enum dhcp6_drop)drop));
	}
	put(l, "duid-clashes", dhcp6_server_duid_clashes(d->dhcp6));
	put(l, "commits", stats->commits);
	put(l, "commits-failed", stats->failed_commits);
	put(l, "longest-commit-ms", (uint64_t)stats->longest_commit);
	put(l, "leases-stored", stats->rows);
	put(l, "replies-held", stats->replies_held);
	put(l, daemon_lost_reason(DAEMON_LOST_STORE)->name, stats->replies_dropped);
	logline_u64(l, "active", lease_count(d->leases, LEASE_ACTIVE));
	put(l, "offered", lease_count(d->leases, LEASE_OFFERED));
	put(l, "declined", lease_count(d->leases, LEASE_DECLINED));
	put(l, daemon_lost_reason(DAEMON_LOST_SEND)->name, d->sends_lost);
	log_end(l);
}

/* Other DHCPv6 servers. */
static void log_servers(const struct daemon *d)
{
	const struct dhcp6_others *others = dhcp6_server_others(d->dhcp6);
	struct logline line, *l;

	for (size_t i = 0; others && i < others->n; i++) {
		const struct dhcp6_other *other = &others->list[i];

		l = log_begin(&line, LOG_LEVEL_INFO, "dhcp6-server-counters");
		logline_str(l, "net", lease_network_name(d->leases, other->network));
		if (!ip6_is_unspecified(&other->addr))
			logline_ip6(l, "src", &other->addr);
		if (other->duid.len)
			logline_hex(l, "duid", other->duid.bytes, other->duid.len);
		put(l, "rogue", other->rogue);
		put(l, "answers", other->answers);
		put(l, "asked", other->asked);
		log_end(l);
	}
}

static void log_link(const struct daemon_link *link)
{
	struct logline line, *l = log_begin(&line, LOG_LEVEL_INFO, "ra-counters");
	const struct ra_counters *ra = &link->ra.counters;

	logline_str(l, "link", link->name);
	put(l, "multicast", ra->multicasts);
	put(l, "unicast", ra->unicasts);
	put(l, "solicitations", ra->rs_received);
	put(l, "advertisements", ra->ra_received);
	put(l, "inconsistent", ra->inconsistent);
	put(l, "late-ms", (uint64_t)link->late);
	for (int verdict = RA_OK + 1; verdict < RA_VERDICTS; verdict++) {
		char key[48];

		snprintf(key, sizeof(key), "drop-%s", ra_verdict_name((enum ra_verdict)verdict));
		put(l, key, ra->drops[verdict]);
	}
	log_end(l);
}

static void log_others(const struct daemon_link *link)
{
	const struct ra_others *others = link->ra.others;
	struct logline line, *l;

	for (size_t i = 0; others && i < others->n; i++) {
		l = log_begin(&line, LOG_LEVEL_INFO, "ra-router-counters");
		logline_str(l, "link", link->name);
		logline_ip6(l, "src", &others->list[i].addr);
		put(l, "rogue", others->list[i].rogue);
		put(l, "advertisements", others->list[i].received);
		put(l, "inconsistent", others->list[i].inconsistent);
		log_end(l);
	}
}

static void log_socket(const struct daemon_ns *ns, enum net_proto proto, const char *name)
{
	const struct net_counters *counters = net_ns_counters(ns->net, proto);
	struct logline line, *l = log_begin(&line, LOG_LEVEL_INFO, "socket-counters");

	logline_str(l, "socket", name);
	if (ns->name)
		logline_str(l, "netns", ns->name);
	put(l, "received", counters->received);
	put(l, "sent", counters->sent);
	put(l, "send-later", counters->send_later);
	put(l, "sent-direct", counters->sent_direct);
	for (int drop = 0; drop < NET_DROPS; drop++)
		put(l, net_drop_reason((enum net_drop)drop)->name, counters->drops[drop]);
	log_end(l);
}

static void log_process(void)
{
	struct logline line, *l = log_begin(&line, LOG_LEVEL_INFO, "process-counters");

	put(l, "heap", heap_used());
	log_end(l);
}

void counters_log(struct daemon *d)
{
	log_process();
	for (size_t i = 0; i < d->n_namespaces; i++) {
		log_socket(d->namespaces[i], NET_ICMP6, "icmp6");
		log_socket(d->namespaces[i], NET_UDP, "udp");
		routes_log(d->namespaces[i]);
	}
	for (size_t slot = 0; slot < d->n_links; slot++) {
		if (!d->links[slot])
			continue;
		log_link(d->links[slot]);
		log_others(d->links[slot]);
	}
	log_servers(d);
	log_dhcp6(d);
}

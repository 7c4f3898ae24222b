/* SPDX-License-Identifier: ISC */
/*
 * An open hash table from what a host names to the host: its DUID, or its link-layer address when
 * it names no DUID. Built once a configuration generation, never changed.
 */
#include "config.h"

#include "dhcp6/dhcp6_host.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

struct dhcp6_hosts {
	struct siphash_key key;
	const struct dhcp6_host **slots;
	size_t mask; /* slots minus one; more than half of them are empty */
};

static size_t slot_of(const struct dhcp6_hosts *hosts, const void *bytes, size_t len)
{
	return (size_t)siphash(&hosts->key, bytes, len) & hosts->mask;
}

static void add(struct dhcp6_hosts *hosts, const struct dhcp6_host *host)
{
	size_t slot;

	if (host->duid.len)
		slot = slot_of(hosts, host->duid.bytes, host->duid.len);
	else if (host->mac.set)
		slot = slot_of(hosts, host->mac.bytes, sizeof(host->mac.bytes));
	else
		return;
	while (hosts->slots[slot])
		slot = (slot + 1) & hosts->mask;
	hosts->slots[slot] = host;
}

struct dhcp6_hosts *dhcp6_hosts_new(const struct dhcp6_host *list, size_t n,
				    const struct siphash_key *key)
{
	struct dhcp6_hosts *hosts = mem_new(1, sizeof(*hosts));
	size_t slots = 2;

	while (slots / 2 <= n)
		slots *= 2;
	hosts->key = *key;
	hosts->slots = mem_new(slots, sizeof(const struct dhcp6_host *));
	hosts->mask = slots - 1;
	for (size_t i = 0; i < n; i++)
		add(hosts, &list[i]);
	return hosts;
}

void dhcp6_hosts_free(struct dhcp6_hosts *hosts)
{
	if (!hosts)
		return;
	free(hosts->slots);
	free(hosts);
}

static bool same_mac(const struct dhcp6_host *host, const uint8_t *mac)
{
	return mac && memcmp(host->mac.bytes, mac, sizeof(host->mac.bytes)) == 0;
}

const struct dhcp6_host *dhcp6_hosts_by_duid(const struct dhcp6_hosts *hosts,
					     const struct duid *duid, const uint8_t *mac)
{
	size_t slot = slot_of(hosts, duid->bytes, duid->len);

	for (; hosts->slots[slot]; slot = (slot + 1) & hosts->mask) {
		const struct dhcp6_host *host = hosts->slots[slot];

		if (duid_equal(&host->duid, duid) && (!host->mac.set || same_mac(host, mac)))
			return host;
	}
	return NULL;
}

const struct dhcp6_host *dhcp6_hosts_by_mac(const struct dhcp6_hosts *hosts, const uint8_t *mac)
{
	size_t slot = slot_of(hosts, mac, sizeof(((struct dhcp6_host *)0)->mac.bytes));

	for (; hosts->slots[slot]; slot = (slot + 1) & hosts->mask) {
		const struct dhcp6_host *host = hosts->slots[slot];

		if (!host->duid.len && same_mac(host, mac))
			return host;
	}
	return NULL;
}

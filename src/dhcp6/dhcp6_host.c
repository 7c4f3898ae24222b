/* SPDX-License-Identifier: ISC */
/*
 * An open hash table from all that a host names to the host. Hosts differ in which things they
 * name, so dhcp6_hosts_find() looks once for each combination that there is, the most specific
 * first; there are few, whatever the number of hosts. Built once a configuration generation.
 */
#include "config.h"

#include "dhcp6/dhcp6_host.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* What a host can name; the order of the bits is that of specificity. */
enum what {
	INTERFACE = 1,
	INTERFACE_ID = 2,
	SUBSCRIBER_ID = 4,
	REMOTE_ID = 8,
	MAC = 16,
	DUID = 32,
	IAID = 64,
	COMBINATIONS = 128,
};

struct dhcp6_hosts {
	struct siphash_key key;
	const struct dhcp6_host **slots;
	size_t mask;                        /* slots minus one; more than half of them are empty */
	uint8_t combinations[COMBINATIONS]; /* of enum what, the most specific first */
	size_t n_combinations;
};

/* Octets of one thing; NULL: it is not named, or not seen. */
struct octets {
	const void *bytes;
	size_t len;
};

static struct octets text_octets(const char *text)
{
	return (struct octets){text, text ? strlen(text) : 0};
}

static struct octets id_octets(const struct dhcp6_relay_id *id)
{
	return (struct octets){id->bytes, id->len};
}

static struct octets named(const struct dhcp6_host *host, unsigned int what)
{
	switch ((enum what)what) {
	case INTERFACE:
		return text_octets(host->interface);
	case INTERFACE_ID:
		return id_octets(&host->interface_id);
	case SUBSCRIBER_ID:
		return id_octets(&host->subscriber_id);
	case REMOTE_ID:
		return id_octets(&host->remote_id.id);
	case MAC:
		return (struct octets){host->mac.set ? host->mac.bytes : NULL, 6};
	case DUID:
		return (struct octets){host->duid.len ? host->duid.bytes : NULL, host->duid.len};
	case IAID:
		return (struct octets){host->iaid.set ? &host->iaid.value : NULL, 4};
	case COMBINATIONS:
		break;
	}
	return (struct octets){NULL, 0};
}

static struct octets seen(const struct dhcp6_who *who, unsigned int what)
{
	static const struct dhcp6_relay_path none;
	const struct dhcp6_relay_path *relay = who->relay ? who->relay : &none;

	switch ((enum what)what) {
	case INTERFACE:
		return text_octets(who->interface);
	case INTERFACE_ID:
		return id_octets(&relay->interface_id);
	case SUBSCRIBER_ID:
		return id_octets(&relay->subscriber_id);
	case REMOTE_ID:
		return id_octets(&relay->remote_id);
	case MAC:
		return (struct octets){who->mac, 6};
	case DUID:
		return (struct octets){who->duid ? who->duid->bytes : NULL,
				       who->duid ? who->duid->len : 0};
	case IAID:
		return (struct octets){who->iaid, 4};
	case COMBINATIONS:
		break;
	}
	return (struct octets){NULL, 0};
}

static uint64_t mix(const struct dhcp6_hosts *hosts, uint64_t hash, struct octets octets)
{
	uint64_t both[2] = {hash, siphash(&hosts->key, octets.bytes, octets.len)};

	return siphash(&hosts->key, both, sizeof(both));
}

static unsigned int combination_of(const struct dhcp6_host *host)
{
	unsigned int combination = 0;

	for (unsigned int what = INTERFACE; what < COMBINATIONS; what <<= 1)
		combination |= named(host, what).bytes ? what : 0;
	return combination;
}

static bool same(struct octets a, struct octets b)
{
	return a.len == b.len && memcmp(a.bytes, b.bytes, a.len) == 0;
}

static size_t slot_of(const struct dhcp6_hosts *hosts, const struct dhcp6_host *host)
{
	unsigned int combination = combination_of(host);
	uint64_t hash = combination;

	for (unsigned int what = INTERFACE; what < COMBINATIONS; what <<= 1) {
		if (combination & what)
			hash = mix(hosts, hash, named(host, what));
	}
	return (size_t)hash & hosts->mask;
}

static void add(struct dhcp6_hosts *hosts, const struct dhcp6_host *host)
{
	size_t slot = slot_of(hosts, host);

	while (hosts->slots[slot])
		slot = (slot + 1) & hosts->mask;
	hosts->slots[slot] = host;
}

struct dhcp6_hosts *dhcp6_hosts_new(const struct dhcp6_host *list, size_t n,
				    const struct siphash_key *key)
{
	struct dhcp6_hosts *hosts = mem_new(1, sizeof(*hosts));
	bool there[COMBINATIONS] = {false};
	size_t slots = 2;

	while (slots / 2 <= n)
		slots *= 2;
	hosts->key = *key;
	hosts->slots = mem_new(slots, sizeof(const struct dhcp6_host *));
	hosts->mask = slots - 1;
	for (size_t i = 0; i < n; i++) {
		if (!dhcp6_host_names_any(&list[i]))
			continue;
		add(hosts, &list[i]);
		there[combination_of(&list[i])] = true;
	}
	for (unsigned int i = COMBINATIONS; i-- > 1;) {
		if (there[i])
			hosts->combinations[hosts->n_combinations++] = (uint8_t)i;
	}
	return hosts;
}

void dhcp6_hosts_free(struct dhcp6_hosts *hosts)
{
	if (!hosts)
		return;
	free(hosts->slots);
	free(hosts);
}

/* Whether what the host names is seen, of a client that shows all of the combination. */
static bool fits(const struct dhcp6_host *host, unsigned int combination,
		 const struct dhcp6_who *who)
{
	for (unsigned int what = INTERFACE; what < COMBINATIONS; what <<= 1) {
		if (combination & what && !same(named(host, what), seen(who, what)))
			return false;
	}
	return !(combination & REMOTE_ID) ||
	       host->remote_id.enterprise == who->relay->remote_enterprise;
}

static const struct dhcp6_host *find(const struct dhcp6_hosts *hosts, unsigned int combination,
				     const struct dhcp6_who *who)
{
	uint64_t hash = combination;

	for (unsigned int what = INTERFACE; what < COMBINATIONS; what <<= 1) {
		if (!(combination & what))
			continue;
		if (!seen(who, what).bytes)
			return NULL;
		hash = mix(hosts, hash, seen(who, what));
	}
	for (size_t slot = (size_t)hash & hosts->mask; hosts->slots[slot];
	     slot = (slot + 1) & hosts->mask) {
		const struct dhcp6_host *host = hosts->slots[slot];

		if (combination_of(host) == combination && fits(host, combination, who))
			return host;
	}
	return NULL;
}

const struct dhcp6_host *dhcp6_hosts_find(const struct dhcp6_hosts *hosts,
					  const struct dhcp6_who *who)
{
	for (size_t i = 0; i < hosts->n_combinations; i++) {
		const struct dhcp6_host *host = find(hosts, hosts->combinations[i], who);

		if (host)
			return host;
	}
	return NULL;
}

bool dhcp6_hosts_need_iaid(const struct dhcp6_hosts *hosts)
{
	return hosts->n_combinations && hosts->combinations[0] & IAID;
}

bool dhcp6_host_names_any(const struct dhcp6_host *host)
{
	return (combination_of(host) & ~(unsigned int)IAID) != 0;
}

static bool names_same(const struct dhcp6_host *a, const struct dhcp6_host *b)
{
	if (combination_of(a) != combination_of(b) ||
	    a->remote_id.enterprise != b->remote_id.enterprise)
		return false;
	for (unsigned int what = INTERFACE; what < COMBINATIONS; what <<= 1) {
		if (named(a, what).bytes && !same(named(a, what), named(b, what)))
			return false;
	}
	return true;
}

const struct dhcp6_host *dhcp6_hosts_twin(const struct dhcp6_hosts *hosts,
					  const struct dhcp6_host *host)
{
	size_t slot = slot_of(hosts, host);

	while (hosts->slots[slot] && !names_same(hosts->slots[slot], host))
		slot = (slot + 1) & hosts->mask;
	return hosts->slots[slot] ? hosts->slots[slot] : host;
}

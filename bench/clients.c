/* SPDX-License-Identifier: ISC */
/*
 * The table of clients. The hash of leases is open addressing without tombstones: taking one out
 * moves the ones behind it up, so that a long run of releases does not slow it down.
 */
#include "config.h"

#include "clients.h"

#include <err.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/ip6.h"
#include "base/mem.h"
#include "base/rng.h"

/* Odd, so that a product with it is different for every 32-bit number. */
#define SPREAD UINT32_C(2654435761)

void clients_init(struct clients *c, uint32_t max, uint8_t seed)
{
	uint32_t slots = 1024;

	while (slots / 2 < max)
		slots *= 2;
	*c = (struct clients){
		.seed = seed,
		.max = max,
		.all = mem_new(max, sizeof(*c->all)),
		.owners = mem_new(slots, sizeof(*c->owners)),
		.owner_mask = slots - 1,
	};
}

void clients_fini(struct clients *c)
{
	free(c->all);
	free(c->owners);
}

void clients_mac(const struct clients *c, uint32_t i, uint8_t ret_mac[6])
{
	uint32_t spread = i * SPREAD;

	ret_mac[0] = 0x02;
	ret_mac[1] = c->seed;
	for (int k = 0; k < 4; k++)
		ret_mac[2 + k] = (uint8_t)(spread >> (24 - 8 * k));
}

static uint32_t home(const struct clients *c, const struct in6_addr *lease)
{
	uint64_t high, low;

	memcpy(&high, lease->s6_addr, 8);
	memcpy(&low, lease->s6_addr + 8, 8);
	high = (high ^ (low * UINT64_C(0x9e3779b97f4a7c15))) * UINT64_C(0xbf58476d1ce4e5b9);
	return (uint32_t)(high >> 32) & c->owner_mask;
}

/* The slot that holds the lease, or the empty one where it would go. */
static uint32_t find(const struct clients *c, const struct in6_addr *lease)
{
	uint32_t at = home(c, lease);

	while (c->owners[at] && !ip6_equal(&c->all[c->owners[at] - 1].lease, lease))
		at = (at + 1) & c->owner_mask;
	return at;
}

bool clients_bind(struct clients *c, uint32_t i, const struct in6_addr *lease, uint8_t plen)
{
	struct client *client = &c->all[i];
	uint32_t at = find(c, lease);

	if (c->owners[at])
		return c->owners[at] == i + 1;
	clients_unbind(c, i);
	client->lease = *lease;
	client->plen = plen;
	c->owners[find(c, lease)] = i + 1;
	return true;
}

void clients_unbind(struct clients *c, uint32_t i)
{
	if (c->all[i].plen == 0)
		return;
	uint32_t hole = find(c, &c->all[i].lease), at = hole;

	c->all[i].plen = 0;
	c->owners[hole] = 0;
	for (;;) {
		at = (at + 1) & c->owner_mask;
		if (!c->owners[at])
			return;
		uint32_t want = home(c, &c->all[c->owners[at] - 1].lease);

		/* It may move into the hole if the hole is not before the place it wants. */
		if (((at - want) & c->owner_mask) < ((at - hole) & c->owner_mask))
			continue;
		c->owners[hole] = c->owners[at];
		c->owners[at] = 0;
		hole = at;
	}
}

uint32_t *clients_holders(const struct clients *c, uint32_t *ret_n)
{
	uint32_t *numbers = mem_new((size_t)c->fresh + 1, sizeof(*numbers)), n = 0;
	struct rng rng;

	for (uint32_t i = 0; i < c->fresh; i++)
		if (c->all[i].plen)
			numbers[n++] = i;
	rng_seed(&rng, c->seed);
	for (uint32_t i = n; i > 1; i--) {
		uint32_t j = (uint32_t)rng_between(&rng, 0, i - 1), swap = numbers[i - 1];

		numbers[i - 1] = numbers[j];
		numbers[j] = swap;
	}
	*ret_n = n;
	return numbers;
}

void clients_save(const struct clients *c, const struct duid *server, const char *path)
{
	FILE *file = fopen(path, "w");
	char buf[DUID_TEXT_LEN];
	struct text text;

	if (!file)
		err(1, "%s", path);
	text_init(&text, buf, sizeof(buf));
	duid_text(server, &text);
	fprintf(file, "seed %u\nserver %s\n", c->seed, buf);
	for (uint32_t i = 0; i < c->fresh; i++) {
		if (c->all[i].plen == 0)
			continue;
		text_init(&text, buf, sizeof(buf));
		text_put_ip6(&text, &c->all[i].lease);
		fprintf(file, "%" PRIu32 " %s %u\n", i, buf, c->all[i].plen);
	}
	if (ferror(file) || fclose(file) != 0)
		err(1, "%s", path);
}

/* One line of a saved file into the table; false if it is not one. */
static bool line_take(struct clients *c, struct duid *server, const char *line)
{
	char word[DUID_TEXT_LEN];
	unsigned int seed, plen;
	struct in6_addr lease;
	uint32_t i;

	if (sscanf(line, "seed %u", &seed) == 1) {
		c->seed = (uint8_t)seed;
		return true;
	}
	if (sscanf(line, "server %389s", word) == 1)
		return duid_parse(word, server);
	if (sscanf(line, "%" SCNu32 " %389s %u", &i, word, &plen) != 3 || i >= c->max ||
	    plen > 128 || !ip6_parse(word, &lease))
		return false;
	if (i >= c->fresh)
		c->fresh = i + 1;
	return clients_bind(c, i, &lease, (uint8_t)plen);
}

void clients_load(struct clients *c, struct duid *ret_server, const char *path)
{
	FILE *file = fopen(path, "r");
	char line[DUID_TEXT_LEN + 64];

	if (!file)
		err(1, "%s", path);
	for (int n = 1; fgets(line, sizeof(line), file); n++)
		if (!line_take(c, ret_server, line))
			errx(1, "%s:%d: not a line of leases", path, n);
	fclose(file);
}

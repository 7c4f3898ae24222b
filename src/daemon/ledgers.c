/* SPDX-License-Identifier: ISC */
/*
 * The ledgers of all networks, by name; what goes into them of the addresses that interfaces have;
 * and how they are kept over a restart. Which prefixes are gone, and for how long that is told, is
 * the business of ra_ledger.c.
 */
#include "config.h"

#include "daemon/ledgers.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"

/* --- all of them ---------------------------------------------------------------------------- */

static void drop(struct daemon_ledger **at)
{
	struct daemon_ledger *ledger = *at;

	*at = ledger->next;
	ra_ledger_fini(&ledger->entries);
	free(ledger->network);
	free(ledger);
}

void daemon_ledgers_fini(struct daemon_ledgers *ledgers)
{
	while (ledgers->first)
		drop(&ledgers->first);
}

struct daemon_ledger *daemon_ledgers_find(const struct daemon_ledgers *ledgers, const char *network)
{
	struct daemon_ledger *ledger = ledgers->first;

	while (ledger && strcmp(ledger->network, network) != 0)
		ledger = ledger->next;
	return ledger;
}

struct daemon_ledger *daemon_ledgers_get(struct daemon_ledgers *ledgers, const char *network)
{
	struct daemon_ledger *ledger = daemon_ledgers_find(ledgers, network);

	if (ledger)
		return ledger;
	ledger = mem_new(1, sizeof(*ledger));
	ledger->network = mem_strdup(network);
	ledger->next = ledgers->first;
	ledgers->first = ledger;
	return ledger;
}

/* Whether leases of this name are of a network of the configuration. */
static bool is_served(const struct daemon_conf *conf, const char *network)
{
	for (size_t i = 0; i < conf->n_networks; i++) {
		const struct daemon_network *net = &conf->networks[i];

		if (net->pattern ? daemon_conf_is_instance(net, network)
				 : strcmp(net->name, network) == 0)
			return true;
	}
	return false;
}

void daemon_ledgers_keep(struct daemon_ledgers *ledgers, const struct daemon_conf *conf)
{
	for (struct daemon_ledger **at = &ledgers->first; *at;) {
		if (is_served(conf, (*at)->network))
			at = &(*at)->next;
		else
			drop(at);
	}
}

void daemon_ledgers_begin(struct daemon_ledgers *ledgers)
{
	for (struct daemon_ledger *ledger = ledgers->first; ledger; ledger = ledger->next)
		ledger->updated = false;
}

bool daemon_ledgers_end(struct daemon_ledgers *ledgers, mtime now)
{
	bool changed = false;

	for (struct daemon_ledger **at = &ledgers->first; *at;) {
		struct daemon_ledger *ledger = *at;

		if (!ledger->updated) {
			ra_ledger_begin(&ledger->entries);
			changed = ra_ledger_end(&ledger->entries, now) || changed;
		}
		if (ledger->updated || ledger->entries.n)
			at = &ledger->next;
		else
			drop(at);
	}
	return changed;
}

mtime daemon_ledgers_wake(const struct daemon_ledgers *ledgers, mtime now)
{
	mtime wake = MTIME_NEVER;

	for (const struct daemon_ledger *ledger = ledgers->first; ledger; ledger = ledger->next)
		wake = mtime_min(wake, ra_ledger_wake(&ledger->entries, now));
	return wake;
}

/* --- what interfaces have ------------------------------------------------------------------- */

static bool is_of_item(const struct ra_prefix *item, const struct daemon_address *addr)
{
	if (strcmp(item->from_interface, "self") == 0)
		return addr->own;
	return strcmp(item->from_interface, addr->interface) == 0;
}

/* The part of the prefix around the address that is delegated of, or all of it; false: none. */
static bool derive_source(const struct ra_prefix *item, const struct daemon_address *addr,
			  struct ip6_prefix *ret)
{
	const struct ip6_prefix *part = &item->prefix;
	struct ip6_prefix of = ip6_prefix_make(&addr->addr, addr->len);
	struct ip6_prefix above = ip6_prefix_make(&part->addr, addr->len);

	if (part->len && (part->len < addr->len || !ip6_is_unspecified(&above.addr)))
		return false;
	for (size_t i = 0; i < sizeof(of.addr.s6_addr); i++)
		of.addr.s6_addr[i] |= part->addr.s6_addr[i];
	*ret = ip6_prefix_make(&of.addr, part->len ? part->len : addr->len);
	return true;
}

/* The prefix that the item makes of an address; false: none. */
static bool derive(const struct ra_prefix *item, const struct daemon_address *addr,
		   struct ip6_prefix *ret)
{
	if (ip6_is_link_local(&addr->addr) || ip6_is_multicast(&addr->addr) ||
	    ip6_is_loopback(&addr->addr))
		return false;
	if (item->delegation)
		return derive_source(item, addr, ret);
	/* standards.md S26: of a prefix that is shorter, one of the length that hosts can use. */
	if (addr->len > item->length)
		return false;
	struct ip6_prefix of = {addr->addr, addr->len};

	if (item->has_subnet) {
		unsigned int bits = (unsigned int)item->length - addr->len;

		if (bits < 32 && item->subnet >> bits)
			return false;
		of = ip6_prefix_make(&addr->addr, addr->len);
		of.addr = ip6_add(&of.addr, item->subnet, 128u - item->length);
	}
	*ret = ip6_prefix_make(&of.addr, item->length);
	return true;
}

bool daemon_ledger_is_written(const struct daemon_network *net, const struct ip6_prefix *prefix)
{
	for (size_t i = 0; i < net->n_prefixes; i++) {
		if (!net->prefixes[i].from_interface && !net->prefixes[i].decrementing &&
		    ip6_prefix_equal(&net->prefixes[i].prefix, prefix))
			return true;
	}
	return false;
}

static void see_addresses(struct ra_ledger *ledger, const struct daemon_network *net,
			  const struct ra_prefix *item, const struct daemon_address *addrs,
			  size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct ra_prefix prefix = *item;

		if (!is_of_item(item, &addrs[i]) || !derive(item, &addrs[i], &prefix.prefix))
			continue;
		/* What is written of a prefix counts, whoever has an address in it. */
		if (!item->delegation && daemon_ledger_is_written(net, &prefix.prefix))
			continue;
		prefix.preferred_end = addrs[i].preferred_end;
		prefix.valid_end = addrs[i].valid_end;
		ra_ledger_see(ledger, &prefix);
	}
}

bool daemon_ledger_update(struct daemon_ledger *ledger, const struct daemon_network *net,
			  const struct daemon_address *addrs, size_t n, mtime now)
{
	ra_ledger_begin(&ledger->entries);
	for (size_t i = 0; i < net->n_prefixes; i++) {
		const struct ra_prefix *item = &net->prefixes[i];

		if (item->from_interface)
			see_addresses(&ledger->entries, net, item, addrs, n);
		else if (item->decrementing)
			ra_ledger_see_counted(&ledger->entries, item, now);
	}
	for (size_t i = 0; i < net->n_sources; i++)
		see_addresses(&ledger->entries, net, &net->sources[i], addrs, n);
	ledger->updated = true;
	bool changed = ra_ledger_end(&ledger->entries, now);

	for (size_t i = 0; i < net->n_prefixes; i++) {
		const struct ra_prefix *item = &net->prefixes[i];

		if (!item->from_interface && !item->decrementing)
			ra_ledger_return(&ledger->entries, &item->prefix);
	}
	return changed;
}

/* --- kept over a restart -------------------------------------------------------------------- */

static int64_t to_unix(mtime t, int64_t unix_offset)
{
	return t == MTIME_NEVER ? -1 : (t + unix_offset) / SEC;
}

static mtime from_unix(int64_t seconds, int64_t unix_offset)
{
	return seconds < 0 || seconds > INT64_MAX / SEC / 2 ? MTIME_NEVER
							    : seconds * SEC - unix_offset;
}

/* PREFIX FLAGS PREFERRED VALID PREFERRED-END VALID-END GONE-UNTIL NETWORK */
static void save_entry(FILE *out, const struct ra_ledger_entry *entry, const char *network,
		       int64_t unix_offset)
{
	const struct ra_prefix *prefix = &entry->prefix;
	char name[IP6_PREFIX_TEXT_LEN];
	struct text text;

	text_init(&text, name, sizeof(name));
	text_put_ip6_prefix(&text, &prefix->prefix);
	fprintf(out, "%s %c%c%c%c %" PRIu32 " %" PRIu32 " %" PRId64 " %" PRId64 " %" PRId64 " %s\n",
		name, prefix->on_link ? 'L' : '-', prefix->autonomous ? 'A' : '-',
		prefix->pd_preferred ? 'P' : '-',
		prefix->delegation ? 'D'
		: prefix->hidden   ? 'H'
				   : '-',
		prefix->preferred, prefix->valid, to_unix(prefix->preferred_end, unix_offset),
		to_unix(prefix->valid_end, unix_offset),
		entry->present ? 0 : to_unix(entry->until, unix_offset), network);
}

char *daemon_ledgers_save(const struct daemon_ledgers *ledgers, int64_t unix_offset)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	for (const struct daemon_ledger *ledger = ledgers->first; out && ledger;
	     ledger = ledger->next) {
		for (size_t k = 0; k < ledger->entries.n; k++)
			save_entry(out, &ledger->entries.entries[k], ledger->network, unix_offset);
	}
	if (out)
		fclose(out);
	return text ? text : mem_strdup("");
}

static bool load_entry(const char *line, int64_t unix_offset, mtime now,
		       struct ra_ledger_entry *ret, const char **ret_network)
{
	int64_t preferred_end, valid_end, until;
	struct ra_prefix prefix = {.decrementing = true};
	char name[64], flags[5];
	int at = 0;

	if (sscanf(line,
		   "%63s %4[LAPDH-] %" SCNu32 " %" SCNu32 " %" SCNd64 " %" SCNd64 " %" SCNd64 " %n",
		   name, flags, &prefix.preferred, &prefix.valid, &preferred_end, &valid_end,
		   &until, &at) != 7 ||
	    at == 0 || !ip6_prefix_parse(name, &prefix.prefix, NULL) || strlen(flags) < 3)
		return false;
	prefix.on_link = flags[0] == 'L';
	prefix.autonomous = flags[1] == 'A';
	prefix.pd_preferred = flags[2] == 'P';
	prefix.hidden = flags[3] == 'H';
	prefix.delegation = flags[3] == 'D';
	prefix.preferred_end = from_unix(preferred_end, unix_offset);
	prefix.valid_end = from_unix(valid_end, unix_offset);
	/* When we ended is not known: as if it had been now, hosts keep it longest. */
	uint32_t told = ra_prefix_lifetimes(&prefix, now).valid;

	*ret = (struct ra_ledger_entry){
		.prefix = prefix,
		.until = until ? from_unix(until, unix_offset) : mtime_after_lifetime(now, told),
	};
	*ret_network = line + at;
	return true;
}

void daemon_ledgers_load(struct daemon_ledgers *ledgers, const struct daemon_conf *conf,
			 const char *text, int64_t unix_offset, mtime now)
{
	char *copy = mem_strdup(text), *rest = copy;

	for (char *line = strsep(&rest, "\n"); line; line = strsep(&rest, "\n")) {
		struct ra_ledger_entry entry;
		const char *network;

		if (load_entry(line, unix_offset, now, &entry, &network) &&
		    is_served(conf, network))
			ra_ledger_restore(&daemon_ledgers_get(ledgers, network)->entries, &entry);
	}
	free(copy);
}

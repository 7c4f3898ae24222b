/* SPDX-License-Identifier: ISC */
/*
 * The view: one model of prefixes for both protocols, so that what is withdrawn from one is revoked
 * by the other in the same moment (standards.md S28).
 *
 * A network whose prefixes all stand in the file is passed on as it is. For others the prefixes
 * are those of the file and those of the ledger; DHCPv6 is completed anew from its template, with
 * relative pools in each prefix that came from an interface.
 */
#include "config.h"

#include "daemon/view.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"

/* --- what interfaces have ------------------------------------------------------------------- */

static bool is_of_item(const struct ra_prefix *item, const struct daemon_address *addr)
{
	if (strcmp(item->from_interface, "self") == 0)
		return addr->own;
	return strcmp(item->from_interface, addr->interface) == 0;
}

/* The prefix that the item makes of an address; false: none. */
static bool derive(const struct ra_prefix *item, const struct daemon_address *addr,
		   struct ip6_prefix *ret)
{
	/* standards.md S26: of a prefix that is shorter, one of the length that hosts can use. */
	if (addr->len > item->length || ip6_is_link_local(&addr->addr) ||
	    ip6_is_multicast(&addr->addr) || ip6_is_loopback(&addr->addr))
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

static void see_addresses(struct ra_ledger *ledger, const struct ra_prefix *item,
			  const struct daemon_address *addrs, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct ra_prefix prefix = *item;

		if (!is_of_item(item, &addrs[i]) || !derive(item, &addrs[i], &prefix.prefix))
			continue;
		prefix.preferred_end = addrs[i].preferred_end;
		prefix.valid_end = addrs[i].valid_end;
		ra_ledger_see(ledger, &prefix);
	}
}

bool daemon_ledger_update(struct ra_ledger *ledger, const struct daemon_network *net,
			  const struct daemon_address *addrs, size_t n, mtime now)
{
	ra_ledger_begin(ledger);
	for (size_t i = 0; i < net->n_prefixes; i++) {
		const struct ra_prefix *item = &net->prefixes[i];

		if (item->from_interface)
			see_addresses(ledger, item, addrs, n);
		else if (item->decrementing)
			ra_ledger_see_counted(ledger, item, now);
	}
	return ra_ledger_end(ledger, now);
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
	fprintf(out, "%s %c%c%c %" PRIu32 " %" PRIu32 " %" PRId64 " %" PRId64 " %" PRId64 " %s\n",
		name, prefix->on_link ? 'L' : '-', prefix->autonomous ? 'A' : '-',
		prefix->pd_preferred ? 'P' : '-', prefix->preferred, prefix->valid,
		to_unix(prefix->preferred_end, unix_offset),
		to_unix(prefix->valid_end, unix_offset),
		entry->present ? 0 : to_unix(entry->until, unix_offset), network);
}

char *daemon_ledgers_save(const struct ra_ledger *ledgers, const struct daemon_conf *conf,
			  int64_t unix_offset)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	for (size_t i = 0; out && i < conf->n_networks; i++) {
		for (size_t k = 0; k < ledgers[i].n; k++)
			save_entry(out, &ledgers[i].entries[k], conf->networks[i].name,
				   unix_offset);
	}
	if (out)
		fclose(out);
	return text ? text : mem_strdup("");
}

static struct ra_ledger *ledger_of(struct ra_ledger *ledgers, const struct daemon_conf *conf,
				   const char *network)
{
	for (size_t i = 0; i < conf->n_networks; i++) {
		if (strcmp(conf->networks[i].name, network) == 0)
			return &ledgers[i];
	}
	return NULL;
}

static bool load_entry(const char *line, int64_t unix_offset, mtime now,
		       struct ra_ledger_entry *ret, const char **ret_network)
{
	int64_t preferred_end, valid_end, until;
	struct ra_prefix prefix = {.decrementing = true};
	char name[64], flags[4];
	int at = 0;

	if (sscanf(line,
		   "%63s %3[LAP-] %" SCNu32 " %" SCNu32 " %" SCNd64 " %" SCNd64 " %" SCNd64 " %n",
		   name, flags, &prefix.preferred, &prefix.valid, &preferred_end, &valid_end,
		   &until, &at) != 7 ||
	    at == 0 || !ip6_prefix_parse(name, &prefix.prefix, NULL) || strlen(flags) != 3)
		return false;
	prefix.on_link = flags[0] == 'L';
	prefix.autonomous = flags[1] == 'A';
	prefix.pd_preferred = flags[2] == 'P';
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

void daemon_ledgers_load(struct ra_ledger *ledgers, const struct daemon_conf *conf,
			 const char *text, int64_t unix_offset, mtime now)
{
	char *copy = mem_strdup(text), *rest = copy;

	for (char *line = strsep(&rest, "\n"); line; line = strsep(&rest, "\n")) {
		struct ra_ledger_entry entry;
		const char *network;
		struct ra_ledger *ledger;

		if (!load_entry(line, unix_offset, now, &entry, &network))
			continue;
		ledger = ledger_of(ledgers, conf, network);
		if (ledger)
			ra_ledger_restore(ledger, &entry);
	}
	free(copy);
}

struct ra_ledger *daemon_ledgers_move(struct ra_ledger *old, const struct daemon_conf *old_conf,
				      const struct daemon_conf *new_conf)
{
	struct ra_ledger *ledgers = mem_new(new_conf->n_networks, sizeof(*ledgers));

	for (size_t i = 0; i < old_conf->n_networks; i++) {
		struct ra_ledger *to = ledger_of(ledgers, new_conf, old_conf->networks[i].name);

		if (to)
			*to = old[i];
		else
			ra_ledger_fini(&old[i]);
		old[i] = (struct ra_ledger){0};
	}
	return ledgers;
}

/* --- the view ------------------------------------------------------------------------------- */

/* Whether the ledger has the prefix, which is then told from there. */
static bool in_ledger(const struct ra_ledger *ledger, const struct ip6_prefix *prefix)
{
	for (size_t i = 0; i < ledger->n; i++) {
		if (ledger->entries[i].present &&
		    ip6_prefix_equal(&ledger->entries[i].prefix.prefix, prefix))
			return true;
	}
	return false;
}

static bool in_file(const struct daemon_network *net, const struct ip6_prefix *prefix)
{
	for (size_t i = 0; i < net->n_prefixes; i++) {
		if (!net->prefixes[i].from_interface && !net->prefixes[i].decrementing &&
		    ip6_prefix_equal(&net->prefixes[i].prefix, prefix))
			return true;
	}
	return false;
}

static void view_prefixes(const struct daemon_network *net, const struct ra_ledger *ledger,
			  struct daemon_view_network *ret, struct arena *arena)
{
	struct ra_prefix *prefixes =
		arena_new(arena, net->n_prefixes + ledger->n, sizeof(*prefixes));
	size_t n = 0;

	for (size_t i = 0; i < net->n_prefixes; i++) {
		const struct ra_prefix *item = &net->prefixes[i];

		if (!item->from_interface && !in_ledger(ledger, &item->prefix))
			prefixes[n++] = *item;
	}
	for (size_t i = 0; i < ledger->n; i++) {
		const struct ra_ledger_entry *entry = &ledger->entries[i];

		/* What the file has again is not gone. */
		if (entry->present || !in_file(net, &entry->prefix.prefix))
			prefixes[n++] = ra_ledger_told(entry);
	}
	ret->prefixes = prefixes;
	ret->n_prefixes = n;
}

static bool lasts(const struct ra_prefix *prefix, mtime now)
{
	return prefix->decrementing && prefix->valid_end > now;
}

/* Adds the pool in every prefix that comes from an interface, or as it is. */
static void add_pools(struct dhcp6_net *served, const struct dhcp6_pool *pool,
		      const struct daemon_view_network *view, mtime now)
{
	if (!daemon_pool_is_relative(pool)) {
		served->pools[served->n_pools++] = *pool;
		return;
	}
	for (size_t i = 0; i < view->n_prefixes; i++) {
		const struct ra_prefix *prefix = &view->prefixes[i];
		const struct ip6_prefix within = {.len = prefix->prefix.len};
		struct dhcp6_pool made = *pool;

		if (!prefix->from_interface || !lasts(prefix, now) ||
		    !ip6_prefix_contains(&within, &pool->range.last))
			continue;
		for (size_t k = 0; k < sizeof(made.range.first.s6_addr); k++) {
			made.range.first.s6_addr[k] |= prefix->prefix.addr.s6_addr[k];
			made.range.last.s6_addr[k] |= prefix->prefix.addr.s6_addr[k];
		}
		served->pools[served->n_pools++] = made;
	}
}

/* A pool of the file whose prefix has ended leases nothing. */
static bool has_ended(const struct dhcp6_pool *pool, const struct daemon_view_network *view,
		      mtime now)
{
	for (size_t i = 0; i < view->n_prefixes; i++) {
		const struct ra_prefix *prefix = &view->prefixes[i];

		if (prefix->decrementing && !lasts(prefix, now) &&
		    ip6_prefix_contains(&prefix->prefix, &pool->range.first))
			return true;
	}
	return false;
}

static void view_dhcp6_prefixes(struct dhcp6_network *dhcp6, const struct dhcp6_network *template,
				const struct daemon_view_network *view, struct arena *arena,
				mtime now)
{
	struct dhcp6_prefix *prefixes = arena_new(arena, view->n_prefixes, sizeof(*prefixes));
	struct ip6_prefix *former = arena_new(arena, view->n_prefixes, sizeof(*former));
	size_t n = 0, n_former = 0;

	for (size_t i = 0; i < view->n_prefixes; i++) {
		const struct ra_prefix *prefix = &view->prefixes[i];
		const struct dhcp6_prefix *given =
			dhcp6_network_prefix_of(template, &prefix->prefix.addr);

		if (prefix->decrementing ? !lasts(prefix, now) : prefix->valid == 0 && !given) {
			former[n_former++] = prefix->prefix;
			continue;
		}
		prefixes[n++] = (struct dhcp6_prefix){
			.prefix = prefix->prefix,
			.preferred = given ? given->preferred : prefix->preferred,
			.valid = given ? given->valid : prefix->valid,
			.decrementing = prefix->decrementing,
			.preferred_end = prefix->preferred_end,
			.valid_end = prefix->valid_end,
		};
	}
	dhcp6->prefixes = prefixes;
	dhcp6->n_prefixes = n;
	dhcp6->former = former;
	dhcp6->n_former = n_former;
}

static void view_dhcp6(const struct daemon_network *net, const struct daemon_view_network *view,
		       struct dhcp6_network *ret, struct arena *arena, mtime now)
{
	const struct dhcp6_net *given = &net->template.dhcp6;
	struct dhcp6_net *served = &ret->dhcp6;

	*ret = net->template;
	served->pools =
		arena_new(arena, given->n_pools * (view->n_prefixes + 1), sizeof(*served->pools));
	served->n_pools = 0;
	for (size_t i = 0; i < given->n_pools; i++) {
		if (!has_ended(&given->pools[i], view, now))
			add_pools(served, &given->pools[i], view, now);
	}
	if (given->n_delegations)
		served->delegations =
			arena_copy(arena, given->delegations,
				   given->n_delegations * sizeof(*given->delegations));
	view_dhcp6_prefixes(ret, &net->template, view, arena, now);
	ret->pools_given = given->n_pools > 0;
	dhcp6_network_complete(ret, arena);
}

struct daemon_view *daemon_view_new(const struct daemon_conf *conf, const struct ra_ledger *ledgers,
				    mtime now)
{
	struct daemon_view *view = mem_new(1, sizeof(*view));
	struct dhcp6_network *dhcp6 = arena_new(&view->arena, conf->n_networks, sizeof(*dhcp6));

	view->networks = arena_new(&view->arena, conf->n_networks, sizeof(*view->networks));
	for (size_t i = 0; i < conf->n_networks; i++) {
		const struct daemon_network *net = &conf->networks[i];

		dhcp6[i] = conf->dhcp6.networks[i];
		view->networks[i] = (struct daemon_view_network){net->prefixes, net->n_prefixes};
		if (!net->learns && ledgers[i].n == 0)
			continue;
		view_prefixes(net, &ledgers[i], &view->networks[i], &view->arena);
		if (net->learns)
			view_dhcp6(net, &view->networks[i], &dhcp6[i], &view->arena, now);
	}
	view->dhcp6 = conf->dhcp6;
	view->dhcp6.networks = dhcp6;
	return view;
}

void daemon_view_free(struct daemon_view *view)
{
	if (!view)
		return;
	arena_free(&view->arena);
	free(view);
}

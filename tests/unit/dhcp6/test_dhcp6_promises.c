/* SPDX-License-Identifier: ISC */
/*
 * Clients that keep to the RFC, on a network that loses answers, with a store that fails, time that
 * passes and configurations that change; and some that name what is not theirs. The test keeps what
 * each client was told, as the client would:
 *
 *   - what a client was told is nobody else's until it ends, is given back or is taken back (I6),
 *     and no lease is in two IAs;
 *   - the Reply to a Request gives what the Advertise told, when nothing happened between (M3);
 *   - a message that is sent again because its answer was lost has the same answer (G17).
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/ip6.h"
#include "base/rng.h"
#include "rig.h"

enum {
	WORLDS = 5,
	STEPS = 10000,
	HELD_MAX = 512,
	IAS_MAX = 8,
	LEASES_MAX = 24,
	WORDS = 480,
};

/* Machines, by the last octet of their link-layer address, with the DUIDs they show. */
static const struct {
	const char *cid;
	uint8_t mac;
} clients[] = {{"1", 1}, {"1'", 1}, {"2", 2}, {"3", 3}, {"3", 8}, {"4", 4}, {"5", 5}};

enum { CLIENTS = sizeof(clients) / sizeof(clients[0]) };

struct told {
	struct ip6_prefix what;
	unsigned long valid;
};

struct told_ia {
	char kind; /* 'n', 'p' */
	unsigned long iaid;
	struct told leases[LEASES_MAX];
	size_t n;
};

struct answer {
	bool reply, advertise;
	struct told_ia ias[IAS_MAX];
	size_t n;
};

struct holding {
	size_t client;
	char kind;
	unsigned long iaid;
	struct ip6_prefix what;
	mtime until;
	bool in_doubt; /* taken back in a Reply that was lost */
};

struct world {
	struct rig *rig;
	struct rng rng;
	struct holding held[HELD_MAX];
	size_t n;
	char words[WORDS];
};

static bool chance(struct world *w, int percent)
{
	return rng_between(&w->rng, 1, 100) <= percent;
}

/* What leases are called in messages: an address, or a prefix with its length. */
static const char *name_of(const struct ip6_prefix *what, char buf[IP6_PREFIX_TEXT_LEN])
{
	struct text text;

	text_init(&text, buf, IP6_PREFIX_TEXT_LEN);
	if (what->len == 128)
		text_put_ip6(&text, &what->addr);
	else
		text_put_ip6_prefix(&text, what);
	return buf;
}

/* --- answers ------------------------------------------------------------------------------- */

static const char *read_lease(struct told_ia *ia, const char *item)
{
	size_t len = strcspn(item, " )");
	char word[96], *eq;

	assert_true(len < sizeof(word));
	memcpy(word, item, len);
	word[len] = '\0';
	if (strncmp(word, "status=", 7) == 0)
		return item + len;
	struct told *told = &ia->leases[ia->n++];
	unsigned long preferred;
	bool tail;

	assert_true(ia->n <= LEASES_MAX);
	eq = strchr(word, '=');
	assert_non_null(eq);
	*eq = '\0';
	assert_int_equal(sscanf(eq + 1, "%lu/%lu", &preferred, &told->valid), 2);
	if (!strchr(word, '/'))
		told->what = (struct ip6_prefix){peer_addr(word), 128};
	else
		assert_true(ip6_prefix_parse(word, &told->what, &tail));
	return item + len;
}

static void read_ia(struct answer *answer, const char *text)
{
	struct told_ia *ia = &answer->ias[answer->n++];
	const char *at = strchr(text, '(');

	assert_true(answer->n <= IAS_MAX);
	*ia = (struct told_ia){.kind = text[1], .iaid = strtoul(at + 1, NULL, 10)};
	at += strcspn(at, " ") + 1;
	at += strcspn(at, " )"); /* T1 and T2 */
	while (*at == ' ')
		at = read_lease(ia, at + 1);
}

static struct answer read_answer(const char *text)
{
	struct answer answer = {
		.reply = strstr(text, "reply ") != NULL,
		.advertise = strstr(text, "advertise ") != NULL,
	};

	assert_null(strstr(text, "malformed"));
	for (const char *at = text; (at = strchr(at, ' ')); at++) {
		if (strncmp(at, " na(", 4) == 0 || strncmp(at, " pd(", 4) == 0)
			read_ia(&answer, at);
	}
	return answer;
}

static bool is_told(const struct told_ia *ia, const struct ip6_prefix *what)
{
	for (size_t i = 0; i < ia->n; i++) {
		if (ip6_prefix_equal(&ia->leases[i].what, what))
			return true;
	}
	return false;
}

static bool starts(const char *text, const char *with)
{
	return strncmp(text, with, strlen(with)) == 0;
}

/* Whether the IA of the message names it. */
static bool is_named(const char *words, const struct told_ia *ia, const struct ip6_prefix *what)
{
	char name[IP6_PREFIX_TEXT_LEN], begin[32];
	const char *word;

	name_of(what, name);
	snprintf(begin, sizeof(begin), " %s:%lu ", ia->kind == 'n' ? "na" : "pd", ia->iaid);
	word = strstr(words, begin);
	for (word = word ? word + strlen(begin) : ""; *word; word += strspn(word, " ")) {
		size_t len = strcspn(word, " ");

		if (starts(word, "na:") || starts(word, "pd:"))
			return false;
		if (starts(word, name) && len == strlen(name))
			return true;
		word += len;
	}
	return false;
}

/*
 * Whether what was given is given again, or taken back in so many words; and what was taken back is
 * so again, but for what the client did not name, and prefixes of which nothing is remembered.
 */
static bool says_again(const struct told_ia *first, const struct told_ia *again, const char *words)
{
	if (first->kind != again->kind || first->iaid != again->iaid)
		return false;
	for (size_t i = 0; i < first->n; i++) {
		const struct told *told = &first->leases[i];

		if (!is_told(again, &told->what) &&
		    (told->valid || (first->kind == 'n' && is_named(words, first, &told->what))))
			return false;
	}
	return true;
}

/* Whether an earlier IA, or an earlier lease of this one, is given what overlaps the lease. */
static bool is_twice(const struct answer *answer, const struct told_ia *ia, const struct told *told)
{
	for (const struct told_ia *other = answer->ias; other <= ia; other++) {
		const struct told *end = other == ia ? told : other->leases + other->n;

		for (const struct told *k = other->leases; k < end; k++) {
			if (k->valid && other->kind == ia->kind &&
			    ip6_prefix_overlaps(&k->what, &told->what))
				return true;
		}
	}
	return false;
}

static bool is_consistent(const struct answer *answer)
{
	for (const struct told_ia *ia = answer->ias; ia < answer->ias + answer->n; ia++) {
		for (const struct told *told = ia->leases; told < ia->leases + ia->n; told++) {
			if (told->valid && is_twice(answer, ia, told))
				return false;
		}
	}
	return true;
}

/* --- what clients hold --------------------------------------------------------------------- */

static bool is_reserved(const struct world *w, const struct ip6_prefix *what)
{
	for (size_t i = 0; i < w->rig->network.n_hosts; i++) {
		const struct dhcp6_host *host = &w->rig->hosts[i];

		if (host->n_addresses && what->len == 128 &&
		    ip6_equal(&host->addresses[0], &what->addr))
			return true;
		if (host->n_delegate && ip6_prefix_equal(&host->delegate[0], what))
			return true;
	}
	return false;
}

static void end_holding(struct world *w, size_t i)
{
	w->held[i] = w->held[--w->n];
}

static bool is_of(const struct holding *held, size_t client, char kind, unsigned long iaid)
{
	return held->client == client && held->kind == kind && held->iaid == iaid;
}

static void drop_holding(struct world *w, size_t client, const struct told_ia *ia,
			 const struct told *told)
{
	for (size_t i = w->n; i-- > 0;) {
		if (is_of(&w->held[i], client, ia->kind, ia->iaid) &&
		    ip6_prefix_equal(&w->held[i].what, &told->what))
			end_holding(w, i);
	}
}

static void show_clash(const struct world *w, const struct holding *other, size_t client,
		       const struct told_ia *ia, const struct told *told)
{
	char what[IP6_PREFIX_TEXT_LEN];

	fail_msg("client %zu IA %c %lu is told of %s, which client %zu IA %c %lu holds for %ld ms\n"
		 "asked: %s\nanswer: %s",
		 client, ia->kind, ia->iaid, name_of(&told->what, what), other->client, other->kind,
		 other->iaid, (long)(other->until - w->rig->now), w->words, w->rig->answer);
}

static void take_holding(struct world *w, size_t client, const struct told_ia *ia,
			 const struct told *told)
{
	for (size_t i = w->n; i-- > 0;) {
		const struct holding *other = &w->held[i];

		if (other->until <= w->rig->now) {
			end_holding(w, i);
			continue;
		}
		if (other->kind != ia->kind || is_of(other, client, ia->kind, ia->iaid) ||
		    !ip6_prefix_overlaps(&other->what, &told->what))
			continue;
		/* A machine takes what is reserved for it from itself. */
		if (other->in_doubt || (clients[other->client].mac == clients[client].mac &&
					is_reserved(w, &told->what)))
			end_holding(w, i);
		else
			show_clash(w, other, client, ia, told);
	}
	drop_holding(w, client, ia, told);
	assert_true(w->n < HELD_MAX);
	w->held[w->n++] = (struct holding){
		.client = client,
		.kind = ia->kind,
		.iaid = ia->iaid,
		.what = told->what,
		.until = mtime_after_lifetime(w->rig->now, (uint32_t)told->valid),
	};
}

static void deliver(struct world *w, size_t client, const struct answer *answer)
{
	for (size_t i = 0; answer->reply && i < answer->n; i++) {
		const struct told_ia *ia = &answer->ias[i];

		for (size_t k = 0; k < ia->n; k++) {
			if (ia->leases[k].valid)
				take_holding(w, client, ia, &ia->leases[k]);
			else
				drop_holding(w, client, ia, &ia->leases[k]);
		}
	}
}

/* Whether an answer to the client ended what is held, or lets it end sooner. */
static bool is_moved(const struct world *w, const struct holding *held, size_t client,
		     const struct told_ia *ia, const struct told *told)
{
	if (is_of(held, client, ia->kind, ia->iaid))
		return ip6_prefix_equal(&held->what, &told->what) &&
		       held->until > w->rig->now + (mtime)told->valid * SEC;
	return clients[held->client].mac == clients[client].mac && is_reserved(w, &told->what) &&
	       held->kind == ia->kind && ip6_prefix_overlaps(&held->what, &told->what);
}

/* The answer did not arrive. */
static void lose(struct world *w, size_t client, const struct answer *answer)
{
	for (size_t i = 0; i < w->n; i++) {
		struct holding *held = &w->held[i];

		for (size_t k = 0; k < answer->n; k++) {
			const struct told_ia *ia = &answer->ias[k];

			for (size_t m = 0; m < ia->n; m++)
				held->in_doubt |= is_moved(w, held, client, ia, &ia->leases[m]);
		}
	}
}

/* --- messages ------------------------------------------------------------------------------ */

static void add(struct world *w, const char *word)
{
	size_t len = strlen(w->words);

	assert_true(len + strlen(word) + 2 < sizeof(w->words));
	snprintf(w->words + len, sizeof(w->words) - len, " %s", word);
}

static void add_ia(struct world *w, char kind, unsigned long iaid)
{
	char word[32];

	snprintf(word, sizeof(word), "%s:%lu", kind == 'n' ? "na" : "pd", iaid);
	add(w, word);
}

static void begin(struct world *w, size_t client, bool to_server)
{
	snprintf(w->words, sizeof(w->words), "cid:%s%s", clients[client].cid,
		 to_server ? " sid" : "");
}

static struct answer ask(struct world *w, size_t client, enum dhcp6_type type)
{
	struct answer answer;

	w->rig->mac = clients[client].mac;
	answer = read_answer(rig_ask(w->rig, type, w->words));
	if (!is_consistent(&answer))
		fail_msg("twice the same\nasked: %s\nanswer: %s", w->words, w->rig->answer);
	return answer;
}

/* Something is, or becomes, reserved for the client. */
static bool is_host(const struct world *w, size_t client)
{
	return w->rig->network.n_hosts && clients[client].mac <= 2;
}

static void expect_same(const struct world *w, size_t client, const struct answer *first,
			const char *text, const struct answer *again)
{
	bool same = first->n == again->n;

	for (size_t i = 0; same && i < first->n && !is_host(w, client); i++)
		same = says_again(&first->ias[i], &again->ias[i], w->words);
	if (!same)
		fail_msg("sent again, answered otherwise\nasked: %s\nfirst: %s\nagain: %s",
			 w->words, text, w->rig->answer);
}

static void add_wish(struct world *w, char kind)
{
	static const char *const addresses[] = {"2001:db8:1::10", "2001:db8:1::11",
						"2001:db8:1::12", "2001:db8:2::10",
						"2001:db8:2::11"};
	static const char *const prefixes[] = {"::/55",
					       "::/56",
					       "::/58",
					       "::/60",
					       "2001:db8:100::/56",
					       "2001:db8:100:100::/56",
					       "2001:db8:100::/58",
					       "2001:db8:200::/60"};

	if (kind == 'n')
		add(w, addresses[rng_between(&w->rng, 0, 4)]);
	else
		add(w, prefixes[rng_between(&w->rng, 0, 7)]);
}

/* A client begins anew with an IA, or several: it holds nothing there. */
static void add_new_ias(struct world *w, size_t client)
{
	bool used[2][4] = {{false}};

	for (int64_t n = rng_between(&w->rng, 1, 3); n > 0; n--) {
		bool pd = chance(w, 50);
		unsigned long iaid = (unsigned long)rng_between(&w->rng, 1, 3);
		char kind = pd ? 'p' : 'n';

		if (used[pd][iaid])
			continue;
		used[pd][iaid] = true;
		for (size_t i = w->n; i-- > 0;) {
			if (is_of(&w->held[i], client, kind, iaid))
				end_holding(w, i);
		}
		add_ia(w, kind, iaid);
		for (int64_t k = rng_between(&w->rng, -1, 2); k > 0; k--)
			add_wish(w, kind);
	}
}

/* All that the client holds, and perhaps more than that. */
static void add_held(struct world *w, size_t client, bool wishes)
{
	char name[IP6_PREFIX_TEXT_LEN];

	for (unsigned long id = 1; id <= 6; id++) {
		char kind = id > 3 ? 'p' : 'n';
		unsigned long iaid = (id - 1) % 3 + 1;
		bool open = false;

		for (size_t i = 0; i < w->n; i++) {
			if (!is_of(&w->held[i], client, kind, iaid) ||
			    w->held[i].until <= w->rig->now)
				continue;
			if (!open)
				add_ia(w, kind, iaid);
			open = true;
			add(w, name_of(&w->held[i].what, name));
		}
		if (wishes && !open && chance(w, 5))
			add_ia(w, kind, iaid);
		else if (!open)
			continue;
		if (wishes && chance(w, 20))
			add_wish(w, kind);
	}
}

/* Somebody else's message in the same batch, whose answer is lost. False: there is none. */
static bool interfere(struct world *w, size_t client, size_t *ret_who, struct answer *ret)
{
	static const enum dhcp6_type types[] = {DHCP6_SOLICIT, DHCP6_REQUEST, DHCP6_RENEW};
	enum dhcp6_type type = types[rng_between(&w->rng, 0, 2)];
	size_t who = (size_t)rng_between(&w->rng, 0, CLIENTS - 1);
	char words[WORDS], text[sizeof(w->rig->answer)];

	if (clients[who].mac == clients[client].mac)
		return false;
	strcpy(words, w->words);
	strcpy(text, w->rig->answer);
	begin(w, who, type != DHCP6_SOLICIT);
	if (type == DHCP6_RENEW)
		add_held(w, who, /* wishes= */ true);
	else
		add_new_ias(w, who);
	*ret = ask(w, who, type);
	*ret_who = who;
	strcpy(w->words, words);
	strcpy(w->rig->answer, text);
	return true;
}

/* Ends the batch that has the client's message, and perhaps another. False: it was not stored. */
static bool end_batch(struct world *w, size_t client, bool *ret_alone)
{
	struct answer other;
	bool stored = chance(w, 90);
	size_t who;

	*ret_alone = chance(w, 70) || !interfere(w, client, &who, &other);
	rig_stored(w->rig, stored);
	if (stored && !*ret_alone)
		lose(w, who, &other);
	return stored;
}

/*
 * Asks until an answer comes. It is the same each time, but where the store failed, where somebody
 * else's message came between, or where the client asks for what it was not offered.
 */
static void ask_until_heard(struct world *w, size_t client, enum dhcp6_type type, bool blind)
{
	struct answer first = {0}, answer;
	char text[sizeof(w->rig->answer)];
	bool known = false, alone;

	for (int i = 0; i < 4; i++) {
		answer = ask(w, client, type);
		if (known && !blind)
			expect_same(w, client, &first, text, &answer);
		known = false;
		if (!end_batch(w, client, &alone))
			continue;
		if (!chance(w, 30)) {
			deliver(w, client, &answer);
			return;
		}
		lose(w, client, &answer);
		known = answer.reply && alone;
		first = answer;
		strcpy(text, w->rig->answer);
	}
}

/*
 * What is offered but not held is no promise: there are too many offers, or something else is only
 * remembered in its place.
 */
static void drop_unheld(const struct world *w, struct answer *offer)
{
	for (size_t i = 0; i < offer->n; i++) {
		struct told_ia *ia = &offer->ias[i];

		for (size_t k = ia->n; k-- > 0;) {
			char what[IP6_PREFIX_TEXT_LEN];
			const char *is;

			is = rig_state(w->rig, name_of(&ia->leases[k].what, what));
			if (strcmp(is, "offered") != 0 && strcmp(is, "active") != 0)
				ia->leases[k] = ia->leases[--ia->n];
		}
	}
}

/* A Request of what was offered. */
static void request(struct world *w, size_t client, const struct answer *offer)
{
	char name[IP6_PREFIX_TEXT_LEN];

	begin(w, client, true);
	for (size_t i = 0; i < offer->n; i++) {
		add_ia(w, offer->ias[i].kind, offer->ias[i].iaid);
		for (size_t k = 0; k < offer->ias[i].n; k++)
			add(w, name_of(&offer->ias[i].leases[k].what, name));
	}
}

static void four_messages(struct world *w, size_t client)
{
	char text[sizeof(w->rig->answer)];
	struct answer offer, reply;
	/* What is reserved may have become free by the offer. */
	bool at_once = chance(w, 70) && !is_host(w, client);

	begin(w, client, false);
	add_new_ias(w, client);
	offer = ask(w, client, DHCP6_SOLICIT);
	assert_true(offer.advertise);
	strcpy(text, w->rig->answer);
	rig_stored(w->rig, true);
	if (!at_once)
		rig_wait_until(w->rig, w->rig->now + rng_between(&w->rng, 0, 100) * SEC);
	request(w, client, &offer);
	drop_unheld(w, &offer);
	reply = ask(w, client, DHCP6_REQUEST);
	for (size_t i = 0; at_once && i < offer.n; i++) {
		if (!says_again(&offer.ias[i], &reply.ias[i], w->words))
			fail_msg("offered: %s\nasked: %s\nanswer: %s", text, w->words,
				 w->rig->answer);
	}
	/* As if it had not come. */
	rig_stored(w->rig, false);
	ask_until_heard(w, client, DHCP6_REQUEST, /* blind= */ false);
}

static void request_blindly(struct world *w, size_t client)
{
	begin(w, client, true);
	add_new_ias(w, client);
	ask_until_heard(w, client, DHCP6_REQUEST, /* blind= */ true);
}

static void extend(struct world *w, size_t client)
{
	bool renew = chance(w, 60);

	begin(w, client, renew);
	add_held(w, client, true);
	ask_until_heard(w, client, renew ? DHCP6_RENEW : DHCP6_REBIND, /* blind= */ false);
}

/* What it gives back it does not use from then on, whether it is heard or not. */
static void give_back(struct world *w, size_t client, enum dhcp6_type type)
{
	begin(w, client, true);
	add_held(w, client, false);
	for (size_t i = w->n; i-- > 0;) {
		if (w->held[i].client == client &&
		    (type == DHCP6_RELEASE || w->held[i].kind == 'n'))
			end_holding(w, i);
	}
	if (chance(w, 80)) {
		ask(w, client, type);
		rig_stored(w->rig, chance(w, 90));
	}
}

/* Names things that may be others'. */
static void meddle(struct world *w, size_t client)
{
	begin(w, client, true);
	add_ia(w, 'n', (unsigned long)rng_between(&w->rng, 1, 3));
	for (int i = 0; i < 3; i++)
		add_wish(w, 'n');
	add_ia(w, 'p', (unsigned long)rng_between(&w->rng, 1, 3));
	for (int i = 0; i < 3; i++)
		add_wish(w, 'p');
	/* Of its own it may hit something: then it is no longer its own. */
	for (size_t i = w->n; i-- > 0;) {
		if (w->held[i].client == client)
			end_holding(w, i);
	}
	ask(w, client, chance(w, 50) ? DHCP6_RELEASE : DHCP6_DECLINE);
	rig_stored(w->rig, true);
}

/* --- the world ----------------------------------------------------------------------------- */

static void configure(struct world *w)
{
	struct rig *rig = w->rig;
	struct rng *rng = &w->rng;

	rig->pools[0] = (struct dhcp6_pool){
		.range = {peer_addr("2001:db8:1::10"), peer_addr("2001:db8:1::16")},
		.policy = (int)rng_between(rng, LEASE_STABLE, LEASE_SEQUENTIAL),
		.valid = (uint32_t)rng_between(rng, 100, 7200),
	};
	rig->pools[1] = (struct dhcp6_pool){
		.range = {peer_addr("2001:db8:2::10"), peer_addr("2001:db8:2::13")},
		.policy = (int)rng_between(rng, LEASE_STABLE, LEASE_SEQUENTIAL),
	};
	rig->prefixes[1].prefix = (struct ip6_prefix){peer_addr("2001:db8:2::"), 64};
	rig->network.n_prefixes = rig->network.dhcp6.n_pools = (size_t)rng_between(rng, 1, 2);
	rig->network.dhcp6.addresses =
		chance(w, 30) ? DHCP6_ADDRESSES_EACH_PREFIX : DHCP6_ADDRESSES_ONE;
	rig->delegations[0] = (struct dhcp6_delegation){
		.prefix = {peer_addr("2001:db8:100::"), 53},
		.length = 56,
		.shortest = (uint8_t)rng_between(rng, 55, 56),
		.longest = (uint8_t)rng_between(rng, 56, 58),
		.policy = (int)rng_between(rng, LEASE_STABLE, LEASE_SEQUENTIAL),
	};
	rig->delegations[1] = (struct dhcp6_delegation){.prefix = {peer_addr("2001:db8:200::"), 58},
							.length = 60};
	rig->network.dhcp6.n_delegations = (size_t)rng_between(rng, 1, 2);
	rig->network.dhcp6.rapid_commit = chance(w, 50);
	rig->network.n_hosts = 0;
	rig->conf.limits.leases_per_client = rig->conf.limits.offers =
		rig->conf.limits.offers_per_link = 0;
	if (chance(w, 30)) {
		rig->conf.limits.leases_per_client = (uint32_t)rng_between(rng, 2, 6);
	} else if (chance(w, 50)) {
		rig->conf.limits.offers = (uint32_t)rng_between(rng, 1, 5);
		rig->conf.limits.offers_per_link = (uint32_t)rng_between(rng, 1, 5);
	}
	if (chance(w, 50)) {
		rig_reserve(rig, 0, "mac 1", "2001:db8:1::10", "2001:db8:100::/58");
		rig_reserve(rig, 1, "cid 2", "2001:db8:1::11", "2001:db8:200::/60");
	}
	rig_start(rig);
}

static void happen(struct world *w)
{
	if (chance(w, 3))
		configure(w);
	if (chance(w, 5))
		rig_wait_until(w->rig, w->rig->now + rng_between(&w->rng, 0, 8000) * SEC);
	if (chance(w, 1))
		rig_wait_until(w->rig, w->rig->now + rng_between(&w->rng, 0, 100000) * SEC);
	w->rig->now += rng_between(&w->rng, 0, 5000);
	rig_stored(w->rig, true);
}

static void act(struct world *w, size_t client)
{
	switch (rng_between(&w->rng, 0, 11)) {
	case 0:
		give_back(w, client, DHCP6_RELEASE);
		break;
	case 1:
		if (chance(w, 20))
			give_back(w, client, DHCP6_DECLINE);
		break;
	case 2:
		meddle(w, client);
		break;
	case 3:
		request_blindly(w, client);
		break;
	case 4:
	case 5:
	case 6:
		four_messages(w, client);
		break;
	default:
		extend(w, client);
	}
}

/* I6, M3, G17 */
static void promises_are_kept(void **state)
{
	for (uint64_t seed = 1; seed <= WORLDS; seed++) {
		struct world w = {.n = 0};

		rig_teardown(state);
		rig_setup(state);
		w.rig = *state;
		w.rig->knows_mac = true;
		rng_seed(&w.rng, seed);
		configure(&w);
		for (int i = 0; i < STEPS; i++) {
			happen(&w);
			act(&w, (size_t)rng_between(&w.rng, 0, CLIENTS - 1));
		}
	}
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, rig_setup, rig_teardown)
	const struct CMUnitTest tests[] = {
		TEST(promises_are_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: ISC */
/*
 * The advertiser of a link. An event changes what is known and which times are set; then whatever
 * is due is sent. There are three kinds of times:
 *
 * - `next`: the unsolicited advertisement. After each multicast one it is drawn anew from the
 *   interval; in a burst (link comes up, what we say changes) it is at most 16 s away.
 * - `solicited`: a multicast answer to a solicitation. It never comes within 3 s of the last.
 * - `pending`: answers by unicast. A solicitor with an address and a link-layer address in its
 *   solicitation gets one (RFC 7772 section 5.1): nobody else has to wake up for it. One without,
 *   or one of too many, gets the multicast answer, whose rate is bounded by itself: so a flood of
 *   solicitations can take the unicast from others, but not the answer.
 *
 * The RAs of a set that is too large for one packet go out back to back and count as one.
 *
 * A reload is no stop: the same link goes on with the new plan, and only what is gone from it is
 * withdrawn. Three ends exist. Switched off by configuration: three final sets, 3 s apart. The
 * daemon stops: one set at once, even within 3 s of the last, because nobody will be there to
 * send it later. The link goes down: nothing can be sent.
 *
 * Serves RFC 4861 sections 6.2.2 to 6.2.6 and 6.2.8.
 */
#include "config.h"

#include "ra/ra_link.h"

#include <stdlib.h>

#include "base/logid.h"
#include "ra/ra_link_internal.h"
#include "ra/ra_withdrawn.h"

/* RFC 4861 section 10. */
enum {
	MAX_INITIAL_RTR_ADVERT_INTERVAL = 16 * SEC,
	MAX_INITIAL_RTR_ADVERTISEMENTS = 3,
};

/* A lifetime outlives so many intervals: two advertisements may be lost. */
enum { MISSED = 3 };

/* Hosts that are told one by one: so many in a step, and when the next ones are. */
enum {
	HOSTS_AT_ONCE = 16,
	MORE_HOSTS_AFTER = 10 * MSEC,
	END_ROUTES = 64, /* of single hosts that are told to have ended, when the router does */
};

enum {
	MIN_MTU = 1280,   /* RFC 8200 section 5 */
	IPV6_HEADER = 40, /* octets */
};

static const struct in6_addr all_nodes = {{{0xff, 2, [15] = 1}}};

void ra_link_init(struct ra_link *link, uint32_t id, const char *name, uint64_t seed)
{
	*link = (struct ra_link){
		.id = id,
		.next = MTIME_NEVER,
		.last = -MIN_DELAY_BETWEEN_RAS,
		.solicited = MTIME_NEVER,
	};
	ra_link_rename(link, name);
	rng_seed(&link->rng, seed);
}

void ra_link_rename(struct ra_link *link, const char *name)
{
	struct text text;

	text_init(&text, link->name, sizeof(link->name));
	text_put_str(&text, name);
}

void ra_link_fini(struct ra_link *link)
{
	ra_withdrawn_free(&link->withdrawn);
	free(link->others);
	link->others = NULL;
	ra_clients_free(&link->clients);
}

mtime ra_link_wake(const struct ra_link *link)
{
	mtime wake = mtime_min(link->next, link->solicited);

	wake = mtime_min(wake, ra_link_former_wake(link));
	if (link->state == RA_STATE_ADVERTISING)
		wake = mtime_min(wake, ra_clients_wake(link->clients));
	for (size_t i = 0; i < link->n_pending; i++)
		wake = mtime_min(wake, link->pending[i].at);
	return wake;
}

struct ra_source ra_link_source(const struct ra_link *link, bool final)
{
	return (struct ra_source){
		.plan = &link->plan,
		.facts = &link->facts,
		.withdrawn = link->withdrawn,
		.now = link->now,
		.final = final,
	};
}

static bool is_enabled(const struct ra_plan *plan)
{
	return plan->conf && plan->conf->enabled;
}

/* RFC 4861 section 6.2.2; RFC 4862 section 5.4: not from a tentative address. */
static bool is_able(const struct ra_facts *facts)
{
	return facts->up && facts->have_link_local;
}

/* --- Log lines --- */

struct logline *ra_link_log(struct fx *fx, enum log_level level, const char *event,
			    const struct ra_link *link)
{
	struct logline *line = fx_log(fx, level, event);

	logline_str(line, "link", link->name);
	if (link->plan.net)
		logline_str(line, "net", link->plan.net);
	return line;
}

static void log_source(struct logline *line, const struct ra_source *source)
{
	struct ra_header header = ra_header_make(source);
	bool managed = header.flags & RA_FLAG_MANAGED;
	bool other = header.flags & RA_FLAG_OTHER;

	logline_ip6(line, "src", &source->facts->link_local);
	logline_u64(line, "lifetime", header.lifetime);
	logline_str(line, "flags", managed ? (other ? "MO" : "M") : (other ? "O" : "-"));
}

static void log_state(const struct ra_link *link, const char *event, bool final, struct fx *fx)
{
	struct ra_source source = ra_link_source(link, final);

	log_source(ra_link_log(fx, LOG_LEVEL_INFO, event, link), &source);
}

/* RFC 4861 section 6.2.1: AdvLinkMTU is at most the link's MTU; ra_option.c sends that. */
static void warn_mtu(const struct ra_link *link, struct fx *fx)
{
	if (link->facts.mtu == 0 || link->plan.conf->mtu <= link->facts.mtu)
		return;
	struct logline *line = ra_link_log(fx, LOG_LEVEL_WARNING, "ra-mtu-above-link", link);

	logline_u64(line, "mtu", link->plan.conf->mtu);
	logline_u64(line, "link-mtu", link->facts.mtu);
}

/* RFC 4861 section 6.2.5: who does not forward is no default router, whatever is configured. */
static void warn_forwarding(const struct ra_link *link, struct fx *fx)
{
	if (link->facts.forwarding || !link->plan.conf->lifetime)
		return;
	struct logline *line = ra_link_log(fx, LOG_LEVEL_WARNING, "ra-not-forwarding", link);

	logline_quoted(line, "hint",
		       "hosts are told that this is no default router, for the kernel does not "
		       "forward here: set net.ipv6.conf.all.forwarding to 1, or ra.lifetime to 0s");
}

static void log_warnings(const struct ra_link *link, struct fx *fx)
{
	warn_mtu(link, fx);
	warn_forwarding(link, fx);
}

/* --- Sending --- */

static uint32_t less(uint32_t mtu, uint32_t other)
{
	return other && other < mtu ? other : mtu;
}

/* Octets of ICMPv6 that fit one packet, by the link's MTU and by the one we tell hosts. */
static size_t payload_room(const struct ra_source *source)
{
	const struct ra_facts *facts = source->facts;
	uint32_t mtu = less(less(facts->mtu, facts->ip6_mtu), source->plan->conf->mtu);

	return (mtu > MIN_MTU ? mtu : MIN_MTU) - IPV6_HEADER;
}

/*
 * Every RA of the set, each counted. False: some did not fit the fx, behind others. It is sent once
 * more then, in a step of its own; one that would not fit even there goes out as far as it does.
 */
static bool send_set(const struct ra_link *link, const struct ra_source *source,
		     const struct in6_addr *dst, uint64_t *counter, struct fx *fx)
{
	bool is_first = fx->n_sends == 0;

	const struct fx_send how = {
		.proto = FX_ICMP6,
		.link = link->id,
		.src = source->facts->link_local,
		.dst = *dst,
		.src_gone = source->facts->link_local_gone,
	};
	struct ra_cursor cursor = {0};
	size_t n = 0;

	for (;;) {
		size_t len, fx_left;
		uint8_t *buf = fx_room(fx, &fx_left);
		size_t room = payload_room(source);

		if (!ra_msg_encode(source, &cursor, buf, room < fx_left ? room : fx_left, &len))
			break;
		if (!fx_send(fx, &how, len))
			break;
		n++;
	}
	struct logline *line = ra_link_log(fx, LOG_LEVEL_DEBUG, "ra-sent", link);

	logid_ip6(line, "dst", dst);
	log_source(line, source);
	logline_u64(line, "parts", n);
	*counter += n;
	return cursor.done || is_first;
}

/*
 * The longest time until the next unsolicited advertisement. Lifetimes that are written go with the
 * interval, ra_conf_check.c sees to that; of a prefix with an end of its own little may be left,
 * and whether it will be given more nobody knows (standards.md S11).
 */
static mtime longest_wait(const struct ra_link *link)
{
	mtime wait = link->plan.conf->interval.max * SEC;

	for (size_t i = 0; i < link->plan.n_prefixes; i++) {
		const struct ra_prefix *prefix = &link->plan.prefixes[i];
		struct ra_lifetimes left = ra_prefix_lifetimes(prefix, link->now);
		uint32_t shortest = left.preferred ? left.preferred : left.valid;

		if (prefix->decrementing && !prefix->hidden && shortest)
			wait = mtime_min(wait, shortest * SEC / MISSED);
	}
	return mtime_max(wait, MIN_DELAY_BETWEEN_RAS);
}

/* RFC 4861 section 6.2.4, and for a burst its last paragraph. */
static mtime draw_interval(struct ra_link *link)
{
	const struct ra_interval *interval = &link->plan.conf->interval;
	mtime drawn = rng_between(&link->rng, interval->min * SEC, interval->max * SEC);

	drawn = mtime_min(drawn, longest_wait(link));
	return link->burst ? mtime_min(drawn, MAX_INITIAL_RTR_ADVERT_INTERVAL) : drawn;
}

static void forget_times(struct ra_link *link)
{
	link->next = MTIME_NEVER;
	link->solicited = MTIME_NEVER;
	link->n_pending = 0;
	link->burst = 0;
}

static void become_idle(struct ra_link *link)
{
	link->state = RA_STATE_IDLE;
	forget_times(link);
}

bool ra_link_is_unicast_only(const struct ra_plan *plan)
{
	return plan->conf->multicast == RA_MULTICAST_OFF;
}

/* What the source says to one host, by what is configured for it. False as send_set(). */
static bool send_to_host(struct ra_link *link, const struct ra_source *source,
			 struct ra_client *client, struct fx *fx)
{
	struct ra_plan plan = ra_clients_plan(client, link->name, source->plan);
	struct ra_source own = *source;

	ra_withdrawn_expire(&client->withdrawn, source->now);
	own.plan = &plan;
	own.withdrawn = client->withdrawn;
	return send_set(link, &own, &client->addr, &link->counters.unicasts, fx);
}

/* Some more of the hosts that are told one by one. False: there are more. */
static bool send_to_some(struct ra_link *link, const struct ra_source *source, struct fx *fx)
{
	size_t n = link->clients ? link->clients->n : 0;
	size_t end = link->told_clients + HOSTS_AT_ONCE;

	while (link->told_clients < n && link->told_clients < end &&
	       send_to_host(link, source, &link->clients->list[link->told_clients], fx))
		link->told_clients++;
	if (link->told_clients < n)
		return false;
	link->told_clients = 0;
	return true;
}

/*
 * The end of the router where nothing else is sent by multicast: no prefixes, and every route that
 * some host has, as ended (RFC 4191 section 4), which is nothing to those that have it not.
 */
static void send_end(struct ra_link *link, const struct ra_source *source, struct fx *fx)
{
	struct ra_route routes[END_ROUTES];
	struct ra_source end = *source;
	struct ra_plan plan = *source->plan;
	struct ra_conf conf = *plan.conf;

	conf.n_routes = ra_plan_routes(&plan, routes, END_ROUTES);
	conf.routes = routes;
	plan.conf = &conf;
	plan.n_prefixes = 0;
	end.plan = &plan;
	send_set(link, &end, &all_nodes, &link->counters.multicasts, fx);
}

/* To all; where nothing is sent by multicast, to those who solicited. False: it goes on shortly. */
static bool send_to_all(struct ra_link *link, const struct ra_source *source, struct fx *fx)
{
	if (!ra_link_is_unicast_only(source->plan)) {
		send_set(link, source, &all_nodes, &link->counters.multicasts, fx);
		return true;
	}
	if (!source->final)
		return send_to_some(link, source, fx);
	send_end(link, source, fx);
	return true;
}

static void send_multicast(struct ra_link *link, mtime now, struct fx *fx)
{
	bool final = link->state == RA_STATE_CEASING;

	ra_withdrawn_expire(&link->withdrawn, now);
	struct ra_source source = ra_link_source(link, final);

	if (!send_to_all(link, &source, fx)) {
		link->next = now + MORE_HOSTS_AFTER;
		return;
	}
	link->last = now;
	if (final)
		ra_link_former_forget(link);
	/* It answers everybody who waits (RFC 4861 section 6.2.6). */
	link->solicited = MTIME_NEVER;
	link->n_pending = 0;
	if (link->burst)
		link->burst--;
	if (!final)
		link->next = now + draw_interval(link);
	else if (link->burst)
		link->next = now + MIN_DELAY_BETWEEN_RAS;
	else
		become_idle(link);
}

static void send_pending(struct ra_link *link, mtime now, struct fx *fx)
{
	size_t kept = 0;

	for (size_t i = 0; i < link->n_pending; i++) {
		struct ra_pending pending = link->pending[i];

		struct ra_source source = ra_link_source(link, /* final= */ false);

		if (pending.at > now ||
		    !send_set(link, &source, &pending.addr, &link->counters.unicasts, fx))
			link->pending[kept++] = pending;
	}
	link->n_pending = (uint8_t)kept;
}

/* To those who solicited where nothing is sent by multicast; more of them with the next step. */
static void send_asked(struct ra_link *link, mtime now, struct fx *fx)
{
	struct ra_source source = ra_link_source(link, /* final= */ false);
	struct ra_client *client;

	for (int i = 0; i < HOSTS_AT_ONCE && (client = ra_clients_due(link->clients, now)); i++) {
		if (send_to_host(link, &source, client, fx))
			continue;
		client->answer = now;
		break;
	}
}

/* The end of the router that hosts knew by another address. */
static void send_former(struct ra_link *link, mtime now, struct fx *fx)
{
	struct ra_source source = ra_link_source(link, /* final= */ true);
	struct ra_facts facts;

	if (!ra_link_former_due(link, now, &facts))
		return;
	source.facts = &facts;
	send_to_all(link, &source, fx);
	if (link->former.left == MAX_FINAL_RTR_ADVERTISEMENTS - 1)
		log_source(ra_link_log(fx, LOG_LEVEL_INFO, "ra-final", link), &source);
}

static void send_due(struct ra_link *link, mtime now, struct fx *fx)
{
	send_former(link, now, fx);
	if (mtime_min(link->next, link->solicited) <= now)
		send_multicast(link, now, fx);
	send_pending(link, now, fx);
	if (link->state == RA_STATE_ADVERTISING)
		send_asked(link, now, fx);
}

/* --- Starting, changing and ending --- */

/* Several advertisements shortly after one another, the first as soon as may be. */
static void start_burst(struct ra_link *link, uint8_t n, mtime now)
{
	link->burst = n;
	link->told_clients = 0;
	link->next = mtime_max(now, link->last + MIN_DELAY_BETWEEN_RAS);
}

static void start(struct ra_link *link, mtime now, struct fx *fx)
{
	link->state = RA_STATE_ADVERTISING;
	ra_link_former_follow(link, now);
	start_burst(link, MAX_INITIAL_RTR_ADVERTISEMENTS, now);
	log_state(link, "ra-link-up", /* final= */ false, fx);
	log_warnings(link, fx);
}

/* What we say has changed (RFC 4861 section 6.2.4 allows the burst for it). */
static void changed(struct ra_link *link, mtime now, struct fx *fx)
{
	start_burst(link, MAX_INITIAL_RTR_ADVERTISEMENTS, now);
	log_state(link, "ra-link-changed", /* final= */ false, fx);
	log_warnings(link, fx);
}

/* One set of final advertisements at once, by what was planned. */
static void send_final(struct ra_link *link, const struct ra_plan *plan, mtime now, struct fx *fx)
{
	struct ra_source source = ra_link_source(link, /* final= */ true);

	source.plan = plan;
	send_to_all(link, &source, fx);
	link->last = now;
	ra_link_former_forget(link);
	log_source(ra_link_log(fx, LOG_LEVEL_INFO, "ra-final", link), &source);
}

static void cease(struct ra_link *link, const struct ra_plan *old_plan, mtime now, struct fx *fx)
{
	if (!link->plan.conf) {
		/* Nothing to make later ones from: one now, while the old plan is still there. */
		send_final(link, old_plan, now, fx);
		become_idle(link);
		return;
	}
	forget_times(link);
	link->state = RA_STATE_CEASING;
	start_burst(link, MAX_FINAL_RTR_ADVERTISEMENTS, now);
	log_state(link, "ra-final", /* final= */ true, fx);
}

bool ra_facts_have(const struct ra_facts *facts, const struct in6_addr *addr)
{
	for (size_t i = 0; i < facts->n_link_locals; i++) {
		if (ip6_equal(&facts->link_locals[i], addr))
			return true;
	}
	return false;
}

/* Whether hosts must hear of it, when the facts of an advertising link change. */
static void compare_facts(struct ra_link *link, const struct ra_facts *old_facts, mtime now,
			  struct fx *fx)
{
	struct ra_source source = ra_link_source(link, /* final= */ false);
	struct ra_source old_source = source;

	old_source.facts = old_facts;
	if (!ip6_equal(&old_facts->link_local, &link->facts.link_local)) {
		ra_link_former_follow(link, now);
		changed(link, now, fx);
	} else if (!ra_msg_same(&old_source, &source) ||
		   payload_room(&source) < payload_room(&old_source)) {
		/* What was larger than the link carries by now has reached nobody. */
		changed(link, now, fx);
	}
}

/*
 * What is told, with the address that the plan sends from. While a configured one is not on the
 * interface it is as if there were none: another router has it, so what ends here ends silently.
 */
static struct ra_facts chosen_facts(const struct ra_facts *told, const struct ra_plan *plan)
{
	struct ra_facts facts = *told;

	if (!plan->conf || ip6_is_unspecified(&plan->conf->source))
		return facts;
	facts.have_link_local = ra_facts_have(told, &plan->conf->source);
	facts.link_local = plan->conf->source;
	return facts;
}

/* What ceases is ended by the address that hosts know it by, whatever the plan says by now. */
static struct ra_facts ceasing_facts(const struct ra_link *link, const struct ra_facts *facts)
{
	struct ra_facts own = *facts;

	if (ip6_equal(&facts->link_local, &link->facts.link_local))
		return own;
	own.have_link_local = ra_facts_have(facts, &link->facts.link_local);
	own.link_local = link->facts.link_local;
	return own;
}

static void follow_facts(struct ra_link *link, const struct ra_facts *facts, mtime now,
			 struct fx *fx)
{
	struct ra_facts old_facts = link->facts;

	link->facts = link->state == RA_STATE_CEASING ? ceasing_facts(link, facts) : *facts;
	if (!facts->up)
		ra_link_former_down(link);
	if (link->state == RA_STATE_IDLE) {
		if (is_able(facts) && is_enabled(&link->plan))
			start(link, now, fx);
	} else if (!is_able(&link->facts)) {
		become_idle(link);
		ra_link_log(fx, LOG_LEVEL_INFO, "ra-link-down", link);
	} else if (link->state == RA_STATE_ADVERTISING) {
		compare_facts(link, &old_facts, now, fx);
	}
}

static void on_facts(struct ra_link *link, const struct ra_facts *told, mtime now, struct fx *fx)
{
	struct ra_facts facts = chosen_facts(told, &link->plan);

	link->told = *told;
	follow_facts(link, &facts, now, fx);
}

/*
 * Notes what the old plan told and the new one does not. Whether any host that is told by itself is
 * told something else now.
 */
static bool withdraw(struct ra_link *link, const struct ra_plan *old_plan, mtime now)
{
	bool hosts_differ = false;

	struct ra_source source = ra_link_source(link, /* final= */ false);
	struct ra_source old_source = source;

	source.withdrawn = NULL;
	old_source.withdrawn = NULL;
	old_source.plan = old_plan;
	if (!link->plan.conf)
		return false;
	ra_withdrawn_update(&link->withdrawn, is_enabled(old_plan) ? &old_source : NULL, &source,
			    now);
	if (ra_link_is_unicast_only(&link->plan)) {
		if (is_enabled(old_plan))
			hosts_differ = ra_clients_follow(link->clients, link->name, &old_source,
							 &source, NULL);
	} else if (link->clients) {
		/* From now on by multicast; unknown prefixes that are gone are nothing to hosts. */
		if (is_enabled(old_plan))
			ra_clients_follow(link->clients, link->name, &old_source, &source,
					  &link->withdrawn);
		ra_clients_free(&link->clients);
		link->told_clients = 0;
		hosts_differ = true;
	}
	return hosts_differ;
}

/* The link goes on with a new plan: never a lifetime 0 because of that alone. */
static void follow_plan(struct ra_link *link, const struct ra_plan *old_plan, bool hosts_differ,
			mtime now, struct fx *fx)
{
	struct ra_source source = ra_link_source(link, /* final= */ false);
	struct ra_source old_source = source;

	old_source.plan = old_plan;
	source.steady = true;
	old_source.steady = true;
	if (!ra_msg_same(&old_source, &source) || hosts_differ)
		changed(link, now, fx);
	else if (link->next > now + longest_wait(link))
		link->next = now + draw_interval(link);
}

/* On a private link all is for the one host there is. */
static struct ra_plan chosen_plan(const struct ra_link *link, const struct ra_plan *given)
{
	bool is_private = given->conf && given->conf->multicast == RA_MULTICAST_PRIVATE;

	if (!is_private)
		return *given;
	return ra_plan_for(given, link->name, link->has_guest ? link->guest : NULL);
}

void ra_link_follow(struct ra_link *link, const struct ra_plan *given, mtime now, struct fx *fx)
{
	struct ra_plan old_plan = link->plan, chosen = chosen_plan(link, given);
	const struct ra_plan *plan = &chosen;
	struct ra_facts facts = chosen_facts(&link->told, plan);

	link->given = *given;
	link->plan = chosen;
	/* Before the first advertisement there is no other address to end. */
	if (link->state == RA_STATE_IDLE)
		link->facts = facts;
	bool hosts_differ = withdraw(link, &old_plan, now);

	switch (link->state) {
	case RA_STATE_IDLE:
	case RA_STATE_CEASING:
		if (is_enabled(plan) && is_able(&link->facts))
			start(link, now, fx);
		else if (!plan->conf)
			become_idle(link);
		break;
	case RA_STATE_ADVERTISING:
		if (is_enabled(plan))
			follow_plan(link, &old_plan, hosts_differ, now, fx);
		else
			cease(link, &old_plan, now, fx);
		break;
	}
	if (!ip6_equal(&facts.link_local, &link->facts.link_local) ||
	    facts.have_link_local != link->facts.have_link_local)
		follow_facts(link, &facts, now, fx);
}

/* --- Receiving --- */

static enum ra_verdict judge(struct ra_link *link, const struct ra_packet *packet, mtime now,
			     struct fx *fx)
{
	struct wire_reader r = wire_reader(packet->data, packet->len);
	uint8_t type = wire_get_u8(&r);

	if (type == RA_TYPE_RA)
		return ra_link_hear(link, packet, now, fx);
	if (link->facts.have_link_local && ip6_equal(&packet->src, &link->facts.link_local))
		return RA_DROP_OWN;
	return type == RA_TYPE_RS ? ra_link_answer(link, packet, now, fx) : RA_DROP_TYPE;
}

static void on_receive(struct ra_link *link, const struct ra_packet *packet, mtime now,
		       struct fx *fx)
{
	enum ra_verdict verdict = judge(link, packet, now, fx);

	if (verdict == RA_OK)
		return;
	link->counters.drops[verdict]++;
	struct logline *line = ra_link_log(fx, LOG_LEVEL_DEBUG, "ra-drop", link);

	logid_ip6(line, "src", &packet->src);
	logline_ip6(line, "dst", &packet->dst);
	logline_str(line, "reason", ra_verdict_name(verdict));
}

void ra_link_step(struct ra_link *link, const struct ra_event *ev, mtime now, struct fx *fx)
{
	link->now = now;
	switch (ev->kind) {
	case RA_EV_FACTS:
		on_facts(link, &ev->facts, now, fx);
		break;
	case RA_EV_CONF:
		ra_link_follow(link, &ev->plan, now, fx);
		break;
	case RA_EV_RECEIVE:
		on_receive(link, &ev->packet, now, fx);
		break;
	case RA_EV_TIMER:
		break;
	case RA_EV_STOP:
		if (link->state != RA_STATE_IDLE)
			send_final(link, &link->plan, now, fx);
		become_idle(link);
		return;
	}
	send_due(link, now, fx);
}

/* SPDX-License-Identifier: ISC */
/*
 * The hosts of a link that solicit (RFC 4861 section 6.2.6): ra_link_answer() says who is answered
 * when, by unicast as far as their rates allow (RFC 7772 section 5.1), else by the advertisement
 * to all. It sets times; what is due is sent by ra_link.c.
 */
#include "config.h"

#include <string.h>

#include "ra/ra_link_internal.h"

/* Answers by unicast: tokens a second, and at most at once. */
enum {
	SOURCE_RATE = 1,
	SOURCE_BURST = 4,
	LINK_RATE = 20,
	LINK_BURST = 40,
};

/* Solicitors that share a bucket share its rate: they lose the unicast, not the answer. */
static struct bucket *find_bucket(struct ra_link *link, const struct in6_addr *addr)
{
	uint32_t hash = 2166136261u;

	for (size_t i = 0; i < sizeof(addr->s6_addr); i++)
		hash = (hash ^ addr->s6_addr[i]) * 16777619u;
	return &link->sources[(hash >> 16) % RA_LINK_BUCKETS];
}

static bool add_pending(struct ra_link *link, const struct in6_addr *addr, mtime now, mtime at)
{
	/* RFC 4861 section 6.2.6: one answer, timed from the first solicitation. */
	for (size_t i = 0; i < link->n_pending; i++) {
		if (ip6_equal(&link->pending[i].addr, addr))
			return true;
	}
	if (link->n_pending == RA_LINK_PENDING ||
	    !bucket_take(find_bucket(link, addr), now, SOURCE_RATE, SOURCE_BURST) ||
	    !bucket_take(&link->unicasts, now, LINK_RATE, LINK_BURST))
		return false;
	link->pending[link->n_pending++] = (struct ra_pending){.addr = *addr, .at = at};
	return true;
}

/* Up to MAX_RA_DELAY_TIME, unless less is configured. */
static mtime draw_delay(struct ra_link *link)
{
	return rng_between(&link->rng, 0, link->plan.conf->solicited_delay * MSEC);
}

/*
 * RFC 4861 section 6.2.6. An advertisement to all that comes sooner is the answer as well:
 * send_multicast() forgets who waits. A solicitation from :: cannot be answered by unicast; it
 * never has a link-layer address, ra_msg_check_rs() sees to that. To any but a link-local address
 * we may have no route on this link.
 */
static void answer(struct ra_link *link, const struct in6_addr *src, bool has_link_layer, mtime now)
{
	mtime delay = draw_delay(link);

	if (has_link_layer && ip6_is_link_local(src) && add_pending(link, src, now, now + delay))
		return;
	if (link->solicited == MTIME_NEVER)
		link->solicited = mtime_max(now, link->last + MIN_DELAY_BETWEEN_RAS) + delay;
}

/*
 * Where nothing is sent by multicast: who can be answered is, and is told again from then on. Too
 * many get nothing and solicit again (RFC 4861 section 6.3.7).
 */
static enum ra_verdict answer_host(struct ra_link *link, const struct in6_addr *src,
				   const uint8_t *mac, mtime now)
{
	mtime delay = draw_delay(link);

	if (ip6_is_unspecified(src))
		return RA_DROP_UNSPECIFIED;
	struct ra_source source = ra_link_source(link, /* final= */ false);
	struct ra_client *client = ra_clients_note(&link->clients, link->name, &source, src, mac);

	if (client->answer != MTIME_NEVER)
		return RA_OK;
	if (!bucket_take(&client->answers, now, SOURCE_RATE, SOURCE_BURST) ||
	    !bucket_take(&link->unicasts, now, LINK_RATE, LINK_BURST))
		return RA_DROP_RATE;
	client->answer = now + delay;
	return RA_OK;
}

/* The one host of a private link: if another has its place, all is told by what is for that. */
static void note_guest(struct ra_link *link, const uint8_t mac[6], mtime now, struct fx *fx)
{
	struct ra_plan given = link->given;

	if (given.conf->multicast != RA_MULTICAST_PRIVATE ||
	    (link->has_guest && memcmp(link->guest, mac, sizeof(link->guest)) == 0))
		return;
	link->has_guest = true;
	memcpy(link->guest, mac, sizeof(link->guest));
	ra_link_follow(link, &given, now, fx);
}

enum ra_verdict ra_link_answer(struct ra_link *link, const struct ra_packet *packet, mtime now,
			       struct fx *fx)
{
	bool has_link_layer;
	enum ra_verdict verdict = ra_msg_check_rs(packet->data, packet->len, &packet->src,
						  packet->hop_limit, &has_link_layer);

	if (verdict != RA_OK)
		return verdict;
	link->counters.rs_received++;
	if (link->state != RA_STATE_ADVERTISING)
		return RA_DROP_IDLE;
	uint8_t mac[6];
	bool has_mac = ra_msg_link_layer(packet->data, packet->len, mac);

	if (ra_link_is_unicast_only(&link->plan))
		return answer_host(link, &packet->src, has_mac ? mac : NULL, now);
	if (has_mac)
		note_guest(link, mac, now, fx);
	answer(link, &packet->src, has_link_layer, now);
	return RA_OK;
}

/* SPDX-License-Identifier: ISC */
/*
 * The other routers of a link: what their advertisements say is compared with ours, logged and
 * counted (RFC 4861 section 6.2.7). Nothing is ever done about it.
 */
#include "config.h"

#include <string.h>

#include "ra/ra_link_internal.h"
#include "ra/ra_watch.h"

static bool is_listed(const struct ra_conf *conf, const struct in6_addr *addr)
{
	for (size_t i = 0; i < conf->n_routers; i++) {
		if (ip6_equal(&conf->routers[i], addr))
			return true;
	}
	return ip6_equal(&conf->source, addr);
}

/* A router that is not expected here is said once, and again when it was silent for a day. */
static struct ra_other *hear(struct ra_link *link, const struct ra_packet *packet,
			     const struct ra_msg *msg, mtime now, struct fx *fx)
{
	const struct ra_conf *conf = link->plan.conf;
	bool is_new;
	struct ra_other *other = ra_others_hear(&link->others, &packet->src, now, &is_new);
	bool rogue = conf->routers_given && !is_listed(conf, &packet->src);

	if (rogue && (is_new || !other->rogue)) {
		struct logline *line = ra_link_log(fx, LOG_LEVEL_WARNING, "rogue-router", link);

		logline_ip6(line, "src", &packet->src);
		logline_u64(line, "lifetime", msg->header.lifetime);
	}
	other->rogue = rogue;
	return other;
}

/* Our own has come back; another router that uses our address says another link-layer address. */
static bool is_own(const struct ra_link *link, const struct ra_packet *packet,
		   const struct ra_msg *msg)
{
	const struct ra_facts *facts = &link->facts;
	struct wire_reader options = msg->options;
	struct ra_option option;

	if (!facts->have_link_local || !ip6_equal(&packet->src, &facts->link_local))
		return false;
	while (ra_option_get(&options, &option)) {
		if (option.type == RA_OPTION_SOURCE_LINK_LAYER &&
		    option.octets.len == facts->mac_len)
			return memcmp(option.octets.bytes, facts->mac, facts->mac_len) == 0;
	}
	return true;
}

enum ra_verdict ra_link_hear(struct ra_link *link, const struct ra_packet *packet, mtime now,
			     struct fx *fx)
{
	struct ra_msg msg;
	struct ra_difference difference;
	enum ra_verdict verdict =
		ra_msg_decode_ra(packet->data, packet->len, &packet->src, packet->hop_limit, &msg);

	if (verdict != RA_OK)
		return verdict;
	if (is_own(link, packet, &msg))
		return RA_DROP_OWN;
	link->counters.ra_received++;
	if (link->state != RA_STATE_ADVERTISING)
		return RA_OK;
	struct ra_other *other = hear(link, packet, &msg, now, fx);
	struct ra_source source = ra_link_source(link, /* final= */ false);

	if (ra_watch_compare(&source, &msg, &difference)) {
		link->counters.inconsistent++;
		other->inconsistent++;
		struct logline *line = ra_link_log(fx, LOG_LEVEL_WARNING, "ra-inconsistent", link);

		logline_ip6(line, "src", &packet->src);
		logline_str(line, "field", difference.field);
		if (difference.is_number) {
			logline_u64(line, "ours", difference.ours);
			logline_u64(line, "theirs", difference.theirs);
		}
	}
	return RA_OK;
}

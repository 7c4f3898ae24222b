/* SPDX-License-Identifier: ISC */
/*
 * What the files of the advertiser share; everybody else uses ra_link.h.
 */
#ifndef SEXTANT_RA_RA_LINK_INTERNAL_H
#define SEXTANT_RA_RA_LINK_INTERNAL_H

#include <stdbool.h>

#include "ra/ra_link.h"

/* RFC 4861 section 10. */
enum {
	MIN_DELAY_BETWEEN_RAS = 3 * SEC,
	MAX_FINAL_RTR_ADVERTISEMENTS = 3,
};

/* What the link's advertisements are made of now. */
struct ra_source ra_link_source(const struct ra_link *link, bool final);

/* A line about the link. */
struct logline *ra_link_log(struct fx *fx, enum log_level level, const char *event,
			    const struct ra_link *link);

/* RFC 4861 section 6.2.7: an RA of another router is looked at, and never acted on. */
enum ra_verdict ra_link_hear(struct ra_link *link, const struct ra_packet *packet, mtime now,
			     struct fx *fx);

/*
 * RFC 4861 section 6.2.6: a solicitation is checked, and when and how it is answered is set; the
 * step that it came in sends what is due.
 */
enum ra_verdict ra_link_answer(struct ra_link *link, const struct ra_packet *packet, mtime now,
			       struct fx *fx);

/* Whether the plan says that nothing is sent by multicast. */
bool ra_link_is_unicast_only(const struct ra_plan *plan);

/*
 * The address that hosts knew the router by before. ra_link_former_follow() is told of the
 * address that we are a router by; when it is another one, the end of the former begins, where it
 * can be told. ra_link_former_down(): the link is down. ra_link_former_due() gives what the next of
 * its final advertisements is made of, if one is due. ra_link_former_forget(): hosts were told that
 * we are no router any longer.
 */
void ra_link_former_follow(struct ra_link *link, mtime now);
void ra_link_former_down(struct ra_link *link);
void ra_link_former_forget(struct ra_link *link);
bool ra_link_former_due(struct ra_link *link, mtime now, struct ra_facts *ret);
mtime ra_link_former_wake(const struct ra_link *link);

/* Goes on with the plan that is given; what is gone with the one before is withdrawn. */
void ra_link_follow(struct ra_link *link, const struct ra_plan *given, mtime now, struct fx *fx);

#endif

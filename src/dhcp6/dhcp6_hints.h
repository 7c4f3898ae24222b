/* SPDX-License-Identifier: ISC */
/*
 * The lengths of prefixes that an IA_PD asks for (RFC 8168).
 */
#ifndef SEXTANT_DHCP6_DHCP6_HINTS_H
#define SEXTANT_DHCP6_DHCP6_HINTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dhcp6/dhcp6_answer.h"
#include "dhcp6/dhcp6_link.h"
#include "dhcp6/dhcp6_msg.h"

/* Lengths that one IA asks for; more are not looked at. */
enum { DHCP6_HINTS_MAX = 8 };

struct dhcp6_hints {
	uint8_t lengths[DHCP6_HINTS_MAX]; /* of pools that the link has */
	size_t n;
};

/* How far a pool's length is from the one wanted: exact 0, then ever shorter, then longer. */
unsigned int dhcp6_hints_distance(const struct dhcp6_source *source, uint8_t plen);

/*
 * What the IA asks for, each as the nearest length there are pools of. A hint of length 0 is none
 * (RFC 8415 section 21.22).
 */
struct dhcp6_hints dhcp6_hints_read(const struct dhcp6_link *link, const struct dhcp6_msg *msg,
				    const struct dhcp6_msg_ia *asked);

/* Whether the i-th hint has a prefix of its own in the answer's IA; a preferred one, if so asked.
 */
bool dhcp6_hints_met(const struct dhcp6_hints *hints, size_t i, const struct dhcp6_answer *answer,
		     const struct dhcp6_answer_ia *ia, bool preferred);

#endif

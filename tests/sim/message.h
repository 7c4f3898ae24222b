/* SPDX-License-Identifier: ISC */
/*
 * DHCPv6 and RA messages as text, for stories that people read: a decoder of its own, so that what
 * the daemon writes is not checked by the code that wrote it.
 */
#ifndef SEXTANT_TESTS_SIM_MESSAGE_H
#define SEXTANT_TESTS_SIM_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"
#include "duid/duid.h"

/*
 * Writes the message that `words` describe into buf:
 *
 *	solicit xid=1 client-id=00:03:.. server-id=server ia-na=1(addr=A addr=A/60/120)
 *		ia-pd=1(prefix=P) oro=23,24 elapsed=0 rapid-commit opt=39:00aa
 *	relay-forward hops=0 link=A peer=A interface-id=6574 remote-id=9:6574 subscriber-id=6574
 *		relay-id=.. ero=37 rsoo=(opt=65:00) client-mac=02:.. relay-port=0 (solicit ..)
 *	rs sll=02:..
 *	hex:01000001...
 *
 * The length, or 0 with a complaint on standard error.
 */
size_t message_compose(char *words, const struct duid *server, uint8_t *buf, size_t room);

/* What a DHCPv6 message says, options in their order; "server-id=server" if it is that one. */
void message_show_dhcp6(const uint8_t *data, size_t len, const struct duid *server,
			struct text *text);

/* What a Router Advertisement says. */
void message_show_icmp6(const uint8_t *data, size_t len, struct text *text);

#endif

/* SPDX-License-Identifier: ISC */
/*
 * IPv6 addresses and prefixes: order, containment, arithmetic, text.
 * Addresses are struct in6_addr: 16 octets in network order.
 */
#ifndef SEXTANT_BASE_IP6_H
#define SEXTANT_BASE_IP6_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

/* Bits of addr past len are zero once it went through ip6_prefix_make() or a parser. */
struct ip6_prefix {
	struct in6_addr addr;
	uint8_t len; /* 0 to 128 */
};

/* Room for the text of an address, of a prefix, with the NUL. */
#define IP6_TEXT_LEN        INET6_ADDRSTRLEN
#define IP6_PREFIX_TEXT_LEN (INET6_ADDRSTRLEN + 4)

/* Below, equal, above: negative, 0, positive; in the order of the numbers they are. */
int ip6_compare(const struct in6_addr *a, const struct in6_addr *b);
bool ip6_equal(const struct in6_addr *a, const struct in6_addr *b);

bool ip6_is_unspecified(const struct in6_addr *addr);
bool ip6_is_multicast(const struct in6_addr *addr);
bool ip6_is_link_local(const struct in6_addr *addr);
bool ip6_is_loopback(const struct in6_addr *addr);

/*
 * Whether the low 64 bits are an interface identifier that may not be given to a host: the
 * subnet-router anycast address and the ranges of RFC 5453 section 3 with the IANA registry.
 */
bool ip6_is_reserved_iid(const struct in6_addr *addr);

/*
 * Whether it has no prefix, and so stands for an address in each prefix of some kind: its first 16
 * bits are zero, as those of no address that is routed, and it is not ::.
 */
bool ip6_is_relative(const struct in6_addr *addr);

/* addr with the bits past len (0 to 128) cleared. */
struct ip6_prefix ip6_prefix_make(const struct in6_addr *addr, uint8_t len);
bool ip6_prefix_equal(const struct ip6_prefix *a, const struct ip6_prefix *b);
bool ip6_prefix_contains(const struct ip6_prefix *prefix, const struct in6_addr *addr);

/* Whether every address of `inner` is in `outer`. */
bool ip6_prefix_covers(const struct ip6_prefix *outer, const struct ip6_prefix *inner);
bool ip6_prefix_overlaps(const struct ip6_prefix *a, const struct ip6_prefix *b);

/* The highest address of the prefix. */
struct in6_addr ip6_prefix_last(const struct ip6_prefix *prefix);

/* addr + (count << shift) modulo 2^128; shift 0 to 127. */
struct in6_addr ip6_add(const struct in6_addr *addr, uint64_t count, unsigned int shift);

/* (high - low) >> shift, UINT64_MAX when it is more; low may not be above high; shift 0 to 127. */
uint64_t ip6_distance(const struct in6_addr *low, const struct in6_addr *high, unsigned int shift);

/* The modified EUI-64 address of an Ethernet address in a prefix of up to 64 bits (RFC 4291 A). */
struct in6_addr ip6_from_mac(const struct ip6_prefix *prefix, const uint8_t mac[6]);

/*
 * Text to value; the whole string must be one. False leaves *ret alone. A prefix must have a
 * length and, unless ret_tail is given, no bits set past it; *ret_tail tells whether it had.
 */
bool ip6_parse(const char *s, struct in6_addr *ret);
bool ip6_prefix_parse(const char *s, struct ip6_prefix *ret, bool *ret_tail);

void text_put_ip6_prefix(struct text *text, const struct ip6_prefix *prefix);

#endif

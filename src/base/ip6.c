/* SPDX-License-Identifier: ISC */
/*
 * IPv6 prefix arithmetic. Numbers of 128 bits are two halves, so that 32-bit machines without a
 * 128-bit type run the same code.
 */
#include "config.h"

#include "base/ip6.h"

#include <arpa/inet.h>
#include <assert.h>
#include <string.h>

#include "base/octets.h"

struct u128 {
	uint64_t hi, lo;
};

static struct u128 to_u128(const struct in6_addr *addr)
{
	return (struct u128){octets_be64(addr->s6_addr), octets_be64(addr->s6_addr + 8)};
}

static struct in6_addr from_u128(struct u128 v)
{
	struct in6_addr addr;

	octets_put_be64(addr.s6_addr, v.hi);
	octets_put_be64(addr.s6_addr + 8, v.lo);
	return addr;
}

/* The mask of the `len` highest bits. */
static struct u128 mask_of(uint8_t len)
{
	struct u128 mask = {0, 0};

	if (len >= 64) {
		mask.hi = UINT64_MAX;
		if (len > 64)
			mask.lo = UINT64_MAX << (128 - len);
	} else if (len > 0) {
		mask.hi = UINT64_MAX << (64 - len);
	}
	return mask;
}

int ip6_compare(const struct in6_addr *a, const struct in6_addr *b)
{
	return memcmp(a->s6_addr, b->s6_addr, sizeof(a->s6_addr));
}

bool ip6_equal(const struct in6_addr *a, const struct in6_addr *b)
{
	return ip6_compare(a, b) == 0;
}

bool ip6_is_unspecified(const struct in6_addr *addr)
{
	return IN6_IS_ADDR_UNSPECIFIED(addr);
}

bool ip6_is_multicast(const struct in6_addr *addr)
{
	return addr->s6_addr[0] == 0xff;
}

bool ip6_is_link_local(const struct in6_addr *addr)
{
	return addr->s6_addr[0] == 0xfe && (addr->s6_addr[1] & 0xc0) == 0x80;
}

bool ip6_is_loopback(const struct in6_addr *addr)
{
	return IN6_IS_ADDR_LOOPBACK(addr);
}

bool ip6_is_reserved_iid(const struct in6_addr *addr)
{
	uint64_t iid = octets_be64(addr->s6_addr + 8);

	if (iid == 0)
		return true;
	/* Reserved subnet anycast addresses (RFC 2526): fdff:ffff:ffff:ff80 to :ffff. */
	if (iid >= 0xfdffffffffffff80u && iid <= 0xfdffffffffffffffu)
		return true;
	/* The block of the IANA Ethernet identifier: 0200:5eff:fe00:0 to 0200:5eff:feff:ffff. */
	return iid >= 0x02005efffe000000u && iid <= 0x02005efffeffffffu;
}

bool ip6_is_relative(const struct in6_addr *addr)
{
	return !addr->s6_addr[0] && !addr->s6_addr[1] && !ip6_is_unspecified(addr);
}

struct ip6_prefix ip6_prefix_make(const struct in6_addr *addr, uint8_t len)
{
	struct u128 v = to_u128(addr), mask = mask_of(len);

	assert(len <= 128);
	return (struct ip6_prefix){from_u128((struct u128){v.hi & mask.hi, v.lo & mask.lo}), len};
}

bool ip6_prefix_equal(const struct ip6_prefix *a, const struct ip6_prefix *b)
{
	return a->len == b->len && ip6_equal(&a->addr, &b->addr);
}

bool ip6_prefix_contains(const struct ip6_prefix *prefix, const struct in6_addr *addr)
{
	struct u128 a = to_u128(&prefix->addr), b = to_u128(addr), mask = mask_of(prefix->len);

	return ((a.hi ^ b.hi) & mask.hi) == 0 && ((a.lo ^ b.lo) & mask.lo) == 0;
}

bool ip6_prefix_covers(const struct ip6_prefix *outer, const struct ip6_prefix *inner)
{
	return outer->len <= inner->len && ip6_prefix_contains(outer, &inner->addr);
}

bool ip6_prefix_overlaps(const struct ip6_prefix *a, const struct ip6_prefix *b)
{
	return ip6_prefix_covers(a, b) || ip6_prefix_covers(b, a);
}

struct in6_addr ip6_prefix_last(const struct ip6_prefix *prefix)
{
	struct u128 v = to_u128(&prefix->addr), mask = mask_of(prefix->len);

	return from_u128((struct u128){v.hi | ~mask.hi, v.lo | ~mask.lo});
}

struct in6_addr ip6_add(const struct in6_addr *addr, uint64_t count, unsigned int shift)
{
	struct u128 v = to_u128(addr), add;

	assert(shift < 128);
	if (shift >= 64)
		add = (struct u128){count << (shift - 64), 0};
	else if (shift > 0)
		add = (struct u128){count >> (64 - shift), count << shift};
	else
		add = (struct u128){0, count};
	v.lo += add.lo;
	v.hi += add.hi + (v.lo < add.lo);
	return from_u128(v);
}

uint64_t ip6_distance(const struct in6_addr *low, const struct in6_addr *high, unsigned int shift)
{
	struct u128 a = to_u128(low), b = to_u128(high), d;

	assert(shift < 128);
	assert(ip6_compare(low, high) <= 0);
	d.lo = b.lo - a.lo;
	d.hi = b.hi - a.hi - (b.lo < a.lo);
	if (shift >= 64)
		return d.hi >> (shift - 64);
	if (d.hi >> shift)
		return UINT64_MAX;
	return shift ? d.lo >> shift | d.hi << (64 - shift) : d.lo;
}

struct in6_addr ip6_from_mac(const struct ip6_prefix *prefix, const uint8_t mac[6])
{
	struct in6_addr addr = prefix->addr;

	addr.s6_addr[8] = mac[0] ^ 0x02;
	addr.s6_addr[9] = mac[1];
	addr.s6_addr[10] = mac[2];
	addr.s6_addr[11] = 0xff;
	addr.s6_addr[12] = 0xfe;
	addr.s6_addr[13] = mac[3];
	addr.s6_addr[14] = mac[4];
	addr.s6_addr[15] = mac[5];
	return addr;
}

bool ip6_parse(const char *s, struct in6_addr *ret)
{
	struct in6_addr addr;

	if (inet_pton(AF_INET6, s, &addr) != 1)
		return false;
	*ret = addr;
	return true;
}

bool ip6_prefix_parse(const char *s, struct ip6_prefix *ret, bool *ret_tail)
{
	const char *slash = strchr(s, '/');
	char host[IP6_TEXT_LEN];
	struct in6_addr addr;
	unsigned int len = 0;
	size_t digits = 0;

	if (!slash || (size_t)(slash - s) >= sizeof(host))
		return false;
	memcpy(host, s, (size_t)(slash - s));
	host[slash - s] = '\0';
	if (!ip6_parse(host, &addr))
		return false;
	for (const char *p = slash + 1; *p; p++, digits++) {
		if (*p < '0' || *p > '9' || digits == 3)
			return false;
		len = len * 10 + (unsigned int)(*p - '0');
	}
	if (digits == 0 || len > 128)
		return false;
	struct ip6_prefix prefix = ip6_prefix_make(&addr, (uint8_t)len);
	bool tail = !ip6_equal(&prefix.addr, &addr);

	if (tail && !ret_tail)
		return false;
	if (ret_tail)
		*ret_tail = tail;
	*ret = prefix;
	return true;
}

void text_put_ip6_prefix(struct text *text, const struct ip6_prefix *prefix)
{
	text_put_ip6(text, &prefix->addr);
	text_put_char(text, '/');
	text_put_u64(text, prefix->len);
}

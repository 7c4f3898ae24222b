/* SPDX-License-Identifier: ISC */
/*
 * The table of other routers. Links have none as a rule, so it is made with the first. Addresses
 * are easily forged: what is counted says what was heard, not who spoke.
 */
#include "config.h"

#include "ra/ra_others.h"

#include "base/ip6.h"
#include "base/mem.h"

/* Who was silent for longer is new when it speaks again. */
#define SILENCE (24 * 3600 * SEC)

static struct ra_other *find(struct ra_others *others, const struct in6_addr *addr)
{
	for (size_t i = 0; i < others->n; i++) {
		if (ip6_equal(&others->list[i].addr, addr))
			return &others->list[i];
	}
	return NULL;
}

static struct ra_other *add(struct ra_others *others, const struct in6_addr *addr)
{
	struct ra_other *oldest = &others->list[0];

	if (others->n < RA_OTHERS_MAX) {
		oldest = &others->list[others->n++];
	} else {
		for (size_t i = 1; i < others->n; i++) {
			if (others->list[i].seen < oldest->seen)
				oldest = &others->list[i];
		}
	}
	*oldest = (struct ra_other){.addr = *addr};
	return oldest;
}

struct ra_other *ra_others_hear(struct ra_others **others, const struct in6_addr *addr, mtime now,
				bool *ret_new)
{
	if (!*others)
		*others = mem_new(1, sizeof(**others));
	struct ra_other *other = find(*others, addr);

	*ret_new = !other || now - other->seen > SILENCE;
	if (!other)
		other = add(*others, addr);
	other->seen = now;
	other->received++;
	return other;
}

/* SPDX-License-Identifier: ISC */
/*
 * Comparing the RA of another router with ours, as RFC 4861 section 6.2.7 lists it. Nothing here
 * changes anything: the result is a line in the log and a counter.
 */
#include "config.h"

#include "ra/ra_watch.h"

#include <string.h>

#include "ra/ra_option.h"

/* Lifetimes that count down differ a little by the time on the way and by whole seconds. */
enum { SKEW = 2 };

static bool differ(const char *field, uint64_t ours, uint64_t theirs, struct ra_difference *ret)
{
	if (ours == theirs)
		return false;
	*ret = (struct ra_difference){
		.field = field, .is_number = true, .ours = ours, .theirs = theirs};
	return true;
}

/* 0 is "unspecified" and contradicts nothing. */
static bool differ_if_said(const char *field, uint64_t ours, uint64_t theirs,
			   struct ra_difference *ret)
{
	return ours && theirs && differ(field, ours, theirs, ret);
}

static bool differ_in_time(const char *field, uint64_t ours, uint64_t theirs,
			   struct ra_difference *ret)
{
	uint64_t apart = ours > theirs ? ours - theirs : theirs - ours;

	return apart > SKEW && differ(field, ours, theirs, ret);
}

static bool compare_header(const struct ra_header *ours, const struct ra_header *theirs,
			   struct ra_difference *ret)
{
	return differ_if_said("hop-limit", ours->hop_limit, theirs->hop_limit, ret) ||
	       differ("managed", (ours->flags & RA_FLAG_MANAGED) != 0,
		      (theirs->flags & RA_FLAG_MANAGED) != 0, ret) ||
	       differ("other", (ours->flags & RA_FLAG_OTHER) != 0,
		      (theirs->flags & RA_FLAG_OTHER) != 0, ret) ||
	       differ_if_said("reachable-time", ours->reachable_time, theirs->reachable_time,
			      ret) ||
	       differ_if_said("retrans-time", ours->retrans_time, theirs->retrans_time, ret);
}

static bool compare_prefix(const struct ra_source *source, const struct ra_option *theirs,
			   struct ra_difference *ret)
{
	for (size_t i = 0; i < source->plan->n_prefixes; i++) {
		const struct ra_prefix *ours = &source->plan->prefixes[i];

		if (ours->hidden || !ip6_prefix_equal(&ours->prefix, &theirs->prefix.prefix))
			continue;
		struct ra_lifetimes told = ra_prefix_lifetimes(ours, source->now);

		return differ_in_time("prefix-valid", told.valid, theirs->prefix.valid, ret) ||
		       differ_in_time("prefix-preferred", told.preferred, theirs->prefix.preferred,
				      ret);
	}
	return false;
}

/* Whether theirs has something (an address, a name) that is not among ours, of which we have some.
 */
static bool compare_things(const struct ra_source *source, const struct ra_option *theirs,
			   struct ra_difference *ret)
{
	struct ra_option part;

	for (size_t i = 0; ra_option_split(theirs, i, &part); i++) {
		if (ra_option_lifetime(&part) == 0 || !ra_option_source_tells(source, part.type) ||
		    ra_option_source_has(source, &part))
			continue;
		*ret = (struct ra_difference){.field = ra_option_name(part.type)};
		return true;
	}
	return false;
}

/* RFC 8910 section 3: one URI on a link. */
static bool compare_portal(const struct ra_source *source, const struct ra_option *theirs,
			   struct ra_difference *ret)
{
	const char *ours = source->plan->conf->captive_portal;
	const struct ra_octets *uri = &theirs->octets;

	if (!ours || (strlen(ours) == uri->len && memcmp(ours, uri->bytes, uri->len) == 0))
		return false;
	*ret = (struct ra_difference){.field = ra_option_name(theirs->type)};
	return true;
}

static bool compare_option(const struct ra_source *source, const struct ra_option *theirs,
			   struct ra_difference *ret)
{
	switch (theirs->type) {
	case RA_OPTION_MTU:
		return differ_if_said("mtu", source->plan->conf->mtu, theirs->number, ret);
	case RA_OPTION_PREFIX:
		return compare_prefix(source, theirs, ret);
	case RA_OPTION_RDNSS:
	case RA_OPTION_DNSSL:
	case RA_OPTION_PREF64:
		return compare_things(source, theirs, ret);
	case RA_OPTION_CAPTIVE_PORTAL:
		return compare_portal(source, theirs, ret);
	default:
		return false;
	}
}

bool ra_watch_compare(const struct ra_source *source, const struct ra_msg *msg,
		      struct ra_difference *ret)
{
	struct ra_header ours = ra_header_make(source);
	struct wire_reader options = msg->options;
	struct ra_option option;

	if (compare_header(&ours, &msg->header, ret))
		return true;
	while (ra_option_get(&options, &option)) {
		if (compare_option(source, &option, ret))
			return true;
	}
	return false;
}

/* SPDX-License-Identifier: ISC */
/*
 * The reasons for which messages of Router Discovery are dropped: their names, and what the manual
 * says of each.
 */
#include "config.h"

#include "ra/ra_verdict.h"

static const struct drop_reason reasons[RA_VERDICTS] = {
	/* clang-format off */
	[RA_OK] = {"ok", "It was taken."},
	[RA_DROP_HOP_LIMIT] = {"hop-limit",
		"Its hop limit is not 255: it has crossed a router (RFC 4861 section 6.1)."},
	[RA_DROP_CODE] = {"code", "Its code is not 0 (RFC 4861 section 6.1)."},
	[RA_DROP_SHORT] = {"short", "It is shorter than its header (RFC 4861 section 6.1)."},
	[RA_DROP_OPTION_LENGTH] = {"option-length",
		"An option has length 0, or goes past the end (RFC 4861 section 4.6)."},
	[RA_DROP_SOURCE_LINK_LAYER] = {"source-link-layer",
		"A solicitation from :: says a link-layer address (RFC 4861 section 6.1.1)."},
	[RA_DROP_SOURCE] = {"source",
		"An advertisement from an address that is not link-local, or a solicitation from "
		"one that cannot be a host's."},
	[RA_DROP_TYPE] = {"type", "It is neither a solicitation nor an advertisement."},
	[RA_DROP_OWN] = {"own",
		"It is our own advertisement, come back: there is a loop in the link, or another "
		"machine has our link-local address."},
	[RA_DROP_IDLE] = {"idle", "A solicitation where nothing is advertised (now)."},
	[RA_DROP_UNSPECIFIED] = {"unspecified",
		"A solicitation from :: on a link with multicast off, where it cannot be "
		"answered."},
	[RA_DROP_RATE] = {"rate",
		"A solicitation on a link with multicast off, from a host or a link that sends "
		"more than are answered."},
	/* clang-format on */
};

const struct drop_reason *ra_verdict_reason(enum ra_verdict verdict)
{
	return &reasons[verdict];
}

const char *ra_verdict_name(enum ra_verdict verdict)
{
	return reasons[verdict].name;
}

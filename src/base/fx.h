/* SPDX-License-Identifier: ISC */
/*
 * Effects: what a step of a pure room wants done. Packets to send, lines to log, records for DNS;
 * lease changes are in the open batch of the lease table. The shell hands an empty fx to a step,
 * carries out what it finds, and clears it.
 *
 * An fx is bounded: what does not fit is left out whole and counted in `lost`.
 */
#ifndef SEXTANT_BASE_FX_H
#define SEXTANT_BASE_FX_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bucket.h"
#include "base/logline.h"
#include "base/mtime.h"

enum {
	FX_SENDS = 32,
	FX_LINES = 32,
	FX_EVENTS = 64,
	FX_DNS = 64,
	FX_BYTES = 192 * 1024, /* two messages of the largest size a UDP datagram can have */
};

enum fx_proto {
	FX_ICMP6, /* checksum left to the kernel, hop limit 255 */
	FX_UDP,   /* from port 547 */
};

struct fx_send {
	uint8_t *data; /* in the fx; the caller's until fx_clear() */
	size_t len;
	enum fx_proto proto;
	uint32_t link;       /* the id of the link to send on, as events name it */
	struct in6_addr src; /* ::, or the address to send from */
	bool src_gone;       /* which is not on the link any longer: sent from it nevertheless */
	struct in6_addr dst;
	uint16_t port; /* UDP: destination port, host order */
	bool held;     /* may leave only after the open batch of leases is on disk */
	mtime late; /* held: not to leave after this, for what it says is no longer so; 0: never */
};

/* A DNS record that is to be, or not to be any longer; see base/fx_dns.h. */
struct fx_dns {
	bool add;  /* else remove AAAA and PTR, whichever were added */
	bool aaaa; /* add: AAAA too, not PTR alone */
	struct in6_addr addr;
	uint32_t ttl;   /* add: seconds */
	char name[256]; /* letters, digits, hyphens and dots */
};

/* How many lines of one event were let through lately; kept over fx_clear(). */
struct fx_event {
	const char *name; /* static string, compared by pointer */
	struct bucket bucket;
	uint64_t suppressed; /* lines left out since the last one that was written */
};

struct fx {
	enum log_level level; /* what is above is not written; set by the shell */
	const struct logid
		*ids; /* of the lines' identifiers; NULL: as they are; set by the shell */
	mtime now;    /* for the rate of log lines; set by fx_clear() */
	struct fx_send sends[FX_SENDS];
	size_t n_sends;
	struct logline lines[FX_LINES];
	enum log_level levels[FX_LINES];
	size_t n_lines;
	struct fx_event events[FX_EVENTS];
	size_t n_events;
	struct fx_dns dns[FX_DNS];
	size_t n_dns;
	uint64_t lost; /* effects that did not fit, ever */
	size_t used;
	uint8_t bytes[FX_BYTES];
};

/* A new fx; the caller frees it with free(). */
struct fx *fx_new(enum log_level level);

/* Empties the fx for a step at `now`. */
void fx_clear(struct fx *fx, mtime now);

/* Where the next packet can be written, and how many octets fit; given out by fx_send(). */
uint8_t *fx_room(struct fx *fx, size_t *ret_room);

/*
 * Sends the `len` octets written at fx_room(); `how` gives everything but data and len. With no
 * place left the packet is lost, and false.
 */
bool fx_send(struct fx *fx, const struct fx_send *how, size_t len);

/*
 * A line to fill in, or NULL when nobody wants it: the level is above the fx's, the event (a
 * static string) was written too often lately, or the fx is full. logline_*() take NULL.
 */
struct logline *fx_log(struct fx *fx, enum log_level level, const char *event);

#endif

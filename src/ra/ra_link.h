/* SPDX-License-Identifier: ISC */
/*
 * The advertiser of one link (RFC 4861 section 6.2): says when Router Advertisements go out and
 * to whom, answers Router Solicitations and watches other routers. Timers are data: after every
 * step the shell arms a timer for ra_link_wake().
 */
#ifndef SEXTANT_RA_RA_LINK_H
#define SEXTANT_RA_RA_LINK_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bucket.h"
#include "base/fx.h"
#include "base/mtime.h"
#include "base/rng.h"
#include "ra/ra_clients.h"
#include "ra/ra_msg.h"
#include "ra/ra_others.h"
#include "ra/ra_source.h"

enum ra_event_kind {
	RA_EV_FACTS,   /* what is known of the link may have changed: `facts` */
	RA_EV_CONF,    /* a configuration to follow from now on: `plan` */
	RA_EV_RECEIVE, /* an ICMPv6 message came in on the link: `packet` */
	RA_EV_TIMER,   /* time has passed; harmless when early, late or doubled */
	RA_EV_STOP,    /* the daemon stops: one set of final advertisements at once */
};

struct ra_packet {
	const uint8_t *data; /* from the ICMPv6 type on; checksum verified by the kernel */
	size_t len;
	struct in6_addr src;
	struct in6_addr dst;
	int hop_limit; /* as received; -1 when not known, which drops the message */
};

struct ra_event {
	enum ra_event_kind kind;
	union {
		struct ra_facts facts;
		struct ra_plan plan;
		struct ra_packet packet;
	};
};

struct ra_counters {
	uint64_t multicasts; /* RAs sent to ff02::1, each part of a set */
	uint64_t unicasts;   /* RAs sent to one solicitor */
	uint64_t rs_received;
	uint64_t ra_received;  /* of other routers */
	uint64_t inconsistent; /* of these, which say something else than we do (RFC 4861 6.2.7) */
	uint64_t drops[RA_VERDICTS]; /* by enum ra_verdict; [RA_OK] stays 0 */
};

enum {
	RA_LINK_NAME = 16,   /* IFNAMSIZ */
	RA_LINK_PENDING = 4, /* unicast answers that wait; more solicitors get a multicast */
	RA_LINK_BUCKETS = 8, /* for the rate of unicast answers, by a hash of the solicitor */
};

/* A solicitor that gets its answer by unicast. */
struct ra_pending {
	struct in6_addr addr;
	mtime at;
};

/* A link-local address that we are, or were, a router by. */
struct ra_former {
	struct in6_addr addr; /* ::, none */
	uint8_t mac[6];       /* of the interface then */
	size_t mac_len;
	bool was_down; /* the link, since */
	uint8_t left;  /* final advertisements still to be sent by it */
	mtime next;    /* when the next of them is */
};

enum ra_state {
	RA_STATE_IDLE,        /* not advertising: not enabled, or the link is not ready */
	RA_STATE_ADVERTISING, /* RFC 4861 section 6.2.2: an advertising interface */
	RA_STATE_CEASING,     /* switched off by configuration: the final advertisements go out */
};

/* Embed it; its members are for ra_link.c, but `counters` may be read. */
struct ra_link {
	uint32_t id;
	enum ra_state state;
	char name[RA_LINK_NAME];
	struct ra_plan given;       /* as it was given */
	struct ra_plan plan;        /* with what is for the one host of a private link */
	struct ra_facts told;       /* as they were told */
	struct ra_facts facts;      /* with the link-local address that the plan sends from */
	struct ra_clients *clients; /* owned; NULL: nobody has to be told by unicast */
	size_t told_clients;        /* of these, in the round under way */
	bool has_guest;             /* of a private link: who solicited last */
	uint8_t guest[6];
	struct ra_others *others;       /* owned; NULL: none was heard */
	struct ra_withdrawn *withdrawn; /* owned */
	struct rng rng;
	mtime now;         /* of the step */
	mtime next;        /* the next unsolicited advertisement */
	mtime last;        /* the last multicast one */
	mtime solicited;   /* the multicast answer that waits, or MTIME_NEVER */
	uint8_t burst;     /* advertisements that still follow at short intervals */
	uint8_t n_pending; /* of `pending` */
	struct ra_pending pending[RA_LINK_PENDING];
	struct ra_former spoke;  /* by which hosts know us */
	struct ra_former former; /* by which they knew us before */
	struct bucket unicasts;  /* all unicast answers of the link */
	struct bucket sources[RA_LINK_BUCKETS];
	struct ra_counters counters;
};

/* `name` is copied; `id` is what fx_send.link says; `seed` is for jitter only. */
void ra_link_init(struct ra_link *link, uint32_t id, const char *name, uint64_t seed);

/* For the log; `name` is copied. */
void ra_link_rename(struct ra_link *link, const char *name);

/* Frees what the link owns. Sends nothing: RA_EV_STOP comes before, where wanted. */
void ra_link_fini(struct ra_link *link);

/*
 * The one entry point. Packets go to `fx` as FX_ICMP6 with source and destination filled in.
 *
 * A plan of RA_EV_CONF is borrowed until the next RA_EV_CONF of this link has returned: during
 * that step both the old and the new one are read, to withdraw what is gone (standards.md N1, S21).
 * The events may come in any order; nothing is sent before both facts and a plan are there.
 */
void ra_link_step(struct ra_link *link, const struct ra_event *ev, mtime now, struct fx *fx);

/* When the link wants its next RA_EV_TIMER; MTIME_NEVER: not at all. */
mtime ra_link_wake(const struct ra_link *link);

#endif

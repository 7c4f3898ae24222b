/* SPDX-License-Identifier: ISC */
/*
 * A phase of a load: one kind of exchange, so many of them at once, for so long, and what came of
 * it.
 */
#ifndef SEXTANT_BENCH_PHASE_H
#define SEXTANT_BENCH_PHASE_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "clients.h"
#include "duid/duid.h"
#include "histogram.h"

struct mode; /* a kind of exchange */

/* The mode of a name such as "four"; NULL if there is none. */
const struct mode *mode_find(const char *name);
/* All names, one a line with what they do. */
void mode_list(FILE *out);

struct phase {
	const struct mode *mode;
	uint32_t window;    /* exchanges at once, 1 to 65536 */
	uint64_t count;     /* exchanges to start, at most */
	int64_t time_ns;    /* for how long to start them */
	int64_t timeout_ns; /* until a message is sent again */
	unsigned int tries; /* how often a message is sent, at most */
};

/* What holds for all phases. */
struct load {
	const char *interface;
	struct clients clients;
	struct duid server;           /* whose answers are counted; learnt from the first one */
	struct in6_addr link_address; /* of relayed messages */
	struct in6_addr relay_to;     /* where they are sent */
	int watch;                    /* process id of the server whose time is taken, or 0 */
};

/* Why an answer did not count. */
enum fault {
	FAULT_MALFORMED,
	FAULT_STRAY,       /* to no message that is waited for: late, or a wrong transaction-id */
	FAULT_CLIENT_ID,   /* another client's, or none */
	FAULT_SERVER_ID,   /* another server's, or none */
	FAULT_TYPE,        /* a message type that does not answer */
	FAULT_IA,          /* no IA, another IAID or kind */
	FAULT_NO_LEASE,    /* an IA with nothing in it, without a refusal */
	FAULT_LIFETIMES,   /* T1 above T2, or preferred above valid */
	FAULT_DUPLICATE,   /* a lease that another client holds */
	FAULT_CHANGED,     /* another lease than the client had */
	FAULT_NOT_OFFERED, /* another lease than was advertised; counted, not refused */
	FAULT_NO_OPTIONS,  /* asked for DNS servers and got none */
	FAULT_COUNT,
};

struct phase_result {
	int64_t began_ns, ended_ns; /* of what `done` counts */
	uint64_t started;           /* exchanges */
	uint64_t done;              /* that came to their end within the time */
	uint64_t drained;           /* after it */
	uint64_t refused;           /* answered with a status, such as NoAddrsAvail */
	uint64_t lost;              /* given up after all tries */
	uint64_t unfinished;        /* when the time was over */
	uint64_t sent, received;    /* messages */
	uint64_t retransmits;       /* messages sent again */
	uint64_t send_failures;     /* that the kernel did not take */
	uint64_t status[8];         /* refusals by status code, others in [1] */
	uint64_t faults[FAULT_COUNT];
	int64_t first_answer_ns; /* monotonic time of the first good one, 0 if none */
	int64_t own_cpu_ns;      /* of this process */
	int64_t server_cpu_ns;   /* of the process watched */
	bool exhausted;          /* the clients ran out before the time */
	struct histogram whole;  /* from the first message to the last answer */
	struct histogram last;   /* from the last message to its answer */
};

/* Runs it; what clients hold afterwards is in load->clients. */
void phase_run(struct load *load, const struct phase *phase, struct phase_result *ret);

/* The result as one JSON object. */
void phase_print(const struct phase *phase, const struct phase_result *result, FILE *out);

#endif

/* SPDX-License-Identifier: ISC */
/*
 * An answer to a client while it is decided on, and its encoding.
 */
#ifndef SEXTANT_DHCP6_DHCP6_ANSWER_H
#define SEXTANT_DHCP6_DHCP6_ANSWER_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/mtime.h"
#include "dhcp6/dhcp6_client.h"
#include "dhcp6/dhcp6_link.h"
#include "dhcp6/dhcp6_msg.h"
#include "wire/wire.h"

enum {
	DHCP6_ANSWER_LEASES = 2 * DHCP6_MSG_LEASES, /* of all IAs together */
	/* Octets that every answer fits in, but for its configured options. */
	DHCP6_ANSWER_ROOM = 8192,
	/* Octets in a packet of 1280, which every link takes (RFC 8200 section 5). */
	DHCP6_ANSWER_UNFRAGMENTED = 1280 - 40 - 8,
};

/* No status option is sent: it means Success (RFC 8415 section 21.13). */
#define DHCP6_NO_STATUS (-1)

struct dhcp6_answer_lease {
	struct in6_addr addr;
	uint8_t plen;
	uint32_t preferred, valid; /* seconds; both 0: no longer the client's */
	bool fresh;                /* the client was not told of it before */
	struct ip6_prefix exclude; /* of a prefix, what the client leaves out; len 0: nothing */
};

struct dhcp6_answer_ia {
	enum lease_kind kind;
	uint32_t iaid;
	int status;          /* enum dhcp6_status, or DHCP6_NO_STATUS */
	size_t first, count; /* its leases in the answer's */
};

struct dhcp6_answer {
	uint8_t type; /* DHCP6_ADVERTISE or DHCP6_REPLY */
	enum dhcp6_option_in in;
	bool rapid_commit;
	bool bare; /* without configured options */
	bool reconf_accept;
	const uint8_t *key; /* for Reconfigures, LEASE_KEY_LEN octets; NULL: not given */
	uint64_t replay;    /* with key */
	uint8_t fqdn_flags;
	struct dns_name fqdn; /* len 0: none */
	int status;           /* of the message; as in struct dhcp6_answer_ia */
	struct dhcp6_answer_ia ias[DHCP6_MSG_IAS];
	size_t n_ias;
	struct dhcp6_answer_lease leases[DHCP6_ANSWER_LEASES];
	size_t n_leases;
};

/* An empty answer of a type. */
void dhcp6_answer_begin(struct dhcp6_answer *answer, enum dhcp6_type type, enum dhcp6_option_in in);

/* Adds an IA; leases are added to the last one. NULL, and nothing added, when there is no room. */
struct dhcp6_answer_ia *dhcp6_answer_add_ia(struct dhcp6_answer *answer, enum lease_kind kind,
					    uint32_t iaid);
struct dhcp6_answer_lease *dhcp6_answer_add_lease(struct dhcp6_answer *answer,
						  const struct in6_addr *addr, uint8_t plen,
						  uint32_t preferred, uint32_t valid);
/* Whether the last IA has it, with whatever lifetimes. */
bool dhcp6_answer_has(const struct dhcp6_answer *answer, const struct in6_addr *addr, uint8_t plen);

/* Whether an IA of this kind is given something that overlaps it. */
bool dhcp6_answer_overlaps(const struct dhcp6_answer *answer, enum lease_kind kind,
			   const struct in6_addr *addr, uint8_t plen);

/*
 * When the client should renew and rebind all its leases, seconds (RFC 8415 section 21.4). Those of
 * a deprecated prefix, which has no preferred lifetime left, are not extended and count only where
 * there are no others.
 */
void dhcp6_answer_times(const struct dhcp6_answer *answer, uint32_t *ret_t1, uint32_t *ret_t2);

/*
 * How long the answer may wait after it was decided: a quarter of the shortest valid lifetime in
 * it. Lifetimes count for the client from when it comes, for the server from before. MTIME_NEVER:
 * as long as it takes.
 */
mtime dhcp6_answer_patience(const struct dhcp6_answer *answer);

/*
 * Writes the answer to the message; the writer is bad when it did not fit. Options that nobody
 * asked for are left out where the writer, which may hold what relays get, would pass
 * DHCP6_ANSWER_UNFRAGMENTED.
 */
void dhcp6_answer_encode(const struct dhcp6_answer *answer, const struct dhcp6_msg *msg,
			 const struct dhcp6_link *link, const struct dhcp6_layers *layers,
			 const struct duid *server_duid, struct wire_writer *w);

#endif

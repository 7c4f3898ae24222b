/* SPDX-License-Identifier: ISC */
/*
 * The messages of RFC 8415 that a client sends, and what it reads in the answers. Written apart
 * from the server's own codec, so that the two check one another.
 *
 * The order of what message_put() writes is fixed, because the null responder finds everything by
 * offset: header, client identifier (a DUID-LL), IA, then the rest.
 */
#ifndef SEXTANT_BENCH_MESSAGE_H
#define SEXTANT_BENCH_MESSAGE_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "duid/duid.h"

enum {
	MSG_SOLICIT = 1,
	MSG_ADVERTISE = 2,
	MSG_REQUEST = 3,
	MSG_RENEW = 5,
	MSG_REBIND = 6,
	MSG_REPLY = 7,
	MSG_RELEASE = 8,
	MSG_INFORMATION_REQUEST = 11,
	MSG_RELAY_FORW = 12,
	MSG_RELAY_REPL = 13,
};

enum {
	OPT_CLIENTID = 1,
	OPT_SERVERID = 2,
	OPT_IA_NA = 3,
	OPT_IAADDR = 5,
	OPT_ORO = 6,
	OPT_ELAPSED_TIME = 8,
	OPT_RELAY_MSG = 9,
	OPT_STATUS_CODE = 13,
	OPT_RAPID_COMMIT = 14,
	OPT_INTERFACE_ID = 18,
	OPT_DNS_SERVERS = 23,
	OPT_DOMAIN_LIST = 24,
	OPT_IA_PD = 25,
	OPT_IAPREFIX = 26,
};

enum {
	STATUS_SUCCESS = 0,
	STATUS_NO_ADDRS_AVAIL = 2,
	STATUS_NO_BINDING = 3,
	STATUS_NO_PREFIX_AVAIL = 6,
};

/* Where message_put() writes things: octets from the start of the message. */
enum {
	AT_CLIENTID = 4,
	LEN_CLIENTID = 14, /* the option with a DUID-LL of Ethernet */
	AT_MAC = AT_CLIENTID + 8,
	AT_IA = AT_CLIENTID + LEN_CLIENTID,
	LEN_IA = 16, /* without what is in it */
	AT_AFTER_IA = AT_IA + LEN_IA,
	/* A relayed message: header, Interface-Id of 4 octets, Relay Message. */
	AT_RELAY_PEER = 18,
	LEN_RELAY_HEADER = 34,
	AT_RELAYED = LEN_RELAY_HEADER + 8 + 4,
};

/* What a client asks. */
struct query {
	uint8_t type;
	uint32_t xid; /* 24 bits */
	uint8_t mac[6];
	uint16_t ia;                  /* OPT_IA_NA, OPT_IA_PD or 0 for none */
	uint32_t iaid;                /* of the IA */
	const struct in6_addr *lease; /* in the IA; NULL for none */
	uint8_t plen;                 /* of the lease */
	const struct duid *server;    /* NULL for none */
	bool rapid;
	uint16_t elapsed; /* 1/100 s */
};

/* Octets written, at most `room`; asserts that they fit. */
size_t message_put(const struct query *q, void *bytes, size_t room);

/* Likewise inside a Relay-forward from a relay on link_address. */
size_t message_put_relayed(const struct query *q, const struct in6_addr *link_address, void *bytes,
			   size_t room);

/* What a client was told. Pointers are into the message. */
struct answer {
	uint8_t type;
	uint32_t xid;
	const uint8_t *client; /* its DUID; NULL if there is none */
	size_t client_len;
	const uint8_t *server; /* likewise */
	size_t server_len;
	uint16_t ia; /* OPT_IA_NA, OPT_IA_PD; 0 if there is none */
	uint32_t iaid;
	uint32_t t1, t2;
	bool has_lease; /* an address or prefix in the IA with a valid lifetime above 0 */
	struct in6_addr lease;
	uint8_t plen;
	uint32_t preferred, valid;
	uint16_t status; /* the first that is not Success, of the message or in the IA */
	bool rapid;
	bool has_dns;
};

/* False if the message is malformed. */
bool message_get(const void *bytes, size_t len, struct answer *ret);

/* The same for a Relay-reply; *ret_peer is whom it is for. */
bool message_get_relayed(const void *bytes, size_t len, struct answer *ret,
			 struct in6_addr *ret_peer);

/* The link-local address that a client with this MAC would have. */
struct in6_addr message_peer(const uint8_t mac[6]);

#endif

/* SPDX-License-Identifier: ISC */
/* What a client and we said to each other, as it was captured. */
#ifndef SEXTANT_TESTS_PCAP_CONVERSATION_H
#define SEXTANT_TESTS_PCAP_CONVERSATION_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/mtime.h"

struct said {
	mtime at;
	bool icmp6;
	bool ours; /* it is of the server, to a client or a relay */
	struct in6_addr src, dst;
	uint8_t mac[6];
	uint8_t hop_limit;
	uint16_t port; /* it was sent from */
	uint8_t *data; /* alone in memory: a sanitizer sees what reads past it */
	size_t len;
};

struct conversation {
	struct said *said;
	size_t n, cap;
	mtime end; /* of the capture; it begins at 1 ms */
};

/* Reads a capture of Ethernet frames; ends the program if it is none. */
void conversation_read(const char *path, struct conversation *ret_conversation);
void conversation_free(struct conversation *conversation);

#endif

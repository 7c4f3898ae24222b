/* SPDX-License-Identifier: ISC */
/*
 * The Reconfigure Key Authentication Protocol on the wire (RFC 8415 section 20.4).
 */
#ifndef SEXTANT_DHCP6_DHCP6_RKAP_H
#define SEXTANT_DHCP6_DHCP6_RKAP_H

#include <stdint.h>

#include "dhcp6/dhcp6_proto.h"
#include "duid/duid.h"
#include "lease/lease.h"
#include "wire/wire.h"

/* Writes the Authentication option that gives a client its key. */
void dhcp6_rkap_put_key(struct wire_writer *w, uint64_t replay, const uint8_t key[LEASE_KEY_LEN]);

/* What a Reconfigure says. */
struct dhcp6_rkap_message {
	const struct duid *server_id;
	const uint8_t *client_id;
	size_t client_id_len;
	enum dhcp6_type ask; /* DHCP6_RENEW, DHCP6_REBIND or DHCP6_INFORMATION_REQUEST */
	uint64_t replay;
	const uint8_t *key; /* LEASE_KEY_LEN octets */
};

/* Writes the whole message, authenticated; the writer is bad when it did not fit. */
void dhcp6_rkap_encode(const struct dhcp6_rkap_message *message, struct wire_writer *w);

#endif

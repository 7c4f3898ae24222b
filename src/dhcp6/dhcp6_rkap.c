/* SPDX-License-Identifier: ISC */
/*
 * The Reconfigure Key Authentication Protocol (RFC 8415 sections 20.3 and 20.4). Other protocols of
 * the Authentication option are obsolete (RFC 9915): none is ever written, and none is read.
 */
#include "config.h"

#include "dhcp6/dhcp6_rkap.h"

#include "base/md5.h"

/* RFC 8415 sections 20.4.1 and 21.11. */
enum {
	PROTOCOL_RKAP = 3,
	ALGORITHM_HMAC_MD5 = 1,
	RDM_MONOTONIC = 0,
	AUTH_LEN = 28,
	TYPE_KEY = 1,
	TYPE_DIGEST = 2,
};

/* Up to the 16 octets of the value. */
static void put_auth(struct wire_writer *w, uint64_t replay, uint8_t type)
{
	wire_put_u16(w, DHCP6_OPT_AUTH);
	wire_put_u16(w, AUTH_LEN);
	wire_put_u8(w, PROTOCOL_RKAP);
	wire_put_u8(w, ALGORITHM_HMAC_MD5);
	wire_put_u8(w, RDM_MONOTONIC);
	wire_put_u64(w, replay);
	wire_put_u8(w, type);
}

void dhcp6_rkap_put_key(struct wire_writer *w, uint64_t replay, const uint8_t key[LEASE_KEY_LEN])
{
	put_auth(w, replay, TYPE_KEY);
	wire_put_bytes(w, key, LEASE_KEY_LEN);
}

static void put_id(struct wire_writer *w, enum dhcp6_code code, const uint8_t *bytes, size_t len)
{
	wire_put_u16(w, (uint16_t)code);
	wire_put_u16(w, (uint16_t)len);
	wire_put_bytes(w, bytes, len);
}

void dhcp6_rkap_encode(const struct dhcp6_rkap_message *message, struct wire_writer *w)
{
	uint8_t digest[MD5_LEN];
	size_t start = w->at, at;

	wire_put_u8(w, DHCP6_RECONFIGURE);
	wire_put_u24(w, 0); /* RFC 8415 section 18.3.11: no transaction */
	put_id(w, DHCP6_OPT_SERVER_ID, message->server_id->bytes, message->server_id->len);
	put_id(w, DHCP6_OPT_CLIENT_ID, message->client_id, message->client_id_len);
	wire_put_u16(w, DHCP6_OPT_RECONF_MSG);
	wire_put_u16(w, 1);
	wire_put_u8(w, (uint8_t)message->ask);
	put_auth(w, message->replay, TYPE_DIGEST);
	at = w->at;
	wire_put_zeros(w, MD5_LEN);
	if (w->bad)
		return;
	/* Section 20.4.2: over the whole message, with zeros where the digest goes. */
	md5_hmac(message->key, LEASE_KEY_LEN, w->bytes + start, w->at - start, digest);
	wire_put_undo(w, at);
	wire_put_bytes(w, digest, sizeof(digest));
}

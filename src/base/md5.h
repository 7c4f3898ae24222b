/* SPDX-License-Identifier: ISC */
/*
 * HMAC-MD5 (RFC 2104 with RFC 1321), which authenticates Reconfigures (RFC 8415 section 20.4). For
 * nothing else: MD5 alone has been broken.
 */
#ifndef SEXTANT_BASE_MD5_H
#define SEXTANT_BASE_MD5_H

#include <stddef.h>
#include <stdint.h>

enum {
	MD5_LEN = 16,       /* octets of a digest */
	MD5_BLOCK_LEN = 64, /* the longest key */
};

void md5_hmac(const void *key, size_t key_len, const void *data, size_t len,
	      uint8_t ret_digest[MD5_LEN]);

#endif

/* SPDX-License-Identifier: ISC */
/* K3 */
/*
 * HMAC-MD5 against the test vectors of RFC 2202 section 2, but for those whose key is longer than
 * a block; and lengths around the ends of blocks, computed with Python.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/md5.h"
#include "base/text.h"

static void expect(const void *key, size_t key_len, const void *data, size_t len, const char *hex)
{
	uint8_t digest[MD5_LEN];
	char buf[2 * MD5_LEN + 1];
	struct text text;

	md5_hmac(key, key_len, data, len, digest);
	text_init(&text, buf, sizeof(buf));
	text_put_hex(&text, digest, sizeof(digest), 0);
	assert_string_equal(buf, hex);
}

static void vectors_of_rfc_2202(void **state)
{
	uint8_t key[25], data[50];

	(void)state;
	memset(key, 0x0b, 16);
	expect(key, 16, "Hi There", 8, "9294727a3638bb1c13f48ef8158bfc9d");
	expect("Jefe", 4, "what do ya want for nothing?", 28, "750c783e6ab0b503eaa86e310a5db738");
	memset(key, 0xaa, 16);
	memset(data, 0xdd, 50);
	expect(key, 16, data, 50, "56be34521d144c88dbb8c733f0e8b3f6");
	for (uint8_t i = 0; i < 25; i++)
		key[i] = (uint8_t)(i + 1);
	memset(data, 0xcd, 50);
	expect(key, 25, data, 50, "697eaf0aca3a3aea3a75164746ffaa79");
	memset(key, 0x0c, 16);
	expect(key, 16, "Test With Truncation", 20, "56461ef2342edc00f9bab995690efd4c");
}

static void ends_of_blocks(void **state)
{
	static const struct {
		size_t len;
		const char *hex;
	} cases[] = {
		{0, "6a99a91ce03f8ccc5b824205818103dc"},
		{1, "6bb5b072e39d1faf5dcad9f197837ae9"},
		{55, "8db60577f70c6a62ef1eb88413b31082"},
		{56, "743eaa347ee2b135723dec6555ecd1af"},
		{57, "ca5fec747cd59fc9df373eccfff93dab"},
		{63, "491189ddff81a08ddc82f42017f86bcb"},
		{64, "3ad355e146f4349347c336b9fcf16196"},
		{65, "06ebbaae7d6c4ab65ef429a7ef0af523"},
		{119, "1a14f600c7d516b6dcd00db1730f7406"},
		{120, "25061c0350f258fd4a321b0e60361e89"},
		{128, "86425273ecab09f420345a7414d19db9"},
		{200, "4ef17225e609c0f5f591ca188eef140a"},
	};
	uint8_t data[200];

	(void)state;
	for (size_t i = 0; i < sizeof(data); i++)
		data[i] = (uint8_t)i;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		expect("0123456789abcdef", 16, data, cases[i].len, cases[i].hex);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(vectors_of_rfc_2202),
		cmocka_unit_test(ends_of_blocks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

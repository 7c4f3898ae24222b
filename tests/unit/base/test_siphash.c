/* SPDX-License-Identifier: ISC */
/*
 * The keyed hash against its authors' vectors.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/siphash.h"

/* 00..0f, which all vectors are made with. */
static struct siphash_key counting_key(void)
{
	struct siphash_key key;

	for (uint8_t i = 0; i < SIPHASH_KEY_LEN; i++)
		key.bytes[i] = i;
	return key;
}

/* The first vectors of the reference implementation: key 00..0f, input 00 01 02 .. */
static void siphash_matches_the_reference(void **state)
{
	static const uint64_t expected[] = {0x726fdb47dd0e0e31u, 0x74f839c593dc67fdu,
					    0x0d6c8009d9a94f5au, 0x85676696d7fb7e2du};
	const struct siphash_key key = counting_key();
	uint8_t input[4];

	(void)state;
	for (uint8_t i = 0; i < 4; i++)
		input[i] = i;
	for (size_t n = 0; n < 4; n++)
		assert_true(siphash(&key, input, n) == expected[n]);
}

/* The example of the paper, appendix A. */
static void siphash_matches_the_paper(void **state)
{
	const struct siphash_key key = counting_key();
	uint8_t input[15];

	(void)state;
	for (size_t i = 0; i < sizeof(input); i++)
		input[i] = (uint8_t)i;
	assert_true(siphash(&key, input, sizeof(input)) == 0xa129ca6149be45e5u);
}

/* The vectors that implementations of SipHash-1-3 share; made with the same key and input. */
static void siphash_table_matches_the_vectors(void **state)
{
	static const uint64_t expected[] = {0xabac0158050fc4dcu, 0xc9f49bf37d57ca93u,
					    0x82cb9b024dc7d44du, 0x8bf80ab8e7ddf7fbu};
	const struct siphash_key key = counting_key();
	uint8_t input[15];

	(void)state;
	for (size_t i = 0; i < sizeof(input); i++)
		input[i] = (uint8_t)i;
	for (size_t n = 0; n < 4; n++)
		assert_true(siphash_table(&key, input, n) == expected[n]);
	assert_true(siphash_table(&key, input, sizeof(input)) == 0xd320d86d2a519956u);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(siphash_matches_the_reference),
		cmocka_unit_test(siphash_matches_the_paper),
		cmocka_unit_test(siphash_table_matches_the_vectors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

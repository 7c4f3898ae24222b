/* SPDX-License-Identifier: ISC */
/*
 * Runs fuzz_ra.c without a fuzzer: messages with every option, cut at every length and with every
 * octet changed, so that each `make check` walks through what a fuzzer begins with.
 */
/* E1, E3, E5, Z7 */
#include "config.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* clang-format off */
static const uint8_t solicitation[] = {
	133, 0, 0, 0, 0, 0, 0, 0,
	1, 1, 2, 0, 0, 0, 0, 1,		/* source link-layer address */
};
static const uint8_t advertisement[] = {
	134, 0, 0, 0, 64, 0xc0, 7, 8, 0, 0, 0, 0, 0, 0, 0, 0,
	1, 1, 2, 0, 0, 0, 0, 2,
	5, 1, 0, 0, 0, 0, 5, 0xdc,
	26, 1, 0x80, 0, 0, 0, 0, 0,
	3, 4, 64, 0xc0, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 0,
	0x20, 1, 0x0d, 0xb8, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
	24, 2, 48, 8, 0, 0, 7, 8, 0x20, 1, 0x0d, 0xb8, 0, 5, 0, 0,
	25, 3, 0, 0, 0, 0, 7, 8, 0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x53,
	31, 3, 0, 0, 0, 0, 14, 16, 7, 'e', 'x', 'a', 'm', 'p', 'l', 'e', 3, 'o', 'r', 'g', 0, 0, 0, 0,
	38, 2, 7, 8, 0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0,
	37, 2, 'h', 't', 't', 'p', ':', '/', '/', 'x', 0, 0, 0, 0, 0, 0,
	144, 3, 0, 1, 0, 0, 2, 0x58, 0, 9, 7, 'e', 'x', 'a', 'm', 'p', 'l', 'e', 0, 0, 0, 0, 0, 0,
};
/* clang-format on */

enum { HEAD = 3, ROOM = 1024 };

/* The message from a source, and once more, so that the second finds what the first left. */
static void run(uint8_t from, const uint8_t *message, size_t len)
{
	uint8_t input[2 * ROOM];
	size_t n = 0;

	for (int i = 0; i < 2; i++) {
		const uint8_t head[HEAD] = {from, (uint8_t)(len >> 8), (uint8_t)len};

		memcpy(input + n, head, HEAD);
		memcpy(input + n + HEAD, message, len);
		n += HEAD + len;
	}
	LLVMFuzzerTestOneInput(input, n);
}

static void walk(const uint8_t *message, size_t len)
{
	static const uint8_t values[] = {0, 1, 2, 0x7f, 0x80, 0xff};
	uint8_t copy[ROOM];

	for (size_t cut = 0; cut <= len; cut++) {
		for (uint8_t from = 0; from < 5; from++)
			run(from, message, cut);
	}
	for (size_t i = 0; i < len; i++) {
		for (size_t k = 0; k < sizeof(values); k++) {
			memcpy(copy, message, len);
			copy[i] = values[k];
			run(/* from= */ 0, copy, len);
		}
	}
}

int main(void)
{
	walk(solicitation, sizeof(solicitation));
	walk(advertisement, sizeof(advertisement));
	return 0;
}

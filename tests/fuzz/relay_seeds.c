/* SPDX-License-Identifier: ISC */
/*
 * Runs fuzz_relay.c without a fuzzer: chains with every option, cut at every length and with every
 * octet changed, so that each `make check` walks through what a fuzzer begins with.
 *
 *	relay_seeds DIRECTORY    writes the chains there instead, as a corpus for a fuzzer
 */
/* Z7, Z8, Z9 */
#include "config.h"

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "duid/duid.h"
#include "sim/message.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define CLIENT "client-id=00:03:00:01:02:00:00:00:00:0a"
#define LINK   "link=2001:db8:1::1 peer=fe80::a"

static const char *const seeds[] = {
	("relay-forward hops=0 " LINK " interface-id=706f727437 (solicit " CLIENT
	 " ia-na=1(addr=2001:db8:1::5) ia-pd=2 oro=23,24 elapsed=1)"),
	("relay-forward hops=1 " LINK " relay-port=2000 ero=37,38,53,17 remote-id=9:0102"
	 " subscriber-id=0304 relay-id=000300010200 opt=17:00000009000100020304"
	 " (relay-forward hops=0 link=fe80::1 peer=fe80::a interface-id=0102"
	 " client-mac=02:00:00:00:00:0a relay-port=0 rsoo=(opt=65:0161 opt=82:00000e10)"
	 " (request " CLIENT " server-id=server ia-na=1(addr=2001:db8:1::5) oro=65,82))"),
	("relay-forward hops=2 link=:: peer=fe80::a interface-id=01 (relay-forward hops=1 link=::"
	 " peer=fe80::a interface-id= (relay-forward hops=0 link=:: peer=fe80::a (info oro=23))))"),
};

enum { HEAD = 3, ROOM = 2048 };

static size_t compose(const char *text, uint8_t *buf)
{
	struct duid server;
	char *words = strdup(text);

	if (!words || !duid_parse("00:04:11:11:11:11:11:11:11:11:11:11:11:11:11:11:11:11", &server))
		abort();
	size_t len = message_compose(words, &server, buf, ROOM - HEAD);

	free(words);
	if (len == 0)
		abort();
	return len;
}

/* The datagram as an input: after an octet for how it came, and its length. */
static size_t wrap(uint8_t *input, uint8_t how, const uint8_t *datagram, size_t len)
{
	const uint8_t head[HEAD] = {how, (uint8_t)(len >> 8), (uint8_t)len};

	memcpy(input, head, HEAD);
	memcpy(input + HEAD, datagram, len);
	return HEAD + len;
}

static void run(uint8_t how, const uint8_t *datagram, size_t len)
{
	uint8_t input[ROOM];

	LLVMFuzzerTestOneInput(input, wrap(input, how, datagram, len));
}

static void walk(const uint8_t *datagram, size_t len)
{
	static const uint8_t values[] = {0, 1, 9, 0x7f, 0xff};
	uint8_t copy[ROOM];

	for (int how = 0; how < 0x40; how++)
		run((uint8_t)how, datagram, len);
	for (size_t cut = 0; cut < len; cut++)
		run(0x20, datagram, cut);
	memcpy(copy, datagram, len);
	for (size_t i = 0; i < len; i++) {
		for (size_t k = 0; k < sizeof(values); k++) {
			copy[i] = values[k];
			run((uint8_t)(k & 1), copy, len);
		}
		copy[i] = datagram[i];
	}
}

static int write_seed(const char *directory, size_t i, const uint8_t *datagram, size_t len)
{
	uint8_t input[ROOM];
	char path[4096];
	FILE *file;
	size_t n = wrap(input, 0x20, datagram, len);

	snprintf(path, sizeof(path), "%s/relay-%zu", directory, i);
	file = fopen(path, "wb");
	if (!file || fwrite(input, 1, n, file) != n || fclose(file) != 0) {
		perror(path);
		return EXIT_FAILURE;
	}
	return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
	int status = EXIT_SUCCESS;

	for (size_t i = 0; i < sizeof(seeds) / sizeof(seeds[0]) && status == EXIT_SUCCESS; i++) {
		uint8_t datagram[ROOM];
		size_t len = compose(seeds[i], datagram);

		if (argc > 1)
			status = write_seed(argv[1], i, datagram, len);
		else
			walk(datagram, len);
	}
	return status;
}

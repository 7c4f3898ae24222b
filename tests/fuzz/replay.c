/* SPDX-License-Identifier: ISC */
/*
 * Gives a fuzz target its corpus without a fuzzer: every file of a directory; and, so that a run
 * without a corpus is not an empty one, a number of inputs from a seeded generator.
 *
 * usage: target DIRECTORY [COUNT]
 */
#include "config.h"

#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/rng.h"

enum { INPUT_MAX = 65536 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t replay_directory(const char *path)
{
	static uint8_t buf[INPUT_MAX];
	DIR *dir = opendir(path);
	size_t n = 0;

	for (const struct dirent *entry = dir ? readdir(dir) : NULL; entry; entry = readdir(dir)) {
		char name[1024];

		if (entry->d_name[0] == '.')
			continue;
		snprintf(name, sizeof(name), "%s/%s", path, entry->d_name);
		FILE *file = fopen(name, "rb");

		if (!file)
			continue;
		LLVMFuzzerTestOneInput(buf, fread(buf, 1, sizeof(buf), file));
		fclose(file);
		n++;
	}
	if (dir)
		closedir(dir);
	return n;
}

int main(int argc, char **argv)
{
	uint8_t buf[600];
	struct rng rng;

	if (argc < 2) {
		fputs("usage: target DIRECTORY [COUNT]\n", stderr);
		return 2;
	}
	size_t files = replay_directory(argv[1]);
	long count = argc > 2 ? strtol(argv[2], NULL, 10) : 0;

	rng_seed(&rng, 1);
	for (long i = 0; i < count; i++) {
		size_t len = (size_t)rng_between(&rng, 0, sizeof(buf));

		for (size_t k = 0; k < len; k++)
			buf[k] = (uint8_t)rng_u64(&rng);
		LLVMFuzzerTestOneInput(buf, len);
	}
	printf("%zu files, %ld random inputs\n", files, count);
	return EXIT_SUCCESS;
}

/* SPDX-License-Identifier: ISC */
/*
 * Prints the reference of the configuration into a page: the line "@reference@" of the template is
 * replaced by what the rows say.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/cfg.h"
#include "daemon/conf.h"

int main(int argc, char **argv)
{
	char line[1024];

	if (argc != 3) {
		fputs("usage: reference man|markdown TEMPLATE\n", stderr);
		return 2;
	}
	FILE *in = fopen(argv[2], "r");

	if (!in) {
		perror(argv[2]);
		return EXIT_FAILURE;
	}
	while (fgets(line, sizeof(line), in)) {
		if (strcmp(line, "@reference@\n") != 0)
			fputs(line, stdout);
		else if (strcmp(argv[1], "man") == 0)
			cfg_print_man(&daemon_conf_schema, stdout);
		else
			cfg_print_markdown(&daemon_conf_schema, stdout);
	}
	fclose(in);
	return fflush(stdout) == 0 && !ferror(stdout) ? EXIT_SUCCESS : EXIT_FAILURE;
}

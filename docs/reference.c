/* SPDX-License-Identifier: ISC */
/*
 * Prints the reference of the configuration, or of DHCPv6 options, into a page: the line
 * "@reference@" of the template is replaced by what the rows say.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/cfg.h"
#include "daemon/conf.h"
#include "dhcp6/dhcp6_option.h"
#include "dhcp6/dhcp6_option_row.h"

/* The table of DHCPv6 options, a line each. */
static void print_options(FILE *out)
{
	const struct dhcp6_option_row *row;

	fputs("| code | key | content | in | may be forced | RFC |\n"
	      "| --- | --- | --- | --- | --- | --- |\n",
	      out);
	for (size_t i = 0; (row = dhcp6_option_row(i)); i++) {
		const char *in = "Advertise, Reply";

		if (row->in == DHCP6_IN_INFORMATION)
			in = "Reply to an Information-request";
		else if (!(row->in & DHCP6_IN_ADVERTISE))
			in = "Reply";
		fprintf(out, "| %u | `%s` | %s | %s | %s | %s |\n", (unsigned int)row->code,
			row->name, row->form, in, row->asked_only ? "no" : "yes", row->rfc);
	}
}

int main(int argc, char **argv)
{
	char line[1024];

	if (argc != 3) {
		fputs("usage: reference man|markdown|options TEMPLATE\n", stderr);
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
		else if (strcmp(argv[1], "options") == 0)
			print_options(stdout);
		else
			cfg_print_markdown(&daemon_conf_schema, stdout);
	}
	fclose(in);
	return fflush(stdout) == 0 && !ferror(stdout) ? EXIT_SUCCESS : EXIT_FAILURE;
}

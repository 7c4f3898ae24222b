/* SPDX-License-Identifier: ISC */
/*
 * Prints the reference of the configuration, of DHCPv6 options, or of the reasons for drops, into a
 * page: the line "@reference@" or "@drops@" of the template is replaced by what the rows say.
 */
#include "config.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/cfg.h"
#include "daemon/conf.h"
#include "daemon/lost.h"
#include "dhcp6/dhcp6_drop.h"
#include "dhcp6/dhcp6_option.h"
#include "dhcp6/dhcp6_option_row.h"
#include "net/net_drop.h"
#include "ra/ra_verdict.h"

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

/* An item of a list of mdoc(7), where each sentence has a line of its own. */
static void print_reason(FILE *out, const char *before, const struct drop_reason *reason)
{
	size_t column = 0;

	fprintf(out, ".It Li %s%s\n", before, reason->name);
	for (const char *word = reason->doc; *word;) {
		size_t len = strcspn(word, " ");
		bool ends = word[len - 1] == '.';

		if (column && column + len > 78) {
			fputc('\n', out);
			column = 0;
		}
		column += (size_t)fprintf(out, "%s%.*s", column ? " " : "", (int)len, word);
		word += len + (word[len] == ' ');
		if (!ends && *word)
			continue;
		fputc('\n', out);
		column = 0;
	}
}

static void begin_reasons(FILE *out, const char *event, const char *what)
{
	fprintf(out, "%s, in the log line\n.Li event=%s :\n", what, event);
	fputs(".Bl -tag -width Ds -compact\n", out);
}

/* Why packets are dropped, by the log line that counts them. */
static void print_drops(FILE *out)
{
	begin_reasons(out, "dhcp6-counters", "Messages of DHCPv6");
	for (int i = DHCP6_DROP_NONE + 1; i < DHCP6_DROPS; i++)
		print_reason(out, "drop-", dhcp6_drop_reason((enum dhcp6_drop)i));
	fputs(".El\n.Pp\n", out);
	begin_reasons(out, "dhcp6-counters", "Answers and advertisements that were decided");
	for (int i = 0; i < DAEMON_LOSTS; i++)
		print_reason(out, "", daemon_lost_reason((enum daemon_lost)i));
	fputs(".El\n.Pp\n", out);
	begin_reasons(out, "ra-counters", "Messages of Router Discovery, by link");
	for (int i = RA_OK + 1; i < RA_VERDICTS; i++)
		print_reason(out, "drop-", ra_verdict_reason((enum ra_verdict)i));
	fputs(".El\n.Pp\n", out);
	begin_reasons(out, "socket-counters", "Datagrams, by socket");
	for (int i = 0; i < NET_DROPS; i++)
		print_reason(out, "", net_drop_reason((enum net_drop)i));
	fputs(".El\n", out);
}

int main(int argc, char **argv)
{
	char line[1024];

	if (argc != 3) {
		fputs("usage: reference man|markdown|options|drops TEMPLATE\n", stderr);
		return 2;
	}
	FILE *in = fopen(argv[2], "r");

	if (!in) {
		perror(argv[2]);
		return EXIT_FAILURE;
	}
	while (fgets(line, sizeof(line), in)) {
		if (strcmp(line, "@drops@\n") == 0)
			print_drops(stdout);
		else if (strcmp(line, "@reference@\n") != 0)
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

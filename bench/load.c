/* SPDX-License-Identifier: ISC */
/*
 * load: many DHCPv6 clients in one process and one thread, to measure a server with.
 *
 *	load -i c0 rapid,count=100000,window=256 four,time=2 renew,time=2
 *
 * runs the phases in order over the same clients and writes what it saw as JSON. The interface
 * needs a link-local address and no other DHCPv6 client. See mode_list() for the modes.
 */
#include "config.h"

#include <err.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/ip6.h"
#include "base/mem.h"
#include "clock.h"
#include "phase.h"

enum {
	CLIENTS_DEFAULT = 2 << 20,
	WINDOW_DEFAULT = 32,
	WINDOW_MAX = 65536, /* leaves 8 bits of a transaction-id to tell exchanges apart */
	TRIES_DEFAULT = 8,
};

static void usage(FILE *out)
{
	fprintf(out,
		"Usage: load -i INTERFACE [options] MODE[,KEY=VALUE]...\n"
		"\n"
		"  -i INTERFACE    where the server is\n"
		"  -n CLIENTS      how many there are at most (%d)\n"
		"  -r SEED         of their DUIDs, 0 to 255 (1)\n"
		"  -k ADDRESS      link-address of relayed messages (2001:db8:2::1)\n"
		"  -u ADDRESS      where relayed messages go (ff05::1:3)\n"
		"  -l FILE         what the clients hold, from an earlier run\n"
		"  -s FILE         where to write what they hold\n"
		"  -w PID          the server's process, to take its CPU time\n"
		"\n"
		"Phases, run in order, as MODE with:\n"
		"  count=N         exchanges (no limit)\n"
		"  time=SECONDS    for how long (10)\n"
		"  window=N        exchanges at once (%d)\n"
		"  timeout=SECONDS until a message is sent again (1)\n"
		"  tries=N         how often it is sent (%d)\n"
		"\n"
		"A burst is a window as large as its count, and one try: rapid,count=4096,window=4096,tries=1\n"
		"\n",
		CLIENTS_DEFAULT, WINDOW_DEFAULT, TRIES_DEFAULT);
	mode_list(out);
}

static double number(const char *what, const char *s, double low, double high)
{
	char *end;
	double v = strtod(s, &end);

	if (end == s || *end || !(v >= low && v <= high))
		errx(2, "%s: %s is not a number from %g to %g", what, s, low, high);
	return v;
}

static void phase_set(struct phase *phase, const char *key, const char *value)
{
	if (strcmp(key, "count") == 0)
		phase->count = (uint64_t)number(key, value, 1, 1e12);
	else if (strcmp(key, "time") == 0)
		phase->time_ns = (int64_t)(number(key, value, 0.001, 1e6) * 1e9);
	else if (strcmp(key, "window") == 0)
		phase->window = (uint32_t)number(key, value, 1, WINDOW_MAX);
	else if (strcmp(key, "timeout") == 0)
		phase->timeout_ns = (int64_t)(number(key, value, 0.001, 1e6) * 1e9);
	else if (strcmp(key, "tries") == 0)
		phase->tries = (unsigned int)number(key, value, 1, 1e9);
	else
		errx(2, "%s: no such key; there are count, time, window, timeout, tries", key);
}

/* "four,time=2": writes into the string. */
static struct phase phase_parse(char *s)
{
	struct phase phase = {
		.window = WINDOW_DEFAULT,
		.count = UINT64_MAX,
		.time_ns = 10 * NS_PER_SEC,
		.timeout_ns = NS_PER_SEC,
		.tries = TRIES_DEFAULT,
	};
	char *name = strsep(&s, ","), *key;

	phase.mode = mode_find(name);
	if (!phase.mode)
		errx(2, "%s: no such mode; see load -h", name);
	while ((key = strsep(&s, ","))) {
		char *value = strchr(key, '=');

		if (!value)
			errx(2, "%s: not KEY=VALUE", key);
		*value = '\0';
		phase_set(&phase, key, value + 1);
	}
	return phase;
}

struct options {
	uint32_t clients;
	uint8_t seed;
	const char *load_path, *save_path;
};

static void options_read(int argc, char **argv, struct load *load, struct options *ret)
{
	int c;

	while ((c = getopt(argc, argv, "hi:n:r:k:u:l:s:w:")) != -1) {
		switch (c) {
		case 'h':
			usage(stdout);
			exit(0);
		case 'i':
			load->interface = optarg;
			break;
		case 'n':
			ret->clients = (uint32_t)number("-n", optarg, 1, 1 << 28);
			break;
		case 'r':
			ret->seed = (uint8_t)number("-r", optarg, 0, 255);
			break;
		case 'k':
			if (!ip6_parse(optarg, &load->link_address))
				errx(2, "-k: %s is not an IPv6 address", optarg);
			break;
		case 'u':
			if (!ip6_parse(optarg, &load->relay_to))
				errx(2, "-u: %s is not an IPv6 address", optarg);
			break;
		case 'l':
			ret->load_path = optarg;
			break;
		case 's':
			ret->save_path = optarg;
			break;
		case 'w':
			load->watch = (int)number("-w", optarg, 1, 1 << 30);
			break;
		default:
			usage(stderr);
			exit(2);
		}
	}
}

int main(int argc, char **argv)
{
	struct options options = {.clients = CLIENTS_DEFAULT, .seed = 1};
	struct phase_result *result = mem_new(1, sizeof(*result));
	struct load load = {0};

	ip6_parse("2001:db8:2::1", &load.link_address);
	ip6_parse("ff05::1:3", &load.relay_to); /* RFC 8415 section 7.1 */
	options_read(argc, argv, &load, &options);
	if (!load.interface || optind == argc) {
		usage(stderr);
		return 2;
	}
	clients_init(&load.clients, options.clients, options.seed);
	if (options.load_path)
		clients_load(&load.clients, &load.server, options.load_path);
	fprintf(stderr, "event=ready\n");
	printf("{\"phases\":[");
	for (int i = optind; i < argc; i++) {
		struct phase phase = phase_parse(argv[i]);

		phase_run(&load, &phase, result);
		printf("%s\n", i == optind ? "" : ",");
		phase_print(&phase, result, stdout);
		fflush(stdout);
	}
	printf("]}\n");
	if (options.save_path)
		clients_save(&load.clients, &load.server, options.save_path);
	clients_fini(&load.clients);
	free(result);
	return 0;
}

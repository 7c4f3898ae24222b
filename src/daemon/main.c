/* SPDX-License-Identifier: ISC */
/*
 * sextantd: reads the command line and the configuration, then runs the daemon in the foreground.
 * Exit status: 0 after a clean stop or a good --check, 1 when it could not start or go on, 2 when
 * the configuration or the command line is wrong.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "daemon/conf.h"
#include "daemon/daemon.h"
#include "daemon/log.h"
#include "lease/store_salvage.h"

#define DEFAULT_CONFIG "/etc/sextant/sextant.yaml"

enum {
	EXIT_WRONG = 2,
};

static const char usage[] =
	"usage: sextantd [-c FILE] [--log-level LEVEL]\n"
	"       sextantd --check FILE\n"
	"       sextantd --salvage DATABASE NEW\n"
	"\n"
	"Sends IPv6 Router Advertisements and serves DHCPv6, as its configuration says.\n"
	"\n"
	"  -c, --config FILE      the configuration; " DEFAULT_CONFIG " if not given\n"
	"      --check FILE       tell every error of a configuration and exit\n"
	"      --salvage DATABASE NEW\n"
	"                         bring what can be read of a damaged database into a new one\n"
	"      --log-level LEVEL  error, warning, info or debug; instead of server.log-level\n"
	"  -V, --version          print the version and exit\n"
	"  -h, --help             print this and exit\n"
	"\n"
	"SIGTERM and SIGINT stop it with final advertisements, a second one at once. SIGHUP reads\n"
	"the configuration again. SIGUSR1 logs the counters. See sextantd(8), sextant.yaml(5).\n";

struct options {
	const char *config;
	const char *check;
	const char *salvage;
	const char *salvage_to;
	struct daemon_log_level log_level;
};

enum {
	OPT_CHECK = 256,
	OPT_LOG_LEVEL,
	OPT_SALVAGE,
};

static const struct option long_options[] = {
	{"config", required_argument, NULL, 'c'},
	{"check", required_argument, NULL, OPT_CHECK},
	{"log-level", required_argument, NULL, OPT_LOG_LEVEL},
	{"salvage", required_argument, NULL, OPT_SALVAGE},
	{"version", no_argument, NULL, 'V'},
	{"help", no_argument, NULL, 'h'},
	{NULL, 0, NULL, 0},
};

/* Fills in *options; the status to exit with, or -1 to go on. */
static int read_options(int argc, char **argv, struct options *options)
{
	int opt;

	while ((opt = getopt_long(argc, argv, "c:Vh", long_options, NULL)) != -1) {
		switch (opt) {
		case 'c':
			options->config = optarg;
			break;
		case OPT_CHECK:
			options->check = optarg;
			break;
		case OPT_SALVAGE:
			options->salvage = optarg;
			break;
		case OPT_LOG_LEVEL:
			options->log_level.set = true;
			if (log_level_parse(optarg, &options->log_level.level))
				break;
			fprintf(stderr,
				"sextantd: --log-level is error, warning, info or debug, not '%s'\n",
				optarg);
			return EXIT_WRONG;
		case 'V':
			puts("sextantd " PACKAGE_VERSION);
			return EXIT_SUCCESS;
		case 'h':
			fputs(usage, stdout);
			return EXIT_SUCCESS;
		default:
			fputs(usage, stderr);
			return EXIT_WRONG;
		}
	}
	if (options->salvage && optind < argc)
		options->salvage_to = argv[optind++];
	if (options->salvage && !options->salvage_to) {
		fputs("sextantd: --salvage needs the damaged database and the new one\n", stderr);
		return EXIT_WRONG;
	}
	if (optind < argc) {
		fprintf(stderr, "sextantd: '%s' is not an option\n%s", argv[optind], usage);
		return EXIT_WRONG;
	}
	return -1;
}

static int check(const char *path)
{
	struct daemon_conf *conf = daemon_conf_read(path, stdout);

	if (!conf)
		return EXIT_WRONG;
	printf("%s: good, %zu network%s\n", path, conf->n_networks,
	       conf->n_networks == 1 ? "" : "s");
	daemon_conf_free(conf);
	return EXIT_SUCCESS;
}

static int salvage(const char *path, const char *out)
{
	struct store_error error;

	if (store_salvage(path, out, stdout, &error) == 0)
		return EXIT_SUCCESS;
	fprintf(stderr, "sextantd: %s\n", error.text);
	return EXIT_FAILURE;
}

/* The place of one that is closed would be a socket's, and log lines be written to that. */
static bool open_standard(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
		if (fcntl(fd, F_GETFD) < 0 && errno == EBADF && open("/dev/null", O_RDWR) != fd)
			return false;
	}
	return true;
}

int main(int argc, char **argv)
{
	struct options options = {.config = DEFAULT_CONFIG};
	int status;

	if (!open_standard())
		return EXIT_FAILURE;
	status = read_options(argc, argv, &options);
	if (status >= 0)
		return status;
	if (options.check)
		return check(options.check);
	if (options.salvage)
		return salvage(options.salvage, options.salvage_to);
	daemon_hold_signals();

	struct daemon_conf *conf = daemon_conf_read(options.config, stderr);

	if (!conf)
		return EXIT_WRONG;
	return daemon_run(options.config, conf, &options.log_level) ? EXIT_SUCCESS : EXIT_FAILURE;
}

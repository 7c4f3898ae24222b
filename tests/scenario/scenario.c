/* SPDX-License-Identifier: ISC */
/*
 * Runs scenarios: stories with simulated time, told to the pure rooms through the simulated shell.
 * tests/scenario/README.md has the language. Exit status 0 if every expectation held.
 */
#include "config.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <regex.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "sim/message.h"
#include "sim/sim.h"

enum {
	VARIABLES = 32,
	SHOWN_MAX = 16384,
	PACKET_MAX = 65536,
};

struct variable {
	char name[32];
	char value[256];
};

struct shown {
	mtime at;
	char *text;
};

struct story {
	const char *path;
	FILE *file;
	int line;
	char *pushed; /* a line read too far, or NULL */
	struct sim *sim;
	struct shown *outputs; /* not yet expected */
	size_t n_outputs, outputs_cap;
	char **logs; /* since the last command that made something happen */
	size_t n_logs, logs_cap;
	struct variable variables[VARIABLES];
	size_t n_variables;
};

static _Noreturn void __attribute__((format(printf, 2, 3)))
fail(struct story *story, const char *format, ...)
{
	va_list args;

	fprintf(stderr, "%s:%d: ", story->path, story->line);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	for (size_t i = 0; i < story->n_outputs; i++)
		fprintf(stderr, "  unread: %lld ms %s\n", (long long)story->outputs[i].at,
			story->outputs[i].text);
	for (size_t i = 0; i < story->n_logs; i++)
		fprintf(stderr, "  log: %s\n", story->logs[i]);
	if (story->sim)
		sim_print_leases(story->sim, stderr);
	exit(EXIT_FAILURE);
}

/* --- what comes out ------------------------------------------------------------------------- */

static void on_sent(void *arg, const struct sim_output *output)
{
	static char buf[SHOWN_MAX];
	struct story *story = arg;
	struct text text;

	text_init(&text, buf, sizeof(buf));
	text_put_str(&text, output->link);
	text_put_str(&text, " > ");
	text_put_ip6(&text, &output->dst);
	text_put_char(&text, ' ');
	if (output->icmp6) {
		message_show_icmp6(output->data, output->len, &text);
	} else {
		text_put_u64(&text, output->port);
		text_put_char(&text, ' ');
		message_show_dhcp6(output->data, output->len, sim_server_duid(story->sim), &text);
	}
	story->outputs = mem_grow(story->outputs, &story->outputs_cap, story->n_outputs + 1,
				  sizeof(*story->outputs));
	story->outputs[story->n_outputs++] = (struct shown){output->at, mem_strdup(buf)};
}

static void on_logged(void *arg, const char *line)
{
	struct story *story = arg;

	story->logs =
		mem_grow(story->logs, &story->logs_cap, story->n_logs + 1, sizeof(*story->logs));
	story->logs[story->n_logs++] = mem_strdup(line);
}

static void forget_logs(struct story *story)
{
	while (story->n_logs)
		free(story->logs[--story->n_logs]);
}

static void forget_output(struct story *story)
{
	free(story->outputs[0].text);
	memmove(story->outputs, story->outputs + 1, --story->n_outputs * sizeof(*story->outputs));
}

/* --- patterns ------------------------------------------------------------------------------- */

static struct variable *find_variable(struct story *story, const char *name, size_t len)
{
	for (size_t i = 0; i < story->n_variables; i++) {
		if (strlen(story->variables[i].name) == len &&
		    strncmp(story->variables[i].name, name, len) == 0)
			return &story->variables[i];
	}
	return NULL;
}

static struct variable *new_variable(struct story *story, const char *name, size_t len)
{
	if (story->n_variables == VARIABLES || len >= sizeof(story->variables[0].name))
		fail(story, "too many or too long names in braces");
	struct variable *variable = &story->variables[story->n_variables++];

	memcpy(variable->name, name, len);
	variable->name[len] = '\0';
	return variable;
}

/* Puts the values of {known} names into text. The result is the caller's. */
static char *substitute(struct story *story, const char *s)
{
	char *out = mem_new(1, SHOWN_MAX);
	size_t n = 0;

	while (*s && n + 256 < SHOWN_MAX) {
		const char *close = *s == '{' ? strchr(s, '}') : NULL;
		const struct variable *variable =
			close ? find_variable(story, s + 1, (size_t)(close - s - 1)) : NULL;

		if (!variable) {
			out[n++] = *s++;
			continue;
		}
		n += (size_t)sprintf(out + n, "%s", variable->value);
		s = close + 1;
	}
	return out;
}

/* '*' is anything, {new} is a word that gets a name, all else is itself. */
static bool matches(struct story *story, const char *pattern, const char *text)
{
	struct variable *captured[VARIABLES];
	char *known = substitute(story, pattern), *regex = mem_new(1, SHOWN_MAX * 2), *at = regex;
	regmatch_t found[VARIABLES + 1];
	size_t n_captured = 0, n_before = story->n_variables;
	regex_t compiled;

	*at++ = '^';
	for (const char *p = known; *p; p++) {
		const char *close = *p == '{' ? strchr(p, '}') : NULL;

		if (close) {
			captured[n_captured++] =
				new_variable(story, p + 1, (size_t)(close - p - 1));
			at += sprintf(at, "([^] ,()/]+)");
			p = close;
		} else if (*p == '*') {
			at += sprintf(at, ".*");
		} else {
			if (strchr(".[]()\\^$+?|{}", *p))
				*at++ = '\\';
			*at++ = *p;
		}
	}
	*at = '$';
	if (regcomp(&compiled, regex, REG_EXTENDED) != 0)
		fail(story, "the pattern cannot be used: %s", regex);
	bool same = regexec(&compiled, text, VARIABLES + 1, found, 0) == 0;

	for (size_t i = 0; same && i < n_captured; i++)
		snprintf(captured[i]->value, sizeof(captured[i]->value), "%.*s",
			 (int)(found[i + 1].rm_eo - found[i + 1].rm_so), text + found[i + 1].rm_so);
	if (!same)
		story->n_variables = n_before;
	regfree(&compiled);
	free(regex);
	free(known);
	return same;
}

/* --- reading the story ---------------------------------------------------------------------- */

/* The next line without its end; NULL at the end of the file. Good until the next call. */
static char *read_line(struct story *story)
{
	static char buf[SHOWN_MAX];

	if (story->pushed) {
		char *line = story->pushed;

		story->pushed = NULL;
		story->line++;
		return line;
	}
	if (!fgets(buf, sizeof(buf), story->file))
		return NULL;
	story->line++;
	buf[strcspn(buf, "\n")] = '\0';
	return buf;
}

static void push_line(struct story *story, char *line)
{
	story->pushed = line;
	story->line--;
}

/* Reads the indented lines that follow as a configuration. */
static struct daemon_conf *read_conf(struct story *story)
{
	char path[] = "/tmp/sextant-scenario-XXXXXX";
	int fd = mkstemp(path);
	FILE *out = fd >= 0 ? fdopen(fd, "w") : NULL;
	char *line;

	if (!out)
		fail(story, "no temporary file: %s", strerror(errno));
	while ((line = read_line(story)) && (line[0] == ' ' || line[0] == '\0'))
		fprintf(out, "%s\n", line);
	if (line)
		push_line(story, line);
	fclose(out);
	struct daemon_conf *conf = daemon_conf_read(path, stderr);

	unlink(path);
	if (!conf)
		fail(story, "the configuration before this line is not good");
	return conf;
}

/* "1.5s", "200ms", "2h", "1d". */
static mtime read_time(struct story *story, const char *s)
{
	char *unit;
	double value = strtod(s, &unit);

	if (strcmp(unit, "ms") == 0)
		return (mtime)value;
	if (strcmp(unit, "s") == 0)
		return (mtime)(value * 1000);
	if (strcmp(unit, "m") == 0)
		return (mtime)(value * 60000);
	if (strcmp(unit, "h") == 0)
		return (mtime)(value * 3600000);
	if (strcmp(unit, "d") == 0)
		return (mtime)(value * 86400000);
	fail(story, "'%s' is no time: use ms, s, m, h or d", s);
}

static struct in6_addr read_addr(struct story *story, const char *s)
{
	struct in6_addr addr;

	if (!ip6_parse(s, &addr))
		fail(story, "'%s' is no address", s);
	return addr;
}

static void read_mac(struct story *story, const char *s, uint8_t ret[6])
{
	if (sscanf(s, "%2hhx:%2hhx:%2hhx:%2hhx:%2hhx:%2hhx", &ret[0], &ret[1], &ret[2], &ret[3],
		   &ret[4], &ret[5]) != 6)
		fail(story, "'%s' is no MAC address", s);
}

/* --- commands ------------------------------------------------------------------------------- */

static void do_link(struct story *story, char *words)
{
	struct sim_link_facts facts = {
		.up = true,
		.have_link_local = true,
		.link_local = read_addr(story, "fe80::1"),
		.mac = {2, 0, 0, 0, 0, 1},
		.mtu = 1500,
		.forwarding = true,
	};
	const char *name = strtok(words, " ");

	for (const char *word = strtok(NULL, " "); word; word = strtok(NULL, " ")) {
		if (strcmp(word, "down") == 0)
			facts.up = false;
		else if (strcmp(word, "tentative") == 0)
			facts.have_link_local = false;
		else if (strcmp(word, "no-forwarding") == 0)
			facts.forwarding = false;
		else if (strncmp(word, "ll=", 3) == 0)
			facts.link_local = read_addr(story, word + 3);
		else if (strncmp(word, "mac=", 4) == 0)
			read_mac(story, word + 4, facts.mac);
		else if (strncmp(word, "mtu=", 4) == 0)
			facts.mtu = (uint32_t)strtoul(word + 4, NULL, 10);
		else if (strncmp(word, "own=", 4) == 0 && facts.n_own < 4)
			facts.own[facts.n_own++] = read_addr(story, word + 4);
		else
			fail(story, "'%s' says nothing about a link", word);
	}
	if (!name || !sim_link(story->sim, name, &facts))
		fail(story, "no network has the link '%s'", name ? name : "");
}

/* NAME [ADDRESS/LENGTH[=PREFERRED/VALID]]... */
static void do_addresses(struct story *story, char *words)
{
	struct sim_address addrs[SIM_ADDRESSES];
	const char *name = strtok(words, " ");
	size_t n = 0;

	for (char *word = strtok(NULL, " "); word && n < SIM_ADDRESSES; word = strtok(NULL, " ")) {
		struct sim_address *addr = &addrs[n++];
		char *slash = strchr(word, '/'), *rest;

		if (!slash)
			fail(story, "ADDRESS/LENGTH, and =PREFERRED/VALID in seconds");
		*slash = '\0';
		*addr = (struct sim_address){
			.addr = read_addr(story, word),
			.len = (uint8_t)strtoul(slash + 1, &rest, 10),
			.preferred = LIFETIME_INFINITE,
			.valid = LIFETIME_INFINITE,
		};
		if (*rest &&
		    sscanf(rest, "=%" SCNu32 "/%" SCNu32, &addr->preferred, &addr->valid) != 2)
			fail(story, "'%s' should be =PREFERRED/VALID", rest);
	}
	if (!name)
		fail(story, "addresses INTERFACE ADDRESS/LENGTH...");
	sim_addresses(story->sim, name, addrs, n);
}

/* LINK SRC [to=A] [port=N] [mac=M] [hops=N] : MESSAGE */
static void do_recv(struct story *story, char *words)
{
	static uint8_t buf[PACKET_MAX];
	struct in6_addr dhcp6_group = read_addr(story, "ff02::1:2"),
			routers = read_addr(story, "ff02::2"), dst = {0};
	char *known = substitute(story, words), *message = strstr(known, " : ");
	uint8_t mac[6];
	bool have_mac = false, have_dst = false;
	uint16_t port = 546;
	int hops = 255;

	if (!message)
		fail(story, "recv LINK SOURCE : MESSAGE");
	*message = '\0';
	message += 3;
	const char *link = strtok(known, " "), *source = strtok(NULL, " ");

	if (!link || !source)
		fail(story, "recv LINK SOURCE : MESSAGE");
	for (const char *word = strtok(NULL, " "); word; word = strtok(NULL, " ")) {
		if (strncmp(word, "to=", 3) == 0) {
			dst = read_addr(story, word + 3);
			have_dst = true;
		} else if (strncmp(word, "port=", 5) == 0) {
			port = (uint16_t)strtoul(word + 5, NULL, 10);
		} else if (strncmp(word, "mac=", 4) == 0) {
			read_mac(story, word + 4, mac);
			have_mac = true;
		} else if (strncmp(word, "hops=", 5) == 0) {
			hops = (int)strtol(word + 5, NULL, 10);
		} else {
			fail(story, "'%s' says nothing about a packet", word);
		}
	}
	const struct in6_addr src = read_addr(story, source);
	bool icmp6 = strncmp(message, "rs", 2) == 0 || strncmp(message, "icmp6 ", 6) == 0;

	if (strncmp(message, "icmp6 ", 6) == 0)
		message += 6;
	size_t len = message_compose(message, sim_server_duid(story->sim), buf, sizeof(buf));

	if (len == 0)
		fail(story, "the message cannot be composed");
	/* A copy of exactly its length, so that a sanitizer sees what reads past it. */
	uint8_t *exact = mem_new(len, 1);

	memcpy(exact, buf, len);
	bool there = icmp6 ? sim_receive_icmp6(story->sim, link, &src, have_dst ? &dst : &routers,
					       hops, exact, len)
			   : sim_receive_udp(story->sim, link, &src, have_dst ? &dst : &dhcp6_group,
					     port, have_mac ? mac : NULL, exact, len);
	free(exact);
	if (!there)
		fail(story, "there is no link '%s'", link);
	free(known);
}

/* LINK SRC [cut=N] : MESSAGE */
static void do_overhear(struct story *story, char *words)
{
	static uint8_t buf[PACKET_MAX];
	char *known = substitute(story, words), *message = strstr(known, " : ");

	if (!message)
		fail(story, "overhear LINK SOURCE : MESSAGE");
	*message = '\0';
	message += 3;
	const char *link = strtok(known, " "), *source = strtok(NULL, " ");
	const char *cut = strtok(NULL, " ");

	if (!source || (cut && strncmp(cut, "cut=", 4) != 0))
		fail(story, "overhear LINK SOURCE [cut=N] : MESSAGE");
	const struct in6_addr src = read_addr(story, source);
	size_t len = message_compose(message, sim_server_duid(story->sim), buf, sizeof(buf));
	size_t left = cut ? strtoul(cut + 4, NULL, 10) : len;

	if (len == 0)
		fail(story, "the message cannot be composed");
	len = left < len ? left : len;
	/* A copy of exactly its length, so that a sanitizer sees what reads past it. */
	uint8_t *exact = mem_new(len + !len, 1);

	memcpy(exact, buf, len);
	if (!sim_overhear(story->sim, link, &src, exact, len))
		fail(story, "there is no link '%s'", link);
	free(exact);
	free(known);
}

static void do_expect(struct story *story, const char *pattern)
{
	if (story->n_outputs == 0)
		fail(story, "nothing was sent; expected: %s", pattern);
	if (!matches(story, pattern, story->outputs[0].text))
		fail(story, "expected: %s\n     got: %s", pattern, story->outputs[0].text);
	forget_output(story);
}

/* DURATION PATTERN: time goes on until something is sent, which must match. */
static void do_within(struct story *story, char *words)
{
	const char *limit = strtok(words, " ");
	const char *pattern = strtok(NULL, "");

	if (!limit || !pattern)
		fail(story, "within DURATION PATTERN");
	mtime end = sim_now(story->sim) + read_time(story, limit);

	while (story->n_outputs == 0 && sim_now(story->sim) < end)
		sim_advance(story->sim, sim_now(story->sim) + 1);
	do_expect(story, pattern);
}

static void do_log(struct story *story, const char *pattern, bool wanted)
{
	bool found = false;

	for (size_t i = 0; i < story->n_logs && !found; i++)
		found = matches(story, pattern, story->logs[i]);
	if (found != wanted)
		fail(story, "%s: %s", wanted ? "no such log line" : "a log line", pattern);
}

/* Whether a line that `print` writes matches. */
static bool any_line(struct story *story, void (*print)(struct sim *sim, FILE *out),
		     const char *pattern)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);
	bool found = false;

	print(story->sim, out);
	fclose(out);
	for (char *line = strtok(text, "\n"); line && !found; line = strtok(NULL, "\n"))
		found = matches(story, pattern, line);
	free(text);
	return found;
}

static void expect_line(struct story *story, void (*print)(struct sim *sim, FILE *out),
			const char *pattern, bool wanted)
{
	if (any_line(story, print, pattern) != wanted)
		fail(story, "%s: %s", wanted ? "there is none" : "there is one", pattern);
}

static void do_store(struct story *story, const char *how)
{
	if (strcmp(how, "works") == 0)
		sim_store(story->sim, SIM_STORE_WORKS);
	else if (strcmp(how, "waits") == 0)
		sim_store(story->sim, SIM_STORE_WAITS);
	else if (strcmp(how, "fails") == 0)
		sim_store(story->sim, SIM_STORE_FAILS);
	else
		fail(story, "store works, waits or fails");
}

static void do_drops(struct story *story, char *words)
{
	const char *reason = strtok(words, " "), *count = strtok(NULL, " ");

	for (int drop = 0; reason && count && drop < DHCP6_DROPS; drop++) {
		if (strcmp(reason, dhcp6_drop_name((enum dhcp6_drop)drop)) != 0)
			continue;
		uint64_t is = dhcp6_server_drops(sim_server(story->sim), (enum dhcp6_drop)drop);

		if (is != strtoull(count, NULL, 10))
			fail(story, "%s counts %llu", reason, (unsigned long long)is);
		return;
	}
	fail(story, "drops REASON COUNT, with a reason that exists");
}

/* "TYPE" or "TYPE DUID". */
static void do_reconfigure(struct story *story, const char *words)
{
	char *end;
	unsigned long ask = strtoul(words, &end, 10);
	struct duid duid;
	bool one = duid_parse(end + strspn(end, " "), &duid);

	dhcp6_server_reconfigure(sim_server(story->sim), DHCP6_NETWORK_NONE, one ? &duid : NULL,
				 (enum dhcp6_type)ask, sim_now(story->sim));
}

static void do_config(struct story *story)
{
	const struct sim_observer observer = {.sent = on_sent, .logged = on_logged, .arg = story};

	if (story->sim)
		fail(story, "a story has one config; reload replaces it");
	story->sim = sim_new(read_conf(story), &observer);
}

/* Commands that make something happen; false: it is none of them. */
static bool act(struct story *story, const char *command, char *rest)
{
	if (strcmp(command, "link") == 0)
		do_link(story, rest);
	else if (strcmp(command, "addresses") == 0)
		do_addresses(story, rest);
	else if (strcmp(command, "gone") == 0)
		sim_link_gone(story->sim, rest);
	else if (strcmp(command, "at") == 0)
		sim_advance(story->sim, read_time(story, rest));
	else if (strcmp(command, "wait") == 0)
		sim_advance(story->sim, sim_now(story->sim) + read_time(story, rest));
	else if (strcmp(command, "recv") == 0)
		do_recv(story, rest);
	else if (strcmp(command, "overhear") == 0)
		do_overhear(story, rest);
	else if (strcmp(command, "store") == 0)
		do_store(story, rest);
	else if (strcmp(command, "commit") == 0)
		sim_commit(story->sim, strcmp(rest, "good") == 0);
	else if (strcmp(command, "restart") == 0)
		sim_restart(story->sim);
	else if (strcmp(command, "reload:") == 0)
		sim_reload(story->sim, read_conf(story));
	else if (strcmp(command, "stop") == 0)
		sim_stop(story->sim);
	else if (strcmp(command, "clock") == 0)
		sim_step_clock(story->sim, read_time(story, rest));
	else if (strcmp(command, "reconfigure") == 0)
		do_reconfigure(story, rest);
	else if (strcmp(command, "busy") == 0)
		dhcp6_server_set_busy(sim_server(story->sim), strcmp(rest, "on") == 0);
	else
		return false;
	return true;
}

/* Commands that look at what happened. */
static bool look(struct story *story, const char *command, char *rest)
{
	if (strcmp(command, "expect") == 0)
		do_expect(story, rest);
	else if (strcmp(command, "within") == 0)
		do_within(story, rest);
	else if (strcmp(command, "quiet") == 0) {
		if (story->n_outputs)
			fail(story, "something was sent: %s", story->outputs[0].text);
	} else if (strcmp(command, "skip") == 0) {
		while (story->n_outputs)
			forget_output(story);
	} else if (strcmp(command, "log") == 0)
		do_log(story, rest, /* wanted= */ true);
	else if (strcmp(command, "no-log") == 0)
		do_log(story, rest, /* wanted= */ false);
	else if (strcmp(command, "lease") == 0)
		expect_line(story, sim_print_leases, rest, /* wanted= */ true);
	else if (strcmp(command, "no-lease") == 0)
		expect_line(story, sim_print_leases, rest, /* wanted= */ false);
	else if (strcmp(command, "stored") == 0)
		expect_line(story, sim_print_stored, rest, /* wanted= */ true);
	else if (strcmp(command, "not-stored") == 0)
		expect_line(story, sim_print_stored, rest, /* wanted= */ false);
	else if (strcmp(command, "drops") == 0)
		do_drops(story, rest);
	else
		return false;
	return true;
}

static void run_line(struct story *story, char *line)
{
	char *copy = mem_strdup(line), *command = copy + strspn(copy, " \t");
	char *rest = command + strcspn(command, " \t");

	if (*rest)
		*rest++ = '\0';
	rest += strspn(rest, " \t");
	if (*command == '\0' || *command == '#') {
		free(copy);
		return;
	}
	if (strcmp(command, "config:") == 0)
		do_config(story);
	else if (!story->sim)
		fail(story, "a story begins with its config:");
	else if (!look(story, command, rest)) {
		forget_logs(story);
		if (!act(story, command, rest))
			fail(story, "'%s' is no command", command);
	}
	free(copy);
}

int main(int argc, char **argv)
{
	struct story story = {0};
	char *line;

	if (argc != 2) {
		fputs("usage: scenario FILE\n", stderr);
		return 2;
	}
	story.path = argv[1];
	story.file = fopen(argv[1], "r");
	if (!story.file) {
		perror(argv[1]);
		return 2;
	}
	while ((line = read_line(&story)))
		run_line(&story, line);
	if (!story.sim)
		fail(&story, "an empty story");
	if (story.n_outputs)
		fail(&story, "the story ends before everything that was sent was told");
	forget_logs(&story);
	sim_free(story.sim);
	free(story.outputs);
	free(story.logs);
	fclose(story.file);
	return EXIT_SUCCESS;
}

/* SPDX-License-Identifier: ISC */
/*
 * Replays what real clients said: NAME.pcap goes through the core with the configuration NAME.yaml,
 * at the times of the capture; what the core answers is printed, or compared with NAME.ok.
 *
 * Then each message comes cut at every length, from none of its octets to all but one, at its place
 * in the conversation: it is answered, or dropped and counted. What the server said comes to the
 * server, as if another one had said it, whole and cut: it is dropped and counted. With all that is
 * dropped between its messages the conversation goes on as if it had not come.
 *
 * usage: replay NAME.pcap [--print]
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "dhcp6/dhcp6_server.h"
#include "pcap/conversation.h"
#include "sim/message.h"
#include "sim/sim.h"

enum {
	NO_LIMIT = 1000000, /* messages a second: every cut is heard */
	/* Until when the first advertisements of a link are over, and a solicited one is sent. */
	QUIET_AFTER = 60 * SEC,
	SOLICITED_WITHIN = 4 * SEC,
};

struct replay {
	const char *config; /* path */
	FILE *complaints;   /* about the configuration */
	struct conversation talk;
	struct duid server; /* its DUID is shown as "server" */
	FILE *out;          /* NULL: what is sent is counted, not written */
	unsigned sent;      /* so far */
	unsigned wrong;     /* cuts that were neither answered nor dropped and counted */
};

static void show(const struct replay *replay, FILE *out, const char *who, const struct said *said)
{
	static char buf[16384];
	struct text text;

	text_init(&text, buf, sizeof(buf));
	if (said->icmp6)
		message_show_icmp6(said->data, said->len, &text);
	else
		message_show_dhcp6(said->data, said->len, &replay->server, &text);
	fprintf(out, "%lld.%03lld %s %s\n", (long long)(said->at / 1000),
		(long long)(said->at % 1000), who, buf);
}

static void on_sent(void *arg, const struct sim_output *output)
{
	struct replay *replay = arg;

	replay->sent++;
	if (!replay->out)
		return;
	struct said said = {.at = output->at, .icmp6 = output->icmp6, .len = output->len};

	said.data = mem_new(output->len, 1);
	memcpy(said.data, output->data, output->len);
	show(replay, replay->out, "sextantd:", &said);
	free(said.data);
}

static void on_logged(void *arg, const char *line)
{
	(void)arg;
	(void)line;
}

/* Not yet a word was said. Ends the program if the configuration is no good. */
static struct sim *begin(struct replay *replay)
{
	const struct sim_link_facts facts = {
		.up = true,
		.have_link_local = true,
		.link_local = {.s6_addr = {0xfe, 0x80, [15] = 1}},
		.mac = {2, 0, 0, 0, 0, 1},
		.mtu = 1500,
		.forwarding = true,
	};
	const struct sim_observer observer = {on_sent, on_logged, replay};
	struct daemon_conf *conf = daemon_conf_read(replay->config, replay->complaints);

	if (!conf)
		exit(EXIT_FAILURE);
	conf->dhcp6.limits.messages_per_client = NO_LIMIT;
	conf->dhcp6.limits.messages_per_link = NO_LIMIT;
	conf->dhcp6.limits.messages = NO_LIMIT;
	struct sim *sim = sim_new(conf, &observer);

	replay->server = *sim_server_duid(sim);
	sim_link(sim, "br0", &facts);
	return sim;
}

static void receive(struct sim *sim, const struct said *said)
{
	if (said->icmp6)
		sim_receive_icmp6(sim, "br0", &said->src, &said->dst, said->hop_limit, said->data,
				  said->len);
	else
		sim_receive_udp(sim, "br0", &said->src, &said->dst, said->port, said->mac,
				said->data, said->len);
}

/* The client's message at the time it was sent. */
static void say(const struct replay *replay, struct sim *sim, const struct said *said)
{
	if (said->ours)
		return;
	sim_advance(sim, said->at);
	if (replay->out && said->icmp6)
		fprintf(replay->out, "%lld.%03lld client: router solicitation\n",
			(long long)(said->at / 1000), (long long)(said->at % 1000));
	else if (replay->out)
		show(replay, replay->out, "client:", said);
	receive(sim, said);
}

static struct said cut(const struct said *whole, size_t len)
{
	struct said said = *whole;

	said.data = mem_new(len + !len, 1);
	memcpy(said.data, whole->data, len);
	said.len = len;
	return said;
}

static uint64_t dropped(struct sim *sim, bool icmp6)
{
	uint64_t sum = 0;

	if (icmp6)
		return sim_ra_drops(sim, "br0");
	for (int drop = DHCP6_DROP_NONE + 1; drop < DHCP6_DROPS; drop++)
		sum += dhcp6_server_drops(sim_server(sim), (enum dhcp6_drop)drop);
	return sum;
}

/* G2, E1: whether a cut of the message with this number is dropped after all before it. */
static bool is_dropped(struct replay *replay, size_t number, const struct said *said)
{
	struct sim *sim = begin(replay);

	for (size_t i = 0; i < number; i++)
		say(replay, sim, &replay->talk.said[i]);
	/* A solicitation is answered later, and only when nothing was advertised just before. */
	sim_advance(sim, said->icmp6 ? sim_now(sim) + QUIET_AFTER : said->at);
	uint64_t drops = dropped(sim, said->icmp6);

	replay->sent = 0;
	receive(sim, said);
	drops = dropped(sim, said->icmp6) - drops;
	if (said->icmp6 && !drops)
		sim_advance(sim, sim_now(sim) + SOLICITED_WITHIN);
	sim_free(sim);
	/* Advertisements that nobody asked for may come at the same time. */
	if (drops > 1 || (drops == 0) != (replay->sent > 0) ||
	    (!said->icmp6 && drops + replay->sent != 1)) {
		fprintf(stderr, "cut at %zu octets: %u answers, %u drops:\n", said->len,
			replay->sent, (unsigned)drops);
		show(replay, stderr, "client:", &replay->talk.said[number]);
		replay->wrong++;
	}
	return drops > 0;
}

/* G6: a message of a server that came to us, and that was seen on its way to a client. */
static void take_ours(struct replay *replay, struct sim *sim, const struct said *said)
{
	uint64_t drops = dropped(sim, /* icmp6= */ false);

	replay->sent = 0;
	receive(sim, said);
	drops = dropped(sim, /* icmp6= */ false) - drops;
	sim_overhear(sim, "br0", &said->src, said->data, said->len);
	if (replay->sent || drops != 1) {
		fprintf(stderr, "%zu octets of a server: %u answers, %u drops\n", said->len,
			replay->sent, (unsigned)drops);
		replay->wrong++;
	}
}

static void cut_everywhere(struct replay *replay, struct sim *sim, size_t number)
{
	const struct said *whole = &replay->talk.said[number];
	FILE *out = replay->out;

	sim_advance(sim, whole->at);
	replay->out = NULL;
	for (size_t len = 0; len < whole->len; len++) {
		struct said said = cut(whole, len);

		if (said.ours)
			take_ours(replay, sim, &said);
		else if (is_dropped(replay, number, &said))
			receive(sim, &said);
		free(said.data);
	}
	if (whole->ours)
		take_ours(replay, sim, whole);
	replay->out = out;
}

/* What is said, with cuts or without, as text that the caller frees. */
static char *replayed(struct replay *replay, bool with_cuts)
{
	char *text = NULL;
	size_t len = 0;

	replay->out = open_memstream(&text, &len);
	if (!replay->out)
		exit(EXIT_FAILURE);
	struct sim *sim = begin(replay);

	for (size_t i = 0; i < replay->talk.n; i++) {
		if (with_cuts)
			cut_everywhere(replay, sim, i);
		say(replay, sim, &replay->talk.said[i]);
	}
	/* What is to be answered a little later is answered in that time. */
	sim_advance(sim, replay->talk.end + SEC);
	fprintf(replay->out, "leases:\n");
	sim_print_stored(sim, replay->out);
	sim_free(sim);
	fclose(replay->out);
	replay->out = NULL;
	return text;
}

static char *with_ending(const char *path, const char *ending)
{
	size_t stem = strlen(path) - strlen(".pcap"), room = stem + strlen(ending) + 1;
	char *other = mem_new(room, 1);

	snprintf(other, room, "%.*s%s", (int)stem, path, ending);
	return other;
}

/* What the file holds, or NULL; the caller frees it. */
static char *read_all(const char *path)
{
	FILE *file = fopen(path, "r");
	char *text = NULL;
	size_t len = 0, cap = 0, n;

	if (!file)
		return NULL;
	do {
		text = mem_grow(text, &cap, len + 4097, 1);
		n = fread(text + len, 1, 4096, file);
		len += n;
	} while (n);
	text[len] = '\0';
	fclose(file);
	return text;
}

int main(int argc, char **argv)
{
	if (argc < 2 || strlen(argv[1]) < strlen(".pcap")) {
		fputs("usage: replay NAME.pcap [--print]\n", stderr);
		return 2;
	}
	char *config = with_ending(argv[1], ".yaml"), *expected = with_ending(argv[1], ".ok");
	struct replay replay = {.config = config, .complaints = stderr};

	conversation_read(argv[1], &replay.talk);
	char *text = replayed(&replay, /* with_cuts= */ false), *known = read_all(expected);
	bool good = known && strcmp(known, text) == 0;

	if (argc > 2 || !good)
		fputs(text, stdout);
	if (argc == 2 && !good)
		fprintf(stderr, "%s: the answers are not those of %s\n", argv[1], expected);
	if (argc == 2 && good) {
		/* They have been said. */
		replay.complaints = fopen("/dev/null", "w");
		if (!replay.complaints)
			return EXIT_FAILURE;
		char *with_cuts = replayed(&replay, /* with_cuts= */ true);

		good = strcmp(with_cuts, text) == 0 && replay.wrong == 0;
		if (!good)
			fprintf(stderr,
				"%s: with messages that are cut, of which %u went wrong:\n%s",
				argv[1], replay.wrong, with_cuts);
		free(with_cuts);
		fclose(replay.complaints);
	}
	conversation_free(&replay.talk);
	free(known);
	free(config);
	free(expected);
	free(text);
	return argc > 2 || good ? EXIT_SUCCESS : EXIT_FAILURE;
}

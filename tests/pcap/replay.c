/* SPDX-License-Identifier: ISC */
/*
 * Replays what real clients said: NAME.pcap goes through the core with the configuration NAME.yaml,
 * at the times of the capture; what the core answers is printed, or compared with NAME.ok.
 *
 * usage: replay NAME.pcap [--print]
 */
#include "config.h"

#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "sim/message.h"
#include "sim/sim.h"
#include "wire/wire.h"

enum {
	ETHERTYPE_IP6 = 0x86dd,
	PROTO_UDP = 17,
	PROTO_ICMP6 = 58,
	RS = 133,
	RELAY_REPLY = 13,
};

struct replay {
	struct sim *sim;
	FILE *out;
};

static void show_time(const struct replay *replay, mtime at)
{
	fprintf(replay->out, "%lld.%03lld ", (long long)(at / 1000), (long long)(at % 1000));
}

static void show(const struct replay *replay, const char *who, bool icmp6, const uint8_t *data,
		 size_t len)
{
	static char buf[16384];
	struct text text;

	text_init(&text, buf, sizeof(buf));
	if (icmp6)
		message_show_icmp6(data, len, &text);
	else
		message_show_dhcp6(data, len, sim_server_duid(replay->sim), &text);
	fprintf(replay->out, "%s %s\n", who, buf);
}

static void on_sent(void *arg, const struct sim_output *output)
{
	const struct replay *replay = arg;

	show_time(replay, output->at);
	show(replay, "sextantd:", output->icmp6, output->data, output->len);
}

static void on_logged(void *arg, const char *line)
{
	(void)arg;
	(void)line;
}

/* A frame of a client to us; everything else is passed over. */
static void take_frame(struct replay *replay, const uint8_t *bytes, size_t len, mtime at)
{
	struct wire_reader r = wire_reader(bytes, len);
	uint8_t mac[6];

	wire_get_bytes(&r, 6);
	const uint8_t *sender = wire_get_bytes(&r, 6);
	uint16_t ethertype = wire_get_u16(&r);

	wire_get_u32(&r);
	uint16_t payload = wire_get_u16(&r);
	uint8_t proto = wire_get_u8(&r), hop_limit = wire_get_u8(&r);
	struct in6_addr src = wire_get_ip6(&r), dst = wire_get_ip6(&r);
	struct wire_reader body = wire_get_part(&r, payload);

	if (!sender || body.bad || ethertype != ETHERTYPE_IP6)
		return;
	memcpy(mac, sender, 6);
	if (proto == PROTO_ICMP6 && body.bytes[body.at] == RS) {
		sim_advance(replay->sim, at);
		show_time(replay, at);
		fprintf(replay->out, "client: router solicitation\n");
		sim_receive_icmp6(replay->sim, "br0", &src, &dst, hop_limit, body.bytes + body.at,
				  wire_left(&body));
	} else if (proto == PROTO_UDP) {
		uint16_t sport = wire_get_u16(&body), dport = wire_get_u16(&body);

		wire_get_u32(&body);
		/* A relay listens on port 547 too: a Relay-reply is what we said to it. */
		if (dport != 547 || (wire_left(&body) && body.bytes[body.at] == RELAY_REPLY))
			return;
		sim_advance(replay->sim, at);
		show_time(replay, at);
		show(replay, "client:", /* icmp6= */ false, body.bytes + body.at, wire_left(&body));
		sim_receive_udp(replay->sim, "br0", &src, &dst, sport, mac, body.bytes + body.at,
				wire_left(&body));
	}
}

static void replay_file(struct replay *replay, const char *path)
{
	char why[PCAP_ERRBUF_SIZE];
	pcap_t *pcap = pcap_open_offline(path, why);
	struct pcap_pkthdr *header;
	const u_char *bytes;
	mtime first = 0, at = 0;

	if (!pcap || pcap_datalink(pcap) != DLT_EN10MB) {
		fprintf(stderr, "%s: not a capture of Ethernet frames\n", path);
		exit(EXIT_FAILURE);
	}
	while (pcap_next_ex(pcap, &header, &bytes) == 1) {
		at = (mtime)header->ts.tv_sec * 1000 + header->ts.tv_usec / 1000;
		if (!first)
			first = at - 1;
		/* A copy of its own, so that a sanitizer sees what reads past it. */
		uint8_t *exact = mem_new(header->caplen, 1);

		memcpy(exact, bytes, header->caplen);
		take_frame(replay, exact, header->caplen, at - first);
		free(exact);
	}
	pcap_close(pcap);
	/* What is to be answered a little later is answered in that time. */
	sim_advance(replay->sim, at - first + SEC);
	fprintf(replay->out, "leases:\n");
	sim_print_stored(replay->sim, replay->out);
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
	const struct sim_link_facts facts = {
		.up = true,
		.have_link_local = true,
		.link_local = {.s6_addr = {0xfe, 0x80, [15] = 1}},
		.mac = {2, 0, 0, 0, 0, 1},
		.mtu = 1500,
		.forwarding = true,
	};
	char *text = NULL;
	size_t len = 0;
	struct replay replay = {.out = open_memstream(&text, &len)};
	const struct sim_observer observer = {on_sent, on_logged, &replay};

	if (argc < 2 || strlen(argv[1]) < strlen(".pcap") || !replay.out) {
		fputs("usage: replay NAME.pcap [--print]\n", stderr);
		return 2;
	}
	char *config = with_ending(argv[1], ".yaml"), *expected = with_ending(argv[1], ".ok");
	struct daemon_conf *conf = daemon_conf_read(config, stderr);

	if (!conf)
		return EXIT_FAILURE;
	replay.sim = sim_new(conf, &observer);
	sim_link(replay.sim, "br0", &facts);
	replay_file(&replay, argv[1]);
	sim_free(replay.sim);
	fclose(replay.out);
	char *known = read_all(expected);
	bool same = known && strcmp(known, text) == 0;

	if (argc > 2 || !same)
		fputs(text, stdout);
	if (argc == 2 && !same)
		fprintf(stderr, "%s: the answers are not those of %s\n", argv[1], expected);
	free(known);
	free(config);
	free(expected);
	free(text);
	return argc > 2 || same ? EXIT_SUCCESS : EXIT_FAILURE;
}

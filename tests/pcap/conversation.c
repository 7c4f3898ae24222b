/* SPDX-License-Identifier: ISC */
/*
 * Reads a capture: of its frames, those with DHCPv6, of clients (or relays) and of us, and with
 * Router Solicitations.
 */
#include "config.h"

#include "pcap/conversation.h"

#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "wire/wire.h"

enum {
	ETHERTYPE_IP6 = 0x86dd,
	PROTO_UDP = 17,
	PROTO_ICMP6 = 58,
	RS = 133,
	CLIENTS = 546, /* ports */
	SERVERS = 547,
	RELAY_REPLY = 13,
};

/* False: there is nothing of all this in the frame. What is said is still there. */
static bool frame_decode(const uint8_t *bytes, size_t len, struct said *ret_said,
			 const uint8_t **ret_data)
{
	struct wire_reader r = wire_reader(bytes, len);

	wire_get_bytes(&r, 6);
	const uint8_t *sender = wire_get_bytes(&r, 6);
	uint16_t ethertype = wire_get_u16(&r);

	wire_get_u32(&r);
	uint16_t payload = wire_get_u16(&r);
	uint8_t proto = wire_get_u8(&r), hop_limit = wire_get_u8(&r);
	struct said said = {.icmp6 = proto == PROTO_ICMP6, .hop_limit = hop_limit};

	said.src = wire_get_ip6(&r);
	said.dst = wire_get_ip6(&r);
	struct wire_reader body = wire_get_part(&r, payload);

	if (!sender || body.bad || ethertype != ETHERTYPE_IP6)
		return false;
	memcpy(said.mac, sender, 6);
	if (proto == PROTO_UDP) {
		said.port = wire_get_u16(&body);
		uint16_t dport = wire_get_u16(&body);

		wire_get_u32(&body);
		/* A relay listens on port 547 too: a Relay-reply is what we said to it. */
		said.ours = dport == CLIENTS ||
			    (wire_left(&body) && body.bytes[body.at] == RELAY_REPLY);
		if (dport != SERVERS && dport != CLIENTS)
			return false;
	} else if (!said.icmp6 || !wire_left(&body) || body.bytes[body.at] != RS) {
		return false;
	}
	said.len = wire_left(&body);
	*ret_data = body.bytes + body.at;
	*ret_said = said;
	return true;
}

void conversation_read(const char *path, struct conversation *ret_conversation)
{
	char why[PCAP_ERRBUF_SIZE];
	struct conversation c = {.n = 0};
	pcap_t *pcap = pcap_open_offline(path, why);
	struct pcap_pkthdr *header;
	const u_char *bytes;
	const uint8_t *data;
	struct said said;
	mtime first = 0;

	if (!pcap || pcap_datalink(pcap) != DLT_EN10MB) {
		fprintf(stderr, "%s: not a capture of Ethernet frames\n", path);
		exit(EXIT_FAILURE);
	}
	while (pcap_next_ex(pcap, &header, &bytes) == 1) {
		mtime at = (mtime)header->ts.tv_sec * 1000 + header->ts.tv_usec / 1000;

		if (!first)
			first = at - 1;
		c.end = at - first;
		if (!frame_decode(bytes, header->caplen, &said, &data))
			continue;
		said.at = c.end;
		said.data = mem_new(said.len + !said.len, 1);
		memcpy(said.data, data, said.len);
		c.said = mem_grow(c.said, &c.cap, c.n + 1, sizeof(said));
		c.said[c.n++] = said;
	}
	pcap_close(pcap);
	*ret_conversation = c;
}

void conversation_free(struct conversation *conversation)
{
	for (size_t i = 0; i < conversation->n; i++)
		free(conversation->said[i].data);
	free(conversation->said);
}

/* SPDX-License-Identifier: ISC */
/*
 * Writes the Router Advertisements of the first network of a configuration as a capture, so that a
 * dissector that is not ours can be asked what they say. ra.sh does that.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>

#include "daemon/conf.h"
#include "ra/ra_msg.h"

enum {
	LINKTYPE_IPV6 = 229,
	IPV6_HEADER = 40,
	MTU = 1500,
	CHECKSUM_AT = IPV6_HEADER + 2,
};

static void put_pcap_header(FILE *out)
{
	const uint32_t header[] = {0xa1b2c3d4, 4u << 16 | 2, 0, 0, 65535, LINKTYPE_IPV6};

	fwrite(header, sizeof(header), 1, out);
}

static void put_packet(FILE *out, const uint8_t *bytes, size_t len)
{
	const uint32_t header[] = {0, 0, (uint32_t)len, (uint32_t)len};

	fwrite(header, sizeof(header), 1, out);
	fwrite(bytes, len, 1, out);
}

/* RFC 8200 section 8.1, over the addresses, the length, the protocol and the message. */
static uint16_t checksum(const uint8_t *packet, size_t len)
{
	uint32_t sum = (uint32_t)(len - IPV6_HEADER) + IPPROTO_ICMPV6;

	for (size_t i = 8; i < len; i++)
		sum += (uint32_t)packet[i] << (i % 2 ? 0 : 8);
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

static void put_ra(FILE *out, const struct ra_source *source, uint8_t *packet, size_t len)
{
	static const struct in6_addr all_nodes = {{{0xff, 2, [15] = 1}}};
	struct wire_writer w = wire_writer(packet, IPV6_HEADER);

	wire_put_u32(&w, 6u << 28);
	wire_put_u16(&w, (uint16_t)len);
	wire_put_u8(&w, IPPROTO_ICMPV6);
	wire_put_u8(&w, 255);
	wire_put_ip6(&w, &source->facts->link_local);
	wire_put_ip6(&w, &all_nodes);
	len += IPV6_HEADER;
	uint16_t sum = checksum(packet, len);

	packet[CHECKSUM_AT] = (uint8_t)(sum >> 8);
	packet[CHECKSUM_AT + 1] = (uint8_t)sum;
	put_packet(out, packet, len);
}

int main(int argc, char **argv)
{
	struct daemon_conf *conf = argc == 2 ? daemon_conf_read(argv[1], stderr) : NULL;

	if (!conf)
		return EXIT_FAILURE;
	const struct daemon_network *net = &conf->networks[0];
	const struct ra_plan plan = {.net = net->name,
				     .conf = &net->ra,
				     .prefixes = net->prefixes,
				     .n_prefixes = net->n_prefixes};
	const struct ra_facts facts = {
		.link_local = {{{0xfe, 0x80, [15] = 1}}},
		.mac = {2, 0, 0x5e, 0x10, 0, 1},
		.mac_len = 6,
		.mtu = MTU,
		.forwarding = true,
	};
	const struct ra_source source = {.plan = &plan, .facts = &facts};
	struct ra_cursor cursor = {0};
	uint8_t packet[MTU];
	size_t len;

	put_pcap_header(stdout);
	while (ra_msg_encode(&source, &cursor, packet + IPV6_HEADER, MTU - IPV6_HEADER, &len))
		put_ra(stdout, &source, packet, len);
	daemon_conf_free(conf);
	return EXIT_SUCCESS;
}

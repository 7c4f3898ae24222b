/* SPDX-License-Identifier: ISC */
/*
 * Datagrams past the kernel's neighbours. What is sent to an address that nobody answers for waits
 * there for three seconds and counts for the socket all the while: some hundred clients with
 * invented addresses fill the send buffer of the one UDP socket, and then nobody on any link is
 * answered. Nor is anybody new while the table of neighbours, one for all namespaces, is full.
 *
 * Who asks us was just heard, and the packet socket knows from where. So what the UDP socket does
 * not take goes out by that one in a frame to there; it waits for nobody.
 */
#include "config.h"

#include "net/net_direct.h"

#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <string.h>
#include <sys/socket.h>

#include "net/net_ns_priv.h"
#include "wire/wire.h"

enum {
	IP6_HEADER = 40,
	UDP_HEADER = 8,
	HEADERS = IP6_HEADER + UDP_HEADER,
	PSEUDO_AT = 8, /* the addresses, up to the end of the headers */
	CHECKSUM_AT = IP6_HEADER + 6,
	HOP_LIMIT = 64, /* the kernel's default */
};

static uint32_t sum_of(const uint8_t *bytes, size_t len)
{
	struct wire_reader r = wire_reader(bytes, len);
	uint32_t sum = 0;

	while (wire_left(&r) > 1)
		sum += wire_get_u16(&r);
	if (wire_left(&r))
		sum += (uint32_t)wire_get_u8(&r) << 8;
	return sum;
}

/* RFC 8200 section 8.1: over the addresses, the length, the protocol and all from UDP's header on.
 */
static uint16_t checksum(const uint8_t headers[HEADERS], const struct net_out *out)
{
	uint32_t sum = sum_of(headers + PSEUDO_AT, HEADERS - PSEUDO_AT) +
		       sum_of(out->data, out->len) + (uint32_t)(UDP_HEADER + out->len) +
		       IPPROTO_UDP;

	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	/* 0 would say that there is none. */
	return sum == 0xffff ? 0xffff : (uint16_t)~sum;
}

static void put_headers(uint8_t headers[HEADERS], const struct net_out *out)
{
	const uint16_t len = (uint16_t)(UDP_HEADER + out->len);
	struct wire_writer w = wire_writer(headers, HEADERS);

	wire_put_u32(&w, UINT32_C(6) << 28);
	wire_put_u16(&w, len);
	wire_put_u8(&w, IPPROTO_UDP);
	wire_put_u8(&w, HOP_LIMIT);
	wire_put_ip6(&w, &out->src);
	wire_put_ip6(&w, &out->dst);
	wire_put_u16(&w, NET_DHCP6_SERVER_PORT);
	wire_put_u16(&w, out->port);
	wire_put_u16(&w, len);
	wire_put_u16(&w, 0);
	wire_set_u16(&w, CHECKSUM_AT, checksum(headers, out));
}

bool net_direct_send(struct net_ns *ns, const struct net_frames *frames, const struct net_out *out)
{
	struct sockaddr_ll to = {.sll_family = AF_PACKET,
				 .sll_protocol = htons(ETHERTYPE_IPV6),
				 .sll_ifindex = (int)out->ifindex,
				 .sll_halen = 6};
	uint8_t headers[HEADERS];
	struct iovec parts[] = {
		{headers, HEADERS},
		/* sendmsg() does not write there. */
		{(void *)(uintptr_t)out->data, out->len}, /* NOLINT(performance-no-int-to-ptr) */
	};
	const struct msghdr msg = {
		.msg_name = &to, .msg_namelen = sizeof(to), .msg_iov = parts, .msg_iovlen = 2};

	if (!net_frames_find(frames, out->ifindex, &out->dst, to.sll_addr) ||
	    out->len > UINT16_MAX - UDP_HEADER)
		return false;
	put_headers(headers, out);
	if (sendmsg(net_frames_fd(frames), &msg, MSG_DONTWAIT) < 0)
		return false;
	ns->counters[NET_UDP].sent_direct++;
	return true;
}

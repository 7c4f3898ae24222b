/* SPDX-License-Identifier: ISC */
/*
 * Packets past the kernel's neighbours. What is sent to an address that nobody answers for waits
 * there for three seconds and counts for the socket all the while: some hundred clients with
 * invented addresses fill the send buffer of the one UDP socket, and then nobody on any link is
 * answered. And while the table of neighbours is full, one for all namespaces, nothing is sent to
 * who is not in it; groups have to be in it too.
 *
 * Who asks us was just heard, and the packet socket knows from where; the link-layer address of a
 * group is part of it (RFC 2464 section 7). So what the sockets do not take goes out by that one in
 * a frame to there; it waits for nobody.
 */
#include "config.h"

#include "net/net_direct.h"

#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <string.h>
#include <sys/socket.h>

#include "base/ip6.h"
#include "net/net_ns_priv.h"
#include "wire/wire.h"

enum {
	IP6_HEADER = 40,
	UDP_HEADER = 8,
	ICMP6_HEADER = 4,
	HEADERS_MAX = IP6_HEADER + UDP_HEADER,
	ADDRESSES_AT = 8,
	UDP_CHECKSUM_AT = 6, /* from the header of the protocol on */
	ICMP6_CHECKSUM_AT = 2,
	HOP_LIMIT = 64, /* of UDP: the kernel's default */
	ND_HOP_LIMIT = 255,
};

/* A packet: the headers, and what of the data follows them. */
struct packet {
	uint8_t headers[HEADERS_MAX];
	size_t headers_len;
	const uint8_t *data;
	size_t len;
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

/* RFC 8200 section 8.1: over the addresses, the length, the protocol and all after IP's header. */
static uint16_t checksum(const struct packet *packet, uint8_t protocol)
{
	const size_t length = packet->headers_len - IP6_HEADER + packet->len;
	uint32_t sum = sum_of(packet->headers + ADDRESSES_AT, packet->headers_len - ADDRESSES_AT) +
		       sum_of(packet->data, packet->len) + (uint32_t)length + protocol;

	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	/* With UDP 0 would say that there is none. */
	return sum == 0xffff && protocol == IPPROTO_UDP ? 0xffff : (uint16_t)~sum;
}

static void put_ip6(struct wire_writer *w, const struct net_out *out, size_t len)
{
	const bool udp = out->proto == NET_UDP;

	wire_put_u32(w, UINT32_C(6) << 28);
	wire_put_u16(w, (uint16_t)len);
	wire_put_u8(w, udp ? IPPROTO_UDP : IPPROTO_ICMPV6);
	wire_put_u8(w, udp ? HOP_LIMIT : ND_HOP_LIMIT);
	wire_put_ip6(w, &out->src);
	wire_put_ip6(w, &out->dst);
}

static void make_udp(struct packet *packet, const struct net_out *out)
{
	struct wire_writer w = wire_writer(packet->headers, HEADERS_MAX);

	packet->data = out->data;
	packet->len = out->len;
	put_ip6(&w, out, UDP_HEADER + out->len);
	wire_put_u16(&w, NET_DHCP6_SERVER_PORT);
	wire_put_u16(&w, out->port);
	wire_put_u16(&w, (uint16_t)(UDP_HEADER + out->len));
	wire_put_u16(&w, 0);
	packet->headers_len = w.at;
	wire_set_u16(&w, IP6_HEADER + UDP_CHECKSUM_AT, checksum(packet, IPPROTO_UDP));
}

static void make_icmp6(struct packet *packet, const struct net_out *out)
{
	struct wire_writer w = wire_writer(packet->headers, HEADERS_MAX);
	struct wire_reader r = wire_reader(out->data, out->len);

	put_ip6(&w, out, out->len);
	wire_put_u16(&w, wire_get_u16(&r)); /* type and code */
	wire_put_u16(&w, 0);
	wire_get_u16(&r);
	packet->headers_len = w.at;
	packet->len = wire_left(&r);
	packet->data = wire_get_bytes(&r, packet->len);
	wire_set_u16(&w, IP6_HEADER + ICMP6_CHECKSUM_AT, checksum(packet, IPPROTO_ICMPV6));
}

/* Where the frame goes. */
static bool find_mac(const struct net_frames *frames, const struct net_out *out, uint8_t mac[6])
{
	if (!ip6_is_multicast(&out->dst))
		return out->proto == NET_UDP &&
		       net_frames_find(frames, out->ifindex, &out->dst, mac);
	mac[0] = mac[1] = 0x33;
	memcpy(mac + 2, out->dst.s6_addr + 12, 4);
	return frames;
}

bool net_direct_send(struct net_ns *ns, const struct net_frames *frames, const struct net_out *out)
{
	struct sockaddr_ll to = {.sll_family = AF_PACKET,
				 .sll_protocol = htons(ETHERTYPE_IPV6),
				 .sll_ifindex = (int)out->ifindex,
				 .sll_halen = 6};
	struct packet packet;

	if (!find_mac(frames, out, to.sll_addr) || out->len > UINT16_MAX - UDP_HEADER ||
	    (out->proto == NET_ICMP6 && out->len < ICMP6_HEADER))
		return false;
	if (out->proto == NET_UDP)
		make_udp(&packet, out);
	else
		make_icmp6(&packet, out);

	struct iovec parts[2] = {{.iov_base = packet.headers, .iov_len = packet.headers_len}};
	const struct msghdr msg = {
		.msg_name = &to, .msg_namelen = sizeof(to), .msg_iov = parts, .msg_iovlen = 2};

	/* sendmsg() does not write there. */
	parts[1].iov_base = (void *)(uintptr_t)packet.data; /* NOLINT(performance-no-int-to-ptr) */
	parts[1].iov_len = packet.len;
	if (sendmsg(net_frames_fd(frames), &msg, MSG_DONTWAIT) < 0)
		return false;
	ns->counters[out->proto].sent_direct++;
	return true;
}

/* SPDX-License-Identifier: ISC */
/*
 * Packets in and out, many a system call (recvmmsg(2), sendmmsg(2)).
 *
 * Every receive buffer holds the largest packet there is, so nothing is ever cut. They are one
 * mapping of which the kernel backs only what was written to: with packets of ordinary size a
 * page or two each.
 */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>

#include "base/ip6.h"
#include "base/mem.h"
#include "net/net_ns.h"
#include "net/net_ns_priv.h"

enum {
	PACKET_MAX = 65536, /* more than the payload length field can say (RFC 8200 section 3) */
	/* Apart by an odd number of cache lines, or the first lines of all would share a set. */
	STRIDE = PACKET_MAX + 9 * 64,
	CONTROL_IN = CMSG_SPACE(sizeof(struct in6_pktinfo)) + 3 * CMSG_SPACE(sizeof(int)),
	CONTROL_OUT = CMSG_SPACE(sizeof(struct in6_pktinfo)),
};

union control_in {
	struct cmsghdr head;
	uint8_t bytes[CONTROL_IN];
};

union control_out {
	struct cmsghdr head;
	uint8_t bytes[CONTROL_OUT];
};

struct net_rx {
	uint8_t *bytes; /* NET_BATCH times STRIDE */
	struct net_packet packets[NET_BATCH];
	struct mmsghdr msgs[NET_BATCH];
	struct iovec iovs[NET_BATCH];
	struct sockaddr_in6 names[NET_BATCH];
	union control_in controls[NET_BATCH];
};

struct net_rx *net_rx_new(void)
{
	struct net_rx *rx = mem_new(1, sizeof(*rx));

	rx->bytes = mmap(NULL, (size_t)NET_BATCH * STRIDE, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (rx->bytes == MAP_FAILED)
		mem_out();
	for (size_t i = 0; i < NET_BATCH; i++) {
		rx->iovs[i] = (struct iovec){rx->bytes + i * STRIDE, PACKET_MAX};
		rx->msgs[i].msg_hdr.msg_iov = &rx->iovs[i];
		rx->msgs[i].msg_hdr.msg_iovlen = 1;
		rx->msgs[i].msg_hdr.msg_name = &rx->names[i];
		rx->msgs[i].msg_hdr.msg_control = rx->controls[i].bytes;
	}
	return rx;
}

void net_rx_free(struct net_rx *rx)
{
	if (!rx)
		return;
	munmap(rx->bytes, (size_t)NET_BATCH * STRIDE);
	free(rx);
}

/* Copies the value of a control message; false if it is shorter than that. */
static bool control_value(const struct cmsghdr *cmsg, void *value, size_t len)
{
	if (cmsg->cmsg_len < CMSG_LEN(len))
		return false;
	memcpy(value, CMSG_DATA(cmsg), len);
	return true;
}

/* What the control messages say beyond what is in the packet. */
struct control_facts {
	bool fragmented;
	uint32_t overflows; /* datagrams that the socket had lost when this one came; it wraps */
};

static void read_control(struct msghdr *msg, struct net_packet *packet, struct control_facts *facts)
{
	struct in6_pktinfo info;
	int number;

	for (struct cmsghdr *c = CMSG_FIRSTHDR(msg); c; c = CMSG_NXTHDR(msg, c)) {
		if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SO_RXQ_OVFL)
			control_value(c, &facts->overflows, sizeof(facts->overflows));
		if (c->cmsg_level != IPPROTO_IPV6)
			continue;
		if (c->cmsg_type == IPV6_PKTINFO && control_value(c, &info, sizeof(info))) {
			packet->dst = info.ipi6_addr;
			packet->ifindex = info.ipi6_ifindex;
		} else if (c->cmsg_type == IPV6_HOPLIMIT &&
			   control_value(c, &number, sizeof(number))) {
			packet->hop_limit = (uint8_t)number;
		} else if (c->cmsg_type == IPV6_RECVFRAGSIZE) {
			facts->fragmented = true;
		}
	}
}

/* The kernel leaves the count out while it is 0. */
static void count_overflow(struct net_ns *ns, enum net_proto proto, uint32_t overflows)
{
	if (!overflows)
		return;
	ns->counters[proto].drops[NET_DROP_OVERFLOW] +=
		(uint32_t)(overflows - ns->overflows[proto]);
	ns->overflows[proto] = overflows;
}

/* Fills in the packet of one message; false, and counted, if it is not to be given out. */
static bool accept_message(struct net_ns *ns, struct net_rx *rx, size_t i, enum net_proto proto,
			   struct net_packet *packet)
{
	struct net_counters *counters = &ns->counters[proto];
	struct msghdr *msg = &rx->msgs[i].msg_hdr;
	const struct sockaddr_in6 *from = &rx->names[i];
	struct control_facts facts = {.fragmented = false};

	*packet = (struct net_packet){.data = rx->iovs[i].iov_base, .len = rx->msgs[i].msg_len};
	read_control(msg, packet, &facts);
	count_overflow(ns, proto, facts.overflows);
	if (msg->msg_flags & (MSG_TRUNC | MSG_CTRUNC)) {
		counters->drops[NET_DROP_TRUNCATED]++;
		return false;
	}
	if (packet->ifindex == 0 || msg->msg_namelen < sizeof(*from)) {
		counters->drops[NET_DROP_NO_INTERFACE]++;
		return false;
	}
	/* RFC 6980 section 5: Neighbor Discovery with a fragment header is ignored silently. */
	if (facts.fragmented && proto == NET_ICMP6) {
		counters->drops[NET_DROP_FRAGMENTED]++;
		return false;
	}
	packet->src = from->sin6_addr;
	packet->sport = proto == NET_UDP ? ntohs(from->sin6_port) : 0;
	counters->received++;
	return true;
}

size_t net_recv(struct net_ns *ns, enum net_proto proto, struct net_rx *rx,
		const struct net_packet **ret_packets, bool *ret_more)
{
	size_t n = 0;
	int got;

	for (size_t i = 0; i < NET_BATCH; i++) {
		rx->msgs[i].msg_hdr.msg_namelen = sizeof(rx->names[i]);
		rx->msgs[i].msg_hdr.msg_controllen = sizeof(rx->controls[i].bytes);
	}
	do
		got = recvmmsg(ns->fds[proto], rx->msgs, NET_BATCH, MSG_DONTWAIT, NULL);
	while (got < 0 && errno == EINTR);
	ns->errors[proto] = got < 0 && errno != EAGAIN ? -errno : 0;
	for (int i = 0; i < got; i++) {
		if (accept_message(ns, rx, (size_t)i, proto, &rx->packets[n]))
			n++;
	}
	*ret_packets = rx->packets;
	*ret_more = got == NET_BATCH;
	return n;
}

int net_recv_error(const struct net_ns *ns, enum net_proto proto)
{
	return ns->errors[proto];
}

struct tx {
	struct mmsghdr msgs[NET_BATCH];
	struct iovec iovs[NET_BATCH];
	struct sockaddr_in6 names[NET_BATCH];
	union control_out controls[NET_BATCH];
};

/* Where the address alone does not say which link, its scope does. */
static bool is_scoped(const struct in6_addr *addr)
{
	/* RFC 4291 section 2.7: the lower half of the second octet; 2 is the link. */
	return ip6_is_link_local(addr) ||
	       (ip6_is_multicast(addr) && (addr->s6_addr[1] & 0x0f) == 2);
}

/* Says from which address, or by which interface, in a control message. */
static void prepare_source(union control_out *control, struct msghdr *msg,
			   const struct net_out *out)
{
	const struct in6_pktinfo info = {.ipi6_addr = out->src, .ipi6_ifindex = out->ifindex};
	struct cmsghdr *cmsg = &control->head;

	memset(control, 0, sizeof(*control));
	cmsg->cmsg_level = IPPROTO_IPV6;
	cmsg->cmsg_type = IPV6_PKTINFO;
	cmsg->cmsg_len = CMSG_LEN(sizeof(info));
	memcpy(CMSG_DATA(cmsg), &info, sizeof(info));
	msg->msg_control = control->bytes;
	/* Without the padding behind it, or the kernel has to allocate memory to hold it. */
	msg->msg_controllen = CMSG_LEN(sizeof(info));
}

static void prepare(struct tx *tx, size_t i, const struct net_out *out)
{
	struct msghdr *msg = &tx->msgs[i].msg_hdr;

	/* sendmsg() does not write there. */
	tx->iovs[i].iov_base = (void *)(uintptr_t)out->data; /* NOLINT(performance-no-int-to-ptr) */
	tx->iovs[i].iov_len = out->len;
	/* A raw socket takes the port for a protocol number: it has to be 0 there. */
	tx->names[i] =
		(struct sockaddr_in6){.sin6_family = AF_INET6,
				      .sin6_port = out->proto == NET_UDP ? htons(out->port) : 0,
				      .sin6_addr = out->dst,
				      .sin6_scope_id = out->ifindex};
	*msg = (struct msghdr){.msg_name = &tx->names[i],
			       .msg_namelen = sizeof(tx->names[i]),
			       .msg_iov = &tx->iovs[i],
			       .msg_iovlen = 1};
	if (!ip6_is_unspecified(&out->src) || !is_scoped(&out->dst))
		prepare_source(&tx->controls[i], msg, out);
}

/* Of packets that are sent from addresses that are not there; all others are refused by the kernel.
 */
static void set_any_source(int fd, int any)
{
	setsockopt(fd, IPPROTO_IPV6, IPV6_FREEBIND, &any, sizeof(any));
}

/* Sends up to NET_BATCH packets of one protocol; the status of each is set. */
static void send_run(int fd, struct net_out *outs, size_t n)
{
	MEM_UNINITIALIZED struct tx tx;
	size_t at = 0;

	for (size_t i = 0; i < n; i++)
		prepare(&tx, i, &outs[i]);
	while (at < n) {
		int sent = sendmmsg(fd, tx.msgs + at, (unsigned int)(n - at), MSG_DONTWAIT);
		int err = errno;

		for (; sent > 0; sent--)
			outs[at++].status = 0;
		if (sent == 0 || err == EINTR)
			continue;
		/* Stopped at one: the rest goes on behind it, unless the socket itself is full. */
		do
			outs[at++].status = -err;
		while (err == EAGAIN && at < n);
	}
}

static size_t count_run(struct net_counters *counters, const struct net_out *outs, size_t n)
{
	size_t sent = 0;

	for (size_t i = 0; i < n; i++) {
		if (outs[i].status == 0)
			sent++;
		else if (net_is_transient(outs[i].status))
			counters->send_later++;
		else
			counters->drops[NET_DROP_SEND_FAILED]++;
	}
	counters->sent += sent;
	return sent;
}

size_t net_send(struct net_ns *ns, struct net_out *outs, size_t n)
{
	size_t sent = 0;

	for (size_t at = 0; at < n;) {
		enum net_proto proto = outs[at].proto;
		size_t run = 1;

		bool gone = outs[at].src_gone;

		while (run < NET_BATCH && at + run < n && outs[at + run].proto == proto &&
		       outs[at + run].src_gone == gone)
			run++;
		if (gone)
			set_any_source(ns->fds[proto], 1);
		send_run(ns->fds[proto], outs + at, run);
		if (gone)
			set_any_source(ns->fds[proto], 0);
		sent += count_run(&ns->counters[proto], outs + at, run);
		at += run;
	}
	return sent;
}

bool net_is_transient(int status)
{
	return status == -EAGAIN || status == -ENOBUFS || status == -ENOMEM || status == -EINVAL;
}

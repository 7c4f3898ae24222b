/* SPDX-License-Identifier: ISC */
/*
 * The link-layer address of a client, from the frame itself: what a client writes into its DUID is
 * made up by firmware and shared by clones, and asking the kernel's neighbour table would have to
 * wait for an answer.
 *
 * A packet socket hears every IPv6 packet of the namespace that is not its own, a filter in the
 * kernel lets those for UDP port 547 through, cut after the UDP header. What was heard is kept in a
 * table of fixed size in which new senders push out the one of their set that was silent longest; a
 * peer that makes up source addresses can make us forget those of its own link, not remember
 * wrongly.
 *
 * Those from port 547 to port 546 are what other DHCPv6 servers send: of them the beginning is
 * kept, so that the server's identifier is most often in it, and handed on. One socket is for both,
 * because each costs every packet that is forwarded a run of its filter.
 */
#include "config.h"

#include "net/net_frames.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if_arp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/ip6.h"
#include "base/mem.h"
#include "base/siphash.h"
#include "net/net_ns_priv.h"
#include "net/net_sock.h"
#include "wire/wire.h"

enum {
	WAYS = 4,
	SETS = 1024,
	HEADERS = 48,    /* octets of the IPv6 and the UDP header */
	OVERHEARD = 256, /* of a server's message, with the headers */
	SRC_OFFSET = 8,  /* of the source address (RFC 8200 section 3) */
};

struct sender {
	struct in6_addr src;
	unsigned int ifindex; /* 0: the place is free */
	uint8_t mac[6];
	uint64_t seen; /* number of the frame */
};

struct net_frames {
	int fd;
	struct siphash_key key; /* peers choose what is hashed */
	uint64_t n_seen;
	net_overheard_fn *overheard; /* NULL: nobody asks */
	void *overheard_arg;
	struct sender (*senders)[WAYS]; /* SETS of them; NULL: nobody was heard of */
};

/* Room for one batch; on the stack, because there are as many net_frames as namespaces. */
struct batch {
	struct mmsghdr msgs[NET_BATCH];
	struct iovec iovs[NET_BATCH];
	struct sockaddr_ll names[NET_BATCH];
	uint8_t bytes[NET_BATCH][OVERHEARD];
};

static const struct net_sock_option options[] = {
	{SOL_PACKET, PACKET_IGNORE_OUTGOING, 1},
	{SOL_SOCKET, SO_LOCK_FILTER, 1},
};

/* The socket hears nothing before bind(), so nothing passes before the filter is there. */
static int attach(int fd)
{
	/* Offsets are those of the IPv6 header: next header at 6, the UDP ports at 40 and 42. */
	struct sock_filter program[] = {
		BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 6),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, IPPROTO_UDP, 0, 6),
		BPF_STMT(BPF_LD | BPF_H | BPF_ABS, 42),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, NET_DHCP6_SERVER_PORT, 5, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, NET_DHCP6_CLIENT_PORT, 0, 3),
		BPF_STMT(BPF_LD | BPF_H | BPF_ABS, 40),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, NET_DHCP6_SERVER_PORT, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, OVERHEARD),
		BPF_STMT(BPF_RET | BPF_K, 0),
		BPF_STMT(BPF_RET | BPF_K, HEADERS),
	};
	const struct sock_fprog fprog = {sizeof(program) / sizeof(*program), program};
	const struct sockaddr_ll any = {.sll_family = AF_PACKET,
					.sll_protocol = htons(ETHERTYPE_IPV6)};
	int err;

	if (setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &fprog, sizeof(fprog)) < 0)
		return -errno;
	err = net_sock_set(fd, options, sizeof(options) / sizeof(*options));
	if (err)
		return err;
	net_sock_big_receive(fd);
	return bind(fd, (const struct sockaddr *)&any, sizeof(any)) < 0 ? -errno : 0;
}

/* What the kernel fills in is left as it is. */
static void prepare(struct batch *batch)
{
	for (size_t i = 0; i < NET_BATCH; i++) {
		batch->iovs[i] = (struct iovec){batch->bytes[i], OVERHEARD};
		batch->msgs[i].msg_hdr = (struct msghdr){
			.msg_iov = &batch->iovs[i],
			.msg_iovlen = 1,
			.msg_name = &batch->names[i],
			.msg_namelen = sizeof(batch->names[i]),
		};
	}
}

int net_frames_open(const struct net_ns *ns, struct net_frames **ret, char *why, size_t why_len)
{
	int fd = net_sock_open(ns->ns_fd, AF_PACKET, SOCK_DGRAM, 0);
	struct siphash_key key;
	int err = 0;

	if (fd < 0) {
		net_sock_why(fd, "a packet socket", "CAP_NET_RAW", why, why_len);
		return fd;
	}
	if (getrandom(&key, sizeof(key), 0) != (ssize_t)sizeof(key))
		err = -EIO;
	if (err) {
		snprintf(why, why_len, "the kernel gives no random octets");
		close(fd);
		return err;
	}
	struct net_frames *frames = mem_new(1, sizeof(*frames));

	frames->fd = fd;
	frames->key = key;
	*ret = frames;
	return 0;
}

int net_frames_listen(struct net_frames *frames, char *why, size_t why_len)
{
	int err = attach(frames->fd);

	if (err)
		snprintf(why, why_len, "cannot set up the packet socket: %s", strerror(-err));
	return err;
}

void net_frames_close(struct net_frames *frames)
{
	if (!frames)
		return;
	close(frames->fd);
	if (frames->senders)
		munmap(frames->senders, SETS * sizeof(*frames->senders));
	free(frames);
}

static size_t set_of(const struct net_frames *frames, unsigned int ifindex,
		     const struct in6_addr *src)
{
	uint8_t key[sizeof(*src) + sizeof(ifindex)];

	memcpy(key, src, sizeof(*src));
	memcpy(key + sizeof(*src), &ifindex, sizeof(ifindex));
	return siphash_table(&frames->key, key, sizeof(key)) % SETS;
}

/*
 * The sender's place: its own, else a free one, else that of who was silent longest; but whose link
 * has half of the set takes it from that link.
 */
static struct sender *place_of(struct net_frames *frames, unsigned int ifindex,
			       const struct in6_addr *src)
{
	struct sender *set = frames->senders[set_of(frames, ifindex, src)];
	struct sender *oldest = &set[0], *beside = NULL;
	size_t n = 0;

	for (size_t i = 0; i < WAYS; i++) {
		if (set[i].ifindex == ifindex && ip6_equal(&set[i].src, src))
			return &set[i];
		if (set[i].seen < oldest->seen)
			oldest = &set[i];
		if (set[i].ifindex != ifindex)
			continue;
		n++;
		if (!beside || set[i].seen < beside->seen)
			beside = &set[i];
	}
	return oldest->ifindex && n >= WAYS / 2 ? beside : oldest;
}

/* What the headers of a frame say. */
struct frame {
	struct in6_addr src, dst;
	uint16_t dport;
	unsigned int ifindex;
	const uint8_t *mac; /* of the sender; NULL: it is not Ethernet */
};

static bool read_headers(const struct sockaddr_ll *from, struct wire_reader *r, struct frame *ret)
{
	wire_get_bytes(r, SRC_OFFSET);
	ret->src = wire_get_ip6(r);
	ret->dst = wire_get_ip6(r);
	wire_get_u16(r);
	ret->dport = wire_get_u16(r);
	wire_get_u32(r); /* length and checksum */
	ret->ifindex = (unsigned int)from->sll_ifindex;
	ret->mac = from->sll_hatype == ARPHRD_ETHER && from->sll_halen == 6 ? from->sll_addr : NULL;
	return !r->bad && from->sll_ifindex > 0;
}

/*
 * A mapping of its own: of what is never heard of, no page is ever there. From the heap it could be
 * memory that was used before, all of which would have to be cleared.
 */
static void make_senders(struct net_frames *frames)
{
	frames->senders = mmap(NULL, SETS * sizeof(*frames->senders), PROT_READ | PROT_WRITE,
			       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (frames->senders == MAP_FAILED)
		mem_out();
}

static void learn(struct net_frames *frames, const struct frame *frame)
{
	if (!frames->senders)
		make_senders(frames);
	struct sender *sender = place_of(frames, frame->ifindex, &frame->src);

	*sender = (struct sender){
		.src = frame->src, .ifindex = frame->ifindex, .seen = ++frames->n_seen};
	if (frame->mac)
		memcpy(sender->mac, frame->mac, sizeof(sender->mac));
	else
		sender->ifindex = 0;
}

static void tell(const struct net_frames *frames, const struct frame *frame, struct wire_reader *r)
{
	struct net_overheard heard = {
		.len = wire_left(r),
		.src = frame->src,
		.dst = frame->dst,
		.ifindex = frame->ifindex,
		.has_mac = frame->mac != NULL,
	};

	if (frame->mac)
		memcpy(heard.mac, frame->mac, sizeof(heard.mac));
	heard.data = wire_get_bytes(r, heard.len);
	if (frames->overheard)
		frames->overheard(frames->overheard_arg, &heard);
}

static void take_frame(struct net_frames *frames, const struct sockaddr_ll *from, const void *bytes,
		       size_t len)
{
	struct wire_reader r = wire_reader(bytes, len);
	struct frame frame;

	if (!read_headers(from, &r, &frame))
		return;
	if (frame.dport == NET_DHCP6_SERVER_PORT)
		learn(frames, &frame);
	else
		tell(frames, &frame, &r);
}

void net_frames_overhear(struct net_frames *frames, net_overheard_fn *fn, void *arg)
{
	frames->overheard = fn;
	frames->overheard_arg = arg;
}

int net_frames_fd(const struct net_frames *frames)
{
	return frames->fd;
}

bool net_frames_read(struct net_frames *frames)
{
	MEM_UNINITIALIZED struct batch batch;
	int got;

	if (!frames)
		return false;
	prepare(&batch);
	got = recvmmsg(frames->fd, batch.msgs, NET_BATCH, MSG_DONTWAIT, NULL);
	for (int i = 0; i < got; i++)
		take_frame(frames, &batch.names[i], batch.bytes[i], batch.msgs[i].msg_len);
	return got == NET_BATCH;
}

bool net_frames_find(const struct net_frames *frames, unsigned int ifindex,
		     const struct in6_addr *src, uint8_t ret_mac[6])
{
	if (!frames || !frames->senders || ifindex == 0)
		return false;
	const struct sender *set = frames->senders[set_of(frames, ifindex, src)];

	for (size_t i = 0; i < WAYS; i++) {
		if (set[i].ifindex == ifindex && ip6_equal(&set[i].src, src)) {
			memcpy(ret_mac, set[i].mac, sizeof(set[i].mac));
			return true;
		}
	}
	return false;
}

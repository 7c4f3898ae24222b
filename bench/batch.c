/* SPDX-License-Identifier: ISC */
/*
 * recvmmsg and sendmmsg over buffers that are set up once. Errors of setting up end the process:
 * a measurement without its socket is none.
 */
#include "config.h"

#include "batch.h"

#include <assert.h>
#include <err.h>
#include <errno.h>
#include <net/if.h>
#include <string.h>
#include <sys/time.h>

/* Octets: room for the answers to the largest burst. */
#define BUFFER_OCTETS (64 << 20)

static void buffer_set(int fd, int forced, int plain)
{
	int octets = BUFFER_OCTETS;

	/* Without CAP_NET_ADMIN the system's limit has to do. */
	if (setsockopt(fd, SOL_SOCKET, forced, &octets, sizeof(octets)) < 0 &&
	    setsockopt(fd, SOL_SOCKET, plain, &octets, sizeof(octets)) < 0)
		err(1, "socket buffers");
}

static int interface_index(const char *interface)
{
	unsigned int index = if_nametoindex(interface);

	if (index == 0)
		err(1, "%s", interface);
	return (int)index;
}

int batch_socket(const char *interface, uint16_t port, unsigned int wait_ms)
{
	struct sockaddr_in6 addr = {.sin6_family = AF_INET6, .sin6_port = htons(port)};
	struct timeval wait = {.tv_sec = wait_ms / 1000, .tv_usec = wait_ms % 1000 * 1000};
	int index = interface_index(interface), on = 1;
	int fd = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on)) < 0 ||
	    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) < 0 ||
	    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait)) < 0 ||
	    setsockopt(fd, IPPROTO_IPV6, IPV6_MULTICAST_IF, &index, sizeof(index)) < 0)
		err(1, "socket");
	if (setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, interface,
		       (socklen_t)strlen(interface) + 1) < 0)
		err(1, "%s", interface);
	buffer_set(fd, SO_RCVBUFFORCE, SO_RCVBUF);
	buffer_set(fd, SO_SNDBUFFORCE, SO_SNDBUF);
	if (bind(fd, (const struct sockaddr *)&addr, sizeof(addr)) < 0)
		err(1, "port %u", port);
	return fd;
}

static void join(int fd, int index, const uint8_t group[16])
{
	struct ipv6_mreq req = {.ipv6mr_interface = (unsigned int)index};

	memcpy(&req.ipv6mr_multiaddr, group, 16);
	if (setsockopt(fd, IPPROTO_IPV6, IPV6_ADD_MEMBERSHIP, &req, sizeof(req)) < 0)
		err(1, "multicast group");
}

void batch_join(int fd, const char *interface)
{
	static const uint8_t agents[16] = {0xff, 2, [13] = 1, [15] = 2};
	static const uint8_t servers[16] = {0xff, 5, [13] = 1, [15] = 3};
	int index = interface_index(interface);

	join(fd, index, agents);
	join(fd, index, servers);
}

void batch_init(struct batch *b)
{
	memset(b, 0, sizeof(*b));
	for (unsigned int i = 0; i < BATCH_MAX; i++) {
		b->iovs[i] = (struct iovec){.iov_base = b->bytes[i], .iov_len = BATCH_ROOM};
		b->msgs[i].msg_hdr = (struct msghdr){
			.msg_name = &b->peers[i],
			.msg_namelen = sizeof(b->peers[i]),
			.msg_iov = &b->iovs[i],
			.msg_iovlen = 1,
		};
	}
}

void batch_receive(int fd, struct batch *b)
{
	int n = recvmmsg(fd, b->msgs, BATCH_MAX, MSG_WAITFORONE, NULL);

	if (n < 0 && errno != EAGAIN && errno != EINTR)
		err(1, "recvmmsg");
	b->n = n > 0 ? (unsigned int)n : 0;
	for (unsigned int i = 0; i < b->n; i++)
		b->msgs[i].msg_hdr.msg_namelen = sizeof(b->peers[i]);
}

unsigned int batch_send(int fd, struct batch *b)
{
	unsigned int at = 0, failed = 0;

	while (at < b->n) {
		int n = sendmmsg(fd, b->msgs + at, b->n - at, 0);

		if (n > 0) {
			at += (unsigned int)n;
		} else if (n < 0 && errno != EINTR) {
			/* The first one was refused: a full queue or neighbour table. */
			failed++;
			at++;
		}
	}
	b->n = 0;
	return failed;
}

uint8_t *batch_next(struct batch *b, const struct sockaddr_in6 *peer)
{
	assert(b->n < BATCH_MAX);
	b->peers[b->n] = *peer;
	return b->bytes[b->n];
}

void batch_push(struct batch *b, size_t len)
{
	assert(b->n < BATCH_MAX && len <= BATCH_ROOM);
	b->iovs[b->n++].iov_len = len;
}

/* SPDX-License-Identifier: ISC */
/*
 * A UDP socket of DHCPv6 on one interface, and datagrams that are read and written many at a time.
 */
#ifndef SEXTANT_BENCH_BATCH_H
#define SEXTANT_BENCH_BATCH_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

enum {
	BATCH_MAX = 64,   /* datagrams */
	BATCH_ROOM = 512, /* octets of one */
};

struct batch {
	unsigned int n;
	struct mmsghdr msgs[BATCH_MAX];
	struct iovec iovs[BATCH_MAX];
	struct sockaddr_in6 peers[BATCH_MAX];
	uint8_t bytes[BATCH_MAX][BATCH_ROOM];
};

/*
 * A socket on port (546 or 547) of the interface with large buffers, that waits up to wait_ms when
 * it is read. Ends the process with a sentence if that cannot be had.
 */
int batch_socket(const char *interface, uint16_t port, unsigned int wait_ms);

/* Makes it a member of ff02::1:2 and ff05::1:3 on its interface. */
void batch_join(int fd, const char *interface);

void batch_init(struct batch *b);

/*
 * Fills the batch with what is there, waiting for the first datagram only; b->n is 0 if none came
 * in time. A datagram's length is in msgs[i].msg_len.
 */
void batch_receive(int fd, struct batch *b);

/* Sends all and empties the batch; returns how many the kernel would not take. */
unsigned int batch_send(int fd, struct batch *b);

/* Where the next datagram to `peer` is written; the batch may not be full. */
uint8_t *batch_next(struct batch *b, const struct sockaddr_in6 *peer);
/* Counts that datagram, of len octets, in. */
void batch_push(struct batch *b, size_t len);

#endif

/* SPDX-License-Identifier: ISC */
/*
 * Making sockets in a namespace: used inside this room only.
 */
#ifndef SEXTANT_NET_NET_SOCK_H
#define SEXTANT_NET_NET_SOCK_H

#include <stddef.h>

/*
 * A descriptor of the namespace /run/netns/NAME in *ret_fd; -1 for name NULL, our own.
 * 0 or -errno with a sentence in `why`.
 */
int net_sock_ns(const char *name, int *ret_fd, char *why, size_t why_len);

/*
 * A non-blocking socket, closed on exec, in the namespace of ns_fd (-1: our own). The descriptor
 * or -errno; -EXDEV: the namespace could not be entered (CAP_SYS_ADMIN).
 */
int net_sock_open(int ns_fd, int family, int type, int protocol);

/* What a failed net_sock_open() means: `what` is the socket, `right` the capability it needs. */
void net_sock_why(int err, const char *what, const char *right, char *why, size_t why_len);

/* Asks for a receive buffer of 4 MiB; with less rights, for as much of it as is allowed. */
void net_sock_big_receive(int fd);

/* Switches options of one kind on; -errno of the first that fails. */
struct net_sock_option {
	int level, name, value;
};
int net_sock_set(int fd, const struct net_sock_option *options, size_t n);

#endif

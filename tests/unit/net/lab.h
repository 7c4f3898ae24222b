/* SPDX-License-Identifier: ISC */
/*
 * Two network namespaces with a cable between them, for tests that need real sockets. They have no
 * names and are gone with the process, however it ends.
 */
#ifndef SEXTANT_TESTS_UNIT_NET_LAB_H
#define SEXTANT_TESTS_UNIT_NET_LAB_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>

#include "net/net_ns.h"

/* The ends of the cable: LAB_NEAR in the namespace that tests start in, LAB_FAR in the other. */
#define LAB_NEAR "near0"
#define LAB_FAR  "far0"

struct lab {
	int near_ns, far_ns; /* descriptors of the namespaces */
	bool user;           /* we are root in a user namespace only */
	unsigned int near_if, far_if;
	struct in6_addr near_addr, far_addr; /* the link-local addresses */
	struct net_ns *ns;                   /* the near namespace, of lab_setup(); else NULL */
};

/*
 * Makes the lab, and enters the near namespace. Ends the process with 77 without the right to, or
 * without the programs it takes.
 */
void lab_init(struct lab *lab);

/*
 * For all tests of a file: *state is a fixture of `size` octets that starts with its lab, zeros
 * after it, with the near namespace opened. lab_teardown() closes it, and frees the fixture.
 */
int lab_setup(void **state, size_t size);
int lab_teardown(void **state);

/* Enters a namespace of the lab. */
void lab_enter(int ns);

/* Runs a command of the shell, made with printf; a failed one fails the test. */
void lab_run(const char *format, ...) __attribute__((format(printf, 1, 2)));

/*
 * Gives the process a /run of its own, for namespaces with names; false where that cannot be, as
 * without root or where / is no mount point.
 */
bool lab_private_run(void);

/* Opens a namespace with its port 547, as net_ns_open_dhcp6() does; failing is the test's. */
struct net_ns *lab_open_ns(const char *name);

/* Waits until fd can be read; false after `ms`. */
bool lab_readable(int fd, int ms);

#endif

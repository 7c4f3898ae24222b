/* SPDX-License-Identifier: ISC */
/*
 * A simulated shell around the pure rooms: links, a clock that is told what time it is, a store in
 * memory. Scenarios and captured packets run through it without root, sockets or waiting.
 */
#ifndef SEXTANT_TESTS_SIM_SIM_H
#define SEXTANT_TESTS_SIM_SIM_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/mtime.h"
#include "daemon/conf.h"
#include "dhcp6/dhcp6_server.h"
#include "lease/lease.h"
#include "ra/ra_link.h"

struct sim;

/* A packet that left, or would have. */
struct sim_output {
	mtime at;
	const char *link; /* name */
	bool icmp6;
	struct in6_addr src, dst;
	uint16_t port;
	const uint8_t *data;
	size_t len;
};

/* Calls back for each packet and each log line as it comes. */
struct sim_observer {
	void (*sent)(void *arg, const struct sim_output *output);
	void (*logged)(void *arg, const char *line);
	void *arg;
};

/* Takes over conf. */
struct sim *sim_new(struct daemon_conf *conf, const struct sim_observer *observer);
void sim_free(struct sim *sim);

mtime sim_now(const struct sim *sim);

/* Lets time pass: whatever wants to be woken until then is, at its moment. */
void sim_advance(struct sim *sim, mtime to);

/* What a link is; it belongs to the network whose `interfaces` match its name. */
struct sim_link_facts {
	bool up;
	bool have_link_local;
	struct in6_addr link_local;
	uint8_t mac[6];
	uint32_t mtu;
	bool forwarding;
	struct in6_addr own[4]; /* other addresses of ours */
	size_t n_own;
};

/* Makes the link or changes it. False: no network has it. */
bool sim_link(struct sim *sim, const char *name, const struct sim_link_facts *facts);
/* The addresses that an interface has from now on, one of a network or not. */
enum { SIM_ADDRESSES = 8 };
struct sim_address {
	struct in6_addr addr;
	uint8_t len;
	uint32_t preferred, valid; /* s */
};
void sim_addresses(struct sim *sim, const char *name, const struct sim_address *addrs, size_t n);

bool sim_link_gone(struct sim *sim, const char *name);

/* A datagram for port 547, an ICMPv6 message. mac may be NULL. False: there is no such link. */
bool sim_receive_udp(struct sim *sim, const char *link, const struct in6_addr *src,
		     const struct in6_addr *dst, uint16_t sport, const uint8_t *mac,
		     const void *data, size_t len);
/* A server's message to a client; it may be cut. False: there is no such link. */
bool sim_overhear(struct sim *sim, const char *link, const struct in6_addr *src, const void *data,
		  size_t len);
bool sim_receive_icmp6(struct sim *sim, const char *link, const struct in6_addr *src,
		       const struct in6_addr *dst, int hop_limit, const void *data, size_t len);

/* How commits go from now on: at once, only by sim_commit(), or they fail. */
enum sim_store {
	SIM_STORE_WORKS,
	SIM_STORE_WAITS,
	SIM_STORE_FAILS,
};
void sim_store(struct sim *sim, enum sim_store how);

/* Ends the commit under way, with SIM_STORE_WAITS. False: there is none. */
bool sim_commit(struct sim *sim, bool stored);

/* Replaces the configuration, as SIGHUP does; takes over conf. */
void sim_reload(struct sim *sim, struct daemon_conf *conf);

/* As a clean stop does: final advertisements. */
void sim_stop(struct sim *sim);

/* As after kill -9: all memory is gone, what the store has is read again. Links are as they were.
 */
void sim_restart(struct sim *sim);

/* The wall clock is put forward or back. */
void sim_step_clock(struct sim *sim, int64_t ms);

/* How many ICMPv6 messages were dropped on that link. */
uint64_t sim_ra_drops(struct sim *sim, const char *link);

struct lease_table *sim_leases(struct sim *sim);
struct dhcp6_server *sim_server(struct sim *sim);
const struct duid *sim_server_duid(const struct sim *sim);

/* Whether the store knows it as this client's, or as given back by it in the same batch. */
bool sim_stores(const struct sim *sim, const struct in6_addr *addr, uint8_t plen,
		const uint8_t *duid, size_t duid_len);

/* How many rows the store has. */
size_t sim_stored(const struct sim *sim);

/* Leases as text, one a line, sorted: "tenant NA 2001:db8::10 active 00:03:.. iaid=1 .." */
void sim_print_leases(struct sim *sim, FILE *out);
/* What is in the store, likewise. */
void sim_print_stored(struct sim *sim, FILE *out);

#endif

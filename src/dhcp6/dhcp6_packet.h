/* SPDX-License-Identifier: ISC */
/*
 * A packet as it comes from the transport, before anything of it was read.
 */
#ifndef SEXTANT_DHCP6_DHCP6_PACKET_H
#define SEXTANT_DHCP6_DHCP6_PACKET_H

#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>

#include "lease/lease.h"

/* A packet that came by a link which belongs to no network. */
#define DHCP6_NETWORK_NONE UINT32_MAX

struct dhcp6_packet {
	const uint8_t *data; /* UDP payload; borrowed for the step */
	size_t len;
	struct in6_addr src, dst;
	uint16_t sport;                   /* host order */
	uint32_t link;                    /* the id to answer on, as in struct fx_send */
	const char *link_name;            /* its name for the log; NULL: the id is written */
	const char *netns;                /* the namespace it is in; NULL: our own */
	uint32_t network;                 /* index into conf->networks, or DHCP6_NETWORK_NONE */
	uint8_t mac[6];                   /* link-layer address of the frame's sender */
	enum lease_mac_source mac_source; /* LEASE_MAC_NONE: not known */
};

#endif

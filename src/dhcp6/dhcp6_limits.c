/* SPDX-License-Identifier: ISC */
/*
 * The limits that hold where none are written.
 */
#include "config.h"

#include "dhcp6/dhcp6_conf.h"

static uint32_t or_default(uint32_t value, uint32_t dflt)
{
	return value ? value : dflt;
}

struct dhcp6_limits dhcp6_limits_complete(const struct dhcp6_limits *given)
{
	const uint32_t day = 86400;

	return (struct dhcp6_limits){
		.leases_per_client = or_default(given->leases_per_client, 16),
		.prefixes_per_client = or_default(given->prefixes_per_client, 8),
		.leases_per_link = or_default(given->leases_per_link, 2000000),
		.leases_per_port = or_default(given->leases_per_port, 262144),
		.registrations = or_default(given->registrations, 65536),
		.registrations_per_link = or_default(given->registrations_per_link, 16384),
		.registrations_per_port = or_default(given->registrations_per_port, 8192),
		.leaseless = or_default(given->leaseless, 4096),
		.offers = or_default(given->offers, 4096),
		.offers_per_link = or_default(given->offers_per_link, 1024),
		.offer_time = or_default(given->offer_time, 60),
		.messages_per_client = or_default(given->messages_per_client, 50),
		.messages_per_mac = or_default(given->messages_per_mac, 20000),
		.messages_per_port = or_default(given->messages_per_port, 50000),
		.messages_per_link = or_default(given->messages_per_link, 200000),
		.messages = or_default(given->messages, 500000),
		.declines_per_hour = or_default(given->declines_per_hour, 8),
		.declines_per_link = or_default(given->declines_per_link, 1024),
		.quarantine_share = or_default(given->quarantine_share, 10),
		.decline_quarantine = or_default(given->decline_quarantine, day),
		.remember = or_default(given->remember, day),
	};
}

/* SPDX-License-Identifier: ISC */
/*
 * The reasons for which messages are dropped: their names, and what the manual says of each.
 */
#include "config.h"

#include "dhcp6/dhcp6_drop.h"

static const struct drop_reason reasons[DHCP6_DROPS] = {
	/* clang-format off */
	[DHCP6_DROP_NONE] = {"none", "It was answered."},
	[DHCP6_DROP_MALFORMED] = {"malformed",
		"Lengths in the message contradict each other (RFC 8415 section 21.1)."},
	[DHCP6_DROP_TOO_MANY] = {"too-many",
		"It has more IAs, or more leases in them, than are taken in one message."},
	[DHCP6_DROP_DUPLICATE_IA] = {"duplicate-ia",
		"It has one IAID twice (RFC 8415 section 21.4)."},
	[DHCP6_DROP_BAD_DUID] = {"bad-duid",
		"Its DUID is shorter or longer than one can be (RFC 8415 section 11.1)."},
	[DHCP6_DROP_UNKNOWN_TYPE] = {"unknown-type",
		"It is of a type that does not exist or is not served, such as a registration "
		"where register is not set."},
	[DHCP6_DROP_NOT_FOR_SERVERS] = {"not-for-servers",
		"It is of a type that only clients or relays take (RFC 8415 section 16): "
		"another server on the link answers to the wrong port."},
	[DHCP6_DROP_UNICAST] = {"unicast",
		"A client sent it to a unicast address (RFC 9915 section 16)."},
	[DHCP6_DROP_NOT_LINK_LOCAL] = {"not-link-local",
		"A client sent it from an address that is not link-local, or is our own."},
	[DHCP6_DROP_NO_NETWORK] = {"no-network",
		"It came by an interface that belongs to no network."},
	[DHCP6_DROP_NOT_SERVED] = {"not-served",
		"The network has no DHCPv6: see mode and dhcp6.service."},
	[DHCP6_DROP_NO_CLIENT_ID] = {"no-client-id",
		"It has no client identifier where there must be one (RFC 8415 section 16)."},
	[DHCP6_DROP_NO_SERVER_ID] = {"no-server-id",
		"It has no server identifier where there must be one (RFC 8415 section 16)."},
	[DHCP6_DROP_OTHER_SERVER] = {"other-server",
		"It is for a server with another DUID. Many of them mean that this one lost "
		"its own, or that there is another server on the link."},
	[DHCP6_DROP_WITH_SERVER_ID] = {"with-server-id",
		"It has a server identifier where none may be (RFC 8415 section 16)."},
	[DHCP6_DROP_WITH_IA] = {"with-ia",
		"It is an Information-request with an IA (RFC 8415 section 16.12)."},
	[DHCP6_DROP_NO_ADDRESSES] = {"no-addresses",
		"It is a Confirm without an address (RFC 8415 section 18.3.3)."},
	[DHCP6_DROP_NOT_STATEFUL] = {"not-stateful",
		"A Solicit where only options are given: the mode of the network says so."},
	[DHCP6_DROP_NOTHING_TO_SAY] = {"nothing-to-say",
		"A Rebind or Confirm about leases that this server knows nothing of (RFC 8415 "
		"sections 18.3.3 and 18.3.5)."},
	[DHCP6_DROP_RELAY_UNKNOWN] = {"relay-unknown",
		"It came from a relay that no network names under relays, or from an address "
		"that cannot be a relay's."},
	[DHCP6_DROP_RELAY_NETWORK] = {"relay-network",
		"A relay sent it for a link that is of no network with this relay."},
	[DHCP6_DROP_RELAY_MESSAGE] = {"relay-message",
		"A Relay-forward without a message in it, or with two (RFC 8415 section 9.1)."},
	[DHCP6_DROP_RELAY_DEPTH] = {"relay-depth",
		"It came through more relays than may be, or with a higher hop count (RFC 8415 "
		"section 19.1.2)."},
	[DHCP6_DROP_REG_FORM] = {"registration-form",
		"A registration without an address, or that asks for options (RFC 9686 section "
		"4.2.1)."},
	[DHCP6_DROP_REG_SOURCE] = {"registration-source",
		"A registration that was not sent from the address it registers."},
	[DHCP6_DROP_REG_PREFIX] = {"registration-prefix",
		"A registration of an address that cannot be on the link."},
	[DHCP6_DROP_REG_LEASED] = {"registration-leased",
		"A registration of an address that is leased, or reserved for somebody else."},
	[DHCP6_DROP_REG_LIMIT] = {"registration-limit",
		"A registration beyond what limits lets a client, a port or all of them have."},
	[DHCP6_DROP_DUID_CLONES] = {"duid-clones",
		"More machines than can be told apart have its DUID: clear it in the image that "
		"they were copied from."},
	[DHCP6_DROP_STORE_BUSY] = {"store-busy",
		"The store has all the changes it can take, or nearly, and most are of this link; clients ask "
		"again."},
	[DHCP6_DROP_RATE_LIMIT] = {"rate-limit",
		"Its sender, its link or all strangers together sent more messages a second "
		"than limits allows."},
	[DHCP6_DROP_NO_ROOM] = {"no-room",
		"The answer would not fit in a datagram beside what its relays want back."},
	/* clang-format on */
};

const struct drop_reason *dhcp6_drop_reason(enum dhcp6_drop drop)
{
	return &reasons[drop];
}

const char *dhcp6_drop_name(enum dhcp6_drop drop)
{
	return reasons[drop].name;
}

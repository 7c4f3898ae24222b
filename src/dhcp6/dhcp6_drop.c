/* SPDX-License-Identifier: ISC */
/*
 * The names of the reasons for which messages are dropped.
 */
#include "config.h"

#include "dhcp6/dhcp6_drop.h"

const char *dhcp6_drop_name(enum dhcp6_drop drop)
{
	switch (drop) {
	case DHCP6_DROP_NONE:
		return "none";
	case DHCP6_DROP_MALFORMED:
		return "malformed";
	case DHCP6_DROP_TOO_MANY:
		return "too-many";
	case DHCP6_DROP_DUPLICATE_IA:
		return "duplicate-ia";
	case DHCP6_DROP_BAD_DUID:
		return "bad-duid";
	case DHCP6_DROP_UNKNOWN_TYPE:
		return "unknown-type";
	case DHCP6_DROP_NOT_FOR_SERVERS:
		return "not-for-servers";
	case DHCP6_DROP_UNICAST:
		return "unicast";
	case DHCP6_DROP_NOT_LINK_LOCAL:
		return "not-link-local";
	case DHCP6_DROP_NO_NETWORK:
		return "no-network";
	case DHCP6_DROP_NOT_SERVED:
		return "not-served";
	case DHCP6_DROP_NO_CLIENT_ID:
		return "no-client-id";
	case DHCP6_DROP_NO_SERVER_ID:
		return "no-server-id";
	case DHCP6_DROP_OTHER_SERVER:
		return "other-server";
	case DHCP6_DROP_WITH_SERVER_ID:
		return "with-server-id";
	case DHCP6_DROP_WITH_IA:
		return "with-ia";
	case DHCP6_DROP_NO_ADDRESSES:
		return "no-addresses";
	case DHCP6_DROP_NOT_STATEFUL:
		return "not-stateful";
	case DHCP6_DROP_NOTHING_TO_SAY:
		return "nothing-to-say";
	case DHCP6_DROP_RELAY_UNKNOWN:
		return "relay-unknown";
	case DHCP6_DROP_RELAY_NETWORK:
		return "relay-network";
	case DHCP6_DROP_RELAY_MESSAGE:
		return "relay-message";
	case DHCP6_DROP_RELAY_DEPTH:
		return "relay-depth";
	case DHCP6_DROP_REG_FORM:
		return "registration-form";
	case DHCP6_DROP_REG_SOURCE:
		return "registration-source";
	case DHCP6_DROP_REG_PREFIX:
		return "registration-prefix";
	case DHCP6_DROP_REG_LEASED:
		return "registration-leased";
	case DHCP6_DROP_REG_LIMIT:
		return "registration-limit";
	case DHCP6_DROP_STORE_BUSY:
		return "store-busy";
	case DHCP6_DROP_RATE_LIMIT:
		return "rate-limit";
	case DHCP6_DROP_NO_ROOM:
		return "no-room";
	case DHCP6_DROPS:
		break;
	}
	return "unknown";
}

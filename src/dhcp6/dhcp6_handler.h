/* SPDX-License-Identifier: ISC */
/*
 * What the server does for each message that clients send.
 */
#ifndef SEXTANT_DHCP6_DHCP6_HANDLER_H
#define SEXTANT_DHCP6_DHCP6_HANDLER_H

#include <stdbool.h>
#include <stdint.h>

#include "dhcp6/dhcp6_drop.h"
#include "dhcp6/dhcp6_exchange.h"
#include "dhcp6/dhcp6_link.h"
#include "dhcp6/dhcp6_msg.h"
#include "dhcp6/dhcp6_proto.h"
#include "duid/duid.h"

enum dhcp6_id_need { DHCP6_ID_NEVER, DHCP6_ID_MAY, DHCP6_ID_MUST };

struct dhcp6_handler {
	enum dhcp6_type type;
	enum dhcp6_id_need client_id;
	enum dhcp6_id_need server_id; /* that of this server */
	bool commits;                 /* changes leases, always */
	/* Decides on the message and begins x->answer; anything but DHCP6_DROP_NONE: no answer. */
	enum dhcp6_drop (*answer)(struct dhcp6_exchange *x);
};

/* The one for a type of message, for ever; NULL if clients send no such message. */
const struct dhcp6_handler *dhcp6_handler_of(uint8_t type);

/* Why a message of a type without a handler is dropped. */
enum dhcp6_drop dhcp6_handler_lacking(uint8_t type);

/* Whether a message names client and server as RFC 8415 section 16 asks of its type. */
enum dhcp6_drop dhcp6_handler_check_ids(const struct dhcp6_handler *handler,
					const struct dhcp6_msg *msg,
					const struct duid *server_duid);

/* Whether answering the message by that link may change leases. */
bool dhcp6_handler_commits(const struct dhcp6_handler *handler, const struct dhcp6_msg *msg,
			   const struct dhcp6_link *link);

#endif

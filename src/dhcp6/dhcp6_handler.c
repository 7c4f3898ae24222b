/* SPDX-License-Identifier: ISC */
/*
 * What the server does for each message that clients send: a table of what a message must bring
 * and of the function that decides on it (RFC 8415 sections 16 and 18.3). A handler begins the
 * answer and has its associations bound or given back; it sends nothing.
 */
#include "config.h"

#include "dhcp6/dhcp6_handler.h"

#include "base/logid.h"
#include "dhcp6/dhcp6_bind.h"
#include "dhcp6/dhcp6_fqdn.h"
#include "dhcp6/dhcp6_log.h"
#include "dhcp6/dhcp6_register.h"
#include "dhcp6/dhcp6_unbind.h"

static void note_clash(struct dhcp6_exchange *x)
{
	const struct lease_client *other =
		dhcp6_client_clash(&x->client, x->link, x->table, x->msg);

	if (!other)
		return;
	struct logline *line = dhcp6_log_client(x, LOG_LEVEL_WARNING, "duid-clash");

	logid_hex(line, "other-mac", other->mac, sizeof(other->mac));
	++*x->duid_clashes;
}

static enum dhcp6_drop bind_ias(struct dhcp6_exchange *x, enum dhcp6_purpose purpose)
{
	dhcp6_client_keep(&x->client, x->link, x->table);
	lease_client_set_ports(x->table, x->client.id, x->port.names);
	note_clash(x);
	dhcp6_bind_ias(x, purpose);
	dhcp6_fqdn_answer(x, purpose != DHCP6_FOR_OFFER);
	return DHCP6_DROP_NONE;
}

static bool commits_rapidly(const struct dhcp6_msg *msg, const struct dhcp6_link *link)
{
	return msg->rapid_commit && link->conf->dhcp6.rapid_commit;
}

static enum dhcp6_drop solicit(struct dhcp6_exchange *x)
{
	/* Where there is nothing to lease, an offer of nothing would keep clients asking. */
	if (!x->link->conf->stateful)
		return DHCP6_DROP_NOT_STATEFUL;
	if (!commits_rapidly(x->msg, x->link)) {
		dhcp6_answer_begin(x->answer, DHCP6_ADVERTISE, DHCP6_IN_ADVERTISE);
		return bind_ias(x, DHCP6_FOR_OFFER);
	}
	dhcp6_answer_begin(x->answer, DHCP6_REPLY, DHCP6_IN_REPLY);
	x->answer->rapid_commit = true;
	return bind_ias(x, DHCP6_FOR_COMMIT);
}

static enum dhcp6_drop request(struct dhcp6_exchange *x)
{
	dhcp6_answer_begin(x->answer, DHCP6_REPLY, DHCP6_IN_REPLY);
	return bind_ias(x, DHCP6_FOR_REQUEST);
}

static enum dhcp6_drop renew(struct dhcp6_exchange *x)
{
	dhcp6_answer_begin(x->answer, DHCP6_REPLY, DHCP6_IN_REPLY);
	return bind_ias(x, DHCP6_FOR_RENEW);
}

static enum dhcp6_drop rebind(struct dhcp6_exchange *x)
{
	dhcp6_answer_begin(x->answer, DHCP6_REPLY, DHCP6_IN_REPLY);
	bind_ias(x, DHCP6_FOR_REBIND);
	return x->answer->n_ias ? DHCP6_DROP_NONE : DHCP6_DROP_NOTHING_TO_SAY;
}

static enum dhcp6_drop confirm(struct dhcp6_exchange *x)
{
	size_t seen = 0;

	dhcp6_answer_begin(x->answer, DHCP6_REPLY, DHCP6_IN_REPLY);
	x->answer->bare = true;
	x->answer->status = DHCP6_SUCCESS;
	for (const struct dhcp6_msg_ia *ia = x->msg->ias; ia < x->msg->ias + x->msg->n_ias; ia++) {
		for (size_t i = 0; ia->kind == LEASE_NA && i < ia->count; i++, seen++) {
			const struct in6_addr *addr = &x->msg->leases[ia->first + i].addr;

			if (!dhcp6_link_fits(x->link, NULL, LEASE_NA, addr, 128))
				x->answer->status = DHCP6_NOT_ON_LINK;
		}
	}
	if (!seen)
		return DHCP6_DROP_NO_ADDRESSES;
	/* RFC 8415 section 18.3.3: no answer where the link's prefixes are not known. */
	return x->link->conf->n_prefixes ? DHCP6_DROP_NONE : DHCP6_DROP_NOTHING_TO_SAY;
}

static enum dhcp6_drop release(struct dhcp6_exchange *x)
{
	dhcp6_answer_begin(x->answer, DHCP6_REPLY, DHCP6_IN_REPLY);
	x->answer->bare = true;
	x->answer->status = DHCP6_SUCCESS;
	dhcp6_release_ias(x);
	return DHCP6_DROP_NONE;
}

static enum dhcp6_drop decline(struct dhcp6_exchange *x)
{
	dhcp6_answer_begin(x->answer, DHCP6_REPLY, DHCP6_IN_REPLY);
	x->answer->bare = true;
	x->answer->status = DHCP6_SUCCESS;
	dhcp6_decline_ias(x);
	return DHCP6_DROP_NONE;
}

static enum dhcp6_drop information_request(struct dhcp6_exchange *x)
{
	if (x->msg->n_ias)
		return DHCP6_DROP_WITH_IA;
	dhcp6_answer_begin(x->answer, DHCP6_REPLY, DHCP6_IN_INFORMATION);
	return DHCP6_DROP_NONE;
}

/* For the table. */
#define NEVER DHCP6_ID_NEVER
#define MAY   DHCP6_ID_MAY
#define MUST  DHCP6_ID_MUST

/* What clients send (RFC 8415 section 16). */
static const struct dhcp6_handler handlers[] = {
	/* clang-format off */
	{DHCP6_SOLICIT,             MUST, NEVER, false, solicit},
	{DHCP6_REQUEST,             MUST, MUST,  true,  request},
	{DHCP6_CONFIRM,             MUST, NEVER, false, confirm},
	{DHCP6_RENEW,               MUST, MUST,  true,  renew},
	{DHCP6_REBIND,              MUST, NEVER, true,  rebind},
	{DHCP6_RELEASE,             MUST, MUST,  true,  release},
	{DHCP6_DECLINE,             MUST, MUST,  true,  decline},
	{DHCP6_INFORMATION_REQUEST, MAY,  MAY,   false, information_request},
	{DHCP6_ADDR_REG_INFORM,     MUST, NEVER, true,  dhcp6_register_inform},
	/* clang-format on */
};

const struct dhcp6_handler *dhcp6_handler_of(uint8_t type)
{
	for (size_t i = 0; i < sizeof(handlers) / sizeof(handlers[0]); i++) {
		if (handlers[i].type == type)
			return &handlers[i];
	}
	return NULL;
}

/* RFC 8415 sections 16.3, 16.10, 16.11, 16.14: these are not for servers. */
enum dhcp6_drop dhcp6_handler_lacking(uint8_t type)
{
	switch (type) {
	case DHCP6_ADVERTISE:
	case DHCP6_REPLY:
	case DHCP6_RECONFIGURE:
	case DHCP6_RELAY_REPLY:
	case DHCP6_LEASEQUERY_REPLY:
	case DHCP6_ADDR_REG_REPLY:
		return DHCP6_DROP_NOT_FOR_SERVERS;
	}
	return DHCP6_DROP_UNKNOWN_TYPE;
}

enum dhcp6_drop dhcp6_handler_check_ids(const struct dhcp6_handler *handler,
					const struct dhcp6_msg *msg, const struct duid *server_duid)
{
	if (handler->client_id == DHCP6_ID_MUST && !msg->client_id.len)
		return DHCP6_DROP_NO_CLIENT_ID;
	if (handler->server_id == DHCP6_ID_MUST && !msg->server_id.len)
		return DHCP6_DROP_NO_SERVER_ID;
	if (handler->server_id == DHCP6_ID_NEVER && msg->server_id.len)
		return DHCP6_DROP_WITH_SERVER_ID;
	if (msg->server_id.len && !duid_equal(&msg->server_id, server_duid))
		return DHCP6_DROP_OTHER_SERVER;
	return DHCP6_DROP_NONE;
}

bool dhcp6_handler_commits(const struct dhcp6_handler *handler, const struct dhcp6_msg *msg,
			   const struct dhcp6_link *link)
{
	return handler->commits || (handler->type == DHCP6_SOLICIT && commits_rapidly(msg, link));
}

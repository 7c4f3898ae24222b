/* SPDX-License-Identifier: ISC */
/*
 * Registration of addresses that hosts made themselves (RFC 9686). What is registered is kept with
 * the leases, as a kind of its own: shown and stored like them, never given to anybody while it
 * lasts. It says who used an address; it grants nothing (section 6), so it never stands against a
 * lease or a reservation.
 *
 * The source of the message is the address itself: that is the only proof there is that the client
 * has it.
 */
#include "config.h"

#include "dhcp6/dhcp6_register.h"

#include <string.h>

#include "base/logid.h"
#include "dhcp6/dhcp6_log.h"

static struct logline *log_address(const struct dhcp6_exchange *x, enum log_level level,
				   const char *event)
{
	struct logline *line = dhcp6_log_client(x, level, event);

	logid_ip6(line, "addr", &x->msg->own_addr);
	return line;
}

/* `limit` is the one that is reached; NULL: it is none of them. */
static enum dhcp6_drop refuse(const struct dhcp6_exchange *x, enum dhcp6_drop why,
			      const char *limit)
{
	struct logline *line = log_address(x, LOG_LEVEL_WARNING, "registration-refused");

	logline_str(line, "reason", dhcp6_drop_name(why));
	if (limit)
		logline_str(line, "limit", limit);
	return why;
}

/* RFC 9686 section 4.2.1: in a prefix of the link, or in one delegated to the client. */
static bool fits(const struct dhcp6_exchange *x)
{
	const struct in6_addr *addr = &x->msg->own_addr;
	const struct lease_client *client =
		x->client.id == LEASE_NONE ? NULL : lease_client_get(x->table, x->client.id);

	if (dhcp6_link_fits(x->link, NULL, LEASE_NA, addr, 128))
		return true;
	for (const struct lease *lease = client ? lease_get(x->table, client->first_lease) : NULL;
	     lease; lease = lease_next_of_client(x->table, lease)) {
		struct ip6_prefix prefix = {lease->addr, lease->plen};

		if (lease->kind == LEASE_PD && lease->state == LEASE_ACTIVE &&
		    ip6_prefix_contains(&prefix, addr))
			return true;
	}
	return false;
}

/* Whether it is reserved for another host than the client. */
static bool is_reserved(const struct dhcp6_exchange *x)
{
	for (size_t i = 0; i < x->link->conf->n_hosts; i++) {
		const struct dhcp6_host *host = &x->link->conf->hosts[i];

		for (size_t k = 0; host != x->client.host && k < host->n_addresses; k++) {
			if (ip6_equal(&host->addresses[k], &x->msg->own_addr))
				return true;
		}
	}
	return false;
}

static const struct lease *find(const struct dhcp6_exchange *x, enum lease_kind kind)
{
	return lease_find(x->table, x->link->network, kind, &x->msg->own_addr, 128);
}

/* Whether a lease stands against it; one that is only remembered does not. */
static bool is_leased(const struct dhcp6_exchange *x)
{
	const struct lease *lease = find(x, LEASE_NA);

	return lease && lease->state != LEASE_RELEASED && lease->state != LEASE_EXPIRED;
}

/* RFC 9686 section 6: a client cannot register without end, nor can invented ones. NULL: one more.
 */
static const char *find_limit(const struct dhcp6_exchange *x)
{
	const struct lease_client *client = lease_client_get(x->table, x->client.id);
	uint32_t n = 0;

	for (const struct lease *lease = lease_get(x->table, client->first_lease); lease;
	     lease = lease_next_of_client(x->table, lease))
		n += lease->kind == LEASE_REG;
	if (n >= x->limits->leases_per_client)
		return "leases-per-client";
	if (lease_client_port(x->table, client->id, LEASE_PORT_OF_RELAY)->registrations >=
	    x->limits->registrations_per_port)
		return "registrations-per-port";
	if (lease_client_port(x->table, client->id, LEASE_PORT_LINK)->registrations >=
	    x->limits->registrations_per_link)
		return "registrations-per-link";
	return lease_registrations(x->table) < x->limits->registrations ? NULL : "registrations";
}

static void forget(const struct dhcp6_exchange *x, enum lease_kind kind)
{
	const struct lease *lease = find(x, kind);

	if (lease)
		lease_forget(x->table, lease->id);
}

static void log_moved(const struct dhcp6_exchange *x, const struct lease *lease)
{
	const struct lease_client *other = lease_client_get(x->table, lease->client);
	struct logline *line = log_address(x, LOG_LEVEL_WARNING, "registration-moved");

	logid_hex(line, "other-duid", other->duid, other->duid_len);
}

static enum dhcp6_drop keep(struct dhcp6_exchange *x)
{
	const struct lease_grant grant = {
		.client = x->client.id,
		.kind = LEASE_REG,
		.addr = x->msg->own_addr,
		.plen = 128,
		.preferred = x->msg->own_preferred,
		.valid = x->msg->own_valid,
	};
	const struct lease *known = find(x, LEASE_REG);
	bool is_new = !known || known->client != x->client.id;
	const char *limit = is_new ? find_limit(x) : NULL;
	struct logline *line;

	if (limit)
		return refuse(x, DHCP6_DROP_REG_LIMIT, limit);
	if (known && is_new) {
		log_moved(x, known);
		forget(x, LEASE_REG);
	}
	forget(x, LEASE_NA);
	lease_bind(x->table, &grant, x->now);
	line = log_address(x, LOG_LEVEL_INFO,
			   is_new ? "address-registered" : "registration-renewed");
	logline_u64(line, "valid", grant.valid);
	return DHCP6_DROP_NONE;
}

static void take_back(const struct dhcp6_exchange *x)
{
	if (!find(x, LEASE_REG))
		return;
	log_address(x, LOG_LEVEL_INFO, "address-deregistered");
	forget(x, LEASE_REG);
}

enum dhcp6_drop dhcp6_register_inform(struct dhcp6_exchange *x)
{
	const struct in6_addr *source = x->relay ? &x->relay->peer : &x->packet->src;

	/* RFC 9686 section 4.2.1. */
	if (!x->msg->own.bytes || x->msg->has_oro)
		return DHCP6_DROP_REG_FORM;
	if (!ip6_equal(source, &x->msg->own_addr) || ip6_is_link_local(source))
		return refuse(x, DHCP6_DROP_REG_SOURCE, NULL);
	if (!fits(x))
		return refuse(x, DHCP6_DROP_REG_PREFIX, NULL);
	if (is_leased(x) || is_reserved(x))
		return refuse(x, DHCP6_DROP_REG_LEASED, NULL);
	dhcp6_answer_begin(x->answer, DHCP6_ADDR_REG_REPLY, DHCP6_IN_REPLY);
	x->answer->bare = true;
	/* Section 4.6. */
	if (!x->msg->own_valid) {
		take_back(x);
		return DHCP6_DROP_NONE;
	}
	dhcp6_client_keep(&x->client, x->link, x->table);
	lease_client_set_ports(x->table, x->client.id, x->port.names);
	return keep(x);
}

void dhcp6_register_encode(const struct dhcp6_msg *msg, struct wire_writer *w)
{
	/* RFC 9686 section 4.3: the option as it came. */
	wire_put_u8(w, DHCP6_ADDR_REG_REPLY);
	wire_put_u24(w, msg->xid);
	wire_put_u16(w, DHCP6_OPT_IAADDR);
	wire_put_u16(w, (uint16_t)msg->own.len);
	wire_put_bytes(w, msg->own.bytes, msg->own.len);
}

void dhcp6_register_put(const struct dhcp6_link *link, const struct dhcp6_msg *msg,
			struct wire_writer *w)
{
	if (!link->conf->dhcp6.registration || !dhcp6_msg_wants(msg, DHCP6_OPT_ADDR_REG_ENABLE))
		return;
	wire_put_u16(w, DHCP6_OPT_ADDR_REG_ENABLE);
	wire_put_u16(w, 0);
}

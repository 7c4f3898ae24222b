/* SPDX-License-Identifier: ISC */
/*
 * The DHCPv6 server (RFC 8415 with the changes of RFC 9915). dhcp6_server_step() takes a packet,
 * finds out whether it is one to answer, has the handler of its type (dhcp6_handler.c) decide on
 * it, and writes the answer into the fx; or it lets leases run out.
 *
 * Every message that gets no answer is counted by its reason. Nothing is allocated for a packet,
 * and no message is answered to where it could be a reflection: answers to clients go to a
 * link-local address only (sections 16 and 18.3.10), those to relays to configured ones only. What
 * relays brought is unwrapped first; from then on it is a message like any other.
 */
#include "config.h"

#include "dhcp6/dhcp6_server.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/logid.h"
#include "base/mem.h"
#include "base/rng.h"
#include "dhcp6/dhcp6_answer.h"
#include "dhcp6/dhcp6_exchange.h"
#include "dhcp6/dhcp6_expire.h"
#include "dhcp6/dhcp6_handler.h"
#include "dhcp6/dhcp6_link.h"
#include "dhcp6/dhcp6_log.h"
#include "dhcp6/dhcp6_msg.h"
#include "dhcp6/dhcp6_rate.h"
#include "dhcp6/dhcp6_reconf.h"
#include "dhcp6/dhcp6_relay.h"
#include "dhcp6/dhcp6_relay_map.h"
#include "dhcp6/dhcp6_share.h"
#include "dhcp6/dhcp6_told.h"
#include "dhcp6/dhcp6_way.h"

/* The largest payload that a UDP datagram over IPv6 has. */
enum { UDP_PAYLOAD_MAX = 65527 };

struct dhcp6_server {
	struct lease_table *table;
	struct rng rng;
	struct siphash_key hash_key;         /* of the index over hosts */
	const struct dhcp6_conf *conf;       /* NULL before the first */
	struct dhcp6_limits limits;          /* with the defaults filled in */
	struct dhcp6_optset *options;        /* for all networks */
	struct dhcp6_optset **class_options; /* of each of the server's classes */
	struct dhcp6_link *links;            /* those of the configuration, then those added */
	size_t n_links, room_links;
	uint32_t *free; /* which of the added ones were removed */
	size_t n_free, room_free;
	struct dhcp6_relay_map *relay_map; /* NULL: to be made when a relay is next heard */
	struct dhcp6_reconf *reconf;
	struct dhcp6_rate *rate;
	struct dhcp6_share share;
	struct dhcp6_others *others; /* NULL: none was seen */
	bool busy;
	uint64_t drops[DHCP6_DROPS];
	uint64_t duid_clashes;
	/* Of the message being answered; here because they are large. */
	struct dhcp6_relay_chain chain; /* n 0: it came from the client itself */
	struct dhcp6_msg msg;
	struct dhcp6_answer answer;
};

struct dhcp6_server *dhcp6_server_new(struct lease_table *table, uint64_t seed)
{
	struct dhcp6_server *srv = mem_new(1, sizeof(*srv));

	srv->table = table;
	rng_seed(&srv->rng, seed);
	srv->reconf = dhcp6_reconf_new(table, &srv->rng, &srv->hash_key);
	for (size_t i = 0; i < sizeof(srv->hash_key.bytes); i++)
		srv->hash_key.bytes[i] = (uint8_t)rng_u64(&srv->rng);
	srv->rate = dhcp6_rate_new(&srv->hash_key);
	return srv;
}

static void forget_relay_map(struct dhcp6_server *srv)
{
	dhcp6_relay_map_free(srv->relay_map);
	srv->relay_map = NULL;
}

/* Many networks that come one by one are sorted once. */
static const struct dhcp6_relay_map *relay_map_of(struct dhcp6_server *srv)
{
	if (!srv->relay_map)
		srv->relay_map = dhcp6_relay_map_of_links(srv->links, srv->n_links);
	return srv->relay_map;
}

static void drop_links(struct dhcp6_server *srv)
{
	for (size_t i = 0; i < srv->n_links; i++)
		dhcp6_link_fini(&srv->links[i]);
	free(srv->links);
	srv->links = NULL;
	dhcp6_optset_free(srv->options);
	srv->options = NULL;
	for (size_t i = 0; srv->class_options && i < srv->conf->n_classes; i++)
		dhcp6_optset_free(srv->class_options[i]);
	free(srv->class_options);
	srv->class_options = NULL;
	srv->n_links = srv->room_links = 0;
	srv->n_free = 0;
	forget_relay_map(srv);
}

void dhcp6_server_free(struct dhcp6_server *srv)
{
	if (!srv)
		return;
	drop_links(srv);
	dhcp6_reconf_free(srv->reconf);
	dhcp6_rate_free(srv->rate);
	free(srv->others);
	free(srv->free);
	free(srv);
}

void dhcp6_server_seed(struct dhcp6_server *srv, void (*random)(void *buf, size_t len),
		       uint64_t replay)
{
	dhcp6_reconf_seed(srv->reconf, random, replay);
}

size_t dhcp6_server_reconfigure(struct dhcp6_server *srv, uint32_t network, const struct duid *duid,
				enum dhcp6_type ask, mtime now)
{
	uint32_t of = network < srv->n_links ? srv->links[network].network : LEASE_NONE;

	return dhcp6_reconf_begin(srv->reconf, of, duid, ask, now);
}

void dhcp6_server_set_links(struct dhcp6_server *srv,
			    uint32_t (*find)(void *arg, const char *netns, const char *name),
			    void *arg)
{
	dhcp6_reconf_set_links(srv->reconf, find, arg);
}

/* Has the clients of a network come back if they were told something else before. */
static void call_back(struct dhcp6_server *srv, const struct dhcp6_link *link, mtime now)
{
	dhcp6_reconf_told(srv->reconf, link, dhcp6_told_hash(link, srv->options, &srv->hash_key),
			  now);
}

void dhcp6_server_configure(struct dhcp6_server *srv, const struct dhcp6_conf *conf, mtime now)
{
	/* Old pools go first: two of one network may not overlap. */
	drop_links(srv);
	srv->conf = conf;
	srv->limits = dhcp6_limits_complete(&conf->limits);
	lease_limit_remembered(srv->table, srv->limits.leases_per_link);
	srv->options = dhcp6_optset_new(&conf->options);
	srv->class_options = mem_new(conf->n_classes, sizeof(struct dhcp6_optset *));
	for (size_t i = 0; i < conf->n_classes; i++)
		srv->class_options[i] = dhcp6_optset_new(&conf->classes[i].options);
	for (size_t i = 0; i < conf->n_networks; i++)
		dhcp6_server_add_network(srv, &conf->networks[i], now);
}

void dhcp6_server_own_add(struct dhcp6_server *srv, uint32_t network, const struct in6_addr *addr)
{
	assert(network < srv->n_links);
	dhcp6_link_own_add(&srv->links[network], addr);
}

void dhcp6_server_own_remove(struct dhcp6_server *srv, uint32_t network,
			     const struct in6_addr *addr)
{
	assert(network < srv->n_links);
	dhcp6_link_own_remove(&srv->links[network], srv->table, addr);
}

/* In the place of a network that was removed: serves nobody. */
static const struct dhcp6_network nothing = {.name = ""};

uint32_t dhcp6_server_add_network(struct dhcp6_server *srv, const struct dhcp6_network *net,
				  mtime now)
{
	size_t at = srv->n_links;

	if (srv->n_free) {
		at = srv->free[--srv->n_free];
		dhcp6_link_fini(&srv->links[at]);
	} else {
		srv->links = mem_grow(srv->links, &srv->room_links, at + 1, sizeof(*srv->links));
		srv->n_links++;
	}
	dhcp6_link_init(&srv->links[at], net, srv->table, &srv->hash_key);
	forget_relay_map(srv);
	call_back(srv, &srv->links[at], now);
	return (uint32_t)at;
}

void dhcp6_server_replace_network(struct dhcp6_server *srv, uint32_t network,
				  const struct dhcp6_network *net, mtime now)
{
	assert(network >= srv->conf->n_networks && network < srv->n_links);
	struct dhcp6_link *link = &srv->links[network];

	dhcp6_link_replace(link, net, srv->table, &srv->hash_key);
	forget_relay_map(srv);
	call_back(srv, link, now);
}

void dhcp6_server_remove_network(struct dhcp6_server *srv, uint32_t network)
{
	assert(network >= srv->conf->n_networks && network < srv->n_links);
	dhcp6_link_fini(&srv->links[network]);
	dhcp6_link_init(&srv->links[network], &nothing, srv->table, &srv->hash_key);
	forget_relay_map(srv);
	srv->free = mem_grow(srv->free, &srv->room_free, srv->n_free + 1, sizeof(*srv->free));
	srv->free[srv->n_free++] = network;
}

void dhcp6_server_set_busy(struct dhcp6_server *srv, bool busy)
{
	srv->busy = busy;
}

mtime dhcp6_server_wake(const struct dhcp6_server *srv)
{
	if (!srv->conf || srv->busy)
		return MTIME_NEVER;
	/* Asked of the table each time, for an undone batch changes it too: none may end now. */
	mtime ends = lease_expire(srv->table, 0, 0, /* max= */ 0, NULL, NULL);
	mtime asks = dhcp6_reconf_wake(srv->reconf);

	return ends < asks ? ends : asks;
}

uint64_t dhcp6_server_drops(const struct dhcp6_server *srv, enum dhcp6_drop drop)
{
	return srv->drops[drop];
}

const struct dhcp6_others *dhcp6_server_others(const struct dhcp6_server *srv)
{
	return srv->others;
}

uint64_t dhcp6_server_duid_clashes(const struct dhcp6_server *srv)
{
	return srv->duid_clashes;
}

/* --- validation ---------------------------------------------------------------------------- */

static uint8_t type_of(const struct dhcp6_packet *packet)
{
	struct wire_reader r = wire_reader(packet->data, packet->len);

	return wire_get_u8(&r);
}

/* How a client's own message must have come. */
static enum dhcp6_drop check_transport(const struct dhcp6_server *srv,
				       const struct dhcp6_packet *packet)
{
	/* RFC 9686 section 4.2: it comes from the address that it registers. */
	bool registers = type_of(packet) == DHCP6_ADDR_REG_INFORM;

	/* RFC 9915 section 16: nothing that a client sent to a unicast address is answered. */
	if (!registers && !ip6_is_multicast(&packet->dst))
		return DHCP6_DROP_UNICAST;
	if (!registers && !ip6_is_link_local(&packet->src))
		return DHCP6_DROP_NOT_LINK_LOCAL;
	if (packet->network >= srv->n_links)
		return DHCP6_DROP_NO_NETWORK;
	if (!srv->links[packet->network].conf->serve)
		return DHCP6_DROP_NOT_SERVED;
	if (dhcp6_link_is_own(&srv->links[packet->network], &packet->src))
		return DHCP6_DROP_NOT_LINK_LOCAL;
	return DHCP6_DROP_NONE;
}

/*
 * How a Relay-forward must have come: by unicast or not, but from a relay that is configured (RFC
 * 8415 section 22.2), and not from where an answer would be a reflection.
 */
static enum dhcp6_drop check_relay(struct dhcp6_server *srv, const struct dhcp6_packet *packet)
{
	if (ip6_is_unspecified(&packet->src) || ip6_is_multicast(&packet->src) ||
	    ip6_is_loopback(&packet->src) ||
	    (packet->network < srv->n_links &&
	     dhcp6_link_is_own(&srv->links[packet->network], &packet->src)) ||
	    !dhcp6_relay_map_allows(relay_map_of(srv), packet))
		return DHCP6_DROP_RELAY_UNKNOWN;
	return DHCP6_DROP_NONE;
}

/* *packet becomes the client's message that relays brought, as if it came by the client's link. */
static enum dhcp6_drop unwrap(struct dhcp6_server *srv, struct dhcp6_packet *packet,
			      size_t *ret_offset)
{
	struct dhcp6_relay_chain *chain = &srv->chain;
	enum dhcp6_drop drop = check_relay(srv, packet);
	uint32_t heard = packet->network;

	if (drop == DHCP6_DROP_NONE)
		drop = dhcp6_relay_decode(packet->data, packet->len, &packet->src, chain,
					  ret_offset);
	if (drop != DHCP6_DROP_NONE)
		return drop;
	packet->data = chain->message;
	packet->len = chain->message_len;
	packet->network = dhcp6_relay_map_find(relay_map_of(srv), packet, &chain->path);
	chain->path.is_on_link = packet->network == heard &&
				 ip6_is_unspecified(&chain->path.link) &&
				 ip6_equal(&chain->path.source, &chain->path.peer);
	/* The frame's sender is a relay or a router. */
	packet->mac_source = chain->has_mac ? LEASE_MAC_RELAY : LEASE_MAC_NONE;
	memcpy(packet->mac, chain->mac, sizeof(packet->mac));
	if (packet->network == DHCP6_NETWORK_NONE)
		return DHCP6_DROP_RELAY_NETWORK;
	return srv->links[packet->network].conf->serve ? DHCP6_DROP_NONE : DHCP6_DROP_NOT_SERVED;
}

/* *packet becomes the client's own message, if relays brought it. */
static enum dhcp6_drop validate(struct dhcp6_server *srv, struct dhcp6_packet *packet,
				const struct dhcp6_handler **ret_handler, size_t *ret_offset)
{
	const struct dhcp6_handler *handler;
	enum dhcp6_drop drop;
	size_t offset;

	*ret_offset = 0;
	srv->chain.n = 0;
	drop = type_of(packet) == DHCP6_RELAY_FORWARD ? unwrap(srv, packet, ret_offset)
						      : check_transport(srv, packet);
	if (drop != DHCP6_DROP_NONE)
		return drop;
	drop = dhcp6_msg_decode(packet->data, packet->len, &srv->msg, &offset);
	*ret_offset += offset;
	handler = packet->len ? dhcp6_handler_of(srv->msg.type) : NULL;
	if (!handler && packet->len)
		return dhcp6_handler_lacking(srv->msg.type);
	if (drop != DHCP6_DROP_NONE)
		return drop;
	assert(handler); /* an empty packet is malformed */
	/* RFC 9686 section 4.1: to a server that does not do it, the message is unknown. */
	if (handler->type == DHCP6_ADDR_REG_INFORM &&
	    !srv->links[packet->network].conf->dhcp6.registration)
		return DHCP6_DROP_UNKNOWN_TYPE;
	*ret_handler = handler;
	return dhcp6_handler_check_ids(handler, &srv->msg, &srv->conf->server_duid);
}

/* --- a packet ------------------------------------------------------------------------------ */

static void count_drop(struct dhcp6_server *srv, const struct dhcp6_packet *packet, struct fx *fx,
		       enum dhcp6_drop drop, size_t offset)
{
	struct logline *line = fx_log(fx, LOG_LEVEL_DEBUG, "dhcp6-drop");

	srv->drops[drop]++;
	dhcp6_log_link(line, packet);
	logid_ip6(line, "src", &packet->src);
	dhcp6_log_type(line, type_of(packet));
	/* What to write at a network that is to have it. */
	if (drop == DHCP6_DROP_RELAY_NETWORK) {
		dhcp6_log_path(line, &srv->chain.path);
		logline_ip6(line, "link-address", &srv->chain.path.link);
	}
	logline_str(line, "reason", dhcp6_drop_name(drop));
	logline_u64(line, "offset", offset);
}

/* Whether the answer has to wait until what this message or one before it changed is on disk. */
static bool must_wait(const struct dhcp6_exchange *x)
{
	return x->client.id != LEASE_NONE && lease_client_pending(x->table, x->client.id);
}

/* Where an answer is written. */
static struct wire_writer writer_of(struct fx *fx)
{
	size_t room;
	uint8_t *bytes = fx_room(fx, &room);

	return wire_writer(bytes, room < UDP_PAYLOAD_MAX ? room : UDP_PAYLOAD_MAX);
}

/* Whether an answer fits beside what the relays get back: known before anything is changed. */
static bool has_room(const struct dhcp6_server *srv, struct fx *fx)
{
	struct wire_writer w = writer_of(fx);

	dhcp6_relay_open(&srv->chain, &w);
	return !w.bad && w.room - w.at >= DHCP6_ANSWER_ROOM;
}

/*
 * RFC 8415 section 7.2: to a client's port 546 and a relay's 547, whatever port it was sent from;
 * but for a relay that says it uses another (RFC 8357 section 5.2).
 */
static uint16_t answer_port(const struct dhcp6_relay_chain *chain,
			    const struct dhcp6_packet *packet)
{
	if (!chain->n)
		return DHCP6_PORT_CLIENT;
	return chain->levels[0].source_port.bytes && packet->sport ? packet->sport
								   : DHCP6_PORT_SERVER;
}

/* Where options for the client stand, the narrowest place first. */
static struct dhcp6_layers layers_of(const struct dhcp6_server *srv, const struct dhcp6_exchange *x)
{
	/* Relays in switches stand on the link itself. */
	bool relayed = x->relay && !ip6_is_unspecified(&x->relay->link);
	struct dhcp6_layers layers = {.relayed = relayed};
	size_t own = x->link->conf->n_classes;

	dhcp6_layers_add(&layers, dhcp6_link_host_options(x->link, x->client.host));
	/* Of more classes than there is room for, the first count. */
	for (size_t i = 0; i < DHCP6_CLASSES && x->classes >> i; i++) {
		if (x->classes >> i & 1 && layers.n < DHCP6_LAYERS - 2)
			dhcp6_layers_add(&layers, i < own ? x->link->class_options[i]
							  : srv->class_options[i - own]);
	}
	dhcp6_layers_add(&layers, x->link->options);
	dhcp6_layers_add(&layers, srv->options);
	return layers;
}

static enum dhcp6_drop send_answer(const struct dhcp6_server *srv, const struct dhcp6_exchange *x,
				   const struct dhcp6_packet *packet)
{
	const struct dhcp6_relay_chain *chain = &srv->chain;
	struct dhcp6_layers layers = layers_of(srv, x);
	struct wire_writer w = writer_of(x->fx);
	struct dhcp6_relay_marks marks = dhcp6_relay_open(chain, &w);
	size_t start = w.at;
	/* RFC 8415 section 18.3.10: to where it came from, on the link it came by. */
	struct fx_send how = {
		.proto = FX_UDP,
		.link = packet->link,
		.dst = packet->src,
		.port = answer_port(chain, packet),
		.held = must_wait(x),
	};

	if (how.held)
		how.late = mtime_add(x->now, dhcp6_answer_patience(x->answer));
	/* A relay hears from the address that it knows the server by. */
	if (chain->n && !ip6_is_multicast(&packet->dst))
		how.src = packet->dst;
	dhcp6_reconf_note(srv->reconf, x, &how, chain);
	dhcp6_answer_encode(x->answer, x->msg, x->link, &layers, &srv->conf->server_duid, &w);
	if (chain->n && !x->answer->bare)
		dhcp6_relay_supply(chain, &srv->conf->relays, x->msg, start, &w);
	dhcp6_relay_close(chain, &marks, &w);
	return !w.bad && fx_send(x->fx, &how, w.at) ? DHCP6_DROP_NONE : DHCP6_DROP_NO_ROOM;
}

static bool holds_lease(const struct dhcp6_exchange *x)
{
	const struct lease *lease = NULL;

	if (x->client.id != LEASE_NONE)
		lease = lease_first_of_client(x->table, x->client.id);
	while (lease && lease->state != LEASE_ACTIVE)
		lease = lease_next_of_client(x->table, lease);
	return lease;
}

static bool is_too_fast(struct dhcp6_server *srv, const struct dhcp6_exchange *x)
{
	const char *limit = dhcp6_rate_take(srv->rate, x->limits, x->packet, &x->port, &x->client,
					    holds_lease(x), x->now);
	struct logline *line;

	if (!limit)
		return false;
	line = dhcp6_log_client(x, LOG_LEVEL_WARNING, "too-many-messages");
	logline_str(line, "limit", limit);
	return true;
}

static enum dhcp6_drop answer(struct dhcp6_server *srv, const struct dhcp6_packet *packet,
			      const struct dhcp6_handler *handler, mtime now, struct fx *fx)
{
	struct dhcp6_exchange x = {
		.msg = &srv->msg,
		.link = &srv->links[packet->network],
		.limits = &srv->limits,
		.table = srv->table,
		.rng = &srv->rng,
		.packet = packet,
		.relay = srv->chain.n ? &srv->chain.path : NULL,
		.port = dhcp6_port_find(&srv->hash_key, packet, &srv->chain),
		.now = now,
		.fx = fx,
		.answer = &srv->answer,
		.duid_clashes = &srv->duid_clashes,
	};
	enum dhcp6_drop drop;

	if (!has_room(srv, fx))
		return DHCP6_DROP_NO_ROOM;
	if (srv->busy && dhcp6_handler_commits(handler, &srv->msg, x.link))
		return DHCP6_DROP_STORE_BUSY;
	dhcp6_client_identify(&x.client, x.link, srv->table, x.msg, packet, x.relay);
	if (x.client.too_many)
		return DHCP6_DROP_DUID_CLONES;
	if (is_too_fast(srv, &x))
		return DHCP6_DROP_RATE_LIMIT;
	if (dhcp6_handler_commits(handler, &srv->msg, x.link) &&
	    !dhcp6_share_take(&srv->share, &x.port, lease_open_changes(srv->table)))
		return DHCP6_DROP_STORE_BUSY;
	x.classes = dhcp6_link_classes(
		x.link, &(struct dhcp6_class_facts){
				.msg = x.msg,
				.mac = x.client.mac_source == LEASE_MAC_NONE ? NULL : x.client.mac,
				.relay = x.relay,
			});
	drop = handler->answer(&x);
	if (drop == DHCP6_DROP_NONE && !srv->busy)
		dhcp6_way_note(&x);
	if (drop == DHCP6_DROP_NONE)
		drop = send_answer(srv, &x, packet);
	if (x.client.is_new)
		lease_client_drop_idle(srv->table, x.client.id);
	return drop;
}

/* Another server shows: in a message of its own, or in that of a client which is for it. */
static void note_other(struct dhcp6_server *srv, const struct dhcp6_packet *packet,
		       enum dhcp6_drop drop, mtime now, struct fx *fx)
{
	if (packet->network >= srv->n_links)
		return;
	if (drop == DHCP6_DROP_OTHER_SERVER)
		dhcp6_others_named(&srv->others, &srv->links[packet->network], packet,
				   &srv->msg.server_id, now, fx);
	else
		dhcp6_others_hear(&srv->others, &srv->links[packet->network], packet,
				  &srv->conf->server_duid, now, fx);
}

static void take_packet(struct dhcp6_server *srv, const struct dhcp6_packet *packet, mtime now,
			struct fx *fx)
{
	const struct dhcp6_handler *handler = NULL;
	struct dhcp6_packet own = *packet;
	size_t offset;
	enum dhcp6_drop drop = validate(srv, &own, &handler, &offset);

	assert(handler || drop != DHCP6_DROP_NONE);
	if (drop == DHCP6_DROP_NONE)
		drop = answer(srv, &own, handler, now, fx);
	if (drop == DHCP6_DROP_NONE)
		return;
	count_drop(srv, &own, fx, drop, offset);
	/* Who sent it, and not the relay that brought it. */
	if (own.data != packet->data)
		own.src = srv->chain.path.peer;
	note_other(srv, &own, drop, now, fx);
}

/* --- time ---------------------------------------------------------------------------------- */

void dhcp6_server_step(struct dhcp6_server *srv, const struct dhcp6_event *ev, mtime now,
		       struct fx *fx)
{
	if (!srv->conf)
		return;
	switch (ev->type) {
	case DHCP6_EV_PACKET:
		take_packet(srv, &ev->packet, now, fx);
		break;
	case DHCP6_EV_OVERHEARD:
		note_other(srv, &ev->packet, DHCP6_DROP_NOT_FOR_SERVERS, now, fx);
		break;
	case DHCP6_EV_TIMER:
		if (srv->busy)
			break;
		dhcp6_expire(srv->table, srv->links, srv->n_links, &srv->limits, now, fx);
		dhcp6_reconf_settle(srv->reconf, srv->links, srv->n_links, now);
		dhcp6_reconf_step(srv->reconf, &srv->conf->server_duid, now, fx);
		break;
	}
}

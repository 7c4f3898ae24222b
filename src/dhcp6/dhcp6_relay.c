/* SPDX-License-Identifier: ISC */
/*
 * Relays on the wire (RFC 8415 section 19). dhcp6_relay_decode() unwraps a Relay-forward, level by
 * level and up to a bound; dhcp6_relay_open() and dhcp6_relay_close() wrap the answer the same way.
 *
 * Of an option that stands twice in a level the first copy counts; only the Relay Message must
 * stand exactly once (section 9.1). A level gets back hop count, addresses, Interface-Id and Relay
 * Source Port (RFC 8357) as it sent them, and what its Echo Request names (RFC 4994); nothing is
 * invented, moved or merged. Relay options inside the client's own message are not looked at.
 */
#include "config.h"

#include "dhcp6/dhcp6_relay.h"

#include <assert.h>
#include <string.h>

#include "base/ip6.h"
#include "dhcp6/dhcp6_proto.h"

/* The hardware type of Ethernet in option 79 (RFC 6939 section 4). */
enum { HARDWARE_ETHERNET = 1 };

bool dhcp6_relay_id_equal(const struct dhcp6_relay_id *a, const struct dhcp6_relay_id *b)
{
	return a->bytes && b->bytes && a->len == b->len && memcmp(a->bytes, b->bytes, a->len) == 0;
}

/* --- unwrapping ---------------------------------------------------------------------------- */

#define AT(member) offsetof(struct dhcp6_relay_level, member)

static const struct {
	uint16_t code;
	size_t at; /* of its struct dhcp6_relay_id */
} fields[] = {
	/* clang-format off */
	{DHCP6_OPT_RELAY_MESSAGE,   AT(message)},
	{DHCP6_OPT_INTERFACE_ID,    AT(interface_id)},
	{DHCP6_OPT_REMOTE_ID,       AT(remote_id)},
	{DHCP6_OPT_SUBSCRIBER_ID,   AT(subscriber_id)},
	{DHCP6_OPT_ERO,             AT(echo)},
	{DHCP6_OPT_RELAY_ID,        AT(relay_id)},
	{DHCP6_OPT_RSOO,            AT(supplied)},
	{DHCP6_OPT_CLIENT_MAC,      AT(client_mac)},
	{DHCP6_OPT_RELAY_PORT,      AT(source_port)},
	/* clang-format on */
};

/* All that is left. */
static struct dhcp6_relay_id rest_of(struct wire_reader *r)
{
	size_t len = wire_left(r);

	return (struct dhcp6_relay_id){wire_get_bytes(r, len), len};
}

/* The next option of octets in a row: its code and content. False at the end, or it is bad. */
static bool next_option(struct wire_reader *r, uint16_t *ret_code, struct wire_reader *ret_part)
{
	if (r->bad || wire_left(r) == 0)
		return false;
	uint16_t code = wire_get_u16(r);
	uint16_t len = wire_get_u16(r);

	*ret_code = code;
	*ret_part = wire_get_part(r, len);
	return !r->bad;
}

static struct dhcp6_relay_id *field_of(struct dhcp6_relay_level *level, uint16_t code)
{
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		if (fields[i].code == code)
			return (void *)((uint8_t *)level + fields[i].at);
	}
	return NULL;
}

/* Reads one Relay-forward; *ret_message becomes what it relays. */
static enum dhcp6_drop get_level(struct wire_reader *r, struct dhcp6_relay_level *level,
				 struct wire_reader *ret_message)
{
	struct wire_reader options, part;
	uint16_t code;

	*level = (struct dhcp6_relay_level){0};
	wire_get_u8(r);
	level->hops = wire_get_u8(r);
	level->link = wire_get_ip6(r);
	level->peer = wire_get_ip6(r);
	options = *r;
	level->options = rest_of(&options);
	while (next_option(r, &code, &part)) {
		struct dhcp6_relay_id *field = field_of(level, code);

		if (field == &level->message && field->bytes)
			return DHCP6_DROP_RELAY_MESSAGE;
		if (field == &level->message)
			*ret_message = part;
		if (field && !field->bytes)
			*field = rest_of(&part);
	}
	if (r->bad)
		return DHCP6_DROP_MALFORMED;
	if (!level->message.bytes)
		return DHCP6_DROP_RELAY_MESSAGE;
	/* RFC 8357 section 4.2: a port, or it is not this option. */
	if (level->source_port.len != 2)
		level->source_port.bytes = NULL;
	return level->hops < DHCP6_RELAY_LEVELS ? DHCP6_DROP_NONE : DHCP6_DROP_RELAY_DEPTH;
}

static bool is_relayed(struct wire_reader r)
{
	return wire_get_u8(&r) == DHCP6_RELAY_FORWARD;
}

static void take_remote_id(struct dhcp6_relay_path *path, const struct dhcp6_relay_id *option)
{
	struct wire_reader r = wire_reader(option->bytes, option->len);
	uint32_t enterprise = wire_get_u32(&r);

	/* RFC 4649 section 3: at least one octet follows the number. */
	if (r.bad || wire_left(&r) == 0)
		return;
	path->remote_enterprise = enterprise;
	path->remote_id = rest_of(&r);
}

static void take_first(struct dhcp6_relay_id *kept, const struct dhcp6_relay_id *seen)
{
	if (!kept->bytes)
		*kept = *seen;
}

/* RFC 8415 section 13.1, RFC 6221 section 4: relays in switches (LDRA) leave the link-address ::.
 */
static void find_path(struct dhcp6_relay_chain *chain, const struct in6_addr *source)
{
	struct dhcp6_relay_path *path = &chain->path;

	*path = (struct dhcp6_relay_path){.source = *source, .relay = *source};
	path->peer = chain->levels[chain->n - 1].peer;
	for (size_t i = chain->n; i-- > 0;) {
		const struct dhcp6_relay_level *level = &chain->levels[i];

		if (ip6_is_unspecified(&path->link) && !ip6_is_unspecified(&level->link)) {
			path->link = level->link;
			path->relay = i ? chain->levels[i - 1].peer : *source;
		}
		if (!path->remote_id.bytes && level->remote_id.bytes)
			take_remote_id(path, &level->remote_id);
		take_first(&path->interface_id, &level->interface_id);
		take_first(&path->subscriber_id, &level->subscriber_id);
		take_first(&path->relay_id, &level->relay_id);
	}
}

/* RFC 6939 section 6: of the relay nearest the client, and no other. */
static void find_mac(struct dhcp6_relay_chain *chain)
{
	const struct dhcp6_relay_id *option = &chain->levels[chain->n - 1].client_mac;
	struct wire_reader r = wire_reader(option->bytes, option->len);
	uint16_t type = wire_get_u16(&r);
	const uint8_t *mac = wire_get_bytes(&r, sizeof(chain->mac));

	chain->has_mac = mac && type == HARDWARE_ETHERNET && wire_left(&r) == 0;
	if (chain->has_mac)
		memcpy(chain->mac, mac, sizeof(chain->mac));
}

enum dhcp6_drop dhcp6_relay_decode(const void *data, size_t len, const struct in6_addr *source,
				   struct dhcp6_relay_chain *ret_chain, size_t *ret_offset)
{
	struct wire_reader r = wire_reader(data, len), message = r;
	enum dhcp6_drop drop = DHCP6_DROP_NONE;

	for (ret_chain->n = 0; is_relayed(message) && drop == DHCP6_DROP_NONE; ret_chain->n++) {
		*ret_offset = message.at;
		if (ret_chain->n == DHCP6_RELAY_LEVELS)
			return DHCP6_DROP_RELAY_DEPTH;
		r = message;
		drop = get_level(&r, &ret_chain->levels[ret_chain->n], &message);
	}
	if (drop != DHCP6_DROP_NONE)
		return drop;
	assert(ret_chain->n > 0);
	ret_chain->message_at = *ret_offset = message.at;
	ret_chain->message_len = wire_left(&message);
	ret_chain->message = wire_get_bytes(&message, ret_chain->message_len);
	find_path(ret_chain, source);
	find_mac(ret_chain);
	return DHCP6_DROP_NONE;
}

/* --- wrapping ------------------------------------------------------------------------------ */

/* A set of option codes. */
struct codes {
	uint64_t bits[1024];
};

static void put_option(struct wire_writer *w, uint16_t code, const struct dhcp6_relay_id *value)
{
	wire_put_u16(w, code);
	wire_put_u16(w, (uint16_t)value->len);
	wire_put_bytes(w, value->bytes, value->len);
}

static bool is_ours(uint16_t code)
{
	return code == DHCP6_OPT_RELAY_MESSAGE || code == DHCP6_OPT_INTERFACE_ID ||
	       code == DHCP6_OPT_RELAY_PORT;
}

/* RFC 4994 section 5: verbatim, even if unknown; not what is in the Relay-reply anyway. */
static void put_echo(struct wire_writer *w, const struct dhcp6_relay_level *level)
{
	struct wire_reader r = wire_reader(level->echo.bytes, level->echo.len), part;
	struct codes wanted = {{0}};
	uint16_t code;

	while (wire_left(&r) >= 2) {
		code = wire_get_u16(&r);
		if (!is_ours(code))
			wanted.bits[code / 64] |= UINT64_C(1) << code % 64;
	}
	r = wire_reader(level->options.bytes, level->options.len);
	while (next_option(&r, &code, &part)) {
		if (wanted.bits[code / 64] >> code % 64 & 1) {
			const struct dhcp6_relay_id value = rest_of(&part);

			put_option(w, code, &value);
		}
	}
}

/* RFC 8415 section 19.3; W4: nodes that miss their Interface-Id drop the answer. */
static size_t open_level(struct wire_writer *w, const struct dhcp6_relay_level *level)
{
	wire_put_u8(w, DHCP6_RELAY_REPLY);
	wire_put_u8(w, level->hops);
	wire_put_ip6(w, &level->link);
	wire_put_ip6(w, &level->peer);
	if (level->interface_id.bytes)
		put_option(w, DHCP6_OPT_INTERFACE_ID, &level->interface_id);
	if (level->source_port.bytes)
		put_option(w, DHCP6_OPT_RELAY_PORT, &level->source_port);
	if (level->echo.bytes)
		put_echo(w, level);
	wire_put_u16(w, DHCP6_OPT_RELAY_MESSAGE);
	return wire_put_open(w, WIRE_LEN_U16);
}

struct dhcp6_relay_marks dhcp6_relay_open(const struct dhcp6_relay_chain *chain,
					  struct wire_writer *w)
{
	struct dhcp6_relay_marks marks = {{0}};

	for (size_t i = 0; i < chain->n; i++)
		marks.at[i] = open_level(w, &chain->levels[i]);
	return marks;
}

void dhcp6_relay_close(const struct dhcp6_relay_chain *chain, const struct dhcp6_relay_marks *marks,
		       struct wire_writer *w)
{
	for (size_t i = chain->n; i-- > 0;)
		wire_put_close(w, marks->at[i], WIRE_LEN_U16);
}

/* --- what relays supply -------------------------------------------------------------------- */

static size_t place_of(const struct dhcp6_relays *conf, uint16_t code)
{
	size_t i = 0;

	while (i < conf->n_rsoo && conf->rsoo[i] != code)
		i++;
	return i;
}

/* The places in the list of what is allowed that the answer has already, as bits. */
static uint64_t present(const struct dhcp6_relays *conf, struct wire_reader r)
{
	struct wire_reader part;
	uint64_t seen = 0;
	uint16_t code;

	wire_get_u32(&r);
	while (next_option(&r, &code, &part)) {
		size_t place = place_of(conf, code);

		if (place < conf->n_rsoo)
			seen |= UINT64_C(1) << place;
	}
	return seen;
}

/* RFC 6422 section 6: our own value comes first, then that of the relay nearest the client. */
void dhcp6_relay_supply(const struct dhcp6_relay_chain *chain, const struct dhcp6_relays *conf,
			const struct dhcp6_msg *msg, size_t start, struct wire_writer *w)
{
	struct wire_reader r = wire_reader(w->bytes, w->at), part;
	uint64_t seen;
	uint16_t code;

	if (w->bad)
		return;
	wire_get_bytes(&r, start);
	seen = present(conf, r);
	for (size_t i = chain->n; i-- > 0;) {
		const struct dhcp6_relay_id *supplied = &chain->levels[i].supplied;

		r = wire_reader(supplied->bytes, supplied->len);
		while (next_option(&r, &code, &part)) {
			const struct dhcp6_relay_id value = rest_of(&part);
			size_t place = place_of(conf, code), at = w->at;

			if (place == conf->n_rsoo || seen >> place & 1 ||
			    !dhcp6_msg_wants(msg, code))
				continue;
			seen |= UINT64_C(1) << place;
			put_option(w, code, &value);
			if (w->bad)
				wire_put_undo(w, at);
		}
	}
}

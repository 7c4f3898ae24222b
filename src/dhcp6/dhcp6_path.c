/* SPDX-License-Identifier: ISC */
/*
 * Paths to clients. dhcp6_path_print() writes one of what is known when an answer is sent;
 * dhcp6_path_parse() and dhcp6_path_open() read it, perhaps after a restart, and from a store that
 * people can edit: what is no path leads nowhere, and writes nothing that is not a Relay-reply.
 *
 * Links are kept by name: their numbers mean nothing to the next run.
 */
#include "config.h"

#include "dhcp6/dhcp6_path.h"

#include <string.h>

#include "base/ip6.h"
#include "base/text.h"
#include "dhcp6/dhcp6_proto.h"

enum {
	HEADERS_ROOM = 1024, /* octets of relays' headers that are kept */
	MARK = 2,            /* octets of a length that wire_put_close() fills in */

	/* A Relay-reply's header, and the code of its Relay Message option. */
	LEVEL_MIN = 34 + 2,
};

/* Whether a name can stand in a path: in one word, and apart from the name before it. */
static bool is_name(const char *name, size_t room)
{
	size_t len = 0;

	while (name[len] > ' ' && name[len] <= '~' && name[len] != '/')
		len++;
	return len > 0 && len < room && name[len] == '\0';
}

static void put_levels(struct text *text, const uint8_t *headers,
		       const struct dhcp6_relay_marks *marks, size_t n)
{
	size_t from = 0;

	for (size_t i = 0; i < n; i++) {
		text_put_char(text, i ? ',' : ' ');
		text_put_hex(text, headers + from, marks->at[i] - from, 0);
		from = marks->at[i] + MARK;
	}
}

bool dhcp6_path_print(const struct dhcp6_packet *packet, const struct fx_send *how,
		      const struct dhcp6_relay_chain *chain, char buf[LEASE_PATH_ROOM])
{
	uint8_t headers[HEADERS_ROOM];
	struct wire_writer w = wire_writer(headers, sizeof(headers));
	struct dhcp6_relay_marks marks = dhcp6_relay_open(chain, &w);
	struct text text;

	if (w.bad || !packet->link_name || !is_name(packet->link_name, DHCP6_PATH_LINK_ROOM) ||
	    (packet->netns && !is_name(packet->netns, DHCP6_PATH_NETNS_ROOM)))
		return false;
	text_init(&text, buf, LEASE_PATH_ROOM);
	if (packet->netns) {
		text_put_str(&text, packet->netns);
		text_put_char(&text, '/');
	}
	text_put_str(&text, packet->link_name);
	text_put_char(&text, ' ');
	text_put_ip6(&text, &how->dst);
	text_put_char(&text, ' ');
	text_put_u64(&text, how->port);
	text_put_char(&text, ' ');
	text_put_ip6(&text, &how->src);
	put_levels(&text, headers, &marks, chain->n);
	return !text.cut;
}

/* --- reading ------------------------------------------------------------------------------- */

/* Copies the next word and passes it and the space after it. False if it has no room. */
static bool next_word(const char **at, char *ret, size_t room)
{
	const char *end = strchr(*at, ' ');
	size_t len = end ? (size_t)(end - *at) : strlen(*at);

	if (len == 0 || len >= room)
		return false;
	memcpy(ret, *at, len);
	ret[len] = '\0';
	*at += len;
	*at += **at == ' ';
	return true;
}

static bool next_address(const char **at, struct in6_addr *ret)
{
	char word[IP6_TEXT_LEN];

	return next_word(at, word, sizeof(word)) && ip6_parse(word, ret);
}

static bool next_port(const char **at, uint16_t *ret)
{
	char word[sizeof("65535")];
	uint32_t port = 0;

	if (!next_word(at, word, sizeof(word)))
		return false;
	for (const char *digit = word; *digit; digit++) {
		if (*digit < '0' || *digit > '9')
			return false;
		port = port * 10 + (uint32_t)(*digit - '0');
	}
	*ret = (uint16_t)port;
	return port > 0 && port <= UINT16_MAX;
}

static bool next_names(const char **at, struct dhcp6_path *path)
{
	char word[DHCP6_PATH_NETNS_ROOM + DHCP6_PATH_LINK_ROOM], *slash;

	if (!next_word(at, word, sizeof(word)))
		return false;
	slash = strchr(word, '/');
	if (slash)
		*slash = '\0';
	const char *link = slash ? slash + 1 : word;

	if ((slash && !is_name(word, sizeof(path->netns))) || !is_name(link, sizeof(path->link)))
		return false;
	memcpy(path->netns, slash ? word : "", slash ? strlen(word) + 1 : 1);
	memcpy(path->link, link, strlen(link) + 1);
	return true;
}

bool dhcp6_path_parse(const char *text, struct dhcp6_path *ret)
{
	const char *at = text;

	ret->n = 0;
	if (!next_names(&at, ret) || !next_address(&at, &ret->dst) || !next_port(&at, &ret->port) ||
	    !next_address(&at, &ret->src))
		return false;
	ret->levels = at;
	return !ip6_is_unspecified(&ret->dst) && !ip6_is_multicast(&ret->dst);
}

static int digit_of(char c)
{
	const char *digits = "0123456789abcdef", *at = c ? strchr(digits, c) : NULL;

	return at ? (int)(at - digits) : -1;
}

/* Steps past an octet; false, and stays, if there is none. */
static bool next_octet(const char **at, uint8_t *ret)
{
	int high = digit_of((*at)[0]), low = high < 0 ? -1 : digit_of((*at)[1]);

	if (low < 0)
		return false;
	*at += 2;
	*ret = (uint8_t)(high << 4 | low);
	return true;
}

/* One level; false if it is none. */
static bool put_level(const char **at, struct wire_writer *w)
{
	size_t start = w->at;
	uint8_t octet;

	while (next_octet(at, &octet))
		wire_put_u8(w, octet);
	struct wire_reader written = wire_reader(w->bytes + start, w->at - start);

	return !w->bad && wire_left(&written) >= LEVEL_MIN &&
	       wire_get_u8(&written) == DHCP6_RELAY_REPLY;
}

void dhcp6_path_open(struct dhcp6_path *path, struct wire_writer *w)
{
	const char *at = path->levels;

	for (path->n = 0; *at; path->n++) {
		if (path->n == DHCP6_RELAY_LEVELS || !put_level(&at, w) ||
		    (*at && (*at != ',' || !at[1]))) {
			w->bad = true;
			return;
		}
		at += *at == ',';
		path->marks.at[path->n] = wire_put_open(w, WIRE_LEN_U16);
	}
}

void dhcp6_path_close(const struct dhcp6_path *path, struct wire_writer *w)
{
	for (size_t i = path->n; i-- > 0;)
		wire_put_close(w, path->marks.at[i], WIRE_LEN_U16);
}

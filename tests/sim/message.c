/* SPDX-License-Identifier: ISC */
/*
 * Messages as text, both ways. Parentheses hold options inside options.
 */
#include "config.h"

#include "sim/message.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/ip6.h"
#include "wire/dns_name.h"
#include "wire/wire.h"

struct name {
	const char *name;
	unsigned int value;
};

static const struct name message_types[] = {
	{"solicit", 1},      {"advertise", 2},        {"request", 3},         {"confirm", 4},
	{"renew", 5},        {"rebind", 6},           {"reply", 7},           {"release", 8},
	{"decline", 9},      {"reconfigure", 10},     {"info", 11},           {"relay-forward", 12},
	{"relay-reply", 13}, {"addr-reg-inform", 36}, {"addr-reg-reply", 37}, {NULL, 0},
};

static const struct name status_names[] = {
	{"Success", 0},   {"UnspecFail", 1},   {"NoAddrsAvail", 2},  {"NoBinding", 3},
	{"NotOnLink", 4}, {"UseMulticast", 5}, {"NoPrefixAvail", 6}, {NULL, 0},
};

static const char *name_of(const struct name *names, unsigned int value)
{
	for (; names->name; names++) {
		if (names->value == value)
			return names->name;
	}
	return NULL;
}

/* --- composing ------------------------------------------------------------------------------ */

struct composer {
	const struct duid *server;
	struct wire_writer w;
	const char *wrong; /* the word that made no sense */
};

/* Cuts the next word off *at; a word keeps its parentheses. NULL at the end. */
static char *next_word(char **at)
{
	char *word = *at + strspn(*at, " \t");
	int depth = 0;
	char *end = word;

	if (!*word)
		return NULL;
	for (; *end && (depth || (*end != ' ' && *end != '\t')); end++)
		depth += (*end == '(') - (*end == ')');
	*at = end + (*end != '\0');
	*end = '\0';
	return word;
}

static bool put_hex(struct wire_writer *w, const char *s)
{
	for (; *s; s += 2) {
		unsigned int octet;

		if (*s == ':')
			s++;
		if (sscanf(s, "%2x", &octet) != 1 || !s[1])
			return false;
		wire_put_u8(w, (uint8_t)octet);
	}
	return true;
}

static void compose_options(struct composer *c, char *words);
static void compose_message(struct composer *c, char *words);

/* "KEY=VALUE(inner)": cuts the inner part off; NULL if there is none. */
static char *cut_inner(char *word)
{
	char *open = strchr(word, '('), *close = strrchr(word, ')');

	if (!open || !close)
		return NULL;
	*open = '\0';
	*close = '\0';
	return open + 1;
}

static size_t open_option(struct composer *c, unsigned int code)
{
	wire_put_u16(&c->w, (uint16_t)code);
	return wire_put_open(&c->w, WIRE_LEN_U16);
}

static void close_option(struct composer *c, size_t mark)
{
	wire_put_close(&c->w, mark, WIRE_LEN_U16);
}

/* "A" or "A/PREFERRED/VALID". */
static bool put_iaaddr(struct composer *c, char *value)
{
	char *slash = strchr(value, '/');
	unsigned int preferred = 0, valid = 0;
	struct in6_addr addr;

	if (slash) {
		*slash = '\0';
		if (sscanf(slash + 1, "%u/%u", &preferred, &valid) != 2)
			return false;
	}
	if (!ip6_parse(value, &addr))
		return false;
	size_t mark = open_option(c, 5);

	wire_put_ip6(&c->w, &addr);
	wire_put_u32(&c->w, preferred);
	wire_put_u32(&c->w, valid);
	close_option(c, mark);
	return true;
}

/* "P/LEN". */
static bool put_iaprefix(struct composer *c, const char *value)
{
	struct ip6_prefix prefix;
	bool tail;

	if (!ip6_prefix_parse(value, &prefix, &tail))
		return false;
	size_t mark = open_option(c, 26);

	wire_put_u32(&c->w, 0);
	wire_put_u32(&c->w, 0);
	wire_put_u8(&c->w, prefix.len);
	wire_put_ip6(&c->w, &prefix.addr);
	close_option(c, mark);
	return true;
}

static bool put_ia(struct composer *c, unsigned int code, char *value)
{
	char *inner = cut_inner(value);
	size_t mark = open_option(c, code);

	wire_put_u32(&c->w, (uint32_t)strtoul(value, NULL, 0));
	wire_put_u32(&c->w, 0);
	wire_put_u32(&c->w, 0);
	if (inner)
		compose_options(c, inner);
	close_option(c, mark);
	return true;
}

static bool put_duid(struct composer *c, unsigned int code, const char *value)
{
	size_t mark = open_option(c, code);
	bool good = true;

	if (strcmp(value, "server") == 0)
		wire_put_bytes(&c->w, c->server->bytes, c->server->len);
	else
		good = put_hex(&c->w, value);
	close_option(c, mark);
	return good;
}

static bool put_codes(struct composer *c, unsigned int option, char *value)
{
	size_t mark = open_option(c, option);

	for (char *code = strtok(value, ","); code; code = strtok(NULL, ","))
		wire_put_u16(&c->w, (uint16_t)strtoul(code, NULL, 10));
	close_option(c, mark);
	return true;
}

static bool put_raw(struct composer *c, char *value)
{
	char *colon = strchr(value, ':');
	size_t mark = open_option(c, (unsigned int)strtoul(value, NULL, 10));
	bool good = !colon || put_hex(&c->w, colon + 1);

	close_option(c, mark);
	return good;
}

/* An option of octets. */
static bool put_octets(struct composer *c, unsigned int code, const char *value)
{
	size_t mark = open_option(c, code);
	bool good = put_hex(&c->w, value);

	close_option(c, mark);
	return good;
}

/* "ENTERPRISE:HEX". */
static bool put_remote_id(struct composer *c, const char *value)
{
	const char *colon = strchr(value, ':');
	size_t mark = open_option(c, 37);
	bool good;

	wire_put_u32(&c->w, (uint32_t)strtoul(value, NULL, 10));
	good = colon && put_hex(&c->w, colon + 1);
	close_option(c, mark);
	return good;
}

static bool put_client_mac(struct composer *c, const char *value)
{
	size_t mark = open_option(c, 79);
	bool good;

	wire_put_u16(&c->w, 1);
	good = put_hex(&c->w, value);
	close_option(c, mark);
	return good;
}

static bool put_u16(struct composer *c, unsigned int code, const char *value)
{
	size_t mark = open_option(c, code);

	wire_put_u16(&c->w, (uint16_t)strtoul(value, NULL, 10));
	close_option(c, mark);
	return true;
}

/* "FLAGS:NAME": letters S, O, N, or "-"; a name that ends in a dot is complete. */
static bool put_fqdn(struct composer *c, char *value)
{
	char *name = strchr(value, ':');
	size_t mark = open_option(c, 39), len = name ? strlen(name) : 0;
	bool is_complete = len > 1 && name[len - 1] == '.';
	uint8_t flags = 0;

	if (!name)
		return false;
	for (const char *flag = value; flag < name; flag++)
		flags |= *flag == 'S' ? 1 : *flag == 'O' ? 2 : *flag == 'N' ? 4 : 0;
	wire_put_u8(&c->w, flags);
	for (char *label = strtok(name + 1, "."); label; label = strtok(NULL, ".")) {
		wire_put_u8(&c->w, (uint8_t)strlen(label));
		wire_put_bytes(&c->w, label, strlen(label));
	}
	if (is_complete)
		wire_put_u8(&c->w, 0);
	close_option(c, mark);
	return true;
}

/* Options inside an option, or "(MESSAGE)" inside a Relay Message. */
static bool put_inner(struct composer *c, unsigned int code, char *value)
{
	char *inner = cut_inner(value);
	size_t mark = open_option(c, code);

	if (inner && code == 9)
		compose_message(c, inner);
	else if (inner)
		compose_options(c, inner);
	close_option(c, mark);
	return inner != NULL;
}

/* What relays put into a Relay-forward. */
static bool compose_relay_option(struct composer *c, const char *key, size_t key_len, char *value)
{
#define KEY(s) (key_len == strlen(s) && strncmp(key, s, key_len) == 0)
	if (KEY("interface-id"))
		return put_octets(c, 18, value);
	if (KEY("remote-id"))
		return put_remote_id(c, value);
	if (KEY("subscriber-id"))
		return put_octets(c, 38, value);
	if (KEY("ero"))
		return put_codes(c, 43, value);
	if (KEY("relay-id"))
		return put_octets(c, 53, value);
	if (KEY("rsoo"))
		return put_inner(c, 66, value);
	if (KEY("client-mac"))
		return put_client_mac(c, value);
	if (KEY("relay-port"))
		return put_u16(c, 135, value);
#undef KEY
	return false;
}

static bool put_empty(struct composer *c, unsigned int code)
{
	close_option(c, open_option(c, code));
	return true;
}

static bool compose_option(struct composer *c, char *word)
{
	char *value = strchr(word, '=');
	size_t key_len = value ? (size_t)(value - word) : strlen(word);

	value = value ? value + 1 : word + key_len;
#define KEY(s) (key_len == strlen(s) && strncmp(word, s, key_len) == 0)
	if (*word == '(')
		return put_inner(c, 9, word);
	if (KEY("client-id"))
		return put_duid(c, 1, value);
	if (KEY("server-id"))
		return put_duid(c, 2, value);
	if (KEY("ia-na"))
		return put_ia(c, 3, value);
	if (KEY("ia-ta")) {
		size_t mark = open_option(c, 4);

		wire_put_u32(&c->w, (uint32_t)strtoul(value, NULL, 0));
		close_option(c, mark);
		return true;
	}
	if (KEY("ia-pd"))
		return put_ia(c, 25, value);
	if (KEY("addr"))
		return put_iaaddr(c, value);
	if (KEY("prefix"))
		return put_iaprefix(c, value);
	if (KEY("oro"))
		return put_codes(c, 6, value);
	if (KEY("elapsed")) {
		size_t mark = open_option(c, 8);

		wire_put_u16(&c->w, (uint16_t)strtoul(value, NULL, 10));
		close_option(c, mark);
		return true;
	}
	if (KEY("rapid-commit"))
		return put_empty(c, 14);
	if (KEY("reconf-accept"))
		return put_empty(c, 20);
	if (KEY("addr-reg"))
		return put_empty(c, 148);
	if (KEY("fqdn"))
		return put_fqdn(c, value);
	if (KEY("opt"))
		return put_raw(c, value);
#undef KEY
	return compose_relay_option(c, word, key_len, value);
}

static void compose_options(struct composer *c, char *words)
{
	for (char *word = next_word(&words); word && !c->wrong; word = next_word(&words)) {
		if (!compose_option(c, word))
			c->wrong = word;
	}
}

static void compose_dhcp6(struct composer *c, unsigned int type, char *words)
{
	char *rest = words + strspn(words, " ");
	unsigned int xid = 1;

	if (sscanf(rest, "xid=%x", &xid) == 1)
		next_word(&rest);
	wire_put_u8(&c->w, (uint8_t)type);
	wire_put_u24(&c->w, xid);
	compose_options(c, rest);
}

/* "hops=N link=A peer=A" and options, "(MESSAGE)" among them. */
static void compose_relay(struct composer *c, unsigned int type, char *words)
{
	struct in6_addr link = {0}, peer = {0};
	unsigned long hops = 0;
	char *rest = words + strspn(words, " ");

	while (strncmp(rest, "hops=", 5) == 0 || strncmp(rest, "link=", 5) == 0 ||
	       strncmp(rest, "peer=", 5) == 0) {
		char *word = next_word(&rest);

		if (*word == 'h')
			hops = strtoul(word + 5, NULL, 10);
		else if (!ip6_parse(word + 5, *word == 'l' ? &link : &peer))
			c->wrong = word;
	}
	wire_put_u8(&c->w, (uint8_t)type);
	wire_put_u8(&c->w, (uint8_t)hops);
	wire_put_ip6(&c->w, &link);
	wire_put_ip6(&c->w, &peer);
	compose_options(c, rest);
}

/* A Router Solicitation, with or without its link-layer address. */
static void compose_rs(struct composer *c, const char *words)
{
	const char *sll = strstr(words, "sll=");

	wire_put_u8(&c->w, 133);
	wire_put_zeros(&c->w, 7);
	if (!sll)
		return;
	wire_put_u8(&c->w, 1);
	wire_put_u8(&c->w, 1);
	if (!put_hex(&c->w, sll + 4))
		c->wrong = "sll";
}

static void compose_message(struct composer *c, char *words)
{
	const char *type = next_word(&words);
	const struct name *name = message_types;

	while (type && name->name && strcmp(name->name, type) != 0)
		name++;
	if (!type)
		c->wrong = "nothing";
	else if (name->name && (name->value == 12 || name->value == 13))
		compose_relay(c, name->value, words);
	else if (name->name)
		compose_dhcp6(c, name->value, words);
	else if (strcmp(type, "rs") == 0)
		compose_rs(c, words);
	else if (strncmp(type, "hex:", 4) != 0 || !put_hex(&c->w, type + 4))
		c->wrong = type;
}

size_t message_compose(char *words, const struct duid *server, uint8_t *buf, size_t room)
{
	struct composer c = {.server = server, .w = wire_writer(buf, room)};

	compose_message(&c, words);
	if (c.wrong || c.w.bad) {
		fprintf(stderr, "a message cannot be composed: %s\n",
			c.wrong ? c.wrong : "too long");
		return 0;
	}
	return c.w.at;
}

/* --- showing -------------------------------------------------------------------------------- */

static void show_options(struct wire_reader *r, const struct duid *server, struct text *text);
static void show_message(struct wire_reader *r, const struct duid *server, struct text *text);

static void show_key(struct text *text, const char *key)
{
	if (text->len && text->buf[text->len - 1] != '(')
		text_put_char(text, ' ');
	text_put_str(text, key);
}

static void show_lifetimes(struct wire_reader *r, struct text *text)
{
	text_put_char(text, '/');
	text_put_u64(text, wire_get_u32(r));
	text_put_char(text, '/');
	text_put_u64(text, wire_get_u32(r));
}

/* What is inside an option, in parentheses, if there is anything. */
static void show_inner(struct wire_reader *r, const struct duid *server, struct text *text)
{
	if (wire_left(r) == 0)
		return;
	text_put_char(text, '(');
	show_options(r, server, text);
	text_put_char(text, ')');
}

static void show_ia(struct wire_reader *r, const char *key, const struct duid *server,
		    struct text *text)
{
	show_key(text, key);
	text_put_u64(text, wire_get_u32(r));
	text_put_str(text, "(t1=");
	text_put_u64(text, wire_get_u32(r));
	text_put_str(text, " t2=");
	text_put_u64(text, wire_get_u32(r));
	show_options(r, server, text);
	text_put_char(text, ')');
}

static void show_prefix(struct wire_reader *r, const struct duid *server, struct text *text)
{
	struct wire_reader lifetimes = wire_get_part(r, 8);
	uint8_t len = wire_get_u8(r);
	struct in6_addr addr = wire_get_ip6(r);

	show_key(text, "prefix=");
	text_put_ip6(text, &addr);
	text_put_char(text, '/');
	text_put_u64(text, len);
	show_lifetimes(&lifetimes, text);
	show_inner(r, server, text);
}

static void show_status(struct wire_reader *r, struct text *text)
{
	unsigned int code = wire_get_u16(r);
	const char *name = name_of(status_names, code);

	show_key(text, "status=");
	if (name)
		text_put_str(text, name);
	else
		text_put_u64(text, code);
	size_t len = wire_left(r);
	const uint8_t *message = wire_get_bytes(r, len);

	/* RFC 8415 section 21.13: UTF-8 that does not end in NUL. */
	if (message && len && memchr(message, '\0', len))
		text_put_str(text, "(NUL)");
}

static void show_addresses(struct wire_reader *r, const char *key, struct text *text)
{
	const char *separator = "";

	show_key(text, key);
	while (wire_left(r) && !r->bad) {
		struct in6_addr addr = wire_get_ip6(r);

		text_put_str(text, separator);
		text_put_ip6(text, &addr);
		separator = ",";
	}
}

static void show_names(struct wire_reader *r, const char *key, struct text *text)
{
	const char *separator = "";
	struct dns_name name;

	show_key(text, key);
	while (wire_left(r) && dns_name_get(r, &name, NULL)) {
		text_put_str(text, separator);
		dns_name_text(&name, text);
		separator = ",";
	}
}

static void show_duid(struct wire_reader *r, const char *key, const struct duid *server,
		      struct text *text)
{
	size_t len = wire_left(r);
	const uint8_t *bytes = wire_get_bytes(r, len);

	show_key(text, key);
	if (bytes && len == server->len && memcmp(bytes, server->bytes, len) == 0)
		text_put_str(text, "server");
	else if (bytes)
		text_put_hex(text, bytes, len, ':');
}

static void show_number(struct wire_reader *r, const char *key, struct text *text)
{
	uint64_t value = 0;

	show_key(text, key);
	while (wire_left(r))
		value = value << 8 | wire_get_u8(r);
	text_put_u64(text, value);
}

static void show_unknown(struct wire_reader *r, unsigned int code, struct text *text)
{
	size_t len = wire_left(r);
	const uint8_t *bytes = wire_get_bytes(r, len);

	show_key(text, "opt=");
	text_put_u64(text, code);
	text_put_char(text, ':');
	if (bytes)
		text_put_hex(text, bytes, len, 0);
}

static void show_octets(struct wire_reader *r, const char *key, struct text *text)
{
	size_t len = wire_left(r);
	const uint8_t *bytes = wire_get_bytes(r, len);

	show_key(text, key);
	if (bytes)
		text_put_hex(text, bytes, len, 0);
}

/* "PROTOCOL/ALGORITHM/RDM/REPLAY/OCTETS", the last two in hex. */
static void show_auth(struct wire_reader *r, struct text *text)
{
	const uint8_t *fixed = wire_get_bytes(r, 11);
	const uint8_t *octets = wire_get_bytes(r, 17);

	show_key(text, "auth=");
	if (!fixed || !octets)
		return;
	for (int i = 0; i < 3; i++) {
		text_put_u64(text, fixed[i]);
		text_put_char(text, '/');
	}
	text_put_hex(text, fixed + 3, 8, 0);
	text_put_char(text, '/');
	text_put_hex(text, octets, 17, 0);
}

static void show_fqdn(struct wire_reader *r, struct text *text)
{
	uint8_t flags = wire_get_u8(r);
	struct dns_name name;
	bool partial;

	show_key(text, "fqdn=");
	text_put_str(text, flags & 1 ? "S" : "");
	text_put_str(text, flags & 2 ? "O" : "");
	text_put_str(text, flags & 4 ? "N" : "");
	text_put_str(text, flags & 7 ? "" : "-");
	text_put_str(text, flags & ~7 ? "RESERVED" : "");
	text_put_char(text, ':');
	if (dns_name_get(r, &name, &partial)) {
		dns_name_text(&name, text);
		text_put_str(text, partial ? "" : ".");
	}
}

static void show_option(unsigned int code, struct wire_reader *r, const struct duid *server,
			struct text *text)
{
	switch (code) {
	case 1:
		show_duid(r, "client-id=", server, text);
		break;
	case 2:
		show_duid(r, "server-id=", server, text);
		break;
	case 3:
		show_ia(r, "ia-na=", server, text);
		break;
	case 5: {
		struct in6_addr addr = wire_get_ip6(r);

		show_key(text, "addr=");
		text_put_ip6(text, &addr);
		show_lifetimes(r, text);
		show_inner(r, server, text);
		break;
	}
	case 7:
		show_number(r, "preference=", text);
		break;
	case 9:
		show_key(text, "(");
		show_message(r, server, text);
		text_put_char(text, ')');
		break;
	case 13:
		show_status(r, text);
		break;
	case 14:
		show_key(text, "rapid-commit");
		break;
	case 18:
		show_octets(r, "interface-id=", text);
		break;
	case 20:
		show_key(text, "reconf-accept");
		break;
	case 23:
		show_addresses(r, "dns=", text);
		break;
	case 24:
		show_names(r, "search=", text);
		break;
	case 25:
		show_ia(r, "ia-pd=", server, text);
		break;
	case 26:
		show_prefix(r, server, text);
		break;
	case 32:
		show_number(r, "refresh=", text);
		break;
	case 39:
		show_fqdn(r, text);
		break;
	case 82:
		show_number(r, "sol-max-rt=", text);
		break;
	case 83:
		show_number(r, "inf-max-rt=", text);
		break;
	case 11:
		show_auth(r, text);
		break;
	case 19:
		show_number(r, "reconf-msg=", text);
		break;
	case 148:
		show_key(text, "addr-reg");
		break;
	case 135:
		show_number(r, "relay-port=", text);
		break;
	default:
		show_unknown(r, code, text);
	}
	if (r->bad || wire_left(r))
		text_put_str(text, "(MALFORMED)");
}

static void show_options(struct wire_reader *r, const struct duid *server, struct text *text)
{
	while (wire_left(r) && !r->bad) {
		unsigned int code = wire_get_u16(r);
		uint16_t len = wire_get_u16(r);
		struct wire_reader part = wire_get_part(r, len);

		if (r->bad)
			text_put_str(text, " MALFORMED");
		else
			show_option(code, &part, server, text);
	}
}

static void show_relay(struct wire_reader *r, struct text *text)
{
	uint8_t hops = wire_get_u8(r);
	struct in6_addr link = wire_get_ip6(r), peer = wire_get_ip6(r);

	text_put_str(text, " hops=");
	text_put_u64(text, hops);
	text_put_str(text, " link=");
	text_put_ip6(text, &link);
	text_put_str(text, " peer=");
	text_put_ip6(text, &peer);
}

static void show_message(struct wire_reader *r, const struct duid *server, struct text *text)
{
	unsigned int type = wire_get_u8(r);
	const char *name = name_of(message_types, type);
	char hex[9];

	text_put_str(text, name ? name : "unknown-type");
	if (type == 12 || type == 13) {
		show_relay(r, text);
	} else {
		text_put_str(text, " xid=");
		snprintf(hex, sizeof(hex), "%x", wire_get_u24(r));
		text_put_str(text, hex);
	}
	show_options(r, server, text);
}

void message_show_dhcp6(const uint8_t *data, size_t len, const struct duid *server,
			struct text *text)
{
	struct wire_reader r = wire_reader(data, len);

	show_message(&r, server, text);
}

/* --- Router Advertisements ------------------------------------------------------------------ */

static void show_ra_prefix(struct wire_reader *r, struct text *text)
{
	uint8_t len = wire_get_u8(r), flags = wire_get_u8(r);
	uint32_t valid = wire_get_u32(r), preferred = wire_get_u32(r);

	wire_get_u32(r);
	struct in6_addr addr = wire_get_ip6(r);

	show_key(text, "prefix=");
	text_put_ip6(text, &addr);
	text_put_char(text, '/');
	text_put_u64(text, len);
	text_put_char(text, '(');
	if (flags & 0x80)
		text_put_char(text, 'L');
	if (flags & 0x40)
		text_put_char(text, 'A');
	if (flags & 0x10)
		text_put_char(text, 'P');
	if (flags & 0x2f)
		text_put_str(text, "RESERVED");
	text_put_char(text, ' ');
	text_put_u64(text, preferred);
	text_put_char(text, '/');
	text_put_u64(text, valid);
	text_put_char(text, ')');
}

static void show_ra_list(struct wire_reader *r, const char *key, struct text *text)
{
	wire_get_u16(r);
	uint32_t lifetime = wire_get_u32(r);

	show_key(text, key);
	text_put_u64(text, lifetime);
	text_put_char(text, '(');
}

static void show_ra_option(unsigned int type, struct wire_reader *r, struct text *text)
{
	const uint8_t *bytes;
	size_t len;

	switch (type) {
	case 1:
		show_key(text, "sll=");
		bytes = wire_get_bytes(r, 6);
		if (bytes)
			text_put_hex(text, bytes, 6, ':');
		break;
	case 3:
		show_ra_prefix(r, text);
		break;
	case 5:
		wire_get_u16(r);
		show_number(r, "mtu=", text);
		break;
	case 25:
		show_ra_list(r, "rdnss=", text);
		show_addresses(r, "", text);
		text_put_char(text, ')');
		break;
	case 31: {
		struct dns_name name;
		const char *separator = "";

		show_ra_list(r, "dnssl=", text);
		while (wire_left(r) && dns_name_get(r, &name, NULL) && name.len > 1) {
			text_put_str(text, separator);
			dns_name_text(&name, text);
			separator = ",";
		}
		wire_get_bytes(r, wire_left(r));
		text_put_char(text, ')');
		break;
	}
	default:
		len = wire_left(r);
		bytes = wire_get_bytes(r, len);
		show_key(text, "opt=");
		text_put_u64(text, type);
		text_put_char(text, ':');
		if (bytes)
			text_put_hex(text, bytes, len, 0);
	}
	if (r->bad)
		text_put_str(text, "(MALFORMED)");
}

void message_show_icmp6(const uint8_t *data, size_t len, struct text *text)
{
	static const char *const preferences[] = {"medium", "high", "RESERVED", "low"};
	struct wire_reader r = wire_reader(data, len);
	unsigned int type = wire_get_u8(&r);
	uint8_t code = wire_get_u8(&r);

	wire_get_u16(&r);
	if (type != 134 || code != 0) {
		text_put_str(text, "icmp6-unknown");
		return;
	}
	uint8_t hop_limit = wire_get_u8(&r), flags = wire_get_u8(&r);

	text_put_str(text, "ra flags=");
	if (flags & 0x80)
		text_put_char(text, 'M');
	if (flags & 0x40)
		text_put_char(text, 'O');
	if (flags & 0x27)
		text_put_str(text, "RESERVED");
	text_put_str(text, " preference=");
	text_put_str(text, preferences[flags >> 3 & 3]);
	text_put_str(text, " hop-limit=");
	text_put_u64(text, hop_limit);
	text_put_str(text, " lifetime=");
	text_put_u64(text, wire_get_u16(&r));
	text_put_str(text, " reachable=");
	text_put_u64(text, wire_get_u32(&r));
	text_put_str(text, " retrans=");
	text_put_u64(text, wire_get_u32(&r));
	while (wire_left(&r) && !r.bad) {
		unsigned int option = wire_get_u8(&r);
		size_t units = wire_get_u8(&r);
		struct wire_reader part = wire_get_part(&r, units * 8 - (units ? 2 : 0));

		if (units == 0 || r.bad) {
			text_put_str(text, " MALFORMED");
			return;
		}
		show_ra_option(option, &part, text);
	}
}

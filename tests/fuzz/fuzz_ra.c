/* SPDX-License-Identifier: ISC */
/*
 * Router Solicitations and Advertisements of any octets, several one after the other: nothing but
 * counters and the table of other routers moves by an advertisement, a solicitation is answered
 * within bounds, and every log line is printable.
 *
 * The input: an octet that chooses the source, two that are the length, a message; again.
 */
#include "config.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/fx.h"
#include "base/ip6.h"
#include "ra/ra_link.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct in6_addr addr_of(const char *text)
{
	struct in6_addr addr;

	if (!ip6_parse(text, &addr))
		abort();
	return addr;
}

static void check_lines(const struct fx *fx)
{
	for (size_t i = 0; i < fx->n_lines; i++) {
		for (const char *c = fx->lines[i].bytes; *c; c++)
			assert(*c >= ' ' && *c < 0x7f);
	}
}

static uint64_t count_drops(const struct ra_counters *counters)
{
	uint64_t n = 0;

	for (int verdict = RA_OK + 1; verdict < RA_VERDICTS; verdict++)
		n += counters->drops[verdict];
	return n;
}

static uint64_t count_taken(const struct ra_counters *counters)
{
	return counters->rs_received + counters->ra_received;
}

static void receive(struct ra_link *link, struct fx *fx, const uint8_t *bytes, size_t len,
		    uint8_t from, mtime now)
{
	static const char *const sources[] = {"fe80::2", "::", "fe80::1", "2001:db8::1", "ff02::1"};
	/* A copy of exactly its length, so that a sanitizer sees what reads past it. */
	uint8_t *copy = malloc(len ? len : 1);
	const struct ra_event ev = {
		.kind = RA_EV_RECEIVE,
		.packet = {.data = copy,
			   .len = len,
			   .src = addr_of(sources[from % (sizeof(sources) / sizeof(sources[0]))]),
			   .dst = addr_of("ff02::2"),
			   .hop_limit = from & 0x80 ? 64 : 255},
	};
	uint64_t dropped = count_drops(&link->counters), taken = count_taken(&link->counters);
	mtime wake = ra_link_wake(link);

	if (!copy)
		abort();
	if (len)
		memcpy(copy, bytes, len);
	fx_clear(fx, now);
	ra_link_step(link, &ev, now, fx);
	check_lines(fx);
	assert(fx->n_sends == 0 || wake <= now);
	assert(count_drops(&link->counters) - dropped <= 1);
	assert(count_taken(&link->counters) - taken <= 1);
	assert(count_drops(&link->counters) + count_taken(&link->counters) > dropped + taken);
	if (len == 0 || bytes[0] != RA_TYPE_RS)
		assert(wake <= now || ra_link_wake(link) == wake);
	assert(link->n_pending <= RA_LINK_PENDING);
	assert(!link->others || link->others->n <= RA_OTHERS_MAX);
	free(copy);
}

static void start(struct ra_link *link, struct fx *fx, const struct ra_plan *plan)
{
	const struct ra_event conf = {.kind = RA_EV_CONF, .plan = *plan};
	const struct ra_event facts = {.kind = RA_EV_FACTS,
				       .facts = {.up = true,
						 .have_link_local = true,
						 .link_local = addr_of("fe80::1"),
						 .mac_len = 6,
						 .mtu = 1500,
						 .forwarding = true}};

	ra_link_init(link, 1, "eth0", 1);
	ra_link_step(link, &conf, 0, fx);
	ra_link_step(link, &facts, 0, fx);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct in6_addr dns = addr_of("2001:db8::53");
	const struct ra_conf conf = {.enabled = true,
				     .interval = {.min = 200, .max = 600},
				     .solicited_delay = 500,
				     .lifetime = 1800,
				     .mtu = 1400,
				     .dns = &dns,
				     .n_dns = 1,
				     .dns_lifetime = 1800,
				     .captive_portal = "https://x.example",
				     .routers_given = true};
	const struct ra_prefix prefix = {
		.prefix = {.addr = addr_of("2001:db8:1::"), .len = 64}, .preferred = 1, .valid = 2};
	const struct ra_plan plan = {
		.net = "lan", .conf = &conf, .prefixes = &prefix, .n_prefixes = 1};
	struct fx *fx = fx_new(LOG_LEVEL_DEBUG);
	struct ra_link link;
	mtime now = 1;

	start(&link, fx, &plan);
	while (size >= 3) {
		size_t len = (size_t)(data[1] << 8 | data[2]) % (size - 2);

		receive(&link, fx, data + 3, len, data[0], now);
		now += data[0] & 0x40 ? 10 * SEC : 1;
		data += 3 + len;
		size -= 3 + len;
	}
	ra_link_fini(&link);
	free(fx);
	return 0;
}

/* SPDX-License-Identifier: ISC */
/*
 * The load itself: a window of exchanges, each in a slot of its own whose number is in the low bits
 * of its transaction-id, so that an answer finds it without a search. One thread: start what the
 * window has room for, send it in one system call, read what came in one system call, repeat.
 *
 * Nothing is taken on trust: an answer counts when its transaction-id, client identifier, server
 * identifier, IA and lease are what they must be.
 */
#include "config.h"

#include "phase.h"

#include <assert.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/ip6.h"
#include "base/mem.h"
#include "batch.h"
#include "clock.h"
#include "message.h"

/* Which client the next exchange is for. */
enum who {
	WHO_FRESH,   /* one that was never used */
	WHO_HOLDERS, /* those that hold a lease, in random order, round and round */
	WHO_EACH,    /* those that hold a lease, each once */
	WHO_ANY,     /* by number, whatever they hold */
};

struct mode {
	const char *name;
	uint8_t type; /* of the first message */
	uint16_t ia;  /* OPT_IA_NA, OPT_IA_PD or 0 */
	enum who who;
	bool rapid;          /* with a Rapid Commit option, answered by a Reply */
	bool advertise_ends; /* the Advertise is the end */
	bool relayed;
	bool server_id; /* names the server */
	const char *doc;
};

/* clang-format off */
static const struct mode modes[] = {
	{"four", MSG_SOLICIT, OPT_IA_NA, WHO_FRESH, .doc = "Solicit, Advertise, Request, Reply"},
	{"rapid", MSG_SOLICIT, OPT_IA_NA, WHO_FRESH, .rapid = true, .doc = "Solicit, Reply"},
	{"renew", MSG_RENEW, OPT_IA_NA, WHO_HOLDERS, .server_id = true, .doc = "Renew, Reply, in random order"},
	{"rebind", MSG_REBIND, OPT_IA_NA, WHO_HOLDERS, .doc = "Rebind, Reply, in random order"},
	{"release", MSG_RELEASE, OPT_IA_NA, WHO_EACH, .server_id = true, .doc = "Release, Reply, each lease once"},
	{"info", MSG_INFORMATION_REQUEST, 0, WHO_ANY, .doc = "Information-request, Reply"},
	{"pd", MSG_SOLICIT, OPT_IA_PD, WHO_FRESH, .doc = "as four, for delegated prefixes"},
	{"relayed", MSG_SOLICIT, OPT_IA_NA, WHO_FRESH, .relayed = true, .doc = "as four, through a relay"},
	{"solicit", MSG_SOLICIT, OPT_IA_NA, WHO_FRESH, .advertise_ends = true, .doc = "Solicit, Advertise or refusal"},
};
/* clang-format on */

static const char *const fault_names[FAULT_COUNT] = {
	[FAULT_MALFORMED] = "malformed",
	[FAULT_STRAY] = "stray",
	[FAULT_CLIENT_ID] = "client-id",
	[FAULT_SERVER_ID] = "server-id",
	[FAULT_TYPE] = "type",
	[FAULT_IA] = "ia",
	[FAULT_NO_LEASE] = "no-lease",
	[FAULT_LIFETIMES] = "lifetimes",
	[FAULT_DUPLICATE] = "duplicate",
	[FAULT_CHANGED] = "changed",
	[FAULT_NOT_OFFERED] = "not-offered",
	[FAULT_NO_OPTIONS] = "no-options",
};

struct exchange {
	bool open;
	uint8_t type; /* of the message that waits for its answer */
	unsigned int tries;
	uint32_t client;
	uint32_t xid;
	int64_t began;         /* first message of the exchange */
	int64_t first;         /* this message, first sent */
	int64_t latest;        /* this message, last sent */
	struct in6_addr lease; /* asked for, if plen is not 0 */
	uint8_t plen;
};

struct run {
	struct load *load;
	const struct phase *phase;
	struct phase_result *result;
	int fd;
	struct sockaddr_in6 to;
	struct exchange *slots; /* phase->window of them */
	uint32_t *unused;       /* numbers of closed slots */
	uint32_t unused_n;
	uint32_t slot_bits;  /* of a transaction-id */
	uint32_t generation; /* of the bits above them */
	uint32_t *holders;   /* WHO_HOLDERS, WHO_EACH */
	uint32_t holders_n;
	uint32_t at; /* in holders, or the number of a client */
	int64_t now, over, scanned;
	struct batch in, out;
};

const struct mode *mode_find(const char *name)
{
	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++)
		if (strcmp(modes[i].name, name) == 0)
			return &modes[i];
	return NULL;
}

void mode_list(FILE *out)
{
	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++)
		fprintf(out, "  %-10s %s\n", modes[i].name, modes[i].doc);
}

static void flush(struct run *run)
{
	run->result->send_failures += batch_send(run->fd, &run->out);
}

/* Puts the message that the slot waits for into the batch, for the first time or again. */
static void message_send(struct run *run, struct exchange *x)
{
	const struct mode *mode = run->phase->mode;
	bool names_server = mode->server_id || x->type == MSG_REQUEST;
	struct query q = {
		.type = x->type,
		.xid = x->xid,
		.ia = mode->ia,
		.iaid = x->client + 1,
		.lease = x->plen ? &x->lease : NULL,
		.plen = x->plen,
		.server = names_server && run->load->server.len ? &run->load->server : NULL,
		.rapid = mode->rapid,
		.elapsed = (uint16_t)((run->now - x->began) / (10 * NS_PER_MS)),
	};
	size_t len;

	if (run->out.n == BATCH_MAX)
		flush(run);
	uint8_t *bytes = batch_next(&run->out, &run->to);

	clients_mac(&run->load->clients, x->client, q.mac);
	if (mode->ia == OPT_IA_NA && x->plen && x->plen < 128)
		q.ia = OPT_IA_PD; /* renews what it holds, of whichever kind */
	if (mode->relayed)
		len = message_put_relayed(&q, &run->load->link_address, bytes, BATCH_ROOM);
	else
		len = message_put(&q, bytes, BATCH_ROOM);
	batch_push(&run->out, len);
	x->latest = run->now;
	x->tries++;
	run->result->sent++;
}

/* RFC 8415 section 16.1: every message exchange has a transaction-id of its own. */
static void message_begin(struct run *run, struct exchange *x, uint8_t type)
{
	uint32_t slot = (uint32_t)(x - run->slots);

	x->type = type;
	x->xid = ((run->generation++ << run->slot_bits) | slot) & 0xffffff;
	x->tries = 0;
	x->first = run->now;
	message_send(run, x);
}

/* The next client to act; false if there is none (left). */
static bool client_next(struct run *run, uint32_t *ret)
{
	struct clients *c = &run->load->clients;

	switch (run->phase->mode->who) {
	case WHO_FRESH:
		if (c->fresh == c->max)
			return false;
		*ret = c->fresh++;
		return true;
	case WHO_EACH:
		if (run->at == run->holders_n)
			return false;
		*ret = run->holders[run->at++];
		return true;
	case WHO_HOLDERS:
		if (run->holders_n == 0)
			return false;
		*ret = run->holders[run->at++ % run->holders_n];
		return true;
	case WHO_ANY:
		*ret = run->at++ % c->max;
		return true;
	}
	return false;
}

/* Starts an exchange in an unused slot; false if no client can. */
static bool exchange_begin(struct run *run)
{
	uint32_t i, turns = 0;

	do {
		if (!client_next(run, &i) || turns++ > run->phase->window)
			return false;
	} while (run->load->clients.all[i].busy);
	struct exchange *x = &run->slots[run->unused[--run->unused_n]];
	struct client *client = &run->load->clients.all[i];

	client->busy = true;
	*x = (struct exchange){.open = true, .client = i, .began = run->now};
	if (run->phase->mode->who == WHO_HOLDERS || run->phase->mode->who == WHO_EACH) {
		x->lease = client->lease;
		x->plen = client->plen;
	}
	run->result->started++;
	message_begin(run, x, run->phase->mode->type);
	return true;
}

static void exchange_end(struct run *run, struct exchange *x)
{
	x->open = false;
	run->load->clients.all[x->client].busy = false;
	run->unused[run->unused_n++] = (uint32_t)(x - run->slots);
}

static void fault(struct run *run, enum fault which)
{
	run->result->faults[which]++;
}

/* The exchange came to the end it should. */
static void exchange_done(struct run *run, struct exchange *x)
{
	struct phase_result *r = run->result;

	if (run->now <= run->over) {
		r->done++;
		r->ended_ns = run->now;
	} else {
		r->drained++;
	}
	if (r->first_answer_ns == 0)
		r->first_answer_ns = run->now;
	histogram_add(&r->whole, run->now - x->began);
	histogram_add(&r->last, run->now - x->first);
	exchange_end(run, x);
}

static void exchange_fail(struct run *run, struct exchange *x, enum fault which)
{
	fault(run, which);
	exchange_end(run, x);
}

static void exchange_refused(struct run *run, struct exchange *x, uint16_t status)
{
	struct phase_result *r = run->result;

	r->refused++;
	r->status[status < 8 ? status : 1]++;
	if (run->phase->mode->advertise_ends && status == STATUS_NO_ADDRS_AVAIL)
		exchange_done(run, x);
	else
		exchange_end(run, x);
}

/* The slot that an answer is for, NULL and a fault counted if there is none. */
static struct exchange *exchange_find(struct run *run, const struct answer *a)
{
	uint32_t slot = a->xid & ((1u << run->slot_bits) - 1);
	struct exchange *x = slot < run->phase->window ? &run->slots[slot] : NULL;
	uint8_t mac[6];

	if (!x || !x->open || x->xid != a->xid) {
		fault(run, FAULT_STRAY);
		return NULL;
	}
	clients_mac(&run->load->clients, x->client, mac);
	struct duid duid = duid_make_ll(mac);

	if (a->client_len != duid.len || memcmp(a->client, duid.bytes, duid.len) != 0) {
		fault(run, FAULT_CLIENT_ID);
		return NULL;
	}
	return x;
}

/* Whether the answer is from the server that the load talks with; the first one makes it that. */
static bool server_same(struct load *load, const struct answer *a)
{
	struct duid duid;

	if (!a->server || !duid_from_bytes(a->server, a->server_len, &duid))
		return false;
	if (load->server.len == 0)
		load->server = duid;
	return duid_equal(&duid, &load->server);
}

/* Whether the IA is the one asked for and in order; counts what is wrong. */
static bool ia_good(struct run *run, struct exchange *x, const struct answer *a)
{
	bool prefix = run->phase->mode->ia == OPT_IA_PD || (x->plen && x->plen < 128);

	if (a->ia != (prefix ? OPT_IA_PD : OPT_IA_NA) || a->iaid != x->client + 1)
		exchange_fail(run, x, FAULT_IA);
	else if (a->status != STATUS_SUCCESS)
		exchange_refused(run, x, a->status);
	else if (!a->has_lease)
		exchange_fail(run, x, FAULT_NO_LEASE);
	else if ((a->t2 && a->t1 > a->t2) || a->preferred > a->valid)
		exchange_fail(run, x, FAULT_LIFETIMES);
	else
		return true;
	return false;
}

static void advertise_take(struct run *run, struct exchange *x, const struct answer *a)
{
	/* Some servers refuse outside the IA, without one. */
	if (!a->ia && a->status != STATUS_SUCCESS) {
		exchange_refused(run, x, a->status);
		return;
	}
	if (!ia_good(run, x, a))
		return;
	if (run->phase->mode->advertise_ends) {
		exchange_done(run, x);
		return;
	}
	x->lease = a->lease;
	x->plen = a->plen;
	message_begin(run, x, MSG_REQUEST);
}

/* A Reply that grants or extends a lease. */
static void lease_take(struct run *run, struct exchange *x, const struct answer *a)
{
	bool same = x->plen && ip6_equal(&x->lease, &a->lease) && x->plen == a->plen;

	if (!ia_good(run, x, a))
		return;
	if (x->plen && x->type != MSG_REQUEST && !same) {
		exchange_fail(run, x, FAULT_CHANGED);
		return;
	}
	if (x->type == MSG_REQUEST && !same)
		fault(run, FAULT_NOT_OFFERED);
	if (clients_bind(&run->load->clients, x->client, &a->lease, a->plen))
		exchange_done(run, x);
	else
		exchange_fail(run, x, FAULT_DUPLICATE);
}

static void reply_take(struct run *run, struct exchange *x, const struct answer *a)
{
	switch (x->type) {
	case MSG_INFORMATION_REQUEST:
		if (a->has_dns)
			exchange_done(run, x);
		else
			exchange_fail(run, x, FAULT_NO_OPTIONS);
		break;
	case MSG_RELEASE:
		clients_unbind(&run->load->clients, x->client);
		if (a->status == STATUS_SUCCESS)
			exchange_done(run, x);
		else
			exchange_refused(run, x, a->status);
		break;
	default:
		if (!a->ia && a->status != STATUS_SUCCESS)
			exchange_refused(run, x, a->status);
		else
			lease_take(run, x, a);
		break;
	}
}

static void answer_take(struct run *run, const struct answer *a)
{
	struct exchange *x = exchange_find(run, a);

	if (!x)
		return;
	if (!server_same(run->load, a)) {
		fault(run, FAULT_SERVER_ID);
		return;
	}
	bool solicited = x->type == MSG_SOLICIT;

	if (solicited && a->type == MSG_ADVERTISE && !run->phase->mode->rapid)
		advertise_take(run, x, a);
	else if (a->type == MSG_REPLY && (!solicited || a->rapid))
		reply_take(run, x, a);
	else
		exchange_fail(run, x, FAULT_TYPE);
}

/* Whether the datagram is an answer; of a relayed one, whether it is for the client inside. */
static bool answer_read(struct run *run, unsigned int i, struct answer *ret)
{
	const uint8_t *bytes = run->in.bytes[i];
	size_t len = run->in.msgs[i].msg_len;
	struct in6_addr peer, want;
	uint8_t mac[6];

	if (!run->phase->mode->relayed)
		return message_get(bytes, len, ret);
	if (!message_get_relayed(bytes, len, ret, &peer))
		return false;
	uint32_t slot = ret->xid & ((1u << run->slot_bits) - 1);

	if (slot >= run->phase->window)
		return true; /* a stray one, as will be found */
	clients_mac(&run->load->clients, run->slots[slot].client, mac);
	want = message_peer(mac);
	return ip6_equal(&peer, &want);
}

static void receive(struct run *run)
{
	struct answer a;

	batch_receive(run->fd, &run->in);
	run->now = clock_ns();
	run->result->received += run->in.n;
	for (unsigned int i = 0; i < run->in.n; i++) {
		if (answer_read(run, i, &a))
			answer_take(run, &a);
		else
			fault(run, FAULT_MALFORMED);
	}
}

/* Sends again what waits for too long, and gives up what was sent often enough. */
static void overdue(struct run *run)
{
	const struct phase *phase = run->phase;
	bool over = run->now > run->over;

	if (run->now - run->scanned < phase->timeout_ns / 8)
		return;
	run->scanned = run->now;
	for (uint32_t i = 0; i < phase->window; i++) {
		struct exchange *x = &run->slots[i];

		if (!x->open || run->now - x->latest < phase->timeout_ns)
			continue;
		if (x->tries >= phase->tries) {
			run->result->lost++;
			exchange_end(run, x);
		} else if (over) {
			run->result->unfinished++;
			exchange_end(run, x);
		} else {
			run->result->retransmits++;
			message_send(run, x);
		}
	}
}

static void loop(struct run *run)
{
	const struct phase *phase = run->phase;
	bool more = true;

	for (;;) {
		run->now = clock_ns();
		more = more && run->now <= run->over;
		while (more && run->unused_n > 0) {
			if (run->result->started == phase->count) {
				more = false;
			} else if (!exchange_begin(run)) {
				run->result->exhausted = run->unused_n == phase->window;
				more = !run->result->exhausted;
				break;
			}
		}
		flush(run);
		if (!more && run->unused_n == phase->window)
			return;
		receive(run);
		overdue(run);
	}
}

static struct sockaddr_in6 destination(const struct load *load, const struct mode *mode)
{
	struct sockaddr_in6 to = {
		.sin6_family = AF_INET6,
		.sin6_port = htons(547),
		.sin6_addr = {.s6_addr = {0xff, 2, [13] = 1, [15] = 2}}, /* RFC 8415 section 7.1 */
		.sin6_scope_id = if_nametoindex(load->interface),
	};

	if (mode->relayed)
		to.sin6_addr = load->relay_to;
	return to;
}

static void run_open(struct run *run)
{
	const struct phase *phase = run->phase;

	/* The kernel counts this wait in ticks; it bounds how late a retransmission can be. */
	run->fd = batch_socket(run->load->interface, phase->mode->relayed ? 547 : 546, 4);
	run->to = destination(run->load, phase->mode);
	run->slots = mem_new(phase->window, sizeof(*run->slots));
	run->unused = mem_new(phase->window, sizeof(*run->unused));
	while (1u << run->slot_bits < phase->window)
		run->slot_bits++;
	for (uint32_t i = phase->window; i-- > 0;)
		run->unused[run->unused_n++] = i;
	if (phase->mode->who == WHO_HOLDERS || phase->mode->who == WHO_EACH)
		run->holders = clients_holders(&run->load->clients, &run->holders_n);
	batch_init(&run->in);
	batch_init(&run->out);
}

static void run_close(struct run *run)
{
	close(run->fd);
	free(run->slots);
	free(run->unused);
	free(run->holders);
}

static int64_t own_cpu(void)
{
	struct rusage u;

	getrusage(RUSAGE_SELF, &u);
	return (u.ru_utime.tv_sec + u.ru_stime.tv_sec) * NS_PER_SEC +
	       (u.ru_utime.tv_usec + u.ru_stime.tv_usec) * 1000;
}

/* Time in user space and kernel of another process, all its threads; 0 if it is not there. */
static int64_t process_cpu(int pid)
{
	char path[64], line[1024];
	unsigned long user = 0, kernel = 0;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	FILE *file = pid ? fopen(path, "r") : NULL;

	if (!file)
		return 0;
	/* The name, second, may hold anything; it ends at the last parenthesis (proc(5)). */
	char *rest = fgets(line, sizeof(line), file) ? strrchr(line, ')') : NULL;

	fclose(file);
	if (!rest || sscanf(rest, ") %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user,
			    &kernel) != 2)
		return 0;
	return (int64_t)(user + kernel) * (NS_PER_SEC / sysconf(_SC_CLK_TCK));
}

void phase_run(struct load *load, const struct phase *phase, struct phase_result *ret)
{
	struct run *run = mem_new(1, sizeof(*run));
	int64_t own = own_cpu(), server = process_cpu(load->watch);

	memset(ret, 0, sizeof(*ret));
	run->load = load;
	run->phase = phase;
	run->result = ret;
	run_open(run);
	ret->began_ns = ret->ended_ns = clock_ns();
	run->over = ret->began_ns + phase->time_ns;
	loop(run);
	/* What was cut off by its time took all of it. */
	if (ret->drained || ret->unfinished)
		ret->ended_ns = run->over;
	run_close(run);
	free(run);
	ret->own_cpu_ns = own_cpu() - own;
	ret->server_cpu_ns = process_cpu(load->watch) - server;
}

static double seconds(int64_t ns)
{
	return (double)ns / 1e9;
}

static void counts_print(const struct phase_result *r, FILE *out)
{
	const struct {
		const char *name;
		uint64_t value;
	} counts[] = {
		{"started", r->started},
		{"done", r->done},
		{"drained", r->drained},
		{"refused", r->refused},
		{"lost", r->lost},
		{"unfinished", r->unfinished},
		{"sent", r->sent},
		{"received", r->received},
		{"retransmits", r->retransmits},
		{"send_failures", r->send_failures},
		{"no_addrs_avail", r->status[STATUS_NO_ADDRS_AVAIL]},
		{"no_binding", r->status[STATUS_NO_BINDING]},
	};

	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
		fprintf(out, "\"%s\":%llu,", counts[i].name, (unsigned long long)counts[i].value);
	fprintf(out, "\"faults\":{");
	for (int i = 0, n = 0; i < FAULT_COUNT; i++)
		if (r->faults[i])
			fprintf(out, "%s\"%s\":%llu", n++ ? "," : "", fault_names[i],
				(unsigned long long)r->faults[i]);
	fprintf(out, "},");
}

void phase_print(const struct phase *phase, const struct phase_result *r, FILE *out)
{
	double took = seconds(r->ended_ns - r->began_ns);
	uint64_t all = r->done + r->drained;

	fprintf(out, "{\"mode\":\"%s\",\"window\":%u,\"seconds\":%.6f,\"rate\":%.1f,",
		phase->mode->name, phase->window, took, took > 0 ? (double)r->done / took : 0.0);
	counts_print(r, out);
	fprintf(out, "\"exhausted\":%s,\"first_answer\":%.6f,\"own_cpu\":%.3f,\"server_cpu\":%.3f,",
		r->exhausted ? "true" : "false", seconds(r->first_answer_ns),
		seconds(r->own_cpu_ns), seconds(r->server_cpu_ns));
	fprintf(out, "\"server_us_each\":%.2f,\"latency_us\":",
		all ? (double)r->server_cpu_ns / 1000.0 / (double)all : 0.0);
	histogram_print(&r->whole, out);
	fprintf(out, ",\"last_us\":");
	histogram_print(&r->last, out);
	fprintf(out, "}");
}

/* SPDX-License-Identifier: ISC */
/*
 * Packets to sockets that refuse them: the test has a sendmmsg() of its own, whose errors are what
 * a full device queue (ENOBUFS, EAGAIN), a full neighbour table (EINVAL, ENOBUFS) and an interface
 * that cannot send (ENETDOWN) give. Time does not pass: timers are made to run.
 */
#include "config.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>
#include <event2/event.h>

#include "base/mem.h"
#include "daemon/log.h"
#include "daemon/state.h"
#include "net/net_ns_priv.h"

enum {
	LINKS = 80,
	TRIES = 25,          /* as often is a packet tried again */
	BYTES = 1024 * 1024, /* as much is kept at most */
	FD_A = 1000,
	FD_B = 1001 /* of the sockets of two namespaces */
};

/* --- a kernel of our own -------------------------------------------------------------------- */

struct kernel {
	int error;              /* what sending gives; 0: it works */
	unsigned int only;      /* ifindex that this is for; 0: all */
	int good;               /* as many packets are taken first */
	char sent[4096];        /* the first octet of each that went out */
	size_t n_sent, n_tries; /* packets */
	int fds[4096];          /* where to */
};

static struct kernel kernel;

static unsigned int ifindex_of(const struct msghdr *msg)
{
	struct sockaddr_in6 to;

	memcpy(&to, msg->msg_name, sizeof(to));
	return to.sin6_scope_id;
}

/* Stands in for that of the C library, as everywhere in this program. */
int sendmmsg(int fd, struct mmsghdr *msgs, unsigned int n, int flags)
{
	unsigned int sent = 0;

	(void)flags;
	for (; sent < n; sent++) {
		struct msghdr *msg = &msgs[sent].msg_hdr;
		bool bad = kernel.error && (!kernel.only || kernel.only == ifindex_of(msg));

		if (bad && kernel.good-- <= 0)
			break;
		if (kernel.n_sent < sizeof(kernel.sent)) {
			kernel.fds[kernel.n_sent] = fd;
			kernel.sent[kernel.n_sent++] = *(const char *)msg->msg_iov->iov_base;
		}
	}
	kernel.n_tries += sent < n ? sent + 1 : sent;
	if (sent)
		return (int)sent;
	errno = kernel.error;
	return -1;
}

/* --- a daemon with links and nothing else --------------------------------------------------- */

struct rig {
	struct daemon *d;
	struct net_ns nets[2];
	struct daemon_ns namespaces[2];
	int log, stderr_was;
	char text[65536];
};

static int setup(void **state)
{
	struct rig *rig = mem_new(1, sizeof(*rig));
	struct daemon *d = mem_new(1, sizeof(*d));

	memset(&kernel, 0, sizeof(kernel));
	log_set_level(LOG_LEVEL_INFO);
	rig->d = d;
	d->base = event_base_new();
	assert_true(transmit_init(d));
	for (int i = 0; i < 2; i++) {
		rig->nets[i].fds[NET_ICMP6] = rig->nets[i].fds[NET_UDP] = FD_A + i;
		rig->namespaces[i].net = &rig->nets[i];
		rig->namespaces[i].daemon = d;
	}
	d->links = mem_new(LINKS, sizeof(struct daemon_link *));
	d->n_links = LINKS;
	for (uint32_t i = 0; i < LINKS; i++) {
		d->links[i] = mem_new(1, sizeof(struct daemon_link));
		d->links[i]->id = i;
		d->links[i]->ifindex = i + 1;
		d->links[i]->ns = &rig->namespaces[i % 2];
		snprintf(d->links[i]->name, sizeof(d->links[i]->name), "eth%u", i);
	}
	rig->log = memfd_create("log", 0);
	rig->stderr_was = dup(STDERR_FILENO);
	dup2(rig->log, STDERR_FILENO);
	*state = rig;
	return 0;
}

static int teardown(void **state)
{
	struct rig *rig = *state;

	dup2(rig->stderr_was, STDERR_FILENO);
	close(rig->stderr_was);
	close(rig->log);
	transmit_fini(rig->d);
	event_base_free(rig->d->base);
	for (size_t i = 0; i < LINKS; i++)
		free(rig->d->links[i]);
	free(rig->d->links);
	free(rig->d);
	free(rig);
	return 0;
}

/* What was logged so far. */
static const char *logged(struct rig *rig)
{
	ssize_t n = pread(rig->log, rig->text, sizeof(rig->text) - 1, 0);

	rig->text[n > 0 ? n : 0] = '\0';
	return rig->text;
}

static size_t count(const char *text, const char *what)
{
	size_t n = 0;

	for (const char *at = text; (at = strstr(at, what)); at++)
		n++;
	return n;
}

static const struct in6_addr all_nodes = {{{0xff, 2, [15] = 1}}};
static const struct in6_addr client = {{{0xfe, 0x80, [15] = 7}}};

/* One packet on a link, of which the first octet is `mark`. */
static void send_one(const struct rig *rig, uint32_t link, enum fx_proto proto,
		     const struct in6_addr *dst, char mark)
{
	uint8_t data[16] = {(uint8_t)mark};
	const struct fx_send send = {
		.data = data, .len = sizeof(data), .proto = proto, .link = link, .dst = *dst};

	transmit(rig->d, &send, 1);
}

static void answer(const struct rig *rig, uint32_t link, char mark)
{
	send_one(rig, link, FX_UDP, &client, mark);
}

static void advertise(const struct rig *rig, uint32_t link, char mark)
{
	send_one(rig, link, FX_ICMP6, &all_nodes, mark);
}

/* As if the time had come to try again. */
static void try_again(const struct rig *rig)
{
	event_del(rig->d->later_timer);
	event_active(rig->d->later_timer, EV_TIMEOUT, 0);
	event_base_loop(rig->d->base, EVLOOP_NONBLOCK);
}

/* --- tests ---------------------------------------------------------------------------------- */

static void what_is_sent_is_not_spoken_of(void **state)
{
	struct rig *rig = *state;

	answer(rig, 0, 'a');
	advertise(rig, 1, 'b');
	assert_string_equal(kernel.sent, "ab");
	assert_string_equal(logged(rig), "");
	assert_int_equal(rig->d->later.n, 0);
	assert_int_equal(rig->d->sends_lost, 0);
}

/* EINVAL is what the kernel says when the neighbour table is full. */
static void what_may_pass_is_sent_later(void **state)
{
	static const int errors[] = {EINVAL, ENOBUFS, EAGAIN, ENOMEM};
	struct rig *rig = *state;

	for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
		memset(&kernel, 0, sizeof(kernel));
		kernel.error = errors[i];
		answer(rig, 0, 'a');
		answer(rig, 0, 'b');
		assert_int_equal(kernel.n_sent, 0);
		assert_true(evtimer_pending(rig->d->later_timer, NULL));
		assert_int_equal(count(logged(rig), "event=send-failed"), i);
		try_again(rig);
		assert_int_equal(kernel.n_sent, 0);
		kernel.error = 0;
		try_again(rig);
		assert_string_equal(kernel.sent, "ab");
		assert_int_equal(rig->d->later.n, 0);
		assert_int_equal(count(logged(rig), "event=send-failed level=warning link=eth0"),
				 i + 1);
		assert_int_equal(count(logged(rig), "net.ipv6.neigh.default.gc_thresh3"), i + 1);
		assert_int_equal(
			count(logged(rig), "event=send-recovered level=info link=eth0 lost=0"),
			i + 1);
	}
	assert_int_equal(rig->d->sends_lost, 0);
}

static void what_cannot_be_sent_is_lost_and_said_once(void **state)
{
	struct rig *rig = *state;

	kernel.error = ENETDOWN;
	for (int i = 0; i < 10; i++)
		answer(rig, 0, 'a');
	assert_int_equal(rig->d->later.n, 0);
	assert_int_equal(rig->d->sends_lost, 10);
	assert_int_equal(count(logged(rig), "event=send-failed"), 1);
	assert_int_equal(count(logged(rig), "the interface cannot send"), 1);
	kernel.error = 0;
	answer(rig, 0, 'b');
	assert_int_equal(count(logged(rig), "event=send-recovered level=info link=eth0 lost=10"),
			 1);
}

/* One link that cannot send does not make others come and go in the log. */
static void links_fail_alone(void **state)
{
	struct rig *rig = *state;

	kernel.error = ENETDOWN;
	kernel.only = 1;
	for (int i = 0; i < 100; i++) {
		answer(rig, 0, 'a');
		answer(rig, 2, 'b');
	}
	assert_int_equal(kernel.n_sent, 100);
	assert_int_equal(count(logged(rig), "event="), 1);
}

static void links_that_fail_together_are_some_lines(void **state)
{
	struct rig *rig = *state;

	kernel.error = EINVAL;
	for (uint32_t i = 0; i < LINKS; i++)
		advertise(rig, i, 'a');
	try_again(rig);
	assert_in_range(count(logged(rig), "event=send-failed"), 1, 9);
	kernel.error = 0;
	try_again(rig);
	assert_int_equal(kernel.n_sent, LINKS);
	/* Who said nothing has nothing to take back. */
	assert_int_equal(count(logged(rig), "event=send-recovered"),
			 count(logged(rig), "event=send-failed"));
}

static void it_ends_after_some_tries(void **state)
{
	struct rig *rig = *state;

	kernel.error = ENOBUFS;
	answer(rig, 0, 'a');
	for (int i = 0; i < TRIES; i++) {
		assert_int_equal(rig->d->later.n, 1);
		try_again(rig);
	}
	try_again(rig);
	assert_int_equal(rig->d->later.n, 0);
	assert_int_equal(rig->d->sends_lost, 1);
	assert_int_equal(kernel.n_tries, TRIES + 1);
	/* The next one has as many of its own. */
	answer(rig, 0, 'b');
	for (int i = 1; i < TRIES; i++)
		try_again(rig);
	assert_int_equal(rig->d->later.n, 1);
	kernel.error = 0;
	try_again(rig);
	assert_int_equal(kernel.n_sent, 1);
	assert_int_equal(count(logged(rig), "event=send-recovered level=info link=eth0 lost=1"), 1);
}

static void what_is_kept_is_bounded(void **state)
{
	static uint8_t data[60000];
	struct rig *rig = *state;
	const struct fx_send send = {
		.data = data, .len = sizeof(data), .proto = FX_UDP, .link = 0, .dst = client};

	kernel.error = EAGAIN;
	for (int i = 0; i < 50; i++)
		transmit(rig->d, &send, 1);
	assert_int_equal(rig->d->later.n, BYTES / sizeof(data));
	assert_int_equal(rig->d->sends_lost, 50 - BYTES / sizeof(data));
}

/* The kernel says the same of it as of a full neighbour table. */
static void an_address_that_went_is_not_sent_from(void **state)
{
	static struct in6_addr own = {{{0xfe, 0x80, [15] = 1}}};
	struct rig *rig = *state;
	uint8_t mark = 'a';
	struct fx_send send = {
		.data = &mark, .len = 1, .proto = FX_ICMP6, .src = own, .dst = all_nodes};

	kernel.error = EINVAL;
	rig->d->links[0]->addrs = &own;
	rig->d->links[0]->n_addrs = 1;
	transmit(rig->d, &send, 1);
	assert_int_equal(rig->d->later.n, 1);
	rig->d->links[0]->n_addrs = 0;
	try_again(rig);
	assert_int_equal(rig->d->later.n, 0);
	assert_int_equal(rig->d->sends_lost, 0);
	assert_string_equal(logged(rig), "");
}

/* What the kernel took of a batch is not sent again. */
static void only_what_failed_is_sent_later(void **state)
{
	struct rig *rig = *state;
	uint8_t marks[] = "abcdef";
	struct fx_send sends[6];

	for (size_t i = 0; i < 6; i++)
		sends[i] = (struct fx_send){
			.data = &marks[i], .len = 1, .proto = FX_UDP, .link = 0, .dst = client};
	kernel.error = ENOBUFS;
	kernel.good = 2;
	transmit(rig->d, sends, 6);
	assert_string_equal(kernel.sent, "ab");
	kernel.error = 0;
	try_again(rig);
	assert_string_equal(kernel.sent, "abcdef");
}

static void batches_are_of_one_namespace(void **state)
{
	struct rig *rig = *state;
	struct fx_send sends[200];
	uint8_t mark = 'x';

	/* Links of even numbers are in one, of odd numbers in the other. */
	for (size_t i = 0; i < 200; i++)
		sends[i] = (struct fx_send){.data = &mark,
					    .len = 1,
					    .proto = FX_UDP,
					    .link = i < 150 ? 0 : (uint32_t)i % 2,
					    .dst = client};
	transmit(rig->d, sends, 200);
	assert_int_equal(kernel.n_sent, 200);
	for (size_t i = 0; i < 200; i++)
		assert_int_equal(kernel.fds[i], i < 150 || i % 2 == 0 ? FD_A : FD_B);
}

static void a_link_that_goes_takes_its_packets_along(void **state)
{
	struct rig *rig = *state;

	kernel.error = EINVAL;
	answer(rig, 3, 'a');
	answer(rig, 4, 'b');
	free(rig->d->links[3]);
	rig->d->links[3] = NULL;
	kernel.error = 0;
	try_again(rig);
	assert_string_equal(kernel.sent, "b");
	answer(rig, 3, 'c');
	assert_string_equal(kernel.sent, "b");
}

/* A lifetime that was told before may not be told after the end of it. */
static void a_newer_advertisement_takes_the_place_of_one_that_waits(void **state)
{
	struct rig *rig = *state;

	kernel.error = ENOBUFS;
	advertise(rig, 0, 'a');
	send_one(rig, 0, FX_ICMP6, &client, 'b');
	advertise(rig, 1, 'c');
	answer(rig, 0, 'd');
	kernel.error = 0;
	advertise(rig, 0, 'e');
	try_again(rig);
	assert_string_equal(kernel.sent, "ebcd");
	/* The parts of one are not older than each other. */
	uint8_t marks[] = "fg";
	struct fx_send parts[2];

	for (size_t i = 0; i < 2; i++)
		parts[i] = (struct fx_send){
			.data = &marks[i], .len = 1, .proto = FX_ICMP6, .dst = all_nodes};
	kernel.error = ENOBUFS;
	transmit(rig->d, parts, 2);
	kernel.error = 0;
	try_again(rig);
	assert_string_equal(kernel.sent, "ebcdfg");
}

/* S18: the end of the router that hosts knew by another address waits for its turn. */
static void another_router_takes_the_place_of_none(void **state)
{
	struct rig *rig = *state;
	uint8_t marks[] = "ab";
	struct fx_send former = {
		.data = &marks[0], .len = 1, .proto = FX_ICMP6, .src = client, .dst = all_nodes};
	struct fx_send newer = {.data = &marks[1], .len = 1, .proto = FX_ICMP6, .dst = all_nodes};

	kernel.error = ENOBUFS;
	transmit(rig->d, &former, 1);
	kernel.error = 0;
	transmit(rig->d, &newer, 1);
	try_again(rig);
	assert_string_equal(kernel.sent, "ba");
}

static int ended;

static void end(struct daemon *d)
{
	(void)d;
	ended++;
}

static void the_end_waits_for_what_is_to_be_sent_again(void **state)
{
	struct rig *rig = *state;

	ended = 0;
	transmit_when_sent(rig->d, end);
	assert_int_equal(ended, 1);
	kernel.error = EAGAIN;
	advertise(rig, 0, 'a');
	transmit_when_sent(rig->d, end);
	try_again(rig);
	assert_int_equal(ended, 1);
	kernel.error = 0;
	try_again(rig);
	assert_string_equal(kernel.sent, "a");
	assert_int_equal(ended, 2);
	/* But not for ever. */
	kernel.error = EAGAIN;
	advertise(rig, 0, 'b');
	for (int i = 0; i <= TRIES; i++)
		try_again(rig);
	assert_int_equal(ended, 3);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(what_is_sent_is_not_spoken_of),
		TEST(what_may_pass_is_sent_later),
		TEST(what_cannot_be_sent_is_lost_and_said_once),
		TEST(links_fail_alone),
		TEST(links_that_fail_together_are_some_lines),
		TEST(it_ends_after_some_tries),
		TEST(what_is_kept_is_bounded),
		TEST(an_address_that_went_is_not_sent_from),
		TEST(only_what_failed_is_sent_later),
		TEST(batches_are_of_one_namespace),
		TEST(a_link_that_goes_takes_its_packets_along),
		TEST(a_newer_advertisement_takes_the_place_of_one_that_waits),
		TEST(another_router_takes_the_place_of_none),
		TEST(the_end_waits_for_what_is_to_be_sent_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

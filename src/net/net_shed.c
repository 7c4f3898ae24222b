/* SPDX-License-Identifier: ISC */
/*
 * One UDP socket serves every link of a namespace, and all relays. When one of them sends more than
 * can be answered, its datagrams fill the socket's buffer and those of all others are dropped with
 * them. A filter on the socket then lets only one in 2^n datagrams of that one in, by chance, so
 * that the buffer stays open for others; who is held back loses what would have been dropped
 * anyway.
 *
 * n goes up while the buffer is nearly full, and down when it was not for some time: in the end the
 * flood gets what is left of our time. Without a flood there is no filter and nothing is spent.
 *
 * Clients on a link are one: they invent link-local addresses as they like. A relay is known by its
 * address. Whoever forges those of many relays, at once or one after the other, is held back with
 * all that come by its interface from beyond the link; the clients on that link are served.
 */
#include "config.h"

#include "net/net_shed.h"

#include <linux/filter.h>
#include <linux/sock_diag.h>
#include <string.h>
#include <sys/socket.h>

#include "base/ip6.h"

enum {
	QUIET_LOOKS = 5, /* in which it was not full, before more is let in */
	END_LOOKS = 100, /* likewise, before it is said to be over */
	HOLD_STEPS = 20, /* of the filter, for one who is held back */
	SRC_OFFSET = 8,  /* of the source address in the IPv6 header (RFC 8200 section 3) */
};

static size_t place_of(unsigned int ifindex, const struct in6_addr *src)
{
	uint32_t words[4], sum = ifindex;

	memcpy(words, src, sizeof(words));
	for (size_t i = 0; i < 4; i++)
		sum = (sum ^ words[i]) * 2654435761U;
	return sum >> 26;
}

/*
 * Peers choose their addresses, and so who shares a place with whom. So a place is of one address
 * and loses a vote to each of another: only who sends most of what falls into it has votes left.
 */
static void count_source(struct net_shed_source *place, unsigned int ifindex,
			 const struct in6_addr *src)
{
	if (place->votes && (place->interface != ifindex || !ip6_equal(&place->src, src))) {
		place->votes--;
		return;
	}
	place->votes++;
	place->interface = ifindex;
	place->src = *src;
}

void net_shed_count(struct net_shed *shed, unsigned int ifindex, const struct in6_addr *src)
{
	struct net_shed_counts *counts = &shed->counts;
	bool far = !ip6_is_link_local(src);
	size_t place = ifindex % NET_SHED_PLACES;

	counts->links[place].n[far ? NET_SHED_FAR : NET_SHED_CLIENTS]++;
	counts->links[place].interface = ifindex;
	if (far)
		count_source(&counts->sources[place_of(ifindex, src)], ifindex, src);
}

/* The address that more than half of an interface's from beyond the link came from, if one is. */
static void find_source(const struct net_shed_counts *counts, uint32_t all,
			struct net_shed_target *target)
{
	for (size_t i = 0; i < NET_SHED_PLACES; i++) {
		if (counts->sources[i].interface != target->interface ||
		    counts->sources[i].votes <= all / 2)
			continue;
		target->whose = NET_SHED_ONE;
		target->src = counts->sources[i].src;
	}
}

struct net_shed_target net_shed_loudest(const struct net_shed *shed)
{
	const struct net_shed_counts *counts = &shed->counts;
	struct net_shed_target target = {.interface = 0};
	uint64_t all = 0;
	uint32_t most = 0;

	for (size_t i = 0; i < NET_SHED_PLACES; i++) {
		for (int whose = NET_SHED_CLIENTS; whose <= NET_SHED_FAR; whose++) {
			uint32_t n = counts->links[i].n[whose];

			all += n;
			if (n <= most)
				continue;
			most = n;
			target.interface = counts->links[i].interface;
			target.whose = (enum net_shed_whose)whose;
		}
	}
	if (4 * (uint64_t)most <= all)
		return (struct net_shed_target){.interface = 0};
	if (target.whose == NET_SHED_FAR)
		find_source(counts, most, &target);
	return target;
}

static bool is_same(const struct net_shed_target *a, const struct net_shed_target *b)
{
	return a->interface == b->interface && a->whose == b->whose &&
	       (a->whose != NET_SHED_ONE || ip6_equal(&a->src, &b->src));
}

/* --- the filter ----------------------------------------------------------------------------- */

struct program {
	struct sock_filter steps[NET_SHED_HOLDS * HOLD_STEPS + 1];
	size_t n;
};

static void put(struct program *program, uint16_t code, uint32_t k)
{
	program->steps[program->n++] = (struct sock_filter){.code = code, .k = k};
}

static void put_load(struct program *program, int32_t offset)
{
	put(program, BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset);
}

/* A test for what is loaded, which put_end() completes. */
static void put_test(struct program *program, uint32_t value)
{
	put(program, BPF_JMP | BPF_JEQ | BPF_K, value);
}

/* Whoever fails one of the tests from step `from` on goes on here; `inverted`: the last of them. */
static void put_end(struct program *program, size_t from, size_t inverted)
{
	for (size_t i = from; i < program->n; i++) {
		struct sock_filter *step = &program->steps[i];
		uint8_t rest = (uint8_t)(program->n - i - 1);

		if (step->code != (BPF_JMP | BPF_JEQ | BPF_K))
			continue;
		if (i == inverted)
			step->jt = rest;
		else
			step->jf = rest;
	}
}

/* Tests for the source; returns the step of the one that is to fail, SIZE_MAX: none is. */
static size_t put_source(struct program *program, const struct net_shed_target *target)
{
	uint32_t words[4];

	if (target->whose != NET_SHED_ONE) {
		put_load(program, SKF_NET_OFF + SRC_OFFSET);
		put(program, BPF_ALU | BPF_AND | BPF_K, 0xffc00000);
		put_test(program, 0xfe800000);
		return target->whose == NET_SHED_FAR ? program->n - 1 : SIZE_MAX;
	}
	memcpy(words, &target->src, sizeof(words));
	for (int i = 0; i < 4; i++) {
		put_load(program, SKF_NET_OFF + SRC_OFFSET + 4 * i);
		put_test(program, ntohl(words[i]));
	}
	return SIZE_MAX;
}

static void put_hold(struct program *program, const struct net_shed_hold *hold)
{
	const size_t from = program->n;
	size_t inverted;

	put_load(program, SKF_AD_OFF + SKF_AD_IFINDEX);
	put_test(program, hold->target.interface);
	inverted = put_source(program, &hold->target);
	put_load(program, SKF_AD_OFF + SKF_AD_RANDOM);
	put(program, BPF_JMP | BPF_JSET | BPF_K, (1U << hold->strength) - 1U);
	program->steps[program->n - 1].jf = 1;
	put(program, BPF_RET | BPF_K, 0);
	put(program, BPF_RET | BPF_K, UINT32_MAX);
	put_end(program, from, inverted);
}

void net_shed_filter(int fd, const struct net_shed_hold holds[NET_SHED_HOLDS])
{
	struct program program = {.n = 0};
	const int unused = 0;

	for (size_t i = 0; i < NET_SHED_HOLDS; i++) {
		if (holds[i].strength)
			put_hold(&program, &holds[i]);
	}
	put(&program, BPF_RET | BPF_K, UINT32_MAX);

	const struct sock_fprog fprog = {(unsigned short)program.n, program.steps};

	/* If the kernel refuses, everything is let in: as it was. */
	if (program.n > 1)
		(void)setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &fprog, sizeof(fprog));
	else
		(void)setsockopt(fd, SOL_SOCKET, SO_DETACH_FILTER, &unused, sizeof(unused));
}

/* --- time ----------------------------------------------------------------------------------- */

/*
 * Whether more than half of the receive buffer is used. The kernel's count of drops would not do:
 * it counts what the filter drops as well.
 */
static bool is_full(int fd)
{
	uint32_t info[SK_MEMINFO_VARS];
	socklen_t len = sizeof(info);

	return getsockopt(fd, SOL_SOCKET, SO_MEMINFO, info, &len) == 0 && len == sizeof(info) &&
	       info[SK_MEMINFO_RMEM_ALLOC] > info[SK_MEMINFO_RCVBUF] / 2;
}

/* Whether who is the target is held back by it. */
static bool covers(const struct net_shed_hold *hold, const struct net_shed_target *target)
{
	return is_same(&hold->target, target) ||
	       (hold->target.interface == target->interface && hold->target.whose == NET_SHED_FAR &&
		target->whose == NET_SHED_ONE);
}

/* The hold on the target, or a free one; NULL: others have all. */
static struct net_shed_hold *find_hold(struct net_shed *shed, const struct net_shed_target *target)
{
	struct net_shed_hold *unused = NULL;

	for (size_t i = 0; i < NET_SHED_HOLDS; i++) {
		if (!shed->holds[i].target.interface)
			unused = &shed->holds[i];
		else if (covers(&shed->holds[i], target))
			return &shed->holds[i];
	}
	return unused;
}

/*
 * A place among others that have all. Who floods from one address after the other would take them
 * up: so the holds on single addresses of the interface become one on all that are beyond it, as
 * strict as the strictest. Else whoever was not the loudest for longest is let go.
 */
static struct net_shed_hold *make_room(struct net_shed *shed, struct net_shed_target *target)
{
	struct net_shed_hold *oldest = &shed->holds[0];
	unsigned int strength = 0;

	for (size_t i = 0; i < NET_SHED_HOLDS; i++) {
		struct net_shed_hold *hold = &shed->holds[i];

		if (hold->loudest < oldest->loudest)
			oldest = hold;
		if (target->whose != NET_SHED_ONE || hold->target.whose != NET_SHED_ONE ||
		    hold->target.interface != target->interface)
			continue;
		if (hold->strength > strength)
			strength = hold->strength;
		*hold = (struct net_shed_hold){.strength = 0};
	}
	struct net_shed_hold *freed = find_hold(shed, target);

	if (!freed)
		*(freed = oldest) = (struct net_shed_hold){.strength = 0};
	else
		target->whose = NET_SHED_FAR;
	freed->strength = strength;
	return freed;
}

static enum net_shed_change hold_back(struct net_shed *shed, int fd,
				      struct net_shed_target *ret_target)
{
	struct net_shed_target loudest = net_shed_loudest(shed);
	enum net_shed_change change;

	if (!loudest.interface)
		return NET_SHED_NOTHING;
	struct net_shed_hold *hold = find_hold(shed, &loudest);

	if (!hold)
		hold = make_room(shed, &loudest);
	change = hold->target.interface ? NET_SHED_NOTHING : NET_SHED_BEGAN;
	if (change == NET_SHED_BEGAN)
		hold->target = loudest;
	*ret_target = hold->target;
	hold->loudest = shed->next;
	if (hold->strength < NET_SHED_MAX) {
		hold->strength++;
		net_shed_filter(fd, shed->holds);
	}
	return change;
}

/* Lets all in by one step more; one who was let in for long is forgotten. */
static enum net_shed_change let_in(struct net_shed *shed, int fd,
				   struct net_shed_target *ret_target)
{
	bool changed = false;

	for (size_t i = 0; i < NET_SHED_HOLDS && shed->quiet % QUIET_LOOKS == 0; i++) {
		changed |= shed->holds[i].strength > 0;
		shed->holds[i].strength -= shed->holds[i].strength > 0;
	}
	if (changed)
		net_shed_filter(fd, shed->holds);
	for (size_t i = 0; i < NET_SHED_HOLDS && shed->quiet >= END_LOOKS; i++) {
		if (!shed->holds[i].target.interface || shed->holds[i].strength)
			continue;
		*ret_target = shed->holds[i].target;
		shed->holds[i].target.interface = 0;
		return NET_SHED_ENDED;
	}
	return NET_SHED_NOTHING;
}

bool net_shed_is_holding(const struct net_shed *shed)
{
	bool holding = false;

	for (size_t i = 0; i < NET_SHED_HOLDS; i++)
		holding = holding || shed->holds[i].target.interface;
	return holding;
}

enum net_shed_change net_shed_look(struct net_shed *shed, int fd, int64_t now,
				   struct net_shed_target *ret_target)
{
	enum net_shed_change change;

	if (now < shed->next)
		return NET_SHED_NOTHING;
	shed->next = now + NET_SHED_PERIOD;
	if (is_full(fd)) {
		shed->quiet = 0;
		change = hold_back(shed, fd, ret_target);
	} else {
		shed->quiet++;
		change = let_in(shed, fd, ret_target);
	}
	shed->counts = (struct net_shed_counts){0};
	return change;
}

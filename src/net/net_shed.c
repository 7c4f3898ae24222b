/* SPDX-License-Identifier: ISC */
/*
 * One UDP socket serves every link of a namespace. When one link sends more than can be answered,
 * its datagrams fill the socket's buffer and those of all others are dropped with them. A filter on
 * the socket then lets only one in 2^n datagrams of that interface in, by chance, so that the
 * buffer stays open for others; who is held back loses what would have been dropped anyway.
 *
 * n goes up while the buffer is nearly full, and down when it was not for some time: in the end the
 * flood gets what is left of our time. Without a flood there is no filter and nothing is spent.
 */
#include "config.h"

#include "net/net_shed.h"

#include <linux/filter.h>
#include <linux/sock_diag.h>
#include <string.h>
#include <sys/socket.h>

enum {
	PERIOD = 100,    /* ms between looks */
	QUIET_LOOKS = 5, /* in which it was not full, before more is let in */
	END_LOOKS = 100, /* likewise, before it is said to be over */
};

void net_shed_count(struct net_shed *shed, unsigned int ifindex)
{
	size_t place = ifindex % NET_SHED_SOURCES;

	shed->counts[place]++;
	shed->interfaces[place] = ifindex;
}

/* The interface that sent more than half of all; 0: none did. */
static unsigned int find_loudest(const struct net_shed *shed)
{
	uint64_t all = 0;
	size_t loudest = 0;

	for (size_t i = 0; i < NET_SHED_SOURCES; i++) {
		all += shed->counts[i];
		if (shed->counts[i] > shed->counts[loudest])
			loudest = i;
	}
	return 2 * (uint64_t)shed->counts[loudest] > all ? shed->interfaces[loudest] : 0;
}

static void set_filter(const struct net_shed *shed, int fd)
{
	struct sock_filter program[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)(SKF_AD_OFF + SKF_AD_IFINDEX)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, shed->interface, 0, 3),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)(SKF_AD_OFF + SKF_AD_RANDOM)),
		BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, (1U << shed->strength) - 1U, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, 0),
		BPF_STMT(BPF_RET | BPF_K, UINT32_MAX),
	};
	const struct sock_fprog fprog = {sizeof(program) / sizeof(*program), program};
	const int unused = 0;

	/* If the kernel refuses, everything is let in: as it was. */
	if (shed->strength)
		(void)setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &fprog, sizeof(fprog));
	else
		(void)setsockopt(fd, SOL_SOCKET, SO_DETACH_FILTER, &unused, sizeof(unused));
}

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

bool net_shed_look(struct net_shed *shed, int fd, int64_t now)
{
	unsigned int before = shed->interface, strength = shed->strength, loudest;

	bool full;

	if (now < shed->next)
		return false;
	full = is_full(fd);
	loudest = find_loudest(shed);
	shed->next = now + PERIOD;
	memset(shed->counts, 0, sizeof(shed->counts));
	shed->quiet = full ? 0 : shed->quiet + 1;
	if (full && loudest && (loudest == shed->interface || !shed->interface)) {
		shed->interface = loudest;
		shed->strength += shed->strength < NET_SHED_MAX;
	} else if (shed->quiet >= QUIET_LOOKS && shed->strength) {
		shed->quiet = 0;
		shed->strength--;
	}
	if (!shed->strength && shed->quiet >= END_LOOKS)
		shed->interface = 0;
	if (shed->strength != strength)
		set_filter(shed, fd);
	return shed->interface != before;
}

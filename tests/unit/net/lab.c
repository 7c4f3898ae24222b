/* SPDX-License-Identifier: ISC */
/*
 * The lab. Without root it is made in a user namespace, where the machine allows that.
 */
#include "config.h"

#include "lab.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#include <cmocka.h>

static _Noreturn void give_up(const char *what)
{
	fprintf(stderr, "skipped: no right to %s: %s\n", what, strerror(errno));
	exit(77);
}

/* The directory of sysctl is often not in the PATH of users; they may run it in a namespace. */
static void find_programs(void)
{
	const char *path = getenv("PATH");
	char longer[4096];

	snprintf(longer, sizeof(longer), "%s:/usr/sbin:/sbin", path ? path : "/usr/bin:/bin");
	setenv("PATH", longer, 1);
	/* NOLINTNEXTLINE(cert-env33-c): as in lab_run() */
	if (system("command -v ip >/dev/null && command -v sysctl >/dev/null") != 0) {
		fprintf(stderr, "skipped: needs ip and sysctl\n");
		exit(77);
	}
}

static void write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		give_up(path);
	close(fd);
}

static void become_root(struct lab *lab)
{
	char map[64];
	unsigned int uid = geteuid(), gid = getegid();

	if (uid == 0)
		return;
	if (unshare(CLONE_NEWUSER) < 0)
		give_up("make a user namespace");
	lab->user = true;
	write_file("/proc/self/setgroups", "deny");
	snprintf(map, sizeof(map), "0 %u 1", uid);
	write_file("/proc/self/uid_map", map);
	snprintf(map, sizeof(map), "0 %u 1", gid);
	write_file("/proc/self/gid_map", map);
}

static int new_ns(void)
{
	if (unshare(CLONE_NEWNET) < 0)
		give_up("make a network namespace");
	int fd = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);

	assert_true(fd >= 0);
	return fd;
}

void lab_enter(int ns)
{
	assert_int_equal(setns(ns, CLONE_NEWNET), 0);
}

void lab_run(const char *format, ...)
{
	char command[512];
	va_list args;

	va_start(args, format);
	vsnprintf(command, sizeof(command), format, args);
	va_end(args);
	/* The commands are the tests' own. NOLINTNEXTLINE(cert-env33-c) */
	if (system(command) != 0)
		fail_msg("failed: %s", command);
}

bool lab_readable(int fd, int ms)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};

	return poll(&p, 1, ms) > 0;
}

/* The address comes with the carrier, and counts a moment later even without its detection. */
static struct in6_addr link_local_of(const char *name)
{
	char command[160], text[64] = "";
	struct in6_addr addr;

	snprintf(
		command, sizeof(command),
		"for i in $(seq 50); do ip -6 -o addr show dev %s scope link -tentative | grep inet6 "
		"&& break; sleep 0.1; done | sed 's/.*inet6 //; s,/.*,,'",
		name);
	FILE *out = popen(command, "re"); /* NOLINT(cert-env33-c): as above */

	assert_non_null(out);
	if (fgets(text, sizeof(text), out))
		text[strcspn(text, "\n")] = '\0';
	pclose(out);
	if (inet_pton(AF_INET6, text, &addr) != 1)
		fail_msg("no link-local address on %s", name);
	return addr;
}

static void end_up(const char *name)
{
	/* Duplicate detection would make every test wait for a second or two. */
	lab_run("sysctl -qw net.ipv6.conf.%s.accept_dad=0 net.ipv6.conf.%s.accept_ra=0", name,
		name);
	lab_run("ip link set lo up && ip link set %s up", name);
}

bool lab_private_run(void)
{
	return unshare(CLONE_NEWNS) == 0 &&
	       mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
	       mount("lab", "/run", "tmpfs", 0, NULL) == 0;
}

struct net_ns *lab_open_ns(const char *name)
{
	char why[NET_WHY_LEN] = "";
	struct net_ns *ns = NULL;

	if (net_ns_open(name, &ns, why, sizeof(why)) || net_ns_open_dhcp6(ns, why, sizeof(why)))
		fail_msg("%s", why);
	return ns;
}

void lab_init(struct lab *lab)
{
	*lab = (struct lab){.user = false};
	find_programs();
	become_root(lab);
	lab->far_ns = new_ns();
	lab->near_ns = new_ns();
	lab_run("ip link add " LAB_NEAR " type veth peer name " LAB_FAR " netns /proc/%d/fd/%d",
		getpid(), lab->far_ns);
	lab_enter(lab->far_ns);
	end_up(LAB_FAR);
	lab_enter(lab->near_ns);
	end_up(LAB_NEAR);
	lab->near_if = if_nametoindex(LAB_NEAR);
	lab->near_addr = link_local_of(LAB_NEAR);
	lab_enter(lab->far_ns);
	lab->far_if = if_nametoindex(LAB_FAR);
	lab->far_addr = link_local_of(LAB_FAR);
	lab_enter(lab->near_ns);
}

int lab_setup(void **state, size_t size)
{
	struct lab *lab = calloc(1, size);

	assert_non_null(lab);
	lab_init(lab);
	lab->ns = lab_open_ns(NULL);
	*state = lab;
	return 0;
}

int lab_teardown(void **state)
{
	struct lab *lab = *state;

	net_ns_close(lab->ns);
	free(lab);
	return 0;
}

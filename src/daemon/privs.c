/* SPDX-License-Identifier: ISC */
/*
 * Privileges. Sockets are opened first; after privs_drop() the process is an ordinary user's,
 * holds no capability but those it was told to keep, and cannot gain one by executing anything.
 */
#include "config.h"

#include "daemon/privs.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <sys/capability.h>

bool privs_find_user(const char *name, struct privs_user *ret, char *why, size_t why_len)
{
	struct privs_user user = {.name = name};

	if (geteuid() != 0) {
		*ret = user;
		return true;
	}
	errno = 0;
	const struct passwd *entry = getpwnam(name);
	int err = errno;

	/* Where there is no such user, some say so by an error: getpwnam(3). */
	if (!entry && err && err != ENOENT && err != ESRCH && err != EBADF && err != EPERM) {
		snprintf(why, why_len, "cannot look for the user '%s': %s", name, strerror(err));
		return false;
	}
	if (!entry) {
		snprintf(
			why, why_len,
			"there is no user '%s' on this machine: make it with 'useradd --system %s', "
			"or name another one in server.user",
			name, name);
		return false;
	}
	user.change = true;
	user.uid = entry->pw_uid;
	user.gid = entry->pw_gid;
	*ret = user;
	return true;
}

static bool change_user(const struct privs_user *user)
{
	return initgroups(user->name, user->gid) == 0 &&
	       setresgid(user->gid, user->gid, user->gid) == 0 &&
	       setresuid(user->uid, user->uid, user->uid) == 0;
}

/* The bounding set can be emptied only with CAP_SETPCAP, which who is not root may lack. */
static void empty_bounding_set(void)
{
	for (cap_value_t cap = 0; cap <= cap_max_bits(); cap++)
		(void)cap_drop_bound(cap);
}

static const struct {
	enum privs_keep keep;
	cap_value_t cap;
} for_run[] = {
	{PRIVS_ENTER_NAMESPACES, CAP_SYS_ADMIN},
	{PRIVS_ENTER_NAMESPACES, CAP_NET_RAW},
	{PRIVS_ENTER_NAMESPACES, CAP_NET_BIND_SERVICE},
	{PRIVS_SET_ROUTES, CAP_NET_ADMIN},
};

enum { N_FOR_RUN = sizeof(for_run) / sizeof(for_run[0]) };

/* Every set empty, but for what is kept. */
static bool set_capabilities(unsigned int keep)
{
	cap_t caps = cap_init();
	bool ok = caps && cap_reset_ambient() == 0;

	for (size_t i = 0; ok && i < N_FOR_RUN; i++) {
		if (!(for_run[i].keep & keep))
			continue;
		ok = cap_set_flag(caps, CAP_PERMITTED, 1, &for_run[i].cap, CAP_SET) == 0 &&
		     cap_set_flag(caps, CAP_EFFECTIVE, 1, &for_run[i].cap, CAP_SET) == 0;
	}
	ok = ok && cap_set_proc(caps) == 0;
	cap_free(caps);
	return ok;
}

static bool may(enum privs_keep keep)
{
	cap_t caps = cap_get_proc();
	bool ok = caps != NULL;

	for (size_t i = 0; ok && i < N_FOR_RUN; i++) {
		cap_flag_value_t have = CAP_SET;

		if (for_run[i].keep & keep)
			ok = cap_get_flag(caps, for_run[i].cap, CAP_PERMITTED, &have) == 0 &&
			     have == CAP_SET;
	}
	cap_free(caps);
	return ok;
}

bool privs_may_set_routes(void)
{
	return may(PRIVS_SET_ROUTES);
}

void privs_allow_files(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
		return;
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
}

bool privs_drop(const struct privs_user *user, unsigned int keep, char *why, size_t why_len)
{
	const char *step = "set no_new_privs";

	if (keep & PRIVS_ENTER_NAMESPACES && !may(PRIVS_ENTER_NAMESPACES)) {
		snprintf(why, why_len,
			 "namespaces that come and go need CAP_SYS_ADMIN, CAP_NET_RAW and "
			 "CAP_NET_BIND_SERVICE: start as root or with these");
		return false;
	}
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		goto failed;
	empty_bounding_set();
	step = "change to the user";
	if (keep && prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) != 0)
		goto failed;
	if (user->change && !change_user(user))
		goto failed;
	step = "drop capabilities";
	if (!set_capabilities(keep))
		goto failed;
	return prctl(PR_SET_KEEPCAPS, 0, 0, 0, 0) == 0;
failed:
	snprintf(why, why_len, "cannot %s '%s': %s", step, user->name, strerror(errno));
	return false;
}

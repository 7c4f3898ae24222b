/* SPDX-License-Identifier: ISC */
/*
 * Privileges. Sockets are opened first; after privs_drop() the process is an ordinary user's,
 * holds no capability and cannot gain one by executing anything.
 */
#include "config.h"

#include "daemon/privs.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
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

static bool clear_capabilities(void)
{
	cap_t none = cap_init();
	bool ok = none && cap_reset_ambient() == 0 && cap_set_proc(none) == 0;

	cap_free(none);
	return ok;
}

bool privs_drop(const struct privs_user *user, char *why, size_t why_len)
{
	const char *step = "set no_new_privs";

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		goto failed;
	empty_bounding_set();
	step = "change to the user";
	if (user->change && !change_user(user))
		goto failed;
	step = "drop capabilities";
	if (!clear_capabilities())
		goto failed;
	return true;
failed:
	snprintf(why, why_len, "cannot %s '%s': %s", step, user->name, strerror(errno));
	return false;
}

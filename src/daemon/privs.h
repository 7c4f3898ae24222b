/* SPDX-License-Identifier: ISC */
/*
 * Privileges: what the daemon gives up once its sockets are open.
 */
#ifndef SEXTANT_DAEMON_PRIVS_H
#define SEXTANT_DAEMON_PRIVS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* Who the daemon runs as after privs_drop(). */
struct privs_user {
	bool change; /* false: stays who it is */
	uid_t uid;
	gid_t gid;
	const char *name; /* borrowed from the caller of privs_find_user() */
};

/*
 * Looks the user up. Not being root, the daemon stays who it is, whatever `name` says. False with
 * a plain sentence in `why` when there is no such user.
 */
bool privs_find_user(const char *name, struct privs_user *ret, char *why, size_t why_len);

/*
 * Becomes that user, without any capability in any set, and can gain none again (no_new_privs).
 * False with a plain sentence in `why`; the process must end then.
 */
bool privs_drop(const struct privs_user *user, char *why, size_t why_len);

#endif

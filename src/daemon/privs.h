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

/* May have as many descriptors open as its hard limit allows: a namespace takes six. */
void privs_allow_files(void);

/* What is to be done at run time that takes capabilities; bits. */
enum privs_keep {
	PRIVS_ENTER_NAMESPACES = 1, /* CAP_SYS_ADMIN, CAP_NET_RAW, CAP_NET_BIND_SERVICE */
	PRIVS_SET_ROUTES = 2,       /* CAP_NET_ADMIN */
};

/* Whether the last of these could be kept. */
bool privs_may_set_routes(void);

/*
 * Becomes that user, and can gain no capability (no_new_privs). Keeps none in any set but those
 * that `keep` takes, permitted and effective. False with a plain sentence in `why`; the process
 * must end then.
 */
bool privs_drop(const struct privs_user *user, unsigned int keep, char *why, size_t why_len);

#endif

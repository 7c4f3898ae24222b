/* SPDX-License-Identifier: ISC */
/*
 * Interfaces that the configuration names and the machine does not have. They are waited for, which
 * is right for a TAP that is to come and a riddle where the name is mistyped: so
 * links_tell_missing() names them at the start and at each reload. Patterns match what there is,
 * and miss nothing.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "daemon/log.h"
#include "daemon/state.h"

static int compare_names(const void *a, const void *b)
{
	const char *const *x = a, *const *y = b;

	return strcmp(*x, *y);
}

/* The names of the links of a namespace, in order; the caller frees the list. */
static const char **names_in(const struct daemon_ns *ns, size_t *ret_n)
{
	const struct daemon *d = ns->daemon;
	const char **names = mem_new(d->n_links, sizeof(*names));
	size_t n = 0;

	for (size_t slot = 0; slot < d->n_links; slot++) {
		if (d->links[slot] && d->links[slot]->ns == ns)
			names[n++] = d->links[slot]->name;
	}
	if (n)
		qsort(names, n, sizeof(*names), compare_names);
	*ret_n = n;
	return names;
}

static void tell(const struct daemon_network *net, const struct daemon_ns *ns, const char *name)
{
	struct logline line, *l = log_begin(&line, LOG_LEVEL_WARNING, "link-missing");

	logline_str(l, "link", name);
	logline_str(l, "net", net->name);
	if (ns->name)
		logline_str(l, "netns", ns->name);
	logline_quoted(l, "effect", "nothing is served there until the interface comes");
	log_end(l);
}

static void look_for(const struct daemon_network *net, const struct daemon_ns *ns,
		     const char *const *names, size_t n)
{
	for (size_t i = 0; i < net->n_interfaces; i++) {
		const char *const *name = &net->interfaces[i];

		if (!daemon_conf_is_pattern(*name) &&
		    (!n || !bsearch(name, names, n, sizeof(*names), compare_names)))
			tell(net, ns, *name);
	}
}

void links_tell_missing(const struct daemon *d)
{
	for (size_t k = 0; k < d->n_namespaces; k++) {
		size_t n;
		const char **names = names_in(d->namespaces[k], &n);

		for (size_t i = 0; i < d->conf->n_networks; i++) {
			const struct daemon_network *net = &d->conf->networks[i];

			if (!net->pattern && daemon_conf_is_in(net, d->namespaces[k]->name))
				look_for(net, d->namespaces[k], names, n);
		}
		free(names);
	}
}

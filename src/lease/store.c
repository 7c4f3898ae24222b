/* SPDX-License-Identifier: ISC */
/*
 * Finds the driver that a store's specification names.
 */
#include "config.h"

#include "lease/store.h"

#include <errno.h>
#include <string.h>

#include "base/text.h"

static const struct store_ops *const drivers[] = {&store_sqlite_ops};

int store_open(const char *spec, struct store **ret, struct store_error *ret_error)
{
	const char *colon = strchr(spec, ':');
	struct text text;

	for (size_t i = 0; colon && i < sizeof(drivers) / sizeof(drivers[0]); i++) {
		const struct store_ops *ops = drivers[i];
		size_t len = strlen(ops->scheme);

		if (len == (size_t)(colon - spec) && memcmp(spec, ops->scheme, len) == 0)
			return ops->open(colon + 1, ret, ret_error);
	}
	text_init(&text, ret_error->text, sizeof(ret_error->text));
	text_put_str(&text, "no driver for the store \"");
	text_put_escaped(&text, spec, strlen(spec));
	text_put_str(&text, "\": write sqlite:PATH, such as sqlite:/var/lib/sextant/leases.db");
	return -EINVAL;
}

void store_close(struct store *store)
{
	if (store)
		store->ops->close(store);
}

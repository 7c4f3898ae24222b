/* SPDX-License-Identifier: ISC */
/*
 * Which classes a client is of. dhcp6_class_has() compares what the message holds with the
 * conditions of a class, octet for octet; it keeps nothing and allocates nothing. What relays say
 * counts only in their own messages, of relays that are configured (RFC 6939 section 6).
 */
#include "config.h"

#include "dhcp6/dhcp6_class.h"

#include <string.h>

#include "dhcp6/dhcp6_relay.h"
#include "wire/wire.h"

static bool begins_with(const uint8_t *bytes, size_t len, const uint8_t *with, size_t with_len)
{
	return bytes && len >= with_len && (!with_len || memcmp(bytes, with, with_len) == 0);
}

static bool fits_one(const struct dhcp6_pattern *pattern, const uint8_t *bytes, size_t len)
{
	return (pattern->begins || pattern->octets.len == len) &&
	       begins_with(bytes, len, pattern->octets.bytes, pattern->octets.len);
}

static bool fits_any(const struct dhcp6_pattern *patterns, size_t n, const uint8_t *bytes,
		     size_t len)
{
	for (size_t i = 0; i < n; i++) {
		if (fits_one(&patterns[i], bytes, len))
			return true;
	}
	return false;
}

/* RFC 8415 sections 21.15 and 21.16: whether one of the option's items fits one of the patterns. */
static bool item_fits(const struct dhcp6_pattern *patterns, size_t n,
		      const struct dhcp6_msg_data *items)
{
	struct wire_reader r = wire_reader(items->bytes, items->len);

	while (wire_left(&r)) {
		size_t len = wire_get_u16(&r);
		const uint8_t *bytes = wire_get_bytes(&r, len);

		if (!bytes)
			return false;
		if (fits_any(patterns, n, bytes, len))
			return true;
	}
	return false;
}

static bool is_enterprise(const struct dhcp6_class *class, uint32_t enterprise)
{
	for (size_t i = 0; i < class->n_enterprises; i++) {
		if (class->enterprises[i] == enterprise)
			return true;
	}
	return class->n_enterprises == 0;
}

static bool vendor_fits(const struct dhcp6_class *class, const struct dhcp6_msg *msg)
{
	if (!class->n_vendor_classes && !class->n_enterprises)
		return true;
	for (size_t i = 0; i < msg->n_vendor_classes; i++) {
		const struct dhcp6_msg_vendor_class *vendor = &msg->vendor_classes[i];

		if (is_enterprise(class, vendor->enterprise) &&
		    (!class->n_vendor_classes ||
		     item_fits(class->vendor_classes, class->n_vendor_classes, &vendor->data)))
			return true;
	}
	return false;
}

static bool arch_fits(const struct dhcp6_class *class, const struct dhcp6_msg *msg)
{
	for (size_t i = 0; i < class->n_archs; i++) {
		for (size_t k = 0; k < msg->n_archs; k++) {
			if (class->archs[i] == msg->archs[k])
				return true;
		}
	}
	return class->n_archs == 0;
}

static bool duid_type_fits(const struct dhcp6_class *class, const struct duid *duid)
{
	for (size_t i = 0; i < class->n_duid_types; i++) {
		if (duid->len && duid_type(duid) == class->duid_types[i])
			return true;
	}
	return class->n_duid_types == 0;
}

static bool any_begins(const struct dhcp6_hex *list, size_t n, const uint8_t *bytes, size_t len)
{
	for (size_t i = 0; i < n; i++) {
		if (begins_with(bytes, len, list[i].bytes, list[i].len))
			return true;
	}
	return n == 0;
}

static bool relay_fits(const struct dhcp6_class *class, const struct dhcp6_relay_path *relay)
{
	for (size_t i = 0; relay && i < class->n_relays; i++) {
		if (ip6_prefix_contains(&class->relays[i], &relay->source) ||
		    ip6_prefix_contains(&class->relays[i], &relay->relay))
			return true;
	}
	return class->n_relays == 0;
}

static bool id_fits(const struct dhcp6_pattern *patterns, size_t n, const struct dhcp6_relay_id *id)
{
	return n == 0 || fits_any(patterns, n, id->bytes, id->len);
}

static bool remote_id_fits(const struct dhcp6_class *class, const struct dhcp6_relay_path *relay)
{
	for (size_t i = 0; i < class->n_remote_ids; i++) {
		const struct dhcp6_remote_pattern *remote = &class->remote_ids[i];

		if (remote->enterprise == relay->remote_enterprise &&
		    fits_one(&remote->pattern, relay->remote_id.bytes, relay->remote_id.len))
			return true;
	}
	return class->n_remote_ids == 0;
}

bool dhcp6_class_has(const struct dhcp6_class *class, const struct dhcp6_class_facts *facts)
{
	static const struct dhcp6_relay_path none;
	const struct dhcp6_relay_path *relay = facts->relay ? facts->relay : &none;
	const struct dhcp6_msg *msg = facts->msg;

	return (!class->n_user_classes ||
		item_fits(class->user_classes, class->n_user_classes, &msg->user_class)) &&
	       vendor_fits(class, msg) && arch_fits(class, msg) &&
	       duid_type_fits(class, &msg->client_id) &&
	       any_begins(class->duids, class->n_duids, msg->client_id.bytes, msg->client_id.len) &&
	       any_begins(class->macs, class->n_macs, facts->mac, 6) &&
	       relay_fits(class, facts->relay) &&
	       id_fits(class->interface_ids, class->n_interface_ids, &relay->interface_id) &&
	       remote_id_fits(class, relay) &&
	       id_fits(class->subscriber_ids, class->n_subscriber_ids, &relay->subscriber_id);
}

uint64_t dhcp6_class_bit(const struct dhcp6_class *own, size_t n_own,
			 const struct dhcp6_class *wide, size_t n_wide, const char *name)
{
	for (size_t i = 0; i < n_own + n_wide && i < DHCP6_CLASSES; i++) {
		const struct dhcp6_class *class = i < n_own ? &own[i] : &wide[i - n_own];

		if (class->name && strcmp(class->name, name) == 0)
			return UINT64_C(1) << i;
	}
	return 0;
}

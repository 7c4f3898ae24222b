/* SPDX-License-Identifier: ISC */
/*
 * Effects on DNS: noted by the rooms that decide on leases, carried out by whoever speaks to DNS
 * servers, shown in the log.
 */
#include "config.h"

#include "base/fx_dns.h"

#include "base/logid.h"

static void tell(struct fx *fx, const struct fx_dns *dns)
{
	struct logline *line = fx_log(fx, LOG_LEVEL_DEBUG, dns->add ? "dns-add" : "dns-remove");

	logid_str(line, "name", dns->name);
	logid_ip6(line, "addr", &dns->addr);
	if (dns->add) {
		logline_str(line, "records", dns->aaaa ? "aaaa,ptr" : "ptr");
		logline_u64(line, "ttl", dns->ttl);
	}
}

void fx_dns(struct fx *fx, const struct fx_dns *how, const char *name)
{
	struct text text;

	if (fx->n_dns == FX_DNS) {
		fx->lost++;
		return;
	}
	struct fx_dns *dns = &fx->dns[fx->n_dns++];

	*dns = *how;
	text_init(&text, dns->name, sizeof(dns->name));
	text_put_str(&text, name);
	tell(fx, dns);
}

/* SPDX-License-Identifier: ISC */
/*
 * A configuration file of any octets: it is read, every message is a line of printable ASCII, and
 * what holds after reading without an error holds.
 */
#include "config.h"

#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "../unit/config/cfg_example.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_messages(const struct cfg *cfg)
{
	const char *text;
	bool is_error;

	for (size_t i = 0; (text = cfg_message(cfg, i, &is_error)) != NULL; i++) {
		assert(strncmp(text, "fuzz.yaml", 9) == 0);
		for (; *text; text++)
			assert(*text >= ' ' && *text < 0x7f);
	}
}

static void check_network(struct cfg *cfg, const struct example_network *network)
{
	const struct example_interval *interval = &network->ra.interval;

	assert(network->node);
	assert(interval->min >= 3 && interval->min <= 1350);
	assert(interval->max >= 4 && interval->max <= 65535);
	assert(network->ra.mtu == 0 || network->ra.mtu >= 1280);
	for (size_t i = 0; i < network->n_interfaces; i++)
		assert(*network->interfaces[i]);
	for (size_t i = 0; i < network->n_prefixes; i++)
		assert(cfg_is_set(network->prefixes[i].node, "prefix"));
	for (size_t i = 0; i < network->n_inner; i++) {
		assert(strchr(cfg_where(cfg, network->node, "inner", (int)i), ':'));
		check_network(cfg, &network->inner[i]);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cfg *cfg = cfg_open_text("fuzz.yaml", (const char *)data, size);
	struct arena arena = {0};
	struct example example;

	cfg_read(cfg, &example_schema, &example, &arena);
	check_messages(cfg);
	if (cfg_error_count(cfg) == 0) {
		for (size_t i = 0; i < example.n_networks; i++)
			check_network(cfg, &example.networks[i]);
		cfg_warning(cfg, example.node, "networks", 0, "seen");
		assert(cfg_warning_count(cfg) == 1);
	}
	cfg_close(cfg);
	arena_free(&arena);
	return 0;
}

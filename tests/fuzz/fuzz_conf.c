/* SPDX-License-Identifier: ISC */
/*
 * The whole configuration, of any octets, through every room's rows and checks: what is refused is
 * told in lines of printable ASCII, what is accepted can be served.
 */
#include "config.h"

#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "daemon/conf.h"
#include "daemon/view.h"
#include "dhcp6/dhcp6_server.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct daemon_conf *read_conf(const uint8_t *data, size_t size, FILE *errors)
{
	char path[64];
	int fd = memfd_create("conf", 0);
	ssize_t n = write(fd, data, size);

	assert(n == (ssize_t)size);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	struct daemon_conf *conf = daemon_conf_read(path, errors);

	close(fd);
	return conf;
}

static void serve(const struct daemon_conf *conf)
{
	static const struct siphash_key key = {{1}};
	struct lease_table *table = lease_table_new(&key);
	struct dhcp6_server *srv = dhcp6_server_new(table, /* seed= */ 1);

	dhcp6_server_configure(srv, &conf->dhcp6, 0);
	assert(dhcp6_server_wake(srv) == MTIME_NEVER);
	dhcp6_server_free(srv);
	lease_table_free(table);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = NULL;
	size_t len = 0;
	FILE *errors = open_memstream(&text, &len);
	struct daemon_conf *conf = read_conf(data, size, errors);

	fclose(errors);
	for (size_t i = 0; i < len; i++)
		assert(text[i] == '\n' || (text[i] >= ' ' && text[i] < 0x7f));
	assert(conf || len);
	if (conf)
		serve(conf);
	daemon_conf_free(conf);
	free(text);
	return 0;
}

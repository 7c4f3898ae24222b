/* SPDX-License-Identifier: ISC */
/*
 * A damaged database of any octets, and its log after two octets that say how long the database is:
 * records are found or not, each with as many columns as it says and texts within the file.
 */
#include "config.h"

#include <assert.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

#include "lease/store_pages.h"
#include "wire/wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int file_of(struct wire_reader r)
{
	size_t len = wire_left(&r);
	int fd = memfd_create("pages", 0);
	ssize_t n = write(fd, wire_get_bytes(&r, len), len);

	assert(n == (ssize_t)len);
	return fd;
}

static void take(void *arg, const struct store_record *record)
{
	volatile uint8_t sum = 0; /* so that a sanitizer sees what is read */

	(void)arg;
	assert(record->n <= STORE_COLUMNS_MAX);
	for (size_t i = 0; i < record->n; i++) {
		const struct store_value *value = &record->columns[i];

		for (size_t k = 0;
		     k < value->len && (value->type == STORE_TEXT || value->type == STORE_BLOB);
		     k++)
			sum = (uint8_t)(sum + value->bytes[k]);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct wire_reader r = wire_reader(data, size);
	size_t len = wire_get_u16(&r);
	struct wire_reader file = wire_get_part(&r, len < wire_left(&r) ? len : wire_left(&r));
	int fd = file_of(file), log_fd = file_of(r);
	struct store_pages_count count;

	store_pages_read(fd, log_fd, take, NULL, &count);
	close(fd);
	close(log_fd);
	return 0;
}

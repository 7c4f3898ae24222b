/* SPDX-License-Identifier: ISC */
/*
 * Reads leaf pages of SQLite's file format (https://www.sqlite.org/fileformat2.html) without its
 * trees. Every offset and length comes from a file that is damaged, so all reading goes through
 * bounds-checked cursors. Records that continue on other pages are not read: ours never do.
 *
 * The log is read as SQLite does: frames up to the last commit whose checksums are right.
 */
#include "config.h"

#include "lease/store_pages.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "wire/wire.h"

enum {
	PAGE_SIZE_USUAL = 4096,
	PAGE_SIZE_MIN = 512,
	PAGE_SIZE_MAX = 65536,
	FILE_HEADER = 100, /* before the first page's own */
	PAGE_SIZE_AT = 16,
	LOG_HEADER = 32,
	FRAME_HEADER = 24,
	LOG_MAGIC = 0x377f0682, /* | 1: checksums of big-endian words */

	/* What the first octet of a page says. */
	PAGE_INDEX_INNER = 2,
	PAGE_TABLE_INNER = 5,
	PAGE_INDEX_LEAF = 10,
	PAGE_TABLE_LEAF = 13,

	/* Of a database that gives pages back, some pages say what others are, five octets each. */
	MAP_ENTRY = 5,
	MAP_ROOT = 1,
	MAP_FREE = 2,
	MAP_TREE = 5,
	MAP_FIRST = 2, /* the number of the first such page; pages count from 1 */
};

struct pages {
	int fd, log_fd;
	uint32_t size; /* of a page */
	uint32_t n;
	off_t *in_log; /* where in the log a page is; 0: it is not. n_in_log of them */
	size_t n_in_log, cap_in_log;
	bool has_map;
	uint8_t *map_page;
	uint32_t map_number; /* of the page in map_page; 0: none */
	void (*take)(void *arg, const struct store_record *record);
	void *arg;
	struct store_pages_count count;
};

static bool is_page_size(uint32_t size)
{
	return size >= PAGE_SIZE_MIN && size <= PAGE_SIZE_MAX && (size & (size - 1)) == 0;
}

static bool read_at(int fd, void *buf, size_t len, off_t at)
{
	return pread(fd, buf, len, at) == (ssize_t)len;
}

/* --- the log -------------------------------------------------------------------------------- */

struct sum {
	uint32_t a, b;
	bool big_endian;
};

static void sum_add(struct sum *sum, const uint8_t *bytes, size_t len)
{
	for (size_t i = 0; i + 8 <= len; i += 8) {
		uint32_t word[2];

		for (size_t k = 0; k < 2; k++) {
			const uint8_t *o = bytes + i + 4 * k;

			word[k] = sum->big_endian ? (uint32_t)o[0] << 24 | (uint32_t)o[1] << 16 |
							    (uint32_t)o[2] << 8 | o[3]
						  : (uint32_t)o[3] << 24 | (uint32_t)o[2] << 16 |
							    (uint32_t)o[1] << 8 | o[0];
		}
		sum->a += word[0] + sum->b;
		sum->b += word[1] + sum->a;
	}
}

static bool sum_is(const struct sum *sum, struct wire_reader *r)
{
	uint32_t a = wire_get_u32(r), b = wire_get_u32(r);

	return a == sum->a && b == sum->b;
}

/* Frames that were read but not yet committed. */
struct frames {
	struct {
		uint32_t page;
		off_t at;
	} * items;
	size_t n, cap;
};

static void commit_frames(struct pages *pages, struct frames *frames, uint32_t n_pages)
{
	for (size_t i = 0; i < frames->n; i++) {
		uint32_t page = frames->items[i].page;

		if (!pages->in_log || page > pages->n_in_log) {
			pages->in_log = mem_grow(pages->in_log, &pages->cap_in_log, page,
						 sizeof(*pages->in_log));
			memset(pages->in_log + pages->n_in_log, 0,
			       (page - pages->n_in_log) * sizeof(*pages->in_log));
			pages->n_in_log = page;
		}
		pages->in_log[page - 1] = frames->items[i].at;
	}
	frames->n = 0;
	pages->n = n_pages;
}

static void read_frames(struct pages *pages, const uint32_t salt[2], struct sum sum,
			uint32_t pages_max)
{
	size_t size = FRAME_HEADER + pages->size;
	uint8_t *frame = mem_new(size, 1);
	struct frames frames = {.n = 0};

	for (off_t at = LOG_HEADER; read_at(pages->log_fd, frame, size, at); at += (off_t)size) {
		struct wire_reader r = wire_reader(frame, FRAME_HEADER);
		uint32_t page = wire_get_u32(&r), n_pages = wire_get_u32(&r);

		sum_add(&sum, frame, 8);
		sum_add(&sum, frame + FRAME_HEADER, pages->size);
		if (wire_get_u32(&r) != salt[0] || wire_get_u32(&r) != salt[1] ||
		    !sum_is(&sum, &r) || page == 0 || page > pages_max || n_pages > pages_max)
			break;
		frames.items =
			mem_grow(frames.items, &frames.cap, frames.n + 1, sizeof(*frames.items));
		frames.items[frames.n].page = page;
		frames.items[frames.n++].at = at + FRAME_HEADER;
		if (n_pages)
			commit_frames(pages, &frames, n_pages);
	}
	free(frames.items);
	free(frame);
}

/* Also says what size pages have, which the database may have lost. */
static void read_log(struct pages *pages)
{
	uint8_t header[LOG_HEADER];
	struct sum sum = {0};
	struct stat st;
	uint32_t salt[2];

	if (pages->log_fd < 0 || !read_at(pages->log_fd, header, sizeof(header), 0) ||
	    fstat(pages->log_fd, &st) < 0)
		return;
	struct wire_reader r = wire_reader(header, sizeof(header));
	uint32_t magic = wire_get_u32(&r);

	wire_get_u32(&r); /* version */
	uint32_t size = wire_get_u32(&r);

	wire_get_u32(&r); /* how often it was brought in */
	salt[0] = wire_get_u32(&r);
	salt[1] = wire_get_u32(&r);
	sum.big_endian = magic & 1;
	sum_add(&sum, header, LOG_HEADER - 8);
	if ((magic & ~1U) != LOG_MAGIC || !is_page_size(size) || !sum_is(&sum, &r))
		return;
	pages->size = size;
	read_frames(pages, salt, sum, pages->n + (uint32_t)(st.st_size / size) + 1);
}

/* --- records -------------------------------------------------------------------------------- */

/* SQLite's varint: seven bits an octet, the ninth has all eight. */
static uint64_t get_varint(struct wire_reader *r)
{
	uint64_t value = 0;

	for (int i = 0; i < 8; i++) {
		uint8_t octet = wire_get_u8(r);

		value = value << 7 | (octet & 0x7f);
		if (!(octet & 0x80))
			return value;
	}
	return value << 8 | wire_get_u8(r);
}

/* Two's complement, big-endian. */
static int64_t get_integer(struct wire_reader *r, size_t len)
{
	uint64_t value = 0;

	for (size_t i = 0; i < len; i++) {
		uint8_t octet = wire_get_u8(r);

		if (i == 0 && octet & 0x80)
			value = UINT64_MAX;
		value = value << 8 | octet;
	}
	return (int64_t)value;
}

static bool get_value(struct wire_reader *body, uint64_t serial, struct store_value *ret)
{
	static const uint8_t sizes[] = {0, 1, 2, 3, 4, 6, 8};

	*ret = (struct store_value){.type = STORE_NULL};
	if (serial == 0)
		return true;
	if (serial <= 6 || serial == 8 || serial == 9) {
		ret->type = STORE_INTEGER;
		ret->integer = serial > 6 ? (int64_t)serial - 8 : get_integer(body, sizes[serial]);
	} else if (serial == 7) {
		ret->type = STORE_REAL;
		wire_get_bytes(body, 8);
	} else if (serial >= 12 && (serial - 12) / 2 <= wire_left(body)) {
		ret->type = serial & 1 ? STORE_TEXT : STORE_BLOB;
		ret->len = (size_t)((serial - 12) / 2);
		ret->bytes = wire_get_bytes(body, ret->len);
	} else {
		return false;
	}
	return !body->bad;
}

static bool get_record(struct wire_reader *payload, struct store_record *ret)
{
	struct wire_reader whole = *payload;
	size_t before = wire_left(payload);
	uint64_t len = get_varint(payload);
	size_t used = before - wire_left(payload);

	if (payload->bad || len < used || len > before)
		return false;
	struct wire_reader header = wire_get_part(payload, (size_t)len - used);

	wire_get_bytes(&whole, (size_t)len);
	for (ret->n = 0; wire_left(&header) > 0; ret->n++) {
		uint64_t serial = get_varint(&header);

		if (ret->n == STORE_COLUMNS_MAX || header.bad ||
		    !get_value(&whole, serial, &ret->columns[ret->n]))
			return false;
	}
	return wire_left(&whole) == 0;
}

/* False if there is no record at that offset of the page. */
static bool take_cell(struct pages *pages, const uint8_t *page, uint16_t at, bool is_row)
{
	struct store_record record = {.is_row = is_row};

	if (at >= pages->size)
		return false;
	struct wire_reader r = wire_reader(page + at, pages->size - at);
	uint64_t len = get_varint(&r);

	if (is_row)
		record.rowid = (int64_t)get_varint(&r);
	if (r.bad || len > wire_left(&r))
		return false;
	struct wire_reader payload = wire_get_part(&r, (size_t)len);

	if (!get_record(&payload, &record))
		return false;
	pages->take(pages->arg, &record);
	return true;
}

/* False if it is damaged. */
static bool take_page(struct pages *pages, const uint8_t *page, uint32_t number)
{
	struct wire_reader r = wire_reader(page, pages->size);
	bool good = true;

	if (number == 1)
		wire_get_bytes(&r, FILE_HEADER);
	uint8_t type = wire_get_u8(&r);

	if (type == PAGE_INDEX_INNER || type == PAGE_TABLE_INNER)
		return true;
	if (type != PAGE_INDEX_LEAF && type != PAGE_TABLE_LEAF)
		return false;
	wire_get_u16(&r); /* first free block */
	uint16_t cells = wire_get_u16(&r);

	wire_get_u16(&r); /* where they begin */
	wire_get_u8(&r);  /* octets lost between them */
	for (uint16_t i = 0; i < cells && wire_left(&r) >= 2; i++)
		good = take_cell(pages, page, wire_get_u16(&r), type == PAGE_TABLE_LEAF) && good;
	return good;
}

/* --- pages ---------------------------------------------------------------------------------- */

static bool read_page(const struct pages *pages, uint32_t number, uint8_t *page)
{
	if (number <= pages->n_in_log && pages->in_log[number - 1])
		return read_at(pages->log_fd, page, pages->size, pages->in_log[number - 1]);
	return read_at(pages->fd, page, pages->size, (off_t)(number - 1) * pages->size);
}

/* How many pages one page of the map is for. */
static uint32_t map_reach(const struct pages *pages)
{
	return pages->size / MAP_ENTRY;
}

static bool is_map(const struct pages *pages, uint32_t number)
{
	return pages->has_map && number >= MAP_FIRST &&
	       (number - MAP_FIRST) % (map_reach(pages) + 1) == 0;
}

/* What the map says of a page; 0: nothing. */
static uint8_t mapped_as(struct pages *pages, uint32_t number)
{
	uint32_t reach = map_reach(pages) + 1, map, entry;

	if (!pages->has_map || number <= MAP_FIRST)
		return 0;
	map = (number - MAP_FIRST) / reach * reach + MAP_FIRST;
	entry = number - map - 1;
	if (pages->map_number != map && !read_page(pages, map, pages->map_page))
		return 0;
	pages->map_number = map;
	return pages->map_page[(size_t)entry * MAP_ENTRY];
}

/* Page 2 maps page 3 first, and that is the root of our first table, which has no parent. */
static void find_map(struct pages *pages)
{
	static const uint8_t root[MAP_ENTRY] = {MAP_ROOT};

	pages->map_page = mem_new(pages->size, 1);
	pages->has_map = pages->n >= MAP_FIRST && read_page(pages, MAP_FIRST, pages->map_page) &&
			 memcmp(pages->map_page, root, sizeof(root)) == 0;
}

static void take_pages(struct pages *pages)
{
	uint8_t *page = mem_new(pages->size, 1);

	find_map(pages);
	for (uint32_t number = 1; number <= pages->n; number++) {
		uint8_t as = mapped_as(pages, number);

		pages->count.pages++;
		pages->count.from_log += number <= pages->n_in_log && pages->in_log[number - 1];
		if (is_map(pages, number) || as == MAP_FREE)
			continue;
		if (!read_page(pages, number, page))
			pages->count.unreadable++;
		else if (!take_page(pages, page, number) || as > MAP_TREE)
			pages->count.damaged++;
	}
	free(page);
	free(pages->map_page);
}

int store_pages_read(int fd, int log_fd, void (*take)(void *arg, const struct store_record *record),
		     void *arg, struct store_pages_count *ret)
{
	struct pages pages = {.fd = fd, .log_fd = log_fd, .take = take, .arg = arg};
	uint8_t header[FILE_HEADER];
	struct stat st;

	if (fstat(fd, &st) < 0)
		return -errno;
	pages.size = PAGE_SIZE_USUAL;
	if (read_at(fd, header, sizeof(header), 0)) {
		struct wire_reader r = wire_reader(header, sizeof(header));

		wire_get_bytes(&r, PAGE_SIZE_AT);
		uint32_t said = wire_get_u16(&r);

		if (is_page_size(said))
			pages.size = said;
	}
	pages.n = (uint32_t)(st.st_size / pages.size);
	read_log(&pages);
	take_pages(&pages);
	free(pages.in_log);
	*ret = pages.count;
	return 0;
}

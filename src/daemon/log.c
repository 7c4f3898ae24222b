/* SPDX-License-Identifier: ISC */
/*
 * Log output. Lines are collected and written in pieces of at most PIPE_BUF octets, and only when
 * poll() says that standard error takes them: a reader that does not read loses lines, which are
 * counted and reported, and never stops the daemon.
 */
#include "config.h"

#include "daemon/log.h"

#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"

/* The one mutable thing outside struct daemon: every room of the shell logs. */
static struct {
	enum log_level level;
	struct logid ids;
	uint64_t lost;
	bool torn; /* the last line was written in part */
} log_state = {.level = LOG_LEVEL_INFO};

/*
 * A terminal says that it takes something when it takes one octet, and then has whoever writes more
 * wait until somebody reads. Opened once more it is told not to, and others who use it are not.
 */
void log_init(void)
{
	int fd = isatty(STDERR_FILENO)
			 ? open("/proc/self/fd/2", O_WRONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)
			 : -1;

	if (fd < 0)
		return;
	dup2(fd, STDERR_FILENO);
	close(fd);
}

void log_set_level(enum log_level level)
{
	log_state.level = level;
}

enum log_level log_get_level(void)
{
	return log_state.level;
}

void log_set_ids(const struct logid *ids)
{
	log_state.ids = *ids;
}

const struct logid *log_get_ids(void)
{
	return &log_state.ids;
}

bool log_level_parse(const char *name, enum log_level *ret)
{
	for (int level = LOG_LEVEL_ERROR; level <= LOG_LEVEL_DEBUG; level++) {
		if (strcmp(name, log_level_name((enum log_level)level)) == 0) {
			*ret = (enum log_level)level;
			return true;
		}
	}
	return false;
}

/* Writes up to PIPE_BUF octets, or nothing: then `lines` lines are lost. */
static void write_piece(const char *bytes, size_t len, uint64_t lines)
{
	struct pollfd fd = {.fd = STDERR_FILENO, .events = POLLOUT};
	ssize_t n = -1;

	if (len == 0)
		return;
	if (poll(&fd, 1, 0) == 1 && fd.revents & POLLOUT)
		n = write(STDERR_FILENO, bytes, len);
	if (n < 0 || (size_t)n < len)
		log_state.lost += lines;
	if (n > 0)
		log_state.torn = (size_t)n < len;
}

/* Lines on their way out. */
struct piece {
	char bytes[PIPE_BUF];
	size_t len;
	uint64_t lines;
};

static void piece_begin(struct piece *piece)
{
	piece->len = 0;
	piece->lines = 0;
	if (log_state.torn)
		piece->bytes[piece->len++] = '\n';
}

static void piece_flush(struct piece *piece)
{
	write_piece(piece->bytes, piece->len, piece->lines);
	piece_begin(piece);
}

static void piece_add(struct piece *piece, const struct logline *line)
{
	_Static_assert(LOGLINE_MAX < PIPE_BUF, "a line fits a piece");
	size_t len = line->text.len;

	if (len + 1 > sizeof(piece->bytes) - piece->len)
		piece_flush(piece);
	memcpy(piece->bytes + piece->len, line->bytes, len);
	piece->bytes[piece->len + len] = '\n';
	piece->len += len + 1;
	piece->lines++;
}

static void report_lost(void)
{
	struct logline line;
	MEM_UNINITIALIZED struct piece piece;
	uint64_t lost = log_state.lost;

	if (!lost)
		return;
	log_state.lost = 0;
	piece_begin(&piece);
	logline_begin(&line, LOG_LEVEL_WARNING, "log-lines-lost");
	logline_u64(&line, "lines", lost);
	piece_add(&piece, &line);
	piece.lines = lost;
	piece_flush(&piece);
}

struct logline *log_begin(struct logline *line, enum log_level level, const char *event)
{
	if (level > log_state.level)
		return NULL;
	logline_begin(line, level, event);
	line->ids = &log_state.ids;
	return line;
}

void log_end(struct logline *line)
{
	MEM_UNINITIALIZED struct piece piece;

	if (!line)
		return;
	report_lost();
	piece_begin(&piece);
	piece_add(&piece, line);
	piece_flush(&piece);
}

static void write_lines(const struct fx *fx)
{
	MEM_UNINITIALIZED struct piece piece;

	report_lost();
	piece_begin(&piece);
	for (size_t i = 0; i < fx->n_lines; i++)
		piece_add(&piece, &fx->lines[i]);
	piece_flush(&piece);
}

void log_fx(const struct fx *fx)
{
	/* Most steps say nothing: not even the room for a line is made ready then. */
	if (fx->n_lines)
		write_lines(fx);
}

/* SPDX-License-Identifier: ISC */
/*
 * The list of effects. Also the place where the rate of log lines that peers can cause is bounded:
 * a token bucket an event, with the number of lines left out in the next one that is written.
 */
#include "config.h"

#include "base/fx.h"

#include "base/mem.h"

/*
 * Lines a second and in a burst that one event may write: enough to see, too few to fill a disk. Of
 * leases that change each line is of worth; a warning is as true when it is not repeated.
 */
static const struct {
	uint32_t rate, burst;
} line_limits[] = {
	/* clang-format off */
	[LOG_LEVEL_ERROR]   = {1, 50},
	[LOG_LEVEL_WARNING] = {1, 50},
	[LOG_LEVEL_INFO]    = {50, 500},
	[LOG_LEVEL_DEBUG]   = {50, 500},
	/* clang-format on */
};

struct fx *fx_new(enum log_level level)
{
	struct fx *fx = mem_new(1, sizeof(*fx));

	fx->level = level;
	return fx;
}

void fx_clear(struct fx *fx, mtime now)
{
	fx->now = now;
	fx->n_sends = 0;
	fx->n_lines = 0;
	fx->n_dns = 0;
	fx->used = 0;
}

uint8_t *fx_room(struct fx *fx, size_t *ret_room)
{
	*ret_room = fx->n_sends < FX_SENDS ? sizeof(fx->bytes) - fx->used : 0;
	return fx->bytes + fx->used;
}

bool fx_send(struct fx *fx, const struct fx_send *how, size_t len)
{
	if (fx->n_sends == FX_SENDS || len > sizeof(fx->bytes) - fx->used) {
		fx->lost++;
		return false;
	}
	struct fx_send *send = &fx->sends[fx->n_sends++];

	*send = *how;
	send->data = fx->bytes + fx->used;
	send->len = len;
	fx->used += len;
	return true;
}

/* NULL when there are more events than places: such a line is not bounded, and not counted. */
static struct fx_event *find_event(struct fx *fx, const char *name)
{
	for (size_t i = 0; i < fx->n_events; i++) {
		if (fx->events[i].name == name)
			return &fx->events[i];
	}
	if (fx->n_events == FX_EVENTS)
		return NULL;
	fx->events[fx->n_events].name = name;
	return &fx->events[fx->n_events++];
}

struct logline *fx_log(struct fx *fx, enum log_level level, const char *name)
{
	struct fx_event *event;

	if (level > fx->level)
		return NULL;
	event = find_event(fx, name);
	if (event && !bucket_take(&event->bucket, fx->now, line_limits[level].rate,
				  line_limits[level].burst)) {
		event->suppressed++;
		return NULL;
	}
	if (fx->n_lines == FX_LINES) {
		fx->lost++;
		return NULL;
	}
	fx->levels[fx->n_lines] = level;
	struct logline *line = &fx->lines[fx->n_lines++];

	logline_begin(line, level, name);
	line->ids = fx->ids;
	if (event && event->suppressed) {
		logline_u64(line, "suppressed", event->suppressed);
		event->suppressed = 0;
	}
	return line;
}

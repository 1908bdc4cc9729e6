/* SPDX-License-Identifier: MIT */
/*
 * reset_row.c - a chip that is reset again and again, by its program or a watchdog: that is reported
 * once for the row, with the core that does it, and not for each reset.
 */
#include "targets/board/board_internal.h"
#include "targets/chip/vitals.h"

#include "transport/base/log.h"

/* A watchdog bites within seconds; a button bounces for some milliseconds, and a hand presses it
 * less often. */
enum { ROW_GAP_US = 5000000, ROW_LEAST_US = 1000000, ROW_LEAST = 5 };
enum { SOURCE_TRIES = 4 };
enum { US_PER_100_MS = 100000, TENTHS = 10 };

static uint64_t
now_us(const struct board *board)
{
	return clock_now_us(board_clock(board));
}

void
reset_row_add(struct board *board, unsigned core)
{
	struct board_run *run = &board->runs[core];
	struct reset_row *row = &board->row;
	uint64_t now = now_us(board);

	if (run->resets == 0 || now - run->reset_seen_us > ROW_GAP_US) {
		run->resets = 0;
		run->row_us = now;
	}
	run->resets++;
	row->last_us = now;
	if (run->resets > row->len || !row->is_on)
		row->len = run->resets;
	if (row->is_on || run->resets < ROW_LEAST || now - run->row_us < ROW_LEAST_US)
		return;
	row->is_on = row->is_due = true;
	row->took_us = now - run->row_us;
}

bool
reset_row_is_near(const struct board *board)
{
	return board->row.last_us != 0 && now_us(board) - board->row.last_us <= ROW_GAP_US;
}

/* The core whose program, or watchdog, has set one of its flags; NULL: none alone. */
static const struct core_entry *
find_culprit(const struct board *board)
{
	const struct device *device = board->chip.device;
	const struct core_entry *culprit = NULL;

	for (unsigned i = 0; device != NULL && i < DEVICE_MAX_CORES; i++) {
		const struct core_entry *entry = &device->cores[i];

		if (entry->name == NULL || (board->reset_flags & entry->reset_flags) == 0)
			continue;
		if (culprit != NULL)
			return NULL;
		culprit = entry;
	}
	return culprit;
}

static bool
is_by_watchdog(const struct board *board)
{
	const struct vitals *vitals = vitals_of(board->table, board->chip.device);

	return vitals != NULL && board->has_reset_flags &&
	       (board->reset_flags & vitals->watchdog) != 0;
}

static void
compose(struct board *board)
{
	struct reset_row *row = &board->row;
	const struct core_entry *culprit;
	const char *name;
	char words[REASON_LINE_MAX];
	struct text text;

	culprit = board->has_reset_flags ? find_culprit(board) : NULL;
	name = culprit != NULL && board->cores_len > 1 ? culprit->name : NULL;
	text_init(&text, words, sizeof(words));
	text_add(&text,
		 "the chip is reset again and again, %u times in %u.%u s, and not by this "
		 "server",
		 row->len, (unsigned)(row->took_us / US_PER_100_MS / TENTHS),
		 (unsigned)(row->took_us / US_PER_100_MS % TENTHS));
	reset_source_add_latest(board, name, &text);
	if (name != NULL)
		text_add(&text, "; \"monitor %s halt\" ends it", name);
	row->why = (struct reason)REASON_INIT;
	reason_begin(&row->why, CAUSE_REQUEST, "%s", words);
	reason_suspect(&row->why, is_by_watchdog(board) ? FINDING_C6 : FINDING_C8);
}

static void
remark(struct board *board, const char *words)
{
	struct board_event event = { .kind = EVENT_REMARK, .words = words };

	board_report(board, &event);
}

static void
report_begin(struct board *board)
{
	char line[REASON_SPACE], words[2 * REASON_LINE_MAX];

	compose(board);
	reason_line(&board->row.why, line, sizeof(line));
	log_warning("board", "%s", line);
	snprintf(words, sizeof(words),
		 "%s. Its resets are not reported one by one from here on\ntry: %s",
		 reason_root(&board->row.why), reason_remedy(&board->row.why));
	remark(board, words);
}

static void
report_end(struct board *board)
{
	char words[160];

	snprintf(words, sizeof(words),
		 "the chip has not been reset for %u s, after %u resets that were seen; "
		 "breakpoints and watchpoints are in place",
		 (unsigned)(ROW_GAP_US / US_PER_100_MS / TENTHS), board->row.len);
	board->row = (struct reset_row){ 0 };
	log_info("board", "%s", words);
	remark(board, words);
}

void
reset_row_turn(struct board *board)
{
	struct reset_row *row = &board->row;

	if (row->is_due && (reset_source_is_known(board) || ++row->tries == SOURCE_TRIES)) {
		row->is_due = false;
		report_begin(board);
	} else if (row->is_on && !row->is_due &&
		   now_us(board) - row->last_us > ROW_GAP_US) {
		report_end(board);
	}
}

const struct reason *
board_reset_row(const struct board *board)
{
	return board->row.is_on && !board->row.is_due ? &board->row.why : NULL;
}

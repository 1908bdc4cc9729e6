/* SPDX-License-Identifier: MIT */
/*
 * reset_source.c - what reset the chip, by the reset flags of RCC. They stay until the program
 * clears them (RMVF), and the server does not: a flag that was set before says nothing new.
 */
#include "targets/board/board_internal.h"
#include "targets/chip/vitals.h"

/* Both cores of a chip see one reset. */
enum { SAME_RESET_US = 100000 };

struct source {
	uint32_t bits;
	const char *words;
};

enum { SOURCES = 4 };

static void
list_sources(const struct vitals *vitals, struct source *sources)
{
	sources[0] = (struct source){ vitals->watchdog, "a watchdog" };
	sources[1] = (struct source){ vitals->software, "software (SYSRESETREQ)" };
	sources[2] =
		(struct source){ vitals->low_power,
				 "entering a low-power mode that the option bytes forbid" };
	sources[3] = (struct source){ vitals->power, "its supply" };
}

static const char *
name_of(const struct vitals *vitals, uint32_t flags)
{
	struct source sources[SOURCES];

	list_sources(vitals, sources);
	for (size_t i = 0; i < SOURCES; i++)
		if ((flags & sources[i].bits) != 0)
			return sources[i].words;
	return NULL;
}

/* NULL: the flags of this family are not known. */
static const struct vitals *
vitals_with_flags(const struct board *board)
{
	const struct vitals *vitals = vitals_of(board->table, board->chip.device);

	return vitals != NULL && vitals->flags_at != 0 && vitals->pin != 0 ? vitals : NULL;
}

void
board_keep_flags(struct board *board)
{
	const struct vitals *vitals = vitals_with_flags(board);
	/* Then a reset is reported without its source. */
	struct reason unread = REASON_INIT;

	board->has_reset_flags =
		vitals != NULL && mem_read32(&board_main_core(board)->mem, vitals->flags_at,
					     &board->reset_flags, &unread) == CAUSE_NONE;
}

/* The supply is left out of what may have come again: without it the debug port is lost. */
static void
tell_source(const struct vitals *vitals, uint32_t before, uint32_t now, struct text *text)
{
	uint32_t all = vitals->pin | vitals->watchdog | vitals->software | vitals->power |
		       vitals->low_power;
	const char *fresh = name_of(vitals, now & ~before);
	const char *again = name_of(vitals, now & ~vitals->power);

	if ((now & all) == 0)
		text_add(text, "by what is not known: its program has cleared the flags");
	else if (fresh != NULL)
		text_add(text, "by %s", fresh);
	else if (again != NULL)
		text_add(text,
			 "by its reset pin, or again by %s, whose flag was set before",
			 again);
	else
		text_add(text, "by its reset pin");
	text_add(text, " (RCC's reset flags at 0x%08x: 0x%08x, before 0x%08x)",
		 (unsigned)vitals->flags_at, (unsigned)(now & all),
		 (unsigned)(before & all));
}

bool
reset_source_is_known(struct board *board)
{
	const struct vitals *vitals = vitals_with_flags(board);

	board_keep_flags(board);
	return vitals != NULL && board->has_reset_flags &&
	       name_of(vitals, board->reset_flags & ~vitals->power) != NULL;
}

void
reset_source_add_latest(struct board *board, const char *core, struct text *text)
{
	const struct vitals *vitals = vitals_with_flags(board);
	const char *name = vitals == NULL || !board->has_reset_flags
				   ? NULL
				   : name_of(vitals, board->reset_flags & ~vitals->power);

	if (name == NULL)
		return;
	text_add(text, ": by %s%s%s (RCC's reset flags at 0x%08x: 0x%08x)", name,
		 core != NULL ? " of " : "", core != NULL ? core : "",
		 (unsigned)vitals->flags_at, (unsigned)board->reset_flags);
}

const char *
board_reset_source(struct board *board)
{
	const struct vitals *vitals = vitals_with_flags(board);
	uint64_t now_us = clock_now_us(board_clock(board));
	bool had_flags = board->has_reset_flags;
	uint32_t before = board->reset_flags;
	struct text text;

	if (board->source_us != 0 && now_us - board->source_us <= SAME_RESET_US)
		return board->reset_source;
	board->source_us = now_us;
	text_init(&text, board->reset_source, sizeof(board->reset_source));
	board_keep_flags(board);
	if (had_flags && board->has_reset_flags)
		tell_source(vitals, before, board->reset_flags, &text);
	return board->reset_source;
}

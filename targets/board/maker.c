/* SPDX-License-Identifier: MIT */
/* maker.c - who made the chip, and what a copy of an STM32 has otherwise. */
#include "targets/board/board_internal.h"
#include "transport/base/log.h"

/* RAM of a chip that is in no table: where DDI 0403E.e B3.1 has it, in the steps of STM32 parts, at
 * most as much as the largest. */
enum { RAM_AT = 0x20000000, RAM_STEP = 1024, RAM_MOST = 4 * 1024 * 1024, WORD_SIZE = 4 };
enum { DPIDR_VERSION_SHIFT = 12, DPIDR_VERSION_BITS = 0xf };

/* No STM32 with a debug port of version 2 is known to have a copy (clone.h, its sources): only
 * the others are asked who made them, and chips that are in no table. */
static bool
is_worth_asking(const struct board *board)
{
	return board->chip.device == NULL ||
	       (board->dap.dpidr >> DPIDR_VERSION_SHIFT & DPIDR_VERSION_BITS) < 2;
}

/* A ROM table that does not answer says nothing. */
static enum cause
read_designer(struct board *board, struct clone_evidence *seen, struct reason *why)
{
	enum cause cause = rom_table_read_designer(&board_main_core(board)->mem,
						   &seen->designer, &seen->part, why);

	return cause == CAUSE_FAULT || cause == CAUSE_UNSUPPORTED ? CAUSE_NONE : cause;
}

static void
add_parts(uint32_t idcode, struct text *words)
{
	const struct artery_part *part = artery_part_find(idcode, NULL);

	for (bool is_first = true; part != NULL; is_first = false) {
		text_add(words, "%s%s: %u KiB of flash in pages of %u bytes",
			 is_first ? ": by its IDCODE " : ", or ", part->name,
			 part->flash_kib, part->page_size);
		part = artery_part_find(idcode, part);
	}
}

/* The value of each thing that a copy is known by, beside what an STM32 has. */
static void
begin_with_evidence(struct board *board, const struct clone_evidence *seen)
{
	char rom[64] = "its ROM table cannot be read";
	struct text text;

	text_init(&text, rom, sizeof(rom));
	if (seen->designer != 0)
		text_add(&text, "its ROM table names JEP106 0x%03x, part 0x%03x",
			 seen->designer, seen->part);
	reason_begin(&board->copy_why, CAUSE_UNSUPPORTED,
		     "%s (ST's: 0x%03x); CPUID is 0x%08x (%s), DPIDR 0x%08x, IDCODE 0x%08x",
		     rom, JEP106_ST, (unsigned)seen->cpuid,
		     board_main_core(board)->identity.name, (unsigned)seen->dpidr,
		     (unsigned)seen->idcode);
}

static void
say_what_is_served(struct board *board)
{
	const struct clone *clone = board->clone;
	const struct chip *chip = &board->chip;
	char words[256];
	struct text text;

	text_init(&text, words, sizeof(words));
	add_parts(chip->idcode, &text);
	if (chip->device != NULL)
		reason_while(&board->copy_why, "it is served as %s, with %u KiB of flash",
			     chip->device->name, (unsigned)chip->flash_kib);
	else
		reason_while(&board->copy_why, "its core and its RAM can be debugged%s",
			     words);
	reason_while(&board->copy_why, "the chip is not made by ST: it is a %s",
		     clone->name);
	reason_suspect(&board->copy_why, FINDING_D12);
}

enum cause
board_find_maker(struct board *board, struct reason *why)
{
	struct clone_evidence seen = { .dpidr = board->dap.dpidr,
				       .cpuid = board_main_core(board)->identity.cpuid,
				       .idcode = board->chip.idcode != 0
							 ? board->chip.idcode
							 : board->odd_id,
				       .device = board->chip.device };
	enum cause cause = CAUSE_NONE;

	board->clone = NULL;
	if (!is_worth_asking(board))
		return CAUSE_NONE;
	cause = read_designer(board, &seen, why);
	if (cause != CAUSE_NONE)
		return reason_while(why, "looking for the maker of the chip");
	board->rom_designer = seen.designer;
	board->rom_part = seen.part;
	board->clone = clone_find(&seen);
	if (board->clone != NULL)
		begin_with_evidence(board, &seen);
	return CAUSE_NONE;
}

/* GD32 have the size of their SRAM behind that of their flash. */
static enum cause
take_ram_kib(struct board *board, struct reason *why)
{
	uint32_t kib = 0;
	enum cause cause = mem_read_width(&board_main_core(board)->mem, 2,
					  board->chip.device->size_word.at + 2, &kib, why);

	if (cause == CAUSE_FAULT)
		return CAUSE_NONE;
	if (cause == CAUSE_NONE)
		chip_set_ram(&board->chip, kib);
	return cause;
}

enum cause
board_take_copy(struct board *board, struct reason *why)
{
	const struct clone *clone = board->clone;
	struct chip *chip = &board->chip;
	char words[REASON_SPACE];
	enum cause cause = CAUSE_NONE;

	if (clone == NULL)
		return CAUSE_NONE;
	if (chip->device != NULL && clone->has_ram_kib)
		cause = take_ram_kib(board, why);
	if (cause != CAUSE_NONE)
		return reason_while(why, "reading the size of the RAM");
	if (clone->pages_until_kib != 0 && chip->flash_kib > clone->pages_until_kib)
		chip_flash_differs(chip, clone->name,
				   "its pages from 512 KiB on have 4 KiB");
	else if (clone->flash_differs != NULL)
		chip_flash_differs(chip, clone->name, clone->flash_differs);
	say_what_is_served(board);
	reason_line(&board->copy_why, words, sizeof(words));
	log_warning("board", "%s", words);
	return CAUSE_NONE;
}

/* Reads, so that nothing on the chip changes. */
static enum cause
answers(struct board *board, uint32_t at, bool *does, struct reason *why)
{
	uint32_t word;
	enum cause cause = mem_read32(&board_main_core(board)->mem, at, &word, why);

	*does = cause == CAUSE_NONE;
	return cause == CAUSE_FAULT ? CAUSE_NONE : cause;
}

/* Between `size`, which answers, and twice that, of which the end does not. */
static enum cause
narrow(struct board *board, uint32_t *size, struct reason *why)
{
	enum cause cause = CAUSE_NONE;

	for (uint32_t half = *size / 2; half >= RAM_STEP && cause == CAUSE_NONE;
	     half /= 2) {
		bool does = false;

		cause = answers(board, RAM_AT + *size + half - WORD_SIZE, &does, why);
		if (does)
			*size += half;
	}
	return cause;
}

enum cause
board_look_for_ram(struct board *board, struct reason *why)
{
	uint32_t size = RAM_STEP;
	bool does = false;
	enum cause cause = answers(board, RAM_AT + size - WORD_SIZE, &does, why);

	if (cause != CAUSE_NONE || !does)
		return cause;
	while (cause == CAUSE_NONE && does && size < RAM_MOST) {
		cause = answers(board, RAM_AT + 2 * size - WORD_SIZE, &does, why);
		if (does)
			size *= 2;
	}
	if (cause == CAUSE_NONE && !does)
		cause = narrow(board, &size, why);
	if (cause == CAUSE_NONE)
		chip_add_ram_found(&board->chip, size);
	return cause;
}

/* SPDX-License-Identifier: MIT */
#include "targets/board/board_internal.h"
#include "transport/base/log.h"

#include <string.h>

/* DBGMCU_IDCODE, the same in every STM32: RM0440 Rev 8, debug support. */
#define IDCODE(F)                          \
	F(IDCODE, DEV_ID, 0, 12, "device") \
	F(IDCODE, REV_ID, 16, 16, "revision")
REG_CONSTANTS(IDCODE);

#define UNPROGRAMMED_SIZE 0xffffu /* of the flash size word */

static enum cause
open_core(struct board *board, struct core *core, uint8_t ap, struct reason *why)
{
	enum cause cause = mem_ap_open(&core->mem, &board->dap, ap, why);

	return cause == CAUSE_NONE ? core_identify(core, why) : cause;
}

/* A core that was here before keeps its breakpoints, which core_claim() puts back; those
 * in RAM may be gone with what was in it. */
static struct core *
first_core(struct board *board)
{
	struct core *core = &board->cores[0];

	if (board->cores_len == 0)
		core_init(core, NULL, &board->map, board->options.halt_timeout_ms);
	core->planted_len = 0;
	core_left_halt(core);
	return core;
}

/* Is this the first device of the table whose first core has that port? */
static bool
is_new_port(size_t index)
{
	for (size_t i = 0; i < index; i++)
		if (device_table[i]->cores[0].ap == device_table[index]->cores[0].ap)
			return false;
	return true;
}

enum cause
board_find_core(struct board *board, struct reason *why)
{
	struct core *core = first_core(board);
	enum cause cause = CAUSE_UNSUPPORTED;

	for (size_t i = 0; i < device_table_len; i++) {
		if (!is_new_port(i))
			continue;
		cause = open_core(board, core, device_table[i]->cores[0].ap, why);
		if (cause == CAUSE_NONE)
			board->cores_len = board->cores_len == 0 ? 1 : board->cores_len;
		if (cause == CAUSE_NONE || cause == CAUSE_GONE || cause == CAUSE_TIMEOUT)
			break;
	}
	return cause == CAUSE_NONE ? cause
				   : reason_while(why, "looking for a Cortex-M core");
}

/* Is this the first device of the table with that address of the IDCODE? */
static bool
is_new_idcode_at(size_t index)
{
	for (size_t i = 0; i < index; i++)
		if (device_table[i]->idcode_at == device_table[index]->idcode_at)
			return false;
	return true;
}

/* Looks wherever the devices of the table have it. What refuses to be read is not a chip of
 * that line, *found is NULL when there is none; what a failing probe says is not about the
 * chip. */
static enum cause
find_device(struct board *board, const struct device **found, struct reason *why)
{
	struct mem_ap *mem = &board->cores[0].mem;

	*found = NULL;
	board->idcode = 0;
	for (size_t i = 0; i < device_table_len && *found == NULL; i++) {
		uint32_t at = device_table[i]->idcode_at;
		uint32_t idcode = 0;
		enum cause cause;

		if (device_table[i]->cores[0].ap != mem->ap || !is_new_idcode_at(i))
			continue;
		cause = mem_read32(mem, at, &idcode, why);
		if (cause != CAUSE_NONE && cause != CAUSE_FAULT)
			return reason_while(why, "identifying the chip");
		if (cause != CAUSE_NONE || idcode == 0)
			continue;
		board->idcode = idcode;
		*found = device_by_id(at, (uint16_t)REG_GET(idcode, IDCODE_DEV_ID));
	}
	return CAUSE_NONE;
}

/* The size word may be unprogrammed on early silicon, or refused (RDP level 1 on F1): then
 * the largest part of the line is assumed, as ST's own tools do. A probe or a wire that fails
 * says nothing about the part. */
static enum cause
read_flash_size(struct board *board, struct reason *why)
{
	const struct device *device = board->device;
	char seen[32];
	struct text text;
	uint32_t kib = 0;
	enum cause cause =
		mem_read_width(&board->cores[0].mem, 2, device->flash_size_at, &kib, why);

	if (cause != CAUSE_NONE && cause != CAUSE_FAULT)
		return reason_while(why, "reading the size of the flash");
	board->flash_kib = kib;
	if (cause == CAUSE_NONE && kib != 0 && kib <= device->max_flash_kib)
		return CAUSE_NONE;
	board->flash_kib = device->max_flash_kib;
	if (cause == CAUSE_NONE && kib == UNPROGRAMMED_SIZE)
		return CAUSE_NONE;
	text_init(&text, seen, sizeof(seen));
	if (cause == CAUSE_NONE)
		text_add(&text, "reads %u KiB", (unsigned)kib);
	else
		text_add(&text, "cannot be read");
	log_warning("board", "the flash size word at 0x%08x %s; %u KiB are assumed",
		    (unsigned)device->flash_size_at, seen, (unsigned)device->max_flash_kib);
	return CAUSE_NONE;
}

static const struct flash_layout *
choose_layout(const struct device *device, uint32_t option)
{
	for (size_t i = 0; i < DEVICE_MAX_LAYOUTS; i++) {
		const struct flash_layout *layout = &device->layouts[i];

		if (layout->banks[0].share != 0 &&
		    (option & layout->option_mask) == layout->option_value)
			return layout;
	}
	return NULL;
}

/* A layout that is guessed would erase the wrong sectors, so an option register that
 * is refused leaves none. */
static enum cause
read_layout(struct board *board, struct reason *why)
{
	char words[512];
	uint32_t option = 0;
	enum cause cause = CAUSE_NONE;

	if (board->device->option_at != 0)
		cause = mem_read32(&board->cores[0].mem, board->device->option_at, &option,
				   why);
	board->layout = NULL;
	if (cause != CAUSE_NONE && cause != CAUSE_FAULT)
		return reason_while(why, "reading the layout of the flash");
	if (cause == CAUSE_NONE) {
		board->layout = choose_layout(board->device, option);
		return CAUSE_NONE;
	}
	reason_line(why, words, sizeof(words));
	log_warning("board", "flash cannot be used, its layout is not known: %s", words);
	return CAUSE_NONE;
}

/* Who made a chip that is in no table: many that pass for an STM32 are not from ST. */
static void
describe_designer(struct board *board, struct text *text)
{
	struct reason unread = REASON_INIT;
	struct rom_table table = { 0 };

	if (rom_table_read(&board->cores[0].mem, &table, &unread) != CAUSE_NONE)
		return;
	text_add(text, ", %s (JEP106 0x%03x, part 0x%03x)",
		 table.designer == JEP106_ST ? "by ST" : "not by ST",
		 (unsigned)table.designer, (unsigned)table.part);
}

static void
describe(struct board *board)
{
	const struct core *core = &board->cores[0];
	struct text text;

	text_init(&text, board->description, sizeof(board->description));
	if (board->device != NULL) {
		text_add(&text, "%s, revision 0x%04x, %u KiB of flash, %s",
			 board->device->name,
			 (unsigned)REG_GET(board->idcode, IDCODE_REV_ID),
			 (unsigned)board->flash_kib, core->identity.name);
		return;
	}
	text_add(&text, "unknown chip (DEV_ID 0x%03x, IDCODE 0x%08x), %s",
		 (unsigned)REG_GET(board->idcode, IDCODE_DEV_ID), (unsigned)board->idcode,
		 core->identity.name);
	describe_designer(board, &text);
}

static enum cause
find_target(struct board *board, const char *name, const struct device **device,
	    struct reason *why)
{
	const struct device *identified;
	enum cause cause = find_device(board, &identified, why);

	*device = identified;
	if (cause != CAUSE_NONE || name == NULL)
		return cause;
	*device = device_by_name(name);
	if (*device != NULL && identified != NULL && *device != identified)
		log_warning("board", "taken for %s as asked; it says it is %s",
			    (*device)->name, identified->name);
	if (*device != NULL)
		return CAUSE_NONE;
	cause = reason_begin(why, CAUSE_REQUEST,
			     "no single device in the table is called \"%s\"", name);
	reason_suspect(why, FINDING_REQUEST_NO_SUCH_PART);
	return cause;
}

enum cause
board_identify(struct board *board, struct reason *why)
{
	const struct device *device = NULL;
	enum cause cause = find_target(board, board->options.target, &device, why);

	if (cause != CAUSE_NONE)
		return cause;
	if (device != board->device)
		board->has_saved_bits = false;
	board->device = device;
	board->layout = NULL;
	board->flash_kib = 0;
	if (device != NULL) {
		cause = read_flash_size(board, why);
		if (cause == CAUSE_NONE)
			cause = read_layout(board, why);
		if (cause != CAUSE_NONE)
			return cause;
	}
	describe(board);
	if (device == NULL)
		log_warning("board",
			    "%s is not in the device table: it can be debugged, but its "
			    "flash cannot be programmed",
			    board->description);
	return CAUSE_NONE;
}

enum cause
board_open_cores(struct board *board, struct reason *why)
{
	const struct core_entry *entries;
	enum cause cause = CAUSE_NONE;

	if (board->device == NULL)
		return CAUSE_NONE;
	entries = board->device->cores;
	board->cores[0].name = entries[0].name;
	for (unsigned i = 1; i < DEVICE_MAX_CORES && entries[i].name != NULL; i++) {
		if (board->cores_len <= i)
			core_init(&board->cores[i], entries[i].name, &board->map,
				  board->options.halt_timeout_ms);
		cause = open_core(board, &board->cores[i], entries[i].ap, why);
		if (cause != CAUSE_NONE)
			return reason_while(why, "opening core %s", entries[i].name);
		board->cores_len = i + 1;
	}
	return cause;
}

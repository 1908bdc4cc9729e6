/* SPDX-License-Identifier: MIT */
/*
 * fake_chip.h - a board with one core, made up: stands in for targets/ where the
 * flash room asks for a board or a core. To be included by one file of a test
 * program, since it defines the functions of targets/board/board.h and core.h.
 *
 * Memory is a fake probe's. The core executes nothing: once a call lies in the
 * loader's mailbox it is `reads_per_call` looks later done by the test's own
 * function, or never.
 */
#ifndef TEST_UNIT_FLASH_FAKE_CHIP_H
#define TEST_UNIT_FLASH_FAKE_CHIP_H

#include "flash/algorithms/examine.h"
#include "flash/algorithms/mailbox.h"
#include "targets/board/board.h"
#include "test/unit/fake_probe.h"
#include "transport/base/bytes.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "flash/algorithms/examine_algorithm.h"
#include "flash/algorithms/examine_mainline_algorithm.h"

enum {
	CHIP_REGISTERS = 64,
	CHIP_RAM_AT = 0x20000000,
	CHIP_RAM_SIZE = 0x4000,
	CHIP_FLASH_AT = 0x08000000,
	CHIP_FLASH_SIZE = 0x20000,
	CHIP_CONTROLLER_AT = 0x40022000,
	CHIP_CONTROLLER_SIZE = 0x200,
	CHIP_STACK = 256, /* the algorithms' stack_size: below the mailbox */
	CHIP_VECTORS_AT = CHIP_RAM_AT + CHIP_STACK,
	CHIP_MAILBOX_AT = CHIP_VECTORS_AT + 32,
	CHIP_VTOR = 0x08000000
};

struct core {
	struct mem_ap mem;
	struct core_identity identity;
	bool is_running, was_reset, is_released;
	enum core_state state; /* while it runs, as core_poll() has it */
	struct halt halt;
	uint64_t registers[CHIP_REGISTERS];
};

struct board {
	struct chip chip;
	bool is_fast; /* the SWD clock was raised, and is not distrusted yet */
	bool are_banks_swapped;
};

struct fake_chip;
typedef uint32_t
chip_function(struct fake_chip *chip, uint32_t function, const uint32_t *r);

struct fake_chip {
	struct fake_probe *fake;
	struct dap dap;
	struct core core, other; /* `other` only when has_other */
	bool has_other;
	struct board board;
	uint8_t *ram, *flash, *controller, *ppb;
	uint32_t mailbox[sizeof(struct mailbox) / sizeof(uint32_t)];
	chip_function *call; /* NULL: calls never return */
	unsigned reads_per_call, reads_left;
	bool is_stopped;        /* and the call that ran then has ended */
	bool ram_reads_zero;    /* the mailbox does */
	bool is_seen_late;      /* when the server looks, all that was posted has ended */
	unsigned examined;      /* calls */
	bool examine_is_a_call; /* of `call`'s */
	/* Lists that begin here or above are written over, as by DMA; 0: none. */
	uint32_t spoils_from;
};

/* core.h and board.h hand out no context; a test has one chip. */
static struct fake_chip *chip_now;

static inline uint32_t *
chip_mailbox_word(struct fake_chip *chip, size_t offset)
{
	return &chip->mailbox[offset / sizeof(uint32_t)];
}
#define MAILBOX(chip, field) (*chip_mailbox_word((chip), offsetof(struct mailbox, field)))

static inline uint32_t
chip_code_at(const struct fake_chip *chip, const uint8_t *code, uint32_t size)
{
	for (uint32_t i = 0; i + size <= CHIP_RAM_SIZE; i += 4)
		if (memcmp(chip->ram + i, code, size) == 0)
			return CHIP_RAM_AT + i;
	return 0;
}

/* Examine of algorithms/examine_code.h, by its machine code in RAM; 0: it is not there. */
static inline uint32_t
chip_examine_at(const struct fake_chip *chip)
{
	uint32_t at = chip_code_at(chip, examine_code, sizeof(examine_code));

	if (at != 0)
		return at + EXAMINE_Examine;
	at = chip_code_at(chip, examine_mainline_code, sizeof(examine_mainline_code));
	return at == 0 ? 0 : at + EXAMINE_MAINLINE_Examine;
}

static inline void
chip_examine(struct fake_chip *chip, const uint32_t *r)
{
	for (uint32_t i = 0; i < r[1]; i++) {
		uint8_t *entry = chip->ram + (r[0] - CHIP_RAM_AT) + i * 16;
		const uint8_t *bytes = chip->flash + (le32_get(entry) - CHIP_FLASH_AT);
		uint32_t hash[2] = { 0, 0 };

		for (uint32_t at = 0; at < le32_get(entry + 4); at += 4)
			hash_add(hash, le32_get(bytes + at));
		le32_put(entry + 8, hash[0]);
		le32_put(entry + 12, hash[1]);
	}
	if (chip->spoils_from != 0 &&
	    le32_get(chip->ram + (r[0] - CHIP_RAM_AT)) >= chip->spoils_from)
		le32_put(chip->ram + (r[0] - CHIP_RAM_AT), 0x0000a000);
	chip->examined++;
}

static inline struct mailbox_call *
chip_next_call(struct fake_chip *chip)
{
	return (struct mailbox_call *)&MAILBOX(chip,
					       calls[MAILBOX(chip, done) % MAILBOX_CALLS]);
}

static inline uint32_t
chip_run_call(struct fake_chip *chip, struct mailbox_call *call)
{
	if (call->function - 1 != chip_examine_at(chip) || chip->examine_is_a_call)
		return chip->call(chip, call->function, &call->r0);
	chip_examine(chip, &call->r0);
	return 0;
}

/* A call begins when it is posted, or when the one before it ends; and ends although the caller was
 * stopped meanwhile. */
static inline bool
chip_is_calling(struct fake_chip *chip)
{
	uint32_t result = MAILBOX(chip, result);

	return chip->core.is_running && (chip_next_call(chip)->function & 1) != 0 &&
	       (result == 0 || (result == (uint32_t)MAILBOX_STOP && !chip->is_stopped));
}

/* Runs a call whose time has come. */
static inline void
chip_run_next_call(struct fake_chip *chip)
{
	struct mailbox_call *call = chip_next_call(chip);
	uint32_t status;

	if (!chip_is_calling(chip) || chip->call == NULL)
		return;
	if (chip->reads_left-- > 1)
		return;
	status = chip_run_call(chip, call);
	chip->reads_left = chip->reads_per_call;
	chip->is_stopped = MAILBOX(chip, result) != 0;
	if (status != 0) {
		MAILBOX(chip, result) = status;
		return;
	}
	call->function = MAILBOX_NONE;
	MAILBOX(chip, done)++;
}

/* Just before the server looks. */
static inline void
chip_let_core_run(struct fake_chip *chip)
{
	do
		chip_run_next_call(chip);
	while (chip->is_seen_late && chip->call != NULL && chip_is_calling(chip));
}

static inline enum swd_ack
chip_mailbox_hook(void *context, struct fake_access *access)
{
	struct fake_chip *chip = context;
	uint32_t *word = chip_mailbox_word(chip, access->at - CHIP_MAILBOX_AT);

	assert(access->width == 4);
	if (access->is_write) {
		if ((chip_next_call(chip)->function & 1) == 0)
			chip->reads_left = chip->reads_per_call;
		*word = access->value;
		if (word == &MAILBOX(chip, result) && *word == 0)
			chip->is_stopped = false;
		return ACK_OK;
	}
	if (word == &MAILBOX(chip, done) || word == &MAILBOX(chip, is_calling))
		chip_let_core_run(chip);
	MAILBOX(chip, is_calling) = chip_is_calling(chip);
	access->value = chip->ram_reads_zero ? 0 : *word;
	return ACK_OK;
}

/* No device of these tests has anything that option bytes select. */
static inline enum cause
chip_read_nothing(void *context, uint32_t at, uint32_t *value, struct reason *why)
{
	(void)context, (void)value;
	return reason_begin(why, CAUSE_BUG, "a test reads 0x%08x", (unsigned)at);
}

static inline void
chip_open(struct fake_chip *chip, const struct device *device, uint32_t flash_kib)
{
	struct reason why = REASON_INIT;

	memset(chip, 0, sizeof(*chip));
	chip_now = chip;
	assert(chip_resolve(&chip->board.chip, device, flash_kib, NULL, chip_read_nothing,
			    NULL, &why) == CAUSE_NONE);
	chip->fake = fake_probe_new(FAKE_WITH_MEMORY);
	chip->ram = fake_probe_memory(chip->fake, CHIP_RAM_AT, CHIP_RAM_SIZE);
	chip->flash = fake_probe_memory(chip->fake, CHIP_FLASH_AT, CHIP_FLASH_SIZE);
	chip->controller =
		fake_probe_memory(chip->fake, CHIP_CONTROLLER_AT, CHIP_CONTROLLER_SIZE);
	chip->ppb = fake_probe_memory(chip->fake, 0xe000ed00, 0x100);
	memset(chip->controller, 0, CHIP_CONTROLLER_SIZE);
	/* RM0440 Rev 8, 3.7.8 to 3.7.16: FLASH_OPTR and the WRP registers protect nothing. */
	le32_put(chip->controller + 0x20, 0xffeff8aa);
	for (unsigned i = 0; i < 4; i++)
		le32_put(chip->controller + (i / 2 == 0 ? 0x2c : 0x4c) + 4 * (i % 2), 0xff);
	memset(chip->ppb, 0, 0x100);
	le32_put(chip->ppb + 0x08, CHIP_VTOR);
	fake_probe_hook(chip->fake, CHIP_MAILBOX_AT, sizeof(struct mailbox),
			chip_mailbox_hook, chip);
	dap_init(&chip->dap, &chip->fake->probe);
	assert(mem_ap_open(&chip->core.mem, &chip->dap, 0, &why) == CAUSE_NONE);
	chip->core.identity.features = FEATURE_MAINLINE;
	chip->core.is_running = true;
	chip->core.state = CORE_RUNNING;
	chip->reads_per_call = 3;
	for (unsigned i = 0; i < CHIP_REGISTERS; i++)
		chip->core.registers[i] = 0x11 * i;
}

static inline void
chip_close(struct fake_chip *chip)
{
	fake_probe_free(chip->fake);
}

/* In place of targets/core/core.c and targets/board/board.c; one file of a program includes this. */
/* NOLINTBEGIN(misc-definitions-in-headers) */

const char *
core_name(const struct core *core)
{
	(void)core;
	return "cm4";
}

const struct core_identity *
core_identity(const struct core *core)
{
	return &core->identity;
}

struct mem_ap *
core_memory(struct core *core)
{
	return &core->mem;
}

enum cause
core_halt(struct core *core, struct reason *why)
{
	(void)why;
	core->is_running = false;
	return CAUSE_NONE;
}

enum cause
core_resume(struct core *core, struct reason *why)
{
	(void)why;
	core->is_running = true;
	return CAUSE_NONE;
}

enum cause
core_release(struct core *core, struct reason *why)
{
	(void)why;
	core->is_running = core->is_released = true;
	return CAUSE_NONE;
}

enum cause
core_poll(struct core *core, enum core_state *state, bool *was_reset, struct reason *why)
{
	(void)why;
	*state = core->is_running ? core->state : CORE_HALTED;
	if (was_reset != NULL)
		*was_reset = core->was_reset;
	return CAUSE_NONE;
}

enum cause
core_halt_why(struct core *core, struct halt *halt, struct reason *why)
{
	(void)why;
	*halt = core->halt;
	return CAUSE_NONE;
}

static inline uint64_t *
chip_register(struct core *core, const struct core_register *reg)
{
	assert(!core->is_running);
	return &core->registers[reg - core_register_table];
}

/* It is never reset. */
enum cause
core_check_reset(struct core *core, bool *was_reset, struct reason *why)
{
	(void)core;
	(void)why;
	*was_reset = false;
	return CAUSE_NONE;
}

enum cause
core_register_read(struct core *core, const struct core_register *reg, uint64_t *value,
		   struct reason *why)
{
	(void)why;
	*value = *chip_register(core, reg);
	return CAUSE_NONE;
}

enum cause
core_register_write(struct core *core, const struct core_register *reg, uint64_t value,
		    struct reason *why)
{
	(void)why;
	*chip_register(core, reg) = value;
	return CAUSE_NONE;
}

enum cause
core_registers_write(struct core *core, const struct core_value *values, size_t len,
		     struct reason *why)
{
	for (size_t i = 0; i < len; i++)
		core_register_write(core, values[i].reg, values[i].value, why);
	return CAUSE_NONE;
}

unsigned
board_cores(const struct board *board)
{
	(void)board;
	return chip_now->has_other ? 2 : 1;
}

struct core *
board_core(struct board *board, unsigned index)
{
	(void)board;
	return index == 0 ? &chip_now->core : &chip_now->other;
}

struct core *
board_main_core(struct board *board)
{
	return board_core(board, 0);
}

const struct device *
board_device(const struct board *board)
{
	return board->chip.device;
}

uint32_t
board_idcode(const struct board *board)
{
	return board->chip.idcode;
}

uint32_t
board_flash_kib(const struct board *board)
{
	return board->chip.flash_kib;
}

const struct chip *
board_chip(const struct board *board)
{
	return &board->chip;
}

const struct reason *
board_flash_why(const struct board *board)
{
	return board->chip.is_flash_known ? NULL : &board->chip.flash_why;
}

struct probe *
board_probe(struct board *board)
{
	(void)board;
	return &chip_now->fake->probe;
}

/* The clock is link_clock_test's. */
/* A link that is faster than any flash. */
uint32_t
board_bytes_in_us(const struct board *board, uint64_t us)
{
	(void)board;
	(void)us;
	return 6144;
}

enum cause
board_raise_clock(struct board *board, struct core *core, const struct link_sample *sample,
		  struct reason *why)
{
	(void)board, (void)core, (void)sample, (void)why;
	return CAUSE_NONE;
}

bool
board_has_raised_clock(const struct board *board)
{
	return board->is_fast;
}

void
board_distrust_clock(struct board *board)
{
	board->is_fast = false;
}

enum cause
board_lower_clock(struct board *board, struct reason *why)
{
	(void)board, (void)why;
	return CAUSE_NONE;
}

enum cause
board_read_hidden(const struct board *board, struct core *core,
		  struct hidden_ranges *ranges, struct reason *why)
{
	uint32_t words[HIDDEN_MAX_WORDS];
	enum cause cause = hidden_read(&board->chip, &core->mem, words, why);

	hidden_ranges_of(&board->chip, cause == CAUSE_NONE ? words : NULL,
			 board->are_banks_swapped, ranges);
	return cause;
}

enum cause
core_is_hidden(struct core *core, uint32_t at, uint32_t size, bool *is_hidden,
	       struct reason *why)
{
	struct hidden_ranges ranges;
	enum cause cause = board_read_hidden(&chip_now->board, core, &ranges, why);

	*is_hidden = cause == CAUSE_NONE && hidden_find(&ranges, at, size) != NULL;
	return cause;
}

enum cause
board_read_swap(const struct board *board, struct core *core, bool *are_swapped,
		struct reason *why)
{
	(void)why;
	assert(!core->is_running);
	*are_swapped = board->are_banks_swapped;
	return CAUSE_NONE;
}

const struct reason *
board_external_why(const struct board *board)
{
	(void)board;
	return NULL;
}

const char *
board_region_name(const struct board *board, uint32_t at)
{
	(void)board;
	return at >= CHIP_RAM_AT && at < CHIP_RAM_AT + CHIP_RAM_SIZE
		       ? "SRAM"
		       : "beyond this chip's RAM";
}

/* NOLINTEND(misc-definitions-in-headers) */

#endif /* TEST_UNIT_FLASH_FAKE_CHIP_H */

/* SPDX-License-Identifier: MIT */
#include "server/debug/fault.h"

#include "targets/core/fault.h"
#include "targets/core/frame.h"
#include "transport/base/bytes.h"

/* DDI 0403E.e B3.2.5. */
#define VTOR_AT 0xe000ed08u
enum { VECTOR_SIZE = 4 };

bool
fault_is_worth_words(const struct stop *stop)
{
	return stop->is_locked_up ||
	       (stop_fault_name(stop) != NULL && stop->halt.reason != HALT_STEPPED);
}

static void
add_fault(const struct core_fault *fault, struct text *words)
{
	text_add(words, "\n  because CFSR is 0x%08x: ", (unsigned)fault->cfsr);
	core_fault_add_cfsr(fault, words);
	text_add(words, "\n  because HFSR is 0x%08x: ", (unsigned)fault->hfsr);
	core_fault_add_hfsr(fault, words);
	core_fault_add_addresses(fault, words);
	if (fault->sfsr == 0)
		return;
	text_add(words, "\n  because SFSR is 0x%08x: ", (unsigned)fault->sfsr);
	core_fault_add_sfsr(fault, words);
}

/* A stack pointer that is nowhere is what locks a core up most often. Stacks grow down: the
 * word below is the one that is used next. */
static void
add_stack(struct core *core, const struct board *board, struct text *words)
{
	const struct core_register *sp =
		core_register_at(core_identity(core)->features, REGISTER_SP);
	/* Without it the sentence is as true. */
	struct reason unread = REASON_INIT;
	uint64_t value = 0;
	uint32_t next;

	if (core_register_read(core, sp, &value, &unread) != CAUSE_NONE)
		return;
	next = (uint32_t)value - 4;
	if (board_device(board) == NULL)
		text_add(words, "\n  SP is 0x%08x", (unsigned)value);
	else if (board_is_ram(board, next))
		text_add(words, "\n  SP is 0x%08x, in this chip's RAM (%s)",
			 (unsigned)value, board_region_name(board, next));
	else
		text_add(words, "\n  SP is 0x%08x, which is not in this chip's RAM",
			 (unsigned)value);
}

/* Where the program was. gdb knows the function's name, and the server does not. */
static void
add_frame(struct core *core, struct text *words)
{
	struct core_frame frame;

	if (!core_frame_find(core, &frame)) {
		text_add(words, "\n  no frame of the exception was found on the stack");
		return;
	}
	text_add(words,
		 "\n  the frame at 0x%08x has PC 0x%08x, where the exception came, and LR "
		 "0x%08x\n"
		 "try: info symbol 0x%08x, list *0x%08x",
		 (unsigned)frame.at, (unsigned)frame.pc, (unsigned)frame.lr,
		 (unsigned)frame.pc, (unsigned)frame.pc);
}

static void
add_state(const struct stop *stop, struct text *words)
{
	const char *fault = stop_fault_name(stop);

	stop_describe(stop, words);
	if (!stop->is_locked_up && stop->halt.reason != HALT_VECTOR_CATCH && fault != NULL)
		text_add(words, ", in the handler of a %s", fault);
}

/* CFSR keeps what was, until the program or a reset clears it. */
static void
add_registers(struct core *core, struct text *words)
{
	struct reason why = REASON_INIT;
	struct core_fault fault;

	if (!core_has_fault_registers(core))
		text_add(words, "\n  this core has no fault status registers");
	else if (core_fault_read(core, &fault, &why) == CAUSE_NONE)
		add_fault(&fault, words);
	else
		text_add(words, "\n  the fault registers could not be read: %s",
			 reason_root(&why));
}

/* The stack pointer and the reset vector that it began with, as erased flash has them. What cannot be
 * read says nothing. */
static bool
began_in_erased_flash(struct core *core, const struct chip *chip, uint32_t *table)
{
	uint32_t erased = chip_erased_word(chip);
	uint8_t bytes[2 * VECTOR_SIZE] = { 0 };
	struct reason unread = REASON_INIT;

	if (core_memory_read(core, VTOR_AT, bytes, VECTOR_SIZE, &unread) != CAUSE_NONE)
		return false;
	*table = le32_get(bytes);
	return core_memory_read(core, *table, bytes, sizeof(bytes), &unread) ==
		       CAUSE_NONE &&
	       le32_get(bytes) == erased && le32_get(bytes + VECTOR_SIZE) == erased;
}

static void
describe_all(struct board *board, unsigned core, const struct stop *stop, struct text *text)
{
	struct core *target = board_core(board, core);

	text_add(text, "%s is ", core_name(target));
	add_state(stop, text);
	if (stop->is_locked_up)
		add_stack(target, board, text);
	add_registers(target, text);
	if (stop_fault_name(stop) != NULL && !stop->is_locked_up)
		add_frame(target, text);
	if (stop->is_locked_up)
		text_add(text, "\ntry: load a program and monitor reset halt");
}

/* Of a core without a program the registers say the same after each reset, and before it has run
 * something else. */
void
fault_describe(struct board *board, unsigned core, const struct stop *stop, char *words,
	       size_t size)
{
	struct core *target = board_core(board, core);
	struct text text;
	uint32_t table;

	text_init(&text, words, size);
	if (stop->is_locked_up && began_in_erased_flash(target, board_chip(board), &table))
		text_add(&text,
			 "%s is locked up: there is no program, the vector table at 0x%08x "
			 "is erased flash\ntry: load a program",
			 core_name(target), (unsigned)table);
	else
		describe_all(board, core, stop, &text);
}

void
fault_describe_now(struct board *board, unsigned core, char *words, size_t size)
{
	struct core *target = board_core(board, core);
	struct text text;

	text_init(&text, words, size);
	if (board_is_halted(board, core)) {
		describe_all(board, core, board_stop(board, core), &text);
		return;
	}
	text_add(&text, "%s is running", core_name(target));
	add_registers(target, &text);
}

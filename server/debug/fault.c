/* SPDX-License-Identifier: MIT */
#include "server/debug/fault.h"

#include "targets/core/fault.h"

bool
fault_is_worth_words(const struct stop *stop)
{
	return stop->is_locked_up ||
	       (stop->halt.reason == HALT_VECTOR_CATCH && stop_signal(stop) != STOP_TRAP);
}

static void
add_fault(const struct core_fault *fault, struct text *words)
{
	text_add(words, "\n  because CFSR is 0x%08x: ", (unsigned)fault->cfsr);
	core_fault_add_cfsr(fault, words);
	text_add(words, "\n  because HFSR is 0x%08x: ", (unsigned)fault->hfsr);
	core_fault_add_hfsr(fault, words);
	core_fault_add_addresses(fault, words);
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

void
fault_describe(struct board *board, unsigned core, const struct stop *stop, char *words,
	       size_t size)
{
	struct core *target = board_core(board, core);
	struct reason why = REASON_INIT;
	struct core_fault fault;
	struct text text;

	text_init(&text, words, size);
	text_add(&text, "%s is ", core_name(target));
	stop_describe(stop, &text);
	if (stop->is_locked_up)
		add_stack(target, board, &text);
	if (!core_has_fault_registers(target))
		return;
	if (core_fault_read(target, &fault, &why) == CAUSE_NONE)
		add_fault(&fault, &text);
	else
		text_add(&text, "\n  the fault registers could not be read: %s",
			 reason_root(&why));
	if (stop->is_locked_up)
		text_add(&text,
			 "\ntry: load a program and monitor reset halt; a core whose "
			 "flash is empty locks up as well");
}

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

void
fault_explain(struct debuggee *debuggee, char *words, size_t size)
{
	struct core_fault fault;
	struct reason why = REASON_INIT;
	struct text text;

	text_init(&text, words, size);
	text_add(&text, "%s is ", debuggee->name);
	stop_describe(&debuggee->stop, &text);
	if (!core_has_fault_registers(debuggee_core(debuggee)))
		return;
	if (core_fault_read(debuggee_core(debuggee), &fault, &why) == CAUSE_NONE)
		add_fault(&fault, &text);
	else
		text_add(&text, "\n  the fault registers could not be read: %s",
			 reason_root(&why));
	if (debuggee->stop.is_locked_up)
		text_add(&text,
			 "\ntry: load a program and monitor reset halt; a core whose "
			 "flash is empty locks up as well");
}

/* SPDX-License-Identifier: MIT */
/*
 * The log of instructions. Unicorn's hook is called for those alone whose condition holds, so
 * what an IT block skips is found from the addresses in between.
 */
#include "test/emulator/cpu/cpu_internal.h"

void
cpu_log(struct cpu *cpu, cpu_log_take *take, void *context)
{
	cpu->log.take = take;
	cpu->log.context = context;
}

void
log_end(struct cpu *cpu)
{
	struct log *log = &cpu->log;

	if (!log->is_pending)
		return;
	log->is_pending = false;
	log->take(log->context, &log->logged);
}

void
log_drop(struct cpu *cpu)
{
	cpu->log.is_pending = false;
}

void
log_instruction(struct cpu *cpu, uint32_t at)
{
	struct log *log = &cpu->log;

	if (!log->take)
		return;
	log_end(cpu);
	log->logged = (struct cpu_logged){
		.pc = at,
		.exception = engine_get(cpu, UC_ARM_REG_XPSR) & XPSR_EXCEPTION,
		.accesses = log->accesses,
	};
	log->next = at + opcode_size(memory_opcode(cpu, at));
	log->is_pending = true;
}

void
log_skipped(struct cpu *cpu, uint32_t at)
{
	while (cpu->log.take && cpu->log.next - cpu->it.at < cpu->it.size &&
	       cpu->log.next != at)
		log_instruction(cpu, cpu->log.next);
}

void
log_in_block(struct cpu *cpu, uint32_t at)
{
	log_skipped(cpu, at);
	log_instruction(cpu, at);
}

void
log_access(struct cpu *cpu, uint32_t at, unsigned size, bool is_write)
{
	struct log *log = &cpu->log;

	if (!log->is_pending || log->logged.accesses_len == LOG_ACCESSES)
		return;
	log->accesses[log->logged.accesses_len++] =
		(struct cpu_access){ at, (uint8_t)size, is_write };
}

/* SPDX-License-Identifier: MIT */
/* What was observed of Unicorn 2.0.1 is said where it matters. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test/emulator/cpu/cpu_internal.h"

/* Hint instructions, DDI 0403E A5.2.5: 1011 1111 opA 0000, opA 1..4. */
enum { OP_YIELD = 0xbf10, OP_WFE = 0xbf20, OP_WFI = 0xbf30, OP_SEV = 0xbf40 };

/* uc_hook_add() wants a function as `void *`, which ISO C does not convert. */
union callback {
	void (*function)(void);
	void *address;
};

/* Its Cortex-M0 has no unprivileged state (CONTROL.nPRIV), which a Cortex-M0+ with an MPU has;
 * what Armv6-M lacks of the Cortex-M3 is_not_v6m() takes away. */
static const int unicorn_models[] = {
	[CPU_CORTEX_M0PLUS] = UC_CPU_ARM_CORTEX_M3, [CPU_CORTEX_M3] = UC_CPU_ARM_CORTEX_M3,
	[CPU_CORTEX_M4] = UC_CPU_ARM_CORTEX_M4,     [CPU_CORTEX_M7] = UC_CPU_ARM_CORTEX_M7,
	[CPU_CORTEX_M33] = UC_CPU_ARM_CORTEX_M33,
};

static const int core_registers[15] = { UC_ARM_REG_R0,  UC_ARM_REG_R1,  UC_ARM_REG_R2,
					UC_ARM_REG_R3,  UC_ARM_REG_R4,  UC_ARM_REG_R5,
					UC_ARM_REG_R6,  UC_ARM_REG_R7,  UC_ARM_REG_R8,
					UC_ARM_REG_R9,  UC_ARM_REG_R10, UC_ARM_REG_R11,
					UC_ARM_REG_R12, UC_ARM_REG_SP,  UC_ARM_REG_LR };

static void
raise_event(struct cpu *cpu, enum event_kind kind, uint32_t at, uint32_t number)
{
	cpu->event = (struct event){ kind, at, number };
	cpu->stop = true;
	uc_emu_stop(cpu->uc);
}

static void
take_snapshot(struct cpu *cpu)
{
	struct snapshot *snapshot = &cpu->snapshot;

	for (int i = 0; i < 15; i++)
		snapshot->r[i] = engine_get(cpu, core_registers[i]);
	snapshot->xpsr = register_xpsr(cpu);
	snapshot->taken = true;
}

/*
 * An instruction that must not take effect. The engine obeys a stop at once, but
 * inside an IT block it goes on to the block's end: then the registers are put back.
 */
static void
fail_instruction(struct cpu *cpu, enum event_kind kind, uint32_t at)
{
	raise_event(cpu, kind, at, 0);
	if (it_left_at(cpu, cpu->last_pc))
		take_snapshot(cpu);
}
static void
restore_snapshot(struct cpu *cpu)
{
	if (cpu->undo.size)
		memcpy(cpu->undo.at, cpu->undo.old, cpu->undo.size);
	cpu->undo.size = 0;
	if (!cpu->snapshot.taken)
		return;
	for (int i = 0; i < 15; i++)
		engine_set(cpu, core_registers[i], cpu->snapshot.r[i]);
	register_set_xpsr(cpu, cpu->snapshot.xpsr);
	cpu->snapshot.taken = false;
}

/* ---- the instruction hook ---- */

/* A5.3.18: coprocessor instructions; the FPU is coprocessors 10 and 11. */
static bool
is_fp(uint16_t first, uint16_t second)
{
	return (first & 0xec00) == 0xec00 && (second >> 9 & 7) == 5;
}

/* SDIV and UDIV (A7.7.127, A7.7.195): the divisor is Rm, bits 3:0 of the second half. */
static bool
is_divide(uint16_t first, uint16_t second)
{
	return (first & 0xffd0) == 0xfb90 && (second & 0xf0f0) == 0xf0f0;
}

static bool
divides_by_zero(struct cpu *cpu, uint16_t first, uint16_t second)
{
	return is_divide(first, second) &&
	       engine_get(cpu, UC_ARM_REG_R0 + (second & 15)) == 0;
}

/* CPS (A7.7.29) and MSR (A7.7.82) change what may preempt. */
static bool
changes_masks(uint16_t first, uint16_t second)
{
	return (first & 0xffe8) == 0xb660 ||
	       ((first & 0xffe0) == 0xf380 && (second & 0xff00) == 0x8800);
}

/* What Armv6-M has not (DDI 0419 A5.2, A5.3): CBZ, CBNZ and IT, and of the 32-bit
 * instructions all but BL, MSR, MRS, the barriers and UDF. */
static bool
is_not_v6m(uint16_t first, uint16_t second)
{
	bool is_branch = (first & 0xf800) == 0xf000 && second & 0x8000;
	bool is_bl = is_branch && (second & 0xd000) == 0xd000;
	bool is_system = is_branch && (second & 0xd000) == 0x8000 &&
			 ((first & 0xffe0) == 0xf380 || first == 0xf3bf ||
			  (first & 0xffe0) == 0xf3e0 || (first & 0xfff0) == 0xf7f0);

	if (opcode_size(first) == 4)
		return !is_bl && !is_system;
	return (first & 0xf500) == 0xb100 || ((first & 0xff00) == 0xbf00 && first & 15);
}

/* Stops before an instruction that must fault. */
static void
watch_instruction(struct cpu *cpu, uint32_t at, uint16_t first)
{
	uint16_t second = opcode_size(first) == 4 ? memory_opcode(cpu, at + 2) : 0;

	if (cpu->watch & WATCH_PC && dwt_fetch(cpu, at))
		cpu->stop = true;
	if (cpu->watch & WATCH_MASKS && changes_masks(first, second))
		cpu->stop = true;
	if (cpu->watch & WATCH_FP_DENY && is_fp(first, second))
		fail_instruction(cpu, EVENT_NOCP, at);
	else if (cpu->watch & WATCH_FP_LAZY && is_fp(first, second))
		exception_save_lazy_fp(cpu);
	if (cpu->watch & WATCH_DIVIDE && divides_by_zero(cpu, first, second))
		fail_instruction(cpu, EVENT_DIVIDE, at);
}

/* IT or a hint: 1011 1111 opA opB; opB other than 0 makes it IT (A5.2.5). */
static void
note_it_or_hint(struct cpu *cpu, uint32_t at, uint16_t opcode)
{
	if (opcode & 15) {
		cpu->now += it_track(cpu, at + 2, (uint8_t)opcode);
	} else if (opcode >= OP_WFE && opcode <= OP_SEV) {
		cpu->hint = opcode;
		cpu->stop = true;
	}
}

/* Called for those instructions of a block whose condition holds. */
static void
on_block_instruction(struct cpu *cpu, uint32_t at)
{
	if (cpu->event.kind !=
	    EVENT_NONE) /* one before this failed: what follows is undone */
		return;
	log_in_block(cpu, at);
	cpu->last_pc = at;
	if (cpu->watch)
		watch_instruction(cpu, at, memory_opcode(cpu, at));
}

static void
on_instruction(uc_engine *uc, uint64_t at64, uint32_t size, void *context)
{
	struct cpu *cpu = context;
	uint32_t at = (uint32_t)at64;
	uint16_t opcode;

	if (at - cpu->it.at < cpu->it.size) {
		on_block_instruction(cpu, at);
		return;
	}
	log_skipped(cpu, at);
	if (cpu->now >= cpu->limit || cpu->stop) {
		uc_emu_stop(uc);
		return;
	}
	if (at <= cpu->last_pc && cpu->now >= cpu->spin.next_try) {
		spin_look(cpu, at);
		if (cpu->now >= cpu->limit) {
			uc_emu_stop(uc);
			return;
		}
	}
	opcode = memory_opcode(cpu, at);
	cpu->last_pc = at;
	cpu->now++;
	cpu->it.size = 0;
	log_instruction(cpu, at);
	if (cpu->watch & WATCH_V6M && is_not_v6m(opcode, memory_opcode(cpu, at + 2))) {
		fail_instruction(cpu, EVENT_NOT_V6M, at);
		return;
	}
	if ((opcode & 0xff00) == 0xbf00 && size == 2)
		note_it_or_hint(cpu, at, opcode);
	if (cpu->watch)
		watch_instruction(cpu, at, opcode);
}

/* ---- the other hooks ---- */

static void
on_interrupt(uc_engine *uc, uint32_t number, void *context)
{
	(void)uc;
	raise_event(context, EVENT_INTERRUPT, 0, number);
}

/* WFE and YIELD arrive here as well as what is really undefined. */
static bool
on_invalid(uc_engine *uc, void *context)
{
	struct cpu *cpu = context;
	uint16_t opcode = memory_opcode(cpu, cpu->last_pc);

	(void)uc;
	if (engine_get(cpu, UC_ARM_REG_PC) == cpu->last_pc + 2 &&
	    (opcode == OP_WFE || opcode == OP_YIELD))
		return true;
	cpu->event = (struct event){ EVENT_UNDEFINED, 0, 0 };
	return false;
}

/*
 * Unicorn stores to a read-only page all the same once this hook answers true.
 * What was there is kept, and put back before the bus is asked.
 */
static bool
note_flash_store(struct cpu *cpu, uint32_t at, unsigned size, uint32_t value)
{
	struct region *region = memory_find(cpu, at);

	if (!region || cpu->stores == STORES_MAX || region->size - (at - region->at) < size)
		return false;
	cpu->store[cpu->stores].at = at;
	cpu->store[cpu->stores].size = size;
	cpu->store[cpu->stores].value = value;
	cpu->store[cpu->stores].old = 0;
	memcpy(&cpu->store[cpu->stores].old, region->host + (at - region->at), size);
	cpu->stores++;
	cpu->stop = true;
	return true;
}

/* A double word (VSTR of a D register) is two stores on the bus. */
static bool
note_flash_stores(struct cpu *cpu, uint32_t at, unsigned size, uint64_t value)
{
	if (size <= 4)
		return note_flash_store(cpu, at, size, (uint32_t)value);
	return note_flash_store(cpu, at, 4, (uint32_t)value) &&
	       note_flash_store(cpu, at + 4, 4, (uint32_t)(value >> 32));
}

static bool
on_bad_access(uc_engine *uc, uc_mem_type type, uint64_t at, int size, int64_t value,
	      void *context)
{
	struct cpu *cpu = context;
	bool is_fetch = type == UC_MEM_FETCH_UNMAPPED || type == UC_MEM_FETCH_PROT;

	(void)uc;
	if (type == UC_MEM_WRITE_PROT &&
	    note_flash_stores(cpu, (uint32_t)at, (unsigned)size, (uint64_t)value))
		return true;
	cpu->event = (struct event){ is_fetch ? EVENT_FETCH : EVENT_DATA, (uint32_t)at, 0 };
	return false;
}

/* LDM, STM, LDRD, STRD, PUSH, POP and the exclusive ones want words (A3.2.1), and the FPU
 * does. Of the others only those that are wider than the address is aligned ask. */
static bool
wants_alignment(struct cpu *cpu)
{
	uint16_t opcode = memory_opcode(cpu, cpu->last_pc);

	return (opcode & 0xfe00) == 0xe800 || (opcode & 0xee00) == 0xec00 ||
	       (opcode & 0xf000) == 0xc000 || (opcode & 0xf600) == 0xb400;
}

/*
 * Unlike a stop in a window, one in RAM lets the instruction end, so what it changes is put
 * back: registers, and the bytes from the first store on.
 */
static void
fail_unaligned(struct cpu *cpu, uint32_t at, bool is_write)
{
	struct region *region = memory_find(cpu, at);
	uint64_t room = region ? region->size - (at - region->at) : 0;

	raise_event(cpu, EVENT_UNALIGNED, at, 0);
	take_snapshot(cpu);
	if (!is_write || !region || region->memory == CPU_FLASH)
		return;
	cpu->undo.at = region->host + (at - region->at);
	cpu->undo.size = room < UNDO_MAX ? (unsigned)room : UNDO_MAX;
	memcpy(cpu->undo.old, cpu->undo.at, cpu->undo.size);
}

static void
on_access(uc_engine *uc, uc_mem_type type, uint64_t at, int size, int64_t value,
	  void *context)
{
	struct cpu *cpu = context;

	(void)uc;
	log_access(cpu, (uint32_t)at, (unsigned)size, type == UC_MEM_WRITE);
	if (type == UC_MEM_WRITE)
		spin_note_store(cpu, (uint32_t)at, (unsigned)size, (uint64_t)value);
	if (at & (size < 4 ? (unsigned)size - 1 : 3) && cpu->event.kind == EVENT_NONE &&
	    (cpu->watch & WATCH_UNALIGNED || wants_alignment(cpu)))
		fail_unaligned(cpu, (uint32_t)at, type == UC_MEM_WRITE);
	if (cpu->dwt.rules &&
	    dwt_access(cpu, (uint32_t)at, (unsigned)size, type == UC_MEM_WRITE))
		cpu->stop = true;
}

/* A stop from inside an access aborts the instruction: just what a precise bus error
 * does. */
static uint64_t
on_window_read(uc_engine *uc, uint64_t offset, unsigned size, void *context)
{
	struct region *region = context;
	uint32_t value = 0, at = region->at + (uint32_t)offset;

	if (size == 8)
		return on_window_read(uc, offset, 4, context) |
		       on_window_read(uc, offset + 4, 4, context) << 32;
	if (region->cpu->event.kind == EVENT_NONE &&
	    !window_read(region->cpu, at, size, &value))
		fail_instruction(region->cpu, EVENT_DATA, at);
	return value;
}

/* Stores go through a buffer, so their bus errors come late: CFSR.IMPRECISERR,
 * "asynchronous" in DDI 0403E B1.5.14. */
static void
on_window_write(uc_engine *uc, uint64_t offset, unsigned size, uint64_t value,
		void *context)
{
	struct region *region = context;
	struct cpu *cpu = region->cpu;

	if (size == 8) {
		on_window_write(uc, offset, 4, value, context);
		on_window_write(uc, offset + 4, 4, value >> 32, context);
		return;
	}
	cpu_note_unsteady(cpu);
	if (cpu->event.kind != EVENT_NONE ||
	    window_write(cpu, region->at + (uint32_t)offset, size, (uint32_t)value))
		return;
	cpu->write_failed = true;
	cpu->stop = true;
}

/* ---- open, close, run ---- */

static void
hook(struct cpu *cpu, int type, void (*function)(void))
{
	union callback callback = { .function = function };
	uc_hook handle;

	if (uc_hook_add(cpu->uc, &handle, type, callback.address, cpu, (uint64_t)1,
			(uint64_t)0) != UC_ERR_OK)
		abort();
}

void
engine_open(struct cpu *cpu)
{
	/* UC_MODE_MCLASS would make a Cortex-M33 of every model. */
	if (uc_open(UC_ARCH_ARM, UC_MODE_THUMB, &cpu->uc) != UC_ERR_OK)
		abort();
	cpu->window.read = on_window_read;
	cpu->window.write = on_window_write;
	uc_ctl_set_cpu_model(cpu->uc, unicorn_models[cpu->model.kind]);
	hook(cpu, UC_HOOK_CODE, (void (*)(void))on_instruction);
	hook(cpu, UC_HOOK_INTR, (void (*)(void))on_interrupt);
	hook(cpu, UC_HOOK_INSN_INVALID, (void (*)(void))on_invalid);
	hook(cpu, UC_HOOK_MEM_INVALID, (void (*)(void))on_bad_access);
	hook(cpu, UC_HOOK_MEM_READ | UC_HOOK_MEM_WRITE, (void (*)(void))on_access);
	uc_ctl_exits_enable(cpu->uc);
	engine_set_exits(cpu, NULL, 0);
}

void
engine_close(struct cpu *cpu)
{
	uc_close(cpu->uc);
}

/* The bus gets the stores that were recorded, one after the other. */
static void
answer_flash_stores(struct cpu *cpu)
{
	for (unsigned i = cpu->stores; i-- > 0;) {
		struct region *region = memory_find(cpu, cpu->store[i].at);

		memcpy(region->host + (cpu->store[i].at - region->at), &cpu->store[i].old,
		       cpu->store[i].size);
		cpu_code_changed(cpu, cpu->store[i].at, cpu->store[i].size);
	}
	for (unsigned i = 0; i < cpu->stores; i++)
		if (!cpu->bus.flash_write(cpu->bus.context, cpu->store[i].at,
					  cpu->store[i].size, cpu->store[i].value))
			cpu->write_failed = true;
	cpu->stores = 0;
}

/* The cycles of an IT block were counted when it began: give back what did not run. */
static void
uncount_block(struct cpu *cpu)
{
	if (cpu->event.kind != EVENT_NONE) {
		unsigned left = it_left_at(cpu, cpu->last_pc);

		cpu->now -= left ? left - 1 : 0;
	} else {
		cpu->now -= it_left_at(cpu, engine_get(cpu, UC_ARM_REG_PC));
	}
}

/* Without an event the engine must have executed something, or this loops for ever. */
static void
check_progress(struct cpu *cpu, uint32_t pc, uint64_t before, uc_err error)
{
	if (cpu->event.kind != EVENT_NONE)
		return;
	if (error == UC_ERR_OK && (cpu->now > before || cpu->stop))
		return;
	fprintf(stderr, "emulator: the engine is stuck at 0x%08x: %s\n", pc,
		uc_strerror(error));
	abort();
}

void
engine_go(struct cpu *cpu, uint64_t cycles, uint8_t it_state)
{
	uint32_t pc = engine_get(cpu, UC_ARM_REG_PC);
	uint64_t before = cpu->now;
	uc_err error;

	cpu->limit = cpu->now + cycles;
	cpu->stop = cpu->broken;
	cpu->hint = 0;
	cpu->event.kind = EVENT_NONE;
	cpu->it.size = 0;
	spin_begin(cpu);
	if (it_state) {
		cpu->now += it_track(cpu, pc, it_from_xpsr(register_xpsr(cpu)));
		cpu->it.state = it_state;
	}
	cpu->log.next = pc;
	cpu->in_engine = true;
	error = uc_emu_start(cpu->uc, pc | 1, 0, 0, 0);
	if (cpu->event.kind == EVENT_NONE)
		log_skipped(cpu, engine_get(cpu, UC_ARM_REG_PC));
	uncount_block(cpu);
	restore_snapshot(cpu);
	cpu->in_engine = false;
	check_progress(cpu, pc, before, error);
	answer_flash_stores(cpu);
	memory_flush_changes(cpu);
}

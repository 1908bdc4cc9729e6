/* SPDX-License-Identifier: MIT */
/*
 * core.h - one Cortex-M: state, halt, resume, step, registers, breakpoints,
 * watchpoints, vector catch (ARMv7-M ARM DDI 0403E.e C1; v6-M, v8-M likewise).
 *
 * A core belongs to a board and is reached by one MEM-AP. Nothing here resets:
 * a reset concerns all cores and is the board's. Every call is a few batches of
 * transfers and blocks for at most 20 ms on a healthy link, but where it says so.
 */
#ifndef TARGETS_CORE_CORE_H
#define TARGETS_CORE_CORE_H

#include "targets/core/registers.h"
#include "transport/adi/mem_ap.h"

struct core;

enum core_state {
	CORE_RUNNING,
	CORE_SLEEPING,  /* running, in WFI or WFE */
	CORE_HALTED,    /* debug state */
	CORE_LOCKED_UP, /* and not halted */
	CORE_IN_RESET
};

enum halt_reason {
	HALT_REQUESTED, /* DFSR.HALTED: by us */
	HALT_STEPPED,
	HALT_BREAKPOINT, /* hardware (FPB) or BKPT we planted; see is_software */
	HALT_BKPT,       /* a BKPT instruction of the program's own */
	HALT_WATCHPOINT,
	HALT_VECTOR_CATCH,
	HALT_EXTERNAL
};

struct halt {
	enum halt_reason reason;
	uint32_t pc;
	bool is_software;        /* HALT_BREAKPOINT: one planted in RAM */
	uint32_t watch_at;       /* HALT_WATCHPOINT: its address as inserted */
	unsigned watch_kind;     /* enum watch_kind */
	uint16_t opcode;         /* HALT_BKPT: the instruction, 0 when it cannot be read */
	uint32_t caught_vectors; /* HALT_VECTOR_CATCH: DEMCR.VC_* bits that are set */
	uint16_t exception;      /* xPSR.ISR_NUMBER at the halt */
	uint8_t events;          /* DFSR: those since it was cleared last */
};

enum watch_kind { WATCH_WRITE, WATCH_READ, WATCH_ACCESS };

struct core_identity {
	uint32_t cpuid;
	const char *name; /* "Cortex-M4 r0p1" in static storage of the core */
	uint8_t features; /* enum core_feature bits */
	unsigned breakpoints, watchpoints;
};

const char *core_name(const struct core *core); /* "cm4" */
const struct core_identity *core_identity(const struct core *core);
struct mem_ap *core_memory(struct core *core);
/* Does it wait for another core to start it? It is shown halted at its first instruction, or
 * running when it was let run, breakpoints and watchpoints are kept for its start, and
 * everything else fails with what holds it. */
bool core_is_held(const struct core *core);

/* Reads DHCSR. *was_reset (may be NULL): a reset happened since the last call: S_RESET_ST is
 * cleared by the reading, so only this function reads DHCSR. On CORE_HALTED,
 * core_halt_why() has the rest. */
enum cause
core_poll(struct core *core, enum core_state *state, bool *was_reset, struct reason *why);
/* After a reading: a chip in reset answers with zeros where it answers at all (STM32L4, G4).
 * *was_reset: there was a reset since DHCSR was read last.
 * CAUSE_TIMEOUT: it is in reset now, and was for 15 ms and 16 readings. A reset is reported by the
 * next core_poll() all the same. */
enum cause core_check_reset(struct core *core, bool *was_reset, struct reason *why);
/* Why it is halted; call once for each halt: reads and clears DFSR. */
enum cause core_halt_why(struct core *core, struct halt *halt, struct reason *why);

/* Requests a halt and waits for it: board's halt timeout (100 ms) at most. CAUSE_TIMEOUT
 * says what DHCSR read (asleep, in reset, locked up, bus stalled). */
enum cause core_halt(struct core *core, struct reason *why);
/* Resumes; breakpoints and watchpoints are in place. A breakpoint at PC is stepped over when
 * it has just halted the core and PC was not written since; else it halts the core at once. A
 * BKPT instruction of the program's own that it stands on is passed (PC + 2), here and by
 * core_step(), once it was executed, or core_look_for_bkpt() was called. */
enum cause core_resume(struct core *core, struct reason *why);
/* Lets it run, past a BKPT of its own, and disables halting debug; breakpoints are removed
 * before. DEMCR.TRCENA and FP_CTRL are as they were before the first connection, but TRCENA
 * stays on when the program uses what it powers. Polling goes on; what needs halting debug
 * enables it again. */
enum cause core_release(struct core *core, struct reason *why);
/* Where a halted core stands before it goes, for when the link is lost on the way and it is not known
 * whether it has gone: what halts it after that shows in `events` of its next core_halt_why(). */
struct core_place {
	uint32_t pc;
	bool is_at_hit, may_be_at_bkpt;
};
enum cause core_depart(struct core *core, struct core_place *place, struct reason *why);
/* It has not gone from there, or has come no further than over a breakpoint: it goes on as it would
 * have. */
void core_return(struct core *core, const struct core_place *place, uint32_t pc);
/* Do these events halt a core that was let run? */
bool core_is_stopped_by(uint8_t events);
/* The next core_resume() does not step over a breakpoint at PC: it was inserted since the
 * halt. */
void core_forget_hit(struct core *core);
/* PC may stand on a BKPT that was executed before: a debugger has put it back there, as gdb
 * does after a call. */
void core_look_for_bkpt(struct core *core);
/* PC was moved on from a BKPT: one that stands there now has not been executed. */
void core_passed_bkpt(struct core *core);
/* Executes one instruction with interrupts masked (C_MASKINTS) and a breakpoint at PC
 * removed, and waits for the halt. CAUSE_REQUEST when the core runs. */
enum cause core_step(struct core *core, struct reason *why);

/* Registers of a halted core. 32-bit ones fill the low half of *value. CAUSE_REQUEST when
 * the core runs. Reads after the first are answered from a cache until it resumes. */
enum cause core_register_read(struct core *core, const struct core_register *reg,
			      uint64_t *value, struct reason *why);
enum cause core_register_write(struct core *core, const struct core_register *reg,
			       uint64_t value, struct reason *why);
/* Several at once, none of more than 32 bits: as many round trips as one takes, where the core is
 * as quick as usual. In the order given; parts of one register of the core are one write, where the
 * first of them is. After a failure some may be written. */
struct core_value {
	const struct core_register *reg;
	uint64_t value;
};
enum { CORE_MAX_VALUES = 40 };
enum cause core_registers_write(struct core *core, const struct core_value *values,
				size_t len, struct reason *why);

/* Does core_register_read() answer from its cache? */
bool core_register_is_known(const struct core *core, const struct core_register *reg);

/* Memory as the debugger wants it: software breakpoints are hidden from reads and survive
 * writes; code that was written is fetched anew (caches of an M7). Works while it runs.
 * A write that cannot take effect is never reported as done: CAUSE_REQUEST for flash (use
 * load_begin()), CAUSE_MISMATCH where ROM in the Code region kept what it had. Memory that reads as
 * zeros because the chip is in reset is never reported as read: CAUSE_TIMEOUT; nor is flash of which
 * debuggers read zeros (PCROP): CAUSE_FAULT. */
enum cause core_memory_read(struct core *core, uint32_t at, void *bytes, uint32_t size,
			    struct reason *why);
/* Is some of it flash of which a debugger reads zeros? Where the flash controller cannot be read, nothing
 * says so. */
enum cause core_is_hidden(struct core *core, uint32_t at, uint32_t size, bool *is_hidden,
			  struct reason *why);
/* As core_memory_read(), of up to 8 bytes of a halted core that are likely to be asked for at its next stop,
 * as a breakpoint's condition does: they come along with that then. */
enum cause core_memory_glance(struct core *core, uint32_t at, void *bytes, uint32_t size,
			      struct reason *why);
enum cause core_memory_write(struct core *core, uint32_t at, const void *bytes,
			     uint32_t size, struct reason *why);

/* A breakpoint at `at`. Hardware: an FPB comparator; CAUSE_UNSUPPORTED when none is left
 * (the reason lists where those in use are, the remedy says what to delete) or when FPB v1
 * cannot reach the address. Software: BKPT in memory that can be written (RAM); CAUSE_FAULT
 * when it cannot. Inserting twice counts once. Takes effect on a running core too. */
enum cause
core_breakpoint_insert(struct core *core, uint32_t at, bool hardware, struct reason *why);
enum cause
core_breakpoint_remove(struct core *core, uint32_t at, bool hardware, struct reason *why);
/* Any size at any address: a comparator covers a power of two at a multiple of it, and several
 * share what is not. CAUSE_UNSUPPORTED: there are too few, or the range is too large. */
enum cause core_watchpoint_insert(struct core *core, enum watch_kind kind, uint32_t at,
				  uint32_t size, struct reason *why);
enum cause core_watchpoint_remove(struct core *core, enum watch_kind kind, uint32_t at,
				  uint32_t size, struct reason *why);
/* Which exceptions halt it: DEMCR.VC_* bits, at their places in the register; none at the
 * start. Stays over resets. CAUSE_REQUEST for bits that are none. */
enum cause core_vector_catch_set(struct core *core, uint32_t vectors, struct reason *why);

/* Puts a core into the state in which a reset leaves it, without one: SP and PC from the vector
 * table that VTOR names (*table), xPSR, CONTROL and the masks, no exception active, pending or
 * enabled, out of a lock-up. It is halted. For a chip whose other core must not be reset. */
enum cause core_restart(struct core *core, uint32_t *table, struct reason *why);
/* The same with VTOR set to `table` before. */
enum cause core_restart_at(struct core *core, uint32_t table, struct reason *why);

/* Removes all of both, ours and those a dead session left in the hardware. */
enum cause core_breakpoints_clear(struct core *core, struct reason *why);

#endif /* TARGETS_CORE_CORE_H */

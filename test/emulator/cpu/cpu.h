/* SPDX-License-Identifier: MIT */
/*
 * cpu.h - one Cortex-M: Unicorn executes Thumb code, this layer is everything
 * Unicorn leaves out - exceptions, NVIC, SysTick, SCS, debug halting, exact
 * single steps (IT blocks too), FPB, DWT, vector catch, lockup, the FPU frame.
 *
 * The layer knows no STM32: memories are mapped by the soc, everything else the
 * core touches goes out through `struct cpu_bus`. Hooks only record; all state
 * changes between two runs of the engine. One thread; several cpus may share
 * host memory: what writes code informs all of them by cpu_code_changed().
 *
 * Addresses 0xE0000000-0xE0002FFF (ITM, DWT, FPB) and 0xE000E000-0xE000EFFF
 * (SCS) belong to the cpu; the rest of the PPB (TPIU, ROM table, DBGMCU) is the
 * soc's. Arm names: DDI 0403E.e (ARMv7-M), DDI 0419 (ARMv6-M), DDI 0553 (v8-M).
 */
#ifndef TEST_EMULATOR_CPU_CPU_H
#define TEST_EMULATOR_CPU_CPU_H

#include <stdbool.h>
#include <stdint.h>

/*
 * libunicorn.so exports all that QEMU has, a cpu_reset() among it: without this
 * the dynamic linker would give the engine ours.
 */
#pragma GCC visibility push(hidden)

enum cpu_kind {
	CPU_CORTEX_M0PLUS,
	CPU_CORTEX_M3,
	CPU_CORTEX_M4,
	CPU_CORTEX_M7,
	CPU_CORTEX_M33
};
enum cpu_fpu { CPU_FPU_NONE, CPU_FPU_SINGLE, CPU_FPU_DOUBLE };

struct cpu_model {
	enum cpu_kind kind;
	enum cpu_fpu fpu;
	uint32_t cpuid;        /* CPUID as the part's manual gives it */
	uint8_t priority_bits; /* implemented bits of each priority byte */
	uint16_t irqs;         /* external interrupt lines */
	uint8_t fpb_revision;  /* 1: code below 0x20000000 only; 2: anywhere */
	uint8_t fpb_code, fpb_literal;
	uint8_t dwt_comparators;
};

/*
 * What the core sees that is not mapped memory. `size` is 1, 2 or 4. Both
 * answer false for a bus error. flash_write() receives each store to memory
 * that was mapped as CPU_FLASH; the store itself has not happened and will not
 * unless the soc changes its host memory (and says cpu_code_changed()).
 * Called from inside the engine: they may change the soc's state but not
 * reset, stop or map the cpu; for that, ask cpu_break().
 */
struct cpu_bus {
	void *context;
	bool (*read)(void *context, uint32_t at, unsigned size, uint32_t *value);
	bool (*write)(void *context, uint32_t at, unsigned size, uint32_t value);
	bool (*flash_write)(void *context, uint32_t at, unsigned size, uint32_t value);
};

/* For read() and write(): the read changed something, or another one may bring another value
 * though nothing was written and no event came in between (a counter). A loop that waits is
 * cut short only without such accesses; writes are such by themselves. */
struct cpu;
void cpu_note_unsteady(struct cpu *cpu);

enum cpu_memory { CPU_RAM, CPU_FLASH };

enum cpu_state {
	CPU_RUNNING,
	CPU_SLEEPING,  /* WFI/WFE, nothing pending */
	CPU_HALTED,    /* debug state */
	CPU_LOCKED_UP, /* and not halted */
	CPU_IN_RESET   /* held: cpu_hold() */
};

/* Never fails but by abort(). The cpu starts held in power-on reset. */
struct cpu *cpu_new(const struct cpu_model *model, const struct cpu_bus *bus);
void cpu_free(struct cpu *cpu);

/* Maps `size` bytes (multiples of 1 KiB) of host memory, which must outlive the cpu. An
 * address range may be mapped again (aliases, remapping): the last mapping wins. */
void
cpu_map(struct cpu *cpu, uint32_t at, uint32_t size, void *host, enum cpu_memory memory);
void cpu_unmap(struct cpu *cpu, uint32_t at, uint32_t size);
/* Host memory was changed by anybody but this cpu. */
void cpu_code_changed(struct cpu *cpu, uint32_t at, uint32_t size);

/*
 * Power-on reset clears everything; a system reset leaves what the manual keeps
 * (DHCSR.C_DEBUGEN and C_HALT, DEMCR, FPB, DWT) and sets S_RESET_ST. The
 * vector table is read when the reset is let go, from `vtor`.
 */
void cpu_reset(struct cpu *cpu, bool power_on, uint32_t vtor);
/* Holds the core in reset (NRST low, BOOT_Cx = 0) or lets it go. */
void cpu_hold(struct cpu *cpu, bool held);

/* An access of the core does not end: it gets no further and cannot halt, until the next
 * reset. The caller does not call cpu_run() any more. */
void cpu_stall(struct cpu *cpu);

/*
 * Runs for at most `cycles` cycles (one instruction counts as one) and returns
 * how many went by: fewer only when the state is no longer running, or when
 * cpu_break() was called. Sleeping passes cycles without instructions.
 * Executes nothing in any other state.
 */
uint64_t cpu_run(struct cpu *cpu, uint64_t cycles);
void cpu_break(struct cpu *cpu);
enum cpu_state cpu_state(const struct cpu *cpu);
/* Did it come to the end of the last cpu_run() in a loop that only waits for an event? */
bool cpu_is_spinning(const struct cpu *cpu);
uint64_t cpu_instructions(const struct cpu *cpu);
uint32_t cpu_pc(const struct cpu *cpu);
/* Cycles to the next event the cpu makes itself (SysTick); UINT64_MAX: none. */
uint64_t cpu_next_event(const struct cpu *cpu);

/* Reads and clears a request written to AIRCR: 0, SYSRESETREQ (4) or VECTRESET (1). */
uint32_t cpu_reset_request(struct cpu *cpu);

/* Level of external interrupt line `irq`. */
void cpu_irq(struct cpu *cpu, unsigned irq, bool level);
void cpu_nmi(struct cpu *cpu);        /* a non-maskable interrupt: pends once */
void cpu_event(struct cpu *cpu);      /* SEV from the other core */
bool cpu_sent_event(struct cpu *cpu); /* SEV was executed since the last call */

/* The input EDBGRQ: while it is high and halting debug is on, the core halts (DDI 0403E
 * C1.4). And DBGRESTART: a halted core goes on (DDI 0489, "Cross Trigger Interface"). */
void cpu_debug_request(struct cpu *cpu, bool level);
void cpu_debug_restart(struct cpu *cpu);
/* How often the core has entered debug state. */
unsigned cpu_halts(const struct cpu *cpu);

/* The debugger's side of the PPB: 32-bit words in the cpu's own ranges, by way
 * of a MEM-AP. Registers that a debugger sees differently from code (DHCSR,
 * DCRSR, DCRDR, AIRCR's debug bits) behave as for a debugger. False: bus error. */
bool cpu_debug_read(struct cpu *cpu, uint32_t at, uint32_t *value);
bool cpu_debug_write(struct cpu *cpu, uint32_t at, uint32_t value);
bool cpu_owns(uint32_t at);

/*
 * The log of instructions: each is given to `take` when it is over, in the order in which the
 * core came to them - also one that faults, and one of an IT block whose condition is false;
 * not one at which the core halts instead (BKPT, a comparator). NULL: no log, as at first.
 */
struct cpu_access {
	uint32_t at;
	uint8_t size; /* in bytes; 8: a double word */
	bool is_write;
};
struct cpu_logged {
	uint32_t pc;
	unsigned exception; /* whose handler it is of, 0: thread mode */
	const struct cpu_access *accesses;
	unsigned accesses_len;
};
typedef void cpu_log_take(void *context, const struct cpu_logged *instruction);
void cpu_log(struct cpu *cpu, cpu_log_take *take, void *context);

/* True when SCR.SLEEPDEEP was set at the WFI that put it to sleep. */
bool cpu_is_deep_asleep(const struct cpu *cpu);

/* Bytes that ITM and DWT packets put out since the last call; 0: none. */
unsigned cpu_trace(struct cpu *cpu, uint8_t *bytes, unsigned max);
/* The number under which a formatter tells them apart (ITM_TCR.TraceBusID). */
uint8_t cpu_trace_source(const struct cpu *cpu);

#pragma GCC visibility pop

#endif /* TEST_EMULATOR_CPU_CPU_H */

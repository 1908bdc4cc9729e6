/* SPDX-License-Identifier: MIT */
/*
 * cpu_internal.h - the inside of one core, shared by the files of this folder only.
 *
 * The files from the bottom up; each uses only those above it in this list:
 *
 *   unicorn.c    registers and exits of the engine
 *   registers.c  core registers, past Unicorn's privilege rules
 *   memory.c     what lies where, as host memory or as windows to the bus
 *   v6m.c        what Armv6-M has not
 *   it.c         IT blocks          spin.c  loops that only wait
 *   log.c        each instruction, for who asked
 *   halt.c       debug state        nvic.c  what is pending, active, urgent
 *   systick.c, itm.c, dwt.c, fpb.c, cache.c, v8m.c, scs.c, debug.c, coresight.c
 *                units with registers in the PPB
 *   ppb.c        finds the register of an address
 *   access.c     loads and stores: memory, the PPB, or the bus
 *   exception.c  entry, return, faults, lockup
 *   engine.c     hooks, one run of Unicorn between two boundaries
 *   step.c       exactly one instruction
 *   run.c        the run loop       cpu.c  reset and the rest of cpu.h
 *
 * Rules that keep Unicorn 2.0.1 exact: hooks record and ask for a stop, nothing
 * else; the engine is never stopped inside an IT block except by a fault, whose
 * state is then computed here; state changes only between two engine runs.
 */
#ifndef TEST_EMULATOR_CPU_CPU_INTERNAL_H
#define TEST_EMULATOR_CPU_CPU_INTERNAL_H

#include <stddef.h>
#include <unicorn/unicorn.h>

#include "test/emulator/cpu/armv7m.h"
#include "test/emulator/cpu/cpu.h"

#pragma GCC visibility push(hidden) /* see cpu.h */

enum { FPB_MAX = 16, DWT_MAX = 16, TRACE_MAX = 4096, STORES_MAX = 64, CHANGES_MAX = 16 };
enum { UNDO_MAX = 128 }; /* VSTM of 32 registers */

/* Host memory, or a window through which accesses go out to the bus. */
struct region {
	struct region *next;
	struct region *next_memory; /* of those with host memory, in no order */
	struct cpu *cpu;
	uint32_t at;
	uint64_t size;
	uint8_t *host; /* NULL: window */
	enum cpu_memory memory;
};

/* The instructions from `at` on that are still under ITSTATE `state`. */
struct it_block {
	uint32_t at, size;
	uint8_t state;
};

enum event_kind {
	EVENT_NONE,
	EVENT_INTERRUPT, /* Unicorn's intr hook; `number` is its EXCP_ number */
	EVENT_UNDEFINED,
	EVENT_FETCH, /* nothing to execute at `at` */
	EVENT_DATA,  /* bus error of a load from `at` */
	EVENT_NOCP,
	EVENT_NOT_V6M, /* an instruction that the engine knows and Armv6-M does not */
	EVENT_UNALIGNED,
	EVENT_DIVIDE
};
struct event {
	enum event_kind kind;
	uint32_t at, number;
};

/* What the instruction hook has to look out for besides IT and hints. */
enum {
	WATCH_MASKS = 1 << 0, /* an exception is pending: CPS and MSR may let it in */
	WATCH_FP_DENY = 1 << 1,
	WATCH_FP_LAZY = 1 << 2,
	WATCH_DIVIDE = 1 << 3,
	WATCH_V6M = 1 << 5,
	WATCH_UNALIGNED = 1 << 6, /* all unaligned accesses fault, not only those of LDM */
	WATCH_PC = 1 << 4         /* a DWT comparator looks at instruction addresses */
};

/* Core registers as they were when an instruction of an IT block failed. */
struct snapshot {
	bool taken;
	uint32_t r[15], xpsr;
};

/* What must be the same for the next round of a loop to be the same. */
enum { SPIN_REGISTERS = 22, SPIN_FLOATS = 16 };
struct spin_state {
	uint32_t core[SPIN_REGISTERS], fpscr;
	uint64_t floats[SPIN_FLOATS];
};
struct spin {
	bool is_armed;  /* `state` was that at `anchor`, at `since` */
	bool is_steady; /* nothing was stored, and nothing read that changes by itself */
	bool is_found;  /* rounds were skipped in this run of the engine */
	uint32_t anchor;
	uint64_t since, next_try, patience; /* in cycles */
	struct spin_state state;
};

struct nvic {
	uint32_t enabled[8], pending[8], active[8], level[8]; /* external lines */
	uint8_t priority[CPU_MAX_IRQS];
	uint32_t system_pending, system_active; /* bit = exception number */
	uint8_t system_priority[16];
};

struct systick {
	uint32_t csr, rvr, cvr;
	uint64_t synced; /* `now` for which cvr holds */
};

struct scs {
	uint32_t vtor, prigroup, scr, ccr, shcsr, cfsr, hfsr, mmfar, bfar, afsr, actlr;
	uint32_t csselr, cpacr, fpccr, fpcar, fpdscr, reset_request;
	uint32_t mpu_ctrl, mpu_rnr, mpu_rbar, mpu_rasr;
};

struct debug {
	uint32_t control; /* DHCSR[3:0] */
	uint32_t demcr, dfsr, dcrdr;
	bool regrdy, retired, was_reset;
	bool requested; /* EDBGRQ */
	unsigned halts;
};

struct fpb {
	uint32_t ctrl, remap, comp[FPB_MAX];
	uint32_t at[2 * FPB_MAX]; /* the addresses that stop the core now */
	unsigned len;
	bool stale; /* `at` is to be made anew */
};

/* One thing a DWT comparator looks for: an access that touches [first, last]. */
struct dwt_rule {
	uint32_t first, last;
	bool on_read, on_write, on_fetch, is_event;
	uint8_t comparator;
};
struct dwt {
	uint32_t ctrl, comp[DWT_MAX], mask[DWT_MAX], function[DWT_MAX];
	uint64_t cyccnt_base; /* CYCCNT is now - base while it counts, */
	uint32_t cyccnt_held; /* and this while not */
	bool counts, watches_fetches;
	uint64_t next_sample; /* `now` of the next PC sample; UINT64_MAX: none */
	struct dwt_rule rule[DWT_MAX];
	unsigned rules;
	bool hit;
};

/* The instruction under way, to be given out when it is over. */
enum { LOG_ACCESSES = 40 }; /* VSTM of 32 registers, and some */
struct log {
	cpu_log_take *take;
	void *context;
	bool is_pending;
	uint32_t next; /* the address after the last instruction */
	struct cpu_logged logged;
	struct cpu_access accesses[LOG_ACCESSES];
};

struct v8m {
	uint32_t mpu_mair[2];
};

struct itm {
	uint32_t ter, tpr, tcr;
	bool unlocked;
	uint8_t bytes[TRACE_MAX];
	unsigned len;
	bool overflows; /* packets were lost since the last byte */
};

struct cpu {
	struct cpu_model model;
	struct cpu_bus bus;
	uc_engine *uc;
	/* MMIO of the windows; engine.c hands it down to memory.c. */
	struct {
		uint64_t (*read)(uc_engine *uc, uint64_t offset, unsigned size,
				 void *region);
		void (*write)(uc_engine *uc, uint64_t offset, unsigned size, uint64_t value,
			      void *region);
	} window;

	struct region *regions; /* by address, never overlapping */
	struct region *memories;
	bool windows_stale;
	struct region *fetched; /* where the last opcode came from */
	struct {
		uint32_t at, size;
	} changed[CHANGES_MAX]; /* code changes reported while the engine ran */
	unsigned changes;
	struct {
		uint32_t at, old, value;
		unsigned size;
	} store[STORES_MAX]; /* stores to flash, not yet answered by the bus */
	unsigned stores;
	struct {
		uint8_t *at, old[UNDO_MAX];
		unsigned size;
	} undo; /* of the store of an instruction that failed */

	uint64_t now;    /* cycles since power on; one per instruction */
	uint64_t slept;  /* of them without an instruction */
	uint64_t limit;  /* the engine stops at the first boundary at or after it */
	uint64_t target; /* cycles asked for by all cpu_run() calls */

	bool in_engine, stop, broken;
	uint32_t last_pc; /* the instruction under way, or the last one */
	uint16_t hint;    /* WFE, WFI or SEV that was executed last, as opcode */
	unsigned watch;
	struct it_block it;
	struct event event;
	struct snapshot snapshot;
	struct spin spin;
	bool write_failed;    /* imprecise bus error */
	unsigned access_size; /* of the store that a PPB register gets */

	bool is_stalled; /* see cpu_stall() */
	bool held, halted, locked_up, sleeping, deep, waits_for_event, event_register;
	bool event_sent;
	bool not_thumb; /* EPSR.T is 0 */
	uint32_t reset_vtor;

	struct nvic nvic;
	struct systick systick;
	struct scs scs;
	struct debug debug;
	struct fpb fpb;
	struct dwt dwt;
	struct itm itm;
	struct v8m v8m;
	struct log log;
};

/* ---- unicorn.c ---- */
uint32_t engine_get(const struct cpu *cpu, int reg); /* a UC_ARM_REG_ */
void engine_set(struct cpu *cpu, int reg, uint32_t value);
/* Addresses where the engine stops before executing. */
void engine_set_exits(struct cpu *cpu, const uint32_t *at, unsigned len);

/* ---- memory.c ---- */
/* Unmapped space becomes windows to the bus; to be called before the engine runs. */
void memory_settle(struct cpu *cpu);
/* The halfword at `at` if it is in mapped memory, else 0. */
uint16_t memory_opcode(struct cpu *cpu, uint32_t at);
/* The mapped memory that holds `at`, NULL for none. */
struct region *memory_find(struct cpu *cpu, uint32_t at);
void memory_free(struct cpu *cpu);
/* Tells the engine what was changed while it ran. */
void memory_flush_changes(struct cpu *cpu);
/* Drops translations of [at, at + size) at these very addresses. */
void memory_forget(struct cpu *cpu, uint32_t at, uint32_t size);

/* ---- access.c ---- */
/* Accesses through a window: the PPB or the bus. */
bool window_read(struct cpu *cpu, uint32_t at, unsigned size, uint32_t *value);
bool window_write(struct cpu *cpu, uint32_t at, unsigned size, uint32_t value);
/* Loads and stores as the core makes them, outside the engine. False: bus error. */
bool memory_load(struct cpu *cpu, uint32_t at, unsigned size, uint32_t *value);
bool memory_store(struct cpu *cpu, uint32_t at, unsigned size, uint32_t value);

/* ---- engine.c ---- */
void engine_open(struct cpu *cpu);
void engine_close(struct cpu *cpu);
/* Runs `cycles` cycles or to the next event; see struct cpu's event, stop, hint.
 * `it_state` is the true ITSTATE of the first instruction. */
void engine_go(struct cpu *cpu, uint64_t cycles, uint8_t it_state);

/* ---- spin.c ---- */
/* A run of the engine begins. */
void spin_begin(struct cpu *cpu);
/* A branch went back to `at`, which has not been executed yet. */
void spin_look(struct cpu *cpu, uint32_t at);
/* `value` is about to be stored. */
void spin_note_store(struct cpu *cpu, uint32_t at, unsigned size, uint64_t value);

/* ---- registers.c ---- */
/* REGSEL of DCRSR (C1.6.3). */
enum {
	REG_R0 = 0,
	REG_SP = 13,
	REG_LR = 14,
	REG_PC = 15,
	REG_XPSR = 16,
	REG_MSP = 17,
	REG_PSP = 18,
	REG_SPECIAL = 20, /* CONTROL, FAULTMASK, BASEPRI, PRIMASK */
	REG_FPSCR = 33,
	REG_S0 = 64
};
/* False: no such register. */
bool register_get(struct cpu *cpu, unsigned regsel, uint32_t *value);
bool register_set(struct cpu *cpu, unsigned regsel, uint32_t value);
/* xPSR without EPSR.T, which is cpu->not_thumb. */
uint32_t register_xpsr(struct cpu *cpu);
void register_set_xpsr(struct cpu *cpu, uint32_t xpsr);
uint32_t register_special(struct cpu *cpu);
bool register_is_privileged(struct cpu *cpu);
void registers_reset(struct cpu *cpu);
/* Where a core that is locked up seems to fetch from. */
uint32_t register_lockup_pc(const struct cpu *cpu);

/* ---- it.c ---- */
uint8_t it_from_xpsr(uint32_t xpsr);
uint32_t it_into_xpsr(uint32_t xpsr, uint8_t state);
uint8_t it_next(uint8_t state);
/* Tracks the block that begins at `at` under `state`; returns its instructions. */
unsigned it_track(struct cpu *cpu, uint32_t at, uint8_t state);
/* Within the tracked block: ITSTATE at `at`, instructions from `at` on. */
uint8_t it_state_at(struct cpu *cpu, uint32_t at);
unsigned it_left_at(struct cpu *cpu, uint32_t at);
unsigned opcode_size(uint16_t opcode);
/* Cycles so far, exact even when asked from inside an IT block. */
uint64_t engine_now(struct cpu *cpu);

/* ---- log.c; without a log they do nothing ---- */
/* The instruction at `at` begins; the one before it is over. */
void log_instruction(struct cpu *cpu, uint32_t at);
/* One of the tracked IT block, after those that were skipped. */
void log_in_block(struct cpu *cpu, uint32_t at);
/* The core has come to `at`, after or within the tracked block, and skipped what is left of
 * it up to there. */
void log_skipped(struct cpu *cpu, uint32_t at);
void log_access(struct cpu *cpu, uint32_t at, unsigned size, bool is_write);
/* The instruction under way is over; or will be executed later. */
void log_end(struct cpu *cpu);
void log_drop(struct cpu *cpu);

/* ---- step.c ---- */
/* Exactly one instruction, inside an IT block too; events are left as engine_go() does. */
void step_one(struct cpu *cpu);

/* ---- exception.c ---- */
void exception_enter(struct cpu *cpu, int exception, uint32_t return_at);
void exception_return(struct cpu *cpu, uint32_t exc_return);
/* A synchronous fault at `return_at`: takes `exception`, or escalates it. */
void exception_fault(struct cpu *cpu, int exception, uint32_t cfsr, uint32_t return_at);
void exception_supervisor_call(struct cpu *cpu, uint32_t return_at);
/* BKPT or FPB with nobody there: DebugMonitor, or HardFault. */
void exception_breakpoint(struct cpu *cpu, uint32_t return_at);
void exception_lockup(struct cpu *cpu);
/* Puts the ITSTATE of `at` into xPSR if the engine stopped inside a block. */
void exception_restore_it(struct cpu *cpu, uint32_t at);
/* The FP registers go to the frame that was reserved for them (B1.5.7). */
void exception_save_lazy_fp(struct cpu *cpu);

/* ---- nvic.c ---- */
void nvic_reset(struct cpu *cpu);
void nvic_pend(struct cpu *cpu, int exception, bool pending);
bool nvic_is_active(struct cpu *cpu, int exception);
void nvic_activate(struct cpu *cpu, int exception);
void nvic_deactivate(struct cpu *cpu, int exception);
unsigned nvic_active_count(struct cpu *cpu);
bool nvic_is_enabled(struct cpu *cpu, int exception);
/* The pending and enabled exception of highest priority; EXC_NONE: none. */
int nvic_best(struct cpu *cpu);
/* Group priority, lower is more urgent. */
int nvic_priority(struct cpu *cpu, int exception);
enum { MASK_NONE = 0, MASK_PRIMASK = 1, MASK_OTHERS = 2, MASK_ALL = 3 };
int nvic_execution_priority(struct cpu *cpu, int masks);

/* ---- systick.c ---- */
void systick_reset(struct cpu *cpu);
void systick_sync(struct cpu *cpu);
/* Cycles until it reaches zero with TICKINT set; UINT64_MAX: never. */
uint64_t systick_due(const struct cpu *cpu);

/* ---- ppb.c: the registers of 0xE0000000-0xE0002FFF and the SCS ---- */
enum ppb_view { VIEW_CODE, VIEW_DEBUGGER };

/*
 * One register or a run of them. Without `read`, the word at `store` in struct
 * cpu is read; without `write`, its `writable` bits are written. `merge`: a
 * store of a byte keeps the other bytes (else they count as written zero).
 */
struct ppb_register {
	uint32_t at;
	uint16_t words, stride; /* stride 0: 4 */
	bool merge;
	uint32_t (*read)(struct cpu *cpu, unsigned index, enum ppb_view view);
	void (*write)(struct cpu *cpu, unsigned index, uint32_t value, enum ppb_view view);
	size_t store;
	uint32_t writable;
};
struct ppb_table {
	const struct ppb_register *row;
	unsigned len;
};
#define PPB_STORE(member) offsetof(struct cpu, member)
#define PPB_TABLE(rows)                                  \
	{                                                \
		(rows), sizeof(rows) / sizeof((rows)[0]) \
	}

extern const struct ppb_table nvic_registers, systick_registers, scs_registers;
extern const struct ppb_table cache_registers;
extern const struct ppb_table debug_registers, fpb_registers, dwt_registers, itm_registers;
extern const struct ppb_table v8m_registers;

bool
ppb_read(struct cpu *cpu, uint32_t at, unsigned size, uint32_t *value, enum ppb_view view);
bool
ppb_write(struct cpu *cpu, uint32_t at, unsigned size, uint32_t value, enum ppb_view view);
/* PIDR, CIDR, DEVARCH words at the end of each component's 4 KiB; else 0. */
uint32_t coresight_id(const struct cpu *cpu, uint32_t at);

/* ---- halt.c ---- */
bool debug_is_enabled(const struct cpu *cpu);
bool debug_masks_interrupts(const struct cpu *cpu);
/* Enters debug state, with a DFSR bit as the cause. */
void debug_halt(struct cpu *cpu, uint32_t dfsr);
/* Halts if debug is enabled and any of the DEMCR.VC_ bits is set. */
void debug_vector_catch(struct cpu *cpu, uint32_t vc_bits);

/* ---- scs.c, debug.c, fpb.c, dwt.c, itm.c ---- */
void scs_reset(struct cpu *cpu);
bool scs_fp_is_denied(struct cpu *cpu);

void debug_reset(struct cpu *cpu, bool power_on);

void fpb_reset(struct cpu *cpu);
/* Makes changed comparators known to the engine. */
void fpb_settle(struct cpu *cpu);
bool fpb_matches(const struct cpu *cpu, uint32_t pc);

void dwt_reset(struct cpu *cpu);
/* To be called when DEMCR.TRCENA changed. */
void dwt_settle(struct cpu *cpu);
/* An access by an instruction; records the match. True: it is a debug event. */
bool dwt_access(struct cpu *cpu, uint32_t at, unsigned size, bool is_write);
bool dwt_fetch(struct cpu *cpu, uint32_t pc);

/* Cycles until the next PC sample; UINT64_MAX: none is asked for. */
uint64_t dwt_due(const struct cpu *cpu);
/* Takes the sample that is due. */
void dwt_sample(struct cpu *cpu);

void itm_reset(struct cpu *cpu);
/* Exception trace (D4.3.2): what has become of that exception. 0: of thread mode. */
enum exception_step { EXCEPTION_ENTERED = 1, EXCEPTION_LEFT = 2, EXCEPTION_BACK = 3 };
void itm_exception(struct cpu *cpu, int exception, enum exception_step what);
void itm_pc_sample(struct cpu *cpu);

/* Is exception trace on (DWT_CTRL.EXCTRCENA)? */
bool dwt_traces_exceptions(const struct cpu *cpu);

void v8m_reset(struct cpu *cpu);

/* ---- v6m.c ---- */
bool is_v6m(const struct cpu *cpu);
/* Is the PPB register at `at` one that a core of Armv6-M has not? It reads 0 there. */
bool v6m_lacks(const struct cpu *cpu, uint32_t at);

#pragma GCC visibility pop

#endif /* TEST_EMULATOR_CPU_CPU_INTERNAL_H */

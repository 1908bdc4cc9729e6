/* SPDX-License-Identifier: MIT */
/*
 * fake_core.h - the debug side of a made-up Cortex-M4 on a fake probe: DHCSR,
 * DCRSR, DEMCR, DFSR, AIRCR, FPB and DWT as DDI 0403E.e C1 has them. It executes
 * no program: a step adds 2 to PC, and a test says where a running core arrives.
 */
#ifndef TEST_UNIT_FAKE_CORE_H
#define TEST_UNIT_FAKE_CORE_H

#include "test/unit/fake_probe.h"

enum { FAKE_CORE_SELECTORS = 0x60, FAKE_CORE_COMPARATORS = 6, FAKE_CORE_WATCHES = 4 };

struct fake_core {
	struct fake_probe *probe;

	/* To be set by the test. */
	bool refuses_halt, refuses_run, refuses_itm, ignores_sysreset, is_nrst_open;
	bool has_slow_registers; /* S_REGRDY is 0 at the first two readings */
	bool steps_into_sleep;   /* a step does not end by itself */
	uint32_t step_dfsr;      /* further bits of DFSR that a step sets */
	bool refuses_dfsr;
	void (*when_started)(void *core); /* once, when it is let run */
	uint64_t nrst_rise_us;            /* from letting go to out of reset */
	uint32_t vector;                  /* PC after a reset */

	/* To be looked at, or set up. */
	uint32_t cpuid, mvfr0, mvfr1, dauthstatus, fp_ctrl, dwt_ctrl, demcr, dfsr;
	uint32_t faults[5];        /* CFSR, HFSR, (DFSR is above), MMFAR, BFAR */
	uint32_t secure_faults[2]; /* SFSR, SFAR */
	unsigned secure_fault_reads;
	uint32_t control; /* C_ bits of DHCSR */
	bool is_halted, is_asleep, is_locked_up, was_reset, is_nrst_low;
	uint64_t nrst_high_at_us;
	uint32_t r[FAKE_CORE_SELECTORS]; /* by DCRSR.REGSEL */
	uint32_t fp_comp[FAKE_CORE_COMPARATORS];
	uint32_t dwt_comp[FAKE_CORE_WATCHES], dwt_mask[FAKE_CORE_WATCHES];
	uint32_t dwt_function[FAKE_CORE_WATCHES];
	unsigned steps, resets, unmasked_wrongly; /* C_MASKINTS changed while it ran */
	unsigned icache_flushes;
	uint32_t demcr_at_reset; /* as the last reset found it */
	bool stepped_masked;

	/* Its own. */
	uint32_t dcrdr, selected;
	unsigned slow_readings; /* of DHCSR until the transfer is done */
	bool is_slow_write;     /* that transfer is into the register */
};

/* A running core at 0x08000200, 6 breakpoints (version 1), 4 watchpoints, an FPU. */
struct fake_core *fake_core_new(struct fake_probe *probe);
void fake_core_free(struct fake_core *core);

/* A running core comes to `pc`: it halts when a breakpoint is there. */
void fake_core_arrives(struct fake_core *core, uint32_t pc);
/* A running core reads or writes `at`: it halts when a watchpoint says so. */
void fake_core_touches(struct fake_core *core, uint32_t at, bool is_write);
/* As by NVIC_SystemReset(), or a watchdog. */
void fake_core_reset(struct fake_core *core);

#endif /* TEST_UNIT_FAKE_CORE_H */

/* SPDX-License-Identifier: MIT */
/*
 * cpu_bench.h - a core with flash, RAM and a device of one register, and a
 * debugger's hands on it, for cpu_*_test.c. All is inline: one file, one test.
 */
#ifndef TEST_EMULATOR_TEST_CPU_BENCH_H
#define TEST_EMULATOR_TEST_CPU_BENCH_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "test/emulator/cpu/cpu.h"
#include "test/emulator/test/code/core.h"

enum {
	BENCH_FLASH_AT = 0x08000000,
	BENCH_RAM_AT = 0x20000000,
	BENCH_RAM_ALIAS_AT = 0x10000000,
	BENCH_SIZE = 0x10000,
	BENCH_DEVICE_AT = 0x40000000,
	BENCH_COUNTER_AT = 0x20000000,
	BENCH_LOG_AT = 0x20000100
};

/* System control space, as the debugger's manual spells it. */
enum {
	SYST_CSR = 0x010,
	SYST_RVR = 0x014,
	SYST_CVR = 0x018,
	NVIC_ISER0 = 0x100,
	NVIC_ISPR0 = 0x200,
	NVIC_IPR0 = 0x400,
	SCB_ICSR = 0xd04,
	SCB_VTOR = 0xd08,
	SCB_AIRCR = 0xd0c,
	SCB_CCR = 0xd14,
	SCB_SHPR3 = 0xd20,
	SCB_SHCSR = 0xd24,
	SCB_CFSR = 0xd28,
	SCB_HFSR = 0xd2c,
	SCB_DFSR = 0xd30,
	SCB_BFAR = 0xd38,
	SCB_CPACR = 0xd88,
	DHCSR = 0xdf0,
	DCRSR = 0xdf4,
	DCRDR = 0xdf8,
	DEMCR = 0xdfc,
	FPCCR = 0xf34,
	FPCAR = 0xf38
};
#define SCS_AT 0xe000e000u
#define DWT_AT 0xe0001000u
#define FPB_AT 0xe0002000u
#define ITM_AT 0xe0000000u

/* Exception numbers. */
enum { HARDFAULT = 3, MEMMANAGE = 4, BUSFAULT = 5, USAGEFAULT = 6 };

/* DCRSR.REGSEL */
enum {
	R0,
	R1,
	R2,
	R3,
	R4,
	R5,
	R6,
	R7,
	SP = 13,
	LR,
	PC,
	XPSR,
	MSP,
	PSP,
	SPECIAL = 20,
	S0 = 64
};

#define KEY          0xa05f0000u
#define C_DEBUGEN    0x1u
#define C_HALT       0x2u
#define C_STEP       0x4u
#define C_MASKINTS   0x8u
#define S_REGRDY     0x00010000u
#define S_HALT       0x00020000u
#define S_SLEEP      0x00040000u
#define S_LOCKUP     0x00080000u
#define S_RETIRE_ST  0x01000000u
#define S_RESET_ST   0x02000000u
#define DFSR_HALTED  0x1u
#define DFSR_BKPT    0x2u
#define DFSR_DWTTRAP 0x4u
#define DFSR_VCATCH  0x8u
#define CPACR_FPU    0x00f00000u
#define TRCENA       0x01000000u

struct bench {
	struct cpu *cpu;
	uint8_t flash[BENCH_SIZE], ram[BENCH_SIZE];
	uint32_t device; /* what was last written to the device */
	unsigned reads;  /* of the device: it answers with their number */
	struct {
		uint32_t at, size, value;
	} flash_write[8];
	unsigned flash_writes;
	bool flash_refuses;
};

static inline bool
bench_bus_read(void *context, uint32_t at, unsigned size, uint32_t *value)
{
	struct bench *bench = context;

	(void)size;
	*value = ++bench->reads;
	return at >> 12 == BENCH_DEVICE_AT >> 12;
}

static inline bool
bench_bus_write(void *context, uint32_t at, unsigned size, uint32_t value)
{
	struct bench *bench = context;

	(void)size;
	bench->device = value;
	return at >> 12 == BENCH_DEVICE_AT >> 12;
}

static inline bool
bench_flash_write(void *context, uint32_t at, unsigned size, uint32_t value)
{
	struct bench *bench = context;

	assert_true(bench->flash_writes < 8);
	bench->flash_write[bench->flash_writes].at = at;
	bench->flash_write[bench->flash_writes].size = size;
	bench->flash_write[bench->flash_writes++].value = value;
	return !bench->flash_refuses;
}

static const struct cpu_model bench_m4 = { .kind = CPU_CORTEX_M4,
					   .fpu = CPU_FPU_SINGLE,
					   .cpuid = 0x410fc241,
					   .priority_bits = 4,
					   .irqs = 102,
					   .fpb_revision = 1,
					   .fpb_code = 6,
					   .fpb_literal = 2,
					   .dwt_comparators = 4 };

/* A core with `code` in flash, still held in its power-on reset. */
static inline struct bench *
bench_of(const struct cpu_model *model, const uint8_t *code, size_t size)
{
	struct bench *bench = calloc(1, sizeof(*bench));
	const struct cpu_bus bus = { bench, bench_bus_read, bench_bus_write,
				     bench_flash_write };

	assert_non_null(bench);
	memset(bench->flash, 0xff, sizeof(bench->flash));
	memcpy(bench->flash, code, size);
	bench->cpu = cpu_new(model, &bus);
	cpu_map(bench->cpu, BENCH_FLASH_AT, BENCH_SIZE, bench->flash, CPU_FLASH);
	cpu_map(bench->cpu, 0, BENCH_SIZE, bench->flash, CPU_FLASH);
	cpu_map(bench->cpu, BENCH_RAM_AT, BENCH_SIZE, bench->ram, CPU_RAM);
	cpu_map(bench->cpu, BENCH_RAM_ALIAS_AT, BENCH_SIZE, bench->ram, CPU_RAM);
	cpu_reset(bench->cpu, true, BENCH_FLASH_AT);
	return bench;
}

static inline void
bench_free(struct bench *bench)
{
	cpu_free(bench->cpu);
	free(bench);
}

static inline uint32_t
bench_read(struct bench *bench, uint32_t at)
{
	uint32_t value;

	assert_true(cpu_debug_read(bench->cpu, at, &value));
	return value;
}

static inline void
bench_write(struct bench *bench, uint32_t at, uint32_t value)
{
	assert_true(cpu_debug_write(bench->cpu, at, value));
}

static inline uint32_t
scs_get(struct bench *bench, uint32_t offset)
{
	return bench_read(bench, SCS_AT + offset);
}

static inline void
scs_set(struct bench *bench, uint32_t offset, uint32_t value)
{
	bench_write(bench, SCS_AT + offset, value);
}

static inline void
control(struct bench *bench, uint32_t bits)
{
	scs_set(bench, DHCSR, KEY | bits);
}

static inline uint32_t
reg_get(struct bench *bench, uint32_t regsel)
{
	scs_set(bench, DCRSR, regsel);
	return scs_get(bench, DCRDR);
}

static inline void
reg_set(struct bench *bench, uint32_t regsel, uint32_t value)
{
	scs_set(bench, DCRDR, value);
	scs_set(bench, DCRSR, 0x10000u | regsel);
}

static inline uint32_t
ram_get(const struct bench *bench, uint32_t at)
{
	uint32_t value;

	memcpy(&value, bench->ram + (at - BENCH_RAM_AT), sizeof(value));
	return value;
}

/* The core of core.s, out of reset and halted before its first instruction. */
static inline struct bench *
bench_new(void)
{
	struct bench *bench = bench_of(&bench_m4, core_code, sizeof(core_code));

	control(bench, C_DEBUGEN | C_HALT);
	cpu_hold(bench->cpu, false);
	scs_get(bench, DHCSR);
	scs_set(bench, SCB_DFSR, 0x1f);
	scs_set(bench, SCB_CPACR, CPACR_FPU);
	return bench;
}

/* Runs from `pc` until the core halts by itself; it must, and soon. */
static inline void
run_from(struct bench *bench, uint32_t pc)
{
	reg_set(bench, PC, pc);
	control(bench, C_DEBUGEN);
	cpu_run(bench->cpu, 100000);
	assert_int_equal(cpu_state(bench->cpu), CPU_HALTED);
}

static inline void
resume(struct bench *bench, uint64_t cycles)
{
	control(bench, C_DEBUGEN);
	cpu_run(bench->cpu, cycles);
}

static inline void
step(struct bench *bench)
{
	control(bench, C_DEBUGEN | C_STEP);
	cpu_run(bench->cpu, 16);
	assert_int_equal(cpu_state(bench->cpu), CPU_HALTED);
}

static inline void
halt(struct bench *bench)
{
	control(bench, C_DEBUGEN | C_HALT);
}

static inline void
enable_faults(struct bench *bench)
{
	scs_set(bench, SCB_SHCSR, 0x00070000);
}

/* FP_COMP of version 1: REPLACE in bits 31:30, 1 lower and 2 upper halfword. */
static inline uint32_t
comp_v1(uint32_t at)
{
	return (at & 2 ? 0x80000000u : 0x40000000u) | (at & 0x1ffffffcu) | 1;
}

static inline void
break_at(struct bench *bench, unsigned comparator, uint32_t at)
{
	bench_write(bench, FPB_AT, 3);
	bench_write(bench, FPB_AT + 8 + 4 * comparator, at ? comp_v1(at) : 0);
}

static inline void
watch(struct bench *bench, uint32_t at, uint32_t mask, uint32_t function)
{
	scs_set(bench, DEMCR, TRCENA);
	bench_write(bench, DWT_AT + 0x20, at);
	bench_write(bench, DWT_AT + 0x24, mask);
	bench_write(bench, DWT_AT + 0x28, function);
}

static inline void
expect_halt(struct bench *bench, uint32_t at, uint32_t dfsr)
{
	assert_int_equal(cpu_state(bench->cpu), CPU_HALTED);
	assert_int_equal(reg_get(bench, PC), at);
	assert_int_equal(scs_get(bench, SCB_DFSR), dfsr);
	scs_set(bench, SCB_DFSR, 0x1f);
}

#endif /* TEST_EMULATOR_TEST_CPU_BENCH_H */

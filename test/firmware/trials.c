/* SPDX-License-Identifier: MIT */
/*
 * trials.c - what a debugger's run control has to cope with, one situation each, chosen by
 * writing `wanted` from the debugger: BKPT instructions of the program's own, sleep, a
 * function to jump to, one in RAM that start-up code copies, faults two calls deep.
 * Behind each a counter is raised. For a Cortex-M4, a Cortex-M3 and a Cortex-M0+.
 */
#include <stdint.h>

#include "test/firmware/m4.h"

/* DDI 0403E.e, B3.2.13: the system handlers that are enabled; B3.2.8: traps of UsageFault. */
#define SHCSR           REGISTER(0xe000ed24)
#define SHCSR_ALL       (7u << 16) /* UsageFault, BusFault, MemManage */
#define CCR             REGISTER(0xe000ed14)
#define CCR_DIV_0_TRP   (1u << 4)
#define CCR_UNALIGN_TRP (1u << 3)

enum { TICK_CYCLES = 8000 };

/* What gdb writes to `wanted`; everything but NOTHING is done once, or for ever where that is
 * the point of it. */
enum trial {
	NOTHING,
	BKPT,
	SLEEP,      /* WFI with nothing that ends it */
	NAP,        /* WFI in a loop, ended by each tick */
	LEAF,       /* a function that does nothing else */
	RAM,        /* a function in RAM */
	SEMIHOSTED, /* a request for semihosting */
	BKPTS,      /* BKPT each time round the loop */
	FAULT       /* `fault` chooses which */
};

enum fault { BUS, UNDEFINED, DIVISION, EXECUTION, UNALIGNED, LOCKUP };

volatile enum trial wanted;
volatile enum fault fault;
volatile uint32_t has_handlers; /* else every fault becomes a HardFault */

volatile uint32_t ticks, loops;
volatile uint32_t bkpts, naps, leaves, ram_calls, calls, requests;
volatile int sum;
uint32_t numbers[4];                /* 16 bytes to watch */
uint8_t octets[8] = { 1, 2, 3, 4 }; /* and unaligned ones */

void systick_handler(void);

void
systick_handler(void)
{
	ticks++;
}

int
add(int left, int right)
{
	calls++;
	return left + right;
}

static void
do_bkpt(void)
{
	__asm__ volatile("bkpt 1");
	bkpts++;
}

static void
do_sleep(void)
{
	SYST_CSR = 0;
	for (;;) {
		__asm__ volatile("wfi");
		naps++;
	}
}

static void
do_nap(void)
{
	__asm__ volatile("wfi");
	naps++;
}

static void
do_leaf(void)
{
	leaves++;
}

/* SYS_WRITE0 (semihosting, operation 4) of an empty string. */
static void
do_semihosting(void)
{
	__asm__ volatile("movs r0, #4\n\tmov r1, %0\n\tbkpt 0xab" ::"r"("") : "r0", "r1");
	requests++;
}

__attribute__((section(".data.ram_function"), noinline)) static void
ram_function(void)
{
	ram_calls++;
}

static void
do_ram(void)
{
	void (*volatile function)(void) = ram_function;
	function();
}

static uint32_t
provoke(enum fault kind)
{
	volatile uint32_t zero = 0;

	switch (kind) {
	case BUS:
		return REGISTER(0x30000000); /* nothing answers there */
	case UNDEFINED:
		__asm__ volatile("udf 1");
		break;
	case DIVISION:
		CCR |= CCR_DIV_0_TRP;
		__asm__ volatile(UDIV : "=r"(sum) : "r"(1), "r"(zero));
		break;
	case EXECUTION:
		((void (*)(void))0x40000001)(); /* never executable: DDI 0403E.e, B3.1 */
		break;
	case UNALIGNED:
		CCR |= CCR_UNALIGN_TRP;
		return *(volatile uint32_t *)((uintptr_t)octets + 1);
	case LOCKUP:
		__asm__ volatile("mov sp, %0\n\tudf 2" ::"r"(0x30000000));
		break;
	}
	return 0;
}

static void
do_fault(void)
{
	if (has_handlers) {
		SHCSR |= SHCSR_ALL;
	}
	numbers[0] = provoke(fault);
}

static void
do_one(enum trial trial)
{
	switch (trial) {
	case NOTHING:
		break;
	case BKPT:
	case BKPTS:
		do_bkpt();
		break;
	case SLEEP:
		do_sleep();
		break;
	case NAP:
		do_nap();
		break;
	case LEAF:
		do_leaf();
		break;
	case RAM:
		do_ram();
		break;
	case SEMIHOSTED:
		do_semihosting();
		break;
	case FAULT:
		do_fault();
		break;
	}
}

int
main(void)
{
	SYST_RVR = TICK_CYCLES - 1;
	SYST_CVR = 0;
	SYST_CSR = SYST_CSR_CLKSOURCE | SYST_CSR_TICKINT | SYST_CSR_ENABLE;
	for (;;) {
		enum trial trial = wanted;

		/* Written only when there was something to do: else what a debugger that has halted
		 * the core right here writes would be lost. */
		if (trial != NOTHING && trial != BKPTS && trial != NAP && trial != RAM) {
			wanted = NOTHING;
		}
		do_one(trial);
		numbers[loops % 4] = loops;
		octets[loops % 8] = (uint8_t)loops;
		sum = add((int)loops, 1);
		loops++;
	}
}

/* SPDX-License-Identifier: MIT */
/* What newlib and the program need of a bare core; SysTick interrupts all the while. */
#include "test/emulator/test/code/newlib/program.h"

#define REGISTER(at) (*(volatile uint32_t *)(at))
#define SYST_CSR     REGISTER(0xe000e010)
#define SYST_RVR     REGISTER(0xe000e014)
#define SYST_CVR     REGISTER(0xe000e018)

enum { TICK = 997 }; /* cycles: a prime, so that it hits all there is to hit */

extern uint32_t data_from[], data_begin[], data_end[], bss_begin[], bss_end[];
extern char heap_begin[], heap_end[], stack_top[];

static struct program_result result __attribute__((section(".result"), used));
static volatile float sum = 1.0f;

void start(void);
__attribute__((noreturn)) void
__assert_func(const char *file, int line, const char *function, const char *failed);
__attribute__((noreturn)) void abort(void);
void *_sbrk(ptrdiff_t more);

__attribute__((noreturn)) static void
unexpected(void)
{
	for (;;)
		__asm volatile("bkpt 1");
}

void *
_sbrk(ptrdiff_t more)
{
	static char *top = heap_begin;
	char *old = top;

	if (more > heap_end - top)
		return (void *)-1;
	top += more;
	return old;
}

/* Of newlib's, which would write to a console. */
void
__assert_func(const char *file, int line, const char *function, const char *failed)
{
	(void)file;
	(void)line;
	(void)function;
	(void)failed;
	unexpected();
}

void
abort(void)
{
	unexpected();
}

static void
on_systick(void)
{
	result.ticks++;
	result.mixed = result.mixed * 31 + SYST_CVR;
	sum = sum * 0.75f + (float)result.ticks;
}

void
start(void)
{
	for (uint32_t *to = data_begin, *from = data_from; to < data_end;)
		*to++ = *from++;
	for (uint32_t *to = bss_begin; to < bss_end;)
		*to++ = 0;
	SYST_RVR = TICK;
	SYST_CVR = 0;
	SYST_CSR = 7;
	result.len = (uint32_t)program(result.text, sizeof(result.text));
	SYST_CSR = 0;
	result.mixed += (uint32_t)(sum * 64.0f);
	for (;;)
		__asm volatile("bkpt 2");
}

/* The FPU is switched on before any function may save a register of it. */
__attribute__((naked)) static void
reset(void)
{
#ifdef __ARM_FP
	__asm volatile("ldr r0, =0xe000ed88\n"
		       "ldr r1, =0x00f00000\n"
		       "str r1, [r0]\n"
		       "dsb\n"
		       "isb\n");
#endif
	__asm volatile("bl start\n"
		       ".ltorg\n");
}

__attribute__((section(".vectors"),
	       used)) static void (*const vectors[16])(void) = { (void (*)(void))stack_top,
								 reset,
								 unexpected,
								 unexpected,
								 unexpected,
								 unexpected,
								 unexpected,
								 0,
								 0,
								 0,
								 0,
								 unexpected,
								 unexpected,
								 0,
								 unexpected,
								 on_systick };

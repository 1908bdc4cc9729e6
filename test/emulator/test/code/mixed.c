/* SPDX-License-Identifier: MIT */
/*
 * A bit of everything that could depend on where the emulator stops the engine:
 * SysTick in the middle of IT blocks, floats live across an interrupt that uses
 * floats, tail-chained and nested interrupts, divisions, recursion.
 */
#include <stdint.h>

#define REGISTER(at) (*(volatile uint32_t *)(at))
#define SYST_CSR     REGISTER(0xe000e010)
#define SYST_RVR     REGISTER(0xe000e014)
#define SYST_CVR     REGISTER(0xe000e018)
#define NVIC_ISER0   REGISTER(0xe000e100)
#define NVIC_ISPR0   REGISTER(0xe000e200)
#define NVIC_IPR0    REGISTER(0xe000e400)
#define SCB_ICSR     REGISTER(0xe000ed04)
#define SCB_SHPR3    REGISTER(0xe000ed20)

static volatile uint32_t result[16] __attribute__((section(".result"), used));
static volatile uint32_t ticks, sampled, chained;
static volatile float sum;

void start(void);

static void
on_systick(void)
{
	ticks++;
	sampled = sampled * 31 + SYST_CVR;
	sum = sum * 0.75f + (float)ticks;
	SCB_ICSR = 1u << 28;
	if (ticks % 3 == 0)
		NVIC_ISPR0 = 1;
}

static void
on_pendsv(void)
{
	chained = chained * 5 + ticks;
	sum += 0.125f;
}

static void
on_irq0(void)
{
	chained = chained * 7 + 1;
}

static void
unexpected(void)
{
	__asm volatile("bkpt 1");
}

__attribute__((naked)) static void
reset(void)
{
	__asm volatile("ldr r0, =0xe000ed88\n"
		       "ldr r1, =0x00f00000\n"
		       "str r1, [r0]\n"
		       "dsb\n"
		       "isb\n"
		       "b start\n"
		       ".ltorg\n");
}

__attribute__((section(".vectors"),
	       used)) static void (*const vectors[])(void) = { (void (*)(void))0x20008000,
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
							       on_pendsv,
							       on_systick,
							       on_irq0 };

static uint32_t
ackermann(uint32_t m, uint32_t n)
{
	if (m == 0)
		return n + 1;
	return ackermann(m - 1, n == 0 ? 1 : ackermann(m, n - 1));
}

static uint32_t
branchless(uint32_t rounds)
{
	uint32_t a = 1, b = 2, c = 3;

	for (uint32_t i = 0; i < rounds; i++) {
		a = i & 1 ? a + b : a ^ 0x55;
		b = a > c ? b + 3 : b - 1;
		c = b & 4 ? c + a / (i | 1) : c * 3;
	}
	return a ^ b ^ c;
}

static float
series(uint32_t rounds)
{
	float x = 1.0f;

	for (uint32_t i = 1; i < rounds; i++)
		x = x * 0.999f + 1.0f / (float)i;
	return x;
}

void
start(void)
{
	ticks = sampled = chained = 0;
	sum = 0.0f;
	NVIC_IPR0 = 0x40;
	SCB_SHPR3 = 0x80f00000; /* SysTick 0x80, PendSV 0xf0 */
	NVIC_ISER0 = 1;
	SYST_RVR = 96;
	SYST_CVR = 0;
	SYST_CSR = 7;
	result[0] = ackermann(2, 9);
	result[1] = branchless(4000);
	result[2] = (uint32_t)(series(3000) * 1000.0f);
	SYST_CSR = 0;
	result[3] = ticks;
	result[4] = sampled;
	result[5] = chained;
	result[6] = (uint32_t)(sum * 64.0f);
	for (;;)
		__asm volatile("bkpt 2");
}

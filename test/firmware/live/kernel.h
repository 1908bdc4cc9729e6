/* SPDX-License-Identifier: MIT */
/*
 * kernel.h - what the kernels of this folder need of the Cortex-M4: the tick, PendSV, and the frame
 * from which a new task starts (DDI 0403E.e, B1.5.6 to B1.5.8).
 */
#ifndef TEST_FIRMWARE_LIVE_KERNEL_H
#define TEST_FIRMWARE_LIVE_KERNEL_H

#include <stdint.h>

#include "test/firmware/m4.h"

#define ICSR           REGISTER(0xe000ed04)
#define ICSR_PENDSVSET (1u << 28)
#define SHPR3          REGISTER(0xe000ed20)
#define SHPR3_LOWEST   0xffff0000u /* PendSV and SysTick */
#define EXC_RETURN_PSP 0xfffffffdu /* thread mode, PSP, no FPU frame: B1.5.8 */
#define XPSR_THUMB     (1u << 24)

enum { TICK_CYCLES = 16000 /* 1 ms at 16 MHz */ };

/* Below `top`: R0-R3, R12 and LR are 0. */
static inline uint32_t *
kernel_frame(uint32_t *top, void (*run)(void))
{
	*--top = XPSR_THUMB;
	*--top = (uint32_t)run & ~1u;
	for (int i = 0; i < 6; i++) {
		*--top = 0;
	}
	return top;
}

/* SVC takes the first task. */
static inline void
kernel_start(void)
{
	SHPR3 |= SHPR3_LOWEST;
	SYST_RVR = TICK_CYCLES - 1;
	SYST_CVR = 0;
	SYST_CSR = SYST_CSR_CLKSOURCE | SYST_CSR_TICKINT | SYST_CSR_ENABLE;
	__asm__ volatile("svc 0");
}

static inline void
kernel_lock(void)
{
	__asm__ volatile("cpsid i" ::: "memory");
}

/* With a switch, if one is pending. */
static inline void
kernel_unlock(void)
{
	__asm__ volatile("cpsie i\n\tisb" ::: "memory");
}

#endif /* TEST_FIRMWARE_LIVE_KERNEL_H */

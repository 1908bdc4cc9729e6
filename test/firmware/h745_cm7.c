/* SPDX-License-Identifier: MIT */
/*
 * h745_cm7.c - the Cortex-M7's half of a program for an STM32H745, in the order of ST's
 * dual-core examples: wait for the other core to sleep, choose the supply, set the clocks,
 * then wake it by a hardware semaphore; from then on count rounds. With option BCM4 = 0 the other
 * core waits for a program that is made with STARTS_CM4.
 */
#include "test/firmware/h745.h"

/* What the board is wired for: NUCLEO-H745ZI-Q feeds the cores by the SMPS (UM2408). */
#ifndef SUPPLY
#define SUPPLY PWR_CR3_SMPSEN
#endif

/* 8 MHz / 1 * 100 / 2 = 400 MHz; HPRE = 2 gives CM4 200 MHz. */
enum { PLL_M = 1, PLL_N = 100, PLL_P = 2, HPRE_DIV2 = 8, PLLSRC_HSE = 2 };

double mean; /* worked out on the double precision FPU */

void systick_handler(void);

void
systick_handler(void)
{
}

static void
choose_supply(void)
{
	uint32_t choices = PWR_CR3_SMPSEN | PWR_CR3_LDOEN | PWR_CR3_BYPASS;

	PWR_CR3 = (PWR_CR3 & ~choices) | SUPPLY;
	while (!(PWR_CSR1 & PWR_CSR1_ACTVOSRDY)) {
	}
}

static void
set_clocks(void)
{
	PWR_D3CR = PWR_D3CR_VOS1;
	while (!(PWR_D3CR & PWR_D3CR_VOSRDY)) {
	}
	RCC_CR |= RCC_CR_HSEBYP;
	RCC_CR |= RCC_CR_HSEON;
	while (!(RCC_CR & RCC_CR_HSERDY)) {
	}
	RCC_PLLCKSELR = PLLSRC_HSE | PLL_M << 4;
	RCC_PLL1DIVR = (PLL_N - 1) | (PLL_P - 1) << 9;
	RCC_CR |= RCC_CR_PLL1ON;
	while (!(RCC_CR & RCC_CR_PLL1RDY)) {
	}
	RCC_D1CFGR = HPRE_DIV2;
	RCC_CFGR |= RCC_CFGR_SW_PLL1;
	while ((RCC_CFGR & RCC_CFGR_SWS) != RCC_CFGR_SW_PLL1 << 3) {
	}
}

#ifdef STARTS_CM4
static void
start_cm4(void)
{
	RCC_GCR |= RCC_GCR_BOOT_C2;
	while (!(RCC_CR & RCC_CR_D2CKRDY)) {
	}
	while (RCC_CR & RCC_CR_D2CKRDY) { /* until it sleeps */
	}
}
#endif

static void
wake_cm4(void)
{
	RCC_AHB4ENR |= RCC_AHB4ENR_HSEM;
	(void)RCC_AHB4ENR;
	while (HSEM_RLR0 != (HSEM_LOCK | HSEM_CPU1)) {
	}
	HSEM_R0 = HSEM_CPU1;
	while (!(RCC_CR & RCC_CR_D2CKRDY)) {
	}
}

int
main(void)
{
	while (RCC_CR & RCC_CR_D2CKRDY) {
	}
	choose_supply();
	set_clocks();
	MAILBOX->cm7_rounds = 0;
#ifdef STARTS_CM4
	start_cm4();
#endif
	wake_cm4();
	for (uint32_t round = 1;; round++) {
		mean += (round - mean) / round;
		MAILBOX->cm7_rounds = round;
		__asm__ volatile("dsb\n\tsev" ::: "memory");
	}
}

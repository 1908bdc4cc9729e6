/* SPDX-License-Identifier: MIT */
/*
 * h745.h - what the two programs of the STM32H745 share: registers by their names in
 * RM0399 Rev 4 and stm32h745xx.h, and a mailbox in SRAM4, which both cores see.
 */
#ifndef TEST_FIRMWARE_H745_H
#define TEST_FIRMWARE_H745_H

#include <stdint.h>

#include "test/firmware/m4.h"

/* RM0399 Rev 4, 9.7. */
#define RCC_CR           REGISTER(0x58024400)
#define RCC_CR_D2CKRDY   (1u << 15)
#define RCC_CR_HSEON     (1u << 16)
#define RCC_CR_HSERDY    (1u << 17)
#define RCC_CR_HSEBYP    (1u << 18)
#define RCC_CR_PLL1ON    (1u << 24)
#define RCC_CR_PLL1RDY   (1u << 25)
#define RCC_CFGR         REGISTER(0x58024410)
#define RCC_CFGR_SW_PLL1 3u
#define RCC_CFGR_SWS     (7u << 3)
#define RCC_D1CFGR       REGISTER(0x58024418)
#define RCC_PLLCKSELR    REGISTER(0x58024428)
#define RCC_PLL1DIVR     REGISTER(0x58024430)
#define RCC_GCR          REGISTER(0x580244a0)
#define RCC_GCR_BOOT_C1  (1u << 2)
#define RCC_GCR_BOOT_C2  (1u << 3)
#define RCC_AHB4ENR      REGISTER(0x580244e0)
#define RCC_AHB4ENR_HSEM (1u << 25)

/* 6.8. */
#define PWR_CSR1           REGISTER(0x58024804)
#define PWR_CSR1_ACTVOSRDY (1u << 13)
#define PWR_CR3            REGISTER(0x5802480c)
#define PWR_CR3_BYPASS     (1u << 0)
#define PWR_CR3_LDOEN      (1u << 1)
#define PWR_CR3_SMPSEN     (1u << 2)
#define PWR_D3CR           REGISTER(0x58024818)
#define PWR_D3CR_VOSRDY    (1u << 13)
#define PWR_D3CR_VOS1      (3u << 14)

/* 48.4: the watchdog of the Cortex-M7, counting LSI (32 kHz). */
#define IWDG1_KR        REGISTER(0x58004800)
#define IWDG1_KR_START  0xcccc
#define IWDG1_KR_ACCESS 0x5555
#define IWDG1_KR_RELOAD 0xaaaa
#define IWDG1_RLR       REGISTER(0x58004808)
#define IWDG1_SR        REGISTER(0x5800480c)
#define IWDG1_SR_RVU    (1u << 1)

/* 11.4: semaphore 0. */
#define HSEM_R0    REGISTER(0x58026400)
#define HSEM_RLR0  REGISTER(0x58026480)
#define HSEM_C2IER REGISTER(0x58026510)
#define HSEM_C2ICR REGISTER(0x58026514)
#define HSEM_C2ISR REGISTER(0x58026518)
#define HSEM_LOCK  (1u << 31)
#define HSEM_CPU1  (3u << 8)
#define HSEM_0     (1u << 0)

/* DDI 0403E.e B3.2.7. */
#define SCB_SCR           REGISTER(0xe000ed10)
#define SCB_SCR_SLEEPDEEP (1u << 2)

/* B3.2.6 */
#define SCB_AIRCR             REGISTER(0xe000ed0c)
#define SCB_AIRCR_SYSRESETREQ 0x05fa0004

struct mailbox {
	volatile uint32_t cm7_rounds, cm4_rounds;
	volatile uint32_t heard; /* by CM4, of cm7_rounds */
};
#define MAILBOX ((struct mailbox *)0x38000000)

#endif /* TEST_FIRMWARE_H745_H */

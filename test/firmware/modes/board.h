/* SPDX-License-Identifier: MIT */
/*
 * board.h - what the programs that misbehave need to know of the chip they are built for:
 * registers by their manual names, and the few values that differ. BOARD_G473 (RM0440 Rev 8),
 * BOARD_F103 (RM0008 Rev 21), BOARD_H563 (RM0481; ST's stm32h563xx.h) or BOARD_G071 (RM0444
 * Rev 5) says which.
 */
#ifndef TEST_FIRMWARE_MODES_BOARD_H
#define TEST_FIRMWARE_MODES_BOARD_H

#include "test/firmware/m4.h"

/* DDI 0403E.e, B3.2.3 to B3.2.7; bit 16 of SYST_CSR is B3.3.3. */
#define SYST_CSR_COUNTFLAG (1u << 16)
#define SCB_VTOR           REGISTER(0xe000ed08)
#define SCB_AIRCR          REGISTER(0xe000ed0c)
#define AIRCR_SYSRESETREQ  0x05fa0004u /* with VECTKEY */
#define SCB_SCR            REGISTER(0xe000ed10)
#define SCR_SLEEPDEEP      (1u << 2)

/* RM0440 42.4, RM0008 19.4: the watchdog is the same. */
#define IWDG_KR        REGISTER(0x40003000)
#define IWDG_PR        REGISTER(0x40003004)
#define IWDG_RLR       REGISTER(0x40003008)
#define IWDG_KR_START  0xccccu
#define IWDG_KR_RELOAD 0xaaaau
#define IWDG_KR_ACCESS 0x5555u

#if defined(BOARD_G473)

enum { CORE_HZ = 16000000 };

/* 7.4 */
#define RCC_CR                REGISTER(0x40021000)
#define RCC_CR_PLLON          (1u << 24)
#define RCC_CR_PLLRDY         (1u << 25)
#define RCC_CFGR              REGISTER(0x40021008)
#define RCC_CFGR_SW_PLL       3u
#define RCC_PLLCFGR           REGISTER(0x4002100c)
#define RCC_AHB1ENR           REGISTER(0x40021048)
#define RCC_AHB1ENR_DMA1EN    (1u << 0)
#define RCC_AHB1ENR_DMAMUX1EN (1u << 2)
#define RCC_AHB2ENR           REGISTER(0x4002104c)
#define RCC_AHB2ENR_GPIOAEN   (1u << 0)
#define RCC_AHB3ENR           REGISTER(0x40021050)
#define RCC_AHB3ENR_FMCEN     (1u << 0)
#define RCC_APB1ENR1          REGISTER(0x40021058)
#define RCC_APB1ENR1_TIM6EN   (1u << 4)
#define RCC_APB1ENR1_PWREN    (1u << 28)

/* 6.4.1 */
#define PWR_CR1              REGISTER(0x40007000)
#define PWR_CR1_LPMS         (7u << 0)
#define PWR_CR1_LPMS_STANDBY (3u << 0)

/* 9.4.1 */
#define GPIOA_MODER  REGISTER(0x48000000)
#define GPIOA_IDR_AT 0x48000010u

/* 12.6: channel 1 of DMA1. */
#define DMA1_CCR1        REGISTER(0x40020008)
#define DMA1_CNDTR1      REGISTER(0x4002000c)
#define DMA1_CPAR1       REGISTER(0x40020010)
#define DMA1_CMAR1       REGISTER(0x40020014)
#define DMA_CCR_EN       (1u << 0)
#define DMA_CCR_CIRC     (1u << 5)
#define DMA_CCR_MINC     (1u << 7)
#define DMA_CCR_PSIZE_32 (2u << 8)
#define DMA_CCR_MSIZE_32 (2u << 10)

/* 13.3, 13.6.1 */
#define DMAMUX1_C0CR         REGISTER(0x40020800)
#define DMAMUX1_LINE_TIM6_UP 8u

/* 31.4 */
#define TIM6_CR1      REGISTER(0x40001000)
#define TIM6_CR1_CEN  (1u << 0)
#define TIM6_DIER     REGISTER(0x4000100c)
#define TIM6_DIER_UDE (1u << 8)
#define TIM6_ARR      REGISTER(0x4000102c)

/* 19.7.6: bank 1. */
#define FMC_BCR1           REGISTER(0xa0000000)
#define FMC_BCR1_MBKEN     (1u << 0)
#define FMC_BCR1_WAITEN    (1u << 13)
#define FMC_BCR1_ASYNCWAIT (1u << 15)
#define FMC_BANK1          REGISTER(0x60000000)

#elif defined(BOARD_F103)

enum { CORE_HZ = 8000000 };

/* 7.3 */
#define RCC_CR                REGISTER(0x40021000)
#define RCC_CR_HSION          (1u << 0)
#define RCC_CR_HSEON          (1u << 16)
#define RCC_CR_HSERDY         (1u << 17)
#define RCC_CFGR              REGISTER(0x40021004)
#define RCC_CFGR_SW_HSE       1u
#define RCC_CFGR_SWS          (3u << 2)
#define RCC_CFGR_SWS_HSE      (1u << 2)
#define RCC_APB2ENR           REGISTER(0x40021018)
#define RCC_APB2ENR_AFIOEN    (1u << 0)
#define RCC_APB1ENR           REGISTER(0x4002101c)
#define RCC_APB1ENR_PWREN     (1u << 28)

/* 5.4.1 */
#define PWR_CR                REGISTER(0x40007000)
#define PWR_CR_PDDS           (1u << 1)

/* 9.4.2 */
#define AFIO_MAPR             REGISTER(0x40010004)
#define AFIO_MAPR_SWJ_CFG_OFF (4u << 24)

#elif defined(BOARD_H563)

/* HSI undivided, as after a reset. */
enum { CORE_HZ = 64000000 };

/* RCC, PWR and GPIO of ST's header. */
#define RCC_AHB2ENR         REGISTER(0x44020c8c)
#define RCC_AHB2ENR_GPIOAEN (1u << 0)
#define PWR_PMCR            REGISTER(0x44020800)
#define PWR_PMCR_LPMS       (1u << 0)
#define GPIOA_MODER         REGISTER(0x42020000)

#elif defined(BOARD_G071)

enum { CORE_HZ = 16000000 };

/* 5.4 */
#define RCC_IOPENR           REGISTER(0x40021034)
#define RCC_IOPENR_GPIOAEN   (1u << 0)
#define RCC_APBENR1          REGISTER(0x4002103c)
#define RCC_APBENR1_PWREN    (1u << 28)

/* 4.4.1 */
#define PWR_CR1              REGISTER(0x40007000)
#define PWR_CR1_LPMS         (7u << 0)
#define PWR_CR1_LPMS_STANDBY (3u << 0)

/* 6.4.1 */
#define GPIOA_MODER          REGISTER(0x50000000)

#else
#error "which board?"
#endif

/* By polling, so that no interrupt wakes what shall sleep. */
static inline void
wait_ms(uint32_t ms)
{
	SYST_RVR = CORE_HZ / 1000 - 1;
	SYST_CVR = 0;
	SYST_CSR = SYST_CSR_CLKSOURCE | SYST_CSR_ENABLE;
	while (ms) {
		if (SYST_CSR & SYST_CSR_COUNTFLAG) {
			ms--;
		}
	}
	SYST_CSR = 0;
}

static inline void
sleep(void)
{
	__asm__ volatile("dsb\n\twfi" ::: "memory");
}

/* startup.c wants one; only wfi_loop.c has its interrupt. */
void systick_handler(void);

#ifndef HAS_SYSTICK_HANDLER
void
systick_handler(void)
{
}
#endif

#endif /* TEST_FIRMWARE_MODES_BOARD_H */

/* SPDX-License-Identifier: MIT */
/*
 * f1.c - programs the flash of STM32F1: PM0075 Rev 2 (XL density: PM0068 Rev 2).
 *
 * Each call unlocks FLASH_CR, does its work and locks it again, so that nothing
 * is left open when the calls stop coming.
 */
#include "flash/algorithms/chip.h"

/* PM0075 3: registers. Those of an XL-density part's second bank follow in the same order
 * (PM0068 3). */
#define FLASH_AT        0x40022000u
#define SECOND_BANK_AT  0x08080000u
#define SECOND_BANK_OFF 0x40u
#define FLASH_KEYR(at)  word_at(registers_of(at) + 0x04)
#define FLASH_SR(at)    word_at(registers_of(at) + 0x0c)
#define FLASH_CR(at)    word_at(registers_of(at) + 0x10)
#define FLASH_AR(at)    word_at(registers_of(at) + 0x14)

/* 3.4 */
#define FLASH_SR_BSY      (1u << 0)
#define FLASH_SR_PGERR    (1u << 2)
#define FLASH_SR_WRPRTERR (1u << 4)
#define FLASH_SR_EOP      (1u << 5)
#define FLASH_SR_ERRORS   (FLASH_SR_PGERR | FLASH_SR_WRPRTERR)

/* 3.5 */
#define FLASH_CR_PG   (1u << 0)
#define FLASH_CR_PER  (1u << 1)
#define FLASH_CR_STRT (1u << 6)
#define FLASH_CR_LOCK (1u << 7)

/* RM0008 Rev 21, 7.3.1 */
#define RCC_CR        word_at(0x40021000u)
#define RCC_CR_HSION  (1u << 0)
#define RCC_CR_HSIRDY (1u << 1)

int Init(uint32_t at, uint32_t clock_hz, uint32_t function);
int UnInit(uint32_t function);
uint32_t EraseSector(uint32_t at, uint32_t size, uint32_t which);
uint32_t ProgramPage(uint32_t at, uint32_t size, const uint16_t *halfwords);

static uint32_t
registers_of(uint32_t at)
{
	return at >= SECOND_BANK_AT ? FLASH_AT + SECOND_BANK_OFF : FLASH_AT;
}

static uint32_t
unlock(uint32_t at)
{
	wait_while(FLASH_SR(at), FLASH_SR_BSY);
	*FLASH_SR(at) = FLASH_SR_ERRORS | FLASH_SR_EOP;
	if (*FLASH_CR(at) & FLASH_CR_LOCK) {
		*FLASH_KEYR(at) = FLASH_KEY1;
		*FLASH_KEYR(at) = FLASH_KEY2;
	}
	if (*FLASH_CR(at) & FLASH_CR_LOCK)
		return ALGORITHM_STAYS_LOCKED;
	*FLASH_CR(at) = 0;
	return 0;
}

static uint32_t
finished(uint32_t at)
{
	wait_while(FLASH_SR(at), FLASH_SR_BSY);
	return *FLASH_SR(at) & FLASH_SR_ERRORS;
}

static uint32_t
erase(uint32_t at, uint32_t what)
{
	uint32_t status = unlock(at);

	if (status == 0) {
		*FLASH_CR(at) = what;
		*FLASH_AR(at) = at;
		*FLASH_CR(at) = what | FLASH_CR_STRT;
		/* BSY is set a cycle after STRT, as embassy-stm32 found (flash/f1f3.rs). */
		(void)*FLASH_CR(at);
		status = finished(at);
	}
	*FLASH_CR(at) = FLASH_CR_LOCK;
	return status;
}

/* The controller is clocked by the HSI, which the program may have switched off
 * (PM0075 Rev 2, chapter 2). */
int
Init(uint32_t at, uint32_t clock_hz, uint32_t function)
{
	(void)at;
	(void)clock_hz;
	(void)function;
	*RCC_CR |= RCC_CR_HSION;
	while (!(*RCC_CR & RCC_CR_HSIRDY))
		watchdog_feed();
	return 0;
}

int
UnInit(uint32_t function)
{
	(void)function;
	return 0;
}

uint32_t
EraseSector(uint32_t at, uint32_t size, uint32_t which)
{
	uint32_t status = erase(at, FLASH_CR_PER);

	(void)which;
	if (status == 0 && !is_blank(at, size))
		status = ALGORITHM_NOT_BLANK;
	return status;
}

/* 2.3.3: flash is programmed one halfword at a time. */
uint32_t
ProgramPage(uint32_t at, uint32_t size, const uint16_t *halfwords)
{
	uint32_t first = at;
	uint32_t status = unlock(first);

	if ((at | size) % sizeof(*halfwords) != 0)
		status = ALGORITHM_MISALIGNED;
	for (; status == 0 && size > 0;
	     size -= sizeof(*halfwords), at += sizeof(*halfwords)) {
		*FLASH_CR(first) = FLASH_CR_PG;
		*(volatile uint16_t *)at = *halfwords++;
		write_barrier();
		status = finished(first);
	}
	*FLASH_CR(first) = FLASH_CR_LOCK;
	return status;
}

/* SPDX-License-Identifier: MIT */
/*
 * g4.c - programs the flash of STM32G4: RM0440 Rev 8, chapter 3.
 *
 * Each call unlocks FLASH_CR, does its work and locks it again, so that nothing
 * is left open when the calls stop coming. The HSI16 that an operation needs is
 * switched on by the controller itself (3.3.6, 3.3.7).
 */
#include "flash/algorithms/chip.h"

/* 3.7: registers. */
#define FLASH_AT   0x40022000u
#define FLASH_ACR  word_at(FLASH_AT + 0x00)
#define FLASH_KEYR word_at(FLASH_AT + 0x08)
#define FLASH_SR   word_at(FLASH_AT + 0x10)
#define FLASH_CR   word_at(FLASH_AT + 0x14)

/* 3.7.1 */
#define FLASH_ACR_ICEN  (1u << 9)
#define FLASH_ACR_DCEN  (1u << 10)
#define FLASH_ACR_ICRST (1u << 11)
#define FLASH_ACR_DCRST (1u << 12)

/* 3.7.5. OPTVERR tells of the option bytes at the last reset, not of an operation. */
#define FLASH_SR_OPERR   (1u << 1)
#define FLASH_SR_PROGERR (1u << 3)
#define FLASH_SR_WRPERR  (1u << 4)
#define FLASH_SR_PGAERR  (1u << 5)
#define FLASH_SR_SIZERR  (1u << 6)
#define FLASH_SR_PGSERR  (1u << 7)
#define FLASH_SR_MISERR  (1u << 8)
#define FLASH_SR_FASTERR (1u << 9)
#define FLASH_SR_RDERR   (1u << 14)
#define FLASH_SR_OPTVERR (1u << 15)
#define FLASH_SR_BSY     (1u << 16)
#define FLASH_SR_ERRORS                                                           \
	(FLASH_SR_OPERR | FLASH_SR_PROGERR | FLASH_SR_WRPERR | FLASH_SR_PGAERR |  \
	 FLASH_SR_SIZERR | FLASH_SR_PGSERR | FLASH_SR_MISERR | FLASH_SR_FASTERR | \
	 FLASH_SR_RDERR)

/* 3.7.6 */
#define FLASH_CR_PG      (1u << 0)
#define FLASH_CR_PER     (1u << 1)
#define FLASH_CR_PNB_LSB 3
#define FLASH_CR_BKER    (1u << 11)
#define FLASH_CR_STRT    (1u << 16)
#define FLASH_CR_LOCK    (1u << 31)

#define DOUBLE_WORD 8u /* 3.3.7: flash is programmed 64 bits at a time */

int Init(uint32_t at, uint32_t clock_hz, uint32_t function);
int UnInit(uint32_t function);
uint32_t EraseSector(uint32_t at, uint32_t size, uint32_t which);
uint32_t ProgramPage(uint32_t at, uint32_t size, const uint32_t *words);

/* An error flag that the program left would fail our first operation (3.3.7: PGSERR), so
 * all are cleared before each. */
static uint32_t
unlock(void)
{
	wait_while(FLASH_SR, FLASH_SR_BSY);
	*FLASH_SR = FLASH_SR_ERRORS | FLASH_SR_OPTVERR;
	if (*FLASH_CR & FLASH_CR_LOCK) {
		*FLASH_KEYR = FLASH_KEY1;
		*FLASH_KEYR = FLASH_KEY2;
	}
	if (*FLASH_CR & FLASH_CR_LOCK)
		return ALGORITHM_STAYS_LOCKED;
	*FLASH_CR = 0;
	return 0;
}

static uint32_t
finished(void)
{
	wait_while(FLASH_SR, FLASH_SR_BSY);
	return *FLASH_SR & FLASH_SR_ERRORS;
}

/* The caches hold what was there before. They can be reset only while they are disabled
 * (3.3.4, 3.7.1). */
static void
lock_and_flush(void)
{
	uint32_t acr = *FLASH_ACR;

	*FLASH_CR = FLASH_CR_LOCK;
	*FLASH_ACR = acr & ~(FLASH_ACR_ICEN | FLASH_ACR_DCEN);
	*FLASH_ACR |= FLASH_ACR_ICRST | FLASH_ACR_DCRST;
	*FLASH_ACR &= ~(FLASH_ACR_ICRST | FLASH_ACR_DCRST);
	*FLASH_ACR = acr;
}

static uint32_t
erase(uint32_t what)
{
	uint32_t status = unlock();

	if (status == 0) {
		*FLASH_CR = what;
		*FLASH_CR = what | FLASH_CR_STRT;
		status = finished();
	}
	lock_and_flush();
	return status;
}

int
Init(uint32_t at, uint32_t clock_hz, uint32_t function)
{
	(void)at;
	(void)clock_hz;
	(void)function;
	return 0;
}

int
UnInit(uint32_t function)
{
	(void)function;
	return 0;
}

/* 3.3.6: page erase. The pages of each bank count from 0. */
uint32_t
EraseSector(uint32_t at, uint32_t size, uint32_t which)
{
	uint32_t number = which & ALGORITHM_NUMBER_MASK;
	uint32_t bank = which >> ALGORITHM_BANK_LSB == 2 ? FLASH_CR_BKER : 0;
	uint32_t status = erase(FLASH_CR_PER | number << FLASH_CR_PNB_LSB | bank);

	if (status == 0 && !is_blank(at, size))
		status = ALGORITHM_NOT_BLANK;
	return status;
}

/* 3.3.7: standard programming. */
uint32_t
ProgramPage(uint32_t at, uint32_t size, const uint32_t *words)
{
	uint32_t status = unlock();

	if ((at | size) % DOUBLE_WORD != 0)
		status = ALGORITHM_MISALIGNED;
	for (; status == 0 && size > 0; size -= DOUBLE_WORD, at += DOUBLE_WORD) {
		*FLASH_CR = FLASH_CR_PG;
		*word_at(at) = *words++;
		*word_at(at + sizeof(uint32_t)) = *words++;
		write_barrier();
		status = finished();
	}
	lock_and_flush();
	return status;
}

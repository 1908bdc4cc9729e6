/* SPDX-License-Identifier: MIT */
/*
 * nor.c - programs a serial flash behind OCTOSPI (RM0468 Rev 3, chapter 25) or QUADSPI (RM0351 Rev 9,
 * chapter 17) on one line. Pins, clock and size have been set up, and the controller shows the flash
 * in its window; so it does after each call.
 */
#include "flash/algorithms/words.h"

#include <stdbool.h>
#include <stdint.h>

#define CR_ABORT (1u << 1)
#define SR_TCF   (1u << 1)
#define SR_FTF   (1u << 2)
#define SR_BUSY  (1u << 5)
/* The status register of every serial flash: JESD216B 6.4.17, note on "legacy polling". */
#define STATUS_WIP (1u << 0)
#define STATUS_WEL (1u << 1)

/* DDI 0403E.e B4.8.2, B2.2.7: of a Cortex-M7; others read CTR as 0 or have no such cache. */
#define CTR                word_at(0xe000ed7cu)
#define CTR_DMINLINE_SHIFT 16
#define CTR_DMINLINE_MASK  0xfu
#define DCIMVAC            word_at(0xe000ef5cu)

uint32_t
Init(uint32_t at, uint32_t clock_hz, uint32_t function, const struct parameters *chip);
uint32_t UnInit(uint32_t function);
uint32_t
EraseSector(uint32_t at, uint32_t size, uint32_t number, const struct parameters *chip);
uint32_t
ProgramPage(uint32_t at, uint32_t size, const uint8_t *from, const struct parameters *chip);

static void
flag_clear(const struct nor_parameters *nor)
{
	*word_at(nor->sr + sizeof(uint32_t)) = SR_TCF;
}

/* Out of the window: nothing else may be changed while BUSY is set. */
static void
window_leave(const struct parameters *chip)
{
	const struct nor_parameters *nor = &chip->nor;
	volatile uint32_t *cr = word_at(chip->registers);

	*cr |= CR_ABORT;
	while (*cr & CR_ABORT)
		;
	while (*word_at(nor->sr) & SR_BUSY)
		;
	flag_clear(nor);
}

static void
command_set(const struct parameters *chip, uint32_t cr, const struct nor_command *command)
{
	*word_at(chip->registers) = cr;
	*word_at(chip->nor.ccr) = command->ccr;
	if (chip->nor.ir != 0)
		*word_at(chip->nor.ir) = command->ir;
}

static void
command_end(const struct nor_parameters *nor)
{
	while ((*word_at(nor->sr) & SR_TCF) == 0)
		;
	flag_clear(nor);
	while (*word_at(nor->sr) & SR_BUSY)
		;
}

static uint32_t
status_read(const struct parameters *chip)
{
	const struct nor_parameters *nor = &chip->nor;
	uint32_t status;

	*word_at(nor->dlr) = 0;
	command_set(chip, nor->read, &nor->status);
	status = *(volatile uint8_t *)(nor->ar + 2 * sizeof(uint32_t));
	command_end(nor);
	return status;
}

static void
wait_until_ready(const struct parameters *chip)
{
	while (status_read(chip) & STATUS_WIP)
		watchdog_feed(chip);
}

/* A flash that is not there, or does not hear us, does not say that it is enabled. */
static uint32_t
write_enable(const struct parameters *chip)
{
	const struct nor_parameters *nor = &chip->nor;

	command_set(chip, nor->write, &nor->enable);
	command_end(nor);
	return (status_read(chip) & (STATUS_WEL | STATUS_WIP)) == STATUS_WEL
		       ? 0
		       : ALGORITHM_NOT_ENABLED;
}

/* Lines of the window that a data cache holds are those of before. */
static void
cache_forget(uint32_t at, uint32_t size)
{
	uint32_t ctr = *CTR;
	uint32_t line = sizeof(uint32_t) << (ctr >> CTR_DMINLINE_SHIFT & CTR_DMINLINE_MASK);

	if (ctr == 0)
		return;
	__sync_synchronize();
	for (uint32_t i = 0; i < size; i += line)
		*DCIMVAC = at + i;
	__asm__ volatile("dsb\n\tisb" : : : "memory");
}

static void
window_enter(const struct parameters *chip, uint32_t at, uint32_t size)
{
	command_set(chip, chip->nor.map, &chip->nor.show);
	cache_forget(at, size);
}

uint32_t
Init(uint32_t at, uint32_t clock_hz, uint32_t function, const struct parameters *chip)
{
	(void)at;
	(void)clock_hz;
	(void)function;
	(void)chip;
	return 0;
}

uint32_t
UnInit(uint32_t function)
{
	(void)function;
	return 0;
}

static bool
is_erased(uint32_t erased, const uint32_t *from, uint32_t size)
{
	for (uint32_t i = 0; i < size / sizeof(uint32_t); i++)
		if (from[i] != erased)
			return false;
	return true;
}

/* A sector that stays as it was, by block protection for one, is an error. */
uint32_t
EraseSector(uint32_t at, uint32_t size, uint32_t number, const struct parameters *chip)
{
	const struct nor_parameters *nor = &chip->nor;
	uint32_t status;

	(void)number;
	window_leave(chip);
	wait_until_ready(chip);
	status = write_enable(chip);
	if (status == 0) {
		command_set(chip, nor->write, &nor->erase);
		*word_at(nor->ar) = at - nor->window;
		command_end(nor);
		wait_until_ready(chip);
	}
	window_enter(chip, at, size);
	if (status == 0 && !is_erased(chip->erased, (const uint32_t *)at, size))
		status = ALGORITHM_NOT_BLANK;
	return status;
}

/* Into the FIFO, which takes four bytes when FTF is set (CR.FTHRES is 3). */
static uint32_t
page_program(const struct parameters *chip, uint32_t at, uint32_t size,
	     const uint32_t *from)
{
	const struct nor_parameters *nor = &chip->nor;
	volatile uint32_t *dr = word_at(nor->ar + 2 * sizeof(uint32_t));
	uint32_t status = write_enable(chip);

	if (status != 0)
		return status;
	*word_at(nor->dlr) = size - 1;
	command_set(chip, nor->write, &nor->program);
	*word_at(nor->ar) = at - nor->window;
	for (uint32_t i = 0; i < size / sizeof(uint32_t); i++) {
		while ((*word_at(nor->sr) & SR_FTF) == 0)
			;
		*dr = from[i];
	}
	command_end(nor);
	wait_until_ready(chip);
	return 0;
}

uint32_t
ProgramPage(uint32_t at, uint32_t size, const uint8_t *from, const struct parameters *chip)
{
	uint32_t page = chip->nor.page, status = 0;

	if (((at | size) & (page - 1)) != 0)
		return ALGORITHM_MISALIGNED;
	window_leave(chip);
	wait_until_ready(chip);
	for (uint32_t i = 0; status == 0 && i < size; i += page) {
		const uint32_t *words = (const uint32_t *)(const void *)(from + i);

		watchdog_feed(chip);
		if (!is_erased(chip->erased, words, page))
			status = page_program(chip, at + i, page, words);
	}
	window_enter(chip, at, size);
	return status;
}

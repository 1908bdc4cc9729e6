/* SPDX-License-Identifier: MIT */
/*
 * controller.h - what flash controllers of STM32 have in common: the functions of an algorithm
 * (flash/runner/runner.h), but for what an interface does in its own way.
 *
 * An interface's file includes this and defines the functions declared below. Each call unlocks
 * FLASH_CR, does its work and locks it again, so that nothing is left open when the calls stop
 * coming. A wait has no limit of its own: the server's ends it.
 */
#ifndef FLASH_ALGORITHMS_CONTROLLER_H
#define FLASH_ALGORITHMS_CONTROLLER_H

#include "flash/algorithms/words.h"

#include <stdbool.h>
#include <stdint.h>

/* Of the interface: makes the controller ready before the first call, and does what is to be done
 * after a call that changed some of [at, at + size), when FLASH_CR is locked: no cache may hold
 * what was there before. */
static void controller_prepare(const struct parameters *chip);
static void controller_leave(const struct parameters *chip, uint32_t at, uint32_t size);

uint32_t
Init(uint32_t at, uint32_t clock_hz, uint32_t function, const struct parameters *chip);
uint32_t UnInit(uint32_t function);
uint32_t
EraseSector(uint32_t at, uint32_t size, uint32_t number, const struct parameters *chip);
uint32_t
EraseBank(uint32_t at, uint32_t size, uint32_t unused, const struct parameters *chip);
uint32_t
ProgramPage(uint32_t at, uint32_t size, const uint8_t *from, const struct parameters *chip);

/* Waits until no bit of `bits` is set, or, with `wanted` set to them, until all are. */
static void
wait_until(const struct parameters *chip, uint32_t at, uint32_t bits, uint32_t wanted)
{
	for (uint32_t spins = 0; (*word_at(at) & bits) != wanted; spins++)
		if (spins % SPINS_PER_FEED == 0)
			watchdog_feed(chip);
}

/* As wait_until(), for bits that take milliseconds to seconds to clear: looks less often, and leaves
 * the bus to others meanwhile. */
static void
wait_long_until_clear(const struct parameters *chip, uint32_t at, uint32_t bits)
{
	while (*word_at(at) & bits) {
		watchdog_feed(chip);
		for (uint32_t i = 0; i < ROUNDS_PER_LOOK; i++)
			__asm__ volatile("");
	}
}

#ifdef CONTROLLER_IS_OF_L0
/* Of a controller that has neither FLASH_KEYR nor a bit that starts an erase (l0.c): opens what is
 * locked, locks it, and begins to erase a sector. */
static void controller_give_keys(const struct parameters *chip);
static inline void controller_shut(const struct parameters *chip);
static inline void
controller_start_erase(const struct parameters *chip, uint32_t at, uint32_t number);
#else
static inline void
controller_give_keys(const struct parameters *chip)
{
	if (*word_at(chip->cr) & chip->lock) {
		*word_at(chip->keyr) = chip->keys[0];
		*word_at(chip->keyr) = chip->keys[1];
	}
}

static inline void
controller_shut(const struct parameters *chip)
{
	*word_at(chip->cr) = chip->lock;
}

/* By address, or by number, where the sectors of each bank count from 0. */
static inline void
controller_start_erase(const struct parameters *chip, uint32_t at, uint32_t number)
{
	uint32_t what = chip->erase;

	if (chip->ar == 0)
		what |= number << chip->number_lsb;
	*word_at(chip->cr) = what;
	if (chip->ar != 0)
		*word_at(chip->ar) = at;
	*word_at(chip->cr) = what | chip->start;
	/* On F1 BSY is set a cycle after STRT, as embassy-stm32 found (flash/f1f3.rs). */
	(void)*word_at(chip->cr);
}
#endif

/* An error flag that the program left would fail our first operation (RM0440 Rev 8, 3.3.7:
 * PGSERR), so all are cleared before each. */
static uint32_t
controller_unlock(const struct parameters *chip)
{
	wait_until(chip, chip->sr, chip->busy, 0);
	*word_at(chip->clear) = chip->errors;
	controller_give_keys(chip);
	if (*word_at(chip->cr) & chip->lock)
		return ALGORITHM_STAYS_LOCKED;
	*word_at(chip->cr) = 0;
	return 0;
}

static void
controller_lock(const struct parameters *chip, uint32_t at, uint32_t size)
{
	controller_shut(chip);
	controller_leave(chip, at, size);
}

static inline uint32_t
controller_finish(const struct parameters *chip)
{
	wait_until(chip, chip->sr, chip->busy, 0);
	return *word_at(chip->sr) & chip->errors;
}

/* Whole blocks of four words are less work for a core than words. */
enum { BLOCK_BYTES = 16 };

/* A sector is whole blocks. */
static inline bool
is_blank(const struct parameters *chip, uint32_t at, uint32_t size)
{
	uint32_t erased = chip->erased;

	for (uint32_t end = at + size; at < end; at += BLOCK_BYTES) {
		const volatile uint32_t *words = word_at(at);

		if (words[0] != erased || words[1] != erased || words[2] != erased ||
		    words[3] != erased)
			return false;
	}
	return true;
}

/* What is left erased can be programmed later; with ECC a granule of ones is programmed too.
 * `from` is as aligned as a granule. */
static inline bool
is_erased(uint32_t erased, const uint8_t *from, uint32_t size)
{
	if (size == sizeof(uint8_t))
		return *from == (uint8_t)erased;
	if (size == sizeof(uint16_t))
		return *(const uint16_t *)(const void *)from == (uint16_t)erased;
	for (uint32_t i = 0; i < size; i += sizeof(uint32_t))
		if (*(const uint32_t *)(const void *)(from + i) != erased)
			return false;
	return true;
}

/* `from` need not be aligned to more than a word. */
static inline void
words_write(uint32_t at, const uint32_t *from, uint32_t size)
{
	volatile uint32_t *words = word_at(at);
	volatile uint32_t *end = words + size / sizeof(uint32_t);
	volatile uint32_t *blocks_end = words + size / BLOCK_BYTES * (BLOCK_BYTES / 4);

	for (; words != blocks_end; words += 4, from += 4) {
		words[0] = from[0];
		words[1] = from[1];
		words[2] = from[2];
		words[3] = from[3];
	}
	while (words != end)
		*words++ = *from++;
}

/* Flash is written in words, where it is not programmed in smaller pieces. What was written has
 * arrived there before the controller is asked about it. */
static inline void
granule_write(uint32_t granule, uint32_t at, const uint8_t *from)
{
	if (granule == sizeof(uint8_t))
		*byte_at(at) = *from;
	else if (granule == sizeof(uint16_t))
		*half_word_at(at) = *(const uint16_t *)(const void *)from;
	else
		words_write(at, (const uint32_t *)(const void *)from, granule);
	__sync_synchronize();
}

uint32_t
Init(uint32_t at, uint32_t clock_hz, uint32_t function, const struct parameters *chip)
{
	(void)at;
	(void)clock_hz;
	(void)function;
	controller_prepare(chip);
	return 0;
}

uint32_t
UnInit(uint32_t function)
{
	(void)function;
	return 0;
}

/* Begins to erase a sector, or with ALGORITHM_ALL the bank; returns a status. */
static inline uint32_t
erase_begin(const struct parameters *chip, uint32_t at, uint32_t number)
{
	uint32_t status = controller_unlock(chip);

	if (status != 0)
		return status;
	if (number != ALGORITHM_ALL) {
		controller_start_erase(chip, at, number);
		return 0;
	}
	*word_at(chip->cr) = chip->erase_bank;
	*word_at(chip->cr) = chip->erase_bank | chip->start;
	(void)*word_at(chip->cr);
	return 0;
}

/* Of a bank all is blank without a look at each of its words: it is hashed when it has been
 * programmed. */
static inline uint32_t
erase_end(const struct parameters *chip, uint32_t at, uint32_t size, uint32_t number,
	  uint32_t status)
{
	if (status == 0) {
		wait_long_until_clear(chip, chip->sr, chip->busy);
		status = controller_finish(chip);
	}
	controller_lock(chip, at, size);
	if (status == 0 && number != ALGORITHM_ALL && !is_blank(chip, at, size))
		status = ALGORITHM_NOT_BLANK;
	return status;
}

uint32_t
EraseSector(uint32_t at, uint32_t size, uint32_t number, const struct parameters *chip)
{
	return erase_end(chip, at, size, number, erase_begin(chip, at, number));
}

/* All of it, which the server knows to hold nothing that is to be kept. */
uint32_t
EraseBank(uint32_t at, uint32_t size, uint32_t unused, const struct parameters *chip)
{
	(void)unused;
	return EraseSector(at, size, ALGORITHM_ALL, chip);
}

/* Without feeding: no granule takes a millisecond. */
static inline uint32_t
unit_finish(const struct parameters *chip)
{
	volatile uint32_t *sr = word_at(chip->sr);
	uint32_t busy = chip->busy;

	while (*sr & busy)
		;
	return *sr & chip->errors;
}

/* How many bytes are programmed at once: a burst where one fits, else a granule. */
static inline uint32_t
unit_size(const struct parameters *chip, uint32_t at, uint32_t size)
{
	uint32_t burst = chip->burst;

	if (burst == 0 || (at & (burst - 1)) != 0 || size < burst)
		return chip->granule;
	return burst;
}

/* While the controller programs one unit the next is made ready, so that it waits as little as
 * possible: a core at 4 MHz takes as long for 300 instructions as the controller for a double
 * word. */
static uint32_t
units_program(const struct parameters *chip, uint32_t at, uint32_t end, const uint8_t *from)
{
	uint32_t status = 0, bits_now = 0;

	while (status == 0 && at < end) {
		uint32_t unit = unit_size(chip, at, end - at);

		if (!is_erased(chip->erased, from, unit)) {
			uint32_t bits = chip->program;

			if (unit != chip->granule)
				bits |= chip->burst_bits;
			status = unit_finish(chip);
			if (status != 0)
				break;
			if (bits != bits_now)
				*word_at(chip->cr) = bits_now = bits;
			granule_write(unit, at, from);
			watchdog_feed(chip);
		}
		at += unit;
		from += unit;
	}
	return status | unit_finish(chip);
}

uint32_t
ProgramPage(uint32_t at, uint32_t size, const uint8_t *from, const struct parameters *chip)
{
	uint32_t status = controller_unlock(chip);

	if (((at | size) & (chip->granule - 1)) != 0)
		status = ALGORITHM_MISALIGNED;
	if (status == 0)
		status = units_program(chip, at, at + size, from);
	controller_lock(chip, at, size);
	return status;
}

#endif /* FLASH_ALGORITHMS_CONTROLLER_H */

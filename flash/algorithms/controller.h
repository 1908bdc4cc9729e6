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

#include "flash/algorithms/parameters.h"
#include "flash/algorithms/status.h"

#include <stdbool.h>
#include <stdint.h>

/* Of the interface: makes the controller ready before the first call, and does what is to be done
 * after a call, when FLASH_CR is locked. */
static void controller_prepare(const struct parameters *chip);
static void controller_leave(const struct parameters *chip);

uint32_t
Init(uint32_t at, uint32_t clock_hz, uint32_t function, const struct parameters *chip);
uint32_t UnInit(uint32_t function);
uint32_t
EraseSector(uint32_t at, uint32_t size, uint32_t number, const struct parameters *chip);
uint32_t
ProgramPage(uint32_t at, uint32_t size, const uint8_t *from, const struct parameters *chip);

static inline volatile uint32_t *
word_at(uint32_t at)
{
	return (volatile uint32_t *)at;
}

/* Reloading a watchdog that was never started does nothing; one that the option bytes started
 * would reset the chip. */
static inline void
watchdog_feed(const struct parameters *chip)
{
	if (chip->watchdog != 0)
		*word_at(chip->watchdog) = WATCHDOG_RELOAD;
}

/* Waits until no bit of `bits` is set, or, with `wanted` set to them, until all are. */
static void
wait_until(const struct parameters *chip, uint32_t at, uint32_t bits, uint32_t wanted)
{
	for (uint32_t spins = 0; (*word_at(at) & bits) != wanted; spins++)
		if (spins % SPINS_PER_FEED == 0)
			watchdog_feed(chip);
}

/* An error flag that the program left would fail our first operation (RM0440 Rev 8, 3.3.7:
 * PGSERR), so all are cleared before each. */
static uint32_t
controller_unlock(const struct parameters *chip)
{
	wait_until(chip, chip->sr, chip->busy, 0);
	*word_at(chip->clear) = chip->errors;
	if (*word_at(chip->cr) & chip->lock) {
		*word_at(chip->keyr) = chip->keys[0];
		*word_at(chip->keyr) = chip->keys[1];
	}
	if (*word_at(chip->cr) & chip->lock)
		return ALGORITHM_STAYS_LOCKED;
	*word_at(chip->cr) = 0;
	return 0;
}

static void
controller_lock(const struct parameters *chip)
{
	*word_at(chip->cr) = chip->lock;
	controller_leave(chip);
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

static inline uint32_t
controller_finish(const struct parameters *chip)
{
	wait_until(chip, chip->sr, chip->busy, 0);
	return *word_at(chip->sr) & chip->errors;
}

static inline bool
is_blank(const struct parameters *chip, uint32_t at, uint32_t size)
{
	uint32_t erased = chip->erased;

	for (uint32_t end = at + size; at != end; at += sizeof(uint32_t))
		if (*word_at(at) != erased)
			return false;
	return true;
}

/* Flash is written in words, where it is not programmed in smaller pieces. What was written has
 * arrived there before the controller is asked about it. */
static inline void
granule_write(uint32_t granule, uint32_t at, const uint8_t *from)
{
	if (granule == sizeof(uint16_t))
		*(volatile uint16_t *)at = *(const uint16_t *)(const void *)from;
	else
		for (uint32_t i = 0; i < granule; i += sizeof(uint32_t))
			*word_at(at + i) = *(const uint32_t *)(const void *)(from + i);
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

uint32_t
EraseSector(uint32_t at, uint32_t size, uint32_t number, const struct parameters *chip)
{
	uint32_t status = controller_unlock(chip);

	if (status == 0) {
		controller_start_erase(chip, at, number);
		status = controller_finish(chip);
	}
	controller_lock(chip);
	if (status == 0 && !is_blank(chip, at, size))
		status = ALGORITHM_NOT_BLANK;
	return status;
}

uint32_t
ProgramPage(uint32_t at, uint32_t size, const uint8_t *from, const struct parameters *chip)
{
	uint32_t granule = chip->granule;
	uint32_t status = controller_unlock(chip);

	if (((at | size) & (granule - 1)) != 0)
		status = ALGORITHM_MISALIGNED;
	if (status == 0)
		*word_at(chip->cr) = chip->program;
	for (; status == 0 && size > 0; size -= granule, at += granule, from += granule) {
		granule_write(granule, at, from);
		status = controller_finish(chip);
	}
	controller_lock(chip);
	return status;
}

#endif /* FLASH_ALGORITHMS_CONTROLLER_H */

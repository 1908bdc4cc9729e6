/* SPDX-License-Identifier: MIT */
/*
 * words.h - registers as an algorithm reaches them, and the watchdog that it feeds.
 */
#ifndef FLASH_ALGORITHMS_WORDS_H
#define FLASH_ALGORITHMS_WORDS_H

#include "flash/algorithms/parameters.h"
#include "flash/algorithms/status.h"

#include <stdint.h>

static inline volatile uint32_t *
word_at(uint32_t at)
{
	return (volatile uint32_t *)at;
}

static inline volatile uint16_t *
half_word_at(uint32_t at)
{
	return (volatile uint16_t *)at;
}

static inline volatile uint8_t *
byte_at(uint32_t at)
{
	return (volatile uint8_t *)at;
}

/* What comes next sees all that was before, and is fetched anew. */
static inline void
pipeline_flush(void)
{
	__asm__ volatile("dsb\n\tisb" : : : "memory");
}

/* Reloading a watchdog that was never started does nothing; one that the option bytes started
 * would reset the chip. */
static inline void
watchdog_feed(const struct parameters *chip)
{
	if (chip->watchdog != 0)
		*word_at(chip->watchdog) = WATCHDOG_RELOAD;
}

#endif /* FLASH_ALGORITHMS_WORDS_H */

/* SPDX-License-Identifier: MIT */
/*
 * option_cells.h - how the cells keep the words of option bytes: each word, then its complement. So
 * erased cells, and those whose change was cut short, differ from every word.
 */
#ifndef TEST_EMULATOR_SOC_FLASH_OPTION_CELLS_H
#define TEST_EMULATOR_SOC_FLASH_OPTION_CELLS_H

#include <stdint.h>

void option_cells_store(uint8_t *cells, unsigned option, uint32_t value);
/* `otherwise`: what a pair that does not match counts as. */
uint32_t option_cells_fetch(const uint8_t *cells, unsigned option, uint32_t otherwise);

#endif /* TEST_EMULATOR_SOC_FLASH_OPTION_CELLS_H */

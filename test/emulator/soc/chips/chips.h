/* SPDX-License-Identifier: MIT */
/*
 * chips.h - the chip entries, one file per family.
 */
#ifndef TEST_EMULATOR_SOC_CHIPS_CHIPS_H
#define TEST_EMULATOR_SOC_CHIPS_CHIPS_H

#include "test/emulator/soc/chip.h"

extern const struct chip stm32g473vb, stm32g473ve;
extern const struct chip stm32f103cb;
extern const struct chip gd32f103cb, apm32f103cb, cks32f103c8; /* copies of it */
extern const struct chip stm32l476rg;
extern const struct chip stm32h743zi, stm32h745zi, stm32h755zi, stm32h735ig;
extern const struct chip stm32u575zi;
extern const struct chip stm32h563zi;
extern const struct chip stm32f410rb;
extern const struct chip stm32f303cb;
extern const struct chip stm32g071rb;

#endif /* TEST_EMULATOR_SOC_CHIPS_CHIPS_H */

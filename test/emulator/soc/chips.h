/* SPDX-License-Identifier: MIT */
/*
 * chips.h - the chip entries, one file per family.
 */
#ifndef TEST_EMULATOR_SOC_CHIPS_H
#define TEST_EMULATOR_SOC_CHIPS_H

#include "test/emulator/soc/chip.h"
#include "test/emulator/soc/clocks/rcc.h"

extern const struct chip stm32g473vb, stm32g473ve;
extern const struct chip stm32f103cb;
extern const struct chip stm32l476rg;
extern const struct chip stm32h743zi, stm32h745zi, stm32h755zi, stm32h735ig;
extern const struct chip stm32u575zi;
extern const struct chip stm32f410rb;
extern const struct chip stm32f303cb;

/* The clocks of each family. */
extern const struct rcc_family rcc_g4, rcc_f1;
extern const struct rcc_family rcc_l4, rcc_u5;
extern const struct rcc_family rcc_f4, rcc_f3;

/* PWR's registers. */
extern const struct reg_rules pwr_g4, pwr_l4;
extern const struct reg_rules pwr_f1, pwr_f3, pwr_f4;

#endif /* TEST_EMULATOR_SOC_CHIPS_H */

/* SPDX-License-Identifier: MIT */
/*
 * chips.h - the chip entries, one file per family.
 */
#ifndef TEST_EMULATOR_SOC_CHIPS_H
#define TEST_EMULATOR_SOC_CHIPS_H

#include "test/emulator/soc/chip.h"

extern const struct chip stm32g473vb, stm32g473ve;

#endif /* TEST_EMULATOR_SOC_CHIPS_H */

/* SPDX-License-Identifier: MIT */
/*
 * types.h - the controllers of flash: what a chip's table names. The parameters of its places are in
 * the header of each controller.
 */
#ifndef TEST_EMULATOR_SOC_FLASH_TYPES_H
#define TEST_EMULATOR_SOC_FLASH_TYPES_H

#include "test/emulator/soc/peripheral.h"

extern const struct peripheral_type flash_l4g4_type; /* struct flash_l4g4_kind */
extern const struct peripheral_type flash_f1_type, flash_f3_type; /* struct flash_f1_kind */
extern const struct peripheral_type flash_f4_type;
extern const struct peripheral_type flash_h7_type; /* struct flash_h7_layout */
extern const struct peripheral_type flash_u5_type;
extern const struct peripheral_type flash_h5_type;

#endif /* TEST_EMULATOR_SOC_FLASH_TYPES_H */

/* SPDX-License-Identifier: MIT */
/*
 * types.h - PWR, by family: what a chip's table names, and the parameters of its places.
 */
#ifndef TEST_EMULATOR_SOC_POWER_TYPES_H
#define TEST_EMULATOR_SOC_POWER_TYPES_H

#include "test/emulator/soc/peripheral.h"

extern const struct peripheral_type pwr_l4g4_type;   /* struct reg_rules */
extern const struct peripheral_type pwr_f1f3f4_type; /* struct reg_rules */
extern const struct peripheral_type pwr_u5_type;
extern const struct peripheral_type pwr_h5_type;
extern const struct peripheral_type pwr_h7_type; /* struct pwr_h7_kind */

extern const struct reg_rules pwr_g4, pwr_l4, pwr_g0;
extern const struct reg_rules pwr_f1, pwr_f3, pwr_f4;

struct pwr_h7_kind {
	bool has_smps;
};

#endif /* TEST_EMULATOR_SOC_POWER_TYPES_H */

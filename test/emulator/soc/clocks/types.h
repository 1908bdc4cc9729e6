/* SPDX-License-Identifier: MIT */
/*
 * types.h - the clock trees, by family: what a chip's table names, and the parameters of its places.
 */
#ifndef TEST_EMULATOR_SOC_CLOCKS_TYPES_H
#define TEST_EMULATOR_SOC_CLOCKS_TYPES_H

#include "test/emulator/soc/clocks/rcc.h"

extern const struct peripheral_type rcc_type;    /* struct rcc_family */
extern const struct peripheral_type rcc_h7_type; /* struct rcc_h7_kind */

extern const struct rcc_family rcc_g4, rcc_f1;
extern const struct rcc_family rcc_l4, rcc_u5, rcc_h5;
extern const struct rcc_family rcc_f4, rcc_f3, rcc_g0;

struct rcc_h7_kind {
	uint32_t hse_hz; /* of the board's crystal or the clock it is fed */
};

/* RCC_GCR.BOOT_C1 or BOOT_C2: was this core let go by software? */
bool rcc_h7_lets_go(const struct peripheral *rcc, unsigned core);
/* Has CPU1 clocked a peripheral of domain D2? The domain then runs with it. */
bool rcc_h7_d2_is_used(const struct peripheral *rcc);

#endif /* TEST_EMULATOR_SOC_CLOCKS_TYPES_H */

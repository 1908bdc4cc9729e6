/* SPDX-License-Identifier: MIT */
/*
 * h7.h - what the STM32H7's own peripherals tell each other. Cores: 0 is the
 * Cortex-M7, 1 the Cortex-M4 of a dual part.
 */
#ifndef TEST_EMULATOR_SOC_H7_H
#define TEST_EMULATOR_SOC_H7_H

#include "test/emulator/soc/peripheral.h"

enum { H7_CM7 = 0, H7_CM4 = 1 };

/* Parameters of the types below. */
struct rcc_h7_kind {
	uint32_t hse_hz; /* of the board's crystal or the clock it is fed */
};
struct syscfg_h7_kind {
	uint32_t package; /* SYSCFG_PKGR */
};
struct pwr_h7_kind {
	bool has_smps;
};

extern const struct peripheral_type rcc_h7_type;    /* struct rcc_h7_kind */
extern const struct peripheral_type pwr_h7_type;    /* struct pwr_h7_kind */
extern const struct peripheral_type syscfg_h7_type; /* struct syscfg_h7_kind */
extern const struct peripheral_type dbgmcu_h7_type;
extern const struct peripheral_type hsem_h7_type;
extern const struct peripheral_type cti_type; /* struct cti_kind */

/* RCC_GCR.BOOT_C1 or BOOT_C2: was this core let go by software? */
bool rcc_h7_lets_go(const struct peripheral *rcc, unsigned core);
/* Has CPU1 clocked a peripheral of domain D2? The domain then runs with it. */
bool rcc_h7_d2_is_used(const struct peripheral *rcc);

/* A CoreSight cross trigger interface, of a core or of the system. */
struct cti_kind {
	uint8_t core; /* NO_CORE: the system's */
	struct coresight_ids ids;
};

#endif /* TEST_EMULATOR_SOC_H7_H */

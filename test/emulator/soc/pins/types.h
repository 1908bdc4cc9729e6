/* SPDX-License-Identifier: MIT */
/*
 * types.h - GPIO, and what SYSCFG and AFIO do to pins and to the memory at address 0: what a chip's
 * table names, and the parameters of its places.
 */
#ifndef TEST_EMULATOR_SOC_PINS_TYPES_H
#define TEST_EMULATOR_SOC_PINS_TYPES_H

#include "test/emulator/soc/peripheral.h"

extern const struct peripheral_type gpio_type; /* struct gpio_reset */
extern const struct peripheral_type gpio_f1_type;
extern const struct peripheral_type afio_f1_type;
extern const struct peripheral_type syscfg_l4g4_type;
extern const struct peripheral_type syscfg_g0_type;
extern const struct peripheral_type syscfg_u5_type;
extern const struct peripheral_type sbs_h5_type;
extern const struct peripheral_type syscfg_f3f4_type; /* struct syscfg_kind */
extern const struct peripheral_type syscfg_h7_type;   /* struct syscfg_h7_kind */

/* Reset values of a GPIO port (port A and B have debug pins). */
struct gpio_reset {
	uint32_t moder, ospeedr, pupdr;
	bool has_swd_pins; /* PA13 and PA14 */
};

/* What SYSCFG can show at address 0. */
struct syscfg_kind {
	uint32_t flash_at, system_at, sram_at;
};

struct syscfg_h7_kind {
	uint32_t package; /* SYSCFG_PKGR */
};

#endif /* TEST_EMULATOR_SOC_PINS_TYPES_H */

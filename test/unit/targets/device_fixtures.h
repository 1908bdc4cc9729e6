/* SPDX-License-Identifier: MIT */
/*
 * device_fixtures.h - chips that the product does not know yet, to show that an entry
 * can hold them: each has something that STM32F1 and G4 have not.
 */
#ifndef TEST_UNIT_TARGETS_DEVICE_FIXTURES_H
#define TEST_UNIT_TARGETS_DEVICE_FIXTURES_H

#include "targets/chip/device.h"

enum {
	FIXTURE_OPTCR = 0x40023c14,   /* F4 */
	FIXTURE_OPTR = 0x40022040,    /* U5 */
	FIXTURE_UR1 = 0x58000704,     /* H7 SYSCFG_UR1: BCM4 */
	FIXTURE_RCC_GCR = 0x580244a0, /* H7: BOOT_C2 */
	FIXTURE_LINE_ID = 0x1ff1e8c0  /* H7: "H742" as text */
};

extern const struct device fixture_h745, fixture_l073, fixture_f429, fixture_u575;
extern const struct device fixture_wb55, fixture_h7rs, fixture_g473_with_hole, fixture_n657;

/* All of them as a table. */
extern const struct device_table fixture_table;

#endif /* TEST_UNIT_TARGETS_DEVICE_FIXTURES_H */

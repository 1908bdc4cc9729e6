/* SPDX-License-Identifier: MIT */
/*
 * families.h - the arrays of devices that device_table.c collects: one of each file
 * beside this one.
 */
#ifndef TARGETS_CHIP_STM32_FAMILIES_H
#define TARGETS_CHIP_STM32_FAMILIES_H

#include "targets/chip/device.h"

extern const struct device_family stm32c0_family, stm32c5_family, stm32f0_family,
	stm32f1_family, stm32f2_family, stm32f3_family, stm32f4_family, stm32f7_family,
	stm32g0_family, stm32g4_family, stm32h5_family, stm32h7_family, stm32h7rs_family,
	stm32l0_family, stm32l1_family, stm32l4_family, stm32l5_family, stm32mp1_family,
	stm32n6_family, stm32u0_family, stm32u3_family, stm32u5_family, stm32wb_family,
	stm32wb0_family, stm32wba_family, stm32wl_family, stm32wl3_family;

#endif /* TARGETS_CHIP_STM32_FAMILIES_H */

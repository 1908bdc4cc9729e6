/* SPDX-License-Identifier: MIT */
/*
 * families.h - the arrays of devices that device_table.c collects: one of each file
 * beside this one.
 */
#ifndef TARGETS_CHIP_STM32_FAMILIES_H
#define TARGETS_CHIP_STM32_FAMILIES_H

#include "targets/chip/device.h"

extern const struct device_family stm32f1_family, stm32g4_family;

#endif /* TARGETS_CHIP_STM32_FAMILIES_H */

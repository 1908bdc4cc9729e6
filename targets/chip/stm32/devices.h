/* SPDX-License-Identifier: MIT */
/*
 * devices.h - the entries that device_table.c lists.
 */
#ifndef TARGETS_CHIP_STM32_DEVICES_H
#define TARGETS_CHIP_STM32_DEVICES_H

#include "targets/chip/device.h"

extern const struct device stm32f1_low, stm32f1_medium, stm32f1_high, stm32f1_xl;
extern const struct device stm32f1_connectivity, stm32f1_value_medium, stm32f1_value_high;
extern const struct device stm32g47_g48;

#endif /* TARGETS_CHIP_STM32_DEVICES_H */

/* SPDX-License-Identifier: MIT */
#include "targets/chip/stm32/devices.h"

const struct device *const device_table[] = {
	&stm32f1_low,          &stm32f1_medium,       &stm32f1_high,       &stm32f1_xl,
	&stm32f1_connectivity, &stm32f1_value_medium, &stm32f1_value_high, &stm32g47_g48,
};
const size_t device_table_len = array_len(device_table);

/* SPDX-License-Identifier: MIT */
#include "targets/chip/stm32/families.h"

/* The unit test of this file looks for a family of targets/chip/stm32/ that is not here. */
static const struct device_family *const families[] = {
	&stm32c0_family,   &stm32c5_family,  &stm32f0_family,  &stm32f1_family,
	&stm32f2_family,   &stm32f3_family,  &stm32f4_family,  &stm32f7_family,
	&stm32g0_family,   &stm32g4_family,  &stm32h5_family,  &stm32h7_family,
	&stm32h7rs_family, &stm32l0_family,  &stm32l1_family,  &stm32l4_family,
	&stm32l5_family,   &stm32mp1_family, &stm32n6_family,  &stm32u0_family,
	&stm32u3_family,   &stm32u5_family,  &stm32wb_family,  &stm32wb0_family,
	&stm32wba_family,  &stm32wl_family,  &stm32wl3_family,
};

const struct device_table device_table = { families, array_len(families) };

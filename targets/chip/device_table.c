/* SPDX-License-Identifier: MIT */
#include "targets/chip/stm32/families.h"

/* The unit test of this file looks for a family of targets/chip/stm32/ that is not here. */
static const struct device_family *const families[] = {
	&stm32f1_family,
	&stm32g4_family,
};

const struct device_table device_table = { families, array_len(families) };

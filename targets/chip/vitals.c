/* SPDX-License-Identifier: MIT */
#include "targets/chip/vitals.h"

const struct vitals *
vitals_of(const struct device_table *table, const struct device *device)
{
	const struct device_family *family = device_family_of(table, device);

	return family != NULL ? family->vitals : NULL;
}

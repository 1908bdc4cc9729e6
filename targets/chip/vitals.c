/* SPDX-License-Identifier: MIT */
#include "targets/chip/vitals.h"

static bool
has_device(const struct device_family *family, const struct device *device)
{
	for (size_t i = 0; i < family->len; i++)
		if (&family->devices[i] == device)
			return true;
	return false;
}

const struct vitals *
vitals_of(const struct device_table *table, const struct device *device)
{
	for (size_t i = 0; i < table->len; i++)
		if (has_device(table->families[i], device))
			return table->families[i]->vitals;
	return NULL;
}

/* SPDX-License-Identifier: MIT */
#include "test/emulator/soc/flash/option_field.h"

#include <string.h>

bool
option_field_set(const struct option_field *fields, unsigned len, const char *name,
		 uint32_t value, uint32_t *word)
{
	for (unsigned i = 0; i < len; i++) {
		uint32_t ones = (UINT32_C(1) << fields[i].width) - 1;

		if (strcmp(fields[i].name, name) != 0)
			continue;
		if (value > ones)
			return false;
		*word = (*word & ~(ones << fields[i].shift)) | value << fields[i].shift;
		return true;
	}
	return false;
}

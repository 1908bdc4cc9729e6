/* SPDX-License-Identifier: MIT */
/*
 * option_field.h - option bits by their manual names, for the `preset` of the controllers.
 */
#ifndef TEST_EMULATOR_SOC_FLASH_OPTION_FIELD_H
#define TEST_EMULATOR_SOC_FLASH_OPTION_FIELD_H

#include <stdbool.h>
#include <stdint.h>

struct option_field {
	const char *name; /* as in the manual */
	uint8_t shift, width;
};

/* Sets the named field of `word`; false when none is named so or the value is too large. */
bool option_field_set(const struct option_field *fields, unsigned len, const char *name,
		      uint32_t value, uint32_t *word);

#endif /* TEST_EMULATOR_SOC_FLASH_OPTION_FIELD_H */

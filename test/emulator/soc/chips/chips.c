/* SPDX-License-Identifier: MIT */
#include "test/emulator/soc/chips/chips.h"

#include <string.h>

static const struct chip *const chips[] = {
	&stm32g473vb, &stm32g473ve, &stm32f103cb, &stm32l476rg, &stm32h743zi, &stm32h745zi,
	&stm32h755zi, &stm32h735ig, &stm32u575zi, &stm32f410rb, &stm32f303cb, &gd32f103cb,
	&apm32f103cb, &cks32f103c8, &stm32h563zi, &stm32g071rb
};

const struct chip *
chip_find(const char *name)
{
	for (unsigned i = 0; i < sizeof(chips) / sizeof(chips[0]); i++)
		if (!strcmp(chips[i]->name, name))
			return chips[i];
	return NULL;
}

const char *
chip_name(const struct chip *chip)
{
	return chip->name;
}

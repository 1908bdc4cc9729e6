/* SPDX-License-Identifier: MIT */
/*
 * sets.h - the sets that stm32.c has, up to NULL.
 */
#ifndef FLASH_OPTIONS_SETS_H
#define FLASH_OPTIONS_SETS_H

#include "flash/options/options.h"

extern const struct option_set *const option_sets[];

#endif /* FLASH_OPTIONS_SETS_H */

/* SPDX-License-Identifier: MIT */
/*
 * image.h - what --flash FILE[@ADDR] puts into a chip before it is powered.
 */
#ifndef TEST_EMULATOR_IMAGE_H
#define TEST_EMULATOR_IMAGE_H

#include <stdbool.h>

#include "test/emulator/soc/soc.h"

/* An ELF by its physical addresses, or the bytes of a file at ADDR. False after
 * telling on stderr why not. */
bool image_preload(struct soc *soc, const char *spec);

#endif /* TEST_EMULATOR_IMAGE_H */

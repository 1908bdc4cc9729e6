/* SPDX-License-Identifier: MIT */
/*
 * state.h - the file of --state: what a chip keeps without power, from one run of the
 * emulator to the next.
 *
 * It begins with a line that names the chip; each memory is a line with its name and
 * size, and then its bytes.
 */
#ifndef TEST_EMULATOR_STATE_H
#define TEST_EMULATOR_STATE_H

#include <stdbool.h>

#include "test/emulator/soc/soc.h"

/* Before power comes. A file that is not there is a chip as bought. False after telling
 * on stderr what is wrong with the file: another chip's, cut short, no such file at all. */
bool state_load(struct soc *soc, const char *path);
/* A program that reads the file meanwhile sees the old one. False after saying why not. */
bool state_save(struct soc *soc, const char *path);

#endif /* TEST_EMULATOR_STATE_H */

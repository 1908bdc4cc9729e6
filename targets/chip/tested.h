/* SPDX-License-Identifier: MIT */
/*
 * tested.h - which parts were tried on a board of the lab (test/emulator/board.c): identified
 * by name and halted through gdb, and, but for l476rg-custom, which had no program, stepped
 * and stopped at breakpoints. A part that no board has is as good as the sources its row
 * names.
 */
#ifndef TARGETS_CHIP_TESTED_H
#define TARGETS_CHIP_TESTED_H

#include "targets/chip/device.h"

/* Names of boards, the first after the last is NULL; none: not tested. */
enum { TESTED_MAX_BOARDS = 4 };
const char *const *device_tested_on(const struct device *device);

#endif /* TARGETS_CHIP_TESTED_H */

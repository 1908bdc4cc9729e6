/* SPDX-License-Identifier: MIT */
/*
 * preload.h - the environment of a program that is to see a testbed as its /sys and /dev.
 */
#ifndef TEST_EMULATOR_FRONT_PRELOAD_H
#define TEST_EMULATOR_FRONT_PRELOAD_H

/* For the program that this process is about to become. */
void preload_enter(const char *testbed_path);

#endif /* TEST_EMULATOR_FRONT_PRELOAD_H */

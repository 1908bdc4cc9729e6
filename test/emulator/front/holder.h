/* SPDX-License-Identifier: MIT */
/*
 * holder.h - another program that has the probe: a process named "probe-holder", which
 * opens the device's node under the preload library as any client does, claims interface
 * 0 and keeps it until the bench ends. It is this executable under that name.
 */
#ifndef TEST_EMULATOR_FRONT_HOLDER_H
#define TEST_EMULATOR_FRONT_HOLDER_H

#include <stdbool.h>

/* Starts one for device `number` of the testbed's bus. From the descriptor returned a byte
 * can be read when it has the probe, and the end when it could not have it; its ioctls
 * have to be served meanwhile. -1 after telling why it did not start. */
int holder_start(const char *testbed_path, unsigned number);

/* Is this process to be one? */
bool holder_is_meant(char *const *argv);
/* Being it: returns the exit status when the probe could not be had. */
int holder_main(char *const *argv);

#endif /* TEST_EMULATOR_FRONT_HOLDER_H */

/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "test/emulator/front/preload.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>

enum { ENV_MAX = 4096 };
static const char preload_library[] = "libumockdev-preload.so.0";

/* Puts `added` in front of or behind what the variable holds already. */
static void
extend_environment(const char *name, const char *added, char separator, bool in_front)
{
	char value[ENV_MAX];
	const char *old = getenv(name);
	if (!old || !*old)
		snprintf(value, sizeof(value), "%s", added);
	else if (in_front)
		snprintf(value, sizeof(value), "%s%c%s", added, separator, old);
	else
		snprintf(value, sizeof(value), "%s%c%s", old, separator, added);
	setenv(name, value, 1);
}

/*
 * The preload library sleeps for 0 microseconds after each ioctl; the kernel's timer
 * slack of 50 makes that 50, and 1 ns of slack makes it 1. A client built with ASan
 * wants its own library to be the first: an option makes it not insist.
 */
void
preload_enter(const char *testbed_path)
{
	setenv("UMOCKDEV_DIR", testbed_path, 1);
	extend_environment("LD_PRELOAD", preload_library, ':', true);
	extend_environment("ASAN_OPTIONS", "verify_asan_link_order=0", ':', false);
	prctl(PR_SET_TIMERSLACK, 1);
}

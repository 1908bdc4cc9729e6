/* SPDX-License-Identifier: MIT */
/*
 * flash.h - "tether flash FILE": programs, verifies, and lets the new program run.
 */
#ifndef SERVER_CLI_FLASH_H
#define SERVER_CLI_FLASH_H

#include "server/cli/options.h"

#include <stdio.h>

/* Prints what was done, in JSON where that is asked for. CAUSE_REQUEST: the file, or a part of it, is
 * not for this chip's flash (nothing has been erased then), or a signal came; or as connecting
 * and load_begin() fail. */
enum cause flash_print(FILE *file, const struct options *options, struct reason *why);

#endif /* SERVER_CLI_FLASH_H */

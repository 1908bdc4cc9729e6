/* SPDX-License-Identifier: MIT */
/*
 * option_bytes.h - "tether options": the option bytes by name, and "tether options set NAME=VALUE...".
 */
#ifndef SERVER_CLI_OPTION_BYTES_H
#define SERVER_CLI_OPTION_BYTES_H

#include "server/cli/options.h"

#include <stdio.h>

/* CAUSE_REQUEST: options->words are neither nothing nor "set" and what to set. */
enum cause option_bytes_check(const struct options *options, struct reason *why);
/* Prints every field with its value and what that means; or sets some: what cannot be undone needs
 * consent, and what locks you out is refused, with CAUSE_REQUEST, before anything is written.
 * Then the chip is reset, and what it has loaded is read back: CAUSE_MISMATCH. CAUSE_UNSUPPORTED: this chip's
 * options are not known; or as options_write() fails. */
enum cause
option_bytes_print(FILE *file, const struct options *options, struct reason *why);

#endif /* SERVER_CLI_OPTION_BYTES_H */

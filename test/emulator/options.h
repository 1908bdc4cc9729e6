/* SPDX-License-Identifier: MIT */
/*
 * options.h - the emulator's command line.
 */
#ifndef TEST_EMULATOR_OPTIONS_H
#define TEST_EMULATOR_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

enum { OPTIONS_MAX_IMAGES = 8 };

struct options {
	bool list, help;
	const char *board, *probe, *serial, *stats, *control;
	const char *images[OPTIONS_MAX_IMAGES]; /* FILE or FILE@ADDR */
	unsigned images_len;
	uint64_t seed;
	bool listens_stlink;
	unsigned port;
	char *const *command; /* of --usb, ends with NULL; NULL: no --usb */
};

/* False after telling on stderr what is wrong. The strings are those of `argv`. */
bool options_parse(struct options *options, char *const *argv);
void options_help(void);

#endif /* TEST_EMULATOR_OPTIONS_H */

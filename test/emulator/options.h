/* SPDX-License-Identifier: MIT */
/*
 * options.h - the emulator's command line.
 */
#ifndef TEST_EMULATOR_OPTIONS_H
#define TEST_EMULATOR_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "test/emulator/faults.h"

enum { OPTIONS_MAX_IMAGES = 8, OPTIONS_MAX_PRESETS = 16, OPTIONS_MAX_ALSO = 6 };

struct options {
	bool list, help;
	const char *board, *chip, *probe, *serial, *stats, *control, *trace_pc;
	const char *also[OPTIONS_MAX_ALSO]; /* KIND or KIND:SERIAL */
	unsigned also_len;
	const char *images[OPTIONS_MAX_IMAGES]; /* FILE or FILE@ADDR */
	unsigned images_len;
	const char *presets[OPTIONS_MAX_PRESETS]; /* option bytes, as soc_preset_option() */
	unsigned presets_len;
	const char *beside; /* serial flash, as soc_wire_beside(); NULL: the board's own */
	const char *state;  /* file of what the chip keeps without power */
	struct faults faults;
	uint64_t seed;
	bool thinking_is_fixed; /* --thinking none or US: the board stands still between */
	unsigned thinking_us;   /* transfers, and so much passes before each request */
	bool is_paced;          /* --pace: device time is never ahead of the host's */
	unsigned slow_us;       /* --slow: of the host's time, wasted by each transfer */
	bool listens_stlink, listens_dap; /* on `port` */
	unsigned port;
	char *const *command;   /* of --usb or --vhci, ends with NULL; NULL: neither */
	bool is_on_kernels_bus; /* --vhci */
};

/* False after telling on stderr what is wrong. The strings are those of `argv`. */
bool options_parse(struct options *options, char *const *argv);
void options_help(void);

#endif /* TEST_EMULATOR_OPTIONS_H */

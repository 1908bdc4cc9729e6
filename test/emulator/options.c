/* SPDX-License-Identifier: MIT */
#include "test/emulator/options.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_PORT = 65535, MAX_US = 10000000 };

static bool
complain(const char *text, const char *about)
{
	fprintf(stderr, "emulator: %s%s\n", text, about);
	return false;
}

static bool
parse_number(const char *text, uint64_t max, uint64_t *value)
{
	char *end;
	errno = 0;
	unsigned long long number = strtoull(text, &end, 0);
	if (errno || end == text || *end || *text == '-' || number > max)
		return false;
	*value = number;
	return true;
}

static bool
take_board(struct options *options, const char *value)
{
	options->board = value;
	return true;
}

static bool
take_chip(struct options *options, const char *value)
{
	options->chip = value;
	return true;
}

static bool
take_probe(struct options *options, const char *value)
{
	options->probe = value;
	return true;
}

static bool
take_serial(struct options *options, const char *value)
{
	options->serial = value;
	return true;
}

static bool
take_also(struct options *options, const char *value)
{
	if (options->also_len == OPTIONS_MAX_ALSO)
		return complain("too many --also, at ", value);
	options->also[options->also_len++] = value;
	return true;
}

static bool
take_stats(struct options *options, const char *value)
{
	options->stats = value;
	return true;
}

static bool
take_trace_pc(struct options *options, const char *value)
{
	options->trace_pc = value;
	return true;
}

static bool
take_control(struct options *options, const char *value)
{
	options->control = value;
	return true;
}

static bool
take_flash(struct options *options, const char *value)
{
	if (options->images_len == OPTIONS_MAX_IMAGES)
		return complain("too many --flash, at ", value);
	options->images[options->images_len++] = value;
	return true;
}

static bool
take_seed(struct options *options, const char *value)
{
	return parse_number(value, UINT64_MAX, &options->seed) ||
	       complain("--seed wants a number, not ", value);
}

static bool
take_fault(struct options *options, const char *value)
{
	return faults_add(&options->faults, value);
}

static bool
take_preset(struct options *options, const char *value)
{
	if (options->presets_len == OPTIONS_MAX_PRESETS)
		return complain("too many --option, at ", value);
	options->presets[options->presets_len++] = value;
	return true;
}

static bool
take_beside(struct options *options, const char *value)
{
	options->beside = value;
	return true;
}

static bool
take_state(struct options *options, const char *value)
{
	options->state = value;
	return true;
}

static bool
take_thinking(struct options *options, const char *value)
{
	uint64_t us = 0;
	options->thinking_is_fixed = strcmp(value, "real") != 0;
	if (options->thinking_is_fixed && strcmp(value, "none") != 0 &&
	    !parse_number(value, MAX_US, &us))
		return complain("--thinking is none, real or microseconds, not ", value);
	options->thinking_us = (unsigned)us;
	return true;
}

static bool
take_slow(struct options *options, const char *value)
{
	uint64_t us;
	if (!parse_number(value, MAX_US, &us))
		return complain("--slow wants microseconds, not ", value);
	options->slow_us = (unsigned)us;
	return true;
}

static bool
take_port(struct options *options, const char *value, bool *listens)
{
	uint64_t port;
	if (!parse_number(value, MAX_PORT, &port))
		return complain("a port is from 0 to 65535, not ", value);
	*listens = true;
	options->port = (unsigned)port;
	return true;
}

static bool
take_stlink_port(struct options *options, const char *value)
{
	return take_port(options, value, &options->listens_stlink);
}

static bool
take_dap_port(struct options *options, const char *value)
{
	return take_port(options, value, &options->listens_dap);
}

static const struct option {
	const char *name, *value, *help;
	bool (*take)(struct options *options, const char *value);
} table[] = {
	{ "--board", "NAME", "the board to be (--list tells them)", take_board },
	{ "--chip", "NAME", "another chip than the board's own, such as GD32F103CB",
	  take_chip },
	{ "--probe", "KIND", "another probe than the board's own", take_probe },
	{ "--serial", "TEXT", "the probe's serial number", take_serial },
	{ "--also", "KIND[:SERIAL]", "another probe on the bus, wired to nothing",
	  take_also },
	{ "--fault", "NAME[=VALUE]", "what is wrong, see below", take_fault },
	{ "--flash", "FILE[@ADDR]", "an ELF, or a raw image at ADDR, in flash beforehand",
	  take_flash },
	{ "--option", "NAME=VALUE", "an option byte, by its name in the manual",
	  take_preset },
	{ "--spi-flash", "MODEL@PINS",
	  "another serial flash than the board's own: SK25LP128@clk=PB10,ncs=PB11,...",
	  take_beside },
	{ "--state", "FILE", "flash and option bytes: read at start, written at exit",
	  take_state },
	{ "--thinking", "none|real|US",
	  "device time in which the client thinks (real); US before each request",
	  take_thinking },
	{ "--slow", "US", "each transfer costs so much more of the host's time",
	  take_slow },
	{ "--seed", "N", "start of everything random", take_seed },
	{ "--stats", "FILE", "JSON at exit and when --control says stats", take_stats },
	{ "--trace-pc", "FILE", "a line for each instruction that a core executes",
	  take_trace_pc },
	{ "--control", "FIFO", "takes lines: power off, press reset, quit...",
	  take_control },
	{ "--listen-stlink", "PORT", "serve ST's stlink-server protocol (0: any port)",
	  take_stlink_port },
	{ "--listen-dap", "PORT", "serve CMSIS-DAP over TCP (0: any port)", take_dap_port },
};
enum { TABLE_LEN = sizeof(table) / sizeof(table[0]) };

void
options_help(void)
{
	puts("usage: emulator --list\n"
	     "       emulator --board NAME [OPTION...] --listen-stlink PORT\n"
	     "       emulator --board NAME --probe KIND [OPTION...] --listen-dap PORT\n"
	     "       emulator --board NAME [OPTION...] --usb -- COMMAND [ARG...]\n"
	     "       emulator --board NAME [OPTION...] --vhci -- COMMAND [ARG...]\n");
	for (unsigned i = 0; i < TABLE_LEN; i++)
		printf("  %-15s %-13s %s\n", table[i].name, table[i].value, table[i].help);
	printf("  %-15s %-13s %s\n", "--pace", "",
	       "device time is never ahead of the host's");
	printf("  %-15s %-13s %s\n", "--usb --", "COMMAND...",
	       "run COMMAND with the probe on an emulated USB bus");
	printf("  %-15s %-13s %s\n", "--vhci --", "COMMAND...",
	       "the same on a bus of this kernel, which needs root and vhci-hcd");
	puts("\nfaults (and the failure modes that they bring about):");
	faults_help(stdout);
}

static const struct option *
find_option(const char *name)
{
	for (unsigned i = 0; i < TABLE_LEN; i++)
		if (strcmp(table[i].name, name) == 0)
			return &table[i];
	return NULL;
}

static bool
check(const struct options *options)
{
	if (options->list || options->help)
		return true;
	if (!options->board)
		return complain("which board? Say --board NAME; --list tells them", "");
	if (options->listens_stlink + options->listens_dap + (options->command != NULL) !=
	    1)
		return complain("say one of --listen-stlink PORT, --listen-dap PORT, "
				"--usb -- COMMAND and --vhci -- COMMAND",
				"");
	if (options->also_len && options->listens_dap)
		return complain("--also has no meaning with --listen-dap", "");
	return true;
}

/* `argv` is what stands behind --usb or --vhci. */
static bool
take_command(struct options *options, char *const *argv)
{
	if (!argv[0] || strcmp(argv[0], "--") != 0 || !argv[1])
		return complain(argv[-1], " wants -- COMMAND [ARG...] behind it, and the "
					  "other options before it");
	options->is_on_kernels_bus = strcmp(argv[-1], "--vhci") == 0;
	options->command = argv + 1;
	return check(options);
}

bool
options_parse(struct options *options, char *const *argv)
{
	memset(options, 0, sizeof(*options));
	for (argv++; *argv; argv++) {
		const struct option *option = find_option(*argv);
		if (strcmp(*argv, "--usb") == 0 || strcmp(*argv, "--vhci") == 0)
			return take_command(options, argv + 1);
		if (strcmp(*argv, "--list") == 0)
			options->list = true;
		else if (strcmp(*argv, "--help") == 0)
			options->help = true;
		else if (strcmp(*argv, "--pace") == 0)
			options->is_paced = true;
		else if (!option)
			return complain("unknown option (--help tells them): ", *argv);
		else if (!argv[1])
			return complain("a value is missing after ", *argv);
		else if (!option->take(options, *++argv))
			return false;
	}
	return check(options);
}
